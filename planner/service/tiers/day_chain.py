"""A plan of a day for given ways: what it is, who is not served by it, and what arrives when."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from planner.routing import RoutePlan, Unassigned
from planner.service.tiers.post import Post, Style, back_at_depot, peak_on_hand
from planner.service.tiers.problem import TierPoint, TierProblem
from planner.service.tiers.solution import Consignment, Missed, MissedReason, TierCost

_SLACK = 1e-6


@dataclass(frozen=True, slots=True, kw_only=True)
class DayChain:
    """A plan for given ways; ``ways`` has a station for each point, empty for direct, None where it is left out.

    ``direct`` are the points of hubs' routes, ``posts`` the stations as they were timed, ``style`` how it was made.
    """

    ways: tuple[str | None, ...]
    hub_plan: RoutePlan
    direct: tuple[TierPoint, ...]
    posts: tuple[Post, ...]
    style: Style
    consignments: tuple[Consignment, ...]
    missed: tuple[Missed, ...]
    cost: TierCost

    @property
    def station_plans(self) -> tuple[tuple[str, RoutePlan], ...]:
        """The routes of each station that is used."""
        return tuple((post.station.id, post.plan) for post in self.posts)

    @property
    def worth(self) -> tuple[float, float]:
        """What it is judged by, the less the better: points missed, then yuan."""
        return len(self.missed), self.cost.total_yuan


def arrivals(chain: DayChain) -> dict[str, float]:
    """Return when what each point that is served gives is at a hub."""
    missed = {one.point_id for one in chain.missed}
    back = dict(back_at_depot(chain.hub_plan))
    found = {id_: at_s for id_, at_s in back.items() if id_ not in {one.id for one in chain.consignments}}
    for one in chain.consignments:
        if one.up and one.id in back:
            found |= dict.fromkeys(one.point_ids, back[one.id])
    return {id_: at_s for id_, at_s in found.items() if id_ not in missed}


def missed_of(problem: TierProblem, hub: RoutePlan, posts: Sequence[Post]) -> Iterator[Missed]:
    """Yield who is not served, or whose goods break a limit."""
    lots = {lot.id: lot for post in posts for lot in (*post.down, *post.up)}
    calls = {visit.stop_id: visit for route in hub.routes for visit in route.visits}
    for left in hub.unassigned:
        if left.stop_id not in lots:
            yield unrouted(left, "", MissedReason.ROUTE)
    unassigned = {left.stop_id: left for left in hub.unassigned}
    for lot in lots.values():
        if lot.id not in calls:
            reason = MissedReason.CUT_OFF if lot.up else MissedReason.TRUNK
            for point in lot.points:
                if kept_off := unassigned.get(lot.id):
                    yield replace(unrouted(kept_off, lot.station.id, reason), point_id=point.stop.id)
                else:
                    yield Missed(point_id=point.stop.id, station_id=lot.station.id, reason=reason)
    back = dict(back_at_depot(hub))
    for stop_id, at_s in back.items():
        if at_s > problem.cut_off_s + _SLACK:
            points = [one.stop.id for one in lots[stop_id].points] if stop_id in lots else [stop_id]
            station = lots[stop_id].station.id if stop_id in lots else ""
            for id_ in points:
                yield Missed(point_id=id_, station_id=station, reason=MissedReason.CUT_OFF, until_s=at_s)
    for post in posts:
        for left in post.plan.unassigned:
            yield unrouted(left, post.station.id, MissedReason.ROUTE)
        for lot in post.up:
            if lot.id in calls and calls[lot.id].service_start_s < post.jobs[lot.id].ready_s - _SLACK:
                yield from (
                    Missed(point_id=one.stop.id, station_id=post.station.id, reason=MissedReason.CUT_OFF)
                    for one in lot.points
                )
        most = peak_on_hand(post.plan, post.points, {one.id: one for one in (*post.down, *post.up)}, calls)
        if any(amount > room + _SLACK for amount, room in zip(most, post.station.room, strict=True)):
            yield from (
                Missed(point_id=one.stop.id, station_id=post.station.id, reason=MissedReason.ROOM, room=most)
                for one in post.points
            )


def no_way(point: TierPoint, station_id: str) -> Missed:
    """Return a point that no vehicle of its way may come to."""
    return Missed(
        point_id=point.stop.id, station_id=station_id, reason=MissedReason.ROUTE, routing_reason="no_vehicle_allowed"
    )


def unrouted(left: Unassigned, station_id: str, reason: MissedReason) -> Missed:
    """Return a point that is missed because it, or the call for its goods, is on no route."""
    return Missed(
        point_id=left.stop_id,
        station_id=station_id,
        reason=reason,
        routing_reason=str(left.reason),
        relaxations=left.relaxations,
    )
