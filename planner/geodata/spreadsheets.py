"""CSV and XLSX files → rows of cells with their numbers; of several sheets, the one that has headings known here."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterable, Sequence
from pathlib import Path

import openpyxl

from planner.errors import BadDataError, Message, of_file
from planner.geodata.columns import field_of
from planner.writing import csv_text, unguarded, write_file

HEADING_ROWS = 10  # offices put a title, a date and a unit above the headings
_HEADINGS_OF_A_TABLE = 2  # one known word may stand on a cover sheet too

NumberedRow = tuple[int, list[str]]


def write_csv(path: Path, headings: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Write a CSV file in UTF-8 with these headings and rows."""
    write_file(path, csv_text(headings, rows, line_end="\n"))


def decode(content: bytes, name: str) -> str:
    """Return the text of UTF-8, UTF-16 (by its mark) or GB18030 bytes.

    Raises
    ------
    BadDataError
        If it is none of them.
    """
    utf16 = content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    for encoding in ("utf-16",) if utf16 else ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise BadDataError(of_file(name, Message("neither UTF-8 nor GB18030 nor UTF-16: save it as CSV UTF-8")))


def csv_rows(path: Path) -> list[NumberedRow]:
    """Return the rows of a text file whose cells are parted by commas, semicolons or tabs.

    Raises
    ------
    BadDataError
        If its encoding is unknown or it is not CSV.
    """
    return csv_layout(path)[0]


def csv_layout(path: Path) -> tuple[list[NumberedRow], str]:
    """Return the rows of a text file as `csv_rows` does, and what parts their cells.

    Raises
    ------
    BadDataError
        If its encoding is unknown or it is not CSV.
    """
    text = decode(path.read_bytes(), path.name)
    head = "\n".join(text.splitlines()[:HEADING_ROWS])
    delimiter = max(",;\t，", key=head.count)
    reader = csv.reader(io.StringIO(text), delimiter=delimiter)
    rows = []
    start = 1
    try:
        for cells in reader:
            rows.append((start, list(map(unguarded, cells))))
            start = reader.line_num + 1
    except csv.Error as error:
        what = Message("row {row}: not CSV: {why}", row=start, why=error)
        raise BadDataError(of_file(path.name, what)) from error
    return rows, delimiter


def xlsx_rows(path: Path) -> tuple[list[NumberedRow], tuple[str, ...]]:
    """Return the rows of the first sheet with headings known here, and the names of the filled sheets beside it.

    Raises
    ------
    BadDataError
        If the workbook is damaged or has no sheet.
    """
    try:
        book = openpyxl.load_workbook(path, read_only=True, data_only=True)
        try:
            sheets = {sheet.title: _rows(sheet.iter_rows(values_only=True)) for sheet in book.worksheets}
        finally:
            book.close()
    except Exception as error:  # openpyxl lets errors of zip, XML and its own through
        what = Message("cannot be opened as XLSX: {why}; save it again as .xlsx", why=error)
        raise BadDataError(of_file(path.name, what)) from error
    if not sheets:
        raise BadDataError(of_file(path.name, Message("contains no sheet with cells")))
    known = {
        title: max((known_headings(cells) for _, cells in top_rows(rows)), default=0) for title, rows in sheets.items()
    }
    enough = min(_HEADINGS_OF_A_TABLE, max(known.values()))
    chosen = next(title for title in sheets if known[title] >= enough)
    return sheets[chosen], tuple(title for title, rows in sheets.items() if title != chosen and top_rows(rows))


def top_rows(rows: Sequence[NumberedRow]) -> list[NumberedRow]:
    """Return the first filled rows, among which the headings are looked for."""
    found: list[NumberedRow] = []
    for number, cells in rows:
        if any(cell.strip() for cell in cells):
            found.append((number, cells))
        if len(found) == HEADING_ROWS:
            break
    return found


def known_headings(cells: Iterable[str]) -> int:
    """Return how many fields the cells are headings of."""
    return len({field for cell in cells if (field := field_of(cell))})


def cell_text(value: object) -> str:
    """Return a cell as its owner sees it: whole numbers without ``.0``, so that codes stay codes."""
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def _rows(values: Iterable[Sequence[object]]) -> list[NumberedRow]:
    return [(number, [cell_text(value) for value in cells]) for number, cells in enumerate(values, start=1)]
