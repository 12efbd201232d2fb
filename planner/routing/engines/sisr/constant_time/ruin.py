"""Ruin: take strings of neighbouring stops off neighbouring routes (Christiaens & Vanden Berghe 2020, section 5.1)."""

from __future__ import annotations

from planner.kernels import lean_kernel
from planner.routing.engines.sisr.constant_time.arrays import Routes, Undo, World
from planner.routing.engines.sisr.constant_time.routes import refresh, remember, start_of, unlink, used_routes
from planner.routing.engines.sisr.draws import WordArray, draw, draw_below
from planner.units import IntArray

REMOVED_ON_AVERAGE = 10
LONGEST_STRING = 10
SPLIT_SHARE = 0.5
SPLIT_GROWTH = 0.2
"""Probability that the kept middle of a split string grows by one more stop."""
WHOLE_ROUTE_SHARE = 0.01


@lean_kernel
def ruin(
    world: World, routes: Routes, undo: Undo, pending: IntArray, count: int, seed_stop: int, source: WordArray
) -> int:
    """Remove strings near ``seed_stop``, append their stops to ``pending`` from ``count`` on, return the new count."""
    strings, longest = _string_limits(world, routes, source)
    whole = draw(source) < WHOLE_ROUTE_SHARE
    first = undo.touched_count[0]
    for q in range(world.neighbours.shape[1]):
        if strings <= 0:
            break
        stop = world.neighbours[seed_stop, q]
        slot = routes.slot[stop]
        if slot < 0 or undo.touched[slot]:
            continue
        remember(world, routes, undo, slot)
        size = routes.slot_size[slot]
        length = min(1 + int(draw(source) * min(longest, float(size))), size)
        if whole and size <= 2 * REMOVED_ON_AVERAGE:
            length = size
            whole = False
        count = _remove_string(world, routes, slot, stop, length, pending, count, source)
        strings -= 1
    for i in range(first, undo.touched_count[0]):
        refresh(world, routes, undo.slots[i])
    return count


@lean_kernel
def _string_limits(world: World, routes: Routes, source: WordArray) -> tuple[int, float]:
    """Return how many strings to remove and how long they may be, so that about the wished number of stops goes."""
    stops = len(world.demands.opens) - world.demands.first_stop
    longest = min(float(LONGEST_STRING), stops / max(1, used_routes(routes)))
    most = 4.0 * REMOVED_ON_AVERAGE / (1.0 + longest) - 1.0
    return 1 + int(draw(source) * most), longest


@lean_kernel
def _remove_string(
    world: World, routes: Routes, slot: int, stop: int, length: int, pending: IntArray, count: int, source: WordArray
) -> int:
    """Remove ``length`` stops in a row that contain ``stop``; a split string keeps some in its middle."""
    size = routes.slot_size[slot]
    kept = 0
    if 1 < length < size and draw(source) < SPLIT_SHARE:
        kept = 1
        while length + kept < size and draw(source) < SPLIT_GROWTH:
            kept += 1
    span = length + kept
    position, v, start = 0, routes.prev[stop], start_of(world, slot)
    while v != start:
        position += 1
        v = routes.prev[v]
    lowest, highest = max(0, position - span + 1), min(position, size - span)
    begin = lowest + draw_below(source, highest - lowest + 1)
    keep_from = begin + draw_below(source, length + 1) if kept > 0 else -1
    v = stop
    for _ in range(position - begin):
        v = routes.prev[v]
    for at in range(begin, begin + span):
        after = routes.next[v]
        if not (kept > 0 and keep_from <= at < keep_from + kept):
            unlink(world, routes, v)
            pending[count] = v
            count += 1
        v = after
    return count
