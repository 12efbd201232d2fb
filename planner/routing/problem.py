"""What routing is asked: depots, stops with deliveries and pickups, a fleet, and travel between them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from planner.errors import BadDataError
from planner.model import TravelMatrix
from planner.routing.stops import Depot, Lock, Pair, Stop
from planner.routing.validate import faults_of
from planner.routing.vehicles import Break, DrivingRule, VehicleType

__all__ = ["Break", "Depot", "DrivingRule", "Lock", "Pair", "RoutingProblem", "Stop", "VehicleType"]


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
    first dimension that is limited) are added to the cost of each round, so that equal rounds are cheaper than unequal ones.

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
        problems = list(faults_of(self))
        if problems:
            raise BadDataError("the routing problem does not hold together", problems)

    def travel_of(self, kind: VehicleType) -> TravelMatrix:
        """Return the durations and distances that a type of vehicle drives by, before its speed factor."""
        return self.profiles[kind.profile] if kind.profile else self.travel
