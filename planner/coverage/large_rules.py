"""Siting with rules at province size: each combination that a compiled engine knows, put into the engine's form.

What no engine knows is left to the integer programme (`planner.coverage.milp`), whatever its size.
"""

from __future__ import annotations

import time
from collections.abc import Callable

import numpy as np

from planner.config import Objective
from planner.coverage.cheapen import cheapen
from planner.coverage.engine.cover import fewest_sites
from planner.coverage.engine.dual_kernels import CLOSED, FREE, OPEN
from planner.coverage.engine.lagrange import Effort, solve_served
from planner.coverage.engine.phased import plan_years
from planner.coverage.engine.phased_world import PhasedCover
from planner.coverage.engine.served import served_of
from planner.coverage.large import covers_of
from planner.coverage.problem import CoverageProblem
from planner.coverage.proposal import Proposal
from planner.coverage.solution import SolveStatus
from planner.units import BoolArray, IntArray

Engine = Callable[[CoverageProblem, Effort], Proposal]


def engine_for(problem: CoverageProblem) -> Engine | None:
    """Return the engine that knows everything the problem asks, None if there is none."""
    asked, budget = problem.rules.in_force, problem.budget_yuan is not None
    if problem.objective is Objective.MCLP:
        if not asked and budget:
            return propose_budgeted
        if asked == {"decay_s"} and not budget:
            return propose_decaying
    if problem.objective is Objective.LSCP and asked == {"sites_needed"} and not budget:
        return propose_backup_cover
    return None


def propose_with_rules(problem: CoverageProblem, engine: Engine, time_limit_s: float, seed: int) -> Proposal:
    """Return the engine's sites and bound."""
    return engine(problem, Effort(deadline=time.monotonic() + time_limit_s, seed=seed))


def _status(problem: CoverageProblem) -> IntArray:
    return np.where(problem.existing, OPEN, np.where(problem.forbidden, CLOSED, FREE)).astype(np.int64)


def _every_site(problem: CoverageProblem) -> BoolArray:
    return np.ones(len(problem.site_ids), dtype=np.bool_)


def _none(*, impossible: bool) -> Proposal:
    return Proposal.nothing(SolveStatus.INFEASIBLE if impossible else SolveStatus.NOT_FOUND)


def propose_budgeted(problem: CoverageProblem, effort: Effort) -> Proposal:
    """Return the sites that cover most weight within a budget, and a count if there is one."""
    rows = problem.coverable & ((problem.weights > 0) | problem.mandatory)
    if not rows.any():
        return Proposal(opened=problem.existing.copy(), bound=0.0, proven=True)
    world = PhasedCover(
        covers=covers_of(problem, rows, _every_site(problem)),
        weights=problem.weights[rows],
        cost=np.where(problem.existing, 0.0, problem.opening_cost_yuan),
        budget=np.array([np.inf if problem.budget_yuan is None else problem.budget_yuan]),
        status=_status(problem),
        required_from=np.where(problem.mandatory[rows], 0, 1).astype(np.int64),
        count=None if problem.count is None else np.array([problem.count], dtype=np.int64),
    )
    plan = plan_years(world, effort)
    if not plan.complete:
        return _none(impossible=plan.impossible)
    return Proposal(opened=cheapen(problem, plan.opens == 0), bound=plan.bound, proven=plan.proven)


def propose_decaying(problem: CoverageProblem, effort: Effort) -> Proposal:
    """Return the sites with the most weight where it falls with time beyond the standard (Berman & Krass 2002)."""
    travel = problem.travel
    demands = travel.demands
    end = problem.rules.decay_s or problem.standard_s
    limit = np.where(problem.mandatory[demands], problem.standard_s, end)
    kept = travel.keep((travel.seconds <= limit) & ~problem.forbidden[travel.sites])
    late = np.clip((kept.seconds - problem.standard_s) / (end - problem.standard_s), 0.0, 1.0)
    costs = late * problem.weights[kept.demands]
    total = float(problem.weights.sum())
    must = np.where(problem.mandatory, total + 1.0, 0.0)
    served = served_of(
        kept.starts,
        kept.sites,
        costs,
        site_count=len(problem.site_ids),
        forgone=problem.weights + must,
        cap=problem.weights + must,
    )
    found = solve_served(served, problem.count or 0, _status(problem), effort)
    if found.value >= total + 1.0:
        return _none(impossible=found.bound >= total + 1.0)
    return Proposal(opened=found.opened, bound=total - found.bound, proven=found.proven)


def propose_backup_cover(problem: CoverageProblem, effort: Effort) -> Proposal:
    """Return the fewest sites that cover every point as often as it needs, existing sites counted."""
    hits = np.asarray(
        np.bincount(
            problem.travel.demands[problem.within & problem.existing[problem.travel.sites]],
            minlength=len(problem.demand_ids),
        )
    )
    need = np.where(problem.required, problem.needs - hits, 0)
    rows = problem.coverable & (need > 0)
    columns = np.asarray(~problem.existing & ~problem.forbidden, dtype=np.bool_)
    opened = problem.existing.copy()
    bound, proven = int(opened.sum()), True
    if rows.any():
        found = fewest_sites(covers_of(problem, rows, columns), need[rows].astype(np.int64), effort)
        opened[np.flatnonzero(columns)[found.opened]] = True
        bound, proven = bound + found.bound, found.proven
    if problem.count is not None and opened.sum() > problem.count:
        return _none(impossible=bound > problem.count)
    return Proposal(opened=opened, bound=float(bound), proven=proven)
