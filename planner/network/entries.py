"""Points on edges → where they enter and leave the graph, and pairs that share an edge."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from planner.network.kernels import Integers
from planner.network.kernels.sweep import Entries
from planner.network.packed import PACKED_MILLISECOND
from planner.network.snap import Snaps
from planner.network.turns import Graph
from planner.units import BoolArray, FloatArray, IntArray


@dataclass(frozen=True, slots=True, kw_only=True)
class Located:
    """Points set onto edges: how each leaves the road (as an origin) and is come to (as a destination).

    Column 0 of both goes by the arc along the edge, column 1 by the arc back, unless only one can be driven. ``along`` and
    ``back`` are the packed weights of the stretch between the edge's tail and the point, driven either way, ``inf`` if it
    cannot be. A point exactly at a junction that is not split (``at_junction``) enters there, so that a one-way street it
    was set onto does not send it round.
    """

    origins: Entries
    destinations: Entries
    along: FloatArray
    back: FloatArray
    at_junction: BoolArray


def locate(snaps: Snaps, graph: Graph, packed: FloatArray, rank: Integers) -> Located:
    """Return the entries of snapped points; those that meet no road have ranks of -1.

    A stretch and the rest of its edge add up to the edge exactly: the rest is what is left.
    """
    met = snaps.edge >= 0
    arc = 2 * np.maximum(snaps.edge, 0)
    there, again = np.where(met, packed[arc], np.inf), np.where(met, packed[arc + 1], np.inf)
    along, back = _share(there, snaps.fraction), _share(again, snaps.fraction)
    origins = _entries(rank, graph.arrives, arc, _rest(there, along), back)
    destinations = _entries(rank, graph.reaches, arc, along, _rest(again, back))
    at_tail = met & (snaps.fraction == 0.0) & (graph.leaves[arc] == graph.arrives[arc + 1])
    at_head = met & (snaps.fraction == 1.0) & (graph.arrives[arc] == graph.leaves[arc + 1])
    for entries in (origins, destinations):
        entries.rank[at_tail] = rank[graph.leaves[arc[at_tail]]][:, None]
        entries.rank[at_head] = rank[graph.arrives[arc[at_head]]][:, None]
        entries.weight[at_tail | at_head] = 0.0
    return Located(origins=origins, destinations=destinations, along=along, back=back, at_junction=at_tail | at_head)


def _share(packed: FloatArray, fraction: FloatArray) -> FloatArray:
    """Return that share of packed weights, both parts rounded; ``inf`` stays."""
    possible = np.isfinite(packed)
    whole = np.where(possible, packed, 0.0)
    milliseconds = np.floor(whole / PACKED_MILLISECOND)
    decimetres = whole - milliseconds * PACKED_MILLISECOND
    part = np.rint(milliseconds * fraction) * PACKED_MILLISECOND + np.rint(decimetres * fraction)
    return np.where(possible, part, np.inf)


def _rest(whole: FloatArray, part: FloatArray) -> FloatArray:
    return np.where(np.isfinite(whole), whole - np.where(np.isfinite(part), part, 0.0), np.inf)


def _entries(rank: Integers, node: IntArray, arc: IntArray, first: FloatArray, second: FloatArray) -> Entries:
    ranks = np.column_stack([rank[node[arc]], rank[node[arc + 1]]]).astype(np.int32)
    weights = np.column_stack([first, second])
    possible = np.isfinite(weights)
    for side in (0, 1):
        impassable = ~possible[:, side]
        ranks[impassable, side] = ranks[impassable, 1 - side]
        weights[impassable, side] = weights[impassable, 1 - side]
    ranks[~possible.any(axis=1)] = -1
    return Entries(ranks, weights)


def same_edge_pairs(origins: Snaps, destinations: Snaps) -> tuple[IntArray, IntArray]:
    """Return all (origin, destination) numbers of points on one edge."""
    order = np.argsort(destinations.edge, kind="stable")
    edges = destinations.edge[order]
    begin = np.searchsorted(edges, origins.edge, side="left")
    count = np.where(origins.edge >= 0, np.searchsorted(edges, origins.edge, side="right") - begin, 0)
    offset = np.arange(count.sum()) - np.repeat(np.cumsum(count) - count, count)
    return np.repeat(np.arange(len(count)), count), order[np.repeat(begin, count) + offset]


def direct(origins: Snaps, start: Located, destinations: Snaps, end: Located, i: IntArray, j: IntArray) -> FloatArray:
    """Return the packed weights from origins ``i`` along their edge to destinations ``j``, ``inf`` if not possible."""
    forth, back = _rest(end.along[j], start.along[i]), _rest(start.back[i], end.back[j])
    ahead = origins.fraction[i] <= destinations.fraction[j]
    behind = origins.fraction[i] >= destinations.fraction[j]
    return np.minimum(np.where(ahead, forth, np.inf), np.where(behind, back, np.inf))
