"""Compiled dominance of a covering problem: which rows, or columns, another one makes needless.

Only lists that share their owner's rarest entry can include it, so few pairs are looked at and nothing is multiplied.
"""

from __future__ import annotations

import numpy as np

from planner.coverage.durations import SiteArray
from planner.kernels import kernel
from planner.units import BoolArray, FloatArray, IntArray


@kernel
def includes(starts: IntArray, entries: SiteArray, whole: int, part: int) -> bool:
    """Return whether the sorted list ``whole`` holds every entry of the sorted list ``part``."""
    q, end = starts[whole], starts[whole + 1]
    for z in range(starts[part], starts[part + 1]):
        while q < end and entries[q] < entries[z]:
            q += 1
        if q == end or entries[q] != entries[z]:
            return False
        q += 1
    return True


@kernel
def rarest(starts: IntArray, entries: SiteArray, owner_starts: IntArray, item: int) -> int:
    """Return the entry of this list that is in the fewest lists."""
    pick = entries[starts[item]]
    for z in range(starts[item], starts[item + 1]):
        entry = entries[z]
        if owner_starts[entry + 1] - owner_starts[entry] < owner_starts[pick + 1] - owner_starts[pick]:
            pick = entry
    return int(pick)


@kernel
def needless_rows(
    starts: IntArray, entries: SiteArray, owner_starts: IntArray, owners: SiteArray, need: IntArray
) -> BoolArray:
    """Return the rows (rows,) that hold all columns of another row whose need is no less; of equal rows the first stays."""
    dropped = np.zeros(len(need), dtype=np.bool_)
    size = np.diff(starts)
    for part in range(len(need)):
        if dropped[part] or size[part] == 0:
            continue
        entry = rarest(starts, entries, owner_starts, part)
        for z in range(owner_starts[entry], owner_starts[entry + 1]):
            row = owners[z]
            if row == part or dropped[row] or size[row] < size[part] or need[row] > need[part]:
                continue
            if size[row] == size[part] and need[row] == need[part] and row < part:
                continue
            dropped[row] = includes(starts, entries, row, part)
    return dropped


@kernel
def dominated_columns(
    starts: IntArray,
    entries: SiteArray,
    owner_starts: IntArray,
    owners: SiteArray,
    need: IntArray,
    cost: FloatArray,
) -> BoolArray:
    """Return the columns (columns,) whose rows as many other columns hold too as one of them needs, or that hold none.

    ``starts`` and ``entries`` list the rows of each column, ``owners`` the columns of each row, ``need`` (rows,) what the
    rows need; the others must be no dearer by their ``cost`` (columns,). Of equal columns the first come first.
    """
    size = np.diff(starts)
    dropped = np.zeros(len(size), dtype=np.bool_)
    for part in range(len(size)):
        if size[part] == 0:
            dropped[part] = True
            continue
        others = 1
        for q in range(starts[part], starts[part + 1]):
            others = max(others, need[entries[q]])
        entry = rarest(starts, entries, owner_starts, part)
        for z in range(owner_starts[entry], owner_starts[entry + 1]):
            whole = owners[z]
            if size[whole] < size[part] or (size[whole] == size[part] and whole >= part) or cost[whole] > cost[part]:
                continue
            if includes(starts, entries, whole, part):
                others -= 1
                if others == 0:
                    dropped[part] = True
                    break
    return dropped
