"""Edges and turns → the graph that is searched: nodes, arcs along edges, arcs for turns.

Most junctions are one node. Where turns matter a junction is split: each arc that arrives there ends at a node of its own,
each arc that leaves starts at one, and turn arcs lead from the former to the latter. A point on an arc leaves by the node
the arc ends at and is reached by the node it starts at, so that turns count for points as for ways through.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from planner.network.edges import Edges
from planner.network.profiles import TurnCosts
from planner.network.weights import PACKED_MILLISECOND
from planner.units import BoolArray, FloatArray, IntArray

LEAST_ROADS = 3  # at a junction of two roads there is nothing to turn into


@dataclass(frozen=True, slots=True, kw_only=True)
class Graph:
    """Nodes and arcs that are searched.

    ``leaves, arrives`` (2m,) are the nodes where each arc of the edges starts and ends; ``turn_tail, turn_head`` the nodes
    of the turns and ``turn_weight`` what they cost, packed.
    """

    nodes: int
    leaves: IntArray
    arrives: IntArray
    turn_tail: IntArray
    turn_head: IntArray
    turn_weight: FloatArray

    @property
    def tail(self) -> IntArray:
        """Where all arcs start: along edges first, then turns."""
        return np.concatenate([self.leaves, self.turn_tail])

    @property
    def head(self) -> IntArray:
        """Where all arcs end, in the order of `tail`."""
        return np.concatenate([self.arrives, self.turn_head])

    def weight(self, packed: FloatArray) -> FloatArray:
        """Return the weights of all arcs, given those of the edges' arcs."""
        return np.concatenate([packed, self.turn_weight])


def build_graph(edges: Edges, costs: TurnCosts | None) -> Graph:
    """Return the graph, junctions split that have forbidden turns, and with ``costs`` all of three roads and more."""
    starts = np.column_stack([edges.tail, edges.head]).ravel()
    ends = np.column_stack([edges.head, edges.tail]).ravel()
    roads = np.bincount(starts, minlength=len(edges.junctions))
    split = np.zeros(len(edges.junctions), dtype=np.bool_) if costs is None else roads >= LEAST_ROADS
    split[ends[edges.banned[:, 0]]] = True
    number = np.cumsum(~split) - 1
    whole = int((~split).sum())
    own_start, own_end = split[starts], split[ends]
    leaves, arrives = number[starts], number[ends]
    leaves[own_start] = whole + np.arange(int(own_start.sum()))
    nodes = whole + int(own_start.sum())
    arrives[own_end] = nodes + np.arange(int(own_end.sum()))
    nodes += int(own_end.sum())
    arriving, leaving = _turns(starts, ends, split)
    banned = np.isin(arriving * len(starts) + leaving, edges.banned[:, 0] * len(starts) + edges.banned[:, 1])
    arriving, leaving = arriving[~banned], leaving[~banned]
    seconds = (
        np.zeros(len(arriving)) if costs is None else _cost_s(edges, arriving, leaving, roads[ends[arriving]], costs)
    )
    return Graph(
        nodes=nodes,
        leaves=leaves,
        arrives=arrives,
        turn_tail=arrives[arriving],
        turn_head=leaves[leaving],
        turn_weight=np.rint(seconds * 1000) * PACKED_MILLISECOND,
    )


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
