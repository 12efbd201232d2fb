"""Drawn lines → ways that share nodes where they meet.

Vertices of the same position are one node. An end within the tolerance of another end, or of a vertex, is one node with it;
ends that lie in a chain, each near the next, are all one. Lines that cross without a vertex of both there stay apart, as a
bridge does.
"""

from __future__ import annotations

import numpy as np
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
    counts = np.array([len(line) for line in roads.lines], dtype=np.int64)
    coordinates = np.concatenate(roads.lines).astype(np.float64)
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


def _nodes(coordinates: FloatArray, first: IntArray, tolerance_m: float) -> IntArray:
    """Return the node of each vertex."""
    _, node = np.unique(np.rint(coordinates / _SAME_DEGREES).astype(np.int64), axis=0, return_inverse=True)
    node = node.ravel().astype(np.int64)
    if tolerance_m <= 0:
        return node
    narrow = np.cos(np.radians(np.median(coordinates[:, 1])))
    metres = coordinates * (_METRES_PER_DEGREE * narrow, _METRES_PER_DEGREE)
    ends = np.unique(np.concatenate([first[:-1], first[1:] - 1]))
    pairs = cKDTree(metres[ends]).sparse_distance_matrix(cKDTree(metres), tolerance_m, output_type="coo_matrix")
    a, b = node[ends[pairs.row]], node[pairs.col]
    count = int(node.max()) + 1
    near = csr_array((np.ones(len(a), dtype=np.int8), (a, b)), shape=(count, count))
    joined: IntArray = connected_components(near, directed=False)[1].astype(np.int64)[node]
    return joined
