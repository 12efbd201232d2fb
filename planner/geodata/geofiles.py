"""GeoJSON, GeoPackage and shapefiles → features in lon/lat, and the polygons of a boundary."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import geopandas
import numpy as np
import shapely

from planner.config import Datum
from planner.errors import BadDataError, Message, of_file
from planner.geodata.datum import to_wgs84
from planner.geodata.readers.vector import vector_layers
from planner.units import FloatArray

POLYGONS = frozenset({"Polygon", "MultiPolygon"})
BOUNDARY = Message("the boundary")
NO_POLYGON = Message("contains no polygon: the boundary must be one or more polygons")
_WIDEST_DEGREES = 90
"""All of China has 62: what is wider lies on both sides of the 180th meridian, or is the world."""


def layers_with_geometry(path: Path) -> dict[str, geopandas.GeoDataFrame]:
    """Return the layers of a vector file that have geometry, by name, in lon/lat.

    Raises
    ------
    BadDataError
        If the file cannot be read, or no layer has geometry.
    """
    frames = {name: frame for name, frame in vector_layers(path).items() if frame is not None}
    if not frames:
        raise BadDataError(of_file(path.name, Message("contains no geometry")))
    return frames


def polygons_of(path: Path, datum: Datum, *, what: Message = BOUNDARY) -> shapely.Geometry | None:
    """Return all polygons of a vector file together in WGS 84 lon/lat, None if it holds none.

    ``what`` is what errors call them.

    Raises
    ------
    BadDataError
        If the file cannot be read, a polygon crosses itself, or its coordinates are not degrees.
    """
    frames = layers_with_geometry(path).values()
    shapes = [shape for frame in frames for shape in frame.geometry if shape is not None and not shape.is_empty]
    polygons = [shape for shape in shapes if shape.geom_type in POLYGONS]
    return united(path, polygons, datum, what=what) if polygons else None


def united(
    path: Path, polygons: Sequence[shapely.Geometry], datum: Datum, *, what: Message = BOUNDARY
) -> shapely.Geometry:
    """Return polygons of a file together in WGS 84 lon/lat.

    Raises
    ------
    BadDataError
        If a polygon crosses itself, its coordinates are not degrees, or they go round the world.
    """
    polygons = [shapely.force_2d(shape) for shape in polygons]
    reasons = [shapely.is_valid_reason(shape) for shape in polygons if not shapely.is_valid(shape)]
    if reasons:  # before they are put together: GEOS does not unite what crosses itself
        said = Message("{shape} crosses itself: correct it (in QGIS: Fix geometries)", shape=what)
        raise BadDataError(of_file(path.name, said), reasons)
    west, south, east, north = shapely.total_bounds(polygons)
    if west < -180 or east > 180 or south < -90 or north > 90:
        said = Message("{shape}'s coordinates are not degrees: save it in EPSG:4326", shape=what)
        raise BadDataError(of_file(path.name, said))
    if east - west > _WIDEST_DEGREES:
        said = Message(
            "{shape} spans {degrees:g} degrees from west to east, which no area does: give the area's own, on one side of "
            "the 180th meridian",
            shape=what,
            degrees=round(east - west, 1),
        )
        raise BadDataError(of_file(path.name, said))

    def at_the_door(positions: FloatArray) -> FloatArray:
        return np.column_stack(to_wgs84(positions[:, 0], positions[:, 1], datum))

    whole: shapely.Geometry = shapely.transform(shapely.union_all(polygons), at_the_door)
    return whole
