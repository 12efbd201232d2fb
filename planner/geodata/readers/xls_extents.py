"""How much a workbook of the old kind (.xls) would hold, told before it is laid out: its cells' rows and columns, by sheet.

The container is Microsoft's compound file, the stream in it a row of records (BIFF8). What is damaged is left to whoever
reads it.
"""

from __future__ import annotations

import struct

from planner.geodata.readers.extents import Extents

_END = 0xFFFFFFFA  # this and above are marks, no sectors
_BEGIN_OF_PART, _MANY = 0x0809, 0x00BD
_CELLS = frozenset({0x0006, _MANY, 0x00FD, 0x0203, 0x0204, 0x0205, 0x027E, 0x00D6})
_ENTRY = 128


def add_xls_sheets(content: bytes, extents: Extents) -> None:
    """Count the cells of all sheets.

    Raises
    ------
    BadDataError
        If they are too many.
    """
    try:
        stream = _workbook(content)
    except (struct.error, IndexError, ValueError):
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


def _workbook(content: bytes) -> bytes:
    """Return the stream of a compound file that holds the workbook."""
    size = 1 << min(struct.unpack_from("<H", content, 30)[0], 16)
    tables, first = struct.unpack_from("<II", content, 44)
    (more,) = struct.unpack_from("<I", content, 68)
    places = [place for place in struct.unpack_from("<109I", content, 76) if place < _END]
    while more < _END and len(places) < min(tables, len(content) // size):
        *inner, more = struct.unpack_from(f"<{size // 4}I", content, (more + 1) * size)
        places += [place for place in inner if place < _END]
    fat = [next_ for place in places for next_ in struct.unpack_from(f"<{size // 4}I", content, (place + 1) * size)]
    folder = _chain(content, fat, first, size)
    for at in range(0, len(folder) - _ENTRY + 1, _ENTRY):
        (length,) = struct.unpack_from("<H", folder, at + 64)
        name = folder[at : at + max(min(length, 64) - 2, 0)].decode("utf-16-le", "replace")
        if name.casefold() in ("workbook", "book"):
            return _chain(content, fat, struct.unpack_from("<I", folder, at + 116)[0], size)
    raise ValueError("no workbook")


def _chain(content: bytes, fat: list[int], first: int, size: int) -> bytes:
    found: list[bytes] = []
    while first < _END and len(found) <= len(content) // size:
        found.append(content[(first + 1) * size : (first + 2) * size])
        first = fat[first]
    return b"".join(found)
