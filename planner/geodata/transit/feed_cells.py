"""Cells of a feed's files → texts, ids, figures, dates and clock times; what is wrong with one becomes a finding."""

from __future__ import annotations

import datetime
import difflib
import math
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import lru_cache

from planner.geodata.columns import normal
from planner.geodata.findings import Finding, Severity, about_file
from planner.geodata.transit.feed_tables import FeedFile
from planner.model import Fact, said
from planner.writing import unprintable

_LONGEST, _HEAD = 300, 40
_NEAREST, _ALIKE = 3, 0.6
_CLOCK = re.compile(r"(\d{1,2}):([0-5]\d):([0-5]\d)", re.ASCII)
_LATEST_H = 72
_DATE = re.compile(r"\d{8}", re.ASCII)
_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d{1,2})?", re.ASCII | re.IGNORECASE)
_FILL_IN = said("fill it in")


@lru_cache(maxsize=65536)
def clock_s(text: str) -> float | None:
    """Return the seconds since midnight of the service date, None if the text is no such time; runs may end days later.

    Examples
    --------
    >>> clock_s("7:05:00"), clock_s("25:10:30"), clock_s("7:05")
    (25500.0, 90630.0, None)
    """
    found = _CLOCK.fullmatch(text)
    if found is None or int(found[1]) >= _LATEST_H:
        return None
    return float(int(found[1]) * 3600 + int(found[2]) * 60 + int(found[3]))


def near_names(name: str, names: Collection[str]) -> list[str]:
    """Return the few names that look most like one."""
    return difflib.get_close_matches(name, sorted(names), n=_NEAREST, cutoff=_ALIKE)


class FeedCells:
    """The rows of one file of a feed, from 0, and where its faults go; a file that is not there has none."""

    def __init__(self, file: str, label: str, table: FeedFile | None, findings: list[Finding]) -> None:
        self.file = file
        self.label = label
        self.is_there = table is not None
        self._numbers: Sequence[int] = table["numbers"] if table else ()
        self._cells: Mapping[str, Sequence[str]] = table["cells"] if table else {}
        self._columns: Sequence[str] = table["columns"] if table else ()
        self.findings = findings
        for number in table["longer"] if table else ():
            message = said("has more cells than there are headings")
            self._note(number, "longer_row", "", "", message, said("quote a text that holds a comma"))

    def __iter__(self) -> Iterator[int]:
        return iter(range(len(self._numbers)))

    def __len__(self) -> int:
        return len(self._numbers)

    def has(self, column: str) -> bool:
        """Return whether the file has a column."""
        return column in self._columns

    def require(self, *columns: str) -> None:
        """Add an error for each of the columns that the file has not."""
        for column in columns:
            if self.is_there and not self.has(column):
                self.note_file("no_column", said("has no column {column}", column=column), said("add it"))

    def note_file(self, code: str, message: Fact, remedy: Fact, severity: Severity = Severity.ERROR) -> None:
        """Add a finding about the whole file."""
        self.findings.append(about_file(severity, code, self.label, message, remedy))

    def note(
        self, row: int, column: str, code: str, message: Fact, remedy: Fact, severity: Severity = Severity.ERROR
    ) -> None:
        """Add a finding about a cell."""
        self._note(self._numbers[row], code, column, self.raw(row, column), message, remedy, severity)

    def number(self, row: int) -> int:
        """Return the number of a row as a spreadsheet counts."""
        return self._numbers[row]

    def raw(self, row: int, column: str) -> str:
        """Return a cell as it stands in the file, empty where there is no such column."""
        cells = self._cells.get(column)
        return cells[row] if cells else ""

    def name(self, row: int, column: str) -> str:
        """Return a text that people will read, empty (with a finding) where no page can show it."""
        text = normal(self.raw(row, column))
        if unprintable(text):
            self.note(
                row, column, "control_character", said("holds a character no file can show"), said("type it anew")
            )
            return ""
        if len(text) > _LONGEST:
            message = said("has {count} characters, more than {most}", count=len(text), most=_LONGEST)
            self.note(row, column, "too_long", message, said("shorten it"))
            return ""
        return text

    def id(self, row: int, column: str, taken: Mapping[str, int] | None = None) -> str:
        """Return an id; an error where it is empty, or where ``taken`` (row by id) has it already."""
        text = self.name(row, column)
        if not text and not self.raw(row, column):
            self.note(row, column, "missing", said("is empty"), _FILL_IN)
        if taken is not None and text in taken:
            message = said("is given in row {row}, too", row=self.number(taken[text]))
            self.note(row, column, "repeated", message, said("delete one of the rows"))
            return ""
        return text

    def known(self, row: int, column: str, ids: Collection[str], file: str) -> str:
        """Return an id of another file's rows; an error with what looks like it where there is no such row."""
        text = self.id(row, column)
        if not text or text in ids:
            return text
        near = near_names(text, ids)
        remedy = said("correct it, or add it to {file}", file=file)
        if near:
            remedy = said("correct it, or add it to {file}; like it are {names}", file=file, names=near)
        self.note(row, column, "unknown_id", said("is in no row of {file}", file=file), remedy)
        return ""

    def figure(self, row: int, column: str, low: float, high: float) -> float | None:
        """Return a number within ``[low, high]``, None (with an error) if it is empty or none."""
        text = normal(self.raw(row, column))
        if not text:
            self.note(row, column, "missing", said("is empty"), _FILL_IN)
            return None
        if not _NUMBER.fullmatch(text) or not math.isfinite(float(text)):
            self.note(row, column, "not_a_number", said("is not a number"), said("write a number"))
            return None
        value = float(text)
        if not low <= value <= high:
            message = said("is not within {low} and {high}", low=f"{low:.15g}", high=f"{high:.15g}")
            self.note(row, column, "out_of_range", message, said("correct the figure"))
            return None
        return value

    def date(self, row: int, column: str) -> datetime.date | None:
        """Return a date as the format writes it, 20261110; None (with an error) if it is none."""
        text = self.raw(row, column)
        try:
            if _DATE.fullmatch(text):
                return datetime.date(int(text[:4]), int(text[4:6]), int(text[6:]))
        except ValueError:
            pass
        message = said("is no date") if text else said("is empty")
        self.note(row, column, "no_date", message, said("write it as {example}", example="20261110"))
        return None

    def clock(self, row: int, column: str) -> float | None:
        """Return seconds since midnight of the service date, beyond 24:00:00 too; None (with an error) if it is no time."""
        text = self.raw(row, column)
        found = clock_s(text)
        if found is None:
            message = said("is no time of day") if text else said("is empty")
            self.note(row, column, "no_time", message, said("write it as {example}", example="07:05:00"))
        return found

    def _note(
        self,
        number: int,
        code: str,
        column: str,
        value: str,
        message: Fact,
        remedy: Fact,
        severity: Severity = Severity.ERROR,
    ) -> None:
        self.findings.append(
            Finding(
                severity=severity,
                code=code,
                file=self.label,
                row=number,
                field=column,
                value=value if len(value) <= _LONGEST else f"{value[:_HEAD]}…",
                message=message,
                remedy=remedy,
            )
        )
