"""On which dates the services of a feed run: weekdays within a span, and single dates beside them."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import dataclass

from planner.geodata.transit.feed_cells import FeedCells
from planner.model import said

_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_ADDED, _REMOVED = "1", "2"
_FEWEST_YEAR, _LAST_YEAR = 1990, 2200


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedService:
    """A service: on ``weekdays`` (0 = Monday) from ``first`` to ``last``, on ``added`` dates too, never on ``removed``."""

    id: str
    weekdays: frozenset[int] = frozenset()
    first: datetime.date = datetime.date.max
    last: datetime.date = datetime.date.min
    added: frozenset[datetime.date] = frozenset()
    removed: frozenset[datetime.date] = frozenset()

    def runs_on(self, date: datetime.date) -> bool:
        """Return whether it runs on a date."""
        if date in self.removed:
            return False
        return date in self.added or (self.first <= date <= self.last and date.weekday() in self.weekdays)

    def ends(self) -> Iterator[datetime.date]:
        """Yield dates between which all are on which it runs."""
        if self.weekdays and self.first <= self.last:
            yield from (self.first, self.last)
        yield from self.added


def read_services(calendar: FeedCells, exceptions: FeedCells) -> dict[str, FeedService]:
    """Return the services of the two files by id."""
    calendar.require("service_id", *_WEEKDAYS, "start_date", "end_date")
    exceptions.require("service_id", "date", "exception_type")
    of_week: dict[str, FeedService] = {}
    rows: dict[str, int] = {}
    for row in calendar:
        id_ = calendar.id(row, "service_id", rows)
        days = frozenset(number for number, name in enumerate(_WEEKDAYS) if _is_yes(calendar, row, name))
        first, last = _date(calendar, row, "start_date"), _date(calendar, row, "end_date")
        if first is not None and last is not None and last < first:
            message = said("is before {date}, when it begins", date=first.isoformat())
            calendar.note(row, "end_date", "end_before_start", message, said("correct one of the dates"))
        if id_ and first is not None and last is not None:
            rows[id_] = row
            of_week[id_] = FeedService(id=id_, weekdays=days, first=first, last=last)
    return _with_exceptions(of_week, exceptions)


def _with_exceptions(of_week: dict[str, FeedService], exceptions: FeedCells) -> dict[str, FeedService]:
    single: dict[str, dict[str, set[datetime.date]]] = {}
    seen: dict[tuple[str, datetime.date], int] = {}
    for row in exceptions:
        id_, date = exceptions.id(row, "service_id"), _date(exceptions, row, "date")
        kind = exceptions.raw(row, "exception_type")
        if kind not in (_ADDED, _REMOVED):
            message = said("is neither 1 (runs) nor 2 (does not run)")
            exceptions.note(row, "exception_type", "unknown_word", message, said("write 1 or 2"))
        if not id_ or date is None or kind not in (_ADDED, _REMOVED):
            continue
        if (id_, date) in seen:
            message = said("is given in row {row}, too", row=exceptions.number(seen[id_, date]))
            exceptions.note(row, "date", "repeated", message, said("delete one of the rows"))
        seen[id_, date] = row
        single.setdefault(id_, {_ADDED: set(), _REMOVED: set()})[kind].add(date)
    found = dict(of_week)
    for id_, dates in single.items():
        week = of_week.get(id_, FeedService(id=id_))
        found[id_] = FeedService(
            id=id_,
            weekdays=week.weekdays,
            first=week.first,
            last=week.last,
            added=frozenset(dates[_ADDED]),
            removed=frozenset(dates[_REMOVED]),
        )
    return dict(sorted(found.items()))


def _is_yes(calendar: FeedCells, row: int, column: str) -> bool:
    text = calendar.raw(row, column)
    if text not in ("0", "1") and calendar.has(column):
        calendar.note(row, column, "not_yes_or_no", said("is neither yes nor no"), said("write 1 or 0"))
    return text == "1"


def _date(cells: FeedCells, row: int, column: str) -> datetime.date | None:
    date = cells.date(row, column) if cells.has(column) else None
    if date is not None and not _FEWEST_YEAR <= date.year <= _LAST_YEAR:
        message = said("is not within {low} and {high}", low=_FEWEST_YEAR, high=_LAST_YEAR)
        cells.note(row, column, "out_of_range", message, said("correct the date"))
        return None
    return date
