"""How much searching is left: counted in steps, which is repeatable, or in CPU seconds, or both."""

from __future__ import annotations

import time

STEPS_AN_ITERATION = 100


class Budget:
    """A search's allowance; whichever limit comes first ends it. CPU seconds are those of the thread that searches."""

    def __init__(self, iterations: int | None, cpu_seconds: float | None) -> None:
        self._steps = None if iterations is None else iterations * STEPS_AN_ITERATION
        self._taken = 0
        self._cpu_seconds = cpu_seconds
        self._used_s = 0.0
        self._began_s = time.thread_time()

    def resume(self) -> None:
        """Go on, in any thread, after `pause`."""
        self._began_s = time.thread_time()

    def pause(self) -> None:
        """Stop the clock; `resume` comes before anything else."""
        self._used_s += time.thread_time() - self._began_s

    def spent(self) -> float:
        """Return the share spent so far, 1 or more when there is nothing left."""
        share = 0.0 if self._steps is None else self._taken / self._steps
        if self._cpu_seconds is not None:
            share = max(share, (self._used_s + time.thread_time() - self._began_s) / self._cpu_seconds)
        return share

    def take(self, steps: int) -> int:
        """Return how many steps may be made, at most so many, and count them as made."""
        allowed = steps if self._steps is None else min(steps, self._steps - self._taken)
        self._taken += allowed
        return allowed
