"""Texts that went through a wrong encoding before they were saved, and columns of .dbf files in many encodings."""

from __future__ import annotations

import random

READ_AS = {
    "utf-8": ("gb18030", "gbk", "latin-1", "cp1252", "cp437", "cp850", "cp1251", "mac_roman", "shift_jis", "cp949"),
    "gb18030": ("latin-1", "cp1252", "cp437", "cp850", "cp1251", "mac_roman", "big5", "cp949", "utf-8", "ascii"),
}


def through_wrong_encoding(draw: random.Random, texts: list[str]) -> list[str]:
    """Return the texts as a program shows them that took their bytes for another encoding."""
    right = draw.choice(sorted(READ_AS))
    wrong = draw.choice(READ_AS[right])
    errors = "replace" if wrong in ("utf-8", "ascii", "shift_jis") else draw.choice(["replace", "ignore"])
    shown = [text.encode(right).decode(wrong, errors=errors) for text in texts]
    return ["".join(c for c in text if c not in ',"\r\n') for text in shown]
