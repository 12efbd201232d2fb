"""A VROOM request as the planner reads it: tasks, vehicles, matrices, and what stands under ``planner``.

The meaning of every field is that of VROOM's own document of its interface (github.com/VROOM-Project/vroom, docs/API.md).
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import Any

from planner.errors import BadDataError
from planner.routing.vroom.fields import Windows
from planner.units import FloatArray

Amounts = tuple[int, ...]
Where = int | tuple[float, float]
"""A row of the matrices, or (longitude, latitude)."""


class RequestError(BadDataError):
    """A VROOM request that cannot be answered as it is; VROOM's code 2."""


class NoWayError(RequestError):
    """Places of a request that no road of its area reaches; VROOM's code 3."""


class TaskKind(StrEnum):
    """What VROOM calls the three kinds of task."""

    JOB = "job"
    PICKUP = "pickup"
    DELIVERY = "delivery"


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """A job, or one of the two steps of a shipment: ``shipment`` is its number in the request."""

    kind: TaskKind
    id: int
    where: Where
    location: tuple[float, float] | None
    location_index: int | None
    description: str | None
    setup_s: int
    service_s: int
    setup_by_type: Mapping[str, int]
    service_by_type: Mapping[str, int]
    delivery: Amounts
    pickup: Amounts
    skills: tuple[int, ...]
    priority: int
    windows: Windows
    shipment: int | None = None
    extras: Mapping[str, Any] = field(default_factory=dict)

    def setup_of(self, vehicle: Vehicle) -> int:
        """Return how long the task is set up by a vehicle of this type."""
        return self.setup_by_type.get(vehicle.type, self.setup_s) if vehicle.type else self.setup_s

    def service_of(self, vehicle: Vehicle) -> int:
        """Return how long the task is served by a vehicle of this type."""
        return self.service_by_type.get(vehicle.type, self.service_s) if vehicle.type else self.service_s

    @property
    def stop_id(self) -> str:
        """Return the id that the task has as a stop."""
        return f"{self.kind.value} {self.id}"

    @property
    def release_s(self) -> int:
        """Return from when on what the task is brought is ready at the depot, 0 if nothing is said."""
        return int(self.extras.get("release") or 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestBreak:
    """A break of a vehicle; ``max_load`` limits what it carries meanwhile."""

    id: int
    windows: Windows
    service_s: int
    description: str | None
    max_load: Amounts | None


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenStep:
    """One step of a route given for a vehicle, with the hard limits on when its service begins.

    ``kind`` may be ``reload`` or ``rest`` beside VROOM's own; ``where`` is where it reloads.
    """

    kind: str
    id: int | None
    at_s: int | None
    after_s: int | None
    before_s: int | None
    where: Where | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Vehicle:
    """A vehicle; ``start`` or ``end`` may be missing, not both. Costs: per use, hour of driving or tasks, kilometre."""

    id: int
    type: str
    profile: str
    description: str | None
    start: Where | None
    end: Where | None
    start_location: tuple[float, float] | None
    end_location: tuple[float, float] | None
    start_index: int | None
    end_index: int | None
    capacity: Amounts
    fixed: int
    per_hour: int
    per_km: int
    per_task_hour: int
    custom_hour: bool
    skills: tuple[int, ...]
    window: tuple[int, int] | None
    breaks: tuple[RequestBreak, ...]
    speed_factor: float
    max_tasks: int | None
    max_travel_time_s: int | None
    max_distance_m: int | None
    steps: tuple[GivenStep, ...] | None
    reload_places: tuple[Where, ...] = ()
    extras: Mapping[str, Any] = field(default_factory=dict)

    @property
    def reload_s(self) -> int:
        """Return how long a reload takes."""
        return int((self.extras.get("reloads") or {}).get("duration") or 0)

    @property
    def driving_rule_s(self) -> tuple[int, int] | None:
        """Return the most seconds of driving between two rests, and how long a rest is; None without such a rule."""
        rule = self.extras.get("driving_rule")
        return None if rule is None else (int(rule["driving"]), int(rule["rest"]))

    @property
    def slowness(self) -> float:
        """Return what a travel time is multiplied by: VROOM keeps two digits of it, halves rounded upward."""
        hundredths = 1 / self.speed_factor * 100  # in this order, as VROOM has it: the last bit may decide
        return (math.floor(hundredths) + (hundredths % 1 >= 0.5)) / 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Matrices:
    """Seconds, metres and costs between places of one profile; metres and costs may be missing."""

    durations_s: FloatArray
    distances_m: FloatArray | None
    costs: FloatArray | None


@dataclass(frozen=True, kw_only=True)
class Request:
    """A whole request; ``size`` is the number of load dimensions, ``places`` are all places in their matrix order."""

    tasks: tuple[Task, ...]
    vehicles: tuple[Vehicle, ...]
    matrices: Mapping[str, Matrices]
    places: tuple[Where, ...]
    size: int
    extras: Mapping[str, Any]
    ignored: tuple[str, ...] = ()
    options: Mapping[str, Any] = field(default_factory=dict)

    def leg(self, vehicle: Vehicle, origin: Where | None, destination: Where | None) -> tuple[float, float, float]:
        """Return seconds, metres and cost of a leg for a vehicle; nothing where an end is missing."""
        if origin is None or destination is None or origin == destination:
            return 0.0, 0.0, 0.0
        matrices = self.matrices[vehicle.profile]
        at = self.row[origin], self.row[destination]
        seconds = float(matrices.durations_s[at]) * vehicle.slowness
        metres = math.nan if matrices.distances_m is None else float(matrices.distances_m[at])
        if matrices.costs is not None:
            return seconds, metres, float(matrices.costs[at])
        cost = seconds * vehicle.per_hour / 3600
        return seconds, metres, cost + (metres * vehicle.per_km / 1000 if vehicle.per_km else 0.0)

    @cached_property
    def row(self) -> dict[Where, int]:
        """Return each place's row in the matrices."""
        return {place: i for i, place in enumerate(self.places)}

    @cached_property
    def task_of(self) -> dict[tuple[str, int], Task]:
        """Return each task by its kind and id."""
        return {(task.kind.value, task.id): task for task in self.tasks}

    def has_distances(self, vehicle: Vehicle) -> bool:
        """Return whether metres are known for a vehicle."""
        return self.matrices[vehicle.profile].distances_m is not None
