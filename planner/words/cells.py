"""Text for spreadsheets: shown as it is, never run as a formula."""

from __future__ import annotations


def text_cell(text: str) -> str:
    """Return the text with an apostrophe in front if a spreadsheet would take it for a formula; numbers stay.

    Examples
    --------
    >>> text_cell("=1+1"), text_cell("-5.2"), text_cell("新福")
    ("'=1+1", '-5.2', '新福')
    """
    if text[:1] not in ("=", "+", "-", "@", "\t", "\r"):
        return text
    try:
        float(text)
    except ValueError:
        return f"'{text}"
    return text
