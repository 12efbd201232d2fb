"""The deflected subgradient rule that raises every Lagrangian bound here: direction, length of step, when to fall back.

A direction is the slope of the bound blended with the direction before (Camerini, Fratta & Maffioli 1975), a step is
Polyak's: towards a goal, shortened by a factor. After ``patience`` steps without progress the factor falls and the ascent
goes on from its best multipliers. A bound that falls is one that rises with the sign turned, goal and all.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from planner.kernels import kernel

GO_ON, FALL_BACK, STOP = range(3)
FLAT = 1e-12
"""Squared length below which a direction leads nowhere."""

LEAST_FACTOR = 1e-3
"""Step factor below which an ascent has settled."""

_MEMORY = 0.93  # of 0.3, 0.7, 0.85 and 0.93 the one with the best bound on province MCLP, and no worse on p-median

_FALL = 0.7
_PROGRESS = 0.001  # part of the way to the goal that counts as progress

# a record reaches kernels by reference: what they write stays for the next call
_PACE = np.dtype(
    (
        np.record,
        [(name, np.float64) for name in ("goal", "enough", "factor", "patience", "memory", "bound", "stalled")],
    )
)


def new_pace(
    *, patience: float, goal: float = 0.0, enough: float = np.inf, factor: float = 1.0, memory: float = _MEMORY
) -> Any:
    """Return a pace, a record of named numbers that kernels change.

    ``goal`` is the value stepped towards, ``enough`` the bound at which to stop, ``factor`` the step factor, which is kept
    from one ascent to the next, ``patience`` how many steps may bring no progress, ``memory`` the part of the direction
    before that is kept. ``bound`` and ``stalled`` belong to the ascent under way: its best bound, steps without progress.
    """
    return np.array([(goal, enough, factor, patience, memory, -np.inf, 0.0)], dtype=_PACE)[0]


@kernel
def set_out(pace: Any) -> None:
    """Begin an ascent: no bound is known."""
    pace.bound, pace.stalled = -np.inf, 0.0


@kernel
def best_so_far(pace: Any, bound: float) -> bool:
    """Count a step's bound; return whether it is the best, so that its multipliers are worth keeping."""
    pace.stalled += 1.0
    if bound <= pace.bound:
        return False
    if bound > pace.bound + _PROGRESS * max(pace.goal - pace.bound, 0.0):
        pace.stalled = 0.0
    pace.bound = bound
    return True


@kernel
def what_next(pace: Any) -> int:
    """Return GO_ON, STOP, or FALL_BACK: to the best multipliers, without a direction, with a smaller factor from now on."""
    if pace.bound >= pace.enough or pace.factor < LEAST_FACTOR:
        return STOP
    if pace.stalled < pace.patience:
        return GO_ON
    pace.factor, pace.stalled = _FALL * pace.factor, 0.0
    return FALL_BACK


@kernel
def deflected(memory: float, slope: float, before: float, lowest: bool, highest: bool) -> float:
    """Return one part of the direction: 0 where it leads below a multiplier's ``lowest`` or above its ``highest`` value.

    ``memory`` is the pace's, read before the loop.
    """
    part = slope + memory * before
    return 0.0 if (lowest and part < 0.0) or (highest and part > 0.0) else part


@kernel
def stride(pace: Any, bound: float, norm: float) -> float:
    """Return the length of a step from this bound along a direction of this squared length."""
    return float(pace.factor * max(pace.goal - bound, 1e-9 * abs(pace.goal)) / norm)
