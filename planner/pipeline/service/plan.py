"""A service plan on a network: the usual week's goods, its days and vehicles, each weekday confirmed."""

from __future__ import annotations

import datetime
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from planner.config import PlanConfig, usual_service
from planner.errors import BadDataError, Message
from planner.network import season_of
from planner.pipeline.area_roads import road_summary
from planner.pipeline.area_run import AreaRun
from planner.pipeline.day import cut_off_on, hand_over_sites, traced
from planner.pipeline.earlier_days import NOTHING_EARLIER, EarlierDays
from planner.pipeline.fleet import with_told_profiles
from planner.pipeline.service.bus import bus_service, read_buses
from planner.pipeline.service.closed_days import WorkedDays, closures_of
from planner.pipeline.service.confirmed_week import confirmed_week
from planner.pipeline.service.phases import PhaseWeek, plan_phases
from planner.pipeline.service.point_savings import week_savings
from planner.pipeline.service.season import PlannedWeek
from planner.pipeline.service.tier_problem import profile_of, township_of
from planner.pipeline.service.township_ways import plan_ways
from planner.pipeline.service.visit_days import PlannedDays
from planner.pipeline.service.week_demand import WeekDemand, usual_week
from planner.pipeline.service.year import plan_seasons, service_year
from planner.pipeline.service.year_calendar import YearCalendar
from planner.plans import NetworkPlan
from planner.plans.service_documents import SERVICE_PARTS
from planner.plans.service_plan import ProfilePaths, ServedPoint, ServiceDay, ServicePlan, VisitsReason
from planner.progress import Progress, silent
from planner.service.tiers import TierEffort, TierProblem

STEPS = 7


@dataclass(frozen=True, kw_only=True)
class PlannedService:
    """A finished service plan with the problem that each weekday answers (for the check at the store's door)."""

    plan: ServicePlan
    problems: Mapping[int, TierProblem]


EFFORT_OF_PHASES = 30
"""Iterations of the search for the weeks of phases other than the plan's own, at most."""
_WAYS_OF_PHASES = TierEffort(plans=12, last_iterations=30)
"""Of the search for the ways of their townships."""


def plan_service(
    network: NetworkPlan,
    config: PlanConfig,
    *,
    year: int | None = None,
    cache: Path | None = None,
    progress: Progress = silent,
    earlier: EarlierDays = NOTHING_EARLIER,
    only_week: bool = False,
) -> PlannedService:
    """Return the checked plan of a usual week of a year (the configuration's date's) on a network, which stays as it is.

    What is open is that of the network's stage on the configuration's day and month of the year; roads are those of that
    day's season unless the configuration says otherwise, with nothing closed for some days. ``earlier`` days are what
    estimates learn from. With ``only_week`` the seasons of the year and the phases of the network are left out.

    Raises
    ------
    UsageError
        If nothing of the network is open yet in the year.
    BadDataError
        If the network is of another area, or files cannot be used.
    """
    if config.area.id != network.area.id:
        raise BadDataError(
            Message(
                "the network is of {found}, not of {area}: give the area it was made for",
                found=network.area.id,
                area=config.area.id,
            )
        )
    config = with_told_profiles(config.model_copy(update={"service": config.service or usual_service()}))
    date = day_in_year(config.routing.date, year)
    plan, problems, main = _week_on(date, network, config, cache=cache, progress=progress, earlier=earlier)
    if not only_week:
        progress(Message("season by season"), 5, STEPS)
        calendar = YearCalendar(year=date.year, travel=config.travel)
        seasons = plan_seasons(main, calendar)
        plan = replace(plan, seasons=service_year(main, seasons, calendar, plan.monday))
        progress(Message("phase by phase"), 6, STEPS)

        def week_of(day: datetime.date) -> PlannedWeek:
            brief = with_effort(config, EFFORT_OF_PHASES)
            if (
                not main.planned.station_of
            ):  # where all goes directly on the plan's own stage, stations are not tried again
                brief = without_stations(brief)
            return _week_on(day, network, brief, cache=cache, earlier=earlier, effort=_WAYS_OF_PHASES)[2]

        plan = replace(plan, phases=plan_phases(network, plan.stage, PhaseWeek(main, seasons), calendar, week_of))
    progress(Message("done"), STEPS, STEPS)
    return PlannedService(plan=plan, problems=problems)


def without_stations(config: PlanConfig) -> PlanConfig:
    """Return the configuration without stations of transfer: all goes directly from the hub."""
    asked = config.service
    assert asked is not None
    alone = asked.model_copy(update={"stations": None, "own_stations": ()})
    return config.model_copy(update={"service": alone})


def with_effort(config: PlanConfig, iterations: int) -> PlanConfig:
    """Return the configuration with so many iterations for a week at the most, and no other frequencies."""
    asked = config.service
    assert asked is not None
    less = asked.model_copy(update={"iterations": min(asked.iterations, iterations), "other_visits": ()})
    return config.model_copy(update={"service": less})


def _week_on(
    date: datetime.date,
    network: NetworkPlan,
    config: PlanConfig,
    *,
    cache: Path | None,
    earlier: EarlierDays,
    progress: Progress = silent,
    effort: TierEffort | None = None,
) -> tuple[ServicePlan, dict[int, TierProblem], PlannedWeek]:
    """Return the plan of the week of a date, the problem of each weekday, and what other weeks are made from."""
    stage, season = network.stage_on(date), season_of(config.travel, date)
    run = AreaRun(
        config=config,
        date=date,
        given_area=network.area,
        given_season=season.season,
        with_closures=False,
        cache=cache,
        progress=progress,
        steps=STEPS,
    )
    cut_off = cut_off_on(run, network.stages[stage])
    places = {id_: site for id_, site in hand_over_sites(run, network.stages[stage]).items() if id_ not in cut_off}
    monday = date - datetime.timedelta(days=date.weekday())
    week = usual_week(run, places, monday, earlier)
    progress(Message("choosing ways"), 3, STEPS)
    ways = plan_ways(run, week, network.stages[stage], effort)
    progress(Message("choosing days"), 3, STEPS)
    buses = read_buses(run, week.site_ids)
    kept = confirmed_week(run, week, ways, buses)
    planned, days = kept.planned, tuple(one.day for one in kept.days)
    main = PlannedWeek(
        run=run, stage=network.stages[stage], goods=week, planned=planned, days=days, earlier=earlier, buses=buses
    )
    progress(Message("tracing routes"), 5, STEPS)
    plan = ServicePlan(
        network=network,
        year=date.year,
        stage=stage,
        monday=monday,
        season=season,
        config=config.parts(SERVICE_PARTS),
        roads=road_summary(run.area, run.roads, config),
        points=_points(
            run, week, kept.planned, week_savings([one.savings for one in kept.days], kept.planned.patterns)
        ),
        townships=kept.townships,
        ways_compared=kept.compared,
        days=days,
        paths=_paths(run, days),
        not_visited=planned.not_visited,
        cut_off=cut_off,
        without_site=tuple(sorted({one.id for one in run.area.villages} - set(places) - set(cut_off))),
        planned_week_yuan=planned.week_yuan,
        frequencies=planned.frequencies,
        conflicts=planned.conflicts,
        buses=None if buses is None else bus_service(buses, monday, kept.remarks),
        closures=closures_of(date.year, kept.planned.patterns, WorkedDays.of(config.parts(SERVICE_PARTS))),
    )
    return plan, {one.day.weekday: one.problem for one in kept.days}, main


def day_in_year(date: datetime.date, year: int | None) -> datetime.date:
    """Return the same day of another year, the last of February where it has none."""
    if year is None:
        return date
    try:
        return date.replace(year=year)
    except ValueError:
        return date.replace(year=year, day=28)


def _points(
    run: AreaRun, week: WeekDemand, planned: PlannedDays, saved: Mapping[str, float]
) -> tuple[ServedPoint, ...]:
    points = []
    for site_id in week.site_ids:
        days = week.of_site(site_id)
        asked, reason = planned.asked[site_id]
        pattern = planned.patterns.get(site_id, 0)
        points.append(
            ServedPoint(
                site_id=site_id,
                township_id=township_of(run.area, site_id),
                village_ids=days[0].village_ids,
                down_parcels=tuple(float(day.delivery_parcels) for day in days),
                up_parcels=tuple(float(day.pickup_parcels) for day in days),
                down_kg=math.fsum(day.delivery_kg for day in days),
                up_kg=math.fsum(day.pickup_kg for day in days),
                asked=asked,
                reason=reason,
                pattern=pattern,
                station_id=planned.station_of.get(site_id, ""),
                saved_yuan=saved.get(site_id),
                # a point has the days of all its parts, and parts only where no vehicle holds it whole
                more_reason=VisitsReason.LOAD if pattern.bit_count() > asked else None,
            )
        )
    return tuple(points)


def _paths(run: AreaRun, days: Sequence[ServiceDay]) -> tuple[ProfilePaths, ...]:
    """Return the ways of all legs of a week, each once for each profile, between sites."""
    own = run.config.travel.vehicle
    legs: dict[str, dict[tuple[str, str], None]] = {}
    for day in days:
        sites = {**day.demand.site_of_stop, **{one.id: one.station_id for one in day.tiers.consignments}}
        for route in day.routes:
            profile = profile_of(run.config, route.vehicle_type_id)
            for leg in route.legs():
                ends = sites.get(leg.origin_id, leg.origin_id), sites.get(leg.destination_id, leg.destination_id)
                if ends[0] != ends[1]:
                    legs.setdefault(profile, {})[ends] = None
    return tuple(
        ProfilePaths(profile="" if profile == own else profile, paths=traced(run, profile, sorted(ends)))
        for profile, ends in sorted(legs.items())
    )
