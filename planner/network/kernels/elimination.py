"""Eliminating nodes one by one: which arcs a customizable contraction hierarchy has, whatever the weights.

Dibbelt, Strasser, Wagner (2016), Customizable Contraction Hierarchies, ACM Journal of Experimental Algorithmics 21.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from planner.kernels import kernel
from planner.network.kernels import Integers


class Upward(NamedTuple):
    """For each rank its higher neighbours, ascending: ``head[first[x]:first[x + 1]]``; ``parent[x]`` is the lowest or -1."""

    first: Integers
    head: Integers
    parent: Integers


@kernel
def eliminate(first: Integers, neighbour: Integers) -> Upward:
    """Return the upward arcs after eliminating ranks 0, 1, ... of a graph given by symmetric adjacency.

    The higher neighbours of a node are its own and those of its children in the elimination tree: eliminating a node joins
    its higher neighbours, of which the lowest becomes its parent and inherits the others.
    """
    count = len(first) - 1
    head = np.empty(max(4 * len(neighbour), 16), np.int32)
    begin = np.zeros(count + 1, np.int64)
    parent = np.full(count, -1, np.int32)
    youngest, elder = np.full(count, -1, np.int32), np.full(count, -1, np.int32)  # children as linked lists
    seen_by = np.full(count, -1, np.int32)
    found = np.empty(count, np.int32)
    used = 0
    for x in range(count):
        size = 0
        for i in range(first[x], first[x + 1]):
            y = neighbour[i]
            if y > x and seen_by[y] != x:
                seen_by[y] = x
                found[size] = y
                size += 1
        child = youngest[x]
        while child >= 0:
            for i in range(begin[child] + 1, begin[child + 1]):  # the first of them is x itself
                y = head[i]
                if seen_by[y] != x:
                    seen_by[y] = x
                    found[size] = y
                    size += 1
            child = elder[child]
        if used + size > len(head):
            wider = np.empty(2 * len(head) + size, np.int32)
            wider[:used] = head[:used]
            head = wider
        head[used : used + size] = np.sort(found[:size])
        used += size
        begin[x + 1] = used
        if size > 0:
            up = head[begin[x]]
            parent[x] = up
            elder[x] = youngest[up]
            youngest[up] = x
    return Upward(begin, head[:used].copy(), parent)


@kernel
def find_arc(first: Integers, head: Integers, low: int, high: int) -> int:
    """Return the number of the upward arc between two neighbouring ranks, ``low < high``."""
    left, right = first[low], first[low + 1]
    while left < right:
        middle = (left + right) >> 1
        if head[middle] < high:
            left = middle + 1
        else:
            right = middle
    return int(left)


@kernel
def find_arcs(first: Integers, head: Integers, tail_rank: Integers, head_rank: Integers) -> Integers:
    """Return for each pair of ranks the arc between them, -1 for a loop."""
    arcs = np.empty(len(tail_rank), np.int32)
    for i in range(len(tail_rank)):
        a, b = tail_rank[i], head_rank[i]
        arcs[i] = -1 if a == b else find_arc(first, head, min(a, b), max(a, b))
    return arcs
