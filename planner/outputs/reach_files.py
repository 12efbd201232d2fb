"""A study of reach, written as GeoJSON, GeoPackage or a page."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pandas
import pyogrio

from planner.errors import Message, UsageError
from planner.outputs.about import study_rows
from planner.outputs.geopackage import geopackage
from planner.outputs.maps import reach_map
from planner.outputs.reach import reach_frame, reach_geojson
from planner.plans import ReachStudy
from planner.writing import write_file


def write_reach(study: ReachStudy, path: Path) -> None:
    """Write the study in the format of the path's ending: ``.geojson``, ``.gpkg`` or ``.html``; a file there is replaced.

    Raises
    ------
    UsageError
        If it is another ending.
    """
    writer_of(path)(study, path)


def writer_of(path: Path) -> Callable[[ReachStudy, Path], None]:
    """Return what writes a study to a path of this ending.

    Raises
    ------
    UsageError
        If nothing does.
    """
    found = _WRITERS.get(path.suffix.lower())
    if found is None:
        raise UsageError(Message("{path}: write to a name that ends with {endings}", path=path, endings=list(_WRITERS)))
    return found


def _write_geojson(study: ReachStudy, path: Path) -> None:
    text = json.dumps(reach_geojson(study), ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    write_file(path, text + "\n")


def _write_page(study: ReachStudy, path: Path) -> None:
    write_file(path, reach_map(study))


def _write_geopackage(study: ReachStudy, path: Path) -> None:
    about = pandas.DataFrame(study_rows(study), columns=["key", "value"])
    with geopackage(path, study.date) as beside:
        reach_frame(study.area, study.rings).to_file(beside, layer="reach", driver="GPKG")
        pyogrio.write_dataframe(about, beside, layer="about", driver="GPKG")


_WRITERS: dict[str, Callable[[ReachStudy, Path], None]] = {
    ".geojson": _write_geojson,
    ".gpkg": _write_geopackage,
    ".html": _write_page,
}
