"""The seasons of a year, day by day: which days each has, and how many Mondays, Tuesdays and so on they are."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby

from planner.config import TravelConfig
from planner.network import season_of
from planner.pipeline.service.week_demand import DAYS_A_WEEK
from planner.plans.service_seasons import Spell

_DAY = datetime.timedelta(days=1)


@dataclass(frozen=True, kw_only=True)
class YearCalendar:
    """The season of each day of a year, by the calendar of seasons or as the configuration says."""

    year: int
    travel: TravelConfig

    @cached_property
    def seasons(self) -> dict[str, tuple[Spell, ...]]:
        """The spells of each season within the year, seasons in the order in which they come first."""
        found: dict[str, tuple[Spell, ...]] = {}
        for season, days in groupby(self.days(), key=self.season_on):
            spell = list(days)
            found[season] = (*found.get(season, ()), Spell(first=spell[0], last=spell[-1]))
        return found

    def days(self) -> Iterator[datetime.date]:
        """Yield the days of the year."""
        return days_between(datetime.date(self.year, 1, 1), datetime.date(self.year, 12, 31))

    def around(self) -> Iterator[datetime.date]:
        """Yield the days of the year and of the years before and after it."""
        return days_between(datetime.date(self.year - 1, 1, 1), datetime.date(self.year + 1, 12, 31))

    def season_on(self, date: datetime.date) -> str:
        """Return the season of a day."""
        day = f"{date:%m-%d}"
        if day not in self._of_day:
            self._of_day[day] = season_of(self.travel, date).season
        return self._of_day[day]

    @cached_property
    def _of_day(self) -> dict[str, str]:
        return {}

    def middle_of(self, season: str) -> datetime.date:
        """Return the day in the middle of a season's longest spell."""
        longest = max(self.seasons[season], key=lambda spell: (spell.days, -spell.first.toordinal()))
        return longest.first + _DAY * (longest.days // 2)


def days_between(first: datetime.date, last: datetime.date) -> Iterator[datetime.date]:
    """Yield days in a row, both ends included."""
    return (first + _DAY * number for number in range((last - first).days + 1))


def weekday_counts(spells: Iterable[Spell]) -> tuple[int, ...]:
    """Return how many Mondays to Sundays the spells have.

    Examples
    --------
    >>> weekday_counts([Spell(first=datetime.date(2026, 11, 1), last=datetime.date(2026, 11, 10))])  # from a Sunday
    (2, 2, 1, 1, 1, 1, 2)
    """
    counts = [0] * DAYS_A_WEEK
    for spell in spells:
        for day in days_between(spell.first, spell.last):
            counts[day.weekday()] += 1
    return tuple(counts)
