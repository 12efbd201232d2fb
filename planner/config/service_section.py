"""The section ``[service]``: how often points are visited, on which days, and what a township's station can do."""

from __future__ import annotations

import datetime
import operator
import tomllib
from functools import cache
from importlib import resources
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from planner.config.bus_section import BusSection
from planner.config.routing import Clock, VehicleConfig
from planner.config.sections import Count, FilePath, Name, Prose, Provenance, Seconds, Section, Share, Years, Yuan
from planner.errors import Message
from planner.units import SECONDS_PER_DAY

Weekday = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
WEEKDAYS: tuple[Weekday, ...] = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_Visits = Annotated[int, Field(ge=1, le=7)]
_Weeks = Annotated[float, Field(ge=1, le=53)]
_LaterBuses = Annotated[BusSection | None, Field(exclude_if=operator.not_)]
Holiday = Literal[
    "new_year", "spring_festival", "tomb_sweeping", "labour_day", "dragon_boat", "national_day", "mid_autumn"
]
_LaterHolidays = Annotated[tuple[Holiday, ...], Field(exclude_if=operator.not_)]
_LaterDates = Annotated[tuple[datetime.date, ...], Field(exclude_if=operator.not_, max_length=366)]
_Amount = Annotated[float, Field(ge=0, le=1e9)]


def _at_the_station(vehicles: tuple[VehicleConfig, ...]) -> tuple[VehicleConfig, ...]:
    if placed := [vehicle.id for vehicle in vehicles if vehicle.depot_id or vehicle.end_depot_id]:
        raise ValueError(Message("{ids}: vehicles of a station start and end there: remove their depots", ids=placed))
    if not vehicles:
        raise ValueError(Message("There should be {count} or more, not {found}", count=1, found=0))
    return vehicles


class StationConfig(Section):
    """What an express station has: vehicles of its own, room, and hands that sort.

    All open express stations are alike unless one of ``own`` says otherwise. ``vehicles`` are those of one station.
    ``room_*`` is the most on hand at a moment, without limit if left out. ``day_yuan`` is paid for each day on which routes
    start there, ``parcel_yuan`` for each parcel that passes.
    """

    vehicles: Annotated[tuple[VehicleConfig, ...], AfterValidator(_at_the_station)]
    room_parcels: _Amount | None = None
    room_kg: _Amount | None = None
    room_m3: _Amount | None = None
    opens: Clock = 0
    closes: Clock = SECONDS_PER_DAY
    call_s: Seconds = 0.0
    transfer_s_per_parcel: Seconds = 0.0
    sort_s_per_parcel: Seconds = 0.0
    day_yuan: Yuan = 0.0
    parcel_yuan: Yuan = 0.0
    provenance: Provenance

    @model_validator(mode="after")
    def _hours_have_length(self) -> Self:
        if self.closes <= self.opens:
            raise ValueError(Message("closes must be later than opens"))
        return self


class OwnStationConfig(Section):
    """What is otherwise at one station, by its site id."""

    site_id: Name
    room_parcels: _Amount | None = None
    room_kg: _Amount | None = None
    room_m3: _Amount | None = None
    opens: Clock | None = None
    closes: Clock | None = None
    sort_s_per_parcel: Seconds | None = None
    parcel_yuan: Yuan | None = None


class VehiclePriceConfig(Section):
    """What a vehicle of a type costs to buy, by the type's id, and for how many years it drives.

    ``owned`` are there before the first phase. Its costs a day, a kilometre and an hour should not have the price again.
    """

    id: Annotated[Name, Field(min_length=1)]
    yuan: Yuan
    years: Years
    owned: Count = 0
    provenance: Provenance


class ServiceConfig(Section):
    """A week's service.

    A village's point is visited ``least_visits`` times a week or more, one that serves a township's seat
    ``least_visits_seat`` times; more often where more than ``parcels_a_visit`` would wait, never more than ``most_visits``
    times. ``visits`` is a table of points that are to be visited as often as it says. Nobody drives on ``closed_weekdays``,
    on the days off of ``closed_holidays`` (China's, as published for the year) and on ``closed_dates``;
    from one visit to the next it is at most ``most_gap_days``.

    ``same_vehicle_yuan`` is what it may cost that a point always sees the same vehicle, for each vehicle beyond the first;
    ``balance_days_yuan`` and ``balance_vehicles_yuan`` an hour's difference between days and between vehicles. ``cut_off``
    is when produce must be back at the hub. ``stations`` says what express stations do: without it all goes directly.
    ``buses`` are those that carry parcels. ``driver_hours_week`` is how long a driver works, ``prices`` what vehicles cost
    to buy, ``shares`` who pays for the running of the service and for its vehicles. ``other_visits`` are the numbers of
    visits whose cost is shown.
    """

    least_visits: _Visits = 3
    least_visits_seat: _Visits = 5
    most_visits: _Visits = 7
    parcels_a_visit: Annotated[float, Field(gt=0, le=1e6)] | None = None
    visits: FilePath | None = None
    closed_weekdays: tuple[Weekday, ...] = ()
    closed_holidays: _LaterHolidays = ()
    closed_dates: _LaterDates = ()
    most_gap_days: Annotated[int, Field(ge=1, le=7)] | None = None
    visit_on_market_days: bool = False
    same_vehicle_yuan: Yuan = 0.0
    balance_days_yuan: Yuan = 0.0
    balance_vehicles_yuan: Yuan = 0.0
    cut_off: Clock | None = None
    other_visits: Annotated[tuple[_Visits, ...], Field(max_length=7)] = (2, 3, 5, 7)
    weeks_a_year: _Weeks = 365 / 7
    stations: StationConfig | None = None
    own_stations: tuple[OwnStationConfig, ...] = ()
    buses: _LaterBuses = None
    driver_hours_week: Annotated[float, Field(gt=0, le=168)] | None = None
    prices: tuple[VehiclePriceConfig, ...] = ()
    shares: dict[Literal["government", "firms", "society", "beneficiaries"], Share] = Field(default_factory=dict)
    iterations: Annotated[int, Field(ge=1, le=10**7)] = 150
    provenance: Prose

    @model_validator(mode="after")
    def _figures_go_together(self) -> Self:
        if len(set(self.closed_weekdays)) == len(WEEKDAYS):
            raise ValueError(Message("closed_weekdays: all seven days are closed: nobody would be visited"))
        if self.most_visits < max(self.least_visits, self.least_visits_seat):
            raise ValueError(
                Message(
                    "most_visits is {most}, below least_visits or least_visits_seat ({least})",
                    most=self.most_visits,
                    least=max(self.least_visits, self.least_visits_seat),
                )
            )
        ids = [one.site_id for one in self.own_stations]
        if repeated := sorted({id_ for id_ in ids if ids.count(id_) > 1}):
            raise ValueError(Message("{key} repeats: {ids}", key="own_stations.site_id", ids=repeated))
        ids = [one.id for one in self.prices]
        if repeated := sorted({id_ for id_ in ids if ids.count(id_) > 1}):
            raise ValueError(Message("{key} repeats: {ids}", key="prices.id", ids=repeated))
        if self.own_stations and self.stations is None:
            raise ValueError(Message("own_stations: there is no [service.stations] that they would differ from"))
        if self.shares and abs(sum(self.shares.values()) - 1) > 1e-6:
            raise ValueError(Message("shares: they are {found:g} together, not 1", found=sum(self.shares.values())))
        return self

    @property
    def open_weekdays(self) -> tuple[int, ...]:
        """The days on which vehicles drive, 0 for Monday."""
        return tuple(day for day, name in enumerate(WEEKDAYS) if name not in self.closed_weekdays)


@cache
def usual_service() -> ServiceConfig:
    """Return what holds where an area says nothing of its own."""
    text = resources.files("planner.config").joinpath("service.toml").read_text(encoding="utf-8")
    return ServiceConfig.model_validate(tomllib.loads(text))
