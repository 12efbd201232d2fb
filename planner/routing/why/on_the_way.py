"""Stops that no vehicle serves alone, but one does by way of others: routes to begin with, and every order of a few stops.

Searches put stops into routes one by one, and so do not find a route of which every part alone breaks a limit.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from planner.routing.check.route import violations_of
from planner.routing.problem import RoutingProblem
from planner.routing.schedule import balance_yuan, schedule
from planner.routing.solution import Route, RoutePlan
from planner.routing.stops import Depot, Stop
from planner.routing.timing import Step, VehicleSteps, with_breaks
from planner.routing.vehicles import VehicleType
from planner.routing.why.proof import Proofs, may_come, may_serve
from planner.routing.why.reasons import alone, within_limits

_MOST_BY_OTHERS = 200
"""Stops for which a route by way of others is looked for."""
_MOST_IN_ALL_ORDERS = 7
"""Stops of which every order is tried: 13,699 of them."""
_MOST_TIMED = 20_000
"""Orders timed in all, a tenth of a millisecond each."""
Found = dict[int, tuple[float, tuple[Step, ...]]]


def routes_by_others(problem: RoutingProblem, stops: Sequence[Stop], proofs: Proofs) -> list[VehicleSteps]:
    """Return routes along shortest paths to stops that are not served alone, each stop and vehicle in one at most."""
    if problem.locks or problem.pairs or problem.before:
        return []
    farther = [stop for stop in stops if _nearer_by_others(proofs, stop)]
    farther = [stop for stop in farther if not any(alone(problem, kind, [stop]) for kind in _who(problem, stop))]
    routes: list[VehicleSteps] = []
    used: set[str] = set()
    free = {kind.id: list(kind.vehicle_ids()) for kind in problem.vehicle_types}
    for stop in farther[:_MOST_BY_OTHERS]:
        if stop.id in used:
            continue
        for kind in _who(problem, stop):
            names = [id_ for id_ in free[kind.id] if may_serve(stop, kind, id_)]
            found = _route_by_others(problem, kind, names[0], proofs, stop, used) if names else None
            if found is not None:
                routes.append(VehicleSteps(kind, found, names[0]))
                free[kind.id].remove(names[0])
                used |= {step.id for step in found}
                break
    return routes


def _who(problem: RoutingProblem, stop: Stop) -> list[VehicleType]:
    return [kind for kind in problem.vehicle_types if may_come(stop, kind)]


def _nearer_by_others(proofs: Proofs, stop: Stop) -> bool:
    """Return whether any type of vehicle has a shorter way to or from the stop than straight."""
    return any(proofs.nearer_by_others(kind, stop) for kind in _who(proofs.problem, stop))


def _route_by_others(
    problem: RoutingProblem, kind: VehicleType, vehicle_id: str, proofs: Proofs, stop: Stop, used: set[str]
) -> list[Step] | None:
    at: dict[str, Stop] = {}
    for other in problem.stops:
        if other.id not in used and set(other.needs) <= set(kind.skills) and may_serve(other, kind, vehicle_id):
            at.setdefault(other.place, other)
    at[stop.place] = stop
    for by_metres in (False, True):
        before, behind = proofs.path(kind, stop, by_metres=by_metres)
        for there in (before, []):
            for back in (behind, []):
                places = list(dict.fromkeys([*there, stop.place, *back]))
                if len(places) > 1 and all(place in at for place in places):
                    for steps in with_breaks([at[place] for place in places], kind.breaks):
                        if timed(problem, kind, vehicle_id, steps) is not None:
                            return steps
    return None


def timed(problem: RoutingProblem, kind: VehicleType, vehicle_id: str, steps: Sequence[Step]) -> Route | None:
    """Return the route if it holds by itself: times, loads, limits, breaks."""
    route = schedule(problem, kind, vehicle_id, steps)
    if route is None or not within_limits(kind, route) or violations_of(problem, route):
        return None
    return route


def with_more_served(problem: RoutingProblem, stops: Sequence[Stop], plan: RoutePlan) -> list[VehicleSteps] | None:
    """Return the best routes of all, where the plan leaves out what is not proven to be on none and there are few stops.

    None if nothing is left out, or there are too many orders to try.
    """
    served = {visit.stop_id for route in plan.routes for visit in route.visits}
    left = [stop for stop in stops if stop.id not in served]
    if not left or len(stops) > _MOST_IN_ALL_ORDERS or problem.locks or problem.before:
        return None
    return _Orders(problem, stops).best()


class _Orders:
    """Every route of a few stops, and the best that vehicles make of them together."""

    def __init__(self, problem: RoutingProblem, stops: Sequence[Stop]) -> None:
        self.problem, self.stops = problem, list(stops)
        self.bit = {stop.id: 1 << i for i, stop in enumerate(self.stops)}
        self.pairs = [(self.bit.get(pair.pickup_id, 0), self.bit.get(pair.delivery_id, 0)) for pair in problem.pairs]
        self.timed = 0

    def best(self) -> list[VehicleSteps] | None:
        """Return the routes that serve most and cost least; None if there are too many to try."""
        vehicles = [(kind, id_) for kind in self.problem.vehicle_types for id_ in kind.vehicle_ids()[: len(self.stops)]]
        plans: dict[int, tuple[float, list[VehicleSteps]]] = {0: (0.0, [])}
        known: dict[tuple[object, ...], Found] = {}
        for kind, id_ in vehicles:
            likeness = (kind.id, *(may_serve(stop, kind, id_) for stop in self.stops))
            if likeness not in known:
                known[likeness] = self._routes(kind, id_)
            if self.timed > _MOST_TIMED:
                return None
            wider = dict(plans)
            for taken, (cost, routes) in plans.items():
                for mask, (more, steps) in known[likeness].items():
                    both = taken | mask
                    if not taken & mask and (both not in wider or cost + more < wider[both][0] - 1e-9):
                        wider[both] = (cost + more, [*routes, VehicleSteps(kind, steps, id_)])
            plans = wider
        return min(plans.items(), key=lambda entry: self._worth(entry[0], entry[1][0], len(entry[1][1])))[1][1]

    def _worth(self, mask: int, cost: float, vehicles: int) -> tuple[float, ...]:
        left = [stop for stop in self.stops if not mask & self.bit[stop.id]]
        needed = [stop for stop in left if math.isinf(stop.skip_cost_yuan)]
        skipped = sum(stop.skip_cost_yuan for stop in left if math.isfinite(stop.skip_cost_yuan))
        few = vehicles if self.problem.fewest_vehicles else 0
        return (sum(stop.priority for stop in needed), len(needed), few, cost + skipped)

    def _routes(self, kind: VehicleType, vehicle_id: str) -> Found:
        """Return the cheapest route of a vehicle for each set of stops that it can serve."""
        able = [s for s in self.stops if set(s.needs) <= set(kind.skills) and may_serve(s, kind, vehicle_id)]
        depots = [depot for depot in self.problem.depots if kind.max_reloads and depot.id in kind.reload_depot_ids]
        found: Found = {}
        for order in self._orders([], able, depots, kind):
            mask = sum(self.bit[step.id] for step in order if isinstance(step, Stop))
            if any(bool(mask & a) != bool(mask & b) for a, b in self.pairs):
                continue
            for steps in with_breaks(order, kind.breaks):
                self.timed += 1
                route = timed(self.problem, kind, vehicle_id, steps)
                if route is None:
                    continue
                cost = route.cost_yuan + balance_yuan(self.problem, kind, route)
                if mask not in found or cost < found[mask][0]:
                    found[mask] = cost, tuple(steps)
        return found

    def _orders(
        self, order: list[Step], left: Sequence[Stop], depots: Sequence[Depot], kind: VehicleType
    ) -> Iterator[list[Step]]:
        """Yield every order of some of these stops, each pair's first before its second, reloads in between."""
        if self.timed > _MOST_TIMED or (kind.max_stops is not None and len(order) > kind.max_stops + kind.max_reloads):
            return
        here = sum(self.bit[step.id] for step in order if isinstance(step, Stop))
        if order and isinstance(order[-1], Stop):
            yield order
        for stop in left:
            if any(self.bit[stop.id] == second and not here & first for first, second in self.pairs):
                continue
            yield from self._orders([*order, stop], [one for one in left if one != stop], depots, kind)
        if sum(isinstance(step, Depot) for step in order) < kind.max_reloads and left:
            for depot in depots:
                if not (order and isinstance(order[-1], Depot)):
                    yield from self._orders([*order, depot], left, depots, kind)
