"""Text files whose cells are parted by commas, semicolons, tabs or Chinese commas → one sheet."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Sequence

from planner.errors import BadDataError, Message, of_file
from planner.geodata.columns import NAMES
from planner.geodata.readers.calamine_sheets import CellSheet, NumberedRow
from planner.geodata.readers.encodings import commonness, encoding_of
from planner.geodata.readers.extents import Extents
from planner.sandbox import cap, over_cap
from planner.writing import unguarded

_HEAD = 15
_WIDE = 4  # columns of a table in whose cells a whole row with its delimiters is no text
_LEGIBLE = 0.6
_TEXT_FORMULA = re.compile(r'\s*="((?:[^"]|"")*)"\s*')
"""A formula that is nothing but a text: how Excel is kept from taking a code for a number."""
_SEPARATOR = re.compile(r'"?sep=(.)"?[ \t,;]*')


def decode(content: bytes, name: str) -> str:
    """Return the text of UTF-8, UTF-16 or GB18030 bytes.

    Raises
    ------
    BadDataError
        If it is none of them, or some of its bytes are damaged.
    """
    encoding, damaged = encoding_of(content)
    text = content.decode(encoding, errors="replace")
    if encoding == "gb18030" and commonness(text) < _LEGIBLE:
        raise BadDataError(of_file(name, Message("neither UTF-8 nor GB18030 nor UTF-16: save it as CSV UTF-8")))
    if damaged is not None:
        row = content[:damaged].decode(encoding, errors="ignore").count("\n") + 1
        what = Message(
            "line {row}: byte {byte} is damaged, the rest is {encoding}: save it as CSV UTF-8, from what it was made with",
            row=row,
            byte=damaged + 1,
            encoding=encoding.removesuffix("-sig").upper(),
        )
        raise BadDataError(of_file(name, what))
    return text.removeprefix("\ufeff")


def text_sheet(content: bytes, name: str, known: Callable[[Sequence[str]], int]) -> CellSheet:
    """Return the rows of a text file as one sheet, as `rows_and_delimiter` does.

    Raises
    ------
    BadDataError
        If its encoding is unknown, or a quotation mark is opened and not closed.
    """
    return CellSheet(name="", rows=tuple(rows_and_delimiter(content, name, known)[0]))


def rows_and_delimiter(
    content: bytes, name: str, known: Callable[[Sequence[str]], int]
) -> tuple[list[NumberedRow], str]:
    """Return the rows of a text file, and its delimiter: the one that gives most of the headings that are ``known``.

    Rows are counted as a spreadsheet counts them, a text with line breaks in quotes as one row.

    Raises
    ------
    BadDataError
        If its encoding is unknown, a quotation mark is opened and not closed, or it has too many cells or too long lines.
    """
    text = decode(content, name).replace("\r\n", "\n").replace("\r", "\n")
    _refuse_long_lines(text, name)
    first, _, rest = text.partition("\n")
    if said := _SEPARATOR.fullmatch(first):
        return _rows(rest, said[1], name), said[1]
    head = "\n".join(text.split("\n")[:_HEAD])
    found = {delimiter: _known(head, delimiter, known) for delimiter in NAMES["delimiters"]}
    delimiter = max(found, key=lambda delimiter: (found[delimiter], head.count(delimiter)))
    return _rows(text, delimiter, name), delimiter


def _refuse_long_lines(text: str, name: str) -> None:
    most = cap("line_mb") * 2**20
    if any(len(line) > most for line in io.StringIO(text)):
        raise over_cap(name, "line_mb")


def _known(head: str, delimiter: str, known: Callable[[Sequence[str]], int]) -> int:
    try:
        return max((known(cells) for cells in csv.reader(io.StringIO(head), delimiter=delimiter)), default=0)
    except csv.Error:
        return 0


def _rows(text: str, delimiter: str, name: str) -> list[NumberedRow]:
    reader = csv.reader(io.StringIO(text), delimiter=delimiter, strict=True)
    rows: list[NumberedRow] = []
    extents, width = Extents(name=name), 0
    try:
        for cells in reader:
            number = len(rows) + 1
            extents.hold("rows", number)
            extents.add_sheet(1, len(cells))
            width = max(width, len(cells)) if number <= _HEAD else width
            if width >= _WIDE and any("\n" in cell and cell.count(delimiter) >= width - 1 for cell in cells):
                raise BadDataError(of_file(name, _unclosed(number)))
            rows.append((number, list(map(_plain, cells))))
    except csv.Error as error:
        fault = _too_long(len(rows) + 1) if "field limit" in str(error) else _unclosed(len(rows) + 1)
        raise BadDataError(of_file(name, fault)) from error
    return rows


def _plain(cell: str) -> str:
    """Return a cell without what was written around it for spreadsheets only."""
    found = _TEXT_FORMULA.fullmatch(cell)
    return found[1].replace('""', '"') if found else unguarded(cell)


def _too_long(row: int) -> Message:
    most = csv.field_size_limit()
    return Message(
        "row {row}: a cell has more than {most} characters: shorten it, or close the quotation mark before it",
        row=row,
        most=most,
    )


def _unclosed(row: int) -> Message:
    return Message(
        "row {row}: a quotation mark is not closed, or stands inside a cell: double it or delete it", row=row
    )
