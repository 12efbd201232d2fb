"""The order of a PBF file's objects, seen from its blocks without decoding what is in them.

The format is that of the OpenStreetMap wiki (PBF Format): blobs of blocks, blocks of groups, each group of one kind.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator

_LARGEST_BLOCK = 32 * 2**20  # what the format allows
_LARGEST_NUMBER = 63  # bits
_NODES, _WAYS = (1, 2), 3  # numbers of a group's fields: nodes, dense nodes; ways


def has_late_nodes(content: bytes) -> bool | None:
    """Return whether nodes come after ways in a PBF file, None if its blobs are not packed as is usual.

    Raises
    ------
    ValueError
        If the content is no PBF.
    """
    ways = False
    at = 0
    try:
        while at < len(content):
            size = int.from_bytes(content[at : at + 4], "big")
            texts, numbers = _fields_of(content[at + 4 : at + 4 + size])
            at += 4 + size
            blob, _ = _fields_of(content[at : at + numbers[3]])
            at += numbers[3]
            if texts[1] != b"OSMData":
                continue
            if 1 not in blob and 3 not in blob:
                return None
            block = blob[1] if 1 in blob else _unpacked(blob[3])
            for group in (value for number, value in _fields(block) if number == 2 and isinstance(value, bytes)):
                kind = next((number for number, _ in _fields(group)), 0)
                if ways and kind in _NODES:
                    return True
                ways |= kind == _WAYS
    except (IndexError, KeyError, TypeError, zlib.error) as error:
        raise ValueError("no PBF") from error
    return False


def _unpacked(packed: bytes) -> bytes:
    block = zlib.decompressobj().decompress(packed, _LARGEST_BLOCK + 1)
    if len(block) > _LARGEST_BLOCK:
        raise TypeError("a block that is larger than one may be")
    return block


def _fields_of(message: bytes) -> tuple[dict[int, bytes], dict[int, int]]:
    """Return the texts and the numbers among a message's fields."""
    fields = list(_fields(message))
    texts = {number: value for number, value in fields if isinstance(value, bytes)}
    return texts, {number: value for number, value in fields if isinstance(value, int)}


def _fields(message: bytes) -> Iterator[tuple[int, bytes | int]]:
    """Yield the number and the value of each field of a protocol-buffer message."""
    at = 0
    while at < len(message):
        key, at = _varint(message, at)
        if key & 7 == 0:
            value: bytes | int
            value, at = _varint(message, at)
        elif key & 7 == 2:
            size, at = _varint(message, at)
            value, at = message[at : at + size], at + size
        else:
            raise TypeError(key)
        yield key >> 3, value


def _varint(message: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        if shift > _LARGEST_NUMBER:
            raise TypeError("a number without end")
        byte = message[at]
        value |= (byte & 127) << shift
        at, shift = at + 1, shift + 7
        if byte < 128:
            return value, at
