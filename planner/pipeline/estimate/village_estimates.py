"""Each village's demand on a date where nobody ordered: its people's share, or what kept days have shown of it."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

from planner.config import DemandConfig
from planner.model import DemandBasis, Estimate, Township, Village, VillageDemand
from planner.pipeline.estimate.date_factors import WEEKDAY, DateFactors, date_factors
from planner.pipeline.estimate.levels import FEWEST_DAYS, OrderHistory, held_out_error, learned_levels
from planner.pipeline.estimate.usual import a_head, produce_kg
from planner.units import FloatArray

WINDOW = datetime.timedelta(weeks=26)
"""Older days are not learned from: people move away, shops open."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderedDay:
    """A kept day: the parcels that were ordered, down and up, by village id; those not ordered for are left out."""

    date: datetime.date
    down: Mapping[str, float] = field(default_factory=dict)
    up: Mapping[str, float] = field(default_factory=dict)


class VillageEstimates(NamedTuple):
    """Each village's demand by id, not rounded, produce in ``pickup_kg``; and what it rests on, None if on people only."""

    villages: tuple[VillageDemand, ...]
    estimate: Estimate | None


def estimate_villages(
    villages: Sequence[Village],
    config: DemandConfig,
    date: datetime.date,
    *,
    townships: Sequence[Township] = (),
    history: Sequence[OrderedDay] = (),
    with_error: bool = True,
) -> VillageEstimates:
    """Return what each village receives and sends on a date; ``villages`` are all of the area.

    Without ``history`` it is what the configuration says of so many people; parcels are ``learned`` where the half year
    before the date has enough days of them. ``townships`` tell market days. Without ``with_error`` no day is
    held out, which takes most of the time.
    """
    villages = sorted(villages, key=lambda village: village.id)
    today = date_factors(date, config, townships)
    kept = _kept(history, date) if config.learn else []
    down, up = (_Way(villages, config, townships, kept, way) for way in ("down", "up"))
    amounts = [way.on(today) for way in (down, up)]
    learned = [way.is_learned for way in (down, up)]
    found = tuple(
        _demand(village, config, date, tuple(amount[row] for amount in amounts), tuple(way[row] for way in learned))
        for row, village in enumerate(villages)
    )
    any_learned = bool(learned[0].any() or learned[1].any())
    if not any_learned and today.kind == WEEKDAY and not today.peaks and not today.markets:
        return VillageEstimates(found, None)
    error = held_out_error(down.history, down.usual, down.weekdays) if with_error and learned[0].any() else None
    return VillageEstimates(
        found,
        Estimate(
            days=tuple(day.date for day, plain in zip(kept, down.history.plain, strict=True) if plain and any_learned),
            error=None if error is None else round(error.learned, 4),
            factors=today.named(down.weekdays_now),
            configured_error=None if error is None else round(error.configured, 4),
        ),
    )


def _kept(history: Sequence[OrderedDay], date: datetime.date) -> list[OrderedDay]:
    """Return the days of before the date, each once, that are not too old."""
    of_date = {day.date: day for day in history if date - WINDOW <= day.date < date}
    return [of_date[day] for day in sorted(of_date)]


class _Way:
    """Parcels in one direction: what the configuration says of each village, and what kept days do."""

    def __init__(
        self,
        villages: Sequence[Village],
        config: DemandConfig,
        townships: Sequence[Township],
        kept: Sequence[OrderedDay],
        way: str,
    ) -> None:
        self._villages = villages
        rate = getattr(a_head(villages, config), way)
        self.usual: FloatArray = np.array([village.population * rate for village in villages], dtype=np.float64)
        self.weekdays: FloatArray = np.array(config.weekday_factors, dtype=np.float64)
        self.history = _history(villages, config, townships, [(day.date, getattr(day, way)) for day in kept])
        days = (~np.isnan(self.history.ordered) & self.history.plain).sum(axis=1)
        self.is_learned = days >= FEWEST_DAYS
        self._learned = learned_levels(self.history, self.usual, self.weekdays) if self.is_learned.any() else None
        self.weekdays_now = self.weekdays if self._learned is None else self._learned.weekdays

    def on(self, today: DateFactors) -> FloatArray:
        """Return each village's parcels on a date (villages,)."""
        levels = self.usual if self._learned is None else self._learned.levels
        of_week = today.of_week(self.weekdays_now)
        found: FloatArray = levels * of_week * _of_year(self._villages, today)
        return found


def _of_year(villages: Sequence[Village], day: DateFactors) -> FloatArray:
    return np.array([day.of_township(village.township_id) for village in villages], dtype=np.float64)


def _history(
    villages: Sequence[Village],
    config: DemandConfig,
    townships: Sequence[Township],
    kept: Sequence[tuple[datetime.date, Mapping[str, float]]],
) -> OrderHistory:
    days = [date_factors(date, config, townships) for date, _ in kept]
    shape = (len(villages), len(kept))
    ordered = [[figures.get(village.id, np.nan) for _, figures in kept] for village in villages]
    return OrderHistory(
        ordered=np.array(ordered, dtype=np.float64).reshape(shape),
        factors=np.array([_of_year(villages, day) for day in days], dtype=np.float64).reshape(shape[::-1]).T,
        shares=np.array([day.shares for day in days], dtype=np.float64).reshape(len(kept), 7),
        plain=np.array([day.is_plain for day in days], dtype=np.bool_),
    )


def _demand(
    village: Village,
    config: DemandConfig,
    date: datetime.date,
    parcels: Sequence[float],
    learned: Sequence[bool],
) -> VillageDemand:
    down, up = (float(amount) for amount in parcels)
    produce = produce_kg([village], config, date)
    names = ("delivery_parcels", "pickup_parcels")
    return VillageDemand(
        village_id=village.id,
        delivery_parcels=down,
        delivery_kg=down * config.kg_per_parcel,
        delivery_m3=down * config.m3_per_parcel,
        pickup_parcels=up,
        pickup_kg=up * config.kg_per_parcel + produce,
        pickup_m3=up * config.m3_per_parcel + produce / config.kg_per_m3_produce,
        basis={name: DemandBasis.LEARNED for name, known in zip(names, learned, strict=True) if known},
    )
