"""A date that follows a service plan: which points are visited, with all that came since their visit before."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import replace

from planner.errors import BadDataError, Message
from planner.model import Demand
from planner.pipeline.area_run import AreaRun
from planner.pipeline.demand import estimate_demand
from planner.pipeline.earlier_days import EarlierDays
from planner.pipeline.service.closed_days import WorkedDays
from planner.pipeline.service.week_demand import goods_since
from planner.plans import NetworkPlan
from planner.plans.followed_week import FollowedWeek
from planner.plans.service_plan import ServicePlan

_DAY = datetime.timedelta(days=1)


def followed_week(service: ServicePlan, network: NetworkPlan, date: datetime.date) -> FollowedWeek:
    """Return what a service plan says of a date: which points are visited on another day, and when next.

    Points that no plan can visit are tried each day: why they are on no route is for the day to say.

    Raises
    ------
    BadDataError
        If the service plan stands on another network.
    """
    if service.network.id != network.id:
        raise BadDataError(
            Message(
                "{id} stands on the network {found}, not on {wanted}",
                id=service.id,
                found=service.network.id,
                wanted=network.id,
            )
        )
    worked = WorkedDays.of(service.config)
    later = {}
    for point in service.points:
        if point.pattern and not worked.visits(point.pattern, date, date):
            later[point.site_id] = _next_visit(worked, point.pattern, date)
        elif not point.pattern and worked.is_closed(date):
            later[point.site_id] = worked.next_worked(date) or date
    return FollowedWeek(service_id=service.id, next_visits=later)


_SEARCHED_DAYS = 60
"""Before and after a date, for the visit before or after it: longer holidays there are none."""


def _next_visit(worked: WorkedDays, pattern: int, date: datetime.date) -> datetime.date:
    """Return the first visit after a date; the date's own weekday weeks later where nobody drives for two months."""
    for days in (14, _SEARCHED_DAYS):
        if found := worked.visits(pattern, date + _DAY, date + _DAY * days):
            return found[0]
    return date + _DAY * (_SEARCHED_DAYS // 7 * 7)


def _days_waited(worked: WorkedDays, pattern: int, date: datetime.date) -> int:
    """Return of how many days a visit brings the goods: those after the visit before it, up to its own."""
    for days in (14, _SEARCHED_DAYS):
        if found := worked.visits(pattern, date - _DAY * days, date - _DAY):
            return (date - found[-1]).days
    return _SEARCHED_DAYS


def followed_estimate(
    run: AreaRun, service: ServicePlan, places: Mapping[str, str], today: Demand, earlier: EarlierDays
) -> Demand:
    """Return the estimate of a date for the points that are visited then, each with the goods of the days since its visit.

    ``today`` is the estimate of the date alone; what waits at villages without a place stays as it has it.
    """
    worked = WorkedDays.of(service.config)
    patterns = {point.site_id: point.pattern for point in service.points}
    since: dict[str, tuple[int, ...]] = {}
    for point in today.points:
        pattern = patterns.get(point.site_id, 0)
        if not pattern:
            if not worked.is_closed(today.date):
                since[point.site_id] = (0,)
        elif worked.visits(pattern, today.date, today.date):
            since[point.site_id] = tuple(range(1 - _days_waited(worked, pattern, today.date), 1))
    days = {0: today}
    for ago in sorted({day for waited in since.values() for day in waited} - {0}):
        days[ago] = estimate_demand(
            run.area.villages,
            places,
            run.config.demand,
            today.date + datetime.timedelta(days=ago),
            townships=run.area.townships,
            history=earlier.orders,
        )
    return goods_since(days, since, 0)


def with_next_visits(demand: Demand, places: Mapping[str, str], followed: FollowedWeek) -> Demand:
    """Return the demand with the next visit of what was ordered for points that are not visited that day."""
    return replace(
        demand,
        waiting=tuple(
            replace(one, next_visit=followed.next_visits.get(one.site_id or places.get(one.village_id, "")))
            for one in demand.waiting
        ),
    )
