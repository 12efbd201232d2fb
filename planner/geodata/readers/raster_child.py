"""What the child runs on rasters: GDAL's GeoTIFF driver alone, and of the file only the window that is needed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import shapely

from planner.errors import BadDataError, Message, of_file
from planner.sandbox import cap, variable

_TIFF = (b"II*\x00", b"MM\x00*", b"II+\x00", b"MM\x00+")
_DENSIFIED = 21  # points along each side of a window that another projection bends


def read_cells(copy: str, name: str, boundary_wkb: bytes) -> dict[str, Any]:
    """Return lons, lats and people of a GeoTIFF's cells within a boundary, and how many figures were none.

    Raises
    ------
    BadDataError
        As `planner.geodata.people_raster.read_people`.
    """
    path, boundary = Path(copy), shapely.from_wkb(boundary_wkb)
    with path.open("rb") as file:
        if file.read(4) not in _TIFF:
            raise BadDataError(of_file(name, Message("is no GeoTIFF: people are read from .tif as WorldPop has it")))
    try:
        import rasterio
    except ImportError as error:
        what = Message("needs rasterio: install the planner with its extra raster")
        raise BadDataError(of_file(name, what)) from error
    settings = {"GDAL_DISABLE_READDIR_ON_OPEN": "EMPTY_DIR", "GDAL_PAM_ENABLED": "NO"}
    try:
        with rasterio.Env(**settings), rasterio.open(path, driver="GTiff") as raster:
            return _cells(raster, name, boundary)
    except BadDataError:
        raise
    except Exception as error:  # GDAL's, PROJ's and rasterio's own
        raise BadDataError(of_file(name, Message("cannot be read as a GeoTIFF: {why}", why=error))) from error


def _cells(raster: Any, name: str, boundary: shapely.Geometry) -> dict[str, Any]:
    from rasterio.warp import transform, transform_bounds
    from rasterio.windows import Window, from_bounds

    if raster.crs is None:
        raise BadDataError(of_file(name, Message("says no projection: save it with one, EPSG:4326 for lon/lat")))
    height, width = raster.block_shapes[0]
    if height * width * np.dtype(raster.dtypes[0]).itemsize > cap("block_mb") * 2**20:
        what = Message(
            "is in pieces of {height} × {width} cells: save it tiled, 512 × 512, or set {variable} higher",
            height=height,
            width=width,
            variable=variable("block_mb"),
        )
        raise BadDataError(of_file(name, what))
    sides = transform_bounds("EPSG:4326", raster.crs, *shapely.bounds(boundary), densify_pts=_DENSIFIED)
    wanted = from_bounds(*sides, transform=raster.transform)
    rows, columns = wanted.toslices()
    top, left = max(rows.start - 1, 0), max(columns.start - 1, 0)
    bottom, right = min(rows.stop + 1, raster.height), min(columns.stop + 1, raster.width)
    if top >= bottom or left >= right:
        raise BadDataError(of_file(name, Message("does not lie where the area is")))
    count = (bottom - top) * (right - left)
    if count > cap("raster_cells"):
        what = Message(
            "has {count} cells in the area, more than {most}: give one of 100 m, or set {variable} higher",
            count=count,
            most=cap("raster_cells"),
            variable=variable("raster_cells"),
        )
        raise BadDataError(of_file(name, what))
    window = Window(left, top, right - left, bottom - top)
    read = raster.read(1, window=window, masked=True)
    band = np.ma.filled(read.astype(np.float64), 0.0) * raster.scales[0] + raster.offsets[0] * ~np.ma.getmaskarray(read)
    good = np.isfinite(band) & (band >= 0)
    row, column = np.nonzero(good & (band > 0))
    grid = raster.window_transform(window)
    xs = grid.a * (column + 0.5) + grid.b * (row + 0.5) + grid.c
    ys = grid.d * (column + 0.5) + grid.e * (row + 0.5) + grid.f
    lons, lats = (np.array(one, dtype=np.float64) for one in transform(raster.crs, "EPSG:4326", xs, ys))
    shapely.prepare(boundary)
    inside = np.asarray(shapely.contains_xy(boundary, lons, lats), dtype=bool)
    return {
        "lons": lons[inside],
        "lats": lats[inside],
        "people": band[row, column][inside],
        "ignored": int(np.count_nonzero(~good)),
        "across": _across(raster.crs, grid, (right - left) / 2, (bottom - top) / 2),
    }


def _across(crs: Any, grid: Any, column: float, row: float) -> tuple[tuple[float, float], tuple[float, float]]:
    """Return the degrees of lon and lat from one column to the next, and from one row to the next, in a window's middle."""
    from rasterio.warp import transform

    x, y = grid.a * column + grid.b * row + grid.c, grid.d * column + grid.e * row + grid.f
    lons, lats = transform(crs, "EPSG:4326", [x, x + grid.a, x + grid.b], [y, y + grid.d, y + grid.e])
    return (lons[1] - lons[0], lats[1] - lats[0]), (lons[2] - lons[0], lats[2] - lats[0])
