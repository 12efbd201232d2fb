"""Sheets of a workbook as they stand in its file, with the links and the notice that tests ask for."""

import re
from pathlib import Path

import openpyxl

from planner.outputs.page_links import PageLinks

LINKS = PageLinks(home="en")
NOTICE = "contains synthetic data"
OWN_FORMULA = re.compile(
    r"=(?:SUM\([A-Z]+\d+:[A-Z]+\d+\)|\(?[A-Z]+\d+(?:[-+/][A-Z]+\d+)*\)?(?:/[A-Z]+\d+)?"
    r"|IF\(ISNUMBER\([A-Z]+\d+\),[A-Z]+\d+-[A-Z]+\d+,[A-Z]+\d+\)"
    r"|IF\(COUNT\([A-Z\d,]+\)=0,\"(?:not filled in|未填)\",SUM\([A-Z\d,]+\)\))"
)
"""The formulas of a workbook: sums, differences and parts of its own cells, and nothing that calls or opens anything."""


def sheet_of(path: Path, name: str) -> openpyxl.worksheet.worksheet.Worksheet:
    """The sheet of a workbook whose title has this English name, formulas as what they come to."""
    return next(sheet for sheet in openpyxl.load_workbook(path, data_only=True) if name in sheet.title)


def rows_of(path: Path, name: str, *columns: str) -> dict[object, list[object]]:
    """The cells of some columns, told by words of their heading in English, by what the first cell of the row holds."""
    head, *rows = sheet_of(path, name).iter_rows(min_row=2, values_only=True)
    places = [next(i for i, heading in enumerate(head) if column in str(heading)) for column in columns]
    return {row[0]: [row[place] for place in places] for row in rows}
