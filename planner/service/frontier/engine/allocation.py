"""Villages hand over at the nearest open site: what opening and closing a site moves."""

from __future__ import annotations

from planner.kernels import lean_kernel
from planner.service.frontier.engine.arrays import MISSING, NONE, PointRoutes, PointSearch, PointWorld


@lean_kernel
def move_load(routes: PointRoutes, site: int, load: float) -> None:
    """Add to what a site hands out, and to what its route and depot carry if it is on one."""
    routes.site_load[site] += load
    slot = routes.slot[site]
    if slot != NONE:
        routes.load[slot] += load
        routes.depot_load[routes.depot[slot]] += load


@lean_kernel
def claim_villages(world: PointWorld, search: PointSearch, site: int) -> None:
    """Let a site that opens take over the villages that are nearer to it than to where they hand over."""
    routes, figures = search.routes, search.figures
    for j in range(world.claim_first[site], world.claim_first[site + 1]):
        village, rank = world.claim_village[j], world.claim_rank[j]
        now = routes.rank[village]
        if now != NONE and now <= rank:
            continue
        if now == NONE:
            figures[MISSING] -= world.missing_none[village]
        else:
            figures[MISSING] -= world.missing[now]
            move_load(routes, world.reach_site[now], -world.demand[village])
        figures[MISSING] += world.missing[rank]
        routes.rank[village] = rank
        move_load(routes, site, world.demand[village])


@lean_kernel
def release_villages(world: PointWorld, search: PointSearch, site: int) -> None:
    """Let the villages of a site that has been closed hand over at the next nearest open one."""
    routes, figures = search.routes, search.figures
    for j in range(world.claim_first[site], world.claim_first[site + 1]):
        village, rank = world.claim_village[j], world.claim_rank[j]
        if routes.rank[village] != rank:
            continue
        then = NONE
        for k in range(rank + 1, world.reach_first[village + 1]):
            if routes.slot[world.reach_site[k]] != NONE:
                then = k
                break
        figures[MISSING] -= world.missing[rank]
        routes.rank[village] = then
        if then == NONE:
            figures[MISSING] += world.missing_none[village]
        else:
            figures[MISSING] += world.missing[then]
            move_load(routes, world.reach_site[then], world.demand[village])
    routes.site_load[site] = 0.0
