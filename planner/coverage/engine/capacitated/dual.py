"""Compiled dual of siting with loads: a knapsack at each site, the choice of sites, and the ascent that joins them.

Relaxing "every row is served once or forgone" with multipliers ``u`` (at most what a row costs to forgo) leaves
``L(u) = sum(u) + the least sum of r_j over the sites that count and budget allow``, with
``r_j = fixed_j + min sum_i (c_ij - u_i) x_ij`` over ``0 <= x <= 1`` and ``least_j <= sum_i load_i x_ij <= capacity_j``,
a fractional knapsack, or one of whole rows where loads are small integers (Holmberg, Ronnqvist & Yuan 1999).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from planner.coverage.durations import SiteArray
from planner.coverage.engine.median.dual import FREE, OPEN, add_reduced_costs
from planner.coverage.engine.served import Served
from planner.kernels import kernel
from planner.units import BoolArray, FloatArray, IntArray

MEMORY = 0.9


class Loads(NamedTuple):
    """What the rows weigh and the sites can carry.

    Per row: ``load``, and whether it ``must`` be served. Per site: ``capacity`` (inf: none), ``least`` load of an open
    site, ``fixed`` cost in the objective, ``price`` that counts against the budget, and ``status`` (CLOSED, FREE, OPEN).
    """

    load: FloatArray
    must: BoolArray
    capacity: FloatArray
    least: FloatArray
    fixed: FloatArray
    price: FloatArray
    status: IntArray


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


@kernel
def unlimited(served: Served, loads: Loads, u: FloatArray, reduced: FloatArray) -> None:
    """Write what each site's reduced cost would be without limits on its load: never more than with them."""
    reduced[:] = loads.fixed
    add_reduced_costs(served, u, reduced)


@kernel
def pack_all(
    served: Served,
    loads: Loads,
    count: int,
    u: FloatArray,
    site: tuple[FloatArray, FloatArray],
    sack: Knapsack,
    lazy: bool,
) -> None:
    """Write reduced cost and price of load of the sites that can be chosen into ``site``.

    With ``lazy`` the sites are packed in the order of their cost without limits until ``count`` free ones are known to be
    better than all that follow, which keep that cost and the price 0.
    """
    reduced, price = site
    unlimited(served, loads, u, reduced)
    price[:] = 0.0
    order = np.argsort(reduced)
    best = np.full(count + 1, np.inf)
    known = 0
    for j in order:
        if loads.status[j] < FREE:
            continue
        if loads.status[j] == FREE and (reduced[j] >= 0.0 or (lazy and known >= count and best[0] <= reduced[j])):
            continue
        _size, reduced[j], price[j] = pack(served, loads, u, j, sack)
        if not lazy or loads.status[j] == OPEN or count == 0:
            continue
        # ``best`` is a heap of the ``count`` least costs so far, the greatest of them first
        push(best, known, count, -reduced[j])
        known += 1


@kernel
def push(best: FloatArray, known: int, count: int, value: float) -> None:
    """Keep the ``count`` least of the values (given negated) in a heap; ``best[0]`` is the greatest of them."""
    value = -value
    if known < count:
        k = known
        best[k] = value
        while k > 0 and best[(k - 1) // 2] < best[k]:
            best[k], best[(k - 1) // 2] = best[(k - 1) // 2], best[k]
            k = (k - 1) // 2
        return
    if value >= best[0]:
        return
    best[0] = value
    k = 0
    while 2 * k + 1 < count:
        child = 2 * k + 1
        if child + 1 < count and best[child + 1] > best[child]:
            child += 1
        if best[child] <= best[k]:
            break
        best[k], best[child] = best[child], best[k]
        k = child


@kernel
def cheapest(loads: Loads, cost: FloatArray, count: int, chosen: FloatArray) -> tuple[float, float, float]:
    """Mark the open sites and the up to ``count`` free ones of least negative cost; return sum, price spent, last cost."""
    total, spent = 0.0, 0.0
    free = np.empty(len(cost), dtype=np.int64)
    size = 0
    for j in range(len(cost)):
        chosen[j] = 0.0
        if loads.status[j] == OPEN:
            chosen[j] = 1.0
            total += cost[j]
            spent += loads.price[j]
        elif loads.status[j] == FREE and cost[j] < 0.0:
            free[size] = j
            size += 1
    taken = free[:size]
    last = 0.0
    if size > count:
        taken = taken[np.argsort(cost[taken])[:count]]
        last = cost[taken[-1]] if count > 0 else -np.inf
    for j in taken:
        chosen[j] = 1.0
        total += cost[j]
        spent += loads.price[j]
    return total, spent, last


@kernel
def choose(
    loads: Loads, reduced: FloatArray, count: int, budget: float, chosen: FloatArray
) -> tuple[float, float, float]:
    """Write shares of sites within count and budget; return their least sum, the budget's multiplier, the last cost taken.

    The budget is priced: its multiplier is found by halving, and the shares mix the choices on either side of it.
    """
    total, spent, last = cheapest(loads, reduced, count, chosen)
    if spent <= budget:
        return total, 0.0, last
    low, high = 0.0, 1e-9
    other = np.empty(len(reduced))
    for _ in range(100):
        if cheapest(loads, reduced + high * loads.price, count, other)[1] <= budget:
            break
        low, high = high, 4.0 * high
    for _ in range(45):
        middle = 0.5 * (low + high)
        if cheapest(loads, reduced + middle * loads.price, count, other)[1] <= budget:
            high = middle
        else:
            low = middle
    _total, above, _last = cheapest(loads, reduced + low * loads.price, count, chosen)
    total, below, last = cheapest(loads, reduced + high * loads.price, count, other)
    part = min(1.0, max(0.0, (budget - below) / (above - below))) if above > below else 0.0
    chosen[:] = part * chosen + (1.0 - part) * other
    return total - high * budget, high, last


class Climb(NamedTuple):
    """What an ascent carries on: best multipliers of rows, prices of load, the direction, and choices so far.

    ``floor``, ``cap`` and ``scale`` (rows,) limit and scale the multipliers; ``often`` (sites,) is a running mean of the
    shares chosen, ``reduced`` (sites,) the reduced costs at the best. ``control`` holds [upper value, bound at which to
    stop, step factor, least step factor, patience, budget, budget's multiplier]; step factor and multiplier are written.
    """

    u: FloatArray
    price: FloatArray
    reduced: FloatArray
    direction: FloatArray
    often: FloatArray
    floor: FloatArray
    cap: FloatArray
    scale: FloatArray
    control: FloatArray


@kernel
def service_gap(
    served: Served, loads: Loads, u: FloatArray, chosen: FloatArray, sack: Knapsack, gradient: FloatArray
) -> None:
    """Write 1 minus how often the chosen sites serve each row, the slope of the bound in ``u``."""
    gradient[:] = 1.0
    for j in range(len(chosen)):
        if chosen[j] > 0.0:
            size, _cost, _price = pack(served, loads, u, j, sack)
            for k in range(size):
                gradient[sack.rows[k]] -= chosen[j] * sack.share[k]


@kernel
def deflect(u: FloatArray, gradient: FloatArray, state: Climb) -> float:
    """Blend the gradient into the direction; return its squared length in the scale, not counting what limits forbid."""
    norm = 0.0
    for i in range(len(u)):
        d = gradient[i] + MEMORY * state.direction[i]
        if (u[i] <= state.floor[i] and d < 0.0) or (u[i] >= state.cap[i] and d > 0.0):
            d = 0.0
        state.direction[i] = d
        norm += state.scale[i] * d * d
    return norm


@kernel
def climb(served: Served, loads: Loads, count: int, state: Climb, iterations: int, whole: int) -> float:
    """Raise the bound by deflected subgradient steps from ``state.u``; return the best, leaving its multipliers there.

    ``whole`` is the greatest capacity if knapsacks take whole rows, negative if they may take parts.
    """
    upper, enough, factor, least, patience, budget, _multiplier = state.control
    sites = len(loads.status)
    u, gradient, chosen = state.u.copy(), np.empty(len(state.u)), np.empty(sites)
    reduced, price = np.empty(sites), np.empty(sites)
    sack = new_knapsack(np.diff(served.column_starts).max() if sites else 0, whole)
    bound, stalled = -np.inf, 0
    for _ in range(iterations):
        pack_all(served, loads, count, u, (reduced, price), sack, not np.isfinite(budget))
        total, multiplier, _last = choose(loads, reduced, count, budget, chosen)
        current = u.sum() + total
        for j in range(sites):
            state.often[j] = 0.95 * state.often[j] + 0.05 * chosen[j]
        stalled += 1
        if current > bound:
            if current > bound + 0.001 * max(upper - bound, 0.0):
                stalled = 0
            bound = current
            state.u[:], state.price[:], state.reduced[:] = u, price, reduced
            state.control[6] = multiplier
        if bound >= enough or factor < least:
            break
        if stalled >= patience:
            factor, stalled = 0.7 * factor, 0
            u[:] = state.u
            state.direction[:] = 0.0
            continue
        service_gap(served, loads, u, chosen, sack, gradient)
        norm = deflect(u, gradient, state)
        if norm < 1e-12:
            break
        step = factor * max(upper - current, 1e-9 * abs(upper)) / norm
        for i in range(len(u)):
            u[i] = min(max(u[i] + step * state.scale[i] * state.direction[i], state.floor[i]), state.cap[i])
    state.control[2] = factor
    return bound
