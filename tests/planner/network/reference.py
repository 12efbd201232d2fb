"""The slow, plain answer: scipy's Dijkstra over states "at the end of these arcs", in which every turn can be weighed.

Nothing here is taken from the hierarchy or its graph: turns are enumerated junction by junction, points become nodes of
their own. A state is the arcs driven last, as many as matter: back to the last one that no forbidden sequence of three
arcs and more holds, so that every such sequence is seen whole.
Weights are milliseconds and decimetres of each edge, rounded as the network promises, in one float as lexicographic sum.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from planner.network import RoadNetwork
from planner.network.profiles import load_profile
from planner.network.snap import Snaps

DECIMETRES = 2**25
TurnCost = Callable[[int, int], float]


def no_cost(_arriving: int, _leaving: int) -> float:
    return 0.0


def reference(
    network: RoadNetwork, snaps: Snaps, rows: np.ndarray, turn_s: TurnCost = no_cost
) -> tuple[np.ndarray, np.ndarray]:
    """Return milliseconds and decimetres by road from the points ``rows`` to all points, (rows, points)."""
    edges, use = network.edges, network.use
    seconds = np.column_stack([use.forward_s, use.backward_s])
    seconds[use.closed | use.refused] = np.inf
    metres = edges.length_m
    arcs = 2 * len(metres)
    start = np.column_stack([edges.tail, edges.head]).ravel()
    end = np.column_stack([edges.head, edges.tail]).ravel()
    bit = load_profile(network.vehicle, network.season).bit
    banned = {sequence for sequence, binds in edges.banned if binds & bit}
    driven = np.isfinite(seconds.ravel())
    leaving = defaultdict(list)
    for arc in np.flatnonzero(driven).tolist():
        leaving[int(start[arc])].append(arc)

    def weight(arc: int, share_ms: float, share_dm: float) -> float:
        return share_ms * DECIMETRES + share_dm

    def parts(arc: int, fraction: float) -> tuple[float, float]:
        """Weights before and after a place on an arc; the rounding is that of the stretch from the edge's tail."""
        ms, dm = round(seconds.ravel()[arc] * 1000), round(metres[arc // 2] * 10)
        tail_ms, tail_dm = round(ms * fraction), round(dm * fraction)
        low, high = weight(arc, tail_ms, tail_dm), weight(arc, ms - tail_ms, dm - tail_dm)
        return (low, high) if arc % 2 == 0 else (high, low)

    on_edge = defaultdict(list)
    for point, edge in enumerate(snaps.edge.tolist()):
        if edge >= 0:
            on_edge[edge].append(point)
    # a point exactly at a junction where no turn is forbidden or costs anything is at that junction
    roads = np.bincount(start, minlength=len(edges.junctions))
    turned = {int(end[a]) for sequence, _ in edges.banned for a in sequence[:-1]}
    at_junction = {}
    for point, (edge, fraction) in enumerate(zip(snaps.edge.tolist(), snaps.fraction.tolist(), strict=True)):
        if edge >= 0 and fraction in (0.0, 1.0):
            junction = int(edges.tail[edge] if fraction == 0.0 else edges.head[edge])
            if junction not in turned and (turn_s is no_cost or roads[junction] < 3):
                at_junction[point] = junction
    points = len(snaps.edge)
    tails: list[int] = []
    heads: list[int] = []
    weights: list[float] = []

    def join(a: int, b: int, w: float) -> None:
        tails.append(a)
        heads.append(b)
        weights.append(w)

    # nodes: single arcs, points as origins, points as destinations, then longer states as they are met
    longest = max((len(sequence) for sequence in banned), default=2) - 1
    remembered = {arc for sequence in banned if len(sequence) > 2 for arc in sequence}
    number: dict[tuple[int, ...], int] = {(a,): a for a in range(arcs)}
    states = [(a,) for a in np.flatnonzero(driven).tolist()]

    def state_number(state: tuple[int, ...]) -> int:
        if state not in number:
            number[state] = 2 * points + len(number)
            states.append(state)
        return number[state]

    # junctions of two roads between one where a turn is forbidden and the next of another number of roads
    near_bans: set[int] = set()
    neighbours = defaultdict(set)
    for tail, head in zip(start.tolist(), end.tolist(), strict=True):
        neighbours[tail].add(head)
    reached = [there for here in turned for there in neighbours[here]]
    while reached:
        here = reached.pop()
        if roads[here] == 2 and here not in near_bans:
            near_bans.add(here)
            reached += neighbours[here]

    def goes_on(state: tuple[int, ...]) -> bool:
        """Whether a way is merely split where a state ends, so that nobody need turn back there."""
        a = state[-1]
        here = int(end[a])
        onward = [b for b in leaving[here] if b != a ^ 1]
        return (
            here in near_bans
            and a ^ 1 in leaving[here]
            and any(not any((*state, b)[k:] in banned for k in range(len(state))) for b in onward)
        )

    for state in states:  # grows while it is gone through
        a = state[-1]
        for b in leaving[int(end[a])]:
            way = (*state, b)
            if any(way[k:] in banned for k in range(len(way) - 1)):
                continue
            if b == a ^ 1 and goes_on(state):
                continue
            after = way
            while len(after) > 1 and not set(after) <= remembered:
                after = after[1:]
            turn = round(turn_s(a, b) * 1000) * DECIMETRES
            whole = sum(parts(b, 1.0))
            join(number[state], state_number(after[-longest:]), turn + whole)
            for q in on_edge[b // 2]:
                join(number[state], arcs + points + q, turn + parts(b, snaps.fraction[q])[0])
    arriving = defaultdict(list)
    for state in states:
        arriving[int(end[state[-1]])].append(state)
    for edge, here in on_edge.items():
        for arc in (2 * edge, 2 * edge + 1):
            if not driven[arc]:
                continue
            for p in here:
                join(arcs + p, arc, parts(arc, snaps.fraction[p])[1])
                for q in here:
                    ahead = parts(arc, snaps.fraction[q])[0] - parts(arc, snaps.fraction[p])[0]
                    in_order = (
                        snaps.fraction[q] - snaps.fraction[p] if arc % 2 == 0 else snaps.fraction[p] - snaps.fraction[q]
                    )
                    if in_order >= 0:
                        join(arcs + p, arcs + points + q, ahead)
    for q, junction in at_junction.items():
        join(arcs + q, arcs + points + q, 0.0)
        for state in arriving[junction]:
            join(number[state], arcs + points + q, 0.0)
        for b in leaving[junction]:
            join(arcs + q, b, sum(parts(b, 1.0)))
            for other in on_edge[b // 2]:
                join(arcs + q, arcs + points + other, parts(b, snaps.fraction[other])[0])
        for p, place in at_junction.items():
            if place == junction:
                join(arcs + p, arcs + points + q, 0.0)
    size = 2 * points + len(number)
    order = np.lexsort((weights, heads, tails))
    tail, head, w = np.array(tails)[order], np.array(heads)[order], np.array(weights)[order]
    least = np.ones(len(order), dtype=np.bool_)  # scipy would add parallel arcs up
    least[1:] = (np.diff(tail) != 0) | (np.diff(head) != 0)
    graph = csr_array((w[least], (tail[least], head[least])), shape=(size, size))
    found = dijkstra(graph, indices=arcs + rows)[:, arcs + points : arcs + 2 * points]
    ms = np.floor(found / DECIMETRES)
    with np.errstate(invalid="ignore"):
        dm = np.where(np.isfinite(found), found - ms * DECIMETRES, np.inf)
    return ms, dm
