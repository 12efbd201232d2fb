"""Rows left out of a plan, written so that they can be corrected and put back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import reduce
from pathlib import Path

from planner.errors import Message
from planner.geodata.findings import Finding, Severity
from planner.geodata.place_rows import Row, Table
from planner.geodata.reading import PeopleOfRow, Reading
from planner.model import RowsLeftOut, as_message
from planner.writing import csv_text, refuse_filled_in, write_file

_ABOUT_EACH_ROW = frozenset({"no_people_yet", "rounded_codes"})
"""Codes of findings about a file that stand for one about each of its rows."""
_NOWHERE = Message("has no position, and neither has its township")
"""What is said of rows that are left out without a fault."""


def rows_left_out(reading: Reading) -> RowsLeftOut:
    """Return the villages whose rows were rejected; rows of one id and name are one village."""
    rejected = {id(row) for _, row in reading.rejected}
    villages: dict[object, PeopleOfRow] = {}
    for one in reading.village_rows:
        if id(one.row) in rejected:
            key = one.village if all(one.village) else id(one.row)
            villages[key] = max(villages.get(key, one), one, key=lambda row: row.population)
    left = villages.values()
    return RowsLeftOut(
        villages=len(left),
        population=sum(one.population for one in left),
        households=sum(one.households for one in left),
        poor_villages=sum(one.registered_poor for one in left),
        without_people=sum(not one.population for one in left),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class RejectsFile:
    """Where rows at fault go; ``render`` says the headings and the faults, in English if nobody hands in another way."""

    path: Path
    render: Callable[[Message], str] = str

    def write(self, reading: Reading) -> None:
        """Write the rows at fault as CSV for Excel and WPS: file, row, what is wrong, and the cells by field.

        Raises
        ------
        UsageError
            If the file is there already with other rows: they may have been corrected.
        """
        rejected = list({(table.label(row), row.number): (table, row) for table, row in reading.rejected}.values())
        fields = sorted({name for _, row in rejected for name in row.cells})
        headings = Message("file"), Message("row"), Message("faults")
        rows = []
        for table, row in rejected:
            faults = [
                Message(
                    "{field}: {fault} → {remedy}",
                    field=finding.field,
                    fault=as_message(finding.message),
                    remedy=as_message(finding.remedy),
                )
                for finding in reading.findings
                if finding.severity is Severity.ERROR and _is_about(finding, table, row)
            ]
            fault = self.render(reduce(_one_after_the_other, faults) if faults else _NOWHERE)
            rows.append([table.label(row), row.number, fault, *(row.cells.get(name, "") for name in fields)])
        content = csv_text([*map(self.render, headings), *fields], rows).encode("utf-8-sig")
        refuse_filled_in(self.path, option="--accept-bad", content=content)
        write_file(self.path, content)


def _is_about(finding: Finding, table: Table, row: Row) -> bool:
    return finding.file == table.label(row) and (finding.row == row.number or finding.code in _ABOUT_EACH_ROW)


def _one_after_the_other(before: Message, problem: Message) -> Message:
    return Message("{before}; {problem}", before=before, problem=problem)
