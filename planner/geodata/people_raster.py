"""Rasters of people (WorldPop, GHS-POP) → the cells of an area in which somebody lives."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import shapely

from planner.errors import BadDataError, Message, of_file
from planner.sandbox import run_apart
from planner.units import METRES_PER_DEGREE, FloatArray

_PART_M = 250.0
_MOST_PARTS = 5  # a side: of a cell of a kilometre each part is two hundred metres wide
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
    across: tuple[tuple[float, float], tuple[float, float]] = ((0.0, 0.0), (0.0, 0.0))
    """Degrees of lon and lat from one column, and from one row, to the next."""

    @property
    def total(self) -> float:
        """All people of the area's cells."""
        return float(self.people.sum())

    def in_parts(self) -> PeopleCells:
        """Return the same people on a finer grid: two villages in one cell of a kilometre both get some."""
        narrow = np.array([np.cos(np.radians(np.median(self.lats))), 1.0]) if len(self.lats) else np.ones(2)
        steps = np.array(self.across)
        widest_m = float(np.hypot(*(steps * narrow).T).max()) * METRES_PER_DEGREE
        count = min(int(np.ceil(widest_m / _PART_M)), _MOST_PARTS)
        if count <= 1:
            return self
        middles = (np.arange(count) + 0.5) / count - 0.5
        columns, rows = (one.ravel() for one in np.meshgrid(middles, middles))
        moved = columns[:, None] * steps[0] + rows[:, None] * steps[1]
        return replace(
            self,
            lons=(self.lons[:, None] + moved[:, 0]).ravel(),
            lats=(self.lats[:, None] + moved[:, 1]).ravel(),
            people=np.repeat(self.people / count**2, count**2),
            across=((0.0, 0.0), (0.0, 0.0)),
        )


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
        raise BadDataError(
            of_file(path.name, Message("no such file")), [Message("looked for {path}", path=path.resolve())]
        )
    found = run_apart(_READER, path, path.name, shapely.to_wkb(boundary))
    return PeopleCells(file=path.name, **found)
