"""Let two rounds exchange what comes behind a stop (2-opt*: Potvin & Rousseau 1995).

Strings of ten stops never carry a whole cluster from one long round to another; exchanging the ends does it in one step.
"""

from __future__ import annotations

from planner.routing.engines.ruin_recreate.arrays import Rounds, Undo, World
from planner.routing.engines.ruin_recreate.draws import WordArray, draw_below
from planner.routing.engines.ruin_recreate.kernel import kernel
from planner.routing.engines.ruin_recreate.rounds import end_of, join, refresh, remember, restore

NEAR = 20
"""The end that comes over begins with one of so many nearest stops."""


@kernel
def exchange_tails(world: World, rounds: Rounds, undo: Undo, stop: int, source: WordArray) -> bool:
    """Let another round's end follow ``stop`` and this round's end take its place; say whether both can be driven.

    Both rounds are of one kind of vehicle, so that each stop's skills stay met. If not, nothing has changed.
    """
    near = min(NEAR, world.neighbours.shape[1] - 1)
    slot = rounds.slot[stop]
    if near < 1 or slot < 0:
        return False
    first = world.neighbours[stop, 1 + draw_below(source, near)]
    other = rounds.slot[first]
    kinds = world.fleet.kind_of_slot
    if other < 0 or other == slot or kinds[slot] != kinds[other]:
        return False
    before, after = rounds.prev[first], rounds.next[stop]
    durations, place = world.legs.duration_out, world.place
    table = world.fleet.table[kinds[slot]]
    if rounds.ready_before[stop] + durations[table, place[stop], place[first]] > rounds.latest_after[first]:
        return False
    if rounds.ready_before[before] + durations[table, place[before], place[after]] > rounds.latest_after[after]:
        return False
    remember(world, rounds, undo, slot)
    remember(world, rounds, undo, other)
    end, other_end = end_of(world, slot), end_of(world, other)
    last = rounds.prev[other_end]
    other_last = rounds.prev[end]
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
    if _holds(world, rounds, slot) and _holds(world, rounds, other):
        return True
    restore(world, rounds, undo)
    return False


@kernel
def _hand_over(rounds: Rounds, first: int, end: int, slot: int) -> int:
    """Give the stops from ``first`` up to the node ``end`` to another slot; return how many there are."""
    count, v = 0, first
    while v != end:
        rounds.slot[v] = slot
        count += 1
        v = rounds.next[v]
    return count


@kernel
def _holds(world: World, rounds: Rounds, slot: int) -> bool:
    """Say whether loads, length of duty and limits of the slot's round hold; its times are known to."""
    fleet = world.fleet
    kind, start = fleet.kind_of_slot[slot], len(world.demands.opens) + slot
    for d in range(fleet.capacity.shape[1]):
        if rounds.peak_after[start, d] > fleet.capacity[kind, d]:
            return False
    return bool(
        rounds.slot_size[slot] <= fleet.max_stops[kind]
        and rounds.slot_duty[slot] <= fleet.max_duty[kind]
        and rounds.slot_metres[slot] <= fleet.max_metres[kind]
        and rounds.slot_driving[slot] <= fleet.max_driving[kind]
    )
