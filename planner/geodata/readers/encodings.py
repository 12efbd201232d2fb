"""Bytes → text: which of UTF-8, UTF-16, UTF-32 and GB18030 they are, and whether something was lost on the way."""

from __future__ import annotations

import codecs
import re

_ENOUGH_ZEROS = 0.2  # of plain letters and digits UTF-16 has half its bytes zero; of Chinese alone none
_LOST = "\ufffd"
_IN_TABLES = "\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e\ufeff\u00a0²³√✓–"
_INSIDE_WORD = re.compile(r"[A-Za-z][\u00c0-\u024f]|[\u00c0-\u024f][a-z]")  # Köln, and no Chinese name


def encoding_of(content: bytes) -> tuple[str, int | None]:
    """Return the encoding that fits best, and where (which byte, from 0) the content is damaged, None if nowhere.

    A mark at the beginning decides. Without one UTF-8 and GB18030 are weighed by how much of the text is Chinese that people
    write (GB 2312): a few damaged bytes do not make UTF-8 anything else, and GB18030 can read nearly any bytes.

    Examples
    --------
    >>> encoding_of("拜泉镇".encode("gb18030")), encoding_of("拜泉镇".encode()), encoding_of("联通".encode("gb18030"))
    (('gb18030', None), ('utf-8', None), ('gb18030', None))
    """
    for mark, name in (
        (codecs.BOM_UTF8, "utf-8-sig"),
        (codecs.BOM_UTF32_LE, "utf-32"),  # which begins with the mark of UTF-16
        (codecs.BOM_UTF32_BE, "utf-32"),
        (codecs.BOM_UTF16_LE, "utf-16"),
        (codecs.BOM_UTF16_BE, "utf-16"),
    ):
        if content.startswith(mark):
            return name, _damage(content, name)
    if content.isascii() and b"\0" not in content:
        return "utf-8", None
    if content.count(0) > _ENOUGH_ZEROS * len(content):
        for name, places in (("utf-32-le", (2, 3)), ("utf-32-be", (0, 1))):
            if not any(byte for place in places for byte in content[place::4]):
                return name, _damage(content, name)
        name = "utf-16-le" if content[1::2].count(0) > content[::2].count(0) else "utf-16-be"
        return name, _damage(content, name)
    texts = {name: content.decode(name, errors="replace") for name in ("utf-8", "gb18030")}
    whole = {name: _damage(content, name) for name in texts}
    if whole["utf-8"] is None and _INSIDE_WORD.search(texts["utf-8"]):
        return "utf-8", None
    shares = {name: commonness(text) for name, text in texts.items()}
    best = max(shares, key=lambda name: (shares[name], whole[name] is None, name))
    return best, whole[best]


def commonness(text: str) -> float:
    """Return the share of characters beyond ASCII that Chinese offices write: 1 if there is none."""
    others = [c for c in text if not c.isascii()]
    return sum(_common(c) for c in others) / len(others) if others else 1.0


def _damage(content: bytes, encoding: str) -> int | None:
    try:
        content.decode(encoding)
    except UnicodeDecodeError as error:
        return error.start
    return None


def _common(c: str) -> bool:
    """Return whether a character is in GB 2312, or what else stands in tables anywhere."""
    if c == _LOST:
        return False
    try:
        c.encode("gb2312")
    except UnicodeEncodeError:
        return c in _IN_TABLES
    return not 0x0370 <= ord(c) < 0x0460  # GB 2312 has Greek and Cyrillic letters, Chinese tables have not
