"""Text for spreadsheets: cells are shown as they are, none is run as a formula, and what was written reads back the same."""

from __future__ import annotations

import csv
import io
import unicodedata
from collections.abc import Iterable, Sequence

_STARTS = frozenset("=+-@")
"""What begins a formula, or a call of another program, in the spreadsheets that offices use."""
_GUARD = "'"


def may_be_formula(text: str) -> bool:
    """Return whether a spreadsheet could run the text: its first letter after blanks begins a formula, wide or narrow.

    Numbers begin so, too, and are none. See OWASP, "CSV Injection".

    Examples
    --------
    >>> [may_be_formula(text) for text in ("=1+1", " @sum(a1)", "\uff1d1", "-5.2", "a=b")]
    [True, True, True, False, False]
    """
    first = unicodedata.normalize("NFKC", text.lstrip()[:1])
    if text[:1] not in ("\t", "\r", "\n") and first not in _STARTS:
        return False
    try:
        float(text)
    except ValueError:
        return True
    return False


def guarded(text: str) -> str:
    """Return the text with an apostrophe in front if a spreadsheet could run it, or if `unguarded` would take one away.

    Examples
    --------
    >>> guarded("=1+1"), guarded("-5.2"), guarded("'=1"), guarded("'s Hof")
    ("'=1+1", '-5.2', "''=1", "'s Hof")
    """
    return f"{_GUARD}{text}" if may_be_formula(text.lstrip(_GUARD)) else text


def unguarded(text: str) -> str:
    """Return the text without the apostrophe that `guarded` set, and any other as it is.

    Examples
    --------
    >>> unguarded("'=1+1"), unguarded("'s Hof"), unguarded(guarded("'=1"))
    ('=1+1', "'s Hof", "'=1")
    """
    return text[1:] if text[:1] == _GUARD and may_be_formula(text.lstrip(_GUARD)) else text


def csv_text(headings: Sequence[str], rows: Iterable[Sequence[object]], *, line_end: str = "\r\n") -> str:
    """Return headings and rows as CSV whose texts are `guarded`; numbers are written as they are."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator=line_end)
    for row in (headings, *rows):
        writer.writerow([guarded(cell) if isinstance(cell, str) else cell for cell in row])
    return text.getvalue()
