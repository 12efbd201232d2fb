"""Dates on which nobody drives though their weekday is one of the week's, and where the visits of such dates go."""

from __future__ import annotations

import datetime
import math
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations
from typing import Any

import chinese_calendar

from planner.config.service_section import WEEKDAYS
from planner.plans.service_closures import HolidayClosure, MovedVisit
from planner.service.week import longest_gap

_DAY = datetime.timedelta(days=1)
_MOST_WAYS = 20_000
"""Ways to move the visits of one spell that are compared; a year of closed Mondays would have billions."""
_WEEK = 7
_HOLIDAYS = {
    "new_year": "New Year's Day",
    "spring_festival": "Spring Festival",
    "tomb_sweeping": "Tomb-sweeping Day",
    "labour_day": "Labour Day",
    "dragon_boat": "Dragon Boat Festival",
    "national_day": "National Day",
    "mid_autumn": "Mid-autumn Festival",
}
"""Codes of the configuration by the names that the calendar's package has."""
_LONGEST_DAYS = 60
"""Of a closure that visits are looked for around: no longer one is a holiday."""


@dataclass(frozen=True, kw_only=True)
class WorkedDays:
    """On which dates vehicles drive: ``weekdays`` of each week but for ``dates`` and the days off of ``holidays``."""

    weekdays: tuple[int, ...]
    holidays: frozenset[str] = frozenset()
    dates: frozenset[datetime.date] = frozenset()

    @classmethod
    def of(cls, config: Mapping[str, Any]) -> WorkedDays:
        """Return those of a configuration's ``[service]`` as a plan keeps it (JSON types)."""
        service = config.get("service") or {}
        shut = service.get("closed_weekdays", ())
        return cls(
            weekdays=tuple(day for day, name in enumerate(WEEKDAYS) if name not in shut),
            holidays=frozenset(service.get("closed_holidays", ())),
            dates=frozenset(map(datetime.date.fromisoformat, service.get("closed_dates", ()))),
        )

    def is_closed(self, date: datetime.date) -> bool:
        """Return whether nobody drives on a date for a holiday; closed weekdays are not asked."""
        return date in self.dates or (bool(self.holidays) and _holiday(date) in self.holidays)

    def is_worked(self, date: datetime.date) -> bool:
        """Return whether vehicles drive on a date."""
        return date.weekday() in self.weekdays and not self.is_closed(date)

    def next_worked(self, date: datetime.date) -> datetime.date | None:
        """Return the first date after another on which vehicles drive, None if there is none within two months."""
        later = (date + _DAY * number for number in range(1, _LONGEST_DAYS))
        return next((one for one in later if self.is_worked(one)), None)

    def moved(
        self, pattern: int, first: datetime.date, last: datetime.date
    ) -> dict[datetime.date, datetime.date | None]:
        """Return where each visit of a pattern from ``first`` to ``last`` goes that falls on a closed date, None: nowhere.

        Visits stay between the visit kept before them and the one kept after, in their order, on days that are worked. Of
        all ways to do so it is the one that least exceeds the pattern's own longest gap between two visits; then leaves out
        fewest visits; then moves them by the fewest days; then has the most even gaps; then comes earliest.
        Where ways are too many, those to the days nearest to each visit are compared.
        """
        if not pattern or not (self.holidays or self.dates):
            return {}
        found: dict[datetime.date, datetime.date | None] = {}
        for before, closed, after in self._groups(pattern, first, last):
            found.update(_placed(before, closed, after, longest_gap(pattern, _WEEK), self.is_worked))
        return {date: to for date, to in sorted(found.items()) if first <= date <= last}

    def visits(self, pattern: int, first: datetime.date, last: datetime.date) -> tuple[datetime.date, ...]:
        """Return the dates from ``first`` to ``last`` on which a pattern has a visit, those moved included."""
        around = self.moved(pattern, first - _DAY * _LONGEST_DAYS, last + _DAY * _LONGEST_DAYS)
        kept = {date for date in _dates(first, last) if pattern >> date.weekday() & 1 and date not in around}
        return tuple(sorted(kept | {to for to in around.values() if to is not None and first <= to <= last}))

    def _groups(
        self, pattern: int, first: datetime.date, last: datetime.date
    ) -> Iterator[tuple[datetime.date, list[datetime.date], datetime.date]]:
        """Yield visits on closed dates between two that are kept, with these, as far as they touch the dates."""
        before: datetime.date | None = None
        closed: list[datetime.date] = []
        for date in _dates(first - _DAY * _LONGEST_DAYS, last + _DAY * _LONGEST_DAYS):
            if not pattern >> date.weekday() & 1:
                continue
            if self.is_closed(date):
                closed.append(date)
                continue
            if closed and before is not None and closed[0] <= last and closed[-1] >= first:
                yield before, closed, date
            before, closed = date, []


def closures_of(year: int, patterns: Mapping[str, int], worked: WorkedDays) -> tuple[HolidayClosure, ...]:
    """Return the dates of a year on which nobody drives for a holiday, those in a row together, and whose visits move."""
    first, last = datetime.date(year, 1, 1), datetime.date(year, 12, 31)
    moved = {site_id: worked.moved(pattern, first, last) for site_id, pattern in sorted(patterns.items())}
    return tuple(
        HolidayClosure(
            first=spell[0],
            last=spell[-1],
            moved=tuple(
                MovedVisit(site_id=site_id, date=date, to=to)
                for site_id, visits in moved.items()
                for date, to in visits.items()
                if spell[0] <= date <= spell[-1]
            ),
        )
        for spell in _spells(date for date in _dates(first, last) if worked.is_closed(date))
    )


def _placed(
    before: datetime.date,
    closed: list[datetime.date],
    after: datetime.date,
    longest: int,
    is_worked: Callable[[datetime.date], bool],
) -> dict[datetime.date, datetime.date | None]:
    free = _tried([date for date in _dates(before + _DAY, after - _DAY) if is_worked(date)], closed)
    best: tuple[tuple[Any, ...], dict[datetime.date, datetime.date | None]] | None = None
    for count in range(min(len(free), len(closed)) + 1):
        for days in combinations(free, count):
            gaps = [(b - a).days for a, b in zip((before, *days), (*days, after), strict=True)]
            shift, visits = _least_shift(closed, days)
            key = (max(0, max(gaps) - longest), -count, shift, sum(gap * gap for gap in gaps), days)
            if best is None or key < best[0]:
                to = dict(zip(visits, days, strict=True))
                best = (key, {date: to.get(date) for date in closed})
    assert best is not None
    return best[1]


def _tried(free: list[datetime.date], closed: list[datetime.date]) -> list[datetime.date]:
    """Return the days that visits may move to; where ways to move are too many, the nearest to each closed date alone."""
    near, tried = len(free), free
    while near > 1 and sum(math.comb(len(tried), n) for n in range(min(len(tried), len(closed)) + 1)) > _MOST_WAYS:
        near -= 1
        tried = sorted({day for date in closed for day in sorted(free, key=lambda one: abs(one - date))[:near]})
    return tried


def _least_shift(closed: list[datetime.date], days: tuple[datetime.date, ...]) -> tuple[int, tuple[datetime.date, ...]]:
    """Return by how many days in all visits move to these days in their order, and which visits do: the nearest ones."""
    rows: list[list[tuple[float, tuple[datetime.date, ...]]]] = [[(0, ())] * (len(closed) + 1)]
    for day in days:
        row: list[tuple[float, tuple[datetime.date, ...]]] = [(math.inf, ())]
        for k, date in enumerate(closed):
            shift, chosen = rows[-1][k]
            row.append(min(row[-1], (shift + abs((day - date).days), (*chosen, date))))
        rows.append(row)
    shift, chosen = rows[-1][-1]
    return int(shift), chosen


@lru_cache(maxsize=4096)
def _holiday(date: datetime.date) -> str | None:
    """Return the public holiday that a day off belongs to, None on others and where the calendar is not published yet."""
    try:
        off, name = chinese_calendar.get_holiday_detail(date)
    except NotImplementedError:
        return None
    return next((code for code, said in _HOLIDAYS.items() if off and said == name), None)


def _dates(first: datetime.date, last: datetime.date) -> Iterator[datetime.date]:
    return (first + _DAY * number for number in range((last - first).days + 1))


def _spells(dates: Iterable[datetime.date]) -> list[list[datetime.date]]:
    spells: list[list[datetime.date]] = []
    for date in dates:
        if spells and date - spells[-1][-1] == _DAY:
            spells[-1].append(date)
        else:
            spells.append([date])
    return spells
