"""Which way each township goes: directly from the hub or by an express station, decided on a usual day."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from planner.model import Tier
from planner.pipeline.area_run import AreaRun
from planner.pipeline.fleet import FleetTravel, day_places, fleet_travel, room_of, routing_problem
from planner.pipeline.service.point_parts import parts_for
from planner.pipeline.service.tier_problem import all_vehicles, station_settings, tier_problem, township_of
from planner.pipeline.service.visit_patterns import own_visits, visit_patterns, visits_asked
from planner.pipeline.service.week_demand import DAYS_A_WEEK, WeekDemand, amounts_of
from planner.plans import Stage
from planner.service.tiers import TierEffort, TierPlan, TierProblem, TownshipChoice, plan_tiers

_EVERY_DAY = (1 << DAYS_A_WEEK) - 1


@dataclass(frozen=True, kw_only=True)
class PlannedWays:
    """The way of each point, both costs of each township on a usual day, and that day as it was planned.

    ``station_of`` has the station of each site that goes by one; the others go directly.
    """

    problem: TierProblem
    plan: TierPlan
    station_of: Mapping[str, str]

    @property
    def townships(self) -> tuple[TownshipChoice, ...]:
        """How each township is served and why."""
        return self.plan.townships


def plan_ways(run: AreaRun, week: WeekDemand, stage: Stage, effort: TierEffort | None = None) -> PlannedWays | None:
    """Return the way of each point of a usual week; None if no station may be used, or nothing is to be brought.

    Stations are the express stations that are open at the stage, if ``[service.stations]`` says what they can do.
    """
    service, stations = run.config.service, open_stations(run, stage)
    if service is None or service.stations is None or not stations or not week.site_ids:
        return None
    problem = ways_problem(run, week, stations)
    plan = plan_tiers(problem, seed=run.config.seed, effort=effort, progress=run.progress)
    points = sorted(problem.points, key=lambda point: point.stop.id)
    return PlannedWays(
        problem=problem,
        plan=plan,
        station_of={point.stop.place: way for point, way in zip(points, plan.ways, strict=True) if way},
    )


def open_stations(run: AreaRun, stage: Stage) -> tuple[str, ...]:
    """Return the ids of the express stations that are open, in order."""
    return tuple(sorted(id_ for id_ in stage.opened if run.area.site_by_id[id_].tier is Tier.EXPRESS_STATION))


def ways_problem(run: AreaRun, week: WeekDemand, stations: Sequence[str]) -> TierProblem:
    """Return a usual day as a problem of three tiers, each point free to go directly or by a station.

    Every point is visited with the goods of one day. In a week of three visits each, half of them are with twice as much:
    what vehicles carry and how many are out is the same, so that the day's own fleet does for it.
    """
    service = run.config.service
    assert service is not None
    weekday = service.open_weekdays[len(service.open_weekdays) // 2]
    demand = week.on_visit(run, weekday, dict.fromkeys(week.site_ids, _EVERY_DAY))
    places = tuple(dict.fromkeys([*day_places(run.area, demand), *stations]))
    travel = fleet_travel(run, places, vehicles=all_vehicles(run.config))
    problem = routing_problem(run.area, demand, travel, run.config)
    ways = _ways(run, week, travel, list(dict.fromkeys(stop.place for stop in problem.stops)), stations)
    return tier_problem(problem, run.area, run.config, travel, ways=ways, stations=stations)


def _ways(
    run: AreaRun, week: WeekDemand, travel: FleetTravel, sites: Sequence[str], stations: Sequence[str]
) -> dict[str, tuple[str, ...]]:
    """Return for each site the station of its township, that nearest to it, and empty for directly.

    A township without a station of its own has the one that its sites are nearest to, all together. What is handed over at
    a station itself comes with the truck that passes there: directly. So does what piles up, on the days that a week asks
    for, beyond any vehicle of a station.
    """
    seconds = travel.usual.select(stations, sites).durations_s
    own = {township_of(run.area, id_): id_ for id_ in reversed(stations)}
    members: dict[str, list[int]] = {}
    for column, site_id in enumerate(sites):
        members.setdefault(township_of(run.area, site_id), []).append(column)
    for township, columns in members.items():
        own.setdefault(township, stations[int(seconds[:, columns].sum(axis=1).argmin())])
    ways: dict[str, tuple[str, ...]] = {}
    asked = own_visits(run)
    for column, site_id in enumerate(sites):
        near = stations[int(seconds[:, column].argmin())]
        both = dict.fromkeys((own[township_of(run.area, site_id)], near))
        able = [] if site_id in stations else [one for one in both if _holds(run, week, site_id, one, asked)]
        ways[site_id] = (*able, "")
    return ways


def _holds(run: AreaRun, week: WeekDemand, site_id: str, station_id: str, asked: dict[str, int]) -> bool:
    """Say whether a vehicle of a station holds what piles up at a site, by some days of the visits that it asks for."""
    service = run.config.service
    assert service is not None
    days = week.of_site(site_id)
    visits, _ = visits_asked(run, service, days, asked)
    goods = np.maximum(amounts_of(days, up=False), amounts_of(days, up=True))
    kept_free = 1 - run.config.routing.load_reserve
    rooms = np.array([room_of(one, kept_free) for one in station_settings(service, station_id).vehicles])
    return parts_for(goods, visit_patterns(run, service, site_id, visits), rooms) == 1
