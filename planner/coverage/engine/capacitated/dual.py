"""Compiled dual of siting with capacities: a knapsack at each site, the choice of sites, and the ascent that joins them.

Relaxing "every row is served once or forgone" with multipliers ``u`` (at most what a row costs to forgo) leaves
``L(u) = sum(u) + the least sum of r_j over the sites that count and budget allow``, with
``r_j = fixed_j + min sum_i (c_ij - u_i) x_ij`` over ``0 <= x <= 1`` and ``least_j <= sum_i load_i x_ij <= capacity_j``,
a fractional knapsack, or one of whole rows where loads are small integers (Holmberg, Ronnqvist & Yuan 1999).
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from planner.coverage.engine.capacitated.knapsack import Knapsack, new_knapsack, pack
from planner.coverage.engine.capacitated.loads import Loads
from planner.coverage.engine.median.dual import add_reduced_costs
from planner.coverage.engine.pace import FALL_BACK, FLAT, STOP, best_so_far, deflected, set_out, stride, what_next
from planner.coverage.engine.served import Served
from planner.coverage.engine.status import FREE, OPEN
from planner.kernels import kernel
from planner.units import FloatArray


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
    shares chosen, ``reduced`` (sites,) the reduced costs at the best, ``multiplier`` (1,) the budget's. ``pace`` is by
    `new_pace`.
    """

    u: FloatArray
    price: FloatArray
    reduced: FloatArray
    direction: FloatArray
    often: FloatArray
    floor: FloatArray
    cap: FloatArray
    scale: FloatArray
    budget: float
    multiplier: FloatArray
    pace: Any


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
    memory, norm = state.pace.memory, 0.0
    for i in range(len(u)):
        low, high = u[i] <= state.floor[i], u[i] >= state.cap[i]
        d = deflected(memory, gradient[i], state.direction[i], low, high)
        state.direction[i] = d
        norm += state.scale[i] * d * d
    return norm


@kernel
def climb(served: Served, loads: Loads, count: int, state: Climb, iterations: int, whole: int) -> float:
    """Raise the bound by deflected subgradient steps from ``state.u``; return the best, leaving its multipliers there.

    ``whole`` is the greatest capacity if knapsacks take whole rows, negative if they may take parts.
    """
    pace, budget, sites = state.pace, state.budget, len(loads.status)
    u, gradient, chosen = state.u.copy(), np.empty(len(state.u)), np.empty(sites)
    reduced, price = np.empty(sites), np.empty(sites)
    sack = new_knapsack(np.diff(served.column_starts).max() if sites else 0, whole)
    set_out(pace)
    for _ in range(iterations):
        pack_all(served, loads, count, u, (reduced, price), sack, not np.isfinite(budget))
        total, multiplier, _last = choose(loads, reduced, count, budget, chosen)
        current = u.sum() + total
        for j in range(sites):
            state.often[j] = 0.95 * state.often[j] + 0.05 * chosen[j]
        if best_so_far(pace, current):
            state.u[:], state.price[:], state.reduced[:] = u, price, reduced
            state.multiplier[0] = multiplier
        following = what_next(pace)
        if following == STOP:
            break
        if following == FALL_BACK:
            u[:] = state.u
            state.direction[:] = 0.0
            continue
        service_gap(served, loads, u, chosen, sack, gradient)
        norm = deflect(u, gradient, state)
        if norm < FLAT:
            break
        step = stride(pace, current, norm)
        for i in range(len(u)):
            u[i] = min(max(u[i] + step * state.scale[i] * state.direction[i], state.floor[i]), state.cap[i])
    return float(pace.bound)
