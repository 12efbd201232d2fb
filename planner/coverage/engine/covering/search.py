"""Fewest sites that cover every row as often as it needs, with a proven bound: dominance, row weighting, LP, small MIPs."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from planner.coverage.engine.covering.programs import multipliers, proved, solve_whole, split_bound
from planner.coverage.engine.covering.regions import improve_in_regions
from planner.coverage.engine.covering.weighting import Cover, begin_weighting, cover_greedily, weigh_rows
from planner.coverage.engine.effort import Effort
from planner.coverage.engine.reduce import reduce_cover
from planner.units import BoolArray, FloatArray, IntArray

_MOVES_A_ROUND = 50_000
_QUIET_ROUNDS = 20
# a part with more rows is first solved in blocks: of 400, 700 and 1,000 rows the last proved most on the province
_BLOCK_ROWS = 1_000
# of what is left of the time, at least the part that is kept for fewer columns once the bound is raised
_REGION_SHARE = 0.2


@dataclass(frozen=True, slots=True, kw_only=True)
class FewestSites:
    """The chosen columns, how many they are, and the proven least number."""

    opened: BoolArray
    value: int
    bound: int

    @property
    def proven(self) -> bool:
        """Whether fewer are impossible."""
        return self.bound >= self.value


def fewest_sites(covers: csr_array, need: IntArray, effort: Effort, *, enough: int = 0) -> FewestSites:
    """Return the fewest columns that give every row its ``need``; every row must have that many columns.

    The search stops early once ``enough`` columns suffice, or once it is proven that more are needed.
    """
    core = reduce_cover(covers, need)
    opened = np.zeros(covers.shape[1], dtype=np.bool_)
    opened[core.forced] = True
    parts = _components(core.covers)
    pieces = [core.covers[rows][:, columns].tocsr() for rows, columns in parts]
    duals = [
        multipliers(piece, core.need[rows], np.ones(piece.shape[1]), effort)
        for piece, (rows, _) in zip(pieces, parts, strict=True)
    ]
    bounds = [
        _whole_bound(core.need[rows], proved(piece, core.need[rows], np.ones(piece.shape[1]), u))
        for piece, (rows, _), u in zip(pieces, parts, duals, strict=True)
    ]
    if len(core.forced) + sum(bounds) > enough > 0:
        opened[core.columns] = True
        return FewestSites(opened=opened, value=int(opened.sum()), bound=len(core.forced) + sum(bounds))
    for piece, (rows, columns), bound in zip(pieces, parts, bounds, strict=True):
        target = max(bound, enough - len(core.forced)) if len(parts) == 1 else bound
        opened[core.columns[columns[_search(piece, core.need[rows], target, effort)]]] = True
    for k in sorted(range(len(parts)), key=lambda k: len(parts[k][0])):
        decided = int(opened.sum()) <= enough or len(core.forced) + sum(bounds) > enough > 0
        rows, columns = parts[k]
        here = opened[core.columns[columns]]
        if decided or bounds[k] >= here.sum() or effort.late:
            continue
        opened[core.columns[columns]], bounds[k] = _finish(
            pieces[k], core.need[rows], here, (duals[k], bounds[k]), effort
        )
    return FewestSites(opened=opened, value=int(opened.sum()), bound=len(core.forced) + sum(bounds))


def cover_with(covers: csr_array, room: int, effort: Effort) -> BoolArray | None:
    """Return at most ``room`` columns that cover every row if a short search finds them, else None, which proves nothing."""
    need = np.ones(covers.shape[0], dtype=np.int64)
    core = reduce_cover(covers, need)
    opened = np.zeros(covers.shape[1], dtype=np.bool_)
    opened[core.forced] = True
    left = room - len(core.forced)
    if core.covers.shape[0]:
        if _apart(core.covers) > left:
            return None
        brief = replace(effort, rounds=2)
        opened[core.columns[_search(core.covers, core.need, left, brief)]] = True
    return opened if opened.sum() <= room else None


def _apart(covers: csr_array) -> int:
    """Return how many rows a greedy choice finds of which no two share a column: as many columns are needed."""
    taken = np.zeros(covers.shape[1], dtype=np.bool_)
    count = 0
    for i in np.argsort(np.diff(covers.indptr), kind="stable"):
        columns = covers.indices[covers.indptr[i] : covers.indptr[i + 1]]
        if not taken[columns].any():
            taken[columns] = True
            count += 1
    return count


def _components(covers: csr_array) -> list[tuple[IntArray, IntArray]]:
    """Return rows and columns of each part that shares no site with another."""
    rows = covers.shape[0]
    if not rows:
        return []
    count, label = connected_components(_both_ways(covers), directed=False)
    return [(np.flatnonzero(label[:rows] == k), np.flatnonzero(label[rows:] == k)) for k in range(count)]


def _both_ways(covers: csr_array) -> csr_array:
    """Return the graph whose nodes are first the rows, then the columns."""
    pairs = covers.tocoo()
    row, column = pairs.coords
    nodes = sum(covers.shape)
    return csr_array((np.ones(covers.nnz, dtype=np.int8), (row, column + covers.shape[0])), shape=(nodes, nodes))


def _search(covers: csr_array, need: IntArray, target: int, effort: Effort) -> BoolArray:
    """Return a good choice by row weighting: rounds until several in a row bring nothing."""
    turned = covers.T.tocsr()
    cover = Cover(
        covers.indptr.astype(np.int64),
        covers.indices.astype(np.int32),
        turned.indptr.astype(np.int64),
        turned.indices.astype(np.int32),
        need.astype(np.int64),
    )
    search = begin_weighting(cover)
    random = np.random.default_rng(effort.seed)
    cover_greedily(cover, search)
    best = np.ones(covers.shape[1], dtype=np.bool_)
    least, quiet, moves = covers.shape[1], 0, 0
    size = min(_MOVES_A_ROUND, 100 * covers.shape[0])
    while quiet < _QUIET_ROUNDS and not effort.late and moves < effort.rounds * size:
        found = weigh_rows(cover, search, best, target, moves, size, random)
        quiet, least, moves = (0 if found < least else quiet + 1), found, moves + size
        if least <= target:
            break
    return best


def _whole_bound(need: IntArray, bound: float) -> int:
    return max(int(need.max(initial=0)), int(np.ceil(bound - 1e-6)))


def _finish(
    covers: csr_array, need: IntArray, here: BoolArray, known: tuple[FloatArray, int], effort: Effort
) -> tuple[BoolArray, int]:
    """Return the choice and bound of one part after an integer programme, in blocks and regions if it is large.

    ``known`` are the linear programme's multipliers and the bound so far.
    """
    duals, bound = known
    if covers.shape[0] > _BLOCK_ROWS:
        brief = replace(effort, deadline=effort.deadline - _REGION_SHARE * effort.seconds_left)
        apart = split_bound(covers, need, duals, float(here.sum()), brief, _BLOCK_ROWS)
        bound = max(bound, _whole_bound(need, apart))
        here = improve_in_regions(covers, need, here, duals, bound, effort)
        if here.sum() > bound + 1:
            return here, bound  # more than a whole programme of this size closes
    if bound >= here.sum() or effort.late:
        return here, bound
    found, proved_here = solve_whole(covers, need, np.ones(covers.shape[1]), effort, gap=0.999, start=here)
    if found is not None and found.sum() < here.sum():
        here = found
    return here, max(bound, min(int(here.sum()), int(np.ceil(proved_here - 1e-6)) if proved_here > 0 else 0))
