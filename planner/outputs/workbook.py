"""Plans as workbooks for Excel and WPS, in one language: what a bureau reads first, tables, how good it is, provenance."""

from __future__ import annotations

import datetime
import io
import math
import zipfile
from collections.abc import Sequence
from pathlib import Path

from openpyxl import Workbook
from openpyxl.cell.cell import Cell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet
from openpyxl.writer.excel import ExcelWriter

from planner.outputs.about import about_rows
from planner.outputs.day_page import season_text
from planner.outputs.estimates import estimates_sheet
from planner.outputs.geopackage import UNDATED
from planner.outputs.notice import notice_of
from planner.outputs.siting_sheets import siting_sheets
from planner.outputs.workbook_cells import Share, Sheet, Yuan
from planner.outputs.workbook_day import cut_off_sheet, routes_sheet, stops_sheet, unassigned_sheet
from planner.outputs.workbook_network import seasons_sheet, sites_sheet, villages_sheet
from planner.outputs.workbook_summary import day_quality, day_summary, network_quality, network_summary
from planner.plans import DayPlan, NetworkPlan
from planner.words import say
from planner.writing import may_be_formula

_HEAD = PatternFill("solid", fgColor="1F4E79")
_WARNING = Font(bold=True, color="C00000")
_EPOCH = (1980, 1, 1, 0, 0, 0)  # the first date a zip archive knows
_WIDEST, _WIDEST_HEADING, _LIST, _PAGE = 42, 14, 200, 132
"""The widest column of text and heading in one line, what is a long list, and a page, in digits of the standard font."""
_LONGEST = 32_767  # letters of a cell, where spreadsheets end
_FILLED = 0.92
"""How much of a wrapped line holds text."""
_LINE_PT, _TALLEST_PT = 15.0, 409.0  # a line of the standard font, and the tallest row that Excel knows


def write_network_workbook(plan: NetworkPlan, path: Path) -> None:
    """Write the workbook of a network; text from data is text in every cell, never a formula, and codes stay text.

    Where data are synthetic or assumed each sheet says so in its first row and its print header, and has its headings in
    the second; each names the plan in its print footer. The same plan gives the same bytes: no file says when it was made.
    """
    sheets = [
        network_summary(plan),
        sites_sheet(plan),
        villages_sheet(plan),
        *([seasons_sheet(plan)] if plan.seasons else []),
        *siting_sheets(plan),
        network_quality(plan),
        _about(plan),
    ]
    _write(plan, sheets, path)


def write_day_workbook(plan: DayPlan, path: Path) -> None:
    """Write the workbook of a day, as `write_network_workbook` writes that of a network."""
    sheets = [
        day_summary(plan),
        routes_sheet(plan),
        stops_sheet(plan),
        *([unassigned_sheet(plan)] if plan.routes.unassigned else []),
        *([cut_off_sheet(plan)] if plan.cut_off or plan.area.rows_left_out.villages else []),
        estimates_sheet(plan),
        day_quality(plan),
        _about(plan),
    ]
    _write(plan, sheets, path)


def _about(plan: NetworkPlan | DayPlan) -> Sheet:
    return Sheet(say("About"), [say("Item"), say("Content")], about_rows(plan))


def _write(plan: NetworkPlan | DayPlan, sheets: Sequence[Sheet], path: Path) -> None:
    cautions = [notice_of(plan.area, plan.rests_on).text, *([season_text(plan)] if isinstance(plan, DayPlan) else [])]
    notice = say("; ").join(filter(None, cautions))
    book = Workbook()
    del book[book.sheetnames[0]]
    for sheet in sheets:
        _fill(book.create_sheet(sheet.title), sheet, notice, plan.id)
    path.write_bytes(_saved(book, UNDATED))


def _saved(book: Workbook, date: datetime.date) -> bytes:
    """Return the file without a trace of when it was written, which openpyxl and the zip archive would note."""
    book.properties.created = book.properties.modified = datetime.datetime.combine(date, datetime.time())
    written, same = io.BytesIO(), io.BytesIO()
    ExcelWriter(book, zipfile.ZipFile(written, "w")).save()
    with zipfile.ZipFile(written) as parts, zipfile.ZipFile(same, "w") as archive:
        for name in parts.namelist():
            part = zipfile.ZipInfo(name, date_time=_EPOCH)
            part.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(part, parts.read(name))
    return same.getvalue()


def _fill(made: Worksheet, sheet: Sheet, notice: str, plan_id: str) -> None:
    """Fill one sheet; the ``notice``, if there is any, goes above the headings and on every printed page."""
    head = 1
    if notice:
        made.append([notice])
        made["A1"].font = _WARNING
        made.oddHeader.center.text = _printed(notice)  # type: ignore[union-attr]
        head = 2
    made.append(list(sheet.headings))
    for row in sheet.rows:
        made.append([_held(value) for value in row])
    for cells in made.iter_rows(min_row=head + 1):
        for cell in cells:
            if isinstance(cell, Cell):
                _format(cell)
    for cell in made[head]:
        cell.font, cell.fill = Font(bold=True, color="FFFFFF"), _HEAD
        cell.alignment = Alignment(wrap_text=True, vertical="center")
    made.freeze_panes = f"A{head + 1}"
    made.auto_filter.ref = f"A{head}:{get_column_letter(made.max_column)}{made.max_row}"
    _widen(made, head)
    _heighten(made, head)
    made.oddFooter.left.text, made.oddFooter.right.text = _printed(plan_id), "&P / &N"  # type: ignore[union-attr]
    made.page_setup.orientation, made.page_setup.fitToHeight = "landscape", 0
    made.page_setup.paperSize = made.PAPERSIZE_A4
    made.sheet_properties.pageSetUpPr.fitToPage = True  # type: ignore[union-attr]
    made.print_title_rows = f"{head}:{head}"


def _held(value: object) -> object:
    """Return what a cell can hold of a value; a text that is too long says that it was cut."""
    if not isinstance(value, str) or len(value) <= _LONGEST:
        return None if value == "" else value
    return f"{value[: _LONGEST - 1]}…"


def _printed(text: str) -> str:
    """Return a text as headers and footers of print hold it, where ``&`` begins an order."""
    return text.replace("&", "&&")


def _format(cell: Cell) -> None:
    """Keep text text, and show numbers as people write them."""
    value = cell.value
    if isinstance(value, str):
        cell.data_type = "s"  # a name that starts with = is a name
        cell.quotePrefix = may_be_formula(value)
    elif isinstance(value, Share):
        cell.value, cell.number_format = float(value), "0.0%"
    elif isinstance(value, Yuan):
        cell.value, cell.number_format = float(value), "#,##0" if value.is_integer() else "#,##0.00"
    elif isinstance(value, int):
        cell.number_format = "#,##0"


def _widen(made: Worksheet, head: int) -> None:
    """Make each column as wide as its text, long text and headings wrapped; lists, and the few of a sheet, may be wider."""
    for column, cells in enumerate(made.iter_cols(min_row=head), start=1):
        widths = [_width(cell.value) for cell in cells]
        widest = max(_WIDEST * (2 if max(widths) > _LIST else 1), _PAGE // made.max_column)
        for cell, wide in zip(cells[1:], widths[1:], strict=True):
            cell.alignment = Alignment(wrap_text=wide > widest, vertical="top")
        heading = max(min(widths[0], _WIDEST_HEADING), max((_width(w) for w in str(cells[0].value).split()), default=0))
        width = max([heading + 3, *widths[1:]])  # the filter's arrow stands in the heading
        made.column_dimensions[get_column_letter(column)].width = min(widest, width) + 2


def _heighten(made: Worksheet, head: int) -> None:
    """Make each row as high as its wrapped text: programs that print do not all find that out themselves."""
    columns = [made.column_dimensions[get_column_letter(k)].width for k in range(1, made.max_column + 1)]
    for number, cells in enumerate(made.iter_rows(min_row=head), start=head):
        lines = max(
            _lines(cell.value, width - 2 - (3 if number == head else 0))
            for cell, width in zip(cells, columns, strict=True)
        )
        if lines > 1:
            made.row_dimensions[number].height = min(lines * _LINE_PT, _TALLEST_PT)


def _lines(value: object, width: float) -> int:
    """Return how many lines a cell's text takes; words that do not fit go on to the next, which leaves a part empty."""
    wide = _width(value)
    return 1 if wide <= width else math.ceil(wide / (width * _FILLED))


def _width(value: object) -> int:
    shown = f"{value:,}" if isinstance(value, (int, float)) else str(value or "")
    return sum(2 if ord(c) > 255 else 1 for c in shown)
