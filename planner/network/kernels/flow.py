"""The fewest nodes that keep two ends of a graph apart, by as many paths as there can be that share no node.

Dinic (1970), Algorithm for solution of a problem of maximum flow in networks with power estimation, Soviet Mathematics
Doklady 11. Every node carries one path, those of both ends, too, so that the ends may touch. A search is in a *state*:
``2 * v`` when it has come to node ``v``, ``2 * v + 1`` when it may go on from there.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from planner.kernels import kernel
from planner.network.kernels import Integers

NO_PATH, OUTSIDE = -1, -2
USED = -2
START, FINISH = 1, -1
"""On the border of an end; twice as much lies deep inside and is never walked on."""


class Paths(NamedTuple):
    """Paths from one end to the other, and what looking for more of them needs.

    ``before, after`` (n,) are the neighbours of each node on its path, ``OUTSIDE`` where the path begins or ends and
    ``NO_PATH`` beside all paths. ``side`` (n,) says which end a node belongs to, 0 for none. ``level`` (2n,) is how far each
    state is from the start, ``tried`` (n,) how far each node's neighbours have been tried, ``queue`` (2n,) is for work.
    The same paths the other way round are `reverse`: what comes to a node there goes on from it here.
    """

    before: Integers
    after: Integers
    side: Integers
    level: Integers
    tried: Integers
    queue: Integers


@kernel
def no_paths(side: Integers) -> Paths:
    """Return no paths through a graph whose nodes are on these sides."""
    count = len(side)
    return Paths(
        np.full(count, NO_PATH, np.int32),
        np.full(count, NO_PATH, np.int32),
        side,
        np.empty(2 * count, np.int32),
        np.empty(count, np.int32),
        np.empty(2 * count, np.int32),
    )


@kernel
def reverse(paths: Paths) -> Paths:
    """Return the same paths from the finish to the start; they go on being the same."""
    return Paths(paths.after, paths.before, -paths.side, paths.level, paths.tried, paths.queue)


@kernel
def find_paths(first: Integers, neighbour: Integers, paths: Paths, back: Paths, most: float) -> bool:
    """Add paths until there can be no more; return False, and give up, as soon as there are more than ``most``.

    ``back`` are the paths reversed. Levels are counted from the finish, so that a walk from the start seldom goes astray.
    """
    found = 0
    while set_levels(first, neighbour, back):
        found += _add_paths(first, neighbour, paths)
        if found > most:
            return False
    return True


@kernel
def cut_off(paths: Paths, part: Integers, near: int) -> tuple[int, int]:
    """Write who is on the start's side (``near``), beyond (1 - near), or between (2); return how many between and near.

    Those between are the fewest possible, as close to the start as they can be. Levels must have been set when there was no
    further path to be found.
    """
    between, inside = 0, 0
    for v in range(len(part)):
        if paths.level[2 * v + 1] >= 0 or paths.side[v] == 2 * START:
            part[v] = near
            inside += 1
        elif paths.level[2 * v] >= 0:
            part[v] = 2
            between += 1
        else:
            part[v] = 1 - near
    return between, inside


@kernel
def set_levels(first: Integers, neighbour: Integers, paths: Paths) -> bool:
    """Set how many steps each state is from the start, -1 if it cannot be reached; return whether the finish can be."""
    before, after, side, level, queue = paths.before, paths.after, paths.side, paths.level, paths.queue
    level[:] = -1
    filled, taken, reached = 0, 0, False
    for v in range(len(side)):
        if side[v] == START:
            level[2 * v] = 0
            queue[filled] = 2 * v
            filled += 1
    while taken < filled:
        state = queue[taken]
        taken += 1
        v, onward = state >> 1, level[state] + 1
        if state & 1 == 0:
            follow = _through(before, v)
            if follow >= 0 and level[follow] < 0:
                level[follow] = onward
                queue[filled] = follow
                filled += 1
            continue
        if side[v] == FINISH and after[v] != OUTSIDE:
            reached = True
        if reached:  # states farther than the nearest finish are of no use
            continue
        if before[v] != NO_PATH and level[state - 1] < 0:
            level[state - 1] = onward
            queue[filled] = state - 1
            filled += 1
        for i in range(first[v], first[v + 1]):
            w = neighbour[i]
            if level[2 * w] < 0 and w != after[v] and side[w] != 2 * START and side[w] != 2 * FINISH:
                level[2 * w] = onward
                queue[filled] = 2 * w
                filled += 1
    return reached


@kernel
def _through(before: Integers, v: int) -> int:
    """Return the one state that follows coming to ``v``, -1 for none: onward, or on a path back to who came before."""
    if before[v] == NO_PATH:
        return 2 * v + 1
    return 2 * before[v] + 1 if before[v] >= 0 else -1


@kernel
def _add_paths(first: Integers, neighbour: Integers, paths: Paths) -> int:
    """Add paths, each a level closer to the finish with every step, until there is none left; return how many.

    Levels are those of the reversed paths, where the state ``s`` is called ``s ^ 1``.
    """
    before, after, side, level, tried, stack = paths
    for v in range(len(tried)):
        tried[v] = first[v] - 1
    found = 0
    for start in range(len(side)):
        if side[start] != START or before[start] == OUTSIDE or level[2 * start + 1] < 0:
            continue
        depth = 0
        stack[0] = 2 * start
        while depth >= 0:
            state = stack[depth]
            v = state >> 1
            if state & 1 == 1 and level[state - 1] == 0:
                _lay(before, after, level, stack, depth)
                found += 1
                break
            if state & 1 == 0:
                follow = _through(before, v)
                if follow < 0 or level[follow ^ 1] != level[state + 1] - 1:
                    follow = -1
            else:
                follow = _next(first, neighbour, before, after, level, tried, v)
            if follow < 0:
                level[state ^ 1] = USED
                depth -= 1
            else:
                depth += 1
                stack[depth] = follow
    return found


@kernel
def _next(
    first: Integers, neighbour: Integers, before: Integers, after: Integers, level: Integers, tried: Integers, v: int
) -> int:
    """Return a state one level closer that may follow going on from ``v``, -1 if there is none."""
    closer = level[2 * v] - 1
    while tried[v] < first[v + 1]:
        i = tried[v]
        if i < first[v]:
            if before[v] != NO_PATH and level[2 * v + 1] == closer:
                return 2 * v
        elif neighbour[i] != after[v] and level[2 * neighbour[i] + 1] == closer:
            return int(2 * neighbour[i])
        tried[v] += 1
    return -1


@kernel
def _lay(before: Integers, after: Integers, level: Integers, stack: Integers, depth: int) -> None:
    """Lay a path along the states of the stack; where it runs back on another, both change who follows whom."""
    before[stack[0] >> 1] = OUTSIDE
    for k in range(depth):
        state, follow = stack[k], stack[k + 1]
        level[state ^ 1] = USED
        v, w = state >> 1, follow >> 1
        if state & 1 == 0:
            continue
        if v == w:
            before[v] = NO_PATH
            after[v] = NO_PATH
        else:
            after[v] = w
            before[w] = v
    level[stack[depth] ^ 1] = USED
    after[stack[depth] >> 1] = OUTSIDE
