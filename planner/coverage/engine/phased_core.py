"""What is still open of a covering problem over years as an integer programme in HiGHS (through OR-Tools).

One 0/1 variable says of a (site, year) pair that the site is open by that year; a site's pairs only ever go up. A row that
one variable alone can cover needs no variable of its own; rows with equal variables are one (Church & ReVelle 1974).
"""

from __future__ import annotations

import datetime
import math
from dataclasses import dataclass

import numpy as np
from ortools.math_opt import model_pb2
from ortools.math_opt.python import mathopt
from scipy.sparse import csr_array, eye_array, hstack, vstack

from planner.coverage.engine.phased_world import Phases, matrix_of
from planner.units import BoolArray, FloatArray, IntArray


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Core:
    """The (site, year) pairs still open, sorted by site then year, and the sites that every better plan opens."""

    site: IntArray
    year: IntArray
    sure: BoolArray

    @classmethod
    def of(cls, allowed: BoolArray, sure: BoolArray) -> Core:
        """Return the core of the allowed pairs (sites, years)."""
        site, year = np.nonzero(allowed)
        return cls(site=site, year=year, sure=sure)

    @property
    def begins(self) -> BoolArray:
        """Whether a pair is the first of its site."""
        return np.concatenate([[True], self.site[1:] != self.site[:-1]])[: len(self.site)]

    @property
    def ends(self) -> BoolArray:
        """Whether a pair is the last of its site."""
        return np.concatenate([self.site[1:] != self.site[:-1], [True]])[-len(self.site) :]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Programme:
    """Variables (pairs, then groups of rows) and constraints ``least <= rows @ x <= most``; ``gain`` is maximised."""

    gain: FloatArray
    lower: FloatArray
    rows: csr_array
    least: FloatArray
    most: FloatArray
    constant: float


def solve_core(
    phases: Phases, core: Core, opens: IntArray, *, seconds: float, seed: int, nodes: int, gap: float
) -> tuple[IntArray, float]:
    """Return opening years (sites,) and the bound that HiGHS proves for plans of these pairs; ``opens`` is the start.

    Targets and required rows are hard here, and ``opens`` must keep them and use pairs of the core. ``gap`` is the
    absolute gap to stop at. The bound is minus infinity if no plan of these pairs keeps them.
    """
    programme = _programme(phases, core)
    model = mathopt.Model.from_model_proto(_written(programme, len(core.site)))
    variables = list(model.variables())
    start = _values(programme, core, opens)
    hint = mathopt.SolutionHint(variable_values=dict(zip(variables, start.tolist(), strict=True)))
    result = mathopt.solve(
        model,
        mathopt.SolverType.HIGHS,
        params=mathopt.SolveParameters(
            time_limit=datetime.timedelta(seconds=max(0.1, seconds)),
            random_seed=seed,
            node_limit=nodes,
            absolute_gap_tolerance=gap,
            relative_gap_tolerance=0.0,
        ),
        model_params=mathopt.ModelSolveParameters(solution_hints=[hint]),
    )
    if result.termination.reason is mathopt.TerminationReason.INFEASIBLE:
        return opens, -math.inf
    bound = float(result.dual_bound()) + programme.constant
    if not result.has_primal_feasible_solution():
        return opens, bound
    chosen = np.array(result.variable_values(variables[: len(core.site)])) > 0.5
    found = np.full(len(opens), phases.weights.shape[1], dtype=np.int64)
    np.minimum.at(found, core.site[chosen], core.year[chosen])
    return found, bound


def _programme(phases: Phases, core: Core) -> _Programme:
    covers = matrix_of(phases)
    years, pairs = phases.weights.shape[1], len(core.site)
    direct, groups, weights, musts, fixed = [], [], [], [], np.zeros(years)
    for t in range(years):
        latest = (core.year <= t) & (core.ends | (np.append(core.year[1:], 0) > t))
        at = np.flatnonzero(latest)
        place = csr_array((np.ones(len(at)), (core.site[at], at)), shape=(covers.shape[1], pairs))
        table = (covers @ place).tocsr()
        required = t >= phases.required_from
        musts.append(table[np.flatnonzero(required)])
        fixed[t] = phases.weights[required, t].sum()
        alone, grouped, total = _grouped(table, np.where(required, 0.0, phases.weights[:, t]))
        direct.append(alone)
        groups.append(grouped)
        weights.append(total)
    count = sum(len(total) for total in weights)
    gains = np.zeros((years, pairs + count))
    start = pairs
    for t in range(years):
        gains[t, :pairs] = direct[t]
        gains[t, start : start + len(weights[t])] = weights[t]
        start += len(weights[t])
    aimed = np.flatnonzero(phases.target > 0)
    must = vstack(musts)
    onward = np.flatnonzero(~core.begins)
    up = csr_array(
        (
            np.repeat([1.0, -1.0], len(onward)),
            (np.tile(np.arange(len(onward)), 2), np.concatenate([onward, onward - 1])),
        ),
        shape=(len(onward), pairs),
    )
    parts: list[tuple[csr_array, FloatArray | float, FloatArray | float]] = [
        (hstack([vstack(groups), -eye_array(count)]).tocsr(), 0.0, np.inf),
        (_widened(must, count), 1.0, np.inf),
        (_widened(up, count), 0.0, np.inf),
        (_widened(csr_array(_spending(phases, core)), count), -np.inf, phases.room),
        (csr_array(gains[aimed]), phases.target[aimed] - fixed[aimed], np.inf),
    ]
    lower = np.zeros(pairs + count)
    lower[np.flatnonzero(core.ends & core.sure[core.site])] = 1.0
    return _Programme(
        gain=gains.sum(axis=0),
        lower=lower,
        rows=vstack([part for part, _low, _high in parts]).tocsr(),
        least=np.concatenate([np.broadcast_to(low, part.shape[0]) for part, low, _high in parts]),
        most=np.concatenate([np.broadcast_to(high, part.shape[0]) for part, _low, high in parts]),
        constant=float(fixed.sum()),
    )


def _widened(rows: csr_array, more: int) -> csr_array:
    """Return the rows with ``more`` empty columns behind."""
    return hstack([rows, csr_array((rows.shape[0], more))]).tocsr()


def _grouped(table: csr_array, weights: FloatArray) -> tuple[FloatArray, csr_array, FloatArray]:
    """Return the weight on variables that cover a row alone, and the other rows, equal ones as one, with weights."""
    table.sort_indices()
    direct = np.zeros(table.shape[1])
    size = np.diff(table.indptr)
    alone = np.flatnonzero((size == 1) & (weights > 0))
    np.add.at(direct, table.indices[table.indptr[alone]], weights[alone])
    groups: dict[bytes, int] = {}
    first: list[int] = []
    total: list[float] = []
    for i in np.flatnonzero((size > 1) & (weights > 0)):
        key = table.indices[table.indptr[i] : table.indptr[i + 1]].tobytes()
        if key in groups:
            total[groups[key]] += weights[i]
        else:
            groups[key] = len(first)
            first.append(int(i))
            total.append(float(weights[i]))
    return direct, table[np.array(first, dtype=np.int64)], np.array(total, dtype=np.float64)


def _spending(phases: Phases, core: Core) -> FloatArray:
    """Return (limits, pairs): a pair that begins to hold in a limit's years adds its cost, less what came before it."""
    table = np.zeros((len(phases.room), len(core.site)))
    follows = np.append(~core.begins[1:], False)
    for limit in range(len(phases.room)):
        inside = (phases.first[limit] <= core.year) & (core.year <= phases.last[limit])
        after = follows & np.append(inside[1:], False)
        table[limit] = phases.spend[limit, core.site] * (inside.astype(np.float64) - after)
    return table


def _written(programme: _Programme, whole: int) -> model_pb2.ModelProto:
    """Return the model; the first ``whole`` variables are integers, the others follow."""
    count = len(programme.gain)
    proto = model_pb2.ModelProto()
    proto.variables.ids.extend(range(count))
    proto.variables.lower_bounds.extend(programme.lower.tolist())
    proto.variables.upper_bounds.extend([1.0] * count)
    proto.variables.integers.extend([True] * whole + [False] * (count - whole))
    paid = np.flatnonzero(programme.gain)
    proto.objective.maximize = True
    proto.objective.linear_coefficients.ids.extend(paid.tolist())
    proto.objective.linear_coefficients.values.extend(programme.gain[paid].tolist())
    proto.linear_constraints.ids.extend(range(len(programme.least)))
    proto.linear_constraints.lower_bounds.extend(programme.least.tolist())
    proto.linear_constraints.upper_bounds.extend(programme.most.tolist())
    rows = programme.rows
    rows.sort_indices()
    matrix = proto.linear_constraint_matrix
    matrix.row_ids.extend(np.repeat(np.arange(rows.shape[0]), np.diff(rows.indptr)).tolist())
    matrix.column_ids.extend(rows.indices.tolist())
    matrix.coefficients.extend(rows.data.tolist())
    return proto


def _values(programme: _Programme, core: Core, opens: IntArray) -> FloatArray:
    """Return the variables' values in this plan."""
    pairs, values = len(core.site), np.zeros(len(programme.gain))
    values[:pairs] = opens[core.site] <= core.year
    groups = len(values) - pairs
    values[pairs:] = np.minimum(1.0, programme.rows[:groups, :pairs] @ values[:pairs])
    return values
