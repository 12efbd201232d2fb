"""What the week is asked: goods that pile up, days on which a place may be visited, vehicles a day, and travel."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields

import numpy as np

from planner.errors import BadDataError, Message
from planner.units import BoolArray, FloatArray

METRES_PER_KM = 1000.0


@dataclass(frozen=True, slots=True, kw_only=True)
class WeekVehicle:
    """A type of vehicle: ``number`` of them on each day of the week, each driving one route a day from the hub and back.

    ``capacity`` is by dimension, ``inf`` where there is no limit; ``duty_s`` the longest route with all service, ``inf``
    likewise. ``fixed_yuan`` is paid for each day a vehicle is used. ``fleet_yuan`` is a week's share of the price of each
    vehicle beyond those ``owned`` that must be there: as many as drive on the day with the most of the type. ``profile`` is
    the type's row in the tables of travel.
    """

    id: str
    number: tuple[int, ...]
    capacity: tuple[float, ...]
    duty_s: float = math.inf
    fixed_yuan: float = 0.0
    yuan_per_km: float = 0.0
    yuan_per_hour: float = 0.0
    profile: int = 0
    fleet_yuan: float = 0.0
    owned: int = 0

    def faults(self, *, days: int, dimensions: int, profiles: int) -> Iterator[Message]:
        """Yield every fault."""
        name = repr(self.id)
        if len(self.number) != days or any(not isinstance(one, int) or one < 0 for one in self.number):
            yield Message("vehicle type {id}: number must be a whole number, 0 or more, for each of {days} days",
                          id=name, days=days)  # fmt: skip
        if len(self.capacity) != dimensions or any(not one >= 0 for one in self.capacity):
            yield Message("vehicle type {id}: capacity must be 0 or more in each of {dimensions} dimensions",
                          id=name, dimensions=dimensions)  # fmt: skip
        if not self.duty_s > 0:
            yield Message("vehicle type {id}: duty_s is {value}, it must be above 0", id=name, value=self.duty_s)
        for field in ("fixed_yuan", "yuan_per_km", "yuan_per_hour", "fleet_yuan"):
            value = getattr(self, field)
            if not (math.isfinite(value) and value >= 0):
                yield Message("vehicle type {id}: {field} is {value}, it must be a number not below 0",
                              id=name, field=field, value=value)  # fmt: skip
        if not isinstance(self.owned, int) or self.owned < 0:
            yield Message("vehicle type {id}: owned is {value}, it must be a whole number, 0 or more",
                          id=name, value=self.owned)  # fmt: skip
        if not 0 <= self.profile < profiles:
            yield Message("vehicle type {id}: there is no travel profile {profile}", id=name, profile=self.profile)


@dataclass(frozen=True, kw_only=True, eq=False)
class WeekProblem:
    """Visit days and routes for all days of a week that repeats (periodic vehicle routing; Beltrami & Bodin 1974).

    ``down[place, day, dimension]`` arrives at the hub for a place on a day, ``up`` is ready at the place; both wait until
    the place's next visit, on the same day or later, round the end of the week. ``down_a_visit`` and ``up_a_visit``
    [place, dimension] come with every visit besides, however many there are. A visit takes ``service_s[place]`` and
    ``service_s_a_parcel[place]`` for each unit of the first dimension, down and up.

    ``patterns[place]`` are the allowed sets of days as bit masks, bit 0 the first day (`planner.service.week.patterns`
    makes them). All vehicles start and end at the hub, place 0 of ``durations_s`` and ``distances_m``
    [profile, places + 1, places + 1]; ``inf`` is no way. A vehicle leaves with all it delivers and comes back with all it
    collects; the load may exceed the capacity at no moment in any dimension (simultaneous delivery and pickup).

    ``consistency_yuan`` is counted for each vehicle beyond the first that visits a place in the week.
    ``day_balance_yuan`` and ``vehicle_balance_yuan`` are counted for each hour by which the duty of a day, or of a vehicle
    over the week, differs from the mean of the days with vehicles, or of the vehicles used.

    Raises
    ------
    BadDataError
        All faults at once.
    """

    place_ids: tuple[str, ...]
    dimensions: tuple[str, ...]
    down: FloatArray
    up: FloatArray
    down_a_visit: FloatArray
    up_a_visit: FloatArray
    service_s: FloatArray
    service_s_a_parcel: FloatArray
    patterns: tuple[tuple[int, ...], ...]
    vehicles: tuple[WeekVehicle, ...]
    durations_s: FloatArray
    distances_m: FloatArray
    consistency_yuan: float = 0.0
    day_balance_yuan: float = 0.0
    vehicle_balance_yuan: float = 0.0

    def __post_init__(self) -> None:
        problems = list(self._shape_faults()) or list(self._faults())
        if problems:
            raise BadDataError(Message("the week's problem is invalid"), problems)
        for field in fields(self):
            value = getattr(self, field.name)
            if isinstance(value, np.ndarray):
                kept = np.array(value, dtype=np.float64)
                kept.setflags(write=False)
                object.__setattr__(self, field.name, kept)

    @property
    def days(self) -> int:
        """How many days the week has."""
        return int(self.down.shape[1])

    @property
    def places(self) -> int:
        """How many places there are."""
        return len(self.place_ids)

    def open_days(self) -> int:
        """Return the days with a vehicle as a bit mask."""
        return sum(1 << day for day in range(self.days) if any(kind.number[day] for kind in self.vehicles))

    def _shape_faults(self) -> Iterator[Message]:
        places, dimensions = len(self.place_ids), len(self.dimensions)
        days = self.down.shape[1] if self.down.ndim == 3 else 0
        profiles = self.durations_s.shape[0] if self.durations_s.ndim == 3 else 0
        expected = {
            "down": (places, days, dimensions),
            "up": (places, days, dimensions),
            "down_a_visit": (places, dimensions),
            "up_a_visit": (places, dimensions),
            "service_s": (places,),
            "service_s_a_parcel": (places,),
            "durations_s": (profiles, places + 1, places + 1),
            "distances_m": (profiles, places + 1, places + 1),
        }
        for name, shape in expected.items():
            if getattr(self, name).shape != shape:
                yield Message("{name} has the shape {shape}, it must have {expected}",
                              name=name, shape=str(getattr(self, name).shape), expected=str(shape))  # fmt: skip
        if len(self.patterns) != places:
            yield Message("patterns are given for {count} of {places} places", count=len(self.patterns), places=places)
        if not 1 <= days <= 62:
            yield Message("the week has {days} days, it must have 1 to 62", days=days)
        if not (dimensions and profiles and self.vehicles):
            yield Message("at least one dimension, one travel profile and one vehicle type are needed")

    def _faults(self) -> Iterator[Message]:
        for id_ in _repeated(self.place_ids):
            yield Message("place {id!r} is given more than once", id=id_)
        for id_ in _repeated(self.dimensions):
            yield Message("dimension {id!r} is given more than once", id=id_)
        for id_ in _repeated([kind.id for kind in self.vehicles]):
            yield Message("vehicle type {id!r} is given more than once", id=id_)
        for name in ("down", "up", "down_a_visit", "up_a_visit", "service_s", "service_s_a_parcel"):
            values = getattr(self, name)
            fine = np.isfinite(values) & (values >= 0)
            if ids := self._named(~fine.all(axis=tuple(range(1, fine.ndim)))):
                yield Message("{name} must be numbers not below 0: {places}", name=name, places=ids)
        beyond = 1 << self.days
        wrong = np.array([any(not 0 < mask < beyond for mask in masks) for masks in self.patterns], dtype=np.bool_)
        if ids := self._named(wrong):
            yield Message(
                "patterns must be sets of the {days} days, none of them empty: {places}", days=self.days, places=ids
            )
        for kind in self.vehicles:
            yield from kind.faults(days=self.days, dimensions=len(self.dimensions), profiles=len(self.durations_s))
        for name in ("durations_s", "distances_m"):
            values = getattr(self, name)
            wrong = (~(values >= 0)).any(axis=(0, 2))
            if wrong[0]:
                yield Message("{name} must be 0 or more, inf where there is no way: not so from the hub", name=name)
            if ids := self._named(wrong[1:]):
                yield Message("{name} must be 0 or more, inf where there is no way: {places}", name=name, places=ids)
        for name in ("consistency_yuan", "day_balance_yuan", "vehicle_balance_yuan"):
            value = getattr(self, name)
            if not (math.isfinite(value) and value >= 0):
                yield Message("{name} is {value}, it must be a number not below 0", name=name, value=value)

    def _named(self, wrong: BoolArray) -> str:
        """Return the ids of the places marked, nothing if none is."""
        return ", ".join(self.place_ids[place] for place in np.flatnonzero(wrong))


def _repeated(ids: Sequence[str]) -> list[str]:
    return sorted(id_ for id_, count in Counter(ids).items() if count > 1)
