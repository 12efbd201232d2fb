"""Let two routes of a day exchange what comes behind a stop (2-opt*: Potvin & Rousseau 1995), or their vehicles."""

from __future__ import annotations

import numpy as np

from planner.kernels import lean_kernel
from planner.routing.engines.sisr.draws import draw_below
from planner.service.week.engine.arrays import FROM_YUAN, NONE, WeekSearch, WeekWorld
from planner.service.week.engine.routes import refresh, remember


@lean_kernel
def exchange_ends(world: WeekWorld, search: WeekSearch, most: float) -> bool:
    """Let the end of another route that begins at a near place follow a place; say whether that was done.

    It is not where its legs alone cost more than ``most`` yuan beyond what they replace.
    """
    routes, source = search.routes, search.source
    near = min(world.parameters.exchange_near, world.neighbours.shape[1] - 1)
    if near < 1:
        return False
    place = 1 + draw_below(source, world.places)
    other = world.neighbours[place, 1 + draw_below(source, near)]
    day = draw_below(source, world.days)
    first = day
    while routes.slot[place, day] == NONE or routes.slot[other, day] == NONE:
        day = (day + 1) % world.days
        if day == first:
            return False
    slot, other_slot = routes.slot[place, day], routes.slot[other, day]
    if slot == other_slot:
        return False
    a, b = day * world.slots + slot, day * world.slots + other_slot
    at, other_at = routes.position[place, day] + 1, routes.position[other, day]
    if world.kind_of_slot[slot] == world.kind_of_slot[other_slot]:
        kind = world.kind_of_slot[slot]
        after = routes.stop[a, at] if at < routes.size[a] else 0
        before = routes.stop[b, other_at - 1] if other_at > 0 else 0
        change = world.legs[kind, place, other, FROM_YUAN] + world.legs[kind, before, after, FROM_YUAN]
        if change - routes.leg_yuan[a, at] - routes.leg_yuan[b, other_at] > most:
            return False
    remember(search, a)
    remember(search, b)
    _cross(world, search, a, at, b, other_at)
    return True


@lean_kernel
def hand_over(world: WeekWorld, search: WeekSearch) -> bool:
    """Let two vehicles of a day exchange their routes, one of which may be empty; say whether that was done."""
    source, day = search.source, draw_below(search.source, world.days)
    slot, other = draw_below(source, world.slots), draw_below(source, world.slots)
    a, b = day * world.slots + slot, day * world.slots + other
    if slot == other or not (world.slot_open[day, slot] and world.slot_open[day, other]):
        return False
    if search.routes.size[a] + search.routes.size[b] == 0:
        return False
    remember(search, a)
    remember(search, b)
    _cross(world, search, a, int(np.int64(0)), b, int(np.int64(0)))
    return True


@lean_kernel
def _cross(world: WeekWorld, search: WeekSearch, a: int, a_at: int, b: int, b_at: int) -> None:
    """Exchange what two routes have from a position each on."""
    routes, undo = search.routes, search.undo
    a_slot, b_slot = a % world.slots, b % world.slots
    ka, kb = 0, 0
    for k in range(undo.route_count[0]):
        if undo.route[k] == a:
            ka = k
        if undo.route[k] == b:
            kb = k
    a_size, b_size = undo.size[ka], undo.size[kb]
    routes.size[a] = a_at + b_size - b_at
    routes.size[b] = b_at + a_size - a_at
    for i in range(b_at, b_size):
        routes.stop[a, a_at + i - b_at], routes.variant[a, a_at + i - b_at] = undo.stop[kb, i], undo.variant[kb, i]
        routes.times_of[undo.stop[kb, i], b_slot] -= 1
        routes.times_of[undo.stop[kb, i], a_slot] += 1
    for i in range(a_at, a_size):
        routes.stop[b, b_at + i - a_at], routes.variant[b, b_at + i - a_at] = undo.stop[ka, i], undo.variant[ka, i]
        routes.times_of[undo.stop[ka, i], a_slot] -= 1
        routes.times_of[undo.stop[ka, i], b_slot] += 1
    refresh(world, routes, a)
    refresh(world, routes, b)
