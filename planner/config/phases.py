"""The ``[[coverage.phases]]`` of a configuration: which years each lasts, and which of them a date falls in."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from itertools import pairwise
from typing import Annotated, Any, Self

from pydantic import Field, PlainSerializer, PlainValidator, model_validator

from planner.config.sections import Count, Name, Provenance, Section, Share, Years, Yuan
from planner.errors import Message, UsageError

_YEARS = range(1900, 3000)


def _year_or_date(value: Any) -> int | datetime.date:
    """Return a year as an int or a date; JSON brings dates as text."""
    if isinstance(value, str):
        try:
            return datetime.date.fromisoformat(value)
        except ValueError:
            value = None
    if (type(value) is datetime.date and value.year in _YEARS) or (type(value) is int and value in _YEARS):
        return value
    raise ValueError(Message("must be a year (2027) or a date (2027-01-31)"))


def _as_json(value: int | datetime.date) -> int | str:
    return value if isinstance(value, int) else value.isoformat()


YearOrDate = Annotated[int | datetime.date, PlainValidator(_year_or_date), PlainSerializer(_as_json, when_used="json")]


def _day_of(value: int | datetime.date | None, month: int, day: int) -> datetime.date | None:
    return datetime.date(value, month, day) if isinstance(value, int) else value


def _years_between(first: int | datetime.date, last: int | datetime.date) -> int:
    """Return how many years lie between, both ends included: whole years as they are, days rounded to at least one."""
    if isinstance(first, int) and isinstance(last, int):
        return last - first + 1
    begins, ends = _day_of(first, 1, 1), _day_of(last, 12, 31)
    assert begins is not None
    assert ends is not None
    return max(1, round(((ends - begins).days + 1) / 365.25))


class PhaseConfig(Section):
    """One phase of building, of one or several ``years``.

    ``first`` and ``last`` are a year or a day each, both included; ``years`` follows from them where it is left out.
    ``budget_yuan`` pays the service points, ``station_budget_yuan`` the express stations that open in the phase; where they
    cost more the plan says so. ``count`` limits the service points open in all by then; ``target_share`` of all weight, and
    with ``cover_poor_villages`` every registered poor village, must be covered by then.
    """

    name: Annotated[Name, Field(min_length=1)]
    first: YearOrDate | None = None
    last: YearOrDate | None = None
    years: Years = 1
    budget_yuan: Yuan | None = None
    station_budget_yuan: Yuan | None = None
    count: Count | None = None
    target_share: Share | None = None
    cover_poor_villages: bool = False
    provenance: Provenance

    @model_validator(mode="before")
    @classmethod
    def _years_follow(cls, given: Any) -> Any:
        if not isinstance(given, dict) or "years" in given:
            return given
        try:
            years = _years_between(_year_or_date(given.get("first")), _year_or_date(given.get("last")))
        except ValueError:  # there are none, or they are at fault, which their own check says
            return given
        return {**given, "years": years} if years > 0 else given

    @model_validator(mode="after")
    def _last_after_first(self) -> Self:
        begins, ends = self.first_day, self.last_day
        if (begins is None) != (ends is None):
            raise ValueError(Message("first and last go together: give both or neither"))
        if begins is not None and ends is not None and ends < begins:
            raise ValueError(
                Message("last is {last}, before first, which is {first}", last=self.last, first=self.first)
            )
        if isinstance(self.first, int) and isinstance(self.last, int):
            years = _years_between(self.first, self.last)
            if self.years != years:
                message = Message(
                    "years is {given}, but {first} to {last} is {years}: leave years out",
                    given=self.years,
                    first=self.first,
                    last=self.last,
                    years=years,
                )
                raise ValueError(message)
        return self

    @property
    def first_day(self) -> datetime.date | None:
        """The day the phase begins: of a year its 1 January; None if the configuration does not say."""
        return _day_of(self.first, 1, 1)

    @property
    def last_day(self) -> datetime.date | None:
        """The day the phase ends: of a year its 31 December; None if the configuration does not say."""
        return _day_of(self.last, 12, 31)


def sequence_problems(phases: Sequence[PhaseConfig]) -> list[str]:
    """Name the phases without years where others have them, and those that do not follow the one before them."""
    without = [phase.name for phase in phases if phase.first_day is None]
    if without:
        if len(without) == len(phases):
            return []
        return [Message("phases: first and last are missing in {names}: give them to all or to none", names=without)]
    problems: list[str] = []
    for before, phase in pairwise(phases):
        assert before.last_day is not None
        assert phase.first_day is not None
        if phase.first_day == before.last_day + datetime.timedelta(days=1):
            continue
        ends = {"name": phase.name, "first": phase.first_day, "before": before.name, "last": before.last_day}
        if phase.first_day <= before.last_day:
            problems.append(Message("phases: {name} begins on {first}, before {before} ends on {last}", **ends))
        else:
            problems.append(
                Message(
                    "phases: {name} begins on {first}, and {before} ends on {last}: the days between are in no phase",
                    **ends,
                )
            )
    return problems


def phase_on(phases: Sequence[PhaseConfig], date: datetime.date) -> int | None:
    """Return the number, from 0, of the phase that a date falls in, the last one after its end; None without years.

    Raises
    ------
    UsageError
        If the network is not begun by then.
    """
    begins = [phase.first_day for phase in phases if phase.first_day is not None]
    if not begins:
        return None
    if date < begins[0]:
        raise UsageError(
            Message(
                "nothing is open on {date} yet: the network begins on {first}: choose that day or a later one",
                date=date,
                first=begins[0],
            )
        )
    return sum(first <= date for first in begins) - 1
