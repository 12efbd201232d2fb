"""Cells of a CSV table are filled in; whatever else stands in it stays as it is."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from pathlib import Path

from planner.errors import BadDataError, Message, of_file
from planner.geodata.columns import HEADINGS, field_of
from planner.geodata.place_rows import Table
from planner.geodata.spreadsheets import csv_layout
from planner.writing import whole_file

Cells = Mapping[str, str]
"""What to write, by field."""
_FILLABLE = frozenset({".csv", ".txt", ".tsv"})


def fill_cells(path: Path, table: Table, filled: Mapping[int, Cells]) -> None:
    """Write cells into rows of a CSV file, by row number and field, where they are empty; a field without a column gets one.

    Raises
    ------
    BadDataError
        If the file is no CSV, or its headings are not where they were read.
    """
    if path.suffix.lower() not in _FILLABLE:
        what = Message("figures are filled in where the table is a CSV file: save it as CSV UTF-8 and name that")
        raise BadDataError(of_file(path.name, what))
    rows, delimiter = csv_layout(path)
    head = next((cells for _, cells in rows if _is_heading(cells, table)), None)
    if head is None:
        raise BadDataError(of_file(path.name, Message("has no row of headings to fill in under")))
    columns = {field: number for number, cell in enumerate(head) if (field := field_of(cell))}
    for field in dict.fromkeys(field for cells in filled.values() for field in cells):
        if field not in columns:
            columns[field] = len(head)
            head.append(_heading(field, head))
    for number, cells in rows:
        if any(cells):
            cells += [""] * (len(head) - len(cells))
        for field, text in filled.get(number, {}).items():
            cells[columns[field]] = cells[columns[field]].strip() or text
    _write(path, [cells for _, cells in rows], delimiter)


def _is_heading(cells: Sequence[str], table: Table) -> bool:
    return {table.headings[field] for field in ("name", "lon", "lat") if field in table.headings} <= {
        cell.strip() for cell in cells
    }


def _heading(field: str, others: Sequence[str]) -> str:
    """Return how to head a new column, in the language of the others."""
    chinese = any(not cell.isascii() for cell in others)
    return next((word for word in HEADINGS[field] if word.isascii() is not chinese), field)


def _write(path: Path, rows: Sequence[Sequence[str]], delimiter: str) -> None:
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=delimiter).writerows(rows)
    with whole_file(path) as beside:
        beside.write_bytes(text.getvalue().encode("utf-8-sig"))
