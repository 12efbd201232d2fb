"""Recreate: open sites where they cost least: those that must be, then those that are worth it."""

from __future__ import annotations

import numpy as np

from planner.kernels import lean_kernel
from planner.routing.engines.sisr.draws import draw, draw_below
from planner.service.frontier.engine.arrays import (
    BUDGET,
    MAY_MISS,
    MISSING,
    MOST_SITES,
    NONE,
    OPEN,
    OPENING_YUAN,
    PointSearch,
    PointWorld,
)
from planner.service.frontier.engine.routes import open_at

_HOLDS = 1e-7


@lean_kernel
def recreate(world: PointWorld, search: PointSearch, count: int) -> None:
    """Open again the pending sites that must be, then choose among optional ones."""
    _sort_pending(world, search, count)
    optional = 0
    for k in range(count):
        site = search.pending[k]
        if not world.required[site]:
            optional += 1
            continue
        _claimed(world, search, site, np.inf)
        yuan = best_insertion(world, search, site, np.inf)
        _clear_relief(search)
        if yuan < np.inf:
            open_at(world, search, site, search.found[0], search.found[1], search.found[2])
    if optional > 0 or count == 0:
        _choose(world, search, count)


@lean_kernel
def _choose(world: PointWorld, search: PointSearch, count: int) -> None:
    """Open one candidate after the other, each time that which costs least against what it makes good."""
    figures, limits, routes = search.figures, search.limits, search.routes
    candidates = _gather(world, search, count)
    worst = 0.0
    for village in range(len(world.demand)):
        rank = routes.rank[village]
        worst = max(worst, np.inf if rank == NONE else world.reach_near[rank])
    while figures[OPEN] < limits[MOST_SITES]:
        chosen, least, slot, at, depot = NONE, 0.0, 0, 0, 0
        for k in range(candidates):
            site = search.candidates[k]
            if routes.slot[site] != NONE or figures[OPENING_YUAN] + world.site_yuan[site] > limits[BUDGET] + _HOLDS:
                continue
            if draw(search.source) < world.parameters.blink_share:
                continue
            worth = _claimed(world, search, site, worst)
            factor = 1.0 + world.parameters.noise * draw(search.source)
            if worth > 0.0:
                most = (worth + least) / factor - world.site_yuan[site]
                yuan = best_insertion(world, search, site, most)
                score = (yuan + world.site_yuan[site]) * factor - worth
                if score < least:
                    chosen, least = site, score
                    slot, at, depot = search.found[0], search.found[1], search.found[2]
            _clear_relief(search)
        if chosen == NONE:
            break
        open_at(world, search, chosen, slot, at, depot)


@lean_kernel
def _gather(world: PointWorld, search: PointSearch, count: int) -> int:
    """Return how many candidates there are: sites near those closed and some drawn, or all where none was closed."""
    found = 0
    if count == 0:
        for site in range(world.sites):
            search.candidates[site] = site
        return world.sites
    for k in range(count):
        for near in range(min(world.parameters.near, world.sites)):
            found = _add_candidate(search, world.neighbours[search.pending[k], near], found)
    for _ in range(world.parameters.strangers):
        found = _add_candidate(search, draw_below(search.source, world.sites), found)
    for k in range(found):
        search.is_candidate[search.candidates[k]] = False
    return found


@lean_kernel
def _add_candidate(search: PointSearch, site: int, found: int) -> int:
    if search.is_candidate[site] or search.routes.slot[site] != NONE:
        return found
    search.is_candidate[site] = True
    search.candidates[found] = site
    return found + 1


@lean_kernel
def _claimed(world: PointWorld, search: PointSearch, site: int, worst: float) -> float:
    """Return what opening a site makes good, in yuan; its load and what it takes off other routes are noted.

    The load stands in the last place of ``relief``.
    """
    routes, relief = search.routes, search.relief
    gain, load, made_good = 0.0, 0.0, 0.0
    for j in range(world.claim_first[site], world.claim_first[site + 1]):
        if world.claim_near[j] > worst:
            break
        village, rank = world.claim_village[j], world.claim_rank[j]
        now = routes.rank[village]
        if now == NONE:
            gain += world.missing_none[village] - world.missing[rank]
        elif rank < now:
            gain += world.missing[now] - world.missing[rank]
            other = world.reach_site[now]
            relief[routes.slot[other]] += world.demand[village]
            if world.site_limited:
                beyond = routes.site_load[other] - world.site_capacity[other]
                made_good += max(0.0, min(beyond, world.demand[village]))
        else:
            continue
        load += world.demand[village]
    relief[len(relief) - 1] = load
    if world.site_limited:
        made_good -= max(0.0, load - world.site_capacity[site])
    for slot in range(routes.top[0]):  # vehicles that carry too much and are relieved
        if relief[slot] > 0.0:
            made_good += max(0.0, min(routes.load[slot] - world.capacity, relief[slot]))
    excess = max(0.0, search.figures[MISSING] - search.limits[MAY_MISS])
    return float(search.penalties[0] * min(excess, gain) + search.penalties[1] * made_good / world.load_unit)


@lean_kernel
def _clear_relief(search: PointSearch) -> None:
    for slot in range(search.routes.top[0]):
        search.relief[slot] = 0.0


@lean_kernel
def best_insertion(world: PointWorld, search: PointSearch, site: int, most: float) -> float:
    """Return the least yuan for a place on a route, if below ``most``, infinite if there is none; `found` says where."""
    routes, relief, found = search.routes, search.relief, search.found
    least, empty = most, routes.top[0]
    node, load = world.depots + site, relief[len(relief) - 1]
    any_found = False
    for slot in range(routes.top[0]):
        size = routes.size[slot]
        if size == 0:
            empty = min(empty, slot)
            continue
        depot = routes.depot[slot]
        more = load - relief[slot]
        over = _beyond(world, search, routes.load[slot] - relief[slot], load, world.capacity)
        if over > 0.0 and not world.follows:
            continue
        over += _beyond(world, search, routes.depot_load[depot], more, world.depot_capacity[depot])
        if over >= least:
            continue
        before = depot
        for at in range(size + 1):
            after = world.depots + routes.stop[slot, at] if at < size else depot
            yuan = over + world.leg_yuan[before, node] + world.leg_yuan[node, after] - world.leg_yuan[before, after]
            here = before
            before = after
            if yuan >= least:
                continue
            if world.timed:
                seconds = world.leg_s[here, node] + world.leg_s[node, after] - world.leg_s[here, after]
                if routes.seconds[slot] + seconds > world.duty_s + _HOLDS:
                    continue
            search.blink[0] -= 1
            if search.blink[0] < 0:
                draw_blink(world, search)
                continue
            least, any_found = yuan, True
            found[0], found[1], found[2] = slot, at, depot
    begun = _begin_route(world, search, site, least, empty)
    if begun < least:
        return begun
    return float(least) if any_found else np.inf


@lean_kernel
def _begin_route(world: PointWorld, search: PointSearch, site: int, most: float, empty: int) -> float:
    """Return the least yuan for a route of its own in an empty slot, if below ``most``, else ``most``."""
    routes, found, least = search.routes, search.found, most
    node, load = world.depots + site, search.relief[len(search.relief) - 1]
    if empty >= len(routes.size) - 1 or (load > world.capacity + _HOLDS and not world.follows):
        return least
    for depot in range(world.depots):
        if not search.depot_open[depot]:
            continue
        yuan = _beyond(world, search, routes.depot_load[depot], load, world.depot_capacity[depot])
        yuan += _beyond(world, search, 0.0, load, world.capacity)
        yuan += world.route_yuan + world.leg_yuan[depot, node] + world.leg_yuan[node, depot]
        if routes.depot_routes[depot] == 0:
            yuan += world.depot_yuan[depot]
        if yuan >= least:
            continue
        if world.timed and world.leg_s[depot, node] + world.leg_s[node, depot] > world.duty_s + _HOLDS:
            continue
        least = yuan
        found[0], found[1], found[2] = empty, 0, depot
    return float(least)


@lean_kernel
def _beyond(world: PointWorld, search: PointSearch, load: float, more: float, most: float) -> float:
    """Return what is penalised if so much comes to a load of which no more than ``most`` may be."""
    if more <= 0.0 or load + more <= most + _HOLDS:
        return 0.0
    return float(search.penalties[1] * min(load + more - most, more) / world.load_unit)


@lean_kernel
def draw_blink(world: PointWorld, search: PointSearch) -> None:
    """Draw how many positions are looked at until one is overlooked."""
    share = world.parameters.blink_share
    search.blink[0] = int(np.log(draw(search.source) + 1e-18) / np.log(1.0 - share)) if share > 0 else 1 << 40


@lean_kernel
def _sort_pending(world: PointWorld, search: PointSearch, count: int) -> None:
    """Order the pending sites at random, or by one of the keys (insertion sort: they are few)."""
    pending, key, source = search.pending, search.key, search.source
    criterion = draw_below(source, len(world.keys) + 3) - 3
    for k in range(count):
        key[k] = draw(source) if criterion < 0 else world.keys[criterion, pending[k]]
    for k in range(1, count):
        value, site, j = key[k], pending[k], k - 1
        while j >= 0 and key[j] > value:
            key[j + 1], pending[j + 1] = key[j], pending[j]
            j -= 1
        key[j + 1], pending[j + 1] = value, site
