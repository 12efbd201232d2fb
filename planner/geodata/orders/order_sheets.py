"""A file of orders → rows of the columns that are known. Run in the child: what is about people stays there.

Waybill numbers are compared with each other, and stay there, too.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from planner.errors import BadDataError, of_file
from planner.geodata.columns import normal
from planner.geodata.findings import Severity
from planner.geodata.headings import known_headings
from planner.geodata.orders.order_vocabulary import ORDERS, PAST_FIGURES, PRODUCE, UNDIRECTED, WORDS, OrderVocabulary
from planner.geodata.personal_data import (
    HIDDEN,
    PERSONAL,
    is_personal,
    may_name_goods,
    of_a_person,
    shown_error,
)
from planner.geodata.place_rows import Fault, Row, Table, shown_table
from planner.geodata.readers.calamine_sheets import NO_WORKBOOK, CellSheet, is_workbook
from planner.geodata.readers.delimited import text_sheet
from planner.geodata.readers.sheets_child import sheets_in
from planner.geodata.sheet_table import table_of
from planner.geodata.written_figures import written_figure
from planner.model import AMOUNTS, as_message
from planner.sandbox import cap, over_cap, web_page_fault

_TEXT = frozenset({".csv", ".txt", ".tsv"})
_GENERIC = frozenset(WORDS["not_of_villages"]["generic"])
"""Headings that may be those of people, where others are."""
_FIGURES = frozenset({*AMOUNTS, *UNDIRECTED, PRODUCE})
_TELEPHONES = 2_000_000
"""A figure from here on may be a telephone; no telephone begins with a 1 but those of eleven digits."""
_FILLED = "1"
"""What is handed over of a waybill number: that there is one."""


def read_order_sheets(copy: str, name: str, codes: Collection[str] = ()) -> dict[str, Any]:
    """Return the table of orders in a file as plain values, without any cell of a column that is not known.

    ``codes`` are ids and names of the area: they are nobody's. What may be a person's data is handed over from no cell,
    heading, name of a sheet or message (`planner.geodata.personal_data`); a row that has such is at fault.

    Raises
    ------
    BadDataError
        As `planner.geodata.tables.read_table`.
    """
    return _read(copy, name, frozenset(codes), ORDERS)


def read_past_figure_sheets(copy: str, name: str, codes: Collection[str] = ()) -> dict[str, Any]:
    """Return a table of past days or months as `read_order_sheets` returns one of orders."""
    return _read(copy, name, frozenset(codes), PAST_FIGURES)


def _read(copy: str, name: str, codes: frozenset[str], vocabulary: OrderVocabulary) -> dict[str, Any]:
    path = Path(copy)
    try:
        sheets = _sheets(path, name, vocabulary)
        whole = table_of(Path(name), sheets, [sheet.name for sheet in sheets], "", vocabulary=vocabulary)
    except BadDataError as error:
        raise shown_error(error, (name,)) from error
    pairs = _repeated(whole.rows)
    table = _without_people(whole)
    table = shown_table(replace(table, rows=tuple(_handed_over(row, codes) for row in table.rows), codes=codes))
    return {
        "headings": dict(table.headings),
        "unused": list(table.unused),
        "of_persons": list(table.of_persons),
        "multiples": {field: str(multiple) for field, multiple in table.multiples.items()},
        "rows": [
            {
                "number": row.number,
                "sheet": row.sheet,
                "cells": dict(row.cells),
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
        "repeated": pairs,
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


def _handed_over(row: Row, codes: frozenset[str]) -> Row:
    """Return a row as it leaves the child: of waybills that there is one, of what may be a person's that it was refused."""
    cells: dict[str, str] = {}
    faults = list(row.faults)
    for field, text in row.cells.items():
        cells[field] = text
        if field == "waybill":
            cells[field] = _FILLED if text.strip() else ""
        elif _is_refused(field, text, codes):
            cells[field] = HIDDEN
            faults.append(_of_a_person(field))
    return replace(row, cells=cells, faults=tuple(faults))


def _is_refused(field: str, text: str, codes: frozenset[str]) -> bool:
    if field == "product":
        return not may_name_goods(text)
    if field in _FIGURES:
        figure = written_figure(normal(text), field)
        if figure is not None and figure < _TELEPHONES:
            return False
    return is_personal(text, codes)


def _of_a_person(field: str) -> Fault:
    message, remedy = of_a_person(goods=field == "product")
    return Fault(severity=Severity.ERROR, code=PERSONAL, field=field, message=message, remedy=remedy)


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
