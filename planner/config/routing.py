"""The ``[routing]`` section of a configuration: the day, the stops' hours and the fleet.

It is part of `planner.config.PlanConfig`; costs have no default, and a ``provenance`` stands beside them. What a vehicle can
be told here is what `planner.routing.VehicleType` knows: docs/routing.md has it in one table.
"""

from __future__ import annotations

import datetime
import operator
from collections.abc import Sequence
from itertools import pairwise
from typing import Annotated, Self

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from planner.config.sections import (
    CubicMetres,
    Day,
    Duration,
    Kilograms,
    Metres,
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
    """Return the seconds of a time of day, as a text or as TOML has it; a count of seconds stays as it is."""
    if isinstance(value, datetime.time):
        value = value.isoformat("seconds")
    return parse_clock(value) if isinstance(value, str) else value


Clock = Annotated[int, BeforeValidator(_clock), Field(ge=0, le=2 * SECONDS_PER_DAY)]
Word = Annotated[str, Field(min_length=1, max_length=100)]


class BreakConfig(Section):
    """A pause that begins between ``opens`` and ``closes``, on the way if need be; ``always``: on every route."""

    opens: Clock
    closes: Clock
    duration_s: Duration
    always: bool = False

    @model_validator(mode="after")
    def _window_has_length(self) -> Self:
        if self.closes < self.opens:
            raise ValueError(Message("closes must be later than opens"))
        return self


class DrivingRuleConfig(Section):
    """After ``driving_s`` of driving a rest of ``rest_s``."""

    driving_s: Duration
    rest_s: Duration


class UnitConfig(Section):
    """What one vehicle of a type is called by those who drive it, and its plate; only couriers' files say them."""

    name: Text = Text("")
    plate: Name = ""

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if not (self.name.strip() or self.plate.strip()):
            raise ValueError(Message("give a name or a plate"))
        return self


# Documents did not have them at first: where there are none they are not written, so that old ones stay as they were.
_Units = Annotated[tuple[UnitConfig, ...], Field(exclude_if=operator.not_)]


class VehicleConfig(Section):
    """One type of vehicle at one depot; costs are for a day of use, a kilometre, an hour of duty and one of driving.

    ``profile`` is a vehicle of ``profiles.toml``, that of ``[travel]`` if left out: speeds, roads and closures are its own.
    Duty begins with ``loading_duration_s`` at the depot. With ``max_reloads`` the vehicle comes back to one of
    ``reload_depot_ids`` (its own if none is given) and takes on more. Limits that are left out do not bind. ``units`` are
    the single vehicles ``<id>-1`` to ``<id>-<count>`` in this order, all of them or none.
    """

    id: Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]+$", max_length=60)]
    name: Text
    count: Annotated[int, Field(ge=1, le=10_000)]
    depot_id: Name = ""
    capacity_kg: Kilograms
    capacity_m3: CubicMetres
    capacity_parcels: Annotated[int, Field(ge=1, le=10**9)] | None = None
    fixed_cost_yuan: Yuan
    cost_per_km_yuan: Yuan
    cost_per_hour_yuan: Yuan
    cost_per_driving_hour_yuan: Yuan = 0.0
    shift_start: Clock
    shift_end: Clock
    loading_duration_s: Seconds = 0.0
    max_duration_s: Duration | None = None
    max_driving_s: Duration | None = None
    max_distance_m: Metres | None = None
    max_stops: Annotated[int, Field(ge=1, le=10**6)] | None = None
    profile: Name = ""
    speed_factor: Annotated[float, Field(ge=0.1, le=10)] = 1.0
    skills: tuple[Word, ...] = ()
    end_depot_id: Name = ""
    open_start: bool = False
    open_end: bool = False
    reload_depot_ids: tuple[Name, ...] = ()
    max_reloads: Annotated[int, Field(ge=0, le=20)] = 0
    reload_duration_s: Seconds = 0.0
    breaks: tuple[BreakConfig, ...] = ()
    driving_rule: DrivingRuleConfig | None = None
    units: _Units = ()
    provenance: Provenance

    @model_validator(mode="after")
    def _figures_go_together(self) -> Self:
        if self.shift_end <= self.shift_start:
            raise ValueError(Message("shift_end must be later than shift_start; write 26:00 for two in the morning"))
        most = min(self.shift_end - self.shift_start, self.max_duration_s or 2 * SECONDS_PER_DAY)
        if self.loading_duration_s >= most:
            raise ValueError(
                Message(
                    "loading_duration_s is {loading:g}, which leaves nothing of {most:g} s on duty",
                    loading=self.loading_duration_s,
                    most=most,
                )
            )
        if self.units and len(self.units) != self.count:
            raise ValueError(
                Message(
                    "units has {found} entries and count is {count}: give one for each vehicle, or none",
                    found=len(self.units),
                    count=self.count,
                )
            )
        if self.end_depot_id and self.open_end:
            raise ValueError(
                Message("end_depot_id and open_end: a route ends at a depot or at its last stop, give one")
            )
        if self.max_reloads == 0 and (self.reload_depot_ids or self.reload_duration_s):
            raise ValueError(Message("max_reloads is missing: without it the vehicle never comes back to load again"))
        if any(later.opens <= earlier.closes for earlier, later in pairwise(self.breaks)):
            raise ValueError(
                Message("breaks must follow one another: one may not open before the one before it closes")
            )
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


class StopConfig(Section):
    """What a stop asks beyond its hours, by site id, see `planner.routing.Stop`; its goods are at the depot at ``ready``."""

    site_id: Name
    needs: tuple[Word, ...] = ()
    only_vehicles: tuple[Name, ...] = ()
    not_vehicles: tuple[Name, ...] = ()
    priority: Annotated[int, Field(ge=0, le=100)] = 0
    setup_duration_s: Seconds = 0.0
    ready: Clock = 0
    skip_cost_yuan: Yuan | None = None


def _one_at_least(vehicles: tuple[VehicleConfig, ...]) -> tuple[VehicleConfig, ...]:
    if not vehicles:  # a least length would be found wanting wherever a vehicle has a fault
        raise ValueError(Message("There should be {count} or more, not {found}", count=1, found=0))
    return vehicles


class RoutingConfig(Section):
    """The day's routes: date, opening hours of the stops, time at a stop, fleet, search limit.

    ``load_reserve`` is the share of each vehicle's room that a plan leaves free. ``speed_of_day`` has pairs of a time and
    how many times as fast all driving goes from then on. ``threads`` search side by side, two if it is left out; the plan
    depends on how many, not on the machine.
    """

    date: Day
    opens: Clock
    closes: Clock
    service_base_s: Seconds
    service_per_parcel_s: Seconds
    load_reserve: Annotated[float, Field(ge=0, lt=1)] = 0.0
    provenance: Provenance
    windows: tuple[WindowConfig, ...] = ()
    stops: tuple[StopConfig, ...] = ()
    before: tuple[tuple[Name, Name], ...] = ()
    speed_of_day: tuple[tuple[Clock, Annotated[float, Field(ge=0.1, le=10)]], ...] = ()
    fewest_vehicles: bool = False
    balance_duty_yuan: Yuan = 0.0
    balance_load_yuan: Yuan = 0.0
    vehicles: Annotated[tuple[VehicleConfig, ...], AfterValidator(_one_at_least)]
    iterations: Annotated[int, Field(ge=1, le=10**9)] = 2000
    threads: Annotated[int, Field(ge=1, le=256)] | None = None

    @model_validator(mode="after")
    def _ids_are_unique(self) -> Self:
        for what, ids in (
            ("vehicles.id", [vehicle.id for vehicle in self.vehicles]),
            ("windows.site_id", [window.site_id for window in self.windows]),
            ("stops.site_id", [stop.site_id for stop in self.stops]),
        ):
            repeated = sorted({id_ for id_ in ids if ids.count(id_) > 1})
            if repeated:
                raise ValueError(Message("{key} repeats: {ids}", key=what, ids=repeated))
        if self.closes <= self.opens:
            raise ValueError(Message("closes must be later than opens"))
        if not _ascending([begins for begins, _ in self.speed_of_day]):
            raise ValueError(Message("speed_of_day: each time must be later than the one before it"))
        return self


def _ascending(times: Sequence[int]) -> bool:
    return all(earlier < later for earlier, later in pairwise(times))
