"""Let two rounds exchange what comes behind a stop (2-opt*: Potvin & Rousseau 1995).

Strings of ten stops never carry a whole cluster from one long round to another; exchanging the ends does it in one step.
"""

from __future__ import annotations

from planner.kernels import lean_kernel
from planner.routing.engines.ruin_recreate.arrays import Rounds, Undo, World
from planner.routing.engines.ruin_recreate.draws import WordArray, draw_below
from planner.routing.engines.ruin_recreate.retype import holds, seat_both
from planner.routing.engines.ruin_recreate.rounds import end_of, join, refresh, remember, restore

NEAR = 20
"""The end that comes over begins with one of so many nearest stops."""


@lean_kernel
def exchange_tails(world: World, rounds: Rounds, undo: Undo, stop: int, source: WordArray) -> bool:
    """Let another round's end follow ``stop`` and this round's end take its place; say whether both can be driven.

    Rounds that their own vehicles can no longer drive are given to others that can, if there are any. If not both can be
    driven, nothing has changed.
    """
    near = min(NEAR, world.neighbours.shape[1] - 1)
    slot = rounds.slot[stop]
    if near < 1 or slot < 0:
        return False
    first = world.neighbours[stop, 1 + draw_below(source, near)]
    other = rounds.slot[first]
    if other < 0 or other == slot:
        return False
    before, after = rounds.prev[first], rounds.next[stop]
    kinds = world.fleet.kind_of_slot
    alike = kinds[slot] == kinds[other]
    if alike and not (_meets(world, rounds, stop, first) and _meets(world, rounds, before, after)):
        return False
    remember(world, rounds, undo, slot)
    remember(world, rounds, undo, other)
    cross(world, rounds, stop, first)
    if alike and holds(world, rounds, slot) and holds(world, rounds, other):
        return True
    if len(world.fleet.capacity) > 1 and seat_both(world, rounds, undo, slot, other):
        return True
    restore(world, rounds, undo)
    return False


@lean_kernel
def _meets(world: World, rounds: Rounds, a: int, b: int) -> bool:
    """Say whether the way to node ``a`` is done in time for the way from node ``b``, on rounds of the same kind."""
    table = world.fleet.table[world.fleet.kind_of_slot[rounds.slot[a]]]
    leg = world.legs.duration_out[table, world.place[a], world.place[b]]
    return bool(rounds.ready_before[a] + leg <= rounds.latest_after[b])


@lean_kernel
def cross(world: World, rounds: Rounds, stop: int, first: int) -> None:
    """Let ``first`` and what follows it come behind ``stop``, and what followed that in its place."""
    slot, other, before, after = rounds.slot[stop], rounds.slot[first], rounds.prev[first], rounds.next[stop]
    end, other_end = end_of(world, slot), end_of(world, other)
    last, other_last = rounds.prev[other_end], rounds.prev[end]
    moved_here, moved_there = _hand_over(rounds, first, other_end, slot), _hand_over(rounds, after, end, other)
    join(world, rounds, slot, stop, first)
    join(world, rounds, slot, last, end)
    if moved_there > 0:
        join(world, rounds, other, before, after)
        join(world, rounds, other, other_last, other_end)
    else:
        join(world, rounds, other, before, other_end)
    rounds.slot_size[slot] += moved_here - moved_there
    rounds.slot_size[other] += moved_there - moved_here
    refresh(world, rounds, slot)
    refresh(world, rounds, other)


@lean_kernel
def _hand_over(rounds: Rounds, first: int, end: int, slot: int) -> int:
    """Give the stops from ``first`` up to the node ``end`` to another slot; return how many there are."""
    count, v = 0, first
    while v != end:
        rounds.slot[v] = slot
        count += 1
        v = rounds.next[v]
    return count
