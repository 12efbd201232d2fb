"""A date's plan on a network that is there already: demand where it is open, routes and their ways."""

from __future__ import annotations

import datetime
import math
from dataclasses import dataclass
from pathlib import Path

from planner.config import PlanConfig, VehicleConfig
from planner.errors import BadDataError, ConfigError, Message, list_offenders
from planner.model import Demand, Points, Site, SiteStatus, StudyArea, Tier
from planner.network import RoadNetwork, season_of
from planner.pipeline.area_roads import Travel, area_points, road_summary, without_closed
from planner.pipeline.area_run import AreaRun
from planner.pipeline.demand import estimate_demand
from planner.pipeline.hand_over import with_the_rest
from planner.plans import DayPlan, LegPath, NetworkPlan, Stage
from planner.plans.upgrade import DAY_PARTS
from planner.progress import Progress, silent
from planner.routing import Depot, RoutePlan, RoutingProblem, Stop, VehicleType
from planner.routing.solve import solve_routing

DIMENSIONS = ("parcels", "kg", "m3")


@dataclass(frozen=True, kw_only=True)
class PlannedDay:
    """A finished day plan with the routing problem it answers (for the check at the store's door)."""

    plan: DayPlan
    problem: RoutingProblem


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
    problems = [] if hubs else [Message("the area has no county_hub that is not forbidden: add one to the sites file")]
    for i, vehicle in enumerate(config.routing.vehicles):
        if vehicle.depot_id and vehicle.depot_id not in {hub.id for hub in hubs}:
            problems.append(
                Message(
                    "routing.vehicles.{i}.depot_id: {depot_id!r} is no county hub; there is {known}",
                    i=i,
                    depot_id=vehicle.depot_id,
                    known=known,
                )
            )
        if not vehicle.depot_id and len(hubs) > 1:
            problems.append(
                Message("routing.vehicles.{i}.depot_id: missing, and there are several hubs: {known}", i=i, known=known)
            )
    strangers = [window.site_id for window in config.routing.windows if window.site_id not in area.site_by_id]
    if strangers:
        problems.append(Message("routing.windows: no such sites: {offenders}", offenders=list_offenders(strangers)))
    if problems:
        raise ConfigError(Message("the routing configuration does not fit the area"), problems)


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


def _places(run: AreaRun, stage: Stage) -> dict[str, str]:
    """Return the site where each village hands over that day: as the network has it.

    A village that reaches no open site in the season that the network was made for goes to the one that it reaches fastest
    on the day's roads, if there is any.
    """
    fixed = {one.village_id: one.site_id for one in stage.hand_over if one.site_id is not None}
    tier_of = {id_: run.area.site_by_id[id_].tier for id_ in stage.opened}
    points, stations = (
        [id_ for id_ in stage.opened if tier_of[id_] is tier] for tier in (Tier.SERVICE_POINT, Tier.EXPRESS_STATION)
    )
    return with_the_rest(run, fixed, points, stations)


def _cut_off(run: AreaRun, stage: Stage) -> dict[str, str]:
    """Return the reason for each village that has no way to its hand-over place on the day's roads, by village id."""
    pairs = [(one.village_id, one.site_id) for one in stage.hand_over if one.site_id is not None]
    trips = run.travel.trips(pairs)
    cut = [
        village_id
        for (village_id, site_id), trip in zip(pairs, trips, strict=True)
        if not math.isfinite(trip.driving_s) and not _same_place(run.area, village_id, site_id)
    ]
    places = Points.of([run.area.village_by_id[id_] for id_ in cut])
    reasons = run.roads.snap(places, access_cap_m=run.config.travel.access_cap_m).reasons
    return {id_: reasons[id_].value if id_ in reasons else "unreachable" for id_ in cut}


def _same_place(area: StudyArea, village_id: str, site_id: str) -> bool:
    """Return whether a village has its place in its own midst, and needs no road to it."""
    village, site = area.village_by_id[village_id], area.site_by_id[site_id]
    return site.place_id == village_id or (village.lon, village.lat) == (site.lon, site.lat)


def plan_day(
    network: NetworkPlan,
    config: PlanConfig,
    *,
    date: datetime.date | None = None,
    roads: RoadNetwork | None = None,
    cache: Path | None = None,
    progress: Progress = silent,
) -> PlannedDay:
    """Return the checked plan of one date (the configuration's if none is given) on a network, which stays as it is.

    What is open is that of the network's stage on the date; roads are those of the date's season unless the configuration
    says otherwise. ``roads`` are those of the area's file, in any season and with nothing closed, if they are at hand. In
    the folder ``cache`` roads and travel times are kept for the next run; the plan is the same with and without.

    Raises
    ------
    UsageError
        If nothing of the network is open yet on the date.
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
    day = date or config.routing.date
    season = season_of(config.travel, day)
    if roads is not None:
        roads = without_closed(config, roads.under(vehicle=config.travel.vehicle, season=season.season), day)
    run = AreaRun.on_day(config, day, network.area, given_roads=roads, cache=cache, progress=progress, steps=5)
    stage = network.stage_on(day)
    places = _places(run, network.stages[stage])
    demand = estimate_demand(run.area.villages, places, run.config.demand, run.day)
    problem = routing_problem(run.area, demand, run.travel, run.config)
    progress(Message("planning routes"), 3, run.steps)
    limits = run.config.routing
    routes = solve_routing(problem, iterations=limits.iterations, seed=run.config.seed, threads=limits.threads)
    progress(Message("tracing routes"), 4, run.steps)
    plan = DayPlan(
        network=network,
        date=run.day,
        stage=stage,
        season=season,
        config=run.config.parts(DAY_PARTS),
        roads=road_summary(run.area, run.roads, run.config),
        demand=demand,
        routes=routes,
        paths=leg_paths(run.area, run.roads, routes, run.config),
        cut_off=_cut_off(run, network.stages[stage]),
        closed_lines=tuple(line for line in run.roads.lines() if line.closed),
    )
    progress(Message("done"), run.steps, run.steps)
    return PlannedDay(plan=plan, problem=problem)
