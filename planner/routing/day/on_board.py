"""What vehicles on the road have on board for stops that they do not serve: it fills them until they come to a depot."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from planner.routing.day.rest import Rest
from planner.routing.day.stop_ids import here_id
from planner.routing.problem import RoutingProblem
from planner.routing.stops import Depot, Stop
from planner.routing.timing import Step

Goods = tuple[float, ...]


class OnBoard:
    """The problem of the rest of a day by what vehicles carry for nobody on their way, with the routes that fit it.

    Goods for a stop that is left out, or comes after a call at a depot, are on board from the start: the stop with which
    the vehicle begins has them among what it picks up.
    """

    def __init__(self, rest: Rest) -> None:
        self.problem, self.aboard = rest.problem, rest.aboard
        self.here = {stop.id: stop for stop in rest.problem.stops if stop.id in map(here_id, rest.aboard)}
        self._known: dict[tuple[str, frozenset[str]], RoutingProblem] = {}

    def carried(self, vehicle: str, steps: Sequence[Step]) -> tuple[RoutingProblem, tuple[Step, ...]]:
        """Return the problem and the steps of one route with all that its vehicle has on board."""
        left = self._left(vehicle, steps)
        if not left:
            return self.problem, tuple(steps)
        here = self._filled(vehicle, left)
        if (vehicle, left) not in self._known:
            self._known[vehicle, left] = _with_stops(self.problem, {here.id: here})
        return self._known[vehicle, left], tuple(here if step.id == here.id else step for step in steps)

    def carried_by_all(
        self, routes: Mapping[str, Sequence[Step]], served: Collection[str] = ()
    ) -> tuple[RoutingProblem, dict[str, tuple[Step, ...]]]:
        """Return the same of all routes, as if goods for the stops ``served`` were handed out."""
        left = {vehicle: self._left(vehicle, steps) - {*served} for vehicle, steps in routes.items()}
        filled = {here_id(vehicle): self._filled(vehicle, ids) for vehicle, ids in left.items() if ids}
        found = {
            vehicle: tuple(filled.get(step.id, step) if isinstance(step, Stop) else step for step in steps)
            for vehicle, steps in routes.items()
        }
        return _with_stops(self.problem, filled) if filled else self.problem, found

    def _left(self, vehicle: str, steps: Sequence[Step]) -> frozenset[str]:
        goods = self.aboard.get(vehicle)
        if not goods:
            return frozenset()
        first = next((i for i, step in enumerate(steps) if isinstance(step, Depot)), len(steps))
        return frozenset(goods) - {step.id for step in steps[:first]}

    def _filled(self, vehicle: str, left: Collection[str]) -> Stop:
        here = self.here[here_id(vehicle)]
        goods = (self.aboard[vehicle][id_] for id_ in sorted(left))
        return replace(here, pickup=tuple(sum(column) for column in zip(here.pickup, *goods, strict=True)))


def _with_stops(problem: RoutingProblem, stops: Mapping[str, Stop]) -> RoutingProblem:
    return replace(problem, stops=tuple(stops.get(stop.id, stop) for stop in problem.stops))
