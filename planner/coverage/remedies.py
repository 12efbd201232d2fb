"""What it would take to cover a point that a plan leaves out: the cheapest site to open, or the standard to allow.

The plan stays as it is: what is open stays open, who is covered stays covered. Where loads or stations matter each site
proposed is the answer of a problem of its own, solved and replayed by the check; each standard is tried on the plan.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np

from planner.config import Objective
from planner.coverage.durations import SiteArray, SparseDurations
from planner.coverage.explain import open_within_standard
from planner.coverage.problem import CoverageProblem
from planner.coverage.siting_rules import SitingRules, UpperTier
from planner.coverage.solution import CoverageSolution, Remedy
from planner.coverage.solve import solve_coverage
from planner.model import Fact
from planner.units import HALF_CENT_YUAN, BoolArray, FloatArray, IntArray

_MINUTE = 60.0


def cheapest_remedies(
    problem: CoverageProblem, solution: CoverageSolution, *, most: int = 200, time_limit_s: float = 10.0
) -> tuple[Remedy, ...]:
    """Return the cheapest remedy for each uncovered point that weighs anything or is mandatory, by id.

    There are ``most`` of them, those of the weightiest points. ``time_limit_s`` is for one point; a site whose cheapness is
    not proven in that time is not proposed. Of equally cheap sites the nearest is.
    """
    if not solution.found:
        return ()
    row = {id_: i for i, id_ in enumerate(problem.demand_ids)}
    counted = (problem.weights > 0) | problem.mandatory
    open_points = (i for left in solution.uncovered if counted[i := row[left.demand_id]])
    left = sorted(open_points, key=lambda i: (-problem.weights[i], i))[:most]
    plan = _PlanArrays.of(problem, solution)
    remedies = [_remedy(problem, plan, i, time_limit_s) for i in left]
    return tuple(sorted(remedies, key=lambda remedy: remedy.demand_id))


@dataclass(frozen=True, slots=True, kw_only=True)
class _PlanArrays:
    """A plan in numbers: open sites, who serves each point (-1: nobody), who is covered, open stations."""

    opened: BoolArray
    server: IntArray
    covered: BoolArray
    stations: BoolArray | None

    @classmethod
    def of(cls, problem: CoverageProblem, solution: CoverageSolution) -> _PlanArrays:
        row = {id_: i for i, id_ in enumerate(problem.demand_ids)}
        column = {id_: j for j, id_ in enumerate(problem.site_ids)}
        server = np.full(len(row), -1, dtype=np.int64)
        covered = np.zeros(len(row), dtype=np.bool_)
        for assignment in solution.assignments:
            server[row[assignment.demand_id]] = column[assignment.site_id]
            covered[row[assignment.demand_id]] = True
        for left in solution.uncovered:
            if left.served_by_site_id is not None:
                server[row[left.demand_id]] = column[left.served_by_site_id]
        upper = problem.rules.upper
        stations = None
        if upper is not None and solution.upper is not None:
            stations = np.isin(np.array(upper.station_ids), solution.upper.opened)
        opened = np.isin(np.array(problem.site_ids), solution.opened)
        return cls(opened=opened, server=server, covered=covered, stations=stations)


class _Addition(NamedTuple):
    """Sites and stations to open beside a plan, and what that costs."""

    sites: tuple[str, ...]
    stations: tuple[str, ...]
    cost_yuan: float


def _remedy(problem: CoverageProblem, plan: _PlanArrays, i: int, time_limit_s: float) -> Remedy:
    alone = not problem.rules.has_loads and problem.rules.upper is None
    found = _read_off(problem, plan, i) if alone else _nearest_of_cheapest(problem, plan, i, time_limit_s)
    # one that opens nothing only hands others over elsewhere: no site is to be named
    added = found if found is not None and (found.sites or found.stations) else None
    return Remedy(
        demand_id=problem.demand_ids[i],
        site_ids=() if added is None else added.sites,
        station_ids=() if added is None else added.stations,
        cost_yuan=None if added is None else added.cost_yuan,
        lifts=() if added is None else _lifts(problem, plan, added.sites, added.stations),
        standard_s=_standard(problem, plan, i),
    )


def _read_off(problem: CoverageProblem, plan: _PlanArrays, i: int) -> _Addition | None:
    """Return the cheapest closed sites that cover a point, where no other point stands against it."""
    near = _near(problem, i, problem.standard_s)
    closed = near[~plan.opened[near]]
    missing = int(problem.needs[i]) - (len(near) - len(closed))
    if not 0 < missing <= len(closed):
        return None
    price = _prices(problem)[closed]
    chosen = closed[np.argsort(price, kind="stable")[:missing]]  # stable: of equal prices the nearest
    return _Addition(
        sites=tuple(sorted(problem.site_ids[j] for j in chosen)),
        stations=(),
        cost_yuan=float(_prices(problem)[chosen].sum()),
    )


def _nearest_of_cheapest(problem: CoverageProblem, plan: _PlanArrays, i: int, time_limit_s: float) -> _Addition | None:
    """Return what covers a point beside all others at least cost; of what costs the same, with the nearest new sites."""
    best = _beside(problem, plan, i, problem.standard_s, time_limit_s)
    if best is None:
        return None
    sites, seconds = problem.travel.row(i)
    farthest = max((s for j, s in zip(sites, seconds, strict=True) if problem.site_ids[j] in best.sites), default=0.0)
    times = np.unique(seconds[~plan.opened[sites] & (seconds < farthest)])
    low, high = 0, len(times)
    while low < high:
        middle = (low + high) // 2
        nearer = _beside(problem, plan, i, float(times[middle]), time_limit_s)
        if nearer is not None and nearer.cost_yuan <= best.cost_yuan + HALF_CENT_YUAN:
            best, high = nearer, middle
        else:
            low = middle + 1
    return best


def _beside(
    problem: CoverageProblem, plan: _PlanArrays, i: int, limit_s: float, time_limit_s: float
) -> _Addition | None:
    """Return the cheapest sites within so many seconds, and stations, that cover a point; None if that is not proven."""
    part = _around(problem, plan, i, limit_s)
    answer = solve_coverage(part, time_limit_s=time_limit_s) if part is not None else None
    if answer is None or not answer.proven:
        return None
    old = {problem.site_ids[j] for j in np.flatnonzero(plan.opened)}
    stations: tuple[str, ...] = ()
    if answer.upper is not None and problem.rules.upper is not None and plan.stations is not None:
        there = {problem.rules.upper.station_ids[s] for s in np.flatnonzero(plan.stations)}
        stations = tuple(id_ for id_ in answer.upper.opened if id_ not in there)
    return _Addition(
        sites=tuple(site_id for site_id in answer.opened if site_id not in old),
        stations=stations,
        cost_yuan=answer.value or 0.0,
    )


def _prices(problem: CoverageProblem) -> FloatArray:
    """Return what opening each site costs; one that exists and would only stay open costs nothing."""
    return np.where(problem.existing, 0.0, problem.opening_cost_yuan)


def _near(problem: CoverageProblem, i: int, limit_s: float) -> SiteArray:
    """Return the allowed sites within so many seconds of a point, nearest first."""
    sites, seconds = problem.travel.row(i)
    return sites[(seconds <= limit_s) & problem.usable[sites]]


def _around(problem: CoverageProblem, plan: _PlanArrays, i: int, limit_s: float) -> CoverageProblem | None:
    """Return the problem of covering point ``i`` at least cost beside all that the plan covers; None if no site can.

    New sites are those within ``limit_s`` of it. Without loads what is covered stays so by itself, and the point is looked
    at alone.
    """
    within = _near(problem, i, problem.standard_s)
    near = np.union1d(_near(problem, i, limit_s), within[plan.opened[within]])
    if len(near) < int(problem.needs[i]):
        return None
    rules = problem.rules
    loads = rules.has_loads
    others = np.asarray(plan.server >= 0, dtype=np.bool_) & (np.arange(len(plan.server)) != i)
    rows = np.append(np.flatnonzero(others), i) if loads else np.array([i])
    beside = np.flatnonzero(plan.opened) if loads or rules.upper is not None else near
    columns = np.union1d(near, beside).astype(np.int64)
    served_far = loads and bool((~plan.covered[rows[:-1]]).any())
    if served_far and problem.rules.sites_needed > 1:  # nobody beyond the standard has the sites that others need
        return None
    return CoverageProblem(
        objective=Objective.FIXED_CHARGE,
        demand_ids=tuple(problem.demand_ids[k] for k in rows),
        site_ids=tuple(problem.site_ids[j] for j in columns),
        durations_s=_cut(problem, plan, rows, columns, keep_far=served_far),
        standard_s=problem.standard_s,
        weights=np.ones(len(rows)),
        population=problem.population[rows],
        households=problem.households[rows],
        registered_poor=problem.registered_poor[rows],
        mandatory=np.asarray(rows == i, dtype=np.bool_),
        opening_cost_yuan=_prices(problem)[columns],
        existing=plan.opened[columns],
        forbidden=problem.forbidden[columns],
        rules=_rules(problem, plan, rows, columns),
    )


def _cut(
    problem: CoverageProblem, plan: _PlanArrays, rows: IntArray, columns: IntArray, *, keep_far: bool
) -> SparseDurations:
    """Return the travel times between these points and sites; who is served beyond the standard counts as within it."""
    place = np.full(len(problem.site_ids), -1, dtype=np.int64)
    place[columns] = np.arange(len(columns))
    demands, sites, seconds = [], [], []
    for k, i in enumerate(rows):
        near, times = problem.travel.row(int(i))
        kept = place[near] >= 0
        times = times[kept].copy()
        if keep_far and k < len(rows) - 1 and not plan.covered[i]:  # the last row is the point to be covered
            times[near[kept] == plan.server[i]] = problem.standard_s
        demands.append(np.full(int(kept.sum()), k))
        sites.append(place[near[kept]])
        seconds.append(times)
    return SparseDurations.of_pairs(
        demands=np.concatenate(demands),
        sites=np.concatenate(sites),
        seconds=np.concatenate(seconds),
        shape=(len(rows), len(columns)),
    )


def _rules(problem: CoverageProblem, plan: _PlanArrays, rows: IntArray, columns: IntArray) -> SitingRules:
    rules = problem.rules

    def of_sites(values: FloatArray | None) -> FloatArray | None:
        return None if values is None else values[columns]

    upper = rules.upper
    above = None
    if upper is not None and plan.stations is not None:
        above = UpperTier(
            station_ids=upper.station_ids,
            durations_s=_station_rows(upper, columns),
            standard_s=upper.standard_s,
            opening_cost_yuan=upper.opening_cost_yuan,
            existing=plan.stations,
            forbidden=upper.forbidden,
            room=upper.room,
        )
    return SitingRules(
        sites_needed=rules.sites_needed,
        load=None if rules.load is None else rules.load[rows],
        capacity=of_sites(rules.capacity),
        minimum_load=of_sites(rules.minimum_load),
        assignment=rules.assignment,
        upper=above,
    )


def _station_rows(upper: UpperTier, columns: IntArray) -> SparseDurations:
    rows = [upper.travel.row(int(j)) for j in columns]
    return SparseDurations.of_pairs(
        demands=np.repeat(np.arange(len(columns)), [len(seconds) for _, seconds in rows]),
        sites=np.concatenate([stations for stations, _ in rows]),
        seconds=np.concatenate([seconds for _, seconds in rows]),
        shape=(len(columns), len(upper.station_ids)),
    )


def _lifts(
    problem: CoverageProblem, plan: _PlanArrays, added: Sequence[str], stations: Sequence[str]
) -> tuple[Fact, ...]:
    """Return the limits that the plan exceeds with the sites and stations added."""
    rules = problem.rules
    opened = plan.opened | np.isin(np.array(problem.site_ids), added)
    lifts = []
    if problem.count is not None and opened.sum() > problem.count:
        lifts.append(Fact(code="above_count"))
    if problem.budget_yuan is not None and problem.spent_yuan(opened) > problem.budget_yuan + 1e-9:
        lifts.append(Fact(code="above_budget"))
    towns = Counter(town for town, is_open in zip(rules.township, opened, strict=False) if is_open)
    for town, (_, limit) in sorted(rules.township_limits.items()):
        if limit is not None and towns[town] > limit:
            lifts.append(Fact(code="above_township", params={"township_id": town}))
    upper = rules.upper
    if upper is not None and plan.stations is not None:
        above = plan.stations | np.isin(np.array(upper.station_ids), stations)
        if upper.count is not None and above.sum() > upper.count:
            lifts.append(Fact(code="above_station_count"))
        spent = float(upper.opening_cost_yuan[above & ~upper.existing].sum())
        if upper.budget_yuan is not None and spent > upper.budget_yuan + 1e-9:
            lifts.append(Fact(code="above_station_budget"))
    return tuple(lifts)


def _standard(problem: CoverageProblem, plan: _PlanArrays, i: int) -> float | None:
    """Return the least standard in whole minutes under which open sites cover the point, those with room for it."""
    rules = problem.rules
    sites, seconds = problem.travel.row(i)
    fits = plan.opened[sites]
    if rules.capacity is not None and rules.load is not None and plan.server[i] < 0:
        served = plan.server >= 0
        used = np.bincount(plan.server[served], rules.load[served], len(problem.site_ids))
        fits = fits & (used[sites] + rules.load[i] <= rules.capacity[sites] + 1e-9)
    elif plan.server[i] >= 0 and rules.has_loads:
        fits = sites == plan.server[i]
    needed = problem.rules.sites_needed
    opened = seconds[plan.opened[sites]]
    if not fits.any() or len(opened) < needed:
        return None
    least = max(float(seconds[fits][0]), float(opened[needed - 1]))
    if least <= problem.standard_s:  # it is another limit that stands against the point
        return None
    standard = _MINUTE * math.ceil(least / _MINUTE - 1e-9)
    decay = rules.decay_s if rules.decay_s is not None and rules.decay_s > standard else None
    tried = replace(problem, standard_s=standard, rules=replace(rules, decay_s=decay))
    return standard if open_within_standard(tried, plan.opened)[i] >= needed else None
