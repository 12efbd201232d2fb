"""Where vehicles go: depots, stops with their windows, loads and wishes, and pairs of stops that belong together."""

from __future__ import annotations

import math
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Depot:
    """Where vehicles start, end and reload; ``id`` is a row and column of the travel matrix.

    With ``stop_too`` a stop may be called like it: vehicles of another depot come to it with what is meant for the place.
    """

    id: str
    name: str
    stop_too: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Stop:
    """One visit to be made: deliver and collect in the same stop.

    ``delivery`` and ``pickup`` have one amount for each of the problem's dimensions. The visit begins within
    ``[opens_s, closes_s]`` (seconds since midnight) or one of the later ``further_windows``, and lasts
    ``service_duration_s``, and ``setup_duration_s`` before it unless the vehicle comes from the same place; a vehicle may
    wait for the opening. ``location_id`` is the place's row in the travel matrix, the stop's own id if empty. Only vehicles
    with all the skills in ``needs`` may come; of them only the types or single vehicles in ``only_vehicles`` if there are
    any, and none in ``not_vehicles``. A finite ``skip_cost_yuan`` makes the stop optional: it is left out where serving it
    costs more. Where not all can be served those of higher ``priority`` (0-100) come first. What the stop is brought is
    ready at the depot from ``release_s`` on: a vehicle that has it on board leaves there no earlier.
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
    setup_duration_s: float = 0.0
    location_id: str = ""
    priority: int = 0
    only_vehicles: tuple[str, ...] = ()
    not_vehicles: tuple[str, ...] = ()
    release_s: float = 0.0

    @property
    def windows(self) -> tuple[tuple[float, float], ...]:
        """Return all (opening, closing) pairs, the earliest first."""
        return ((self.opens_s, self.closes_s), *self.further_windows)

    @property
    def place(self) -> str:
        """Return the id of the stop's row and column in the travel matrix."""
        return self.location_id or self.id


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """A shipment: what ``pickup_id`` picks up is brought to ``delivery_id`` later on the same vehicle, or neither is served.

    The first stop delivers nothing, the second picks nothing up, and both have the same amounts.
    """

    pickup_id: str
    delivery_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Lock:
    """The first stops of a vehicle, in this order: what it has done or has been told and may not change."""

    vehicle_id: str
    stop_ids: tuple[str, ...]
