"""The marginal curve: what siting reaches with more and more sites, or more and more money, and how sure that is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from planner.config import Objective
from planner.coverage.appraise.curve_points import Curve, CurvePoint, Limit, bounds_carried_back, carried, knee_of
from planner.coverage.problem import CoverageProblem
from planner.coverage.solution import CoverageSolution, SolveStatus
from planner.coverage.solve import solve_coverage
from planner.errors import BadDataError, Message, list_offenders, word
from planner.progress import Progress, silent

_TAKES = {Objective.MCLP: ("count", "budget_yuan"), Objective.P_MEDIAN: ("count",), Objective.P_CENTER: ("count",)}


def marginal_curve(
    problem: CoverageProblem,
    limits: Sequence[float],
    *,
    limit: Limit = Limit.COUNT,
    knee_people: float | None = None,
    time_limit_s: float = 60.0,
    seed: int = 1,
    progress: Progress = silent,
) -> Curve:
    """Return the curve of a problem over these limits (sites in all, or yuan), each solved for up to ``time_limit_s``.

    The problem's own value of the limit is ignored, all else of it holds at every point. A plan within a smaller limit is
    one within every larger limit, so the best so far is carried forward; the most that can be reached within a larger limit
    cannot be passed within a smaller one, so bounds are carried back. A p-median of "at most so many" equals the one of
    exactly so many as long as another site does no harm; with loads, a tier above or a township's most, it may, and no
    bound is stated.

    Raises
    ------
    BadDataError
        If there is no limit, one is negative, not finite or (sites) not whole, or the objective has no such curve.
    """
    _check(problem, limits, limit)
    base = replace(problem, durations_s=problem.travel)
    ordered = sorted(set(limits))
    most = _most(base)
    found: list[CurvePoint] = []
    full_at = None
    for done, value in enumerate(ordered):
        progress(Message("curve: {value:g}", value=value), done, len(ordered))
        solution = solve_coverage(_within(base, limit, value), time_limit_s=time_limit_s, seed=seed)
        found.append(carried(base.objective, _point(base, value, solution), found[-1] if found else None))
        reached = found[-1].value
        if most is not None and reached is not None and reached >= most - 1e-9 * max(1.0, most):
            full_at = value
            break
    progress(Message("curve"), len(ordered), len(ordered))
    points = bounds_carried_back(base.objective, found)
    return Curve(
        objective=problem.objective,
        limit=limit,
        standard_s=problem.standard_s,
        points=points,
        full_at=full_at,
        knee_at=None if knee_people is None else knee_of(points, limit, knee_people),
        knee_people=knee_people,
    )


def _check(problem: CoverageProblem, limits: Sequence[float], limit: Limit) -> None:
    problems = []
    if not limits:
        problems.append(Message("there is no limit: name at least one"))
    if limit.value not in _TAKES.get(problem.objective, ()):
        takers = [word(objective.value) for objective, names in _TAKES.items() if limit.value in names]
        problems.append(
            Message(
                "{objective} has no curve over {limit}; there is one for {takers}",
                objective=word(problem.objective.value),
                limit=word(limit.value),
                takers=takers,
            )
        )
    bad = [value for value in limits if not (np.isfinite(value) and value >= 0)]
    if bad:
        problems.append(
            Message("limits must be 0 or more: {offenders}", offenders=list_offenders(f"{value:g}" for value in bad))
        )
    broken = [value for value in limits if limit is Limit.COUNT and np.isfinite(value) and value != int(value)]
    if broken:
        problems.append(
            Message(
                "numbers of sites must be whole: {offenders}",
                offenders=list_offenders(f"{value:g}" for value in broken),
            )
        )
    if problems:
        raise BadDataError(Message("the curve cannot be drawn"), problems)


def _within(problem: CoverageProblem, limit: Limit, value: float) -> CoverageProblem:
    if limit is Limit.BUDGET:
        return replace(problem, budget_yuan=float(value))
    if problem.objective is Objective.P_MEDIAN:  # it opens exactly so many, and there may be fewer
        return replace(problem, count=min(int(value), int(np.count_nonzero(problem.usable))))
    return replace(problem, count=int(value))


def _most(problem: CoverageProblem) -> float | None:
    """Return the weight that any number of sites can cover; None where covering all is not the end of the objective."""
    rules = problem.rules
    if problem.objective is not Objective.MCLP or rules.decay_s is not None or rules.bonus is not None:
        return None
    return float(problem.weights[problem.coverable].sum())


def _point(problem: CoverageProblem, limit: float, solution: CoverageSolution) -> CurvePoint:
    shares = solution.shares
    # a p-median of exactly so many bounds the one of at most so many only if another site does no harm
    honest = problem.objective is not Objective.P_MEDIAN or not _more_may_harm(problem)
    proven = solution.status is SolveStatus.OPTIMAL and honest
    status = SolveStatus.FEASIBLE if solution.found and not proven else solution.status
    return CurvePoint(
        limit=limit,
        status=status,
        value=solution.value,
        bound=solution.bound if honest else None,
        gap=solution.gap if honest else None,
        opened=solution.opened,
        opening_cost_yuan=solution.opening_cost_yuan,
        population_covered=round(shares.population * shares.population_total),
        villages_covered=round(shares.villages * shares.villages_total),
        poor_villages_covered=round(shares.poor_villages * shares.poor_villages_total),
        carried=False,
        conflicts=solution.conflicts,
    )


def _more_may_harm(problem: CoverageProblem) -> bool:
    rules = problem.rules
    tops = any(most is not None for _, most in rules.township_limits.values())
    return rules.has_loads or rules.upper is not None or tops
