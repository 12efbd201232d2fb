"""The bulletin as a workbook for Excel and WPS: figures, townships, two charts, gaps, definitions; prints on A4."""

from __future__ import annotations

import io
import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from planner.outputs.bulletin.bulletin_brief import answers, stage_of, villages_not_served
from planner.outputs.bulletin.bulletin_rows import (
    definition_cells,
    definition_headings,
    indicator_headings,
    not_served_cells,
    not_served_headings,
)
from planner.outputs.bulletin.bulletin_texts import (
    NONE,
    county_figure,
    fact_text,
    month_text,
    not_filled_in,
    ranking,
    short_text,
    spoken,
    stage_number,
    title_text,
    value_text,
)
from planner.outputs.notice import notice_of_plan
from planner.outputs.service_words import service_name
from planner.outputs.workbook.sheet_writer import new_book, printed, write_text
from planner.plans import NetworkPlan
from planner.plans.bulletin import Bulletin, Indicator, IndicatorFigure, change, completion
from planner.plans.service_coverage import ServiceRow, service_coverage
from planner.words import say

_A4 = 9
_CHARTED = ("A1", "A2", "A3", "A4", "A5")
_RANKED = "A2"
_ABREAST, _ROWS_OF_A_PAGE = 8, 36
"""So many indicators of townships stand side by side, and so many rows on a page."""
_WRONG_IN_SHEET_NAMES = "[]:*?/\\"


class _Book:
    """A workbook with its formats, and the bulletin that it is of."""

    def __init__(self, bulletin: Bulletin, notice: str, into: io.BytesIO) -> None:
        self.bulletin = bulletin
        self.notice = notice
        self.book = new_book(into, f"{title_text(bulletin)} {month_text(bulletin)}")
        self._formats: dict[tuple[tuple[str, Any], ...], Any] = {}

    def style(self, **properties: Any) -> Any:
        """Return a format, made once."""
        key = tuple(sorted(properties.items()))
        if key not in self._formats:
            self._formats[key] = self.book.add_format({"valign": "vcenter", "text_wrap": True, **properties})
        return self._formats[key]

    def text(self, sheet: Any, row: int, column: int, text: str, **properties: Any) -> None:
        """Write text as text, whatever it looks like."""
        write_text(sheet, row, column, text, properties, lambda style: self.style(**style))

    def sheet(self, title: str, widths: Sequence[float], head: int, *, landscape: bool = True) -> Any:
        """Return a new sheet, set up to print on A4 with its headings (row ``head``) on each page."""
        made = self.book.add_worksheet("".join(c for c in title if c not in _WRONG_IN_SHEET_NAMES)[:31])
        for column, width in enumerate(widths):
            made.set_column(column, column, width)
        made.set_paper(_A4)
        if landscape:
            made.set_landscape()
        made.fit_to_pages(1, 0)
        made.set_margins(left=0.5, right=0.5, top=0.8, bottom=0.7)
        made.repeat_rows(head)
        made.freeze_panes(head + 1, 0)
        made.set_header("&C" + printed(self.notice or title_text(self.bulletin)))
        made.set_footer("&L" + printed(self.bulletin.id) + "&R&P / &N")
        return made

    def heading(self, sheet: Any, row: int, texts: Sequence[str]) -> None:
        """Write a row of headings."""
        for column, text in enumerate(texts):
            self.text(sheet, row, column, text, bold=True, bg_color="#1F4E79", font_color="#FFFFFF", border=1)

    def title(self, sheet: Any, text: str, columns: int) -> None:
        """Write the title over the columns, and what must be said of the data below it."""
        sheet.merge_range(0, 0, 0, columns - 1, "", self.style(bold=True, font_size=16, align="center"))
        self.text(sheet, 0, 0, text, bold=True, font_size=16, align="center")
        sheet.set_row(0, 30)
        sheet.merge_range(1, 0, 1, columns - 1, "", self.style(font_color="#C00000"))
        self.text(sheet, 1, 0, self.notice, font_color="#C00000")


def write_bulletin_workbook(bulletin: Bulletin, network: NetworkPlan, path: Path) -> None:
    """Write the workbook of a bulletin on its network; where data are not real each sheet says so.

    Figures are numbers with their formats, text from data is text in every cell, never a formula.
    """
    into = io.BytesIO()
    made = _Book(bulletin, notice_of_plan(network).text, into)
    _overview(made, network)
    _figures(made)
    _townships(made)
    _services(made, service_coverage(network, stage_number(bulletin, network)))
    _charts(made)
    _not_served(made, network)
    _missing(made)
    _definitions(made)
    made.book.close()
    path.write_bytes(into.getvalue())


def _overview(made: _Book, network: NetworkPlan) -> None:
    """Write what the first page says: who is served and who is not, what it costs, what to decide."""
    widths = (26, 104)
    sheet = made.sheet(say("Overview"), widths, 2)
    made.title(sheet, f"{title_text(made.bulletin)} · {month_text(made.bulletin)}", 2)
    made.heading(sheet, 2, [say("Question"), say("Answer")])
    row = 3
    for answer in answers(made.bulletin, network):
        for number, line in enumerate(answer.lines):
            _write_texts(made, sheet, row, ("" if number else answer.question, line), widths)
            row += 1


def _not_served(made: _Book, network: NetworkPlan) -> None:
    """Write the villages without service within the standard; no sheet where all have it."""
    rows = villages_not_served(network, stage_of(made.bulletin, network))
    if not rows:
        return
    widths = (16, 20, 10, 12, 28, 12, 18)
    sheet = made.sheet(say("Not served"), widths, 2)
    made.title(sheet, say("{title}: villages not served", title=title_text(made.bulletin)), len(widths))
    made.heading(sheet, 2, not_served_headings())
    for number, one in enumerate(rows, start=3):
        for column, cell in enumerate(not_served_cells(one)):
            if isinstance(cell, int):
                sheet.write_number(number, column, cell, made.style(border=1, num_format="#,##0"))
            else:
                made.text(sheet, number, column, cell, border=1)


_COLUMNS = "ABCDEFGHIJK"
_VALUE, _BEFORE, _YEAR, _TARGET = 3, 5, 7, 9
"""The columns of the sheet of indicators that its formulas take: this month, the month and the year before, the target."""


def _figures(made: _Book) -> None:
    bulletin = made.bulletin
    widths = (8, 36, 12, 20, 9, 12, 14, 14, 14, 11, 11)
    sheet = made.sheet(say("Indicators"), widths, 2)
    made.title(sheet, f"{title_text(bulletin)} · {month_text(bulletin)}", len(widths))
    headings = indicator_headings()
    headings[4:4] = [say("Days of the month")]
    headings[7:7] = [say("Same month a year before")]
    made.heading(sheet, 2, headings)
    sheet.set_row(2, 32)
    for row, indicator in enumerate(bulletin.indicators, start=3):
        figure = county_figure(bulletin, indicator.code)
        sheet.set_row(row, 15 * max(1, math.ceil(_width(spoken(indicator.name)) / 33)))
        for column, cell in enumerate((indicator.code, spoken(indicator.name), spoken(indicator.unit))):
            made.text(sheet, row, column, cell, border=1)
        _write_value(made, sheet, (row, _VALUE), indicator, figure.value, short_text(indicator, figure))
        few = {"font_color": "#C00000", "bold": True} if bulletin.is_of_few_days(figure) else {}
        _write_number(made, sheet, (row, 4), figure.days, "0", NONE, **few)
        for column, before in ((_BEFORE, figure.previous), (_YEAR, figure.year_before)):
            _write_value(made, sheet, (row, column), indicator, before, NONE)
            _write_change(made, sheet, (row, column + 1), indicator, change(indicator, figure.value, before))
        _write_value(made, sheet, (row, _TARGET), indicator, indicator.target, NONE)
        over, under = (_TARGET, _VALUE) if indicator.less_is_better else (_VALUE, _TARGET)
        formula = f"={_cell(row, over)}/{_cell(row, under)}"
        _write_formula(made, sheet, (row, _TARGET + 1), formula, completion(indicator, figure.value), "0.0%")


def _cell(row: int, column: int) -> str:
    return f"{_COLUMNS[column]}{row + 1}"


def _write_value(
    made: _Book, sheet: Any, cell: tuple[int, int], indicator: Indicator, value: float | None, otherwise: str
) -> None:
    if indicator.kind == "grade":
        shown = otherwise if value is None else value_text(indicator, value)
        made.text(sheet, *cell, shown, border=1, align="right")
        return
    form = "0.0%" if indicator.in_percent else "#,##0" if indicator.kind == "count" else "#,##0.00"
    _write_number(made, sheet, cell, value, form, otherwise)


def _write_change(made: _Book, sheet: Any, cell: tuple[int, int], indicator: Indicator, by: float | None) -> None:
    """Write how much the value differs from the column before, as a formula.

    Percentage points are told as such, with their word, so that nobody reads them as percent.
    """
    row, column = cell
    value, before = _cell(row, _VALUE), _cell(row, column - 1)
    if indicator.in_percent:
        points = say("{points} points", points='"0.0"').replace('"0.0"', "")
        form = f'+0.0"{points}";-0.0"{points}";0.0"{points}"'
        _write_formula(made, sheet, cell, f"=({value}-{before})*100", None if by is None else by * 100, form)
    else:
        _write_formula(made, sheet, cell, f"=({value}-{before})/{before}", by, "+0.0%;-0.0%;0.0%")


def _write_formula(
    made: _Book, sheet: Any, cell: tuple[int, int], formula: str, value: float | None, form: str
) -> None:
    """Write a formula with what it comes to; where the document has no value there is none to work out."""
    if value is None:
        _write_number(made, sheet, cell, None, form, NONE)
    else:
        sheet.write_formula(*cell, formula, made.style(border=1, num_format=form), value)


def _write_number(
    made: _Book,
    sheet: Any,
    cell: tuple[int, int],
    value: float | None,
    form: str,
    otherwise: str,
    **properties: Any,
) -> None:
    if value is None:
        grey: dict[str, Any] = {} if otherwise == NONE else {"font_color": "#7F7F7F"}
        made.text(sheet, *cell, otherwise, border=1, align="right", **grey)
    else:
        sheet.write_number(*cell, value, made.style(border=1, num_format=form, **properties))


def _of_townships(bulletin: Bulletin) -> list[Indicator]:
    return [
        indicator
        for indicator in bulletin.indicators
        if indicator.by_township
        and any(bulletin.figure_of[indicator.code, place.id].value is not None for place in bulletin.townships)
    ]


def _townships(made: _Book) -> None:
    """Write a row a township, the best first, and a column an indicator of which any has a figure, some below the others."""
    bulletin, wanted = made.bulletin, _of_townships(made.bulletin)
    sheet = made.sheet(say("By township"), (18, 10, *([14] * _ABREAST)), 1)
    made.title(sheet, say("{title}: by township", title=title_text(bulletin)), _ABREAST + 2)
    rank = {place.id: bulletin.figure_of[_RANKED, place.id].rank for place in bulletin.townships}
    places = sorted(bulletin.townships, key=lambda one: rank[one.id] or len(rank) + 1)
    top, each = 3, len(places) + 2
    on_a_page = max(1, _ROWS_OF_A_PAGE // each)
    blocks = range(0, len(wanted), _ABREAST)
    sheet.set_h_pagebreaks([top + each * number for number in range(on_a_page, len(blocks), on_a_page)])
    for first in blocks:
        block = wanted[first : first + _ABREAST]
        names = [f"{one.code} {spoken(one.name)} ({spoken(one.unit)})" for one in block]
        made.heading(sheet, top, [say("Township"), say("Rank by {code}", code=_RANKED), *names])
        sheet.set_row(top, 62)
        for row, place in enumerate(places, start=top + 1):
            made.text(sheet, row, 0, spoken(place.name), border=1)
            _write_number(made, sheet, (row, 1), rank[place.id], "0", NONE)
            for column, indicator in enumerate(block, start=2):
                figure: IndicatorFigure = bulletin.figure_of[indicator.code, place.id]
                _write_value(made, sheet, (row, column), indicator, figure.value, NONE)
        top += each


def _services(made: _Book, rows: Sequence[ServiceRow]) -> None:
    """Write which part of the villages has a point with each service; no sheet where no point says what it offers."""
    if not rows:
        return
    services = list(dict.fromkeys(row.service for row in rows))
    found = {(row.service, row.township_id): row for row in rows}
    sheet = made.sheet(say("Services"), (18, *([14] * max(3, len(services)))), 2)
    made.title(sheet, say("{title}: services at the point of a village", title=title_text(made.bulletin)), 4)
    made.heading(sheet, 2, [say("Township"), *(service_name(service) for service in services)])
    places = [("", say("Whole county")), *((one.id, spoken(one.name)) for one in made.bulletin.townships)]
    for line, (place, name) in enumerate(places, start=3):
        made.text(sheet, line, 0, name, border=1)
        for column, service in enumerate(services, start=1):
            _write_number(made, sheet, (line, column), found[service, place].share, "0.0%", NONE)


def _charts(made: _Book) -> None:
    """Write two charts with the figures that they show: how the county stands, and how townships compare."""
    bulletin = made.bulletin
    sheet = made.sheet(say("Charts"), (34, 13, 13, 13, 4, 18, 16), 2, landscape=False)
    sheet.fit_to_pages(1, 1)
    made.title(sheet, say("{title}: charts", title=title_text(bulletin)), 7)
    made.heading(sheet, 2, [say("Indicator"), say("This month"), say("Month before"), say("Target")])
    for column, text in enumerate((say("Township"), spoken(bulletin.indicator_of[_RANKED].name)), start=5):
        made.text(sheet, 2, column, text, bold=True, bg_color="#1F4E79", font_color="#FFFFFF", border=1)
    shown = [code for code in _CHARTED if code in bulletin.indicator_of]
    for row, code in enumerate(shown, start=3):
        indicator, figure = bulletin.indicator_of[code], county_figure(bulletin, code)
        made.text(sheet, row, 0, spoken(indicator.name), border=1)
        sheet.set_row(row, 15 * max(1, math.ceil(_width(spoken(indicator.name)) / 31)))
        for column, value in enumerate((figure.value, figure.previous, indicator.target), start=1):
            _write_value(made, sheet, (row, column), indicator, value, NONE)
    ranked = ranking(bulletin, _RANKED)
    for row, (name, figure) in enumerate(ranked, start=3):
        made.text(sheet, row, 5, name, border=1)
        _write_value(made, sheet, (row, 6), bulletin.indicator_of[_RANKED], figure.value, NONE)
    below = 4 + max(len(shown), len(ranked))
    county = made.book.add_chart({"type": "column"})
    for column, colour in ((1, "#1F4E79"), (2, "#9DC3E6"), (3, "#F4B183")):
        county.add_series(
            {
                "name": [sheet.name, 2, column],
                "categories": [sheet.name, 3, 0, 2 + len(shown), 0],
                "values": [sheet.name, 3, column, 2 + len(shown), column],
                "fill": {"color": colour},
            }
        )
    _finish(county, say("Coverage of the county against month before and target"))
    sheet.insert_chart(below, 0, county, {"description": say("Coverage of the county against month before and target")})
    if ranked:
        townships = made.book.add_chart({"type": "bar"})
        townships.add_series(
            {
                "name": [sheet.name, 2, 6],
                "categories": [sheet.name, 3, 5, 2 + len(ranked), 5],
                "values": [sheet.name, 3, 6, 2 + len(ranked), 6],
                "fill": {"color": "#1F4E79"},
            }
        )
        title = say("{name} by township", name=spoken(bulletin.indicator_of[_RANKED].name))
        _finish(townships, title, bars=len(ranked))
        sheet.insert_chart(below + 20, 0, townships, {"description": title})


def _finish(chart: Any, title: str, bars: int = 0) -> None:
    chart.set_title({"name": title, "name_font": {"size": 12}})
    axis = {"min": 0, "max": 1, "num_format": "0%", "major_gridlines": {"visible": True, "line": {"color": "#D9D9D9"}}}
    if bars:
        chart.set_y_axis({"reverse": True, "num_font": {"size": 9}})
        chart.set_x_axis(axis)
        chart.set_legend({"none": True})
    else:
        chart.set_y_axis(axis)
        chart.set_legend({"position": "bottom"})
    chart.set_size({"width": 760, "height": max(360, 24 * bars + 110)})


def _missing(made: _Book) -> None:
    bulletin = made.bulletin
    sheet = made.sheet(say("Not filled in"), (9, 44, 60), 2, landscape=False)
    made.title(sheet, say("{title}: without a figure", title=title_text(bulletin)), 3)
    made.heading(sheet, 2, [say("No."), say("Indicator"), say("Why there is no figure")])
    for row, (indicator, figure) in enumerate(not_filled_in(bulletin), start=3):
        _write_texts(made, sheet, row, (indicator.code, spoken(indicator.name), fact_text(figure.reason)), (9, 44, 60))


def _definitions(made: _Book) -> None:
    bulletin = made.bulletin
    widths = (9, 34, 62, 44, 16)
    sheet = made.sheet(say("Definitions"), widths, 2)
    made.title(sheet, say("{title}: definitions and sources", title=title_text(bulletin)), 5)
    made.heading(sheet, 2, definition_headings())
    for row, indicator in enumerate(bulletin.indicators, start=3):
        _write_texts(made, sheet, row, definition_cells(bulletin, indicator), widths)


def _write_texts(made: _Book, sheet: Any, row: int, texts: Sequence[str], widths: Sequence[float]) -> None:
    """Write a row of texts as high as the longest of them needs: programs that print do not all find that out themselves."""
    for column, text in enumerate(texts):
        made.text(sheet, row, column, text, border=1, valign="top")
    lines = max(math.ceil(_width(text) / (width * 0.92)) for text, width in zip(texts, widths, strict=True))
    sheet.set_row(row, 15 * max(1, lines))


def _width(text: str) -> int:
    return sum(2 if ord(c) > 255 else 1 for c in text)
