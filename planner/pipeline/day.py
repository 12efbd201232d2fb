"""A date's plan on a network that is there already: demand where it is open, routes and their ways."""

from __future__ import annotations

import datetime
import math
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from planner.config import PlanConfig
from planner.errors import BadDataError, Message
from planner.geodata import Finding
from planner.geodata.orders.day_orders import read_orders
from planner.model import Demand, Points, StudyArea, Tier, Walk
from planner.network import TravelNetwork, season_of
from planner.pipeline.area_roads import area_points, road_summary, without_closed
from planner.pipeline.area_run import AreaRun
from planner.pipeline.assumed_produce import with_assumed_produce
from planner.pipeline.day_demand import with_orders, with_stops
from planner.pipeline.demand import estimate_demand
from planner.pipeline.earlier_days import NOTHING_EARLIER, EarlierDays
from planner.pipeline.fleet import FleetTravel, day_places, fleet_travel, routing_problem, with_told_profiles
from planner.pipeline.hand_over import with_the_rest
from planner.pipeline.order_windows import times_never_open
from planner.pipeline.service.week_followed import followed_estimate, followed_week, with_next_visits
from planner.plans import DayPlan, LegPath, NetworkPlan, Stage
from planner.plans.day_rides import DayRides, left_to_vans
from planner.plans.followed_week import FollowedWeek
from planner.plans.upgrade import DAY_PARTS
from planner.progress import Progress, silent
from planner.routing import RoutePlan, RoutingProblem
from planner.routing.kept_vehicles import with_vehicles_kept
from planner.routing.solve import solve_routing

if TYPE_CHECKING:
    from planner.pipeline.chained_day import ChainedDay

_AT_THEIR_SITES: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, kw_only=True)
class PlannedDay:
    """A finished day plan with the routing problem it answers (for the check at the store's door).

    ``findings`` say how its table of orders was read.
    """

    plan: DayPlan
    problem: RoutingProblem
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class OrdersFile:
    """A table of orders; villages that it does not name have none if ``only_listed``, are estimated if not.

    None leaves it to the table: one of parcels lists them all, one of villages need not.
    """

    path: Path
    only_listed: bool | None = None


@dataclass(frozen=True, kw_only=True)
class DrivenLegs:
    """Legs, by their ends, that were driven before roads were closed or opened, and the run of the roads as they were."""

    run: AreaRun
    legs: Collection[tuple[str, str]]


def leg_paths(
    run: AreaRun,
    routes: RoutePlan,
    sites: Mapping[str, str] = _AT_THEIR_SITES,
    driven: DrivenLegs | None = None,
) -> tuple[LegPath, ...]:
    """Return the way of each leg of each route, in driving order, each by its vehicle's own profile.

    ``sites`` are the places of stops that are not called like their site, and from one stop of a site to another nobody
    drives; legs ``driven`` before are drawn as they were.
    """
    points, cap_m = area_points(run.area), run.config.travel.access_cap_m
    paths: list[LegPath] = []
    for name, legs in _legs_by_vehicle(run.config, routes):
        ends = dict(zip(legs, _between_sites(legs, sites), strict=True))
        moving = [leg for leg in legs if ends[leg][0] != ends[leg][1]]
        parts = [(run, [leg for leg in moving if driven is None or leg not in driven.legs])]
        parts += [] if driven is None else [(driven.run, [leg for leg in moving if leg in driven.legs])]
        found: dict[tuple[str, str], Any] = {}
        for there, some in parts:
            if some:
                ways = there.driven_by(name).roads.paths(_between_sites(some, sites), points, access_cap_m=cap_m)
                found |= zip(some, ways, strict=True)
        for leg in legs:
            site = run.area.site_by_id[ends[leg][0]]
            paths.append(_leg_path(leg, found.get(leg, [(site.lon, site.lat)] * 2)))
    return tuple(paths)


def traced(run: AreaRun, vehicle: str, legs: Sequence[tuple[str, str]]) -> tuple[LegPath, ...]:
    """Return the way of each leg between two different sites by a vehicle of ``profiles.toml``."""
    roads, cap_m = run.driven_by(vehicle).roads, run.config.travel.access_cap_m
    ways = roads.paths(legs, area_points(run.area), access_cap_m=cap_m)
    return tuple(_leg_path(leg, way) for leg, way in zip(legs, ways, strict=True))


def _leg_path(leg: tuple[str, str], way: Any) -> LegPath:
    coordinates = tuple((round(float(lon), 5), round(float(lat), 5)) for lon, lat in way)
    return LegPath(origin_id=leg[0], destination_id=leg[1], coordinates=coordinates)


def _between_sites(legs: Sequence[tuple[str, str]], sites: Mapping[str, str]) -> list[tuple[str, str]]:
    return [(sites.get(origin, origin), sites.get(destination, destination)) for origin, destination in legs]


def leg_walks(
    travel: FleetTravel, config: PlanConfig, routes: RoutePlan, sites: Mapping[str, str] = _AT_THEIR_SITES
) -> tuple[Walk, ...]:
    """Return what is on foot of each leg of each route, in driving order; metres that its distance has are left out."""
    walks: list[Walk] = []
    for name, legs in _legs_by_vehicle(config, routes):
        matrix = travel.by_vehicle[name]
        if matrix.access is None:
            return ()
        ends = _between_sites(legs, sites)
        for (start, end), walk in zip(ends, matrix.walks(ends), strict=True):
            metres = 0.0 if matrix.access.no_vehicle else walk.metres
            walks.append(Walk(0.0, 0.0) if start == end else Walk(round(walk.seconds, 1), round(metres, 1)))
    return tuple(walks)


def _legs_by_vehicle(config: PlanConfig, routes: RoutePlan) -> Iterator[tuple[str, list[tuple[str, str]]]]:
    """Yield for each route the vehicle of ``profiles.toml`` that it is driven by, and the ends of its legs."""
    profiles = {vehicle.id: vehicle.profile or config.travel.vehicle for vehicle in config.routing.vehicles}
    for route in routes.routes:
        yield profiles[route.vehicle_type_id], [(leg.origin_id, leg.destination_id) for leg in route.legs()]


def hand_over_sites(run: AreaRun, stage: Stage) -> dict[str, str]:
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


def cut_off_on(run: AreaRun, stage: Stage) -> dict[str, str]:
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


def _with_orders(
    run: AreaRun,
    stage: Stage,
    places: Mapping[str, str],
    estimate: Demand,
    orders: OrdersFile | None,
    follows: FollowedWeek | None,
) -> tuple[Demand, tuple[Finding, ...]]:
    """Return the day's demand with what its table says, and how that was read; without a table, the estimate alone.

    What is ordered for a site that none of its villages can reach waits like that of a site that is not open.
    """
    if orders is None:
        return with_stops(estimate, run.config.routing), ()
    routing, demanded = run.config.routing, run.config.demand
    each = demanded.kg_per_parcel
    found = read_orders(orders.path, run.area, run.day, places, only_listed=orders.only_listed, kg_per_parcel=each)
    found = with_assumed_produce(found, run.area, places, demanded, run.day)
    deserted = {one.site_id for one in stage.hand_over} - set(places.values())
    opened = set(stage.opened) - deserted - (follows.next_visits.keys() if follows else set())
    demand = with_orders(estimate, found, demand=demanded, routing=routing, opened=opened)
    demand = demand if follows is None else with_next_visits(demand, places, follows)
    return demand, (*found.findings, *times_never_open(found, places, run.area, routing))


def plan_day(
    network: NetworkPlan,
    config: PlanConfig,
    *,
    date: datetime.date | None = None,
    roads: TravelNetwork | None = None,
    cache: Path | None = None,
    orders: OrdersFile | None = None,
    progress: Progress = silent,
    earlier: EarlierDays = NOTHING_EARLIER,
) -> PlannedDay:
    """Return the checked plan of one date (the configuration's if none is given) on a network, which stays as it is.

    What is open is that of the network's stage on the date; roads are those of the date's season unless the configuration
    says otherwise. ``orders`` is the table of the day's parcels; what it lacks, all of it without one, is estimated.
    ``roads`` are those of the area's file, in any season and with nothing closed, if they are at hand. In
    the folder ``cache`` roads and travel times are kept for the next run; the plan is the same with and without.
    ``earlier`` is what is known already: days that estimates learn from, routes that say which of vehicles that are alike
    drives what (see `with_vehicles_kept`), and the plan of the week that the day follows, if any: then those points are
    visited whose weekday it is, with all that came since their visit before.

    Raises
    ------
    UsageError
        If nothing of the network is open yet on the date.
    BadDataError
        If the network is of another area, the plan of the week of another network, or files cannot be used, the table of
        orders among them.
    """
    if config.area.id != network.area.id:
        raise BadDataError(
            Message(
                "the network is of {found}, not of {area}: give the area it was made for",
                found=network.area.id,
                area=config.area.id,
            )
        )
    config = with_told_profiles(config)
    day = date or config.routing.date
    season = season_of(config.travel, day)
    if roads is not None:
        roads = without_closed(config, roads.under(vehicle=config.travel.vehicle, season=season.season), day)
    run = AreaRun.on_day(config, day, network.area, given_roads=roads, cache=cache, progress=progress, steps=5)
    stage = network.stage_on(day)
    cut_off = cut_off_on(run, network.stages[stage])
    places = {id_: site for id_, site in hand_over_sites(run, network.stages[stage]).items() if id_ not in cut_off}
    townships = run.area.townships
    demand = estimate_demand(
        run.area.villages, places, run.config.demand, run.day, townships=townships, history=earlier.orders
    )
    service = earlier.service
    follows = None if service is None else followed_week(service, network, day)
    if service is not None:
        demand = followed_estimate(run, service, places, demand, earlier)
    demand, findings = _with_orders(run, network.stages[stage], places, demand, orders, follows)
    travel = fleet_travel(run, day_places(run.area, demand))
    problem = routing_problem(run.area, demand, travel, run.config)
    progress(Message("planning routes"), 3, run.steps)
    rides: DayRides | None = None
    chain: ChainedDay | None = None
    if service is not None:
        # weeks are planned by compiled code: a day that follows none is there without it
        from planner.pipeline.chained_day import plan_station_day, stations_today
        from planner.pipeline.service.day_buses import rides_on

        rides = rides_on(run, service, demand, problem)
        by_vehicle = left_to_vans(demand, rides)
        if rides is not None and rides.rides:
            problem = routing_problem(run.area, by_vehicle, travel, run.config)
        over = stations_today(service, by_vehicle)
        chain = plan_station_day(run, by_vehicle, over) if over else None
    if chain is None:
        limits = run.config.routing
        routes = solve_routing(problem, iterations=limits.iterations, seed=run.config.seed, threads=limits.threads)
    else:
        run, problem, routes, travel = chain.run, chain.problem, chain.routes, chain.travel
    usual = () if service is None or day.weekday() not in service.day_of else (service.day_of[day.weekday()],)
    routes = with_vehicles_kept(problem, routes, (*earlier.routes, *(one.tiers.hub_plan for one in usual)))
    progress(Message("tracing routes"), 4, run.steps)
    transfers = None if chain is None else chain.transfers
    calls = {} if transfers is None else {one.id: one.station_id for one in transfers.consignments}
    sites = {**demand.site_of_stop, **calls}
    plan = DayPlan(
        network=network,
        date=run.day,
        stage=stage,
        season=season,
        config=run.config.parts(DAY_PARTS),
        roads=road_summary(run.area, run.roads, run.config),
        demand=demand,
        routes=routes,
        paths=leg_paths(run, routes, sites),
        walks=leg_walks(travel, run.config, routes, sites),
        cut_off=cut_off,
        closed_lines=tuple(line for line in run.roads.lines() if line.closed),
        follows=follows,
        transfers=transfers,
        rides=rides,
    )
    progress(Message("done"), run.steps, run.steps)
    return PlannedDay(plan=plan, problem=problem, findings=findings)
