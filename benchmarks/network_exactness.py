"""The network's answers against scipy's Dijkstra, for places in the middle of edges, forbidden turns and turn costs heeded.

The reference shares with the engine only the edges, their rounded weights and the table of turn costs. Without turns its
nodes are junctions; with them each arc has a node where it starts and one where it ends, and every turn is an arc.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from planner.network import RoadNetwork
from planner.network.edges import Edges
from planner.network.entries import locate
from planner.network.matrix import Ends, dense
from planner.network.packed import PACKED_MILLISECOND, unpack
from planner.network.profiles import load_profile, load_turn_costs
from planner.network.restrictions import Bans
from planner.network.snap import Snaps

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
AT_ONCE = 20  # rows of distances to all nodes that are held in memory
FAR_APART_M = 1e4


@dataclass(frozen=True, kw_only=True)
class Turns:
    """Pairs of arcs, the one that arrives and the one that leaves, and the milliseconds between them."""

    arriving: Ints
    leaving: Ints
    ms: Floats


@dataclass(frozen=True, kw_only=True)
class Places:
    """Places on edges, ``fraction`` of the way from tail to head, away from both ends."""

    edge: Ints
    fraction: Floats


@dataclass(frozen=True, kw_only=True)
class Compared:
    """How far the answers are from the reference, and between how many pairs."""

    rows: int
    columns: int
    max_abs_diff_s: float
    max_abs_diff_m: float


def compare(network: RoadNetwork, rows: int, columns: int, seed: int) -> Compared:
    """Return the largest differences over ``rows`` sampled origins to ``columns`` sampled destinations.

    An unreached pair counts as 0 where both say so, else as ``inf``. What is forbidden over via ways the reference does not
    know: see `without_via_ways`.
    """
    rng = np.random.default_rng(seed)
    inside = np.flatnonzero(network.main)
    edge = rng.choice(inside, max(rows, columns))
    places = Places(edge=edge, fraction=rng.uniform(0.05, 0.95, len(edge)))
    seconds, metres = ours(network, places)
    packed = network.use.packed(network.edges)
    turned = network.roads.turn_costs or len(network.edges.banned) > 0
    bit = load_profile(network.vehicle, network.season).bit
    turns = turns_of(network.edges, bit, costs=network.roads.turn_costs) if turned else None
    wanted_s, wanted_m = unpack(reference(network.edges, packed, places, rows, turns))
    return Compared(
        rows=rows,
        columns=len(edge),
        max_abs_diff_s=apart(seconds[:rows], wanted_s),
        max_abs_diff_m=apart(metres[:rows], wanted_m),
    )


def apart(found: Floats, wanted: Floats) -> float:
    """Return the largest difference of two tables, 0 where both have no way."""
    with np.errstate(invalid="ignore"):
        difference = np.abs(found - wanted)
    difference[np.isinf(found) & np.isinf(wanted)] = 0.0
    return float(difference.max())


def ours(network: RoadNetwork, places: Places) -> tuple[Floats, Floats]:
    """Return the product's seconds and metres between all places, as for points that lie on the road."""
    count = len(places.edge)
    snaps = Snaps(
        edge=places.edge,
        fraction=places.fraction,
        access_m=np.zeros(count),
        reasons={},
        xy=np.arange(2.0 * count).reshape(-1, 2) * FAR_APART_M,  # so that nobody walks
    )
    located = locate(snaps, network.roads.graph, network.use.packed(network.edges), network.roads.topology.rank)
    ends = Ends(snaps=snaps, located=located)
    return dense(network.hierarchy, ends, ends, access_cap_m=0.0, access_speed_kph=4.0, threads=1)


def without_via_ways(network: RoadNetwork) -> RoadNetwork:
    """Return the network without what is forbidden over via ways, itself if nothing is.

    The reference knows pairs of arcs (the tests know all).
    """
    pairs = {sequence: binds for sequence, binds in network.edges.banned if len(sequence) == 2}
    if len(pairs) == len(network.edges.banned):
        return network
    roads = replace(network.roads, edges=replace(network.edges, banned=Bans.of(pairs)))
    return replace(network, roads=roads)


def turns_of(edges: Edges, bit: int, *, costs: bool, back_at_joints: bool = True) -> Turns:
    """Return all turns that are not forbidden for a bit; without ``back_at_joints`` one turns back at dead ends only."""
    start, end = np.column_stack([edges.tail, edges.head]).ravel(), np.column_stack([edges.head, edges.tail]).ravel()
    by_start = np.argsort(start, kind="stable")
    begin = np.searchsorted(start[by_start], end, side="left")
    count = np.searchsorted(start[by_start], end, side="right") - begin
    arriving = np.repeat(np.arange(len(end)), count)
    leaving = by_start[np.arange(len(arriving)) - np.repeat(np.cumsum(count) - count - begin, count)]
    roads = np.bincount(start, minlength=len(edges.junctions))[end[arriving]]
    forbidden = {sequence for sequence, binds in edges.banned if binds & bit}
    allowed = np.array([pair not in forbidden for pair in zip(arriving.tolist(), leaving.tolist(), strict=True)])
    if not back_at_joints:
        allowed &= (leaving != (arriving ^ 1)) | (roads == 1)
    arriving, leaving, roads = arriving[allowed], leaving[allowed], roads[allowed]
    ms = _turn_ms(edges, arriving, leaving, roads) if costs else np.zeros(len(arriving))
    return Turns(arriving=arriving, leaving=leaving, ms=ms)


def _turn_ms(edges: Edges, arriving: Ints, leaving: Ints, roads: Ints) -> Floats:
    """Return what turns cost by the angle between the direction one comes from and the one one leaves in."""
    table = load_turn_costs()
    right = (_bearing(edges, leaving) - (_bearing(edges, arriving ^ 1) + 180) + 540) % 360 - 180
    seconds = np.where(right > 0, table.right_s, table.left_s)
    seconds = np.where(np.abs(right) <= table.straight_deg, table.straight_s, seconds)
    seconds = np.where(leaving == (arriving ^ 1), table.back_s, seconds)
    return np.where(roads < 3, 0.0, seconds * 1000)


def _bearing(edges: Edges, arcs: Ints) -> Floats:
    """Return the compass bearing, degrees, with which each arc leaves the junction it starts at."""
    edge, back = arcs >> 1, arcs & 1
    here = np.where(back == 1, edges.first[edge + 1] - 1, edges.first[edge])
    step = edges.coordinates[here + 1 - 2 * back] - edges.coordinates[here]
    return np.degrees(np.arctan2(step[:, 0] * np.cos(np.radians(edges.coordinates[here, 1])), step[:, 1]))


def reference(edges: Edges, packed: Floats, places: Places, rows: int, turns: Turns | None) -> Floats:
    """Return packed weights from the first ``rows`` places to all of them by Dijkstra's algorithm."""
    arcs = len(packed)
    if turns is None:
        starts = np.column_stack([edges.tail, edges.head]).ravel()
        ends = np.column_stack([edges.head, edges.tail]).ravel()
        nodes, tail, head, weight = len(edges.junctions), starts, ends, packed
    else:
        starts, ends, nodes = np.arange(arcs), arcs + np.arange(arcs), 2 * arcs
        tail = np.concatenate([starts, ends[turns.arriving]])
        head = np.concatenate([ends, starts[turns.leaving]])
        weight = np.concatenate([packed, turns.ms * PACKED_MILLISECOND])
    before, after = _parts(packed, places)
    arc = 2 * places.edge[:, None] + np.array([0, 1])
    graph = _matrix(
        nodes + rows,
        np.concatenate([tail, nodes + np.repeat(np.arange(rows), 2)]),
        np.concatenate([head, ends[arc[:rows]].ravel()]),
        np.concatenate([weight, after[:rows].ravel()]),
    )
    found = np.empty((rows, len(arc)))
    for begin in range(0, rows, AT_ONCE):
        some = np.arange(begin, min(begin + AT_ONCE, rows))
        reached = dijkstra(graph, indices=nodes + some)
        found[some] = (reached[:, starts[arc]] + before).min(axis=2)
    for row in range(rows):
        for column in np.flatnonzero(places.edge == places.edge[row]).tolist():
            ahead = places.fraction[column] - places.fraction[row]
            for side in (0, 1):
                if (ahead >= 0 if side == 0 else ahead <= 0) and np.isfinite(before[row, side]):
                    found[row, column] = min(found[row, column], before[column, side] - before[row, side])
    return found


def _parts(packed: Floats, places: Places) -> tuple[Floats, Floats]:
    """Return the weights of each place's arcs before it and after it, shape (places, 2).

    Milliseconds and decimetres from the edge's tail are rounded; the stretch to its head is what is left.
    """
    arc = 2 * places.edge[:, None] + np.array([0, 1])
    seconds, metres = unpack(packed[arc])
    can = np.isfinite(seconds)
    ms, dm = np.rint(np.where(can, seconds, 0) * 1000), np.rint(np.where(can, metres, 0) * 10)
    share = np.rint(ms * places.fraction[:, None]) * PACKED_MILLISECOND + np.rint(dm * places.fraction[:, None])
    whole = ms * PACKED_MILLISECOND + dm
    near = np.where(can, share, np.inf)
    far = np.where(can, whole - share, np.inf)
    return np.column_stack([near[:, 0], far[:, 1]]), np.column_stack([far[:, 0], near[:, 1]])


def _matrix(nodes: int, tail: Ints, head: Ints, weight: Floats) -> csr_array:
    """Return the arcs that can be driven as a sparse matrix; parallel ones, which scipy would add up, by the fastest."""
    can = np.isfinite(weight)
    tail, head, weight = tail[can], head[can], weight[can]
    order = np.lexsort((weight, head, tail))
    tail, head, weight = tail[order], head[order], weight[order]
    least = np.ones(len(order), dtype=np.bool_)
    least[1:] = (np.diff(tail) != 0) | (np.diff(head) != 0)
    return csr_array((weight[least], (tail[least], head[least])), shape=(nodes, nodes))
