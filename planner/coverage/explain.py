"""Turn a set of open sites into an answer: assignments, covered shares, and a reason for each point left out."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from planner.config import Objective
from planner.coverage.problem import CoverageProblem
from planner.coverage.solution import (
    Assignment,
    CoverageSolution,
    CoveredShares,
    SolveStatus,
    Uncovered,
    UncoveredReason,
)
from planner.travel import Unreachable
from planner.units import BoolArray, FloatArray


def solution_of(problem: CoverageProblem, opened: BoolArray, *, bound: float | None, proven: bool) -> CoverageSolution:
    """Return the answer that opening these sites gives; ``opened`` is (sites,), ``bound`` the solver's."""
    nearest, best = problem.travel.nearest(opened)
    covered = best <= problem.standard_s
    assignments, uncovered = [], []
    for i in sorted(range(len(problem.demand_ids)), key=lambda i: problem.demand_ids[i]):
        site_id = problem.site_ids[nearest[i]] if nearest[i] >= 0 else None
        if covered[i] and site_id is not None:
            assignments.append(Assignment(demand_id=problem.demand_ids[i], site_id=site_id, duration_s=float(best[i])))
        else:
            uncovered.append(
                Uncovered(
                    demand_id=problem.demand_ids[i],
                    reason=_reason(problem, i, opened, proven=proven),
                    nearest_site_id=site_id,
                    nearest_duration_s=float(best[i]) if site_id is not None else None,
                )
            )
    value = _value(problem, opened, best, covered)
    honest = value if proven or bound is None else bound
    return CoverageSolution(
        objective=problem.objective,
        status=SolveStatus.OPTIMAL if proven else SolveStatus.FEASIBLE,
        standard_s=problem.standard_s,
        opened=tuple(sorted(problem.site_ids[j] for j in np.flatnonzero(opened))),
        assignments=tuple(assignments),
        uncovered=tuple(uncovered),
        shares=_shares(problem, covered),
        opening_cost_yuan=float(problem.opening_cost_yuan[opened & ~problem.existing].sum()),
        value=value,
        bound=honest if bound is not None or proven else None,
        gap=None if bound is None and not proven else abs(value - honest) / max(abs(value), 1e-9),
    )


def empty_solution(problem: CoverageProblem, status: SolveStatus, conflicts: tuple[str, ...]) -> CoverageSolution:
    """Return the answer that opens nothing and says why: demands that cannot hold together, or no answer in time."""
    nothing = solution_of(problem, np.zeros(len(problem.site_ids), dtype=np.bool_), bound=None, proven=False)
    by_itself = (UncoveredReason.NO_SITE_IN_REACH, UncoveredReason.ONLY_FORBIDDEN_SITES)
    roads = {reason.value for reason in Unreachable}
    uncovered = tuple(
        left
        if left.reason in by_itself or left.reason.value in roads
        else replace(left, reason=UncoveredReason.NO_PLAN)
        for left in nothing.uncovered
    )
    return CoverageSolution(
        objective=problem.objective,
        status=status,
        standard_s=problem.standard_s,
        opened=(),
        assignments=(),
        uncovered=uncovered,
        shares=nothing.shares,
        opening_cost_yuan=0.0,
        value=None,
        bound=None,
        gap=None,
        conflicts=conflicts,
    )


def _reason(problem: CoverageProblem, i: int, opened: BoolArray, *, proven: bool) -> UncoveredReason:
    """Return what stood against the point: the road, the sites around it, or the limit that is used up."""
    why = problem.unreachable.get(problem.demand_ids[i])
    if why is not None:
        return UncoveredReason(why.value)
    sites, seconds = problem.travel.row(i)
    in_reach = sites[seconds <= problem.standard_s]
    if not len(in_reach):
        return UncoveredReason.NO_SITE_IN_REACH
    allowed = in_reach[~problem.forbidden[in_reach]]
    if not len(allowed):
        return UncoveredReason.ONLY_FORBIDDEN_SITES
    spent = float(problem.opening_cost_yuan[opened & ~problem.existing].sum())
    if problem.budget_yuan is not None and spent + problem.opening_cost_yuan[allowed].min() > problem.budget_yuan:
        return UncoveredReason.BUDGET_USED_UP
    if problem.count is not None and np.count_nonzero(opened) >= problem.count:
        return UncoveredReason.COUNT_USED_UP
    if problem.objective is Objective.MCLP and problem.weights[i] == 0:
        return UncoveredReason.WEIGHS_NOTHING
    # sites could still be opened: then the answer is not the best one, or the limits hold only taken together
    return UncoveredReason.BETTER_NOT_FOUND if not proven else UncoveredReason.BUDGET_USED_UP


def _value(problem: CoverageProblem, opened: BoolArray, best: FloatArray, covered: BoolArray) -> float:
    if problem.objective is Objective.LSCP:
        return float(np.count_nonzero(opened))
    if problem.objective is Objective.MCLP:
        return float(problem.weights[covered].sum())
    reached = np.isfinite(best)
    if problem.objective is Objective.P_CENTER:
        return float(best[reached].max(initial=0.0))
    return float((problem.weights[reached] * best[reached]).sum())


def _shares(problem: CoverageProblem, covered: BoolArray) -> CoveredShares:
    def share(amounts: FloatArray) -> float:
        total = float(amounts.sum())
        return float(amounts[covered].sum()) / total if total else 1.0

    poor = problem.registered_poor.astype(np.float64)
    return CoveredShares(
        population=share(problem.population),
        households=share(problem.households),
        villages=share(np.ones(len(covered))),
        poor_villages=share(poor),
        population_total=round(float(problem.population.sum())),
        households_total=round(float(problem.households.sum())),
        villages_total=len(covered),
        poor_villages_total=int(poor.sum()),
    )
