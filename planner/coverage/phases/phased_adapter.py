"""Phases at province size: covering over years in the form that the compiled engine takes."""

from __future__ import annotations

import time

import numpy as np

from planner.coverage.adapters.engine_forms import covers_of, site_status
from planner.coverage.engine.effort import Effort
from planner.coverage.engine.multi_year.solve import plan_each_year_alone, plan_years
from planner.coverage.engine.multi_year.world import PhasedCover, PhasedPlan
from planner.coverage.explain.conflicts import fact, of_points
from planner.coverage.phases.phased import PhasedProblem
from planner.coverage.phases.phased_milp import PhasedProposal
from planner.coverage.phases.years import phase_problems
from planner.coverage.proposal import Proposal
from planner.model import Fact
from planner.units import BoolArray

_ALONE_SHARE = 0.2
"""How much of the time goes into planning each year by itself, for comparison."""


def knows(problem: PhasedProblem) -> bool:
    """Return whether the engine knows everything the problem asks: plain covering, opening costs only."""
    return not problem.base.rules.in_force and problem.running_cost_yuan is None


def propose_phases_at_large(problem: PhasedProblem, time_limit_s: float, seed: int) -> PhasedProposal:
    """Return the engine's opening years and bound, and what planning each year alone comes to."""
    world, rows = _world(problem)
    began = time.monotonic()
    plan = plan_years(world, Effort(deadline=began + (1 - _ALONE_SHARE) * time_limit_s, seed=seed))
    if not plan.complete:
        return PhasedProposal.nothing(impossible=plan.impossible)
    alone = plan_each_year_alone(world, Effort(deadline=began + time_limit_s, seed=seed))
    return PhasedProposal(
        years=tuple(Proposal(opened=plan.opens <= t, bound=None, proven=False) for t in range(world.years)),
        bound=plan.bound,
        proven=plan.proven,
        alone=alone.value if alone.complete else None,
        alone_conflicts=() if alone.complete else _why_not_alone(problem, world, rows, alone),
        compared=True,
    )


def _why_not_alone(problem: PhasedProblem, world: PhasedCover, rows: BoolArray, alone: PhasedPlan) -> tuple[Fact, ...]:
    """Return the first year whose own demands are not kept on what the years before opened, and which they are."""
    fails = alone.missing.any(axis=0) | (alone.shortfall > 0)
    t = int(np.flatnonzero(fails)[0])
    phase, total = problem.phases[t], float(problem.base.weights.sum())
    found = [fact("alone_fails_in", phase=phase.name)]
    if alone.shortfall[t] > 0:
        most = float(alone.covered[t]) / total
        found.append(fact("alone_misses_target", max_share=most, target_share=phase.target_share or 0.0))
    left = np.flatnonzero(rows)[alone.missing[:, t]]
    if len(left):
        ids = [problem.base.demand_ids[i] for i in left]
        found.append(of_points("alone_misses_point", "alone_misses_points", ids))
    return tuple(found)


def _world(problem: PhasedProblem) -> tuple[PhasedCover, BoolArray]:
    """Return what the engine is asked, and which points are its rows; (demand points,)."""
    base, years = problem.base, phase_problems(problem)
    required = np.full(len(base.demand_ids), len(years), dtype=np.int64)
    for t, year in reversed(list(enumerate(years))):
        required[year.mandatory] = t
    rows = base.coverable & ((base.weights > 0) | (required < len(years)))
    total = float(base.weights.sum())
    world = PhasedCover(
        covers=covers_of(base, rows),
        weights=base.weights[rows],
        cost=np.where(base.existing, 0.0, base.opening_cost_yuan),
        budget=np.array([np.inf if phase.budget_yuan is None else phase.budget_yuan for phase in problem.phases]),
        status=site_status(base.existing, base.forbidden),
        carry_over=problem.carry_over,
        target=np.array([(phase.target_share or 0.0) * total for phase in problem.phases]),
        required_from=required[rows],
        count=np.array([year.count for year in years], dtype=np.int64),
    )
    return world, rows
