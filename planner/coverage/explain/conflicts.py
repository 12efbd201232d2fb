"""Name the demands that contradict each other, the smallest set of them that is found."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

import numpy as np

from planner.config import Objective
from planner.coverage.models.milp import can_hold
from planner.coverage.problem import CoverageProblem
from planner.errors import list_offenders
from planner.words.terms import Term, say, term

_SERVES_ALL = (Objective.P_MEDIAN, Objective.P_CENTER)
_NAMED = 10


def sentences(conflicts: Iterable[Term]) -> tuple[str, ...]:
    """Return what an answer carries of conflicts: each as a sentence in Chinese and in English."""
    return tuple(conflict.sentence for conflict in conflicts)


def all_of(words: Iterable[Term]) -> Term:
    """Return several demands as one."""
    said = list(words)
    return Term(" and ".join(one.en for one in said), "、".join(one.zh for one in said))


def offenders(ids: Iterable[str]) -> Term:
    """Return the first ten ids and how many there are, or more, in words."""
    names = list(ids)
    count = f" 等 {len(names)} 个" if len(names) > _NAMED else ""
    return Term(list_offenders(names, _NAMED), "、".join(names[:_NAMED]) + count)


def plain_conflicts(problem: CoverageProblem) -> tuple[Term, ...]:
    """Return the demands that fail before any solving: they can be named one by one."""
    return (*_point_conflicts(problem), *_count_conflicts(problem), *_rule_conflicts(problem))


def _point_conflicts(problem: CoverageProblem) -> Iterator[Term]:
    needed = problem.rules.sites_needed
    for i in np.flatnonzero(problem.mandatory & (problem.options < needed)):
        found = int(problem.options[i])
        code = "mandatory_with_few_sites" if found else "mandatory_without_site"
        seconds = f"{problem.standard_s:g}"
        yield say(code, point=problem.demand_ids[i], found=found, needed=needed, seconds=seconds)
    load, capacity = problem.rules.load, problem.rules.capacity
    if load is not None and capacity is not None:
        travel, roomy = problem.travel, np.where(problem.forbidden, -1.0, capacity)
        fits = travel.any_row(problem.allowed & (roomy[travel.sites] >= load[travel.demands] - 1e-9))
        for i in np.flatnonzero(problem.required & problem.coverable & ~fits):
            yield say("load_above_any_site", point=problem.demand_ids[i], load=f"{load[i]:g}")


def _count_conflicts(problem: CoverageProblem) -> Iterator[Term]:
    staying = int(np.count_nonzero(problem.stays))
    available = int(np.count_nonzero(~problem.forbidden))
    if problem.count is not None and problem.count < staying:
        yield say("count_below_existing", count=problem.count, existing=staying)
    if problem.objective in _SERVES_ALL and problem.count is not None:
        if problem.objective is Objective.P_MEDIAN and problem.count > available:
            yield say("count_above_allowed", count=problem.count, allowed=available)
        if problem.count == 0:
            yield say("count_is_zero", objective=problem.objective.value)


def _rule_conflicts(problem: CoverageProblem) -> Iterator[Term]:
    rules = problem.rules
    for name, (least, most) in sorted(rules.township_limits.items()):
        mine = np.array([town == name for town in rules.township])
        allowed, staying = int((mine & ~problem.forbidden).sum()), int((mine & problem.stays).sum())
        if allowed < least:
            yield say("township_allows_too_few", name=name, least=least, allowed=allowed)
        if most is not None and staying > most:
            yield say("township_has_too_many", name=name, most=most, existing=staying)
    fewest = sum(least for least, _ in rules.township_limits.values())
    if problem.count is not None and fewest > problem.count:
        yield say("townships_above_count", fewest=fewest, count=problem.count)
    total, within_reach = float(problem.weights.sum()), float(problem.weights[problem.coverable].sum())
    if rules.covered_share is not None and within_reach < rules.covered_share * total - 1e-9:
        most_share = within_reach / total
        yield say("share_out_of_reach", share=f"{rules.covered_share:.1%}", most=f"{most_share:.1%}")
    yield from _capacity_conflicts(problem)
    upper = rules.upper
    if upper is None:
        return
    there = int(np.count_nonzero(upper.existing))
    if upper.count is not None and upper.count < there:
        yield say("stations_below_existing", count=upper.count, existing=there)
    open_ways = (upper.travel.seconds <= upper.standard_s) & ~np.asarray(upper.forbidden)[upper.travel.sites]
    linked = upper.travel.any_row(open_ways)
    for j in np.flatnonzero(problem.stays & ~linked):
        yield say("site_without_station", site=problem.site_ids[j], seconds=f"{upper.standard_s:g}")


def _capacity_conflicts(problem: CoverageProblem) -> Iterator[Term]:
    """Name a capacity that is too small whatever is opened: the largest sites together hold less than all must bring."""
    load, capacity = problem.rules.load, problem.rules.capacity
    if load is None or capacity is None:
        return
    must = problem.required & problem.coverable
    if problem.objective in _SERVES_ALL:
        must = problem.travel.any_row(~problem.forbidden[problem.travel.sites])
    largest = np.sort(capacity[~problem.forbidden])[::-1][: problem.count]
    if load[must].sum() > largest.sum() + 1e-6:
        code = "all_sites_hold_less" if problem.count is None else "largest_sites_hold_less"
        yield say(code, load=f"{load[must].sum():g}", number=len(largest), held=f"{largest.sum():g}")


def joint_conflict(problem: CoverageProblem) -> Term:
    """Say which demands contradict each other: each holds alone, so it is the limits against the points to be served."""
    limits = _limits(problem)
    points = [int(i) for i in np.flatnonzero(problem.required & problem.coverable)]
    without: frozenset[str] = frozenset()
    if can_hold(problem, points):
        return say("no_choice_reaches_all", limits=all_of(limits.values()))
    for name in limits:
        if not can_hold(problem, points, without | {name}):
            without |= {name}
    within = all_of(words for name, words in limits.items() if name not in without)
    smallest = _smallest(problem, points, without) if points else []
    if not smallest:
        return say("demands_exclude", demands=within)
    names = offenders(problem.demand_ids[i] for i in smallest)
    kind = "mandatory_point" if problem.mandatory[smallest].all() else "demand_point"
    if len(smallest) == 1:
        return say("one_beyond_limits", kind=term(kind), points=names, limits=within)
    return say("several_beyond_limits", number=len(smallest), kind=term(f"{kind}s"), points=names, limits=within)


def _limits(problem: CoverageProblem) -> dict[str, Term]:
    """Return every limit that a problem has, by the name under which a model leaves it out, with the words for it."""
    rules, upper = problem.rules, problem.rules.upper
    found: dict[str, Term] = {}
    if rules.minimum_load is not None:
        found["minimum load"] = term("limit_minimum_load")
    if rules.capacity is not None:
        found["capacity"] = term("limit_capacity")
    if rules.has_loads and rules.assignment == "closest":
        found["closest"] = term("limit_closest")
    for name, (least, most) in sorted(rules.township_limits.items()):
        code = "limit_township_least" if most is None else "limit_township"
        found[f"township {name}"] = say(code, name=name, least=least, most=most)
    if rules.covered_share is not None:
        found["share"] = say("limit_share", share=f"{rules.covered_share:.1%}")
    if upper is not None:
        found["station room"] = term("limit_station_room")
        if upper.count is not None:
            found["station count"] = say("limit_station_count", count=upper.count)
        if upper.budget_yuan is not None:
            found["station budget"] = say("limit_station_budget", yuan=f"{upper.budget_yuan:g}")
    if problem.count is not None:
        found["count"] = say("limit_count", count=problem.count)
    if problem.budget_yuan is not None:
        found["budget"] = say("limit_budget", yuan=f"{problem.budget_yuan:g}")
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
