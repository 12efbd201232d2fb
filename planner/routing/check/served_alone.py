"""Whether a vehicle that has nothing else to do serves a stop, or a pair."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise

from planner.routing.check.drive_time import SLACK_S, fastest, on_the_road
from planner.routing.check.vehicle_fit import comes, holds, one_vehicle
from planner.routing.problem import RoutingProblem
from planner.routing.stops import Stop
from planner.routing.vehicles import VehicleType


def fits_alone(problem: RoutingProblem, kind: VehicleType, stop: Stop) -> bool:
    """Return whether a vehicle of the type could serve the stop and nothing else, without breaks."""
    there_s, back_s = _way(problem, kind, stop)
    if not (math.isfinite(there_s + back_s) and comes(stop, kind) and holds(kind, stop)):
        return False
    in_time = any(_route_fits(problem, kind, stop, window, there_s, back_s) for window in stop.windows)
    return in_time and _within_limits(problem, kind, stop)


def _route_fits(
    problem: RoutingProblem,
    kind: VehicleType,
    stop: Stop,
    window: tuple[float, float],
    there_s: float,
    back_s: float,
) -> bool:
    """Return whether the route to a stop alone, back as early as can be and begun as late as that allows, fits the shift."""
    begins_s = max(kind.shift_start_s, stop.release_s)
    setup_s = 0.0 if stop.place == kind.depot_id and not kind.open_start else stop.setup_duration_s
    stay_s = setup_s + stop.service_duration_s

    def back_at(leaves_s: float) -> float:
        arrives_s, since_rest_s = on_the_road(problem, kind, leaves_s, there_s, 0.0)
        serves_s = max(arrives_s, window[0])
        if serves_s > window[1] + SLACK_S:
            return math.inf
        rests = kind.driving_rule is not None and serves_s - arrives_s >= kind.driving_rule.rest_s - SLACK_S
        return on_the_road(problem, kind, serves_s + stay_s, back_s, 0.0 if rests else since_rest_s)[0]

    ends_s = back_at(begins_s)
    if ends_s > kind.shift_end_s + SLACK_S:
        return False
    if not problem.speed_of_day and kind.driving_rule is None:
        leaves_s = max(begins_s, window[0] - there_s)
    else:  # halved: what drives and rests by the hour has no formula
        leaves_s, high = begins_s, ends_s
        while high - leaves_s > SLACK_S:
            middle = (leaves_s + high) / 2
            leaves_s, high = (leaves_s, middle) if back_at(middle) > ends_s + SLACK_S else (middle, high)
    return ends_s - leaves_s <= kind.max_duration_s + 2 * SLACK_S


def brings(problem: RoutingProblem, kind: VehicleType, first: Stop, second: Stop) -> bool:
    """Return whether a vehicle of the type could serve the pair and nothing else, without rests or speeds of the day."""
    heavy = any(up > most for up, most in zip(first.pickup, kind.capacity, strict=True))
    if heavy or not one_vehicle(kind, first, second) or kind.max_stops in (0, 1):
        return False
    places = ["" if kind.open_start else kind.depot_id, first.place, second.place, "" if kind.open_end else kind.end_id]
    legs = [_leg(problem, kind, origin, destination) for origin, destination in pairwise(places)]
    seconds, metres = zip(*legs, strict=True)
    if not (sum(seconds) <= kind.max_driving_s and sum(metres) <= kind.max_distance_m):
        return False
    stays = [
        stop.service_duration_s + (stop.setup_duration_s if before != stop.place else 0.0)
        for before, stop in zip(places, (first, second), strict=False)
    ]
    return any(_pair_fits(kind, seconds, stays, window, later) for window in first.windows for later in second.windows)


def _leg(problem: RoutingProblem, kind: VehicleType, origin: str, destination: str) -> tuple[float, float]:
    """Return seconds at normal speed and metres between two places, nothing where one is open or both are the same."""
    if not (origin and destination) or origin == destination:
        return 0.0, 0.0
    travel = problem.travel_of(kind)
    at = travel.origin_ids.index(origin), travel.destination_ids.index(destination)
    return float(travel.durations_s[at]) / kind.speed_factor, float(travel.distances_m[at])


def _pair_fits(
    kind: VehicleType,
    legs_s: Sequence[float],
    stays_s: Sequence[float],
    window: tuple[float, float],
    later: tuple[float, float],
) -> bool:
    """Return whether a pair is served within these windows, in the shift, begun as late as that allows."""
    begins = max(kind.shift_start_s + legs_s[0], window[0])
    then = max(begins + stays_s[0] + legs_s[1], later[0])
    ends = then + stays_s[1] + legs_s[2]
    leaves = min(window[1], then - legs_s[1] - stays_s[0]) - legs_s[0]
    in_time = begins <= window[1] + SLACK_S and then <= later[1] + SLACK_S
    return in_time and ends <= kind.shift_end_s + SLACK_S and ends - leaves <= kind.max_duration_s + SLACK_S


def _way(problem: RoutingProblem, kind: VehicleType, stop: Stop) -> tuple[float, float]:
    """Return the seconds there and back for a vehicle that serves the stop alone, at normal speed."""
    there, back = _there_and_back(problem, kind, stop)
    return there[0], back[0]


def _there_and_back(problem: RoutingProblem, kind: VehicleType, stop: Stop) -> tuple[tuple[float, float], ...]:
    start, end = "" if kind.open_start else kind.depot_id, "" if kind.open_end else kind.end_id
    return _leg(problem, kind, start, stop.place), _leg(problem, kind, stop.place, end)


def _within_limits(problem: RoutingProblem, kind: VehicleType, stop: Stop) -> bool:
    there, back = _there_and_back(problem, kind, stop)
    stops_allowed = kind.max_stops is None or kind.max_stops >= 1
    fastest_factor = fastest(problem)
    driving = there[0] / fastest_factor + back[0] / fastest_factor
    return there[1] + back[1] <= kind.max_distance_m and driving <= kind.max_driving_s and stops_allowed
