"""Compiled knapsack of one site: which of its rows it serves at given multipliers, within its capacity and least load."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from planner.coverage.durations import SiteArray
from planner.coverage.engine.capacitated.loads import Loads
from planner.coverage.engine.served import Served
from planner.kernels import kernel
from planner.units import BoolArray, FloatArray, IntArray


class Knapsack(NamedTuple):
    """Scratch of one site's knapsack: its rows, their gain, gain by load, loads, shares, and the order of taking.

    ``best`` (capacity + 1,) and ``taken`` (rows, capacity + 1) serve knapsacks of whole rows; empty if those are not wanted.
    """

    rows: SiteArray
    gain: FloatArray
    ratio: FloatArray
    load: FloatArray
    share: FloatArray
    order: IntArray
    best: FloatArray
    taken: BoolArray


@kernel
def new_knapsack(size: int, capacity: int) -> Knapsack:
    """Return scratch for sites of up to ``size`` rows; of whole rows up to this capacity, fractional if it is negative."""
    return Knapsack(
        np.empty(size, dtype=np.int32),
        np.empty(size),
        np.empty(size),
        np.empty(size),
        np.empty(size),
        np.empty(size, dtype=np.int64),
        np.empty(capacity + 1),
        np.empty((size if capacity >= 0 else 0, capacity + 1), dtype=np.bool_),
    )


@kernel
def split(sack: Knapsack, low: int, high: int, room: float) -> float:
    """Give shares of places ``low`` to ``high`` of ``order``, best ratio first, until ``room`` is full; return the last.

    Quickselect on the weights (Balas & Zemel 1980): greater than the pivot, equal, less.
    """
    order, ratio, load = sack.order, sack.ratio, sack.load
    critical = 0.0
    while low < high:
        pivot = ratio[order[(low + high) // 2]]
        above, at, below = low, low, high
        weight, tied = 0.0, 0.0
        while at < below:
            k = order[at]
            if ratio[k] > pivot:
                order[at], order[above] = order[above], k
                weight += load[k]
                above += 1
                at += 1
            elif ratio[k] < pivot:
                below -= 1
                order[at], order[below] = order[below], k
            else:
                tied += load[k]
                at += 1
        if weight > room:
            for z in range(above, high):
                sack.share[order[z]] = 0.0
            high = above
            continue
        for z in range(low, above):
            sack.share[order[z]] = 1.0
        room -= weight
        if tied > room:
            for z in range(above, high):
                k = order[z]
                sack.share[k] = min(1.0, room / load[k]) if z < below and room > 0.0 else 0.0
                room -= sack.share[k] * load[k]
            return float(pivot)
        for z in range(above, below):
            sack.share[order[z]] = 1.0
        room -= tied
        critical = pivot
        low = below
    return critical


@kernel
def take_whole(sack: Knapsack, wanted: int, capacity: int) -> None:
    """Make the shares of the first ``wanted`` places 0 or 1 at the most gain, by Bellman's recursion; loads are integers."""
    best, taken = sack.best, sack.taken
    best[: capacity + 1] = 0.0
    for z in range(wanted):
        k = sack.order[z]
        weight = int(sack.load[k])
        for room in range(capacity, -1, -1):
            better = room >= weight and best[room - weight] + sack.gain[k] > best[room]
            taken[z, room] = better
            if better:
                best[room] = best[room - weight] + sack.gain[k]
    room = capacity
    for z in range(wanted - 1, -1, -1):
        k = sack.order[z]
        sack.share[k] = 1.0 if taken[z, room] else 0.0
        if taken[z, room]:
            room -= int(sack.load[k])


@kernel
def pack(served: Served, loads: Loads, u: FloatArray, j: int, sack: Knapsack) -> tuple[int, float, float]:
    """Fill the shares of one site's rows; return how many rows it has listed, its reduced cost, and its price of load.

    The price is positive where capacity binds, negative where the least load does. A site that cannot reach its least load
    costs infinity.
    """
    size, wanted, total, rest = 0, 0, 0.0, 0.0
    last = served.column_starts[j + 1] - served.column_starts[j]
    needs = loads.least[j] > 0.0
    for q in range(served.column_starts[j], served.column_starts[j + 1]):
        i = served.column_rows[q]
        gain = u[i] - served.column_costs[q]
        weight = loads.load[i]
        if gain <= 0.0 and (not needs or weight <= 0.0):
            continue
        sack.rows[size], sack.gain[size], sack.load[size] = i, gain, weight
        sack.ratio[size] = gain / weight if weight > 0.0 else np.inf
        if gain > 0.0:
            sack.share[size] = 1.0
            sack.order[wanted] = size
            wanted += 1
            total += weight
        else:
            sack.share[size] = 0.0
            last -= 1
            sack.order[last] = size
            rest += weight
        size += 1
    price = 0.0
    if total > loads.capacity[j]:
        price = split(sack, 0, wanted, loads.capacity[j])
        if len(sack.best) > 0:
            take_whole(sack, wanted, int(loads.capacity[j]))
    elif total < loads.least[j]:
        if total + rest < loads.least[j] * (1.0 - 1e-12):
            return size, np.inf, 0.0
        price = split(sack, last, served.column_starts[j + 1] - served.column_starts[j], loads.least[j] - total)
    cost = loads.fixed[j]
    for k in range(size):
        cost -= sack.share[k] * sack.gain[k]
    return size, cost, price
