"""How a search begins, and the best that it has seen."""

from __future__ import annotations

import numpy as np

from planner.kernels import lean_kernel
from planner.kernels.by_struct import implements
from planner.routing.engines.sisr import judged
from planner.routing.engines.sisr.arrays import NONE
from planner.routing.engines.sisr.constant_time.arrays import (
    ANY_KIND,
    Search,
    World,
    empty_routes,
    empty_scratch,
    empty_undo,
)
from planner.routing.engines.sisr.constant_time.recreate import recreate
from planner.routing.engines.sisr.constant_time.routes import join, refresh
from planner.routing.engines.sisr.draws import new_source
from planner.routing.engines.sisr.search import accept, copy_first, forget, total_cost


def new_search(world: World, seed: int) -> Search:
    """Return a search whose routes hold every stop that an insertion one by one finds room for."""
    routes = empty_routes(world)
    places = len(world.demands.opens)
    search = Search(
        routes=routes,
        undo=empty_undo(world),
        scratch=empty_scratch(world),
        absent=np.zeros(places, dtype=np.int64),
        absent_count=np.zeros(1, dtype=np.int64),
        absences=np.zeros(places, dtype=np.int64),
        pending=np.zeros(places, dtype=np.int64),
        key=np.zeros(places),
        best_next=routes.next.copy(),
        best_window=routes.window.copy(),
        best_cost=np.array([np.inf, 0.0]),
        source=new_source(seed),
    )
    _begin(world, search, _cheapest_opening(world, search))
    return search


def _cheapest_opening(world: World, search: Search) -> int:
    """Return the kind of vehicle that, filled before all others, gives the cheapest first routes, or `ANY_KIND`.

    One by one, insertion opens small vehicles where few large ones would do, and strings of ten stops never undo that.
    """
    kinds = len(world.fleet.capacity)
    if kinds == 1:
        return ANY_KIND
    costs: dict[int, float] = {}
    for kind in (ANY_KIND, *range(kinds)):
        _begin(world, search, kind)
        costs[kind] = float(search.best_cost[1])
    return min(costs, key=lambda kind: (costs[kind], kind))


@lean_kernel
def _begin(world: World, search: Search, preferred: int) -> None:
    """Insert all stops, into vehicles of the preferred kind first, and take the result as current and best."""
    routes, pending = search.routes, search.pending
    slots, places = len(routes.size), len(world.demands.opens)
    for slot in range(slots):
        join(world, routes, slot, places + slot, places + slots + slot)
        routes.size[slot] = 0
        refresh(world, routes, slot)
    search.scratch.openings[0] = slots
    left = places - world.demands.first_stop
    for i in range(left):
        pending[i] = world.demands.first_stop + i
        routes.slot[pending[i]] = NONE
    if preferred != ANY_KIND:
        search.scratch.only_kind[0] = preferred
        left = recreate(world, search, left)
    search.scratch.only_kind[0] = ANY_KIND
    accept(search, recreate(world, search, left))
    search.best_cost[1] = total_cost(world, search)
    judged.keep_best(world, search)


@implements(judged.keep_best, World)
def keep_best(world: World, search: Search) -> None:
    """Note the current routes as the best."""
    search.best_cost[0] = search.best_cost[1]
    copy_first(search.best_next, search.routes.next, len(search.routes.next))
    copy_first(search.best_window, search.routes.window, len(search.routes.window))


@lean_kernel
def load_best(world: World, search: Search) -> None:
    """Make the best routes the current ones."""
    routes = search.routes
    places, slots = len(world.demands.opens), len(routes.size)
    for stop in range(world.demands.first_stop, places):
        routes.slot[stop] = -1
    for slot in range(slots):
        a, size = places + slot, 0
        while True:
            b = search.best_next[a]
            join(world, routes, slot, a, b)
            if b >= places:
                break
            routes.slot[b] = slot
            routes.window[b] = search.best_window[b]
            size += 1
            a = b
        routes.size[slot] = size
        refresh(world, routes, slot)
    forget(search.undo)
    left = 0
    for stop in range(world.demands.first_stop, places):
        if routes.slot[stop] < 0:
            search.absent[left] = stop
            left += 1
    search.absent_count[0] = left
    search.best_cost[1] = search.best_cost[0]
