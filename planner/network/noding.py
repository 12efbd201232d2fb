"""Drawn lines → ways that share nodes where they meet.

Vertices of the same position are one node. An end within the tolerance of another end, or of a vertex, is one node with it;
ends that lie in a chain, each near the next, are all one. A line on whose course an end lies, between two vertices, has a
vertex there, too. Lines that cross without an end of either or a vertex of both there stay apart, as a bridge does.
"""

from __future__ import annotations

import numpy as np
import shapely
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components
from scipy.spatial import cKDTree

from planner.model.drawn_roads import DrawnRoads
from planner.network.osm import Ways
from planner.units import FloatArray, IntArray

_SAME_DEGREES = 1e-7
"""A centimetre: what a position is rounded to by most writers."""
_METRES_PER_DEGREE = 111_195.0


def node_roads(roads: DrawnRoads) -> Ways:
    """Return the lines as ways; the number of a way is that of the feature it was drawn as."""
    coordinates, counts = _with_ends_on_them(roads)
    first = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
    node = _nodes(coordinates, first, roads.tolerance_m)
    _, at, again = np.unique(node, return_index=True, return_inverse=True)
    coordinates = coordinates[at][again.ravel()]  # what is one node lies in one place, that of its first vertex
    number: dict[tuple[tuple[str, str], ...], int] = {}
    kind = [number.setdefault(tuple(sorted(tags.items())), len(number)) for tags in roads.tags]
    way = np.repeat(np.arange(len(counts)), counts)
    fresh = np.ones(len(node), dtype=np.bool_)  # a node named twice in a row is one node
    fresh[1:] = (node[1:] != node[:-1]) | (way[1:] != way[:-1])
    left = np.bincount(way[fresh], minlength=len(counts))
    whole = left > 1
    fresh &= whole[way]
    return Ways(
        ids=np.array(roads.numbers, dtype=np.int64)[whole],
        kind=np.array(kind, dtype=np.int64)[whole],
        kinds=tuple(dict(tags) for tags in number),
        first=np.concatenate([[0], np.cumsum(left[whole])]).astype(np.int64),
        node_ids=node[fresh] + 1,
        coordinates=coordinates[fresh],
    )


def _with_ends_on_them(roads: DrawnRoads) -> tuple[FloatArray, IntArray]:
    """Return the vertices of all lines, with one more wherever an end lies on a line's course, and how many each has."""
    counts = np.array([len(line) for line in roads.lines], dtype=np.int64)
    coordinates = np.concatenate(roads.lines).astype(np.float64)
    line = np.repeat(np.arange(len(counts)), counts)
    metres, ends = _metres(coordinates), np.concatenate([np.cumsum(counts) - counts, np.cumsum(counts) - 1])
    begin = np.flatnonzero(line[:-1] == line[1:])  # the segments, each by its first vertex
    near_m = max(roads.tolerance_m, _SAME_DEGREES * _METRES_PER_DEGREE)
    segments = np.asarray(shapely.linestrings(np.stack([metres[begin], metres[begin + 1]], axis=1)))
    end, segment = shapely.STRtree(segments).query(shapely.points(metres[ends]), predicate="dwithin", distance=near_m)
    end, start = ends[end], begin[segment]
    from_start, from_end = metres[end] - metres[start], metres[end] - metres[start + 1]
    inside = np.minimum(np.hypot(*from_start.T), np.hypot(*from_end.T)) > near_m  # else it is one with a vertex anyway
    end, start, from_start = end[inside], start[inside], from_start[inside]
    along = (from_start * (metres[start + 1] - metres[start])).sum(axis=1)
    order = np.lexsort((along, start))
    end, start = end[order], start[order]
    counts += np.bincount(line[start], minlength=len(counts))
    return np.insert(coordinates, start + 1, coordinates[end], axis=0), counts


def _metres(coordinates: FloatArray) -> FloatArray:
    narrow = np.cos(np.radians(np.median(coordinates[:, 1])))
    metres: FloatArray = coordinates * (_METRES_PER_DEGREE * narrow, _METRES_PER_DEGREE)
    return metres


def _nodes(coordinates: FloatArray, first: IntArray, tolerance_m: float) -> IntArray:
    """Return the node of each vertex."""
    _, node = np.unique(np.rint(coordinates / _SAME_DEGREES).astype(np.int64), axis=0, return_inverse=True)
    node = node.ravel().astype(np.int64)
    if tolerance_m <= 0:
        return node
    metres = _metres(coordinates)
    ends = np.unique(np.concatenate([first[:-1], first[1:] - 1]))
    pairs = cKDTree(metres[ends]).sparse_distance_matrix(cKDTree(metres), tolerance_m, output_type="coo_matrix")
    a, b = node[ends[pairs.row]], node[pairs.col]
    count = int(node.max()) + 1
    near = csr_array((np.ones(len(a), dtype=np.int8), (a, b)), shape=(count, count))
    joined: IntArray = connected_components(near, directed=False)[1].astype(np.int64)[node]
    return joined
