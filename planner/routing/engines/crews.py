"""Crews: the vehicles of a type that are alike for every stop, so that an engine may take any of them for another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from planner.routing.problem import RoutingProblem
from planner.routing.stops import Stop
from planner.routing.vehicles import VehicleType
from planner.routing.why.proof import may_serve


@dataclass(frozen=True, slots=True, kw_only=True)
class Crew:
    """Vehicles of one type; ``locked`` are the ids of the stops that a single vehicle has to begin with."""

    kind: VehicleType
    vehicle_ids: tuple[str, ...]
    locked: tuple[str, ...] = ()

    def may_serve(self, stop: Stop) -> bool:
        """Return whether these vehicles have the skills and are allowed."""
        return set(stop.needs) <= set(self.kind.skills) and may_serve(stop, self.kind, self.vehicle_ids[0])


def crews_of(problem: RoutingProblem, stops: Sequence[Stop]) -> list[Crew]:
    """Return the fleet in crews: types in their order, and of a type apart whom a stop or a lock names."""
    locks = {lock.vehicle_id: lock.stop_ids for lock in problem.locks if lock.stop_ids}
    naming = [stop for stop in stops if stop.only_vehicles or stop.not_vehicles]
    crews = []
    for kind in problem.vehicle_types:
        alike: dict[tuple[object, ...], list[str]] = {}
        for id_ in kind.vehicle_ids():
            likeness: tuple[object, ...] = (locks.get(id_), *(may_serve(stop, kind, id_) for stop in naming))
            alike.setdefault(likeness, []).append(id_)
        for likeness, ids in alike.items():
            locked = locks[ids[0]] if likeness[0] is not None else ()
            crews.append(Crew(kind=kind, vehicle_ids=tuple(ids), locked=locked))
    return crews


def with_partners(problem: RoutingProblem, stops: Sequence[Stop]) -> list[Stop]:
    """Return the stops without those whose other half is not among them, as no vehicle can serve it."""
    here = {stop.id for stop in stops}
    halves = [(pair.pickup_id, pair.delivery_id) for pair in problem.pairs]
    alone = {id_ for pair in halves for id_ in pair if not set(pair) <= here}
    return [stop for stop in stops if stop.id not in alone]
