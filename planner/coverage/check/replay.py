"""What the check knows of a plan: the problem's raw tables read point by point, nothing that a solver worked out."""

from __future__ import annotations

from functools import cached_property

from planner.config import Objective
from planner.coverage.durations import SparseDurations
from planner.coverage.problem import CoverageProblem
from planner.coverage.siting_rules import AssignmentRule
from planner.coverage.solution import CoverageSolution


class Replay:
    """An answer beside its problem."""

    def __init__(self, problem: CoverageProblem, solution: CoverageSolution) -> None:
        self.problem = problem
        self.solution = solution
        self.opened = set(solution.opened)
        self.covered = {assignment.demand_id for assignment in solution.assignments}
        self.row = {demand_id: i for i, demand_id in enumerate(problem.demand_ids)}
        self.column = {site_id: j for j, site_id in enumerate(problem.site_ids)}
        self.barred = {site_id for j, site_id in enumerate(problem.site_ids) if problem.forbidden[j]}
        lacks = problem.rules.lacking
        self.lacking = set() if lacks is None else {id_ for j, id_ in enumerate(problem.site_ids) if lacks[j]}
        self._last: tuple[str | None, dict[str, float]] = (None, {})

    def times(self, point: str) -> dict[str, float]:
        """Return the seconds from a point to each site that can be reached and that has what all must have in reach.

        They are read straight from the data as given.
        """
        if self._last[0] != point:  # one point is kept: all of a province's would be as large as its travel times
            found = _row(self.problem.durations_s, self.row[point], self.problem.site_ids)
            self._last = (point, {site_id: time for site_id, time in found.items() if site_id not in self.lacking})
        return self._last[1]

    def lacks_services_near(self, point: str) -> bool:
        """Return whether a site within the standard lacks a service."""
        found = _row(self.problem.durations_s, self.row[point], self.problem.site_ids)
        return any(found.get(site_id, float("inf")) <= self.problem.standard_s for site_id in self.lacking)

    def open_within(self, point: str, limit_s: float) -> set[str]:
        """Return the open sites within so many seconds."""
        return {site_id for site_id, time in self.times(point).items() if time <= limit_s and site_id in self.opened}

    def within(self, point: str) -> set[str]:
        """Return the sites within the standard, forbidden ones included."""
        return {site_id for site_id, time in self.times(point).items() if time <= self.problem.standard_s}

    def allowed_within(self, point: str) -> set[str]:
        """Return the sites within the standard that are not forbidden."""
        return self.within(point) - self.barred

    @cached_property
    def beyond_stations(self) -> set[str]:
        """The sites that no station could take: each is forbidden, too far, or has room for none."""
        upper = self.problem.rules.upper
        if upper is None:
            return set()
        takes = {
            id_ for s, id_ in enumerate(upper.station_ids) if not upper.forbidden[s] and float(upper.room[s]) >= 1.0
        }
        return {
            site_id
            for site_id in self.problem.site_ids
            if not any(
                id_ in takes and time <= upper.standard_s for id_, time in station_times(self.problem, site_id).items()
            )
        }

    @cached_property
    def stranded(self) -> set[str]:
        """The open sites that exist and that no station could take: they stay open without one."""
        there = {site_id for j, site_id in enumerate(self.problem.site_ids) if self.problem.existing[j]}
        return self.beyond_stations & there & self.opened

    @cached_property
    def never_open(self) -> set[str]:
        """The sites that no plan opens: forbidden, or new and beyond every station."""
        new = {site_id for j, site_id in enumerate(self.problem.site_ids) if not self.problem.existing[j]}
        return self.barred | (self.beyond_stations & new)

    def usable_within(self, point: str) -> set[str]:
        """Return the sites within the standard that a plan may open."""
        return self.within(point) - self.never_open

    def holds_load(self, point: str, site_ids: set[str]) -> bool:
        """Return whether one of these sites has the capacity for the point, or capacities do not matter."""
        rules = self.problem.rules
        if rules.load is None or rules.capacity is None:
            return bool(site_ids)
        load = float(rules.load[self.row[point]])
        return any(load <= float(rules.capacity[self.column[site_id]]) + 1e-9 for site_id in site_ids)

    @cached_property
    def reach_s(self) -> float:
        """How far away a point may be served: anywhere by p-median and p-center, else while it counts."""
        if self.problem.objective in (Objective.P_MEDIAN, Objective.P_CENTER):
            return float("inf")
        return self.problem.rules.decay_s or self.problem.standard_s

    def can_be_served(self, point: str) -> bool:
        """Return whether any site that a plan may open, and that may serve the point, has the capacity for it."""
        near = {site_id for site_id, time in self.times(point).items() if time <= self.reach_s}
        return self.holds_load(point, near - self.never_open)

    def is_mandatory(self, point: str) -> bool:
        """Return whether the point must be covered by name, as far as any choice of sites can cover it."""
        return bool(self.problem.mandatory[self.row[point]]) and self.can_be_covered(point)

    def can_be_covered(self, point: str) -> bool:
        """Return whether so many sites as needed may be open within the standard, one that holds its load among them."""
        usable = self.usable_within(point)
        return len(usable) >= self.problem.rules.sites_needed and self.holds_load(point, usable)

    @cached_property
    def plan_chooses(self) -> bool:
        """Whether the plan may send a point elsewhere than to the closest open site."""
        rules = self.problem.rules
        return rules.assignment is AssignmentRule.FREE and (
            rules.capacity is not None or rules.minimum_load is not None
        )

    @cached_property
    def all_are_to_be_covered(self) -> bool:
        """Whether the objective covers every point that can be."""
        covers = self.problem.objective in (Objective.LSCP, Objective.FIXED_CHARGE)
        return covers and self.problem.rules.covered_share is None

    @cached_property
    def servers(self) -> dict[str, str]:
        """The site that serves each point, covered or not; points that none serves are left out."""
        loads = self.problem.rules.capacity is not None or self.problem.rules.minimum_load is not None
        served = {assignment.demand_id: assignment.site_id for assignment in self.solution.assignments}
        for left in self.solution.uncovered:
            site_id = left.served_by_site_id if loads else left.nearest_site_id
            if site_id is not None:
                served[left.demand_id] = site_id
        return served

    def way(self, point: str) -> float | None:
        """Return the seconds to the site that serves a point, None if none does."""
        site_id = self.servers.get(point)
        return self.times(point).get(site_id) if site_id is not None and site_id in self.opened else None

    def sites_asked(self, point: str) -> int:
        """Return how many open sites p-median and p-center owe a point: those it needs, or all that it can reach."""
        reached = len(set(self.times(point)) - self.never_open) if self.can_be_served(point) else 0
        return min(self.problem.rules.sites_needed, reached)

    def longest_way(self, point: str) -> float | None:
        """Return the seconds to the last of the sites that a point is owed, or to its own; None if they are not open."""
        times = sorted(time for site_id, time in self.times(point).items() if site_id in self.opened)
        asked, way = self.sites_asked(point), self.way(point)
        if way is None or len(times) < asked:
            return None
        return max(way, times[asked - 1])

    def value(self) -> float:
        """Return the objective's figure, bonuses included."""
        problem, rules = self.problem, self.problem.rules
        bonus = sum(float(rules.bonus[self.column[id_]]) for id_ in self.opened) if rules.bonus is not None else 0.0
        stations = self.solution.upper
        if problem.objective is Objective.LSCP:
            return len(self.opened) + (len(stations.opened) if stations else 0) - bonus
        if problem.objective is Objective.MCLP:
            return (
                sum(float(w) * self._credit(p) for w, p in zip(problem.weights, problem.demand_ids, strict=True))
                + bonus
            )
        if problem.objective is Objective.P_CENTER:
            return max(
                (way for point in problem.demand_ids if (way := self.longest_way(point)) is not None), default=0.0
            )
        if problem.objective is Objective.P_MEDIAN:
            return (
                sum(
                    float(weight) * way
                    for weight, point in zip(problem.weights, problem.demand_ids, strict=True)
                    if (way := self.longest_way(point)) is not None
                )
                - bonus
            )
        ways = {point: way for point in problem.demand_ids if (way := self.way(point)) is not None}
        hours = sum(
            float(problem.weights[self.row[point]]) * way for point, way in ways.items() if point in self.covered
        )
        money = self.solution.opening_cost_yuan + self.solution.closing_cost_yuan
        money += stations.opening_cost_yuan if stations else 0.0
        return money + hours / 3600 * rules.yuan_per_hour - bonus

    def _credit(self, point: str) -> float:
        """Return what part of its weight a point counts: all if covered, less as the time passes the standard."""
        problem, rules = self.problem, self.problem.rules
        if rules.decay_s is None:
            return 1.0 if point in self.covered else 0.0
        way = self.way(point)
        if way is None:
            return 0.0
        times = sorted(time for site_id, time in self.times(point).items() if site_id in self.opened)
        if len(times) < rules.sites_needed:
            return 0.0
        last = times[rules.sites_needed - 1]
        if rules.capacity is not None or rules.minimum_load is not None:
            if last > max(way, problem.standard_s):
                return 0.0
            last = way
        late = max(way, last) - problem.standard_s
        return min(1.0, max(0.0, 1.0 - late / (rules.decay_s - problem.standard_s)))


def _row(durations: object, i: int, site_ids: tuple[str, ...]) -> dict[str, float]:
    if isinstance(durations, SparseDurations):
        part = range(int(durations.starts[i]), int(durations.starts[i + 1]))
        return {site_ids[durations.sites[q]]: float(durations.seconds[q]) for q in part}
    return {site_ids[j]: float(t) for j, t in enumerate(durations[i]) if t < float("inf")}  # type: ignore[index]


def station_times(problem: CoverageProblem, site_id: str) -> dict[str, float]:
    """Return the seconds from a service point to each station that can be reached."""
    upper = problem.rules.upper
    if upper is None:
        return {}
    return _row(upper.durations_s, problem.site_ids.index(site_id), upper.station_ids)
