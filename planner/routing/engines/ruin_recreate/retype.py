"""Give a round to another kind of vehicle where that costs less: a free one, or one that drives another round."""

from __future__ import annotations

from planner.routing.engines.ruin_recreate.arrays import Rounds, Undo, World
from planner.routing.engines.ruin_recreate.draws import WordArray, draw_below
from planner.routing.engines.ruin_recreate.kernel import kernel
from planner.routing.engines.ruin_recreate.rounds import end_of, join, refresh, remember, start_of

NEVER = 1e300


@kernel
def retype_touched(world: World, rounds: Rounds, undo: Undo, source: WordArray) -> None:
    """Try one other kind, drawn at random, for each round touched so far."""
    kinds = len(world.fleet.capacity)
    for i in range(undo.touched_count[0]):
        slot = undo.slots[i]
        if rounds.slot_size[slot] == 0:
            continue
        kind = draw_below(source, kinds)
        if kind == world.fleet.kind_of_slot[slot]:
            continue
        other = _slot_of_kind(world, rounds, kind, source)
        if other < 0:
            continue
        cost = cost_with_kind(world, rounds, slot, kind)
        if rounds.slot_size[other] > 0:
            cost += cost_with_kind(world, rounds, other, world.fleet.kind_of_slot[slot])
        if cost < rounds.slot_cost[slot] + rounds.slot_cost[other] - 1e-9:
            remember(world, rounds, undo, slot)
            remember(world, rounds, undo, other)
            _exchange(world, rounds, slot, other)


@kernel
def _slot_of_kind(world: World, rounds: Rounds, kind: int, source: WordArray) -> int:
    """Return a free slot of the kind, or if there is none any of its slots."""
    first, beyond = world.fleet.first_slot[kind], world.fleet.first_slot[kind + 1]
    for slot in range(first, beyond):
        if rounds.slot_size[slot] == 0:
            return int(slot)
    return int(first + draw_below(source, beyond - first)) if beyond > first else -1


@kernel
def cost_with_kind(world: World, rounds: Rounds, slot: int, kind: int) -> float:
    """Return what the slot's round would cost with a vehicle of the kind, `NEVER` if that cannot drive it."""
    legs, demands, fleet, place = world.legs, world.demands, world.fleet, world.place
    start, end = start_of(world, slot), end_of(world, slot)
    for d in range(fleet.capacity.shape[1]):
        if rounds.peak_after[start, d] > fleet.capacity[kind, d]:
            return NEVER
    if rounds.slot_size[slot] > fleet.max_stops[kind]:
        return NEVER
    work, ready, latest, metres, driving = 0, fleet.shift_start[kind], fleet.shift_end[kind], 0.0, 0
    table, a, v = fleet.table[kind], fleet.start[kind], start
    while v != end:
        v = rounds.next[v]
        b = fleet.end[kind] if v == end else place[v]
        leg = legs.duration_out[table, a, b]
        work += leg
        ready += leg
        driving += leg
        metres += legs.metres_out[table, a, b]
        if v != end and not fleet.allowed[kind, v]:
            return NEVER
        closes = fleet.shift_end[kind] if v == end else demands.closes[v, rounds.window[v]]
        if ready > closes:
            return NEVER
        latest = min(latest, closes - work)
        if v != end:
            ready = max(ready, demands.opens[v, rounds.window[v]]) + demands.service[v]
            work += demands.service[v]
        a = b
    duty = max(work, ready - latest)
    if duty > fleet.max_duty[kind] or metres > fleet.max_metres[kind] or driving > fleet.max_driving[kind]:
        return NEVER
    return float(
        fleet.fixed_cost[kind]
        + fleet.cost_per_metre[kind] * metres
        + fleet.cost_per_ms[kind] * duty
        + fleet.cost_per_driving_ms[kind] * driving
    )


@kernel
def _exchange(world: World, rounds: Rounds, one: int, two: int) -> None:
    """Let the two slots drive each other's stops."""
    first_one, last_one = rounds.next[start_of(world, one)], rounds.prev[end_of(world, one)]
    first_two, last_two = rounds.next[start_of(world, two)], rounds.prev[end_of(world, two)]
    size_one, size_two = rounds.slot_size[one], rounds.slot_size[two]
    _give(world, rounds, one, first_two, last_two, size_two)
    _give(world, rounds, two, first_one, last_one, size_one)


@kernel
def _give(world: World, rounds: Rounds, slot: int, first: int, last: int, size: int) -> None:
    """Let the slot drive the stops linked from ``first`` to ``last``."""
    start, end = start_of(world, slot), end_of(world, slot)
    rounds.slot_size[slot] = size
    if size == 0:
        join(world, rounds, slot, start, end)
    else:
        join(world, rounds, slot, start, first)
        join(world, rounds, slot, last, end)
        v = first
        while v != end:
            rounds.slot[v] = slot
            join(world, rounds, slot, v, rounds.next[v])  # the other kind may drive by another table
            v = rounds.next[v]
    refresh(world, rounds, slot)
