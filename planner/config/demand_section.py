"""The section ``[demand]``: parcels down and up, what one weighs, and what raises or lowers a date."""

from __future__ import annotations

from typing import Annotated, Literal, NamedTuple, Self

from pydantic import Field, model_validator

from planner.config.season_days import DayOfYear
from planner.config.sections import CubicMetres, Kilograms, Provenance, Rate, Section
from planner.errors import Message
from planner.model import Text

KG_PER_M3_PRODUCE = 400.0
"""Assumed: what a cubic metre of produce weighs, boxes included."""
_BY_PERSON = ("delivery_parcels_per_person_day", "pickup_parcels_per_person_day")
_BY_VILLAGE = ("post_parcels_per_village_day", "all_carriers_factor", "pickup_parcels_per_delivery")

# Keys of later: where they say nothing they are not written, so that documents and their ids stay as they were.
_LaterRate = Annotated[Rate | None, Field(exclude_if=lambda rate: rate is None)]
_Factor = Annotated[float, Field(ge=0, le=100)]
_DaysFrom = Annotated[int, Field(ge=-60, le=60)]


class PeakConfig(Section):
    """Days of a year on which there is more, or less, than usual: by what ``factor``, and who says so.

    From ``first`` to ``last`` (month and day, over the turn of the year too), or ``from_spring_festival`` by days before and
    after the first day of the lunar year. On a ``festival``, public holidays are part of its factor and count no more.
    """

    id: Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]+$", max_length=60)]
    name: Text = Text("")
    first: DayOfYear | None = None
    last: DayOfYear | None = None
    from_spring_festival: tuple[_DaysFrom, _DaysFrom] | None = None
    factor: _Factor
    festival: bool = False
    provenance: Provenance

    @model_validator(mode="after")
    def _days_once(self) -> Self:
        by_date = self.first is not None and self.last is not None
        if by_date == (self.from_spring_festival is not None) or (self.first is None) != (self.last is None):
            raise ValueError(Message("give its days once: as first and last, or as from_spring_festival"))
        if self.from_spring_festival is not None and self.from_spring_festival[0] > self.from_spring_festival[1]:
            raise ValueError(Message("from_spring_festival: the first day comes before the last"))
        return self


class UsualParcels(NamedTuple):
    """Parcels a head on a day whose factors are all 1."""

    down: float
    up: float


class DemandConfig(Section):
    """Parcels down and up, produce up by household, what one parcel weighs and fills, and what a date changes.

    Parcels are said by person, or as published ones are: ``post_parcels_per_village_day``, what the post alone brings to a
    village, times ``all_carriers_factor``, spread over the villages by their people; up go ``pickup_parcels_per_delivery``.
    ``pickup_kg_per_product_household_day`` applies to villages with a product.

    With ``calendar`` = china a public holiday counts as a Sunday, a day worked for another as a working day, and the peaks
    of `planner.pipeline.estimate` hold unless ``peaks`` says others. ``market_day_factor`` is for villages of a township
    whose market is held that day. ``learn`` = false leaves kept days out of it.
    """

    delivery_parcels_per_person_day: _LaterRate = None
    pickup_parcels_per_person_day: _LaterRate = None
    post_parcels_per_village_day: _LaterRate = None
    all_carriers_factor: Annotated[float | None, Field(ge=1, le=1000, exclude_if=lambda factor: factor is None)] = None
    pickup_parcels_per_delivery: _LaterRate = None
    kg_per_parcel: Kilograms
    m3_per_parcel: CubicMetres
    pickup_kg_per_product_household_day: Rate = 0.0
    kg_per_m3_produce: Annotated[float, Field(ge=1, le=25_000)] = KG_PER_M3_PRODUCE
    weekday_factors: Annotated[tuple[Rate, ...], Field(min_length=7, max_length=7)] = (1.0,) * 7
    calendar: Annotated[Literal["weekdays", "china"], Field(exclude_if=lambda one: one == "weekdays")] = "weekdays"
    peaks: Annotated[tuple[PeakConfig, ...] | None, Field(exclude_if=lambda peaks: peaks is None)] = None
    market_day_factor: Annotated[_Factor | None, Field(exclude_if=lambda factor: factor is None)] = None
    learn: Annotated[bool, Field(exclude_if=bool)] = True
    provenance: Provenance

    @model_validator(mode="after")
    def _parcels_said_once(self) -> Self:
        by_person, by_village = (
            [key for key in keys if getattr(self, key) is not None] for keys in (_BY_PERSON, _BY_VILLAGE)
        )
        if by_person and by_village:
            raise ValueError(Message("{keys}: parcels are said by person already: remove them", keys=by_village))
        wanted = _BY_VILLAGE if by_village else _BY_PERSON
        if missing := [key for key in wanted if getattr(self, key) is None]:
            raise ValueError(Message("{keys}: missing: add them", keys=missing))
        return self

    @property
    def parcels_per_village_day(self) -> float | None:
        """Parcels that go down to a village of usual size on a usual day, by all carriers; None where they go by person."""
        if self.post_parcels_per_village_day is None or self.all_carriers_factor is None:
            return None
        return self.post_parcels_per_village_day * self.all_carriers_factor

    def a_head(self, villages: int, people: int) -> UsualParcels:
        """Return the usual parcels a head of an area with so many villages and people; none where nobody lives."""
        if self.parcels_per_village_day is None:
            down, up = self.delivery_parcels_per_person_day, self.pickup_parcels_per_person_day
            assert down is not None
            assert up is not None
            return UsualParcels(down, up)
        if not people:
            return UsualParcels(0.0, 0.0)
        down = self.parcels_per_village_day * villages / people
        return UsualParcels(down, down * (self.pickup_parcels_per_delivery or 0.0))
