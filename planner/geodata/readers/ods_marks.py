"""What a workbook reader leaves out of an .ods: merged cells, cells with errors, formulas nobody has worked out."""

from __future__ import annotations

import io
import zipfile
from xml.etree import ElementTree

from planner.geodata.readers.workbook_marks import Marks

_CELLS = frozenset({"table-cell", "covered-table-cell"})
_MOST_ERRORS = 100_000  # repeated cells are written once in the file


def ods_marks(content: bytes) -> dict[str, Marks]:
    """Return the marks of each sheet of an .ods by the sheet's name; nothing for a zip that is none.

    Raises
    ------
    zipfile.BadZipFile, ElementTree.ParseError, KeyError
        If it is damaged.
    """
    found: dict[str, Marks] = {}
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        if "content.xml" not in parts.namelist():
            return {}
        with parts.open("content.xml") as stream:
            marks, row = Marks(), 0
            for event, element in ElementTree.iterparse(stream, ("start", "end")):
                tag = _tag(element)
                if event == "start" and tag == "table":
                    marks, row = found.setdefault(_get(element, "name"), Marks()), 0
                elif event == "end" and tag == "table-row":
                    _mark_row(marks, row + 1, element)
                    row += int(_get(element, "number-rows-repeated") or 1)
                    element.clear()
    return found


def _mark_row(marks: Marks, row: int, element: ElementTree.Element) -> None:
    column = 1
    repeated = int(_get(element, "number-rows-repeated") or 1)
    for cell in element:
        if _tag(cell) not in _CELLS:
            continue
        wide = int(_get(cell, "number-columns-repeated") or 1)
        down, right = (int(_get(cell, f"number-{way}-spanned") or 1) for way in ("rows", "columns"))
        if down > 1 or right > 1:
            marks.merges.append((row, column, row + down - 1, column + right - 1))
        if (text := _hidden_text(cell)) and len(marks.texts) + repeated * wide < _MOST_ERRORS:
            for at in range(row, row + repeated):
                marks.texts |= {(at, place): text for place in range(column, column + wide)}
        column += wide


def _hidden_text(cell: ElementTree.Element) -> str:
    """Return an error as it is shown, or a formula without a result; empty for any other cell."""
    formula = _get(cell, "formula")
    shown = "".join("".join(part.itertext()) for part in cell if _tag(part) == "p").strip()
    kinds = [value for key, value in cell.attrib.items() if key.endswith("}value-type")]
    if "error" in kinds or (formula and shown.startswith("Err:")):
        return shown if shown.startswith("#") else "#VALUE!"
    return f"={formula}" if formula and not kinds else ""


def _get(element: ElementTree.Element, name: str) -> str:
    return next((value for key, value in element.attrib.items() if _name(key) == name), "")


def _tag(element: ElementTree.Element) -> str:
    return _name(element.tag)


def _name(qualified: str) -> str:
    return qualified.rpartition("}")[2]
