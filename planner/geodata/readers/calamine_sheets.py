"""Workbooks → sheets of cells as text: xlsx, xlsm, xlsb, xls, ods and the .et of WPS, told apart by their content."""

from __future__ import annotations

import datetime
import io
from dataclasses import dataclass

import python_calamine

from planner.errors import BadDataError, Message, of_file
from planner.geodata.readers.error_cells import xls_errors
from planner.geodata.readers.extents import Extents
from planner.geodata.readers.ods_marks import ods_marks
from planner.geodata.readers.workbook_marks import Marks, workbook_marks
from planner.geodata.readers.xls_extents import add_xls_sheets

ZIP, COMPOUND = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
NO_WORKBOOK = Message("is no workbook, or damaged: open it in Excel or WPS and save it as .xlsx")
_WHOLE = 2.0**53  # beyond it a double no longer holds every whole number
_LOCKED = Message("is kept under a password: save it without one")

NumberedRow = tuple[int, list[str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Merge:
    """Cells that were made one: first and last row and column, counted from 1, all included."""

    top: int
    left: int
    bottom: int
    right: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CellSheet:
    """One sheet: its cells as text, each row with its number as people count them, and which cells are merged.

    ``formulas`` are the cells (row and column, from 1) whose text is a formula, because the file does not hold its result.
    """

    name: str
    rows: tuple[NumberedRow, ...]
    hidden: bool = False
    merges: tuple[Merge, ...] = ()
    formulas: frozenset[tuple[int, int]] = frozenset()


def is_workbook(content: bytes) -> bool:
    """Return whether the content begins as workbooks do, whatever the file is called."""
    return content.startswith((ZIP, COMPOUND))


def workbook_sheets(content: bytes, name: str) -> tuple[CellSheet, ...]:
    """Return the sheets of a workbook that have cells, in its order; an error cell as ``#N/A``, a formula as ``=A1+B1``.

    A formula stands for itself only where the file does not hold its result.

    Raises
    ------
    BadDataError
        If it is damaged, kept under a password or another kind of file, or a sheet reaches over too many cells.
    """
    if content.startswith(COMPOUND) and "EncryptedPackage".encode("utf-16-le") in content:
        raise BadDataError(of_file(name, _LOCKED))
    try:
        marks = workbook_marks(content, name) or ods_marks(content) if content.startswith(ZIP) else {}
        if content.startswith(COMPOUND):
            add_xls_sheets(content, Extents(name=name))
        book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
        if content.startswith(COMPOUND):
            errors = xls_errors(content)
            marks = {title: Marks(texts=texts) for title, texts in zip(book.sheet_names, errors, strict=False)}
        extents = Extents(name=name)
        sheets = [
            _sheet(book, about, marks.get(about.name, Marks()), extents)
            for about in book.sheets_metadata
            if about.typ == python_calamine.SheetTypeEnum.WorkSheet
        ]
    except (BadDataError, MemoryError):
        raise
    except python_calamine.PasswordError as error:
        raise BadDataError(of_file(name, _LOCKED)) from error
    except BaseException as error:  # what zip, XML and calamine raise is of many kinds, a panic of Rust among them
        if not isinstance(error, Exception) and type(error).__name__ != "PanicException":
            raise
        raise BadDataError(of_file(name, NO_WORKBOOK)) from error
    return tuple(sheet for sheet in sheets if any(cell.strip() for _, cells in sheet.rows for cell in cells))


def cell_text(value: object) -> str:
    """Return a cell as its owner sees it: whole numbers without ``.0``, so that codes stay codes; dates as ISO has them."""
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer() and abs(value) < _WHOLE:
        return str(int(value))
    if isinstance(value, datetime.datetime) and value.time() == datetime.time():
        return value.date().isoformat()
    return str(value)


def _sheet(
    book: python_calamine.CalamineWorkbook, about: python_calamine.SheetMetadata, marks: Marks, extents: Extents
) -> CellSheet:
    sheet = book.get_sheet_by_name(about.name)
    if sheet.end is not None:
        extents.add_sheet(sheet.end[0] + 1, sheet.end[1] + 1)
    rows = [] if sheet.start is None else [[*map(cell_text, row)] for row in sheet.to_python(skip_empty_area=False)]
    for (row, column), text in marks.texts.items():
        rows += [[] for _ in range(row - len(rows))]
        cells = rows[row - 1]
        cells += [""] * (column - len(cells))
        cells[column - 1] = text if text.startswith("#") else cells[column - 1] or text
    return CellSheet(
        name=about.name,
        hidden=about.visible != python_calamine.SheetVisibleEnum.Visible,
        rows=tuple(enumerate(rows, start=1)),
        formulas=frozenset(at for at, text in marks.texts.items() if text.startswith("=")),
        merges=tuple(
            Merge(top=top, left=left, bottom=bottom, right=right)
            for top, left, bottom, right in marks.merges
            or [
                (top + 1, left + 1, bottom + 1, right + 1)
                for (top, left), (bottom, right) in sheet.merged_cell_ranges or ()
            ]
        ),
    )
