"""Put sites on routes and take them off, with everything that follows, and take it all back."""

from __future__ import annotations

from planner.kernels import lean_kernel
from planner.service.frontier.engine.allocation import claim_villages, release_villages
from planner.service.frontier.engine.arrays import (
    NONE,
    OPEN,
    OPENING_YUAN,
    OVER,
    YUAN,
    PointRoutes,
    PointSearch,
    PointWorld,
)


@lean_kernel
def touch(search: PointSearch, slot: int) -> None:
    """Keep a route as it is now, unless it has been kept already."""
    if search.touched[slot]:
        return
    search.touched[slot] = True
    search.touched_slot[search.touched_count[0]] = slot
    search.touched_count[0] += 1
    copy_route(search.was, search.routes, slot)


@lean_kernel
def copy_route(target: PointRoutes, origin: PointRoutes, slot: int) -> None:
    """Make one route of the target like that of the origin, its load aside."""
    target.size[slot], target.depot[slot] = origin.size[slot], origin.depot[slot]
    target.yuan[slot], target.seconds[slot] = origin.yuan[slot], origin.seconds[slot]
    for i in range(origin.size[slot]):
        target.stop[slot, i] = origin.stop[slot, i]


@lean_kernel
def copy_followers(target: PointRoutes, origin: PointRoutes) -> None:
    """Copy all that follows from the routes: where villages hand over, and loads."""
    for site in range(len(origin.slot)):
        target.slot[site] = origin.slot[site]
        target.site_load[site] = origin.site_load[site]
    for village in range(len(origin.rank)):
        target.rank[village] = origin.rank[village]
    for depot in range(len(origin.depot_load)):
        target.depot_load[depot] = origin.depot_load[depot]
        target.depot_routes[depot] = origin.depot_routes[depot]
    for slot in range(max(origin.top[0], target.top[0])):
        target.load[slot] = origin.load[slot]
    target.top[0] = origin.top[0]


@lean_kernel
def open_at(world: PointWorld, search: PointSearch, site: int, slot: int, at: int, depot: int) -> None:
    """Open a site as stop ``at`` of a route; an empty route begins at the depot given."""
    routes, figures = search.routes, search.figures
    touch(search, slot)
    size = routes.size[slot]
    if size == 0:
        routes.depot[slot], routes.load[slot] = depot, 0.0
        routes.yuan[slot], routes.seconds[slot] = world.route_yuan, 0.0
        figures[YUAN] += world.route_yuan
        if routes.depot_routes[depot] == 0:
            figures[YUAN] += world.depot_yuan[depot]
        routes.depot_routes[depot] += 1
        routes.top[0] = max(routes.top[0], slot + 1)
    before, after = neighbours_at(world, routes, slot, at)
    node = world.depots + site
    added = world.leg_yuan[before, node] + world.leg_yuan[node, after] - world.leg_yuan[before, after]
    routes.yuan[slot] += added
    routes.seconds[slot] += world.leg_s[before, node] + world.leg_s[node, after] - world.leg_s[before, after]
    for i in range(size, at, -1):
        routes.stop[slot, i] = routes.stop[slot, i - 1]
    routes.stop[slot, at] = site
    routes.size[slot] = size + 1
    routes.slot[site] = slot
    figures[YUAN] += added + world.site_yuan[site]
    figures[OPENING_YUAN] += world.site_yuan[site]
    figures[OPEN] += 1
    claim_villages(world, search, site)


@lean_kernel
def neighbours_at(world: PointWorld, routes: PointRoutes, slot: int, at: int) -> tuple[int, int]:
    """Return the nodes between which stop ``at`` would be inserted; a depot has no leg to itself."""
    before = routes.depot[slot] if at == 0 else world.depots + routes.stop[slot, at - 1]
    after = routes.depot[slot] if at == routes.size[slot] else world.depots + routes.stop[slot, at]
    return before, after


@lean_kernel
def close(world: PointWorld, search: PointSearch, site: int) -> None:
    """Take a site off its route: it is open no more."""
    routes, figures = search.routes, search.figures
    slot = routes.slot[site]
    touch(search, slot)
    depot, size, at = routes.depot[slot], routes.size[slot], 0
    while routes.stop[slot, at] != site:
        at += 1
    for i in range(at, size - 1):
        routes.stop[slot, i] = routes.stop[slot, i + 1]
    routes.size[slot] = size - 1
    before, after = neighbours_at(world, routes, slot, at)
    node = world.depots + site
    saved = world.leg_yuan[before, node] + world.leg_yuan[node, after] - world.leg_yuan[before, after]
    routes.yuan[slot] -= saved
    routes.seconds[slot] -= world.leg_s[before, node] + world.leg_s[node, after] - world.leg_s[before, after]
    routes.load[slot] -= routes.site_load[site]
    routes.depot_load[depot] -= routes.site_load[site]
    routes.slot[site] = NONE
    figures[YUAN] -= saved + world.site_yuan[site]
    figures[OPENING_YUAN] -= world.site_yuan[site]
    figures[OPEN] -= 1
    if size == 1:
        figures[YUAN] -= world.route_yuan
        routes.load[slot] = 0.0
        routes.depot_routes[depot] -= 1
        if routes.depot_routes[depot] == 0:
            figures[YUAN] -= world.depot_yuan[depot]
            routes.depot_load[depot] = 0.0
        while routes.top[0] > 0 and routes.size[routes.top[0] - 1] == 0:
            routes.top[0] -= 1
    release_villages(world, search, site)


@lean_kernel
def count_over(world: PointWorld, search: PointSearch) -> None:
    """Work out by how much vehicles, duties, depots and sites are beyond what they may."""
    routes, over, late = search.routes, 0.0, 0.0
    for slot in range(routes.top[0]):
        if routes.size[slot] > 0:
            over += max(0.0, routes.load[slot] - world.capacity)
            if world.timed:
                late += max(0.0, routes.seconds[slot] / world.duty_s - 1.0)
    for depot in range(world.depots):
        over += max(0.0, routes.depot_load[depot] - world.depot_capacity[depot])
    if world.site_limited:
        for site in range(world.sites):
            over += max(0.0, routes.site_load[site] - world.site_capacity[site])
    search.figures[OVER] = over / world.load_unit + 10.0 * late


@lean_kernel
def accept(search: PointSearch) -> None:
    """Keep the plan as it is now."""
    copy_followers(search.was, search.routes)
    for i in range(5):
        search.was_figures[i] = search.figures[i]
    _forget(search)


@lean_kernel
def decline(search: PointSearch) -> None:
    """Put the plan back as it was before the proposal."""
    for k in range(search.touched_count[0]):
        copy_route(search.routes, search.was, search.touched_slot[k])
    copy_followers(search.routes, search.was)
    for i in range(5):
        search.figures[i] = search.was_figures[i]
    _forget(search)


@lean_kernel
def _forget(search: PointSearch) -> None:
    for k in range(search.touched_count[0]):
        search.touched[search.touched_slot[k]] = False
    search.touched_count[0] = 0
