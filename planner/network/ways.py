"""The way between two points: its time, length and line."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from planner.network.edges import Edges, segment_lengths_m
from planner.network.entries import direct
from planner.network.hierarchy import Hierarchy
from planner.network.kernels import Integers
from planner.network.kernels.sweep import Entries
from planner.network.matrix import Ends
from planner.network.packed import unpack
from planner.network.turns import Graph
from planner.units import FloatArray

_SAME_DEGREES = 2e-6  # points of a line nearer than this, some 20 cm, are drawn as one


@dataclass(frozen=True, slots=True, kw_only=True)
class FastestWay:
    """The fastest way by road from where one point meets it to where another does, shape of ``line`` (k, 2), (lon, lat)."""

    duration_s: float
    distance_m: float
    line: FloatArray


def find_way(
    edges: Edges, graph: Graph, hierarchy: Hierarchy, ends: Ends, origin: int, destination: int
) -> FastestWay | None:
    """Return the fastest way by road between two points, without the access to it; None if there is none."""
    snaps, located = ends.snaps, ends.located
    weight, arcs, enters, leaves = hierarchy.way(located.origins, origin, located.destinations, destination)
    if snaps.edge[origin] == snaps.edge[destination]:
        one, other = np.array([origin]), np.array([destination])
        straight = float(direct(snaps, located, snaps, located, one, other)[0])
        if straight <= weight and np.isfinite(straight):
            line = _stretch(edges, int(snaps.edge[origin]), snaps.fraction[origin], snaps.fraction[destination])
            return _way(straight, line)
    if not np.isfinite(weight):
        return None
    first = _stretch(
        edges, int(snaps.edge[origin]), snaps.fraction[origin], _gate(ends, located.origins, origin, enters, 1.0)
    )
    last = _stretch(
        edges,
        int(snaps.edge[destination]),
        _gate(ends, located.destinations, destination, leaves, 0.0),
        snaps.fraction[destination],
    )
    return _way(weight, np.concatenate([first, _along(edges, _driven(graph, arcs)), last]))


def _way(weight: float, line: FloatArray) -> FastestWay:
    seconds, metres = unpack(np.array([weight]))
    moved = np.ones(len(line), dtype=np.bool_)
    moved[1:] = np.any(np.abs(np.diff(line, axis=0)) > _SAME_DEGREES, axis=1)
    return FastestWay(duration_s=float(seconds[0]), distance_m=float(metres[0]), line=line[moved])


def _gate(ends: Ends, entries: Entries, point: int, rank: int, along: float) -> float:
    """Return the fraction of a point's edge where a way enters the graph (or leaves it) at this rank.

    ``along`` is that of the end by which ways along the edge go; ways back go by the other.
    """
    located = ends.located
    if located.at_junction[point]:
        return float(ends.snaps.fraction[point])
    if not np.isfinite(located.along[point]):
        return 1.0 - along
    if not np.isfinite(located.back[point]):
        return along
    back = np.argmin(np.where(entries.rank[point] == rank, entries.weight[point], np.inf))
    return 1.0 - along if back else along


def _driven(graph: Graph, arcs: Integers) -> Integers:
    """Return the arcs of the edges among the graph's arcs, copies by what they are copies of, without the turns."""
    count = len(graph.reaches)
    along = arcs[arcs < len(graph.leaves)]
    copies = along >= count
    along[copies] = graph.copied[along[copies] - count]
    return along


def _along(edges: Edges, arcs: Integers) -> FloatArray:
    """Return the points of the arcs' lines in the order of travel, shape (k, 2)."""
    edge, back = arcs // 2, arcs % 2 == 1
    count = edges.first[edge + 1] - edges.first[edge]
    begin = np.where(back, edges.first[edge + 1] - 1, edges.first[edge])
    offset = np.arange(count.sum()) - np.repeat(np.cumsum(count) - count, count)
    points: FloatArray = edges.coordinates[np.repeat(begin, count) + np.repeat(np.where(back, -1, 1), count) * offset]
    return points


def _stretch(edges: Edges, edge: int, start: float, end: float) -> FloatArray:
    """Return the part of an edge's line between two fractions of its length, in the direction of travel."""
    line = edges.line(edge)
    along = np.concatenate([[0.0], np.cumsum(segment_lengths_m(line))])
    along /= along[-1] or 1.0
    low, high = sorted((start, end))
    inside = (along > low) & (along < high)
    ends = [[np.interp(at, along, line[:, 0]), np.interp(at, along, line[:, 1])] for at in (low, high)]
    part = np.concatenate([[ends[0]], line[inside], [ends[1]]])
    return part if start <= end else part[::-1]


def without_ends(line: FloatArray, start: tuple[float, float], end: tuple[float, float]) -> FloatArray:
    """Return the line without those of its ends that are ``start`` or ``end`` themselves."""
    first = int(np.abs(line[0] - start).max() < _SAME_DEGREES)
    last = len(line) - int(np.abs(line[-1] - end).max() < _SAME_DEGREES)
    return line[first:last]
