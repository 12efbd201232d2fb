"""Solve a routing problem: set aside what no vehicle can serve alone, order the rest, time it, have it checked."""

from __future__ import annotations

import math

from planner.errors import PlanRejectedError
from planner.routing.bound import lower_bound_yuan
from planner.routing.check import check
from planner.routing.engines.ortools import order_stops
from planner.routing.problem import RoutingProblem, Stop
from planner.routing.schedule import schedule
from planner.routing.solution import Route, RoutePlan, Unassigned, UnassignedReason


def solve_routing(problem: RoutingProblem, *, iterations: int, seed: int) -> RoutePlan:
    """Return a checked plan: every stop is on one route or unassigned with a reason.

    The same problem, seed and number of iterations give the same plan.

    Raises
    ------
    PlanRejectedError
        If the independent check finds the plan broken (a fault of this package, not of the data).
    """
    stops = sorted(problem.stops, key=lambda stop: stop.id)
    unassigned = {stop.id: reason for stop in stops if (reason := _alone(problem, stop)) is not None}
    open_stops = [stop for stop in stops if stop.id not in unassigned]
    routes: list[Route] = []
    if open_stops:
        names = {kind.id: iter(kind.vehicle_ids()) for kind in problem.vehicle_types}
        for kind, order in order_stops(problem, open_stops, iterations=iterations, seed=seed):
            route = schedule(problem, kind, next(names[kind.id]), order)
            if route is None:
                raise PlanRejectedError(f"the engine's round of {kind.id} cannot be timed")
            routes.append(route)
    served = {visit.stop_id for route in routes for visit in route.visits}
    for stop in open_stops:
        if stop.id not in served:
            detail = f"it fits alone, but no vehicle of {sum(k.count for k in problem.vehicle_types)} had room for it"
            unassigned[stop.id] = Unassigned(stop_id=stop.id, reason=UnassignedReason.FLEET_USED_UP, detail=detail)
    plan = RoutePlan(
        dimensions=problem.dimensions,
        routes=tuple(sorted(routes, key=lambda route: route.vehicle_id)),
        unassigned=tuple(unassigned[id_] for id_ in sorted(unassigned)),
        cost_yuan=sum(route.cost_yuan for route in routes),
        lower_bound_yuan=lower_bound_yuan(problem, served),
        engine="ortools",
        seed=seed,
    )
    violations = check(problem, plan)
    if violations:
        raise PlanRejectedError("the route plan does not hold", violations)
    return plan


def _alone(problem: RoutingProblem, stop: Stop) -> Unassigned | None:
    """Return why no vehicle could serve this stop even if it served nothing else, None if one could."""

    def because(reason: UnassignedReason, detail: str) -> Unassigned:
        return Unassigned(stop_id=stop.id, reason=reason, detail=detail)

    depot_ids = [depot.id for depot in problem.depots]
    way = problem.travel.select([*depot_ids, stop.id], [*depot_ids, stop.id]).durations_s
    there = {id_: float(way[i, -1]) for i, id_ in enumerate(depot_ids)}
    back = {id_: float(way[-1, i]) for i, id_ in enumerate(depot_ids)}
    kinds = [k for k in problem.vehicle_types if math.isfinite(there[k.depot_id] + back[k.depot_id])]
    if not kinds:
        return because(UnassignedReason.UNREACHABLE, "no depot with a vehicle has a way there and back")
    kinds = [
        k
        for k in kinds
        if all(max(*pair) <= c for *pair, c in zip(stop.delivery, stop.pickup, k.capacity, strict=True))
    ]
    if not kinds:
        return because(UnassignedReason.TOO_LARGE, f"delivery {stop.delivery}, pickup {stop.pickup}")
    arrivals = {k.id: k.shift_start_s + there[k.depot_id] for k in kinds}
    if min(arrivals.values()) > stop.closes_s:
        first = min(arrivals.values())
        return because(
            UnassignedReason.WINDOW_TOO_EARLY, f"closes at {stop.closes_s:.0f} s, first arrival {first:.0f} s"
        )
    if all(schedule(problem, k, k.id, [stop]) is None for k in kinds):
        return because(UnassignedReason.SHIFT_TOO_SHORT, "the round to this stop alone is longer than any duty allows")
    return None
