"""What a usual week brings to each point and fetches there, weekday by weekday, and what has piled up by a visit."""

from __future__ import annotations

import datetime
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from planner.model import AMOUNTS, Demand, PointDemand, Produce, VillageDemand
from planner.pipeline.area_run import AreaRun
from planner.pipeline.day_demand import with_stops
from planner.pipeline.demand import estimate_demand
from planner.pipeline.earlier_days import NOTHING_EARLIER, EarlierDays
from planner.units import FloatArray

DAYS_A_WEEK = 7
_DOWN = ("delivery_parcels", "delivery_kg", "delivery_m3")
_UP = ("pickup_parcels", "pickup_kg", "pickup_m3")


@dataclass(frozen=True, kw_only=True)
class WeekDemand:
    """The demand of each weekday, Monday first: a week without holidays, peaks and markets.

    What a point has on a day arrives that day, or is ready there; it waits for the point's next visit.
    """

    days: tuple[Demand, ...]

    @property
    def site_ids(self) -> tuple[str, ...]:
        """The points that have anything in the week, by id."""
        return tuple(sorted({point.site_id for day in self.days for point in day.points if _has_goods(point)}))

    def of_site(self, site_id: str) -> tuple[PointDemand, ...]:
        """Return what a point has on each day."""
        return tuple(next(point for point in day.points if point.site_id == site_id) for day in self.days)

    def on_visit(self, run: AreaRun, weekday: int, patterns: Mapping[str, int]) -> Demand:
        """Return what is brought and fetched on a weekday: at each point visited then, all since its visit before.

        ``patterns`` has a bit mask of weekdays for each point, bit 0 Monday. What cannot come in one visit has several.
        """
        since = {
            point.site_id: waited_days(patterns[point.site_id], weekday)
            for point in self.days[weekday].points
            if patterns.get(point.site_id, 0) >> weekday & 1
        }
        day = goods_since(dict(enumerate(self.days)), since, weekday)
        return with_stops(replace(day, waiting=()), run.config.routing)


def goods_since(days: Mapping[int, Demand], since: Mapping[str, Sequence[int]], on: int) -> Demand:
    """Return the demand of day ``on`` for the points of ``since`` alone, each with the goods of the days that it names."""
    points: list[PointDemand] = []
    villages: list[VillageDemand] = []
    for site_id, waited in sorted(since.items()):
        of_days = {day: next(one for one in days[day].points if one.site_id == site_id) for day in waited}
        points.append(_together(of_days, waited))
        villages += _of_villages(days, of_days[waited[-1]].village_ids, waited)
    return replace(days[on], points=tuple(points), villages=tuple(sorted(villages, key=lambda one: one.village_id)))


def waited_days(pattern: int, weekday: int) -> tuple[int, ...]:
    """Return the weekdays whose goods a visit on ``weekday`` brings: those after the visit before it, up to itself.

    Examples
    --------
    >>> waited_days(0b0010101, 0)  # Monday, Wednesday, Friday
    (5, 6, 0)
    """
    days = [weekday]
    while not pattern >> (before := (days[-1] - 1) % DAYS_A_WEEK) & 1 and before != weekday:
        days.append(before)
    return tuple(reversed(days))


def amounts_of(days: Sequence[PointDemand], *, up: bool) -> FloatArray:
    """Return what a point has on each day, brought or fetched: [day, parcels, kg and m3]."""
    return np.array([[float(getattr(day, name)) for name in (_UP if up else _DOWN)] for day in days])


def usual_week(
    run: AreaRun, places: Mapping[str, str], monday: datetime.date, earlier: EarlierDays = NOTHING_EARLIER
) -> WeekDemand:
    """Return the demand of a usual week; ``places`` is where each village hands over.

    Factors of the week hold, those of the year (holidays, peaks, market days) do not: a plan for every week rests on what
    every week has. Produce is that of the season of ``monday``.
    """
    usual = run.config.demand.model_copy(update={"calendar": "weekdays", "peaks": ()})
    return WeekDemand(
        days=tuple(
            estimate_demand(
                run.area.villages, places, usual, monday + datetime.timedelta(days=day), history=earlier.orders
            )
            for day in range(DAYS_A_WEEK)
        )
    )


def _has_goods(point: PointDemand) -> bool:
    return any(getattr(point, name) for name in AMOUNTS)


def _together(of_days: Mapping[int, PointDemand], days: Sequence[int]) -> PointDemand:
    """Return what a point has on some days together."""
    sums: dict[str, Any] = {name: math.fsum(getattr(of_days[day], name) for day in days) for name in AMOUNTS}
    for name in ("delivery_parcels", "pickup_parcels"):
        sums[name] = round(sums[name])
    made: dict[tuple[str, str], float] = {}
    for day in days:
        for one in of_days[day].produce:
            made[one.village_id, one.product] = made.get((one.village_id, one.product), 0.0) + one.kg
    produce = tuple(Produce(village_id=id_, product=product, kg=kg) for (id_, product), kg in sorted(made.items()))
    return replace(of_days[days[-1]], **sums, produce=produce)


def _of_villages(days: Mapping[int, Demand], ids: Sequence[str], waited: Sequence[int]) -> list[VillageDemand]:
    found = [{one.village_id: one for one in days[day].villages if one.village_id in ids} for day in waited]
    together = []
    for id_ in ids:
        sums: dict[str, Any] = {name: math.fsum(getattr(day[id_], name) for day in found) for name in AMOUNTS}
        together.append(replace(found[-1][id_], **sums))
    return together
