"""A table of past days or months → what each village or point received and sent then, as bureau or carriers counted it."""

from __future__ import annotations

import calendar
import datetime
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from planner.errors import Message
from planner.geodata.columns import normal
from planner.geodata.findings import Finding, Severity, about_file, raise_for
from planner.geodata.orders.day_orders import table_in_child
from planner.geodata.orders.order_places import OrderPlace, OrderPlaces
from planner.geodata.place_rows import Table
from planner.geodata.row_reader import RowReader
from planner.model import StudyArea, said

_MOST_PARCELS = 1_000_000
_DAY = re.compile(r"(20\d\d)\D{1,3}(\d{1,2})\D{1,3}(\d{1,2})\D?(?:[ T]?0{1,2}:00(?::00)?)?", re.ASCII)
_MONTH = re.compile(r"(20\d\d)(?:\D{1,3}(\d{1,2})|(\d\d))\D?", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class PastFigure:
    """Parcels of a place from ``first`` to ``last`` together, down and up; None where the table does not say."""

    place: OrderPlace
    first: datetime.date
    last: datetime.date
    down: float | None
    up: float | None

    @property
    def dates(self) -> list[datetime.date]:
        """The days that it is of."""
        return [self.first + datetime.timedelta(days=day) for day in range((self.last - self.first).days + 1)]


def read_past_figures(
    path: Path, area: StudyArea, places: Mapping[str, str], until: datetime.date
) -> tuple[PastFigure, ...]:
    """Return the figures of a table of days or months; ``places`` has the site where each village hands over.

    Days after ``until`` are left out: they have not come. A month that is not over counts up to it.

    Raises
    ------
    BadDataError
        If the file cannot be read, or a row is at fault: all of them are listed.
    """
    table, _ = table_in_child(path, area, "read_past_figure_sheets")
    findings = list(table.findings)
    lacking = _lacking(table)
    findings += lacking
    known = OrderPlaces(area, frozenset(places.values()))
    found: list[tuple[RowReader, PastFigure]] = []
    for row in table.rows if not lacking else ():
        reader = RowReader(table, row, findings)
        place, span = known.of(reader), _span(reader)
        down = _parcels(reader, "delivery_parcels" if "delivery_parcels" in table.headings else "parcels")
        up = _parcels(reader, "pickup_parcels")
        if place is None or span is None or reader.bad or span[0] > until:
            continue
        one = PastFigure(place=place, first=span[0], last=min(span[1], until), down=down, up=up)
        _check_twice(reader, one, found, places, known)
        found.append((reader, one))
    raise_for(findings, Message("{file}: the figures cannot be used as they are", file=path.name))
    return tuple(one for _, one in found)


def _lacking(table: Table) -> list[Finding]:
    """Return an error for each column that must be there and is not."""
    found = []
    if "date" not in table.headings:
        message, remedy = said("has no column of days or months"), said("name it date, as 2026-11-05 or 2026-11")
        found.append(about_file(Severity.ERROR, "no_date", table.file, message, remedy))
    if not {"delivery_parcels", "pickup_parcels", "parcels"} & table.headings.keys():
        message, remedy = said("has no column of parcels"), said("name it parcels down or parcels up")
        found.append(about_file(Severity.ERROR, "no_figures", table.file, message, remedy))
    return found


def _parcels(reader: RowReader, field: str) -> float | None:
    return reader.number(field, low=0, high=_MOST_PARCELS, whole=True) if reader.has(field) else None


def _span(reader: RowReader) -> tuple[datetime.date, datetime.date] | None:
    """Return the first and last day that a row is of, None (with a finding) if it says none."""
    text = normal(reader.text("date"))
    try:
        if day := _DAY.fullmatch(text):
            date = datetime.date(int(day[1]), int(day[2]), int(day[3]))
            return date, date
        if month := _MONTH.fullmatch(text):
            first = datetime.date(int(month[1]), int(month[2] or month[3]), 1)
            return first, first.replace(day=calendar.monthrange(first.year, first.month)[1])
    except ValueError:
        pass
    message = said("is no day and no month") if text else said("is empty")
    reader.note(Severity.ERROR, "no_date", "date", message, said("write it as 2026-11-05, or 2026-11 for a month"))
    return None


def _check_twice(
    reader: RowReader,
    one: PastFigure,
    found: Sequence[tuple[RowReader, PastFigure]],
    places: Mapping[str, str],
    known: OrderPlaces,
) -> None:
    """Add an error where an earlier row has a day of this place, or of the point that it belongs to, too."""
    mine = {one.place.site_id or places.get(one.place.village_id, ""), one.place.village_id} - {""}
    for other, before in found:
        theirs = {before.place.site_id, before.place.village_id} - {""}
        if before.place != one.place:
            whole = {place.site_id for place in (one.place, before.place)} - {""}
            theirs |= {places.get(before.place.village_id, "")} - {""}
            if not whole & mine & theirs:
                continue
        if before.first <= one.last and one.first <= before.last:
            message = said(
                "{place} has days of it in row {row}, too", place=known.label(one.place), row=other.row.number
            )
            remedy = said("delete one of the rows: each day of a place counts once")
            reader.note(Severity.ERROR, "double_row", "date", message, remedy)
            return
