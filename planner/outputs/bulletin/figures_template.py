"""The table that a bureau fills in for a bulletin: a row an indicator and place, as workbook or CSV."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from planner.model import StudyArea
from planner.outputs.bulletin.bulletin_texts import spoken
from planner.outputs.workbook.sheet_writer import new_book, write_text
from planner.plans.bulletin import COUNTY, Indicator, Month
from planner.words import say
from planner.writing import csv_text, write_file

TEMPLATE_COLUMNS = ("place", "place_name", "code", "name", "unit", "period", "value", "reporter")
"""The columns of the table by field, in their order."""
_WIDTHS = (14, 16, 12, 28, 14, 11, 16, 16)


def template_rows(area: StudyArea, indicators: Sequence[Indicator], month: Month) -> list[list[str]]:
    """Return the rows to fill in: the county's indicators, then those of each township, value and reporter empty."""
    entered = [indicator for indicator in indicators if indicator.entered]
    rows = [_row(COUNTY, _name(area.name, area.name_latin), one, month) for one in entered]
    for township in area.townships:
        name = _name(township.name, township.name_latin)
        rows += [_row(township.id, name, one, month) for one in entered if one.by_township]
    return rows


def _name(name: str, latin: str) -> str:
    from planner.words import language

    return latin if language() == "en" and latin else name


def _row(place: str, name: str, indicator: Indicator, month: Month) -> list[str]:
    return [place, name, indicator.code, spoken(indicator.name), spoken(indicator.unit), str(month), "", ""]


def write_figures_template(
    path: Path, headings: Mapping[str, str], area: StudyArea, indicators: Sequence[Indicator], month: Month
) -> None:
    """Write the table to fill in; ``headings`` are those of its columns by field."""
    rows = template_rows(area, indicators, month)
    titles = [headings[field] for field in TEMPLATE_COLUMNS]
    if path.suffix.lower() == ".csv":
        write_file(path, csv_text(titles, rows).encode("utf-8-sig"))
    else:
        write_file(path, _workbook(titles, rows))


def _workbook(titles: Sequence[str], rows: Sequence[Sequence[str]]) -> bytes:
    into = io.BytesIO()
    book = new_book(into)
    formats: dict[tuple[tuple[str, object], ...], Any] = {}

    def format_of(style: dict[str, object]) -> Any:
        key = tuple(sorted(style.items()))
        return formats.setdefault(key, formats.get(key) or book.add_format(style))

    sheet = book.add_worksheet(say("Figures"))
    text: dict[str, object] = {"num_format": "@", "border": 1}
    open_cell = book.add_format({"bg_color": "#FFF2CC", "border": 1})
    head = book.add_format(
        {"bold": True, "bg_color": "#1F4E79", "font_color": "#FFFFFF", "border": 1, "text_wrap": True}
    )
    for column, (title, width) in enumerate(zip(titles, _WIDTHS, strict=True)):
        sheet.set_column(column, column, width)
        sheet.write_string(0, column, title, head)
    filled_in = {TEMPLATE_COLUMNS.index("value"), TEMPLATE_COLUMNS.index("reporter")}
    for row, cells in enumerate(rows, start=1):
        for column, cell in enumerate(cells):
            if column in filled_in:
                sheet.write_blank(row, column, None, open_cell)
            else:
                write_text(sheet, row, column, cell, text, format_of)
    sheet.freeze_panes(1, 4)
    sheet.autofilter(0, 0, len(rows), len(titles) - 1)
    sheet.set_paper(9)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
    sheet.set_footer("&R&P / &N")
    book.close()
    return into.getvalue()
