"""Solve a coverage problem: build its model, find the sites, explain who is left out, have the answer checked.

Formulations: location set covering (Toregas et al. 1971), maximal covering (Church & ReVelle 1974), p-median (ReVelle &
Swain 1970), each with existing, forbidden and costed sites and mandatory points, solved by HiGHS through OR-Tools.
"""

from __future__ import annotations

import datetime
import math
from dataclasses import dataclass

import numpy as np
from ortools.math_opt.python import mathopt

from planner.config import Objective
from planner.coverage.check import check_coverage
from planner.coverage.explain import infeasible_solution, solution_of
from planner.coverage.problem import CoverageProblem
from planner.coverage.solution import CoverageSolution
from planner.errors import PlanRejectedError
from planner.units import BoolArray


@dataclass(frozen=True, slots=True, kw_only=True)
class _Model:
    """A model with one 0/1 variable a site; ``constant`` is added to the solver's objective to give the problem's."""

    model: mathopt.Model
    opened: list[mathopt.Variable]


def solve_coverage(problem: CoverageProblem, *, time_limit_s: float = 60.0) -> CoverageSolution:
    """Return the best sites found within the time limit, with the proven bound and a reason for each uncovered point.

    Demands that cannot hold together come back as an infeasible solution that names them.

    Raises
    ------
    PlanRejectedError
        If the independent check finds the answer broken (a fault of this package, not of the data).
    """
    conflicts = _plain_conflicts(problem)
    if conflicts:
        return infeasible_solution(problem, conflicts)
    model = _build(problem)
    parameters = mathopt.SolveParameters(
        time_limit=datetime.timedelta(seconds=time_limit_s), random_seed=1, relative_gap_tolerance=1e-9
    )
    result = mathopt.solve(model.model, mathopt.SolverType.HIGHS, params=parameters)
    if not result.has_primal_feasible_solution():
        return infeasible_solution(problem, _joint_conflicts(problem, result.termination.reason))
    values = result.variable_values()
    opened = np.array([values[variable] > 0.5 for variable in model.opened], dtype=np.bool_)
    proven = result.termination.reason is mathopt.TerminationReason.OPTIMAL
    bound = result.dual_bound()
    solution = solution_of(problem, opened, bound=bound if math.isfinite(bound) else None, proven=proven)
    faults = check_coverage(problem, solution)
    if faults:
        raise PlanRejectedError("the siting answer does not hold", faults)
    return solution


def _plain_conflicts(problem: CoverageProblem) -> tuple[str, ...]:
    """Return the demands that fail before any solving: they can be named one by one."""
    conflicts = []
    allowed = problem.covers & ~problem.forbidden
    for i in np.flatnonzero(problem.mandatory & ~np.any(allowed, axis=1)):
        conflicts.append(f"mandatory point {problem.demand_ids[i]} has no allowed site within {problem.standard_s:g} s")
    existing = int(np.count_nonzero(problem.existing))
    available = int(np.count_nonzero(~problem.forbidden))
    if problem.count is not None and problem.count < existing:
        conflicts.append(f"count is {problem.count}, but {existing} sites exist already")
    if problem.objective is Objective.P_MEDIAN and problem.count is not None:
        if problem.count > available:
            conflicts.append(f"count is {problem.count}, but only {available} sites are allowed")
        if problem.count == 0:
            conflicts.append("count is 0: p-median needs at least one site")
    return tuple(conflicts)


def _joint_conflicts(problem: CoverageProblem, reason: mathopt.TerminationReason) -> tuple[str, ...]:
    """Say which demands cannot hold together: here each holds alone, so it is the limits against the mandatory points."""
    if reason is mathopt.TerminationReason.NO_SOLUTION_FOUND:
        return ("no answer was found within the time limit: raise coverage.time_limit_s",)
    limits = [f"count {problem.count}"] if problem.count is not None else []
    if problem.budget_yuan is not None:
        limits.append(f"budget {problem.budget_yuan:g} yuan")
    mandatory = int(np.count_nonzero(problem.mandatory))
    return (f"{mandatory} mandatory points cannot all be covered within {' and '.join(limits)}",)


def _build(problem: CoverageProblem) -> _Model:
    model = mathopt.Model(name=problem.objective.value)
    opened = [
        model.add_variable(
            lb=float(problem.existing[j]), ub=float(not problem.forbidden[j]), is_integer=True, name=f"open_{site_id}"
        )
        for j, site_id in enumerate(problem.site_ids)
    ]
    _limit(model, opened, problem)
    covers = problem.covers & ~problem.forbidden
    if problem.objective is Objective.LSCP:
        _require(model, opened, covers, np.any(covers, axis=1))
        model.minimize(mathopt.fast_sum(opened))
    elif problem.objective is Objective.MCLP:
        _require(model, opened, covers, problem.mandatory)
        _maximise_covered(model, opened, covers, problem)
    else:
        _require(model, opened, covers, problem.mandatory)
        _minimise_travel(model, opened, problem)
    return _Model(model=model, opened=opened)


def _limit(model: mathopt.Model, opened: list[mathopt.Variable], problem: CoverageProblem) -> None:
    if problem.count is not None:
        total = mathopt.fast_sum(opened)
        if problem.objective is Objective.P_MEDIAN:
            model.add_linear_constraint(total == problem.count)
        else:
            model.add_linear_constraint(total <= problem.count)
    if problem.budget_yuan is not None:
        new = [j for j in range(len(opened)) if not problem.existing[j]]
        cost = mathopt.fast_sum(float(problem.opening_cost_yuan[j]) * opened[j] for j in new)
        model.add_linear_constraint(cost <= problem.budget_yuan)


def _require(model: mathopt.Model, opened: list[mathopt.Variable], covers: BoolArray, required: BoolArray) -> None:
    for i in np.flatnonzero(required):
        model.add_linear_constraint(mathopt.fast_sum(opened[j] for j in np.flatnonzero(covers[i])) >= 1)


def _maximise_covered(
    model: mathopt.Model, opened: list[mathopt.Variable], covers: BoolArray, problem: CoverageProblem
) -> None:
    gains = []
    for i in np.flatnonzero(np.any(covers, axis=1) & (problem.weights > 0)):
        covered = model.add_variable(lb=0, ub=1)
        model.add_linear_constraint(covered <= mathopt.fast_sum(opened[j] for j in np.flatnonzero(covers[i])))
        gains.append(float(problem.weights[i]) * covered)
    model.maximize(mathopt.fast_sum(gains))


def _minimise_travel(model: mathopt.Model, opened: list[mathopt.Variable], problem: CoverageProblem) -> None:
    costs = []
    reachable = np.isfinite(problem.durations_s) & ~problem.forbidden
    for i in np.flatnonzero(np.any(reachable, axis=1)):
        shares = []
        for j in np.flatnonzero(reachable[i]):
            share = model.add_variable(lb=0, ub=1)
            model.add_linear_constraint(share <= opened[j])
            shares.append(share)
            costs.append(float(problem.weights[i] * problem.durations_s[i, j]) * share)
        model.add_linear_constraint(mathopt.fast_sum(shares) == 1)
    model.minimize(mathopt.fast_sum(costs))
