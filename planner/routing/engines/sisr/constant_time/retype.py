"""Give a route to another kind of vehicle where that costs less: a free one, or one that drives another route."""

from __future__ import annotations

from planner.kernels import lean_kernel
from planner.routing.engines.sisr.arrays import NEVER
from planner.routing.engines.sisr.constant_time.arrays import Routes, Undo, World
from planner.routing.engines.sisr.constant_time.routes import end_of, join, refresh, remember, start_of
from planner.routing.engines.sisr.draws import WordArray, draw_below


@lean_kernel
def retype_touched(world: World, routes: Routes, undo: Undo, source: WordArray) -> None:
    """Give each route touched so far to the free vehicle that drives it at the least cost, if that is less than now.

    Or else let it change vehicles with a route of another kind, if both together cost less so; both drawn at random.
    """
    for i in range(undo.touched_count[0]):
        slot = undo.slots[i]
        if routes.size[slot] == 0:
            continue
        free, _ = _cheapest_free(world, routes, slot, routes.cost[slot] - 1e-9)
        if free >= 0:
            remember(world, routes, undo, free)
            _exchange(world, routes, slot, free)
            continue
        other = draw_below(source, len(routes.size))
        kind, other_kind = world.fleet.kind_of_slot[slot], world.fleet.kind_of_slot[other]
        if kind == other_kind or routes.size[other] == 0:
            continue
        cost = cost_with_kind(world, routes, slot, other_kind) + cost_with_kind(world, routes, other, kind)
        if cost < routes.cost[slot] + routes.cost[other] - 1e-9:
            remember(world, routes, undo, other)
            _exchange(world, routes, slot, other)


@lean_kernel
def seat_both(world: World, routes: Routes, undo: Undo, one: int, two: int) -> bool:
    """Give the two routes to vehicles that can drive them, if their own cannot; say whether there are such."""
    fleet = world.fleet
    kind_one, kind_two = fleet.kind_of_slot[one], fleet.kind_of_slot[two]
    if _drives(world, routes, one, kind_one) and _drives(world, routes, two, kind_two):
        return True
    if kind_one != kind_two and _drives(world, routes, one, kind_two) and _drives(world, routes, two, kind_one):
        _exchange(world, routes, one, two)
        return True
    return _seat(world, routes, undo, one) and _seat(world, routes, undo, two)


@lean_kernel
def _seat(world: World, routes: Routes, undo: Undo, slot: int) -> bool:
    """Give the slot's route to the cheapest free vehicle that can drive it, if its own cannot; say whether one does."""
    if _drives(world, routes, slot, world.fleet.kind_of_slot[slot]):
        return True
    free, _ = _cheapest_free(world, routes, slot, NEVER)
    if free < 0:
        return False
    remember(world, routes, undo, free)
    _exchange(world, routes, slot, free)
    return True


@lean_kernel
def _cheapest_free(world: World, routes: Routes, slot: int, below: float) -> tuple[int, float]:
    """Return the free slot of another kind that drives the slot's route at the least cost, if that is below a limit."""
    fleet, best = world.fleet, -1
    for kind in range(len(fleet.capacity)):
        if kind == fleet.kind_of_slot[slot]:
            continue
        free = _free_slot(world, routes, kind)
        if free >= 0:
            cost = cost_with_kind(world, routes, slot, kind)
            if cost < below:
                best, below = free, cost
    return best, below


@lean_kernel
def _free_slot(world: World, routes: Routes, kind: int) -> int:
    """Return a free slot of the kind, or -1."""
    for slot in range(world.fleet.first_slot[kind], world.fleet.first_slot[kind + 1]):
        if routes.size[slot] == 0:
            return int(slot)
    return -1


@lean_kernel
def holds(world: World, routes: Routes, slot: int) -> bool:
    """Say whether loads, length of duty and limits of the slot's route hold; its times and skills are known to."""
    fleet = world.fleet
    kind, start = fleet.kind_of_slot[slot], start_of(world, slot)
    for d in range(fleet.capacity.shape[1]):
        if routes.peak_after[start, d] > fleet.capacity[kind, d]:
            return False
    return bool(
        routes.size[slot] <= fleet.max_stops[kind]
        and routes.slot_duty[slot] <= fleet.max_duty[kind]
        and routes.slot_metres[slot] <= fleet.max_metres[kind]
        and routes.slot_driving[slot] <= fleet.max_driving[kind]
    )


@lean_kernel
def _drives(world: World, routes: Routes, slot: int, kind: int) -> bool:
    """Say whether a vehicle of the kind can drive the slot's route."""
    return bool(routes.size[slot] == 0 or cost_with_kind(world, routes, slot, kind) < NEVER)


@lean_kernel
def cost_with_kind(world: World, routes: Routes, slot: int, kind: int) -> float:
    """Return what the slot's route would cost with a vehicle of the kind, `NEVER` if that cannot drive it."""
    legs, demands, fleet, place = world.legs, world.demands, world.fleet, world.place
    start, end = start_of(world, slot), end_of(world, slot)
    for d in range(fleet.capacity.shape[1]):
        if routes.peak_after[start, d] > fleet.capacity[kind, d]:
            return NEVER
    if routes.size[slot] > fleet.max_stops[kind]:
        return NEVER
    work, ready, latest, metres, driving = 0, fleet.shift_start[kind], fleet.shift_end[kind], 0.0, 0
    table, a, v = fleet.table[kind], fleet.start[kind], start
    while v != end:
        v = routes.next[v]
        b = fleet.end[kind] if v == end else place[v]
        leg = legs.duration_out[table, a, b]
        work += leg
        ready += leg
        driving += leg
        metres += legs.metres_out[table, a, b]
        if v != end and not fleet.allowed[kind, v]:
            return NEVER
        closes = fleet.shift_end[kind] if v == end else demands.closes[v, routes.window[v]]
        if ready > closes:
            return NEVER
        latest = min(latest, closes - work)
        if v != end:
            ready = max(ready, demands.opens[v, routes.window[v]]) + demands.service[v]
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
def _exchange(world: World, routes: Routes, one: int, two: int) -> None:
    """Let the two slots drive each other's stops."""
    first_one, last_one = routes.next[start_of(world, one)], routes.prev[end_of(world, one)]
    first_two, last_two = routes.next[start_of(world, two)], routes.prev[end_of(world, two)]
    size_one, size_two = routes.size[one], routes.size[two]
    _give(world, routes, one, first_two, last_two, size_two)
    _give(world, routes, two, first_one, last_one, size_one)


@lean_kernel
def _give(world: World, routes: Routes, slot: int, first: int, last: int, size: int) -> None:
    """Let the slot drive the stops linked from ``first`` to ``last``."""
    start, end = start_of(world, slot), end_of(world, slot)
    routes.size[slot] = size
    if size == 0:
        join(world, routes, slot, start, end)
    else:
        join(world, routes, slot, start, first)
        join(world, routes, slot, last, end)
        v = first
        while v != end:
            routes.slot[v] = slot
            join(world, routes, slot, v, routes.next[v])  # the other kind may drive by another table
            v = routes.next[v]
    refresh(world, routes, slot)
