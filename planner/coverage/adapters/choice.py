"""Which compiled engine knows everything that a problem asks; what none knows is left to `planner.coverage.models.milp`."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace

from planner.config import Objective
from planner.coverage.adapters.budgeted import propose_budgeted
from planner.coverage.adapters.capacitated import propose_capacitated
from planner.coverage.adapters.center import propose_center
from planner.coverage.adapters.cheapen import cheapen
from planner.coverage.adapters.covering import propose_cover, propose_maximal
from planner.coverage.adapters.median import propose_decaying, propose_median
from planner.coverage.adapters.two_tier import propose_partial, propose_tiers
from planner.coverage.engine.effort import Effort
from planner.coverage.problem import CoverageProblem
from planner.coverage.proposal import Proposal
from planner.coverage.siting_rules import AssignmentRule, UpperTier

Engine = Callable[[CoverageProblem, Effort], Proposal]


def propose_at_large(problem: CoverageProblem, time_limit_s: float, seed: int = 1) -> Proposal:
    """Return the engine's sites and bound for a problem without rules or budget."""
    effort = Effort(deadline=time.monotonic() + time_limit_s, seed=seed)
    if problem.objective is Objective.P_MEDIAN:
        return propose_median(problem, effort)
    if problem.objective is Objective.P_CENTER:
        return propose_center(problem, effort)
    covering = propose_cover if problem.objective is Objective.LSCP else propose_maximal
    proposal = covering(problem, effort)
    return proposal if proposal.status is not None else replace(proposal, opened=cheapen(problem, proposal.opened))


def engine_for(problem: CoverageProblem) -> Engine | None:
    """Return the engine that knows everything the problem asks, None if there is none."""
    asked, objective = problem.rules.in_force, problem.objective
    budget = problem.budget_yuan is not None
    if asked & {"capacity", "minimum_load"} or (objective is Objective.FIXED_CHARGE and "covered_share" not in asked):
        return propose_capacitated if _fits_capacitated(problem) else None
    if "covered_share" in asked:
        return propose_partial if _fits_partial(problem) else None
    if objective is Objective.MCLP:
        if not asked and budget:
            return propose_budgeted
        if asked == {"decay_s"} and not budget:
            return propose_decaying
        both = budget and problem.count is not None
        if asked <= {"sites_needed", "upper"} and not both and not _limits_both(problem.rules.upper):
            return propose_tiers
    if objective is Objective.P_CENTER and asked == {"sites_needed"}:
        return propose_center
    if objective is Objective.LSCP and asked == {"sites_needed"} and not budget:
        return propose_cover
    return None


def _fits_capacitated(problem: CoverageProblem) -> bool:
    rules, objective = problem.rules, problem.objective
    chosen = rules.assignment is AssignmentRule.FREE or not rules.has_loads
    known = rules.in_force <= {"capacity", "minimum_load", "yuan_per_hour", "decay_s"}
    # minimum loads and a fixed number of sites: one more site may do harm
    exact = objective is Objective.P_MEDIAN and rules.minimum_load is not None
    return chosen and known and not exact and objective is not Objective.P_CENTER


def _fits_partial(problem: CoverageProblem) -> bool:
    plain = problem.rules.in_force <= {"covered_share", "sites_needed"} and problem.budget_yuan is None
    fixed = problem.objective is Objective.FIXED_CHARGE and problem.count is None
    return plain and (fixed or problem.objective is Objective.LSCP)


def _limits_both(upper: UpperTier | None) -> bool:
    return upper is not None and upper.count is not None and upper.budget_yuan is not None


def propose_with_rules(problem: CoverageProblem, engine: Engine, time_limit_s: float, seed: int) -> Proposal:
    """Return the engine's sites and bound."""
    return engine(problem, Effort(deadline=time.monotonic() + time_limit_s, seed=seed))
