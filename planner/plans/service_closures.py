"""What holidays do to a week's visits: dates on which nobody drives, and the dates that visits move to."""

from __future__ import annotations

import datetime
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class MovedVisit:
    """A visit of the week that falls on a closed date; ``to`` is when it is made, None where the next one has its goods."""

    site_id: str
    date: datetime.date
    to: datetime.date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class HolidayClosure:
    """Dates in a row on which nobody drives, both included, and the visits that fall on them."""

    first: datetime.date
    last: datetime.date
    moved: tuple[MovedVisit, ...]
