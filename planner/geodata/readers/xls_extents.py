"""How much a workbook of the old kind (.xls) would hold, told before it is laid out: its cells' rows and columns, by sheet.

The container is Microsoft's compound file, the stream in it a row of records (BIFF8). What is damaged is left to whoever
reads it.
"""

from __future__ import annotations

import struct

from planner.geodata.readers.error_cells import workbook_stream
from planner.geodata.readers.extents import Extents

_BEGIN_OF_PART, _MANY = 0x0809, 0x00BD
_CELLS = frozenset({0x0006, _MANY, 0x00FD, 0x0203, 0x0204, 0x0205, 0x027E, 0x00D6})


def add_xls_sheets(content: bytes, extents: Extents) -> None:
    """Count the cells of all sheets.

    Raises
    ------
    BadDataError
        If they are too many.
    """
    try:
        stream = workbook_stream(content)
    except (struct.error, IndexError):
        return
    at = rows = columns = 0
    while at + 4 <= len(stream):
        kind, size = struct.unpack_from("<HH", stream, at)
        if kind == _BEGIN_OF_PART:
            extents.add_sheet(rows, columns)
            rows = columns = 0
        elif kind in _CELLS and size >= 6 and at + 4 + size <= len(stream):
            row, column = struct.unpack_from("<HH", stream, at + 4)
            if kind == _MANY:
                (column,) = struct.unpack_from("<H", stream, at + 2 + size)
            rows, columns = max(rows, row + 1), max(columns, column + 1)
        at += 4 + size
    extents.add_sheet(rows, columns)
