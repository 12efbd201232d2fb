"""Covering as linear and integer programmes for HiGHS, and bounds that stand on their multipliers.

Minimise ``sum_j cost_j y_j`` so that every row ``i`` has ``sum_j a_ij y_j >= need_i``, ``0 <= y <= 1``, whole or not. Any
multipliers ``u >= 0`` prove ``sum_i need_i u_i + sum_j min(0, cost_j - sum_i a_ij u_i)`` (Geoffrion 1974).
"""

from __future__ import annotations

import datetime

import numpy as np
from ortools.math_opt import model_pb2
from ortools.math_opt.python import mathopt
from scipy.sparse import csr_array
from scipy.sparse.csgraph import breadth_first_order

from planner.coverage.engine.effort import Effort
from planner.coverage.engine.highs import solve_with_highs
from planner.units import BoolArray, FloatArray, IntArray

_LEAST_BLOCK = 60
# what all blocks together may stay below their best: the last steps take long and seldom reach another whole number
_BLOCK_GAP = 0.15


def covering_model(covers: csr_array, need: IntArray, costs: FloatArray, *, whole: bool) -> mathopt.Model:
    """Return the programme; variable ``j`` is column ``j``, constraint ``i`` is row ``i``."""
    rows, columns = covers.shape
    proto = model_pb2.ModelProto()
    proto.variables.ids.extend(range(columns))
    proto.variables.lower_bounds.extend([0.0] * columns)
    proto.variables.upper_bounds.extend([1.0] * columns)
    proto.variables.integers.extend([whole] * columns)
    proto.objective.linear_coefficients.ids.extend(range(columns))
    proto.objective.linear_coefficients.values.extend(costs.tolist())
    proto.linear_constraints.ids.extend(range(rows))
    proto.linear_constraints.lower_bounds.extend(need.astype(np.float64).tolist())
    proto.linear_constraints.upper_bounds.extend([np.inf] * rows)
    ordered = covers.sorted_indices()
    matrix = proto.linear_constraint_matrix
    matrix.row_ids.extend(np.repeat(np.arange(rows), np.diff(ordered.indptr)).tolist())
    matrix.column_ids.extend(ordered.indices.tolist())
    matrix.coefficients.extend([1.0] * len(ordered.indices))
    return mathopt.Model.from_model_proto(proto)


def seconds_left(effort: Effort, share: float = 1.0) -> datetime.timedelta:
    """Return this share of what is left of the effort in wall time, at least half a second."""
    return datetime.timedelta(seconds=max(0.5, share * effort.wall_seconds_left))


def multipliers(covers: csr_array, need: IntArray, costs: FloatArray, effort: Effort) -> FloatArray:
    """Return the linear programme's multipliers (rows,), never below 0; zeros if it was not solved in time."""
    model = covering_model(covers, need, costs, whole=False)
    result = solve_with_highs(model, mathopt.SolveParameters(time_limit=seconds_left(effort)))
    if not result.has_dual_feasible_solution():
        return np.zeros(len(need))
    duals = result.dual_values(list(model.linear_constraints()))
    return np.maximum(0.0, np.array(duals, dtype=np.float64))


def proved(covers: csr_array, need: IntArray, costs: FloatArray, duals: FloatArray) -> float:
    """Return the Lagrangian bound of any non-negative multipliers."""
    return float(need @ duals + np.minimum(0.0, costs - covers.T @ duals).sum())


def solve_whole(
    covers: csr_array,
    need: IntArray,
    costs: FloatArray,
    effort: Effort,
    *,
    share: float = 1.0,
    gap: float = 0.0,
    start: BoolArray | None = None,
    nodes: int | None = None,
) -> tuple[BoolArray | None, float]:
    """Return the best columns found in this share of the time (None if none) and the bound, -inf if there is none.

    The search ends once bound and value are within ``gap``, or after ``nodes``; ``start`` is a choice to begin with.
    """
    model = covering_model(covers, need, costs, whole=True)
    variables = list(model.variables())
    hints = []
    if start is not None:
        values = {v: float(x) for v, x in zip(variables, start, strict=True)}
        hints.append(mathopt.SolutionHint(variable_values=values))
    result = solve_with_highs(
        model,
        mathopt.SolveParameters(
            time_limit=seconds_left(effort, share),
            random_seed=effort.seed,
            absolute_gap_tolerance=gap,
            node_limit=nodes,
        ),
        model_parameters=mathopt.ModelSolveParameters(solution_hints=hints),
    )
    bound = result.dual_bound()
    bound = bound if np.isfinite(bound) else -np.inf
    if not result.has_primal_feasible_solution():
        return None, bound
    return np.array(result.variable_values(variables)) > 0.5, bound


def split_bound(
    covers: csr_array, need: IntArray, duals: FloatArray, enough: float, effort: Effort, block_rows: int
) -> float:
    """Return a bound on the number of columns from blocks of rows that are solved as integer programmes one by one.

    Each column's cost of 1 is shared among the blocks whose rows it covers, as the ``duals`` weigh them there, so the
    blocks' least costs add up to a bound that starts at the linear one (cost splitting: Guignard & Kim 1987). Ends early
    once ``enough`` is reached or cannot be any more.
    """
    blocks = _blocks(covers, duals, np.arange(covers.shape[0]), block_rows)
    blocks.sort(key=len)
    shares = _shares(covers, duals, blocks)
    parts = [covers[rows].tocsr() for rows in blocks]
    sums = [
        proved(part, need[rows], share, duals[rows]) for part, rows, share in zip(parts, blocks, shares, strict=True)
    ]
    for k, (part, rows, share) in enumerate(zip(parts, blocks, shares, strict=True)):
        columns = np.flatnonzero(np.bincount(part.indices, minlength=part.shape[1]))
        if sum(sums) >= enough or effort.late:
            break
        _chosen, bound = solve_whole(
            part[:, columns].tocsr(),
            need[rows],
            share[columns],
            effort,
            share=1.0 / (len(blocks) - k),
            gap=_BLOCK_GAP / len(blocks),
        )
        sums[k] = max(sums[k], bound)
    return sum(sums)


def _shares(covers: csr_array, duals: FloatArray, blocks: list[IntArray]) -> list[FloatArray]:
    """Return each block's part (columns,) of every column's cost of 1: never more than 1 together."""
    used = np.array([covers[rows].T @ duals[rows] for rows in blocks])
    touched = np.array([np.bincount(covers[rows].indices, minlength=covers.shape[1]) > 0 for rows in blocks])
    rest = (1.0 - used.sum(axis=0)) / np.maximum(1, touched.sum(axis=0))
    shares = np.maximum(0.0, np.where(touched, used + rest, 0.0))
    return list(shares / np.maximum(1.0, shares.sum(axis=0)))


def _blocks(covers: csr_array, duals: FloatArray, rows: IntArray, most: int) -> list[IntArray]:
    """Return these rows in parts of at most ``most``, cut between two far ends so that the duals' sums are even."""
    if len(rows) <= max(most, _LEAST_BLOCK):
        return [rows]
    part = covers[rows]
    graph = (part @ part.T).tocsr()
    far = _hops(graph, int(np.argmax(_hops(graph, 0))))
    other = _hops(graph, int(np.argmax(far)))
    order = np.argsort(far - other, kind="stable")
    mass = np.cumsum(duals[rows][order])
    half = int(np.clip(np.searchsorted(mass, mass[-1] / 2), 1, len(rows) - 1))
    return _blocks(covers, duals, np.sort(rows[order[:half]]), most) + _blocks(
        covers, duals, np.sort(rows[order[half:]]), most
    )


def _hops(graph: csr_array, start: int) -> FloatArray:
    """Return how many steps each row is away; rows out of reach count as nearest."""
    order, before = breadth_first_order(graph, start, directed=False)
    hops = np.full(graph.shape[0], -1.0)
    hops[start] = 0.0
    for i in order[1:]:
        hops[i] = hops[before[i]] + 1.0
    return hops
