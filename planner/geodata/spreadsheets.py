"""CSV as this planner writes it: UTF-8, cells never formulas; and the rows of such a file as they stand."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from planner.geodata.headings import known_headings
from planner.geodata.readers.calamine_sheets import NumberedRow
from planner.geodata.readers.delimited import rows_and_delimiter
from planner.writing import csv_text, write_file


def write_csv(path: Path, headings: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Write a CSV file in UTF-8 with these headings and rows."""
    write_file(path, csv_text(headings, rows, line_end="\n"))


def csv_layout(path: Path) -> tuple[list[NumberedRow], str]:
    """Return the rows of a text file, and what parts their cells.

    Raises
    ------
    BadDataError
        If its encoding is unknown or it is not CSV.
    """
    return rows_and_delimiter(path.read_bytes(), path.name, known_headings)
