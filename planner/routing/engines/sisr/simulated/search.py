"""How a search begins, what this judge proposes, and the best that it has seen."""

from __future__ import annotations

from planner.kernels import lean_kernel
from planner.kernels.by_struct import implements
from planner.routing.engines.sisr import judged
from planner.routing.engines.sisr.arrays import ANY_NUMBER, NONE
from planner.routing.engines.sisr.search import accept, copy_first, forget, total_cost
from planner.routing.engines.sisr.simulated.arrays import Search, World
from planner.routing.engines.sisr.simulated.recreate import recreate
from planner.routing.engines.sisr.simulated.routes import give, restore
from planner.routing.engines.sisr.simulated.ruin import close_up, mark, ruin
from planner.routing.engines.sisr.simulated.settle import retype, settle


def begin(world: World, search: Search) -> None:
    """Insert every lead that finds room, and take the result as current and best."""
    for slot in range(len(search.routes.size)):
        settle(world, search, slot)
    search.pending[: len(world.leads)] = world.leads
    accept(search, recreate(world, search, len(world.leads)))
    search.best_cost[1] = total_cost(world, search)
    keep_best(world, search)


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


@implements(judged.propose, World)
def propose(world: World, search: Search, most_routes: int) -> int:
    """Ruin and recreate once; return how many leads it leaves absent, the first of ``pending``.

    With a limit to the number of routes none is opened.
    """
    undo = search.undo
    search.only_old[0] = 0 if most_routes == ANY_NUMBER else 1
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


@implements(judged.decline, World)
def decline(world: World, search: Search) -> None:
    """Put the routes back as they were before the proposal."""
    restore(world, search.routes, search.undo)


@implements(judged.keep_best, World)
def keep_best(world: World, search: Search) -> None:
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
