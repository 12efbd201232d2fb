"""An area's service points chosen with their routes in mind: its run → a frontier, and a point of it → a network plan."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from planner.config import PlanConfig, VehicleConfig
from planner.coverage import CoverageProblem
from planner.errors import BadDataError, Message, PlanRejectedError
from planner.model import Fact, Site, SiteStatus, Tier
from planner.pipeline.area_roads import area_points, road_summary
from planner.pipeline.area_run import AreaRun
from planner.pipeline.estimate.usual import a_head
from planner.pipeline.fleet import FleetTravel, with_told_profiles
from planner.pipeline.site import plan_network
from planner.pipeline.siting.money import running_cost_yuan
from planner.pipeline.siting.problems import service_point_problem
from planner.plans import LegPath, NetworkPlan
from planner.plans.frontier_study import FrontierStudy
from planner.plans.upgrade import DAY_PARTS, NETWORK_PARTS
from planner.service.frontier import (
    Frontier,
    FrontierAim,
    FrontierProblem,
    FrontierVehicle,
    check_frontier,
    plan_frontier,
)
from planner.units import FloatArray

STEPS = 6
LIFETIME_YEARS = 10.0
"""Over so many years what a point's opening costs is spread, unless somebody says otherwise."""
ITERATIONS = 3000
MOST_SITES = 2000
"""More sites need a matrix of ways that takes gigabytes."""
_NOT_HELD = (
    *("sites_needed", "decay_s", "covered_share", "capacity_parcels_day", "minimum_parcels_day", "township_least"),
    *("township_most", "townships", "co_location_bonus"),
)
"""What siting may be asked beside the standard, and the frontier does not hold to."""


@dataclass(frozen=True, kw_only=True)
class FrontierWish:
    """What a frontier is asked for: how long a point lasts, what is weighed, and how far the search goes."""

    lifetime_years: float = LIFETIME_YEARS
    aim: FrontierAim = FrontierAim.COVERAGE
    iterations: int = ITERATIONS
    cpu_seconds: float | None = None


def study_frontier(
    run: AreaRun, *, network: NetworkPlan | None = None, wish: FrontierWish | None = None
) -> FrontierStudy:
    """Return the checked frontier of an area; the coverage-only plan is the network's, or sited now.

    Points cost opening over their lifetime, and running; all vehicles are the fleet's most numerous type, as many as are
    needed, every day of the year, each with the room and duty that the configuration gives it. Demand is a usual day's.

    Raises
    ------
    BadDataError
        If there is no hub, no point that can be driven to, or more sites than can be searched.
    PlanRejectedError
        If the independent check finds the frontier broken.
    """
    wish = wish or FrontierWish()
    run = replace(run, config=with_told_profiles(run.config), given_area=network.area if network else run.given_area)
    stations = network.stations if network else run.siting.stations
    run.progress(Message("ways between the sites"), 4, run.steps)
    hub, vehicle = _hub_and_vehicle(run)
    problem, notes = _problem(run, stations.service_points.opened, (hub, vehicle), wish)

    frontier = plan_frontier(
        problem,
        iterations=None if wish.cpu_seconds else wish.iterations,
        cpu_seconds=wish.cpu_seconds,
        seed=run.config.seed,
        progress=run.progress,
    )
    faults = check_frontier(problem, frontier)
    if faults:
        raise PlanRejectedError(Message("the frontier is invalid"), [fact.code for fact in faults])
    return FrontierStudy(
        area=run.area,
        roads=road_summary(run.area, run.roads, run.config),
        config=run.config.parts(tuple(dict.fromkeys((*NETWORK_PARTS, *DAY_PARTS)))),
        network_id=network.id if network else "",
        hub=hub,
        vehicle=vehicle.name,
        lifetime_years=wish.lifetime_years,
        problem=problem,
        frontier=frontier,
        paths=_paths(run, hub, vehicle, frontier),
        road_lines=run.roads.lines(),
        notes=notes,
    )


def network_of_point(run: AreaRun, site_ids: Sequence[str]) -> NetworkPlan:
    """Return the checked network plan in which only these service points open, both tiers and phases as configured.

    Raises
    ------
    PlanRejectedError
        If the configuration's rules, phases or budgets do not let all of them open; it says which.
    """
    plan = plan_network(replace(run, only_points=frozenset(site_ids)))
    closed = sorted(set(site_ids) - set(plan.stations.service_points.opened))
    if closed:
        raise PlanRejectedError(
            Message("the configuration's rules, phases or budgets do not let these points open"), closed
        )
    return plan


def _hub_and_vehicle(run: AreaRun) -> tuple[Site, VehicleConfig]:
    """Return the most numerous type of vehicle, the first of equal ones, and the hub it starts from."""
    vehicle = max(run.config.routing.vehicles, key=lambda one: one.count)
    hubs = [hub for hub in run.area.sites_of(Tier.COUNTY_HUB) if hub.status is not SiteStatus.FORBIDDEN]
    found = [hub for hub in hubs if hub.id == vehicle.depot_id] or (hubs if not vehicle.depot_id else [])
    if not found:
        raise BadDataError(Message("there is no county hub that routes could start from: name one in the sites table"))
    return found[0], vehicle


def _problem(
    run: AreaRun, opened: Sequence[str], start: tuple[Site, VehicleConfig], wish: FrontierWish
) -> tuple[FrontierProblem, tuple[Fact, ...]]:
    siting = service_point_problem(run.area, run.travel, run.config)
    if len(siting.site_ids) > MOST_SITES:
        raise BadDataError(
            Message(
                "{count} sites: a frontier can be searched of {most} at most; forbid some in the sites table, or plan "
                "parts of the area",
                count=len(siting.site_ids),
                most=MOST_SITES,
            )
        )
    hub, vehicle = start
    name = vehicle.profile or run.config.travel.vehicle
    places = (hub.id, *siting.site_ids)
    by_vehicle = {name: run.driven_by(name).travel.select(places, places)}
    travel = FleetTravel(by_vehicle=by_vehicle, own=run.config.travel.vehicle).of(vehicle)[1]
    driven = np.isfinite(travel.durations_s[0, 1:]) & np.isfinite(travel.durations_s[1:, 0])
    reached = dict(zip(siting.site_ids, driven.tolist(), strict=True))
    kept = tuple(id_ for id_ in opened if reached[id_])
    if not kept:
        raise BadDataError(Message("no open service point can be driven to from the hub {id!r}", id=hub.id))
    sites = [run.area.site_by_id[id_] for id_ in siting.site_ids]
    opening = np.where(siting.existing, 0.0, siting.opening_cost_yuan) / wish.lifetime_years
    problem = FrontierProblem(
        village_ids=siting.demand_ids,
        weight=siting.weights,
        demand=_room_taken(run, vehicle),
        site_ids=siting.site_ids,
        site_yuan=opening + running_cost_yuan(run.area, run.config, sites),
        site_capacity=np.full(len(sites), np.inf),
        access_s=run.travel.select(siting.demand_ids, siting.site_ids).durations_s,
        standard_s=siting.standard_s,
        durations_s=travel.durations_s,
        distances_m=travel.distances_m,
        vehicle=_vehicle(run, vehicle, len(kept)),
        coverage_only=kept,
        fixed=siting.existing & driven,
        forbidden=siting.forbidden | ~driven,
        must=siting.mandatory | (siting.registered_poor & _poor_are_covered(run.config)),
        most_sites=len(kept),
        aim=wish.aim,
    )
    return problem, tuple(_notes(run.config, siting, [id_ for id_ in opened if not reached[id_]]))


def _poor_are_covered(config: PlanConfig) -> bool:
    return any(phase.cover_poor_villages for phase in config.coverage.phases)


def _notes(config: PlanConfig, siting: CoverageProblem, not_driven: Sequence[str]) -> list[Fact]:
    """Return what the frontier leaves aside: points no vehicle reaches, and rules of siting that it does not hold to."""
    tier = config.coverage.service_points
    plain = type(tier).model_fields
    held = tuple(key for key in _NOT_HELD if getattr(tier, key) != plain[key].default)
    notes = []
    if not_driven:
        notes.append(Fact(code="frontier_points_not_driven", params={"site_ids": tuple(not_driven)}))
    if held:
        notes.append(Fact(code="frontier_without_rules", params={"keys": held}))
    return notes


def _room_taken(run: AreaRun, vehicle: VehicleConfig) -> FloatArray:
    """Return what share of a vehicle's room each village's usual day takes, by what fills it first.

    Down or up, whichever is more: at no moment of a route is more on board than the sum of these.
    """
    demand, villages = run.config.demand, run.area.villages
    rates = a_head(villages, demand)
    people = np.array([village.population for village in villages], dtype=np.float64)
    produce = np.array([village.households if village.product else 0 for village in villages], dtype=np.float64)
    produce *= demand.pickup_kg_per_product_household_day
    down, up = people * rates.down, people * rates.up
    room = 1.0 - run.config.routing.load_reserve
    shares = [
        np.maximum(down * demand.kg_per_parcel, up * demand.kg_per_parcel + produce) / vehicle.capacity_kg,
        np.maximum(down * demand.m3_per_parcel, up * demand.m3_per_parcel + produce / demand.kg_per_m3_produce)
        / vehicle.capacity_m3,
    ]
    if vehicle.capacity_parcels is not None:
        shares.append(np.maximum(down, up) / vehicle.capacity_parcels)
    return np.asarray(np.max(shares, axis=0) / room)


def _vehicle(run: AreaRun, vehicle: VehicleConfig, points: int) -> FrontierVehicle:
    """Return the vehicle; handling of parcels is spread evenly over the stops, as all are handled in every plan."""
    routing, villages = run.config.routing, run.area.villages
    parcels = sum(village.population for village in villages) * sum(a_head(villages, run.config.demand))
    duty_s = min(vehicle.shift_end - vehicle.shift_start, vehicle.max_duration_s or math.inf)
    loading_s = vehicle.loading_duration_s
    return FrontierVehicle(
        capacity=1.0,
        duty_s=duty_s - loading_s,
        service_s=routing.service_base_s + parcels / points * routing.service_per_parcel_s,
        yuan_per_route=vehicle.fixed_cost_yuan + loading_s / 3600.0 * vehicle.cost_per_hour_yuan,
        yuan_per_km=vehicle.cost_per_km_yuan,
        yuan_per_hour=vehicle.cost_per_hour_yuan,
    )


def _paths(run: AreaRun, hub: Site, vehicle: VehicleConfig, frontier: Frontier) -> tuple[LegPath, ...]:
    """Return the way of each leg that a point of the frontier drives, once."""
    plans = [*frontier.points, *([] if frontier.coverage_only is None else [frontier.coverage_only])]
    legs: dict[tuple[str, str], None] = {}
    for point in plans:
        for route in point.routes:
            places = (hub.id, *route, hub.id)
            legs |= dict.fromkeys(pairwise(places))
    name = vehicle.profile or run.config.travel.vehicle
    points, cap_m = area_points(run.area), run.config.travel.access_cap_m
    traced = run.driven_by(name).roads.paths(list(legs), points, access_cap_m=cap_m)
    return tuple(
        LegPath(
            origin_id=origin,
            destination_id=end,
            coordinates=tuple((round(float(lon), 5), round(float(lat), 5)) for lon, lat in path),
        )
        for (origin, end), path in zip(legs, traced, strict=True)
    )
