"""Lists of named points → points in WGS 84: settlements of OpenStreetMap, GeoNames' files, tables of a bureau."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import shapely

from planner.config import Datum
from planner.errors import BadDataError, Message, list_offenders, of_file
from planner.geodata.columns import NAMES, PATTERNS
from planner.geodata.datum import to_wgs84
from planner.geodata.decimal_degrees import in_degrees
from planner.geodata.findings import Finding, Severity, about_file
from planner.geodata.gazetteer.spellings import is_chinese, written_name
from planner.geodata.lookups import divisions_called
from planner.geodata.osm_places import OsmPlace
from planner.geodata.readers.osm_settlements import read_places
from planner.geodata.reading import Reading
from planner.geodata.register import Division, plain_township
from planner.geodata.row_figures import coordinates
from planner.geodata.tables import ROADS, read_table
from planner.model import CoordinateSource, said
from planner.sandbox import run_apart

MARGIN_DEGREES = 0.01  # embedded boundaries are generalised by some hundred metres
_GEONAMES = frozenset({".txt", ".zip"})
_TOWNSHIP_DIGITS, _VILLAGE_DIGITS = 9, 12


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedPoint:
    """A point of a list: all its names, the best first, and where it is, in WGS 84.

    ``code`` is a village's 12 digits where the list gives them, ``townships`` are the ids of those that it names (several
    where names are alike, none where it names none), ``origin`` is the file's name, empty for OpenStreetMap and GeoNames.
    """

    id: str
    names: tuple[str, ...]
    lon: float
    lat: float
    source: CoordinateSource
    origin: str = ""
    code: str = ""
    townships: frozenset[str] = frozenset()
    is_seat: bool = False

    @property
    def position(self) -> tuple[float, float]:
        """Lon and lat."""
        return self.lon, self.lat


@dataclass(frozen=True, kw_only=True)
class PointList:
    """The points of one list within an area, and what was found while it was read; ``elsewhere`` counts the others.

    ``other_townships`` counts points inside that name a township which is none of the county's.
    """

    file: str
    points: tuple[NamedPoint, ...]
    elsewhere: int = 0
    other_townships: int = 0
    findings: tuple[Finding, ...] = ()


def read_points(path: Path, *, datum: Datum, boundary: shapely.Geometry, townships: Sequence[Division]) -> PointList:
    """Return the named points of a file within a boundary: OpenStreetMap, GeoNames (.txt, .zip), or a table of places.

    ``datum`` is a table's; the others are in WGS 84. ``townships`` are the county's.

    Raises
    ------
    BadDataError
        If the file cannot be read, or a table has no columns of names and positions.
    """
    if not path.is_file():
        raise BadDataError(
            of_file(path.name, Message("no such file")), [Message("looked for {path}", path=path.resolve())]
        )
    around = shapely.buffer(boundary, MARGIN_DEGREES)
    shapely.prepare(around)
    findings: tuple[Finding, ...] = ()
    if path.suffix.lower() in ROADS:
        found = [_of_osm(place) for place in read_places(path)[0]]
    elif (listed := _geonames_points(path, shapely.bounds(around).tolist())) is not None:
        found = listed
    else:
        found, findings = _table_points(path, datum, around)
    inside = [point for point in found if shapely.contains_xy(around, point.lon, point.lat)]
    named = [_with_township(point, townships) for point in inside]
    kept = tuple(point for point in named if point is not None)
    foreign = [point for point, one in zip(inside, named, strict=True) if one is None]
    if foreign:
        findings = (*findings, _of_other_townships(path.name, foreign))
    return PointList(
        file=path.name,
        points=kept,
        elsewhere=len(found) - len(inside),
        other_townships=len(foreign),
        findings=findings,
    )


def _of_other_townships(file: str, points: Sequence[NamedPoint]) -> Finding:
    names = sorted({said_name for point in points for said_name in point.townships})
    message = said(
        "{count} points in the area name a township that is none of the county's and are not used: {names}",
        count=len(points),
        names=list_offenders(names),
    )
    remedy = said("write the county's own names or codes in the column of townships, or empty it")
    return about_file(Severity.WARNING, "other_townships", file, message, remedy)


def _of_osm(place: OsmPlace) -> NamedPoint:
    return NamedPoint(
        id=place.id,
        names=(place.name, *place.other_names),
        lon=place.lon,
        lat=place.lat,
        source=CoordinateSource.OSM,
        is_seat=place.kind == "town",
    )


def _geonames_points(path: Path, bounds: Sequence[float]) -> list[NamedPoint] | None:
    """Return the settlements and townships of GeoNames within bounds, None if the file is none of its lists."""
    if path.suffix.lower() not in _GEONAMES:
        return None
    places = run_apart("planner.geodata.readers.geonames_child:read_places", path, path.name, list(bounds))
    if places is None:
        return None
    return [
        NamedPoint(
            id=place["id"],
            names=_distinct(sorted(place["names"], key=lambda name: not is_chinese(name))),
            lon=place["lon"],
            lat=place["lat"],
            source=CoordinateSource.GEONAMES,
            is_seat=place["code"] == "ADM4",
        )
        for place in places
    ]


def _table_points(path: Path, datum: Datum, ground: shapely.Geometry) -> tuple[list[NamedPoint], tuple[Finding, ...]]:
    """Return the points of a table whose rows have a name and a position, and the faults of the others.

    Raises
    ------
    BadDataError
        If it has no columns of names and positions.
    """
    table, reading = in_degrees(read_table(path), datum, ground), Reading()
    missing = [field for field in ("name", "lon", "lat") if field not in table.headings]
    if missing:
        what = Message("a list of places needs columns of names and positions: there is no {missing}", missing=missing)
        raise BadDataError(of_file(path.name, what))
    points = []
    for reader in reading.readers(table, ["name", "lon", "lat"]):
        name = reader.text("name", required=True)
        lon, lat = coordinates(reader)
        code, township = reader.code("id"), reader.code("township")
        if reader.bad:
            continue
        points.append(
            NamedPoint(
                id=str(reader.row.number),
                names=(name,),
                lon=lon,
                lat=lat,
                source=CoordinateSource.POINTS_FILE,
                origin=path.name.lstrip("=+-@ \t"),  # it goes into a cell
                code=code,
                townships=frozenset({township} if township else ()),
            )
        )
    lons, lats = to_wgs84(np.array([p.lon for p in points]), np.array([p.lat for p in points]), datum)
    moved = [replace(point, lon=float(lon), lat=float(lat)) for point, lon, lat in zip(points, lons, lats, strict=True)]
    return moved, tuple(reading.findings)


def _with_township(point: NamedPoint, townships: Sequence[Division]) -> NamedPoint | None:
    """Return the point with the ids of the townships that it names, in its column or before its name.

    None if it names one of another county. Numbers of another system, as OpenStreetMap's, name none.
    """
    if point.townships and not any(map(_names_a_township, point.townships)):
        point = replace(point, townships=frozenset())
    if point.townships:
        (said,) = point.townships
        known = [one for one in townships if one.code == said[:_TOWNSHIP_DIGITS]]
        known = known or divisions_called(written_name(said), townships, plain_township)
        known = known or [one for one in townships if written_name(said).endswith(one.name)]
        return replace(point, townships=frozenset(one.code for one in known)) if known else None
    if len(point.code) == _VILLAGE_DIGITS and any(one.code == point.code[:_TOWNSHIP_DIGITS] for one in townships):
        return replace(point, townships=frozenset({point.code[:_TOWNSHIP_DIGITS]}))
    for one in townships:
        name = written_name(point.names[0])
        before, found, after = name.partition(one.name)
        if found and after and PATTERNS["village_tail"].search(after) and _is_address(before):
            return replace(point, names=(after, *point.names[1:]), townships=frozenset({one.code}))
    return point


def _names_a_township(text: str) -> bool:
    return is_chinese(text) or (len(text) >= _TOWNSHIP_DIGITS and text.isdecimal())


def _is_address(text: str) -> bool:
    """Return whether a text is empty or made of a province, a city and a county."""
    return not text or text[-1] in NAMES["divisions"]


def _distinct(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name.strip() for name in names if name.strip()))
