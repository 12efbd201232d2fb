"""The search: ruin and recreate, accepted by cost under simulated annealing, or by the stops still without a place."""

from __future__ import annotations

import numpy as np

from planner.kernels import inlined, lean_kernel
from planner.routing.engines.sisr.draws import draw
from planner.routing.engines.sisr.simulated.arrays import NEVER, NONE, Search, World
from planner.routing.engines.sisr.simulated.recreate import recreate
from planner.routing.engines.sisr.simulated.routes import copy_first, cost_change, forget, give, restore, total_cost
from planner.routing.engines.sisr.simulated.ruin import close_up, mark, ruin
from planner.routing.engines.sisr.simulated.settle import retype, settle


def begin(world: World, search: Search) -> None:
    """Insert every absent lead that finds room, and take the result as current and best."""
    for slot in range(len(search.routes.size)):
        settle(world, search, slot)
    count = int(search.absent_count[0])
    search.pending[:count] = search.absent[:count]
    _accept(search, recreate(world, search, count))
    search.best_cost[1] = total_cost(world, search)
    keep_best(search)


@lean_kernel
def search_on(world: World, search: Search, temperature: float, steps: int, minimising: bool) -> int:
    """Ruin and recreate ``steps`` times; return how many stops are absent that must not be.

    Accepted is what costs less, or not too much more (simulated annealing). ``minimising`` the fleet uses no further
    vehicle, ends when no stop is absent, and accepts first of all what leaves absent the stops that were absent less often
    so far (fleet minimisation: Christiaens & Vanden Berghe 2020, section 4.4).
    """
    search.best_cost[1] = total_cost(world, search)  # so that rounding errors do not gather over the steps
    search.only_old[0] = 1 if minimising else 0
    for _ in range(steps):
        if minimising and missing(world, search) == 0:
            break
        left = _propose(world, search)
        change = _change(world, search, left)
        fewer = _count_absences(world, search, left) if minimising else 0
        better = fewer > 0 and change < NEVER / 2
        if better or (fewer == 0 and change < -temperature * np.log(draw(search.source) + 1e-18)):
            _accept(search, left)
            search.best_cost[1] += change
            if not minimising and search.best_cost[1] < search.best_cost[0] - 1e-9:
                keep_best(search)
        else:
            restore(world, search.routes, search.undo)
    search.only_old[0] = 0
    return missing(world, search)


@lean_kernel
def _count_absences(world: World, search: Search, left: int) -> int:
    """Return by how much less often the stops left absent were absent so far than those before them, and count them."""
    demands, absences, fewer = world.demands, search.absences, 0
    for i in range(search.absent_count[0]):
        if demands.required[search.absent[i]]:
            fewer += 1 + absences[search.absent[i]]
    for i in range(left):
        if demands.required[search.pending[i]]:
            fewer -= 1 + absences[search.pending[i]]
            absences[search.pending[i]] += 1
    return int(fewer)


@lean_kernel
def remove_route(world: World, search: Search) -> None:
    """Take all stops off the route whose stops were absent least often, the shortest of equals; none with locked stops."""
    routes, demands = search.routes, world.demands
    least, none = -1, len(routes.size)
    chosen = none
    for slot in range(len(routes.size)):
        score, locked = 0, False
        for i in range(routes.size[slot]):
            node = routes.order[slot, i]
            score += 1 + search.absences[node]
            locked = locked or demands.locked[node]
        if routes.size[slot] > 0 and not locked and (chosen == none or score < least):
            least, chosen = score, slot
    if chosen == none:
        return
    before = search.absent_count[0]
    count = before
    for i in range(routes.size[chosen]):
        count = mark(world, search, routes.order[chosen, i], count)
    close_up(world, search, chosen)  # nothing is left of it
    routes.cost[chosen] = 0.0
    for i in range(before, count):
        search.absent[i] = search.pending[i]
    search.absent_count[0] = count


@inlined
def _propose(world: World, search: Search) -> int:
    """Ruin and recreate once; return how many leads it leaves absent, the first of ``pending``."""
    undo = search.undo
    absent = search.absent_count[0]
    copy_first(search.pending, search.absent, absent)
    count = ruin(world, search, absent)
    for i in range(undo.touched_count[0]):
        settle(world, search, undo.slots[i])
    left = recreate(world, search, count)
    if len(world.fleet.capacity) > 1:
        for i in range(undo.touched_count[0]):
            retype(world, search, undo.slots[i])
    for i in range(undo.touched_count[0]):
        settle(world, search, undo.slots[i])
    return left


@lean_kernel
def _change(world: World, search: Search, left: int) -> float:
    """Return what the proposal costs beyond the routes before it."""
    change = cost_change(search.routes, search.undo)
    for i in range(left):
        change += world.demands.penalty[search.pending[i]]
    for i in range(search.absent_count[0]):
        change -= world.demands.penalty[search.absent[i]]
    return float(change)


@lean_kernel
def _accept(search: Search, left: int) -> None:
    forget(search.undo)
    copy_first(search.absent, search.pending, left)
    search.absent_count[0] = left


@lean_kernel
def missing(world: World, search: Search) -> int:
    """Return how many leads are absent that must not be."""
    count = 0
    for i in range(search.absent_count[0]):
        if world.demands.required[search.absent[i]]:
            count += 1
    return count


@lean_kernel
def keep_best(search: Search) -> None:
    """Note the current routes as the best."""
    routes = search.routes
    search.best_cost[0] = search.best_cost[1]
    for slot in range(len(routes.size)):
        copy_first(search.best_order[slot], routes.order[slot], routes.size[slot])
        search.best_size[slot] = routes.size[slot]
    copy_first(search.best_window, routes.window, len(routes.window))


def load_best(world: World, search: Search) -> None:
    """Make the best routes the current ones."""
    routes = search.routes
    forget(search.undo)
    routes.size[:], routes.slot[:], routes.window[:] = 0, NONE, search.best_window
    for slot, size in enumerate(search.best_size):
        give(world, routes, slot, search.best_order[slot], int(size), 0.0)
        settle(world, search, slot)
    absent = world.leads[routes.slot[world.leads] == NONE]
    search.absent[: len(absent)] = absent
    search.absent_count[0] = len(absent)
    search.best_cost[1] = total_cost(world, search)
