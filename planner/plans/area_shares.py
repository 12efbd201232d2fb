"""Shares of all villages and people of an area: the one rule for what may be said where rows were left out."""

from __future__ import annotations

from planner.coverage import CoveredShares
from planner.model import StudyArea

_NEARLY = 1e-12
"""A share that differs from the whole by less does so by rounding alone."""


def share_if_known(share: float, total: float, *, known: bool = True) -> float | None:
    """Return a share of a total, None of nothing, and where all that is known is not all there is.

    Examples
    --------
    >>> share_if_known(0.9, 100), share_if_known(1.0, 0), share_if_known(1.0, 100, known=False)
    (0.9, None, None)
    """
    return share if total and (known or share < 1 - _NEARLY) else None


def share_of(area: StudyArea, shares: CoveredShares, name: str) -> float | None:
    """Return a share of an answer by its name (``population``), None where `share_if_known` has none."""
    # rows at fault that say no people would make the rest the whole
    known = name in ("villages", "poor_villages") or not area.rows_left_out.without_people
    return share_if_known(getattr(shares, name), getattr(shares, f"{name}_total"), known=known)
