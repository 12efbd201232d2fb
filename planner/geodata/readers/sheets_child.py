"""What the child runs on workbooks: they are looked at as archives first, then read."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import Any

from planner.errors import BadDataError, of_file
from planner.geodata.readers.archives import check_entries
from planner.geodata.readers.calamine_sheets import NO_WORKBOOK, ZIP, CellSheet, workbook_sheets

_SMALL_MB = 10  # a million elements of XML, which take a second


def read_sheets(copy: str, name: str) -> list[dict[str, Any]]:
    """Return the sheets of a workbook as plain values; ``name`` is what the file is called where it came from.

    Raises
    ------
    BadDataError
        As `planner.geodata.readers.sheets.sheets_of`.
    """
    content = Path(copy).read_bytes()
    return [
        {
            "name": sheet.name,
            "hidden": sheet.hidden,
            "rows": [cells for _, cells in sheet.rows],
            "merges": [(merge.top, merge.left, merge.bottom, merge.right) for merge in sheet.merges],
            "formulas": sorted(sheet.formulas),
        }
        for sheet in sheets_in(content, name)
    ]


def sheets_in(content: bytes, name: str) -> tuple[CellSheet, ...]:
    """Return the sheets of a workbook, looked at as an archive first.

    Raises
    ------
    BadDataError
        As `planner.geodata.readers.sheets.sheets_of`.
    """
    if content.startswith(ZIP):
        try:
            with zipfile.ZipFile(io.BytesIO(content)) as archive:
                check_entries(archive.infolist(), len(content), name, _SMALL_MB)
        except (zipfile.BadZipFile, ValueError, EOFError) as error:
            if isinstance(error, BadDataError):
                raise
            raise BadDataError(of_file(name, NO_WORKBOOK)) from error
    return workbook_sheets(content, name)
