"""What one search changes, how it begins, and the best it has seen."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from planner.kernels import lean_kernel
from planner.kernels.by_reference import ByReference
from planner.routing.engines.sisr.constant_time.arrays import (
    ANY_KIND,
    Routes,
    Scratch,
    Undo,
    World,
    empty_routes,
    empty_scratch,
    empty_undo,
)
from planner.routing.engines.sisr.constant_time.recreate import recreate
from planner.routing.engines.sisr.constant_time.routes import forget, join, refresh
from planner.routing.engines.sisr.draws import WordArray, new_source
from planner.units import FloatArray, IntArray


@dataclass(frozen=True, kw_only=True, eq=False)
class Best(ByReference):
    """The best routes seen: followers and windows by node, what they cost, and the cost of the current ones."""

    next: IntArray
    window: IntArray
    cost: FloatArray
    current: FloatArray


@dataclass(frozen=True, kw_only=True, eq=False)
class Search(ByReference):
    """Everything one search changes; ``absent[: absent_count[0]]`` are the stops on no route.

    ``absences`` counts by stop how often fleet minimisation could not place it.
    """

    routes: Routes
    undo: Undo
    scratch: Scratch
    best: Best
    absent: IntArray
    absent_count: IntArray
    absences: IntArray
    source: WordArray


def new_search(world: World, seed: int) -> Search:
    """Return a search whose routes hold every stop that an insertion one by one finds room for."""
    stops = np.arange(world.demands.first_stop, len(world.demands.opens))
    routes = empty_routes(world)
    search = Search(
        routes=routes,
        undo=empty_undo(world),
        scratch=empty_scratch(world),
        best=Best(next=routes.next.copy(), window=routes.window.copy(), cost=np.full(1, np.inf), current=np.zeros(1)),
        absent=stops.copy(),
        absent_count=np.full(1, len(stops), dtype=np.int64),
        absences=np.zeros(len(world.demands.opens), dtype=np.int64),
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
        costs[kind] = float(search.best.current[0])
    return min(costs, key=lambda kind: (costs[kind], kind))


@lean_kernel
def _begin(world: World, search: Search, preferred: int) -> None:
    """Insert all stops, into vehicles of the preferred kind first, and take the result as current and best."""
    routes, undo, absent = search.routes, search.undo, search.absent
    slots, places = len(routes.slot_size), len(world.demands.opens)
    for slot in range(slots):
        join(world, routes, slot, places + slot, places + slots + slot)
        routes.slot_size[slot] = 0
        refresh(world, routes, slot)
    search.scratch.openings[0] = slots
    left = places - world.demands.first_stop
    for i in range(left):
        absent[i] = world.demands.first_stop + i
        routes.slot[absent[i]] = -1
    if preferred != ANY_KIND:
        search.scratch.only_kind[0] = preferred
        left = recreate(world, routes, undo, absent, left, search.scratch, search.source)
    search.scratch.only_kind[0] = ANY_KIND
    left = recreate(world, routes, undo, absent, left, search.scratch, search.source)
    search.absent_count[0] = left
    forget(undo)
    search.best.current[0] = total_cost(world, search)
    keep_best(search)


@lean_kernel
def total_cost(world: World, search: Search) -> float:
    """Return what the current routes cost, with the price of every absent stop."""
    total = search.routes.slot_cost.sum()
    for i in range(search.absent_count[0]):
        total += world.demands.penalty[search.absent[i]]
    return float(total)


@lean_kernel
def copy_first(target: IntArray, values: IntArray, count: int) -> None:
    """Copy the first values; a slice assignment would allocate."""
    for i in range(count):
        target[i] = values[i]


@lean_kernel
def keep_best(search: Search) -> None:
    """Note the current routes as the best."""
    search.best.cost[0] = search.best.current[0]
    copy_first(search.best.next, search.routes.next, len(search.routes.next))
    copy_first(search.best.window, search.routes.window, len(search.routes.window))


@lean_kernel
def load_best(world: World, search: Search) -> None:
    """Make the best routes the current ones."""
    routes, undo, best = search.routes, search.undo, search.best
    places, slots = len(world.demands.opens), len(routes.slot_size)
    for stop in range(world.demands.first_stop, places):
        routes.slot[stop] = -1
    for slot in range(slots):
        a, size = places + slot, 0
        while True:
            b = best.next[a]
            join(world, routes, slot, a, b)
            if b >= places:
                break
            routes.slot[b] = slot
            routes.window[b] = best.window[b]
            size += 1
            a = b
        routes.slot_size[slot] = size
        refresh(world, routes, slot)
    forget(undo)
    left = 0
    for stop in range(world.demands.first_stop, places):
        if routes.slot[stop] < 0:
            search.absent[left] = stop
            left += 1
    search.absent_count[0] = left
    best.current[0] = best.cost[0]


@lean_kernel
def missing_stops(world: World, search: Search) -> int:
    """Return how many stops are absent that must not be."""
    missing = 0
    for i in range(search.absent_count[0]):
        if world.demands.required[search.absent[i]]:
            missing += 1
    return missing
