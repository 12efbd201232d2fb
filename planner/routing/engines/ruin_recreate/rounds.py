"""Kernels that change rounds and keep their figures: link, unlink, refresh, remember, restore."""

from __future__ import annotations

from planner.kernels import lean_kernel
from planner.routing.engines.ruin_recreate.arrays import Rounds, Undo, World


@lean_kernel
def start_of(world: World, slot: int) -> int:
    """Return the node at which the slot's round starts."""
    return len(world.demands.opens) + slot


@lean_kernel
def end_of(world: World, slot: int) -> int:
    """Return the node at which the slot's round ends."""
    return len(world.demands.opens) + len(world.fleet.kind_of_slot) + slot


@lean_kernel
def used_rounds(rounds: Rounds) -> int:
    """Return on how many rounds there are stops."""
    used = 0
    for slot in range(len(rounds.slot_size)):
        if rounds.slot_size[slot] > 0:
            used += 1
    return used


@lean_kernel
def join(world: World, rounds: Rounds, slot: int, a: int, b: int) -> None:
    """Make b follow a on the slot's round."""
    legs, place = world.legs, world.place
    table = world.fleet.table[world.fleet.kind_of_slot[slot]]
    rounds.next[a] = b
    rounds.prev[b] = a
    rounds.leg_metres[b] = legs.metres_out[table, place[a], place[b]]
    rounds.leg_duration[b] = legs.duration_out[table, place[a], place[b]]


@lean_kernel
def link(world: World, rounds: Rounds, slot: int, before: int, stop: int, window: int) -> None:
    """Put the stop, served in the window, behind ``before`` on the slot's round; the figures hold after `refresh`."""
    after = rounds.next[before]
    join(world, rounds, slot, before, stop)
    join(world, rounds, slot, stop, after)
    rounds.slot[stop] = slot
    rounds.window[stop] = window
    rounds.slot_size[slot] += 1


@lean_kernel
def unlink(world: World, rounds: Rounds, stop: int) -> None:
    """Take the stop off its round; the figures hold after `refresh`."""
    join(world, rounds, rounds.slot[stop], rounds.prev[stop], rounds.next[stop])
    rounds.slot_size[rounds.slot[stop]] -= 1
    rounds.slot[stop] = -1


@lean_kernel
def refresh(world: World, rounds: Rounds, slot: int) -> None:
    """Work out all figures of the slot's round anew."""
    _refresh_before(world, rounds, slot)
    _refresh_after(world, rounds, slot)
    fleet = world.fleet
    kind, start, end = fleet.kind_of_slot[slot], start_of(world, slot), end_of(world, slot)
    duty = max(rounds.work_before[end], rounds.ready_before[end] - rounds.latest_before[end])
    rounds.slot_duty[slot] = duty
    if rounds.slot_size[slot] == 0:
        rounds.slot_cost[slot] = 0.0
        rounds.slot_duty[slot] = 0
        rounds.slot_metres[slot] = 0.0
        rounds.slot_driving[slot] = 0
        rounds.leg_metres[end] = 0.0  # an unused vehicle stays where it is, even if its rounds end elsewhere
        rounds.leg_duration[end] = 0
        return
    metres, driving = 0.0, 0
    v = start
    while v != end:
        v = rounds.next[v]
        metres += rounds.leg_metres[v]
        driving += rounds.leg_duration[v]
    rounds.slot_metres[slot] = metres
    rounds.slot_driving[slot] = driving
    rounds.slot_cost[slot] = (
        fleet.fixed_cost[kind]
        + fleet.cost_per_metre[kind] * metres
        + fleet.cost_per_ms[kind] * duty
        + fleet.cost_per_driving_ms[kind] * driving
    )


@lean_kernel
def _refresh_before(world: World, rounds: Rounds, slot: int) -> None:
    demands, fleet = world.demands, world.fleet
    kind, start, end = fleet.kind_of_slot[slot], start_of(world, slot), end_of(world, slot)
    dimensions = rounds.load.shape[1]
    rounds.work_before[start] = 0
    rounds.ready_before[start] = fleet.shift_start[kind]
    rounds.latest_before[start] = fleet.shift_end[kind]
    for d in range(dimensions):
        rounds.load[start, d] = 0
    v = rounds.next[start]
    while v != end:
        for d in range(dimensions):
            rounds.load[start, d] += demands.delivery[v, d]
        v = rounds.next[v]
    for d in range(dimensions):
        rounds.peak_before[start, d] = rounds.load[start, d]
    a = start
    while a != end:
        v = rounds.next[a]
        arrives = rounds.ready_before[a] + rounds.leg_duration[v]
        work = rounds.work_before[a] + rounds.leg_duration[v]
        if v == end:
            closes, opens, service = fleet.shift_end[kind], arrives, 0
        else:
            w = rounds.window[v]
            closes, opens, service = demands.closes[v, w], demands.opens[v, w], demands.service[v]
            for d in range(dimensions):
                rounds.load[v, d] = rounds.load[a, d] + demands.pickup[v, d] - demands.delivery[v, d]
                rounds.peak_before[v, d] = max(rounds.peak_before[a, d], rounds.load[v, d])
        rounds.latest_before[v] = min(rounds.latest_before[a], closes - work)
        rounds.work_before[v] = work + service
        rounds.ready_before[v] = max(arrives, opens) + service
        a = v


@lean_kernel
def _refresh_after(world: World, rounds: Rounds, slot: int) -> None:
    demands, fleet = world.demands, world.fleet
    kind, start, end = fleet.kind_of_slot[slot], start_of(world, slot), end_of(world, slot)
    dimensions = rounds.load.shape[1]
    rounds.work_after[end] = 0
    rounds.ready_after[end] = fleet.shift_start[kind]
    rounds.latest_after[end] = fleet.shift_end[kind]
    b = end
    v = rounds.prev[end]
    while v != start:
        w = rounds.window[v]
        onward = demands.service[v] + rounds.leg_duration[b]
        rounds.work_after[v] = onward + rounds.work_after[b]
        rounds.ready_after[v] = max(demands.opens[v, w] + rounds.work_after[v], rounds.ready_after[b])
        rounds.latest_after[v] = min(demands.closes[v, w], rounds.latest_after[b] - onward)
        for d in range(dimensions):
            rounds.peak_after[v, d] = rounds.load[v, d] if b == end else max(rounds.load[v, d], rounds.peak_after[b, d])
        b = v
        v = rounds.prev[v]
    for d in range(dimensions):
        rounds.peak_after[start, d] = (
            rounds.load[start, d] if b == end else max(rounds.load[start, d], rounds.peak_after[b, d])
        )


@lean_kernel
def remember(world: World, rounds: Rounds, undo: Undo, slot: int) -> None:
    """Note the slot's round as it is, once between two decisions."""
    if undo.touched[slot]:
        return
    undo.touched[slot] = True
    i = undo.touched_count[0]
    at = undo.begins[i]
    v, end = rounds.next[start_of(world, slot)], end_of(world, slot)
    while v != end:
        undo.stops[at] = v
        undo.windows[at] = rounds.window[v]
        at += 1
        v = rounds.next[v]
    undo.slots[i] = slot
    undo.costs[i] = rounds.slot_cost[slot]
    undo.begins[i + 1] = at
    undo.touched_count[0] = i + 1


@lean_kernel
def forget(undo: Undo) -> None:
    """Accept the rounds as they are."""
    for i in range(undo.touched_count[0]):
        undo.touched[undo.slots[i]] = False
    undo.touched_count[0] = 0


@lean_kernel
def restore(world: World, rounds: Rounds, undo: Undo) -> None:
    """Put every touched round back as it was remembered."""
    for i in range(undo.touched_count[0]):
        slot = undo.slots[i]
        begin, beyond = undo.begins[i], undo.begins[i + 1]
        a = start_of(world, slot)
        for at in range(begin, beyond):
            v = undo.stops[at]
            join(world, rounds, slot, a, v)
            rounds.slot[v] = slot
            rounds.window[v] = undo.windows[at]
            a = v
        join(world, rounds, slot, a, end_of(world, slot))
        rounds.slot_size[slot] = beyond - begin
        refresh(world, rounds, slot)
    forget(undo)


@lean_kernel
def cost_change(rounds: Rounds, undo: Undo) -> float:
    """Return what the touched rounds cost now beyond what they cost when they were remembered."""
    change = 0.0
    for i in range(undo.touched_count[0]):
        change += rounds.slot_cost[undo.slots[i]] - undo.costs[i]
    return change
