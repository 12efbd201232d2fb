"""Error cells of .xls, .et and .xlsb, which the reader of workbooks leaves blank: a walk over the records that hold them."""

from __future__ import annotations

import posixpath
import struct
import zipfile
from collections.abc import Iterator, Sequence
from xml.etree import ElementTree

ERRORS = {
    0: "#NULL!",
    7: "#DIV/0!",
    15: "#VALUE!",
    23: "#REF!",
    29: "#NAME?",
    36: "#NUM!",
    42: "#N/A",
    43: "#GETTING_DATA",
}
"""What the number of an error stands for, in .xls and .xlsb alike ([MS-XLS] 2.5.10)."""
Errors = dict[tuple[int, int], str]
"""The texts of error cells by row and column, from 1."""
MOST_ERRORS = 100_000
_END = 0xFFFFFFFE
_FAT_IN_HEADER, _ENTRY = 109, 128
_BOUND_SHEET, _BEGIN, _FINISH, _FORMULA, _BOOLEAN_OR_ERROR = 0x85, 0x809, 0x0A, 0x06, 0x205
_BUNDLE_SHEET, _ROW, _CELL_ERRORS = 156, 0, frozenset({3, 11})


def xls_errors(content: bytes) -> list[Errors]:
    """Return the error cells of each sheet of a compound file, in their order; none where it holds no workbook."""
    try:
        book = workbook_stream(content)
        begins = [struct.unpack_from("<I", body)[0] for kind, body in _xls_records(book, 0) if kind == _BOUND_SHEET]
        return [_sheet_errors(book, begin) for begin in begins]
    except (struct.error, IndexError):
        return []


def _sheet_errors(book: bytes, begin: int) -> Errors:
    found: Errors = {}
    for kind, body in _xls_records(book, begin):
        code = None
        if kind == _BOOLEAN_OR_ERROR and body[7]:
            code = body[6]
        elif kind == _FORMULA and body[12:14] == b"\xff\xff" and body[6] == 2:
            code = body[8]
        if code is not None and len(found) < MOST_ERRORS:
            row, column = struct.unpack_from("<HH", body)
            found[row + 1, column + 1] = ERRORS.get(code, "#N/A")
    return found


def _xls_records(book: bytes, at: int) -> Iterator[tuple[int, bytes]]:
    """Yield number and content of the records of one part, without those of charts inside it."""
    depth = 0
    while at + 4 <= len(book):
        kind, size = struct.unpack_from("<HH", book, at)
        depth += (kind == _BEGIN) - (kind == _FINISH)
        if depth <= 0:
            return
        if depth == 1:
            yield kind, book[at + 4 : at + 4 + size]
        at += 4 + size


def workbook_stream(content: bytes) -> bytes:
    """Return the stream of a compound file ([MS-CFB]) that holds the workbook, empty if there is none."""
    size, small = (1 << shift for shift in struct.unpack_from("<2H", content, 30))
    directory, _, cutoff, small_chains = struct.unpack_from("<4I", content, 48)
    blocks = list(struct.unpack_from(f"<{_FAT_IN_HEADER}I", content, 76))
    more, count = struct.unpack_from("<2I", content, 68)
    for _ in range(min(count, len(content) // size)):
        if more >= _END:
            break
        part = struct.unpack_from(f"<{size // 4}I", content, size * (more + 1))
        blocks, more = blocks + list(part[:-1]), part[-1]
    fat: list[int] = []
    for block in blocks:
        if block < _END and len(fat) * size // 4 <= len(content):
            fat += struct.unpack_from(f"<{size // 4}I", content, size * (block + 1))
    sectors = content[size:]  # behind the header, which is as large as one
    entries = _chain(sectors, fat, directory, size)
    home = b""
    for at in range(0, len(entries) - _ENTRY + 1, _ENTRY):
        name = entries[at : at + 64].decode("utf-16-le", "replace").partition("\0")[0].lower()
        start, length = struct.unpack_from("<2I", entries, at + 116)
        if at == 0:
            home = _chain(sectors, fat, start, size)  # of all small streams, in sectors of their own
        elif name in ("workbook", "book") and length >= cutoff:
            return _chain(sectors, fat, start, size)[:length]
        elif name in ("workbook", "book"):
            chains = _chain(sectors, fat, small_chains, size)
            return _chain(home, struct.unpack(f"<{len(chains) // 4}I", chains), start, small)[:length]
    return b""


def _chain(sectors: bytes, fat: Sequence[int], block: int, size: int) -> bytes:
    parts: list[bytes] = []
    while block < len(fat) and len(parts) <= len(fat):
        parts.append(sectors[size * block : size * (block + 1)])
        block = fat[block]
    return b"".join(parts)


def xlsb_records(content: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield number and content of the records of a part of an .xlsb ([MS-XLSB] 2.1.4)."""
    at, end = 0, len(content)
    while at + 1 < end:
        kind = content[at]
        at += 1
        if kind & 128:
            kind = kind & 127 | (content[at] & 127) << 7
            at += 1
        size = shift = 0
        while at < end and shift < 28:
            byte = content[at]
            size |= (byte & 127) << shift
            at, shift = at + 1, shift + 7
            if byte < 128:
                break
        yield kind, content[at : at + size]
        at += size


def xlsb_errors(content: bytes) -> Errors:
    """Return the error cells of a sheet of an .xlsb."""
    found: Errors = {}
    row = 0
    for kind, body in xlsb_records(content):
        if kind == _ROW:
            row = int.from_bytes(body[:4], "little") + 1
        elif kind in _CELL_ERRORS and len(body) > 8 and len(found) < MOST_ERRORS:
            found[row, int.from_bytes(body[:4], "little") + 1] = ERRORS.get(body[8], "#N/A")
    return found


def xlsb_sheets(parts: zipfile.ZipFile, named: dict[str, str]) -> dict[str, str]:
    """Return the part of each sheet of an .xlsb by the sheet's name; ``named`` are the parts by their names in lower case.

    Raises
    ------
    ElementTree.ParseError, KeyError
        If it is damaged.
    """
    links = ElementTree.fromstring(parts.read(named["xl/_rels/workbook.bin.rels"]))
    targets = {link.get("Id", ""): posixpath.normpath(posixpath.join("/xl", link.get("Target", ""))) for link in links}
    found = {}
    for kind, body in xlsb_records(parts.read(named["xl/workbook.bin"])):
        if kind == _BUNDLE_SHEET:
            link, rest = _wide_text(body[8:])
            found[_wide_text(rest)[0]] = targets.get(link, "").lstrip("/")
    return {title: part for title, part in found.items() if part.lower() in named}


def _wide_text(body: bytes) -> tuple[str, bytes]:
    end = 4 + 2 * int.from_bytes(body[:4], "little")
    return body[4:end].decode("utf-16-le", "replace"), body[end:]
