"""What is known of an area that is to be started: a county of the register, or a boundary or road file of one's own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import shapely

from planner.config import Datum
from planner.errors import BadDataError, Message, UnknownAreaError, of_file
from planner.geodata.geofiles import NO_POLYGON, polygons_of
from planner.geodata.osm_places import OsmPlace, settlement_tables
from planner.geodata.readers.osm_settlements import declared_box, municipalities, read_places
from planner.geodata.register import (
    county_boundary,
    county_of,
    planned_villages,
    seats_of,
    townships_of,
)

_AROUND_DEGREES = 0.05  # about five kilometres around settlements, where the file does not say its extent
_COLUMNS_TO_FILL = 8  # those of a table of villages after code, name and township


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """An area before it has a configuration.

    ``boundary`` is an own polygon in lon/lat, None for the register's. ``villages`` and ``townships`` are rows of tables,
    ``sources`` are kinds of sources, each with the file that it names. ``places`` counts the townships that have a
    position or a village.
    """

    name: str
    division: str = ""
    boundary: shapely.Geometry | None = None
    villages: tuple[tuple[str, ...], ...] = ()
    townships: tuple[tuple[str, ...], ...] = ()
    sources: tuple[tuple[str, str], ...] = ()
    places: int = 0

    @property
    def outline(self) -> shapely.Geometry:
        """The boundary, whoever's it is."""
        return self.boundary if self.boundary is not None else county_boundary(self.division)


def county_ground(division: str, boundary: Path | None, datum: Datum) -> Ground:
    """Return a county of the register with its villages; the boundary is the register's if no file is given.

    Raises
    ------
    UnknownAreaError
        If the register does not have the county, or only its boundary, or no boundary and none is given.
    BadDataError
        If the file holds no boundary.
    """
    county = county_of(division)
    townships = townships_of(division)
    if not townships:
        raise UnknownAreaError(
            Message(
                "{county}: the register has no townships and villages of it (the statistical division codes leave out Hong "
                "Kong, Macao and Taiwan): leave --division out, and start from a file with --boundary or --pbf",
                county=county.label,
            )
        )
    villages = planned_villages(division)
    name = {township.code: township.name for township in townships}
    seats = {seat.code for seat in seats_of(division)}
    ground = Ground(
        name=county.name,
        division=division,
        villages=tuple((v.code, v.name, name[v.code[:9]], *[""] * _COLUMNS_TO_FILL) for v in villages),
        sources=(("embedded", ""), ("seats", "")),
        places=len(seats | {village.code[:9] for village in villages}),  # the others are farms for the most part
    )
    if boundary is not None:
        own = (("own", boundary.name), ("seats", ""))
        return replace(ground, boundary=_polygons(boundary, datum), sources=own)
    county_boundary(division)
    return ground


def own_ground(name: str, boundary: Path | None, datum: Datum, roads: Path | None) -> Ground:
    """Return an area that is no county: within a boundary, or as far as a road file reaches, with that file's settlements.

    Raises
    ------
    BadDataError
        If a file cannot be read, or holds neither an extent nor a settlement to be bounded by.
    """
    places: list[OsmPlace] = [] if roads is None else read_places(roads)[0]
    if boundary is not None:
        outline, sources = _polygons(boundary, datum), [("own", boundary.name)]
    else:
        assert roads is not None
        outline, sources = _extent(roads, places), [("box", roads.name)]
    if roads is None:
        return Ground(name=name, boundary=outline, sources=tuple(sources))
    shapely.prepare(outline)
    tables = settlement_tables(_within(places, outline), municipalities(roads))
    if tables.villages:
        sources.append(("settlements", ""))
    return Ground(
        name=name,
        boundary=outline,
        villages=tables.villages,
        townships=tables.townships,
        sources=tuple(sources),
        places=len(tables.townships),
    )


def _polygons(path: Path, datum: Datum) -> shapely.Geometry:
    if not path.is_file():
        raise BadDataError(of_file(path, Message("no such file: give a file of polygons as the boundary")))
    polygons = polygons_of(path, datum)
    if polygons is None:
        raise BadDataError(of_file(path.name, NO_POLYGON))
    return polygons


def _extent(roads: Path, places: Sequence[OsmPlace]) -> shapely.Geometry:
    """Return the box that a road file says it covers, else the one around its settlements."""
    box = declared_box(roads)
    if box is not None:
        return shapely.box(*box)
    if not places:
        what = Message("neither says how far it reaches nor has a settlement: give the boundary too, with --boundary")
        raise BadDataError(of_file(roads.name, what))
    positions = np.array([(place.lon, place.lat) for place in places])
    west, south = positions.min(axis=0) - _AROUND_DEGREES
    east, north = positions.max(axis=0) + _AROUND_DEGREES
    box_around: shapely.Geometry = shapely.box(west, south, east, north)
    return box_around


def _within(places: Sequence[OsmPlace], outline: shapely.Geometry) -> list[OsmPlace]:
    return [place for place in places if shapely.intersects_xy(outline, place.lon, place.lat)]
