"""A file of orders → rows of the columns that are known. Run in the child: what is about people stays there.

Waybill numbers are compared with each other, and stay there, too.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from planner.errors import BadDataError, of_file
from planner.geodata.columns import normal
from planner.geodata.headings import known_headings
from planner.geodata.orders.order_vocabulary import ORDERS, PAST_FIGURES, PATTERNS, WORDS, OrderVocabulary
from planner.geodata.place_rows import Row, Table
from planner.geodata.readers.calamine_sheets import NO_WORKBOOK, CellSheet, is_workbook
from planner.geodata.readers.delimited import text_sheet
from planner.geodata.readers.sheets_child import sheets_in
from planner.geodata.sheet_table import table_of
from planner.model import as_message
from planner.sandbox import cap, over_cap, web_page_fault

_TEXT = frozenset({".csv", ".txt", ".tsv"})
_GENERIC = frozenset(WORDS["not_of_villages"]["generic"])
"""Headings that may be those of people, where others are."""
_FILLED = "1"
"""What is handed over of a waybill number: that there is one."""


def read_order_sheets(copy: str, name: str) -> dict[str, Any]:
    """Return the table of orders in a file as plain values, without any cell of a column that is not known.

    Raises
    ------
    BadDataError
        As `planner.geodata.tables.read_table`.
    """
    return _read(copy, name, ORDERS)


def read_past_figure_sheets(copy: str, name: str) -> dict[str, Any]:
    """Return a table of past days or months as `read_order_sheets` returns one of orders."""
    return _read(copy, name, PAST_FIGURES)


def _read(copy: str, name: str, vocabulary: OrderVocabulary) -> dict[str, Any]:
    path = Path(copy)
    sheets = _sheets(path, name, vocabulary)
    table = _without_people(table_of(Path(name), sheets, [sheet.name for sheet in sheets], "", vocabulary=vocabulary))
    return {
        "headings": dict(table.headings),
        "unused": list(table.unused),
        "of_persons": list(table.of_persons),
        "multiples": {field: str(multiple) for field, multiple in table.multiples.items()},
        "rows": [
            {
                "number": row.number,
                "sheet": row.sheet,
                "cells": {field: _handed_over(field, text) for field, text in row.cells.items()},
                "faults": [
                    (fault.severity.value, fault.code, fault.field, as_message(fault.message), as_message(fault.remedy))
                    for fault in row.faults
                ],
            }
            for row in table.rows
        ],
        "findings": [
            (one.severity.value, one.code, one.file, one.row, one.field, *map(as_message, (one.message, one.remedy)))
            for one in table.findings
        ],
        "repeated": _repeated(table.rows),
    }


def _sheets(path: Path, name: str, vocabulary: OrderVocabulary) -> Sequence[CellSheet]:
    content = path.read_bytes()
    if is_workbook(content[:8]):
        return sheets_in(content, name)
    if len(content) > cap("text_mb") * 2**20:
        raise over_cap(name, "text_mb")
    if fault := web_page_fault(content):
        raise BadDataError(of_file(name, fault))
    if path.suffix.lower() not in _TEXT and (content.lstrip()[:1] == b"<" or b"\0" in content[:4096]):
        raise BadDataError(of_file(name, NO_WORKBOOK))
    sheet = text_sheet(content, name, partial(known_headings, vocabulary=vocabulary))
    return (sheet,) if any(cell.strip() for _, cells in sheet.rows for cell in cells) else ()


def _without_people(table: Table) -> Table:
    """Return the table without a column of names that may be those of people: others are, and it is not needed."""
    heading = table.headings.get("name", "")
    if not table.of_persons or heading.lower() not in _GENERIC or not {"id", "site"} & table.headings.keys():
        return table
    return replace(
        table,
        headings={field: text for field, text in table.headings.items() if field != "name"},
        of_persons=(*table.of_persons, heading),
        rows=tuple(
            replace(row, cells={field: text for field, text in row.cells.items() if field != "name"})
            for row in table.rows
        ),
    )


def _handed_over(field: str, text: str) -> str:
    """Return a cell as it leaves the child: of waybills that there is one, of numbers of people nothing."""
    if field == "waybill":
        return _FILLED if text.strip() else ""
    if field in ("id", "name", "site", "township", "product"):
        return PATTERNS["private"].sub("…", text)
    return text


def _repeated(rows: Sequence[Row]) -> list[tuple[int, int]]:
    """Return the pairs of rows, the later first, that have the same waybill number."""
    first: dict[str, int] = {}
    pairs = []
    for row in rows:
        number = _plain_number(row.cells)
        if number and number in first:
            pairs.append((row.number, first[number]))
        elif number:
            first[number] = row.number
    return pairs


def _plain_number(cells: Mapping[str, str]) -> str:
    return "".join(normal(cells.get("waybill", "")).split()).upper()
