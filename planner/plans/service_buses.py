"""What rural buses carry in a service plan: the feed it rests on, each weekday's rides and trips, and what they save."""

from __future__ import annotations

import math
import operator
from dataclasses import dataclass, field
from typing import Annotated

from pydantic import Field

from planner.model import Fact
from planner.service.buses import BusRide


@dataclass(frozen=True, slots=True, kw_only=True)
class CarryingCall:
    """A call at which parcels can be handed over: seconds since midnight of the service date."""

    stop_id: str
    arrival_s: float
    departure_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class CarryingTrip:
    """A trip that carries something: its calls, room (None: no limit) and load by parcels, kg and m3; load on each leg.

    ``price_yuan`` is paid for each parcel, ``room_row`` is the row of the table of room.
    """

    trip_id: str
    line_id: str
    headsign: str
    calls: tuple[CarryingCall, ...]
    room: tuple[float | None, ...]
    legs: tuple[tuple[float, ...], ...]
    price_yuan: float
    room_row: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TerminalRun:
    """Parcels brought from the hub to a bus (down), or fetched from it (``up``): there and back, ``distance_m`` in all."""

    trip_id: str
    up: bool
    cost_yuan: float
    distance_m: float


@dataclass(frozen=True, slots=True, kw_only=True)
class WithoutBuses:
    """The same weekday with nothing on buses, planned by the same engine with the same effort."""

    cost_yuan: float
    distance_m: float
    vehicles: int
    missed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class BusDay:
    """What buses carry on a weekday, and the day without them.

    ``rides`` cost carrying and the ways to and from stops, which are ``access_m`` long in all; ``runs`` are those between
    hub and terminal.
    """

    rides: tuple[BusRide, ...]
    trips: tuple[CarryingTrip, ...]
    runs: tuple[TerminalRun, ...]
    access_m: float
    without: WithoutBuses

    @property
    def rides_yuan(self) -> float:
        """What rides cost."""
        return math.fsum(ride.cost_yuan for ride in self.rides)

    @property
    def runs_yuan(self) -> float:
        """What runs between hub and terminal cost."""
        return math.fsum(run.cost_yuan for run in self.runs)

    @property
    def runs_m(self) -> float:
        """How far is driven between hub and terminal."""
        return math.fsum(run.distance_m for run in self.runs)

    @property
    def total_yuan(self) -> float:
        """What buses, carriers and runs cost that day."""
        return self.rides_yuan + self.runs_yuan

    def carried(self, point_id: str, *, up: bool) -> bool:
        """Return whether the goods of a stop go by bus in a direction."""
        return any(ride.point_id == point_id and ride.up == up for ride in self.rides)

    def parcels(self, *, up: bool) -> float:
        """Return how many parcels buses carry in a direction."""
        return math.fsum(ride.amount[0] for ride in self.rides if ride.up == up)


@dataclass(frozen=True, slots=True, kw_only=True)
class ServedStop:
    """A stop of the feed, and the point next to it within reach, with the way there; empty where none is."""

    id: str
    name: str
    lon: float
    lat: float
    site_id: str = ""
    site_m: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class ServedLine:
    """A line of the feed with room for parcels: the stops of its longest trip in their order, and its trips by weekday."""

    id: str
    name: str
    agency: str
    stop_ids: tuple[str, ...]
    trips: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class BusRemark:
    """Why buses carry nothing on a weekday (None: on any), or less than they could, with the smallest change that helps."""

    weekday: int | None
    fact: Fact


@dataclass(frozen=True, slots=True, kw_only=True)
class BusService:
    """The feed and the table of room that a plan rests on, by name and hash; lines and stops; why buses carry nothing."""

    feed: str
    feed_sha256: str
    publisher: str
    version: str
    synthetic: bool
    room: str
    room_sha256: str
    terminal_ids: tuple[str, ...]
    lines: tuple[ServedLine, ...]
    stops: tuple[ServedStop, ...]
    remarks: tuple[BusRemark, ...] = ()
    findings: tuple[Fact, ...] = field(default=())


LaterBusDay = Annotated[BusDay | None, Field(exclude_if=operator.not_)]
LaterBusService = Annotated[BusService | None, Field(exclude_if=operator.not_)]
