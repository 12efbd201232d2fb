"""The linear relaxation of siting with loads over chosen sites and pairs: prices of cuts, and shares that show new cuts."""

from __future__ import annotations

import datetime
from typing import NamedTuple

import numpy as np
from ortools.math_opt import model_pb2
from ortools.math_opt.python import mathopt
from ortools.pdlp import solvers_pb2

from planner.coverage.durations import SiteArray
from planner.coverage.engine.capacitated.cuts import Cut
from planner.coverage.engine.capacitated.loads import Loads
from planner.coverage.engine.served import Served
from planner.coverage.engine.status import OPEN
from planner.units import BoolArray, FloatArray, IntArray

# how exact, relative to the objective; the most iterations
_EXACT = 1e-4
_ITERATIONS = 30_000


class Relaxed(NamedTuple):
    """Multipliers of the cuts, and the shares of sites (sites,) and of pairs (pairs,)."""

    multipliers: FloatArray
    opened: FloatArray
    shares: FloatArray


class _Rows:
    """Constraints being gathered: coefficients as (row, column, value), and the limits of each row."""

    def __init__(self) -> None:
        self.places: list[tuple[IntArray, IntArray, FloatArray]] = []
        self.limits: list[tuple[FloatArray, FloatArray]] = []
        self.size = 0

    def add(self, row: IntArray, column: IntArray, value: FloatArray, low: FloatArray, high: FloatArray) -> None:
        """Add rows whose numbers begin at 0."""
        self.places.append((row + self.size, column, value))
        self.limits.append((low, high))
        self.size += len(low)


def relax(
    served: Served,
    loads: Loads,
    kept: tuple[BoolArray, BoolArray],
    limits: tuple[int, float],
    dear: FloatArray,
    cuts: list[Cut],
    seconds: float,
) -> Relaxed | None:
    """Return the solution of the relaxation over the sites and pairs ``kept``; None if the solver does not end with one.

    Minimise sum c_ij x_ij + sum dear_i z_i + sum fixed_j y_j, sum_j x_ij + z_i = 1, x_ij <= y_j, loads, ``limits``
    (count, budget) and cuts; ``dear`` (rows,) is what to forgo a row costs here. Nothing rests on its exactness, so that
    a first-order method serves (Applegate et al. 2021, PDLP): the bound is reckoned from the multipliers over all pairs.
    """
    sites = np.flatnonzero(kept[0])
    pairs = np.flatnonzero(kept[1] & kept[0][served.row_sites])
    row_of = np.repeat(np.arange(len(loads.load)), np.diff(served.row_starts))[pairs]
    m, n, s = len(pairs), len(loads.load), len(sites)
    column = np.full(len(loads.status), -1, dtype=np.int64)
    column[sites] = m + n + np.arange(s)
    x, y, zeros = np.arange(m), m + n + np.arange(s), np.zeros
    y_of = column[served.row_sites[pairs]]
    rows = _Rows()
    rows.add(np.concatenate([row_of, np.arange(n)]), np.arange(m + n), np.ones(m + n), np.ones(n), np.ones(n))
    rows.add(
        np.concatenate([x, x]),
        np.concatenate([x, y_of]),
        np.repeat([1.0, -1.0], m),
        np.full(m, -np.inf),
        zeros(m),
    )
    _add_loads(rows, loads, sites, y, y_of, loads.load[row_of])
    count = np.array([float(limits[0])])
    rows.add(zeros(s, dtype=np.int64), y, np.ones(s), np.array([-np.inf]), count)
    if np.isfinite(limits[1]):
        unit = max(float(loads.price[sites].mean()), 1e-12)
        spent = np.array([limits[1] / unit])
        rows.add(zeros(s, dtype=np.int64), y, loads.price[sites] / unit, np.array([-np.inf]), spent)
    first = rows.size
    for cut in cuts:
        _add_cut(rows, loads, cut, column, (row_of, served.row_sites[pairs]))
    unit = max(float(dear.mean()), 1e-12)
    cost = np.concatenate([served.row_costs[pairs], dear, loads.fixed[sites]]) / unit
    lower = np.concatenate([zeros(m + n), (loads.status[sites] == OPEN).astype(np.float64)])
    values, duals = _solve(rows, cost, lower, seconds)
    if values is None or duals is None:
        return None
    shares, opened = zeros(len(served.row_sites)), zeros(len(loads.status))
    shares[pairs], opened[sites] = values[:m], values[m + n :]
    return Relaxed(np.maximum(duals[first:], 0.0) * unit, opened, shares)


def _add_loads(rows: _Rows, loads: Loads, sites: IntArray, y: IntArray, y_of: IntArray, weight: FloatArray) -> None:
    """Add ``least_j y_j <= sum load_i x_ij <= capacity_j y_j``, each divided by its limit."""
    for limit, upper in ((loads.capacity[sites], True), (loads.least[sites], False)):
        held = np.flatnonzero(np.isfinite(limit) & (limit > 0))
        place = np.full(len(sites), -1, dtype=np.int64)
        place[held] = np.arange(len(held))
        mine = np.flatnonzero(place[y_of - y[0]] >= 0) if len(sites) else np.zeros(0, dtype=np.int64)
        k = y_of[mine] - y[0] if len(sites) else mine
        ends = np.full(len(held), -np.inf), np.zeros(len(held))
        low, high = ends if upper else (ends[1], -ends[0])
        rows.add(
            np.concatenate([place[k], np.arange(len(held))]),
            np.concatenate([mine, y[held]]),
            np.concatenate([weight[mine] / limit[k], -np.ones(len(held))]),
            low,
            high,
        )


def _add_cut(rows: _Rows, loads: Loads, cut: Cut, column: IntArray, pairs: tuple[IntArray, SiteArray]) -> None:
    """Add ``sum_C y - pull sum_W load x >= need - pull load(W)``."""
    inside, member = np.zeros(len(loads.load), dtype=np.bool_), np.zeros(len(loads.status), dtype=np.bool_)
    inside[cut.rows], member[cut.sites] = True, True
    x = np.flatnonzero(inside[pairs[0]] & member[pairs[1]])
    y = column[cut.sites][column[cut.sites] >= 0]
    rows.add(
        np.zeros(len(x) + len(y), dtype=np.int64),
        np.concatenate([x, y]),
        np.concatenate([-cut.pull * loads.load[pairs[0][x]], np.ones(len(y))]),
        np.array([cut.need - cut.pull * float(loads.load[cut.rows].sum())]),
        np.array([np.inf]),
    )


def _solve(
    rows: _Rows, cost: FloatArray, lower: FloatArray, seconds: float
) -> tuple[FloatArray | None, FloatArray | None]:
    """Return values and dual values, None without a solution; variables are at most 1."""
    proto = model_pb2.ModelProto()
    proto.variables.ids.extend(range(len(cost)))
    proto.variables.lower_bounds.extend(lower.tolist())
    proto.variables.upper_bounds.extend([1.0] * len(cost))
    proto.variables.integers.extend([False] * len(cost))
    proto.objective.linear_coefficients.ids.extend(np.flatnonzero(cost).tolist())
    proto.objective.linear_coefficients.values.extend(cost[cost != 0].tolist())
    proto.linear_constraints.ids.extend(range(rows.size))
    proto.linear_constraints.lower_bounds.extend(np.concatenate([low for low, _ in rows.limits]).tolist())
    proto.linear_constraints.upper_bounds.extend(np.concatenate([high for _, high in rows.limits]).tolist())
    row, column, value = (np.concatenate(part) for part in zip(*rows.places, strict=True))
    order = np.lexsort((column, row))
    order = order[value[order] != 0]
    proto.linear_constraint_matrix.row_ids.extend(row[order].tolist())
    proto.linear_constraint_matrix.column_ids.extend(column[order].tolist())
    proto.linear_constraint_matrix.coefficients.extend(value[order].tolist())
    model = mathopt.Model.from_model_proto(proto)
    exact = solvers_pb2.PrimalDualHybridGradientParams()
    exact.termination_criteria.simple_optimality_criteria.eps_optimal_relative = _EXACT
    exact.termination_criteria.simple_optimality_criteria.eps_optimal_absolute = _EXACT
    parameters = mathopt.SolveParameters(
        time_limit=datetime.timedelta(seconds=max(seconds, 0.01)), iteration_limit=_ITERATIONS, pdlp=exact
    )
    result = mathopt.solve(model, mathopt.SolverType.PDLP, params=parameters)
    if result.termination.reason is not mathopt.TerminationReason.OPTIMAL or not result.has_dual_feasible_solution():
        return None, None
    return (
        np.array(result.variable_values(list(model.variables())), dtype=np.float64),
        np.array(result.dual_values(list(model.linear_constraints())), dtype=np.float64),
    )
