"""A part of a covering problem over years as a linear or integer programme in HiGHS (through OR-Tools).

One 0/1 variable says of a (site, year) pair that the site is open by that year; a site's pairs only ever go up. A row that
one variable alone can cover needs no variable of its own; rows with equal variables are one (Church & ReVelle 1974).
Targets and required rows are hard, or elastic at a price, so that the programme of any pairs has an answer.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass

import numpy as np
from ortools.math_opt import model_pb2
from ortools.math_opt.python import mathopt
from scipy.sparse import csr_array, eye_array, hstack, vstack

from planner.coverage.engine.highs import solve_with_highs
from planner.coverage.engine.multi_year.world import Phases, YearDemands, matrix_of, required_in
from planner.units import BoolArray, FloatArray, IntArray


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Core:
    """The (site, year) pairs to choose from, sorted by site then year, and the sites that every better plan opens."""

    site: IntArray
    year: IntArray
    sure: BoolArray

    @classmethod
    def of(cls, allowed: BoolArray, sure: BoolArray) -> Core:
        """Return the core of the allowed pairs (sites, years)."""
        site, year = np.nonzero(allowed)
        return cls(site=site, year=year, sure=sure)

    @property
    def follows(self) -> BoolArray:
        """Whether a pair has the same site as the one before it."""
        return np.append(False, self.site[1:] == self.site[:-1])[: len(self.site)]

    def open_by(self, year: int) -> IntArray:
        """Return the pairs that say which sites are open by a year: the last of each site that is not later."""
        ends = np.append(~self.follows[1:] | (self.year[1:] > year), True)[: len(self.site)]
        return np.flatnonzero((self.year <= year) & ends)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Groups:
    """Rows of one year by the variables that can cover them.

    ``table`` (groups, pairs); ``group`` (rows,) numbers a row's group, -1 if one pair alone covers it, -2 if none does.
    ``weight`` and ``worth`` (groups,) and ``direct`` and ``direct_worth`` (pairs,) add up what covering counts towards
    the target and in the objective; ``must`` (groups,) and ``direct_must`` (pairs,) say where a required row is among them.
    """

    table: csr_array
    group: IntArray
    weight: FloatArray
    worth: FloatArray
    must: BoolArray
    direct: FloatArray
    direct_worth: FloatArray
    direct_must: BoolArray


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Programme:
    """Maximise ``worth @ x`` with ``lower <= x <= upper``, ``least <= rows @ x <= most``.

    Variables: pairs, groups of all years, what each target lacks. Constraints: groups, pairs going up, limits, targets.
    """

    core: Core
    years: tuple[Groups, ...]
    worth: FloatArray
    lower: FloatArray
    upper: FloatArray
    rows: csr_array
    least: FloatArray
    most: FloatArray

    @property
    def groups(self) -> int:
        """How many groups of rows there are."""
        return sum(len(year.weight) for year in self.years)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class LinearAnswer:
    """The value, how far each pair opens (pairs,), and multipliers of rows (rows, years), limits and weights (years,)."""

    value: float
    opened: FloatArray
    u: FloatArray
    price: FloatArray
    factor: FloatArray


def programme_of(phases: Phases, core: Core, demands: YearDemands) -> Programme:
    """Return the programme of these pairs; ``demands`` prices the objective, the targets and the required rows."""
    covers, required = matrix_of(phases), required_in(phases)
    pairs, count = len(core.site), phases.weights.shape[1]
    years = []
    for t in range(count):
        at = core.open_by(t)
        place = csr_array((np.ones(len(at)), (core.site[at], at)), shape=(covers.shape[1], pairs))
        worth = demands.base * phases.weights[:, t] + (0.0 if demands.hard else demands.bonus) * required[:, t]
        years.append(_grouped((covers @ place).tocsr(), phases.weights[:, t], worth, required[:, t]))
    groups = sum(len(year.weight) for year in years)
    gains = np.zeros((count, pairs + groups + count))
    worth, start = np.zeros(pairs + groups + count), pairs
    for t, year in enumerate(years):
        stop = start + len(year.weight)
        gains[t, :pairs], gains[t, start:stop], gains[t, pairs + groups + t] = year.direct, year.weight, 1.0
        worth[:pairs] += year.direct_worth
        worth[start:stop] = year.worth
        start = stop
    worth[pairs + groups :] = -demands.penalty
    rows = [
        hstack([vstack([year.table for year in years]), -eye_array(groups), csr_array((groups, count))]),
        hstack([_going_up(core), csr_array((int(core.follows.sum()), groups + count))]),
        hstack([csr_array(_spending(phases, core)), csr_array((len(phases.room), groups + count))]),
        csr_array(gains),
    ]
    sizes = [part.shape[0] for part in rows]
    lower, upper = np.zeros(len(worth)), np.ones(len(worth))
    lower[:pairs] = core.sure[core.site] & np.append(~core.follows[1:], True)[:pairs]
    upper[pairs + groups :] = 0.0 if demands.hard else phases.target
    if demands.hard:
        lower[:pairs] = np.maximum(lower[:pairs], np.any([year.direct_must for year in years], axis=0))
        lower[pairs : pairs + groups] = np.concatenate([year.must for year in years])
    return Programme(
        core=core,
        years=tuple(years),
        worth=worth,
        lower=lower,
        upper=upper,
        rows=csr_array(vstack(rows)),
        least=np.concatenate([np.zeros(sizes[0] + sizes[1]), np.full(sizes[2], -np.inf), phases.target]),
        most=np.concatenate([np.full(sizes[0] + sizes[1], np.inf), phases.room, np.full(sizes[3], np.inf)]),
    )


def solve_linear(phases: Phases, programme: Programme, demands: YearDemands, seconds: float) -> LinearAnswer | None:
    """Return the answer of the linear relaxation with its multipliers, or None if time ran out."""
    model = mathopt.Model.from_model_proto(_written(programme, whole=False))
    parameters = mathopt.SolveParameters(time_limit=datetime.timedelta(seconds=max(0.1, seconds)))
    result = solve_with_highs(model, parameters)
    if not (result.has_primal_feasible_solution() and result.has_dual_feasible_solution()):
        return None
    duals = np.array(result.dual_values(list(model.linear_constraints())), dtype=np.float64)
    values = np.array(result.variable_values(list(model.variables())), dtype=np.float64)
    pairs, groups = len(programme.core.site), programme.groups
    limits = groups + int(programme.core.follows.sum())
    factor = demands.base + np.maximum(0.0, -duals[limits + len(phases.room) :])
    return LinearAnswer(
        value=float(result.objective_value()),
        opened=values[:pairs],
        u=_row_multipliers(phases, programme, np.maximum(0.0, -duals[:groups]), factor, demands),
        price=np.maximum(0.0, duals[limits : limits + len(phases.room)]),
        factor=factor,
    )


def solve_whole(
    programme: Programme, opens: IntArray, never: int, *, seconds: float, seed: int, nodes: int, gap: float
) -> tuple[IntArray, float]:
    """Return opening years (sites,), ``never`` for none, and HiGHS' bound of the programme's objective.

    ``opens`` is the start and must use pairs of the core; ``gap`` is the absolute gap to stop at. The bound is minus
    infinity if no choice of these pairs has the sites that are sure.
    """
    model = mathopt.Model.from_model_proto(_written(programme, whole=True))
    variables = list(model.variables())
    start = _values(programme, opens)
    # the start may lack a site that every better plan has: HiGHS fails on a start that breaks a bound
    values = dict(zip(variables, start.tolist(), strict=True)) if (start >= programme.lower).all() else {}
    hints = [mathopt.SolutionHint(variable_values=values)] if values else []
    result = solve_with_highs(
        model,
        mathopt.SolveParameters(
            time_limit=datetime.timedelta(seconds=max(0.1, seconds)),
            random_seed=seed,
            node_limit=nodes,
            absolute_gap_tolerance=gap,
            relative_gap_tolerance=0.0,
        ),
        model_parameters=mathopt.ModelSolveParameters(solution_hints=hints),
    )
    bound = float(result.dual_bound())
    if not result.has_primal_feasible_solution():
        return opens, bound
    core = programme.core
    chosen = np.array(result.variable_values(variables[: len(core.site)])) > 0.5
    found = np.full(len(opens), never, dtype=np.int64)
    np.minimum.at(found, core.site[chosen], core.year[chosen])
    return found, bound


def _grouped(table: csr_array, weight: FloatArray, worth: FloatArray, required: BoolArray) -> Groups:
    table.sort_indices()
    size = np.diff(table.indptr)
    group = np.where(size == 0, -2, -1)
    numbers: dict[bytes, int] = {}
    first: list[int] = []
    for i in np.flatnonzero((size > 1) & ((weight > 0) | (worth > 0) | required)):
        key = table.indices[table.indptr[i] : table.indptr[i + 1]].tobytes()
        if key not in numbers:
            numbers[key] = len(first)
            first.append(int(i))
        group[i] = numbers[key]
    alone = np.flatnonzero(size == 1)
    pair, shared = table.indices[table.indptr[alone]], group >= 0
    return Groups(
        table=table[np.array(first, dtype=np.int64)],
        group=group,
        weight=np.bincount(group[shared], weight[shared], minlength=len(first)).astype(np.float64),
        worth=np.bincount(group[shared], worth[shared], minlength=len(first)).astype(np.float64),
        must=np.bincount(group[shared], required[shared], minlength=len(first)) > 0,
        direct=np.bincount(pair, weight[alone], minlength=table.shape[1]).astype(np.float64),
        direct_worth=np.bincount(pair, worth[alone], minlength=table.shape[1]).astype(np.float64),
        direct_must=np.bincount(pair, required[alone], minlength=table.shape[1]) > 0,
    )


def _row_multipliers(
    phases: Phases, programme: Programme, duals: FloatArray, factor: FloatArray, demands: YearDemands
) -> FloatArray:
    """Return (rows, years): a group's dual shared among its rows by what they count, the whole of it for other rows."""
    counts = phases.weights * factor + demands.bonus * required_in(phases)
    start = 0
    for t, year in enumerate(programme.years):
        shared = year.group >= 0
        total = np.bincount(year.group[shared], counts[shared, t], minlength=len(year.weight))
        dual = duals[start : start + len(total)]
        part = np.divide(dual, total, out=np.zeros_like(dual), where=total > 0)
        counts[shared, t] *= part[year.group[shared]]
        start += len(total)
    return counts


def _going_up(core: Core) -> csr_array:
    after = np.flatnonzero(core.follows)
    row = np.tile(np.arange(len(after)), 2)
    signs = np.repeat([1.0, -1.0], len(after))
    return csr_array((signs, (row, np.concatenate([after, after - 1]))), shape=(len(after), len(core.site)))


def _spending(phases: Phases, core: Core) -> FloatArray:
    """Return (limits, pairs): a pair that begins to hold in a limit's years adds its cost, less what came before it."""
    table = np.zeros((len(phases.room), len(core.site)))
    for limit in range(len(phases.room)):
        inside = (phases.first[limit] <= core.year) & (core.year <= phases.last[limit])
        before = np.append((core.follows & inside)[1:], False)[: len(inside)]
        table[limit] = phases.spend[limit, core.site] * (inside.astype(np.float64) - before)
    return table


def _written(programme: Programme, *, whole: bool) -> model_pb2.ModelProto:
    """Return the model; pairs are integers if ``whole``, and the other variables follow from them."""
    count, pairs = len(programme.worth), len(programme.core.site)
    proto = model_pb2.ModelProto()
    proto.variables.ids.extend(range(count))
    proto.variables.lower_bounds.extend(programme.lower.tolist())
    proto.variables.upper_bounds.extend(programme.upper.tolist())
    proto.variables.integers.extend([whole] * pairs + [False] * (count - pairs))
    paid = np.flatnonzero(programme.worth)
    proto.objective.maximize = True
    proto.objective.linear_coefficients.ids.extend(paid.tolist())
    proto.objective.linear_coefficients.values.extend(programme.worth[paid].tolist())
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


def _values(programme: Programme, opens: IntArray) -> FloatArray:
    """Return the variables' values in this plan."""
    core, groups = programme.core, programme.groups
    pairs = len(core.site)
    values = np.zeros(len(programme.worth))
    values[:pairs] = opens[core.site] <= core.year
    values[pairs : pairs + groups] = np.minimum(1.0, programme.rows[:groups, :pairs] @ values[:pairs])
    years = len(programme.years)
    values[-years:] = np.clip(
        programme.least[-years:] - programme.rows[-years:] @ values, 0.0, programme.upper[-years:]
    )
    return values
