"""Many-to-many by restricted sweeps, sixteen origins at a time.

Delling, Goldberg, Werneck (2011), Faster Batched Shortest Paths in Road Networks (RPHAST): from each origin a search upward,
then one sweep down over the ranks from which a destination can be reached.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from planner.kernels import kernel
from planner.network.kernels import Integers
from planner.network.kernels.customize import Arcs
from planner.units import FloatArray

LANES = 16  # origins side by side: what fills a processor's widest registers


class Entries(NamedTuple):
    """How points meet the graph: two ranks each and the weight between point and node, both arrays of shape (points, 2).

    A point with one entry has it twice; one with none has rank -1.
    """

    rank: Integers
    weight: FloatArray


class Downward(NamedTuple):
    """The part of the downward arcs that the destinations need, renumbered from the top down.

    ``local`` (ranks,) is the number of each rank or -1; arcs of number ``i`` come from the numbers ``head``.
    """

    arcs: Arcs
    local: Integers


@kernel
def restrict(arcs: Arcs, targets: Integers) -> Downward:
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
    head, weight = np.empty(total, np.int32), np.empty(total)
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


@kernel
def climb(up: Arcs, parent: Integers, entries: Entries, point: int, reached: FloatArray) -> None:
    """Search upward from a point: afterwards ``reached`` holds weights on the paths from its entries to their roots.

    ``reached`` must be ``inf`` everywhere.
    """
    a, b = entries.rank[point, 0], entries.rank[point, 1]
    if a < 0:
        return
    reached[a] = min(reached[a], entries.weight[point, 0])
    reached[b] = min(reached[b], entries.weight[point, 1])
    while a >= 0 or b >= 0:
        x = a if b < 0 or (0 <= a <= b) else b
        here = reached[x]
        if here < np.inf:
            for i in range(up.first[x], up.first[x + 1]):
                through = here + up.weight[i]
                y = up.head[i]
                if through < reached[y]:
                    reached[y] = through
        if x == a:
            a = parent[a]
        if x == b:
            b = parent[b]


@kernel
def _drop(parent: Integers, rank: int, local: Integers, reached: FloatArray, lane: int, table: FloatArray) -> None:
    """Move what a climb reached on one path to the root into a lane of the table."""
    x = rank
    while x >= 0:
        if local[x] >= 0:
            table[local[x], lane] = reached[x]
        x = parent[x]


@kernel
def _clear(parent: Integers, rank: int, reached: FloatArray) -> None:
    x = rank
    while x >= 0:
        reached[x] = np.inf
        x = parent[x]


@kernel
def _sweep(down: Arcs, table: FloatArray) -> None:
    """Go down over all needed ranks, all lanes at once."""
    for x in range(len(down.first) - 1):
        for i in range(down.first[x], down.first[x + 1]):
            y, weight = down.head[i], down.weight[i]
            for lane in range(LANES):
                table[x, lane] = min(table[x, lane], table[y, lane] + weight)


@kernel
def many_to_many(
    up: Arcs,
    parent: Integers,
    down: Downward,
    origins: Entries,
    order: Integers,
    destinations: Entries,
    out: FloatArray,
) -> None:
    """Write to the rows ``order`` of ``out`` the weights from those origins to all destinations."""
    table = np.empty((len(down.arcs.first) - 1, LANES))
    reached = np.full(len(parent), np.inf)
    for begin in range(0, len(order), LANES):
        size = min(LANES, len(order) - begin)
        table[:] = np.inf
        for lane in range(size):
            point = order[begin + lane]
            climb(up, parent, origins, point, reached)
            for side in range(2):
                _drop(parent, origins.rank[point, side], down.local, reached, lane, table)
            for side in range(2):
                _clear(parent, origins.rank[point, side], reached)
        _sweep(down.arcs, table)
        for j in range(len(destinations.rank)):
            a, b = destinations.rank[j, 0], destinations.rank[j, 1]
            for lane in range(size):
                best = np.inf
                if a >= 0:
                    best = min(
                        table[down.local[a], lane] + destinations.weight[j, 0],
                        table[down.local[b], lane] + destinations.weight[j, 1],
                    )
                out[order[begin + lane], j] = best


@kernel
def one_to_all(up: Arcs, down: Arcs, parent: Integers, origins: Entries, point: int) -> FloatArray:
    """Return the packed weights from a point to every rank."""
    reached = np.full(len(parent), np.inf)
    climb(up, parent, origins, point, reached)
    for x in range(len(parent) - 1, -1, -1):
        best = reached[x]
        for i in range(down.first[x], down.first[x + 1]):
            best = min(best, reached[down.head[i]] + down.weight[i])
        reached[x] = best
    return reached
