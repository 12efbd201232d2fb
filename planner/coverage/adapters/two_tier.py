"""Backup, stations above the points, and shares to be covered, in the form that the engine for two tiers takes."""

from __future__ import annotations

import time

import numpy as np
from scipy.sparse import csr_array, hstack

from planner.config import Objective
from planner.coverage.adapters.engine_forms import covers_of, no_answer, ones_of, site_status
from planner.coverage.engine.effort import Effort
from planner.coverage.engine.status import OPEN, StatusArray
from planner.coverage.engine.two_tier.partial import solve_partial
from planner.coverage.engine.two_tier.search import TierSites, solve_tiers
from planner.coverage.models.milp import propose_by_milp
from planner.coverage.problem import CoverageProblem
from planner.coverage.proposal import Proposal
from planner.coverage.siting_rules import UpperTier
from planner.units import BoolArray, FloatArray, IntArray


def propose_tiers(problem: CoverageProblem, effort: Effort) -> Proposal:
    """Return points that cover most weight, each row as often as it needs, with stations above them if asked."""
    rows = problem.coverable & ((problem.weights > 0) | problem.mandatory)
    upper = problem.rules.upper
    if not rows.any():  # nothing to search for, though open points need their stations
        return propose_by_milp(problem, effort.deadline - time.monotonic())
    found = solve_tiers(
        covers_of(problem, rows),
        problem.weights[rows],
        problem.needs[rows],
        problem.mandatory[rows],
        _tier(
            site_status(problem.existing, ~problem.usable),
            problem.existing,
            problem.opening_cost_yuan,
            problem.count,
            problem.budget_yuan,
        ),
        effort,
        reach=None if upper is None else _reach(problem, upper),
        room=None if upper is None else _room(problem, upper),
        stations=None if upper is None else _stations(upper),
    )
    if not found.feasible:
        return no_answer(impossible=found.impossible)
    return Proposal(
        opened=found.opened,
        bound=found.bound,
        proven=found.proven,
        stations=None if upper is None else found.stations[:-1],
        linked=None if upper is None else np.where(found.opened & problem.linkable, found.at, -1).astype(np.int64),
    )


def propose_partial(problem: CoverageProblem, effort: Effort) -> Proposal:
    """Return the fewest sites, or the cheapest for a fixed charge without travel, that cover the share of all weight."""
    rows = problem.coverable & ((problem.weights > 0) | problem.mandatory)
    fewest = problem.objective is Objective.LSCP
    costs = np.ones(len(problem.site_ids))
    if not fewest:
        costs = np.where(problem.existing, 0.0, problem.opening_cost_yuan)
    limit = np.inf if problem.count is None else float(problem.count)
    found = solve_partial(
        covers_of(problem, rows),
        problem.weights[rows],
        problem.needs[rows],
        problem.mandatory[rows],
        TierSites(status=site_status(problem.existing, problem.forbidden), costs=costs, limit=limit),
        (problem.rules.covered_share or 0.0) * float(problem.weights.sum()),
        effort,
    )
    if not found.feasible:
        return no_answer(impossible=found.impossible)
    return Proposal(opened=found.opened, bound=found.bound, proven=found.proven)


def _tier(
    status: StatusArray, existing: BoolArray, cost: FloatArray, count: int | None, budget: float | None
) -> TierSites:
    if budget is not None:
        return TierSites(status=status, costs=np.where(existing, 0.0, cost), limit=budget)
    return TierSites(status=status, costs=np.ones(len(status)), limit=np.inf if count is None else float(count))


def _stations(upper: UpperTier) -> TierSites:
    """Return the stations and, last, one that costs nothing: for points that exist and that no station reaches."""
    status = site_status(upper.existing, upper.forbidden)
    tier = _tier(status, upper.existing, upper.opening_cost_yuan, upper.count, upper.budget_yuan)
    return TierSites(status=np.append(tier.status, OPEN), costs=np.append(tier.costs, 0.0), limit=tier.limit)


def _room(problem: CoverageProblem, upper: UpperTier) -> IntArray:
    every = len(problem.site_ids)
    return np.append(np.minimum(np.floor(upper.room), every), every).astype(np.int64)


def _reach(problem: CoverageProblem, upper: UpperTier) -> csr_array:
    """Return which stations each point can be linked to, as ones, the one for points out of reach last."""
    travel = upper.travel
    near = ones_of(travel.keep(np.asarray(travel.seconds <= upper.standard_s, dtype=np.bool_)))
    beyond = csr_array((problem.existing & ~problem.linkable)[:, None].astype(np.int32))
    return csr_array(hstack([near, beyond], format="csr"))
