"""Sheets as they are written into an XLSX file: text that stays text, formats, widths, filters and print set-up."""

from __future__ import annotations

import datetime
import io
import math
import re
from collections.abc import Callable, Sequence

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from planner.outputs.geopackage import UNDATED
from planner.outputs.workbook.cells import Figure, Formula, Heading, Sheet, Subtotal, ToFill, Yuan
from planner.outputs.workbook.charts import add_charts
from planner.outputs.workbook.widths import fitted, pages_of_columns, row_lines
from planner.writing import may_be_formula, visible

_HEAD = {"bold": True, "font_color": "#FFFFFF", "bg_color": "#1F4E79", "text_wrap": True, "valign": "vcenter"}
_WARNING = {"bold": True, "font_color": "#C00000"}
_PART = {"bold": True, "bg_color": "#DDE7F0"}
_SUM = {"bold": True, "top": 1}
_TO_FILL = {"bg_color": "#FFF8DC", "font_color": "#7F6000", "border": 4}
_LONGEST = 32_767  # letters of a cell, where spreadsheets end
_LONGEST_PRINTED = 250  # letters of a header or footer, orders included, where Excel calls a file damaged: 255
_LINE_PT, _TALLEST_PT = 15.0, 409.0  # a line of the standard font, and the tallest row that Excel knows
_A4 = 9
_PAGE, _SMALLEST_PAGE = 126, 200
"""Digits of the standard font across a page in full size, and so many that they can just be read (63 %: 7 pt)."""
_ROW = re.compile(r"\[(\d+|\.)\]")


def new_book(into: io.BytesIO, title: str = "") -> xlsxwriter.Workbook:
    """Return a workbook to be written: text is never looked at for numbers, formulas or links, parts are dated alike."""
    options = {"in_memory": True, "strings_to_numbers": False, "strings_to_formulas": False, "strings_to_urls": False}
    book = xlsxwriter.Workbook(into, options)
    titled = {"title": visible(title)} if title else {}
    book.set_properties({**titled, "created": datetime.datetime.combine(UNDATED, datetime.time())})
    return book


def write_text(
    made: Worksheet,
    at: int,
    column: int,
    text: str,
    style: dict[str, object],
    format_of: Callable[[dict[str, object]], Format],
) -> None:
    """Write text as text: a name that starts with = is a name; one that is too long says that it was cut."""
    text = visible(text)
    if len(text) > _LONGEST:
        text = f"{text[: _LONGEST - 1]}…"
    made_of = format_of({**style, "quote_prefix": True} if may_be_formula(text) else style)
    if text.startswith("<r>") and text.endswith("</r>"):  # else taken for marked-up text and not escaped
        made.write_rich_string(at, column, text[:1], format_of({}), text[1:], made_of)
    else:
        made.write_string(at, column, text, made_of)


def printed(text: str) -> str:
    """Return a text as headers and footers of print hold it, where ``&`` begins an order and little has room."""
    found = text.replace("&", "&&")
    return found if len(found) <= _LONGEST_PRINTED else f"{text[: _LONGEST_PRINTED // 2 - 1]}…".replace("&", "&&")


class SheetWriter:
    """A workbook that is being written; the same sheets give the same bytes, no file says when it was made."""

    def __init__(self) -> None:
        self._bytes = io.BytesIO()
        self._book = new_book(self._bytes)
        self._formats: dict[tuple[tuple[str, object], ...], Format] = {}

    def finished(self) -> bytes:
        """Return the whole file."""
        self._book.close()
        return self._bytes.getvalue()

    def add(self, sheet: Sheet, notice: str, plan_id: str) -> None:
        """Add a sheet; the ``notice``, if there is any, goes above the headings and on every printed page."""
        made, rows = self._book.add_worksheet(sheet.title), [list(row) for row in sheet.rows]
        head = 1 if notice else 0
        if notice:
            self._text(made, 0, 0, notice, _WARNING)
        widths = fitted(sheet.headings, rows)
        for column, (heading, width) in enumerate(zip(sheet.headings, widths, strict=True)):
            made.set_column(column, column, width)
            self._text(made, head, column, heading, _HEAD)
        self._heighten(made, head, row_lines(sheet.headings, widths, beside=3))
        for number, row in enumerate(rows):
            self._row(made, number + head + 1, row, widths, head + 1, sums=number >= len(rows) - sheet.sums)
        last = head + len(rows) - sheet.sums
        made.freeze_panes(head + 1, 0)
        made.autofilter(head, 0, max(last, head), len(sheet.headings) - 1)
        add_charts(self._book, made, sheet, head + 1, sum(widths))
        _set_up_page(made, head, notice, plan_id)
        _set_scale(made, widths)

    def _row(
        self, made: Worksheet, at: int, row: Sequence[object], widths: Sequence[float], first: int, *, sums: bool
    ) -> None:
        if isinstance(row[0], Heading):
            self._part(made, at, row[0], widths)
            return
        style = _SUM if sums or isinstance(row[0], Subtotal) else {}
        for column, (value, width) in enumerate(zip(row, widths, strict=True)):
            wrap = {} if row_lines([value], [width]) == 1 else {"text_wrap": True}
            self._cell(made, at, column, value, {"valign": "top", **style, **wrap}, first)
        self._heighten(made, at, row_lines(row, widths))

    def _part(self, made: Worksheet, at: int, text: str, widths: Sequence[float]) -> None:
        """Write a text that begins a part of the sheet over the whole row, wrapped where that is too narrow."""
        lines = row_lines([text], [sum(widths)])
        style = {"valign": "top", **_PART, **({"text_wrap": True} if lines > 1 else {})}
        if lines > 1:
            made.merge_range(at, 0, at, len(widths) - 1, "", self._format(style))
        else:
            for column in range(1, len(widths)):
                made.write_blank(at, column, None, self._format(style))
        self._text(made, at, 0, text, style)
        self._heighten(made, at, lines)

    def _heighten(self, made: Worksheet, at: int, lines: int) -> None:
        """Make a row as high as its wrapped text: programs that print do not all find that out themselves."""
        if lines > 1:
            made.set_row(at, min(lines * _LINE_PT, _TALLEST_PT))

    def _cell(self, made: Worksheet, at: int, column: int, value: object, style: dict[str, object], first: int) -> None:
        """Write a cell; rows in a formula are counted from ``first``, which is the row of `Sheet.rows`' number 0."""
        if value is None or value == "":
            made.write_blank(at, column, None, self._format(style))
        elif isinstance(value, Formula):
            text = _ROW.sub(lambda found: str(at + 1 if found[1] == "." else first + 1 + int(found[1])), value.text)
            number_format = self._format({**style, **_pattern(value.value)})
            made.write_formula(at, column, f"={text}", number_format, _plain(value.value))
        elif isinstance(value, (int, float)) and math.isfinite(value):
            made.write_number(at, column, value, self._format({**style, **_pattern(value)}))
        else:
            apart = {"indent": 1, "align": "left"} if column else {}  # from a number in the column before
            self._text(
                made, at, column, str(value), {**style, **apart, **(_TO_FILL if isinstance(value, ToFill) else {})}
            )

    def _text(self, made: Worksheet, at: int, column: int, text: str, style: dict[str, object]) -> None:
        write_text(made, at, column, text, style, self._format)

    def _format(self, style: dict[str, object]) -> Format:
        key = tuple(sorted(style.items()))
        if key not in self._formats:
            self._formats[key] = self._book.add_format(style)
        return self._formats[key]


def _plain(value: float | str) -> float | str:
    return value if isinstance(value, (int, str)) else float(value)


def _pattern(value: float | str) -> dict[str, object]:
    """Return how a number is shown: as people write it."""
    if isinstance(value, Figure):
        return {"num_format": value.number_format}
    if isinstance(value, Yuan):
        return {"num_format": "#,##0" if value.is_integer() else "#,##0.00"}
    return {"num_format": "#,##0"} if isinstance(value, int) else {}


def _set_up_page(made: Worksheet, head: int, notice: str, plan_id: str) -> None:
    """Let it print on A4, landscape, with headings, notice, plan and page number on each page."""
    if notice:
        made.set_header(f"&C{printed(notice)}")
    made.set_footer(f"&L{printed(plan_id)}&R&P / &N")
    made.set_landscape()
    made.set_paper(_A4)
    made.set_margins(left=0.5, right=0.5, top=0.8, bottom=0.7)
    made.repeat_rows(head)


def _set_scale(made: Worksheet, widths: Sequence[float]) -> None:
    """Let a sheet print as wide as the page; one that would be too small to read, on several pages side by side.

    Each of these begins with the first columns, which say whose row it is.
    """
    if sum(widths) <= _SMALLEST_PAGE:
        made.fit_to_pages(1, 0)
        return
    breaks, repeated, widest = pages_of_columns(widths, _SMALLEST_PAGE)
    made.repeat_columns(0, repeated - 1)
    made.set_v_pagebreaks(breaks)
    made.set_print_scale(max(10, min(100, math.floor(100 * _PAGE / widest))))
