"""Rasters of people (WorldPop, GHS-POP) → the cells of an area in which somebody lives."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import shapely

from planner.errors import BadDataError, Message, of_file
from planner.sandbox import run_apart
from planner.units import FloatArray

_READER = "planner.geodata.readers.raster_child:read_cells"


@dataclass(frozen=True, kw_only=True)
class PeopleCells:
    """Centres of cells in WGS 84 and how many people live in each; ``file`` is what they are from.

    ``ignored`` counts cells with a figure that is none: negative or infinite.
    """

    file: str
    lons: FloatArray
    lats: FloatArray
    people: FloatArray
    ignored: int

    @property
    def total(self) -> float:
        """All people of the area's cells."""
        return float(self.people.sum())


def read_people(path: Path, boundary: shapely.Geometry) -> PeopleCells:
    """Return the cells of a GeoTIFF whose centres lie within a boundary in lon/lat and in which somebody lives.

    Its first band is read, whatever its projection, byte order and tiling, no more of it than the boundary needs.

    Raises
    ------
    BadDataError
        If rasterio is not installed, or the file is missing, no GeoTIFF, damaged, says no projection, does not lie where the
        boundary is, or declares more than can be read.
    """
    if not path.is_file():
        raise BadDataError(of_file(path.name, Message("no such file")), [Message("looked for {path}", path=path)])
    found = run_apart(_READER, path, path.name, shapely.to_wkb(boundary))
    return PeopleCells(file=path.name, **found)
