"""A plan for given ways: trunk first, then station routes with what has been sorted, until both times agree."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from planner.routing import RoutePlan, RoutingProblem
from planner.routing.solve import plan_of
from planner.routing.timing import Step, Timer, VehicleSteps
from planner.routing.why.insertions import steps_of
from planner.routing.why.relax import with_relaxations
from planner.service.tiers.day_chain import DayChain, missed_of, no_way
from planner.service.tiers.post import Post, Style, comes_too_soon, consignments_of, cost_of, stay
from planner.service.tiers.problem import TierPoint, TierProblem
from planner.service.tiers.quick_routes import RouteSearch, plan_of_routes, retimed
from planner.service.tiers.solution import Missed, MissedReason
from planner.service.tiers.station_posts import StationPosts
from planner.service.tiers.two_tiers import direct_vehicles, hub_problem, trunk_vehicles, welcome

_ROUNDS = 4
USUAL = Style()
STYLES = tuple(
    Style(quick=quick, waits=waits) for quick, waits in ((False, False), (True, False), (False, True), (True, True))
)
_LATE = {MissedReason.CUT_OFF, MissedReason.TRUNK}


class Timetables:
    """Makes plans for given ways; plans are kept by their ways, stations by their points.

    A plan is made in the first of ``styles`` and, where produce is late so, clipped to the cut-off; ``thorough`` tries all.
    """

    def __init__(
        self, problem: TierProblem, search: RouteSearch, *, styles: Sequence[Style] = STYLES, thorough: bool = False
    ) -> None:
        self.problem, self.search, self.styles, self.thorough = problem, search, tuple(styles), thorough
        self._stations = StationPosts(problem, search)
        self._chains: dict[tuple[str | None, ...], DayChain] = {}
        self._before = 0

    @property
    def tried(self) -> int:
        """How many plans were made."""
        return self._before + len(self._chains)

    def in_best_style(self, chain: DayChain) -> DayChain:
        """Return the best plan for the ways of one in any style, in which all others are then made first."""
        late = chain.style.clipped or any(one.reason in _LATE for one in chain.missed)
        made = [chain, *(self.made(chain.ways, style._replace(clipped=late), chain) for style in self.styles)]
        best = min(made, key=lambda one: one.worth)
        self.styles = (best.style, *(style for style in self.styles if style != best.style))
        self._before += len(self._chains)
        self._chains = {best.ways: best}
        return best

    def of(self, ways: Sequence[str | None], near: DayChain | None = None) -> DayChain:
        """Return the best plan for these ways, searched from a plan for ways like them if one is given."""
        key = tuple(ways)
        if key not in self._chains:
            first, *others = self.styles
            made = [self.made(key, first, near)]
            late = not first.clipped and any(one.reason in _LATE for one in made[0].missed)
            made += [self.made(key, first._replace(clipped=True), near)] if late else []
            if self.thorough and made[0].consignments:
                made += [self.made(key, style._replace(clipped=late), near) for style in others]
            self._chains[key] = min(made, key=lambda one: one.worth)
        return self._chains[key]

    def made(self, ways: Sequence[str | None], style: Style, near: DayChain | None = None) -> DayChain:
        """Return a plan for these ways in a style."""
        problem = self.problem
        routed = {} if near is None else dict(near.station_plans)
        direct = [point for point, way in zip(problem.points, ways, strict=True) if way == ""]
        fitting = [point for point in direct if welcome(point, direct_vehicles(problem))]
        missed = [no_way(point, "") for point in direct if point not in fitting]
        posts = []
        for station in problem.stations:
            points = [point for point, way in zip(problem.points, ways, strict=True) if way == station.id]
            able = tuple(point for point in points if welcome(point, station.vehicle_types) and trunk_vehicles(problem))
            missed += [no_way(point, station.id) for point in points if point not in able]
            if able:
                posts.append(self._stations.of(station, able, style, routed.get(station.id)))
        hub = self._agreed(fitting, posts, style, None if near is None else near.hub_plan)
        hub, posts = self._later(hub, fitting, posts, style)
        return _chain(problem, tuple(ways), style, hub, fitting, posts, missed)

    def _agreed(
        self, direct: Sequence[TierPoint], posts: Sequence[Post], style: Style, near: RoutePlan | None
    ) -> RoutePlan:
        """Return trunk runs and direct routes that agree with the stations' times, which are set accordingly."""
        hub = self._early(self._hub(direct, posts, style, near), direct, posts, style)
        for _ in range(_ROUNDS):
            calls = {visit.stop_id: visit for route in hub.routes for visit in route.visits}
            for post in posts:
                self._stations.time(post, calls, style)
            if not any(comes_too_soon(post, lot, calls) for post in posts for lot in post.up):
                return hub
            for post in posts:
                for lot in post.down:
                    if lot.id in calls:  # so that station routes stay possible: what comes next comes no later
                        lot.closes_s = min(lot.closes_s, calls[lot.id].service_start_s)
                for lot in post.up:
                    lot.opens_s = max(lot.opens_s, post.jobs[lot.id].ready_s)
            same = retimed(self._hub_problem(direct, posts, style), hub)
            searched = [] if style.waits and same is not None else [self._hub(direct, posts, style, hub)]
            hub = min([*searched, *([same] if same else [])], key=lambda plan: (len(plan.unassigned), plan.cost_yuan))
        calls = {visit.stop_id: visit for route in hub.routes for visit in route.visits}
        for post in posts:
            self._stations.time(post, calls, style)
        return hub

    def _early(self, hub: RoutePlan, direct: Sequence[TierPoint], posts: Sequence[Post], style: Style) -> RoutePlan:
        """Return the same routes, trucks begun as early as they can: as late as they can be, they bring produce late."""
        if not any(post.up for post in posts):
            return hub
        problem = self._hub_problem(direct, posts, style)
        begins = _earliest_begins(problem, hub)
        for lot in [lot for post in posts if post.up for lot in post.down if lot.id in begins]:
            lot.closes_s = min(lot.closes_s, begins[lot.id])
        return retimed(self._hub_problem(direct, posts, style), hub) or hub

    def _later(
        self, hub: RoutePlan, direct: Sequence[TierPoint], posts: Sequence[Post], style: Style
    ) -> tuple[RoutePlan, list[Post]]:
        """Return the same routes, trucks that would only stand at a station begun later where that is cheaper."""
        if not any(kind.cost_per_hour_yuan for kind in self.problem.hub_vehicles):
            return hub, list(posts)
        found = [post.copy() for post in posts]
        calls = {visit.stop_id: visit for route in hub.routes for visit in route.visits}
        for post in found:
            self._stations.let_come_later(post, calls)
        again = retimed(self._hub_problem(direct, found, style), hub)
        if again is None or again.cost_yuan >= hub.cost_yuan - 1e-6:
            return hub, list(posts)
        calls = {visit.stop_id: visit for route in again.routes for visit in route.visits}
        for post in found:
            self._stations.time(post, calls, style)
        before, after = (len(list(missed_of(self.problem, *one))) for one in ((hub, posts), (again, found)))
        paid, now = cost_of(hub, posts).total_yuan, cost_of(again, found).total_yuan
        return (again, found) if (after, now) < (before, paid) else (hub, list(posts))

    def _hub_problem(self, direct: Sequence[TierPoint], posts: Sequence[Post], style: Style) -> RoutingProblem:
        lots = [lot for post in posts for lot in (*post.down, *post.up) if lot.opens_s <= lot.closes_s]
        return hub_problem(self.problem, direct, lots, clipped=style.clipped)

    def _hub(
        self, direct: Sequence[TierPoint], posts: Sequence[Post], style: Style, near: RoutePlan | None
    ) -> RoutePlan:
        """Return routes for the stations' calls as they stand; a truck that waits for produce makes both calls in one."""
        problem = self._hub_problem(direct, posts, style)
        waits = dict(filter(None, (stay(post, problem) for post in posts))) if style.waits else {}
        if not waits:
            return self.search.plan(problem, near)
        later = {both[1].id for both in waits.values()}
        asked = replace(
            problem,
            stops=tuple(
                waits[stop.id][0] if stop.id in waits else stop for stop in problem.stops if stop.id not in later
            ),
        )
        plan = self.search.plan(asked, near)
        stops = {stop.id: stop for stop in problem.stops}
        kinds = {kind.id: kind for kind in problem.vehicle_types}
        driven = []
        for route in plan.routes:
            steps: list[Step] = []
            for step in steps_of(asked, kinds[route.vehicle_type_id], route):
                both = waits.get(step.id)
                steps += [step] if both is None else [stops[step.id], stops[both[1].id]]
            driven.append(VehicleSteps(kinds[route.vehicle_type_id], steps, route.vehicle_id))
        found = plan_of_routes(problem, driven)
        return found if len(found.routes) == len(driven) else self.search.plan(problem, near)

    def confirmed(self, chain: DayChain) -> DayChain:
        """Return the same plan with the routing room's own check, bounds, and reasons for who is not served."""
        hub = _confirmed(self._hub_problem(chain.direct, chain.posts, chain.style), chain.hub_plan, self.search.seed)
        posts = [replace(post, plan=_confirmed(post.problem, post.plan, self.search.seed)) for post in chain.posts]
        served = {point.stop.id for point in chain.direct}.union(
            point.stop.id for post in posts for point in post.points
        )
        barred = [one for one in chain.missed if one.point_id not in served]
        return _chain(self.problem, chain.ways, chain.style, hub, chain.direct, posts, barred)


def _chain(
    problem: TierProblem,
    ways: tuple[str | None, ...],
    style: Style,
    hub: RoutePlan,
    direct: Sequence[TierPoint],
    posts: Sequence[Post],
    barred: Sequence[Missed],
) -> DayChain:
    missed = [*barred, *missed_of(problem, hub, posts)]
    return DayChain(
        ways=ways,
        hub_plan=hub,
        direct=tuple(direct),
        posts=tuple(posts),
        style=style,
        consignments=tuple(consignments_of(posts)),
        missed=tuple({one.point_id: one for one in reversed(missed)}.values()),
        cost=cost_of(hub, posts),
    )


def _confirmed(problem: RoutingProblem, plan: RoutePlan, seed: int) -> RoutePlan:
    kinds = {kind.id: kind for kind in problem.vehicle_types}
    driven = [
        VehicleSteps(kinds[one.vehicle_type_id], steps_of(problem, kinds[one.vehicle_type_id], one), one.vehicle_id)
        for one in plan.routes
    ]
    return with_relaxations(problem, plan_of(problem, driven, engine=plan.engine, seed=seed))


def _earliest_begins(problem: RoutingProblem, plan: RoutePlan) -> dict[str, float]:
    """Return when each stop is served if all vehicles leave as early as they may."""
    begins: dict[str, float] = {}
    kinds = {kind.id: kind for kind in problem.vehicle_types}
    for route in plan.routes:
        kind = kinds[route.vehicle_type_id]
        timed = Timer(problem, kind).drive(steps_of(problem, kind, route), kind.shift_start_s)
        begins |= {call.step.id: call.begins_s for call in timed.calls if not timed.fault}
    return begins
