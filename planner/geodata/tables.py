"""Files with places → rows of text: CSV, XLSX, GeoJSON, GeoPackage, shapefile; nothing is judged here but the form."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

from planner.errors import BadDataError, Message, of_file
from planner.geodata.columns import field_of, fields_of_short, multiple_of
from planner.geodata.geofiles import places_layer
from planner.geodata.spreadsheets import NumberedRow, cell_text, csv_rows, known_headings, top_rows, xlsx_rows

SPREADSHEETS = frozenset({".csv", ".txt", ".tsv", ".xlsx", ".xlsm"})
GEOFILES = frozenset({".geojson", ".json", ".gpkg", ".shp", ".zip"})
ROADS = frozenset({".pbf", ".osm", ".bz2", ".gz"})
NO_TABLE = Message("cannot be read as a table")
_SHAPEFILES = frozenset({".shp", ".zip"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One row: its number as a spreadsheet counts, and text by field."""

    number: int
    cells: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """All rows of one file; ``headings`` are as written by field, ``unused`` columns stand for nothing known here.

    ``multiples`` holds what one unit of a field stands for where its heading says 千, 万 or the like; ``skipped`` are the
    sheets or layers beside the one that was read.
    """

    file: str
    headings: Mapping[str, str]
    unused: tuple[str, ...]
    rows: tuple[Row, ...]
    multiples: Mapping[str, int] = field(default_factory=dict)
    skipped: tuple[str, ...] = ()


def read_table(path: Path) -> Table:
    """Return the rows of a file of places.

    Raises
    ------
    BadDataError
        If the file is missing, of an unknown kind or damaged, its encoding is not known, a heading stands for a field twice,
        or rows have more cells than there are headings (all of them are listed).
    """
    if not path.is_file():
        raise BadDataError(of_file(path.name, Message("no such file")), [Message("looked for {path}", path=path)])
    kind = path.suffix.lower()
    if kind in (".csv", ".txt", ".tsv"):
        return _table(path.name, csv_rows(path), ())
    if kind in (".xlsx", ".xlsm"):
        return _table(path.name, *xlsx_rows(path))
    if kind in GEOFILES:
        return _geo_table(path)
    ending = Message("{kind} extension", kind=kind) if kind else Message("no extension")
    known = sorted(SPREADSHEETS | GEOFILES)
    what = Message("{ending}: places are read from {known}; save an .xls as .xlsx", ending=ending, known=known)
    raise BadDataError(of_file(path.name, what))


def _table(name: str, rows: Sequence[NumberedRow], skipped: tuple[str, ...]) -> Table:
    tops = top_rows(rows)
    if not tops:
        raise BadDataError(of_file(name, Message("is empty")))
    top, cells = max(tops, key=lambda row: (known_headings(row[1]), -row[0]))
    if known_headings(cells) == 0:
        what = Message("no row of headings: name the columns, for example name, township, lon, lat, population")
        raise BadDataError(of_file(name, what))
    headings = [cell.strip() for cell in cells]
    fields = [field_of(heading) for heading in headings]
    below = [(number, cells) for number, cells in rows if number > top and any(cell.strip() for cell in cells)]
    problems = _repeated([(h, f) for h, f in zip(headings, fields, strict=True) if f])
    problems += [
        Message(
            "row {row}: {count} cells for {headings} headings: quote text that holds the delimiter",
            row=number,
            count=len(cells),
            headings=len(headings),
        )
        for number, cells in below
        if any(cell.strip() for cell in cells[len(headings) :])
    ]
    if problems:
        raise BadDataError(of_file(name, NO_TABLE), problems)
    heading_of = {field: heading for field, heading in zip(fields, headings, strict=True) if field}
    return Table(
        file=name,
        headings=heading_of,
        unused=tuple(heading for field, heading in zip(fields, headings, strict=True) if heading and not field),
        rows=tuple(
            Row(
                number=number,
                cells={field: cell.strip() for field, cell in zip(fields, cells, strict=False) if field},
            )
            for number, cells in below
        ),
        multiples=_multiples(heading_of),
        skipped=skipped,
    )


def _geo_table(path: Path) -> Table:
    """Features become rows numbered from 1; the geometry gives lon and lat."""
    frame, skipped = places_layer(path)
    kinds = {str(point.geom_type) for point in frame.geometry if point is not None}
    if kinds - {"Point", "MultiPoint"}:
        what = Message("holds {kinds}: places must be points", kinds=sorted(kinds))
        raise BadDataError(of_file(path.name, what))
    columns = [str(column) for column in frame.columns if column != frame.geometry.name]
    short = path.suffix.lower() in _SHAPEFILES
    found = fields_of_short(columns) if short else {c: field for c in columns if (field := field_of(c))}
    fields = {column: field for column, field in found.items() if field not in ("lon", "lat")}
    problems = _repeated(list(fields.items()))
    if problems:
        raise BadDataError(of_file(path.name, NO_TABLE), problems)
    rows = []
    values = {field: list(frame[column]) for column, field in fields.items()}
    for number, point in enumerate(frame.geometry, start=1):
        cells = {field: _feature_cell(column[number - 1]) for field, column in values.items()}
        if point is not None and not point.is_empty:
            cells |= {"lon": repr(float(point.centroid.x)), "lat": repr(float(point.centroid.y))}
        rows.append(Row(number=number, cells=cells))
    heading_of = {field: column for column, field in fields.items()}
    return Table(
        file=path.name,
        headings={**heading_of, "lon": "geometry", "lat": "geometry"},
        unused=tuple(column for column in columns if column not in fields),
        rows=tuple(rows),
        multiples=_multiples(heading_of),
        skipped=skipped,
    )


def _multiples(heading_of: Mapping[str, str]) -> dict[str, int]:
    return {name: times for name, heading in heading_of.items() if (times := multiple_of(heading)) != 1}


def _repeated(columns: Sequence[tuple[str, str]]) -> list[str]:
    """Return one problem for each field that several columns stand for."""
    fields = [name for _, name in columns]
    return [
        Message(
            "{headings} both stand for {field}: keep one",
            headings=[heading for heading, name in columns if name == repeated],
            field=repeated,
        )
        for repeated in dict.fromkeys(fields)
        if fields.count(repeated) > 1
    ]


def _feature_cell(value: object) -> str:
    missing = value is pd.NA or value is pd.NaT or (isinstance(value, float) and value != value)
    return "" if missing else cell_text(value)
