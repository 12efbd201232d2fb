"""Points whose goods of a visit no vehicle holds: a week plans them in parts, as a day visits them several times."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from planner.pipeline.service.week_demand import waited_days
from planner.service.week import days_of
from planner.units import FloatArray

_MARK = "~"
_MOST = 20
_ROUNDING = 1e-9


def parts_for(goods: FloatArray, patterns: Sequence[int], rooms: FloatArray) -> int:
    """Return in how many alike parts a point is visited, so that some vehicle holds each by one of its patterns.

    ``goods`` [day, dimension] is the larger of what comes down and goes up, ``rooms`` [vehicle type, dimension]. Beyond
    twenty the point stays whole: then it is no matter of parts.
    """
    fewest = min((_parts(goods, pattern, rooms) for pattern in patterns), default=1)
    return fewest if fewest <= _MOST else 1


def _parts(goods: FloatArray, pattern: int, rooms: FloatArray) -> int:
    piled = np.array([goods[list(waited_days(pattern, day))].sum(axis=0) for day in days_of(pattern)]).max(axis=0)
    with np.errstate(divide="ignore", invalid="ignore"):
        times = np.where(piled > 0, piled / rooms, 0.0).max(axis=1)
    least = float(times.min())
    return max(1, int(np.ceil(least - _ROUNDING))) if np.isfinite(least) else _MOST + 1


def part_ids(site_id: str, count: int) -> tuple[str, ...]:
    """Return what the parts of a point are called; the first is called like the point.

    Examples
    --------
    >>> part_ids("sp-1", 2)
    ('sp-1', 'sp-1~2')
    """
    return (site_id, *(f"{site_id}{_MARK}{number}" for number in range(2, count + 1)))


def whole_id(part_id: str) -> str:
    """Return the point of a part.

    Examples
    --------
    >>> whole_id("sp-1~2"), whole_id("sp-1")
    ('sp-1', 'sp-1')
    """
    return part_id.partition(_MARK)[0]
