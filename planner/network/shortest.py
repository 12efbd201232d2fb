"""Fastest ways between points set into the graph: scipy's Dijkstra, with the length of each fastest way."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from planner.network.osm import Edges
from planner.network.snap import Snaps
from planner.units import BoolArray, FloatArray, IntArray

ORIGINS_AT_ONCE = 128  # keeps (origins, nodes) tables of a province below a few hundred megabytes
_NO_TIME_S = 1e-6  # two points at one place of an edge: scipy takes a stored zero for an edge only in some formats


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """Part of an edge as an arc goes along it: from one fraction of its length to another (falling = backward)."""

    edge: int
    start: float
    end: float


@dataclass(frozen=True, kw_only=True)
class Graph:
    """Arcs between junctions and points: edges are cut where points meet them.

    Node ``i`` is junction ``i``, or point ``i - junctions``. Of arcs between the same two nodes the fastest is kept
    (scipy would add them up).
    """

    junctions: int
    points: int
    tail: IntArray
    head: IntArray
    duration_s: FloatArray
    length_m: FloatArray
    edge: IntArray
    start: FloatArray
    end: FloatArray

    @classmethod
    def of(cls, edges: Edges, usable: BoolArray, snaps: Snaps) -> Graph:
        """Return the graph of the usable edges with all snapped points set into them."""
        met = np.flatnonzero(snaps.edge >= 0)
        cut_edges = np.unique(snaps.edge[met])
        whole = np.setdiff1d(np.flatnonzero(usable), cut_edges)
        tails, heads, on, starts, ends = (
            [edges.tail[whole]],
            [edges.head[whole]],
            [whole],
            [np.zeros(len(whole))],
            [np.ones(len(whole))],
        )
        junctions = len(edges.junctions)
        for edge in cut_edges:
            here = met[snaps.edge[met] == edge]
            here = here[np.argsort(snaps.fraction[here], kind="stable")]
            nodes = np.concatenate([[edges.tail[edge]], junctions + here, [edges.head[edge]]])
            fractions = np.concatenate([[0.0], snaps.fraction[here], [1.0]])
            tails.append(nodes[:-1])
            heads.append(nodes[1:])
            on.append(np.full(len(nodes) - 1, edge))
            starts.append(fractions[:-1])
            ends.append(fractions[1:])
        tail, head, edge_of = np.concatenate(tails), np.concatenate(heads), np.concatenate(on)
        start, end = np.concatenate(starts), np.concatenate(ends)
        part = end - start
        both = {
            "tail": np.concatenate([tail, head]),
            "head": np.concatenate([head, tail]),
            "duration_s": np.concatenate(
                [_share(edges.forward_s[edge_of], part), _share(edges.backward_s[edge_of], part)]
            ),
            "length_m": np.tile(edges.length_m[edge_of] * part, 2),
            "edge": np.tile(edge_of, 2),
            "start": np.concatenate([start, end]),
            "end": np.concatenate([end, start]),
        }
        return cls(junctions=junctions, points=len(snaps.edge), **_fastest(both))

    @property
    def nodes(self) -> int:
        """How many nodes there are."""
        return self.junctions + self.points

    @cached_property
    def _times(self) -> csr_array:
        return csr_array((self.duration_s, (self.tail, self.head)), shape=(self.nodes, self.nodes))

    @cached_property
    def _keys(self) -> IntArray:
        return self.tail * self.nodes + self.head

    def arc(self, tail: IntArray, head: IntArray) -> IntArray:
        """Return the numbers of the arcs between these nodes, which must exist."""
        found: IntArray = np.searchsorted(self._keys, tail * self.nodes + head)
        return found

    def tree(self, origins: IntArray) -> tuple[FloatArray, IntArray]:
        """Return durations and predecessors (negative = none) from points to all nodes, shapes (origins, nodes)."""
        durations, before = dijkstra(self._times, indices=self.junctions + origins, return_predecessors=True)
        return durations, before.astype(np.int64)

    def between(self, origins: IntArray, destinations: IntArray) -> tuple[FloatArray, FloatArray]:
        """Return seconds and metres of the fastest ways between points, shapes (origins, destinations)."""
        durations = np.full((len(origins), len(destinations)), np.inf)
        metres = np.full_like(durations, np.inf)
        columns = self.junctions + destinations
        for begin in range(0, len(origins), ORIGINS_AT_ONCE):
            rows = slice(begin, begin + ORIGINS_AT_ONCE)
            seconds, before = self.tree(origins[rows])
            durations[rows] = seconds[:, columns]
            metres[rows] = self._lengths(before)[:, columns]
        metres[~np.isfinite(durations)] = np.inf
        return durations, metres

    def _lengths(self, before: IntArray) -> FloatArray:
        """Return metres from each origin to every node along the tree, by doubling the step up the tree."""
        nodes = np.arange(self.nodes)
        metres = np.zeros(before.shape)
        for row, parents in enumerate(before):
            rooted = parents >= 0
            up = np.where(rooted, parents, nodes)
            length = np.zeros(self.nodes)
            length[rooted] = self.length_m[self.arc(parents[rooted], nodes[rooted])]
            while not np.array_equal(up, up[up]):
                length += length[up]
                up = up[up]
            metres[row] = length
        return metres

    def way(self, before: IntArray, destination: int) -> list[Piece]:
        """Return the pieces of edges from a tree's origin to a point, in driving order; ``before`` is (nodes,)."""
        node = self.junctions + destination
        pieces: list[Piece] = []
        while before[node] >= 0:
            parent = int(before[node])
            arc = int(self.arc(np.array([parent]), np.array([node]))[0])
            pieces.append(Piece(edge=int(self.edge[arc]), start=float(self.start[arc]), end=float(self.end[arc])))
            node = parent
        return pieces[::-1]


def _share(duration_s: FloatArray, part: FloatArray) -> FloatArray:
    """Return that part of each duration; a direction that is not allowed stays so for a part of length 0 too."""
    allowed = np.isfinite(duration_s)
    return np.where(allowed, np.where(allowed, duration_s, 0.0) * part, np.inf)


def _fastest(arcs: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Keep the arcs that can be driven, sorted by tail and head, of parallel ones the fastest, then the shortest."""
    possible = np.isfinite(arcs["duration_s"]) & (arcs["tail"] != arcs["head"])
    arcs = {name: column[possible] for name, column in arcs.items()}
    order = np.lexsort((arcs["length_m"], arcs["duration_s"], arcs["head"], arcs["tail"]))
    arcs = {name: column[order] for name, column in arcs.items()}
    first = np.ones(len(order), dtype=np.bool_)
    first[1:] = (np.diff(arcs["tail"]) != 0) | (np.diff(arcs["head"]) != 0)
    kept = {name: column[first] for name, column in arcs.items()}
    kept["duration_s"] = np.maximum(kept["duration_s"], _NO_TIME_S)
    return kept
