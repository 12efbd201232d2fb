"""Workbooks of the old kind (.xls, BIFF8 in a compound file), made here: cells, links to other files, macros."""

from __future__ import annotations

import struct
from collections.abc import Iterable, Sequence
from pathlib import Path

_SECTOR = 512
_END, _FAT, _FREE = 0xFFFFFFFE, 0xFFFFFFFD, 0xFFFFFFFF
Cell = tuple[int, int, str | float]


def record(kind: int, content: bytes = b"") -> bytes:
    """Return one record."""
    return struct.pack("<HH", kind, len(content)) + content


def old_workbook(path: Path, *sheets: Iterable[Cell], before: bytes = b"", streams: Sequence[str] = ()) -> Path:
    """Write a workbook of sheets, with records before its sheets' names, and other streams (of macros) beside it."""
    parts = [_sheet(cells) for cells in sheets]
    names = [f"S{number}".encode() for number in range(1, len(parts) + 1)]
    begins = record(0x0809, struct.pack("<HHHHII", 0x0600, 5, 0, 0, 0, 0))
    length = len(begins) + len(before) + sum(4 + 8 + len(name) for name in names) + 4
    bounds = b""
    for name, part in zip(names, parts, strict=True):
        bounds += record(0x0085, struct.pack("<IBBBB", length, 0, 0, len(name), 0) + name)
        length += len(part)
    content = begins + bounds + before + record(0x000A) + b"".join(parts)
    path.write_bytes(_compound({"Workbook": content} | dict.fromkeys(streams, b"Attribute VB_Name" * 300)))
    return path


def _sheet(cells: Iterable[Cell]) -> bytes:
    found = record(0x0809, struct.pack("<HHHHII", 0x0600, 0x10, 0, 0, 0, 0))
    for row, column, value in cells:
        at = struct.pack("<HHH", row, column, 0)
        if isinstance(value, str):
            found += record(0x0204, at + struct.pack("<HB", len(value), 1) + value.encode("utf-16-le"))
        else:
            found += record(0x0203, at + struct.pack("<d", value))
    return found + record(0x000A)


def _compound(streams: dict[str, bytes]) -> bytes:
    """Return a compound file of streams, each padded so that none is a small one."""
    padded = {name: content.ljust(4096, b"\0") for name, content in streams.items()}
    counts = {name: -(-len(content) // _SECTOR) for name, content in padded.items()}
    directories = -(-(len(padded) + 1) // 4)
    total = sum(counts.values()) + directories
    tables = 1
    while tables * 128 < total + tables:
        tables += 1
    fat = [_FAT] * tables + [*range(tables + 1, tables + directories), _END]
    entries = [_entry("Root Entry", 5, _END, 0, child=1)]
    for number, (name, count) in enumerate(counts.items(), 1):
        first = len(fat)
        fat += [*range(first + 1, first + count), _END]
        right = number + 1 if number < len(counts) else _FREE
        entries.append(_entry(name, 2, first, len(padded[name]), right=right))
    fat += [_FREE] * (tables * 128 - len(fat))
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16)
    head += struct.pack("<HHHHH6xIIIIIIIII", 0x3E, 3, 0xFFFE, 9, 6, 0, tables, tables, 0, 4096, _END, 0, _END, 0)
    head += struct.pack("<109I", *range(tables), *[_FREE] * (109 - tables))
    body = struct.pack(f"<{len(fat)}I", *fat) + b"".join(entries).ljust(directories * _SECTOR, b"\0")
    return head + body + b"".join(content.ljust(counts[name] * _SECTOR, b"\0") for name, content in padded.items())


def _entry(name: str, kind: int, first: int, size: int, *, child: int = _FREE, right: int = _FREE) -> bytes:
    said = (name + "\0").encode("utf-16-le")
    return struct.pack("<64sHBB", said, len(said), kind, 1) + struct.pack(
        "<III36xIII", _FREE, right, child, first, size, 0
    )


def links_of(url: str, secret: Path) -> bytes:
    """Return records that name other workbooks, a topic of DDE, and links of cells."""
    found = b""
    for name in (f"\x01{url}/a.xls", f"\x01{secret}", "cmd\x03/c calc", "\x01\\\\127.0.0.1\\a\\b.xls"):
        said = struct.pack("<HB", len(name), 1) + name.encode("utf-16-le")
        found += record(0x01AE, struct.pack("<H", 1) + said + struct.pack("<HB", 2, 0) + b"S1")
        found += record(0x0023, struct.pack("<HHHB", 2, 0, 0, 1) + b"\0a" + struct.pack("<H", 0))
    link = f"{url}/link".encode("utf-16-le") + b"\0\0"
    moniker = bytes.fromhex("e0c9ea79f9bace118c8200aa004ba90b") + struct.pack("<I", len(link)) + link
    guid = bytes.fromhex("d0c9ea79f9bace118c8200aa004ba90b")
    return found + record(0x01B8, struct.pack("<HHHH", 0, 0, 0, 0) + guid + struct.pack("<II", 2, 3) + moniker)
