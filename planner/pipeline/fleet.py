"""The day's routes as a problem: the configuration's vehicles, what stops ask, and travel by each vehicle's own profile."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from planner.config import PlanConfig, RoutingConfig, VehicleConfig
from planner.config.faults import in_list
from planner.errors import ConfigError, Message, list_offenders
from planner.model import AMOUNTS, Demand, PointDemand, Site, SiteStatus, StudyArea, Tier, TravelMatrix
from planner.network import vehicle_called
from planner.pipeline.area_run import AreaRun
from planner.routing import Break, Depot, DrivingRule, RoutingProblem, Stop, VehicleType

DIMENSIONS = ("parcels", "kg", "m3")
COLD = "cold"
"""The skill of a vehicle that cools."""


@dataclass(frozen=True, kw_only=True)
class FleetTravel:
    """Travel between a day's places for each vehicle of ``profiles.toml`` that the fleet drives by; ``own`` is the area's.

    With ``walks_apart`` metres are those of driving alone; plans of before had the walk to the road among them.
    """

    by_vehicle: Mapping[str, TravelMatrix]
    own: str
    walks_apart: bool = True

    def of(self, vehicle: VehicleConfig) -> tuple[str, TravelMatrix]:
        """Return the name of a vehicle's profile in the problem, empty for the area's own, and its travel."""
        name = vehicle.profile or self.own
        if vehicle.speed_factor == 1:
            return ("" if name == self.own else name), self._whole_or_driven(name, 1.0)
        return f"{name} ×{vehicle.speed_factor:g}", self._whole_or_driven(name, vehicle.speed_factor)

    @property
    def usual(self) -> TravelMatrix:
        """Travel of the area's own vehicle."""
        return self._whole_or_driven(self.own, 1.0)

    def _whole_or_driven(self, name: str, speed_factor: float) -> TravelMatrix:
        travel = self.by_vehicle[name]
        return travel.driven(speed_factor) if self.walks_apart and travel.access is not None else travel


def fleet_travel(
    run: AreaRun,
    places: Sequence[str],
    *,
    walks_apart: bool = True,
    vehicles: Sequence[VehicleConfig] | None = None,
) -> FleetTravel:
    """Return travel between these places for every profile of the fleet, on roads as they are for it that day.

    ``vehicles`` are those of the fleet, the configuration's if not given.
    """
    own = run.config.travel.vehicle
    fleet = run.config.routing.vehicles if vehicles is None else vehicles
    names = dict.fromkeys([own, *(vehicle.profile or own for vehicle in fleet)])
    return FleetTravel(
        by_vehicle={name: run.driven_by(name).travel.select(places, places) for name in names},
        own=own,
        walks_apart=walks_apart,
    )


def with_told_profiles(config: PlanConfig) -> PlanConfig:
    """Return the configuration with a profile for each vehicle that has none but whose name tells what it is."""
    told = tuple(vehicle.model_copy(update={"profile": profile}) for vehicle, profile in _profiles(config))
    return config.model_copy(update={"routing": config.routing.model_copy(update={"vehicles": told})})


def told_profiles(config: PlanConfig) -> Iterator[tuple[int, VehicleConfig, str]]:
    """Yield the number of each vehicle that is taken for what its name tells, the vehicle, and its profile."""
    for i, (vehicle, profile) in enumerate(_profiles(config)):
        if profile != vehicle.profile:
            yield i, vehicle, profile


def _profiles(config: PlanConfig) -> Iterator[tuple[VehicleConfig, str]]:
    for vehicle in config.routing.vehicles:
        names = (vehicle_called(name) for name in (vehicle.name, vehicle.name.zh, vehicle.id))
        yield vehicle, vehicle.profile or next(filter(None, names), "")


def day_places(area: StudyArea, demand: Demand) -> tuple[str, ...]:
    """Return the ids of the places that a day's routes may touch: hubs, and sites with something to bring or fetch."""
    return tuple(dict.fromkeys([*(hub.id for hub in _hubs(area)), *(point.site_id for point in _with_goods(demand))]))


def routing_problem(
    area: StudyArea, demand: Demand, travel: FleetTravel, config: PlanConfig, stations: Sequence[str] = ()
) -> RoutingProblem:
    """Return the day's routes as a problem: the stops of each place with demand, the fleet of the configuration.

    ``stations`` are the sites besides hubs at which vehicles of the fleet may stand.

    Raises
    ------
    ConfigError
        If a vehicle's depot, or the site of a window or a stop, is not one of the area's.
    """
    hubs, routing = _hubs(area), config.routing
    problems = list(_strangers(area, hubs, config, stations))
    if problems:
        raise ConfigError(Message("the routing configuration does not fit the area"), problems)
    several = {site_id for site_id, stops in demand.stops_of_site.items() if len(stops) > 1}
    stops = tuple(_stop(point, area, config, shared=point.site_id in several) for point in _with_goods(demand))
    visited = {stop.id for stop in stops}
    profiles = dict(travel.of(vehicle) for vehicle in routing.vehicles)
    profiles.pop("", None)
    return RoutingProblem(
        dimensions=DIMENSIONS,
        depots=(
            *(Depot(id=hub.id, name=hub.name) for hub in hubs),
            *(Depot(id=id_, name=area.site_by_id[id_].name, stop_too=True) for id_ in stations),
        ),
        stops=stops,
        vehicle_types=tuple(
            vehicle_type(vehicle, hubs[0].id, travel.of(vehicle)[0], room=1 - routing.load_reserve)
            for vehicle in routing.vehicles
        ),
        travel=travel.usual,
        profiles=profiles,
        speed_of_day=tuple((float(begins), factor) for begins, factor in routing.speed_of_day),
        before=tuple(pair for pair in routing.before if visited.issuperset(pair)),
        fewest_vehicles=routing.fewest_vehicles,
        balance_duty_yuan=routing.balance_duty_yuan,
        balance_load_yuan=routing.balance_load_yuan,
    )


def _hubs(area: StudyArea) -> tuple[Site, ...]:
    return tuple(hub for hub in area.sites_of(Tier.COUNTY_HUB) if hub.status is not SiteStatus.FORBIDDEN)


def _with_goods(demand: Demand) -> list[PointDemand]:
    return [point for point in demand.points if any(getattr(point, name) for name in AMOUNTS)]


def _stop(point: PointDemand, area: StudyArea, config: PlanConfig, *, shared: bool) -> Stop:
    """Return a stop; at a point with several (``shared``) one visit that follows another there need not begin anew."""
    routing = config.routing
    opens, closes = hours_of(point.site_id, routing)
    if point.earliest_s is not None:
        opens = max(opens, point.earliest_s)
    if point.latest_s is not None:
        closes = min(closes, point.latest_s)
    handled = point.delivery_parcels + point.pickup_parcels
    asked = asked_of(point.site_id, config)
    if point.cold:
        asked["needs"] = tuple(sorted({*asked.get("needs", ()), COLD}))
    if shared:
        asked["setup_duration_s"] = asked.get("setup_duration_s", 0.0) + routing.service_base_s
    return Stop(
        id=point.stop_id,
        location_id=point.site_id if shared else "",
        name=area.site_by_id[point.site_id].name,
        delivery=(float(point.delivery_parcels), point.delivery_kg, point.delivery_m3),
        pickup=(float(point.pickup_parcels), point.pickup_kg, point.pickup_m3),
        opens_s=opens,
        closes_s=closes,
        service_duration_s=(0.0 if shared else routing.service_base_s) + handled * routing.service_per_parcel_s,
        **asked,
    )


def hours_of(site_id: str, routing: RoutingConfig) -> tuple[float, float]:
    """Return from when until when a visit to a site may begin: its own hours, else the usual ones."""
    own = next((window for window in routing.windows if window.site_id == site_id), None)
    opens, closes = (routing.opens, routing.closes) if own is None else (own.opens, own.closes)
    return float(opens), float(closes)


def asked_of(site_id: str, config: PlanConfig) -> dict[str, Any]:
    """Return what ``[[routing.stops]]`` asks of a site's visits, as fields of `planner.routing.Stop`."""
    asked = next((one for one in config.routing.stops if one.site_id == site_id), None)
    if asked is None:
        return {}
    return {
        "needs": asked.needs,
        "only_vehicles": asked.only_vehicles,
        "not_vehicles": asked.not_vehicles,
        "priority": asked.priority,
        "setup_duration_s": asked.setup_duration_s,
        "release_s": float(asked.ready),
        "skip_cost_yuan": math.inf if asked.skip_cost_yuan is None else asked.skip_cost_yuan,
    }


def _strangers(area: StudyArea, hubs: Sequence[Site], config: PlanConfig, stations: Sequence[str]) -> Iterator[Message]:
    """Yield what the configuration names that the area or the fleet does not have."""
    known, routing = ", ".join(hub.id for hub in hubs), config.routing
    if not hubs:
        yield Message("the area has no county_hub that is not forbidden: add one to the sites file")
    yield from _strange_depots(hubs, known, config, stations)
    sites = (
        ("routing.windows", [window.site_id for window in routing.windows]),
        ("routing.stops", [stop.site_id for stop in routing.stops]),
        ("routing.before", [id_ for pair in routing.before for id_ in pair]),
    )
    for key, ids in sites:
        strangers = [id_ for id_ in dict.fromkeys(ids) if id_ not in area.site_by_id]
        if strangers:
            yield Message("{key}: no such sites: {offenders}", key=key, offenders=list_offenders(strangers))
    yield from _unknown_vehicles(config)


def _strange_depots(hubs: Sequence[Site], known: str, config: PlanConfig, stations: Sequence[str]) -> Iterator[Message]:
    """Yield which vehicle lacks its depot, or names one that is no hub of the area and none of these stations."""
    for i, vehicle in enumerate(config.routing.vehicles):
        faults = []
        if not vehicle.depot_id and len(hubs) > 1:
            faults.append(
                Message("routing.vehicles.{i}.depot_id: missing, and there are several hubs: {known}", i=i, known=known)
            )
        named = [("depot_id", vehicle.depot_id), ("end_depot_id", vehicle.end_depot_id)]
        named += [("reload_depot_ids", id_) for id_ in vehicle.reload_depot_ids]
        for key, id_ in named:
            if id_ and id_ not in {*(hub.id for hub in hubs), *stations}:
                faults.append(
                    Message(
                        "routing.vehicles.{i}.{key}: {depot_id!r} is no county hub; there is {known}",
                        i=i,
                        key=key,
                        depot_id=id_,
                        known=known,
                    )
                )
        for said in faults:
            yield in_list(said, "routing.vehicles", i, {"id": vehicle.id})


def _unknown_vehicles(config: PlanConfig) -> Iterator[Message]:
    fleet = {
        name for one in config.routing.vehicles for name in (one.id, *(f"{one.id}-{n + 1}" for n in range(one.count)))
    }
    for i, stop in enumerate(config.routing.stops):
        for id_ in dict.fromkeys((*stop.only_vehicles, *stop.not_vehicles)):
            if id_ not in fleet:
                yield Message(
                    "routing.stops.{i}: {id!r} is no vehicle; there is {known}",
                    i=i,
                    id=id_,
                    known=[one.id for one in config.routing.vehicles],
                )


def room_of(vehicle: VehicleConfig, room: float) -> tuple[float, ...]:
    """Return what a vehicle may carry, by dimension, when it is loaded to this share of what it can."""
    parcels = math.inf if vehicle.capacity_parcels is None else float(vehicle.capacity_parcels)
    return parcels * room, vehicle.capacity_kg * room, vehicle.capacity_m3 * room


def vehicle_type(vehicle: VehicleConfig, only_hub: str, profile: str, *, room: float) -> VehicleType:
    """Return a type of vehicle; loading comes before its route: duty and shift are shorter by it, and it is paid."""
    depot, loading = vehicle.depot_id or only_hub, vehicle.loading_duration_s
    return VehicleType(
        id=vehicle.id,
        name=vehicle.name,
        count=vehicle.count,
        depot_id=depot,
        capacity=room_of(vehicle, room),
        shift_start_s=float(vehicle.shift_start) + loading,
        shift_end_s=float(vehicle.shift_end),
        max_duration_s=_limit(vehicle.max_duration_s) - loading,
        fixed_cost_yuan=vehicle.fixed_cost_yuan + vehicle.cost_per_hour_yuan * loading / 3600,
        cost_per_km_yuan=vehicle.cost_per_km_yuan,
        cost_per_hour_yuan=vehicle.cost_per_hour_yuan,
        cost_per_driving_hour_yuan=vehicle.cost_per_driving_hour_yuan,
        skills=vehicle.skills,
        end_depot_id=vehicle.end_depot_id,
        open_start=vehicle.open_start,
        open_end=vehicle.open_end,
        max_distance_m=_limit(vehicle.max_distance_m),
        max_driving_s=_limit(vehicle.max_driving_s),
        max_stops=vehicle.max_stops,
        profile=profile,
        reload_depot_ids=(vehicle.reload_depot_ids or (depot,)) if vehicle.max_reloads else (),
        max_reloads=vehicle.max_reloads,
        reload_duration_s=vehicle.reload_duration_s,
        breaks=tuple(
            Break(
                id=f"break-{number}",
                opens_s=float(one.opens),
                closes_s=float(one.closes),
                duration_s=one.duration_s,
                always=one.always,
            )
            for number, one in enumerate(vehicle.breaks, start=1)
        ),
        driving_rule=None
        if vehicle.driving_rule is None
        else DrivingRule(driving_s=vehicle.driving_rule.driving_s, rest_s=vehicle.driving_rule.rest_s),
    )


def _limit(value: float | None) -> float:
    return math.inf if value is None else value
