"""A cost that no plan serving the same stops can undercut."""

from __future__ import annotations

from collections.abc import Collection

import numpy as np

from planner.routing.problem import RoutingProblem


def lower_bound_yuan(problem: RoutingProblem, served: Collection[str]) -> float:
    """Return a valid lower bound on the cost of serving these stops.

    Each served stop is entered by exactly one leg, which costs at least its cheapest one at the cheapest rates, and takes
    its service time; at least one vehicle is paid and drives back. Valid, not tight: the stops share no tour in it.
    """
    stops = [stop for stop in problem.stops if stop.id in served]
    if not stops:
        return 0.0
    per_metre = min(kind.cost_per_km_yuan for kind in problem.vehicle_types) / 1000
    per_second = min(kind.cost_per_hour_yuan for kind in problem.vehicle_types) / 3600
    depot_ids = [depot.id for depot in problem.depots]
    stop_ids = [stop.id for stop in stops]
    part = problem.travel.select([*depot_ids, *stop_ids], [*depot_ids, *stop_ids])
    passable = np.isfinite(part.durations_s)
    leg_cost = np.full(passable.shape, np.inf)
    leg_cost[passable] = part.distances_m[passable] * per_metre + part.durations_s[passable] * per_second
    np.fill_diagonal(leg_cost, np.inf)
    first = len(depot_ids)
    entering = leg_cost[:, first:].min(axis=0).sum()
    returning = leg_cost[first:, :first].min()
    service = sum(stop.service_duration_s for stop in stops) * per_second
    return float(min(kind.fixed_cost_yuan for kind in problem.vehicle_types) + entering + returning + service)
