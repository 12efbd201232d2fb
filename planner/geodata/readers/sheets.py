"""Workbooks → sheets of cells, read in the child."""

from __future__ import annotations

from pathlib import Path

from planner.geodata.readers.calamine_sheets import CellSheet, Merge
from planner.sandbox import run_apart


def sheets_of(path: Path) -> tuple[CellSheet, ...]:
    """Return the sheets of a workbook that have cells, in its order.

    Raises
    ------
    BadDataError
        If it is damaged, kept under a password or another kind of file, or goes beyond a cap.
    """
    found = run_apart("planner.geodata.readers.sheets_child:read_sheets", path, path.name)
    return tuple(
        CellSheet(
            name=sheet["name"],
            hidden=sheet["hidden"],
            rows=tuple(enumerate(sheet["rows"], start=1)),
            merges=tuple(
                Merge(top=top, left=left, bottom=bottom, right=right) for top, left, bottom, right in sheet["merges"]
            ),
            formulas=frozenset((row, column) for row, column in sheet["formulas"]),
        )
        for sheet in found
    )
