"""The chain of a day over stations replayed from its document: nothing is handed over before it is there, all arrives."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from planner.errors import Message
from planner.plans.day_plan import DayPlan
from planner.plans.day_transfers import DayStation, DayTransfers
from planner.routing import Reload, Route, Visit
from planner.service.tiers import Consignment

_NEAR = 1e-3


@dataclass(frozen=True, slots=True)
class _Trip:
    """A visit with its route, when its goods left the depot and when what it gives is at one; ``inf``: at none."""

    route: Route
    visit: Visit
    leaves_s: float
    back_s: float


def transfer_faults(plan: DayPlan) -> Iterator[Message]:
    """Return what of a day's chain over stations does not hold, a line each; nothing for a day without stations."""
    chain = plan.transfers
    if chain is None:
        return
    stations = {one.site_id: one for one in chain.stations}
    unknown = [one.id for one in chain.consignments if one.station_id not in stations]
    unknown += [one.site_id for one in chain.stations if one.site_id not in plan.area.site_by_id]
    unknown += [id_ for one in chain.consignments for id_ in one.point_ids if id_ not in plan.demand_of_stop]
    if unknown:
        yield from (Message("transfers: {id} names no station or stop of the day", id=id_) for id_ in unknown)
        return
    taken = plan.area.site_by_id.keys()
    for id_, times in Counter(one.id for one in chain.consignments).items():
        if times > 1 or id_ in taken | plan.demand_of_stop.keys():
            yield Message("transfers: {id} is called like another", id=id_)
    trips = _trips(plan)
    yield from _who_comes(chain, trips)
    yield from _amounts(plan, chain, trips)
    for one in chain.consignments:
        yield from _handed_over(chain, stations[one.station_id], one, trips)
    for station in chain.stations:
        yield from _bench(chain, station)
        yield from _room(plan, chain, station, trips)


def _trips(plan: DayPlan) -> dict[str, _Trip]:
    """Return the trip of each visit: from the depot call before it to the one after it."""
    found: dict[str, _Trip] = {}
    for route in plan.routes.routes:
        leaves_s, waiting = route.start_s, list[tuple[Visit, float]]()
        for call in route.calls():
            if isinstance(call, Reload):
                found |= {visit.stop_id: _Trip(route, visit, left, call.arrival_s) for visit, left in waiting}
                leaves_s, waiting = call.departure_s, []
            else:
                waiting.append((call, leaves_s))
        last_s = math.inf if route.open_end else route.end_s
        found |= {visit.stop_id: _Trip(route, visit, left, last_s) for visit, left in waiting}
    return found


def _who_comes(chain: DayTransfers, trips: Mapping[str, _Trip]) -> Iterator[Message]:
    """Name stops that vehicles of another depot come to: those of a station are its own vehicles', all others a hub's."""
    own = {station.site_id for station in chain.stations}
    for stop_id, trip in trips.items():
        due = chain.station_of.get(stop_id, "")
        depots = {trip.route.depot_id, trip.route.end_depot_id or trip.route.depot_id}
        if depots & own if not due else depots != {due}:
            yield Message(
                "transfers: {stop} is served from {found}, it must be from {due}",
                stop=stop_id,
                found=trip.route.depot_id,
                due=due or "-",
            )
    for id_ in sorted({*chain.station_of, *(one.id for one in chain.consignments)} - trips.keys()):
        yield Message("transfers: {stop} is on no route", stop=id_)


def _amounts(plan: DayPlan, chain: DayTransfers, trips: Mapping[str, _Trip]) -> Iterator[Message]:
    """Name consignments that are not the sum of their stops, or not what is handed over, and stops in none or several."""
    for up in (False, True):
        times = Counter(id_ for one in chain.consignments if one.up is up for id_ in one.point_ids)
        for id_ in chain.station_of:
            wanted = int(any(_goods(plan, id_, up=up)))
            if times[id_] != wanted:
                yield Message("transfers: {stop} is in {times} consignments, not in {due}",
                              stop=id_, times=times[id_], due=wanted)  # fmt: skip
    for one in chain.consignments:
        due = [
            math.fsum(column) for column in zip(*(_goods(plan, id_, up=one.up) for id_ in one.point_ids), strict=True)
        ]
        claims = [one.amount]
        if one.id in trips:
            visit = trips[one.id].visit
            claims.append(visit.picked_up if one.up else visit.delivered)
        if any(not _same(claim, due) for claim in claims):
            yield Message("transfers: {id} is not what its stops get or give", id=one.id)


def _goods(plan: DayPlan, stop_id: str, *, up: bool) -> tuple[float, ...]:
    point = plan.van_demand_of_stop[stop_id]
    if up:
        return float(point.pickup_parcels), point.pickup_kg, point.pickup_m3
    return float(point.delivery_parcels), point.delivery_kg, point.delivery_m3


def _same(one: Sequence[float], other: Sequence[float]) -> bool:
    return len(one) == len(other) and all(abs(a - b) <= _NEAR for a, b in zip(one, other, strict=True))


def _handed_over(
    chain: DayTransfers, station: DayStation, one: Consignment, trips: Mapping[str, _Trip]
) -> Iterator[Message]:
    """Name what is handled, taken on or fetched before it is there, and produce that is at no hub by the cut-off."""
    call, served = trips.get(one.id), [trips[id_] for id_ in one.point_ids if id_ in trips]
    if call is None or len(served) < len(one.point_ids):
        return  # it is named as on no route
    begins_s = call.visit.service_start_s
    if not station.opens_s - _NEAR <= begins_s <= station.closes_s + _NEAR:
        yield _at(one.id, "call", begins_s, station.opens_s)
    there_s = max(trip.back_s for trip in served) if one.up else call.visit.departure_s
    if min([one.here_s, *(begins for begins, _ in one.bench)]) < there_s - _NEAR:
        yield _at(one.id, "here", one.here_s, there_s)
    work_s = one.amount[0] * station.sort_s_per_parcel
    handled_s = math.fsum(until - begins for begins, until in one.bench)
    done_s = max([there_s + work_s, *(until for _, until in one.bench)])
    if handled_s < work_s - _NEAR or one.ready_s < done_s - _NEAR:
        yield _at(one.id, "ready", one.ready_s, done_s)
    if one.up and begins_s < one.ready_s - _NEAR:
        yield _at(one.id, "call", begins_s, one.ready_s)
    if one.up and call.back_s > chain.cut_off_s + _NEAR:
        yield Message(
            "transfers: {id} is at the hub at {found:.0f} s, after the cut-off at {due:.0f} s",
            id=one.id,
            found=call.back_s,
            due=chain.cut_off_s,
        )
    for trip in () if one.up else served:
        if trip.leaves_s < one.ready_s - _NEAR:
            yield _at(trip.visit.stop_id, "leaves", trip.leaves_s, one.ready_s)


def _at(id_: str, what: str, found_s: float, due_s: float) -> Message:
    return Message(
        "transfers: {id}: {what} at {found:.0f} s, it cannot be before {due:.0f} s",
        id=id_,
        what=what,
        found=found_s,
        due=due_s,
    )


def _bench(chain: DayTransfers, station: DayStation) -> Iterator[Message]:
    spans = sorted(span for one in chain.consignments if one.station_id == station.site_id for span in one.bench)
    for (_, until), (begins, _) in pairwise(spans):
        if begins < until - _NEAR:
            yield _at(station.site_id, "bench", begins, until)


def _room(plan: DayPlan, chain: DayTransfers, station: DayStation, trips: Mapping[str, _Trip]) -> Iterator[Message]:
    """Add up what is on hand after each moment's arrivals and before its departures."""
    spans = []
    for one in chain.consignments:
        if one.station_id != station.site_id or one.id not in trips:
            continue
        call = trips[one.id].visit
        for id_ in one.point_ids:
            if (trip := trips.get(id_)) is not None:
                span = (trip.back_s, call.departure_s) if one.up else (call.service_start_s, trip.leaves_s)
                spans.append((*span, _goods(plan, id_, up=one.up)))
    for moment in sorted({begins for begins, _, _ in spans}):
        here = [goods for begins, until, goods in spans if begins <= moment <= until]
        held = [math.fsum(column) for column in zip(*here, strict=True)]
        if any(room is not None and most > room + _NEAR for most, room in zip(held, station.room, strict=True)):
            yield Message("transfers: {id} has more on hand than its room at {at:.0f} s", id=station.site_id, at=moment)
