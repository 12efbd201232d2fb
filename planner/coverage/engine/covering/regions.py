"""Fewer columns of a set covering by solving one region after another whole, the rest held (as in Fischetti & Lodi 2003)."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import breadth_first_order

from planner.coverage.engine.covering.programs import solve_whole
from planner.coverage.engine.effort import Effort
from planner.units import BoolArray, FloatArray, IntArray

# with backup on the province 300 rows took 0.05 CPU-s and brought two columns in 23 s, 700 rows 1.4 and two in 17 s,
# 1,200 rows 3.2 and two in 32 s: small regions first, larger ones once they bring nothing
_REGION_ROWS = (600, 900, 1_200)
_REGION_SECONDS = 10.0
_NODES = 200
# a column whose reduced cost is higher hardly ever takes part in a good choice
_DEAR = 0.5
# regions of one size without effect after which the next size is taken, so that each row has been in so many
_TIMES_QUIET = 4


def improve_in_regions(
    covers: csr_array, need: IntArray, here: BoolArray, duals: FloatArray, target: int, effort: Effort
) -> BoolArray:
    """Return a choice of no more columns; ends at ``target``, at the deadline, or when many regions bring nothing.

    A region is a row with its nearest ones in steps from row to row over a common column. The columns that reach it are
    free unless the ``duals`` make them dear, all others stay as they are.
    """
    here = here.copy()
    random = np.random.default_rng(effort.seed)
    graph = (covers @ covers.T).tocsr()
    turned = covers.T.tocsr()
    cheap = 1.0 - turned @ duals < _DEAR
    rows = covers.shape[0]
    stage, quiet, tried = 0, 0, 0
    while stage < len(_REGION_ROWS) and here.sum() > target and not effort.late and tried < effort.rounds:
        size = _REGION_ROWS[stage]
        order = breadth_first_order(graph, int(random.integers(rows)), directed=False, return_predecessors=False)
        reached = np.zeros(covers.shape[1], dtype=np.bool_)
        reached[covers[order[:size]].indices] = True
        free = np.flatnonzero(reached & (cheap | here))
        better = _solve_region(covers, turned, need, here, free, effort)
        quiet, tried = quiet + 1, tried + 1
        if better is not None:
            here[free] = better
            quiet = 0
        elif quiet >= _TIMES_QUIET * rows / size:
            stage, quiet = stage + 1, 0
    return here


def _solve_region(
    covers: csr_array, turned: csr_array, need: IntArray, here: BoolArray, free: IntArray, effort: Effort
) -> BoolArray | None:
    """Return which of the ``free`` columns to choose instead of now, if fewer do; the others are held."""
    held = here.copy()
    held[free] = False
    left = need - covers @ held.astype(np.int64)
    rows = np.unique(turned[free].indices)
    rows = rows[left[rows] > 0]
    brief = replace(effort, deadline=min(effort.deadline, effort.clock() + _REGION_SECONDS))
    part = covers[rows][:, free].tocsr()
    found, _bound = solve_whole(part, left[rows], np.ones(len(free)), brief, gap=0.999, start=here[free], nodes=_NODES)
    if found is None or found.sum() >= here[free].sum() or (part @ found.astype(np.int64) < left[rows]).any():
        return None
    return found
