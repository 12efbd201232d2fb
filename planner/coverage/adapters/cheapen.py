"""Make an answer cheaper without making it worse: nobody pays for a site that adds nothing."""

from __future__ import annotations

import numpy as np

from planner.coverage.problem import CoverageProblem
from planner.units import BoolArray, IntArray


def cheapen(problem: CoverageProblem, opened: BoolArray) -> BoolArray:
    """Return sites that cover the same points: those that add nothing closed, each other one the cheapest that will do.

    The dearest site is tried first; one pass, so this is a good answer among equals and not surely the cheapest.
    """
    opened = opened.copy()
    kept = problem.travel.keep(problem.allowed)
    demands = kept.demands
    order = np.argsort(kept.sites, kind="stable")
    points, starts = demands[order], np.searchsorted(kept.sites[order], np.arange(len(problem.site_ids) + 1))
    hits = np.bincount(demands[opened[kept.sites]], minlength=len(problem.demand_ids))
    cost = problem.opening_cost_yuan
    new = np.flatnonzero(opened & ~problem.existing)
    for site in new[np.argsort(-cost[new], kind="stable")]:
        mine = points[starts[site] : starts[site + 1]]
        alone = mine[hits[mine] == 1]
        instead = (
            _cheapest_instead(problem, kept.starts, kept.sites.astype(np.int64), alone, opened) if len(alone) else -1
        )
        if len(alone) and (instead < 0 or cost[instead] >= cost[site]):
            continue
        opened[site] = False
        hits[mine] -= 1
        if instead >= 0:
            opened[instead] = True
            hits[points[starts[instead] : starts[instead + 1]]] += 1
    return opened


def _cheapest_instead(
    problem: CoverageProblem, starts: IntArray, sites: IntArray, alone: IntArray, opened: BoolArray
) -> int:
    """Return the cheapest closed site that covers all these points, -1 if there is none."""
    shared = sites[starts[alone[0]] : starts[alone[0] + 1]]
    for i in alone[1:]:
        shared = np.intersect1d(shared, sites[starts[i] : starts[i + 1]])
    shared = shared[~opened[shared]]
    if not len(shared):
        return -1
    return int(shared[np.argmin(problem.opening_cost_yuan[shared])])
