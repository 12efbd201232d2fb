"""Many-to-many by restricted sweeps, sixteen origins at a time.

Delling, Goldberg, Werneck (2011), Faster Batched Shortest Paths in Road Networks (RPHAST): from each origin a search upward,
then one sweep down over the ranks from which a destination can be reached. Works on packed floats and on whole milliseconds.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from planner.network.kernels.compiled import compiled
from planner.network.kernels.customize import Arcs
from planner.units import FloatArray, IntArray

LANES = 16  # origins side by side: what fills a processor's widest registers


class Entries(NamedTuple):
    """How points meet the graph: two ranks each and the weight between point and node, both arrays of shape (points, 2).

    A point with one entry has it twice; one with none has rank -1.
    """

    rank: IntArray
    weight: FloatArray


class Downward(NamedTuple):
    """The part of the downward arcs that the destinations need, renumbered from the top down.

    ``local`` (ranks,) is the number of each rank or -1; arcs of number ``i`` come from the numbers ``head``.
    """

    arcs: Arcs
    local: IntArray


@compiled
def restrict(arcs: Arcs, targets: IntArray) -> Downward:
    """Return the downward arcs on ways to the target ranks (negative ones are left out)."""
    count = len(arcs.first) - 1
    needed = np.zeros(count, np.bool_)
    for target in targets:
        if target >= 0:
            needed[target] = True
    size, total = 0, 0
    for x in range(count):
        if needed[x]:
            size += 1
            total += arcs.first[x + 1] - arcs.first[x]
            for i in range(arcs.first[x], arcs.first[x + 1]):
                needed[arcs.head[i]] = True
    local = np.full(count, -1, np.int32)
    first = np.zeros(size + 1, np.int64)
    head, weight = np.empty(total, np.int32), np.empty(total, arcs.weight.dtype)
    number, used = 0, 0
    for x in range(count - 1, -1, -1):
        if not needed[x]:
            continue
        for i in range(arcs.first[x], arcs.first[x + 1]):
            head[used] = local[arcs.head[i]]
            weight[used] = arcs.weight[i]
            used += 1
        local[x] = number
        number += 1
        first[number] = used
    return Downward(Arcs(first, head, weight), local)


@compiled
def climb(up: Arcs, parent: IntArray, entries: Entries, point: int, reached: FloatArray, unreached: float) -> None:
    """Search upward from a point: afterwards ``reached`` holds weights on the paths from its entries to their roots.

    ``reached`` must be ``unreached`` everywhere; `next_ranks` walks the same ranks again.
    """
    a, b = entries.rank[point, 0], entries.rank[point, 1]
    if a < 0:
        return
    reached[a] = min(reached[a], entries.weight[point, 0])
    reached[b] = min(reached[b], entries.weight[point, 1])
    while a >= 0 or b >= 0:
        x = a if b < 0 or (0 <= a <= b) else b
        here = reached[x]
        if here < unreached:
            for i in range(up.first[x], up.first[x + 1]):
                through = here + up.weight[i]
                y = up.head[i]
                if through < reached[y]:
                    reached[y] = through
        if x == a:
            a = parent[a]
        if x == b:
            b = parent[b]


@compiled
def _drop(parent: IntArray, rank: int, local: IntArray, reached: FloatArray, lane: int, table: FloatArray) -> None:
    """Move what a climb reached on one path to the root into a lane of the table."""
    x = rank
    while x >= 0:
        if local[x] >= 0:
            table[local[x], lane] = reached[x]
        x = parent[x]


@compiled
def _clear(parent: IntArray, rank: int, reached: FloatArray, unreached: float) -> None:
    x = rank
    while x >= 0:
        reached[x] = unreached
        x = parent[x]


@compiled
def _sweep(down: Arcs, table: FloatArray) -> None:
    """Go down over all needed ranks, all lanes at once."""
    for x in range(len(down.first) - 1):
        for i in range(down.first[x], down.first[x + 1]):
            y, weight = down.head[i], down.weight[i]
            for lane in range(LANES):
                table[x, lane] = min(table[x, lane], table[y, lane] + weight)


@compiled
def many_to_many(
    up: Arcs,
    parent: IntArray,
    down: Downward,
    origins: Entries,
    order: IntArray,
    destinations: Entries,
    unreached: float,
    out: FloatArray,
) -> None:
    """Write to the rows ``order`` of ``out`` the weights from those origins to all destinations.

    ``unreached`` stands for no way: ``inf``, or for whole numbers one so large that two of them still can be added up.
    """
    table = np.empty((len(down.arcs.first) - 1, LANES), out.dtype)
    reached = np.full(len(parent), unreached, out.dtype)
    for begin in range(0, len(order), LANES):
        size = min(LANES, len(order) - begin)
        table[:] = unreached
        for lane in range(size):
            point = order[begin + lane]
            climb(up, parent, origins, point, reached, unreached)
            for side in range(2):
                _drop(parent, origins.rank[point, side], down.local, reached, lane, table)
            for side in range(2):
                _clear(parent, origins.rank[point, side], reached, unreached)
        _sweep(down.arcs, table)
        for j in range(len(destinations.rank)):
            a, b = destinations.rank[j, 0], destinations.rank[j, 1]
            for lane in range(size):
                best = unreached
                if a >= 0:
                    best = min(
                        table[down.local[a], lane] + destinations.weight[j, 0],
                        table[down.local[b], lane] + destinations.weight[j, 1],
                    )
                out[order[begin + lane], j] = min(best, unreached)


@compiled
def one_to_all(up: Arcs, down: Arcs, parent: IntArray, origins: Entries, point: int) -> FloatArray:
    """Return the packed weights from a point to every rank."""
    reached = np.full(len(parent), np.inf)
    climb(up, parent, origins, point, reached, np.inf)
    for x in range(len(parent) - 1, -1, -1):
        best = reached[x]
        for i in range(down.first[x], down.first[x + 1]):
            best = min(best, reached[down.head[i]] + down.weight[i])
        reached[x] = best
    return reached
