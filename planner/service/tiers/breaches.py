"""Where a way does not keep the standard: who is not served by it, what would help, and the part that it can serve."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace

from planner.routing.why.relax import with_relaxations
from planner.service.tiers.day_chain import DayChain, arrivals
from planner.service.tiers.problem import TierProblem
from planner.service.tiers.quick_routes import RouteSearch
from planner.service.tiers.solution import Missed, MissedReason
from planner.service.tiers.timetable import Timetables

_MOST_PARTS = 4
"""So many times are points taken from a station that cannot serve all of them."""
_LEAVE = 3
"""Where what breaks is nobody's alone, one in so many goes directly instead, and it is seen whether that is enough."""


def with_time(problem: TierProblem, chain: DayChain, search: RouteSearch) -> dict[str, float]:
    """Return the cut-off that would do for each point whose produce misses it, the ways as they are."""
    late = [one.point_id for one in chain.missed if one.reason is MissedReason.CUT_OFF]
    if not late:
        return {}
    ends = max(kind.shift_end_s for kind in problem.hub_vehicles)
    later = replace(problem, cut_off_s=max(ends, problem.cut_off_s))
    back = arrivals(Timetables(later, search).of(chain.ways))
    return {id_: math.ceil(back[id_]) for id_ in late if id_ in back}


def breaches(problem: TierProblem, made: Timetables, chain: DayChain, point_ids: Collection[str]) -> Iterator[Missed]:
    """Yield those of some points that a plan does not serve, with the smallest change that helps where one is known.

    A plan whose shifts end at the cut-off would blame the shift: what is said is then of the plan without that.
    """
    if chain.style.clipped:
        unclipped = made.made(chain.ways, chain.style._replace(clipped=False), chain)
        if any(one.point_id in point_ids for one in unclipped.missed):
            chain = unclipped
    missed = [one for one in chain.missed if one.point_id in point_ids]
    late = any(one.reason is MissedReason.CUT_OFF and one.until_s is None for one in missed)
    untils = with_time(problem, chain, made.search) if late else {}
    helps = {
        left.stop_id: left
        for post in chain.posts
        if any(one.station_id == post.station.id and one.reason is MissedReason.ROUTE for one in missed)
        for left in with_relaxations(post.problem, post.plan).unassigned
    }
    for one in missed:
        left = helps.get(one.point_id) if one.reason is MissedReason.ROUTE else None
        yield replace(
            one,
            until_s=one.until_s or untils.get(one.point_id),
            relaxations=one.relaxations if left is None else left.relaxations,
            routing_reason=one.routing_reason if left is None else str(left.reason),
        )


def parts(
    problem: TierProblem, made: Timetables, tried: DayChain, near: DayChain | None, group: Sequence[int]
) -> Iterator[DayChain]:
    """Yield the plans in which those of a group that a station does not serve go directly, until it serves all others."""
    for _ in range(_MOST_PARTS):
        ways = _without_missed(problem, tried, group)
        if ways is None:
            return
        tried = made.of(ways, near)
        yield tried


def _without_missed(problem: TierProblem, chain: DayChain, group: Sequence[int]) -> tuple[str | None, ...] | None:
    missed = {one.point_id: one for one in chain.missed}
    inside = [i for i in group if chain.ways[i]]
    left = [i for i in inside if problem.points[i].stop.id in missed]
    if not left:
        return None
    if len(left) == len(inside):
        reason = missed[problem.points[left[0]].stop.id].reason
        left = sorted(left, key=lambda i: (-_burden(problem, chain, i, reason), i))[: max(1, len(left) // _LEAVE)]
    leave = {i for i in left if problem.points[i].direct}
    if not leave or leave.issuperset(inside):
        return None
    return tuple("" if i in leave else way for i, way in enumerate(chain.ways))


def _burden(problem: TierProblem, chain: DayChain, i: int, reason: MissedReason) -> float:
    """Return how much a point has to do with what breaks: its goods where room does, else its distance."""
    stop, station_id = problem.points[i].stop, chain.ways[i] or ""
    if reason is MissedReason.ROOM:
        room = problem.station(station_id).room
        return max(max(pair) / most for *pair, most in zip(stop.delivery, stop.pickup, room, strict=True) if most > 0)
    travel = problem.travel
    return float(travel.durations_s[travel.origin_ids.index(station_id), travel.destination_ids.index(stop.place)])
