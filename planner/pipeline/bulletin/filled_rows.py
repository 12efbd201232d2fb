"""Rows of a table that the bureau filled in: its headings found, its cells as text and figures, every fault with its row."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from planner.errors import BadDataError, Message, of_file
from planner.geodata.columns import normal
from planner.geodata.findings import Finding, Severity
from planner.geodata.headings import HEADING_ROWS
from planner.geodata.readers.calamine_sheets import CellSheet
from planner.geodata.sheet_table import cell_sheets
from planner.geodata.tables import SPREADSHEETS
from planner.geodata.written_figures import written_figure
from planner.model import Fact, said
from planner.pipeline.bulletin.definitions import known_headings
from planner.plans.bulletin import Indicator
from planner.writing import unprintable

_LONGEST = 300
_MOST = 1e12
_COLUMNS = {"code": Message("indicator code"), "value": Message("value")}


@dataclass(frozen=True, slots=True, kw_only=True)
class FilledRow:
    """One row: its number as a spreadsheet counts, its cells by field, and where its faults go."""

    file: str
    number: int
    cells: Mapping[str, str]
    headings: Mapping[str, str]
    formulas: frozenset[str]
    findings: list[Finding]

    def fault(self, code: str, field: str, message: Fact, remedy: Fact) -> None:
        """Note an error in a field of this row."""
        self.findings.append(
            Finding(
                severity=Severity.ERROR,
                code=code,
                file=self.file,
                row=self.number,
                field=self.headings.get(field, field),
                value=self.cells.get(field, "")[:40],
                message=message,
                remedy=remedy,
            )
        )

    def text(self, field: str) -> str:
        """Return a cell's text in plain characters, empty (with a finding) where no file can show it."""
        text = normal(self.cells.get(field, ""))
        if unprintable(text):
            self.fault("control_character", field, said("holds a character no file can show"), said("type it anew"))
            return ""
        if len(text) > _LONGEST:
            message = said("has {count} characters, more than {most}", count=len(text), most=_LONGEST)
            self.fault("too_long", field, message, said("shorten it"))
            return ""
        return text

    def figure(self, field: str, indicator: Indicator) -> float | None:
        """Return a cell's figure of an indicator, of a share the part of the whole; None (with a finding) if it is none.

        A share is written in percent, with or without the sign; what is below 1 without it may be meant as a part of the
        whole, and is asked for.
        """
        if field in self.formulas:
            remedy = said("open the file in Excel or WPS and save it, or paste the values")
            self.fault("formula_without_result", field, said("is a formula whose result is not in the file"), remedy)
            return None
        text = self.text(field)
        if not text:
            return None
        sign = indicator.in_percent and text.endswith("%")
        body = text.removesuffix("%").strip() if sign else _without_unit(text, indicator)
        found = written_figure(body)
        if found is None:
            remedy = said("write digits only, in the unit of the table; leave it empty if it is not known")
            self.fault("not_a_number", field, said("is not a number"), remedy)
            return None
        value = float(found)
        problem = _implausible(value, indicator, signed=sign)
        if problem is not None:
            self.fault("implausible", field, *problem)
            return None
        return float(found / 100) if indicator.in_percent else value


def _without_unit(text: str, indicator: Indicator) -> str:
    for unit in (indicator.unit.zh, str(indicator.unit)):
        text = text.removesuffix(unit).strip() if unit != "%" else text
    return text


def _implausible(value: float, indicator: Indicator, *, signed: bool) -> tuple[Fact, Fact] | None:
    """Return what is wrong with a figure that can be read, and what to do; None if nothing is."""
    correct = said("correct it, or leave it empty if it is not known")
    if value < 0:
        return said("is negative"), correct
    if indicator.kind == "share" and value > 100:
        return said("is more than 100 percent"), correct
    if indicator.kind == "share" and 0 < value < 1 and not signed:
        percent, part = f"{value * 100:g}", f"{value:g}"
        message = said("is below 1 percent, or a part of the whole")
        return message, said("write {percent}, or {part}% if that is meant", percent=percent, part=part)
    if indicator.kind == "count" and value != int(value):
        return said("is not a whole number"), said("write a whole number")
    if abs(value) > _MOST:
        return said("is more than any county has"), correct
    return None


def filled_rows(path: Path, wanted: Sequence[str], findings: list[Finding]) -> Iterator[FilledRow]:
    """Yield the rows below the headings; faults go to ``findings``, and ``wanted`` are the columns that must be there.

    Raises
    ------
    BadDataError
        If the file cannot be read, or has no row of headings.
    """
    if not path.is_file():
        raise BadDataError(
            of_file(path.name, Message("no such file")), [Message("looked for {path}", path=path.resolve())]
        )
    if path.suffix.lower() not in SPREADSHEETS:
        what = Message("figures are read from {known}", known=sorted(SPREADSHEETS))
        raise BadDataError(of_file(path.name, what))
    found = False
    for sheet in cell_sheets(path, _count_known):
        if sheet.hidden:
            continue
        head = _heading_row(sheet, wanted)
        if head is None:
            continue
        found = True
        yield from _rows_below(path.name, sheet, head, findings)
    if not found:
        named = [_COLUMNS[field] for field in wanted]
        what = Message("no row of headings with {columns}: fill in the table that --template writes", columns=named)
        raise BadDataError(of_file(path.name, what))


def _heading_row(sheet: CellSheet, wanted: Sequence[str]) -> tuple[int, dict[str, int], dict[str, str]] | None:
    """Return number, places by field and headings by field of the first row that has all wanted headings."""
    for number, cells in sheet.rows[:HEADING_ROWS]:
        places: dict[str, int] = {}
        for place, cell in enumerate(cells):
            field = _field(cell)
            if field is not None:
                places.setdefault(field, place)
        if all(field in places for field in wanted):
            return number, places, {field: normal(cells[place]) for field, place in places.items()}
    return None


def _rows_below(
    file: str, sheet: CellSheet, head: tuple[int, dict[str, int], dict[str, str]], findings: list[Finding]
) -> Iterator[FilledRow]:
    first, places, headings = head
    for number, cells in sheet.rows:
        if number <= first or not any(cell.strip() for cell in cells):
            continue
        yield FilledRow(
            file=file,
            number=number,
            cells={field: cells[place] for field, place in places.items() if place < len(cells)},
            headings=headings,
            formulas=frozenset(field for field, place in places.items() if (number, place + 1) in sheet.formulas),
            findings=findings,
        )


def _plain(heading: str) -> str:
    return "".join(c for c in normal(heading).lower() if c.isalnum())


def _field(cell: str) -> str | None:
    plain = _plain(cell)
    return _field_by_heading().get(plain) if plain else None


def _count_known(cells: Sequence[str]) -> int:
    return len({field for cell in cells if (field := _field(cell))})


@cache
def _field_by_heading() -> dict[str, str]:
    return {_plain(name): field for field, names in known_headings().items() for name in names}
