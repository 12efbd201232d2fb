"""Tables whose texts were saved after they had been read in a wrong encoding: refused as a whole, or said of some cells."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from planner.errors import BadDataError, Message, of_file
from planner.geodata.columns import PATTERNS
from planner.geodata.findings import Finding, Severity, about_file
from planner.geodata.place_rows import Row
from planner.geodata.readers.misread_text import Misread, misread
from planner.model import said

_TEXTS = frozenset({"name", "township", "place", "name_latin", "product", "facilities"})


def refuse_misread(file: str, texts: Iterable[str]) -> None:
    """Refuse texts if the most of those that are not plain ASCII were read in a wrong encoding.

    Raises
    ------
    BadDataError
        With one of them as an example, and what it was meant to say where that can be told.
    """
    written = [text for text in texts if not text.isascii() or "?" in text]
    found = _misread(written)
    if found is None or found.count * 2 < len(written):
        return
    what = Message(
        "its texts were read in a wrong encoding and saved so, and cannot be told any more ({text}): save it anew from what "
        "it was made with",
        text=found.example,
    )
    if found.meant:
        what = Message(
            "its texts were read in a wrong encoding and saved so ({text} was {meant}): save it anew from what it was made "
            "with, as CSV UTF-8 or .xlsx",
            text=found.example,
            meant=found.meant,
        )
    raise BadDataError(of_file(file, what))


def misread_cells(file: str, rows: Sequence[Row]) -> Iterator[Finding]:
    """Yield a finding if some texts of the rows were read in a wrong encoding.

    Raises
    ------
    BadDataError
        If the most of them were.
    """
    texts = [text for row in rows for field, text in row.cells.items() if field in _TEXTS]
    refuse_misread(file, texts)
    found = _misread(texts)
    if found is None:
        return
    message = said("{count} texts were read in a wrong encoding and saved so, or are lost", count=found.count)
    if found.meant:
        message = said(
            "{count} texts were read in a wrong encoding and saved so: this one was {meant}",
            count=found.count,
            meant=found.meant,
        )
    remedy = said("enter them anew, from what the table was made with")
    yield about_file(Severity.WARNING, "misread", file, message, remedy, value=found.example)


def _misread(texts: Iterable[str]) -> Misread | None:
    """Return what is wrong in texts, but for those that end as names of villages and townships do."""
    tails = PATTERNS["place_tail"], PATTERNS["section"]
    return misread(text for text in texts if not any(tail.search(text) for tail in tails))
