"""A cost that no plan serving the same stops can undercut."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import numpy as np

from planner.routing.problem import RoutingProblem
from planner.routing.stops import Stop
from planner.routing.vehicles import VehicleType
from planner.units import FloatArray


def lower_bound_yuan(problem: RoutingProblem, served: Collection[str]) -> float:
    """Return a valid lower bound on the cost of serving these stops.

    Each served stop is entered by exactly one leg, which costs at least its cheapest one at the cheapest rates, and takes
    its service time; at least one vehicle is paid and drives back. Vehicles that begin at their first stop enter it for
    nothing, as many stops as there are such vehicles. Valid, not tight: it ignores that stops share routes.
    """
    stops = [stop for stop in problem.stops if stop.id in served]
    if not stops:
        return 0.0
    kinds = problem.vehicle_types
    leg_cost = np.minimum.reduce([_leg_costs(problem, kind, stops) for kind in kinds])
    first = len(problem.depots)
    entering = np.sort(leg_cost[:, first:].min(axis=0))
    free = sum(kind.count for kind in kinds if kind.open_start)
    returning = 0.0 if any(kind.open_end for kind in kinds) else leg_cost[first:, :first].min()
    per_second = min(kind.cost_per_hour_yuan for kind in kinds) / 3600
    service = sum(stop.service_duration_s for stop in stops) * per_second
    entered = entering[: max(0, len(entering) - free)].sum()
    return float(min(kind.fixed_cost_yuan for kind in kinds) + entered + returning + service)


def _leg_costs(problem: RoutingProblem, kind: VehicleType, stops: Sequence[Stop]) -> FloatArray:
    """Return the least that each leg costs this type: depots first, then stops; ``inf`` where there is none."""
    travel = problem.travel_of(kind)
    places = [depot.id for depot in problem.depots] + [stop.place for stop in stops]
    row = {id_: i for i, id_ in enumerate(travel.origin_ids)}
    column = {id_: i for i, id_ in enumerate(travel.destination_ids)}
    at = np.ix_([row[place] for place in places], [column[place] for place in places])
    seconds, metres = travel.durations_s[at].copy(), travel.distances_m[at].copy()
    same = np.array([[a == b for b in places] for a in places])
    seconds[same] = metres[same] = 0.0
    fastest_factor = kind.speed_factor * max([1.0, *(factor for _, factor in problem.speed_of_day)])
    per_second = (kind.cost_per_hour_yuan + kind.cost_per_driving_hour_yuan) / 3600 / fastest_factor
    passable = np.isfinite(seconds)
    cost = np.full(seconds.shape, np.inf)
    cost[passable] = metres[passable] * kind.cost_per_km_yuan / 1000 + seconds[passable] * per_second
    np.fill_diagonal(cost, np.inf)
    return cost
