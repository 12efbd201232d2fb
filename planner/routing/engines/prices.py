"""What a search pays for leaving a stop out, and for a vehicle where as few as can be are asked for."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from planner.routing.problem import RoutingProblem
from planner.routing.stops import Stop
from planner.units import FloatArray


def vehicle_yuan(problem: RoutingProblem, stops: Sequence[Stop]) -> float:
    """Return what to add to each vehicle's fixed cost: 0, or with ``fewest_vehicles`` more than any detour saves."""
    if not problem.fewest_vehicles:
        return 0.0
    return (len(stops) + 1) * _dearest_yuan(problem)


def leaving_out_yuan(problem: RoutingProblem, stops: Sequence[Stop]) -> FloatArray:
    """Return for each stop what leaving it out costs: its skip cost, or if it is not optional more than serving it does.

    Where not all can be served, a stop of priority p counts as 1 + p ordinary ones.
    """
    serve_first = 1 + 100 * (_dearest_yuan(problem) + vehicle_yuan(problem, stops))
    return np.array(
        [
            stop.skip_cost_yuan if math.isfinite(stop.skip_cost_yuan) else serve_first * (1 + stop.priority)
            for stop in stops
        ],
        dtype=np.float64,
    )


def _dearest_yuan(problem: RoutingProblem) -> float:
    """Return more than a vehicle and its longest leg can cost."""
    kinds = problem.vehicle_types
    tables = [problem.travel_of(kind) for kind in kinds]
    metres = [table.distances_m[np.isfinite(table.distances_m)].max(initial=0.0) for table in tables]
    seconds = [
        table.durations_s[np.isfinite(table.durations_s)].max(initial=0.0) / kind.speed_factor
        for kind, table in zip(kinds, tables, strict=True)
    ]
    slowest = min([1.0, *(factor for _, factor in problem.speed_of_day)])
    hourly = max(kind.cost_per_hour_yuan + kind.cost_per_driving_hour_yuan for kind in kinds)
    return float(
        max(kind.fixed_cost_yuan for kind in kinds)
        + max(max(metres) / 1000, 1) * max(kind.cost_per_km_yuan for kind in kinds)
        + max(max(seconds) / 3600 / slowest, 1) * hourly
    )
