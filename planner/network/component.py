"""The part of the roads in which every place reaches every other and comes back."""

from __future__ import annotations

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from planner.network.roads import Roads
from planner.units import BoolArray, FloatArray


def strongest_component(roads: Roads, packed: FloatArray, bits: int) -> BoolArray:
    """Return the edges within the strongly connected component of most road length, forbidden turns heeded.

    ``packed`` are the weights of the arcs, ``inf`` where they cannot be driven; ``bits`` are those of a vehicle in a season,
    or in all of them (`planner.network.turns.Graph.weight`). An arc is within if it or one of its copies is: from where a
    copy leads, the arc itself leads, too.
    """
    graph, edges = roads.graph, roads.edges
    possible = np.isfinite(graph.weight(packed, bits))
    tail, head = graph.tail[possible], graph.head[possible]
    arcs = csr_array((np.ones(len(tail), dtype=np.int8), (tail, head)), shape=(graph.nodes, graph.nodes))
    components, label = connected_components(arcs, directed=True, connection="strong")
    base, start = graph.base, label[graph.leaves]
    within = possible[: len(base)] & (start == label[graph.arrives])
    length = np.repeat(edges.length_m, 2)[base]
    lengths = np.bincount(start[within], weights=length[within], minlength=components)
    inside = np.zeros(len(packed), dtype=np.bool_)
    inside[base[within & (start == int(np.argmax(lengths)))]] = True
    chosen: BoolArray = inside[0::2] | inside[1::2]
    return chosen
