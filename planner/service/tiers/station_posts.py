"""The stations of a day: their routes, the lots that trucks bring and fetch, and when each is handled."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace

from planner.routing import RoutePlan, RoutingProblem, Visit
from planner.service.tiers.bench import Job, handle
from planner.service.tiers.post import Post, Style, back_at_depot, sorted_after_s, time_bench
from planner.service.tiers.problem import TierPoint, TierProblem, TierStation
from planner.service.tiers.quick_routes import RouteSearch, retimed
from planner.service.tiers.two_tiers import (
    earliest_call_s,
    latest_call_s,
    latest_release_s,
    lots_of,
    station_problem,
    trunk_vehicles,
)

_SLACK = 1e-6
_QUICK_YUAN = 1e3
"""What an hour squared of duty counts where routes are to be back soon: more than most costs."""
_ALL_SERVED = 100
"""The priority of stops whose routes are to be back soon: to leave one out is dearer than any duty."""
RoutingKey = tuple[str, tuple[tuple[str, float], ...], float, bool]


class StationPosts:
    """Makes the stations of a day; those of the same points are kept, so that only what changes is searched again."""

    def __init__(self, problem: TierProblem, search: RouteSearch) -> None:
        self.problem, self.search = problem, search
        self._routes: dict[RoutingKey, tuple[RoutingProblem, RoutePlan]] = {}
        self._posts: dict[tuple[str, tuple[str, ...], bool, bool], Post] = {}

    def of(
        self, station: TierStation, points: tuple[TierPoint, ...], style: Style, near: RoutePlan | None = None
    ) -> Post:
        """Return a station with its routes as if trucks came as early as can be, and the lots that these make."""
        key = (station.id, tuple(one.stop.id for one in points), style.clipped, style.quick)
        if key not in self._posts:
            self._posts[key] = self._made(station, points, style, near)
        post = self._posts[key]
        return post.copy()

    def _made(self, station: TierStation, points: tuple[TierPoint, ...], style: Style, near: RoutePlan | None) -> Post:
        problem = self.problem
        alone = lots_of(station, [points], up=False)
        first = max([0.0, *(earliest_call_s(problem, station, lot.release_s) + sorted_after_s(lot) for lot in alone)])
        up = sum(point.stop.pickup[0] for point in points)
        by = latest_call_s(problem, station, up * station.transfer_s_per_parcel) - up * station.sort_s_per_parcel
        end_by = by if style.clipped and any(any(point.stop.pickup) for point in points) else math.inf
        releases = {point.stop.id: first if math.isfinite(first) else 0.0 for point in points}
        routing, plan = self._solved(station, points, releases, end_by, style, near)
        post = Post(station=station, points=points, problem=routing, plan=plan, end_by_s=end_by)
        groups = post.groups(by_route=problem.by_route or not self._one_truck_holds(points))
        post.down, post.up = lots_of(station, groups, up=False), lots_of(station, groups, up=True)
        for lot in post.down:
            soonest = earliest_call_s(problem, station, lot.release_s)
            ids = [point.stop.id for point in lot.points]
            begins = soonest + sorted_after_s(lot)
            until = latest_release_s(routing, plan, ids, max(begins, first), station.closes_s + sorted_after_s(lot), by)
            lot.opens_s, lot.closes_s = (
                station.opens_s,
                min(station.closes_s, max(soonest, until - sorted_after_s(lot))),
            )
        for lot in post.up:
            lot.opens_s, lot.closes_s = station.opens_s, latest_call_s(problem, station, lot.transfer_s)
        time_bench(post, {lot.id: max(first - lot.work_s, 0.0) for lot in post.down})
        for lot in post.up:
            lot.opens_s = max(station.opens_s, post.jobs[lot.id].ready_s)
        return post

    def _one_truck_holds(self, points: Sequence[TierPoint]) -> bool:
        sums = [
            [math.fsum(column) for column in zip(*rows, strict=True)]
            for rows in ([one.stop.delivery for one in points], [one.stop.pickup for one in points])
        ]
        return any(
            all(amount <= most + _SLACK for total in sums for amount, most in zip(total, kind.capacity, strict=True))
            for kind in trunk_vehicles(self.problem)
        )

    def _solved(
        self,
        station: TierStation,
        points: tuple[TierPoint, ...],
        releases: Mapping[str, float],
        end_by: float,
        style: Style,
        near: RoutePlan | None,
    ) -> tuple[RoutingProblem, RoutePlan]:
        """Return the routes of a station: the cheapest, or such as all are back soon."""
        key = (
            station.id,
            tuple((one.stop.id, round(releases[one.stop.id], 3)) for one in points),
            end_by,
            style.quick,
        )
        if key not in self._routes:
            problem = station_problem(self.problem, station, points, releases, end_by)
            asked = _hurried(problem) if style.quick else problem
            plan = self.search.plan(asked, near)
            self._routes[key] = problem, (retimed(problem, plan) or plan) if style.quick else plan
        return self._routes[key]

    def time(self, post: Post, calls: Mapping[str, Visit], style: Style) -> None:
        """Give a station's routes the releases that its trucks' calls make, and its bench the work of both ways."""
        here = {lot.id: calls[lot.id].departure_s for lot in post.down if lot.id in calls}
        down = [Job(lot.id, here[lot.id], lot.work_s) for lot in post.down if lot.id in here]
        handle(down, [])
        ready = {job.id: job.ready_s for job in down}
        releases = {point.stop.id: 0.0 for point in post.points}
        for lot in post.down:
            for point in lot.points:
                releases[point.stop.id] = ready.get(lot.id, 0.0)
        problem = station_problem(self.problem, post.station, post.points, releases, post.end_by_s)
        again = post.plan if problem.stops == post.problem.stops else retimed(problem, post.plan)
        if again is None or again.cost_yuan > post.plan.cost_yuan + _SLACK or post.plan.unassigned:
            _, plan = self._solved(post.station, post.points, releases, post.end_by_s, style, post.plan)
            if again is None or (len(plan.unassigned), plan.cost_yuan) < (len(again.unassigned), again.cost_yuan):
                again = plan
        post.problem, post.plan = problem, again
        time_bench(post, here)

    def let_come_later(self, post: Post, calls: Mapping[str, Visit]) -> None:
        """Let trucks bring goods as late as can be without any produce being back later."""
        back = [at_s for _, at_s in back_at_depot(post.plan)]
        for lot in post.down:
            if back and lot.id in calls:
                ids = [point.stop.id for point in lot.points]
                now = post.jobs[lot.id].ready_s
                until = latest_release_s(post.problem, post.plan, ids, now, max(back), max(back), self.search.halvings)
                lot.closes_s = max(lot.closes_s, min(post.station.closes_s, until - sorted_after_s(lot)))


def _hurried(problem: RoutingProblem) -> RoutingProblem:
    """Return the problem in which routes that are back soon are the best."""
    stops = tuple(replace(stop, priority=_ALL_SERVED) for stop in problem.stops)
    return replace(problem, stops=stops, balance_duty_yuan=_QUICK_YUAN)
