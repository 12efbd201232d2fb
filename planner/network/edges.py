"""Ways → edges between junctions: what all vehicles and seasons share."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import pyproj

from planner.errors import BadDataError, Message
from planner.model import OddTag
from planner.network.odd_tags import OddCount, odd_keys, odd_node_keys
from planner.network.osm import Ways
from planner.network.profiles import possible_directions, vehicles_of
from planner.network.restrictions import Bans, Streets, forbidden
from planner.network.road_use import MOTOR
from planner.units import BoolArray, FloatArray, IntArray

MOST_ODD_TAGS = 50
"""Tags that are not understood that are kept: those of most road."""
_GEOD = pyproj.Geod(ellps="WGS84")


@dataclass(frozen=True, slots=True, kw_only=True)
class Edges:
    """Roads between junctions, ``m`` of them, drawn from ``tail`` to ``head``.

    ``tail, head`` (m,) number the junctions whose positions are ``junctions`` (lon, lat). The line of edge ``i`` is
    ``coordinates[first[i]:first[i + 1]]``, shape (k, 2). ``way`` (m,) is the row of the way it was cut from,
    ``way_ids`` that way's number in OpenStreetMap and ``kinds[kind[i]]`` its tags. Going along edge ``i`` is arc ``2 * i``,
    going back is arc ``2 * i + 1``; ``banned`` are sequences of arcs that may not be driven, by relations and barriers.
    ``turn_rules`` counts the relations followed and those left, by reason (`planner.network.turn_rules`). ``odd_tags`` are
    the tags that are not understood, on all roads of the file, those that they close included. ``mode`` says
    whose roads these are: those of motor vehicles have no footpaths.
    """

    junctions: FloatArray
    tail: IntArray
    head: IntArray
    first: IntArray
    coordinates: FloatArray
    length_m: FloatArray
    way: IntArray
    way_ids: IntArray
    kind: IntArray
    kinds: tuple[dict[str, str], ...]
    banned: Bans
    turn_rules: Mapping[str, int]
    odd_tags: tuple[OddTag, ...] = ()
    mode: str = MOTOR

    def line(self, i: int) -> FloatArray:
        """Return the (lon, lat) line of edge ``i``, shape (k, 2)."""
        return self.coordinates[self.first[i] : self.first[i + 1]]


def cut_ways(ways: Ways, mode: str = MOTOR) -> Edges:
    """Return the edges of the ways that some vehicle of the mode may use in some season, cut where ways meet.

    Barriers are junctions, too.

    Raises
    ------
    BadDataError
        If no vehicle may use any of the ways.
    """
    all_ways, odd_tags = ways.ids, _odd_tags(ways, mode)
    bits = sum(vehicle.bits for vehicle in vehicles_of(mode))
    possible = np.array([possible_directions(tags, mode) for tags in ways.kinds], dtype=np.bool_).reshape(-1, 2)
    ways = _usable(ways, possible[:, 0] | possible[:, 1])
    ids, node = np.unique(ways.node_ids, return_inverse=True)
    met = np.bincount(node, minlength=len(ids))
    met += np.bincount(node[ways.first[:-1]], minlength=len(ids)) + np.bincount(
        node[ways.first[1:] - 1], minlength=len(ids)
    )
    barriers = ways.barriers[ways.barriers[:, 1] & bits != 0]
    junction = (met > 1) | np.isin(ids, barriers[:, 0])
    number = np.cumsum(junction) - 1
    cuts = np.flatnonzero(junction[node])
    way_of = np.repeat(np.arange(len(ways)), np.diff(ways.first))
    within = way_of[cuts[:-1]] == way_of[cuts[1:]]
    start, end = cuts[:-1][within], cuts[1:][within]
    counts = end - start + 1
    first = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
    point = np.arange(first[-1]) + np.repeat(start - first[:-1], counts)
    coordinates = ways.coordinates[point]
    positions = np.empty((int(junction.sum()), 2))
    positions[number[node[cuts]]] = ways.coordinates[cuts]
    tail, head, way = number[node[start]], number[node[end]], way_of[start]
    streets = Streets(
        tail=tail,
        head=head,
        way_id=ways.ids[way],
        possible=possible[ways.kind[way]].ravel(),
        junction_id=ids[junction],
        all_ways=all_ways,
    )
    rules = [rule for rule in ways.restrictions if rule.binds & bits]
    banned, turn_rules = forbidden(rules, barriers, streets, ways.rules_left if mode == MOTOR else {})
    return Edges(
        junctions=positions,
        tail=tail,
        head=head,
        first=first,
        coordinates=coordinates,
        length_m=_edge_lengths_m(coordinates, first),
        way=way,
        way_ids=ways.ids,
        kind=ways.kind[way],
        kinds=ways.kinds,
        banned=banned,
        turn_rules=turn_rules,
        odd_tags=odd_tags,
        mode=mode,
    )


def _odd_tags(ways: Ways, mode: str) -> tuple[OddTag, ...]:
    """Return the tags of ways and of places on them that the mode's vehicles do not understand, the longest first."""
    found = OddCount()
    keys = [odd_keys(tags, mode) for tags in ways.kinds]
    rows = np.flatnonzero(np.array([bool(names) for names in keys], dtype=np.bool_)[ways.kind])
    for row in rows.tolist():
        kind = int(ways.kind[row])
        metres = float(segment_lengths_m(ways.coordinates[ways.first[row] : ways.first[row + 1]]).sum())
        for key in keys[kind]:
            found.add(key, ways.kinds[kind][key], 1, metres)
    if ways.odd_nodes:
        used = np.array([any(possible_directions(tags, mode)) for tags in ways.kinds], dtype=np.bool_)
        on_roads = set(ways.node_ids[np.repeat(used[ways.kind], np.diff(ways.first))].tolist()) & ways.odd_nodes.keys()
        for node in on_roads:
            tags = ways.odd_nodes[node]
            for key in odd_node_keys(tags, mode):
                found.add(key, tags[key], 1, 0.0)
    return found.most(MOST_ODD_TAGS)


def _usable(ways: Ways, useful: BoolArray) -> Ways:
    """Return the ways of the useful kinds."""
    kept = useful[ways.kind]
    if not kept.any():
        raise BadDataError(
            Message("no road that a vehicle may use: look at the highway and access tags of the extract")
        )
    counts = np.diff(ways.first)
    nodes = np.repeat(kept, counts)
    return replace(
        ways,
        ids=ways.ids[kept],
        kind=ways.kind[kept],
        first=np.concatenate([[0], np.cumsum(counts[kept])]).astype(np.int64),
        node_ids=ways.node_ids[nodes],
        coordinates=ways.coordinates[nodes],
    )


def _edge_lengths_m(coordinates: FloatArray, first: IntArray) -> FloatArray:
    """Return the geodesic length of each line."""
    steps = np.append(segment_lengths_m(coordinates), 0.0)
    steps[first[1:] - 1] = 0.0  # from the end of one line to the start of the next nobody drives
    lengths: FloatArray = np.add.reduceat(steps, first[:-1])
    return lengths


def segment_lengths_m(coordinates: FloatArray) -> FloatArray:
    """Return the geodesic length of each segment of a (lon, lat) line, shape (k - 1,)."""
    lons, lats = coordinates[:, 0], coordinates[:, 1]
    lengths: FloatArray = np.asarray(_GEOD.inv(lons[:-1], lats[:-1], lons[1:], lats[1:])[2], dtype=np.float64)
    return lengths
