"""How many drivers a week's routes take, when each drives one route a day and works so many hours a week."""

from __future__ import annotations

import math
from collections.abc import Sequence

_SLACK_S = 1e-6


def drivers_needed(duties: Sequence[tuple[int, float]], week_s: float) -> int:
    """Return how many drivers a roster of these routes has; each is a weekday and the seconds of its duty.

    Not fewer than all duty together takes, or than are out on one day; more where the routes do not divide so. Routes are
    given to drivers from the longest on, each to the one with least so far who is free that day and has the hours; whoever
    drives nothing else may drive a route that is longer than the week's hours.

    Examples
    --------
    >>> drivers_needed([(0, 30.0), (1, 30.0), (2, 30.0)], 50.0)  # two would have 45 s each, but no route can be parted
    3
    >>> drivers_needed([(0, 20.0), (0, 20.0), (1, 20.0)], 40.0)
    2
    """
    if not duties:
        return 0
    by_day: dict[int, int] = {}
    for day, _ in duties:
        by_day[day] = by_day.get(day, 0) + 1
    fewest = max(*by_day.values(), math.ceil(math.fsum(min(duty, week_s) for _, duty in duties) / week_s - _SLACK_S))
    return next(number for number in range(fewest, len(duties) + 1) if _roster(duties, week_s, number))


def _roster(duties: Sequence[tuple[int, float]], week_s: float, drivers: int) -> bool:
    hours, days = [0.0] * drivers, [set[int]() for _ in range(drivers)]
    for day, duty in sorted(duties, key=lambda one: (-one[1], one[0])):
        free = [
            k for k in range(drivers) if day not in days[k] and (hours[k] + duty <= week_s + _SLACK_S or not days[k])
        ]
        if not free:
            return False
        chosen = min(free, key=lambda k: (hours[k], k))
        hours[chosen] += duty
        days[chosen].add(day)
    return True
