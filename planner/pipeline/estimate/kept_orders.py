"""The days of a store on which parcels were ordered, as estimates learn from them."""

from __future__ import annotations

import datetime
from collections.abc import Iterable

from planner.model import Demand, DemandBasis
from planner.pipeline.estimate.village_estimates import WINDOW, OrderedDay
from planner.plans.store import PlanStore
from planner.plans.summaries import DaySummary

_ALL = 100_000


def kept_orders(store: PlanStore, area_id: str, first: datetime.date, last: datetime.date) -> tuple[OrderedDay, ...]:
    """Return the kept days of an area from ``first`` to ``last`` that have ordered parcels, by date.

    Of several plans of a date the published one counts, else the newest; one without orders does not count.
    """
    found: dict[datetime.date, OrderedDay] = {}
    wanted = [day for day in store.days(area_id, limit=_ALL) if first <= day.date <= last]
    for day in _published_first(wanted):
        if day.date not in found and (ordered := ordered_day(store.day_demand(day.id))):
            found[day.date] = ordered
    return tuple(found[date] for date in sorted(found))


def orders_before(store: PlanStore, area_id: str, date: datetime.date) -> tuple[OrderedDay, ...]:
    """Return the kept days with orders that an estimate of a date learns from."""
    return kept_orders(store, area_id, date - WINDOW, date - datetime.timedelta(days=1))


def _published_first(days: Iterable[DaySummary]) -> list[DaySummary]:
    """Return the days, a published one before others of its date, which stay the newest first."""
    return sorted(days, key=lambda day: (day.date, not day.published))


def ordered_day(demand: Demand) -> OrderedDay | None:
    """Return what was ordered of a day's demand, None if nothing was; an ordered zero is a zero."""
    down, up = (_ordered(demand, name) for name in ("delivery_parcels", "pickup_parcels"))
    return OrderedDay(date=demand.date, down=down, up=up) if down or up else None


def _ordered(demand: Demand, name: str) -> dict[str, float]:
    """Return a figure by village where it was ordered: what its point takes and what waits."""
    found = {
        one.village_id: float(getattr(one, name))
        for one in demand.villages
        if one.basis.get(name) is DemandBasis.ORDERED
    }
    for one in demand.waiting:
        if one.village_id and one.basis.get(name) is DemandBasis.ORDERED:
            found[one.village_id] = found.get(one.village_id, 0.0) + float(getattr(one, name))
    return found
