"""Roads and places of a county from OpenStreetMap: asked of an Overpass server through osmnx, or cut from a larger file.

Both ways write one ``roads.osm.pbf``, ODbL 1.0, © OpenStreetMap contributors. What Overpass answered is kept in a folder
beside it, so that a download that broke off goes on where it stopped. osmnx hands no relations on: turn restrictions come
only with a cut file.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import networkx as nx
import osmium
import osmnx
import requests
import shapely

from planner.errors import BadDataError, PlannerError
from planner.progress import Progress, silent

ROADS_NAME = "roads.osm.pbf"
ANSWERS_NAME = ".overpass"
MARGIN_DEGREES = 0.02  # about two kilometres: roads do not end at the county's border
TILE_DEGREES = 0.25
ROAD_FILTERS = ['["highway"]["area"!~"yes"]', '["route"="ferry"]']
PLACES = ("city", "town", "village", "hamlet", "isolated_dwelling")
_WAY_TAGS = (
    *("highway", "route", "surface", "tracktype", "maxspeed", "oneway", "junction", "access", "motor_vehicle"),
    *("vehicle", "name", "bridge", "ref"),
)
_PLACE_TAGS = ("name", "name:zh", "name:en", "place", "population")
_STATUS_TIMEOUT_S = 15


class DownloadError(PlannerError, OSError):
    """The server cannot be reached or does not answer; the message says what to do instead."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """What was written: the file, how many ways and places it holds."""

    path: Path
    ways: int
    places: int


@dataclass
class _Map:
    """Nodes, two-node stretches of ways and places, by OpenStreetMap's numbers: tiles overlap, numbers do not."""

    nodes: dict[int, tuple[float, float]] = field(default_factory=dict)
    ways: dict[tuple[int, int, int], Mapping[str, str]] = field(default_factory=dict)
    places: dict[int, Mapping[str, str]] = field(default_factory=dict)


def fetch_county(
    boundary: shapely.Geometry, folder: Path, *, overpass_url: str, progress: Progress = silent
) -> Fetched:
    """Download the roads and places within a boundary in lon/lat (and two kilometres around it) into ``folder``.

    Raises
    ------
    DownloadError
        If the server cannot be reached or refuses; what was answered so far is kept for the next try.
    BadDataError
        If there is no road in the area.
    """
    _ask_whether_there(overpass_url)
    folder.mkdir(parents=True, exist_ok=True)
    tiles = _tiles(shapely.buffer(boundary, MARGIN_DEGREES))
    found = _Map()
    with _osmnx_settings(folder / ANSWERS_NAME, overpass_url):
        for done, tile in enumerate(tiles):
            progress("downloading from Overpass", done, len(tiles))
            try:
                _add_roads(found, tile)
                _add_places(found, tile)
            except (requests.RequestException, osmnx._errors.ResponseStatusCodeError) as error:
                raise DownloadError(
                    f"{overpass_url}: stopped after {done} of {len(tiles)} tiles: {error}; run it again to go on from there"
                ) from error
    if not found.ways:
        raise BadDataError(f"{overpass_url}: OpenStreetMap has no road in this area")
    path = folder / ROADS_NAME
    ways = _write(found, path)
    progress("done", len(tiles), len(tiles))
    return Fetched(path=path, ways=ways, places=len(found.places))


def cut_file(source: Path, boundary: shapely.Geometry, folder: Path, *, progress: Progress = silent) -> Fetched:
    """Cut the roads and places within a boundary out of a larger OpenStreetMap file, such as Geofabrik's of a province.

    Ways are kept whole, with turn restrictions between them.

    Raises
    ------
    BadDataError
        If the file is missing, is not OpenStreetMap data, or has no road in the area.
    """
    if not source.is_file():
        raise BadDataError(f"{source}: no such file; Geofabrik has one for each province (.osm.pbf)")
    around = shapely.buffer(boundary, MARGIN_DEGREES)
    shapely.prepare(around)
    folder.mkdir(parents=True, exist_ok=True)
    path, unfinished = folder / ROADS_NAME, folder / f".{ROADS_NAME}"
    ways: set[int] = set()
    places = 0
    progress(f"cutting {source.name}", 0, 0)
    writer = osmium.BackReferenceWriter(str(unfinished), ref_src=str(source), overwrite=True, remove_tags=False)
    try:
        with writer as out:
            for thing in _roads_and_places(source):
                if isinstance(thing, osmium.osm.Way) and _touches(around, thing):
                    ways.add(thing.id)
                elif isinstance(thing, osmium.osm.Node) and shapely.contains_xy(around, thing.lon, thing.lat):
                    places += 1
                elif not (isinstance(thing, osmium.osm.Relation) and _joins(thing, ways)):
                    continue
                out.add(thing)
    except (RuntimeError, osmium.InvalidLocationError) as error:
        unfinished.unlink(missing_ok=True)
        raise BadDataError(f"{source}: cannot be read as OpenStreetMap data: {error}; download it again") from error
    finally:
        writer.tmpdir.cleanup()  # osmium leaves it behind when the reading fails
    if not ways:
        unfinished.unlink(missing_ok=True)
        raise BadDataError(f"{source}: has no road in this area: is it the right province?")
    unfinished.replace(path)
    progress("done", 1, 1)
    return Fetched(path=path, ways=len(ways), places=places)


def _roads_and_places(source: Path) -> Iterator[object]:
    wanted = osmium.filter.KeyFilter("highway", "route", "place", "restriction")
    for thing in osmium.FileProcessor(str(source)).with_locations().with_filter(wanted):
        if isinstance(thing, osmium.osm.Way):
            if "highway" in thing.tags or thing.tags.get("route") == "ferry":
                yield thing
        elif isinstance(thing, osmium.osm.Node):
            if thing.tags.get("place") in PLACES:
                yield thing
        elif isinstance(thing, osmium.osm.Relation) and thing.tags.get("type") == "restriction":
            yield thing


def _touches(around: shapely.Geometry, way: osmium.osm.Way) -> bool:
    places = [(node.lon, node.lat) for node in way.nodes if node.location.valid()]
    return bool(places) and bool(shapely.contains_xy(around, *zip(*places, strict=True)).any())


def _joins(relation: osmium.osm.Relation, ways: set[int]) -> bool:
    return all(member.ref in ways for member in relation.members if member.type == "w")


def _tiles(area: shapely.Geometry) -> list[shapely.Polygon]:
    """Return the area cut into squares of a quarter degree, from south-west to north-east."""
    west, south, east, north = shapely.bounds(area)
    tiles: list[shapely.Polygon] = []
    for row in range(math.ceil((north - south) / TILE_DEGREES)):
        for column in range(math.ceil((east - west) / TILE_DEGREES)):
            x, y = west + column * TILE_DEGREES, south + row * TILE_DEGREES
            part = shapely.intersection(area, shapely.box(x, y, x + TILE_DEGREES, y + TILE_DEGREES))
            tiles += [piece for piece in shapely.get_parts(part) if isinstance(piece, shapely.Polygon)]
    return tiles


def _ask_whether_there(overpass_url: str) -> None:
    try:
        requests.get(f"{overpass_url.rstrip('/')}/status", timeout=_STATUS_TIMEOUT_S)
    except requests.RequestException as error:
        raise DownloadError(
            f"{overpass_url}: cannot be reached ({type(error).__name__}): without internet, copy a Geofabrik file of the "
            "province to this machine and give it with --pbf"
        ) from error


@contextmanager
def _osmnx_settings(answers: Path, overpass_url: str) -> Iterator[None]:
    """Set osmnx's global settings for the download and put them back afterwards."""
    changes: dict[str, Any] = {
        "use_cache": True,
        "cache_folder": str(answers),
        "overpass_url": overpass_url,
        "useful_tags_way": list(_WAY_TAGS),
    }
    before = {name: getattr(osmnx.settings, name) for name in changes}
    for name, value in changes.items():
        setattr(osmnx.settings, name, value)
    try:
        yield
    finally:
        for name, value in before.items():
            setattr(osmnx.settings, name, value)


def _add_roads(found: _Map, tile: shapely.Polygon) -> None:
    try:
        graph: nx.MultiDiGraph[int] = osmnx.graph_from_polygon(
            tile, custom_filter=ROAD_FILTERS, simplify=False, retain_all=True, truncate_by_edge=True
        )
    except (osmnx._errors.InsufficientResponseError, ValueError):
        return  # no road in this tile
    for number, data in graph.nodes(data=True):
        found.nodes[number] = (float(data["x"]), float(data["y"]))
    for tail, head, data in graph.edges(data=True):
        if not data.get("reversed", False):
            tags = {name: str(data[name]) for name in _WAY_TAGS if name in data and name != "oneway"}
            tags["oneway"] = "yes" if data.get("oneway") else "no"
            found.ways[int(data["osmid"]), tail, head] = tags


def _add_places(found: _Map, tile: shapely.Polygon) -> None:
    try:
        places = osmnx.features_from_polygon(tile, tags={"place": list(PLACES)})
    except osmnx._errors.InsufficientResponseError:
        return
    kinds, numbers = places.index.get_level_values(0), places.index.get_level_values(1)
    for kind, number, row in zip(kinds, numbers, places.to_dict("records"), strict=True):
        if kind == "node":
            found.nodes[int(number)] = (row["geometry"].x, row["geometry"].y)
            found.places[int(number)] = {name: row[name] for name in _PLACE_TAGS if isinstance(row.get(name), str)}


def _write(found: _Map, path: Path) -> int:
    """Write the map and return how many ways it has; stretches of one way that follow each other are joined again."""
    chains: list[tuple[list[int], Mapping[str, str]]] = []
    last = None
    for (osmid, tail, head), tags in found.ways.items():
        if chains and last == osmid and chains[-1][0][-1] == tail:
            chains[-1][0].append(head)
        else:
            chains.append(([tail, head], tags))
        last = osmid
    unfinished = path.with_name(f".{path.name}")
    with osmium.SimpleWriter(str(unfinished), overwrite=True) as out:
        for number, place in sorted(found.nodes.items()):
            tags = found.places.get(number, {})
            out.add_node(osmium.osm.mutable.Node(id=number, location=place, tags=dict(tags), version=1))
        for number, (nodes, tags) in enumerate(chains, start=1):
            out.add_way(osmium.osm.mutable.Way(id=number, nodes=nodes, tags=dict(tags), version=1))
    unfinished.replace(path)
    return len(chains)
