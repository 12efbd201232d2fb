"""How much a workbook would hold once it is laid out, told before anything lays it out, and refused where it is too much."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import IO
from xml.parsers import expat

from planner.geodata.readers.error_cells import xlsb_records
from planner.sandbox import CAPS, cap, over_cap

_CHUNK = 2**16
_MB = 2**20
_XLSB_ROW, _XLSB_CELLS = 0, range(1, 12)
_XLSB_HEAD = 4  # bytes of the number that a row, or a cell's column, has


@dataclass(slots=True, kw_only=True)
class Extents:
    """Cells and characters of all sheets of the workbook ``name`` together."""

    name: str
    cells: int = 0
    characters: int = 0
    caps: dict[str, int] = field(default_factory=lambda: {name: cap(name) for name in CAPS})

    def hold(self, what: str, size: int) -> None:
        """Refuse a size that is beyond its cap."""
        if size > self.caps[what]:
            raise over_cap(self.name, what)

    def add_sheet(self, rows: int, columns: int) -> None:
        """Count a sheet whose cells reach to this row and column.

        Raises
        ------
        BadDataError
            If that is beyond a cap, or the sheets so far are.
        """
        self.hold("rows", rows)
        self.hold("columns", columns)
        self.cells += rows * columns
        self.hold("cells", self.cells)

    def add_text(self, characters: int) -> None:
        """Count characters, each as often as a cell shows it; raises as `add_sheet`."""
        self.characters += characters
        if self.characters > self.caps["text_mb"] * _MB:
            raise over_cap(self.name, "text_mb")


Start = Callable[[str, dict[str, str]], None]


def walk_xml(
    stream: IO[bytes], extents: Extents, start: Start, end: Callable[[str], None], text: Callable[[str], None]
) -> None:
    """Call for each element of XML, by its name without a prefix: what stands in files is neither deep nor has entities.

    Raises
    ------
    BadDataError
        If it is nested too deeply.
    expat.ExpatError
        If it is damaged, or defines entities.
    """
    parser = expat.ParserCreate()
    parser.buffer_text = True
    depth, deepest = 0, extents.caps["depth"]

    def opened(name: str, given: dict[str, str]) -> None:
        nonlocal depth
        depth += 1
        if depth > deepest:
            raise over_cap(extents.name, "depth")
        start(name.rpartition(":")[2], given)

    def closed(name: str) -> None:
        nonlocal depth
        depth -= 1
        end(name.rpartition(":")[2])

    def refused(*_about: object) -> None:
        raise expat.ExpatError("entities")

    parser.StartElementHandler, parser.EndElementHandler = opened, closed
    parser.CharacterDataHandler, parser.EntityDeclHandler = text, refused
    while part := stream.read(_CHUNK):
        parser.Parse(part, False)
    parser.Parse(b"", True)


class OdsExtents:
    """Counts the cells of an OpenDocument's tables, whose cells and rows may say that they are repeated."""

    def __init__(self, extents: Extents) -> None:
        self.extents = extents
        self.row = self.last_row = self.column = self.width = self.widest = 0
        self.row_times = self.cell_times = 1
        self.row_characters = 0

    def start(self, tag: str, given: dict[str, str]) -> None:
        """Take the beginning of an element."""
        if tag == "table":
            self.row = self.last_row = self.widest = 0
        elif tag == "table-row":
            self.row_times, self.column, self.width, self.row_characters = _times(given, "rows"), 0, 0, 0
        elif tag in ("table-cell", "covered-table-cell"):
            self.cell_times = _times(given, "columns")
            self.column += self.cell_times
            if any(key.endswith(":value-type") for key in given):
                self.width = self.column
        elif tag == "p":
            self.width = self.column

    def end(self, tag: str) -> None:
        """Take the end of an element."""
        if tag in ("table-cell", "covered-table-cell"):
            self.cell_times = 1
        elif tag == "table-row":
            self.row += self.row_times
            if self.width:
                self.last_row, self.widest = self.row, max(self.widest, self.width)
                self.extents.hold("rows", self.row)
                self.extents.hold("columns", self.widest)
                self.extents.hold("cells", self.last_row * self.widest)
            self.extents.add_text(self.row_characters * self.row_times)
        elif tag == "table":
            self.extents.add_sheet(self.last_row, self.widest)

    def text(self, text: str) -> None:
        """Take text between elements."""
        self.row_characters += len(text.strip()) * self.cell_times


def _times(given: dict[str, str], what: str) -> int:
    said = next((value for key, value in given.items() if key.endswith(f":number-{what}-repeated")), "1")
    return int(said) if said.isascii() and said.isdigit() and len(said) < 12 else 1


def add_xlsb_sheet(content: bytes, extents: Extents) -> None:
    """Count the cells of a sheet of an .xlsb: records of a number, a length and content.

    Raises
    ------
    BadDataError
        If they are too many.
    """
    row = last_row = last_column = 0
    for kind, body in xlsb_records(content):
        number = int.from_bytes(body[:_XLSB_HEAD], "little")
        if kind == _XLSB_ROW:
            row = number + 1
        elif kind in _XLSB_CELLS:
            last_row, last_column = max(last_row, row), max(last_column, number + 1)
    extents.add_sheet(last_row, last_column)
