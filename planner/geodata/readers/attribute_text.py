"""Texts of a shapefile's table, whose bytes say nothing of their encoding, and whose .cpg may be missing or wrong."""

from __future__ import annotations

import codecs
from collections.abc import Mapping
from typing import Any

from planner.geodata.readers.encodings import commonness, encoding_of

RAW = "ISO-8859-1"
"""The encoding that GDAL is told: each byte becomes one character, and nothing is lost."""
_CHINESE_SHARE = 0.8
_LOST = "\ufffd"
_LAST_CHARACTER = 4  # bytes of one in UTF-8 and GB18030


def decoded(columns: Mapping[str, Any], declared: str) -> tuple[dict[str, Any], str]:
    """Return columns that were read as `RAW` with their texts in the encoding that fits, and what is doubtful about it.

    ``declared`` is what the .cpg says, empty if there is none. A text that ends within a character, because its column was
    too narrow, loses that character. The doubt is a code, ``declared``, ``guessed`` or ``damaged``, or empty.
    """
    lists = [values for values in columns.values() if isinstance(values, list)]  # figures are arrays
    raw = [text.encode(RAW) for values in lists for text in values if isinstance(text, str)]
    content = b"\n".join([*(name.encode(RAW, "replace") for name in columns), *raw])
    if content.isascii():
        return dict(columns), ""
    encoding, doubt = _encoding(content, declared)
    lost = False
    found: dict[str, Any] = {}
    for name, values in columns.items():
        if isinstance(values, list):
            values = [_text(value, encoding) if isinstance(value, str) else value for value in values]
            lost = lost or any(_LOST in text for text in values if isinstance(text, str))
        found[_text(name, encoding)] = values
    return found, "damaged" if lost else doubt


def _encoding(content: bytes, declared: str) -> tuple[str, str]:
    """Return the encoding, and ``declared`` where it is not the declared one, ``guessed`` where nothing speaks for it."""
    best, _ = encoding_of(content)
    chinese = commonness(content.decode(best, errors="replace")) >= _CHINESE_SHARE
    own = _codec(declared)
    if own is None:
        return (best, "") if chinese or best == "utf-8" else ("cp1252", "guessed")
    if own == best or (own in ("gbk", "gb2312") and best == "gb18030"):
        return best, ""
    if best == "gb18030" and not chinese:
        return own, ""
    return best, "declared"


def _codec(declared: str) -> str | None:
    text = declared.strip().strip("\0\ufeff")
    if not text:
        return None
    for name in (text, f"cp{text}", text.replace("ANSI ", "cp").replace("OEM ", "cp"), text.replace(" ", "-")):
        try:
            return codecs.lookup(name).name
        except LookupError:
            continue
    return None


def _text(value: str, encoding: str) -> str:
    content = value.encode(RAW, "replace")
    for cut in range(_LAST_CHARACTER):
        try:
            return content[: len(content) - cut].decode(encoding)
        except UnicodeDecodeError as error:
            if error.start < len(content) - _LAST_CHARACTER:
                break
    return content.decode(encoding, errors="replace")
