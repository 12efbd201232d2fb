"""Name the demands that cannot hold together, the smallest set of them that is found."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np

from planner.config import Objective
from planner.coverage.milp import can_hold
from planner.coverage.problem import CoverageProblem
from planner.errors import list_offenders

_SERVES_ALL = (Objective.P_MEDIAN, Objective.P_CENTER)


def plain_conflicts(problem: CoverageProblem) -> tuple[str, ...]:
    """Return the demands that fail before any solving: they can be named one by one."""
    return (*_point_conflicts(problem), *_count_conflicts(problem), *_rule_conflicts(problem))


def _point_conflicts(problem: CoverageProblem) -> Iterator[str]:
    needed = problem.rules.sites_needed
    for i in np.flatnonzero(problem.mandatory & (problem.options < needed)):
        found = int(problem.options[i])
        lacks = "has no allowed site" if not found else f"has {found} of the {needed} allowed sites it needs"
        yield f"mandatory point {problem.demand_ids[i]} {lacks} within {problem.standard_s:g} s"
    load, capacity = problem.rules.load, problem.rules.capacity
    if load is not None and capacity is not None:
        travel, roomy = problem.travel, np.where(problem.forbidden, -1.0, capacity)
        fits = travel.any_row(problem.allowed & (roomy[travel.sites] >= load[travel.demands] - 1e-9))
        for i in np.flatnonzero(problem.required & problem.coverable & ~fits):
            yield f"point {problem.demand_ids[i]} has a load of {load[i]:g}, more than any site within the standard holds"


def _count_conflicts(problem: CoverageProblem) -> Iterator[str]:
    staying = int(np.count_nonzero(problem.stays))
    available = int(np.count_nonzero(~problem.forbidden))
    if problem.count is not None and problem.count < staying:
        yield f"count is {problem.count}, but {staying} sites exist already"
    if problem.objective in _SERVES_ALL and problem.count is not None:
        if problem.objective is Objective.P_MEDIAN and problem.count > available:
            yield f"count is {problem.count}, but only {available} sites are allowed"
        if problem.count == 0:
            yield f"count is 0: {problem.objective.value} needs at least one site"


def _rule_conflicts(problem: CoverageProblem) -> Iterator[str]:
    rules = problem.rules
    for name, (least, most) in sorted(rules.township_limits.items()):
        mine = np.array([town == name for town in rules.township])
        allowed, staying = int((mine & ~problem.forbidden).sum()), int((mine & problem.stays).sum())
        if allowed < least:
            yield f"township {name} must have {least} open sites, only {allowed} are allowed there"
        if most is not None and staying > most:
            yield f"township {name} may have {most} open sites, {staying} exist there already"
    fewest = sum(least for least, _ in rules.township_limits.values())
    if problem.count is not None and fewest > problem.count:
        yield f"the townships must have {fewest} open sites in all, count is {problem.count}"
    total, within_reach = float(problem.weights.sum()), float(problem.weights[problem.coverable].sum())
    if rules.covered_share is not None and within_reach < rules.covered_share * total - 1e-9:
        found = within_reach / total
        yield f"{rules.covered_share:.1%} of the weight is to be covered, allowed sites reach {found:.1%} at most"
    yield from _capacity_conflicts(problem)
    upper = rules.upper
    if upper is None:
        return
    there = int(np.count_nonzero(upper.existing))
    if upper.count is not None and upper.count < there:
        yield f"the count of stations is {upper.count}, but {there} exist already"
    open_ways = (upper.travel.seconds <= upper.standard_s) & ~np.asarray(upper.forbidden)[upper.travel.sites]
    linked = upper.travel.any_row(open_ways)
    for j in np.flatnonzero(problem.stays & ~linked):
        yield f"existing site {problem.site_ids[j]} has no allowed station within {upper.standard_s:g} s"


def _capacity_conflicts(problem: CoverageProblem) -> Iterator[str]:
    """Name a capacity that is too small whatever is opened: the largest sites together hold less than all must bring."""
    load, capacity = problem.rules.load, problem.rules.capacity
    if load is None or capacity is None:
        return
    must = problem.required & problem.coverable
    if problem.objective in _SERVES_ALL:
        must = problem.travel.any_row(~problem.forbidden[problem.travel.sites])
    largest = np.sort(capacity[~problem.forbidden])[::-1][: problem.count]
    if load[must].sum() > largest.sum() + 1e-6:
        sites = f"the {len(largest)} largest sites" if problem.count is not None else "all allowed sites"
        yield f"the points to be served load {load[must].sum():g}, {sites} together hold {largest.sum():g}"


def joint_conflict(problem: CoverageProblem) -> str:
    """Say which demands cannot hold together: each holds alone, so it is the limits against the points to be served."""
    limits = _limits(problem)
    points = [int(i) for i in np.flatnonzero(problem.required & problem.coverable)]
    without: frozenset[str] = frozenset()
    if can_hold(problem, points):
        named = " and ".join(limits.values())
        return f"no choice of sites within {named} reaches every point that a site could reach"
    for name in limits:
        if not can_hold(problem, points, without | {name}):
            without |= {name}
    within = " and ".join(text for name, text in limits.items() if name not in without)
    smallest = _smallest(problem, points, without) if points else []
    if not smallest:
        return f"these demands cannot hold together: {within}"
    names = list_offenders(problem.demand_ids[i] for i in smallest)
    kind = "mandatory point" if problem.mandatory[smallest].all() else "point"
    if len(smallest) == 1:
        return f"{kind} {names} cannot be covered within {within}"
    return f"{len(smallest)} {kind}s cannot all be covered within {within}: {names}"


def _limits(problem: CoverageProblem) -> dict[str, str]:
    """Return every limit that a problem has, by the name under which a model leaves it out, with the words for it."""
    rules, upper = problem.rules, problem.rules.upper
    found: dict[str, str] = {}
    if rules.minimum_load is not None:
        found["minimum load"] = "the minimum load of a point"
    if rules.capacity is not None:
        found["capacity"] = "the capacity of the sites"
    if rules.has_loads and rules.assignment == "closest":
        found["closest"] = "everybody at the closest open site"
    for name, (least, most) in sorted(rules.township_limits.items()):
        found[f"township {name}"] = f"{least} to {'any number' if most is None else most} sites in township {name}"
    if rules.covered_share is not None:
        found["share"] = f"{rules.covered_share:.1%} of the weight covered"
    if upper is not None:
        found["station room"] = "the room of the stations"
        if upper.count is not None:
            found["station count"] = f"{upper.count} stations"
        if upper.budget_yuan is not None:
            found["station budget"] = f"{upper.budget_yuan:g} yuan for stations"
    if problem.count is not None:
        found["count"] = f"count {problem.count}"
    if problem.budget_yuan is not None:
        found["budget"] = f"budget {problem.budget_yuan:g} yuan"
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
