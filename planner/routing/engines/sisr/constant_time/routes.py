"""Kernels that change routes and keep their figures: link, unlink, refresh, remember, restore."""

from __future__ import annotations

from typing import Final

from planner.kernels import lean_kernel
from planner.routing.engines.sisr.arrays import NEVER
from planner.routing.engines.sisr.constant_time.arrays import Routes, Undo, World
from planner.routing.engines.sisr.search import forget

_ROUNDING_M: Final = 0.001
"""Metres of a route are summed in another order than they were judged in."""


@lean_kernel
def start_of(world: World, slot: int) -> int:
    """Return the node at which the slot's route starts."""
    return len(world.demands.opens) + slot


@lean_kernel
def end_of(world: World, slot: int) -> int:
    """Return the node at which the slot's route ends."""
    return len(world.demands.opens) + len(world.fleet.kind_of_slot) + slot


@lean_kernel
def join(world: World, routes: Routes, slot: int, a: int, b: int) -> None:
    """Make b follow a on the slot's route."""
    legs, place = world.legs, world.place
    table = world.fleet.table[world.fleet.kind_of_slot[slot]]
    routes.next[a] = b
    routes.prev[b] = a
    routes.leg_metres[b] = legs.metres_out[table, place[a], place[b]]
    routes.leg_duration[b] = legs.duration_out[table, place[a], place[b]]


@lean_kernel
def link(world: World, routes: Routes, slot: int, before: int, stop: int, window: int) -> None:
    """Put the stop, served in the window, behind ``before`` on the slot's route; the figures hold after `refresh`."""
    after = routes.next[before]
    join(world, routes, slot, before, stop)
    join(world, routes, slot, stop, after)
    routes.slot[stop] = slot
    routes.window[stop] = window
    routes.size[slot] += 1


@lean_kernel
def unlink(world: World, routes: Routes, stop: int) -> None:
    """Take the stop off its route; the figures hold after `refresh`."""
    join(world, routes, routes.slot[stop], routes.prev[stop], routes.next[stop])
    routes.size[routes.slot[stop]] -= 1
    routes.slot[stop] = -1


@lean_kernel
def refresh(world: World, routes: Routes, slot: int) -> None:
    """Work out all figures of the slot's route anew; it costs `NEVER` if it does not hold.

    Loads only fall as stops are taken off, but where times or metres are not metric a route with fewer stops can be longer.
    """
    in_time = _refresh_before(world, routes, slot)
    _refresh_after(world, routes, slot)
    fleet = world.fleet
    kind, start, end = fleet.kind_of_slot[slot], start_of(world, slot), end_of(world, slot)
    duty = max(routes.work_before[end], routes.ready_before[end] - routes.latest_before[end])
    routes.slot_duty[slot] = duty
    if routes.size[slot] == 0:
        routes.cost[slot] = 0.0
        routes.slot_duty[slot] = 0
        routes.slot_metres[slot] = 0.0
        routes.slot_driving[slot] = 0
        routes.leg_metres[end] = 0.0  # an unused vehicle stays where it is, even if its routes end elsewhere
        routes.leg_duration[end] = 0
        return
    metres, driving = 0.0, 0
    v = start
    while v != end:
        v = routes.next[v]
        metres += routes.leg_metres[v]
        driving += routes.leg_duration[v]
    routes.slot_metres[slot] = metres
    routes.slot_driving[slot] = driving
    if (
        not in_time
        or duty > fleet.max_duty[kind]
        or metres > fleet.max_metres[kind] + _ROUNDING_M
        or driving > fleet.max_driving[kind]
    ):
        routes.cost[slot] = NEVER
        return
    routes.cost[slot] = (
        fleet.fixed_cost[kind]
        + fleet.cost_per_metre[kind] * metres
        + fleet.cost_per_ms[kind] * duty
        + fleet.cost_per_driving_ms[kind] * driving
    )


@lean_kernel
def _refresh_before(world: World, routes: Routes, slot: int) -> bool:
    """Work out what is known on the way to each node; say whether all are reached in time."""
    demands, fleet = world.demands, world.fleet
    kind, start, end = fleet.kind_of_slot[slot], start_of(world, slot), end_of(world, slot)
    dimensions = routes.load.shape[1]
    routes.work_before[start] = 0
    routes.ready_before[start] = fleet.shift_start[kind]
    routes.latest_before[start] = fleet.shift_end[kind]
    for d in range(dimensions):
        routes.load[start, d] = 0
    v = routes.next[start]
    while v != end:
        for d in range(dimensions):
            routes.load[start, d] += demands.delivery[v, d]
        v = routes.next[v]
    for d in range(dimensions):
        routes.peak_before[start, d] = routes.load[start, d]
    in_time, a = True, start
    while a != end:
        v = routes.next[a]
        arrives = routes.ready_before[a] + routes.leg_duration[v]
        work = routes.work_before[a] + routes.leg_duration[v]
        if v == end:
            closes, opens, service = fleet.shift_end[kind], arrives, 0
        else:
            w = routes.window[v]
            closes, opens, service = demands.closes[v, w], demands.opens[v, w], demands.service[v]
            for d in range(dimensions):
                routes.load[v, d] = routes.load[a, d] + demands.pickup[v, d] - demands.delivery[v, d]
                routes.peak_before[v, d] = max(routes.peak_before[a, d], routes.load[v, d])
        in_time = in_time and arrives <= closes
        routes.latest_before[v] = min(routes.latest_before[a], closes - work)
        routes.work_before[v] = work + service
        routes.ready_before[v] = max(arrives, opens) + service
        a = v
    return bool(in_time)


@lean_kernel
def _refresh_after(world: World, routes: Routes, slot: int) -> None:
    demands, fleet = world.demands, world.fleet
    kind, start, end = fleet.kind_of_slot[slot], start_of(world, slot), end_of(world, slot)
    dimensions = routes.load.shape[1]
    routes.work_after[end] = 0
    routes.ready_after[end] = fleet.shift_start[kind]
    routes.latest_after[end] = fleet.shift_end[kind]
    b = end
    v = routes.prev[end]
    while v != start:
        w = routes.window[v]
        onward = demands.service[v] + routes.leg_duration[b]
        routes.work_after[v] = onward + routes.work_after[b]
        routes.ready_after[v] = max(demands.opens[v, w] + routes.work_after[v], routes.ready_after[b])
        routes.latest_after[v] = min(demands.closes[v, w], routes.latest_after[b] - onward)
        for d in range(dimensions):
            routes.peak_after[v, d] = routes.load[v, d] if b == end else max(routes.load[v, d], routes.peak_after[b, d])
        b = v
        v = routes.prev[v]
    for d in range(dimensions):
        routes.peak_after[start, d] = (
            routes.load[start, d] if b == end else max(routes.load[start, d], routes.peak_after[b, d])
        )


@lean_kernel
def remember(world: World, routes: Routes, undo: Undo, slot: int) -> None:
    """Note the slot's route as it is, once between two decisions."""
    if undo.touched[slot]:
        return
    undo.touched[slot] = True
    i = undo.touched_count[0]
    at = undo.begins[i]
    v, end = routes.next[start_of(world, slot)], end_of(world, slot)
    while v != end:
        undo.stops[at] = v
        undo.windows[at] = routes.window[v]
        at += 1
        v = routes.next[v]
    undo.slots[i] = slot
    undo.cost[i] = routes.cost[slot]
    undo.begins[i + 1] = at
    undo.touched_count[0] = i + 1


@lean_kernel
def restore(world: World, routes: Routes, undo: Undo) -> None:
    """Put every touched route back as it was remembered."""
    for i in range(undo.touched_count[0]):
        slot = undo.slots[i]
        begin, beyond = undo.begins[i], undo.begins[i + 1]
        a = start_of(world, slot)
        for at in range(begin, beyond):
            v = undo.stops[at]
            join(world, routes, slot, a, v)
            routes.slot[v] = slot
            routes.window[v] = undo.windows[at]
            a = v
        join(world, routes, slot, a, end_of(world, slot))
        routes.size[slot] = beyond - begin
        refresh(world, routes, slot)
    forget(undo)
