"""The table of a day's orders to fill in: the area's villages, and the columns that are read, with what they may hold."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from typing import NamedTuple

import xlsxwriter

from planner.model import StudyArea
from planner.outputs.names import shown_name
from planner.words import say
from planner.writing import csv_text, visible

_KEPT = 3
"""Columns that say which village a row is."""
_MOST_PARCELS, _MOST_KG, _MOST_M3 = 100_000, 1_000_000, 10_000


class _Column(NamedTuple):
    """A column: its heading, how wide, the format of its cells, what may stand in it, and what is said of it."""

    heading: str
    width: int
    form: str
    rule: dict[str, object] | None = None
    hint: str = ""


def order_template(area: StudyArea, kind: str) -> bytes:
    """Return the table as a workbook (``.xlsx``) or as CSV in UTF-8 with a mark (``.csv``), in the language spoken."""
    columns, rows = _columns(), _rows(area)
    if kind == ".csv":
        headings = [column.heading for column in columns]
        return csv_text(headings, [[*row, *[""] * (len(columns) - _KEPT)] for row in rows]).encode("utf-8-sig")
    return _workbook(columns, rows)


def _rows(area: StudyArea) -> list[tuple[str, str, str]]:
    """Return code, township and name of each village, township by township."""
    townships = area.township_by_id
    villages = sorted(area.villages, key=lambda village: (village.township_id, village.id))
    return [
        (village.id, visible(shown_name(townships[village.township_id])), visible(shown_name(village)))
        for village in villages
    ]


def _columns() -> list[_Column]:
    empty = say("0 if there are none; empty if not known: it is then estimated")
    clock = say("a time of day, for example {example}", example="8:30")

    def whole(most: int) -> dict[str, object]:
        return {"validate": "integer", "criteria": "between", "minimum": 0, "maximum": most}

    def figure(most: int) -> dict[str, object]:
        return {"validate": "decimal", "criteria": "between", "minimum": 0, "maximum": most}

    parcels, kg, m3 = whole(_MOST_PARCELS), figure(_MOST_KG), figure(_MOST_M3)
    time = {"validate": "time", "criteria": "between", "minimum": 0, "maximum": 0.999988425925926}
    yes_or_no: dict[str, object] = {"validate": "list", "source": [say("yes"), say("no")]}
    return [
        _Column(say("Village code"), 16, "@"),
        _Column(say("Township"), 16, "@"),
        _Column(say("Village"), 26, "@"),
        _Column(say("Parcels down"), 10, "0", parcels, empty),
        _Column(say("Parcels up"), 10, "0", parcels, empty),
        _Column(say("Down (kg)"), 10, "0.0", kg, say("empty: from the parcels")),
        _Column(say("Up (kg)"), 10, "0.0", kg, say("of the parcels, without the produce; empty: from the parcels")),
        _Column(say("Down (m³)"), 10, "0.00", m3, say("empty: from the parcels")),
        _Column(say("Up (m³)"), 10, "0.00", m3, say("empty: from the parcels")),
        _Column(say("Produce"), 14, "@", None, say("what is sent up")),
        _Column(
            say("Produce (kg)"),
            10,
            "0.0",
            kg,
            say("its weight, without that of the parcels; empty: estimated, 0: none"),
        ),
        _Column(say("Earliest"), 10, "hh:mm", time, clock),
        _Column(say("Latest"), 10, "hh:mm", time, clock),
        _Column(say("Cold chain"), 10, "@", yes_or_no, say("yes if it must be kept cold")),
    ]


def _workbook(columns: Sequence[_Column], rows: Sequence[tuple[str, str, str]]) -> bytes:
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True, "strings_to_formulas": False}) as book:
        sheet = book.add_worksheet(visible(say("Orders")))
        head = book.add_format({"bold": True, "bg_color": "#dce6f1", "border": 1, "text_wrap": True, "valign": "top"})
        last = len(rows)
        for place, column in enumerate(columns):
            cells = {"num_format": column.form, "border": 4}
            form = book.add_format(cells if place < _KEPT else {**cells, "locked": False})
            sheet.set_column(place, place, column.width)
            sheet.write_string(0, place, column.heading, head)
            for number, row in enumerate(rows, start=1):
                if place < _KEPT:
                    sheet.write_string(number, place, row[place], form)
                else:
                    sheet.write_blank(number, place, None, form)
            if column.rule is not None and last:
                _allow(sheet.data_validation, column, place, last)
            elif column.hint and last:
                rule = {"validate": "any", "input_message": column.hint}
                sheet.data_validation(1, place, last, place, rule)
        sheet.set_row(0, 32)
        sheet.freeze_panes(1, _KEPT)
        sheet.autofilter(0, 0, max(last, 1), len(columns) - 1)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(0)
    return content.getvalue()


def _allow(add: Callable[..., object], column: _Column, place: int, last: int) -> None:
    """Let a column's cells hold what its rule says only; spreadsheets then say what that is."""
    rule = {
        **(column.rule or {}),
        "ignore_blank": True,
        "input_message": column.hint,
        "error_title": column.heading,
        "error_message": column.hint or column.heading,
    }
    add(1, place, last, place, rule)
