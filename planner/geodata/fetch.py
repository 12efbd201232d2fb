"""Roads and places of a county from OpenStreetMap: asked of an Overpass server, or cut from a larger file.

Both ways write one ``roads.osm.pbf``, ODbL 1.0, © OpenStreetMap contributors: ways whole, with all tags and OpenStreetMap's
own numbers, and turn restrictions. What Overpass answered is kept in a folder beside it, so that a download that broke off
goes on where it stopped.
"""

from __future__ import annotations

import datetime
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import osmium
import shapely

from planner import __version__
from planner.config import ROADS_NAME
from planner.errors import BadDataError, Message, of_file
from planner.geodata.overpass import PATIENCE, DownloadError, Element, Overpass, Patience
from planner.geodata.readers.osm_cut import PLACES, cut_apart
from planner.model.osm_file import plain_name
from planner.progress import Progress, silent

ANSWERS_NAME = ".overpass"
MARGIN_DEGREES = 0.02  # about two kilometres: roads do not end at the county's border
TILE_DEGREES = 0.25
_SIMPLER_DEGREES = 0.002  # the server compares each node with each corner, and the margin is ten times this
_LONGEST_TAG_BYTES = 1024  # what osmium writes at most: 256 characters of four bytes
_ROADS = """(way["highway"]["area"!~"yes"](poly:'{area}');way["route"="ferry"](poly:'{area}'););
out body;rel(bw)["type"="restriction"];out body;"""
_NODES_AND_PLACES = """(way["highway"]["area"!~"yes"](poly:'{area}');way["route"="ferry"](poly:'{area}'););
node(w)->.of;node["place"~"^({places})$"](poly:'{area}')->.places;(.of;.places;);out body;"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """What was written: the file, how many ways and places it holds; ``asked`` is the day of the oldest answer in it."""

    path: Path
    ways: int
    places: int
    asked: datetime.date | None = None


@dataclass
class _Map:
    """Elements as Overpass gives them, by type and number: tiles overlap, numbers do not."""

    node: dict[int, Element] = field(default_factory=dict)
    way: dict[int, Element] = field(default_factory=dict)
    relation: dict[int, Element] = field(default_factory=dict)

    def add(self, elements: Sequence[Element]) -> None:
        for element in elements:
            getattr(self, element["type"])[int(element["id"])] = element

    @property
    def places(self) -> int:
        """How many settlements there are."""
        return sum(node.get("tags", {}).get("place") in PLACES for node in self.node.values())


def fetch_county(
    boundary: shapely.Geometry,
    folder: Path,
    *,
    overpass_url: str,
    refresh: bool = False,
    progress: Progress = silent,
    notice: Callable[[Message], None] = lambda _: None,
    patience: Patience = PATIENCE,
) -> Fetched:
    """Download the roads and places within a boundary in lon/lat (and two kilometres around it) into ``folder``.

    What was answered before is not asked again, unless ``refresh`` says so. A part that the server cannot answer is asked
    again as ``patience`` has it; ``notice`` hears of each wait.

    Raises
    ------
    DownloadError
        If the server cannot be reached, refuses, or gives no whole answer; what was answered is kept for the next try.
    BadDataError
        If there is no road in the area.
    """
    server = Overpass(
        url=overpass_url,
        answers=folder / ANSWERS_NAME,
        user_agent=f"rural-service-planner/{__version__}",
        patience=patience,
        progress=progress,
        notice=notice,
    )
    server.reach()
    if refresh:
        server.forget()
    folder.mkdir(parents=True, exist_ok=True)
    tiles = _tiles(shapely.simplify(shapely.buffer(boundary, MARGIN_DEGREES), _SIMPLER_DEGREES))
    found = _Map()
    asked = datetime.date.max
    for done, tile in enumerate(tiles):
        progress(Message("downloading from Overpass"), done, len(tiles))
        try:
            for question in (_ROADS, _NODES_AND_PLACES):
                about = _about(tile, question)
                found.add(server.ask(about, done, len(tiles)))
                asked = min(asked, server.answered(about))
        except DownloadError as error:
            raise DownloadError(
                Message(
                    "{url}: stopped after {done} of {count} tiles: {why}; run it again to go on from there, name another "
                    "server with --overpass-url, or give a Geofabrik file of the province with --pbf",
                    url=overpass_url,
                    done=done,
                    count=len(tiles),
                    why=error.args[0],
                )
            ) from error
    if not found.way:
        raise BadDataError(
            Message(
                "{url}: OpenStreetMap has no road in this area: give the roads of the transport bureau as area.roads, or "
                'plan on straight lines (area.roads = "straight_lines")',
                url=overpass_url,
            )
        )
    path = folder / ROADS_NAME
    _write(found, path)
    progress(Message("done"), len(tiles), len(tiles))
    return Fetched(path=path, ways=len(found.way), places=found.places, asked=asked)


def cut_file(source: Path, boundary: shapely.Geometry, folder: Path, *, progress: Progress = silent) -> Fetched:
    """Cut the roads and places within a boundary out of a larger OpenStreetMap file, such as Geofabrik's of a province.

    Ways are kept whole, with the turn restrictions between them.

    Raises
    ------
    BadDataError
        If the file is missing, is not OpenStreetMap data of one time, sorted, has no road in the area, or takes more than
        a cap allows.
    """
    if not source.is_file():
        what = Message("no such file; Geofabrik has one for each province (.osm.pbf)")
        raise BadDataError(of_file(source, what))
    around = shapely.buffer(boundary, MARGIN_DEGREES)
    progress(Message("cutting {file}", file=source.name), 0, 0)
    ways, places, path = cut_apart(source, folder / ROADS_NAME, around)
    progress(Message("done"), 1, 1)
    return Fetched(path=path, ways=ways, places=places)


def _tiles(area: shapely.Geometry) -> list[shapely.Polygon]:
    """Return the area cut into squares of a quarter degree, from south-west to north-east; squares outside it are none."""
    west, south, east, north = shapely.bounds(area)
    tiles: list[shapely.Polygon] = []
    for row in range(math.ceil((north - south) / TILE_DEGREES)):
        for column in range(math.ceil((east - west) / TILE_DEGREES)):
            x, y = west + column * TILE_DEGREES, south + row * TILE_DEGREES
            part = shapely.intersection(area, shapely.box(x, y, x + TILE_DEGREES, y + TILE_DEGREES))
            pieces = shapely.get_parts(part)
            tiles += [piece for piece in pieces if isinstance(piece, shapely.Polygon) and not piece.is_empty]
    return tiles


def _about(tile: shapely.Polygon, question: str) -> str:
    corners = " ".join(f"{lat:.6f} {lon:.6f}" for lon, lat in shapely.get_coordinates(tile.exterior).tolist())
    return question.format(area=corners, places="|".join(PLACES))


def _tags(element: Element) -> dict[str, str]:
    """Return the tags that a file can hold."""
    plain = ((_plain(key), _plain(value)) for key, value in element.get("tags", {}).items())
    return {key: value for key, value in plain if max(len(key.encode()), len(value.encode())) <= _LONGEST_TAG_BYTES}


def _plain(text: str) -> str:
    """Return a text without what UTF-8 has no letters for."""
    return text.encode("utf-8", errors="replace").decode("utf-8").replace("\0", "")


def _write(found: _Map, path: Path) -> None:
    """Write the map, sorted as OpenStreetMap files are: nodes, ways, relations, each by number."""
    unfinished = path.with_name(f".{path.name}")
    with osmium.SimpleWriter(plain_name(unfinished), overwrite=True) as out:
        for number, node in sorted(found.node.items()):
            place = (float(node["lon"]), float(node["lat"]))
            out.add_node(osmium.osm.mutable.Node(id=number, location=place, tags=_tags(node), version=1))
        for number, way in sorted(found.way.items()):
            out.add_way(osmium.osm.mutable.Way(id=number, nodes=way["nodes"], tags=_tags(way), version=1))
        for number, relation in sorted(found.relation.items()):
            members = [
                (member["type"][0], int(member["ref"]), _plain(member["role"])[:255]) for member in relation["members"]
            ]
            out.add_relation(osmium.osm.mutable.Relation(id=number, members=members, tags=_tags(relation), version=1))
    unfinished.replace(path)
