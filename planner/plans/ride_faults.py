"""What of a day's rides is not so by the document alone: room on each leg, times, ways, yuan, every parcel once."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterator

from planner.errors import Message, list_offenders
from planner.model import PointDemand
from planner.plans.day_plan import DayPlan
from planner.plans.day_rides import DayRides
from planner.plans.fact_faults import unsayable_facts
from planner.plans.service_buses import CarryingTrip
from planner.service.buses import BusRide

_NEAR = 1e-3
_DIMENSIONS = 3


def ride_faults(plan: DayPlan) -> Iterator[Message]:
    """Return what is inconsistent, a line each."""
    said = plan.rides
    if said is None:
        return
    yield from unsayable_facts("rides.kept_off", (one.fact for one in said.kept_off))
    points = {point.stop_id: point for point in plan.demand.points}
    trips = {trip.trip_id: trip for trip in said.trips}
    strange = [*_repeated(said), *_strangers(said, points, trips)]
    if strange:
        yield Message("rides: there is no {offenders}", offenders=list_offenders(strange))
        return
    shapeless = [ride.point_id for ride in said.rides if not _possible(ride, trips[ride.trip_id])]
    if shapeless:
        yield Message("rides: not from one call to a later one: {offenders}", offenders=list_offenders(shapeless))
        return
    for ride in said.rides:
        if fault := _replayed(said, points[ride.point_id], trips[ride.trip_id], ride):
            yield Message("rides: {point} on {trip}: {fault}", point=ride.point_id, trip=ride.trip_id, fault=fault)
    for trip in said.trips:
        yield from _room(trip, [ride for ride in said.rides if ride.trip_id == trip.trip_id])
    yield from _goods(plan, said, points)


def _repeated(said: DayRides) -> list[str]:
    named = [
        [one.trip_id for one in said.trips],
        [one.id for one in said.stops],
        [one.stop_id for one in said.terminals],
        [f"{one.stop_id} {one.site_id} {one.kind}" for one in said.ways],
    ]
    return sorted(id_ for ids in named for id_, times in Counter(ids).items() if times > 1)


def _strangers(said: DayRides, points: dict[str, PointDemand], trips: dict[str, CarryingTrip]) -> list[str]:
    stops = {stop.id for stop in said.stops}
    missing = {ride.trip_id for ride in said.rides} - trips.keys()
    missing |= {ride.point_id for ride in said.rides} - points.keys()
    missing |= {one.stop_id for one in said.kept_off} - points.keys()
    missing |= {call.stop_id for trip in said.trips for call in trip.calls} - stops
    missing |= {one.stop_id for one in said.ways} - stops
    missing |= {one.stop_id for one in said.terminals} - stops
    missing |= {trip.line_id for trip in said.trips} - said.lines.keys()
    return sorted(missing)


def _possible(ride: BusRide, trip: CarryingTrip) -> bool:
    whole = len(ride.amount) == _DIMENSIONS and all(0 <= one < math.inf for one in ride.amount) and any(ride.amount)
    return whole and 0 <= ride.board < ride.alight < len(trip.calls) and ride.ways >= 1


def _replayed(said: DayRides, point: PointDemand, trip: CarryingTrip, ride: BusRide) -> Message | None:
    """Return what is wrong with a ride, from the hub to the point or back, None if nothing is."""
    on, off = trip.calls[ride.board], trip.calls[ride.alight]
    terminal, stop = (off, on) if ride.up else (on, off)
    handling = {one.id: one.handling_s for one in said.stops}
    transfer = next((one for one in said.terminals if one.stop_id == terminal.stop_id), None)
    key = (stop.stop_id, point.site_id, ride.kind)
    way = next((one for one in said.ways if (one.stop_id, one.site_id, one.kind) == key), None)
    if transfer is None or way is None:
        return Message("no way from its stop or its terminal")
    if (ride.board_s, ride.alight_s) != (on.departure_s, off.arrival_s):
        return Message("not at the times of the bus")
    hand = handling[stop.stop_id]
    walked = (2 * ride.ways - 1) * way.duration_s
    if ride.up:
        there = ride.alight_s + handling[terminal.stop_id] + transfer.duration_s
        late = ride.point_s + walked + hand > ride.board_s + _NEAR
        late = late or there > ride.hub_s + _NEAR or ride.hub_s > said.cut_off_s + _NEAR
    else:
        late = ride.hub_s < said.ready_s - _NEAR
        late = late or ride.hub_s + transfer.duration_s + handling[terminal.stop_id] > ride.board_s + _NEAR
        late = late or ride.alight_s + hand + walked > ride.point_s + _NEAR
    first = -math.inf if point.earliest_s is None else point.earliest_s
    last = math.inf if point.latest_s is None else point.latest_s
    if late or not first - _NEAR <= ride.point_s <= last + _NEAR:
        return Message("goods are not there in time")
    if point.cold:
        return Message("a bus does not cool")
    if ride.amount[1] > ride.ways * way.most_kg + _NEAR:
        return Message("more than is carried between stop and point")
    due = ride.amount[0] * (trip.price_yuan + way.yuan_per_parcel) + ride.ways * way.yuan_per_way
    return None if abs(due - ride.cost_yuan) <= _NEAR else Message("does not cost that")


def _room(trip: CarryingTrip, rides: list[BusRide]) -> Iterator[Message]:
    """Drive a trip from call to call with what is put on and taken off."""
    form = {"trip": trip.trip_id}
    if len(trip.legs) != len(trip.calls) - 1 or len(trip.room) != _DIMENSIONS or not rides:
        yield Message("rides: {trip}: its legs are not those between its calls, or nothing is on it", **form)
        return
    times = [clock for call in trip.calls for clock in (call.arrival_s, call.departure_s)]
    if times != sorted(times):
        yield Message("rides: {trip}: its calls are not in the order of their times", **form)
    load = [0.0] * _DIMENSIONS
    for leg, said in enumerate(trip.legs):
        for ride in rides:
            change = (ride.board == leg) - (ride.alight == leg)
            load = [have + change * one for have, one in zip(load, ride.amount, strict=True)]
        if len(said) != _DIMENSIONS or any(abs(a - b) > _NEAR for a, b in zip(load, said, strict=True)):
            yield Message("rides: {trip}: leg {leg} is not what is on it", leg=leg + 1, **form)
        elif any(most is not None and one > most + _NEAR for one, most in zip(load, trip.room, strict=True)):
            yield Message("rides: {trip}: leg {leg} is above its room", leg=leg + 1, **form)


def _goods(plan: DayPlan, said: DayRides, points: dict[str, PointDemand]) -> Iterator[Message]:
    """Yield the stops whose goods of a direction are not carried whole and once, by bus or else by van."""
    of: dict[tuple[str, bool], list[BusRide]] = defaultdict(list)
    for ride in said.rides:
        of[ride.point_id, ride.up].append(ride)
    visits = {visit.stop_id: visit for route in plan.routes.routes for visit in route.visits}
    wrong = {one.stop_id for one in said.kept_off if (one.stop_id, one.up) in of}
    for (id_, up), rides in of.items():
        point, visit = points[id_], visits.get(id_)
        asked = (
            (point.pickup_parcels, point.pickup_kg, point.pickup_m3)
            if up
            else (point.delivery_parcels, point.delivery_kg, point.delivery_m3)
        )
        carried = [math.fsum(parts) for parts in zip(*(ride.amount for ride in rides), strict=True)]
        driven = () if visit is None else visit.picked_up if up else visit.delivered
        if any(driven) or any(abs(a - b) > _NEAR for a, b in zip(carried, asked, strict=True)):
            wrong.add(id_)
    if wrong:
        yield Message("rides: not carried whole and once: {offenders}", offenders=list_offenders(sorted(wrong)))
    idle = {left.stop_id for left in plan.routes.unassigned}
    both = sorted(id_ for id_ in idle if id_ in points and _rides_whole(points[id_], of))
    if both:
        yield Message("rides: on a bus and on no route: {offenders}", offenders=list_offenders(both))


def _rides_whole(point: PointDemand, of: dict[tuple[str, bool], list[BusRide]]) -> bool:
    """Return whether nothing of a stop is left to vans."""
    down = not (point.delivery_parcels or point.delivery_kg) or (point.stop_id, False) in of
    return down and (not (point.pickup_parcels or point.pickup_kg) or (point.stop_id, True) in of)
