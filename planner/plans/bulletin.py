"""The bulletin: what a bureau reports of one month, each figure with its definition, source and what it is held against."""

from __future__ import annotations

import datetime
import operator
import re
from dataclasses import dataclass
from functools import cached_property
from typing import Annotated, Literal

from pydantic import Field

from planner.errors import Message, UsageError
from planner.model import Fact, Text
from planner.plans.document_text import content_text, text_hash

SCHEMA = "bulletin/1"
COUNTY = ""
"""What stands for the whole county among the places of a bulletin."""
_LaterDays = Annotated[int | None, Field(exclude_if=lambda days: days is None)]
_LaterIds = Annotated[tuple[str, ...], Field(exclude_if=operator.not_)]
_LaterDate = Annotated[datetime.date | None, Field(exclude_if=lambda date: date is None)]
# What bulletins of earlier did not say is not written where there is nothing to say, so that they keep their ids.
_PERIOD = re.compile(r"(20\d\d)-(0[1-9]|1[0-2])")


@dataclass(frozen=True, slots=True, kw_only=True)
class Month:
    """The month that a bulletin is about."""

    year: int
    number: int

    @classmethod
    def of(cls, text: str) -> Month:
        """Return the month of ``2026-11``.

        Raises
        ------
        UsageError
            If it is none.
        """
        match = _PERIOD.fullmatch(text)
        if match is None:
            raise UsageError(Message("{text}: write the month as 2026-11", text=repr(text)))
        return cls(year=int(match[1]), number=int(match[2]))

    def back(self, months: int) -> Month:
        """Return the month so many months before.

        Examples
        --------
        >>> str(Month.of("2026-01").back(1)), str(Month.of("2026-11").back(12))
        ('2025-12', '2025-11')
        """
        year, number = divmod(self.year * 12 + self.number - 1 - months, 12)
        return Month(year=year, number=number + 1)

    @property
    def first(self) -> datetime.date:
        """Its first day."""
        return datetime.date(self.year, self.number, 1)

    @property
    def last(self) -> datetime.date:
        """Its last day."""
        return self.back(-1).first - datetime.timedelta(days=1)

    def __str__(self) -> str:
        return f"{self.year}-{self.number:02d}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Indicator:
    """One line of a bulletin: what it is called, how it is defined, and what it should come to.

    ``kind``: a ``share`` is a part of the whole (0.9 is 90 %), a ``growth`` a share that may be negative or above 1; both
    change by percentage points, a ``count`` and an ``amount`` by percent, a ``grade`` by neither. ``less_is_better`` says
    which way the rank and the target go. An ``entered`` one comes from the bureau's table; of one that ``adds_up``
    the townships' sum is the county's.
    """

    code: str
    name: Text
    definition: Text
    unit: Text
    kind: Literal["share", "growth", "count", "amount", "grade"]
    target: float | None = None
    less_is_better: bool = False
    entered: bool = False
    by_township: bool = False
    adds_up: bool = True

    @property
    def in_percent(self) -> bool:
        """Whether people read it in percent."""
        return self.kind in ("share", "growth")


@dataclass(frozen=True, slots=True, kw_only=True)
class IndicatorFigure:
    """What an indicator comes to in one place, the county (``COUNTY``) or a township.

    ``part`` and ``whole`` are what a share is made of, where that is known. Where there is no ``value``, ``reason`` says
    why; ``note`` says what is to be known of one that is there. ``previous`` and ``year_before`` are the values of the
    bulletins of the month before and of the same month a year before, None where there is none. ``rank`` is that among the
    townships, from 1, equal ones alike. ``reporter`` filled it in. ``days`` are those that it is worked out from, None where
    it is not of days.
    """

    code: str
    place_id: str
    value: float | None
    part: float | None = None
    whole: float | None = None
    reason: Fact | None = None
    note: Fact | None = None
    source: Fact
    reporter: str = ""
    previous: float | None = None
    year_before: float | None = None
    rank: int | None = None
    days: _LaterDays = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BulletinPlace:
    """A township that figures are given for, or a place that lacks something."""

    id: str
    name: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class GradeStep:
    """What leads to the county's next commercial grade at the least cost: villages that need a shop, townships a centre.

    ``lower_bound_yuan`` is what no other choice undercuts. ``centre_m2`` is how much floor the county's centre still lacks,
    which has no price here. Nothing leads there where ``reason`` says so.
    """

    grade: int
    shops: tuple[BulletinPlace, ...] = ()
    centres: tuple[BulletinPlace, ...] = ()
    cost_yuan: float | None = None
    lower_bound_yuan: float | None = None
    centre_m2: float | None = None
    reason: Fact | None = None


@dataclass(frozen=True, kw_only=True)
class Bulletin:
    """The indicators of one area and month: by county first, then by township, in the order of ``indicators``.

    It rests on the network plan in force on the month's last day and on the day plans of the month, of which it keeps the
    ids only; ``stage`` is the name of the network's stage. ``previous_id`` and ``year_before_id`` are the bulletins that it
    is held against, ``figures_file`` is the table that the bureau filled in; empty where there is none. Days after ``until``
    had not come: plans of them, ``ahead_ids``, count nowhere. Figures of fewer than ``fewest_days`` days say little.
    """

    area_id: str
    area_name: Text
    issuer: Text
    period: str
    network_id: str
    stage: str
    day_ids: tuple[str, ...]
    indicators: tuple[Indicator, ...]
    townships: tuple[BulletinPlace, ...]
    figures: tuple[IndicatorFigure, ...]
    figures_file: str = ""
    previous_id: str = ""
    year_before_id: str = ""
    grade_step: GradeStep | None = None
    until: _LaterDate = None
    ahead_ids: _LaterIds = ()
    fewest_days: _LaterDays = None

    @cached_property
    def id(self) -> str:
        """A name that is the same for the same content: area id, bulletin, month and twelve digits of a hash."""
        digits = text_hash(content_text(SCHEMA, self))
        return f"{self.area_id}-bulletin-{self.period.replace('-', '')}-{digits}"

    @property
    def month(self) -> Month:
        """The month that it is about."""
        return Month.of(self.period)

    @cached_property
    def figure_of(self) -> dict[tuple[str, str], IndicatorFigure]:
        """The figures by indicator and place."""
        return {(figure.code, figure.place_id): figure for figure in self.figures}

    def is_of_few_days(self, figure: IndicatorFigure) -> bool:
        """Return whether a figure rests on too few days to say much."""
        return figure.days is not None and self.fewest_days is not None and figure.days < self.fewest_days

    @cached_property
    def indicator_of(self) -> dict[str, Indicator]:
        """The indicators by code."""
        return {indicator.code: indicator for indicator in self.indicators}


def change(indicator: Indicator, value: float | None, before: float | None) -> float | None:
    """Return how much a figure has changed: of shares the difference, of counts and amounts the part that it grew by.

    None where one of the two is not known, of a grade, and where what it grew from is nothing.

    Examples
    --------
    >>> share = Indicator(code="A1", name=Text("a"), definition=Text("b"), unit=Text("%"), kind="share")
    >>> count = Indicator(code="B1", name=Text("a"), definition=Text("b"), unit=Text("shops"), kind="count")
    >>> change(share, 0.75, 0.5), change(count, 75, 50), change(count, 75, 0), change(count, 75, None)
    (0.25, 0.5, None, None)
    """
    if value is None or before is None or indicator.kind == "grade":
        return None
    if indicator.in_percent:
        return value - before
    return None if before == 0 else (value - before) / before


def completion(indicator: Indicator, value: float | None) -> float | None:
    """Return which part of its target a figure has reached; None without either, or where the target is nothing.

    Of what should be little it is the target's part of the figure, so that 1 is the target either way.

    Examples
    --------
    >>> share = Indicator(code="A1", name=Text("a"), definition=Text("b"), unit=Text("%"), kind="share", target=0.8)
    >>> completion(share, 0.4), completion(share, None)
    (0.5, None)
    """
    if value is None or indicator.target is None or indicator.kind == "grade":
        return None
    over, under = (indicator.target, value) if indicator.less_is_better else (value, indicator.target)
    return None if under == 0 else over / under
