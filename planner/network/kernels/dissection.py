"""Nested dissection by inertial flow: nodes that keep many others apart come late in the order.

Schild and Sommer (2015), On Balanced Separators in Road Networks, Experimental Algorithms (SEA): sort the nodes along a
line, take a share of them from both ends, and find the fewest nodes between the two; of four lines the best is taken.
All figures are whole numbers, so that the order is the same on every processor.
"""

from __future__ import annotations

import numpy as np

from planner.network.kernels.compiled import Integers, compiled
from planner.network.kernels.flow import FINISH, START, cut_off, find_paths, no_paths, reverse, set_levels
from planner.units import BoolArray

END_SHARE = 0.3
"""Share of the nodes in each end: 0.2 to 0.3 gave hierarchies alike in size, and 0.3 took the least time to find."""


@compiled
def shed(first: Integers, neighbour: Integers, order: Integers) -> tuple[int, Integers, BoolArray]:
    """Eliminate nodes of one or two neighbours; return how many, and for each node its neighbours left and if it is gone.

    They are written to the front of ``order``; the neighbours left of ``v`` are the first ones of its part of
    ``neighbour``, which is changed. In each turn no two of them are neighbours, so that chains do not become deep.
    """
    count = len(first) - 1
    degree = (first[1:] - first[:-1]).astype(np.int32)
    gone, waits = np.zeros(count, np.bool_), degree <= 2
    touched = np.full(count, -1, np.int32)
    now, later = np.empty(count, np.int32), np.empty(count, np.int32)
    size, done, turn = 0, 0, 0
    for v in range(count):
        if waits[v]:
            now[size] = v
            size += 1
    while size > 0:
        put_off = 0
        for i in range(size):
            v = now[i]
            if touched[v] == turn:
                later[put_off] = v
                put_off += 1
                continue
            gone[v] = True
            order[done] = v
            done += 1
            for k in range(degree[v]):
                near = neighbour[first[v] + k]
                far = neighbour[first[v] + 1 - k] if degree[v] == 2 else -1
                touched[near] = turn
                _replace(first, neighbour, degree, near, v, far)
                if degree[near] <= 2 and not waits[near]:
                    waits[near] = True
                    later[put_off] = near
                    put_off += 1
        now, later = later, now
        size = put_off
        turn += 1
    return done, degree, gone


@compiled
def _replace(first: Integers, neighbour: Integers, degree: Integers, v: int, old: int, new: int) -> None:
    """Make ``new`` a neighbour of ``v`` in the place of ``old``, which is only taken away if new is -1 or one already."""
    place, known = -1, new < 0
    for i in range(first[v], first[v] + degree[v]):
        if neighbour[i] == old:
            place = i
        elif neighbour[i] == new:
            known = True
    if known:
        degree[v] -= 1
        neighbour[place] = neighbour[first[v] + degree[v]]
    else:
        neighbour[place] = new


@compiled
def dissect(
    first: Integers, neighbour: Integers, degree: Integers, nodes: Integers, x: Integers, y: Integers, order: Integers
) -> None:
    """Write nodes to ``order``, each set that keeps two parts apart behind both; ``x, y`` are positions of all nodes."""
    order[:] = nodes
    label = np.full(len(degree), -1, np.int32)
    begin, end = np.empty(len(nodes) + 1, np.int64), np.empty(len(nodes) + 1, np.int64)
    begin[0], end[0] = 0, len(nodes)
    waiting = 1
    while waiting > 0:
        waiting -= 1
        low, high = begin[waiting], end[waiting]
        if high - low < 3:
            continue
        part = order[low:high].copy()
        own_first, own = _between(first, neighbour, degree, part, label)
        count, piece = _pieces(own_first, own)
        cut = count == 1
        if cut:
            count, piece = 3, _separate(own_first, own, x[part], y[part])
        starts = np.zeros(count + 1, np.int64)
        for which in piece:
            starts[which + 1] += 1
        starts = low + np.cumsum(starts)
        place = starts.copy()
        for i in range(len(part)):
            order[place[piece[i]]] = part[i]
            place[piece[i]] += 1
        for which in range(2 if cut else count):  # what is between comes last and needs no further order
            begin[waiting], end[waiting] = starts[which], starts[which + 1]
            waiting += 1


@compiled
def _between(
    first: Integers, neighbour: Integers, degree: Integers, part: Integers, label: Integers
) -> tuple[Integers, Integers]:
    """Return the adjacency between the nodes of a part, numbered as they stand there; ``label`` is -1 before and after."""
    total = 0
    for i in range(len(part)):
        label[part[i]] = i
        total += degree[part[i]]
    own_first, own = np.empty(len(part) + 1, np.int32), np.empty(total, np.int32)
    used = 0
    for i in range(len(part)):
        own_first[i] = used
        for j in range(first[part[i]], first[part[i]] + degree[part[i]]):
            if label[neighbour[j]] >= 0:
                own[used] = label[neighbour[j]]
                used += 1
    own_first[len(part)] = used
    for v in part:
        label[v] = -1
    return own_first, own


@compiled
def _pieces(first: Integers, neighbour: Integers) -> tuple[int, Integers]:
    """Return how many connected pieces there are, and the number of each node's."""
    count = 0
    piece, queue = np.full(len(first) - 1, -1, np.int32), np.empty(len(first) - 1, np.int32)
    for start in range(len(piece)):
        if piece[start] >= 0:
            continue
        piece[start] = count
        queue[0] = start
        taken, filled = 0, 1
        while taken < filled:
            v = queue[taken]
            taken += 1
            for i in range(first[v], first[v + 1]):
                if piece[neighbour[i]] < 0:
                    piece[neighbour[i]] = count
                    queue[filled] = neighbour[i]
                    filled += 1
        count += 1
    return count, piece


@compiled
def _separate(first: Integers, neighbour: Integers, x: Integers, y: Integers) -> Integers:
    """Return for each node of a connected graph one part (0), the other (1), or between both (2).

    Between are as few as can be for the size of the smaller part. The longest line comes first: what it finds lets the
    others be given up early.
    """
    count = len(x)
    keys = (x, y, x + y, x - y)
    span = np.array([np.ptp(x) * 1.4, np.ptp(y) * 1.4, np.ptp(x + y), np.ptp(x - y)])
    best, best_score = np.empty(count, np.int32), np.inf
    part = np.empty(count, np.int32)
    for line in np.argsort(-span):
        paths = no_paths(_ends(first, neighbour, keys[line]))
        back = reverse(paths)
        if not find_paths(first, neighbour, paths, back, best_score * count / 2):
            continue
        for turn in range(2):
            if turn == 1:
                set_levels(first, neighbour, paths)
            between, near = cut_off(paths if turn == 1 else back, part, turn)
            score = between / max(min(near, count - near - between), 0.5)
            if score < best_score:
                best_score = score
                best[:] = part
    return best


@compiled
def _ends(first: Integers, neighbour: Integers, key: Integers) -> Integers:
    """Return the side of each node: the least and the largest keys are ends, equal ones as they are numbered."""
    count = len(key)
    few = max(1, int(count * END_SHARE))
    place = (key - key.min()) * count + np.arange(count)
    low, high = np.partition(place, few - 1)[few - 1], np.partition(place, count - few)[count - few]
    side = np.zeros(count, np.int8)
    for v in range(count):
        side[v] = START if place[v] <= low else FINISH if place[v] >= high else 0
    for v in range(count):
        own = 1 if side[v] > 0 else -1
        inside = side[v] != 0
        for i in range(first[v], first[v + 1]):
            inside &= side[neighbour[i]] * own > 0
        if inside:
            side[v] = 2 * own
    return side
