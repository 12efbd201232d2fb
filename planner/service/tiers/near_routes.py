"""The routes near what has changed, as a problem of their own: all others stay as they are."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from planner.routing import RoutePlan, RoutingProblem, Stop
from planner.routing.timing import VehicleSteps

_ENOUGH = 30
"""Stops; routes are added, the nearest first, until there are so many, and a problem of fewer is not divided."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NearPart:
    """A problem of some of the routes, begun as ``begun``; ``kept`` are the others, of the vehicles that it lacks."""

    problem: RoutingProblem
    begun: tuple[VehicleSteps, ...]
    kept: tuple[VehicleSteps, ...]
    free: dict[str, tuple[str, ...]]

    @classmethod
    def of(cls, problem: RoutingProblem, begun: Sequence[VehicleSteps], former: RoutePlan) -> NearPart | None:
        """Return the routes that are not as they were and those near them, None where that is most or none of all.

        Stops that ask for single vehicles have it that nothing is divided: a part names its vehicles anew.
        """
        count = sum(len(one.steps) for one in begun)
        types = {kind.id for kind in problem.vehicle_types}
        named = any(not types.issuperset((*one.only_vehicles, *one.not_vehicles)) for one in problem.stops)
        seeds = list(_changed(begun, former))
        if named or not seeds or count < 2 * _ENOUGH:
            return None
        chosen = list(_nearest(problem, begun, seeds))
        kept = tuple(one for number, one in enumerate(begun) if number not in set(chosen))
        taken = {one.vehicle_id for one in kept}
        free = {kind.id: tuple(id_ for id_ in kind.vehicle_ids() if id_ not in taken) for kind in problem.vehicle_types}
        own = {id_: f"{kind}-{number + 1}" for kind, ids in free.items() for number, id_ in enumerate(ids)}
        inside = [begun[number] for number in chosen]
        ids = {step.id for one in inside for step in one.steps}
        return cls(
            problem=replace(
                problem,
                stops=tuple(_heeding(one, free) for one in problem.stops if one.id in ids),
                vehicle_types=tuple(
                    replace(kind, count=len(free[kind.id])) for kind in problem.vehicle_types if free[kind.id]
                ),
            ),
            begun=tuple(one._replace(vehicle_id=own[one.vehicle_id]) for one in inside),
            kept=kept,
            free=free,
        )

    def whole(self, found: Sequence[VehicleSteps]) -> list[VehicleSteps]:
        """Return the routes found for the part, by the vehicles that they are of, and all others."""
        named = [
            one._replace(vehicle_id=self.free[one.kind.id][int(one.vehicle_id.rpartition("-")[2]) - 1]) for one in found
        ]
        return [*self.kept, *named]


def _heeding(stop: Stop, free: Mapping[str, Sequence[str]]) -> Stop:
    """Return a stop with only those of its wishes that name a type of which a vehicle is left."""
    if not stop.only_vehicles and not stop.not_vehicles:
        return stop
    return replace(
        stop,
        only_vehicles=tuple(id_ for id_ in stop.only_vehicles if free[id_]),
        not_vehicles=tuple(id_ for id_ in stop.not_vehicles if free[id_]),
    )


def _changed(begun: Sequence[VehicleSteps], former: RoutePlan) -> Iterator[str]:
    """Yield the places of stops that came new onto a route, and of those beside which one is gone."""
    before = {route.vehicle_id: [visit.stop_id for visit in route.visits] for route in former.routes}
    for one in begun:
        stops = [step for step in one.steps if isinstance(step, Stop)]
        was, now = before.get(one.vehicle_id, []), {step.id for step in stops}
        lonely = {id_ for k, gone in enumerate(was) if gone not in now for id_ in was[max(0, k - 1) : k + 2]}
        yield from (stop.place for stop in stops if stop.id not in was or stop.id in lonely)


def _nearest(problem: RoutingProblem, begun: Sequence[VehicleSteps], seeds: Sequence[str]) -> Iterator[int]:
    """Yield the numbers of routes, the nearest to the seeds first, until there are enough stops."""
    rows = [problem.travel.origin_ids.index(id_) for id_ in dict.fromkeys(seeds)]
    columns = {id_: k for k, id_ in enumerate(problem.travel.destination_ids)}
    away = problem.travel.durations_s[rows].min(axis=0)

    def distance_s(number: int) -> float:
        return float(min(away[columns[step.place]] for step in begun[number].steps if isinstance(step, Stop)))

    total = 0
    for number in sorted(range(len(begun)), key=lambda one: (distance_s(one), one)):
        if total >= _ENOUGH and distance_s(number) > 0:
            return
        total += len(begun[number].steps)
        yield number
