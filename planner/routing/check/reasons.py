"""Whether the reason why a stop is on no route is true, worked out again from the problem alone."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise

from planner.routing.problem import RoutingProblem
from planner.routing.solution import UnassignedReason
from planner.routing.stops import Stop
from planner.routing.vehicles import VehicleType

_SLACK_S = 1e-6
"""What sums of times in another order may differ by."""


def true_reasons(problem: RoutingProblem, stop: Stop) -> set[UnassignedReason]:
    """Return every reason that holds for the stop alone, or if none does why it was left: skipped, or the fleet used up.

    A stop of a pair is looked at with its partner: what forbids either forbids both, and so does what forbids the pair.
    """
    partners = {pair.pickup_id: pair.delivery_id for pair in problem.pairs}
    partners |= {second: first for first, second in partners.items()}
    own = _alone(problem, stop)
    partner = next((other for other in problem.stops if other.id == partners.get(stop.id)), None)
    found = own | (_alone(problem, partner) if partner is not None else set())
    if found:
        return found
    if partner is not None:
        first, second = (stop, partner) if stop.id in {pair.pickup_id for pair in problem.pairs} else (partner, stop)
        if not any(_brings(problem, kind, first, second) for kind in problem.vehicle_types):
            return {UnassignedReason.NOT_TOGETHER}
    return {UnassignedReason.SKIPPED if math.isfinite(stop.skip_cost_yuan) else UnassignedReason.FLEET_USED_UP}


def _alone(problem: RoutingProblem, stop: Stop) -> set[UnassignedReason]:
    """Return what alone forbids the stop, whatever else is served; empty if a vehicle could serve it by itself."""
    skilled = [kind for kind in problem.vehicle_types if set(stop.needs) <= set(kind.skills)]
    if not skilled:
        return {UnassignedReason.NO_SKILL}
    wanted = [kind for kind in skilled if any(_may(stop, kind, id_) for id_ in kind.vehicle_ids())]
    if not wanted:
        return {UnassignedReason.NOT_ALLOWED}
    ways = [(kind, *_way(problem, kind, stop)) for kind in wanted]
    in_reach = [(kind, there, back) for kind, there, back in ways if math.isfinite(there + back)]
    if not in_reach:
        return {UnassignedReason.UNREACHABLE}
    fitting = [(kind, there, back) for kind, there, back in in_reach if _holds(kind, stop)]
    if not fitting:
        return {UnassignedReason.TOO_LARGE}
    fastest_factor = _fastest(problem)
    closes_s = stop.windows[-1][1]
    true = set()
    if all(max(kind.shift_start_s, stop.release_s) + there / fastest_factor > closes_s for kind, there, _ in fitting):
        true.add(UnassignedReason.WINDOW_TOO_EARLY)
    if not any(
        _route_fits(problem, kind, stop, window, there, back)
        for kind, there, back in fitting
        for window in stop.windows
    ):
        true.add(UnassignedReason.SHIFT_TOO_SHORT)
    if not any(_within_limits(problem, kind, stop) for kind, _, _ in fitting):
        true.add(UnassignedReason.TOO_FAR)
    return true


def _holds(kind: VehicleType, stop: Stop) -> bool:
    needs = zip(stop.delivery, stop.pickup, kind.capacity, strict=True)
    return all(down <= most and up <= most for down, up, most in needs)


def _fastest(problem: RoutingProblem) -> float:
    """Return the greatest factor on speeds over the day, at least 1."""
    return max([1.0, *(factor for _, factor in problem.speed_of_day)])


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
        arrives_s, since_rest_s = _on_the_road(problem, kind, leaves_s, there_s, 0.0)
        serves_s = max(arrives_s, window[0])
        if serves_s > window[1] + _SLACK_S:
            return math.inf
        rests = kind.driving_rule is not None and serves_s - arrives_s >= kind.driving_rule.rest_s - _SLACK_S
        return _on_the_road(problem, kind, serves_s + stay_s, back_s, 0.0 if rests else since_rest_s)[0]

    ends_s = back_at(begins_s)
    if ends_s > kind.shift_end_s + _SLACK_S:
        return False
    if not problem.speed_of_day and kind.driving_rule is None:
        leaves_s = max(begins_s, window[0] - there_s)
    else:  # halved: what drives and rests by the hour has no formula
        leaves_s, high = begins_s, ends_s
        while high - leaves_s > _SLACK_S:
            middle = (leaves_s + high) / 2
            leaves_s, high = (leaves_s, middle) if back_at(middle) > ends_s + _SLACK_S else (middle, high)
    return ends_s - leaves_s <= kind.max_duration_s + 2 * _SLACK_S


def _on_the_road(
    problem: RoutingProblem, kind: VehicleType, clock_s: float, needed_s: float, since_rest_s: float
) -> tuple[float, float]:
    """Return arrival and seconds of driving since the last rest, driven from one change of speed or rest to the next."""
    rule = kind.driving_rule
    while needed_s > _SLACK_S:
        spare_s = math.inf if rule is None else rule.driving_s - since_rest_s
        if rule is not None and spare_s <= _SLACK_S:
            clock_s, since_rest_s = clock_s + rule.rest_s, 0.0
            continue
        factor = next((f for t, f in reversed(problem.speed_of_day) if t <= clock_s), 1.0)
        change_s = next((t for t, _ in problem.speed_of_day if t > clock_s), math.inf)
        drives_s = min(needed_s / factor, spare_s, change_s - clock_s)
        since_rest_s, needed_s = since_rest_s + drives_s, needed_s - drives_s * factor
        clock_s = change_s if drives_s == change_s - clock_s else clock_s + drives_s
    return clock_s, since_rest_s


def _brings(problem: RoutingProblem, kind: VehicleType, first: Stop, second: Stop) -> bool:
    """Return whether a vehicle of the type could serve the pair alone, as far as can be said without the hour of driving."""
    if problem.speed_of_day or any(one.driving_rule is not None for one in problem.vehicle_types):
        return True
    allowed = any(_may(first, kind, id_) and _may(second, kind, id_) for id_ in kind.vehicle_ids())
    heavy = any(up > most for up, most in zip(first.pickup, kind.capacity, strict=True))
    if not allowed or heavy or not {*first.needs, *second.needs} <= {*kind.skills} or kind.max_stops in (0, 1):
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
    in_time = begins <= window[1] + _SLACK_S and then <= later[1] + _SLACK_S
    return in_time and ends <= kind.shift_end_s + _SLACK_S and ends - leaves <= kind.max_duration_s + _SLACK_S


def _may(stop: Stop, kind: VehicleType, vehicle_id: str) -> bool:
    names = {kind.id, vehicle_id}
    return (not stop.only_vehicles or bool(names & set(stop.only_vehicles))) and not names & set(stop.not_vehicles)


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
    fastest_factor = _fastest(problem)
    driving = there[0] / fastest_factor + back[0] / fastest_factor
    return there[1] + back[1] <= kind.max_distance_m and driving <= kind.max_driving_s and stops_allowed
