"""What is answered: rides of goods on buses, routes of vans for the rest, and what both save against vans alone."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from planner.routing import RoutePlan
from planner.service.buses.trips import AccessKind


class GoodsWay(StrEnum):
    """By what the goods of one direction go."""

    NOTHING = "nothing_to_carry"
    VAN = "by_van"
    STATION = "by_route_of_a_station"
    BUS = "by_bus"
    NOT_SERVED = "not_served"


@dataclass(frozen=True, slots=True, kw_only=True)
class BusRide:
    """Goods of a point on one trip, from call ``board`` to call ``alight`` (counted from 0): ``up`` to the hub, else down.

    ``amount`` is by dimension. ``hub_s`` is when they leave the hub at the latest (down) or are there (up), ``board_s`` and
    ``alight_s`` when the bus leaves and comes, ``point_s`` when the last is handed over at the point (down) or the first
    leaves it (up). ``kind`` says who goes ``ways`` times there and back between stop and point.
    """

    point_id: str
    up: bool
    trip_id: str
    board: int
    alight: int
    kind: AccessKind
    ways: int
    amount: tuple[float, ...]
    hub_s: float
    board_s: float
    alight_s: float
    point_s: float
    cost_yuan: float


@dataclass(frozen=True, slots=True, kw_only=True)
class PointWays:
    """By what a point's goods go down and up."""

    point_id: str
    down: GoodsWay
    up: GoodsWay


@dataclass(frozen=True, slots=True, kw_only=True)
class TripLoad:
    """What a trip carries on each leg, by dimension; trips that carry nothing have none."""

    trip_id: str
    legs: tuple[tuple[float, ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class BusMoney:
    """What a day costs, in yuan.

    ``rides_yuan``: buses, handling, ways from and to stops, units between hub and terminal. ``runs_yuan``: runs between hub
    and terminal. ``trunk_yuan``: goods of station routes brought to stations and fetched there.
    """

    vans_yuan: float
    rides_yuan: float = 0.0
    runs_yuan: float = 0.0
    trunk_yuan: float = 0.0

    @property
    def total_yuan(self) -> float:
        """Return the sum."""
        return self.vans_yuan + self.rides_yuan + self.runs_yuan + self.trunk_yuan


@dataclass(frozen=True, slots=True, kw_only=True)
class BusPlan:
    """Buses and vans together, and beside them vans alone, made by the same engine with no less effort and the same seed.

    ``vans_m`` is what vans drive, with the runs between hub and terminal; ``access_m`` what is walked or carried between
    stops and points. Where buses save nothing there are no rides and ``vans`` is ``vans_alone``. ``tried`` counts the route
    plans that were compared.
    """

    ways: tuple[PointWays, ...]
    rides: tuple[BusRide, ...]
    loads: tuple[TripLoad, ...]
    vans: RoutePlan
    money: BusMoney
    vans_m: float
    access_m: float
    vans_alone: RoutePlan
    money_alone: BusMoney
    alone_m: float
    tried: int = 1

    @property
    def saved_m(self) -> float:
        """Return how much less vans drive than without buses, in metres."""
        return self.alone_m - self.vans_m

    @property
    def saved_yuan(self) -> float:
        """Return how much less the day costs than without buses."""
        return self.money_alone.total_yuan - self.money.total_yuan
