"""Which township is served directly and which by its station: plans compared, the one chosen searched longer."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import product

from planner.errors import BadDataError, Message
from planner.progress import Progress, silent
from planner.service.tiers.at_once import ways_at_once
from planner.service.tiers.breaches import parts, with_time
from planner.service.tiers.day_chain import DayChain
from planner.service.tiers.open_ways import first_returns_s, open_ways
from planner.service.tiers.problem import TierPoint, TierProblem
from planner.service.tiers.quick_routes import RouteSearch
from planner.service.tiers.solution import Missed, MissedReason, TierPlan, TownshipChoice
from planner.service.tiers.timetable import STYLES, Timetables
from planner.service.tiers.township_choices import choices, given_choices

Ways = tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TierEffort:
    """How long is searched.

    ``iterations`` of the routing engine for each plan that is compared, begun from the routes of the best one so far (six
    times as many where there are none), ``last_iterations`` for the one chosen; at most ``plans`` are compared. All
    combinations of the points' ways are, else of the townships' ways, where there are no more than ``all_ways``.
    ``surcharges``: see `planner.service.tiers.at_once`.
    """

    iterations: int = 4
    last_iterations: int = 60
    plans: int = 64
    all_ways: int = 16
    surcharges: tuple[float, ...] = (1.0, 0.5)


def plan_tiers(
    problem: TierProblem, *, seed: int, effort: TierEffort | None = None, progress: Progress = silent
) -> TierPlan:
    """Return the cheapest plan found that serves all, else the one that misses fewest; it says why, township by township.

    The same problem, seed and effort give the same plan. Where every point has one way nothing is compared: townships then
    have no costs.

    Raises
    ------
    BadDataError
        If the effort or the seed makes no sense.
    """
    effort = effort or TierEffort()
    problem = replace(problem, points=tuple(sorted(problem.points, key=lambda point: point.stop.id)))
    _refuse(effort)
    few = 2 ** len({point.township_id for point in problem.points}) <= effort.all_ways and not problem.by_route
    made = Timetables(problem, RouteSearch(iterations=effort.iterations, seed=seed), thorough=few)
    search = _Search(problem, made, effort, progress)
    best = search.run(seed)
    whole = RouteSearch(iterations=effort.last_iterations, seed=seed, whole=True)
    last = Timetables(problem, whole, styles=STYLES if few else (best.style,), thorough=few)
    final = min(last.of(best.ways, best), last.confirmed(best), key=lambda one: one.worth)
    untils = with_time(problem, final, made.search)
    return TierPlan(
        ways=tuple(way or "" for way in final.ways),
        hub_plan=final.hub_plan,
        station_plans=final.station_plans,
        consignments=final.consignments,
        missed=tuple(_proven(problem, replace(one, until_s=untils.get(one.point_id))) for one in final.missed),
        cost=final.cost,
        townships=search.choices(best, final),
        tried=made.tried,
        all_townships_tried=search.all_tried,
    )


def _refuse(effort: TierEffort) -> None:
    faults = [
        Message("{name} is {value!r}, it must be a whole number, 1 or more", name=name, value=value)
        for name in ("iterations", "last_iterations", "plans")
        if not (isinstance(value := getattr(effort, name), int) and value >= 1)
    ]
    if faults:
        raise BadDataError(Message("the search cannot start"), faults)


class _Search:
    def __init__(self, problem: TierProblem, made: Timetables, effort: TierEffort, progress: Progress) -> None:
        self.problem, self.made, self.effort, self.progress = problem, made, effort, progress
        self.all_tried = False
        self.townships = sorted({point.township_id for point in problem.points})
        self.given = all(len(point.ways) == 1 for point in problem.points)
        self.ways = [point.ways for point in problem.points] if self.given else list(open_ways(problem))

    def run(self, seed: int) -> DayChain:
        """Return the best plan found."""
        best: DayChain | None = None
        for ways in self._starts(seed):
            made = self.made.of(ways)
            best = made if best is None or made.worth < best.worth else best
        assert best is not None
        if best.consignments and not self.made.thorough:
            best = self.made.in_best_style(best)
        return best if self.given else self._improved(best)

    def choices(self, best: DayChain, final: DayChain) -> tuple[TownshipChoice, ...]:
        """Return how each township is served and why."""
        return given_choices(self.problem, final) if self.given else choices(self.problem, self.made, best)

    def _starts(self, seed: int) -> Iterator[Ways]:
        """Yield whole plans to start from: all ways of the townships if they are few, else all one way, and the guesses."""
        two = [one for one in self.townships if any(len(self.ways[i]) > 1 for i in self._of(one))]
        self.all_tried = 2 ** len(two) <= self.effort.all_ways
        if math.prod(len(ways) for ways in self.ways) <= self.effort.all_ways:
            yield from product(*self.ways)
        elif self.all_tried:
            for by_station in product((True, False), repeat=len(two)):
                yield self._with(dict(zip(two, by_station, strict=True)))
        else:
            yield self._with(dict.fromkeys(two, False))
            yield self._with(dict.fromkeys(two, True))
        for surcharge in self.effort.surcharges if two else ():
            yield ways_at_once(self.problem, surcharge=surcharge, iterations=self.effort.last_iterations, seed=seed)

    def _improved(self, best: DayChain) -> DayChain:
        """Return the plan that changes of single townships, routes and points lead to, as long as any is better."""
        while True:
            before = best.worth
            for groups in (self._township_groups, self._route_groups, self._single_groups):
                best = self._descended(best, groups(best))
            if best.worth >= before or self.made.tried >= self.effort.plans:
                return best

    def _descended(self, best: DayChain, groups: Sequence[Sequence[int]]) -> DayChain:
        """Return what trying each group of points by each of its ways leads to, around until none is better."""
        number = since = 0
        while groups and since < len(groups):
            since += 1
            for ways in self._moves(best, groups[number % len(groups)]):
                if self.made.tried >= self.effort.plans:
                    return best
                self.progress("tiers", self.made.tried, self.effort.plans)
                near = None if self.made.thorough else best
                whole = self.made.of(ways, near)
                for tried in (whole, *parts(self.problem, self.made, whole, near, groups[number % len(groups)])):
                    if tried.worth < (best.worth[0], best.worth[1] - 1e-6):
                        best, since = tried, 0
            number += 1
        return best

    def _moves(self, chain: DayChain, group: Sequence[int]) -> Iterator[Ways]:
        """Yield the ways changed for a group of points to each way that it has."""
        now = tuple(way or "" for way in chain.ways)
        for way in dict.fromkeys(way for i in group for way in self.ways[i]):
            changed = list(now)
            for i in group:
                if way in self.ways[i]:
                    changed[i] = way
            if tuple(changed) != now:
                yield tuple(changed)

    def _township_groups(self, _chain: DayChain) -> list[list[int]]:
        return [self._of(one) for one in self.townships]

    def _route_groups(self, chain: DayChain) -> list[list[int]]:
        """Return the points of each route of a station, then those of each route of a hub."""
        place = {point.stop.id: i for i, point in enumerate(self.problem.points)}
        routes = [*(route for _, plan in chain.station_plans for route in plan.routes), *chain.hub_plan.routes]
        return [[place[v.stop_id] for v in route.visits if v.stop_id in place] for route in routes]

    def _single_groups(self, _chain: DayChain) -> list[list[int]]:
        return [[i] for i, ways in enumerate(self.ways) if len(ways) > 1]

    def _of(self, township: str) -> list[int]:
        return [i for i, point in enumerate(self.problem.points) if point.township_id == township]

    def _with(self, by_station: dict[str, bool]) -> Ways:
        return tuple(
            ways[0 if by_station.get(point.township_id, True) else -1]
            for point, ways in zip(self.problem.points, self.ways, strict=True)
        )


def _proven(problem: TierProblem, missed: Missed) -> Missed:
    """Return a missed point with the proof, where there is one, that its produce cannot be back before the cut-off."""
    point = next(one for one in problem.points if one.stop.id == missed.point_id)
    if not any(point.stop.pickup):
        return missed
    earliest = min(first_returns_s(problem, point).values(), default=math.inf)
    if earliest <= problem.cut_off_s:
        return missed
    until = math.ceil(earliest) if math.isfinite(earliest) else None
    return Missed(
        point_id=missed.point_id,
        station_id=missed.station_id,
        reason=MissedReason.CUT_OFF_TOO_EARLY if until is not None else missed.reason,
        until_s=until,
        routing_reason=missed.routing_reason,
    )


def first_return_s(problem: TierProblem, point: TierPoint) -> float:
    """Return the earliest moment at which what is collected at a point can be at a hub, by any way; ``inf`` if never."""
    return min(first_returns_s(problem, point).values(), default=math.inf)
