"""Ruin: take strings of neighbouring stops off neighbouring routes."""

from __future__ import annotations

from planner.kernels import lean_kernel
from planner.routing.engines.sisr.constant_time.arrays import Search, World
from planner.routing.engines.sisr.constant_time.routes import refresh, remember, start_of, unlink
from planner.routing.engines.sisr.draws import draw
from planner.routing.engines.sisr.strings import string_around, string_limits


@lean_kernel
def ruin(world: World, search: Search, count: int, seed_stop: int) -> int:
    """Remove strings near ``seed_stop``, append their stops to ``pending`` from ``count`` on, return the new count."""
    routes, undo, source, parameters = search.routes, search.undo, search.source, world.parameters
    stops = len(world.demands.opens) - world.demands.first_stop
    strings, longest = string_limits(world, search, stops, float(parameters.removed_on_average))
    whole = draw(source) < parameters.whole_route_share
    first = undo.touched_count[0]
    for q in range(world.neighbours.shape[1]):
        if strings <= 0:
            break
        stop = world.neighbours[seed_stop, q]
        slot = routes.slot[stop]
        if slot < 0 or undo.touched[slot]:
            continue
        remember(world, routes, undo, slot)
        size = routes.size[slot]
        length = min(1 + int(draw(source) * min(longest, float(size))), size)
        if whole and size <= 2 * parameters.removed_on_average:
            length, whole = size, False
        count = _remove_string(world, search, slot, stop, length, count)
        strings -= 1
    for i in range(first, undo.touched_count[0]):
        refresh(world, routes, undo.slots[i])
    return count


@lean_kernel
def _remove_string(world: World, search: Search, slot: int, stop: int, length: int, count: int) -> int:
    """Remove ``length`` stops in a row that contain ``stop``; a split string keeps some in its middle."""
    routes = search.routes
    position, v, start = 0, routes.prev[stop], start_of(world, slot)
    while v != start:
        position += 1
        v = routes.prev[v]
    begin, end, keep_from, keep_to = string_around(world.parameters, search.source, routes.size[slot], position, length)
    v = stop
    for _ in range(position - begin):
        v = routes.prev[v]
    for at in range(begin, end):
        after = routes.next[v]
        if not keep_from <= at < keep_to:
            unlink(world, routes, v)
            search.pending[count] = v
            count += 1
        v = after
    return count
