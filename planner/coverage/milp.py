"""Siting as an integer programme in HiGHS (through OR-Tools): small problems and those with a budget.

Formulations: location set covering (Toregas et al. 1971), maximal covering (Church & ReVelle 1974), p-median (ReVelle &
Swain 1970), each with existing, forbidden and costed sites and mandatory points.
"""

from __future__ import annotations

import datetime
import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from ortools.math_opt.python import mathopt

from planner.config import Objective
from planner.coverage.problem import CoverageProblem
from planner.coverage.proposal import Proposal
from planner.coverage.solution import SolveStatus
from planner.units import BoolArray


@dataclass(frozen=True, slots=True, kw_only=True)
class _Model:
    """A model with one 0/1 variable a site, and what it optimises (the covered weight, the sites or the travel)."""

    model: mathopt.Model
    opened: list[mathopt.Variable]
    goal: mathopt.LinearBase


def propose_by_milp(problem: CoverageProblem, time_limit_s: float) -> Proposal:
    """Return HiGHS' answer; of sites that are equally good the cheapest, then the fewest."""
    model = _build(problem)
    result = _run(model, time_limit_s)
    if not result.has_primal_feasible_solution():
        late = result.termination.reason is mathopt.TerminationReason.NO_SOLUTION_FOUND
        return Proposal.nothing(SolveStatus.NOT_FOUND if late else SolveStatus.INFEASIBLE)
    opened = _opened(model, result)
    if problem.objective is not Objective.P_MEDIAN:
        opened = _cheapest(problem, model, result, opened, time_limit_s)
    bound = result.dual_bound()
    return Proposal(
        opened=opened,
        bound=bound if math.isfinite(bound) else None,
        proven=result.termination.reason is mathopt.TerminationReason.OPTIMAL,
    )


def coverable(problem: CoverageProblem, points: Sequence[int], time_limit_s: float = 5.0) -> bool:
    """Return whether sites within count and budget can cover these points; if it stays unknown, that they can."""
    model = mathopt.Model()
    opened = _sites(model, problem)
    _limit(model, opened, problem)
    required = np.zeros(len(problem.demand_ids), dtype=np.bool_)
    required[list(points)] = True
    _require(model, opened, problem, required)
    result = _run(_Model(model=model, opened=opened, goal=mathopt.LinearSum([])), time_limit_s)
    return result.termination.reason is not mathopt.TerminationReason.INFEASIBLE


def _run(model: _Model, time_limit_s: float) -> mathopt.SolveResult:
    parameters = mathopt.SolveParameters(
        time_limit=datetime.timedelta(seconds=time_limit_s), random_seed=1, relative_gap_tolerance=1e-9
    )
    return mathopt.solve(model.model, mathopt.SolverType.HIGHS, params=parameters)


def _opened(model: _Model, result: mathopt.SolveResult) -> BoolArray:
    return np.array(result.variable_values(model.opened)) > 0.5


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


def _build(problem: CoverageProblem) -> _Model:
    model = mathopt.Model(name=problem.objective.value)
    opened = _sites(model, problem)
    _limit(model, opened, problem)
    if problem.objective is Objective.LSCP:
        _require(model, opened, problem, problem.travel.any_row(problem.allowed))
        goal = mathopt.fast_sum(opened)
        model.minimize(goal)
    elif problem.objective is Objective.MCLP:
        _require(model, opened, problem, problem.mandatory)
        goal = _covered_weight(model, opened, problem)
        model.maximize(goal)
    else:
        _require(model, opened, problem, problem.mandatory)
        goal = _travel(model, opened, problem)
        model.minimize(goal)
    return _Model(model=model, opened=opened, goal=goal)


def _sites(model: mathopt.Model, problem: CoverageProblem) -> list[mathopt.Variable]:
    return [
        model.add_variable(
            lb=float(problem.existing[j]), ub=float(not problem.forbidden[j]), is_integer=True, name=f"open_{site_id}"
        )
        for j, site_id in enumerate(problem.site_ids)
    ]


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


def _covering(opened: list[mathopt.Variable], problem: CoverageProblem, i: int) -> mathopt.LinearSum:
    """Return how many sites that cover the point are open."""
    part = slice(problem.travel.starts[i], problem.travel.starts[i + 1])
    return mathopt.fast_sum(opened[j] for j in problem.travel.sites[part][problem.allowed[part]])


def _require(
    model: mathopt.Model, opened: list[mathopt.Variable], problem: CoverageProblem, required: BoolArray
) -> None:
    for i in np.flatnonzero(required):
        model.add_linear_constraint(_covering(opened, problem, int(i)) >= 1)


def _covered_weight(
    model: mathopt.Model, opened: list[mathopt.Variable], problem: CoverageProblem
) -> mathopt.LinearSum:
    gains = []
    for i in np.flatnonzero(problem.travel.any_row(problem.allowed) & (problem.weights > 0)):
        covered = model.add_variable(lb=0, ub=1)
        model.add_linear_constraint(covered <= _covering(opened, problem, int(i)))
        gains.append(float(problem.weights[i]) * covered)
    return mathopt.fast_sum(gains)


def _travel(model: mathopt.Model, opened: list[mathopt.Variable], problem: CoverageProblem) -> mathopt.LinearSum:
    costs = []
    for i in range(len(problem.demand_ids)):
        shares = []
        for j, seconds in zip(*problem.travel.row(i), strict=True):
            if problem.forbidden[j]:
                continue
            share = model.add_variable(lb=0, ub=1)
            model.add_linear_constraint(share <= opened[j])
            shares.append(share)
            costs.append(float(problem.weights[i] * seconds) * share)
        if shares:
            model.add_linear_constraint(mathopt.fast_sum(shares) == 1)
    return mathopt.fast_sum(costs)
