"""Name the demands that contradict each other, the smallest set of them that is found."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

import numpy as np

from planner.config import Objective
from planner.coverage.models.milp import can_hold
from planner.coverage.problem import CoverageProblem
from planner.model import Fact

_SERVES_ALL = (Objective.P_MEDIAN, Objective.P_CENTER)


def fact(code: str, **params: str | int | float | Fact | tuple[str | int | float | Fact, ...]) -> Fact:
    """Return a fact with its parameters, whose names end in what they hold."""
    return Fact(code=code, params=params)


def of_points(one: str, several: str, point_ids: Iterable[str], **params: tuple[Fact, ...]) -> Fact:
    """Return a fact about points: by the code ``one`` if there is but one, else by ``several`` with how many they are."""
    ids = tuple(point_ids)
    if len(ids) == 1:
        return fact(one, point_id=ids[0], **params)
    return fact(several, count=len(ids), point_ids=ids, **params)


def plain_conflicts(problem: CoverageProblem) -> tuple[Fact, ...]:
    """Return the demands that fail before any solving: they can be named one by one."""
    return (*_count_conflicts(problem), *_rule_conflicts(problem))


def _count_conflicts(problem: CoverageProblem) -> Iterator[Fact]:
    staying = int(np.count_nonzero(problem.stays))
    available = int(np.count_nonzero(problem.usable))
    if problem.count is not None and problem.count < staying:
        yield fact("count_below_existing", count=problem.count, existing=staying)
    if problem.objective in _SERVES_ALL and problem.count is not None:
        if problem.objective is Objective.P_MEDIAN and problem.count > available:
            yield fact("count_above_allowed", count=problem.count, allowed=available)
        if problem.count == 0:
            yield fact("count_is_zero", objective_code=problem.objective.value)
        elif problem.count < (needed := int(problem.sites_asked.max())):
            yield fact("count_below_needed", count=problem.count, needed=needed)


def _rule_conflicts(problem: CoverageProblem) -> Iterator[Fact]:
    rules = problem.rules
    for id_, (least, most) in sorted(rules.township_limits.items()):
        mine = np.array([town == id_ for town in rules.township])
        allowed, staying = int((mine & problem.usable).sum()), int((mine & problem.stays).sum())
        if allowed < least:
            yield fact("township_allows_too_few", township_id=id_, least=least, allowed=allowed)
        if most is not None and staying > most:
            yield fact("township_has_too_many", township_id=id_, most=most, existing=staying)
    fewest = sum(least for least, _ in rules.township_limits.values())
    if problem.count is not None and fewest > problem.count:
        yield fact("townships_above_count", fewest=fewest, count=problem.count)
    total, within_reach = float(problem.weights.sum()), float(problem.weights[problem.coverable].sum())
    if rules.covered_share is not None and within_reach < rules.covered_share * total - 1e-9:
        yield fact("share_out_of_reach", target_share=rules.covered_share, max_share=within_reach / total)
    yield from _capacity_conflicts(problem)
    upper = rules.upper
    if upper is None:
        return
    there = int(np.count_nonzero(upper.existing))
    if upper.count is not None and upper.count < there:
        yield fact("stations_below_existing", count=upper.count, existing=there)


def _capacity_conflicts(problem: CoverageProblem) -> Iterator[Fact]:
    """Name a capacity that is too small whatever is opened: the largest sites together hold less than all must bring."""
    load, capacity = problem.rules.load, problem.rules.capacity
    if load is None or capacity is None:
        return
    must = problem.required
    if problem.objective in _SERVES_ALL:
        must = problem.travel.any_row(problem.usable[problem.travel.sites]) & ~problem.too_heavy
    largest = np.sort(capacity[problem.usable])[::-1][: problem.count]
    if load[must].sum() > largest.sum() + 1e-6:
        brought, held = float(load[must].sum()), float(largest.sum())
        if problem.count is None:
            yield fact("all_sites_hold_less", load=brought, capacity=held)
        else:
            yield fact("largest_sites_hold_less", load=brought, count=len(largest), capacity=held)


def joint_conflict(problem: CoverageProblem) -> Fact:
    """Return which demands contradict each other: each holds alone, so it is the limits against the points to be served."""
    limits = _limits(problem)
    points = [int(i) for i in np.flatnonzero(problem.required)]
    without: frozenset[str] = frozenset()
    if can_hold(problem, points):
        return fact("no_choice_reaches_all", limits=tuple(limits.values()))
    for name in limits:
        if not can_hold(problem, points, without | {name}):
            without |= {name}
    within = tuple(limit for name, limit in limits.items() if name not in without)
    smallest = _smallest(problem, points, without) if points else []
    if not smallest:
        return fact("demands_exclude", demands=within)
    ids = [problem.demand_ids[i] for i in smallest]
    if problem.mandatory[smallest].all():
        return of_points("mandatory_point_beyond_limits", "mandatory_points_beyond_limits", ids, limits=within)
    return of_points("point_beyond_limits", "points_beyond_limits", ids, limits=within)


def _limits(problem: CoverageProblem) -> dict[str, Fact]:
    """Return every limit that a problem has, by the name under which a model leaves it out."""
    rules, upper = problem.rules, problem.rules.upper
    found: dict[str, Fact] = {}
    if rules.minimum_load is not None:
        found["minimum load"] = fact("limit_minimum_load")
    if rules.capacity is not None:
        found["capacity"] = fact("limit_capacity")
    if rules.has_loads and rules.assignment == "closest":
        found["closest"] = fact("limit_closest")
    for id_, (least, most) in sorted(rules.township_limits.items()):
        if most is None:
            found[f"township {id_}"] = fact("limit_township_least", township_id=id_, least=least)
        else:
            found[f"township {id_}"] = fact("limit_township", township_id=id_, least=least, most=most)
    if rules.covered_share is not None:
        found["share"] = fact("limit_share", target_share=rules.covered_share)
    if upper is not None:
        found["station room"] = fact("limit_station_room")
        if upper.count is not None:
            found["station count"] = fact("limit_station_count", count=upper.count)
        if upper.budget_yuan is not None:
            found["station budget"] = fact("limit_station_budget", budget_yuan=upper.budget_yuan)
    if problem.count is not None:
        found["count"] = fact("limit_count", count=problem.count)
    if problem.budget_yuan is not None:
        found["budget"] = fact("limit_budget", budget_yuan=problem.budget_yuan)
    return found


def _smallest(problem: CoverageProblem, points: list[int], without: frozenset[str]) -> list[int]:
    """Return points that cannot be covered together, and can if any one of them is left out (a deletion filter).

    The filter starts from points no two of which share a site, if they are already too many; large chunks go first. It
    returns none if the limits alone cannot hold.
    """
    if not can_hold(problem, [], without):
        return []
    apart = _apart(problem, points)
    if not can_hold(problem, apart, without):
        points = apart
    return smallest_failing(points, lambda rest: can_hold(problem, rest, without))


def smallest_failing(points: list[int], holds: Callable[[list[int]], bool]) -> list[int]:
    """Return those of points that fail together of which none can be left out (a deletion filter, large chunks first)."""
    chunk = max(1, len(points) // 2)
    while chunk:
        start = 0
        while start < len(points) and len(points) > 1:
            rest = points[:start] + points[start + chunk :]
            if rest and not holds(rest):
                points = rest
            else:
                start += chunk
        chunk //= 2
    return points


def _apart(problem: CoverageProblem, points: list[int]) -> list[int]:
    """Return points no two of which one allowed site covers, those with fewest sites first."""
    taken = np.zeros(len(problem.site_ids), dtype=np.bool_)
    travel = problem.travel
    found = []
    for i in sorted(points, key=lambda i: (travel.starts[i + 1] - travel.starts[i], i)):
        part = slice(travel.starts[i], travel.starts[i + 1])
        sites = travel.sites[part][problem.allowed[part]]
        if not taken[sites].any():
            taken[sites] = True
            found.append(i)
    return sorted(found)
