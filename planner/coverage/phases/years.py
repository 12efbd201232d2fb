"""One year of a phased problem as a coverage problem."""

from __future__ import annotations

from dataclasses import replace

from planner.coverage.phases.phased import PhasedProblem
from planner.coverage.problem import CoverageProblem
from planner.units import BoolArray


def phase_problems(problem: PhasedProblem, *, targets: bool = True) -> list[CoverageProblem]:
    """Return the problem of each phase, targets as shares to be covered, without money and what is open before."""
    rules = problem.base.rules
    found = []
    for t, phase in enumerate(problem.phases):
        last = t == len(problem.phases) - 1
        limits = {town: (least if last else 0, most) for town, (least, most) in rules.township_limits.items()}
        counts = [count for count in (phase.count, problem.base.count) if count is not None]
        required = problem.base.mandatory if phase.mandatory is None else problem.base.mandatory | phase.mandatory
        found.append(
            replace(
                problem.base,
                count=min(counts, default=len(problem.base.site_ids)),
                mandatory=required,
                rules=replace(
                    rules, township_limits=limits, covered_share=phase.target_share or None if targets else None
                ),
            )
        )
    return found


def running_yuan(problem: PhasedProblem, opened: BoolArray) -> float:
    """Return what the open sites cost to run for a phase."""
    running = problem.running_cost_yuan
    return 0.0 if running is None else float(running[opened].sum())


def year_by_itself(
    problem: PhasedProblem, t: int, before: BoolArray, left_over_yuan: float, opened: BoolArray | None = None
) -> CoverageProblem:
    """Return the problem of one phase on what is open already; its budget is what running ``opened`` leaves of the money."""
    phase = problem.phases[t]
    year = phase_problems(problem)[t]
    budget = phase.budget_yuan
    price = problem.base.opening_cost_yuan
    if budget is not None:
        budget += left_over_yuan
        if opened is not None:
            budget -= running_yuan(problem, opened)
        elif problem.running_cost_yuan is not None:  # who opens a site pays its running, too
            budget -= running_yuan(problem, before)
            price = price + problem.running_cost_yuan
        budget = max(0.0, budget)
    rules = replace(year.rules, covered_share=None) if opened is not None else year.rules
    return replace(year, existing=before, budget_yuan=budget, opening_cost_yuan=price, rules=rules)
