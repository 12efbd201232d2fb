"""Where a stop that is on no route could go: into any place of any route, or on a route of its own."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations_with_replacement

from planner.routing.problem import RoutingProblem
from planner.routing.solution import PauseKind, Route, RoutePlan, Visit
from planner.routing.stops import Stop
from planner.routing.timing import Step, Timer, with_breaks
from planner.routing.vehicles import Break, VehicleType
from planner.routing.why.proof import may_serve

MOST_INSERTIONS = 200
"""Places tried for a stop, those of the smallest detours."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Insertion:
    """A route with the stop put in; ``before_yuan`` is its cost without it; ``more``: on a vehicle there is not."""

    kind: VehicleType
    vehicle_id: str
    steps: tuple[Step, ...]
    before_yuan: float = 0.0
    more: bool = False


def insertions_for(problem: RoutingProblem, plan: RoutePlan, members: Sequence[Stop]) -> list[Insertion]:
    """Return the routes with a stop, or both halves of a pair, put in: routes of its own, then those of small detours."""
    kinds = {id_: kind for kind in problem.vehicle_types for id_ in kind.vehicle_ids()}
    used = {route.vehicle_id: route for route in plan.routes}
    own: list[Insertion] = []
    for kind in problem.vehicle_types:
        idle = [id_ for id_ in kind.vehicle_ids() if id_ not in used]
        idle.sort(key=lambda id_: not all(may_serve(one, kind, id_) for one in members))
        more = f"{kind.id}-{kind.count + 1}"
        own += [
            Insertion(kind=kind, vehicle_id=id_, steps=tuple(steps), more=id_ == more)
            for id_ in (*idle[:1], more)
            for steps in with_breaks(members, kind.breaks)
        ]
    into: list[tuple[float, str, Insertion]] = []
    for id_, route in used.items():
        kind = kinds[id_]
        steps = steps_of(problem, kind, route)
        timer = Timer(problem, kind)
        first = _locked(problem, id_, steps)
        detours = [[_detour(timer, kind, steps, i, one) for i in range(len(steps) + 1)] for one in members]
        for at in combinations_with_replacement(range(first, len(steps) + 1), len(members)):
            metres = sum(detours[m][i] for m, i in enumerate(at))
            if math.isfinite(metres):
                put = tuple(_put(steps, members, at))
                insertion = Insertion(kind=kind, vehicle_id=id_, steps=put, before_yuan=route.cost_yuan)
                into.append((metres, id_, insertion))
    into.sort(key=lambda entry: entry[:2])
    return [*own, *(insertion for _, _, insertion in into[:MOST_INSERTIONS])]


def _locked(problem: RoutingProblem, vehicle_id: str, steps: Sequence[Step]) -> int:
    """Return how many steps go before any place that is free."""
    locked = {id_ for lock in problem.locks if lock.vehicle_id == vehicle_id for id_ in lock.stop_ids}
    return max((i + 1 for i, step in enumerate(steps) if isinstance(step, Stop) and step.id in locked), default=0)


def steps_of(problem: RoutingProblem, kind: VehicleType, route: Route) -> list[Step]:
    """Return the stops, reloads and breaks of a timed route in order."""
    stops = {stop.id: stop for stop in problem.stops}
    depots = {depot.id: depot for depot in problem.depots}
    breaks = {one.id: one for one in kind.breaks}
    calls: list[Step] = [
        stops[call.stop_id] if isinstance(call, Visit) else depots[call.depot_id] for call in route.calls()
    ]
    taken = [pause for pause in route.pauses if pause.kind is PauseKind.BREAK]
    for pause in sorted(taken, key=lambda one: (one.after, one.start_s), reverse=True):
        calls.insert(pause.after, breaks[pause.break_id])
    return calls


def _put(steps: Sequence[Step], members: Sequence[Stop], at: Sequence[int]) -> Iterator[Step]:
    for i in range(len(steps) + 1):
        yield from (one for one, place in zip(members, at, strict=True) if place == i)
        if i < len(steps):
            yield steps[i]


def _detour(timer: Timer, kind: VehicleType, steps: Sequence[Step], i: int, stop: Stop) -> float:
    """Return the metres that the stop adds before the i-th step."""
    places = [step.place if isinstance(step, Stop) else step.id for step in steps if not isinstance(step, Break)]
    i -= sum(isinstance(step, Break) for step in steps[:i])
    before = places[i - 1] if i > 0 else "" if kind.open_start else kind.depot_id
    behind = places[i] if i < len(places) else "" if kind.open_end else kind.end_id
    there = timer.leg(before, stop.place)[1] if before else 0.0
    onward = timer.leg(stop.place, behind)[1] if behind else 0.0
    return there + onward - (timer.leg(before, behind)[1] if before and behind else 0.0)
