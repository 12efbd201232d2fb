"""OpenStreetMap files → ways as flat arrays, the turns that relations forbid, and the nodes that stop vehicles."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from typing import overload

import numpy as np
import osmium

from planner.errors import BadDataError, Message, of_file
from planner.model.osm_file import come_late, osm_content, refuse_unsorted, refuse_versions
from planner.network.ford_nodes import with_fords
from planner.network.odd_tags import odd_node_keys
from planner.network.profiles import modes, stopped_bits
from planner.network.road_state import FERRY, through_water
from planner.network.tag_keys import NODE_KEYS, node_key, way_key
from planner.network.tag_values import plain, plain_tags, words
from planner.network.turn_rules import RULE_KEYS, Restriction, read_rule
from planner.units import FloatArray, IntArray

_WKB_HEADER_BYTES = 9  # byte order, type and count of points come before the coordinates


@dataclass(frozen=True, slots=True, kw_only=True)
class OsmWay:
    """One OSM way: its tags of interest, node ids and (lon, lat) of each node, shape (nodes, 2)."""

    id: int
    tags: Mapping[str, str]
    node_ids: tuple[int, ...]
    coordinates: FloatArray


@dataclass(frozen=True, kw_only=True)
class Ways(Sequence[OsmWay]):
    """Ways in the file's order, as flat arrays; iterating gives each as a `OsmWay`.

    The nodes of way ``i`` are ``first[i]:first[i + 1]`` of ``node_ids`` and ``coordinates`` (lon, lat); its tags are
    ``kinds[kind[i]]``. ``rules_left`` counts turn restrictions that are not followed by their reason (`turn_rules.LEFT`).
    ``barriers`` (b, 2) are nodes that stop some vehicle in some season, and the bits of those that they stop, sorted;
    ``odd_nodes`` nodes with tags that some mode does not understand, with all their tags.
    """

    ids: IntArray
    kind: IntArray
    kinds: tuple[dict[str, str], ...]
    first: IntArray
    node_ids: IntArray
    coordinates: FloatArray
    restrictions: tuple[Restriction, ...] = ()
    rules_left: Mapping[str, int] = field(default_factory=dict)
    barriers: IntArray = field(default_factory=lambda: np.zeros((0, 2), dtype=np.int64))
    odd_nodes: Mapping[int, Mapping[str, str]] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.ids)

    @overload
    def __getitem__(self, i: int) -> OsmWay: ...
    @overload
    def __getitem__(self, i: slice) -> list[OsmWay]: ...
    def __getitem__(self, i: int | slice) -> OsmWay | list[OsmWay]:
        if isinstance(i, slice):
            return [self[row] for row in range(*i.indices(len(self)))]
        if not -len(self) <= i < len(self):
            raise IndexError(i)
        i %= len(self)
        part = slice(self.first[i], self.first[i + 1])
        return OsmWay(
            id=int(self.ids[i]),
            tags=self.kinds[self.kind[i]],
            node_ids=tuple(self.node_ids[part].tolist()),
            coordinates=self.coordinates[part],
        )


class _Collector:
    """Gathers ways one by one; coordinates stay in the form that the C++ side writes, to be decoded all at once."""

    def __init__(self) -> None:
        self.ids: list[int] = []
        self.kind: list[int] = []
        self.number: dict[tuple[tuple[str, str], ...], int] = {}
        self.refs: list[list[int]] = []
        self.coordinates: list[bytes] = []
        self.restrictions: list[Restriction] = []
        self.rules_left: Counter[str] = Counter()
        self.barriers: dict[int, int] = {}
        self.node_kinds: dict[tuple[tuple[str, str], ...], tuple[int, bool, bool]] = {}
        self.odd: dict[int, dict[str, str]] = {}
        self.fords: list[int] = []
        self.missing: set[int] = set()
        self.objects = 0
        self.former = False
        self._wkb = osmium.geom.WKBFactory()

    def add_way(self, way: osmium.osm.Way) -> None:
        self.former |= way.deleted
        tags = _kept(way.tags, way_key)
        kind = self.number.setdefault(tags, len(self.number))
        try:
            encoded = bytes.fromhex(self._wkb.create_linestring(way, osmium.geom.use_nodes.ALL))[_WKB_HEADER_BYTES:]
            parts = [([node.ref for node in way.nodes], encoded)]
        except (RuntimeError, osmium.InvalidLocationError):  # nodes outside the extract, or fewer than two of them
            parts = list(_usable_parts(way))
            self.missing.update(node.ref for node in way.nodes if not node.location.valid())
        self.objects += bool(parts)
        for refs, coordinates in parts:
            self.ids.append(way.id)
            self.kind.append(kind)
            self.refs.append(refs)
            self.coordinates.append(coordinates)

    def add_relation(self, relation: osmium.osm.Relation) -> None:
        if relation.tags.get("type") != "restriction":
            return
        members = [(member.type, member.ref, member.role) for member in relation.members]
        rules, faults = read_rule(relation.id, {tag.k: tag.v for tag in relation.tags}, members)
        self.restrictions += rules
        self.rules_left.update(faults)

    def add_node(self, node: osmium.osm.Node) -> None:
        tags = _kept(node.tags, node_key)
        if tags not in self.node_kinds:
            self.node_kinds[tags] = _node_kind(dict(tags))
        stops, odd, ford = self.node_kinds[tags]
        if stops:
            self.barriers[node.id] = stops
        if odd:
            self.odd[node.id] = dict(tags)
        if ford:
            self.fords.append(node.id)

    def ways(self) -> Ways:
        counts = np.array([len(refs) for refs in self.refs], dtype=np.int64)
        node_ids = np.fromiter(chain.from_iterable(self.refs), np.int64, int(counts.sum()))
        coordinates = np.frombuffer(b"".join(self.coordinates), dtype="<f8").reshape(-1, 2)
        way = np.repeat(np.arange(len(counts)), counts)
        fresh = np.ones(len(node_ids), dtype=np.bool_)  # a node named twice in a row is one node
        fresh[1:] = (node_ids[1:] != node_ids[:-1]) | (way[1:] != way[:-1])
        counts = np.bincount(way[fresh], minlength=len(counts))
        whole = counts > 1
        fresh &= whole[way]
        found = Ways(
            ids=np.array(self.ids, dtype=np.int64)[whole],
            kind=np.array(self.kind, dtype=np.int64)[whole],
            kinds=tuple(dict(tags) for tags in self.number),
            first=np.concatenate([[0], np.cumsum(counts[whole])]).astype(np.int64),
            node_ids=node_ids[fresh],
            coordinates=coordinates[fresh].astype(np.float64),
            restrictions=tuple(self.restrictions),
            rules_left=dict(self.rules_left),
            barriers=np.array(sorted(self.barriers.items()), dtype=np.int64).reshape(-1, 2),
            odd_nodes=self.odd,
        )
        return with_fords(found, np.array(self.fords)) if self.fords else found


def read_ways(path: Path) -> Ways:
    """Return the highways and ferries of an OSM file (PBF, XML, compressed or not), in the file's order.

    A way that names nodes outside the extract is cut there: what is left of two nodes and more is kept.

    Raises
    ------
    BadDataError
        If the file is missing, is not OSM, is cut short, holds no road, crosses the antimeridian, or holds no map of one
        time (changes, a history) or its nodes after their ways.
    """
    collected = _Collector()
    content = osm_content(path)
    try:
        reader = (
            osmium.FileProcessor(content)
            .with_locations()
            .with_filter(_only(osmium.osm.WAY, "highway", "route"))
            .with_filter(_only(osmium.osm.RELATION, *RULE_KEYS))
            .with_filter(_only(osmium.osm.NODE, *NODE_KEYS))
        )
        for thing in reader:
            if isinstance(thing, osmium.osm.Relation):
                collected.add_relation(thing)
            elif isinstance(thing, osmium.osm.Way) and ("highway" in thing.tags or _is_ferry(thing)):
                collected.add_way(thing)
            elif isinstance(thing, osmium.osm.Node):
                collected.add_node(thing)
    except (RuntimeError, ValueError, osmium.InvalidLocationError) as error:
        what = Message("cannot be read as OpenStreetMap data: {error}; write it again as .osm.pbf", error=str(error))
        raise BadDataError(of_file(path, what)) from error
    if collected.missing and come_late(path, content, collected.missing):
        raise refuse_unsorted(path)
    if not collected.number:
        raise BadDataError(
            of_file(path, Message("contains no way tagged highway or route=ferry: is it the right extract?"))
        )
    ways = collected.ways()
    if not len(ways):
        raise BadDataError(
            of_file(path, Message("its roads have no nodes with positions: write the extract with complete ways"))
        )
    if collected.former or len(np.unique(collected.ids)) < collected.objects:
        raise refuse_versions(path)
    if np.ptp(ways.coordinates[:, 0]) > 180:
        what = Message("its roads lie on both sides of the 180th meridian: cut the extract there and plan each side")
        raise BadDataError(of_file(path, what))
    return ways


def _kept(tags: osmium.osm.TagList, kept: Callable[[str], str]) -> tuple[tuple[str, str], ...]:
    """Return the tags that say something, by the names they are known by; what is written twice has its own name once."""
    found = [(name, tag.k, tag.v) for tag in tags if (name := kept(tag.k))]
    if all(name == key for name, key, _ in found):
        return tuple([(key, value) for _, key, value in found])
    exact = {key for name, key, _ in found if name == key}
    return tuple({key if name in exact else name: value for name, key, value in found}.items())


def _node_kind(tags: dict[str, str]) -> tuple[int, bool, bool]:
    """Return the bits of the vehicles that a node stops, whether a tag of it is not understood, and whether it is a ford."""
    return (
        stopped_bits(tags),
        any(odd_node_keys(tags, mode) for mode in modes()),
        through_water(plain_tags(tags), walks=False),
    )


def _is_ferry(way: osmium.osm.Way) -> bool:
    return FERRY in words(plain(way.tags.get("route") or ""))


def _only(kind: osmium.osm.osm_entity_bits, *keys: str) -> osmium.filter.KeyFilter:
    """Return a filter that lets pass things of this kind with one of the keys, and everything of other kinds."""
    wanted = osmium.filter.KeyFilter(*keys)
    wanted.enable_for(kind)
    return wanted


def _usable_parts(way: osmium.osm.Way) -> Iterator[tuple[list[int], bytes]]:
    """Yield the stretches of two nodes and more whose positions the file holds."""
    refs: list[int] = []
    places: list[tuple[float, float]] = []
    for node in [*way.nodes, None]:
        if node is not None and node.location.valid():
            refs.append(node.ref)
            places.append((node.location.lon, node.location.lat))
            continue
        if len(refs) > 1:
            yield refs, np.array(places, dtype="<f8").tobytes()
        refs, places = [], []
