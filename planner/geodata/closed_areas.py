"""Areas that closures name → polygons in lon/lat."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import shapely

from planner.config import ClosureConfig, PlanConfig
from planner.errors import BadDataError, ConfigError, Message, of_file
from planner.geodata.datum import to_wgs84
from planner.geodata.geofiles import polygons_of


def closed_areas(config: PlanConfig) -> tuple[shapely.Geometry | None, ...]:
    """Return the area of each closure of the configuration in WGS 84 lon/lat, None for one that names ways only.

    Raises
    ------
    ConfigError
        If a file cannot be read or has no polygon, or a polygon crosses itself; all closures at fault are listed.
    """
    areas: list[shapely.Geometry | None] = []
    problems = []
    for number, closure in enumerate(config.travel.closures):
        try:
            areas.append(_area_of(config, closure))
        except BadDataError as error:
            said = error.summary
            for problem in error.problems:
                said = Message("{before}; {problem}", before=said, problem=problem)
            key = f"travel.closures.{number}.area"
            problems.append(Message("{key} ({reason}): {said}", key=key, reason=closure.reason, said=said))
    if problems:
        raise ConfigError(Message("closures whose area cannot be used"), problems)
    return tuple(areas)


def _area_of(config: PlanConfig, closure: ClosureConfig) -> shapely.Geometry | None:
    if closure.area is None:
        return None
    if isinstance(closure.area, Path):
        path = config.resolve(closure.area)
        if not path.is_file():
            what = Message("no such file: area is a file of polygons, or corners as [lon, lat]")
            raise BadDataError(of_file(path.name, what))
        polygons = polygons_of(path, closure.datum, what=Message("the closed area"))
        if polygons is None:
            what = Message("contains no polygon: a closed area must be one or more polygons")
            raise BadDataError(of_file(path.name, what))
        return polygons
    corners = np.array(closure.area, dtype=np.float64)
    lons, lats = to_wgs84(corners[:, 0], corners[:, 1], closure.datum)
    polygon = shapely.Polygon(np.column_stack([lons, lats]))
    if not polygon.is_valid:
        reason = shapely.is_valid_reason(polygon)
        raise BadDataError(Message("the corners make no polygon: {reason}: put them in order", reason=reason))
    return polygon
