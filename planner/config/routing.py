"""The ``[routing]`` section of a configuration: the day, the stops' hours and the fleet.

It is part of `planner.config.PlanConfig`; costs have no default, and a ``provenance`` stands beside them.
"""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import BeforeValidator, Field, model_validator

from planner.config.sections import (
    CubicMetres,
    Day,
    Duration,
    Kilograms,
    Name,
    Provenance,
    Seconds,
    Section,
    Yuan,
)
from planner.errors import Message
from planner.model import Text
from planner.units import SECONDS_PER_DAY, parse_clock


def _clock(value: object) -> object:
    return parse_clock(value) if isinstance(value, str) else value


Clock = Annotated[int, BeforeValidator(_clock), Field(ge=0, le=2 * SECONDS_PER_DAY)]


class VehicleConfig(Section):
    """One type of vehicle at one depot; costs are for a day of use, a kilometre and an hour of duty."""

    id: Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]+$", max_length=60)]
    name: Text
    count: Annotated[int, Field(ge=1, le=10_000)]
    depot_id: Name = ""
    capacity_kg: Kilograms
    capacity_m3: CubicMetres
    fixed_cost_yuan: Yuan
    cost_per_km_yuan: Yuan
    cost_per_hour_yuan: Yuan
    shift_start: Clock
    shift_end: Clock
    max_duration_s: Duration | None = None
    provenance: Provenance

    @model_validator(mode="after")
    def _shift_has_length(self) -> Self:
        if self.shift_end <= self.shift_start:
            raise ValueError(Message("shift_end must be later than shift_start; write 26:00 for two in the morning"))
        return self


class WindowConfig(Section):
    """A time window of its own for one stop, by site id."""

    site_id: Name
    opens: Clock
    closes: Clock

    @model_validator(mode="after")
    def _window_has_length(self) -> Self:
        if self.closes <= self.opens:
            raise ValueError(Message("closes must be later than opens"))
        return self


class RoutingConfig(Section):
    """The day's routes: date, opening hours of the stops, time at a stop, fleet, search limit.

    ``threads`` search side by side, two if it is left out; the plan depends on how many, not on the machine.
    """

    date: Day
    opens: Clock
    closes: Clock
    service_base_s: Seconds
    service_per_parcel_s: Seconds
    provenance: Provenance
    windows: tuple[WindowConfig, ...] = ()
    vehicles: Annotated[tuple[VehicleConfig, ...], Field(min_length=1)]
    iterations: Annotated[int, Field(ge=1, le=10**9)] = 2000
    threads: Annotated[int, Field(ge=1, le=256)] | None = None

    @model_validator(mode="after")
    def _ids_are_unique(self) -> Self:
        for what, ids in (
            ("vehicles.id", [vehicle.id for vehicle in self.vehicles]),
            ("windows.site_id", [window.site_id for window in self.windows]),
        ):
            repeated = sorted({id_ for id_ in ids if ids.count(id_) > 1})
            if repeated:
                raise ValueError(Message("{key} repeats: {ids}", key=what, ids=repeated))
        if self.closes <= self.opens:
            raise ValueError(Message("closes must be later than opens"))
        return self
