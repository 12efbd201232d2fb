"""Kernels that change rounds: look at one, give it other nodes, remember and restore."""

from __future__ import annotations

from planner.kernels import lean_kernel
from planner.routing.engines.rich_rounds.arrays import NEVER, NONE, Offer, Rounds, Search, Undo, Way, World
from planner.units import IntArray


@lean_kernel
def look_at(world: World, rounds: Rounds, way: Way, slot: int) -> None:
    """Make the slot's round the one being looked at."""
    way.kind[0] = world.fleet.kind_of_slot[slot]
    way.size[0] = rounds.size[slot]
    copy_first(way.order, rounds.order[slot], rounds.size[slot])


@lean_kernel
def copy_first(target: IntArray, values: IntArray, count: int) -> None:
    """Copy the first values; a slice assignment would allocate."""
    for i in range(count):
        target[i] = values[i]


@lean_kernel
def _empty(rounds: Rounds, slot: int) -> None:
    """Let the slot drive nowhere."""
    rounds.noted[slot] = False
    for i in range(rounds.size[slot]):
        node = rounds.order[slot, i]
        if rounds.slot[node] == slot:
            rounds.slot[node] = NONE
    rounds.size[slot] = 0


@lean_kernel
def give(world: World, rounds: Rounds, slot: int, order: IntArray, size: int, cost: float) -> None:
    """Let the slot drive these nodes; nodes it drove before and does not now are on no round unless another has them."""
    _empty(rounds, slot)
    for i in range(size):
        node = order[i]
        rounds.order[slot, i] = node
        if node < world.calls.stops:
            rounds.slot[node] = slot
            rounds.position[node] = i
    rounds.size[slot] = size
    rounds.cost[slot] = cost if size > 0 else 0.0


@lean_kernel
def make_offer(offer: Offer, way: Way, slot: int, added: float) -> None:
    """Note the round being looked at as the best so far."""
    offer.slot[0] = slot
    copy_first(offer.order, way.order, way.size[0])
    offer.size[0] = way.size[0]
    offer.added[0] = added


@lean_kernel
def remember(rounds: Rounds, undo: Undo, slot: int) -> None:
    """Note the slot's round as it is, once between two decisions."""
    if undo.touched[slot]:
        return
    undo.touched[slot] = True
    i = undo.touched_count[0]
    undo.slots[i] = slot
    undo.size[i] = rounds.size[slot]
    undo.cost[i] = rounds.cost[slot]
    for k in range(rounds.size[slot]):
        node = rounds.order[slot, k]
        undo.order[i, k] = node
        undo.window[i, k] = rounds.window[node]
    undo.touched_count[0] = i + 1


@lean_kernel
def forget(undo: Undo) -> None:
    """Accept the rounds as they are."""
    for i in range(undo.touched_count[0]):
        undo.touched[undo.slots[i]] = False
    undo.touched_count[0] = 0


@lean_kernel
def restore(world: World, rounds: Rounds, undo: Undo) -> None:
    """Put every touched round back as it was remembered."""
    for i in range(undo.touched_count[0]):
        _empty(rounds, undo.slots[i])
    for i in range(undo.touched_count[0]):
        give(world, rounds, undo.slots[i], undo.order[i], undo.size[i], undo.cost[i])
        for k in range(undo.size[i]):
            rounds.window[undo.order[i, k]] = undo.window[i, k]
    forget(undo)


@lean_kernel
def cost_change(rounds: Rounds, undo: Undo) -> float:
    """Return what the touched rounds cost now beyond what they cost before, `NEVER` if one cannot be driven."""
    change = 0.0
    for i in range(undo.touched_count[0]):
        if rounds.cost[undo.slots[i]] >= NEVER:
            return NEVER
        change += rounds.cost[undo.slots[i]] - undo.cost[i]
    return change


@lean_kernel
def total_cost(world: World, search: Search) -> float:
    """Return what the current rounds cost, with the price of every absent stop."""
    total = search.rounds.cost.sum()
    for i in range(search.absent_count[0]):
        total += world.calls.penalty[search.absent[i]]
    return float(total)


@lean_kernel
def locked_part(world: World, rounds: Rounds, slot: int) -> int:
    """Return how many of the slot's nodes, from the first on, may not be parted: up to its last locked stop."""
    for i in range(rounds.size[slot] - 1, -1, -1):
        if world.calls.locked[rounds.order[slot, i]]:
            return i + 1
    return 0
