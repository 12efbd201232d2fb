"""The part of the check that replays the rules: townships, loads, the tier above, and whether reasons are true."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from planner.config import Objective
from planner.coverage.problem import CoverageProblem
from planner.coverage.replay import Replay, station_times
from planner.coverage.siting_rules import AssignmentRule
from planner.coverage.solution import CoverageSolution, UncoveredReason

_ROADS = ("no_road_in_reach", "road_not_connected", "closed_this_season")
_SLACK = 1e-6


def township_faults(problem: CoverageProblem, solution: CoverageSolution) -> Iterator[str]:
    """Name townships with fewer or more open sites than they may have."""
    opened = set(solution.opened)
    found = Counter(
        town for site_id, town in zip(problem.site_ids, problem.rules.township, strict=False) if site_id in opened
    )
    for town, (least, most) in sorted(problem.rules.township_limits.items()):
        if found[town] < least or (most is not None and found[town] > most):
            yield f"township {town} has {found[town]} open sites, it may have {least} to {most}"


def upper_faults(problem: CoverageProblem, solution: CoverageSolution) -> Iterator[str]:
    """Name what does not hold of the tier above."""
    upper, answer = problem.rules.upper, solution.upper
    if upper is None:
        return
    if answer is None:
        yield "the tier above has no answer"
        return
    number = {id_: s for s, id_ in enumerate(upper.station_ids)}
    unknown = sorted(set(answer.opened) - set(number))
    if unknown:
        yield f"station {', '.join(unknown)} is not in the problem"
        return
    cost = 0.0
    for id_, s in number.items():
        if upper.existing[s] and id_ not in answer.opened:
            yield f"station {id_} exists and must stay open"
        if upper.forbidden[s] and id_ in answer.opened:
            yield f"station {id_} is forbidden and must stay closed"
        if id_ in answer.opened and not upper.existing[s]:
            cost += float(upper.opening_cost_yuan[s])
    if abs(cost - answer.opening_cost_yuan) > 0.005:
        yield f"opening the stations costs {cost:.2f} yuan, the answer says {answer.opening_cost_yuan:.2f}"
    if upper.budget_yuan is not None and cost > upper.budget_yuan + 0.005:
        yield f"the stations cost {cost:.2f} yuan, their budget is {upper.budget_yuan:.2f}"
    if upper.count is not None and len(answer.opened) > upper.count:
        yield f"{len(answer.opened)} stations are open, their count is {upper.count}"
    if sorted(link.demand_id for link in answer.links) != sorted(solution.opened):
        yield "not every open point is linked to exactly one station"
    for link in answer.links:
        time = station_times(problem, link.demand_id).get(link.site_id) if link.demand_id in problem.site_ids else None
        if link.site_id not in answer.opened:
            yield f"point {link.demand_id} is linked to station {link.site_id}, which is closed"
        elif time is None or abs(time - link.duration_s) > _SLACK or time > upper.standard_s:
            yield f"point {link.demand_id} does not reach station {link.site_id} within the standard as said"
    for id_, points in sorted(Counter(link.site_id for link in answer.links).items()):
        if id_ in number and points > float(upper.room[number[id_]]):
            yield f"station {id_} has {points} points, it has room for {upper.room[number[id_]]:g}"


def load_faults(replay: Replay) -> Iterator[str]:
    """Name sites with more load than they hold or less than keeps them, and points that are not at their closest site."""
    problem, rules = replay.problem, replay.problem.rules
    if rules.load is None or (rules.capacity is None and rules.minimum_load is None):
        return
    carried: dict[str, float] = dict.fromkeys(replay.opened, 0.0)
    for left in replay.solution.uncovered:
        if left.served_by_site_id is None:
            continue
        time = replay.times(left.demand_id).get(left.served_by_site_id)
        if left.served_by_site_id not in replay.opened or time is None or left.served_duration_s is None:
            yield f"point {left.demand_id} is served by {left.served_by_site_id}, which is closed or out of reach"
        elif abs(time - left.served_duration_s) > _SLACK:
            yield f"point {left.demand_id}: the time to {left.served_by_site_id} is not {left.served_duration_s}"
    for point, site_id in replay.servers.items():
        carried[site_id] = carried.get(site_id, 0.0) + float(rules.load[replay.row[point]])
    for site_id, load in sorted(carried.items()):
        j = replay.column.get(site_id)
        if j is None or site_id not in replay.opened:
            continue
        if rules.capacity is not None and load > float(rules.capacity[j]) * (1 + _SLACK) + _SLACK:
            yield f"site {site_id} carries {load:g}, its capacity is {rules.capacity[j]:g}"
        closable = rules.closing_cost_yuan is not None and rules.closing_cost_yuan[j] < float("inf")
        exempt = problem.existing[j] and not closable
        if (
            rules.minimum_load is not None
            and not exempt
            and load < float(rules.minimum_load[j]) * (1 - _SLACK) - _SLACK
        ):
            yield f"site {site_id} carries {load:g}, less than the {rules.minimum_load[j]:g} it needs"
    if rules.assignment is AssignmentRule.CLOSEST:
        far = problem.objective in (Objective.P_MEDIAN, Objective.P_CENTER)
        for point in problem.demand_ids:
            reach = float("inf") if far and not replay.is_mandatory(point) else rules.decay_s or problem.standard_s
            times = replay.times(point)
            fastest = min((times[id_] for id_ in replay.open_within(point, reach)), default=None)
            way = replay.way(point)
            if fastest is not None and (way is None or way > fastest + _SLACK):
                yield f"point {point} is not served by its closest open site"


def holds(reason: UncoveredReason, replay: Replay, point: str) -> bool:
    """Return whether a reason is true of a point, as far as it can be seen without solving again."""
    problem = replay.problem
    unreachable = problem.unreachable.get(point)
    if unreachable is not None or reason.value in _ROADS:
        return unreachable is not None and reason.value == unreachable.value
    near, allowed = replay.within(point), replay.allowed_within(point)
    if reason is UncoveredReason.NO_SITE_IN_REACH or not near:
        return reason is UncoveredReason.NO_SITE_IN_REACH and not near
    if reason is UncoveredReason.ONLY_FORBIDDEN_SITES or not allowed:
        return reason is UncoveredReason.ONLY_FORBIDDEN_SITES and not allowed
    few = len(allowed) < replay.needed(point)
    if reason is UncoveredReason.TOO_FEW_SITES or few:
        return reason is UncoveredReason.TOO_FEW_SITES and few
    if reason is UncoveredReason.WEIGHS_NOTHING:
        return float(problem.weights[replay.row[point]]) == 0
    if reason is UncoveredReason.SHARE_REACHED:
        return problem.rules.covered_share is not None
    if reason is UncoveredReason.LIMITS_TOGETHER:
        return replay.solution.proven
    if reason is UncoveredReason.BETTER_NOT_FOUND:
        return not replay.solution.proven
    return any(_stands_against(reason, replay, point, site_id) for site_id in allowed)


def _stands_against(reason: UncoveredReason, replay: Replay, point: str, site_id: str) -> bool:
    """Return whether the limit that the reason names keeps this site from serving the point."""
    problem, rules, solution = replay.problem, replay.problem.rules, replay.solution
    j = replay.column[site_id]
    if reason is UncoveredReason.CAPACITY_USED_UP:
        if rules.load is None or rules.capacity is None:
            return False
        used = sum(float(rules.load[replay.row[p]]) for p, served in replay.servers.items() if served == site_id)
        return used + float(rules.load[replay.row[point]]) > float(rules.capacity[j]) + 1e-9
    if site_id in replay.opened:
        return False
    if reason is UncoveredReason.COUNT_USED_UP:
        missing = replay.needed(point) - len(replay.open_within(point, problem.standard_s))
        return problem.count is not None and len(replay.opened) + max(1, missing) > problem.count
    if reason is UncoveredReason.BUDGET_USED_UP:
        spent = solution.opening_cost_yuan + solution.closing_cost_yuan
        price = 0.0 if problem.existing[j] else float(problem.opening_cost_yuan[j])
        return problem.budget_yuan is not None and spent + price > problem.budget_yuan
    if reason is UncoveredReason.TOWNSHIP_LIMIT:
        town = rules.township[j] if rules.township else ""
        _, most = rules.township_limits.get(town, (0, None))
        there = sum(
            1
            for id_, name in zip(problem.site_ids, rules.township, strict=False)
            if name == town and id_ in replay.opened
        )
        return most is not None and there >= most
    if reason is UncoveredReason.BELOW_MINIMUM_LOAD:
        if rules.load is None or rules.minimum_load is None:
            return False
        left = [u.demand_id for u in solution.uncovered if site_id in replay.within(u.demand_id)]
        return sum(float(rules.load[replay.row[p]]) for p in left) < float(rules.minimum_load[j])
    if reason is UncoveredReason.NO_STATION_WITH_ROOM and rules.upper is not None and solution.upper is not None:
        taken = Counter(link.site_id for link in solution.upper.links)
        room = dict(zip(rules.upper.station_ids, rules.upper.room, strict=True))
        times = station_times(problem, site_id)
        return all(
            times.get(id_, float("inf")) > rules.upper.standard_s or taken[id_] + 1 > room[id_]
            for id_ in solution.upper.opened
        )
    return False
