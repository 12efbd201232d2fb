"""What is known already when a date is planned: what earlier days were told, and who drove where."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from planner.pipeline.estimate import OrderedDay, orders_before
from planner.plans.service_plan import ServicePlan
from planner.plans.store import PlanStore
from planner.routing import RoutePlan


@dataclass(frozen=True, slots=True, kw_only=True)
class EarlierDays:
    """Kept days with orders, from which estimates learn; and routes that vehicles keep, those that count most first.

    ``service`` is the plan of the week that the date follows, None if it follows none.
    """

    orders: tuple[OrderedDay, ...] = ()
    routes: tuple[RoutePlan, ...] = ()
    service: ServicePlan | None = None


NOTHING_EARLIER = EarlierDays()


def earlier_days(store: PlanStore, area_id: str, date: datetime.date) -> EarlierDays:
    """Return what a store knows when a date is planned.

    Vehicles keep what they have in the plan that is published for the date, else in the newest that is kept of it; after
    that what they had on the latest day before it that is published. There may be neither.
    """
    of_date = sorted(store.days(area_id, date=date, limit=10_000), key=lambda day: not day.published)
    before = [day for day in store.days(area_id, limit=10_000) if day.published and day.date < date]
    return EarlierDays(
        orders=orders_before(store, area_id, date),
        routes=tuple(store.day(day.id).routes for day in (*of_date[:1], *before[:1])),
    )
