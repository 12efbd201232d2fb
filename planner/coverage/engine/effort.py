"""How long a search may go on."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

_BEGAN = (time.monotonic(), time.process_time())  # when the engine was loaded


@dataclass(frozen=True, slots=True, kw_only=True)
class Effort:
    """How long to search: until the ``clock`` says ``deadline`` in production, round and node limits for tests.

    The clock is wall time; a measurement on a busy machine may count processor time (`time.process_time`) instead.
    """

    deadline: float
    seed: int = 1
    rounds: int = 400
    nodes: int = 1_000_000
    clock: Callable[[], float] = time.monotonic

    @property
    def seconds_left(self) -> float:
        """What is left until the deadline, below 0 after it."""
        return self.deadline - self.clock()

    @property
    def wall_seconds_left(self) -> float:
        """What is left in wall time, for solvers that count no other: more than by the clock where processors are shared."""
        if self.clock is not time.process_time:
            return self.seconds_left
        wall, processor = time.monotonic() - _BEGAN[0], time.process_time() - _BEGAN[1]
        return self.seconds_left * max(1.0, wall / max(processor, 1e-3))

    @property
    def late(self) -> bool:
        """Whether the deadline has passed."""
        return self.seconds_left < 0
