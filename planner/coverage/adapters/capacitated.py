"""Capacities, minimum loads and fixed charges, in the form that the capacitated engine takes."""

from __future__ import annotations

import numpy as np

from planner.config import Objective
from planner.coverage.adapters.engine_forms import filled, no_answer, site_status
from planner.coverage.engine.capacitated.loads import Loads
from planner.coverage.engine.capacitated.solve import LoadLimits, Outcome, solve_capacitated
from planner.coverage.engine.effort import Effort
from planner.coverage.engine.served import Served, served_of
from planner.coverage.problem import CoverageProblem
from planner.coverage.proposal import Proposal


def propose_capacitated(problem: CoverageProblem, effort: Effort) -> Proposal:
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
    must = problem.required
    if objective is Objective.P_MEDIAN:
        must = np.diff(served.row_starts) > 0
    loads = Loads(
        load=np.zeros(demands) if rules.load is None else rules.load.copy(),
        must=np.asarray(must, dtype=np.bool_),
        capacity=np.full(sites, np.inf) if rules.capacity is None else rules.capacity.copy(),
        least=least,
        fixed=fixed,
        price=np.where(problem.existing, 0.0, problem.opening_cost_yuan),
        status=site_status(problem.existing, problem.forbidden),
    )
    limits = LoadLimits(
        count=sites if problem.count is None else problem.count,
        budget=np.inf if problem.budget_yuan is None else problem.budget_yuan,
    )
    found = solve_capacitated(served, loads, limits, effort)
    if found.outcome is not Outcome.FOUND:
        return no_answer(impossible=found.outcome is Outcome.INFEASIBLE)
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
    kept = travel.keep((travel.seconds <= limit) & problem.usable[travel.sites] & ~problem.too_heavy[travel.demands])
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
