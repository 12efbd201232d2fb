"""Weights → weights of all arcs of the hierarchy, and which of them are needed."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from planner.kernels import kernel
from planner.network.kernels import Integers
from planner.network.kernels.elimination import Upward
from planner.units import BoolArray, FloatArray


class Arcs(NamedTuple):
    """Arcs of a search: those of rank ``x`` are ``first[x]:first[x + 1]`` of ``head`` and ``weight``."""

    first: Integers
    head: Integers
    weight: FloatArray


class Customized(NamedTuple):
    """Weights of the hierarchy's arcs upward and downward, and what each is made of.

    ``up_from`` and ``down_from`` hold the number of the input arc if it is 0 or more, ``-2 - z`` if the arc goes by the
    lower rank ``z``, and -1 where there is no way.
    """

    up: FloatArray
    down: FloatArray
    up_from: Integers
    down_from: Integers


@kernel
def customize(upward: Upward, slot: Integers, rises: BoolArray, weight: FloatArray) -> Customized:
    """Return the weights of all arcs: the fastest of the input arcs and of all ways through lower ranks.

    ``slot`` is the hierarchy's arc of each input arc (-1 for a loop), ``rises`` whether it goes from the lower rank up.
    """
    count = len(upward.head)
    up, down = np.full(count, np.inf), np.full(count, np.inf)
    up_from, down_from = np.full(count, -1, np.int32), np.full(count, -1, np.int32)
    for i in range(len(slot)):
        arc = slot[i]
        if arc < 0:
            continue
        if rises[i]:
            if weight[i] < up[arc]:
                up[arc] = weight[i]
                up_from[arc] = i
        elif weight[i] < down[arc]:
            down[arc] = weight[i]
            down_from[arc] = i
    first, head = upward.first, upward.head
    for x in range(len(first) - 1):
        for i in range(first[x], first[x + 1]):
            to_y, from_y = up[i], down[i]
            if to_y == np.inf and from_y == np.inf:
                continue
            arc = first[head[i]]
            for j in range(i + 1, first[x + 1]):
                while head[arc] < head[j]:
                    arc += 1
                through = from_y + up[j]
                if through < up[arc]:
                    up[arc] = through
                    up_from[arc] = -2 - x
                through = down[j] + to_y
                if through < down[arc]:
                    down[arc] = through
                    down_from[arc] = -2 - x
    return Customized(up, down, up_from, down_from)


@kernel
def _shortest(upward: Upward, up: FloatArray, down: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return for each arc the weight of the fastest way between its ends, ways through higher ranks included."""
    first, head = upward.first, upward.head
    best_up, best_down = up.copy(), down.copy()
    for x in range(len(first) - 2, -1, -1):
        for i in range(first[x], first[x + 1]):
            arc = first[head[i]]
            for j in range(i + 1, first[x + 1]):
                while head[arc] < head[j]:
                    arc += 1
                best_up[j] = min(best_up[j], best_up[i] + best_up[arc])
                best_up[i] = min(best_up[i], best_up[j] + best_down[arc])
                best_down[j] = min(best_down[j], best_down[arc] + best_down[i])
                best_down[i] = min(best_down[i], best_up[arc] + best_down[j])
    return best_up, best_down


@kernel
def _kept(upward: Upward, weight: FloatArray, best: FloatArray) -> Arcs:
    first = np.zeros_like(upward.first)
    head, kept = np.empty_like(upward.head), np.empty_like(weight)
    used = 0
    for x in range(len(first) - 1):
        for i in range(upward.first[x], upward.first[x + 1]):
            if weight[i] < np.inf and weight[i] == best[i]:
                head[used] = upward.head[i]
                kept[used] = weight[i]
                used += 1
        first[x + 1] = used
    return Arcs(first, head[:used].copy(), kept[:used].copy())


@kernel
def prune(upward: Upward, up: FloatArray, down: FloatArray) -> tuple[Arcs, Arcs]:
    """Return the upward and the downward arcs that lie on some fastest way: the others are never needed."""
    best_up, best_down = _shortest(upward, up, down)
    return _kept(upward, up, best_up), _kept(upward, down, best_down)
