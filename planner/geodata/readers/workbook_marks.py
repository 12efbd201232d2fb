"""What a reader leaves out of an .xlsx or .xlsb: error cells, formulas without a result; and how far all cells reach."""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.etree import ElementTree

from planner.geodata.readers.error_cells import xlsb_errors, xlsb_sheets
from planner.geodata.readers.extents import Extents, OdsExtents, add_xlsb_sheet, walk_xml

_RELATION = re.compile(r"\{[^}]*relationships\}id")
_REFERENCE = re.compile(r"([A-Z]{1,3})(\d{1,7})")
_FILLED = frozenset({"v", "is", "f"})


@dataclass(slots=True, kw_only=True)
class Marks:
    """Of one sheet: error cells and formulas without a result, by (row, column) from 1, and how far cells reach.

    ``merges`` are first and last row and column of cells made one, where the reader of workbooks does not say them.
    """

    texts: dict[tuple[int, int], str] = field(default_factory=dict)
    last_row: int = 0
    last_column: int = 0
    merges: list[tuple[int, int, int, int]] = field(default_factory=list)


def workbook_marks(content: bytes, name: str) -> dict[str, Marks]:
    """Return the marks of each sheet of an .xlsx or .xlsb by the sheet's name; nothing for other workbooks.

    Raises
    ------
    BadDataError
        If all sheets together reach over too many cells, or it is nested too deeply: .xlsb and .ods, too.
    zipfile.BadZipFile, ElementTree.ParseError, expat.ExpatError, KeyError
        If it is damaged.
    """
    extents = Extents(name=name)
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        named = {inner.lower(): inner for inner in parts.namelist()}  # readers look for them so
        for part in sorted(named):
            if part.startswith("xl/worksheets/") and part.endswith(".bin"):
                add_xlsb_sheet(parts.read(named[part]), extents)
        if "content.xml" in named:
            tables = OdsExtents(extents)
            with parts.open(named["content.xml"]) as stream:
                walk_xml(stream, extents, tables.start, tables.end, tables.text)
        if "xl/workbook.bin" in named:
            return {
                title: Marks(texts=xlsb_errors(parts.read(named[part.lower()])))
                for title, part in xlsb_sheets(parts, named).items()
            }
        if "xl/workbook.xml" not in named:
            return {}
        lengths = _shared_lengths(parts, named, extents)
        return {
            title: _Sheet(extents, lengths).marks(parts, named[part.lower()])
            for title, part in _sheet_parts(parts, named)
            if part.lower() in named and part.lower().endswith(".xml")
        }


def _sheet_parts(parts: zipfile.ZipFile, named: dict[str, str]) -> Iterator[tuple[str, str]]:
    links = ElementTree.fromstring(parts.read(named["xl/_rels/workbook.xml.rels"]))
    targets = {link.get("Id"): link.get("Target", "") for link in links}
    for sheet in ElementTree.fromstring(parts.read(named["xl/workbook.xml"])).iter():
        if sheet.tag.rpartition("}")[2] != "sheet":
            continue
        link = next((value for key, value in sheet.attrib.items() if _RELATION.fullmatch(key)), None)
        target = targets.get(link, "")
        yield sheet.get("name", ""), posixpath.normpath(posixpath.join("/xl", target)).lstrip("/")


def _shared_lengths(parts: zipfile.ZipFile, named: dict[str, str], extents: Extents) -> list[int]:
    """Return how many characters each of the texts has that cells share."""
    lengths: list[int] = []

    def start(tag: str, _given: dict[str, str]) -> None:
        if tag == "si":
            lengths.append(0)

    def text(text: str) -> None:
        if lengths:
            lengths[-1] += len(text)

    part = next((part for part in sorted(named) if part.endswith("/sharedstrings.xml")), None)
    if part is not None:
        with parts.open(named[part]) as stream:
            walk_xml(stream, extents, start, lambda _: None, text)
    return lengths


class _Sheet:
    """Walks through one sheet's XML."""

    def __init__(self, extents: Extents, lengths: list[int]) -> None:
        self.extents, self.lengths = extents, lengths
        self.found = Marks()
        self.row = self.column = self.rows = self.cells = 0
        self.kind = ""
        self.inside: dict[str, str] = {}
        self.part = ""
        self.in_cell = False

    def marks(self, parts: zipfile.ZipFile, part: str) -> Marks:
        with parts.open(part) as stream:
            walk_xml(stream, self.extents, self._start, self._end, self._text)
        self.extents.add_sheet(self.found.last_row, self.found.last_column)
        return self.found

    def _start(self, tag: str, given: dict[str, str]) -> None:
        if tag == "row":
            number = given.get("r", "")
            self.row, self.column = int(number) if number.isdigit() and len(number) < 12 else self.row + 1, 0
            self.rows += 1
            self.extents.hold("rows", self.rows)
        elif tag == "c":
            at = _REFERENCE.fullmatch(given.get("r", ""))
            self.row, self.column = (int(at[2]), _column(at[1])) if at else (self.row, self.column + 1)
            self.cells += 1
            self.extents.hold("cells", self.cells)
            self.kind, self.in_cell, self.inside, self.part = given.get("t", ""), True, {}, ""
        elif self.in_cell and not self.part:
            self.part = tag
            self.inside.setdefault(tag, "")

    def _text(self, text: str) -> None:
        if self.part:
            self.inside[self.part] += text

    def _end(self, tag: str) -> None:
        if tag == self.part:
            self.part = ""
        elif tag == "c":
            self.in_cell = False
            self._mark()

    def _mark(self) -> None:
        inside, value = self.inside, self.inside.get("v", "")
        if inside.keys() & _FILLED:
            self.found.last_row = max(self.found.last_row, self.row)
            self.found.last_column = max(self.found.last_column, self.column)
            self.extents.hold("rows", self.row)
            self.extents.hold("columns", self.column)
            shared = self.kind == "s" and value.isdigit() and int(value) < len(self.lengths)
            self.extents.add_text(self.lengths[int(value)] if shared else sum(map(len, inside.values())))
        if self.kind == "e":
            self.found.texts[self.row, self.column] = value or "#N/A"
        elif "f" in inside and not value:
            self.found.texts[self.row, self.column] = f"={inside['f']}"


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number
