"""When a vehicle arrives that leaves now: speeds of the day, rests, and the hours of a stop."""

from __future__ import annotations

import math
from collections.abc import Sequence

from planner.routing.problem import RoutingProblem
from planner.routing.vehicles import VehicleType

SLACK_S = 1e-6
"""What sums of times in another order may differ by."""


def rests_of(kind: VehicleType, driving_s: float) -> float:
    """Return the seconds of rest without which nobody drives so long."""
    rule, rests = kind.driving_rule, 0
    if rule is None or rule.driving_s <= 0:
        return 0.0
    while driving_s > rule.driving_s * (1 + 1e-9) + SLACK_S and rests < 10_000:
        driving_s, rests = driving_s - rule.driving_s, rests + 1
    return rests * rule.rest_s


def first_within(windows: Sequence[tuple[float, float]], clock_s: float, by: float = SLACK_S) -> float:
    """Return when service begins that can begin from a time on, infinite after the last window has closed by more."""
    later = [max(opens, clock_s) for opens, closes in windows if clock_s <= closes + by]
    return min(later, default=math.inf)


def fastest(problem: RoutingProblem) -> float:
    """Return the greatest factor on speeds over the day, at least 1."""
    return max([1.0, *(factor for _, factor in problem.speed_of_day)])


def on_the_road(
    problem: RoutingProblem, kind: VehicleType | None, clock_s: float, needed_s: float, since_rest_s: float
) -> tuple[float, float]:
    """Return arrival and seconds of driving since the last rest, driven from one change of speed or rest to the next.

    Without a type of vehicle nobody rests.
    """
    rule = None if kind is None else kind.driving_rule
    while needed_s > SLACK_S:
        spare_s = math.inf if rule is None else rule.driving_s - since_rest_s
        if rule is not None and spare_s <= SLACK_S:
            clock_s, since_rest_s = clock_s + rule.rest_s, 0.0
            continue
        factor = next((f for t, f in reversed(problem.speed_of_day) if t <= clock_s), 1.0)
        change_s = next((t for t, _ in problem.speed_of_day if t > clock_s), math.inf)
        drives_s = min(needed_s / factor, spare_s, change_s - clock_s)
        since_rest_s, needed_s = since_rest_s + drives_s, needed_s - drives_s * factor
        clock_s = change_s if drives_s == change_s - clock_s else clock_s + drives_s
    return clock_s, since_rest_s
