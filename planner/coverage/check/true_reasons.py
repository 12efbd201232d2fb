"""Whether the reason that an answer gives for a point left out is true of it."""

from __future__ import annotations

from collections import Counter

from planner.coverage.check.replay import Replay, station_times
from planner.coverage.solution import UncoveredReason
from planner.model import Unreachable

_ROADS = frozenset(reason.value for reason in Unreachable)


def holds(reason: UncoveredReason, replay: Replay, point: str) -> bool:
    """Return whether a reason is true of a point, as far as it can be seen without solving again."""
    problem = replay.problem
    unreachable = problem.unreachable.get(point)
    if unreachable is not None or reason.value in _ROADS:
        return unreachable is not None and reason.value == unreachable.value
    near, allowed = replay.within(point), replay.allowed_within(point)
    without = not allowed and replay.lacks_services_near(point)
    if reason is UncoveredReason.NO_SITE_WITH_SERVICES or without:
        return reason is UncoveredReason.NO_SITE_WITH_SERVICES and without
    if reason is UncoveredReason.NO_SITE_IN_REACH or not near:
        return reason is UncoveredReason.NO_SITE_IN_REACH and not near
    if reason is UncoveredReason.ONLY_FORBIDDEN_SITES or not allowed:
        return reason is UncoveredReason.ONLY_FORBIDDEN_SITES and not allowed
    few = len(allowed) < problem.rules.sites_needed
    if reason is UncoveredReason.TOO_FEW_SITES or few:
        return reason is UncoveredReason.TOO_FEW_SITES and few
    usable = replay.usable_within(point)
    if reason is UncoveredReason.NO_STATION_IN_REACH or len(usable) < problem.rules.sites_needed:
        return reason is UncoveredReason.NO_STATION_IN_REACH and len(usable) < problem.rules.sites_needed
    heavy = not replay.holds_load(point, usable)
    if reason is UncoveredReason.LOAD_ABOVE_CAPACITY or heavy:
        return reason is UncoveredReason.LOAD_ABOVE_CAPACITY and heavy
    if reason is UncoveredReason.WEIGHS_NOTHING:
        return float(problem.weights[replay.row[point]]) == 0
    if reason is UncoveredReason.SHARE_REACHED:
        return problem.rules.covered_share is not None
    if reason is UncoveredReason.LIMITS_TOGETHER:
        return replay.solution.proven
    if reason is UncoveredReason.BETTER_NOT_FOUND:
        return not replay.solution.proven
    return any(_stands_against(reason, replay, point, site_id) for site_id in usable)


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
        missing = rules.sites_needed - len(replay.open_within(point, problem.standard_s))
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
