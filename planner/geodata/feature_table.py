"""GeoJSON, GeoPackage and shapefiles → one table: features become rows numbered from 1, the geometry gives lon and lat."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from pathlib import Path

import geopandas
import numpy as np
import pandas as pd
import shapely
from shapely.geometry.base import BaseGeometry

from planner.errors import BadDataError, Message, of_file
from planner.geodata.columns import field_of, fields_of_short
from planner.geodata.findings import Severity, about_file
from planner.geodata.geofiles import layers_with_geometry
from planner.geodata.place_rows import Fault, Table
from planner.geodata.readers.calamine_sheets import CellSheet, cell_text
from planner.geodata.sheet_table import table_of
from planner.model import said
from planner.units import METRES_PER_DEGREE

POINTS = frozenset({"Point", "MultiPoint"})
LINES = frozenset({"LineString", "MultiLineString"})
ONE_PLACE_M = 200.0
"""Points of one feature that lie no farther apart are one place."""
_SHAPEFILES = frozenset({".shp", ".zip"})
_GEOMETRY = "geometry"
_DOUBTS = {
    "declared": said("its texts are in another encoding than its .cpg file says"),
    "guessed": said("nothing says the encoding of its texts, which are not Chinese"),
    "damaged": said("some of its texts are damaged, or in several encodings"),
}


def feature_table(path: Path, wanted: str = "") -> Table:
    """Return the table of the points in a vector file; other shapes among them are faults of their rows.

    Raises
    ------
    BadDataError
        As `planner.geodata.tables.read_table`.
    """
    frames = layers_with_geometry(path)
    kinds = {layer: _kinds(frame) for layer, frame in frames.items()}
    with_points = [layer for layer in frames if kinds[layer] & POINTS or not kinds[layer]]
    if not with_points:
        what = Message("holds {kinds}: places must be points", kinds=sorted(set().union(*kinds.values())))
        raise BadDataError(of_file(path.name, what))
    short = path.suffix.lower() in _SHAPEFILES
    sheets: list[CellSheet] = []
    faults: dict[str, dict[int, Fault]] = {}
    for layer in with_points:
        sheet, faults[layer] = _sheet(layer, frames[layer], short=short)
        sheets.append(sheet)
    table = table_of(path, sheets, list(frames), wanted, faults)
    doubts = [_DOUBTS[code] for code in dict.fromkeys(frame.attrs.get("doubt") for frame in frames.values()) if code]
    remedy = said("look at the names; save it as GeoPackage, or with a .cpg file that says the encoding")
    findings = [about_file(Severity.WARNING, "encoding", path.name, doubt, remedy) for doubt in doubts]
    heading_of = {**table.headings, "lon": _GEOMETRY, "lat": _GEOMETRY}
    return replace(table, headings=heading_of, findings=(*table.findings, *findings))


def holds_places(path: Path) -> bool:
    """Return whether a vector file has a layer, of points for the most part, with a heading known here.

    Raises
    ------
    BadDataError
        If the file cannot be read.
    """
    frames = layers_with_geometry(path).values()
    return any(_mostly_points(frame) and any(field_of(str(column)) for column in frame.columns) for frame in frames)


def lines_in(path: Path) -> int:
    """Return how many lines a vector file has, 0 if it has anything else.

    Raises
    ------
    BadDataError
        If the file cannot be read.
    """
    frames = layers_with_geometry(path).values()
    kinds = Counter(str(shape.geom_type) for frame in frames for shape in frame.geometry if shape is not None)
    return kinds.total() if kinds and kinds.keys() <= LINES else 0


def _mostly_points(frame: geopandas.GeoDataFrame) -> bool:
    shapes = [shape for shape in frame.geometry if shape is not None]
    return bool(shapes) and sum(shape.geom_type in POINTS for shape in shapes) * 2 >= len(shapes)


def _kinds(frame: geopandas.GeoDataFrame) -> set[str]:
    return {str(shape.geom_type) for shape in frame.geometry if shape is not None}


def _sheet(layer: str, frame: geopandas.GeoDataFrame, *, short: bool) -> tuple[CellSheet, dict[int, Fault]]:
    """Return a layer as a sheet with its columns' names in row 0, and by number the features that are no single point."""
    columns = [str(column) for column in frame.columns if column != frame.geometry.name]
    cut = fields_of_short(columns) if short else {}
    read = [column for column in columns if (cut.get(column) or field_of(column)) not in ("lon", "lat", "position")]
    values = [[_feature_cell(value) for value in frame[column]] for column in read]
    headings = [column if field_of(column) else cut.get(column, column) for column in read]
    rows = [(0, [*headings, "lon", "lat"])]
    faults: dict[int, Fault] = {}
    for number, shape in enumerate(frame.geometry, start=1):
        lon, lat = "", ""
        if shape is not None and not shape.is_empty:
            fault = _fault_of(shape)
            if fault is not None:
                faults[number] = fault
            else:
                lon, lat = repr(float(shape.centroid.x)), repr(float(shape.centroid.y))
        rows.append((number, [*(column[number - 1] for column in values), lon, lat]))
    return CellSheet(name=layer, rows=tuple(rows)), faults


def _fault_of(shape: BaseGeometry) -> Fault | None:
    if shape.geom_type not in POINTS:
        message = said("is a {kind}, not a point", kind=shape.geom_type)
        remedy = said("draw a point where the village is, or delete the feature")
        return Fault(severity=Severity.ERROR, code="not_a_point", field="lon", message=message, remedy=remedy)
    points = shapely.get_coordinates(shape)
    narrow = float(np.cos(np.radians(np.median(points[:, 1]))))
    apart = float(np.hypot(*(np.ptp(points, axis=0) * METRES_PER_DEGREE * [narrow, 1.0])))
    if apart <= ONE_PLACE_M:
        return None
    message = said("has {count} points, {km} km apart", count=len(points), km=f"{apart / 1000:.1f}")
    remedy = said("keep the one where the village is")
    return Fault(severity=Severity.ERROR, code="several_points", field="lon", message=message, remedy=remedy)


def _feature_cell(value: object) -> str:
    missing = value is pd.NA or value is pd.NaT or (isinstance(value, float) and value != value)
    return "" if missing else cell_text(value)
