"""Driving against the clock: how long a stretch takes when traffic flows faster or slower over the day."""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Sequence


class SpeedOfDay:
    """Factors on all speeds by time of day; later departure never means earlier arrival (Ichoua, Gendreau & Potvin 2003).

    ``factors`` are (from this second on, times as fast), ascending; before the first it is 1.
    """

    def __init__(self, factors: Sequence[tuple[float, float]]) -> None:
        self.begins = [-math.inf, *(begins for begins, _ in factors)]
        self.factors = [1.0, *(factor for _, factor in factors)]

    def arrive(self, leaves_s: float, needed_s: float) -> float:
        """Return when a stretch that takes ``needed_s`` at normal speed is done."""
        if len(self.begins) == 1 or needed_s <= 0:
            return leaves_s + needed_s
        k = bisect_right(self.begins, leaves_s) - 1
        clock = leaves_s
        while True:
            ends = self.begins[k + 1] if k + 1 < len(self.begins) else math.inf
            possible = (ends - clock) * self.factors[k]
            if needed_s <= possible:
                return clock + needed_s / self.factors[k]
            needed_s -= possible
            clock, k = ends, k + 1

    def covered(self, begins_s: float, ends_s: float) -> float:
        """Return how many seconds of driving at normal speed fit between two times."""
        if len(self.begins) == 1:
            return max(0.0, ends_s - begins_s)
        total, clock = 0.0, begins_s
        k = bisect_right(self.begins, clock) - 1
        while clock < ends_s:
            until = min(ends_s, self.begins[k + 1] if k + 1 < len(self.begins) else math.inf)
            total += (until - clock) * self.factors[k]
            clock, k = until, k + 1
        return total
