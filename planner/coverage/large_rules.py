"""Siting with rules at province size: each combination that a compiled engine knows, put into the engine's form.

What no engine knows is left to the integer programme (`planner.coverage.milp`), whatever its size.
"""

from __future__ import annotations

import time
from collections.abc import Callable

import numpy as np
from scipy.sparse import csr_array

from planner.config import Objective
from planner.coverage.cheapen import cheapen
from planner.coverage.engine.capacitated.dual import Loads
from planner.coverage.engine.capacitated.solve import Limits, Outcome, solve_loaded
from planner.coverage.engine.covering.search import fewest_sites
from planner.coverage.engine.median.dual import CLOSED, FREE, OPEN
from planner.coverage.engine.median.search import Effort, solve_served
from planner.coverage.engine.multi_year.solve import plan_years
from planner.coverage.engine.multi_year.world import PhasedCover
from planner.coverage.engine.served import Served, served_of
from planner.coverage.engine.two_tier.partial import solve_partial
from planner.coverage.engine.two_tier.search import Tier, TiersFound, solve_tiers
from planner.coverage.large import covers_of, filled
from planner.coverage.milp import propose_by_milp
from planner.coverage.problem import CoverageProblem
from planner.coverage.proposal import Proposal
from planner.coverage.siting_rules import AssignmentRule, UpperTier
from planner.coverage.solution import SolveStatus
from planner.units import BoolArray, FloatArray, IntArray

Engine = Callable[[CoverageProblem, Effort], Proposal]


def engine_for(problem: CoverageProblem) -> Engine | None:
    """Return the engine that knows everything the problem asks, None if there is none."""
    asked, objective = problem.rules.in_force, problem.objective
    budget = problem.budget_yuan is not None
    if asked & {"capacity", "minimum_load"} or (objective is Objective.FIXED_CHARGE and "covered_share" not in asked):
        return propose_loaded if _fits_loaded(problem) else None
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
    if objective is Objective.LSCP and asked == {"sites_needed"} and not budget:
        return propose_backup_cover
    return None


def _fits_loaded(problem: CoverageProblem) -> bool:
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


def propose_tiers(problem: CoverageProblem, effort: Effort) -> Proposal:
    """Return points that cover most weight, each row as often as it needs, with stations above them if asked."""
    rows = (problem.options >= problem.needs) & ((problem.weights > 0) | problem.mandatory)
    upper = problem.rules.upper
    if not rows.any():  # nothing to search for, though open points need their stations
        return propose_by_milp(problem, effort.deadline - time.monotonic())
    found = solve_tiers(
        covers_of(problem, rows, _every_site(problem)),
        problem.weights[rows],
        problem.needs[rows],
        problem.mandatory[rows],
        _tier(_status(problem), problem.existing, problem.opening_cost_yuan, problem.count, problem.budget_yuan),
        effort,
        reach=None if upper is None else _reach(upper),
        room=None if upper is None else np.minimum(np.floor(upper.room), len(problem.site_ids)).astype(np.int64),
        stations=None if upper is None else _stations(upper),
    )
    if not found.feasible:
        return _none(impossible=found.impossible)
    return Proposal(
        opened=found.opened,
        bound=found.bound,
        proven=found.proven,
        stations=None if upper is None else found.stations,
        linked=None if upper is None else _links(found),
    )


def _links(found: TiersFound) -> IntArray:
    return np.where(found.opened, found.at, -1).astype(np.int64)


def _tier(status: IntArray, existing: BoolArray, cost: FloatArray, count: int | None, budget: float | None) -> Tier:
    if budget is not None:
        return Tier(status=status, costs=np.where(existing, 0.0, cost), limit=budget)
    return Tier(status=status, costs=np.ones(len(status)), limit=np.inf if count is None else float(count))


def _reach(upper: UpperTier) -> csr_array:
    """Return which stations each point can be linked to, as ones."""
    travel = upper.travel
    near = travel.keep(np.asarray(travel.seconds <= upper.standard_s, dtype=np.bool_))
    ones = np.ones(len(near.sites), dtype=np.int32)
    return csr_array((ones, near.sites.copy(), near.starts.copy()), shape=near.shape)


def _stations(upper: UpperTier) -> Tier:
    status = np.where(upper.existing, OPEN, np.where(upper.forbidden, CLOSED, FREE)).astype(np.int64)
    return _tier(status, upper.existing, upper.opening_cost_yuan, upper.count, upper.budget_yuan)


def propose_partial(problem: CoverageProblem, effort: Effort) -> Proposal:
    """Return the fewest sites, or the cheapest for a fixed charge without travel, that cover the share of all weight."""
    rows = problem.coverable & ((problem.weights > 0) | problem.mandatory)
    fewest = problem.objective is Objective.LSCP
    costs = np.ones(len(problem.site_ids))
    if not fewest:
        costs = np.where(problem.existing, 0.0, problem.opening_cost_yuan)
    limit = np.inf if problem.count is None else float(problem.count)
    found = solve_partial(
        covers_of(problem, rows, _every_site(problem)),
        problem.weights[rows],
        problem.needs[rows],
        problem.mandatory[rows],
        Tier(status=_status(problem), costs=costs, limit=limit),
        (problem.rules.covered_share or 0.0) * float(problem.weights.sum()),
        effort,
    )
    if not found.feasible:
        return _none(impossible=found.impossible)
    return Proposal(opened=found.opened, bound=found.bound, proven=found.proven)


def propose_loaded(problem: CoverageProblem, effort: Effort) -> Proposal:
    """Return sites and who serves whom within capacities and above minimum loads, the plan choosing the assignment."""
    served, total = _served(problem)
    sites, demands = len(problem.site_ids), len(problem.demand_ids)
    rules, objective = problem.rules, problem.objective
    fixed = np.zeros(sites)
    if objective is Objective.LSCP:
        fixed = np.ones(sites)
    elif objective is Objective.FIXED_CHARGE:
        fixed = np.where(problem.existing, 0.0, problem.opening_cost_yuan)
    least = np.zeros(sites) if rules.minimum_load is None else np.where(problem.stays, 0.0, rules.minimum_load)
    must = problem.required & problem.coverable
    if objective is Objective.P_MEDIAN:
        must = np.diff(served.row_starts) > 0
    loads = Loads(
        load=np.zeros(demands) if rules.load is None else rules.load.copy(),
        must=np.asarray(must, dtype=np.bool_),
        capacity=np.full(sites, np.inf) if rules.capacity is None else rules.capacity.copy(),
        least=least,
        fixed=fixed,
        price=np.where(problem.existing, 0.0, problem.opening_cost_yuan),
        status=_status(problem),
    )
    limits = Limits(
        count=sites if problem.count is None else problem.count,
        budget=np.inf if problem.budget_yuan is None else problem.budget_yuan,
    )
    found = solve_loaded(served, loads, limits, effort)
    if found.outcome is not Outcome.FOUND:
        return _none(impossible=found.outcome is Outcome.INFEASIBLE)
    bound = total - found.bound if objective is Objective.MCLP else found.bound
    return Proposal(
        opened=filled(problem, found.opened) if objective is Objective.P_MEDIAN else found.opened,
        bound=bound,
        proven=found.proven,
        assigned=found.assigned if rules.has_loads else None,
    )


def _served(problem: CoverageProblem) -> tuple[Served, float]:
    """Return the pairs with what serving them costs, and the weight there is."""
    travel, objective, rules = problem.travel, problem.objective, problem.rules
    reach = np.inf if objective is Objective.P_MEDIAN else rules.decay_s or problem.standard_s
    limit = np.where(problem.mandatory[travel.demands], problem.standard_s, reach)
    kept = travel.keep((travel.seconds <= limit) & ~problem.forbidden[travel.sites])
    weights = problem.weights[kept.demands]
    if objective is Objective.P_MEDIAN:
        costs = kept.seconds * weights
    elif objective is Objective.FIXED_CHARGE:
        costs = kept.seconds * weights * (rules.yuan_per_hour / 3600)
    elif rules.decay_s is not None:
        costs = weights * np.clip((kept.seconds - problem.standard_s) / (rules.decay_s - problem.standard_s), 0.0, 1.0)
    else:
        costs = np.zeros(len(weights))
    forgone = problem.weights.copy()
    if objective is not Objective.MCLP:  # all who can be served must be; the others cost nothing
        most = 1.0 + float(costs.sum()) + float(problem.opening_cost_yuan.sum())
        forgone = np.where(np.diff(kept.starts) > 0, most, 0.0)
    every = np.full(len(forgone), np.inf)  # a pair that saves nothing may still fill a least load
    served = served_of(
        kept.starts, kept.sites, costs, site_count=len(problem.site_ids), forgone=every, cap=every.copy()
    )
    served = served._replace(forgone=forgone, cap=forgone.copy())
    return served, float(problem.weights.sum())
