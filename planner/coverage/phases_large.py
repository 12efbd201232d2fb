"""Phases at province size: covering over years in the form that the compiled engine takes."""

from __future__ import annotations

import time
from dataclasses import replace

import numpy as np

from planner.coverage.engine.dual_kernels import CLOSED, FREE, OPEN
from planner.coverage.engine.lagrange import Effort
from planner.coverage.engine.phased import plan_each_year_alone, plan_years
from planner.coverage.engine.phased_world import PhasedCover
from planner.coverage.large import covers_of
from planner.coverage.phase_years import phase_problems
from planner.coverage.phases import PhasedProblem
from planner.coverage.phases_milp import PhasedProposal
from planner.coverage.solution import SolveStatus

_ALONE_SHARE = 0.2
"""How much of the time goes into planning each year by itself, for comparison."""


def knows(problem: PhasedProblem) -> bool:
    """Return whether the engine knows everything the problem asks: plain covering, opening costs only."""
    return not problem.base.rules.in_force and problem.running_cost_yuan is None


def propose_phases_at_large(problem: PhasedProblem, time_limit_s: float, seed: int) -> PhasedProposal:
    """Return the engine's opening years and bound, and what planning each year alone comes to."""
    world = _world(problem)
    began = time.monotonic()
    plan = plan_years(world, Effort(deadline=began + (1 - _ALONE_SHARE) * time_limit_s, seed=seed))
    opened = np.array([plan.opens <= year for year in range(world.years)])
    if not plan.complete:
        status = SolveStatus.INFEASIBLE if plan.impossible else SolveStatus.NOT_FOUND
        return PhasedProposal(opened=opened, bound=np.inf, proven=False, status=status)
    left = replace(Effort(deadline=began + time_limit_s, seed=seed))
    alone = plan_each_year_alone(world, left)
    return PhasedProposal(
        opened=opened,
        bound=plan.bound,
        proven=plan.proven,
        alone=alone.value if alone.complete else None,
        compared=True,
    )


def _world(problem: PhasedProblem) -> PhasedCover:
    base, years = problem.base, phase_problems(problem)
    required = np.full(len(base.demand_ids), len(years), dtype=np.int64)
    for t, year in reversed(list(enumerate(years))):
        required[year.mandatory] = t
    rows = base.coverable & ((base.weights > 0) | (required < len(years)))
    every = np.ones(len(base.site_ids), dtype=np.bool_)
    total = float(base.weights.sum())
    return PhasedCover(
        covers=covers_of(base, rows, every),
        weights=base.weights[rows],
        cost=np.where(base.existing, 0.0, base.opening_cost_yuan),
        budget=np.array([np.inf if phase.budget_yuan is None else phase.budget_yuan for phase in problem.phases]),
        status=np.where(base.existing, OPEN, np.where(base.forbidden, CLOSED, FREE)).astype(np.int64),
        carry_over=problem.carry_over,
        target=np.array([(phase.target_share or 0.0) * total for phase in problem.phases]),
        required_from=required[rows],
        count=np.array([year.count for year in years], dtype=np.int64),
    )
