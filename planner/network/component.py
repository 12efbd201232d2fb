"""The part of the roads in which every place reaches every other and comes back."""

from __future__ import annotations

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from planner.network.roads import Roads
from planner.units import BoolArray, FloatArray


def strongest_component(roads: Roads, packed: FloatArray) -> BoolArray:
    """Return the edges within the strongly connected component of most road length, forbidden turns heeded.

    ``packed`` are the weights of the arcs, ``inf`` where they cannot be driven.
    """
    graph, edges = roads.graph, roads.edges
    possible = np.isfinite(packed)
    tail = np.concatenate([graph.leaves[possible], graph.turn_tail])
    head = np.concatenate([graph.arrives[possible], graph.turn_head])
    arcs = csr_array((np.ones(len(tail), dtype=np.int8), (tail, head)), shape=(graph.nodes, graph.nodes))
    components, label = connected_components(arcs, directed=True, connection="strong")
    within = possible & (label[graph.leaves] == label[graph.arrives])
    length = np.repeat(edges.length_m, 2)
    lengths = np.bincount(label[graph.leaves[within]], weights=length[within], minlength=components)
    inside = within & (label[graph.leaves] == int(np.argmax(lengths)))
    chosen: BoolArray = inside[0::2] | inside[1::2]
    return chosen
