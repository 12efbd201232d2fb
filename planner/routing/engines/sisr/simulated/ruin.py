"""Ruin: take strings of neighbouring stops off neighbouring routes, and with each stop whatever is bound to it."""

from __future__ import annotations

from planner.kernels import lean_kernel
from planner.routing.engines.sisr.draws import draw, draw_below
from planner.routing.engines.sisr.simulated.arrays import NONE, Search, World
from planner.routing.engines.sisr.simulated.routes import remember

REMOVED_ON_AVERAGE = 10
"""Stops, so that of pairs half as many are removed."""
LONGEST_STRING = 10
SPLIT_SHARE = 0.5
SPLIT_GROWTH = 0.2
"""Probability that the kept middle of a split string grows by one more stop."""
WHOLE_ROUTE_SHARE = 0.03
_LEAVING = -2


@lean_kernel
def ruin(world: World, search: Search, count: int) -> int:
    """Remove strings near a stop drawn at random, append their leads to ``pending`` from ``count`` on, return the count.

    Christiaens & Vanden Berghe 2020, section 5.1; the routes' costs hold no more.
    """
    routes, undo, source = search.routes, search.undo, search.source
    seed_stop = draw_below(source, world.demands.stops)
    strings, longest = _string_limits(world, search)
    whole = draw(source) < WHOLE_ROUTE_SHARE
    for q in range(world.neighbours.shape[1]):
        if strings <= 0:
            break
        stop = world.neighbours[seed_stop, q]
        slot = routes.slot[stop]
        if slot < 0 or undo.touched[slot]:
            continue
        remember(routes, undo, slot)
        size = routes.size[slot]
        length = min(1 + int(draw(source) * min(longest, float(size))), size)
        if whole and size <= 2 * REMOVED_ON_AVERAGE:
            length, whole = size, False
        count = _mark_string(world, search, slot, stop, length, count)
        close_up(world, search, slot)
        strings -= 1
    return count


@lean_kernel
def _string_limits(world: World, search: Search) -> tuple[int, float]:
    """Return how many strings to remove and how long they may be, so that about the wished number of stops goes."""
    used = 0
    for slot in range(len(search.routes.size)):
        if search.routes.size[slot] > 0:
            used += 1
    longest = min(float(LONGEST_STRING), world.demands.stops / max(1, used))
    removed = float(REMOVED_ON_AVERAGE)
    if search.only_old[0] == 1:
        removed *= len(world.leads) / world.demands.stops
    most = 4.0 * removed / (1.0 + longest) - 1.0
    return 1 + int(draw(search.source) * most), longest


@lean_kernel
def _mark_string(world: World, search: Search, slot: int, stop: int, length: int, count: int) -> int:
    """Mark ``length`` nodes in a row that contain ``stop``; a split string keeps some in its middle."""
    routes, source = search.routes, search.source
    size, position, kept = routes.size[slot], routes.position[stop], 0
    if 1 < length < size and draw(source) < SPLIT_SHARE:
        kept = 1
        while length + kept < size and draw(source) < SPLIT_GROWTH:
            kept += 1
    span = length + kept
    lowest, highest = max(0, position - span + 1), min(position, size - span)
    begin = lowest + draw_below(source, highest - lowest + 1)
    keep_from = begin + draw_below(source, length + 1) if kept > 0 else -1
    for i in range(begin, begin + span):
        if not (kept > 0 and keep_from <= i < keep_from + kept):
            count = mark(world, search, routes.order[slot, i], count)
    return count


@lean_kernel
def mark(world: World, search: Search, node: int, count: int) -> int:
    """Mark a stop, its other half and all that have to keep an order with it; append their leads to ``pending``."""
    demands, routes = world.demands, search.routes
    if node >= demands.stops:
        return count
    count = _mark_lead(world, search, demands.lead[node], count)
    for r in range(demands.related_begin[node], demands.related_begin[node + 1]):
        other = demands.related[r]
        if routes.slot[other] >= 0:
            count = _mark_lead(world, search, demands.lead[other], count)
    return count


@lean_kernel
def _mark_lead(world: World, search: Search, lead: int, count: int) -> int:
    routes, demands = search.routes, world.demands
    if demands.locked[lead] or routes.slot[lead] < 0:
        return count
    routes.slot[lead] = _LEAVING
    if demands.partner[lead] != NONE:
        routes.slot[demands.partner[lead]] = _LEAVING
    search.pending[count] = lead
    return count + 1


@lean_kernel
def close_up(world: World, search: Search, slot: int) -> None:
    """Take the marked stops out of the slot's route; reloads stay, but not where no stop is left."""
    routes, stops = search.routes, world.demands.stops
    routes.noted[slot] = False
    at, left = 0, 0
    for i in range(routes.size[slot]):
        node = routes.order[slot, i]
        if node < stops and routes.slot[node] == _LEAVING:
            routes.slot[node] = NONE
            continue
        routes.order[slot, at] = node
        if node < stops:
            routes.position[node] = at
            left += 1
        at += 1
    routes.size[slot] = at if left > 0 else 0
