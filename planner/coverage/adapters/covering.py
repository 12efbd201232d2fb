"""Set covering and maximal covering, in the form that the engines for covering and the median take.

A point that must be covered costs, uncovered, more than all others together can.
"""

from __future__ import annotations

import numpy as np

from planner.coverage.adapters.engine_forms import covers_of, new_sites, no_answer
from planner.coverage.engine.covering.search import cover_with, fewest_sites
from planner.coverage.engine.effort import Effort
from planner.coverage.engine.median.search import solve_served
from planner.coverage.engine.reduce import reduce_weighted
from planner.coverage.engine.status import FREE
from planner.coverage.problem import CoverageProblem
from planner.coverage.proposal import Proposal
from planner.units import BoolArray


def propose_cover(problem: CoverageProblem, effort: Effort) -> Proposal:
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
        return no_answer(impossible=bound > problem.count)
    return Proposal(opened=opened, bound=float(bound), proven=proven)


def propose_maximal(problem: CoverageProblem, effort: Effort) -> Proposal:
    """Return the sites that cover most weight; first look whether so many can cover all there is."""
    if problem.count is None:
        raise AssertionError("maximal covering without a count has a budget and is an integer programme")
    already = _served_already(problem)
    wanted = (problem.weights > 0) | problem.mandatory
    rows = problem.travel.any_row(problem.allowed) & ~already & wanted
    columns = np.flatnonzero(new_sites(problem))
    opened = problem.existing.copy()
    room = problem.count - int(opened.sum())
    given = float(problem.weights[already].sum())
    within_reach = given + float(problem.weights[rows].sum())
    if not rows.any():
        return Proposal(opened=opened, bound=given, proven=True)
    covers = covers_of(problem, rows, new_sites(problem))
    whole = cover_with(covers, room, effort)
    if whole is not None:
        opened[columns[whole]] = True
        return Proposal(opened=opened, bound=within_reach, proven=True)
    must = within_reach + 1.0
    weights = problem.weights[rows] + np.where(problem.mandatory[rows], must, 0.0)
    served, kept = reduce_weighted(covers, weights)
    found = solve_served(served, room, np.full(len(kept), FREE, dtype=np.int64), effort)
    if found.value >= must:
        return no_answer(impossible=found.bound >= must)
    opened[columns[kept[found.opened]]] = True
    return Proposal(opened=opened, bound=within_reach - found.bound, proven=found.proven)


def _served_already(problem: CoverageProblem) -> BoolArray:
    return problem.travel.any_row(problem.within & problem.existing[problem.travel.sites])
