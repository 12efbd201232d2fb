"""Rows of places as text by field, with what is known of them before a cell is read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from planner.errors import Message
from planner.geodata.columns import Multiple
from planner.geodata.findings import Finding, Severity
from planner.geodata.personal_data import shown
from planner.model import Fact

NO_TABLE = Message("cannot be read as a table")


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """What the form of a row says is wrong with it: known before its cells are read."""

    severity: Severity
    code: str
    field: str
    message: Fact
    remedy: Fact


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One row: its number as a spreadsheet counts, the sheet or layer it stands in (of several), and text by field."""

    number: int
    cells: Mapping[str, str]
    sheet: str = ""
    faults: tuple[Fault, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """All rows of one file; ``headings`` are as written by field, ``unused`` columns stand for nothing known here.

    ``multiples`` holds what one unit of a field stands for where its heading says 千, 万 or the like; ``findings`` say how
    the file was read: which sheets, which of two columns, what was filled in, which rows are no places. ``places`` are the
    columns by field, from 0, and ``heading_row`` is the last row of headings, where one sheet is the table. Columns that are
    ``of_persons`` were not read. ``codes`` are ids and names that are the area's, and so are shown.
    """

    file: str
    headings: Mapping[str, str]
    unused: tuple[str, ...]
    rows: tuple[Row, ...]
    multiples: Mapping[str, Multiple] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()
    places: Mapping[str, int] = field(default_factory=dict)
    heading_row: int = 0
    of_persons: tuple[str, ...] = ()
    codes: frozenset[str] = frozenset()

    def label(self, row: Row) -> str:
        """Return the file that a row stands in, with its sheet where several are read together."""
        return f"{self.file} [{row.sheet}]" if row.sheet else self.file


def shown_table(table: Table) -> Table:
    """Return a table whose headings, sheets and findings say nothing that may be a person's; its cells are as they were."""
    keep = (table.file,)
    return replace(
        table,
        headings={name: shown(text, table.codes) for name, text in table.headings.items()},
        unused=shown(table.unused, table.codes),
        of_persons=tuple(dict.fromkeys(shown(table.of_persons, table.codes))),
        rows=tuple(
            replace(
                row,
                sheet=shown(row.sheet, table.codes),
                faults=tuple(replace(one, message=shown(one.message, table.codes, keep)) for one in row.faults),
            )
            for row in table.rows
        ),
        findings=tuple(
            replace(
                one,
                file=shown(one.file, table.codes, keep),
                field=shown(one.field, table.codes),
                value=shown(one.value, table.codes),
                message=shown(one.message, table.codes, keep),
                remedy=shown(one.remedy, table.codes, keep),
            )
            for one in table.findings
        ),
    )


def repeated(columns: Sequence[tuple[str, str]]) -> list[Message]:
    """Return one problem for each field that several columns (heading, field) stand for."""
    fields = [name for _, name in columns]
    return [
        Message(
            "{headings} both stand for {field}: keep one",
            headings=[heading for heading, name in columns if name == again],
            field=again,
        )
        for again in dict.fromkeys(fields)
        if fields.count(again) > 1
    ]
