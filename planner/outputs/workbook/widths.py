"""How wide columns are and how many lines their texts take, in digits of the standard font."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence

from planner.outputs.workbook.cells import Heading, shown

_WIDEST, _WIDEST_HEADING, _LIST, _PAGE = 42, 7, 200, 132
"""The widest column of text and heading in one line, what is a long list, and a page, in digits of the standard font."""
_FILLED = 0.92
"""How much of a wrapped line holds text."""
_REPEATED, _MOST_REPEATED = 0.25, 3
"""The part of a page that the columns which every page repeats may take, and how many these are at the most."""
_WORD = re.compile(r"[\u0021-\u2fff]+")
"""What no line breaks: Chinese breaks after each character."""
_ARROW, _BESIDE = 3, 2  # the filter's arrow stands in the heading, and what is free beside a text


def fitted(headings: Sequence[str], rows: Sequence[Sequence[object]]) -> list[float]:
    """Return each column's width: that of its text, long text and headings wrapped.

    The few columns of a narrow sheet may be wider, and so may lists where the page has room. A text that begins a part of
    the sheet may run on.
    """
    found: list[float] = []
    lists = []
    for column, heading in enumerate(headings):
        widths = [_width(row[column]) for row in rows if not isinstance(row[0], Heading)]
        longest_word = max((_width(word) for word in _WORD.findall(heading)), default=0)
        wanted = max([max(min(_width(heading), _WIDEST_HEADING), longest_word) + _ARROW, *widths])
        if wanted > _LIST:
            lists.append(column)
        found.append(min(max(_WIDEST, _PAGE // len(headings)), wanted) + _BESIDE)
    for column in lists:
        found[column] = max(found[column], min(2 * _WIDEST, _PAGE - sum(found) + found[column]))
    return found


def pages_of_columns(widths: Sequence[float], page: float) -> tuple[list[int], int, float]:
    """Return before which columns a new page begins, how many first columns each page repeats, and the widest page.

    ``page`` is how much a page takes, in the unit of the widths; a column that is wider has one of its own. The first
    columns are repeated as far as they take a quarter of a page, one to three of them.
    """
    repeated = 1
    while repeated < min(_MOST_REPEATED, len(widths)) and sum(widths[: repeated + 1]) <= page * _REPEATED:
        repeated += 1
    begun = sum(widths[:repeated])
    breaks, here, widest = list[int](), begun, begun
    for column in range(repeated, len(widths)):
        if here + widths[column] > page and here > begun:
            breaks.append(column)
            here = begun
        here += widths[column]
        widest = max(widest, here)
    return breaks, repeated, widest


def row_lines(cells: Sequence[object], widths: Sequence[float], *, beside: float = 0) -> int:
    """Return how many lines a row takes in columns that are so wide, ``beside`` of which is taken by something else."""
    return max(_lines(cell, width - _BESIDE - beside) for cell, width in zip(cells, widths, strict=True))


def _lines(value: object, width: float) -> int:
    """Return how many lines a cell's text takes; words that do not fit go on to the next, which leaves a part empty."""
    wide = _width(value)
    return 1 if wide <= width else math.ceil(wide / (width * _FILLED))


def _width(value: object) -> int:
    return sum(2 if ord(c) > 255 else 1 for c in shown(value))
