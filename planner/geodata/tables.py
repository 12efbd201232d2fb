"""Files with places → rows of text: CSV, XLSX, GeoJSON, GeoPackage, shapefile; nothing is judged here but the form."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import geopandas
import openpyxl
import pyogrio

from planner.errors import BadDataError
from planner.geodata.columns import field_of

SPREADSHEETS = frozenset({".csv", ".txt", ".tsv", ".xlsx", ".xlsm"})
GEOFILES = frozenset({".geojson", ".json", ".gpkg", ".shp", ".zip"})
ROADS = frozenset({".pbf", ".osm", ".bz2", ".gz"})
_HEADING_ROWS = 10  # offices put a title, a date and a unit above the headings


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One row: its number as a spreadsheet counts, and text by field."""

    number: int
    cells: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """All rows of one file; ``headings`` are as written by field, ``unused`` columns stand for nothing known here."""

    file: str
    headings: Mapping[str, str]
    unused: tuple[str, ...]
    rows: tuple[Row, ...]


def read_table(path: Path) -> Table:
    """Return the rows of a file of places.

    Raises
    ------
    BadDataError
        If the file is missing, of an unknown kind or damaged, its encoding is neither UTF-8 nor GB18030, a heading stands
        for a field twice, or rows have more cells than there are headings (all of them are listed).
    """
    if not path.is_file():
        raise BadDataError(f"{path.name}: no such file", [f"looked for {path}"])
    kind = path.suffix.lower()
    if kind in (".csv", ".txt", ".tsv"):
        return _table(path.name, _csv_rows(path))
    if kind in (".xlsx", ".xlsm"):
        return _table(path.name, _xlsx_rows(path))
    if kind in GEOFILES:
        return _geo_table(path)
    known = ", ".join(sorted(SPREADSHEETS | GEOFILES))
    raise BadDataError(f"{path.name}: {kind or 'no'} extension: places are read from {known}; save an .xls as .xlsx")


def decode(content: bytes, name: str) -> str:
    """Return the text of UTF-8 (with or without a mark) or GB18030 bytes.

    Raises
    ------
    BadDataError
        If it is neither.
    """
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise BadDataError(f"{name}: neither UTF-8 nor GB18030: save it as CSV UTF-8")


def _csv_rows(path: Path) -> list[tuple[int, list[str]]]:
    text = decode(path.read_bytes(), path.name)
    head = "\n".join(text.splitlines()[:_HEADING_ROWS])
    delimiter = max(",;\t，", key=head.count)
    reader = csv.reader(io.StringIO(text), delimiter=delimiter)
    rows = []
    start = 1
    try:
        for cells in reader:
            rows.append((start, cells))
            start = reader.line_num + 1
    except csv.Error as error:
        raise BadDataError(f"{path.name} row {start}: not CSV: {error}") from error
    return rows


def _xlsx_rows(path: Path) -> list[tuple[int, list[str]]]:
    try:
        book = openpyxl.load_workbook(path, read_only=True, data_only=True)
    except Exception as error:  # openpyxl lets errors of zip, XML and its own through
        raise BadDataError(f"{path.name}: cannot be opened as XLSX: {error}; save it again as .xlsx") from error
    try:
        sheet = book.worksheets[0]
        return [
            (number, [_cell(value) for value in cells])
            for number, cells in enumerate(sheet.iter_rows(values_only=True), start=1)
        ]
    finally:
        book.close()


def _cell(value: object) -> str:
    """Return a cell as its owner sees it: whole numbers without ``.0``, so that codes stay codes."""
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def _table(name: str, rows: Sequence[tuple[int, list[str]]]) -> Table:
    filled = [(number, cells) for number, cells in rows if any(cell.strip() for cell in cells)]
    if not filled:
        raise BadDataError(f"{name}: is empty")
    top = max(range(min(_HEADING_ROWS, len(filled))), key=lambda i: (_known(filled[i][1]), -i))
    if _known(filled[top][1]) == 0:
        raise BadDataError(f"{name}: no row of headings: name the columns, for example 村名, 乡镇, 经度, 纬度, 人口")
    headings = [cell.strip() for cell in filled[top][1]]
    fields = [field_of(heading) for heading in headings]
    problems = [
        f"{' and '.join(h for h, f in zip(headings, fields, strict=True) if f == field)} both stand for {field}: keep one"
        for field in dict.fromkeys(field for field in fields if field)
        if fields.count(field) > 1
    ]
    below = filled[top + 1 :]
    problems += [
        f"row {number}: {len(cells)} cells for {len(headings)} headings: quote text that holds the delimiter"
        for number, cells in below
        if any(cell.strip() for cell in cells[len(headings) :])
    ]
    if problems:
        raise BadDataError(f"{name}: cannot be read as a table", problems)
    return Table(
        file=name,
        headings={field: heading for field, heading in zip(fields, headings, strict=True) if field},
        unused=tuple(heading for field, heading in zip(fields, headings, strict=True) if heading and not field),
        rows=tuple(
            Row(
                number=number,
                cells={field: cell.strip() for field, cell in zip(fields, cells, strict=False) if field},
            )
            for number, cells in below
        ),
    )


def _known(cells: Sequence[str]) -> int:
    return len({field for cell in cells if (field := field_of(cell))})


def read_geofile(path: Path) -> geopandas.GeoDataFrame:
    """Return the features of a vector file in lon/lat; one that declares no system is taken as lon/lat.

    Raises
    ------
    BadDataError
        If GDAL cannot read it.
    """
    try:
        frame = geopandas.read_file(path)
    except (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError, ValueError) as error:
        raise BadDataError(f"{path.name}: cannot be read as a vector file: {error}") from error
    if not isinstance(frame, geopandas.GeoDataFrame):
        raise BadDataError(f"{path.name}: holds no geometry")
    return frame if frame.crs is None else frame.to_crs("EPSG:4326")


def _geo_table(path: Path) -> Table:
    """Features become rows numbered from 1; the geometry gives lon and lat."""
    frame = read_geofile(path)
    kinds = {str(point.geom_type) for point in frame.geometry if point is not None}
    if kinds - {"Point", "MultiPoint"}:
        raise BadDataError(f"{path.name}: holds {', '.join(sorted(kinds))}: places must be points")
    fields = {column: field for column in frame.columns if (field := field_of(str(column))) and column != "geometry"}
    fields = {column: field for column, field in fields.items() if field not in ("lon", "lat")}
    rows = []
    for number, (_, feature) in enumerate(frame.iterrows(), start=1):
        cells = {field: _feature_cell(feature[column]) for column, field in fields.items()}
        point = feature.geometry
        if point is not None and not point.is_empty:
            cells |= {"lon": repr(float(point.centroid.x)), "lat": repr(float(point.centroid.y))}
        rows.append(Row(number=number, cells=cells))
    return Table(
        file=path.name,
        headings={**{field: str(column) for column, field in fields.items()}, "lon": "geometry", "lat": "geometry"},
        unused=tuple(str(column) for column in frame.columns if column not in fields and column != "geometry"),
        rows=tuple(rows),
    )


def _feature_cell(value: object) -> str:
    return "" if value is None or value != value else _cell(value)  # NaN is the only value that differs from itself
