"""What a workbook reader leaves out of an .xlsx: cells with errors, formulas nobody has worked out, how far cells reach."""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.etree import ElementTree

_RELATION = re.compile(r"\{[^}]*relationships\}id")
_REFERENCE = re.compile(r"([A-Z]{1,3})(\d{1,7})")


@dataclass(slots=True, kw_only=True)
class Marks:
    """Of one sheet: error cells and formulas without a result, by (row, column) from 1, and how far cells reach."""

    texts: dict[tuple[int, int], str] = field(default_factory=dict)
    last_row: int = 0
    last_column: int = 0


def xlsx_marks(content: bytes) -> dict[str, Marks]:
    """Return the marks of each sheet of an .xlsx by the sheet's name; nothing for a zip that is none.

    Raises
    ------
    zipfile.BadZipFile, ElementTree.ParseError, KeyError
        If it is damaged.
    """
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        names = set(parts.namelist())
        if "xl/workbook.xml" not in names:
            return {}
        return {
            title: _marks(parts, part) for title, part in _sheet_parts(parts) if part in names and part.endswith(".xml")
        }


def _sheet_parts(parts: zipfile.ZipFile) -> Iterator[tuple[str, str]]:
    links = ElementTree.fromstring(parts.read("xl/_rels/workbook.xml.rels"))
    targets = {link.get("Id"): link.get("Target", "") for link in links}
    for sheet in ElementTree.fromstring(parts.read("xl/workbook.xml")).iter():
        if _tag(sheet) != "sheet":
            continue
        link = next((value for key, value in sheet.attrib.items() if _RELATION.fullmatch(key)), None)
        target = targets.get(link, "")
        yield sheet.get("name", ""), posixpath.normpath(posixpath.join("/xl", target)).lstrip("/")


def _marks(parts: zipfile.ZipFile, part: str) -> Marks:
    marks, row, column = Marks(), 0, 0
    with parts.open(part) as stream:
        for event, element in ElementTree.iterparse(stream, ("start", "end")):
            tag = _tag(element)
            if event == "start":
                if tag == "row":
                    number = element.get("r", "")
                    row, column = int(number) if number.isdigit() else row + 1, 0
                continue
            if tag == "c":
                at = _REFERENCE.fullmatch(element.get("r", ""))
                row, column = (int(at[2]), _column(at[1])) if at else (row, column + 1)
                _mark(marks, row, column, element)
            if tag in ("c", "row"):
                element.clear()
    return marks


def _mark(marks: Marks, row: int, column: int, cell: ElementTree.Element) -> None:
    inside = {_tag(part): part.text or "" for part in cell}
    if inside.keys() & {"v", "is", "f"}:
        marks.last_row, marks.last_column = max(marks.last_row, row), max(marks.last_column, column)
    if cell.get("t") == "e":
        marks.texts[row, column] = inside.get("v") or "#N/A"
    elif "f" in inside and not inside.get("v"):
        marks.texts[row, column] = f"={inside['f']}"


def _tag(element: ElementTree.Element) -> str:
    return element.tag.rpartition("}")[2]


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number
