"""A plan for given ways: trunk first, then station routes with what has been sorted, until both times agree."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from planner.errors import PlanRejectedError
from planner.routing import RoutePlan, RoutingProblem, Unassigned, Visit
from planner.routing.solve import plan_of, solve_routing
from planner.routing.timing import Step, Timer, VehicleSteps
from planner.routing.why.insertions import steps_of
from planner.service.tiers.bench import Job, handle
from planner.service.tiers.post import (
    Post,
    Style,
    back_at_depot,
    comes_too_soon,
    consignments_of,
    cost_of,
    peak_on_hand,
    sorted_after_s,
    stay,
    time_bench,
)
from planner.service.tiers.problem import TierPoint, TierProblem, TierStation
from planner.service.tiers.solution import Consignment, Missed, MissedReason, TierCost
from planner.service.tiers.two_tiers import (
    direct_vehicles,
    earliest_call_s,
    hub_problem,
    latest_call_s,
    latest_release_s,
    lots_of,
    station_problem,
    trunk_vehicles,
    welcome,
)

_SLACK = 1e-6
_ROUNDS = 4
_QUICK_YUAN = 1e4
"""What an hour squared of duty counts where routes are to be back soon: more than any cost."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DayChain:
    """A plan for given ways; ``ways`` has a station for each point, empty for direct, None where it is left out."""

    ways: tuple[str | None, ...]
    hub_plan: RoutePlan
    station_plans: tuple[tuple[str, RoutePlan], ...]
    consignments: tuple[Consignment, ...]
    missed: tuple[Missed, ...]
    cost: TierCost

    @property
    def worth(self) -> tuple[float, float]:
        """What it is judged by, the less the better: points missed, then yuan."""
        return len(self.missed), self.cost.total_yuan


class Timetables:
    """Makes plans for given ways; routes of a station are kept by their stops and releases, plans by their ways."""

    def __init__(self, problem: TierProblem, *, iterations: int, seed: int, thorough: bool = False) -> None:
        self.problem, self.iterations, self.seed, self.thorough = problem, iterations, seed, thorough
        self._routes: dict[RoutingKey, tuple[RoutingProblem, RoutePlan]] = {}
        self._chains: dict[tuple[str | None, ...], DayChain] = {}

    @property
    def tried(self) -> int:
        """How many plans were made."""
        return len(self._chains)

    def of(self, ways: Sequence[str | None]) -> DayChain:
        """Return the best plan for these ways; in more styles where one does not do, or where all are asked for."""
        key = tuple(ways)
        if key not in self._chains:
            chain = self._made(key, Style())
            late = {MissedReason.CUT_OFF, MissedReason.TRUNK}
            clipped = any(one.reason in late for one in chain.missed)
            styles = [Style(clipped=True)] if clipped else []
            if chain.consignments and (self.thorough or clipped):
                styles += [
                    Style(clipped=clipped, quick=quick, waits=waits)
                    for quick, waits in ((True, False), (False, True), (True, True))
                ]
            self._chains[key] = min([chain, *(self._made(key, style) for style in styles)], key=lambda one: one.worth)
        return self._chains[key]

    def _made(self, ways: tuple[str | None, ...], style: Style) -> DayChain:
        problem = self.problem
        direct = [point for point, way in zip(problem.points, ways, strict=True) if way == ""]
        fitting = [point for point in direct if welcome(point, direct_vehicles(problem))]
        missed = [_no_way(point, "") for point in direct if point not in fitting]
        posts = []
        for station in problem.stations:
            points = [point for point, way in zip(problem.points, ways, strict=True) if way == station.id]
            able = tuple(point for point in points if welcome(point, station.vehicle_types) and trunk_vehicles(problem))
            missed += [_no_way(point, station.id) for point in points if point not in able]
            if able:
                posts.append(self._post(station, able, style))
        hub = self._agreed(fitting, posts, style)
        missed += self._missed(hub, posts)
        return DayChain(
            ways=ways,
            hub_plan=hub,
            station_plans=tuple((post.station.id, post.plan) for post in posts),
            consignments=tuple(consignments_of(posts)),
            missed=tuple({one.point_id: one for one in reversed(missed)}.values()),
            cost=cost_of(hub, posts),
        )

    def _post(self, station: TierStation, points: tuple[TierPoint, ...], style: Style) -> Post:
        """Return a station with its routes as if trucks came as early as can be, and the lots that these make."""
        problem = self.problem
        alone = lots_of(station, [points], up=False)
        first = max([0.0, *(earliest_call_s(problem, station, lot.release_s) + sorted_after_s(lot) for lot in alone)])
        up = sum(point.stop.pickup[0] for point in points)
        by = latest_call_s(problem, station, up * station.transfer_s_per_parcel) - up * station.sort_s_per_parcel
        end_by = by if style.clipped and any(any(point.stop.pickup) for point in points) else math.inf
        releases = {point.stop.id: first if math.isfinite(first) else 0.0 for point in points}
        routing, plan = self._solved(station, points, releases, end_by, style)
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
            asked = replace(problem, balance_duty_yuan=_QUICK_YUAN) if style.quick else problem
            plan = solve_routing(asked, iterations=self.iterations, seed=self.seed, threads=1)
            self._routes[key] = problem, (_same_routes(problem, plan) or plan) if style.quick else plan
        return self._routes[key]

    def _agreed(self, direct: Sequence[TierPoint], posts: Sequence[Post], style: Style) -> RoutePlan:
        """Return trunk runs and direct routes that agree with the stations' times, which are set accordingly."""
        hub = self._early(self._hub(direct, posts, style), direct, posts, style)
        for _ in range(_ROUNDS):
            calls = {visit.stop_id: visit for route in hub.routes for visit in route.visits}
            for post in posts:
                self._time_station(post, calls, style)
            if not any(comes_too_soon(post, lot, calls) for post in posts for lot in post.up):
                return hub
            for post in posts:
                for lot in post.down:
                    if lot.id in calls:  # so that station routes stay possible: what comes next comes no later
                        lot.closes_s = min(lot.closes_s, calls[lot.id].service_start_s)
                for lot in post.up:
                    lot.opens_s = max(lot.opens_s, post.jobs[lot.id].ready_s)
            same = _same_routes(self._hub_problem(direct, posts, style), hub)
            searched = [] if style.waits and same is not None else [self._hub(direct, posts, style)]
            hub = min([*searched, *([same] if same else [])], key=lambda plan: (len(plan.unassigned), plan.cost_yuan))
        calls = {visit.stop_id: visit for route in hub.routes for visit in route.visits}
        for post in posts:
            self._time_station(post, calls, style)
        return hub

    def _early(self, hub: RoutePlan, direct: Sequence[TierPoint], posts: Sequence[Post], style: Style) -> RoutePlan:
        """Return the same routes, trucks begun as early as they can: as late as they can be, they bring produce late."""
        if not any(post.up for post in posts):
            return hub
        problem = self._hub_problem(direct, posts, style)
        begins = _earliest_begins(problem, hub)
        for lot in [lot for post in posts if post.up for lot in post.down if lot.id in begins]:
            lot.closes_s = min(lot.closes_s, begins[lot.id])
        return _same_routes(self._hub_problem(direct, posts, style), hub) or hub

    def _hub_problem(self, direct: Sequence[TierPoint], posts: Sequence[Post], style: Style) -> RoutingProblem:
        lots = [lot for post in posts for lot in (*post.down, *post.up) if lot.opens_s <= lot.closes_s]
        return hub_problem(self.problem, direct, lots, clipped=style.clipped)

    def _hub(self, direct: Sequence[TierPoint], posts: Sequence[Post], style: Style) -> RoutePlan:
        """Return routes for the stations' calls as they stand; a truck that waits for produce makes both calls in one."""
        problem = self._hub_problem(direct, posts, style)
        waits = dict(filter(None, (stay(post, problem) for post in posts))) if style.waits else {}
        later = {both[1].id for both in waits.values()}
        asked = replace(
            problem,
            stops=tuple(
                waits[stop.id][0] if stop.id in waits else stop for stop in problem.stops if stop.id not in later
            ),
        )
        plan = solve_routing(asked, iterations=self.iterations, seed=self.seed, threads=1)
        if not waits:
            return plan
        stops = {stop.id: stop for stop in problem.stops}
        kinds = {kind.id: kind for kind in problem.vehicle_types}
        driven = []
        for route in plan.routes:
            steps: list[Step] = []
            for step in steps_of(asked, kinds[route.vehicle_type_id], route):
                both = waits.get(step.id)
                steps += [step] if both is None else [stops[step.id], stops[both[1].id]]
            driven.append(VehicleSteps(kinds[route.vehicle_type_id], steps, route.vehicle_id))
        try:
            return plan_of(problem, driven, engine=plan.engine, seed=plan.seed)
        except PlanRejectedError:
            return solve_routing(problem, iterations=self.iterations, seed=self.seed, threads=1)

    def _time_station(self, post: Post, calls: Mapping[str, Visit], style: Style) -> None:
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
        again = _same_routes(problem, post.plan)
        if again is None or again.cost_yuan > post.plan.cost_yuan + _SLACK or post.plan.unassigned:
            _, plan = self._solved(post.station, post.points, releases, post.end_by_s, style)
            if again is None or (len(plan.unassigned), plan.cost_yuan) < (len(again.unassigned), again.cost_yuan):
                again = plan
        post.problem, post.plan = problem, again
        time_bench(post, here)

    def _missed(self, hub: RoutePlan, posts: Sequence[Post]) -> Iterator[Missed]:
        """Yield who is not served, or whose goods break a limit."""
        lots = {lot.id: lot for post in posts for lot in (*post.down, *post.up)}
        calls = {visit.stop_id: visit for route in hub.routes for visit in route.visits}
        for left in hub.unassigned:
            if left.stop_id not in lots:
                yield _unrouted(left, "", MissedReason.ROUTE)
        unassigned = {left.stop_id: left for left in hub.unassigned}
        for lot in lots.values():
            if lot.id not in calls:
                reason = MissedReason.CUT_OFF if lot.up else MissedReason.TRUNK
                for point in lot.points:
                    if kept_off := unassigned.get(lot.id):
                        yield replace(_unrouted(kept_off, lot.station.id, reason), point_id=point.stop.id)
                    else:
                        yield Missed(point_id=point.stop.id, station_id=lot.station.id, reason=reason)
        back = dict(back_at_depot(hub))
        for stop_id, at_s in back.items():
            if at_s > self.problem.cut_off_s + _SLACK:
                points = [one.stop.id for one in lots[stop_id].points] if stop_id in lots else [stop_id]
                station = lots[stop_id].station.id if stop_id in lots else ""
                for id_ in points:
                    yield Missed(point_id=id_, station_id=station, reason=MissedReason.CUT_OFF, until_s=at_s)
        for post in posts:
            for left in post.plan.unassigned:
                yield _unrouted(left, post.station.id, MissedReason.ROUTE)
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


def arrivals(chain: DayChain) -> dict[str, float]:
    """Return when what each point that is served gives is at a hub."""
    missed = {one.point_id for one in chain.missed}
    back = dict(back_at_depot(chain.hub_plan))
    found = {id_: at_s for id_, at_s in back.items() if id_ not in {one.id for one in chain.consignments}}
    for one in chain.consignments:
        if one.up and one.id in back:
            found |= dict.fromkeys(one.point_ids, back[one.id])
    return {id_: at_s for id_, at_s in found.items() if id_ not in missed}


RoutingKey = tuple[str, tuple[tuple[str, float], ...], float, bool]


def _no_way(point: TierPoint, station_id: str) -> Missed:
    return Missed(
        point_id=point.stop.id, station_id=station_id, reason=MissedReason.ROUTE, routing_reason="no_vehicle_allowed"
    )


def _unrouted(left: Unassigned, station_id: str, reason: MissedReason) -> Missed:
    return Missed(
        point_id=left.stop_id,
        station_id=station_id,
        reason=reason,
        routing_reason=str(left.reason),
        relaxations=left.relaxations,
    )


def _same_routes(problem: RoutingProblem, plan: RoutePlan) -> RoutePlan | None:
    """Return the plan of the same routes for other releases, None if they cannot be driven so."""
    kinds = {kind.id: kind for kind in problem.vehicle_types}
    driven = [
        VehicleSteps(kinds[one.vehicle_type_id], steps_of(problem, kinds[one.vehicle_type_id], one), one.vehicle_id)
        for one in plan.routes
    ]
    try:
        return plan_of(problem, driven, engine=plan.engine, seed=plan.seed)
    except PlanRejectedError:
        return None


def _earliest_begins(problem: RoutingProblem, plan: RoutePlan) -> dict[str, float]:
    """Return when each stop is served if all vehicles leave as early as they may."""
    begins: dict[str, float] = {}
    for route in plan.routes:
        kind = next(one for one in problem.vehicle_types if one.id == route.vehicle_type_id)
        timed = Timer(problem, kind).drive(steps_of(problem, kind, route), kind.shift_start_s)
        begins |= {call.step.id: call.begins_s for call in timed.calls if not timed.fault}
    return begins
