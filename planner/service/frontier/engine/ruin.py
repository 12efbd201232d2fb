"""Ruin: close sites that lie together, along routes, or anywhere."""

from __future__ import annotations

from planner.kernels import lean_kernel
from planner.routing.engines.sisr.draws import draw, draw_below
from planner.service.frontier.engine.arrays import NONE, OPEN, PointSearch, PointWorld
from planner.service.frontier.engine.routes import close


@lean_kernel
def ruin(world: PointWorld, search: PointSearch) -> int:
    """Close some sites; return how many, the first of ``pending``."""
    parameters, routes = world.parameters, search.routes
    open_sites = int(search.figures[OPEN])
    if open_sites == 0:
        return 0
    average = min(parameters.removed_on_average, max(1.0, parameters.removed_share * open_sites))
    kind = draw(search.source)
    if kind < parameters.scattered_share:
        return _scattered(world, search, 1 + int(draw(search.source) * average))
    seed = _draw_open(world, search)
    if kind < parameters.scattered_share + parameters.whole_route_share:
        return _string(world, search, routes.slot[seed], 0, routes.size[routes.slot[seed]], 0)
    return _strings(world, search, seed, average, open_sites)


@lean_kernel
def _draw_open(world: PointWorld, search: PointSearch) -> int:
    """Return an open site: the nearest to one drawn."""
    drawn = draw_below(search.source, world.sites)
    for k in range(world.sites):
        site = world.neighbours[drawn, k]
        if search.routes.slot[site] != NONE:
            return int(site)
    return int(drawn)


@lean_kernel
def _scattered(world: PointWorld, search: PointSearch, count: int) -> int:
    """Close so many sites anywhere."""
    count = min(count, int(search.figures[OPEN]))
    for k in range(count):
        site = _draw_open(world, search)
        close(world, search, site)
        search.pending[k] = site
    return count


@lean_kernel
def _strings(world: PointWorld, search: PointSearch, seed: int, average: float, open_sites: int) -> int:
    """Close strings of routes around a site."""
    parameters, routes = world.parameters, search.routes
    used = 0
    for depot in range(world.depots):
        used += routes.depot_routes[depot]
    longest = min(parameters.longest_string, max(1.0, open_sites / used))
    strings = 1 + int(draw(search.source) * max(0.0, 4.0 * average / (1.0 + longest) - 1.0))
    for slot in range(routes.top[0]):
        search.ruined[slot] = False
    count = 0
    for k in range(world.sites):
        site = world.neighbours[seed, k]
        slot = routes.slot[site]
        if slot == NONE or search.ruined[slot]:
            continue
        search.ruined[slot] = True
        size = routes.size[slot]
        length = 1 + int(draw(search.source) * min(longest, size))
        length = min(length, size)
        kept = 0
        if 1 < length < size and draw(search.source) < parameters.split_share:
            kept = 1
            while length + kept < size and draw(search.source) < parameters.split_growth:
                kept += 1
        at = 0
        while routes.stop[slot, at] != site:
            at += 1
        span = length + kept
        lowest, highest = max(0, at - span + 1), min(at, size - span)
        begin = lowest + draw_below(search.source, highest - lowest + 1)
        keep_from = begin + draw_below(search.source, length + 1)
        for i in range(begin, begin + span):
            if i < keep_from or i >= keep_from + kept:
                search.pending[count] = routes.stop[slot, i]
                count += 1
        strings -= 1
        if strings == 0:
            break
    for k in range(count):
        close(world, search, search.pending[k])
    return count


@lean_kernel
def _string(world: PointWorld, search: PointSearch, slot: int, begin: int, length: int, count: int) -> int:
    """Close so many stops of a route from one on; return how many are closed in all."""
    for i in range(begin, begin + length):
        search.pending[count] = search.routes.stop[slot, i]
        count += 1
    for k in range(count - length, count):
        close(world, search, search.pending[k])
    return count
