"""One way between two points: where their searches meet, and the input arcs it is made of."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from planner.kernels import kernel
from planner.network.kernels import Integers
from planner.network.kernels.customize import Arcs, Customized
from planner.network.kernels.elimination import Upward, find_arc
from planner.network.kernels.sweep import Entries
from planner.units import FloatArray


class Climbed(NamedTuple):
    """Working arrays of one search upward, (ranks,): weights (``inf`` between searches) and the rank each came from."""

    reached: FloatArray
    below: Integers


@kernel
def climb_marking(up: Arcs, parent: Integers, entries: Entries, point: int, climbed: Climbed) -> None:
    """Search upward from a point, marking where each weight came from (-1 at the entries)."""
    for side in range(2):
        rank, weight = entries.rank[point, side], entries.weight[point, side]
        if rank >= 0 and weight < climbed.reached[rank]:
            climbed.reached[rank] = weight
            climbed.below[rank] = -1
    a, b = entries.rank[point, 0], entries.rank[point, 1]
    while a >= 0 or b >= 0:
        x = a if b < 0 or (0 <= a <= b) else b
        here = climbed.reached[x]
        if here < np.inf:
            for i in range(up.first[x], up.first[x + 1]):
                through, y = here + up.weight[i], up.head[i]
                if through < climbed.reached[y]:
                    climbed.reached[y] = through
                    climbed.below[y] = x
        if x == a:
            a = parent[a]
        if x == b:
            b = parent[b]


@kernel
def _meeting(parent: Integers, entries: Entries, point: int, forth: Climbed, back: Climbed) -> int:
    """Return the rank where two climbs meet best, -1 if they do not meet."""
    best, place = np.inf, -1
    for side in range(2):
        x = entries.rank[point, side]
        while x >= 0:
            if forth.reached[x] + back.reached[x] < best:
                best, place = forth.reached[x] + back.reached[x], x
            x = parent[x]
    return place


@kernel
def _down_from(top: int, climbed: Climbed, ranks: Integers, used: int) -> int:
    """Append the ranks from ``top`` down to the entry; return how many there are then."""
    x = top
    while x >= 0:
        ranks[used] = x
        used += 1
        x = climbed.below[x]
    return used


@kernel
def _wipe(parent: Integers, entries: Entries, point: int, climbed: Climbed) -> None:
    for side in range(2):
        x = entries.rank[point, side]
        while x >= 0:
            climbed.reached[x] = np.inf
            x = parent[x]


@kernel
def _unpack(upward: Upward, made: Customized, ranks: Integers) -> Integers:
    """Return the input arcs along a way given by ranks."""
    stack_tail, stack_head = (
        np.empty(2 * len(upward.parent) + 2, np.int32),
        np.empty(2 * len(upward.parent) + 2, np.int32),
    )
    arcs, used = np.empty(256, np.int32), 0
    for step in range(len(ranks) - 1):
        stack_tail[0], stack_head[0], depth = ranks[step], ranks[step + 1], 1
        while depth > 0:
            depth -= 1
            x, y = stack_tail[depth], stack_head[depth]
            arc = find_arc(upward.first, upward.head, min(x, y), max(x, y))
            source = made.up_from[arc] if x < y else made.down_from[arc]
            if source < -1:
                stack_tail[depth], stack_head[depth] = -2 - source, y
                stack_tail[depth + 1], stack_head[depth + 1] = x, -2 - source
                depth += 2
                continue
            if used == len(arcs):
                wider = np.empty(2 * used, np.int32)
                wider[:used] = arcs
                arcs = wider
            arcs[used] = source
            used += 1
    return arcs[:used].copy()


@kernel
def trace(
    upward: Upward,
    made: Customized,
    up: Arcs,
    down: Arcs,
    origins: Entries,
    origin: int,
    destinations: Entries,
    destination: int,
    forth: Climbed,
    back: Climbed,
) -> tuple[float, Integers, int, int]:
    """Return the packed weight of the fastest way, its input arcs, and the ranks where it enters and leaves the graph.

    Without a way the weight is ``inf`` and the ranks are -1. Both working sets are left clean.
    """
    climb_marking(up, upward.parent, origins, origin, forth)
    climb_marking(down, upward.parent, destinations, destination, back)
    top = _meeting(upward.parent, origins, origin, forth, back)
    weight, arcs, enters, leaves = np.inf, np.empty(0, np.int32), -1, -1
    if top >= 0:
        weight = forth.reached[top] + back.reached[top]
        ranks = np.empty(2 * len(upward.parent) + 2, np.int32)
        size = _down_from(top, forth, ranks, 0)
        ranks[:size] = ranks[:size][::-1].copy()
        whole = _down_from(top, back, ranks, size - 1)
        enters, leaves = ranks[0], ranks[whole - 1]
        arcs = _unpack(upward, made, ranks[:whole])
    _wipe(upward.parent, origins, origin, forth)
    _wipe(upward.parent, destinations, destination, back)
    return weight, arcs, enters, leaves
