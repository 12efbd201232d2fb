"""Charts of a sheet's rows, under its table."""

from __future__ import annotations

from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from planner.outputs.workbook.cells import Bars, Share, Sheet, WholeShare, amount

_BAR_COLOURS, _LINE_COLOUR = ("#1F4E79", "#C55A11", "#7F7F7F"), "#C55A11"
_PIXELS_A_DIGIT, _HIGH_PX, _WIDEST_PX = 7, 330, 980


def add_charts(book: Workbook, made: Worksheet, sheet: Sheet, first: int, width: float) -> None:
    """Draw a sheet's charts under its rows, the first of which is ``first``; it is ``width`` digits wide."""
    rows = list(sheet.rows)
    under = first + len(rows) + 1
    for number, bars in enumerate(sheet.charts):
        chart = _bars(book, made, sheet, bars, first)
        chart.set_size({"width": min(round(width * _PIXELS_A_DIGIT), _WIDEST_PX), "height": _HIGH_PX})
        made.insert_chart(under + number * (_HIGH_PX // 20 + 2), 0, chart, {"description": bars.title})


def _bars(book: Workbook, made: Worksheet, sheet: Sheet, bars: Bars, first: int) -> Any:
    rows = list(sheet.rows)[bars.first : bars.last + 1]

    def series(column: int, colour: str, **more: object) -> dict[str, object]:
        def cells(of: int) -> list[object]:
            return [made.get_name(), first + bars.first, of, first + bars.last, of]

        return {
            "name": [made.get_name(), first - 1, column],
            "categories": cells(bars.names),
            "values": cells(column),
            "fill": {"color": colour},
            **more,
        }

    chart = book.add_chart({"type": "column"})
    for column, colour in zip(bars.bars, _BAR_COLOURS, strict=False):
        chart.add_series(series(column, colour, gap=60))
    shares = all(
        isinstance(getattr(row[bars.bars[0]], "value", row[bars.bars[0]]), (Share, WholeShare, str)) for row in rows
    )
    axis: dict[str, object] = {
        "name": bars.axis,
        "min": 0,
        "major_gridlines": {"visible": True, "line": {"color": "#D9D9D9"}},
    }
    if shares:
        axis |= {"max": 1, "num_format": "0%"}
    chart.set_y_axis(axis)
    chart.set_x_axis({"num_font": {"size": 9}})
    if bars.line is not None:
        line = book.add_chart({"type": "line"})
        mark = {"type": "circle", "size": 6, "fill": {"color": _LINE_COLOUR}, "border": {"color": _LINE_COLOUR}}
        line.add_series(
            series(bars.line, _LINE_COLOUR, y2_axis=True, marker=mark, line={"color": _LINE_COLOUR, "width": 1.5})
        )
        most = max((amount(row[bars.line]) for row in rows), default=0)
        line.set_y2_axis({"name": sheet.headings[bars.line], "min": 0, **({} if most else {"max": 1})})
        chart.combine(line)
    chart.set_title({"name": bars.title, "name_font": {"size": 12}, "overlay": False})
    chart.set_legend({"position": "bottom"} if len(bars.bars) > 1 or bars.line is not None else {"none": True})
    return chart
