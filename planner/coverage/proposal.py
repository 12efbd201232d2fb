"""What an engine hands over: open sites with a bound, or that there are none."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from planner.coverage.solution import SolveStatus
from planner.units import BoolArray, IntArray


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """Open sites (sites,), the proven bound in the objective's own figure, and whether nothing better exists.

    ``status`` says why there is no answer: INFEASIBLE is proven, NOT_FOUND is not. ``assigned`` (demand points,) is the
    site that serves each point, -1 if none, where loads make it matter; ``stations`` (stations,) and ``linked`` (sites,),
    the station of each open site or -1, belong to the tier above.
    """

    opened: BoolArray
    bound: float | None
    proven: bool
    status: SolveStatus | None = None
    assigned: IntArray | None = None
    stations: BoolArray | None = None
    linked: IntArray | None = None

    @classmethod
    def nothing(cls, status: SolveStatus) -> Proposal:
        """Return the proposal that has no answer."""
        return cls(opened=np.zeros(0, dtype=np.bool_), bound=None, proven=False, status=status)
