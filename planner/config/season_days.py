"""Which days each season lasts: ranges of days within the year, all 366 of them in exactly one season."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping, Sequence
from typing import Annotated, Self

from pydantic import AfterValidator, ConfigDict, Field, model_validator

from planner.config.faults import one_after_the_other
from planner.config.sections import Provenance, Section
from planner.errors import Message

_LEAP_YEAR = 2000
_DAYS = tuple(f"{datetime.date(_LEAP_YEAR, 1, 1) + datetime.timedelta(days=n):%m-%d}" for n in range(366))
_NUMBER = {day: number for number, day in enumerate(_DAYS)}


def _day_of_year(text: str) -> str:
    """Return the day, which some year must have."""
    if text not in _NUMBER:
        raise ValueError(Message("{text} is no day of the year: write month and day, as 04-30", text=repr(text)))
    return text


DayOfYear = Annotated[str, Field(max_length=5), AfterValidator(_day_of_year)]
DayRange = tuple[DayOfYear, DayOfYear]


class SeasonDaysConfig(Section):
    """An area's own calendar: for each season, by name, the ranges of days it lasts, both ends included.

    A range may run over the turn of the year (``["11-26", "03-31"]``).
    """

    model_config = ConfigDict(extra="allow", frozen=True)
    __pydantic_extra__: dict[str, tuple[DayRange, ...]] = Field(init=False)

    provenance: Provenance

    @model_validator(mode="after")
    def _every_day_once(self) -> Self:
        season_by_day(self.ranges)
        return self

    @property
    def ranges(self) -> Mapping[str, Sequence[DayRange]]:
        """The ranges of days of each season."""
        return self.__pydantic_extra__


def season_by_day(ranges: Mapping[str, Sequence[tuple[str, str]]]) -> dict[str, str]:
    """Return the season of each day of a leap year, ``01-01`` to ``12-31``.

    Raises
    ------
    ValueError
        If a day is in no season or in several; all such days are listed.

    Examples
    --------
    >>> season_by_day({"summer": [("04-01", "10-31")], "winter": [("11-01", "03-31")]})["02-29"]
    'winter'
    """
    found: dict[str, list[str]] = {day: [] for day in _DAYS}
    for season, parts in ranges.items():
        for first, last in parts:
            begin, end = _NUMBER[_day_of_year(first)], _NUMBER[_day_of_year(last)]
            days = _DAYS[begin : end + 1] if begin <= end else _DAYS[begin:] + _DAYS[: end + 1]
            for day in days:
                found[day].append(season)
    problems: list[str] = []
    if missing := _runs(day for day in _DAYS if not found[day]):
        problems.append(Message("no season has the days {days}", days=missing))
    if twice := _runs(day for day in _DAYS if len(found[day]) > 1):
        problems.append(Message("more than one season has the days {days}", days=twice))
    if problems:
        raise ValueError(one_after_the_other(problems))
    return {day: names[0] for day, names in found.items()}


def _runs(days: Iterable[str]) -> list[str]:
    """Return days that follow one another as ``first to last``."""
    runs: list[list[str]] = []
    for day in days:
        if runs and _NUMBER[day] == _NUMBER[runs[-1][-1]] + 1:
            runs[-1].append(day)
        else:
            runs.append([day])
    return [run[0] if len(run) == 1 else f"{run[0]}..{run[-1]}" for run in runs]
