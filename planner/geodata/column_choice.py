"""Several columns for one field → the one that is read, by rules that are said; what no rule decides is a problem."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from planner.geodata.columns import PATTERNS, normal, preference
from planner.geodata.headings import Column, Headings
from planner.geodata.readers.calamine_sheets import NumberedRow

_VILLAGE_CODE = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnChoice:
    """The columns that are read, by field; of which field one of several was chosen; columns that contradict each other."""

    column_of: dict[str, Column]
    passed_over: dict[str, tuple[Column, ...]]
    contradicting: tuple[Column, ...] = ()


def chosen_columns(headings: Headings, rows: Sequence[NumberedRow]) -> ColumnChoice:
    """Return which columns are read: of villages 乡镇名称 is the township, and of several for a field the best one.

    Columns that hold the same in every row are one. A column 编号 that only counts the rows is no code.
    """
    columns = [column for column in _settled(headings) if column.field]
    serial = [c for c in columns if PATTERNS["serial_heading"].fullmatch(c.heading) and _counts_rows(_cells(rows, c))]
    columns = [column for column in columns if column not in serial]
    column_of: dict[str, Column] = {}
    passed_over: dict[str, tuple[Column, ...]] = {}
    contradicting: list[Column] = []
    for field in dict.fromkeys(column.field for column in columns if column.field):
        rivals = [column for column in columns if column.field == field]
        ranked = sorted(
            rivals, key=lambda column: (_emptiness(field, _cells(rows, column)), preference(field, column.heading))
        )
        best = ranked[0]
        column_of[field] = best
        others = [column for column in ranked[1:] if _cells(rows, column) != _cells(rows, best)]
        if any(_rank(field, column, rows) == _rank(field, best, rows) for column in others):
            contradicting += [best, *others]
        elif others:
            passed_over[field] = tuple(others)
    return ColumnChoice(column_of=column_of, passed_over=passed_over, contradicting=tuple(contradicting))


def _rank(field: str, column: Column, rows: Sequence[NumberedRow]) -> tuple[int, tuple[int, int]]:
    return _emptiness(field, _cells(rows, column)), preference(field, column.heading)


def _settled(headings: Headings) -> Iterator[Column]:
    """Yield the columns with 乡镇名称 and 乡镇代码 read as what the others leave for them."""
    fields = headings.fields
    has_village = "name" in fields
    for column in headings.columns:
        if column.field == "township_name":
            yield replace(column, field="township" if has_village else "name")
        elif column.field == "township_code" and not has_village and "id" not in fields and "township" not in fields:
            yield replace(column, field="id")
        else:
            yield column


def _cells(rows: Sequence[NumberedRow], column: Column) -> list[str]:
    return [normal(cells[column.place]) if column.place < len(cells) else "" for _, cells in rows]


def _emptiness(field: str, cells: Sequence[str]) -> int:
    """Return how little a column can be meant: an empty one last, of codes one of other lengths before it."""
    filled = [cell for cell in cells if cell]
    if not filled and cells:
        return 2
    if field == "id":
        return int(sum(len("".join(filter(str.isdigit, cell))) == _VILLAGE_CODE for cell in filled) * 2 < len(filled))
    return 0


def _counts_rows(cells: Sequence[str]) -> bool:
    """Return whether cells are 1, 2, 3 ... in their order, or that again from 1 for each group."""
    filled = [cell for cell in cells if cell]
    if len(filled) < 2 or not all(PATTERNS["serial"].fullmatch(cell) for cell in filled):
        return False
    numbers = [int(float(cell)) for cell in filled]
    pairs = itertools.pairwise(numbers)
    return numbers[0] == 1 and all(after in (before + 1, 1) for before, after in pairs)
