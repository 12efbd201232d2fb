"""Metres of a projection → the projection that puts them where the area is, and degrees."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pyproj
import shapely

from planner.model import Fact, said
from planner.units import METRES_PER_DEGREE, FloatArray

METRES_FROM = 1000.0
"""No degrees are larger: what is, is metres."""
_INSIDE_SHARE = 0.9
_NEAR_DEGREES = 0.02  # boundaries are generalised, and a village at the edge is still the county's
_SAME_M = 50.0
_FALSE_EASTING_M = 500_000.0
_EASTINGS_M = (100_000.0, 900_000.0)  # of one zone, false easting included
_ZONE_M = 1_000_000.0
_THREE_DEGREES, _SIX_DEGREES = range(25, 46), range(13, 24)  # numbers of the zones of China
_CHINA = shapely.box(73.0, 17.0, 136.0, 54.5)
_CHINA_BELTS = range(75, 136, 3)


@dataclass(frozen=True, slots=True, kw_only=True)
class Projection:
    """A projection by the name that surveyors give it, and how to get degrees from its metres."""

    name: Fact
    definition: str
    zone: int = 0

    def degrees(self, east: FloatArray, north: FloatArray) -> FloatArray:
        """Return (n, 2) longitudes and latitudes; a zone's number before the easting is taken off."""
        to_degrees = pyproj.Transformer.from_crs(self.definition, "EPSG:4326", always_xy=True)
        lon, lat = to_degrees.transform(east - self.zone * _ZONE_M, north)
        return np.column_stack([lon, lat])


@dataclass(frozen=True, slots=True, kw_only=True)
class Fit:
    """A projection that puts positions into the area: their degrees, and whether the first column is the northing."""

    projection: Projection
    degrees: FloatArray
    north_first: bool


def fits(first: FloatArray, second: FloatArray, ground: shapely.Geometry | None) -> list[Fit]:
    """Return the projections under which nearly all positions lie in the area, each only once; the best first.

    ``first`` and ``second`` are the two columns, in whichever order; without ``ground`` all of China is the area.
    """
    area = _CHINA if ground is None else ground
    middle = shapely.centroid(area)
    near = shapely.buffer(shapely.simplify(area, _NEAR_DEGREES / 4), _NEAR_DEGREES)
    shapely.prepare(near)
    found: list[tuple[float, Fit]] = []
    for north_first, (east, north) in ((False, (first, second)), (True, (second, first))):
        for projection in _possible(
            float(np.median(east)), float(np.median(north)), middle.x, known=ground is not None
        ):
            degrees = projection.degrees(east, north)
            inside = shapely.contains_xy(near, degrees[:, 0], degrees[:, 1]) & np.isfinite(degrees).all(axis=1)
            if inside.mean() < _INSIDE_SHARE or any(_same(degrees, fit.degrees) for _, fit in found):
                continue
            exact = float(shapely.contains_xy(area, degrees[:, 0], degrees[:, 1]).mean())
            found.append((-exact, Fit(projection=projection, degrees=degrees, north_first=north_first)))
    return [fit for _, fit in sorted(found, key=lambda pair: pair[0])]


def _same(one: FloatArray, other: FloatArray) -> bool:
    return bool(np.nanmax(np.abs(one - other)) * METRES_PER_DEGREE < _SAME_M)


def _possible(east: float, north: float, lon: float, *, known: bool) -> Iterator[Projection]:
    """Yield the projections whose metres look like these; ``lon`` is where the area lies, if that is ``known``."""
    zone, rest = divmod(east, _ZONE_M)
    low, high = _EASTINGS_M
    if zone >= 1 and low <= rest <= high:
        yield from _numbered(int(zone))
    if low <= east <= high and known:
        yield from _unnumbered(lon)
    if max(abs(east), abs(north)) > METRES_FROM:
        yield Projection(name=said("Web Mercator (EPSG:3857)"), definition="EPSG:3857")


def _numbered(zone: int) -> Iterator[Projection]:
    if zone in _THREE_DEGREES:
        name = said("CGCS2000 3-degree Gauss-Kruger zone {zone} (EPSG:{code})", zone=zone, code=str(4513 + zone - 25))
        yield Projection(name=name, definition=_transverse(3 * zone), zone=zone)
    if zone in _SIX_DEGREES:
        name = said("CGCS2000 6-degree Gauss-Kruger zone {zone} (EPSG:{code})", zone=zone, code=str(4491 + zone - 13))
        yield Projection(name=name, definition=_transverse(6 * zone - 3), zone=zone)
    if 1 <= zone <= 60:
        name = said("UTM zone {zone} with the number before the easting", zone=zone)
        yield Projection(name=name, definition=f"EPSG:{32600 + zone}", zone=zone)


def _unnumbered(lon: float) -> Iterator[Projection]:
    for middle in _CHINA_BELTS:
        if abs(middle - lon) < 5:
            code = str(4534 + middle // 3 - 25)
            name = said("CGCS2000 Gauss-Kruger, central meridian {middle}E (EPSG:{code})", middle=middle, code=code)
            yield Projection(name=name, definition=_transverse(middle))
    own = int((lon + 180) // 6) + 1
    for zone in (own - 1, own, own + 1):
        if 1 <= zone <= 60:
            name = said("UTM zone {zone} (EPSG:{code})", zone=zone, code=str(32600 + zone))
            yield Projection(name=name, definition=f"EPSG:{32600 + zone}")


def _transverse(middle: int) -> str:
    return (
        f"+proj=tmerc +lat_0=0 +lon_0={middle} +k=1 +x_0={_FALSE_EASTING_M:.0f} +y_0=0 +ellps=GRS80 +units=m +no_defs"
    )
