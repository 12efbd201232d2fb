"""Which characters no file can hold and no terminal should act on."""

from __future__ import annotations

import unicodedata

_TURNING = frozenset(map(chr, (*range(0x202A, 0x202F), *range(0x2066, 0x206A))))
"""Marks that set or isolate a direction of writing, and the one that ends it."""


def unprintable(text: str) -> list[str]:
    r"""Return the code points of a text that no file can hold or that turn lines around, each once, in their order.

    They are control characters (but line ends and tabs), halves of surrogate pairs, code points that Unicode keeps for no
    character, and the marks that set or isolate a direction of writing.

    Examples
    --------
    >>> unprintable("bell \a, turned \u202e")
    ['U+0007', 'U+202E']
    """
    return list(dict.fromkeys(f"U+{ord(one):04X}" for one in text if _is_unprintable(one)))


def visible(text: str) -> str:
    r"""Return the text with what is `unprintable` in it as it is written in Python: a terminal would act on it.

    Examples
    --------
    >>> visible("bell \a, turned \u202e")
    'bell \\x07, turned \\u202e'
    """
    return "".join(repr(one)[1:-1] if _is_unprintable(one) else one for one in text)


def _is_unprintable(character: str) -> bool:
    if character.isprintable() or character in "\t\n":
        return False
    code = ord(character)
    return (
        unicodedata.category(character) in ("Cc", "Cs")
        or code & 0xFFFE == 0xFFFE
        or 0xFDD0 <= code <= 0xFDEF
        or character in _TURNING
    )
