"""The fewest nodes that keep two ends of a graph apart, by as many paths as there can be that share no node.

Dinic (1970), Algorithm for solution of a problem of maximum flow in networks with power estimation, Soviet Mathematics
Doklady 11. Every node carries one path, those of both ends, too, so that the ends may touch. A search is in a *state*:
``2 * v`` when it has come to node ``v``, ``2 * v + 1`` when it may go on from there.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from planner.network.kernels.compiled import Integers, compiled

NO_PATH, OUTSIDE = -1, -2
USED = -2
START, FINISH = 1, -1
"""On the border of an end; twice as much lies deep inside and is never walked on."""


class Paths(NamedTuple):
    """Paths from one end to the other, and what looking for more of them needs.

    ``before, after`` (n,) are the neighbours of each node on its path, ``OUTSIDE`` where the path begins or ends and
    ``NO_PATH`` beside all paths. ``side`` (n,) says which end a node belongs to, 0 for none. ``level`` (2n,) is how far each
    state is from the start, ``tried`` (n,) how far each node's neighbours have been tried, ``queue`` (2n,) is for work.
    """

    before: Integers
    after: Integers
    side: Integers
    level: Integers
    tried: Integers
    queue: Integers


@compiled
def no_paths(count: int) -> Paths:
    """Return no paths through a graph of so many nodes, and no ends yet."""
    return Paths(
        np.full(count, NO_PATH, np.int32),
        np.full(count, NO_PATH, np.int32),
        np.zeros(count, np.int8),
        np.empty(2 * count, np.int32),
        np.empty(count, np.int64),
        np.empty(2 * count, np.int32),
    )


@compiled
def find_paths(first: Integers, neighbour: Integers, paths: Paths, most: float) -> bool:
    """Add paths until there can be no more; return False, and give up, as soon as there are more than ``most``."""
    found = 0
    while _set_levels(first, neighbour, paths):
        found += _add_paths(first, neighbour, paths)
        if found > most:
            return False
    return True


@compiled
def cut_off(paths: Paths, part: Integers) -> tuple[int, int]:
    """Write who is on the start's side (0), beyond (1), or between (2); return how many are between and on the start's side.

    Those between are the fewest possible, as close to the start as they can be. There may be no further path to be found.
    """
    between, near = 0, 0
    for v in range(len(part)):
        if paths.level[2 * v + 1] >= 0 or paths.side[v] == 2 * START:
            part[v] = 0
            near += 1
        elif paths.level[2 * v] >= 0:
            part[v] = 2
            between += 1
        else:
            part[v] = 1
    return between, near


@compiled
def turned_round(first: Integers, neighbour: Integers, paths: Paths) -> Paths:
    """Return the same paths the other way, levels counted from the other end."""
    back = Paths(paths.after, paths.before, -paths.side, paths.level, paths.tried, paths.queue)
    _set_levels(first, neighbour, back)
    return back


@compiled
def _set_levels(first: Integers, neighbour: Integers, paths: Paths) -> bool:
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


@compiled
def _through(before: Integers, v: int) -> int:
    """Return the one state that follows coming to ``v``, -1 for none: onward, or on a path back to who came before."""
    if before[v] == NO_PATH:
        return 2 * v + 1
    return 2 * before[v] + 1 if before[v] >= 0 else -1


@compiled
def _add_paths(first: Integers, neighbour: Integers, paths: Paths) -> int:
    """Add shortest paths, each a level higher with every step, until there is none left; return how many."""
    side, level, tried, stack = paths.side, paths.level, paths.tried, paths.queue
    tried[:] = first[:-1] - 1
    found = 0
    for start in range(len(side)):
        if side[start] != START or paths.before[start] == OUTSIDE:
            continue
        depth = 0
        stack[0] = 2 * start
        while depth >= 0:
            state = stack[depth]
            v = state >> 1
            if state & 1 == 1 and side[v] == FINISH and paths.after[v] != OUTSIDE:
                _lay(paths, depth)
                found += 1
                break
            follow = _next(first, neighbour, paths, state)
            if follow < 0:
                level[state] = USED
                depth -= 1
            else:
                depth += 1
                stack[depth] = follow
    return found


@compiled
def _next(first: Integers, neighbour: Integers, paths: Paths, state: int) -> int:
    """Return a state one level higher that was not used yet, -1 if there is none."""
    level, tried = paths.level, paths.tried
    v, onward = state >> 1, level[state] + 1
    if state & 1 == 0:
        follow = _through(paths.before, v)
        return follow if onward > 0 and follow >= 0 and level[follow] == onward else -1
    while tried[v] < first[v + 1]:
        i = tried[v]
        if i < first[v]:
            if paths.before[v] != NO_PATH and level[state - 1] == onward:
                return state - 1
        elif neighbour[i] != paths.after[v] and level[2 * neighbour[i]] == onward:
            return 2 * neighbour[i]
        tried[v] += 1
    return -1


@compiled
def _lay(paths: Paths, depth: int) -> None:
    """Lay a path along the states of the stack; where it runs back on another, both change who follows whom."""
    before, after, level, stack = paths.before, paths.after, paths.level, paths.queue
    before[stack[0] >> 1] = OUTSIDE
    for k in range(depth):
        state, follow = stack[k], stack[k + 1]
        level[state] = USED
        v, w = state >> 1, follow >> 1
        if state & 1 == 0:
            continue
        if v == w:
            before[v] = NO_PATH
            after[v] = NO_PATH
        else:
            after[v] = w
            before[w] = v
    level[stack[depth]] = USED
    after[stack[depth] >> 1] = OUTSIDE
