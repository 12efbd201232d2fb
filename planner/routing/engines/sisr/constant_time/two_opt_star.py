"""Let two routes exchange what comes behind a stop (2-opt*: Potvin & Rousseau 1995).

Strings of ten stops never carry a whole cluster from one long route to another; exchanging the ends does it in one step.
"""

from __future__ import annotations

from planner.kernels import lean_kernel
from planner.routing.engines.sisr.constant_time.arrays import Routes, Undo, World
from planner.routing.engines.sisr.constant_time.retype import holds, seat_both
from planner.routing.engines.sisr.constant_time.routes import end_of, join, refresh, remember, restore
from planner.routing.engines.sisr.draws import WordArray, draw_below

NEAR = 20
"""The end that comes over begins with one of so many nearest stops."""


@lean_kernel
def exchange_ends(world: World, routes: Routes, undo: Undo, stop: int, source: WordArray) -> bool:
    """Let another route's end follow ``stop`` and this route's end take its place; say whether both can be driven.

    Routes that their own vehicles can no longer drive are given to others that can, if there are any. If not both can be
    driven, nothing has changed.
    """
    near = min(NEAR, world.neighbours.shape[1] - 1)
    slot = routes.slot[stop]
    if near < 1 or slot < 0:
        return False
    first = world.neighbours[stop, 1 + draw_below(source, near)]
    other = routes.slot[first]
    if other < 0 or other == slot:
        return False
    before, after = routes.prev[first], routes.next[stop]
    kinds = world.fleet.kind_of_slot
    alike = kinds[slot] == kinds[other]
    if alike and not (_meets(world, routes, stop, first) and _meets(world, routes, before, after)):
        return False
    remember(world, routes, undo, slot)
    remember(world, routes, undo, other)
    cross(world, routes, stop, first)
    if alike and holds(world, routes, slot) and holds(world, routes, other):
        return True
    if len(world.fleet.capacity) > 1 and seat_both(world, routes, undo, slot, other):
        return True
    restore(world, routes, undo)
    return False


@lean_kernel
def _meets(world: World, routes: Routes, a: int, b: int) -> bool:
    """Say whether the way to node ``a`` is done in time for the way from node ``b``, on routes of the same kind."""
    table = world.fleet.table[world.fleet.kind_of_slot[routes.slot[a]]]
    leg = world.legs.duration_out[table, world.place[a], world.place[b]]
    return bool(routes.ready_before[a] + leg <= routes.latest_after[b])


@lean_kernel
def cross(world: World, routes: Routes, stop: int, first: int) -> None:
    """Let ``first`` and what follows it come behind ``stop``, and what followed that in its place."""
    slot, other, before, after = routes.slot[stop], routes.slot[first], routes.prev[first], routes.next[stop]
    end, other_end = end_of(world, slot), end_of(world, other)
    last, other_last = routes.prev[other_end], routes.prev[end]
    moved_here, moved_there = _hand_over(routes, first, other_end, slot), _hand_over(routes, after, end, other)
    join(world, routes, slot, stop, first)
    join(world, routes, slot, last, end)
    if moved_there > 0:
        join(world, routes, other, before, after)
        join(world, routes, other, other_last, other_end)
    else:
        join(world, routes, other, before, other_end)
    routes.slot_size[slot] += moved_here - moved_there
    routes.slot_size[other] += moved_there - moved_here
    refresh(world, routes, slot)
    refresh(world, routes, other)


@lean_kernel
def _hand_over(routes: Routes, first: int, end: int, slot: int) -> int:
    """Give the stops from ``first`` up to the node ``end`` to another slot; return how many there are."""
    count, v = 0, first
    while v != end:
        routes.slot[v] = slot
        count += 1
        v = routes.next[v]
    return count
