"""What rural buses carry on one date that follows a plan of the week, with all that its times and yuan are replayed from."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Annotated

from pydantic import Field

from planner.model import Demand, Fact, PointDemand
from planner.plans.service_buses import CarryingTrip, TerminalRun
from planner.service.buses import AccessKind, BusRide


@dataclass(frozen=True, slots=True, kw_only=True)
class RidingStop:
    """A bus stop where something is handed over, and how long that takes there."""

    id: str
    name: str
    lon: float
    lat: float
    handling_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class RidingWay:
    """The way between a bus stop and a point: one way, by whom, so many kg at a time, and its prices."""

    stop_id: str
    site_id: str
    kind: AccessKind
    duration_s: float
    distance_m: float
    most_kg: float
    yuan_per_parcel: float
    yuan_per_way: float


@dataclass(frozen=True, slots=True, kw_only=True)
class TerminalWay:
    """The way between the hub and a terminal of the buses: one way, and what a run there and back costs."""

    stop_id: str
    duration_s: float
    distance_m: float
    yuan_per_run: float


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptOffBus:
    """Goods of a stop in a direction that the plan of the week has on buses and that go by van on the date, and why."""

    stop_id: str
    up: bool
    fact: Fact


@dataclass(frozen=True, slots=True, kw_only=True)
class DayRides:
    """Rides of a date on the runs of that date, and what is kept off them.

    All that a stop is brought, or all that it gives, rides or goes by van. Feed and table of room are named with their
    hashes; ``lines`` has the name of each line that carries something. Goods are at the hub from ``ready_s`` on, and back
    by ``cut_off_s``, seconds of the day. `BusRide.point_id` is the id of a stop of the day's demand.
    """

    feed: str
    feed_sha256: str
    room: str
    room_sha256: str
    synthetic: bool
    ready_s: float
    cut_off_s: float
    rides: tuple[BusRide, ...] = ()
    trips: tuple[CarryingTrip, ...] = ()
    lines: Mapping[str, str] = field(default_factory=dict)
    stops: tuple[RidingStop, ...] = ()
    ways: tuple[RidingWay, ...] = ()
    terminals: tuple[TerminalWay, ...] = ()
    kept_off: tuple[KeptOffBus, ...] = ()

    @property
    def runs(self) -> tuple[TerminalRun, ...]:
        """Runs between hub and terminal, one for each trip and direction that carries something."""
        of = {one.stop_id: one for one in self.terminals}
        trips = {one.trip_id: one for one in self.trips}
        at = {
            (ride.trip_id, ride.up): trips[ride.trip_id].calls[ride.alight if ride.up else ride.board].stop_id
            for ride in self.rides
        }
        return tuple(
            TerminalRun(trip_id=trip, up=up, cost_yuan=of[id_].yuan_per_run, distance_m=2 * of[id_].distance_m)
            for (trip, up), id_ in sorted(at.items())
        )

    @property
    def cost_yuan(self) -> float:
        """What buses, the ways from and to their stops, and runs to the terminal cost."""
        return math.fsum([*(ride.cost_yuan for ride in self.rides), *(run.cost_yuan for run in self.runs)])

    def carried(self, stop_id: str, *, up: bool) -> bool:
        """Return whether the goods of a stop of the day go by bus in a direction."""
        return any(ride.point_id == stop_id and ride.up == up for ride in self.rides)

    def parcels(self, *, up: bool) -> float:
        """Return how many parcels buses carry in a direction."""
        return math.fsum(ride.amount[0] for ride in self.rides if ride.up == up)

    def kg(self, *, up: bool) -> float:
        """Return how many kg buses carry in a direction."""
        return math.fsum(ride.amount[1] for ride in self.rides if ride.up == up)


LaterRides = Annotated[DayRides | None, Field(exclude_if=lambda rides: rides is None)]


def left_to_vans(demand: Demand, rides: DayRides | None) -> Demand:
    """Return the goods of a date without what buses carry; the same object where they carry nothing."""
    if rides is None or not rides.rides:
        return demand
    return replace(demand, points=tuple(_left(point, rides) for point in demand.points))


def _left(point: PointDemand, rides: DayRides) -> PointDemand:
    if rides.carried(point.stop_id, up=False):
        point = replace(point, delivery_parcels=0, delivery_kg=0.0, delivery_m3=0.0)
    if rides.carried(point.stop_id, up=True):
        point = replace(point, pickup_parcels=0, pickup_kg=0.0, pickup_m3=0.0, produce=())
    return point
