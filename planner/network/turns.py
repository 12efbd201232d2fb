"""Edges and turns → the graph that is searched: nodes, arcs along edges, arcs for turns.

Most junctions are one node. Where turns matter a junction is split: each arc that arrives there ends at a node of its own,
each arc that leaves starts at one, and turn arcs lead from the former to the latter. A point on an arc leaves by the node
the arc ends at and is reached by the node it starts at, so that turns count for points as for ways through.

What is forbidden over several arcs needs memory: for every proper part of a forbidden sequence, from its start and of
two arcs or more, the last arc of the part has a copy that is entered by who drove the part and by nobody else (the
states of the automaton of Aho & Corasick 1975, Efficient string matching). From a copy the arc that would complete a
forbidden sequence cannot be reached. A point on an arc with copies is reached through a node of its own, from the arc's
start as from those of its copies; nothing leads on from there, so that nobody loses memory.

Where a way is merely split nobody turns back: it would evade the turns forbidden before it. A junction of two roads between
one that is watched and the next one of another number of roads is split, and its turn back can be driven only by who cannot
go on, because the season, a closure, a barrier or the vehicle forbids that. Elsewhere turning back gains nothing.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

import numpy as np

from planner.network.edges import Edges
from planner.network.packed import PACKED_MILLISECOND
from planner.network.profiles import TurnCosts, vehicles_of
from planner.units import BoolArray, FloatArray, IntArray

LEAST_ROADS = 3  # at a junction of two roads there is nothing to turn into


@dataclass(frozen=True, slots=True, kw_only=True)
class Graph:
    """Nodes and arcs that are searched.

    ``leaves, arrives`` (2m + c,) are the nodes where each arc of the edges starts and ends, and then each of the ``c``
    copies of the arcs ``copied``. ``reaches`` (2m,) are the nodes by which points on each arc are come to. ``turn_tail,
    turn_head`` are the nodes of the turns, ``turn_weight`` what they cost, packed, and ``turn_binds`` the bits of the
    vehicles that may not turn so, each in the seasons. Those numbered ``back`` turn back where a way is merely split; who
    can go on by the turn ``onward``, onto the arc ``ahead``, may not.
    """

    nodes: int
    leaves: IntArray
    arrives: IntArray
    copied: IntArray
    reaches: IntArray
    turn_tail: IntArray
    turn_head: IntArray
    turn_weight: FloatArray
    turn_binds: IntArray
    back: IntArray
    onward: IntArray
    ahead: IntArray

    @property
    def tail(self) -> IntArray:
        """Where all arcs start: along edges first, then copies, then turns."""
        return np.concatenate([self.leaves, self.turn_tail])

    @property
    def head(self) -> IntArray:
        """Where all arcs end, in the order of `tail`."""
        return np.concatenate([self.arrives, self.turn_head])

    @property
    def base(self) -> IntArray:
        """The arc of the edges that each of ``leaves`` and ``arrives`` stands for."""
        return np.concatenate([np.arange(len(self.reaches)), self.copied])

    def positions(self, edges: Edges) -> FloatArray:
        """Return (lon, lat) of the junction each node belongs to, shape (nodes, 2)."""
        starts = np.column_stack([edges.tail, edges.head]).ravel()
        lonlat = np.zeros((self.nodes, 2))
        lonlat[self.leaves] = edges.junctions[starts[self.base]]
        lonlat[self.arrives] = edges.junctions[starts[self.base ^ 1]]
        lonlat[self.reaches] = edges.junctions[starts]
        return lonlat

    def weight(self, packed: FloatArray, bits: int) -> FloatArray:
        """Return the weights of all arcs for a vehicle in a season, given those of the edges' arcs.

        With the bits of several seasons only what is forbidden in all of them is.
        """
        turns = np.where(self.turn_binds & bits == bits, np.inf, self.turn_weight)
        turns[self.back[np.isfinite(turns[self.onward]) & np.isfinite(packed[self.ahead])]] = np.inf
        return np.concatenate([packed, packed[self.copied], turns])

    def at_ends(self, nodes: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Return the least value of each arc's nodes, copies included, at its start and at its end, (2m,) each."""
        ends = nodes[self.arrives[: len(self.reaches)]]
        np.minimum.at(ends, self.copied, nodes[self.arrives[len(self.reaches) :]])
        return nodes[self.reaches], ends


def build_graph(edges: Edges, costs: TurnCosts | None) -> Graph:
    """Return the graph, junctions split that have forbidden turns, and with ``costs`` all of three roads and more."""
    starts = np.column_stack([edges.tail, edges.head]).ravel()
    ends = np.column_stack([edges.head, edges.tail]).ravel()
    roads = np.bincount(starts, minlength=len(edges.junctions))
    split = np.zeros(len(edges.junctions), dtype=np.bool_) if costs is None else roads >= LEAST_ROADS
    automaton = _Automaton(edges)
    watched = np.zeros_like(split)
    watched[ends[edges.banned.watched]] = True
    merely = _merely_split(edges, watched, roads)
    split |= watched | merely
    number = np.cumsum(~split) - 1
    whole = int((~split).sum())
    own_start, own_end = split[starts], split[ends]
    leaves, arrives = number[starts], number[ends]
    leaves[own_start] = whole + np.arange(int(own_start.sum()))
    nodes = whole + int(own_start.sum())
    arrives[own_end] = nodes + np.arange(int(own_end.sum()))
    nodes += int(own_end.sum())
    copied, watched_copies = automaton.copied, np.unique(automaton.copied)
    copies = len(copied)
    leaves = np.concatenate([leaves, nodes + np.arange(copies)])
    arrives = np.concatenate([arrives, nodes + copies + np.arange(copies)])
    nodes += 2 * copies
    reaches = leaves[: len(starts)].copy()
    reaches[watched_copies] = nodes + np.arange(len(watched_copies))
    arriving, leaving = _turns(starts, ends, split)
    arriving, leaving, binds = automaton.turns(arriving, leaving, starts, ends)
    base = np.concatenate([np.arange(len(starts)), copied])
    seconds = (
        np.zeros(len(arriving))
        if costs is None
        else _cost_s(edges, base[arriving], base[leaving], roads[ends[base[arriving]]], costs)
    )
    back, onward = _turns_back(arriving, base[leaving], base[arriving], ends, merely)
    came = np.concatenate([watched_copies, len(starts) + np.arange(copies)])  # to the nodes where points are come to
    return Graph(
        nodes=nodes + len(watched_copies),
        leaves=leaves,
        arrives=arrives,
        copied=copied,
        reaches=reaches,
        turn_tail=np.concatenate([arrives[arriving], leaves[came]]),
        turn_head=np.concatenate([leaves[leaving], reaches[base[came]]]),
        turn_weight=np.concatenate([np.rint(seconds * 1000) * PACKED_MILLISECOND, np.zeros(len(came))]),
        turn_binds=np.concatenate([binds, np.zeros(len(came), dtype=np.int64)]),
        back=back,
        onward=onward,
        ahead=base[leaving[onward]],
    )


def _merely_split(edges: Edges, watched: BoolArray, roads: IntArray) -> BoolArray:
    """Return the junctions of two roads that lie between a watched one and the next of more or fewer roads."""
    between = roads == 2
    between[edges.tail[edges.tail == edges.head]] = False  # both ends of one road
    at: dict[int, list[int]] = defaultdict(list)
    for edge in np.flatnonzero(between[edges.tail] | between[edges.head]).tolist():
        for junction in (int(edges.tail[edge]), int(edges.head[edge])):
            at[junction].append(edge)
    merely = np.zeros(len(between), dtype=np.bool_)
    for junction in np.flatnonzero(watched).tolist():
        queue = [(junction, edge) for edge in at[junction]]
        while queue:
            here, edge = queue.pop()
            there = int(edges.tail[edge] + edges.head[edge]) - here
            if between[there] and not merely[there]:
                merely[there] = True
                queue += [(there, other) for other in at[there] if other != edge]
    return merely


def _turns_back(
    states: IntArray, to_arc: IntArray, from_arc: IntArray, ends: IntArray, merely: BoolArray
) -> tuple[IntArray, IntArray]:
    """Return the turns that go back at merely split junctions, and for each the turn by which the same state goes on."""
    here = np.flatnonzero(merely[ends[from_arc]])
    goes_back = to_arc[here] == from_arc[here] ^ 1
    onward = dict(zip(states[here[~goes_back]].tolist(), here[~goes_back].tolist(), strict=True))
    rows = [
        (turn, onward[state])
        for turn, state in zip(here[goes_back].tolist(), states[here[goes_back]].tolist(), strict=True)
        if state in onward
    ]
    pairs = np.array(rows, dtype=np.int64).reshape(-1, 2)
    return pairs[:, 0], pairs[:, 1]


class _Automaton:
    """Which parts of forbidden sequences have been driven, as copies of arcs, and what each may go on to.

    States below ``2m`` are arcs with nothing to remember; state ``2m + i`` is the copy number ``i``, of arc ``copied[i]``.
    """

    def __init__(self, edges: Edges) -> None:
        self.arcs = 2 * len(edges.tail)
        self.everyone = sum(vehicle.bits for vehicle in vehicles_of(edges.mode))
        self.binds: dict[tuple[int, ...], int] = dict(edges.banned)
        parts = sorted({sequence[:k] for sequence in self.binds for k in range(2, len(sequence))})
        self.parts = {part: self.arcs + i for i, part in enumerate(parts)}
        self.copied = np.array([part[-1] for part in parts], dtype=np.int64)

    def turns(
        self, arriving: IntArray, leaving: IntArray, starts: IntArray, ends: IntArray
    ) -> tuple[IntArray, IntArray, IntArray]:
        """Return states that follow each other and the bits of the vehicles that may not drive so, given the pairs of arcs.

        Pairs that nobody may drive are left out.
        """
        binds = np.zeros(len(arriving), dtype=np.int64)
        leaving = leaving.copy()
        pair = arriving * self.arcs + leaving  # ascending, as `_turns` lists them
        for sequence, bits in [*self.binds.items(), *((part, 0) for part in self.parts)]:
            if len(sequence) == 2:
                row = np.searchsorted(pair, sequence[0] * self.arcs + sequence[1])
                binds[row] |= bits
                leaving[row] = self.parts.get(sequence, sequence[1])
        onward: dict[int, list[int]] = defaultdict(list)
        ahead = np.unique(ends[self.copied])
        for arc in np.flatnonzero(np.isin(starts, ahead)).tolist():
            onward[int(starts[arc])].append(arc)
        rows = [
            (state, *self._after(part, arc))
            for part, state in self.parts.items()
            for arc in onward[int(ends[part[-1]])]
        ]
        more = np.array(rows, dtype=np.int64).reshape(-1, 3)
        binds = np.concatenate([binds, more[:, 2]])
        allowed = binds & self.everyone != self.everyone
        return (
            np.concatenate([arriving, more[:, 0]])[allowed],
            np.concatenate([leaving, more[:, 1]])[allowed],
            binds[allowed],
        )

    def _after(self, part: tuple[int, ...], arc: int) -> tuple[int, int]:
        """Return the state after a driven part and one more arc, and the bits of the vehicles that may not drive so."""
        driven = (*part, arc)
        ends = [driven[k:] for k in range(len(driven) - 1)]  # the longest first, none of a single arc
        binds = 0
        for end in ends:
            binds |= self.binds.get(end, 0)
        return next((self.parts[end] for end in ends if end in self.parts), arc), binds


def _turns(starts: IntArray, ends: IntArray, split: BoolArray) -> tuple[IntArray, IntArray]:
    """Return every pair of an arc that arrives at a split junction and an arc that leaves it."""
    arriving = np.flatnonzero(split[ends])
    leaving = np.flatnonzero(split[starts])
    leaving = leaving[np.argsort(starts[leaving], kind="stable")]
    begin = np.searchsorted(starts[leaving], ends[arriving], side="left")
    count = np.searchsorted(starts[leaving], ends[arriving], side="right") - begin
    offset = np.arange(count.sum()) - np.repeat(np.cumsum(count) - count, count)
    return np.repeat(arriving, count), leaving[np.repeat(begin, count) + offset]


def _cost_s(edges: Edges, arriving: IntArray, leaving: IntArray, roads: IntArray, costs: TurnCosts) -> FloatArray:
    """Return seconds for each turn by its angle; where fewer than three roads meet nothing is lost."""
    deviation = _bearing(edges, leaving, at_end=False) - _bearing(edges, arriving, at_end=True)
    deviation = (deviation + 180) % 360 - 180  # to the right is positive
    seconds = np.where(deviation > 0, costs.right_s, costs.left_s)
    seconds[np.abs(deviation) <= costs.straight_deg] = costs.straight_s
    seconds[arriving // 2 == leaving // 2] = costs.back_s
    seconds[roads < LEAST_ROADS] = 0.0
    return seconds


def _bearing(edges: Edges, arcs: IntArray, *, at_end: bool) -> FloatArray:
    """Return the compass direction of each arc at its start or its end, in degrees."""
    edge, back = arcs // 2, arcs % 2 == 1
    last = edges.first[edge + 1] - 1
    at_last = back != at_end  # an arc back starts at the line's last point
    here = np.where(at_last, last, edges.first[edge])
    near = np.where(at_last, last - 1, edges.first[edge] + 1)
    step = edges.coordinates[near] - edges.coordinates[here]
    if at_end:
        step = -step
    east = step[:, 0] * np.cos(np.radians(edges.coordinates[here, 1]))
    bearing: FloatArray = np.degrees(np.arctan2(east, step[:, 1]))
    return bearing
