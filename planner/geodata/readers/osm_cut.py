"""A part cut out of a larger OpenStreetMap file, in the child, which may write to a folder of its own."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import osmium
import shapely

from planner.errors import BadDataError, Message, of_file
from planner.model.osm_apart import map_made_apart
from planner.model.osm_file import come_late, osm_content, plain_name, refuse_unsorted, refuse_versions
from planner.sandbox.caps import is_too_large, over_cap
from planner.writing import whole_file

PLACES = ("city", "town", "village", "hamlet", "isolated_dwelling")
_MOST_MISSING = 100_000
"""As many nodes that ways do not find tell as much as all of them."""
_given_up: list[osmium.BackReferenceWriter] = []
"""Writers that failed: libosmium ends the process where one is deleted, before anybody is told why it failed."""


def cut_apart(source: Path, target: Path, around: shapely.Geometry) -> tuple[int, int, Path]:
    """Write the roads and places within ``around`` to ``target``; return how many there are of each, and the target.

    Raises
    ------
    BadDataError
        If the file is not OpenStreetMap data of one time, sorted, has no road there, or takes more than a cap allows.
    """
    function = "planner.geodata.readers.osm_cut:plain_cut"
    asked = map_made_apart(function, source, target.name, shapely.to_wkb(around))
    with asked as ((ways, places), made), whole_file(target) as unfinished:
        shutil.copyfile(made, unfinished)
    return ways, places, target


def plain_cut(copy: str, made: str, around_wkb: bytes) -> tuple[int, int]:
    """Write the part; return how many roads and places it has: what the child runs."""
    source, around = Path(copy), shapely.from_wkb(around_wkb)
    shapely.prepare(around)
    content = osm_content(source)
    found = _Roads(content)
    places = 0
    writer = osmium.BackReferenceWriter(
        plain_name(Path(made)), ref_src=content, overwrite=True, remove_tags=False, relation_depth=0
    )
    try:
        with writer as out:
            for thing in found:
                if isinstance(thing, osmium.osm.Way) and _touches(around, thing):
                    found.taken.add(thing.id)
                elif isinstance(thing, osmium.osm.Node) and shapely.contains_xy(around, thing.lon, thing.lat):
                    places += 1
                elif not (isinstance(thing, osmium.osm.Relation) and _joins(thing, found.taken)):
                    continue
                out.add(thing)
    except (RuntimeError, ValueError, OSError, osmium.InvalidLocationError) as error:
        _given_up.append(writer)
        if is_too_large(error) or is_too_large(error.__context__):
            raise over_cap(source, "written_mb") from error
        what = Message("cannot be read as OpenStreetMap data: {why}; download it again", why=str(error))
        raise BadDataError(of_file(source, what)) from error
    if found.former:
        raise refuse_versions(source)
    if found.missing and come_late(source, content, found.missing):
        raise refuse_unsorted(source)
    if not found.taken:
        raise BadDataError(of_file(source, Message("has no road in this area: is it the right province?")))
    return len(found.taken), places


class _Roads:
    """The roads, places and turn restrictions of a file, and what shows on the way that it is no map of one time."""

    def __init__(self, content: osmium.io.FileBuffer) -> None:
        self.content = content
        self.taken: set[int] = set()
        self.missing: set[int] = set()
        self.former = False

    def __iter__(self) -> Iterator[object]:
        wanted = osmium.filter.KeyFilter("highway", "route", "place", "type")
        latest = 0
        for thing in osmium.FileProcessor(self.content).with_locations().with_filter(wanted):
            if isinstance(thing, osmium.osm.Way):
                if "highway" in thing.tags or thing.tags.get("route") == "ferry":
                    self.former |= thing.deleted or thing.id == latest or thing.id in self.taken
                    latest = thing.id
                    self._note_missing(thing)
                    yield thing
            elif isinstance(thing, osmium.osm.Node):
                if thing.tags.get("place") in PLACES:
                    yield thing
            elif isinstance(thing, osmium.osm.Relation) and thing.tags.get("type") == "restriction":
                yield thing

    def _note_missing(self, way: osmium.osm.Way) -> None:
        if len(self.missing) < _MOST_MISSING:
            self.missing.update(node.ref for node in way.nodes if not node.location.valid())


def _touches(around: shapely.Geometry, way: osmium.osm.Way) -> bool:
    places = [(node.lon, node.lat) for node in way.nodes if node.location.valid()]
    return bool(places) and bool(shapely.contains_xy(around, *zip(*places, strict=True)).any())


def _joins(relation: osmium.osm.Relation, ways: set[int]) -> bool:
    """Return whether a relation is about some of the ways; if about others, too, the reader counts it as incomplete."""
    return any(member.ref in ways for member in relation.members if member.type == "w")
