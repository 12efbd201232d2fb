"""The graph's hierarchy: node order and arcs once for all profiles, weights for each profile.

Customizable contraction hierarchies with a nested-dissection order by inertial flow (`planner.network.node_order`).
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from planner.network.kernels import Integers
from planner.network.kernels.customize import Arcs, Customized, customize, prune
from planner.network.kernels.elimination import Upward, eliminate, find_arcs
from planner.network.kernels.path import Climbed, trace
from planner.network.kernels.sweep import LANES, Downward, Entries, many_to_many, one_to_all, restrict
from planner.network.node_order import node_order
from planner.units import BoolArray, FloatArray, IntArray


@dataclass(frozen=True, kw_only=True)
class Topology:
    """What all weights share: the rank of each node, the hierarchy's arcs, and where each input arc lies in it."""

    rank: Integers
    upward: Upward
    slot: Integers
    rises: BoolArray


def build_topology(positions: FloatArray, tail: Integers, head: Integers) -> Topology:
    """Return the hierarchy of a graph with these arcs; nodes have (lon, lat) positions, shape (nodes, 2)."""
    nodes = len(positions)
    order = node_order(*_adjacency(nodes, tail, head), positions)
    rank = np.empty(nodes, dtype=np.int32)
    rank[order] = np.arange(nodes, dtype=np.int32)
    upward = eliminate(*_adjacency(nodes, rank[tail], rank[head]))
    return Topology(
        rank=rank,
        upward=upward,
        slot=find_arcs(upward.first, upward.head, rank[tail], rank[head]),
        rises=rank[tail] < rank[head],
    )


def _adjacency(nodes: int, tail: Integers, head: Integers) -> tuple[Integers, Integers]:
    """Return the neighbours of each node, whatever the direction, without loops and repetitions."""
    pair = np.unique(np.minimum(tail, head).astype(np.int64) * nodes + np.maximum(tail, head))
    low, high = pair // nodes, pair % nodes
    low, high = low[low != high], high[low != high]
    ends = np.concatenate([low, high])
    order = np.argsort(ends, kind="stable")
    first = np.concatenate([[0], np.cumsum(np.bincount(ends, minlength=nodes))])
    return first.astype(np.int32), np.concatenate([high, low])[order].astype(np.int32)


@dataclass(frozen=True, kw_only=True)
class Hierarchy:
    """A topology with the weights of one profile; make it with `weigh`."""

    topology: Topology
    made: Customized
    up: Arcs
    down: Arcs

    @cached_property
    def _working(self) -> tuple[Climbed, Climbed]:
        count = len(self.topology.rank)
        forth, back = (Climbed(np.full(count, np.inf), np.full(count, -1, np.int32)) for _ in range(2))
        return forth, back

    def restricted(self, destinations: Entries) -> Downward:
        """Return the downward arcs that lead to these destinations, to be used for many origins."""
        return restrict(self.down, destinations.rank.ravel())

    def weights(self, origins: Entries, destinations: Entries, *, down: Downward, threads: int) -> FloatArray:
        """Return packed weights from all origins to all destinations, shape (origins, destinations)."""
        out = np.empty((len(origins.rank), len(destinations.rank)))
        parent = self.topology.upward.parent
        _in_blocks(
            origins,
            threads,
            lambda order: many_to_many(self.up, parent, down, origins, order, destinations, out),
        )
        return out

    def from_point(self, origins: Entries, point: int) -> FloatArray:
        """Return packed weights from one point to every node of the graph, shape (nodes,)."""
        found = one_to_all(self.up, self.down, self.topology.upward.parent, origins, point)
        return found[self.topology.rank]

    def way(
        self, origins: Entries, origin: int, destinations: Entries, destination: int
    ) -> tuple[float, Integers, int, int]:
        """Return packed weight, input arcs, first rank and last rank of the fastest way between two points."""
        forth, back = self._working
        return trace(
            self.topology.upward,
            self.made,
            self.up,
            self.down,
            origins,
            origin,
            destinations,
            destination,
            forth,
            back,
        )


def weigh(topology: Topology, weight: FloatArray) -> Hierarchy:
    """Return the hierarchy with packed weights of the input arcs (``inf`` = cannot be driven)."""
    made = customize(topology.upward, topology.slot, topology.rises, weight)
    up, down = prune(topology.upward, made.up, made.down)
    return Hierarchy(topology=topology, made=made, up=up, down=down)


def _in_blocks(origins: Entries, threads: int, run: Callable[[IntArray], None]) -> None:
    """Run for all origins, near ones side by side; blocks do not depend on the number of threads, nor do the results."""
    order = np.argsort(origins.rank[:, 0], kind="stable")
    if threads == 1:
        run(order)
        return
    share = -(-len(order) // (threads * LANES)) * LANES
    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(run, [order[i : i + share] for i in range(0, len(order), share)]))
