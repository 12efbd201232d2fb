"""The graphs that other engines are given: the strongest component, and the same with its chains contracted."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from planner.kernels import kernel
from planner.network import RoadNetwork
from planner.network.edges import Edges
from planner.network.packed import unpack
from planner.network.restrictions import Bans

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]
NOWHERE = -1


@dataclass(frozen=True, kw_only=True)
class PlainGraph:
    """Arcs between junctions with seconds, without loops, parallel ones reduced to the fastest, sorted by tail and head."""

    nodes: int
    tail: Ints
    head: Ints
    seconds: Floats
    positions: Floats

    @classmethod
    def of(cls, positions: Floats, tail: Ints, head: Ints, seconds: Floats) -> PlainGraph:
        """Return the graph of the arcs that can be driven."""
        possible = np.isfinite(seconds) & (tail != head)
        tail, head, seconds = tail[possible], head[possible], seconds[possible]
        order = np.lexsort((seconds, head, tail))
        tail, head, seconds = tail[order], head[order], seconds[order]
        first = np.ones(len(order), dtype=np.bool_)
        first[1:] = (np.diff(tail) != 0) | (np.diff(head) != 0)
        return cls(
            nodes=len(positions), tail=tail[first], head=head[first], seconds=seconds[first], positions=positions
        )

    def part(self, kept: Flags) -> PlainGraph:
        """Return the graph of these nodes and the arcs between them, nodes numbered anew in the same order."""
        number = np.cumsum(kept) - 1
        inside = kept[self.tail] & kept[self.head]
        return PlainGraph(
            nodes=int(kept.sum()),
            tail=number[self.tail[inside]],
            head=number[self.head[inside]],
            seconds=self.seconds[inside],
            positions=self.positions[kept],
        )


def plain_graph(network: RoadNetwork) -> PlainGraph:
    """Return the junctions and arcs of a network; forbidden turns and turn costs are not in it."""
    edges = network.edges
    tail, head = np.column_stack([edges.tail, edges.head]).ravel(), np.column_stack([edges.head, edges.tail]).ravel()
    return PlainGraph.of(edges.junctions, tail, head, unpack(network.use.packed(edges))[0])


def largest_component(graph: PlainGraph) -> Flags:
    """Return the nodes of the strongly connected component with most nodes."""
    arcs = csr_array((np.ones(len(graph.tail), np.int8), (graph.tail, graph.head)), shape=(graph.nodes, graph.nodes))
    label = connected_components(arcs, directed=True, connection="strong")[1]
    return np.asarray(label == np.argmax(np.bincount(label)))


def contract(graph: PlainGraph, kept: Ints) -> tuple[PlainGraph, Ints]:
    """Return the strongest component with every chain as one arc, and the new number of each node (-1 if it is gone).

    A node that is not in ``kept`` and has two neighbours is no place to choose at: its arcs are joined to one, and their
    seconds added up. Of parallel arcs the fastest stays, which makes new chains: it is done until there are none.
    """
    inside = largest_component(graph)
    must = np.zeros(graph.nodes, dtype=np.bool_)
    must[kept] = True
    number = np.where(inside, np.cumsum(inside) - 1, NOWHERE)
    graph, must = graph.part(inside), must[inside]
    while True:
        joints = (_neighbours(graph) == 2) & ~must
        if not joints.any():
            return graph, number
        first = np.searchsorted(graph.tail, np.arange(graph.nodes + 1))
        ends, seconds = follow(first, graph.head, graph.seconds, joints)
        starts = ~joints[graph.tail] & (ends != NOWHERE)
        whole = PlainGraph.of(graph.positions, graph.tail[starts], ends[starts], seconds[starts])
        graph, must = whole.part(~joints), must[~joints]
        new = np.append(np.where(joints, NOWHERE, np.cumsum(~joints) - 1), NOWHERE)
        number = new[number]


def _neighbours(graph: PlainGraph) -> Ints:
    """Return how many neighbours each node has, whatever the direction."""
    low, high = np.minimum(graph.tail, graph.head), np.maximum(graph.tail, graph.head)
    pair = np.unique(low * graph.nodes + high)
    return np.bincount(np.concatenate([pair // graph.nodes, pair % graph.nodes]), minlength=graph.nodes)


@kernel
def follow(first: Ints, head: Ints, seconds: Floats, joints: Flags) -> tuple[Ints, Floats]:
    """Return where the chain that begins with each arc ends, -1 if it leads nowhere else, and its seconds."""
    ends, whole = np.full(len(head), -1, np.int64), seconds.copy()
    for start in range(len(first) - 1):
        if joints[start]:
            continue
        for i in range(first[start], first[start + 1]):
            before, here = start, head[i]
            while here >= 0 and joints[here]:
                ahead = -1
                for j in range(first[here], first[here + 1]):
                    if head[j] != before:
                        ahead = j
                if ahead < 0:
                    here = -1
                    continue
                whole[i] += seconds[ahead]
                before, here = here, head[ahead]
            ends[i] = here if here != start else -1
    return ends, whole


def drivable(edges: Edges, kept: Flags) -> Edges:
    """Return these edges only, without forbidden turns; junctions that no edge meets are left out."""
    counts = np.diff(edges.first)
    met = np.zeros(len(edges.junctions), dtype=np.bool_)
    met[edges.tail[kept]] = met[edges.head[kept]] = True
    number = np.cumsum(met) - 1
    return replace(
        edges,
        junctions=edges.junctions[met],
        tail=number[edges.tail[kept]],
        head=number[edges.head[kept]],
        first=np.concatenate([[0], np.cumsum(counts[kept])]).astype(np.int64),
        coordinates=edges.coordinates[np.repeat(kept, counts)],
        length_m=edges.length_m[kept],
        way=edges.way[kept],
        kind=edges.kind[kept],
        banned=Bans.of({}),
    )
