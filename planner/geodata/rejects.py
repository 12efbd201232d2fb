"""Rows left out of a plan, written so that they can be corrected and put back."""

from __future__ import annotations

import csv
from pathlib import Path

from planner.geodata.findings import Severity
from planner.geodata.reading import Reading
from planner.model import as_message
from planner.words.cells import text_cell
from planner.writing import whole_file


def write_rejects(reading: Reading, path: Path) -> None:
    """Write the rows at fault as CSV for Excel and WPS: file, row, what is wrong, and the cells by field."""
    rejected = list({(table.file, row.number): (table, row) for table, row in reading.rejected}.values())
    fields = sorted({name for _, row in rejected for name in row.cells})
    with whole_file(path) as beside, beside.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["file", "row", "faults", *fields])
        for table, row in rejected:
            faults = [
                f"{finding.field}: {as_message(finding.message)} → {as_message(finding.remedy)}"
                for finding in reading.findings
                if finding.file == table.file and finding.row == row.number and finding.severity is Severity.ERROR
            ]
            cells = [text_cell(row.cells.get(name, "")) for name in fields]
            writer.writerow([table.file, row.number, text_cell("; ".join(faults)), *cells])
