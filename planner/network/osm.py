"""OpenStreetMap files → edges between junctions: the roads a vehicle could use in the best of seasons."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
import osmium
import pyproj

from planner.errors import BadDataError
from planner.network.profiles import Profile
from planner.units import BoolArray, FloatArray, IntArray, metres_per_second

KEPT_TAGS = frozenset(
    {"highway", "route", "surface", "tracktype", "maxspeed", "oneway", "junction", "access", "motor_vehicle", "vehicle"}
)
_GEOD = pyproj.Geod(ellps="WGS84")


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """One OSM way: its tags of interest, node ids and (lon, lat) of each node, shape (nodes, 2)."""

    id: int
    tags: Mapping[str, str]
    node_ids: tuple[int, ...]
    coordinates: FloatArray


@dataclass(frozen=True, slots=True, kw_only=True)
class Edges:
    """Roads between junctions, ``n`` of them, driven from ``tail`` to ``head`` and back.

    ``tail, head`` (n,) number the junctions whose positions are ``junctions`` (lon, lat). The line of edge ``i`` is
    ``coordinates[first[i]:first[i + 1]]``, shape (k, 2). ``forward_s`` and ``backward_s`` are ``inf`` where the direction is
    not allowed, whatever the season; ``closed`` marks what the season takes away.
    """

    junctions: FloatArray
    tail: IntArray
    head: IntArray
    first: IntArray
    coordinates: FloatArray
    length_m: FloatArray
    forward_s: FloatArray
    backward_s: FloatArray
    closed: BoolArray
    highway: tuple[str, ...]
    surface: tuple[str, ...]
    surface_tagged: BoolArray
    speed_tagged: BoolArray

    def line(self, i: int) -> FloatArray:
        """Return the (lon, lat) line of edge ``i``, shape (k, 2)."""
        return self.coordinates[self.first[i] : self.first[i + 1]]


def read_ways(path: Path) -> list[Way]:
    """Return the highways and ferries of an OSM file (PBF, XML, compressed or not), in the file's order.

    A way that names nodes outside the extract is cut there: what is left of two nodes and more is kept.

    Raises
    ------
    BadDataError
        If the file is missing, is not OSM, or holds no road.
    """
    if not path.is_file():
        raise BadDataError(f"{path}: no such file; roads are an OpenStreetMap extract (.osm.pbf or .osm)")
    ways: list[Way] = []
    try:
        reader = (
            osmium.FileProcessor(str(path)).with_locations().with_filter(osmium.filter.KeyFilter("highway", "route"))
        )
        for thing in reader:
            if isinstance(thing, osmium.osm.Way) and ("highway" in thing.tags or thing.tags.get("route") == "ferry"):
                ways += _usable_parts(thing)
    except (RuntimeError, ValueError, osmium.InvalidLocationError) as error:
        raise BadDataError(
            f"{path}: cannot be read as OpenStreetMap data: {error}; write it again as .osm.pbf"
        ) from error
    if not ways:
        raise BadDataError(f"{path}: holds no way tagged highway or route=ferry: is it the right extract?")
    return ways


def _usable_parts(way: osmium.osm.Way) -> Iterator[Way]:
    tags = {tag.k: tag.v for tag in way.tags if tag.k in KEPT_TAGS}
    part: list[tuple[int, float, float]] = []
    for node in [*way.nodes, None]:
        if node is not None and node.location.valid():
            if not part or part[-1][0] != node.ref:
                part.append((node.ref, node.location.lon, node.location.lat))
            continue
        if len(part) > 1:
            array = np.array([(lon, lat) for _, lon, lat in part])
            yield Way(id=way.id, tags=tags, node_ids=tuple(ref for ref, _, _ in part), coordinates=array)
        part = []


def build_edges(ways: list[Way], profile: Profile) -> Edges:
    """Return the edges a vehicle may use: ways cut where they meet, refused ways left out."""
    uses = [profile.use(way.tags) for way in ways]
    kept = [(way, use) for way, use in zip(ways, uses, strict=True) if use.speed_kph > 0]
    if not kept:
        raise BadDataError(
            f"no road that a {profile.vehicle} may use: look at the highway and access tags of the extract"
        )
    counts = Counter(node for way, _ in kept for node in way.node_ids)
    for way, _ in kept:
        counts[way.node_ids[0]] += 1
        counts[way.node_ids[-1]] += 1
    number: dict[int, int] = {}
    positions: list[FloatArray] = []
    columns: dict[str, list[float]] = {name: [] for name in ("tail", "head", "length", "forward", "backward")}
    marks: dict[str, list[bool]] = {name: [] for name in ("closed", "surface", "speed")}
    names: list[tuple[str, str]] = []
    pieces: list[FloatArray] = []
    for way, use in kept:
        lengths = segment_lengths_m(way.coordinates)
        whole_m = float(lengths.sum())
        cuts = [i for i, node in enumerate(way.node_ids) if counts[node] > 1]
        for start, end in pairwise(cuts):
            length_m = float(lengths[start:end].sum())
            for index in (start, end):
                if way.node_ids[index] not in number:
                    number[way.node_ids[index]] = len(positions)
                    positions.append(way.coordinates[index])
            waited_s = use.boarding_s * length_m / whole_m if whole_m else 0.0
            driven_s = length_m / metres_per_second(use.speed_kph) + waited_s
            columns["tail"].append(number[way.node_ids[start]])
            columns["head"].append(number[way.node_ids[end]])
            columns["length"].append(length_m)
            columns["forward"].append(driven_s if use.forward else np.inf)
            columns["backward"].append(driven_s if use.backward else np.inf)
            marks["closed"].append(use.closed)
            marks["surface"].append(use.surface_tagged)
            marks["speed"].append(use.speed_tagged)
            names.append((way.tags.get("highway", "ferry"), way.tags.get("surface", way.tags.get("tracktype", ""))))
            pieces.append(way.coordinates[start : end + 1])
    return Edges(
        junctions=np.array(positions),
        tail=np.array(columns["tail"], dtype=np.int64),
        head=np.array(columns["head"], dtype=np.int64),
        first=np.concatenate([[0], np.cumsum([len(piece) for piece in pieces])]).astype(np.int64),
        coordinates=np.concatenate(pieces),
        length_m=np.array(columns["length"]),
        forward_s=np.array(columns["forward"]),
        backward_s=np.array(columns["backward"]),
        closed=np.array(marks["closed"], dtype=np.bool_),
        highway=tuple(highway for highway, _ in names),
        surface=tuple(surface for _, surface in names),
        surface_tagged=np.array(marks["surface"], dtype=np.bool_),
        speed_tagged=np.array(marks["speed"], dtype=np.bool_),
    )


def segment_lengths_m(coordinates: FloatArray) -> FloatArray:
    """Return the geodesic length of each segment of a (lon, lat) line, shape (k - 1,)."""
    lons, lats = coordinates[:, 0], coordinates[:, 1]
    lengths: FloatArray = np.asarray(_GEOD.inv(lons[:-1], lats[:-1], lons[1:], lats[1:])[2], dtype=np.float64)
    return lengths
