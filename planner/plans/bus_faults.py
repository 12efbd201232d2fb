"""What of a service plan's buses is not so by the document alone: loads, times, parcels and yuan, added up again."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator

from planner.errors import Message, list_offenders
from planner.model import PointDemand
from planner.plans.service_buses import BusDay, CarryingTrip
from planner.plans.service_plan import ServiceDay, ServicePlan
from planner.service.buses import BusRide

_NEAR = 1e-6


def bus_faults(plan: ServicePlan) -> Iterator[Message]:
    """Return what is inconsistent, a line each."""
    for day in plan.days:
        if day.buses is None:
            continue
        name = f"days.{day.weekday}.buses"
        if plan.buses is None:
            yield Message("{key}: the plan names no feed", key=name)
            return
        trips = {trip.trip_id: trip for trip in day.buses.trips}
        stops = {stop.id for stop in plan.buses.stops}
        strange = sorted({ride.trip_id for ride in day.buses.rides} - trips.keys())
        strange += sorted({call.stop_id for trip in trips.values() for call in trip.calls} - stops)
        strange += sorted({ride.point_id for ride in day.buses.rides} - {one.stop_id for one in day.demand.points})
        if strange:
            yield Message("{key}: there is no {offenders}", key=name, offenders=list_offenders(strange))
            continue
        yield from _calls(name, plan.buses.terminal_ids, day.buses, trips)
        yield from _loads(name, day.buses)
        yield from _goods(name, day)
        used = {(ride.trip_id, ride.up) for ride in day.buses.rides}
        if used != {(run.trip_id, run.up) for run in day.buses.runs} or len(used) != len(day.buses.runs):
            yield Message("{key}: runs between hub and terminal are not those that the rides need", key=name)


def _calls(name: str, terminals: tuple[str, ...], buses: BusDay, trips: dict[str, CarryingTrip]) -> Iterator[Message]:
    """Yield the rides that are not from a terminal to a stop on the way, or the other way, at the times of the calls."""
    for ride in buses.rides:
        calls = trips[ride.trip_id].calls
        good = 0 <= ride.board < ride.alight < len(calls)
        if good:
            on, off = calls[ride.board], calls[ride.alight]
            good = (off if ride.up else on).stop_id in terminals
            good = good and (ride.board_s, ride.alight_s) == (on.departure_s, off.arrival_s)
            first, last = (ride.point_s, ride.hub_s) if ride.up else (ride.hub_s, ride.point_s)
            good = good and first <= ride.board_s <= ride.alight_s <= last
        if not good:
            yield Message("{key}: no such ride of {point} on {trip}", key=name, point=ride.point_id, trip=ride.trip_id)


def _loads(name: str, buses: BusDay) -> Iterator[Message]:
    """Drive each trip from call to call with what is put on and taken off."""
    for trip in buses.trips:
        rides = [ride for ride in buses.rides if ride.trip_id == trip.trip_id]
        for leg, said in enumerate(trip.legs):
            on = [ride.amount for ride in rides if ride.board <= leg < ride.alight]
            load = [math.fsum(amounts) for amounts in zip(*on, strict=True)] or [0.0] * len(said)
            if len(load) != len(said) or any(abs(a - b) > _NEAR for a, b in zip(load, said, strict=True)):
                yield Message("{key}: {trip}: leg {leg} is not what is on it", key=name, trip=trip.trip_id, leg=leg + 1)
            elif any(most is not None and one > most + _NEAR for one, most in zip(load, trip.room, strict=True)):
                yield Message("{key}: {trip}: leg {leg} is above its room", key=name, trip=trip.trip_id, leg=leg + 1)
        if len(trip.legs) != len(trip.calls) - 1:
            yield Message("{key}: {trip}: it has {count} legs", key=name, trip=trip.trip_id, count=len(trip.legs))


def _goods(name: str, day: ServiceDay) -> Iterator[Message]:
    """Yield the stops whose goods of a direction go by bus in part, or by bus and by a route."""
    assert day.buses is not None
    of: dict[tuple[str, bool], list[BusRide]] = defaultdict(list)
    for ride in day.buses.rides:
        of[ride.point_id, ride.up].append(ride)
    visits = {visit.stop_id: visit for route in day.routes for visit in route.visits}
    points = {point.stop_id: point for point in day.demand.points}
    wrong = []
    for (id_, up), rides in of.items():
        carried = [math.fsum(parts) for parts in zip(*(ride.amount for ride in rides), strict=True)]
        visit = visits.get(id_)
        driven = () if visit is None else visit.picked_up if up else visit.delivered
        if any(driven) or any(abs(a - b) > _NEAR for a, b in zip(carried, _amounts(points[id_], up=up), strict=True)):
            wrong.append(id_)
    if wrong:
        yield Message("{key}: not carried whole and once: {offenders}", key=name, offenders=list_offenders(wrong))


def _amounts(point: PointDemand, *, up: bool) -> tuple[float, float, float]:
    if up:
        return float(point.pickup_parcels), point.pickup_kg, point.pickup_m3
    return float(point.delivery_parcels), point.delivery_kg, point.delivery_m3
