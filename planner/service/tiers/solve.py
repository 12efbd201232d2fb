"""Which township is served directly and which by its station: plans compared, each made by the routing engine."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import product

from planner.errors import BadDataError, Message
from planner.progress import Progress, silent
from planner.service.tiers.at_once import ways_at_once
from planner.service.tiers.problem import TierPoint, TierProblem
from planner.service.tiers.solution import Missed, MissedReason, TierPlan
from planner.service.tiers.timetable import DayChain, Timetables, arrivals
from planner.service.tiers.township_choices import choices
from planner.service.tiers.two_tiers import direct_vehicles, earliest_call_s, seconds, trunk_vehicles

Ways = tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TierEffort:
    """How long is searched.

    ``iterations`` of the routing engine for each plan that is compared, ``last_iterations`` for the one chosen; at most
    ``plans`` are compared. All combinations of the points' ways are, else of the townships' ways, where there are no more
    than ``all_ways``.
    ``surcharges``: see `planner.service.tiers.at_once`.
    """

    iterations: int = 3
    last_iterations: int = 20
    plans: int = 150
    all_ways: int = 16
    surcharges: tuple[float, ...] = (1.0, 0.5)


def plan_tiers(
    problem: TierProblem, *, seed: int, effort: TierEffort | None = None, progress: Progress = silent
) -> TierPlan:
    """Return the cheapest plan found that serves all, else the one that misses fewest; it says why, township by township.

    The same problem, seed and effort give the same plan.

    Raises
    ------
    BadDataError
        If the effort or the seed makes no sense.
    """
    effort = effort or TierEffort()
    problem = replace(problem, points=tuple(sorted(problem.points, key=lambda point: point.stop.id)))
    faults = [
        Message("{name} is {value!r}, it must be a whole number, 1 or more", name=name, value=value)
        for name in ("iterations", "last_iterations", "plans")
        if not (isinstance(value := getattr(effort, name), int) and value >= 1)
    ]
    if faults:
        raise BadDataError(Message("the search cannot start"), faults)
    few = 2 ** len({point.township_id for point in problem.points}) <= effort.all_ways
    made = Timetables(problem, iterations=effort.iterations, seed=seed, thorough=few and not problem.by_route)
    search = _Search(problem, made, effort, progress)
    best = search.run(seed)
    last = Timetables(problem, iterations=effort.last_iterations, seed=seed, thorough=not problem.by_route).of(
        best.ways
    )
    final = min(last, best, key=lambda one: one.worth)
    untils = _with_time(problem, final, effort, seed)
    return TierPlan(
        ways=tuple(way or "" for way in final.ways),
        hub_plan=final.hub_plan,
        station_plans=final.station_plans,
        consignments=final.consignments,
        missed=tuple(_proven(problem, replace(one, until_s=untils.get(one.point_id))) for one in final.missed),
        cost=final.cost,
        townships=choices(problem, made, best),
        tried=made.tried,
        all_townships_tried=search.all_tried,
    )


def _with_time(problem: TierProblem, chain: DayChain, effort: TierEffort, seed: int) -> dict[str, float]:
    """Return the cut-off that would do for each point whose produce misses it, the ways as they are."""
    late = [one.point_id for one in chain.missed if one.reason is MissedReason.CUT_OFF]
    if not late:
        return {}
    ends = max(kind.shift_end_s for kind in problem.hub_vehicles)
    later = replace(problem, cut_off_s=max(ends, problem.cut_off_s))
    back = arrivals(Timetables(later, iterations=effort.iterations, seed=seed).of(chain.ways))
    return {id_: math.ceil(back[id_]) for id_ in late if id_ in back}


class _Search:
    def __init__(self, problem: TierProblem, made: Timetables, effort: TierEffort, progress: Progress) -> None:
        self.problem, self.made, self.effort, self.progress = problem, made, effort, progress
        self.all_tried = False
        self.townships = sorted({point.township_id for point in problem.points})

    def run(self, seed: int) -> DayChain:
        best = min((self.made.of(ways) for ways in self._starts(seed)), key=lambda chain: chain.worth)
        while (better := next(self._better(best), None)) is not None:
            best = better
        return best

    def _starts(self, seed: int) -> Iterator[Ways]:
        """Yield whole plans to start from: all ways of the townships if they are few, else all one way, and the guesses."""
        two = [one for one in self.townships if any(len(set(self._both(p))) > 1 for p in self._of(one))]
        self.all_tried = 2 ** len(two) <= self.effort.all_ways
        if math.prod(len(point.ways) for point in self.problem.points) <= self.effort.all_ways:
            yield from product(*(point.ways for point in self.problem.points))
        elif self.all_tried:
            for by_station in product((True, False), repeat=len(two)):
                yield self._with(dict(zip(two, by_station, strict=True)))
        else:
            yield self._with(dict.fromkeys(two, True))
            yield self._with(dict.fromkeys(two, False))
        for surcharge in self.effort.surcharges:
            yield ways_at_once(self.problem, surcharge=surcharge, iterations=self.effort.last_iterations, seed=seed)

    def _better(self, chain: DayChain) -> Iterator[DayChain]:
        """Yield the plans next to this one that are better."""
        for ways in self._moves(chain):
            if self.made.tried >= self.effort.plans:
                return
            self.progress("tiers", self.made.tried, self.effort.plans)
            tried = self.made.of(ways)
            if tried.worth < (chain.worth[0], chain.worth[1] - 1e-6):
                yield tried

    def _moves(self, chain: DayChain) -> Iterator[Ways]:
        """Yield changed ways: whole townships, routes of stations, routes of hubs, single points, in this order."""
        now = tuple(way or "" for way in chain.ways)
        place = {point.stop.id: i for i, point in enumerate(self.problem.points)}
        seen = {now}
        groups = [[place[p.stop.id] for p in self._of(one)] for one in self.townships]
        groups += [[place[v.stop_id] for v in route.visits] for _, plan in chain.station_plans for route in plan.routes]
        groups += [[place[v.stop_id] for v in route.visits if v.stop_id in place] for route in chain.hub_plan.routes]
        groups += [[i] for i in range(len(now))]
        for group in groups:
            for way in dict.fromkeys(way for i in group for way in self.problem.points[i].ways):
                changed = list(now)
                for i in group:
                    if way in self.problem.points[i].ways:
                        changed[i] = way
                if (key := tuple(changed)) not in seen:
                    seen.add(key)
                    yield key

    def _of(self, township: str) -> list[TierPoint]:
        return [point for point in self.problem.points if point.township_id == township]

    def _both(self, point: TierPoint) -> tuple[str, str]:
        return point.ways[0], point.ways[-1]

    def _with(self, by_station: dict[str, bool]) -> Ways:
        return tuple(
            self._both(point)[0 if by_station.get(point.township_id, True) else 1] for point in self.problem.points
        )


def _proven(problem: TierProblem, missed: Missed) -> Missed:
    """Return a missed point with the proof, where there is one, that its produce cannot be back before the cut-off."""
    point = next(one for one in problem.points if one.stop.id == missed.point_id)
    if not any(point.stop.pickup):
        return missed
    earliest = first_return_s(problem, point)
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
    stop = point.stop
    has_goods = any(stop.delivery)

    def served(begins: float) -> float:
        begins = next((max(opens, begins) for opens, closes in stop.windows if begins <= closes), math.inf)
        return begins + stop.service_duration_s

    found = [math.inf]
    if point.direct:
        for kind in direct_vehicles(problem):
            leaves = max(kind.shift_start_s, stop.release_s if has_goods else 0.0)
            out = 0.0 if kind.open_start else seconds(problem, kind, kind.depot_id, stop.place)
            found.append(served(leaves + out) + seconds(problem, kind, stop.place, kind.end_id))
    for id_ in point.station_ids:
        station = problem.station(id_)
        down, up = stop.delivery[0], stop.pickup[0]
        bring = station.call_s + down * (station.transfer_s_per_parcel + station.sort_s_per_parcel)
        ready = earliest_call_s(problem, station, stop.release_s) + bring if has_goods else 0.0
        drives = [seconds(problem, kind, station.id, kind.end_id) for kind in trunk_vehicles(problem)]
        fetch = station.call_s + up * station.transfer_s_per_parcel + min(drives, default=math.inf)
        for kind in station.vehicle_types:
            leaves = max(kind.shift_start_s, ready)
            out = 0.0 if kind.open_start else seconds(problem, kind, station.id, stop.place)
            back = served(leaves + out) + seconds(problem, kind, stop.place, kind.end_id)
            found.append(max(station.opens_s, back + up * station.sort_s_per_parcel) + fetch)
    return min(found)
