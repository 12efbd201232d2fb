"""Kernels that change routes: look at one, give it other nodes, remember and restore."""

from __future__ import annotations

from planner.kernels import lean_kernel
from planner.routing.engines.sisr.simulated.arrays import NEVER, NONE, Offer, Routes, Search, Trial, Undo, World
from planner.units import IntArray


@lean_kernel
def look_at(world: World, routes: Routes, trial: Trial, slot: int) -> None:
    """Make the slot's route the one being looked at."""
    trial.kind[0] = world.fleet.kind_of_slot[slot]
    trial.size[0] = routes.size[slot]
    copy_first(trial.order, routes.order[slot], routes.size[slot])


@lean_kernel
def copy_first(target: IntArray, values: IntArray, count: int) -> None:
    """Copy the first values; a slice assignment would allocate."""
    for i in range(count):
        target[i] = values[i]


@lean_kernel
def _empty(routes: Routes, slot: int) -> None:
    """Let the slot drive nowhere."""
    routes.noted[slot] = False
    for i in range(routes.size[slot]):
        node = routes.order[slot, i]
        if routes.slot[node] == slot:
            routes.slot[node] = NONE
    routes.size[slot] = 0


@lean_kernel
def give(world: World, routes: Routes, slot: int, order: IntArray, size: int, cost: float) -> None:
    """Let the slot drive these nodes; nodes it drove before and does not now are on no route unless another has them."""
    _empty(routes, slot)
    for i in range(size):
        node = order[i]
        routes.order[slot, i] = node
        if node < world.demands.stops:
            routes.slot[node] = slot
            routes.position[node] = i
    routes.size[slot] = size
    routes.cost[slot] = cost if size > 0 else 0.0


@lean_kernel
def make_offer(offer: Offer, trial: Trial, slot: int, added: float) -> None:
    """Note the route being looked at as the best so far."""
    offer.slot[0] = slot
    copy_first(offer.order, trial.order, trial.size[0])
    offer.size[0] = trial.size[0]
    offer.added[0] = added


@lean_kernel
def remember(routes: Routes, undo: Undo, slot: int) -> None:
    """Note the slot's route as it is, once between two decisions."""
    if undo.touched[slot]:
        return
    undo.touched[slot] = True
    i = undo.touched_count[0]
    undo.slots[i] = slot
    undo.size[i] = routes.size[slot]
    undo.cost[i] = routes.cost[slot]
    for k in range(routes.size[slot]):
        node = routes.order[slot, k]
        undo.order[i, k] = node
        undo.window[i, k] = routes.window[node]
    undo.touched_count[0] = i + 1


@lean_kernel
def forget(undo: Undo) -> None:
    """Accept the routes as they are."""
    for i in range(undo.touched_count[0]):
        undo.touched[undo.slots[i]] = False
    undo.touched_count[0] = 0


@lean_kernel
def restore(world: World, routes: Routes, undo: Undo) -> None:
    """Put every touched route back as it was remembered."""
    for i in range(undo.touched_count[0]):
        _empty(routes, undo.slots[i])
    for i in range(undo.touched_count[0]):
        give(world, routes, undo.slots[i], undo.order[i], undo.size[i], undo.cost[i])
        for k in range(undo.size[i]):
            routes.window[undo.order[i, k]] = undo.window[i, k]
    forget(undo)


@lean_kernel
def cost_change(routes: Routes, undo: Undo) -> float:
    """Return what the touched routes cost now beyond what they cost before, `NEVER` if one cannot be driven."""
    change = 0.0
    for i in range(undo.touched_count[0]):
        if routes.cost[undo.slots[i]] >= NEVER:
            return NEVER
        change += routes.cost[undo.slots[i]] - undo.cost[i]
    return change


@lean_kernel
def total_cost(world: World, search: Search) -> float:
    """Return what the current routes cost, with the price of every absent stop."""
    total = search.routes.cost.sum()
    for i in range(search.absent_count[0]):
        total += world.demands.penalty[search.absent[i]]
    return float(total)


@lean_kernel
def locked_part(world: World, routes: Routes, slot: int) -> int:
    """Return how many of the slot's nodes, from the first on, may not be parted: up to its last locked stop."""
    for i in range(routes.size[slot] - 1, -1, -1):
        if world.demands.locked[routes.order[slot, i]]:
            return i + 1
    return 0
