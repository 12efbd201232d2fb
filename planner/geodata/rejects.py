"""Rows left out of a plan, written so that they can be corrected and put back."""

from __future__ import annotations

import csv
from collections.abc import Callable
from dataclasses import dataclass
from functools import reduce
from pathlib import Path

from planner.errors import Message
from planner.geodata.findings import Severity
from planner.geodata.reading import Reading
from planner.model import as_message
from planner.words.cells import text_cell
from planner.writing import whole_file


@dataclass(frozen=True, slots=True, kw_only=True)
class RejectsFile:
    """Where rows at fault go; ``render`` says the headings and the faults, in English if nobody hands in another way."""

    path: Path
    render: Callable[[Message], str] = str

    def write(self, reading: Reading) -> None:
        """Write the rows at fault as CSV for Excel and WPS: file, row, what is wrong, and the cells by field."""
        rejected = list({(table.file, row.number): (table, row) for table, row in reading.rejected}.values())
        fields = sorted({name for _, row in rejected for name in row.cells})
        headings = Message("file"), Message("row"), Message("faults")
        with whole_file(self.path) as beside, beside.open("w", encoding="utf-8-sig", newline="") as file:
            writer = csv.writer(file)
            writer.writerow([*map(self.render, headings), *fields])
            for table, row in rejected:
                faults = [
                    Message(
                        "{field}: {fault} → {remedy}",
                        field=finding.field,
                        fault=as_message(finding.message),
                        remedy=as_message(finding.remedy),
                    )
                    for finding in reading.findings
                    if finding.file == table.file and finding.row == row.number and finding.severity is Severity.ERROR
                ]
                cells = [text_cell(row.cells.get(name, "")) for name in fields]
                fault = self.render(reduce(_one_after_the_other, faults)) if faults else ""
                writer.writerow([table.file, row.number, text_cell(fault), *cells])


def _one_after_the_other(before: Message, problem: Message) -> Message:
    return Message("{before}; {problem}", before=before, problem=problem)
