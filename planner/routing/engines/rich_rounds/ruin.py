"""Ruin: take strings of neighbouring stops off neighbouring rounds, and with each stop whatever is bound to it."""

from __future__ import annotations

from planner.kernels import lean_kernel
from planner.routing.engines.rich_rounds.arrays import NONE, Search, World
from planner.routing.engines.rich_rounds.rounds import remember
from planner.routing.engines.ruin_recreate.draws import draw, draw_below

REMOVED_ON_AVERAGE = 10
"""Stops, so that of pairs half as many are removed."""
LONGEST_STRING = 10
SPLIT_SHARE = 0.5
SPLIT_GROWTH = 0.2
"""Probability that the kept middle of a split string grows by one more stop."""
WHOLE_ROUND_SHARE = 0.03
_LEAVING = -2


@lean_kernel
def ruin(world: World, search: Search, count: int) -> int:
    """Remove strings near a stop drawn at random, append their leads to ``pending`` from ``count`` on, return the count.

    Christiaens & Vanden Berghe 2020, section 5.1; the rounds' costs hold no more.
    """
    rounds, undo, source = search.rounds, search.undo, search.source
    seed_stop = draw_below(source, world.calls.stops)
    strings, longest = _string_limits(world, search)
    whole = draw(source) < WHOLE_ROUND_SHARE
    for q in range(world.neighbours.shape[1]):
        if strings <= 0:
            break
        stop = world.neighbours[seed_stop, q]
        slot = rounds.slot[stop]
        if slot < 0 or undo.touched[slot]:
            continue
        remember(rounds, undo, slot)
        size = rounds.size[slot]
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
    for slot in range(len(search.rounds.size)):
        if search.rounds.size[slot] > 0:
            used += 1
    longest = min(float(LONGEST_STRING), world.calls.stops / max(1, used))
    removed = float(REMOVED_ON_AVERAGE)
    if search.only_old[0] == 1:
        removed *= len(world.leads) / world.calls.stops
    most = 4.0 * removed / (1.0 + longest) - 1.0
    return 1 + int(draw(search.source) * most), longest


@lean_kernel
def _mark_string(world: World, search: Search, slot: int, stop: int, length: int, count: int) -> int:
    """Mark ``length`` nodes in a row that contain ``stop``; a split string keeps some in its middle."""
    rounds, source = search.rounds, search.source
    size, position, kept = rounds.size[slot], rounds.position[stop], 0
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
            count = mark(world, search, rounds.order[slot, i], count)
    return count


@lean_kernel
def mark(world: World, search: Search, node: int, count: int) -> int:
    """Mark a stop, its other half and all that have to keep an order with it; append their leads to ``pending``."""
    calls, rounds = world.calls, search.rounds
    if node >= calls.stops:
        return count
    count = _mark_lead(world, search, calls.lead[node], count)
    for r in range(calls.related_begin[node], calls.related_begin[node + 1]):
        other = calls.related[r]
        if rounds.slot[other] >= 0:
            count = _mark_lead(world, search, calls.lead[other], count)
    return count


@lean_kernel
def _mark_lead(world: World, search: Search, lead: int, count: int) -> int:
    rounds, calls = search.rounds, world.calls
    if calls.locked[lead] or rounds.slot[lead] < 0:
        return count
    rounds.slot[lead] = _LEAVING
    if calls.partner[lead] != NONE:
        rounds.slot[calls.partner[lead]] = _LEAVING
    search.pending[count] = lead
    return count + 1


@lean_kernel
def close_up(world: World, search: Search, slot: int) -> None:
    """Take the marked stops out of the slot's round; reloads stay, but not where no stop is left."""
    rounds, stops = search.rounds, world.calls.stops
    rounds.noted[slot] = False
    at, left = 0, 0
    for i in range(rounds.size[slot]):
        node = rounds.order[slot, i]
        if node < stops and rounds.slot[node] == _LEAVING:
            rounds.slot[node] = NONE
            continue
        rounds.order[slot, at] = node
        if node < stops:
            rounds.position[node] = at
            left += 1
        at += 1
    rounds.size[slot] = at if left > 0 else 0
