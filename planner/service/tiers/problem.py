"""What three tiers are asked: hubs, township stations with room and hands, points, goods both ways, fleets and cut-offs."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from planner.errors import BadDataError, Message, list_offenders
from planner.model import TravelMatrix
from planner.routing import Depot, Stop, VehicleType
from planner.routing.validate import place_faults, repeated, speed_faults, stop_faults, vehicle_faults

DOWN, UP = ":down:", ":up:"
"""What stands between a station's id and a number in the id of a consignment's call; no point's id may hold it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TierStation:
    """A township station: trucks bring and fetch, its own vehicles serve villages, parcels are handled on one bench.

    ``room`` is the most on hand at any moment, by dimension (``inf`` = no limit): goods are on hand from the moment a
    truck's call begins until their route leaves, and from a route's return until the truck that fetches them leaves.
    A truck's call begins within ``[opens_s, closes_s]`` and lasts ``call_s`` (once, for calls without a drive between) and
    ``transfer_s_per_parcel``. Each parcel, down or up, then takes ``sort_s_per_parcel`` of the bench. A parcel is one unit
    of the first dimension. ``fixed_yuan`` is paid for a day on which the station is used, ``yuan_per_parcel`` besides.
    """

    id: str
    name: str
    vehicle_types: tuple[VehicleType, ...]
    room: tuple[float, ...]
    opens_s: float = 0.0
    closes_s: float = 86_400.0
    call_s: float = 0.0
    transfer_s_per_parcel: float = 0.0
    sort_s_per_parcel: float = 0.0
    fixed_yuan: float = 0.0
    yuan_per_parcel: float = 0.0

    def faults(self, dimensions: int) -> Iterator[Message]:
        """Yield every fault but those of its vehicles."""
        name = Message("station {id!r}", id=self.id)
        if len(self.room) != dimensions or not all(one >= 0 for one in self.room):
            yield Message("{name}: room is {room}, it must be 0 or more in each of {dimensions} dimensions",
                          name=name, room=str(self.room), dimensions=dimensions)  # fmt: skip
        for one in ("opens_s", "closes_s", "call_s", "transfer_s_per_parcel", "sort_s_per_parcel", "fixed_yuan",
                    "yuan_per_parcel"):  # fmt: skip
            if not 0 <= getattr(self, one) < math.inf:
                yield Message("{name}: {field} is {value}, it must be finite and not negative",
                              name=name, field=one, value=getattr(self, one))  # fmt: skip
        if self.closes_s < self.opens_s:
            yield Message("{name}: closes at {closes} before it opens at {opens}",
                          name=name, closes=self.closes_s, opens=self.opens_s)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class TierPoint:
    """A visit to be made, by a vehicle of a hub (if ``direct``) or of one of ``station_ids``, the first its township's own.

    The stop's ``release_s`` is when its goods are ready at the hub. A point that is at a station, and called like it, may be
    served by any way but that station's own routes.
    """

    stop: Stop
    township_id: str
    station_ids: tuple[str, ...] = ()
    direct: bool = True

    @property
    def ways(self) -> tuple[str, ...]:
        """Return the ways by which it may be served: the ids of stations, and empty for direct."""
        return (*self.station_ids, *(("",) if self.direct else ()))


@dataclass(frozen=True, kw_only=True)
class TierProblem:
    """Delivery and collection over two tiers of vehicles, or directly (two-echelon vehicle routing; Perboli et al. 2011).

    A hub's vehicle may call at stations and at points in one route. ``trunk_ids`` are the types that may call at stations,
    ``direct_ids`` those that may call at points; all if empty. What is collected must be back at a hub by ``cut_off_s``.
    With ``by_route`` the goods of each station route travel apart, else those of a station together if one truck holds them.
    ``travel``, ``profiles`` and ``speed_of_day`` are those of `planner.routing.RoutingProblem`.

    Raises
    ------
    BadDataError
        All faults at once.
    """

    dimensions: tuple[str, ...]
    hubs: tuple[Depot, ...]
    hub_vehicles: tuple[VehicleType, ...]
    stations: tuple[TierStation, ...]
    points: tuple[TierPoint, ...]
    travel: TravelMatrix
    cut_off_s: float
    trunk_ids: tuple[str, ...] = ()
    direct_ids: tuple[str, ...] = ()
    by_route: bool = False
    profiles: Mapping[str, TravelMatrix] = field(default_factory=dict)
    speed_of_day: tuple[tuple[float, float], ...] = ()

    def __post_init__(self) -> None:
        problems = list(self._faults())
        if problems:
            raise BadDataError(Message("the problem of three tiers is invalid"), problems)

    def station(self, id_: str) -> TierStation:
        """Return the station of this id."""
        return next(one for one in self.stations if one.id == id_)

    def travel_of(self, kind: VehicleType) -> TravelMatrix:
        """Return the durations and distances that a type of vehicle drives by, before its speed factor."""
        return self.profiles[kind.profile] if kind.profile else self.travel

    def _faults(self) -> Iterator[Message]:
        hubs, stations = [one.id for one in self.hubs], [one.id for one in self.stations]
        kinds = [*self.hub_vehicles, *(kind for one in self.stations for kind in one.vehicle_types)]
        named = [*hubs, *(one.stop.id for one in self.points)]
        for id_ in dict.fromkeys([*repeated([*hubs, *stations]), *repeated(named)]):
            yield Message("hub, station or point {id!r} is given more than once", id=id_)
        for id_ in repeated(kind.id for kind in kinds):
            yield Message("vehicle type {id!r} is given more than once", id=id_)
        for id_ in repeated(self.dimensions):
            yield Message("dimension {id!r} is given more than once", id=id_)
        if not (self.dimensions and self.hubs and self.hub_vehicles):
            yield Message("at least one dimension, one hub and one vehicle of a hub are needed")
        if not 0 <= self.cut_off_s < math.inf:
            yield Message("cut_off_s is {value}, it must be finite and not negative", value=self.cut_off_s)
        for station in self.stations:
            yield from station.faults(len(self.dimensions))
            if not station.vehicle_types:
                yield Message("station {id!r} has no vehicles", id=station.id)
        for depots, fleet in [(hubs, self.hub_vehicles), *(([s.id], s.vehicle_types) for s in self.stations)]:
            for kind in fleet:
                yield from vehicle_faults(
                    kind, dimensions=len(self.dimensions), depots=depots, profiles=self.profiles.keys()
                )
        known = {kind.id for kind in self.hub_vehicles}
        for name in ("trunk_ids", "direct_ids"):
            if strangers := [id_ for id_ in getattr(self, name) if id_ not in known]:
                yield Message("{name}: no such vehicles of a hub: {offenders}",
                              name=name, offenders=list_offenders(strangers))  # fmt: skip
        for point in self.points:
            yield from self._point_faults(point, set(stations), kinds)
        places = list(dict.fromkeys([*hubs, *stations, *(point.stop.place for point in self.points)]))
        for name, travel in (("", self.travel), *sorted(self.profiles.items())):
            yield from place_faults(places, name, travel)
        yield from speed_faults(self.speed_of_day)

    def _point_faults(self, point: TierPoint, stations: set[str], kinds: list[VehicleType]) -> Iterator[Message]:
        name = Message("point {id!r}", id=point.stop.id)
        yield from stop_faults(point.stop, dimensions=len(self.dimensions), vehicle_types=kinds)
        if math.isfinite(point.stop.skip_cost_yuan):
            yield Message("{name}: skip_cost_yuan is given, but every point must be served", name=name)
        if not point.ways:
            yield Message("{name}: it has no station and may not be served directly", name=name)
        if point.stop.id in point.station_ids:
            yield Message("{name}: it is a station itself, and cannot be served by its routes", name=name)
        if strangers := [id_ for id_ in point.station_ids if id_ not in stations]:
            yield Message("{name}: no such stations: {offenders}", name=name, offenders=list_offenders(strangers))
        if DOWN in point.stop.id or UP in point.stop.id:
            yield Message("{name}: {down!r} and {up!r} may not stand in an id", name=name, down=DOWN, up=UP)
