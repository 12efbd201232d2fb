"""What routing is asked: depots, stops with deliveries and pickups, a fleet, and travel between them."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise

from planner.errors import BadDataError
from planner.travel import TravelMatrix


@dataclass(frozen=True, slots=True, kw_only=True)
class Depot:
    """Where vehicles start and end; ``id`` is a row and column of the travel matrix."""

    id: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Stop:
    """One visit to be made: deliver and collect in the same stop.

    ``delivery`` and ``pickup`` have one amount for each of the problem's dimensions. The visit begins within
    ``[opens_s, closes_s]`` (seconds since midnight) or one of the later ``further_windows``, and lasts
    ``service_duration_s``; a vehicle may wait for the opening. Only vehicles with all the skills in ``needs`` may come.
    A finite ``skip_cost_yuan`` makes the stop optional: it is left out where serving it costs more.
    """

    id: str
    name: str
    delivery: tuple[float, ...]
    pickup: tuple[float, ...]
    opens_s: float
    closes_s: float
    service_duration_s: float
    further_windows: tuple[tuple[float, float], ...] = ()
    needs: tuple[str, ...] = ()
    skip_cost_yuan: float = math.inf

    @property
    def windows(self) -> tuple[tuple[float, float], ...]:
        """Return all (opening, closing) pairs, the earliest first."""
        return ((self.opens_s, self.closes_s), *self.further_windows)


@dataclass(frozen=True, slots=True, kw_only=True)
class VehicleType:
    """``count`` equal vehicles of one depot; a capacity of ``inf`` counts a dimension without limiting it.

    Duty runs from leaving the depot to being back, within the shift and for at most ``max_duration_s`` (``inf`` = no
    limit but the shift). Cost = ``fixed_cost_yuan`` if used + kilometres + hours on duty. ``skills`` are free words, such
    as a road that only some vehicles may use, or a cold box.
    """

    id: str
    name: str
    count: int
    depot_id: str
    capacity: tuple[float, ...]
    shift_start_s: float
    shift_end_s: float
    max_duration_s: float
    fixed_cost_yuan: float
    cost_per_km_yuan: float
    cost_per_hour_yuan: float
    skills: tuple[str, ...] = ()

    def vehicle_ids(self) -> tuple[str, ...]:
        """Return the names of the single vehicles, ``<id>-1`` to ``<id>-<count>``."""
        return tuple(f"{self.id}-{number}" for number in range(1, self.count + 1))


@dataclass(frozen=True, kw_only=True)
class RoutingProblem:
    """Consolidated delivery and collection: every stop at most once, delivered and picked up in the same visit.

    A vehicle leaves its depot with all it delivers and returns with all it collected, so that its load changes at each
    stop by pickup minus delivery and may exceed the capacity nowhere in any dimension (VRPSPD; Dethloff 2001).
    ``travel`` has a row and a column for every depot and stop.

    Raises
    ------
    BadDataError
        All faults at once: ids that repeat or are missing in ``travel``, tuples of the wrong length, negative or NaN
        amounts and times, windows and shifts that end before they start, unknown depots.
    """

    dimensions: tuple[str, ...]
    depots: tuple[Depot, ...]
    stops: tuple[Stop, ...]
    vehicle_types: tuple[VehicleType, ...]
    travel: TravelMatrix

    def __post_init__(self) -> None:
        problems = [*self._id_problems()]
        for stop in self.stops:
            problems += self._stop_problems(stop)
        for vehicle_type in self.vehicle_types:
            problems += self._vehicle_problems(vehicle_type)
        if problems:
            raise BadDataError("the routing problem does not hold together", problems)

    def _id_problems(self) -> list[str]:
        problems = []
        location_ids = [depot.id for depot in self.depots] + [stop.id for stop in self.stops]
        for kind, ids in (
            ("depot or stop", location_ids),
            ("vehicle type", [vehicle_type.id for vehicle_type in self.vehicle_types]),
            ("dimension", list(self.dimensions)),
        ):
            problems += [
                f"{kind} {id_!r} is given more than once" for id_ in sorted({i for i in ids if ids.count(i) > 1})
            ]
        for axis, known in (("row", set(self.travel.origin_ids)), ("column", set(self.travel.destination_ids))):
            problems += [f"{id_!r} has no {axis} in the travel matrix" for id_ in location_ids if id_ not in known]
        if not self.depots:
            problems.append("there is no depot")
        if not self.vehicle_types:
            problems.append("there is no vehicle type")
        return problems

    def _stop_problems(self, stop: Stop) -> list[str]:
        problems = []
        if not stop.skip_cost_yuan >= 0:
            problems.append(f"stop {stop.id!r}: skip_cost_yuan is {stop.skip_cost_yuan}, it must be 0 or more")
        for field in ("delivery", "pickup"):
            amounts = getattr(stop, field)
            if len(amounts) != len(self.dimensions):
                problems.append(
                    f"stop {stop.id!r}: {field} has {len(amounts)} amounts for {len(self.dimensions)} dimensions"
                )
            if not all(math.isfinite(amount) and amount >= 0 for amount in amounts):
                problems.append(f"stop {stop.id!r}: {field} {amounts} must be finite and not negative")
        times = (*(time for window in stop.windows for time in window), stop.service_duration_s)
        if not all(math.isfinite(time) and time >= 0 for time in times):
            problems.append(f"stop {stop.id!r}: times {times} must be finite and not negative")
            return problems
        problems += [
            f"stop {stop.id!r}: window closes at {closes} before it opens at {opens}"
            for opens, closes in stop.windows
            if closes < opens
        ]
        problems += [
            f"stop {stop.id!r}: window opens at {later[0]} before the one before it closes at {earlier[1]}"
            for earlier, later in pairwise(stop.windows)
            if later[0] <= earlier[1]
        ]
        return problems

    def _vehicle_problems(self, vehicle_type: VehicleType) -> list[str]:
        name = f"vehicle type {vehicle_type.id!r}"
        problems = []
        if len(vehicle_type.capacity) != len(self.dimensions):
            problems.append(f"{name}: {len(vehicle_type.capacity)} capacities for {len(self.dimensions)} dimensions")
        figures = (
            *vehicle_type.capacity,
            vehicle_type.shift_start_s,
            vehicle_type.max_duration_s,
            vehicle_type.fixed_cost_yuan,
            vehicle_type.cost_per_km_yuan,
            vehicle_type.cost_per_hour_yuan,
        )
        if not all(figure >= 0 for figure in figures):
            problems.append(f"{name}: capacities, times and costs must not be negative or NaN")
        if not vehicle_type.shift_end_s > vehicle_type.shift_start_s:
            problems.append(f"{name}: shift ends at {vehicle_type.shift_end_s}, starts at {vehicle_type.shift_start_s}")
        if vehicle_type.count < 1:
            problems.append(f"{name}: count is {vehicle_type.count}, it must be 1 or more")
        if vehicle_type.depot_id not in {depot.id for depot in self.depots}:
            problems.append(f"{name}: depot {vehicle_type.depot_id!r} is not among the depots")
        return problems
