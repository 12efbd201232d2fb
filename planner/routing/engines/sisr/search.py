"""The search: proposals, accepted by cost under simulated annealing, or by the stops still without a place."""

from __future__ import annotations

import numpy as np

from planner.kernels import lean_kernel
from planner.routing.engines.sisr.arrays import ANY_NUMBER, NEVER, Routes, Search, Undo, World
from planner.routing.engines.sisr.draws import draw
from planner.routing.engines.sisr.judged import decline, keep_best, propose
from planner.units import IntArray


@lean_kernel
def copy_first(target: IntArray, values: IntArray, count: int) -> None:
    """Copy the first values; a slice assignment would allocate."""
    for i in range(count):
        target[i] = values[i]


@lean_kernel
def used_routes(routes: Routes) -> int:
    """Return on how many routes there are stops."""
    used = 0
    for slot in range(len(routes.size)):
        if routes.size[slot] > 0:
            used += 1
    return used


@lean_kernel
def missing_stops(world: World, search: Search) -> int:
    """Return how many stops are absent that must not be."""
    missing = 0
    for i in range(search.absent_count[0]):
        if world.demands.required[search.absent[i]]:
            missing += 1
    return missing


@lean_kernel
def total_cost(world: World, search: Search) -> float:
    """Return what the current routes cost, with the price of every absent stop."""
    total = search.routes.cost.sum()
    for i in range(search.absent_count[0]):
        total += world.demands.penalty[search.absent[i]]
    return float(total)


@lean_kernel
def change_with(world: World, search: Search, left: int) -> float:
    """Return what a proposal that leaves so many stops absent costs beyond the routes before it."""
    change = _routes_change(search.routes, search.undo)
    for i in range(left):
        change += world.demands.penalty[search.pending[i]]
    for i in range(search.absent_count[0]):
        change -= world.demands.penalty[search.absent[i]]
    return float(change)


@lean_kernel
def _routes_change(routes: Routes, undo: Undo) -> float:
    """Return what the touched routes cost now beyond what they cost before, `NEVER` if one cannot be driven."""
    change = 0.0
    for i in range(undo.touched_count[0]):
        if routes.cost[undo.slots[i]] >= NEVER:
            return NEVER
        change += routes.cost[undo.slots[i]] - undo.cost[i]
    return change


@lean_kernel
def count_absences(world: World, search: Search, left: int) -> int:
    """Return by how much less often the stops left absent were absent so far than those before them, and count them."""
    required, absences, pending, fewer = world.demands.required, search.absences, search.pending, 0
    for i in range(search.absent_count[0]):
        if required[search.absent[i]]:
            fewer += 1 + absences[search.absent[i]]
    for i in range(left):
        if required[pending[i]]:
            fewer -= 1 + absences[pending[i]]
            absences[pending[i]] += 1
    return int(fewer)


@lean_kernel
def forget(undo: Undo) -> None:
    """Accept the routes as they are."""
    for i in range(undo.touched_count[0]):
        undo.touched[undo.slots[i]] = False
    undo.touched_count[0] = 0


@lean_kernel
def accept(search: Search, left: int) -> None:
    """Accept the routes, with the first of the pending stops absent."""
    forget(search.undo)
    copy_first(search.absent, search.pending, left)
    search.absent_count[0] = left


@lean_kernel
def sort_pending(world: World, search: Search, count: int) -> None:
    """Order the pending stops by a criterion drawn at random (insertion sort: they are few)."""
    pending, key, shares = search.pending, search.key, world.parameters.sort_shares
    u = draw(search.source)
    criterion = 0
    while criterion < len(shares) - 1 and u >= shares[criterion]:
        criterion += 1
    for i in range(count):
        key[i] = draw(search.source) if criterion == 0 else world.keys[criterion - 1, pending[i]]
    for i in range(1, count):
        k, stop, j = key[i], pending[i], i - 1
        while j >= 0 and key[j] > k:
            key[j + 1] = key[j]
            pending[j + 1] = pending[j]
            j -= 1
        key[j + 1] = k
        pending[j + 1] = stop


@lean_kernel
def search_on(world: World, search: Search, temperature: float, steps: int, most_routes: int) -> int:
    """Ruin and recreate ``steps`` times; return how many stops are absent that must not be.

    Accepted is what costs less, or not too much more (simulated annealing). Unless it is `ANY_NUMBER`, no route is opened
    beyond ``most_routes`` and the fleet is minimised: the search ends when no stop is absent, and accepts first of all what
    leaves absent the stops that were absent less often so far (Christiaens & Vanden Berghe 2020, section 4.4).
    """
    minimising, cost = most_routes != ANY_NUMBER, search.best_cost
    cost[1] = total_cost(world, search)  # so that rounding errors do not gather over the steps
    for _ in range(steps):
        if minimising and missing_stops(world, search) == 0:
            break
        left = propose(world, search, most_routes)
        change = change_with(world, search, left)
        fewer = count_absences(world, search, left) if minimising else 0
        better = fewer > 0 and change < NEVER / 2
        if better or (fewer == 0 and change < -temperature * np.log(draw(search.source) + 1e-18)):
            accept(search, left)
            cost[1] += change
            if not minimising and cost[1] < cost[0] - 1e-9:
                keep_best(world, search)
        else:
            decline(world, search)
    return missing_stops(world, search)
