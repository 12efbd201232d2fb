"""What routing is asked: depots, stops with deliveries and pickups, a fleet, and travel between them."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from planner.errors import BadDataError, Message
from planner.model import TravelMatrix
from planner.routing.stops import Depot, Lock, Pair, Stop
from planner.routing.validate import (
    lock_faults,
    order_faults,
    pair_faults,
    place_faults,
    repeated,
    speed_faults,
    stop_faults,
    vehicle_faults,
)
from planner.routing.vehicles import VehicleType


@dataclass(frozen=True, kw_only=True)
class RoutingProblem:
    """Consolidated delivery and collection: every stop at most once, delivered and picked up in the same visit.

    A vehicle leaves its depot with all it delivers and returns with all it collected, so that its load changes at each
    stop by pickup minus delivery and may exceed the capacity nowhere in any dimension (VRPSPD; Dethloff 2001); what a pair
    ships is on board from the one stop to the other. ``travel`` has a row and a column for every depot and place of a stop,
    and so has each of ``profiles``, by name.

    ``speed_of_day``: from each second of the day on (ascending) all driving goes so many times as fast; 1 before the first.
    ``before``: (earlier, later) stops: both on one vehicle in this order, if both are served. ``locks``: first stops of
    vehicles. ``fewest_vehicles`` asks for as few as can be, then for the least cost. ``balance_duty_yuan`` (for an hour
    squared on duty) and ``balance_load_yuan`` (for a square of the share of the capacity delivered and collected in the
    first dimension that is limited) are added to the cost of each route, so that equal routes are cheaper than unequal ones.

    Raises
    ------
    BadDataError
        All faults at once: ids that repeat or are missing in ``travel``, tuples of the wrong length, negative or NaN
        amounts and times, windows and shifts that end before they start, unknown depots, stops, vehicles and profiles.
    """

    dimensions: tuple[str, ...]
    depots: tuple[Depot, ...]
    stops: tuple[Stop, ...]
    vehicle_types: tuple[VehicleType, ...]
    travel: TravelMatrix
    pairs: tuple[Pair, ...] = ()
    profiles: Mapping[str, TravelMatrix] = field(default_factory=dict)
    speed_of_day: tuple[tuple[float, float], ...] = ()
    before: tuple[tuple[str, str], ...] = ()
    locks: tuple[Lock, ...] = ()
    fewest_vehicles: bool = False
    balance_duty_yuan: float = 0.0
    balance_load_yuan: float = 0.0

    def __post_init__(self) -> None:
        problems = list(self._faults())
        if problems:
            raise BadDataError(Message("the routing problem is invalid"), problems)

    def travel_of(self, kind: VehicleType) -> TravelMatrix:
        """Return the durations and distances that a type of vehicle drives by, before its speed factor."""
        return self.profiles[kind.profile] if kind.profile else self.travel

    def stop_faults(self, stop: Stop) -> Iterator[Message]:
        """Yield every fault of one of the stops, or of one to be added to them."""
        return stop_faults(stop, dimensions=len(self.dimensions), vehicle_types=self.vehicle_types)

    def _faults(self) -> Iterator[Message]:
        depots = [depot.id for depot in self.depots]
        stops = {stop.id: stop for stop in self.stops}
        yield from self._id_faults(depots)
        for stop in self.stops:
            yield from self.stop_faults(stop)
        for kind in self.vehicle_types:
            yield from vehicle_faults(
                kind, dimensions=len(self.dimensions), depots=depots, profiles=self.profiles.keys()
            )
        yield from pair_faults(self.pairs, stops)
        yield from order_faults(self.before, stops)
        yield from lock_faults(self.locks, stops, {id_ for kind in self.vehicle_types for id_ in kind.vehicle_ids()})
        for name in ("balance_duty_yuan", "balance_load_yuan"):
            value = getattr(self, name)
            if not (math.isfinite(value) and value >= 0):
                yield Message("{name} is {value}, it must be a number not below 0", name=name, value=value)
        yield from speed_faults(self.speed_of_day)

    def _id_faults(self, depots: list[str]) -> Iterator[Message]:
        apart = [depot.id for depot in self.depots if not depot.stop_too]
        stops = [stop.id for stop in self.stops]
        twice = dict.fromkeys([*repeated([*apart, *stops]), *repeated(depots)])
        yield from (Message("depot or stop {id!r} is given more than once", id=id_) for id_ in twice)
        ids = repeated(kind.id for kind in self.vehicle_types)
        yield from (Message("vehicle type {id!r} is given more than once", id=id_) for id_ in ids)
        ids = repeated(self.dimensions)
        yield from (Message("dimension {id!r} is given more than once", id=id_) for id_ in ids)
        places = list(dict.fromkeys(depots + [stop.place for stop in self.stops]))
        for name, travel in (("", self.travel), *sorted(self.profiles.items())):
            yield from place_faults(places, name, travel)
        if not self.depots:
            yield Message("there is no depot")
        if not self.vehicle_types:
            yield Message("there is no vehicle type")
