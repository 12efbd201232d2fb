"""Where the headings of a sheet stand, and what each column is: one row, or groups over sub-headings, or a unit below."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from planner.geodata.columns import (
    NAMES,
    PATTERNS,
    PLACES,
    Multiple,
    Vocabulary,
    field_of,
    is_unit,
    multiple_of,
    normal,
    unknown_unit,
)
from planner.geodata.readers.calamine_sheets import CellSheet, NumberedRow

HEADING_ROWS = 12  # offices put a title, a date and a unit above the headings
_LEVELS = 3
_COUNTED = 3  # columns that a row of column numbers has at least
_INSIDE_BRACKETS = re.compile(r"\([^()]*\)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column: its place from 0, its heading as it is written (a group before its part), its field, what a unit is.

    One that is ``of_persons`` has no field: it is not read. Nor has one of an ``unknown_unit``, which is the field that it
    would be and the unit.
    """

    place: int
    heading: str
    field: str | None
    multiple: Multiple = 1
    of_persons: bool = False
    unknown_unit: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Headings:
    """The columns of a sheet, the first and last row of its headings, and what stands above them."""

    columns: tuple[Column, ...]
    first: int
    last: int
    above: tuple[str, ...]

    @property
    def fields(self) -> frozenset[str]:
        """The fields that the columns stand for."""
        return frozenset(column.field for column in self.columns if column.field)


def find_headings(sheet: CellSheet, vocabulary: Vocabulary = PLACES) -> Headings | None:
    """Return the headings of a sheet, None if no row among the first has one that is known."""
    filled = [row for row in sheet.rows if any(cell.strip() for cell in row[1])]
    tops = filled[:HEADING_ROWS]
    texts = _with_merges(sheet, tops)
    best: Headings | None = None
    for start in range(len(tops)):
        for levels in range(1, min(_LEVELS, len(tops) - start) + 1):
            columns = _columns(texts[start : start + levels], vocabulary)
            found = Headings(
                columns=columns,
                first=tops[start][0],
                last=tops[start + levels - 1][0],
                above=tuple(normal(cell) for _, row in tops[:start] for cell in row if cell.strip()),
            )
            if found.fields and (best is None or _weight(found) > _weight(best)):
                best = found
    return None if best is None else _with_rows_below(best, filled, vocabulary)


def _weight(headings: Headings) -> tuple[int, int]:
    """Return how much speaks for rows being the headings: the fields that are known, and that they are few rows."""
    return len(headings.fields), headings.first - headings.last


def known_headings(cells: Sequence[str], vocabulary: Vocabulary = PLACES) -> int:
    """Return how many fields the cells are headings of."""
    return len({field for cell in cells if (field := field_of(cell, vocabulary))})


def is_heading_again(cells: Sequence[str], headings: Headings) -> bool:
    """Return whether a row repeats the headings, as a table does at the top of each printed page."""
    known = [(column, normal(cells[column.place])) for column in headings.columns if column.place < len(cells)]
    filled = [(column, text) for column, text in known if text]
    same = [column for column, text in filled if text in _pieces(column.heading)]
    return len(same) >= min(2, len(headings.columns)) and len(same) == len(filled)


def _pieces(heading: str) -> list[str]:
    return [heading, *heading.split(" / ")]


def _with_merges(sheet: CellSheet, tops: Sequence[NumberedRow]) -> list[list[str]]:
    """Return the cells of the first rows, merged ones filled with what stands in their corner."""
    width = max((len(cells) for _, cells in tops), default=0)
    texts = {number: [*map(normal, cells), *[""] * (width - len(cells))] for number, cells in tops}
    for merge in sheet.merges:
        if merge.top not in texts or merge.left > width:
            continue
        corner = texts[merge.top][merge.left - 1]
        for number in range(merge.top, merge.bottom + 1):
            for place in range(merge.left - 1, min(merge.right, width)):
                if number in texts:
                    texts[number][place] = corner
    return [texts[number] for number, _ in tops]


def _columns(levels: Sequence[Sequence[str]], vocabulary: Vocabulary) -> tuple[Column, ...]:
    """Return the columns of one to three rows of headings; a group without a merge goes on to the right over blanks."""
    spread = []
    for depth, row in enumerate(levels):
        below = levels[depth + 1 :]
        cells = list(row)
        for place in range(1, len(cells)):
            is_group = any(level[place - 1] for level in below)
            if not cells[place] and is_group and any(level[place] for level in below):
                cells[place] = cells[place - 1]
        spread.append(cells)
    return tuple(_column(place, [row[place] for row in spread], vocabulary) for place in range(len(levels[0])))


def _column(place: int, texts: Sequence[str], vocabulary: Vocabulary) -> Column:
    parts = [text for number, text in enumerate(texts) if text and text not in texts[:number]]
    heading = " / ".join(parts)
    if vocabulary.is_of_persons(heading):
        return Column(place=place, heading=heading, field=None, of_persons=True)
    for text in _ways_to_say(parts):
        field = field_of(text, vocabulary)
        if field:
            return Column(place=place, heading=heading, field=field, multiple=multiple_of(text, vocabulary))
    strange = next((found for text in _ways_to_say(parts) if (found := unknown_unit(text, vocabulary))), None)
    return Column(place=place, heading=heading, field=None, unknown_unit=strange)


def _ways_to_say(parts: Sequence[str]) -> list[str]:
    """Return what a column may be called: its group and its own heading together first, then its own alone."""
    if not parts:
        return []
    *groups, own = parts
    ways = []
    for group in reversed(groups):
        bare = _INSIDE_BRACKETS.sub("", group)
        for word in NAMES["group_tails"]:
            bare = bare.removesuffix(word)
        if PATTERNS["totals"].fullmatch("".join(own.split())):
            ways += [group]
        ways += [bare + own, own + bare]
    return [*ways, own]


def _with_rows_below(headings: Headings, filled: Sequence[NumberedRow], vocabulary: Vocabulary) -> Headings:
    """Return the headings with a row of units below them taken in, and one of column numbers passed over."""
    for number, cells in filled:
        if number <= headings.last:
            continue
        texts = [normal(cell) for cell in cells]
        said = [text for text in texts if text]
        if all(is_unit(text, vocabulary) for text in said) and not any(text.isdigit() for text in said):
            columns = [_in_unit(column, texts, vocabulary) for column in headings.columns]
            headings = replace(headings, columns=tuple(columns), last=number)
        elif _numbers_columns(said):
            headings = replace(headings, last=number)
        else:
            break
    return headings


def _in_unit(column: Column, texts: Sequence[str], vocabulary: Vocabulary) -> Column:
    unit = texts[column.place] if column.place < len(texts) else ""
    if not unit or column.field is None:
        return column
    own = column.heading.split(" / ")[-1]
    named = f"{own}({unit})"
    if strange := unknown_unit(named, vocabulary):
        return replace(column, field=None, unknown_unit=(column.field, strange[1]))
    field, below = field_of(named, vocabulary), multiple_of(named, vocabulary)
    if field and field != column.field == field_of(own, vocabulary):  # kilograms below the heading of parcels
        return replace(column, field=field, multiple=below)
    return replace(column, multiple=below if column.multiple == 1 else max(column.multiple, below))


def _numbers_columns(said: Sequence[str]) -> bool:
    """Return whether cells are 1, 2, 3 ... or the signs that Chinese tables number their columns with."""
    if len(said) < _COUNTED or not all(PATTERNS["number_word"].fullmatch(text) for text in said):
        return False
    digits = [int(text.strip("()")) for text in said if text.strip("()").isdigit()]
    return digits == list(range(digits[0], digits[0] + len(digits))) and digits[0] <= len(said) if digits else True
