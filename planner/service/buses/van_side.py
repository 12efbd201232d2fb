"""The routes of what buses leave over: asked of the routing engine, begun from routes that hold already."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from planner.routing import Break, Depot, Route, RoutingProblem, Stop
from planner.routing.engines.registry import ENGINES
from planner.routing.engines.task import Limits, SearchTask
from planner.routing.schedule import schedule
from planner.routing.timing import FleetSteps, Step, VehicleSteps
from planner.routing.why.proof import Proofs
from planner.routing.why.reasons import why_never
from planner.service.buses.problem import BusProblem

ENGINE = "auto"


@dataclass(frozen=True, slots=True, kw_only=True)
class VanRoutes:
    """Routes of vans as steps and as they are driven, what they cost, and which stops are on them."""

    steps: tuple[VehicleSteps, ...]
    routes: tuple[Route, ...]
    served: frozenset[str]
    yuan: float


class VanSide:
    """Asks for routes of what is left, again and again; counts how often."""

    def __init__(self, problem: BusProblem, seed: int) -> None:
        self._problem, self._seed = problem, seed
        alone = problem.vans_alone()
        self._alone, self._proofs = alone, Proofs(alone)
        self._servable: dict[Stop, bool] = {}
        self.asked = 0

    def routes(self, left: Mapping[str, Stop], start: Sequence[VehicleSteps], iterations: int) -> VanRoutes:
        """Return routes of these stops, by id, those with a skip cost optional; begun from the start as far as it holds."""
        self.asked += 1
        if not left:
            return VanRoutes(steps=(), routes=(), served=frozenset(), yuan=0.0)
        routing = self._problem.left_to_vans(left)
        stops = [stop for stop in routing.stops if self._may(stop)]
        task = SearchTask(
            problem=routing,
            stops=stops,
            limits=Limits(iterations=iterations),
            seed=self._seed + self.asked,
            start=_begun(routing, {stop.id: stop for stop in stops}, start),
        )
        if not stops:
            return VanRoutes(steps=(), routes=(), served=frozenset(), yuan=0.0)
        return driven(routing, ENGINES[ENGINE].search(task, 1)[0].routes)

    def _may(self, stop: Stop) -> bool:
        """Return whether a vehicle could serve the stop, whatever else it does."""
        asked = replace(stop, skip_cost_yuan=float("inf"))
        if asked not in self._servable:
            self._servable[asked] = why_never(self._alone, asked, self._proofs) is None
        return self._servable[asked]


def driven(routing: RoutingProblem, answer: FleetSteps) -> VanRoutes:
    """Return an engine's answer, each vehicle by name, timed and costed; a route that cannot be timed serves nobody."""
    given = [VehicleSteps(*one) for one in answer]
    taken = {one.vehicle_id for one in given}
    names = {kind.id: iter([id_ for id_ in kind.vehicle_ids() if id_ not in taken]) for kind in routing.vehicle_types}
    steps, routes = [], []
    for one in given:
        if not any(isinstance(step, Stop) for step in one.steps):
            continue
        vehicle_id = one.vehicle_id or next(names[one.kind.id])
        route = schedule(routing, one.kind, vehicle_id, one.steps)
        if route is not None:
            steps.append(VehicleSteps(one.kind, one.steps, vehicle_id))
            routes.append(route)
    return VanRoutes(
        steps=tuple(steps),
        routes=tuple(routes),
        served=frozenset(visit.stop_id for route in routes for visit in route.visits),
        yuan=sum(route.cost_yuan for route in routes),
    )


def _begun(routing: RoutingProblem, stops: Mapping[str, Stop], start: Sequence[VehicleSteps]) -> list[VehicleSteps]:
    """Return the routes as far as the problem has their stops and they hold."""
    kinds = {kind.id: kind for kind in routing.vehicle_types}
    begun = []
    for one in start:
        kind = kinds[one.kind.id]
        steps = [found for step in one.steps if (found := _same(step, stops)) is not None]
        if any(isinstance(step, Stop) for step in steps):
            route = schedule(routing, kind, one.vehicle_id, steps)
            if route is not None and _holds(route, kind.capacity):
                begun.append(VehicleSteps(kind, steps, one.vehicle_id))
    return begun


def _same(step: Step, stops: Mapping[str, Stop]) -> Step | None:
    if isinstance(step, Depot | Break):
        return step
    found = stops.get(step.id)
    if found is None or not found.further_windows:
        return found
    return replace(found, opens_s=step.opens_s, closes_s=step.closes_s, further_windows=())


def _holds(route: Route, capacity: Sequence[float]) -> bool:
    loads = [route.load_at_start, *(call.load_after for call in route.calls())]
    return all(one <= most + 1e-6 for load in loads for one, most in zip(load, capacity, strict=True))
