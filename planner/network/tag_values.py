"""Values of tags as mappers write them → plain words: case, blanks, full-width letters and lists make no difference."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from functools import lru_cache

_BLANKS = re.compile(r"\s+")
_BETWEEN = re.compile(r"[;,|/\u3001]")  # the last is the comma of Chinese lists


@lru_cache(maxsize=4096)
def plain(text: str) -> str:
    """Return a value in small letters, in the usual width, blanks single and none at its ends.

    Examples
    --------
    >>> plain(" Agricultural ； FORESTRY ")
    'agricultural ; forestry'
    """
    return _BLANKS.sub(" ", unicodedata.normalize("NFKC", text).casefold()).strip()


def plain_tags(tags: Mapping[str, str]) -> dict[str, str]:
    """Return tags with plain values; a tag with nothing in it is none."""
    cleaned = {key: plain(value) for key, value in tags.items()}
    return {key: value for key, value in cleaned.items() if value}


@lru_cache(maxsize=4096)
def words(text: str) -> tuple[str, ...]:
    """Return the words of a plain value: the parts of a list, however they are divided, ``very bad`` as ``very_bad``.

    Examples
    --------
    >>> words("asphalt; very bad;"), words("dirt/sand")
    (('asphalt', 'very_bad'), ('dirt', 'sand'))
    """
    return tuple(part.strip().replace(" ", "_") for part in _BETWEEN.split(text) if part.strip())


def is_conditional(tags: Mapping[str, str]) -> bool:
    """Return whether some tag holds under a condition only."""
    return any(key.endswith(":conditional") for key in tags)


def is_yes(text: str | None) -> bool:
    """Return whether a value that should be ``yes`` or ``no`` is there and does not say no."""
    return text is not None and text not in NO


NO = frozenset({"no", "false", "0"})
