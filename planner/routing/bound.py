"""A cost that no plan serving the same stops can undercut."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import numpy as np

from planner.routing.problem import RoutingProblem
from planner.routing.stops import Stop
from planner.routing.vehicles import VehicleType
from planner.units import FloatArray

_ROWS_AT_ONCE = 512


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
    alike = {_rates(problem, kind): kind for kind in kinds}  # vehicles whose legs cost the same
    found = [_cheapest_legs(problem, kind, stops) for kind in alike.values()]
    entering = np.sort(np.minimum.reduce([into for into, _ in found]))
    free = sum(kind.count for kind in kinds if kind.open_start)
    returning = 0.0 if any(kind.open_end for kind in kinds) else min(back for _, back in found)
    per_second = min(kind.cost_per_hour_yuan for kind in kinds) / 3600
    service = sum(stop.service_duration_s for stop in stops) * per_second
    entered = entering[: max(0, len(entering) - free)].sum()
    return float(min(kind.fixed_cost_yuan for kind in kinds) + entered + returning + service)


def _rates(problem: RoutingProblem, kind: VehicleType) -> tuple[str, float, float]:
    """Return the profile, yuan for a metre and yuan for a second at the fastest of the day."""
    fastest_factor = kind.speed_factor * max([1.0, *(factor for _, factor in problem.speed_of_day)])
    per_second = (kind.cost_per_hour_yuan + kind.cost_per_driving_hour_yuan) / 3600 / fastest_factor
    return kind.profile, kind.cost_per_km_yuan / 1000, per_second


def _cheapest_legs(problem: RoutingProblem, kind: VehicleType, stops: Sequence[Stop]) -> tuple[FloatArray, float]:
    """Return what the cheapest leg into each stop costs, and the cheapest from any of them to a depot; ``inf`` if none.

    Between two stops, or a stop and a depot, at one place the way costs nothing.
    """
    _, per_metre, per_second = _rates(problem, kind)
    travel = problem.travel_of(kind)
    row = {id_: i for i, id_ in enumerate(travel.origin_ids)}
    column = {id_: i for i, id_ in enumerate(travel.destination_ids)}
    times = dict.fromkeys([*(depot.id for depot in problem.depots), *(stop.place for stop in stops)], 0)
    for stop in stops:
        times[stop.place] += 1
    depots = {depot.id for depot in problem.depots}
    places = list(times)
    rows = np.array([row[place] for place in places])
    columns = np.array([column[place] for place in places])
    at_depot = np.array([place in depots for place in places])
    entered = np.array([times[place] > 0 for place in places])
    into, back = np.full(len(places), np.inf), np.inf
    for first in range(0, len(places), _ROWS_AT_ONCE):
        some = rows[first : first + _ROWS_AT_ONCE]
        at = np.ix_(some, columns)
        seconds = travel.durations_s[at]
        passable = np.isfinite(seconds)
        cost = np.full(seconds.shape, np.inf)
        cost[passable] = travel.distances_m[at][passable] * per_metre + seconds[passable] * per_second
        cost[np.arange(len(some)), np.arange(first, first + len(some))] = np.inf
        np.minimum(into, cost.min(axis=0), out=into)
        leaving = entered[first : first + len(some)]
        if leaving.any():
            back = min(back, float(cost[np.ix_(leaving, at_depot)].min(initial=np.inf)))
    cheapest = dict(zip(places, into.tolist(), strict=True))
    shared = {place for place, count in times.items() if count + (place in depots) > 1}
    if any(place in depots and count for place, count in times.items()):
        back = 0.0
    return np.array([0.0 if stop.place in shared else cheapest[stop.place] for stop in stops]), back
