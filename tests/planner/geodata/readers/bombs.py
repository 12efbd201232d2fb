"""Small files that ask for much: made here, each by its kind, and written into a folder."""

from __future__ import annotations

import bz2
import gzip
import io
import sqlite3
import struct
import zipfile
import zlib
from collections.abc import Callable
from functools import cache
from pathlib import Path
from xml.sax.saxutils import escape

from tests.planner.geodata.readers.hostile_files import (
    geopackage,
    shapefile,
    zip_of_shared_parts,
    zip_that_lies,
    zipped,
)
from tests.planner.geodata.readers.old_workbooks import old_workbook

Make = Callable[[Path], Path]
LOWERED = {"vertices": 50_000, "features": 50_000, "json_mb": 10, "text_mb": 10}
"""Caps of which a file of the size that people have would be slow to make here."""
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_HEAD = '<c r="A1" t="inlineStr"><is><t>name</t></is></c>'


def archive_of(path: Path, parts: dict[str, str | bytes]) -> Path:
    """Write a zip archive of these parts."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return path


def workbook_of(path: Path, *sheets: str, strings: str = "") -> Path:
    """Write a workbook of these sheets, each the XML that stands in ``worksheet``."""
    numbers = range(1, len(sheets) + 1)
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml."
    types = "".join(
        f'<Override PartName="/xl/worksheets/sheet{n}.xml" ContentType="{kind}worksheet+xml"/>' for n in numbers
    )
    links = "".join(
        f'<Relationship Id="r{n}" Type="{_RELATIONS}/worksheet" Target="worksheets/sheet{n}.xml"/>' for n in numbers
    )
    if strings:
        links += f'<Relationship Id="rs" Type="{_RELATIONS}/sharedStrings" Target="sharedStrings.xml"/>'
    named = "".join(f'<sheet name="S{n}" sheetId="{n}" r:id="r{n}"/>' for n in numbers)
    package = "http://schemas.openxmlformats.org/package/2006"
    parts: dict[str, str | bytes] = {
        "[Content_Types].xml": f'<Types xmlns="{package}/content-types">{types}'
        f'<Override PartName="/xl/workbook.xml" ContentType="{kind}sheet.main+xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{package}/relationships"><Relationship Id="r" '
        f'Type="{_RELATIONS}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_RELATIONS}"><sheets>{named}</sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{package}/relationships">{links}</Relationships>',
    }
    for n, sheet in zip(numbers, sheets, strict=True):
        parts[f"xl/worksheets/sheet{n}.xml"] = f'<worksheet xmlns="{_MAIN}">{sheet}</worksheet>'
    if strings:
        parts["xl/sharedStrings.xml"] = strings
    return archive_of(path, parts)


def rows_of(*rows: str) -> str:
    """Return the XML of a sheet's rows."""
    return f"<sheetData>{''.join(rows)}</sheetData>"


def shared(*texts: str, said: int | None = None) -> str:
    """Return the XML of shared texts, which says that there are ``said`` of them."""
    count = len(texts) if said is None else said
    items = "".join(f"<si><t>{escape(text)}</t></si>" for text in texts)
    return f'<sst xmlns="{_MAIN}" count="{count}" uniqueCount="{count}">{items}</sst>'


def _far(cell: str) -> str:
    row = cell.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    return rows_of(f'<row r="1">{_HEAD}</row>', f'<row r="{row}"><c r="{cell}"><v>1</v></c></row>')


def spreadsheet_of(path: Path, table: str) -> Path:
    """Write an OpenDocument workbook of one table."""
    spaces = "".join(
        f' xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in ("office", "table", "text")
    )
    content = (
        f'<?xml version="1.0"?><office:document-content{spaces}><office:body><office:spreadsheet>'
        f'<table:table table:name="S">{table}</table:table></office:spreadsheet></office:body></office:document-content>'
    )
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    manifest = '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>'
    return archive_of(path, {"mimetype": kind, "META-INF/manifest.xml": manifest, "content.xml": content})


def _ods_cell(text: str, times: int = 1) -> str:
    value = f'office:value-type="string" table:number-columns-repeated="{times}"'
    return f"<table:table-cell {value}><text:p>{text}</text:p></table:table-cell>"


def _ods_row(cells: str, times: int = 1) -> str:
    return f'<table:table-row table:number-rows-repeated="{times}">{cells}</table:table-row>'


def binary_workbook(path: Path) -> Path:
    """Write an .xlsb with one cell in the last corner: records of a number, a length and content."""

    def record(kind: int, content: bytes = b"") -> bytes:
        number = bytes([kind]) if kind < 128 else bytes([kind & 127 | 128, kind >> 7])
        return number + bytes([len(content)]) + content

    def wide(text: str) -> bytes:
        return struct.pack("<I", len(text)) + text.encode("utf-16-le")

    def row(number: int, column: int) -> bytes:
        head = record(0, struct.pack("<IIHBBBI", number, 0, 300, 0, 0, 0, 0))
        return head + record(5, struct.pack("<IId", column, 0, 1.0))

    sheet = record(129) + record(148, struct.pack("<IIII", 0, 0, 0, 0)) + record(145)
    sheet += row(0, 0) + row(1_048_575, 16_383) + record(146) + record(130)
    book = record(131) + record(143) + record(156, struct.pack("<II", 0, 1) + wide("r1") + wide("S")) + record(144)
    package = "http://schemas.openxmlformats.org/package/2006"
    link = f'<Relationship Id="r1" Type="{_RELATIONS}/worksheet" Target="worksheets/sheet1.bin"/>'
    return archive_of(
        path,
        {
            "[Content_Types].xml": f'<Types xmlns="{package}/content-types"/>',
            "xl/workbook.bin": book + record(132),
            "xl/_rels/workbook.bin.rels": f'<Relationships xmlns="{package}/relationships">{link}</Relationships>',
            "xl/worksheets/sheet1.bin": sheet,
        },
    )


def workbooks() -> dict[str, tuple[Make, str]]:
    """Return how to write workbooks, and the cap that each is beyond."""
    empty = rows_of(f'<row r="1">{_HEAD}</row>')
    wide = "".join(f"<c><v>{n}</v></c>" for n in range(2000))
    long = shared("x" * 1_000_000)
    return {
        "cell in the last corner": (lambda f: workbook_of(f / "v.xlsx", _far("XFD1048576")), "rows"),
        "cell in the last column": (lambda f: workbook_of(f / "v.xlsx", _far("XFD2")), "columns"),
        "cell in the last row": (lambda f: workbook_of(f / "v.xlsx", _far("A1048576")), "rows"),
        "cell beyond all sheets": (lambda f: workbook_of(f / "v.xlsx", _far("ZZZ9999999")), "rows"),
        "many cells between two": (lambda f: workbook_of(f / "v.xlsx", _far("SF199999")), "cells"),
        "cells without addresses": (lambda f: workbook_of(f / "v.xlsx", rows_of(f"<row>{wide}</row>")), "columns"),
        "rows of nothing": (lambda f: workbook_of(f / "v.xlsx", rows_of("<row/>" * 600_000)), "rows"),
        "elements in each other": (
            lambda f: workbook_of(f / "v.xlsx", rows_of("<a>" * 400_000 + "</a>" * 400_000)),
            "depth",
        ),
        "cells far apart in many sheets": (
            lambda f: workbook_of(f / "v.xlsx", *[_far("KN10000")] * 40),
            "cells",
        ),
        "sheets without end": (lambda f: workbook_of(f / "v.xlsx", *[empty] * 12_000), "entries"),
        "one long text in many cells": (
            lambda f: workbook_of(f / "v.xlsx", rows_of(*['<row><c t="s"><v>0</v></c></row>'] * 20_000), strings=long),
            "text_mb",
        ),
        "entities in entities": (
            lambda f: workbook_of(f / "v.xlsx", empty, strings=_entities("sst")),
            "",
        ),
        "packed a thousand times": (
            lambda f: workbook_of(f / "v.xlsx", rows_of(f'<row r="1">{_HEAD}</row>', " " * 60_000_000)),
            "ratio",
        ),
        "last corner of a binary one": (lambda f: binary_workbook(f / "v.xlsb"), "rows"),
        "last corner of an old one": (
            lambda f: old_workbook(f / "v.xls", [(0, 0, "name"), (65_535, 255, 1.0)]),
            "cells",
        ),
        "cells far apart in many old sheets": (
            lambda f: old_workbook(f / "v.xls", *[[(0, 0, "name"), (9_999, 200, 1.0)]] * 40),
            "cells",
        ),
        "columns repeated": (lambda f: spreadsheet_of(f / "v.ods", _ods_row(_ods_cell("a", 10**6))), "columns"),
        "rows repeated": (lambda f: spreadsheet_of(f / "v.ods", _ods_row(_ods_cell("a"), 10**6)), "rows"),
        "both repeated": (
            lambda f: spreadsheet_of(f / "v.ods", _ods_row(_ods_cell("a", 400), 150_000)),
            "cells",
        ),
        "rows of nothing before one": (
            lambda f: spreadsheet_of(f / "v.ods", _ods_row("<table:table-cell/>", 10**9) + _ods_row(_ods_cell("a"))),
            "rows",
        ),
        "a long text repeated": (
            lambda f: spreadsheet_of(f / "v.ods", _ods_row(_ods_cell("x" * 100_000, 400), 10)),
            "text_mb",
        ),
    }


def _entities(root: str) -> str:
    declared = '<!ENTITY e0 "' + "x" * 100 + '">'
    declared += "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 9))
    return f'<?xml version="1.0"?><!DOCTYPE {root} [{declared}]><{root}><si><t>&e8;</t></si></{root}>'


def _text(content: str | bytes, name: str = "v.csv") -> Make:
    def make(folder: Path) -> Path:
        (folder / name).write_bytes(content if isinstance(content, bytes) else content.encode())
        return folder / name

    return make


def tables() -> dict[str, tuple[Make, str]]:
    """Return how to write text tables, and the cap that each is beyond."""
    return {
        "a million columns": (_text("name" + ",a" * 10**6), "line_mb"),
        "many columns": (_text("name" + ",a" * 100_000), "columns"),
        "many columns below a heading": (_text("name,lon,lat\n" + "a," * 100_000), "columns"),
        "one endless line": (_text(b"name,lon,lat\n" + b"x" * 3_000_000), "line_mb"),
        "one endless heading": (_text(b"x" * 3_000_000), "line_mb"),
        "a million empty rows": (_text("name,lon,lat\n" + "\n" * 10**6), "rows"),
        "a million rows of delimiters": (_text("name,lon,lat\n" + ",,\n" * 10**6), "rows"),
        "rows of many cells": (_text("name,lon,lat\n" + ("," * 400 + "\n") * 14_000), "cells"),
        "more than the text may have": (_text(b"a\n" * 5_500_000), "text_mb"),
    }


def _geojson(features: str) -> Make:
    return _text(f'{{"type":"FeatureCollection","features":[{features}]}}', "v.geojson")


def _line(corners: int) -> str:
    place = "[126.1,47.0],"
    coordinates = f"[{(place * corners)[:-1]}]"
    return f'{{"type":"Feature","properties":{{}},"geometry":{{"type":"LineString","coordinates":{coordinates}}}}}'


def _huge_geometry(folder: Path, blob: bytes) -> Path:
    path = geopackage(folder)
    store = sqlite3.connect(path)
    store.execute("UPDATE v SET geom = ?", (blob,))
    store.commit()
    store.close()
    return path


def _geometry_header() -> bytes:
    return b"GP\0\x01" + struct.pack("<i", 4326)


def _shapefile_that_lies(folder: Path, at: int, value: int, part: str = "shp", big: bool = True) -> Path:
    path = shapefile(folder)
    content = bytearray(path.with_suffix(f".{part}").read_bytes())
    struct.pack_into(">I" if big else "<I", content, at, value)
    path.with_suffix(f".{part}").write_bytes(content)
    return path


def vectors() -> dict[str, tuple[Make, str]]:
    """Return how to write vector files, and the cap that each is beyond: empty where another fault is named, or none."""
    nested = "[" * 100_000 + "]" * 100_000
    point = '{"type":"Feature","properties":{},"geometry":{"type":"Point","coordinates":[126.1,47.0]}},'
    collections = '{"type":"GeometryCollection","geometries":[' * 150 + "]}" * 150
    lost = _geometry_header() + struct.pack("<BII", 1, 2, 2**31 - 1) + b"\0" * 64
    nest = _geometry_header() + struct.pack("<BII", 1, 7, 1) * 50_000
    return {
        "nested in its coordinates": (
            _geojson(f'{{"type":"Feature","properties":{{}},"geometry":{{"type":"Point","coordinates":{nested}}}}}'),
            "depth",
        ),
        "nested in its properties": (
            _geojson(f'{{"type":"Feature","properties":{{"a":{nested}}},"geometry":null}}'),
            "depth",
        ),
        "nested somewhat": (_geojson(collections), "depth"),
        "nested objects": (_text('{"a":' * 100_000 + "1" + "}" * 100_000, "v.geojson"), "depth"),
        "many corners": (_geojson(_line(70_000)), "vertices"),
        "many features": (_geojson((point * 60_000)[:-1]), "features"),
        "larger than JSON may be": (_text(b"[" + b" " * 11_000_000 + b"]", "v.geojson"), "json_mb"),
        "geometry that says it has corners": (lambda f: _huge_geometry(f, lost), ""),
        "geometries in each other": (lambda f: _huge_geometry(f, nest), ""),
        "count of rows that lies": (
            lambda f: geopackage(f, "UPDATE gpkg_ogr_contents SET feature_count = 1099511627776"),
            "",
        ),
        "geometry of nothing": (lambda f: _huge_geometry(f, b"\0" * 30_000_000), ""),
        "record longer than the file": (lambda f: _shapefile_that_lies(f, 104, 2**31 - 1), ""),
        "index to beyond the file": (lambda f: _shapefile_that_lies(f, 100, 2**31 - 1, "shx"), ""),
        "index that is longer": (lambda f: _shapefile_that_lies(f, 24, 2**31 - 1, "shx"), ""),
        "table of two billion rows": (lambda f: _shapefile_that_lies(f, 4, 2**31 - 1, "dbf", big=False), ""),
        "zip that lies": (zip_that_lies, ""),
        "zip of shared parts": (zip_of_shared_parts, "unpacked_mb"),
        "zip in a zip": (_nested_zip, ""),
        "zip of many entries": (
            lambda f: archive_of(f / "v.zip", {f"{n}.txt": "" for n in range(10_001)}),
            "entries",
        ),
        "zip of zeros": (lambda f: zipped(f, {"a.txt": "\0" * 60_000_000}), "ratio"),
    }


def _nested_zip(folder: Path) -> Path:
    content = b"\0" * 30_000_000
    for _ in range(5):
        made = io.BytesIO()
        with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("a.zip", content)
        content = made.getvalue()
    (folder / "v.zip").write_bytes(content)
    return folder / "v.zip"


def _osm(body: str) -> bytes:
    return f'<?xml version="1.0" encoding="UTF-8"?><osm version="0.6">{body}</osm>'.encode()


_TWO_NODES = '<node id="1" version="1" lon="126.1" lat="47.0"/><node id="2" version="1" lon="126.2" lat="47.0"/>'


def pbf(kind: bytes, blob: bytes) -> bytes:
    """Return one part of a PBF file."""
    head = _field(1, kind) + b"\x18" + _varint(len(blob))
    return struct.pack(">I", len(head)) + head + blob


def _varint(value: int) -> bytes:
    made = bytearray()
    while value > 127:
        made.append(value & 127 | 128)
        value >>= 7
    return bytes([*made, value])


def _field(number: int, content: bytes) -> bytes:
    return _varint(number << 3 | 2) + _varint(len(content)) + content


def inflating(said: int, unpacked: int) -> bytes:
    """Return a PBF file whose block unpacks to another size than it says."""
    header = pbf(b"OSMHeader", _field(1, _field(4, b"OsmSchema-V0.6") + _field(4, b"DenseNodes")))
    packed = zlib.compress(b"\0" * unpacked)
    return header + pbf(b"OSMData", b"\x10" + _varint(said) + _field(3, packed))


@cache
def maps() -> dict[str, tuple[Make, str]]:
    """Return how to write maps, and the cap that each is beyond: empty where another fault is named, or none."""
    tags = "".join(f'<tag k="highway" v="{n}"/>' for n in range(100_000))
    way = '<way id="1" version="1"><nd ref="1"/><nd ref="2"/>{}</way>'
    zeros = _osm(_TWO_NODES + " " * 16_000_000)
    return {
        "blob that unpacks to more than it says": (_text(inflating(100, 60_000_000), "r.osm.pbf"), ""),
        "blob that says it unpacks to gigabytes": (_text(inflating(2**31, 60_000_000), "r.osm.pbf"), ""),
        "numbers without end": (_text(pbf(b"OSMData", b"\xff" * 3_000_000), "r.osm.pbf"), ""),
        "packed with gzip": (_text(gzip.compress(zeros, mtime=0), "r.osm.gz"), "ratio"),
        "packed with bzip2": (_text(bz2.compress(zeros), "r.osm.bz2"), "ratio"),
        "packed twice": (
            _text(gzip.compress(gzip.compress(zeros, mtime=0), mtime=0), "r.osm.gz.gz"),
            "ratio",
        ),
        "entities in entities": (_text(_entities("osm"), "r.osm"), ""),
        "entities of a drawn map": (
            _text(_entities("osm").replace("<si>", '<node id="-1"/><si>'), "r.osm"),
            "",
        ),
        "elements in each other": (_text(_osm("<a>" * 500_000 + "</a>" * 500_000), "r.osm"), ""),
        "tags on one way": (_text(_osm(_TWO_NODES + way.format(tags)), "r.osm"), ""),
        "tags on one drawn way": (_text(_osm(_TWO_NODES + way.format(tags).replace('"1"', '"-1"', 1)), "r.osm"), ""),
    }


def lists() -> dict[str, tuple[Make, str]]:
    """Return how to write lists of named points, and the cap that each is beyond."""
    row = "1\tA\tA\t\t47.0\t126.1\tP\tPPL\tCN" + "\t" * 10 + "\n"
    far = "1\tA\tA\t\t0\t0\tP\tPPL\tCN" + "\t" * 10 + "\n"
    return {
        "list that unpacks a thousand times": (
            lambda f: archive_of(f / "CN.zip", {"CN.txt": row + " " * 80_000_000}),
            "ratio",
        ),
        "list of one line": (_text(row + "x" * 3_000_000, "CN.txt"), "line_mb"),
        "list of many places": (_text(row * 60_000, "CN.txt"), "features"),
        "list of places elsewhere": (_text(far * 100, "CN.txt"), ""),
    }
