"""A weekday's goods, the runs of its date and the ways to their stops as one problem of buses and vans."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from planner.config.bus_section import BusSection, StopAccessConfig
from planner.errors import ConfigError, Message
from planner.geodata.transit.feed import FeedTrip, TransitFeed
from planner.geodata.transit.feed_cells import near_names
from planner.geodata.transit.parcel_room import ParcelRoom, RoomTable
from planner.model import Points, Tier
from planner.pipeline.area_roads import threads
from planner.pipeline.area_run import AreaRun
from planner.pipeline.fleet import DIMENSIONS
from planner.routing import Stop
from planner.service.buses import (
    AccessKind,
    BusCall,
    BusProblem,
    BusStation,
    BusStop,
    BusTrip,
    HubTransfer,
    StopAccess,
)
from planner.service.tiers import TierPlan, TierProblem
from planner.units import FloatArray, metres_per_second

PARCELS, KG, M3 = range(len(DIMENSIONS))


@dataclass(frozen=True, kw_only=True)
class BusGround:
    """What buses of every weekday rest on: feed, room, terminals, and metres along roads from stops to sites.

    ``metres`` has a row for each of ``stop_ids`` and a column for each of ``site_ids``, ``inf`` where no road leads; the
    hub is one of the sites. ``hub_s`` are the seconds of a van from each terminal to the hub.
    """

    asked: BusSection
    feed: TransitFeed
    room: RoomTable
    terminal_ids: tuple[str, ...]
    hub_id: str
    stop_ids: tuple[str, ...]
    site_ids: tuple[str, ...]
    metres: FloatArray
    hub_s: Mapping[str, float]

    def way_m(self, stop_id: str, site_id: str) -> float:
        """Return how far it is from a stop to a site along roads."""
        return float(self.metres[self.stop_ids.index(stop_id), self.site_ids.index(site_id)])

    def nearest(self, stop_id: str) -> tuple[str, float]:
        """Return the site next to a stop, but the hub, and how far it is."""
        row = self.metres[self.stop_ids.index(stop_id)].copy()
        row[self.site_ids.index(self.hub_id)] = math.inf
        return (self.site_ids[int(np.argmin(row))], float(row.min())) if len(row) > 1 else ("", math.inf)

    @property
    def reach_m(self) -> float:
        """How far anybody goes from a stop."""
        return max((way.cap_m for way in (self.asked.walk, self.asked.carrier) if way is not None), default=0.0)


@dataclass(frozen=True, kw_only=True)
class BusOffer:
    """What buses of a date offer: stops, runs with room, ways from stops to points, and from terminals to the hub."""

    stops: tuple[BusStop, ...]
    trips: tuple[BusTrip, ...]
    access: tuple[StopAccess, ...]
    transfers: tuple[HubTransfer, ...]


def bus_ground(
    run: AreaRun, feed: TransitFeed, room: RoomTable, asked: BusSection, site_ids: Sequence[str]
) -> BusGround:
    """Return the ground of buses to some sites; metres are those of roads as they are in the run's season.

    Raises
    ------
    ConfigError
        If a terminal is no stop of the feed; those that look like it are named.
    """
    terminals = _terminals(feed, asked)
    hub = run.area.sites_of(Tier.COUNTY_HUB)[0].id
    sites = tuple(dict.fromkeys([hub, *site_ids]))
    stop_ids = tuple(sorted(feed.stops))
    stops = Points.of([feed.stops[id_] for id_ in stop_ids])
    travel = run.roads.travel_matrix(
        stops,
        destinations=Points.of([run.area.site_by_id[id_] for id_ in sites]),
        access_cap_m=run.config.travel.access_cap_m,
        access_speed_kph=run.config.travel.access_speed_kph,
        threads=threads(),
    )
    return BusGround(
        asked=asked,
        feed=feed,
        room=room,
        terminal_ids=terminals,
        hub_id=hub,
        stop_ids=stop_ids,
        site_ids=sites,
        metres=np.where(np.isfinite(travel.durations_s), travel.distances_m, np.inf),
        hub_s={id_: float(travel.durations_s[stop_ids.index(id_), 0]) for id_ in terminals},
    )


def _terminals(feed: TransitFeed, asked: BusSection) -> tuple[str, ...]:
    found: dict[str, None] = {}
    faults = []
    for name in asked.terminals:
        ids = [name] if name in feed.stops else [id_ for id_, stop in feed.stops.items() if stop.name == name]
        found |= dict.fromkeys(sorted(ids))
        if not ids:
            like = near_names(name, {text for id_, stop in feed.stops.items() for text in (id_, stop.name)})
            said = Message("service.buses.terminals: {name} is no stop of {feed}", name=name, feed=feed.name)
            if like:
                said = Message("{fault}; like it are {names}", fault=said, names=like)
            faults.append(said)
    if faults:
        raise ConfigError(Message("the buses' terminals are not known"), faults)
    return tuple(found)


def carrying_trips(ground: BusGround, runs: Sequence[FeedTrip], stop_ids: frozenset[str]) -> Iterator[BusTrip]:
    """Yield the runs with room for parcels, of their calls those at terminals and at stops from which somebody goes on."""
    for run in runs:
        room = ground.room.room_of(run)
        if room is None:
            continue
        allowed = stop_ids if room.stop_ids is None else stop_ids & room.stop_ids
        calls = [call for call in run.calls if call.stop_id in allowed or call.stop_id in ground.terminal_ids]
        served = {call.stop_id for call in calls}
        if len(calls) < 2 or not served & set(ground.terminal_ids) or served <= set(ground.terminal_ids):
            continue
        yield BusTrip(
            id=run.id,
            line_id=run.line_id,
            calls=tuple(
                BusCall(stop_id=call.stop_id, arrival_s=call.arrival_s, departure_s=call.departure_s) for call in calls
            ),
            room=((room.parcels, room.kg, room.m3),) * (len(calls) - 1),
            yuan_per_unit=(room.yuan_per_parcel, 0.0, 0.0),
        )


def ways_from_stops(ground: BusGround, points: Sequence[Stop]) -> Iterator[StopAccess]:
    """Yield who can go from which stop to which point: on foot, by carrier, or either."""
    ways = ((AccessKind.WALK, ground.asked.walk), (AccessKind.CARRIER, ground.asked.carrier))
    for kind, way in ways:
        if way is None:
            continue
        for point in points:
            column = ground.metres[:, ground.site_ids.index(point.place)]
            for row in np.flatnonzero(column <= way.cap_m).tolist():
                yield _access(ground.stop_ids[row], point.id, kind, way, float(column[row]))


def _access(stop_id: str, point_id: str, kind: AccessKind, way: StopAccessConfig, metres: float) -> StopAccess:
    return StopAccess(
        stop_id=stop_id,
        point_id=point_id,
        kind=kind,
        duration_s=metres / metres_per_second(way.speed_kph),
        most=(math.inf, way.most_kg, math.inf),
        yuan_per_unit=(way.yuan_per_parcel, 0.0, 0.0),
        yuan_per_way=way.yuan_per_way,
        distance_m=metres,
    )


def bus_problem(
    ground: BusGround, runs: Sequence[FeedTrip], day: TierProblem, plan: TierPlan, *, ready_s: float, until_s: float
) -> BusProblem:
    """Return a weekday's problem: goods and vans of ``day``, stations as ``plan`` has them without buses.

    What a bus takes from the hub is sorted by ``ready_s``, and handed over at points by ``until_s``.
    """
    points = tuple(
        replace(one.stop, skip_cost_yuan=math.inf, release_s=max(one.stop.release_s, ready_s)) for one in day.points
    )
    offer = bus_offer(ground, runs, points, day.dimensions)
    return BusProblem(
        dimensions=day.dimensions,
        hub=day.hubs[0],
        hub_vehicles=day.hub_vehicles,
        points=points,
        travel=day.travel,
        cut_off_s=day.cut_off_s,
        latest_hand_over_s=until_s,
        stops=offer.stops,
        trips=offer.trips,
        access=offer.access,
        transfers=offer.transfers,
        stations=tuple(_stations(day, plan)),
        profiles=day.profiles,
        speed_of_day=day.speed_of_day,
    )


def bus_offer(
    ground: BusGround, runs: Sequence[FeedTrip], points: Sequence[Stop], dimensions: Sequence[str]
) -> BusOffer:
    """Return what the runs of a date offer to points; those that need a special vehicle are offered nothing."""
    access = tuple(ways_from_stops(ground, [point for point in points if not point.needs]))
    trips = tuple(carrying_trips(ground, runs, frozenset(one.stop_id for one in access)))
    called = {call.stop_id for trip in trips for call in trip.calls}
    handling = _handling_s(ground, trips)
    return BusOffer(
        stops=tuple(
            BusStop(id=id_, name=ground.feed.stops[id_].name, handling_s=handling.get(id_, 0.0))
            for id_ in sorted(called)
        ),
        trips=trips,
        access=tuple(one for one in access if one.stop_id in called),
        transfers=tuple(
            HubTransfer(
                stop_id=id_,
                duration_s=ground.hub_s[id_],
                yuan_per_unit=(0.0,) * len(dimensions),
                yuan_per_run=ground.asked.transfer_yuan_per_run,
                distance_m=ground.way_m(id_, ground.hub_id),
            )
            for id_ in ground.terminal_ids
            if id_ in called and math.isfinite(ground.hub_s[id_])
        ),
    )


def _handling_s(ground: BusGround, trips: Sequence[BusTrip]) -> dict[str, float]:
    """Return how long handing over takes at each stop: the longest of the trips that call there."""
    rooms: dict[str, ParcelRoom | None] = {}
    found: dict[str, float] = {}
    runs = {run.id: run for trip in ground.feed.trips.values() for run in trip.runs()}
    for trip in trips:
        room = rooms.setdefault(trip.id, ground.room.room_of(runs[trip.id]))
        for call in trip.calls if room is not None else ():
            found[call.stop_id] = max(found.get(call.stop_id, 0.0), room.handling_s if room is not None else 0.0)
    return found


def _stations(day: TierProblem, plan: TierPlan) -> Iterator[BusStation]:
    """Yield the stations that are used without buses; their trunk runs cost each parcel what they cost on the whole."""
    of_station: dict[str, list[str]] = {}
    for point, way in zip(day.points, plan.ways, strict=True):
        if way:
            of_station.setdefault(way, []).append(point.stop.id)
    for id_, point_ids in sorted(of_station.items()):
        station = day.station(id_)
        yield BusStation(
            id=id_,
            name=station.name,
            vehicle_types=station.vehicle_types,
            point_ids=tuple(point_ids),
            trunk_yuan_per_unit=(station.yuan_per_parcel, 0.0, 0.0),
        )
