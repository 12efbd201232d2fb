"""How often each point asks to be visited, and on which days that may be."""

from __future__ import annotations

import datetime
import math
from collections.abc import Sequence
from functools import lru_cache

from planner.config import ServiceConfig
from planner.geodata.visit_table import read_visits
from planner.model import PointDemand, Tier
from planner.pipeline.area_run import AreaRun
from planner.pipeline.estimate.date_factors import is_market_day
from planner.pipeline.service.tier_problem import township_of
from planner.pipeline.service.week_demand import DAYS_A_WEEK
from planner.plans.service_plan import VisitsReason
from planner.service.week import even_patterns, longest_gap

_DAYS_A_YEAR = 365
_SAME = 1e-9


def own_visits(run: AreaRun) -> dict[str, int]:
    """Return how often a table says that points are to be visited, by site; empty without one.

    Raises
    ------
    BadDataError
        With every row at fault.
    """
    service = run.config.service
    if service is None or service.visits is None:
        return {}
    return read_visits(run.config.folder / service.visits, run.area, len(service.open_weekdays))


def visits_asked(
    run: AreaRun, service: ServiceConfig, days: tuple[PointDemand, ...], own: dict[str, int] | None = None
) -> tuple[int, VisitsReason]:
    """Return how often a point is to be visited a week, and why.

    What its row of the table says holds; else the least of its kind, more where parcels would pile up or visits would be
    too far apart, up to the most and to the days on which vehicles drive.
    """
    own = own_visits(run) if own is None else own
    if days[0].site_id in own:
        return own[days[0].site_id], VisitsReason.TABLE
    seat = run.area.site_by_id[days[0].site_id].tier is Tier.EXPRESS_STATION
    least = (service.least_visits_seat, VisitsReason.SEAT) if seat else (service.least_visits, VisitsReason.STANDARD)
    if service.parcels_a_visit is not None:
        parcels = sum(day.delivery_parcels + day.pickup_parcels for day in days)
        wanted = math.ceil(parcels / service.parcels_a_visit)
        least = max(least, (wanted, VisitsReason.PARCELS), key=lambda one: one[0])
    most = min(service.most_visits, len(service.open_weekdays))
    visits = min(least[0], most)
    while visits < most and service.most_gap_days is not None and _gap(service, visits) > service.most_gap_days:
        visits += 1
    return visits, least[1]


def visit_patterns(run: AreaRun, service: ServiceConfig, site_id: str, visits: int) -> tuple[int, ...]:
    """Return the sets of days, as bit masks, on which a point may be visited so often: those that are spread best.

    With ``visit_on_market_days`` of these the ones by which most markets of its township, in the year of the run, have a
    visit on their day or the day before.
    """
    masks = even_patterns(DAYS_A_WEEK, visits, closed=closed_weekdays(service))
    place = township_of(run.area, site_id) if service.visit_on_market_days else ""
    codes = next((one.market_days for one in run.area.townships if one.id == place), ())
    if not codes:
        return masks
    weekdays = market_weekdays(tuple(codes), run.day.year)
    met = [markets_met(mask, weekdays) for mask in masks]
    return tuple(mask for mask, share in zip(masks, met, strict=True) if share >= max(met) - _SAME)


def closed_weekdays(service: ServiceConfig) -> list[int]:
    """Return the weekdays on which nobody drives, 0 for Monday."""
    return [day for day in range(DAYS_A_WEEK) if day not in service.open_weekdays]


@lru_cache(maxsize=256)
def market_weekdays(codes: tuple[str, ...], year: int) -> tuple[int, ...]:
    """Return how many market days of a year fall on each weekday, Monday first.

    ``codes`` are as `planner.geodata.market_days` makes them: weekdays, or days of the solar or the lunar month.
    """
    first = datetime.date(year, 1, 1)
    counts = [0] * DAYS_A_WEEK
    for number in range(_DAYS_A_YEAR):
        date = first + datetime.timedelta(days=number)
        counts[date.weekday()] += is_market_day(codes, date)
    return tuple(counts)


def markets_met(pattern: int, weekdays: Sequence[int]) -> float:
    """Return the share of markets, given by weekday, that have a visit on their day or the day before; 1 without any.

    Examples
    --------
    >>> markets_met(0b0010101, [0, 0, 0, 52, 0, 0, 0]), markets_met(0b0010101, [0, 0, 0, 0, 0, 30, 10])
    (1.0, 0.75)
    """
    held = sum(weekdays)
    met = sum(
        count for day, count in enumerate(weekdays) if pattern >> day & 1 or pattern >> (day - 1) % DAYS_A_WEEK & 1
    )
    return met / held if held else 1.0


def _gap(service: ServiceConfig, visits: int) -> int:
    return min(
        longest_gap(mask, DAYS_A_WEEK) for mask in even_patterns(DAYS_A_WEEK, visits, closed=closed_weekdays(service))
    )
