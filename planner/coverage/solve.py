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
from planner.coverage.explain import empty_solution, solution_of
from planner.coverage.problem import CoverageProblem
from planner.coverage.solution import CoverageSolution, SolveStatus
from planner.errors import PlanRejectedError
from planner.units import BoolArray


@dataclass(frozen=True, slots=True, kw_only=True)
class _Model:
    """A model with one 0/1 variable a site, and what it optimises (the covered weight, the sites or the travel)."""

    model: mathopt.Model
    opened: list[mathopt.Variable]
    goal: mathopt.LinearBase


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
        return empty_solution(problem, SolveStatus.INFEASIBLE, conflicts)
    model = _build(problem)
    result = _run(model, time_limit_s)
    if not result.has_primal_feasible_solution():
        late = result.termination.reason is mathopt.TerminationReason.NO_SOLUTION_FOUND
        status = SolveStatus.NOT_FOUND if late else SolveStatus.INFEASIBLE
        return empty_solution(problem, status, (_too_late() if late else _joint_conflict(problem),))
    opened = _opened(model, result)
    if problem.objective is not Objective.P_MEDIAN:
        opened = _cheapest(problem, model, result, opened, time_limit_s)
    proven = result.termination.reason is mathopt.TerminationReason.OPTIMAL
    bound = result.dual_bound()
    solution = solution_of(problem, opened, bound=bound if math.isfinite(bound) else None, proven=proven)
    faults = check_coverage(problem, solution)
    if faults:
        raise PlanRejectedError("the siting answer does not hold", faults)
    return solution


def _run(model: _Model, time_limit_s: float) -> mathopt.SolveResult:
    parameters = mathopt.SolveParameters(
        time_limit=datetime.timedelta(seconds=time_limit_s), random_seed=1, relative_gap_tolerance=1e-9
    )
    return mathopt.solve(model.model, mathopt.SolverType.HIGHS, params=parameters)


def _opened(model: _Model, result: mathopt.SolveResult) -> BoolArray:
    values = result.variable_values()
    return np.array([values[variable] > 0.5 for variable in model.opened], dtype=np.bool_)


def _cheapest(
    problem: CoverageProblem, model: _Model, result: mathopt.SolveResult, opened: BoolArray, time_limit_s: float
) -> BoolArray:
    """Return sites that are as good and cost least, then are fewest: nobody pays for a site that adds nothing."""
    achieved = result.objective_value()
    if problem.objective is Objective.MCLP:
        model.model.add_linear_constraint(model.goal >= achieved - 1e-6)
    else:
        model.model.add_linear_constraint(model.goal <= achieved + 1e-6)
    cost = np.where(problem.existing, 0.0, problem.opening_cost_yuan)
    # a site costs a ten-thousandth of the dearest more than its price, so that of equal prices the fewest are opened
    price = cost + max(1.0, float(cost.max())) * 1e-4
    model.model.minimize(mathopt.fast_sum(float(p) * v for p, v in zip(price, model.opened, strict=True)))
    again = _run(model, time_limit_s)
    return _opened(model, again) if again.has_primal_feasible_solution() else opened


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


def _too_late() -> str:
    return "no answer was found within the time limit: raise coverage.time_limit_s"


def _joint_conflict(problem: CoverageProblem) -> str:
    """Say which demands cannot hold together: each holds alone, so it is the limits against the points to be served."""
    limits = [f"count {problem.count}"] if problem.count is not None else []
    if problem.budget_yuan is not None:
        limits.append(f"budget {problem.budget_yuan:g} yuan")
    mandatory = int(np.count_nonzero(problem.mandatory))
    within = " and ".join(limits)
    if problem.objective is Objective.P_MEDIAN and not mandatory:
        return f"no choice of sites within {within} reaches every point that a site could reach"
    return f"{mandatory} mandatory points cannot all be covered within {within}"


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
        goal = mathopt.fast_sum(opened)
        model.minimize(goal)
    elif problem.objective is Objective.MCLP:
        _require(model, opened, covers, problem.mandatory)
        goal = _covered_weight(model, opened, covers, problem)
        model.maximize(goal)
    else:
        _require(model, opened, covers, problem.mandatory)
        goal = _travel(model, opened, problem)
        model.minimize(goal)
    return _Model(model=model, opened=opened, goal=goal)


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


def _covered_weight(
    model: mathopt.Model, opened: list[mathopt.Variable], covers: BoolArray, problem: CoverageProblem
) -> mathopt.LinearSum:
    gains = []
    for i in np.flatnonzero(np.any(covers, axis=1) & (problem.weights > 0)):
        covered = model.add_variable(lb=0, ub=1)
        model.add_linear_constraint(covered <= mathopt.fast_sum(opened[j] for j in np.flatnonzero(covers[i])))
        gains.append(float(problem.weights[i]) * covered)
    return mathopt.fast_sum(gains)


def _travel(model: mathopt.Model, opened: list[mathopt.Variable], problem: CoverageProblem) -> mathopt.LinearSum:
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
    return mathopt.fast_sum(costs)
