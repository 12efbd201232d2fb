"""The year of a service plan: each season's week, whom it cuts off from when to when, and what to lay in before."""

from __future__ import annotations

import datetime
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property


class CutAt(StrEnum):
    """Where a village is cut off: between it and its point, or between its point and the hub."""

    VILLAGE = "no_way_to_its_point"
    POINT = "point_not_reached_from_the_hub"
    NOWHERE = "hands_over_nowhere"


@dataclass(frozen=True, slots=True, kw_only=True)
class Spell:
    """Days of a season without a break, within the year, both ends included."""

    first: datetime.date
    last: datetime.date

    @property
    def days(self) -> int:
        """How many they are."""
        return (self.last - self.first).days + 1


@dataclass(frozen=True, slots=True, kw_only=True)
class SeasonWeekday:
    """A weekday of a season; ``days`` is how many such days the season has in the year.

    ``vehicles`` are those that are out, by type; ``duty_s`` is how long all are out together.
    """

    weekday: int
    days: int
    routes: int
    vehicles: Mapping[str, int]
    distance_m: float
    duty_s: float
    cost_yuan: float


@dataclass(frozen=True, slots=True, kw_only=True)
class MissedVisit:
    """A visit that cannot be made in a season's week, and why (a code of `planner.routing` or of the tiers)."""

    site_id: str
    weekday: int
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StandInHub:
    """A site that reaches points which the hub does not, and how many such points: goods laid in there go on."""

    site_id: str
    points: int


@dataclass(frozen=True, slots=True, kw_only=True)
class HubCutOff:
    """The hub reaches fewer than half of the points in a season that it reaches in its best one.

    ``stand_in`` is the open express station that reaches most of the others: ``weeks`` of goods laid in there before the
    season begins go on by road. None where none reaches any: then they are to be at the points themselves.
    """

    reached: int
    points: int
    best_season: str
    stand_in: StandInHub | None
    weeks: float


@dataclass(frozen=True, kw_only=True)
class SeasonWeek:
    """The week of a season on its own roads: the points' days are those of the plan, the routes are its own.

    ``weekdays`` are those of the week on which vehicles drive. ``missed`` are visits that the fleet or the roads do not
    allow; ``unreached`` has the reason for each point that has no way from the hub and back at all, ``cut_off`` for each
    village that has no way to its point. ``extra`` are vehicles beyond those of the plan's own week, by type.
    """

    season: str
    spells: tuple[Spell, ...]
    weekdays: tuple[SeasonWeekday, ...]
    extra: Mapping[str, int] = field(default_factory=dict)
    missed: tuple[MissedVisit, ...] = ()
    unreached: Mapping[str, str] = field(default_factory=dict)
    cut_off: Mapping[str, str] = field(default_factory=dict)
    hub_cut_off: HubCutOff | None = None

    @property
    def days(self) -> int:
        """How many days of the year it has."""
        return sum(spell.days for spell in self.spells)

    @property
    def week_yuan(self) -> float:
        """What a week costs."""
        return math.fsum(day.cost_yuan for day in self.weekdays)

    @property
    def week_distance_m(self) -> float:
        """How far vehicles drive in a week."""
        return math.fsum(day.distance_m for day in self.weekdays)

    @property
    def week_duty_s(self) -> float:
        """How long vehicles are out in a week, all together."""
        return math.fsum(day.duty_s for day in self.weekdays)

    @property
    def year_yuan(self) -> float:
        """What the season's days in the year cost: each at the cost of its weekday."""
        return math.fsum(day.days * day.cost_yuan for day in self.weekdays)

    @property
    def year_distance_m(self) -> float:
        """How far vehicles drive on the season's days in the year."""
        return math.fsum(day.days * day.distance_m for day in self.weekdays)

    @property
    def vehicles(self) -> dict[str, int]:
        """How many vehicles of each type are needed: the most that are out on one day."""
        kinds = sorted({kind for day in self.weekdays for kind in day.vehicles})
        return {kind: max(day.vehicles.get(kind, 0) for day in self.weekdays) for kind in kinds}


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """Days without a break on which a village is cut off, both ends included; some may be of the years before and after.

    ``reason`` is why there is no way. The village's point is visited last on
    ``last_service`` and next on ``next_service`` (None: not within a year). ``parcels`` and ``kg`` to lay in by
    ``last_service`` are those of a usual week, down, times the weeks from the day after it to that before ``next_service``
    (those of the gap on a side without).
    """

    first: datetime.date
    last: datetime.date
    seasons: tuple[str, ...]
    at: CutAt
    reason: str
    last_service: datetime.date | None
    next_service: datetime.date | None
    parcels: float
    kg: float

    @property
    def days(self) -> int:
        """How many days it lasts."""
        return (self.last - self.first).days + 1

    def days_in(self, year: int) -> int:
        """Return how many of its days are in a year."""
        first = max(self.first, datetime.date(year, 1, 1))
        last = min(self.last, datetime.date(year, 12, 31))
        return max(0, (last - first).days + 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class SeasonWay:
    """A village's ways in a season: to its point (walks included), and from the hub to the point; None: there is none."""

    season: str
    own_s: float | None
    own_m: float | None
    supply_s: float | None
    supply_m: float | None

    @property
    def total_s(self) -> float | None:
        """Both ways together."""
        return None if self.own_s is None or self.supply_s is None else self.own_s + self.supply_s

    @property
    def total_m(self) -> float | None:
        """Both ways together."""
        return None if self.own_m is None or self.supply_m is None else self.own_m + self.supply_m


@dataclass(frozen=True, kw_only=True)
class VillageYear:
    """A village's card. ``week_parcels`` and ``week_kg`` come down for it in a usual week; ``ways`` has each season's."""

    village_id: str
    site_id: str
    week_parcels: float
    week_kg: float
    ways: tuple[SeasonWay, ...]
    gaps: tuple[Gap, ...] = ()

    @cached_property
    def best(self) -> SeasonWay | None:
        """The season in which it is reached fastest, None if it is reached in none."""
        return min((way for way in self.ways if way.total_s is not None), key=_total_s, default=None)

    @cached_property
    def worst(self) -> SeasonWay | None:
        """The season in which it is reached slowest, of those in which it is reached."""
        return max((way for way in self.ways if way.total_s is not None), key=_total_s, default=None)

    @property
    def longer_s(self) -> float | None:
        """How much longer the way from the hub takes in the worst season than in the best."""
        return None if self.best is None or self.worst is None else _total_s(self.worst) - _total_s(self.best)

    @property
    def longer_m(self) -> float | None:
        """How much farther it is in the worst season than in the best; below 0 where the fastest way is a longer one."""
        if self.best is None or self.worst is None:
            return None
        return (self.worst.total_m or 0.0) - (self.best.total_m or 0.0)


def _total_s(way: SeasonWay) -> float:
    return way.total_s or 0.0


@dataclass(frozen=True, kw_only=True)
class ServiceYear:
    """A year of a service plan, season by season in the order of the calendar, and a card for each village, by id."""

    year: int
    seasons: tuple[SeasonWeek, ...]
    villages: tuple[VillageYear, ...]

    @property
    def days(self) -> int:
        """How many days the year has."""
        return sum(season.days for season in self.seasons)

    @property
    def year_yuan(self) -> float:
        """What the year costs, each day at what its weekday costs in its season."""
        return math.fsum(season.year_yuan for season in self.seasons)

    @property
    def year_distance_m(self) -> float:
        """How far vehicles drive in the year."""
        return math.fsum(season.year_distance_m for season in self.seasons)

    @property
    def vehicles(self) -> dict[str, int]:
        """How many vehicles of each type the year needs: the most of any season."""
        kinds = sorted({kind for season in self.seasons for kind in season.vehicles})
        return {kind: max(season.vehicles.get(kind, 0) for season in self.seasons) for kind in kinds}

    @property
    def cuts_off_hub(self) -> bool:
        """Whether a season cuts off the hub."""
        return any(season.hub_cut_off is not None for season in self.seasons)

    def season_of(self, date: datetime.date) -> SeasonWeek:
        """Return the season of a date of the year.

        Raises
        ------
        LookupError
            If the date is of another year.
        """
        for season in self.seasons:
            if any(spell.first <= date <= spell.last for spell in season.spells):
                return season
        raise LookupError(date)

    def days_cut_off(self, village: VillageYear) -> int:
        """Return on how many days of the year a village is cut off."""
        return sum(gap.days_in(self.year) for gap in village.gaps)
