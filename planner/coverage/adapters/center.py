"""p-center: at most ``count`` sites so that the farthest point is as near as can be (Hakimi 1964).

Solved by bisection over the times that occur: a time can be kept if the fewest sites that cover every point within it are
not too many (Minieka 1970). Where a point needs several sites its way is that to the last of them (the k-neighbour p-center,
Krumke 1995) and they cover it so many times. Weights do not matter; a mandatory point's sites must also lie within the
standard.
"""

from __future__ import annotations

import numpy as np

from planner.coverage.adapters.engine_forms import new_sites, no_answer, ones_of
from planner.coverage.durations import SparseDurations
from planner.coverage.engine.covering.search import fewest_sites
from planner.coverage.engine.effort import Effort
from planner.coverage.problem import CoverageProblem
from planner.coverage.proposal import Proposal
from planner.units import BoolArray


def propose_center(problem: CoverageProblem, effort: Effort) -> Proposal:
    """Return the sites whose farthest point is nearest, and the time that no choice can be below."""
    travel = problem.travel
    strict = problem.mandatory[travel.demands]
    kept = travel.keep(~problem.forbidden[travel.sites] & (problem.within | ~strict))
    rows = np.diff(kept.starts) > 0
    if not rows.any():
        return Proposal(opened=problem.existing.copy(), bound=0.0, proven=True)
    # no answer is below what the worst point needs to the nearest sites that it could have
    least = kept.last_needed(np.ones(len(problem.site_ids), dtype=np.bool_), problem.sites_asked)
    times = np.unique(kept.seconds[kept.seconds >= least[rows].max()])
    best, impossible = _farthest_first(problem, kept, rows) if problem.rules.sites_needed == 1 else None, False
    if best is None:
        best, impossible = _within(problem, kept, rows, float(times[-1]), effort)
    if best is None:
        certain = impossible and not np.isfinite(travel.cutoff_s).any()
        return no_answer(impossible=certain)
    # below ``low`` nothing is left to try, below ``floor`` nothing is possible
    low, floor = 0, 0
    high = int(np.searchsorted(times, _farthest(problem, kept, best)))
    while low < high:
        middle = (low + high) // 2
        opened, impossible = _within(problem, kept, rows, float(times[middle]), effort)
        if opened is not None:
            best, high = opened, int(np.searchsorted(times, _farthest(problem, kept, opened)))
        else:
            low = middle + 1
            floor = low if impossible else floor
    bound = min(float(times[floor]), float(travel.cutoff_s.min()))
    return Proposal(opened=_cover_more(problem, kept, best), bound=bound, proven=bound >= float(times[high]))


def _farthest_first(problem: CoverageProblem, kept: SparseDurations, rows: BoolArray) -> BoolArray | None:
    """Return sites opened one by one for the point that is then farthest; None if that leaves a point unreached."""
    opened = problem.existing.copy()
    order = np.argsort(kept.sites, kind="stable")
    starts = np.searchsorted(kept.sites[order], np.arange(len(opened) + 1))
    demands, seconds = kept.demands[order], kept.seconds[order]
    best = np.where(rows, kept.nearest(opened)[1], 0.0)
    for _ in range((problem.count or 0) - int(opened.sum())):
        site = kept.sites[kept.starts[int(np.argmax(best))]] if best.max() > 0 else -1
        if site < 0 or opened[site]:
            break
        opened[site] = True
        mine = slice(starts[site], starts[site + 1])
        np.minimum.at(best, demands[mine], seconds[mine])
    return opened if np.isfinite(best).all() else None


def _cover_more(problem: CoverageProblem, kept: SparseDurations, opened: BoolArray) -> BoolArray:
    """Return the sites and, as far as the count allows, more for points that are still beyond the standard.

    Points that lack the fewest sites come first, of these the farthest.
    """
    opened = opened.copy()
    near = kept.keep(kept.seconds <= problem.standard_s)
    starts = near.starts
    for _ in range(len(problem.demand_ids)):
        room = (problem.count or 0) - int(opened.sum())
        hits = np.concatenate([[0], np.cumsum(opened[near.sites])])
        missing = problem.needs - np.diff(hits[starts])
        left = np.flatnonzero(problem.coverable & (missing > 0) & (missing <= room))
        if not len(left):
            break
        seconds = kept.last_needed(opened, problem.sites_asked)[left]
        point = left[np.lexsort((-seconds, missing[left]))[0]]
        sites = near.row(int(point))[0]
        opened[sites[~opened[sites]][: missing[point]]] = True
    return opened


def _farthest(problem: CoverageProblem, kept: SparseDurations, opened: BoolArray) -> float:
    return float(kept.last_needed(opened, problem.sites_asked).max())


def _within(
    problem: CoverageProblem, kept: SparseDurations, rows: BoolArray, limit_s: float, effort: Effort
) -> tuple[BoolArray | None, bool]:
    """Return sites that keep the time, or None and whether it is proven that none can."""
    near = kept.keep(kept.seconds <= limit_s)
    hits = np.concatenate([[0], np.cumsum(problem.existing[near.sites])])
    need = np.where(rows, problem.sites_asked - np.diff(hits[near.starts]), 0)
    left = need > 0
    columns = np.flatnonzero(new_sites(problem))
    room = (problem.count or 0) - int(problem.existing.sum())
    opened = problem.existing.copy()
    if not left.any():
        return opened, False
    if room < need.max():
        return None, True
    covers = ones_of(near)[np.flatnonzero(left)][:, columns].tocsr()
    found = fewest_sites(covers, need[left].astype(np.int64), effort, enough=room)
    if found.value > room:
        return None, found.bound > room
    opened[columns[found.opened]] = True
    return opened, False
