"""Which of two plans of a problem is better."""

from __future__ import annotations

import math

from planner.routing.problem import RoutingProblem
from planner.routing.solution import RoutePlan


def worth(problem: RoutingProblem, plan: RoutePlan) -> tuple[float, ...]:
    """Return what a plan is judged by, the less the better.

    First the priorities and the number of stops left out that are not optional, then, if few are asked for, the vehicles,
    and last what the routes, balance and the stops skipped cost in yuan.
    """
    left = {unassigned.stop_id for unassigned in plan.unassigned}
    needed = [stop for stop in problem.stops if stop.id in left and math.isinf(stop.skip_cost_yuan)]
    skipped = sum(s.skip_cost_yuan for s in problem.stops if s.id in left and math.isfinite(s.skip_cost_yuan))
    vehicles = len(plan.routes) if problem.fewest_vehicles else 0
    return (sum(stop.priority for stop in needed), len(needed), vehicles, plan.cost_yuan + plan.balance_yuan + skipped)
