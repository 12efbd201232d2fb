"""Whether a day that was planned again holds together: no parcel lost or brought twice, loads that add up."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping

from planner.errors import Message
from planner.model import AMOUNTS
from planner.plans.day_plan import DayPlan
from planner.plans.under_way import SettledAs
from planner.routing import Route, Visit
from planner.routing.day import Replan
from planner.routing.day.stop_ids import vehicle_at

_SLACK = 1e-3

Goods = tuple[tuple[float, ...], tuple[float, ...]]


def asked_for(plan: DayPlan) -> dict[str, Goods]:
    """Return what each stop of a day is to be brought and to hand over, those that came up meanwhile included."""
    down, up = AMOUNTS[: len(AMOUNTS) // 2], AMOUNTS[len(AMOUNTS) // 2 :]
    found: dict[str, Goods] = {
        point.stop_id: (
            tuple(float(getattr(point, name)) for name in down),
            tuple(float(getattr(point, name)) for name in up),
        )
        for point in plan.van_demand.points
        if any(getattr(point, name) for name in AMOUNTS)
    }
    if plan.under_way is not None:
        # a stop of before whose goods have to be taken over is there with what it is brought alone
        found |= {stop.id: (stop.delivery, stop.pickup) for stop in plan.under_way.added}
    return found


def under_way_faults(plan: DayPlan) -> Iterator[Message]:
    """Yield what of a plan that was made anew contradicts itself; nothing of any other."""
    if plan.under_way is None:
        return
    asked = asked_for(plan)
    yield from _not_once(plan, asked)
    how = {one.stop_id: one.settled for one in plan.under_way.settled}
    for route in plan.routes.routes:
        yield from _wrong_amounts(route, asked, how)
        yield from _wrong_turns(route, plan.under_way.now_s, how)


def other_routes(plan: DayPlan, made: Replan) -> Iterator[Message]:
    """Yield the stops still to be visited that are not those of the new routes: by whom, in which turn, when."""
    settled = {one.stop_id for one in plan.under_way.settled} if plan.under_way else set()
    kept = {
        route.vehicle_id: [(v.stop_id, v.arrival_s, v.load_after) for v in route.visits if v.stop_id not in settled]
        for route in plan.routes.routes
    }
    new = {
        route.vehicle_type_id: [
            (v.stop_id, v.arrival_s, v.load_after)
            for v in route.visits
            if vehicle_at(v.stop_id) != route.vehicle_type_id
        ]
        for route in made.plan.routes
    }
    for vehicle in sorted(kept.keys() | new.keys()):
        if kept.get(vehicle, []) != new.get(vehicle, []):
            yield Message("{vehicle}: its stops ahead are not those of the new route", vehicle=vehicle)


def _not_once(plan: DayPlan, asked: Mapping[str, Goods]) -> Iterator[Message]:
    """Yield the stops that are not exactly one of settled, on a route, or on none."""
    assert plan.under_way is not None
    settled = [one.stop_id for one in plan.under_way.settled]
    visited = Counter(visit.stop_id for route in plan.routes.routes for visit in route.visits)
    places = Counter(settled)
    places.update(id_ for id_ in visited.elements() if id_ not in set(settled))
    places.update(left.stop_id for left in plan.routes.unassigned)
    for stop_id in sorted(asked.keys() | places.keys()):
        if stop_id not in asked:
            yield Message("{stop}: nobody asked for this stop", stop=stop_id)
        elif places[stop_id] != 1 or visited[stop_id] > 1:
            yield Message(
                "{stop}: must be settled, on one route, or on none, and is {count}", stop=stop_id, count=places[stop_id]
            )


def _wrong_amounts(route: Route, asked: Mapping[str, Goods], how: Mapping[str, SettledAs]) -> Iterator[Message]:
    """Yield visits that bring or fetch something else than asked for, and loads that do not follow from the one before."""
    load = route.load_at_start
    for call in route.calls():
        if not isinstance(call, Visit):
            load = call.load_after
            continue
        nothing = ((0.0,) * len(load), (0.0,) * len(load))
        wanted = nothing if how.get(call.stop_id, SettledAs.DONE) is not SettledAs.DONE else asked.get(call.stop_id)
        if wanted is not None and not _alike((call.delivered, call.picked_up), wanted):
            yield Message(
                "route {vehicle}: {stop}: not what was asked for", vehicle=route.vehicle_id, stop=call.stop_id
            )
        after = tuple(had - out + in_ for had, out, in_ in zip(load, call.delivered, call.picked_up, strict=True))
        if not _alike((after, ()), (call.load_after, ())):
            yield Message(
                "route {vehicle}: {stop}: load_after is not the load before, less what is handed over, and what is fetched",
                vehicle=route.vehicle_id,
                stop=call.stop_id,
            )
        load = call.load_after


def _alike(found: Goods, wanted: Goods) -> bool:
    return all(
        abs(a - b) < _SLACK for one, other in zip(found, wanted, strict=True) for a, b in zip(one, other, strict=True)
    )


def _wrong_turns(route: Route, now_s: float, how: Mapping[str, SettledAs]) -> Iterator[Message]:
    """Yield stops that lie behind after some that do not, and visits that come too early."""
    ahead, free_s = False, route.start_s
    for visit in route.visits:
        settled = visit.stop_id in how
        if settled and ahead:
            yield Message(
                "route {vehicle}: {stop} is settled, after one that is not",
                vehicle=route.vehicle_id,
                stop=visit.stop_id,
            )
        if visit.departure_s < visit.arrival_s or (not settled and visit.arrival_s < max(free_s, now_s) - _SLACK):
            yield Message(
                "route {vehicle}: {stop}: not in the order of the times", vehicle=route.vehicle_id, stop=visit.stop_id
            )
        ahead, free_s = ahead or not settled, visit.departure_s
