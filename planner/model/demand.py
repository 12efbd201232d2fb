"""What goes down to each hand-over place and comes up from it on one date."""

from __future__ import annotations

import datetime
import operator
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Annotated

from pydantic import Field

AMOUNTS = ("delivery_parcels", "delivery_kg", "delivery_m3", "pickup_parcels", "pickup_kg", "pickup_m3")
"""The figures of a place's demand, by the names of their fields."""


class DemandBasis(StrEnum):
    """What a figure of a day's demand rests on; the least trustworthy says so wherever it is shown."""

    ORDERED = "ordered"
    LEARNED = "learned"
    ASSUMED = "assumed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Produce:
    """What a village sends up of one product; ``basis`` is None where it rests on what the village's pickup does."""

    village_id: str
    product: str
    kg: float
    basis: Annotated[DemandBasis | None, Field(exclude_if=lambda basis: basis is None)] = None


# Documents did not have these at first: where they say nothing they are not written, so that old ones stay as they were.
_Produce = Annotated[tuple[Produce, ...], Field(exclude_if=operator.not_)]
_Clock = Annotated[float | None, Field(exclude_if=lambda clock: clock is None)]
_Flag = Annotated[bool, Field(exclude_if=operator.not_)]
_Basis = Annotated[Mapping[str, DemandBasis], Field(exclude_if=operator.not_)]
_Number = Annotated[int, Field(exclude_if=lambda number: number == 1)]
_Ids = Annotated[tuple[str, ...], Field(exclude_if=operator.not_)]
_Date = Annotated[datetime.date | None, Field(exclude_if=lambda date: date is None)]


@dataclass(frozen=True, slots=True, kw_only=True)
class PointDemand:
    """What one stop at a hand-over point brings (delivery) and fetches (pickup) on the date.

    Most points have one stop. What cannot come in one visit has several, by their number in ``visit``: cold goods apart
    from others, times that exclude each other, more than any vehicle carries. ``village_ids`` are those that something of
    the stop is for; villages without anything are with the first. A point's figures are the sum over its stops.

    Parcels are whole numbers; produce goes up in kg without parcels, so ``pickup_kg`` can be more than its parcels weigh.
    ``produce`` is the part of the pickup that is a village's product. The point is to be visited between ``earliest_s`` and
    ``latest_s``, seconds of the day, None where its usual hours hold; ``cold`` goods need a vehicle that cools. ``basis``
    says of each figure in `AMOUNTS` what it rests on: the least trustworthy of its villages, or its own row of a table; it
    is assumed if not named.
    """

    site_id: str
    village_ids: tuple[str, ...]
    delivery_parcels: int
    delivery_kg: float
    delivery_m3: float
    pickup_parcels: int
    pickup_kg: float
    pickup_m3: float
    produce: _Produce = ()
    earliest_s: _Clock = None
    latest_s: _Clock = None
    cold: _Flag = False
    basis: _Basis = field(default_factory=dict)
    visit: _Number = 1

    @property
    def stop_id(self) -> str:
        """The stop of the day's routes: the site's id for the first visit, with its number behind for others."""
        return self.site_id if self.visit == 1 else f"{self.site_id}~{self.visit}"


@dataclass(frozen=True, slots=True, kw_only=True)
class VillageDemand:
    """What one village receives and sends at its point on the date, in the units of `PointDemand`.

    It is not rounded where it is no order. What waits for the village is not among it (`WaitingDemand`).
    """

    village_id: str
    delivery_parcels: float
    delivery_kg: float
    delivery_m3: float
    pickup_parcels: float
    pickup_kg: float
    pickup_m3: float
    basis: _Basis = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadAs:
    """Cells of a table that hold a word or a dash, what they were read as (empty: as empty), and how many they are."""

    cell: str
    figure: str
    cells: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderTable:
    """The table that a day's orders came from: its name, a hash of its bytes, and how its rows were read.

    ``skipped_columns`` look like names, telephone numbers or addresses of people and were not read. ``a_row_is`` a village,
    a point or a parcel. ``villages`` are those that its rows are about, ``delivery_parcels`` and ``pickup_parcels`` the
    parcels that it lists, counted from its rows. ``none_elsewhere`` are the directions (delivery, pickup) in which villages
    that it does not name have nothing; in the others they are estimated. ``village_ids`` are those of ``villages``, empty in
    plans of before.
    """

    name: str
    sha256: str
    rows: int
    a_row_is: str
    skipped_columns: tuple[str, ...] = ()
    villages: int = 0
    delivery_parcels: int = 0
    pickup_parcels: int = 0
    none_elsewhere: tuple[str, ...] = ()
    read_as: Annotated[tuple[ReadAs, ...], Field(exclude_if=operator.not_)] = ()
    village_ids: _Ids = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitingDemand:
    """What is held before any route is planned: no vehicle drives for it.

    It is for a village that cannot reach an open place that day, for a site that is not open or that none of its villages
    can reach, for a visit at a time when its point is never open (then it has ``earliest_s`` or ``latest_s``), or for a
    point that is visited on another day of the week, next on ``next_visit``. One of both ids is empty. ``basis`` says of
    each figure what it rests on; it is ordered if not named.
    """

    village_id: str = ""
    site_id: str = ""
    delivery_parcels: int
    delivery_kg: float
    delivery_m3: float
    pickup_parcels: int
    pickup_kg: float
    pickup_m3: float
    earliest_s: _Clock = None
    latest_s: _Clock = None
    next_visit: _Date = None
    basis: _Basis = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """What a day's estimates were made of: kept days, how far they are off, and the factors of the date.

    ``days`` are those that levels and weekdays were learned from; ``error`` is the mean absolute error on days held out,
    as a share of the mean, None with too few days; ``configured_error`` is that of the configuration on the same days.
    ``factors`` name what raises or lowers the date and by how much.
    """

    days: tuple[datetime.date, ...] = ()
    error: float | None = None
    factors: tuple[tuple[str, float], ...] = ()
    configured_error: Annotated[float | None, Field(exclude_if=lambda error: error is None)] = None


_Villages = Annotated[tuple[VillageDemand, ...], Field(exclude_if=operator.not_)]
_Orders = Annotated[OrderTable | None, Field(exclude_if=lambda table: table is None)]
_Waiting = Annotated[tuple[WaitingDemand, ...], Field(exclude_if=operator.not_)]
_Estimate = Annotated[Estimate | None, Field(exclude_if=lambda estimate: estimate is None)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Demand:
    """All points' demand on one date, sorted by site id and visit, and the villages that hand over nowhere.

    ``villages`` is the part of each village, empty in plans of before; ``orders`` is the table that came in, None if there
    was none, and ``estimate`` what the rest was estimated from. ``waiting`` is what no open place can take.
    """

    date: datetime.date
    points: tuple[PointDemand, ...]
    without_point: tuple[str, ...]
    villages: _Villages = ()
    orders: _Orders = None
    estimate: _Estimate = None
    waiting: _Waiting = ()

    @property
    def assumed_figures(self) -> frozenset[str]:
        """The figures in `AMOUNTS` that rest on an assumption at any place; all of a day without places."""
        if not self.points:
            return frozenset(AMOUNTS)
        return frozenset(
            name
            for point in self.points
            for name in AMOUNTS
            if point.basis.get(name, DemandBasis.ASSUMED) is DemandBasis.ASSUMED
        )

    @property
    def stops_of_site(self) -> dict[str, tuple[PointDemand, ...]]:
        """The stops at each site, by site id."""
        found: dict[str, list[PointDemand]] = {}
        for point in self.points:
            found.setdefault(point.site_id, []).append(point)
        return {site_id: tuple(stops) for site_id, stops in found.items()}

    @property
    def site_of_stop(self) -> dict[str, str]:
        """The site of each stop, by the stop's id."""
        return {point.stop_id: point.site_id for point in self.points}

    @property
    def place_of_village(self) -> dict[str, str]:
        """The site where each village hands over, by village id."""
        return {village_id: point.site_id for point in self.points for village_id in point.village_ids}
