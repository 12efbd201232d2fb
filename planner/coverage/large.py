"""Siting at province size: each objective put into the form that the compiled engine takes.

Set covering, maximal covering and p-median (p-center is in `center`) with existing and forbidden sites and mandatory
points. A point that must be served costs, unserved, more than all others together can.
"""

from __future__ import annotations

import time

import numpy as np
from scipy.sparse import csr_array

from planner.config import Objective
from planner.coverage.center import propose_center
from planner.coverage.cheapen import cheapen
from planner.coverage.engine.covering.search import cover_with, fewest_sites
from planner.coverage.engine.median.dual import CLOSED, FREE, OPEN
from planner.coverage.engine.median.search import Effort, solve_served
from planner.coverage.engine.reduce import reduce_weighted
from planner.coverage.engine.served import served_of
from planner.coverage.problem import CoverageProblem
from planner.coverage.proposal import Proposal
from planner.coverage.solution import SolveStatus
from planner.units import BoolArray, FloatArray


def propose_at_large(problem: CoverageProblem, time_limit_s: float, seed: int = 1) -> Proposal:
    """Return the engine's sites and bound; budgets are not its matter."""
    effort = Effort(deadline=time.monotonic() + time_limit_s, seed=seed)
    if problem.objective is Objective.P_MEDIAN:
        return propose_median(problem, effort)
    if problem.objective is Objective.P_CENTER:
        return propose_center(problem, effort)
    proposal = (
        propose_cover(problem, effort) if problem.objective is Objective.LSCP else propose_maximal(problem, effort)
    )
    if proposal.status is not None:
        return proposal
    return Proposal(opened=cheapen(problem, proposal.opened), bound=proposal.bound, proven=proposal.proven)


def covers_of(problem: CoverageProblem, rows: BoolArray, columns: BoolArray) -> csr_array:
    """Return which of these columns cover which of these rows, as ones."""
    kept = problem.travel.keep(problem.allowed)
    matrix = csr_array(
        (np.ones(len(kept.sites), dtype=np.int32), kept.sites.copy(), kept.starts.copy()), shape=kept.shape
    )
    return matrix[np.flatnonzero(rows)][:, np.flatnonzero(columns)].tocsr()


def _served_already(problem: CoverageProblem) -> BoolArray:
    return problem.travel.any_row(problem.within & problem.existing[problem.travel.sites])


def _new_sites(problem: CoverageProblem) -> BoolArray:
    return np.asarray(~problem.existing & ~problem.forbidden, dtype=np.bool_)


def propose_cover(problem: CoverageProblem, effort: Effort) -> Proposal:
    """Return the fewest sites that cover every point that an allowed site could cover."""
    rows = problem.travel.any_row(problem.allowed) & ~_served_already(problem)
    columns = _new_sites(problem)
    opened = problem.existing.copy()
    bound = int(opened.sum())
    proven = True
    if rows.any():
        found = fewest_sites(covers_of(problem, rows, columns), np.ones(int(rows.sum()), dtype=np.int64), effort)
        opened[np.flatnonzero(columns)[found.opened]] = True
        bound, proven = bound + found.bound, found.proven
    if problem.count is not None and opened.sum() > problem.count:
        return Proposal.nothing(SolveStatus.INFEASIBLE if bound > problem.count else SolveStatus.NOT_FOUND)
    return Proposal(opened=opened, bound=float(bound), proven=proven)


def propose_maximal(problem: CoverageProblem, effort: Effort) -> Proposal:
    """Return the sites that cover most weight; first look whether so many can cover all there is."""
    if problem.count is None:
        raise AssertionError("maximal covering without a count has a budget and is an integer programme")
    already = _served_already(problem)
    wanted = (problem.weights > 0) | problem.mandatory
    rows = problem.travel.any_row(problem.allowed) & ~already & wanted
    columns = np.flatnonzero(_new_sites(problem))
    opened = problem.existing.copy()
    room = problem.count - int(opened.sum())
    given = float(problem.weights[already].sum())
    within_reach = given + float(problem.weights[rows].sum())
    if not rows.any():
        return Proposal(opened=opened, bound=given, proven=True)
    covers = covers_of(problem, rows, _new_sites(problem))
    whole = cover_with(covers, room, effort)
    if whole is not None:
        opened[columns[whole]] = True
        return Proposal(opened=opened, bound=within_reach, proven=True)
    must = within_reach + 1.0
    weights = problem.weights[rows] + np.where(problem.mandatory[rows], must, 0.0)
    served, kept = reduce_weighted(covers, weights)
    found = solve_served(served, room, np.full(len(kept), FREE, dtype=np.int64), effort)
    if found.value >= must:
        return Proposal.nothing(SolveStatus.INFEASIBLE if found.bound >= must else SolveStatus.NOT_FOUND)
    opened[columns[kept[found.opened]]] = True
    return Proposal(opened=opened, bound=within_reach - found.bound, proven=found.proven)


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
    status = np.where(problem.existing, OPEN, np.where(problem.forbidden, CLOSED, FREE)).astype(np.int64)
    served = served_of(
        kept.starts,
        kept.sites,
        costs,
        site_count=len(problem.site_ids),
        forgone=np.where(rows, must, 0.0),
        cap=_caps(problem, rows, np.diff(kept.starts), last, must),
    )
    del free, kept, costs  # as long as the lists, and no longer needed
    found = solve_served(served, problem.count, status, effort)
    if found.value >= must:
        return Proposal.nothing(SolveStatus.INFEASIBLE if found.bound >= must else SolveStatus.NOT_FOUND)
    return Proposal(opened=filled(problem, found.opened), bound=found.bound, proven=found.proven)


def _caps(problem: CoverageProblem, rows: BoolArray, listed: FloatArray, last: FloatArray, must: float) -> FloatArray:
    """Return the highest multiplier of each row: what the next site that is not listed would cost at least.

    A row that lists every allowed site needs no more than its last; a mandatory row may not go beyond its list.
    """
    beyond = np.full(len(rows), must)
    cut = np.isfinite(problem.travel.cutoff_s) & ~problem.mandatory
    beyond[cut] = problem.weights[cut] * problem.travel.cutoff_s[cut]
    whole = listed == np.count_nonzero(~problem.forbidden)
    return np.asarray(np.where(rows, np.where(whole, last, np.maximum(beyond, last)), 0.0), dtype=np.float64)


def filled(problem: CoverageProblem, opened: BoolArray) -> BoolArray:
    """Return the sites with as many more as the count asks for, those first that cost least."""
    opened = opened.copy()
    spare = np.flatnonzero(~opened & ~problem.forbidden)
    missing = (problem.count or 0) - int(opened.sum())
    if missing > 0:
        opened[spare[np.argsort(problem.opening_cost_yuan[spare], kind="stable")[:missing]]] = True
    return opened
