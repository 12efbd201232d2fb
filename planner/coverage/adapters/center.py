"""p-center: at most ``count`` sites so that the farthest point is as near as can be (Hakimi 1964).

Solved by bisection over the times that occur: a time can be kept if the fewest sites that cover every point within it are
not too many (Minieka 1970). Weights do not matter; a mandatory point's site must also lie within the standard.
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
    # no answer is below what the worst point needs to its own nearest site
    times = np.unique(kept.seconds[kept.seconds >= kept.seconds[kept.starts[:-1][rows]].max()])
    best, impossible = _farthest_first(problem, kept, rows), False
    if best is None:
        best, impossible = _within(problem, kept, rows, float(times[-1]), effort)
    if best is None:
        certain = impossible and not np.isfinite(travel.cutoff_s).any()
        return no_answer(impossible=certain)
    # below ``low`` nothing is left to try, below ``floor`` nothing is possible
    low, floor = 0, 0
    high = int(np.searchsorted(times, _farthest(kept, best, rows)))
    while low < high:
        middle = (low + high) // 2
        opened, impossible = _within(problem, kept, rows, float(times[middle]), effort)
        if opened is not None:
            best, high = opened, int(np.searchsorted(times, _farthest(kept, opened, rows)))
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
    """Return the sites and, as far as the count allows, more for points that are still beyond the standard."""
    opened = opened.copy()
    coverable = problem.travel.any_row(problem.allowed)
    for _ in range((problem.count or 0) - int(opened.sum())):
        seconds = kept.nearest(opened)[1]
        left = np.flatnonzero(coverable & (seconds > problem.standard_s))
        if not len(left):
            break
        opened[kept.sites[kept.starts[left[np.argmax(seconds[left])]]]] = True
    return opened


def _farthest(kept: SparseDurations, opened: BoolArray, rows: BoolArray) -> float:
    return float(kept.nearest(opened)[1][rows].max())


def _within(
    problem: CoverageProblem, kept: SparseDurations, rows: BoolArray, limit_s: float, effort: Effort
) -> tuple[BoolArray | None, bool]:
    """Return sites that keep the time, or None and whether it is proven that none can."""
    near = kept.keep(kept.seconds <= limit_s)
    left = rows & ~near.any_row(problem.existing[near.sites])
    columns = np.flatnonzero(new_sites(problem))
    room = (problem.count or 0) - int(problem.existing.sum())
    opened = problem.existing.copy()
    if not left.any():
        return opened, False
    if room <= 0:
        return None, True
    covers = ones_of(near)[np.flatnonzero(left)][:, columns].tocsr()
    found = fewest_sites(covers, np.ones(covers.shape[0], dtype=np.int64), effort, enough=room)
    if found.value > room:
        return None, found.bound > room
    opened[columns[found.opened]] = True
    return opened, False
