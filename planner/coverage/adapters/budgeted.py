"""Maximal covering within a budget: one year, in the form that the engine for several years takes."""

from __future__ import annotations

import numpy as np

from planner.coverage.adapters.cheapen import cheapen
from planner.coverage.adapters.engine_forms import covers_of, no_answer, site_status
from planner.coverage.engine.effort import Effort
from planner.coverage.engine.multi_year.solve import plan_years
from planner.coverage.engine.multi_year.world import PhasedCover
from planner.coverage.problem import CoverageProblem
from planner.coverage.proposal import Proposal


def propose_budgeted(problem: CoverageProblem, effort: Effort) -> Proposal:
    """Return the sites that cover most weight within a budget, and a count if there is one."""
    rows = problem.coverable & ((problem.weights > 0) | problem.mandatory)
    if not rows.any():
        return Proposal(opened=problem.existing.copy(), bound=0.0, proven=True)
    world = PhasedCover(
        covers=covers_of(problem, rows),
        weights=problem.weights[rows],
        cost=np.where(problem.existing, 0.0, problem.opening_cost_yuan),
        budget=np.array([np.inf if problem.budget_yuan is None else problem.budget_yuan]),
        status=site_status(problem.existing, problem.forbidden),
        required_from=np.where(problem.mandatory[rows], 0, 1).astype(np.int64),
        count=None if problem.count is None else np.array([problem.count], dtype=np.int64),
    )
    plan = plan_years(world, effort)
    if not plan.complete:
        return no_answer(impossible=plan.impossible)
    return Proposal(opened=cheapen(problem, plan.opens == 0), bound=plan.bound, proven=plan.proven)
