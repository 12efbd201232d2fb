"""Compiled search for opening years: close a few neighbouring sites, refill greedily, accept as in annealing.

Ruin and recreate (Schrimpf, Schneider, Stamm-Wilbrandt & Dueck 2000) on (site, year) choices that keep every limit.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from planner.coverage.engine.acceptance import Heat, accepts, cooling
from planner.coverage.engine.multi_year.world import Phases
from planner.kernels import kernel
from planner.units import BoolArray, FloatArray, IntArray

_MOST_ROWS = 64  # rows that one walk may visit
_REFILLS = 12  # candidates from anywhere, so that money can move between places


class YearPlan(NamedTuple):
    """A plan being changed: opening year of each site, how often each row is covered in each year, and sums.

    ``year`` (sites,), the number of years being never; ``hits`` (rows, years); ``covered`` (years,) weight; ``left``
    (limits,) of each limit; ``kept`` (1,) counts the required (row, year) pairs that are covered.
    """

    year: IntArray
    hits: IntArray
    covered: FloatArray
    left: FloatArray
    kept: FloatArray


class Aim(NamedTuple):
    """What the search strives for, and where.

    Covered weight counts ``factor`` (years,), and ``hinge`` more while the year's target is short; plans are compared
    by the covered weight less ``penalty`` times what targets lack. ``bonus`` is what a required row is worth. A
    choice's rank is its gain less ``charge`` (sites, years), per ``size`` (sites,). ``allowed`` (sites, years); ``sites``
    are the numbers of the sites with a year allowed. ``noise`` is by what part a refill blurs gains.
    """

    factor: FloatArray
    hinge: float
    penalty: float
    bonus: float
    charge: FloatArray
    size: FloatArray
    allowed: BoolArray
    sites: IntArray
    noise: float


class RuinScratch(NamedTuple):
    """Work space of one search: candidate sites with gains (candidates, years), marks, and what a round changed."""

    sites: IntArray
    gains: FloatArray
    worth: FloatArray
    active: BoolArray
    site_mark: IntArray
    row_mark: IntArray
    removed: IntArray
    removed_year: IntArray
    added: IntArray


@kernel
def scratch_for(phases: Phases) -> RuinScratch:
    """Return work space for this problem."""
    rows, years = phases.weights.shape
    sites = phases.spend.shape[1]
    return RuinScratch(
        np.empty(sites, dtype=np.int64),
        np.empty((sites, years)),
        np.empty(years),
        np.empty(sites, dtype=np.bool_),
        np.zeros(sites, dtype=np.int64),
        np.zeros(rows, dtype=np.int64),
        np.empty(sites, dtype=np.int64),
        np.empty(sites, dtype=np.int64),
        np.empty(sites, dtype=np.int64),
    )


@kernel
def begin_plan(phases: Phases, year: IntArray) -> YearPlan:
    """Return the state of these opening years; ``year`` itself will change with it."""
    rows, years = phases.weights.shape
    hits = np.zeros((rows, years), dtype=np.int64)
    plan = YearPlan(year, hits, np.zeros(years), phases.room.copy(), np.zeros(1))
    for j in range(len(year)):
        if year[j] < years:
            start = year[j]
            year[j] = years
            open_site(phases, plan, j, start)
    return plan


@kernel
def open_site(phases: Phases, plan: YearPlan, site: int, start: int) -> None:
    """Open a site from year ``start`` on."""
    plan.year[site] = start
    for limit in range(len(plan.left)):
        if phases.first[limit] <= start <= phases.last[limit]:
            plan.left[limit] -= phases.spend[limit, site]
    for q in range(phases.column_starts[site], phases.column_starts[site + 1]):
        i = phases.column_rows[q]
        for t in range(start, plan.hits.shape[1]):
            if plan.hits[i, t] == 0:
                plan.covered[t] += phases.weights[i, t]
                if t >= phases.required_from[i]:
                    plan.kept[0] += 1.0
            plan.hits[i, t] += 1


@kernel
def close_site(phases: Phases, plan: YearPlan, site: int) -> None:
    """Take an opening back: the reverse of `open_site`."""
    start, years = plan.year[site], plan.hits.shape[1]
    plan.year[site] = years
    for limit in range(len(plan.left)):
        if phases.first[limit] <= start <= phases.last[limit]:
            plan.left[limit] += phases.spend[limit, site]
    for q in range(phases.column_starts[site], phases.column_starts[site + 1]):
        i = phases.column_rows[q]
        for t in range(start, years):
            plan.hits[i, t] -= 1
            if plan.hits[i, t] == 0:
                plan.covered[t] -= phases.weights[i, t]
                if t >= phases.required_from[i]:
                    plan.kept[0] -= 1.0


@kernel
def fits(phases: Phases, plan: YearPlan, site: int, start: int) -> bool:
    """Return whether every limit leaves room for this opening; room is trusted to a billionth."""
    for limit in range(len(plan.left)):
        if phases.first[limit] <= start <= phases.last[limit]:
            slack = 1e-9 * max(1.0, abs(phases.room[limit]))
            if phases.spend[limit, site] > plan.left[limit] + slack:
                return False
    return True


@kernel
def shortfall_of(phases: Phases, plan: YearPlan) -> float:
    """Return what the targets lack in total; a billionth is rounding."""
    total = 0.0
    for t in range(len(plan.covered)):
        short = phases.target[t] - plan.covered[t]
        if short > 1e-9 * max(1.0, phases.target[t]):
            total += short
    return total


@kernel
def score_of(phases: Phases, plan: YearPlan, aim: Aim) -> float:
    """Return the covered weight with what targets lack taken off and required rows rewarded."""
    total = aim.bonus * plan.kept[0]
    for t in range(len(plan.covered)):
        total += aim.factor[t] * plan.covered[t] - aim.hinge * max(0.0, phases.target[t] - plan.covered[t])
    return float(total)


@kernel
def rank_of(phases: Phases, plan: YearPlan, aim: Aim) -> tuple[float, float, float]:
    """Return what plans are compared by: required rows kept, whether all targets are, the value less what they lack."""
    short = shortfall_of(phases, plan)
    return plan.kept[0], 1.0 if short == 0.0 else 0.0, plan.covered.sum() - aim.penalty * short


@kernel
def worth_of(phases: Phases, plan: YearPlan, aim: Aim, site: int, worth: FloatArray) -> None:
    """Write what opening a site in each year would add to the score, as long as targets stay short or kept."""
    years = len(worth)
    worth[:] = 0.0
    for q in range(phases.column_starts[site], phases.column_starts[site + 1]):
        i = phases.column_rows[q]
        for t in range(years):
            if plan.hits[i, t] == 0:
                pull = aim.factor[t] + (aim.hinge if plan.covered[t] < phases.target[t] else 0.0)
                worth[t] += pull * phases.weights[i, t]
                if t >= phases.required_from[i]:
                    worth[t] += aim.bonus
    for t in range(years - 2, -1, -1):
        worth[t] += worth[t + 1]


@kernel
def refill(phases: Phases, plan: YearPlan, aim: Aim, work: RuinScratch, count: int, random: np.random.Generator) -> int:
    """Open candidates ``work.sites[:count]`` by rank, looking again before each opening; return how many."""
    years, added = len(plan.covered), 0
    for k in range(count):
        site = work.sites[k]
        work.active[k] = plan.year[site] == years
        if work.active[k]:
            worth_of(phases, plan, aim, site, work.worth)
            blur = 1.0 + aim.noise * (random.random() - 0.5)
            for t in range(years):
                work.gains[k, t] = work.worth[t] * blur
    while True:
        pick, start, best = -1, 0, -np.inf
        for k in range(count):
            if not work.active[k]:
                continue
            site, open_to = work.sites[k], False
            for t in range(years):
                if not aim.allowed[site, t] or work.gains[k, t] <= 0.0 or not fits(phases, plan, site, t):
                    continue
                open_to = True
                ratio = (work.gains[k, t] - aim.charge[site, t]) / aim.size[site]
                if ratio > best:
                    pick, start, best = k, t, ratio
            work.active[k] = open_to
        if pick < 0:
            return added
        site = work.sites[pick]
        worth_of(phases, plan, aim, site, work.worth)
        stale = work.worth[start] < work.gains[pick, start] * (1.0 - aim.noise) - 1e-9
        if stale:
            for t in range(years):
                work.gains[pick, t] = min(work.gains[pick, t], work.worth[t])
            continue
        open_site(phases, plan, site, start)
        work.active[pick] = False
        work.added[added] = site
        added += 1


@kernel
def ruin(
    phases: Phases, plan: YearPlan, aim: Aim, work: RuinScratch, turn: int, most: int, random: np.random.Generator
) -> tuple[int, int]:
    """Walk from a random row, close up to ``most`` open sites met, and a few elsewhere; list every site met.

    Returns the numbers of sites listed and closed.
    """
    rows, years = phases.weights.shape
    queue = np.empty(_MOST_ROWS, dtype=np.int64)
    queue[0] = random.integers(0, rows)
    work.row_mark[queue[0]] = turn
    front, back, listed, closed = 0, 1, 0, 0
    while front < back and closed < most:
        i = queue[front]
        front += 1
        begin, end = phases.row_starts[i], phases.row_starts[i + 1]
        for q in range(begin, end):
            j = phases.row_sites[q]
            if work.site_mark[j] == turn:
                continue
            work.site_mark[j] = turn
            work.sites[listed] = j
            listed += 1
            if plan.year[j] < years and closed < most:
                work.removed[closed], work.removed_year[closed] = j, plan.year[j]
                closed += 1
        for _ in range(6):
            j = phases.row_sites[random.integers(begin, end)]
            other = phases.column_rows[random.integers(phases.column_starts[j], phases.column_starts[j + 1])]
            if work.row_mark[other] != turn and back < _MOST_ROWS:
                work.row_mark[other] = turn
                queue[back] = other
                back += 1
    extra = random.integers(0, 3)
    for trial in range(_REFILLS + 60):
        j = aim.sites[random.integers(0, len(aim.sites))]
        opened = plan.year[j] < years
        if work.site_mark[j] == turn or (opened and extra == 0) or (not opened and trial >= _REFILLS):
            continue
        work.site_mark[j] = turn
        work.sites[listed] = j
        listed += 1
        if opened:
            work.removed[closed], work.removed_year[closed] = j, plan.year[j]
            closed += 1
            extra -= 1
    for k in range(closed):
        close_site(phases, plan, work.removed[k])
    return listed, closed


@kernel
def anneal_years(
    phases: Phases,
    plan: YearPlan,
    aim: Aim,
    heat: Heat,
    span: tuple[int, int],
    best: IntArray,
    random: np.random.Generator,
) -> None:
    """Ruin and recreate for the moves ``span[0]`` to ``span[1]``; ``best`` is the best plan so far, updated.

    A plan is better if it keeps more required rows, then if its
    targets lack less, then if it covers more.
    """
    work = scratch_for(phases)
    top = rank_of(phases, begin_plan(phases, best.copy()), aim)
    ratio = cooling(heat)
    temperature = heat.first * ratio ** span[0]
    for move in range(span[0], span[1]):
        before = score_of(phases, plan, aim)
        listed, closed = ruin(phases, plan, aim, work, move + 1 - span[0], int(2 + random.integers(0, 8)), random)
        added = refill(phases, plan, aim, work, listed, random)
        change = score_of(phases, plan, aim) - before
        accepted = accepts(change, temperature, random)
        temperature *= ratio
        if not accepted:
            for k in range(added):
                close_site(phases, plan, work.added[k])
            for k in range(closed):
                open_site(phases, plan, work.removed[k], work.removed_year[k])
            continue
        now = rank_of(phases, plan, aim)
        if now > top:
            top = now
            best[:] = plan.year
