"""One route: what it carries, takes and costs; placing and removing a visit; and putting touched routes back."""

from __future__ import annotations

from planner.kernels import lean_kernel
from planner.service.week.engine.arrays import (
    FROM_S,
    FROM_YUAN,
    NONE,
    TO_S,
    TO_YUAN,
    WeekRoutes,
    WeekSearch,
    WeekUndo,
    WeekWorld,
)


@lean_kernel
def beyond(value: float, limit: float) -> float:
    """Return by what share a value is beyond a limit, which may be 0."""
    if value <= limit + 1e-9:
        return 0.0
    return (value - limit) / max(limit, 1e-6)


@lean_kernel
def refresh(world: WeekWorld, routes: WeekRoutes, route: int) -> None:
    """Work out what is kept of a route from its stops and variants."""
    size, slot, day = routes.size[route], route % world.slots, route // world.slots
    kind = world.kind_of_slot[slot]
    yuan, seconds, before = 0.0, 0.0, 0
    for i in range(size):
        place, variant = routes.stop[route, i], routes.variant[route, i]
        routes.slot[place, day] = slot
        routes.position[place, day] = i
        routes.leg_yuan[route, i] = world.legs[kind, place, before, TO_YUAN]
        routes.leg_s[route, i] = world.legs[kind, place, before, TO_S]
        yuan += routes.leg_yuan[route, i]
        seconds += routes.leg_s[route, i] + world.variant_s[variant]
        yuan += world.variant_s[variant] * world.second_yuan[kind]
        before = place
    routes.leg_yuan[route, size] = world.legs[kind, before, 0, FROM_YUAN]
    routes.leg_s[route, size] = world.legs[kind, before, 0, FROM_S]
    if size > 0:
        yuan += routes.leg_yuan[route, size] + world.fixed[kind]
        seconds += routes.leg_s[route, size]
    routes.yuan[route], routes.seconds[route] = yuan, seconds
    routes.over_time[route] = beyond(seconds, world.duty[kind])
    over = 0.0
    for d in range(world.dimensions):
        routes.peak[route, d] = _refresh_loads(world, routes, route, d)
        over += beyond(routes.peak[route, d], world.capacity[kind, d])
    routes.over_load[route] = over
    routes.stamps[0] += 1
    routes.stamp[route] = routes.stamps[0]


@lean_kernel
def _refresh_loads(world: WeekWorld, routes: WeekRoutes, route: int, d: int) -> float:
    """Work out the loads of a route in one dimension, return the most on board at any moment."""
    size, down, up = routes.size[route], 0.0, 0.0
    for i in range(size):
        down += world.variant_down[routes.variant[route, i], d]
        up += world.variant_up[routes.variant[route, i], d]
    routes.down[route, d], routes.up[route, d] = down, up
    if not world.both_ways:
        return max(down, up)
    load = down
    routes.peak_before[route, 0, d] = load
    for i in range(size):
        variant = routes.variant[route, i]
        load += world.variant_up[variant, d] - world.variant_down[variant, d]
        routes.peak_before[route, i + 1, d] = max(routes.peak_before[route, i, d], load)
    routes.peak_after[route, size, d] = load
    for i in range(size - 1, -1, -1):
        variant = routes.variant[route, i]
        load += world.variant_down[variant, d] - world.variant_up[variant, d]
        routes.peak_after[route, i, d] = max(routes.peak_after[route, i + 1, d], load)
    return float(routes.peak_before[route, size, d])


@lean_kernel
def remember(search: WeekSearch, route: int) -> None:
    """Keep a route as it is, so that it can be put back."""
    routes, undo = search.routes, search.undo
    if undo.touched[route]:
        return
    undo.touched[route] = True
    k = undo.route_count[0]
    undo.route[k], undo.size[k], undo.stamp[k] = route, routes.size[route], routes.stamp[route]
    for i in range(routes.size[route]):
        undo.stop[k, i], undo.variant[k, i] = routes.stop[route, i], routes.variant[route, i]
    undo.route_count[0] = k + 1
    figures = search.figures
    figures[0] -= routes.yuan[route]
    figures[1] -= routes.over_load[route]
    figures[2] -= routes.over_time[route]


@lean_kernel
def count_touched(search: WeekSearch) -> None:
    """Add what the touched routes cost and exceed to the figures that `remember` took them out of."""
    routes, undo, figures = search.routes, search.undo, search.figures
    for k in range(undo.route_count[0]):
        route = undo.route[k]
        figures[0] += routes.yuan[route]
        figures[1] += routes.over_load[route]
        figures[2] += routes.over_time[route]


@lean_kernel
def forget(undo: WeekUndo) -> None:
    """Accept the routes as they are."""
    for k in range(undo.route_count[0]):
        undo.touched[undo.route[k]] = False
    undo.route_count[0] = 0


@lean_kernel
def restore(world: WeekWorld, search: WeekSearch) -> None:
    """Put every touched route back as it was remembered; the figures are the caller's."""
    routes, undo = search.routes, search.undo
    for k in range(undo.route_count[0]):
        route = undo.route[k]
        day, slot = route // world.slots, route % world.slots
        for i in range(routes.size[route]):
            place = routes.stop[route, i]
            routes.times_of[place, slot] -= 1
            if routes.slot[place, day] == slot:
                routes.slot[place, day] = NONE
    for k in range(undo.route_count[0]):
        route = undo.route[k]
        routes.size[route] = undo.size[k]
        for i in range(undo.size[k]):
            routes.stop[route, i], routes.variant[route, i] = undo.stop[k, i], undo.variant[k, i]
            routes.times_of[undo.stop[k, i], route % world.slots] += 1
        refresh(world, routes, route)
        routes.stamp[route] = undo.stamp[k]
    forget(undo)


@lean_kernel
def place_visit(world: WeekWorld, search: WeekSearch, route: int, at: int, place: int, variant: int) -> None:
    """Insert a visit before the stop ``at`` of a route, and refresh it."""
    routes = search.routes
    remember(search, route)
    for i in range(routes.size[route], at, -1):
        routes.stop[route, i], routes.variant[route, i] = routes.stop[route, i - 1], routes.variant[route, i - 1]
    routes.stop[route, at], routes.variant[route, at] = place, variant
    routes.size[route] += 1
    routes.times_of[place, route % world.slots] += 1
    refresh(world, routes, route)


@lean_kernel
def remove_visit(world: WeekWorld, search: WeekSearch, place: int, day: int) -> int:
    """Take a place's visit of a day off its route, return the route; what is kept of it is refreshed by the caller."""
    routes = search.routes
    slot, at = routes.slot[place, day], routes.position[place, day]
    route = day * world.slots + slot
    remember(search, route)
    last = routes.size[route] - 1
    for i in range(at, last):
        routes.stop[route, i], routes.variant[route, i] = routes.stop[route, i + 1], routes.variant[route, i + 1]
        routes.position[routes.stop[route, i], day] = i
    routes.size[route] = last
    routes.slot[place, day] = NONE
    routes.times_of[place, slot] -= 1
    return int(route)
