"""GeoJSON, GeoPackage, shapefiles and zipped ones → frames in lon/lat, read in the child."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import geopandas
import pandas as pd
import shapely

from planner.errors import BadDataError, Message, of_file
from planner.sandbox import run_apart

_BESIDE_SHAPEFILES = (".shx", ".dbf", ".prj", ".cpg")


def vector_layers(path: Path) -> dict[str, geopandas.GeoDataFrame | None]:
    """Return the layers of a vector file by name, in its order; in lon/lat, None for one without geometry.

    A layer that declares no system is taken as lon/lat; ``attrs["crs"]`` of each is the system it declared, or None, and
    ``attrs["doubt"]`` what is doubtful in the encoding of its texts (`planner.geodata.readers.attribute_text`), or empty.

    Raises
    ------
    BadDataError
        If the file is not what its extension says, is damaged or goes beyond a cap, or has no layer.
    """
    beside = _BESIDE_SHAPEFILES if path.suffix.lower() == ".shp" else ()
    found = run_apart("planner.geodata.readers.ogr_child:read_layers", path, path.name, neighbours=beside)
    if not found:
        raise BadDataError(of_file(path.name, Message("cannot be read as a vector file: it has no layer")))
    return {path.stem if name == "input" else name: _frame(layer) for name, layer in found.items()}


def _frame(layer: dict[str, Any]) -> geopandas.GeoDataFrame | None:
    if layer["geometry"] is None:
        return None
    geometry = shapely.from_wkb(layer["geometry"])
    frame = geopandas.GeoDataFrame(pd.DataFrame(layer["columns"]), geometry=list(geometry), crs="EPSG:4326")
    frame.attrs["crs"], frame.attrs["doubt"] = layer["crs"], layer["doubt"]
    return frame
