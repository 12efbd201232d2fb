"""Nested dissection by inertial flow: nodes that keep many others apart come late in the order.

Schild and Sommer (2015), On Balanced Separators in Road Networks, Experimental Algorithms (SEA): sort the nodes along a
line, take a share of them from both ends, and find the fewest nodes between the two; of four lines the best is taken.
All figures are whole numbers, so that the order is the same on every processor.
"""

from __future__ import annotations

import numpy as np

from planner.kernels import kernel
from planner.network.kernels import Integers
from planner.network.kernels.flow import FINISH, START, cut_off, find_paths, no_paths, reverse, set_levels
from planner.units import BoolArray

END_SHARE = 0.3
"""Share of the nodes in each end: 0.2 to 0.3 gave hierarchies alike in size, and 0.3 took the least time to find."""


@kernel
def shed(first: Integers, neighbour: Integers, order: Integers) -> tuple[int, Integers, BoolArray]:
    """Eliminate nodes of one or two neighbours; return how many, and for each node its neighbours left and if it is gone.

    They are written to the front of ``order``; the neighbours left of ``v`` are the first ones of its part of
    ``neighbour``, which is changed. In each turn no two of them are neighbours, so that chains do not become deep.
    """
    count = len(first) - 1
    degree, gone, waits = np.empty(count, np.int32), np.zeros(count, np.bool_), np.zeros(count, np.bool_)
    touched = np.full(count, -1, np.int32)
    now, later = np.empty(count, np.int32), np.empty(count, np.int32)
    size, done, turn = 0, 0, 0
    for v in range(count):
        degree[v] = first[v + 1] - first[v]
        if degree[v] <= 2:
            waits[v] = True
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


@kernel
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


@kernel
def dissect(
    first: Integers, neighbour: Integers, degree: Integers, nodes: Integers, lines: Integers, order: Integers
) -> None:
    """Write nodes to ``order``, each set that keeps two parts apart behind both; ``lines`` (4, n) are places on lines."""
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
            count, piece = 3, _separate(own_first, own, part, lines)
        starts = np.full(count + 1, low)
        for which in piece:
            starts[which + 1] += 1
        for which in range(count):
            starts[which + 1] += starts[which] - low
        place = starts.copy()
        for i in range(len(part)):
            order[place[piece[i]]] = part[i]
            place[piece[i]] += 1
        for which in range(2 if cut else count):  # what is between comes last and needs no further order
            begin[waiting], end[waiting] = starts[which], starts[which + 1]
            waiting += 1


@kernel
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


@kernel
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


@kernel
def _separate(first: Integers, neighbour: Integers, part: Integers, lines: Integers) -> Integers:
    """Return for each node of a connected part one side (0), the other (1), or between both (2).

    Between are as few as can be for the size of the smaller side.
    """
    count = len(part)
    best, best_score = np.empty(count, np.int32), np.inf
    side = np.empty(count, np.int32)
    for line in range(len(lines)):
        paths = no_paths(_ends(first, neighbour, part, lines[line]))
        back = reverse(paths)
        if not find_paths(first, neighbour, paths, back, best_score * count / 2):
            continue
        for turn in range(2):
            if turn == 1:
                set_levels(first, neighbour, paths)
            between, near = cut_off(paths if turn == 1 else back, side, turn)
            score = between / max(min(near, count - near - between), 0.5)
            if score < best_score:
                best_score = score
                best[:] = side
    return best


@kernel
def _ends(first: Integers, neighbour: Integers, part: Integers, place: Integers) -> Integers:
    """Return the side of each node of a part: both ends of the line on which all nodes have their ``place``."""
    count = len(part)
    few = max(1, int(count * END_SHARE))
    own = np.empty(count, np.int32)
    for v in range(count):
        own[v] = place[part[v]]
    low, high = _smallest(own, few), _smallest(own, count + 1 - few)
    side = np.zeros(count, np.int8)
    for v in range(count):
        side[v] = START if own[v] <= low else FINISH if own[v] >= high else 0
    for v in range(count):
        end = 1 if side[v] > 0 else -1
        inside = side[v] != 0
        for i in range(first[v], first[v + 1]):
            inside &= side[neighbour[i]] * end > 0
        if inside:
            side[v] = 2 * end
    return side


@kernel
def _smallest(values: Integers, rank: int) -> int:
    """Return the value that so many are not larger than; they differ. Halving needs no sort, and little to compile."""
    low, high = values[0], values[0]
    for value in values:
        low, high = min(low, value), max(high, value)
    while low < high:
        middle = (low + high) >> 1
        count = 0
        for value in values:
            count += value <= middle
        if count >= rank:
            high = middle
        else:
            low = middle + 1
    return int(low)
