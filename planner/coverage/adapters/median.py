"""p-median, and covering whose worth falls with time, in the form that the engine for the median takes.

A point that must be served costs, unserved, more than all others together can.
"""

from __future__ import annotations

import numpy as np

from planner.coverage.adapters.engine_forms import filled, no_answer, site_status
from planner.coverage.engine.effort import Effort
from planner.coverage.engine.median.search import solve_served
from planner.coverage.engine.served import served_of
from planner.coverage.problem import CoverageProblem
from planner.coverage.proposal import Proposal
from planner.units import BoolArray, FloatArray


def propose_median(problem: CoverageProblem, effort: Effort) -> Proposal:
    """Return ``count`` sites with the least weighted travel; a mandatory point's site must lie within the standard."""
    if problem.count is None:
        raise AssertionError("a p-median problem has a count")
    travel = problem.travel
    free = np.repeat(~problem.mandatory, np.diff(travel.starts))
    kept = travel.keep(~problem.forbidden[travel.sites] & (problem.within | free))
    costs = kept.seconds * np.repeat(problem.weights, np.diff(kept.starts))
    rows = np.diff(kept.starts) > 0
    last = np.zeros(len(rows))
    last[rows] = costs[kept.starts[1:][rows] - 1]
    must = float(np.ceil(last.sum())) + 1.0
    served = served_of(
        kept.starts,
        kept.sites,
        costs,
        site_count=len(problem.site_ids),
        forgone=np.where(rows, must, 0.0),
        cap=_caps(problem, rows, np.diff(kept.starts), last, must),
    )
    del free, kept, costs  # as long as the lists, and no longer needed
    found = solve_served(served, problem.count, site_status(problem.existing, problem.forbidden), effort)
    if found.value >= must:
        return no_answer(impossible=found.bound >= must)
    return Proposal(opened=filled(problem, found.opened), bound=found.bound, proven=found.proven)


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
    found = solve_served(served, problem.count or 0, site_status(problem.existing, problem.forbidden), effort)
    if found.value >= total + 1.0:
        return no_answer(impossible=found.bound >= total + 1.0)
    return Proposal(opened=found.opened, bound=total - found.bound, proven=found.proven)


def _caps(problem: CoverageProblem, rows: BoolArray, listed: FloatArray, last: FloatArray, must: float) -> FloatArray:
    """Return the highest multiplier of each row: what the next site that is not listed would cost at least.

    A row that lists every allowed site needs no more than its last; a mandatory row may not go beyond its list.
    """
    beyond = np.full(len(rows), must)
    cut = np.isfinite(problem.travel.cutoff_s) & ~problem.mandatory
    beyond[cut] = problem.weights[cut] * problem.travel.cutoff_s[cut]
    whole = listed == np.count_nonzero(~problem.forbidden)
    return np.asarray(np.where(rows, np.where(whole, last, np.maximum(beyond, last)), 0.0), dtype=np.float64)
