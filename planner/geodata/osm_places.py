"""Settlements of an OpenStreetMap file → tables of villages and townships to start a study area from.

``python -m planner.geodata.osm_places ROADS.osm.pbf FOLDER`` writes ``villages.csv`` and ``townships.csv``.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import osmium

from planner.errors import BadDataError, Message, of_file
from planner.model.osm_file import osm_content

VILLAGE_KINDS = ("village", "hamlet")
TOWN_KINDS = ("town",)
OTHER_NAMES = ("name:zh", "name:zh-Hans", "official_name", "alt_name", "short_name")
ESTIMATE = {"village": 200, "hamlet": 50}
"""Assumed inhabitants where the tag is missing; the tagged figures are of municipalities, so no average of them fits."""
PERSONS_PER_HOUSEHOLD = 2.0
"""Assumed: no tag tells households."""
SAME_PLACE_DEGREES = 0.02  # a point and an outline of one name this near are one settlement


@dataclass(frozen=True, slots=True, kw_only=True)
class OsmPlace:
    """One settlement; ``id`` is n, w or r and the OSM number, ``population`` None where it is not tagged."""

    id: str
    name: str
    kind: str
    lon: float
    lat: float
    population: int | None
    other_names: tuple[str, ...] = ()


def read_places(path: Path) -> tuple[list[OsmPlace], list[str]]:
    """Return the named towns, villages and hamlets by id, and the ids of those without a name.

    An outline stands where the mean of its nodes is; one with a point of the same name beside it is that point.

    Raises
    ------
    BadDataError
        If the file cannot be read as OpenStreetMap data.
    """
    points, outlines, unnamed = [], [], []
    content = osm_content(path)
    try:
        reader = osmium.FileProcessor(content).with_locations().with_filter(osmium.filter.KeyFilter("place"))
        for thing in reader:
            if not isinstance(thing, osmium.osm.Node | osmium.osm.Way):
                continue  # relations repeat a settlement that has its point
            if thing.tags.get("place") not in (*VILLAGE_KINDS, *TOWN_KINDS):
                continue
            id_ = f"{thing.type_str()}{thing.id}"
            if "name" not in thing.tags:
                unnamed.append(id_)
                continue
            if isinstance(thing, osmium.osm.Node):
                points.append(_place(id_, thing.tags, thing.location.lon, thing.location.lat))
            else:
                ring = np.array([(n.location.lon, n.location.lat) for n in thing.nodes if n.location.valid()])
                if len(ring):
                    outlines.append(_place(id_, thing.tags, *(float(x) for x in ring.mean(axis=0))))
    except (RuntimeError, ValueError, osmium.InvalidLocationError) as error:  # a text that is not UTF-8 is a ValueError
        what = Message("cannot be read as OpenStreetMap data: {why}", why=error)
        raise BadDataError(of_file(path.name, what)) from error
    alone = [o for o in outlines if not any(p.name == o.name and _near(p, o) for p in points)]
    return sorted([*points, *alone], key=lambda place: place.id), unnamed


def count_ways(path: Path) -> int:
    """Return how many ways of an OpenStreetMap file are roads or ferries.

    Raises
    ------
    BadDataError
        If the file cannot be read as OpenStreetMap data.
    """
    content = osm_content(path)
    try:
        # all of the file is parsed, so that damage among the nodes shows here and not where they are needed
        things = osmium.FileProcessor(content).with_filter(osmium.filter.KeyFilter("highway", "route"))
        ways = (thing for thing in things if isinstance(thing, osmium.osm.Way))
        return sum("highway" in way.tags or way.tags.get("route") == "ferry" for way in ways)
    except (RuntimeError, ValueError, osmium.InvalidLocationError) as error:
        what = Message("cannot be read as OpenStreetMap data: {why}", why=error)
        raise BadDataError(of_file(path.name, what)) from error


def municipalities(path: Path) -> frozenset[str]:
    """Return the names of the municipalities (boundary relations of level 8) that the file mentions."""
    reader = osmium.FileProcessor(osm_content(path), osmium.osm.RELATION).with_filter(
        osmium.filter.KeyFilter("admin_level")
    )
    return frozenset(r.tags["name"] for r in reader if r.tags.get("admin_level") == "8" and "name" in r.tags)


def _place(id_: str, tags: osmium.osm.TagList, lon: float, lat: float) -> OsmPlace:
    population = tags.get("population") or ""
    return OsmPlace(
        id=id_,
        name=tags["name"],
        kind=tags["place"],
        lon=lon,
        lat=lat,
        population=int(population) if population.isdigit() else None,
        other_names=tuple(
            dict.fromkeys(tags[key] for key in OTHER_NAMES if tags.get(key, tags["name"]) != tags["name"])
        ),
    )


def _near(a: OsmPlace, b: OsmPlace) -> bool:
    return abs(a.lon - b.lon) < SAME_PLACE_DEGREES and abs(a.lat - b.lat) < SAME_PLACE_DEGREES


@dataclass(frozen=True, slots=True, kw_only=True)
class SettlementTables:
    """Rows of townships and villages, as text, under the headings that tables are read by."""

    townships: tuple[tuple[str, ...], ...]
    villages: tuple[tuple[str, ...], ...]


TOWNSHIP_HEADINGS = ("id", "name", "lon", "lat", "coordinate_source")
VILLAGE_HEADINGS = (
    *("id", "name", "township", "lon", "lat", "coordinate_source", "population", "population_source", "households"),
)


def settlement_tables(places: Sequence[OsmPlace], names: frozenset[str]) -> SettlementTables:
    """Return the tables of settlements; a township is a town or a place that gives a municipality its name.

    Villages go to the nearest township. Both tables are empty where there is no township or no village.
    """
    seats = [place for place in places if place.kind in TOWN_KINDS or place.name in names]
    villages = [place for place in places if place.kind in VILLAGE_KINDS]
    if not seats or not villages:
        return SettlementTables(townships=(), villages=())
    return SettlementTables(
        townships=tuple((seat.id, seat.name, f"{seat.lon:.7f}", f"{seat.lat:.7f}", "osm") for seat in seats),
        villages=tuple(
            (
                village.id,
                village.name,
                _nearest(seats, village).id,
                f"{village.lon:.7f}",
                f"{village.lat:.7f}",
                "osm",
                str(_inhabitants(village)),
                "estimate" if village.population is None else "osm_tag",
                str(round(_inhabitants(village) / PERSONS_PER_HOUSEHOLD)),
            )
            for village in villages
        ),
    )


def main(roads: Path, folder: Path) -> None:
    """Write the tables of a file's settlements."""
    from planner.geodata.readers import osm_settlements  # which reads apart by the functions above
    from planner.geodata.spreadsheets import write_csv  # which the child that reads places has no use for

    places, unnamed = osm_settlements.read_places(roads)
    tables = settlement_tables(places, osm_settlements.municipalities(roads))
    if not tables.villages:
        what = Message("has no town or no village: both are needed")
        raise BadDataError(of_file(roads.name, what))
    folder.mkdir(parents=True, exist_ok=True)
    write_csv(folder / "townships.csv", list(TOWNSHIP_HEADINGS), tables.townships)
    write_csv(folder / "villages.csv", list(VILLAGE_HEADINGS), tables.villages)
    print(
        f"{len(tables.townships)} townships, {len(tables.villages)} villages; left out for want of a name: "
        f"{', '.join(unnamed) or 'none'}"
    )


def _inhabitants(village: OsmPlace) -> int:
    return ESTIMATE[village.kind] if village.population is None else village.population


def _nearest(seats: Sequence[OsmPlace], place: OsmPlace) -> OsmPlace:
    narrow = float(np.cos(np.radians(place.lat)))
    return min(seats, key=lambda s: (((s.lon - place.lon) * narrow) ** 2 + (s.lat - place.lat) ** 2, s.id))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
