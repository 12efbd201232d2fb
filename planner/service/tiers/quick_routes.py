"""Routes of a short search, by which plans are compared: timed exactly, but neither explained nor checked."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from planner.errors import BadDataError
from planner.model import Fact
from planner.routing import Depot, RoutePlan, RoutingProblem, Stop, Unassigned, UnassignedReason, VehicleType, Visit
from planner.routing.engines.sisr import chains_of
from planner.routing.engines.task import Limits, SearchTask
from planner.routing.loads import loads_of
from planner.routing.schedule import balance_yuan, schedule
from planner.routing.solution import Route
from planner.routing.solve import solve_routing
from planner.routing.timing import FleetSteps, Step, Timer, VehicleSteps
from planner.routing.why.insertions import steps_of
from planner.routing.why.proof import may_come, may_serve
from planner.service.tiers.near_routes import NearPart

_FROM_NOTHING = 6
"""So many times as long is searched where there are no routes to start from."""
_SLACK = 1e-6
_MOST_PLACES = 12
"""Places tried for a stop on routes to start from, those of the smallest detours."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RouteSearch:
    """How routes are found: in a short search to compare by, or ``whole``: as `solve_routing` does, explained."""

    iterations: int
    seed: int
    whole: bool = False

    @property
    def halvings(self) -> int:
        """How closely a latest moment is sought."""
        return 30 if self.whole else 10

    def plan(self, problem: RoutingProblem, near: RoutePlan | None = None) -> RoutePlan:
        """Return routes for a problem, searched from those of a plan of a problem like it, if there is one."""
        if not self.whole:
            return quick_plan(problem, iterations=self.iterations, seed=self.seed, start=near)
        start = list(_start(problem, near)) if near is not None else []
        try:
            return solve_routing(problem, iterations=self.iterations, seed=self.seed, threads=1, start=start)
        except BadDataError:  # routes that were near do not hold here
            return solve_routing(problem, iterations=self.iterations, seed=self.seed, threads=1)


def quick_plan(problem: RoutingProblem, *, iterations: int, seed: int, start: RoutePlan | None = None) -> RoutePlan:
    """Return routes for a problem, searched briefly and from those of a plan of a problem like it, if there is one."""
    asked = _eased(problem)
    stops = [one for one in asked.stops if any(may_come(one, kind) for kind in asked.vehicle_types)]
    if not stops:
        return plan_of_routes(problem, [])
    begun = list(_start(asked, start)) if start is not None and start.routes else []
    if sum(isinstance(step, Stop) for one in begun for step in one.steps) < len(stops):
        begun = []  # what is left out would cost more than routes begun anew
    if begun and start is not None and (part := NearPart.of(asked, begun, start)) is not None:
        found = quick_search(part.problem, part.problem.stops, iterations, seed, part.begun)
        return plan_of_routes(problem, part.whole(found))
    return plan_of_routes(
        problem, quick_search(asked, stops, iterations * (1 if begun else _FROM_NOTHING), seed, begun)
    )


def quick_search(
    problem: RoutingProblem, stops: Sequence[Stop], iterations: int, seed: int, begun: Sequence[VehicleSteps]
) -> list[VehicleSteps]:
    """Return the routes that ruin and recreate finds."""
    limits = Limits(iterations=iterations)
    task = SearchTask(problem=problem, stops=sorted(stops, key=_by_id), limits=limits, seed=seed, start=begun)
    (chain,) = chains_of(task, [seed])
    chain.run_to(1.0)
    return chain.routes()


def _by_id(stop: Stop) -> str:
    return stop.id


def plan_of_routes(problem: RoutingProblem, driven: FleetSteps) -> RoutePlan:
    """Return the plan of these routes, stops taken from the problem by their ids; a route that cannot be timed is left."""
    kinds, stops = {one.id: one for one in problem.vehicle_types}, {one.id: one for one in problem.stops}
    routes = []
    for given in driven:
        one = VehicleSteps(*given)
        steps: list[Step] = [stops[step.id] if isinstance(step, Stop) else step for step in one.steps]
        route = schedule(problem, kinds[one.kind.id], one.vehicle_id, steps) if steps else None
        routes += [route] if route is not None else []
    served = {visit.stop_id for route in routes for visit in route.visits}
    return _plan(problem, routes, sorted(set(stops) - served))


def _plan(problem: RoutingProblem, routes: Sequence[Route], left: Sequence[str]) -> RoutePlan:
    reason = UnassignedReason.NO_ROUTE_FOUND
    return RoutePlan(
        dimensions=problem.dimensions,
        routes=tuple(routes),
        unassigned=tuple(Unassigned(stop_id=id_, reason=reason, details=Fact(code=reason.value)) for id_ in left),
        cost_yuan=sum(route.cost_yuan for route in routes),
        lower_bound_yuan=0.0,
        engine="ruin_recreate",
        seed=0,
    )


def retimed(problem: RoutingProblem, plan: RoutePlan) -> RoutePlan | None:
    """Return the plan of the same routes where windows or releases are others, None if they cannot be driven so.

    Neither can they where the problem lacks one of their stops: its window has closed.
    """
    kinds, known = {kind.id: kind for kind in problem.vehicle_types}, {one.id for one in problem.stops}
    if not known.issuperset(visit.stop_id for route in plan.routes for visit in route.visits):
        return None
    routes = []
    for old in plan.routes:
        kind = kinds[old.vehicle_type_id]
        route = schedule(problem, kind, old.vehicle_id, steps_of(problem, kind, old))
        if route is None:
            return None
        routes.append(route)
    return replace(
        plan,
        routes=tuple(routes),
        cost_yuan=sum(route.cost_yuan for route in routes),
        balance_yuan=sum(balance_yuan(problem, kinds[route.vehicle_type_id], route) for route in routes),
    )


def _eased(problem: RoutingProblem) -> RoutingProblem:
    """Return a problem that is searched faster, all of whose routes are routes of this one.

    Setup is part of each service, also where a vehicle stays. Where all goods come at one moment, vehicles leave no earlier.
    """
    stops = tuple(
        replace(one, setup_duration_s=0.0, service_duration_s=one.service_duration_s + one.setup_duration_s)
        if one.setup_duration_s
        else one
        for one in problem.stops
    )
    kinds = problem.vehicle_types
    releases = {one.release_s for one in stops}
    if len(releases) == 1 and releases != {0.0} and not any(kind.max_reloads for kind in kinds):
        (release,) = releases
        later = [max(kind.shift_start_s, release) for kind in kinds]
        if all(begins < kind.shift_end_s for kind, begins in zip(kinds, later, strict=True)):
            kinds = tuple(replace(kind, shift_start_s=begins) for kind, begins in zip(kinds, later, strict=True))
            stops = tuple(replace(one, release_s=0.0) for one in stops)
    return replace(problem, stops=stops, vehicle_types=kinds)


def _start(problem: RoutingProblem, plan: RoutePlan) -> Iterator[VehicleSteps]:
    """Yield a plan's routes without the stops that are gone, those that are new put in where the detour is least."""
    known, depots = {one.id: one for one in problem.stops}, {one.id: one for one in problem.depots}
    stops = dict(known)
    kinds = {one.id: one for one in problem.vehicle_types}
    routes: list[VehicleSteps] = []
    for old in plan.routes:
        steps: list[Step] = []
        for call in old.calls():
            if not isinstance(call, Visit):
                steps.append(depots[call.depot_id])
            elif (stop := stops.pop(call.stop_id, None)) is not None:
                steps.append(_in_window(stop, call.service_start_s))
        one = VehicleSteps(kinds[old.vehicle_type_id], steps, old.vehicle_id)
        called = [step for step in steps if isinstance(step, Stop)]
        if called and _holds(problem, one):
            routes.append(one)
        else:
            stops |= {stop.id: known[stop.id] for stop in called}
    for stop in sorted(stops.values(), key=lambda one: (-max(*one.delivery, *one.pickup), one.id)):
        _put_in(problem, routes, _in_window(stop, stop.opens_s))
    yield from routes


def _in_window(stop: Stop, begins_s: float) -> Stop:
    """Return a stop with only the window in which it is served, or nearest to then."""
    if not stop.further_windows:
        return stop
    opens, closes = min(stop.windows, key=lambda one: max(one[0] - begins_s, begins_s - one[1], 0.0))
    return replace(stop, opens_s=opens, closes_s=closes, further_windows=())


def _put_in(problem: RoutingProblem, routes: list[VehicleSteps], stop: Stop) -> None:
    """Put a stop where it adds least to these routes, or on one of its own, if it can be."""
    places: list[tuple[float, int, int]] = []
    for number, one in enumerate(routes):
        if may_come(stop, one.kind) and may_serve(stop, one.kind, one.vehicle_id):
            timer = Timer(problem, one.kind)
            places += [(_detour_yuan(timer, one, i, stop), number, i) for i in range(len(one.steps) + 1)]
    used = {one.vehicle_id for one in routes}
    own = [VehicleSteps(kind, [stop], id_) for kind, id_ in _idle(problem, stop, used) if id_]
    for k, one in enumerate(own):
        alone = one.kind.fixed_cost_yuan + _detour_yuan(Timer(problem, one.kind), one._replace(steps=[]), 0, stop)
        places.append((alone, -1 - k, 0))
    for yuan, number, i in sorted(places)[:_MOST_PLACES]:
        if not math.isfinite(yuan):
            return
        if number < 0:
            if _holds(problem, own[-1 - number]):
                routes.append(own[-1 - number])
                return
            continue
        one = routes[number]
        tried = one._replace(steps=[*one.steps[:i], stop, *one.steps[i:]])
        if _holds(problem, tried):
            routes[number] = tried
            return


def _idle(problem: RoutingProblem, stop: Stop, used: set[str]) -> Iterator[tuple[VehicleType, str]]:
    """Yield an idle vehicle of each type that may serve a stop."""
    for kind in problem.vehicle_types:
        if may_come(stop, kind):
            yield kind, next((id_ for id_ in kind.vehicle_ids() if id_ not in used and may_serve(stop, kind, id_)), "")


def _detour_yuan(timer: Timer, route: VehicleSteps, i: int, stop: Stop) -> float:
    """Return what driving to a stop adds before the i-th step of a route."""
    kind = route.kind
    before = _place(route.steps[i - 1]) if i else "" if kind.open_start else kind.depot_id
    behind = _place(route.steps[i]) if i < len(route.steps) else "" if kind.open_end else kind.end_id
    seconds = metres = 0.0
    for origin, destination, sign in ((before, stop.place, 1), (stop.place, behind, 1), (before, behind, -1)):
        if origin and destination:
            leg = timer.leg(origin, destination)
            seconds, metres = seconds + sign * leg[0], metres + sign * leg[1]
    paid = kind.cost_per_hour_yuan + kind.cost_per_driving_hour_yuan
    yuan = kind.cost_per_km_yuan * metres / 1000 + paid * seconds / 3600
    return yuan if math.isfinite(yuan) else math.inf


def _place(step: Step) -> str:
    return step.place if isinstance(step, Stop) else step.id


def _holds(problem: RoutingProblem, one: VehicleSteps) -> bool:
    """Say whether a route keeps windows, shift and loads; other limits are the engine's to look at."""
    if one.kind.max_stops is not None and len(one.steps) > one.kind.max_stops:
        return False
    at_start, after = loads_of(problem, [step for step in one.steps if isinstance(step, Stop | Depot)])
    if any(
        amount > most + _SLACK
        for load in (at_start, *after)
        for amount, most in zip(load, one.kind.capacity, strict=True)
    ):
        return False
    soonest = Timer(problem, one.kind).drive(one.steps, one.kind.shift_start_s)
    if soonest.fault:
        return False
    short = soonest.end_s - soonest.start_s <= one.kind.max_duration_s
    return short or schedule(problem, one.kind, one.vehicle_id, one.steps) is not None
