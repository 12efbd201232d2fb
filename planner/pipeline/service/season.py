"""Each season's week of a service plan on its own roads: the points' days stay, the routes are planned anew."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, partial

import numpy as np

from planner.config import ServiceConfig
from planner.model import Points, Site, Tier, Village
from planner.pipeline.area_run import AreaRun
from planner.pipeline.day import cut_off_on, hand_over_sites
from planner.pipeline.earlier_days import NOTHING_EARLIER, EarlierDays
from planner.pipeline.fleet import fleet_travel
from planner.pipeline.service.bus import with_rides_of
from planner.pipeline.service.bus_problem import BusGround
from planner.pipeline.service.visit_days import PlannedDays
from planner.pipeline.service.visit_patterns import visits_asked
from planner.pipeline.service.week_demand import DAYS_A_WEEK, WeekDemand, usual_week
from planner.pipeline.service.weekday import confirm_weekday
from planner.pipeline.service.year_calendar import YearCalendar, weekday_counts
from planner.plans import Stage
from planner.plans.service_plan import ServiceDay
from planner.plans.service_seasons import MissedVisit, SeasonWeek, SeasonWeekday
from planner.progress import silent
from planner.service.week import NotVisitedReason, even_patterns


@dataclass(frozen=True, kw_only=True)
class PlannedWeek:
    """The week that a year is made from: the stage that is open, its goods, its days, and its weekdays as confirmed."""

    run: AreaRun
    stage: Stage
    goods: WeekDemand
    planned: PlannedDays
    days: tuple[ServiceDay, ...]
    earlier: EarlierDays = NOTHING_EARLIER
    buses: BusGround | None = None

    @property
    def service(self) -> ServiceConfig:
        """What the configuration says of a week's service."""
        assert self.run.config.service is not None
        return self.run.config.service


@dataclass(frozen=True, kw_only=True)
class SeasonPlaces:
    """A season's roads and what they make of the villages' ways and the points; ``places`` are those of all villages."""

    run: AreaRun
    stage: Stage

    @cached_property
    def places(self) -> dict[str, str]:
        """Where each village hands over, whether it gets there or not."""
        return hand_over_sites(self.run, self.stage)

    @cached_property
    def cut_off(self) -> dict[str, str]:
        """Why a village has no way to its point."""
        return cut_off_on(self.run, self.stage)

    @cached_property
    def nowhere(self) -> dict[str, str]:
        """Why a village reaches no open point at all."""
        return self._reasons([village for village in self.run.area.villages if village.id not in self.places])

    def _reasons(self, places: Sequence[Site | Village]) -> dict[str, str]:
        reasons = self.run.roads.snap(Points.of(places), access_cap_m=self.run.config.travel.access_cap_m).reasons
        return {one.id: reasons[one.id].value if one.id in reasons else "unreachable" for one in places}

    @property
    def joined(self) -> dict[str, str]:
        """Where each village hands over that gets there."""
        return {id_: site for id_, site in self.places.items() if id_ not in self.cut_off}

    @cached_property
    def hub_ids(self) -> tuple[str, ...]:
        """The hubs that vehicles start from."""
        return tuple(hub.id for hub in self.run.area.sites_of(Tier.COUNTY_HUB) if hub.id in _depots(self.run))

    @cached_property
    def supply(self) -> dict[str, tuple[float, float]]:
        """Seconds and metres from a hub to each point by the fastest vehicle, ``inf`` where none comes and returns."""
        return self._ways_from(self.hub_ids)

    def reached_from(self, site_id: str) -> frozenset[str]:
        """Return the points that vehicles reach from a site, and return from."""
        return frozenset(id_ for id_, (seconds, _) in self._ways_from([site_id]).items() if math.isfinite(seconds))

    def _ways_from(self, site_ids: Sequence[str]) -> dict[str, tuple[float, float]]:
        points = tuple(sorted(set(self.places.values())))
        everything = tuple(dict.fromkeys([*site_ids, *points]))
        travel = fleet_travel(self.run, everything)
        rows, columns = [everything.index(id_) for id_ in site_ids], [everything.index(id_) for id_ in points]
        found = dict.fromkeys(points, (math.inf, math.inf))
        for matrix in dict(map(travel.of, self.run.config.routing.vehicles)).values():
            returns = np.isfinite(matrix.durations_s[:, rows].T[:, columns])
            seconds = np.where(returns, matrix.durations_s[np.ix_(rows, columns)], np.inf)
            nearest = seconds.argmin(axis=0)
            for column, id_ in enumerate(points):
                row = int(nearest[column])
                way = float(seconds[row, column]), float(matrix.distances_m[rows[row], columns[column]])
                found[id_] = min(found[id_], way)
        return found

    @cached_property
    def unreached(self) -> dict[str, str]:
        """Why a point has no way from a hub and back."""
        ids = [id_ for id_, (seconds, _) in self.supply.items() if not math.isfinite(seconds)]
        return self._reasons([self.run.area.site_by_id[id_] for id_ in ids])


def _depots(run: AreaRun) -> set[str]:
    """Return the hubs of the fleet: those that its vehicles name, else the first."""
    first = run.area.sites_of(Tier.COUNTY_HUB)[0].id
    return {vehicle.depot_id or first for vehicle in run.config.routing.vehicles}


@dataclass(frozen=True, kw_only=True)
class PlannedSeason:
    """A season's week with its weekdays, its roads, and the weekdays on which each point is visited."""

    week: SeasonWeek
    days: tuple[ServiceDay, ...]
    there: SeasonPlaces
    visited: Mapping[str, frozenset[int]]


def plan_season(main: PlannedWeek, there: SeasonPlaces, calendar: YearCalendar) -> PlannedSeason:
    """Return a season's week; that of the season in which the plan's own week was made is that week."""
    season, own = there.run.season, there.run is main.run
    counts = weekday_counts(calendar.seasons[season])
    days = main.days if own else tuple(_weekdays(main, there, calendar))
    missed, before = tuple(_missed(days)), _fleet(main.days)
    week = SeasonWeek(
        season=season,
        spells=calendar.seasons[season],
        weekdays=tuple(_figures(day, counts[day.weekday]) for day in days),
        extra={kind: more for kind, number in _fleet(days).items() if (more := number - before.get(kind, 0)) > 0},
        missed=missed,
        unreached=there.unreached,
        cut_off=there.cut_off,
    )
    left = {(one.site_id, one.weekday) for one in missed}
    visited: dict[str, set[int]] = {}
    for day in days:
        for point in day.demand.points:
            if (point.site_id, day.weekday) not in left:
                visited.setdefault(point.site_id, set()).add(day.weekday)
    return PlannedSeason(
        week=week, days=days, there=there, visited={id_: frozenset(found) for id_, found in visited.items()}
    )


def season_patterns(main: PlannedWeek, there: SeasonPlaces, goods: WeekDemand) -> dict[str, int]:
    """Return the days of each point that has goods and is reached: those of the plan's own week.

    A point that the plan's own week does not have, or does not reach, shares the days of the nearest one that is visited
    often enough. What the fleet cannot visit in the plan's own week it does not visit in others.
    """
    kept = {id_: mask for id_, mask in main.planned.patterns.items() if mask}
    reasons = {one.place_id: one.reason for one in main.planned.not_visited}
    found = {}
    for id_ in goods.site_ids:
        if id_ in there.unreached or reasons.get(id_, NotVisitedReason.UNREACHABLE) is not NotVisitedReason.UNREACHABLE:
            continue
        found[id_] = kept.get(id_) or _shared(main, there, kept, id_, goods)
    return found


def _shared(main: PlannedWeek, there: SeasonPlaces, kept: Mapping[str, int], id_: str, goods: WeekDemand) -> int:
    visits, _ = visits_asked(there.run, main.service, goods.of_site(id_))
    enough = [other for other in sorted(kept) if kept[other].bit_count() >= visits]
    if not enough:
        closed = [day for day in range(DAYS_A_WEEK) if day not in main.service.open_weekdays]
        return even_patterns(DAYS_A_WEEK, visits, closed=closed)[0]
    near = there.run.travel.select([id_], enough).durations_s[0]
    return kept[
        min(zip(near.tolist(), enough, strict=True), key=lambda one: (kept[one[1]].bit_count() > visits, *one))[1]
    ]


def _weekdays(main: PlannedWeek, there: SeasonPlaces, calendar: YearCalendar) -> Iterator[ServiceDay]:
    middle = calendar.middle_of(there.run.season)
    monday = middle.fromordinal(middle.toordinal() - middle.weekday())
    goods = usual_week(there.run, there.joined, monday, main.earlier)
    patterns = season_patterns(main, there, goods)
    bused = {day.weekday: day.buses for day in main.days}
    for weekday in main.service.open_weekdays:
        demand = goods.on_visit(there.run, weekday, patterns)
        if demand.points:
            confirm = partial(confirm_weekday, there.run, weekday, planned=main.planned, former=())
            carried = bused.get(weekday)
            if main.buses is None or carried is None:
                yield confirm(demand).day
            else:
                yield with_rides_of(carried, main.buses, goods.days[weekday].date, demand, confirm)


def _figures(day: ServiceDay, count: int) -> SeasonWeekday:
    return SeasonWeekday(
        weekday=day.weekday,
        days=count,
        routes=len(day.routes),
        vehicles=day.vehicles,
        distance_m=day.distance_m,
        duty_s=day.duty_s,
        cost_yuan=day.cost_yuan,
    )


def _missed(days: Sequence[ServiceDay]) -> Iterator[MissedVisit]:
    for day in days:
        sites = day.demand.site_of_stop
        for one in day.tiers.missed:
            yield MissedVisit(site_id=sites.get(one.point_id, one.point_id), weekday=day.weekday, reason=one.code)


def _fleet(days: Sequence[ServiceDay]) -> dict[str, int]:
    kinds = {kind for day in days for kind in day.vehicles}
    return {kind: max(day.vehicles.get(kind, 0) for day in days) for kind in sorted(kinds)}


def season_places(main: PlannedWeek, season: str) -> SeasonPlaces:
    """Return a season's roads and what they make of ways; the plan's own as they are, others without word of progress."""
    if season == main.run.season:
        return SeasonPlaces(run=main.run, stage=main.stage)
    return SeasonPlaces(run=replace(main.run, progress=silent).under(season=season), stage=main.stage)
