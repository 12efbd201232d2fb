"""What every search is given: the problem, the stops it is to serve, where it ends, its seed, and where it begins."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from numbers import Integral

from planner.errors import Message
from planner.routing.problem import RoutingProblem
from planner.routing.stops import Stop
from planner.routing.timing import VehicleSteps


def is_whole(value: object) -> bool:
    """Return whether the value is a whole number, of Python or of numpy."""
    return isinstance(value, Integral)


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Where a search ends: after so many iterations, which is repeatable, or CPU seconds; at what comes first.

    What an iteration is, each engine says.
    """

    iterations: int | None = None
    cpu_seconds: float | None = None

    def faults(self) -> Iterator[Message]:
        """Yield every fault."""
        if self.iterations is None and self.cpu_seconds is None:
            yield Message("no limit: give iterations (repeatable) or cpu_seconds")
        if self.iterations is not None and not (is_whole(self.iterations) and self.iterations >= 1):
            yield Message("iterations is {value}, it must be a whole number, 1 or more", value=self.iterations)
        if self.cpu_seconds is not None and not 0 < self.cpu_seconds < math.inf:
            yield Message("cpu_seconds is {value}, it must be above 0 and finite", value=self.cpu_seconds)


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchTask:
    """What one search is given.

    ``stops`` are those of the problem that a vehicle can serve alone, by id. What is found is never worse than ``start``,
    routes of named vehicles and of stops with the one window they are served in.
    """

    problem: RoutingProblem
    stops: Sequence[Stop]
    limits: Limits
    seed: int
    start: Sequence[VehicleSteps] = ()
