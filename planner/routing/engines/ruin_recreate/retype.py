"""Give a round to another kind of vehicle where that costs less: a free one, or one that drives another round."""

from __future__ import annotations

from planner.kernels import lean_kernel
from planner.routing.engines.ruin_recreate.arrays import Rounds, Undo, World
from planner.routing.engines.ruin_recreate.draws import WordArray, draw_below
from planner.routing.engines.ruin_recreate.rounds import end_of, join, refresh, remember, start_of

NEVER = 1e300


@lean_kernel
def retype_touched(world: World, rounds: Rounds, undo: Undo, source: WordArray) -> None:
    """Give each round touched so far to the free vehicle that drives it at the least cost, if that is less than now.

    Or else let it change vehicles with a round of another kind, if both together cost less so; both drawn at random.
    """
    for i in range(undo.touched_count[0]):
        slot = undo.slots[i]
        if rounds.slot_size[slot] == 0:
            continue
        free, _ = _cheapest_free(world, rounds, slot, rounds.slot_cost[slot] - 1e-9)
        if free >= 0:
            remember(world, rounds, undo, free)
            _exchange(world, rounds, slot, free)
            continue
        other = draw_below(source, len(rounds.slot_size))
        kind, other_kind = world.fleet.kind_of_slot[slot], world.fleet.kind_of_slot[other]
        if kind == other_kind or rounds.slot_size[other] == 0:
            continue
        cost = cost_with_kind(world, rounds, slot, other_kind) + cost_with_kind(world, rounds, other, kind)
        if cost < rounds.slot_cost[slot] + rounds.slot_cost[other] - 1e-9:
            remember(world, rounds, undo, other)
            _exchange(world, rounds, slot, other)


@lean_kernel
def seat_both(world: World, rounds: Rounds, undo: Undo, one: int, two: int) -> bool:
    """Give the two rounds to vehicles that can drive them, if their own cannot; say whether there are such."""
    fleet = world.fleet
    kind_one, kind_two = fleet.kind_of_slot[one], fleet.kind_of_slot[two]
    if _drives(world, rounds, one, kind_one) and _drives(world, rounds, two, kind_two):
        return True
    if kind_one != kind_two and _drives(world, rounds, one, kind_two) and _drives(world, rounds, two, kind_one):
        _exchange(world, rounds, one, two)
        return True
    return _seat(world, rounds, undo, one) and _seat(world, rounds, undo, two)


@lean_kernel
def _seat(world: World, rounds: Rounds, undo: Undo, slot: int) -> bool:
    """Give the slot's round to the cheapest free vehicle that can drive it, if its own cannot; say whether one does."""
    if _drives(world, rounds, slot, world.fleet.kind_of_slot[slot]):
        return True
    free, _ = _cheapest_free(world, rounds, slot, NEVER)
    if free < 0:
        return False
    remember(world, rounds, undo, free)
    _exchange(world, rounds, slot, free)
    return True


@lean_kernel
def _cheapest_free(world: World, rounds: Rounds, slot: int, below: float) -> tuple[int, float]:
    """Return the free slot of another kind that drives the slot's round at the least cost, if that is below a limit."""
    fleet, best = world.fleet, -1
    for kind in range(len(fleet.capacity)):
        if kind == fleet.kind_of_slot[slot]:
            continue
        free = _free_slot(world, rounds, kind)
        if free >= 0:
            cost = cost_with_kind(world, rounds, slot, kind)
            if cost < below:
                best, below = free, cost
    return best, below


@lean_kernel
def _free_slot(world: World, rounds: Rounds, kind: int) -> int:
    """Return a free slot of the kind, or -1."""
    for slot in range(world.fleet.first_slot[kind], world.fleet.first_slot[kind + 1]):
        if rounds.slot_size[slot] == 0:
            return int(slot)
    return -1


@lean_kernel
def holds(world: World, rounds: Rounds, slot: int) -> bool:
    """Say whether loads, length of duty and limits of the slot's round hold; its times and skills are known to."""
    fleet = world.fleet
    kind, start = fleet.kind_of_slot[slot], start_of(world, slot)
    for d in range(fleet.capacity.shape[1]):
        if rounds.peak_after[start, d] > fleet.capacity[kind, d]:
            return False
    return bool(
        rounds.slot_size[slot] <= fleet.max_stops[kind]
        and rounds.slot_duty[slot] <= fleet.max_duty[kind]
        and rounds.slot_metres[slot] <= fleet.max_metres[kind]
        and rounds.slot_driving[slot] <= fleet.max_driving[kind]
    )


@lean_kernel
def _drives(world: World, rounds: Rounds, slot: int, kind: int) -> bool:
    """Say whether a vehicle of the kind can drive the slot's round."""
    return bool(rounds.slot_size[slot] == 0 or cost_with_kind(world, rounds, slot, kind) < NEVER)


@lean_kernel
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


@lean_kernel
def _exchange(world: World, rounds: Rounds, one: int, two: int) -> None:
    """Let the two slots drive each other's stops."""
    first_one, last_one = rounds.next[start_of(world, one)], rounds.prev[end_of(world, one)]
    first_two, last_two = rounds.next[start_of(world, two)], rounds.prev[end_of(world, two)]
    size_one, size_two = rounds.slot_size[one], rounds.slot_size[two]
    _give(world, rounds, one, first_two, last_two, size_two)
    _give(world, rounds, two, first_one, last_one, size_one)


@lean_kernel
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
