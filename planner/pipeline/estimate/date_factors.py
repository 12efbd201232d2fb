"""What a date is, and by how much that raises or lowers what is brought: weekday, holiday, peak, market day."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

import chinese_calendar
from borax.calendars.lunardate import LunarDate

from planner.config import DemandConfig, PeakConfig, market_factor, peaks_of
from planner.model import Township
from planner.units import FloatArray

_SUNDAY, _WORKING_DAYS = 6, 5
_FIRST_LUNAR_YEAR, _LAST_LUNAR_YEAR = 1900, 2100
WEEKDAY, HOLIDAY, MADE_UP, UNKNOWN = "weekday", "public_holiday", "made_up_workday", "holidays_unknown"
"""What a date is among the days of its week; of ``UNKNOWN`` nobody has said yet whether it is a holiday."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DateFactors:
    """What a date is: one of `WEEKDAY`, `HOLIDAY`, `MADE_UP`, `UNKNOWN`, and what of the year falls on it.

    ``shares`` are those of the seven weekdays that it counts as. ``peaks`` are those it falls in, and ``markets`` the
    townships whose market is held, whose villages have ``market_factor`` times the rest.
    """

    kind: str
    shares: tuple[float, ...]
    peaks: tuple[PeakConfig, ...]
    markets: frozenset[str]
    market_factor: float

    @property
    def is_plain(self) -> bool:
        """Whether it tells of usual days: no holiday, no day worked for one, no festival."""
        return self.kind in (WEEKDAY, UNKNOWN) and not any(peak.festival for peak in self.peaks)

    @property
    def of_peaks(self) -> float:
        """The factor of all its peaks together."""
        product = 1.0
        for peak in self.peaks:
            product *= peak.factor
        return product

    def of_week(self, weekday_factors: Sequence[float] | FloatArray) -> float:
        """Return its factor among the days of the week."""
        return float(sum(share * factor for share, factor in zip(self.shares, weekday_factors, strict=True) if share))

    def of_township(self, township_id: str) -> float:
        """Return the factor of the year and the market for a township's villages, without that of the week."""
        return self.of_peaks * (self.market_factor if township_id in self.markets else 1.0)

    def named(self, weekday_factors: Sequence[float] | FloatArray) -> tuple[tuple[str, float], ...]:
        """Return what raises or lowers the date, by code, and by how much."""
        market = [("market_day", self.market_factor)] if self.markets else []
        week = (self.kind, round(self.of_week(weekday_factors), 4))
        return (week, *((peak.id, peak.factor) for peak in self.peaks), *market)


def date_factors(date: datetime.date, config: DemandConfig, townships: Sequence[Township] = ()) -> DateFactors:
    """Return what a date is for an area."""
    peaks = tuple(peak for peak in peaks_of(config) if _falls_in(date, peak))
    kind = _kind(date) if config.calendar == "china" and not any(peak.festival for peak in peaks) else WEEKDAY
    return DateFactors(
        kind=kind,
        shares=_shares(date, kind),
        peaks=peaks,
        markets=frozenset(one.id for one in townships if is_market_day(one.market_days, date)),
        market_factor=market_factor(config),
    )


def _kind(date: datetime.date) -> str:
    try:
        works = chinese_calendar.is_workday(date)
    except NotImplementedError:  # the council of state has not said it when the package was made
        return UNKNOWN
    weekend = date.weekday() >= _WORKING_DAYS
    if works:
        return MADE_UP if weekend else WEEKDAY
    return HOLIDAY if _named_holiday(date) else WEEKDAY


def _named_holiday(date: datetime.date) -> bool:
    """Return whether the day off is more than a weekend: it is a weekday, or the package names the feast."""
    return date.weekday() < _WORKING_DAYS or chinese_calendar.get_holiday_detail(date)[1] is not None


def _shares(date: datetime.date, kind: str) -> tuple[float, ...]:
    if kind == MADE_UP:
        return (1 / _WORKING_DAYS,) * _WORKING_DAYS + (0.0, 0.0)
    day = _SUNDAY if kind == HOLIDAY else date.weekday()
    return tuple(float(number == day) for number in range(7))


def _falls_in(date: datetime.date, peak: PeakConfig) -> bool:
    if peak.from_spring_festival is not None:
        first, last = peak.from_spring_festival
        return any(first <= (date - new_year).days <= last for new_year in _new_years_near(date))
    assert peak.first is not None
    assert peak.last is not None
    day = f"{date:%m-%d}"
    return peak.first <= day <= peak.last if peak.first <= peak.last else day >= peak.first or day <= peak.last


def _new_years_near(date: datetime.date) -> Iterator[datetime.date]:
    for year in (date.year - 1, date.year, date.year + 1):
        if _FIRST_LUNAR_YEAR < year < _LAST_LUNAR_YEAR:
            yield _spring_festival(year)


@lru_cache(maxsize=256)
def _spring_festival(year: int) -> datetime.date:
    """Return the first day of the lunar year."""
    day: datetime.date = LunarDate(year, 1, 1).to_solar_date()
    return day


def is_market_day(market_days: Sequence[str], date: datetime.date) -> bool:
    """Return whether a market is held; ``market_days`` are codes as `planner.geodata.market_days` makes them.

    Examples
    --------
    >>> is_market_day(["ends-3", "ends-6"], datetime.date(2026, 11, 13))
    True
    >>> is_market_day(["week-3"], datetime.date(2026, 11, 11)), is_market_day(["lunar-ends-5"], datetime.date(2026, 11, 13))
    (True, True)
    """
    for code in market_days:
        rule, _, number = code.rpartition("-")
        lunar, which = rule.startswith("lunar-"), int(number)
        kind = rule.removeprefix("lunar-")
        day = _lunar_day(date) if lunar else date.day
        held = {"ends": day % 10 == which % 10 and day > 0, "date": day == which, "week": date.isoweekday() == which}
        if held[kind]:
            return True
    return False


@lru_cache(maxsize=1024)
def _lunar_day(date: datetime.date) -> int:
    """Return the day of the lunar month; 0 where no table has it."""
    if not _FIRST_LUNAR_YEAR < date.year < _LAST_LUNAR_YEAR:
        return 0
    return int(LunarDate.from_solar_date(date.year, date.month, date.day).day)
