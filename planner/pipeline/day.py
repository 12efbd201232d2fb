"""The day's plan: sites from the area's run, then demand, routes and their ways; `make_plan` does all of it."""

from __future__ import annotations

import datetime
import math
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from planner.config import PlanConfig, VehicleConfig
from planner.coverage import StationPlan
from planner.errors import ConfigError, list_offenders
from planner.geodata import Finding, Severity
from planner.model import Demand, Site, SiteStatus, StudyArea, Tier
from planner.network import RoadNetwork, season_of
from planner.pipeline.area_roads import Travel, area_points, road_summary
from planner.pipeline.area_run import AreaRun
from planner.pipeline.demand import estimate_demand
from planner.pipeline.reach import station_reach
from planner.pipeline.seasons import by_season
from planner.pipeline.siting import without_clock
from planner.pipeline.village_travel import village_travel
from planner.plans import LegPath, Plan
from planner.progress import Progress, silent
from planner.routing import Depot, RoutePlan, RoutingProblem, Stop, VehicleType
from planner.routing.solve import solve_routing

DIMENSIONS = ("parcels", "kg", "m3")


@dataclass(frozen=True, kw_only=True)
class PlannedArea:
    """A finished plan with the routing problem it answers (for the check at the store's door)."""

    plan: Plan
    problem: RoutingProblem


def hand_over_places(area: StudyArea, stations: StationPlan, travel: Travel) -> dict[str, str]:
    """Return where each village hands over: its service point, else the express station it reaches fastest.

    A village that reaches no open station is left out: its parcels wait at the hub, and the demand lists it.
    """
    place = {assignment.demand_id: assignment.site_id for assignment in stations.service_points.assignments}
    open_stations = stations.express_stations.opened
    left = [village.id for village in area.villages if village.id not in place]
    if open_stations and left:
        durations = travel.select(left, open_stations).durations_s
        for i, village_id in enumerate(left):
            nearest = int(np.argmin(durations[i]))
            if math.isfinite(durations[i, nearest]):
                place[village_id] = open_stations[nearest]
    return place


def day_demand(
    area: StudyArea, stations: StationPlan, travel: Travel, config: PlanConfig, date: datetime.date
) -> Demand:
    """Return what each hand-over place receives and sends on the date."""
    return estimate_demand(area.villages, hand_over_places(area, stations, travel), config.demand, date)


def routing_problem(area: StudyArea, demand: Demand, travel: Travel, config: PlanConfig) -> RoutingProblem:
    """Return the day's routes as a problem: one stop for each place with demand, the fleet of the configuration.

    Raises
    ------
    ConfigError
        If a vehicle's depot or a window's site is not one of the area's.
    """
    hubs = tuple(hub for hub in area.sites_of(Tier.COUNTY_HUB) if hub.status is not SiteStatus.FORBIDDEN)
    _check_references(area, hubs, config)
    windows = {window.site_id: (window.opens, window.closes) for window in config.routing.windows}
    usual = (config.routing.opens, config.routing.closes)
    stops = []
    for point in demand.points:
        if not point.delivery_kg and not point.pickup_kg:
            continue
        opens, closes = windows.get(point.site_id, usual)
        handled = point.delivery_parcels + point.pickup_parcels
        stops.append(
            Stop(
                id=point.site_id,
                name=area.site_by_id[point.site_id].name,
                delivery=(float(point.delivery_parcels), point.delivery_kg, point.delivery_m3),
                pickup=(float(point.pickup_parcels), point.pickup_kg, point.pickup_m3),
                opens_s=float(opens),
                closes_s=float(closes),
                service_duration_s=config.routing.service_base_s + handled * config.routing.service_per_parcel_s,
            )
        )
    location_ids = [*(hub.id for hub in hubs), *(stop.id for stop in stops)]
    return RoutingProblem(
        dimensions=DIMENSIONS,
        depots=tuple(Depot(id=hub.id, name=hub.name) for hub in hubs),
        stops=tuple(stops),
        vehicle_types=tuple(_vehicle_type(vehicle, hubs[0].id) for vehicle in config.routing.vehicles),
        travel=travel.select(location_ids, location_ids),
    )


def _check_references(area: StudyArea, hubs: tuple[Site, ...], config: PlanConfig) -> None:
    known = ", ".join(hub.id for hub in hubs)
    problems = [] if hubs else ["the area has no county_hub that is not forbidden: add one to the sites file"]
    for i, vehicle in enumerate(config.routing.vehicles):
        if vehicle.depot_id and vehicle.depot_id not in {hub.id for hub in hubs}:
            problems.append(f"routing.vehicles.{i}.depot_id: {vehicle.depot_id!r} is no county hub; there is {known}")
        if not vehicle.depot_id and len(hubs) > 1:
            problems.append(f"routing.vehicles.{i}.depot_id: missing, and there are several hubs: {known}")
    strangers = [window.site_id for window in config.routing.windows if window.site_id not in area.site_by_id]
    if strangers:
        problems.append(f"routing.windows: no such sites: {list_offenders(strangers)}")
    if problems:
        raise ConfigError("the routing configuration does not fit the area", problems)


def _vehicle_type(vehicle: VehicleConfig, only_hub: str) -> VehicleType:
    return VehicleType(
        id=vehicle.id,
        name=vehicle.name,
        count=vehicle.count,
        depot_id=vehicle.depot_id or only_hub,
        capacity=(math.inf, vehicle.capacity_kg, vehicle.capacity_m3),
        shift_start_s=float(vehicle.shift_start),
        shift_end_s=float(vehicle.shift_end),
        max_duration_s=math.inf if vehicle.max_duration_s is None else vehicle.max_duration_s,
        fixed_cost_yuan=vehicle.fixed_cost_yuan,
        cost_per_km_yuan=vehicle.cost_per_km_yuan,
        cost_per_hour_yuan=vehicle.cost_per_hour_yuan,
    )


def leg_paths(area: StudyArea, roads: RoadNetwork, routes: RoutePlan, config: PlanConfig) -> tuple[LegPath, ...]:
    """Return the way of each leg of each route, in driving order."""
    pairs = [(leg.origin_id, leg.destination_id) for route in routes.routes for leg in route.legs()]
    coordinates = roads.paths(pairs, area_points(area), access_cap_m=config.travel.access_cap_m)
    return tuple(
        LegPath(
            origin_id=origin,
            destination_id=destination,
            coordinates=tuple((round(float(lon), 5), round(float(lat), 5)) for lon, lat in line),
        )
        for (origin, destination), line in zip(pairs, coordinates, strict=True)
    )


def _remark(finding: Finding) -> str:
    return f"剔除 left out: {finding}" if finding.severity is Severity.ERROR else str(finding)


def make_plan(
    config: PlanConfig,
    *,
    date: datetime.date | None = None,
    rejects: Path | None = None,
    cache: Path | None = None,
    progress: Progress = silent,
) -> PlannedArea:
    """Return the checked plan of one area for one date (the configuration's if none is given).

    With ``rejects``, rows at fault are written to that file and left out. In the folder ``cache`` roads and travel times
    are kept for the next run; the plan is the same with and without.

    Raises
    ------
    BadDataError
        If files cannot be used; every offending row is listed.
    PlanRejectedError
        If an independent check finds a solver's answer broken.
    """
    season = season_of(config.travel, date or config.routing.date).season
    run = AreaRun(
        config=config, date=date, rejects=rejects, cache=cache, progress=progress, steps=6, given_season=season
    )
    sited = run if season == config.siting_season else run.under(season=config.siting_season)
    siting = without_clock(sited.siting)
    stations, points = siting.stations, siting.stations.service_points
    progress("planning routes", 4, run.steps)
    demand = day_demand(run.area, stations, run.travel, config, run.day)
    problem = routing_problem(run.area, demand, run.travel, config)
    limits = config.routing
    routes = solve_routing(problem, iterations=limits.iterations, seed=config.seed, threads=limits.threads)
    progress("tracing routes", 5, run.steps)
    plan = Plan(
        area=run.area,
        remarks=tuple(_remark(finding) for finding in run.findings),
        config=config.model_dump(mode="json", by_alias=True),
        roads=road_summary(run.area, run.roads, config),
        stations=stations,
        phases=siting.phases,
        mends=siting.mends,
        subsidies=sited.subsidies,
        demand=demand,
        routes=routes,
        paths=leg_paths(run.area, run.roads, routes, config),
        road_lines=run.roads.lines(),
        village_travel=village_travel(run, stations),
        seasons=by_season(run, points.opened, standard_s=points.standard_s),
        reach=station_reach(run, stations),
    )
    progress("done", run.steps, run.steps)
    return PlannedArea(plan=plan, problem=problem)
