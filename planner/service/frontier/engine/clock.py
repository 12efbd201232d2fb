"""How far a search is: by its steps, by the clock of this thread, or by what comes first."""

from __future__ import annotations

import time


class PointClock:
    """A share of a budget, from 0 to 1; CPU seconds are those of this thread."""

    def __init__(self, steps: int | None, cpu_seconds: float | None) -> None:
        """Start the clock.

        Raises
        ------
        ValueError
            If there is no limit.
        """
        if steps is None and cpu_seconds is None:
            raise ValueError("no limit: give iterations (repeatable) or cpu_seconds")
        self._most, self._seconds = steps, cpu_seconds
        self._began_s, self.steps = time.thread_time(), 0

    def spent(self) -> float:
        """Return the share that is spent."""
        share = 0.0 if self._most is None else self.steps / max(1, self._most)
        if self._seconds is not None:
            share = max(share, (time.thread_time() - self._began_s) / self._seconds)
        return share

    def take(self, steps: int) -> int:
        """Return how many of these steps may be made, and count them."""
        allowed = steps if self._most is None else max(1, min(steps, self._most - self.steps))
        self.steps += allowed
        return allowed
