"""Fewest sites that cover every row as often as it needs, with a proven bound: dominance, row weighting, LP, small MIPs."""

from __future__ import annotations

import datetime
import time
from dataclasses import dataclass, replace

import numpy as np
from ortools.math_opt.python import mathopt
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from planner.coverage.engine.cover_kernels import Cover, begin_weighting, cover_greedily, weigh_rows
from planner.coverage.engine.lagrange import Effort
from planner.coverage.engine.reduce import reduce_cover
from planner.units import BoolArray, FloatArray, IntArray

_MOVES_A_ROUND = 50_000
_QUIET_ROUNDS = 20


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
    bounds = [_linear_bound(piece, core.need[rows], effort) for piece, (rows, _) in zip(pieces, parts, strict=True)]
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
        if decided or bounds[k] >= here.sum() or time.monotonic() > effort.deadline:
            continue
        opened[core.columns[columns]], bounds[k] = _exact(pieces[k], core.need[rows], here, bounds[k], effort)
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
    while quiet < _QUIET_ROUNDS and time.monotonic() < effort.deadline and moves < effort.rounds * size:
        found = weigh_rows(cover, search, best, target, moves, size, random)
        quiet, least, moves = (0 if found < least else quiet + 1), found, moves + size
        if least <= target:
            break
    return best


def _model(covers: csr_array, need: IntArray, *, whole: bool) -> tuple[mathopt.Model, list[mathopt.Variable]]:
    model = mathopt.Model()
    opened = [model.add_variable(lb=0, ub=1, is_integer=whole) for _ in range(covers.shape[1])]
    for i in range(covers.shape[0]):
        columns = covers.indices[covers.indptr[i] : covers.indptr[i + 1]]
        model.add_linear_constraint(mathopt.fast_sum(opened[j] for j in columns) >= float(need[i]))
    model.minimize(mathopt.fast_sum(opened))
    return model, opened


def _seconds_left(effort: Effort) -> datetime.timedelta:
    return datetime.timedelta(seconds=max(0.5, effort.deadline - time.monotonic()))


def _linear_bound(covers: csr_array, need: IntArray, effort: Effort) -> int:
    """Return the bound that the LP's duals prove, whatever the solver's tolerances were."""
    model, _opened = _model(covers, need, whole=False)
    rows = list(model.linear_constraints())
    result = mathopt.solve(
        model, mathopt.SolverType.HIGHS, params=mathopt.SolveParameters(time_limit=_seconds_left(effort))
    )
    if not result.has_dual_feasible_solution():
        return int(need.max())
    duals = np.maximum(0.0, np.array(result.dual_values(rows), dtype=np.float64))
    return max(int(need.max()), int(np.ceil(_proved(covers, need, duals) - 1e-6)))


def _proved(covers: csr_array, need: IntArray, duals: FloatArray) -> float:
    """Return the Lagrangian bound of any non-negative multipliers."""
    return float(need @ duals + np.minimum(0.0, 1.0 - covers.T @ duals).sum())


def _exact(covers: csr_array, need: IntArray, here: BoolArray, bound: int, effort: Effort) -> tuple[BoolArray, int]:
    """Return the choice and bound after branch and bound on one part, started from what is known."""
    model, opened = _model(covers, need, whole=True)
    hint = mathopt.SolutionHint(variable_values={v: float(x) for v, x in zip(opened, here, strict=True)})
    result = mathopt.solve(
        model,
        mathopt.SolverType.HIGHS,
        params=mathopt.SolveParameters(
            time_limit=_seconds_left(effort), random_seed=effort.seed, absolute_gap_tolerance=0.999
        ),
        model_params=mathopt.ModelSolveParameters(solution_hints=[hint]),
    )
    if result.has_primal_feasible_solution():
        found = np.array(result.variable_values(opened)) > 0.5
        if found.sum() < here.sum():
            here = found
    proved = result.dual_bound()
    return here, max(bound, min(int(here.sum()), int(np.ceil(proved - 1e-6)))) if np.isfinite(proved) else bound
