"""What the first page of an area links: other plans, the day whose figures it shows, and what stands beside plans."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple

from planner.plans.kept_services import ServiceSummary
from planner.plans.summaries import DaySummary, NetworkSummary


class Listed(NamedTuple):
    """Another plan that a page links."""

    href: str
    summary: NetworkSummary | DaySummary


class ListedBulletin(NamedTuple):
    """The bulletin that a page links: where its files are, and its month."""

    folder: str
    month: datetime.date


class ListedService(NamedTuple):
    """A service plan that a page links."""

    href: str
    summary: ServiceSummary


class LinkedBeside(NamedTuple):
    """What a first page links beside plans: plan against actual, the map of the last days, bulletin, plans of the week.

    ``packs`` are the published packs for couriers, by the id of the day plan; ``has_picture``: the coverage is drawn.
    ``frontier_href`` leads to the study of points and their routes.
    """

    actuals_href: str = ""
    week_href: str = ""
    packs: Mapping[str, str] = MappingProxyType({})
    bulletin: ListedBulletin | None = None
    has_picture: bool = False
    services: Sequence[ListedService] = ()
    frontier_href: str = ""


NOTHING_BESIDE = LinkedBeside()


def day_shown(days: Sequence[Listed]) -> Listed | None:
    """Return the published day of the latest date; where none is published, the day plan made last."""
    found = [one for one in days if isinstance(one.summary, DaySummary)]
    return max(found, key=_day_order, default=None)


def planned_again(days: Sequence[Listed]) -> set[datetime.date]:
    """Return the dates that have several plans: what tells these apart is said."""
    count = Counter(one.summary.date for one in days if isinstance(one.summary, DaySummary))
    return {date for date, plans in count.items() if plans > 1}


def _day_order(one: Listed) -> tuple[datetime.date, datetime.datetime, str]:
    assert isinstance(one.summary, DaySummary)
    day = one.summary
    return day.date if day.published else datetime.date.min, day.created_at, day.id
