"""Workbooks of .xls and .xlsb made by hand, with cells that hold errors, as formulas and as values."""

import struct
import zipfile
from pathlib import Path

ERRORS = {"#NULL!": 0, "#DIV/0!": 7, "#VALUE!": 15, "#REF!": 23, "#NAME?": 29, "#NUM!": 36, "#N/A": 42}
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_SECTOR = 512
Rows = list[list[object]]


def write_xls(path: Path, sheets: dict[str, Rows], *, of_formulas: bool) -> None:
    """Write BIFF8 in a compound file; a text of `ERRORS` becomes an error cell."""
    parts = [_biff_sheet(rows, of_formulas=of_formulas) for rows in sheets.values()]
    head = _biff(0x809, struct.pack("<HHHHII", 0x600, 5, 0, 0, 0, 6)) + _biff(0x42, struct.pack("<H", 1200))
    names = [title.encode("utf-16-le") for title in sheets]
    at = len(head) + sum(4 + 8 + len(name) for name in names) + 4
    for title, name, part in zip(sheets, names, parts, strict=True):
        head += _biff(0x85, struct.pack("<IBBBB", at, 0, 0, len(title), 1) + name)
        at += len(part)
    path.write_bytes(_compound(head + _biff(0x0A) + b"".join(parts)))


def _biff(kind: int, content: bytes = b"") -> bytes:
    return struct.pack("<HH", kind, len(content)) + content


def _biff_sheet(rows: Rows, *, of_formulas: bool) -> bytes:
    found = _biff(0x809, struct.pack("<HHHHII", 0x600, 16, 0, 0, 0, 6))
    for number, row in enumerate(rows):
        for place, value in enumerate(row):
            where = struct.pack("<HHH", number, place, 0)
            if isinstance(value, str) and value in ERRORS and of_formulas:
                result = struct.pack("<BBBBHH", 2, 0, ERRORS[value], 0, 0, 0xFFFF)
                found += _biff(6, where + result + struct.pack("<HIHB", 0, 0, 2, 0x1C) + bytes([ERRORS[value]]))
            elif isinstance(value, str) and value in ERRORS:
                found += _biff(0x205, where + bytes([ERRORS[value], 1]))
            elif isinstance(value, str):
                found += _biff(0x204, where + struct.pack("<HB", len(value), 1) + value.encode("utf-16-le"))
            elif isinstance(value, int | float):
                found += _biff(0x203, where + struct.pack("<d", value))
    return found + _biff(0x0A)


def _compound(stream: bytes) -> bytes:
    """Return a compound file with one stream, of sectors in a row behind its header."""
    stream += b"\0" * max(4096 - len(stream), -len(stream) % _SECTOR)
    count = -(-len(stream) // _SECTOR)
    fats = -(-(count + 2) // (_SECTOR // 4 - 1)) or 1
    chain = [*range(1, count), 0xFFFFFFFE, 0xFFFFFFFE, *[0xFFFFFFFD] * fats]
    chain += [0xFFFFFFFF] * (fats * _SECTOR // 4 - len(chain))
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
    header += struct.pack("<9I", 0, fats, count, 0, 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0)
    blocks = [count + 1 + n for n in range(fats)]
    header += struct.pack("<109I", *blocks, *[0xFFFFFFFF] * (109 - fats))
    entries = _entry("Root Entry", 5, 0xFFFFFFFE, 0, child=1) + _entry("Workbook", 2, 0, len(stream))
    return header + stream + entries.ljust(_SECTOR, b"\0") + struct.pack(f"<{len(chain)}I", *chain)


def _entry(name: str, kind: int, start: int, size: int, child: int = 0xFFFFFFFF) -> bytes:
    text = (name + "\0").encode("utf-16-le")
    head = text.ljust(64, b"\0") + struct.pack("<HBB", len(text), kind, 1)
    return head + struct.pack("<III", 0xFFFFFFFF, 0xFFFFFFFF, child) + bytes(36) + struct.pack("<III", start, size, 0)


def write_xlsb(path: Path, sheets: dict[str, Rows], *, of_formulas: bool) -> None:
    """Write a package of binary parts; a text of `ERRORS` becomes an error cell."""
    book = _record(131) + _record(143)
    links, parts = "", {}
    for number, (title, rows) in enumerate(sheets.items(), start=1):
        book += _record(156, struct.pack("<II", 0, number) + _wide(f"r{number}") + _wide(title))
        target = f"worksheets/sheet{number}.bin"
        links += f'<Relationship Id="r{number}" Type="{_RELATIONS}/worksheet" Target="{target}"/>'
        parts[f"xl/{target}"] = _xlsb_sheet(rows, of_formulas=of_formulas)
    with zipfile.ZipFile(path, "w") as package:
        package.writestr("[Content_Types].xml", f'<Types xmlns="{_PACKAGE}/content-types"/>')
        package.writestr("xl/workbook.bin", book + _record(144) + _record(132))
        package.writestr(
            "xl/_rels/workbook.bin.rels", f'<Relationships xmlns="{_PACKAGE}/relationships">{links}</Relationships>'
        )
        for part, content in parts.items():
            package.writestr(part, content)


def _xlsb_sheet(rows: Rows, *, of_formulas: bool) -> bytes:
    width = max(map(len, rows))
    found = _record(129) + _record(148, struct.pack("<IIII", 0, len(rows) - 1, 0, width - 1)) + _record(145)
    for number, row in enumerate(rows):
        found += _record(0, struct.pack("<IIHBBBI", number, 0, 300, 0, 0, 0, 0))
        for place, value in enumerate(row):
            where = struct.pack("<II", place, 0)
            if isinstance(value, str) and value in ERRORS:
                formula = struct.pack("<HI", 0, 2) + bytes([0x1C, ERRORS[value]]) + struct.pack("<I", 0)
                code = bytes([ERRORS[value]])
                found += _record(11, where + code + formula) if of_formulas else _record(3, where + code)
            elif isinstance(value, str):
                found += _record(6, where + _wide(value))
            elif isinstance(value, int | float):
                found += _record(5, where + struct.pack("<d", value))
    return found + _record(146) + _record(130)


def _record(kind: int, content: bytes = b"") -> bytes:
    size = len(content)
    number = bytes([kind]) if kind < 128 else bytes([kind & 127 | 128, kind >> 7])
    return number + (bytes([size]) if size < 128 else bytes([size & 127 | 128, size >> 7])) + content


def _wide(text: str) -> bytes:
    return struct.pack("<I", len(text)) + text.encode("utf-16-le")
