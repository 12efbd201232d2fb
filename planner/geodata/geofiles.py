"""GeoJSON, GeoPackage and shapefiles → features in lon/lat, and the polygons of a boundary."""

from __future__ import annotations

from pathlib import Path

import geopandas
import numpy as np
import shapely

from planner.config import Datum
from planner.errors import BadDataError, Message, of_file
from planner.geodata.columns import field_of
from planner.geodata.datum import to_wgs84
from planner.geodata.readers.vector import vector_layers
from planner.units import FloatArray

_HEADINGS_OF_A_TABLE = 2
_POINTS = frozenset({"Point", "MultiPoint"})
BOUNDARY = Message("the boundary")
NO_POLYGON = Message("contains no polygon: the boundary must be one or more polygons")


def places_layer(path: Path) -> tuple[geopandas.GeoDataFrame, tuple[str, ...]]:
    """Return the first layer of points with headings known here (or the first of all), and the layers not read.

    Raises
    ------
    BadDataError
        If the file cannot be read.
    """
    layers = vector_layers(path)
    frames = {name: frame for name, frame in layers.items() if frame is not None}
    if not frames:
        raise BadDataError(of_file(path.name, Message("contains no geometry")))

    def known(frame: geopandas.GeoDataFrame) -> int:
        fields = {field for column in frame.columns if (field := field_of(str(column)))}
        return min(len(fields), _HEADINGS_OF_A_TABLE) if _kinds(frame) <= _POINTS else -1

    chosen = max(frames, key=lambda name: known(frames[name]))  # of equals the first
    return frames[chosen], tuple(name for name in layers if name != chosen)


def holds_places(path: Path) -> bool:
    """Return whether a vector file has a layer of points with a heading known here, whatever else it has.

    Raises
    ------
    BadDataError
        If the file cannot be read.
    """
    frame, _ = places_layer(path)
    kinds = _kinds(frame)
    return bool(kinds) and kinds <= _POINTS and any(field_of(str(column)) for column in frame.columns)


def polygons_of(path: Path, datum: Datum, *, what: Message = BOUNDARY) -> shapely.Geometry | None:
    """Return all polygons of a vector file together in WGS 84 lon/lat, None if it holds none.

    ``what`` is what errors call them.

    Raises
    ------
    BadDataError
        If the file cannot be read, a polygon crosses itself, or its coordinates are not degrees.
    """
    frames = [frame for frame in vector_layers(path).values() if frame is not None]
    if not frames:
        raise BadDataError(of_file(path.name, Message("contains no geometry")))
    shapes = [shape for frame in frames for shape in frame.geometry if shape is not None and not shape.is_empty]
    polygons = [shapely.force_2d(shape) for shape in shapes if shape.geom_type in ("Polygon", "MultiPolygon")]
    if not polygons:
        return None
    reasons = [shapely.is_valid_reason(shape) for shape in polygons if not shapely.is_valid(shape)]
    if reasons:  # before they are put together: GEOS does not unite what crosses itself
        said = Message("{shape} crosses itself: correct it (in QGIS: Fix geometries)", shape=what)
        raise BadDataError(of_file(path.name, said), reasons)
    west, south, east, north = shapely.total_bounds(polygons)
    if west < -180 or east > 180 or south < -90 or north > 90:
        said = Message("{shape}'s coordinates are not degrees: save it in EPSG:4326", shape=what)
        raise BadDataError(of_file(path.name, said))

    def at_the_door(positions: FloatArray) -> FloatArray:
        return np.column_stack(to_wgs84(positions[:, 0], positions[:, 1], datum))

    whole: shapely.Geometry = shapely.transform(shapely.union_all(polygons), at_the_door)
    return whole


def _kinds(frame: geopandas.GeoDataFrame) -> set[str]:
    return {str(shape.geom_type) for shape in frame.geometry if shape is not None}
