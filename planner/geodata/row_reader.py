"""Cells of a row → values; what cannot be read becomes a finding with the row, the field and a proposed correction."""

from __future__ import annotations

import datetime
import re
from enum import StrEnum
from typing import TypeVar

from planner.geodata.columns import NO, WORDS, YES, normal
from planner.geodata.findings import Finding, Severity
from planner.geodata.personal_data import (
    HIDDEN,
    PERSONAL,
    has_few_digits,
    is_number_of_person,
    is_personal,
    of_a_person,
    shown,
)
from planner.geodata.place_rows import Row, Table
from planner.geodata.written_figures import beyond, no_figure, not_whole, written_figure
from planner.model import Fact, said
from planner.writing import unprintable

_Choice = TypeVar("_Choice", bound=StrEnum)
_FIELDS = {
    "name": said("name"),
    "lon": said("lon"),
    "lat": said("lat"),
    "population": said("population"),
    "households": said("households"),
    "place": said("place"),
}
"""What must be filled in, in words."""
_ERRORS = frozenset(
    {"#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NUM!", "#NULL!", "#SPILL!", "#CALC!", "#GETTING_DATA"}
)
_SPREADSHEETS_FIRST_DAY = datetime.datetime(1899, 12, 30)
_FIRST_DAY_BEFORE_IT, _LEAP_DAY_THAT_WAS_NOT = datetime.datetime(1899, 12, 31), datetime.datetime(1900, 3, 1)
"""Spreadsheets count a 29 February 1900, as 60: what is before it is one day nearer to the first."""
_DATE = re.compile(r"\d{4}-\d\d-\d\d\b", re.ASCII)
_GROUPED_CODE = re.compile(r"[\d\s-]{6,}|\d{1,3}(?:,\d{3})+", re.ASCII)
_SHORTEST_CODE = 8  # of a township nine digits; 1E5 is an id
_NOT_SAID = frozenset({"", "-", "/"})
_OF_THE_TEXT = frozenset({"control_character", "too_long"})
_ON_PAGES = frozenset({"name", "name_latin"})
_LONG_NUMBERS = frozenset({"id", "site", "place", "county_code", "township_code", "lon", "lat", "position"})
_ROUNDED_CODE = re.compile(r"(\d)(?:\.(\d+))?[eE]\+?(\d{1,2})", re.ASCII)


LONGEST_CELL, _HEAD = 300, 40
"""Characters of a text: four lines of a courier's page, and what a QR code holds beside an address."""


class RowReader:
    """Reads the cells of one row; faults are appended to ``findings``, and ``bad`` says whether there was an error."""

    def __init__(self, table: Table, row: Row, findings: list[Finding]) -> None:
        self.table = table
        self.row = row
        self.findings = findings
        self.bad = False
        self._unreadable: set[str] = set()
        self._told: set[tuple[str, str]] = set()
        for fault in row.faults:
            if fault.severity is Severity.ERROR:
                self._unreadable |= {"lon", "lat"} if fault.field in ("lon", "lat") else {fault.field}
            self.note(fault.severity, fault.code, fault.field, fault.message, fault.remedy)

    def note(self, severity: Severity, code: str, field: str, message: Fact, remedy: Fact) -> None:
        """Add a finding about a field of this row."""
        self.bad = self.bad or severity is Severity.ERROR
        if code in _OF_THE_TEXT and (code, field) in self._told:
            return  # the cell is read again for each way in which it may be meant
        self._told.add((code, field))
        cell = self.row.cells.get(field, "")
        if code == PERSONAL or _is_hidden(field, cell, self.table.codes):
            cell, message, remedy = HIDDEN, shown(message), shown(remedy)
        self.findings.append(
            Finding(
                severity=severity,
                code=code,
                file=self.table.label(self.row),
                row=self.row.number,
                field=self.table.headings.get(field, field),
                value=_cut(cell),
                message=message,
                remedy=remedy,
            )
        )

    def is_unreadable(self, field: str) -> bool:
        """Return whether a finding says already that nobody can tell what the cell was."""
        return field in self._unreadable

    def has(self, field: str) -> bool:
        """Return whether the cell is there and not empty."""
        return bool(self.row.cells.get(field, "").strip())

    def text(self, field: str, *, required: bool = False) -> str:
        """Return the cell's text in plain characters, empty (with a finding) where a spreadsheet left an error in it."""
        if field in self._unreadable:
            return ""
        value = normal(self.row.cells.get(field, ""))
        if value.upper() in _ERRORS:
            self._unreadable.add(field)
            remedy = said("correct the formula, or type the value")
            self.note(Severity.ERROR, "error_cell", field, said("is an error of the spreadsheet"), remedy)
            return ""
        if (field in _ON_PAGES and is_personal(value, self.table.codes)) or (
            field == "services" and not has_few_digits(value)
        ):
            self._unreadable.add(field)
            message, remedy = of_a_person()
            self.note(Severity.ERROR, PERSONAL, field, message, remedy)
            return ""
        if unprintable(value):
            self.note(
                Severity.ERROR,
                "control_character",
                field,
                said("holds a character no file can show"),
                said("type it anew"),
            )
        if len(value) > LONGEST_CELL:
            self.note(
                Severity.ERROR,
                "too_long",
                field,
                said("has {count} characters, more than {most}", count=len(value), most=LONGEST_CELL),
                said("shorten it: pages, QR codes and courier files show it whole"),
            )
        if required and not value:
            self.note(Severity.ERROR, "missing", field, said("is empty"), _fill_in(field))
        return value

    def number(self, field: str, *, low: float, high: float, whole: bool = False) -> float | None:
        """Return the cell's number within ``[low, high]``, None (with a finding) if it is empty or not one."""
        text = self.text(field)
        if field in self._unreadable or unprintable(text) or len(text) > LONGEST_CELL:
            return None
        if not text:
            self.note(Severity.ERROR, "missing", field, said("is empty"), _fill_in(field))
            return None
        multiple = self.table.multiples.get(field, 1)
        if moment := _date_in(text):
            first = _SPREADSHEETS_FIRST_DAY if moment >= _LEAP_DAY_THAT_WAS_NOT else _FIRST_DAY_BEFORE_IT
            days = (moment - first) / datetime.timedelta(days=1)
            remedy = said("format the column as numbers: {figure}", figure=f"{days:.8f}".rstrip("0").rstrip("."))
            self.note(Severity.ERROR, "date", field, said("is a date, not a number"), remedy)
            return None
        figure = written_figure(text, field, multiple)
        if figure is None:
            self.note(Severity.ERROR, "not_a_number", field, *no_figure(text, field, multiple))
            return None
        value = float(figure)  # multiplied as a decimal: 1.1 thousand is 1100 and nothing beside it
        if not low <= value <= high:
            message = said("is not within {low} and {high}", low=f"{low:.15g}", high=f"{high:.15g}")
            self.note(Severity.ERROR, "out_of_range", field, message, beyond(text, multiple))
            return None
        if whole and value != int(value):
            self.note(Severity.ERROR, "not_whole", field, *not_whole(text, multiple))
            return None
        return value

    def count(self, field: str, default: int | None = None) -> int | None:
        """Return the cell's whole number from 0 up; ``default`` if the cell is empty and a default is given."""
        if default is not None and not self.has(field):
            return default
        value = self.number(field, low=0, high=10_000_000, whole=True)
        return None if value is None else int(value)

    def flag(self, field: str) -> bool:
        """Return yes or no (是/否, 1/0, √, true ...); an empty cell is no."""
        text = self.text(field).lower()
        if text in YES:
            return True
        if text not in NO:
            remedy = said("write yes or no, 1 or 0")
            self.note(Severity.ERROR, "not_yes_or_no", field, said("is neither yes nor no"), remedy)
        return False

    def answer(self, field: str) -> bool | None:
        """Return yes or no as `flag` does; None of an empty cell, a dash, or a word for not known: nobody says it."""
        text = self.text(field).lower()
        return None if text in _NOT_SAID or text in WORDS["unknown"] else self.flag(field)

    def choice(self, field: str, kinds: type[_Choice], default: _Choice) -> _Choice:
        """Return the kind the cell names by its code or its Chinese or English words; ``default`` if it is empty."""
        text = self.text(field)
        if not text:
            return default
        for kind in kinds:
            if text.lower() in WORDS[kind]:
                return kind
        remedy = said("write one of {choices}", choices=[Fact(code=kind.value) for kind in kinds])
        self.note(Severity.ERROR, "unknown_word", field, said("is not a known word"), remedy)
        return default

    def code(self, field: str) -> str:
        """Return a division code or other id as it was before a spreadsheet took it for a number.

        ``.0`` at its end goes; of 2.3E+11, which shows fewer digits than the code has, nobody can say what it was: it is
        empty then, with a finding.
        """
        text = self.text(field).removeprefix("'")
        if _GROUPED_CODE.fullmatch(text):  # in groups, as people read it out
            text = re.sub(r"[\s,-]", "", text)
        if re.fullmatch(r"\d+\.0+", text, re.ASCII):
            return text.partition(".")[0]
        rounded = _ROUNDED_CODE.fullmatch(text)
        if not rounded or int(rounded[3]) < _SHORTEST_CODE:
            return text
        digits, length = rounded[1] + (rounded[2] or ""), int(rounded[3]) + 1
        if len(digits) >= length and not digits[length:].strip("0"):
            return digits[:length]
        message = said("has lost digits to the spreadsheet's number format")
        remedy = said("format the column as text and enter the code again")
        self.note(Severity.ERROR, "rounded_code", field, message, remedy)
        self._unreadable.add(field)
        return ""


def _date_in(text: str) -> datetime.datetime | None:
    """Return the date and time that a spreadsheet made of a number."""
    if not _DATE.match(text):
        return None
    try:
        return datetime.datetime.fromisoformat(text)
    except ValueError:
        return None


def _is_hidden(field: str, cell: str, codes: frozenset[str]) -> bool:
    """Return whether a cell may hold a person's data; codes and positions are long numbers of their own."""
    if field in _LONG_NUMBERS:
        return is_number_of_person(cell) and cell.strip() not in codes
    return is_personal(cell, codes)


def _cut(cell: str) -> str:
    """Return a cell as a finding shows it, a long one cut."""
    return cell if len(cell) <= LONGEST_CELL else f"{cell[:_HEAD]}…"


def _fill_in(field: str) -> Fact:
    return said("fill in the {field}", field=_FIELDS[field]) if field in _FIELDS else said("fill it in")
