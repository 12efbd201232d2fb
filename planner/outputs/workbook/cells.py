"""What sheets of a workbook are made of: headings, rows, kinds of cells, formulas and charts."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import ClassVar, NamedTuple

from xlsxwriter.utility import xl_col_to_name

from planner.words import has_term, say, term


class Bars(NamedTuple):
    """A chart of a sheet's rows: columns as bars, one perhaps as a line on an axis of its own at the right.

    ``first`` and ``last`` are rows as they are numbered in `Sheet.rows`, columns are numbered from 0.
    """

    title: str
    first: int
    last: int
    names: int
    bars: Sequence[int]
    axis: str
    line: int | None = None


class Sheet(NamedTuple):
    """A sheet: its title, headings and rows, in the language that is spoken; how many rows at its end are sums; charts."""

    title: str
    headings: Sequence[str]
    rows: Iterable[Sequence[object]]
    sums: int = 0
    charts: Sequence[Bars] = ()


class Figure(float):
    """A number that the cell holds whole and shows in part: ``shown_as`` for Python, ``number_format`` for spreadsheets."""

    shown_as: ClassVar[str]
    number_format: ClassVar[str]


class Share(Figure):
    """A part of the whole, in percent."""

    shown_as, number_format = ".1%", "0.0%"


class WholeShare(Figure):
    """A part of the whole, in whole percent."""

    shown_as, number_format = ".0%", "0%"


class Tenths(Figure):
    """A figure with one decimal."""

    shown_as, number_format = ",.1f", "#,##0.0"


class Hundredths(Figure):
    """A figure with two decimals."""

    shown_as, number_format = ",.2f", "#,##0.00"


class Thousandths(Figure):
    """A figure with three decimals."""

    shown_as, number_format = ",.3f", "#,##0.000"


class Degrees(Figure):
    """A coordinate, with six decimals."""

    shown_as, number_format = ".6f", "0.000000"


class Yuan(float):
    """An amount of money, whole or to the fen."""


class Heading(str):
    """The text of a row that begins a part of its sheet."""

    __slots__ = ()


class Subtotal(str):
    """The first cell of a row that adds up others, between rows that are summed up themselves."""

    __slots__ = ()


class ToFill(str):
    """What stands in a cell that the reader is to fill in."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula and what it comes to, which the cell shows where nothing computes it again.

    ``text`` is ours, never of data; ``[3]`` in it is the row of that number in `Sheet.rows`, ``[.]`` the formula's own.
    """

    text: str
    value: float | str


def shown(value: object) -> str:
    """Return what a cell shows of a value."""
    match value:
        case None:
            return ""
        case Formula():
            return shown(value.value)
        case Figure():
            return format(float(value), value.shown_as)
        case Yuan():
            return f"{value:,.0f}" if value.is_integer() else f"{value:,.2f}"
        case int() | float():
            return f"{value:,}"
    return str(value)


def amount(value: object) -> float:
    """Return the number of a cell, 0 where it has none."""
    if isinstance(value, Formula):
        return amount(value.value)
    return value if isinstance(value, (int, float)) else 0


def summed(rows: Sequence[Sequence[object]], columns: Collection[int]) -> list[object]:
    """Return a row that adds up columns of the rows that it stands under."""
    return [
        term("total") if k == 0 else column_sum(rows, k, range(len(rows))) if k in columns else ""
        for k in range(len(rows[0]))
    ]


def column_sum(rows: Sequence[Sequence[object]], column: int, added: Sequence[int]) -> Formula:
    """Return the formula that adds up a column over some rows, which follow each other or do not."""
    cells = [rows[number][column] for number in added]
    kinds = [
        type(cell) for cell in (c.value if isinstance(c, Formula) else c for c in cells) if isinstance(cell, float)
    ]
    kind = kinds[0] if kinds else int
    name = xl_col_to_name(column)
    if len(added) > 1 and list(added) == list(range(added[0], added[-1] + 1)):
        text = f"SUM({name}[{added[0]}]:{name}[{added[-1]}])"
    else:
        text = "+".join(f"{name}[{number}]" for number in added)
    return Formula(text, kind(round(math.fsum(amount(cell) for cell in cells), 6)))


def yes_no(value: bool) -> str:
    """Return the word."""
    return say("yes") if value else say("no")


def stage_name(name: str) -> str:
    """Return a stage's name as people read it; most are years."""
    return term(name) if has_term(name) else name


def whole(figure: float) -> float:
    """Return a number without a trailing .0, as counts are read."""
    return int(figure) if figure == int(figure) else figure
