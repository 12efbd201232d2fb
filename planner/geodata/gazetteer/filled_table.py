"""Cells of a CSV table are filled in; whatever else stands in it stays as it is."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from decimal import Decimal
from pathlib import Path

from planner.errors import BadDataError, Message, of_file
from planner.geodata.columns import HEADINGS, PATTERNS, normal
from planner.geodata.place_rows import Table
from planner.geodata.spreadsheets import csv_layout
from planner.writing import whole_file

Cells = Mapping[str, str]
"""What to write, by field."""
_CONVERTED = frozenset({"projected", "turned", "no_point"})
_FILLABLE = frozenset({".csv", ".txt", ".tsv"})


def fill_cells(path: Path, table: Table, filled: Mapping[int, Cells]) -> None:
    """Write cells into rows of a CSV file, by row number and field, where they are empty; a field without a column gets one.

    Figures are written in the unit of their column, positions as one where longitude and latitude stand in one column.

    Raises
    ------
    BadDataError
        If the file is no CSV, its positions are written in a form that is not decimal degrees with the longitude first, or
        it has changed since it was read.
    """
    if path.suffix.lower() not in _FILLABLE:
        what = Message("figures are filled in where the table is a CSV file: save it as CSV UTF-8 and name that")
        raise BadDataError(of_file(path.name, what))
    fields = {field for cells in filled.values() for field in cells}
    converted = {finding.code for finding in table.findings} & _CONVERTED
    if converted and fields & {"lon", "lat"}:
        what = Message(
            "its positions are no degrees as they stand: save them in degrees (EPSG:4326), then fill in the rest"
        )
        raise BadDataError(of_file(path.name, what))
    rows, delimiter = csv_layout(path)
    numbers = dict(rows)
    head = numbers.get(table.heading_row)
    if head is None or not filled.keys() <= numbers.keys():
        raise BadDataError(of_file(path.name, Message("has no row of headings to fill in under")))
    columns, width = dict(table.places), max(len(cells) for _, cells in rows)
    written = {number: _as_written(cells, table) for number, cells in filled.items()}
    for field in dict.fromkeys(field for cells in written.values() for field in cells):
        if field not in columns:
            columns[field], width = width, width + 1
            head += [""] * (width - len(head))
            head[columns[field]] = _heading(field, [*table.headings.values(), *table.unused])
    for number, cells in rows:
        if any(cells):
            cells += [""] * (width - len(cells))
        for field, text in written.get(number, {}).items():
            cells[columns[field]] = cells[columns[field]].strip() or text
    _write(path, [cells for _, cells in rows], delimiter)


def _as_written(cells: Cells, table: Table) -> dict[str, str]:
    """Return the cells of a row as its columns have them."""
    found = dict(cells)
    if "position" in table.places and "lon" not in table.places and {"lon", "lat"} <= found.keys():
        both = [found.pop("lon"), found.pop("lat")]
        lat_first = PATTERNS["lat_first"].match(normal(table.headings["position"]))
        found["position"] = ", ".join(reversed(both) if lat_first else both)
    for field, multiple in table.multiples.items():
        if field in found:
            found[field] = f"{(Decimal(found[field]) / multiple).normalize():f}"
    return found


def _heading(field: str, others: Sequence[str]) -> str:
    """Return how to head a new column, in the language of the others."""
    chinese = any(not cell.isascii() for cell in others)
    return next((word for word in HEADINGS[field] if word.isascii() is not chinese), field)


def _write(path: Path, rows: Sequence[Sequence[str]], delimiter: str) -> None:
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=delimiter).writerows(rows)
    with whole_file(path) as beside:
        beside.write_bytes(text.getvalue().encode("utf-8-sig"))
