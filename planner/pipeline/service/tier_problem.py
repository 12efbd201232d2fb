"""A day's routing problem as one of three tiers: hub, stations with room and vehicles of their own, and points."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from planner.config import PlanConfig, ServiceConfig, StationConfig, VehicleConfig
from planner.model import StudyArea
from planner.pipeline.fleet import DIMENSIONS, FleetTravel, vehicle_type
from planner.routing import RoutingProblem
from planner.service.tiers import TierPoint, TierProblem, TierStation


def tier_problem(
    problem: RoutingProblem,
    area: StudyArea,
    config: PlanConfig,
    travel: FleetTravel,
    *,
    ways: Mapping[str, Sequence[str]],
    stations: Collection[str],
) -> TierProblem:
    """Return a day's problem over three tiers.

    ``ways`` has for the site of each stop the ways it may go: ids of stations, and empty for directly from the hub; sites
    that are not in it go directly. ``stations`` are those that may be used, by site id; ``travel`` has all their places.
    """
    asked = config.service
    assert asked is not None
    profiles = {name: matrix for name, matrix in map(travel.of, all_vehicles(config)) if name}
    points = []
    for stop in problem.stops:
        found = ways.get(stop.place, ("",))
        points.append(
            TierPoint(
                stop=stop,
                township_id=township_of(area, stop.place),
                station_ids=tuple(way for way in found if way),
                direct="" in found,
            )
        )
    return TierProblem(
        dimensions=problem.dimensions,
        hubs=problem.depots,
        hub_vehicles=problem.vehicle_types,
        stations=tuple(_station(area, site_id, asked, config, travel) for site_id in sorted(stations)),
        points=tuple(points),
        travel=problem.travel,
        cut_off_s=float(cut_off_s(config)),
        profiles=profiles,
        speed_of_day=problem.speed_of_day,
    )


def cut_off_s(config: PlanConfig) -> int:
    """Return when what was collected must be back at the hub: as ``[service]`` says, else at the end of the last shift."""
    asked = config.service
    if asked is not None and asked.cut_off is not None:
        return asked.cut_off
    return max(vehicle.shift_end for vehicle in config.routing.vehicles)


def township_of(area: StudyArea, site_id: str) -> str:
    """Return the township that a site stands in, empty if it is of none."""
    place_id = area.site_by_id[site_id].place_id
    village = area.village_by_id.get(place_id)
    return place_id if village is None else village.township_id


def station_settings(asked: ServiceConfig, site_id: str) -> StationConfig:
    """Return what one station has: what all have, but for what is said of it.

    Raises
    ------
    ValueError
        If the configuration says nothing of stations.
    """
    if asked.stations is None:
        raise ValueError(site_id)
    own = next((one for one in asked.own_stations if one.site_id == site_id), None)
    if own is None:
        return asked.stations
    other = {name: value for name, value in own.model_dump(exclude={"site_id"}).items() if value is not None}
    return asked.stations.model_copy(update=other)


def vehicle_at(vehicle: VehicleConfig, site_id: str) -> VehicleConfig:
    """Return a vehicle of all stations as that of one: its own name, and its depot."""
    return vehicle.model_copy(update={"id": f"{vehicle.id}-{site_id}", "depot_id": site_id})


def profile_of(config: PlanConfig, vehicle_type_id: str) -> str:
    """Return the vehicle of ``profiles.toml`` that a type of the hub's or of a station's vehicles drives by."""
    for vehicle in config.routing.vehicles:
        if vehicle.id == vehicle_type_id:
            return vehicle.profile or config.travel.vehicle
    of_stations = () if config.service is None or config.service.stations is None else config.service.stations.vehicles
    (found,) = {one.profile or config.travel.vehicle for one in of_stations if vehicle_type_id.startswith(f"{one.id}-")}
    return found


def all_vehicles(config: PlanConfig) -> list[VehicleConfig]:
    """Return the vehicles of the hub and those that each station has."""
    asked = config.service
    of_stations = () if asked is None or asked.stations is None else asked.stations.vehicles
    return [*config.routing.vehicles, *of_stations]


def _station(
    area: StudyArea, site_id: str, asked: ServiceConfig, config: PlanConfig, travel: FleetTravel
) -> TierStation:
    there = station_settings(asked, site_id)
    room: dict[str, Any] = {name: getattr(there, f"room_{name}") for name in DIMENSIONS}
    kept_free = 1 - config.routing.load_reserve
    return TierStation(
        id=site_id,
        name=area.site_by_id[site_id].name,
        vehicle_types=tuple(
            vehicle_type(vehicle_at(one, site_id), site_id, travel.of(one)[0], room=kept_free) for one in there.vehicles
        ),
        room=tuple(math.inf if room[name] is None else float(room[name]) for name in DIMENSIONS),
        opens_s=float(there.opens),
        closes_s=float(there.closes),
        call_s=there.call_s,
        transfer_s_per_parcel=there.transfer_s_per_parcel,
        sort_s_per_parcel=there.sort_s_per_parcel,
        fixed_yuan=there.day_yuan,
        yuan_per_parcel=there.parcel_yuan,
    )
