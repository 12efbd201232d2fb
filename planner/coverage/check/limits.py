"""The limits replayed: townships, the tier above, loads."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from planner.config import Objective
from planner.coverage.check.replay import Replay, station_times
from planner.coverage.problem import CoverageProblem
from planner.coverage.siting_rules import AssignmentRule, UpperTier
from planner.coverage.solution import CoverageSolution, UpperSolution
from planner.errors import Message
from planner.units import HALF_CENT_YUAN, FloatArray

_SLACK = 1e-6


def township_faults(problem: CoverageProblem, solution: CoverageSolution) -> Iterator[str]:
    """Name townships with fewer or more open sites than they may have."""
    opened = set(solution.opened)
    found = Counter(
        town for site_id, town in zip(problem.site_ids, problem.rules.township, strict=False) if site_id in opened
    )
    for town, (least, most) in sorted(problem.rules.township_limits.items()):
        if found[town] < least or (most is not None and found[town] > most):
            yield Message(
                "township {town} has {found} open sites, it may have {least} to {most}",
                town=town,
                found=found[town],
                least=least,
                most=most,
            )


def upper_faults(replay: Replay) -> Iterator[str]:
    """Name every fault of the tier above."""
    problem, solution = replay.problem, replay.solution
    upper, answer = problem.rules.upper, solution.upper
    if upper is None:
        return
    if answer is None:
        yield Message("the tier above has no answer")
        return
    unknown = sorted(set(answer.opened) - set(upper.station_ids))
    if unknown:
        yield Message("station {unknown} is not in the problem", unknown=unknown)
        return
    yield from _station_faults(upper, answer)
    if sorted(link.demand_id for link in answer.links) != sorted(replay.opened - replay.stranded):
        yield Message("not every open point is linked to exactly one station")
    yield from _link_faults(problem, upper, answer)


def _station_faults(upper: UpperTier, answer: UpperSolution) -> Iterator[str]:
    cost = 0.0
    for s, id_ in enumerate(upper.station_ids):
        if upper.existing[s] and id_ not in answer.opened:
            yield Message("station {id} exists and must stay open", id=id_)
        if upper.forbidden[s] and id_ in answer.opened:
            yield Message("station {id} is forbidden and must stay closed", id=id_)
        if id_ in answer.opened and not upper.existing[s]:
            cost += float(upper.opening_cost_yuan[s])
    if abs(cost - answer.opening_cost_yuan) > HALF_CENT_YUAN:
        yield Message(
            "opening the stations costs {cost:.2f} yuan, the answer says {said:.2f}",
            cost=cost,
            said=answer.opening_cost_yuan,
        )
    if upper.budget_yuan is not None and cost > upper.budget_yuan + HALF_CENT_YUAN:
        yield Message(
            "the stations cost {cost:.2f} yuan, their budget is {budget:.2f}", cost=cost, budget=upper.budget_yuan
        )
    if upper.count is not None and len(answer.opened) > upper.count:
        yield Message("{count} stations are open, their count is {most}", count=len(answer.opened), most=upper.count)


def _link_faults(problem: CoverageProblem, upper: UpperTier, answer: UpperSolution) -> Iterator[str]:
    for link in answer.links:
        time = station_times(problem, link.demand_id).get(link.site_id) if link.demand_id in problem.site_ids else None
        if link.site_id not in answer.opened:
            yield Message(
                "point {point} is linked to station {site}, which is closed", point=link.demand_id, site=link.site_id
            )
        elif time is None or abs(time - link.duration_s) > _SLACK or time > upper.standard_s:
            yield Message(
                "point {point} does not reach station {site} within the standard as said",
                point=link.demand_id,
                site=link.site_id,
            )
    room = dict(zip(upper.station_ids, upper.room, strict=True))
    for id_, points in sorted(Counter(link.site_id for link in answer.links).items()):
        if id_ in room and points > float(room[id_]):
            yield Message(
                "station {id} has {points} points, it has room for {room:g}", id=id_, points=points, room=room[id_]
            )


def load_faults(replay: Replay) -> Iterator[str]:
    """Name sites with more load than they hold or less than keeps them, and points that are not at their closest site."""
    rules = replay.problem.rules
    if rules.load is None or (rules.capacity is None and rules.minimum_load is None):
        return
    yield from _served_faults(replay)
    yield from _carried_faults(replay, rules.load)
    if rules.assignment is AssignmentRule.CLOSEST:
        yield from _farther_faults(replay)


def _served_faults(replay: Replay) -> Iterator[str]:
    for left in replay.solution.uncovered:
        if left.served_by_site_id is None:
            continue
        time = replay.times(left.demand_id).get(left.served_by_site_id)
        if left.served_by_site_id not in replay.opened or time is None or left.served_duration_s is None:
            yield Message(
                "point {point} is served by {site}, which is closed or out of reach",
                point=left.demand_id,
                site=left.served_by_site_id,
            )
        elif abs(time - left.served_duration_s) > _SLACK:
            yield Message(
                "point {point}: the time to {site} is not {said}",
                point=left.demand_id,
                site=left.served_by_site_id,
                said=left.served_duration_s,
            )


def _carried_faults(replay: Replay, load: FloatArray) -> Iterator[str]:
    problem, rules = replay.problem, replay.problem.rules
    carried: dict[str, float] = dict.fromkeys(replay.opened, 0.0)
    for point, site_id in replay.servers.items():
        carried[site_id] = carried.get(site_id, 0.0) + float(load[replay.row[point]])
    for site_id, total in sorted(carried.items()):
        j = replay.column.get(site_id)
        if j is None or site_id not in replay.opened:
            continue
        if rules.capacity is not None and total > float(rules.capacity[j]) * (1 + _SLACK) + _SLACK:
            yield Message(
                "site {site} carries {total:g}, its capacity is {capacity:g}",
                site=site_id,
                total=total,
                capacity=rules.capacity[j],
            )
        closable = rules.closing_cost_yuan is not None and rules.closing_cost_yuan[j] < float("inf")
        if rules.minimum_load is None or (problem.existing[j] and not closable):
            continue
        if total < float(rules.minimum_load[j]) * (1 - _SLACK) - _SLACK:
            yield Message(
                "site {site} carries {total:g}, less than the {least:g} it needs",
                site=site_id,
                total=total,
                least=rules.minimum_load[j],
            )


def _farther_faults(replay: Replay) -> Iterator[str]:
    problem = replay.problem
    far = problem.objective in (Objective.P_MEDIAN, Objective.P_CENTER)
    for point in problem.demand_ids:
        if not replay.can_be_served(point):
            continue  # too much for any site: nobody serves it
        reach = problem.standard_s if far and replay.is_mandatory(point) else replay.reach_s
        times = replay.times(point)
        fastest = min((times[id_] for id_ in replay.open_within(point, reach)), default=None)
        way = replay.way(point)
        if fastest is not None and (way is None or way > fastest + _SLACK):
            yield Message("point {point} is not served by its closest open site", point=point)
