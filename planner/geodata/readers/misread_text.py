"""Texts that were once read in a wrong encoding and saved so: what they were meant to say, or that nobody can tell."""

from __future__ import annotations

import itertools
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from planner.geodata.columns import PATTERNS

_ENCODINGS = ("utf-8", "gb18030")
_READ_AS = (
    *("gb18030", "latin-1", "cp1252", "cp437", "cp850", "cp1251", "mac_roman"),
    *("big5", "shift_jis", "cp949"),
)
_ORDINARY = range(0xB0, 0xD8)  # first bytes of the 3,755 characters that GB 2312 calls the frequent ones
_DOUBTFUL, _LEGIBLE, _BETTER = 0.7, 0.85, 0.3  # shares of frequent characters
_HAN, _CHINESE = range(0x3400, 0xA000), 0.9
_KEPT, _KEPT_OF_OTHERS = 0.6, 0.4  # of the bytes: the rest was lost on the way; letters of others are no chance
_ENOUGH = 4  # characters that Chinese ones must become: fewer may be chance
_LATIN = re.compile(r"[\u00c0-\u024f]")
_ONLY_LATIN = re.compile(r"[\x20-\x7e\u00a0-\u024f\u2010-\u2026]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Misread:
    """How many of the texts are wrong, one of them as an example, and what it was meant to say, empty if that is lost."""

    count: int
    example: str
    meant: str


def misread(texts: Iterable[str]) -> Misread | None:
    """Return what speaks for texts having been read in a wrong encoding and saved so, None if they look right.

    Examples
    --------
    >>> misread(["拜泉镇".encode("gb18030").decode("latin-1"), "永安"])
    Misread(count=1, example='°ÝÈªÕò', meant='拜泉镇')
    >>> misread(["拜泉镇", "Köln", "䢺家屯"]), misread(["??", "兴农"])
    (None, Misread(count=1, example='??', meant=''))
    """
    texts = list(texts)
    doubtful = [text for text in texts if not text.isascii() and _ordinary(text) < _DOUBTFUL]
    lost = [text for text in texts if PATTERNS["lost"].search(text)]
    wrong = [
        pair
        for group in (filter(_is_chinese, doubtful), itertools.filterfalse(_is_chinese, doubtful))
        for pair in _meant(list(group))
        if not pair[1].isascii() and pair[1] != pair[0]
    ]
    if wrong:
        example, meant = max(wrong, key=lambda pair: (not PATTERNS["lost"].search(pair[0]), _ordinary(pair[1])))
        return Misread(count=len(wrong), example=example, meant=meant)
    latin = [(text, meant) for text in doubtful if (meant := _latin_meant(text))]
    if latin:
        return Misread(count=len(latin), example=latin[0][0], meant=latin[0][1])
    return Misread(count=len(lost), example=lost[0], meant="") if lost else None


def _meant(texts: Sequence[str]) -> list[tuple[str, str]]:
    """Return each text with what it says in the pair of encodings that makes most of them Chinese that people write."""
    whole = "".join(texts)
    enough, least = (_ENOUGH, _KEPT) if _is_chinese(whole) else (1, _KEPT_OF_OTHERS)
    best = max(_LEGIBLE, _ordinary(whole) + _BETTER), 0
    found: list[str] = []
    for wrong in _READ_AS:
        for right in _ENCODINGS:
            if wrong == right or not texts:
                continue
            raw = [text.encode(wrong, "replace") for text in texts]
            again = [text.decode(right, "ignore").replace("?", "").strip() for text in raw]
            meant = "".join(again)
            rank = (_ordinary(meant), sum(not c.isascii() for c in meant))
            kept = len(meant.encode(right)) / sum(map(len, raw))
            if rank >= best and rank[1] >= enough and kept >= least:
                best, found = rank, again
    return list(zip(texts, found, strict=bool(found)))


def _latin_meant(text: str) -> str:
    """Return what a text of Latin letters says that was UTF-8 once, empty if it was not."""
    for wrong in ("cp1252", "latin-1", "cp850", "cp437", "mac_roman"):
        try:
            again = text.encode(wrong).decode()
        except UnicodeError:
            continue
        if _LATIN.search(again) and _ONLY_LATIN.fullmatch(again):
            return again
    return ""


def _is_chinese(text: str) -> bool:
    """Return whether the characters beyond ASCII are Chinese ones, but for those that stand for what was lost."""
    others = [c for c in text if not c.isascii() and unicodedata.category(c)[0] == "L"]
    return sum(ord(c) in _HAN for c in others) >= _CHINESE * len(others)


def _ordinary(text: str) -> float:
    """Return the share of frequent Chinese characters among those beyond ASCII: 1 if there is none."""
    others = [c for c in text if not c.isascii()]
    return sum(map(_is_ordinary, others)) / len(others) if others else 1.0


def _is_ordinary(c: str) -> bool:
    try:
        return c.encode("gb2312")[0] in _ORDINARY
    except UnicodeEncodeError:
        return False
