"""The search: ruin and recreate, accepted by cost under simulated annealing, or by the stops still without a place."""

from __future__ import annotations

import numpy as np

from planner.kernels import inlined, lean_kernel
from planner.routing.engines.sisr.constant_time.arrays import Search, World
from planner.routing.engines.sisr.constant_time.recreate import recreate
from planner.routing.engines.sisr.constant_time.retype import retype_touched
from planner.routing.engines.sisr.constant_time.routes import end_of, refresh, restore, start_of, unlink
from planner.routing.engines.sisr.constant_time.ruin import ruin
from planner.routing.engines.sisr.constant_time.state import keep_best
from planner.routing.engines.sisr.constant_time.two_opt_star import exchange_ends
from planner.routing.engines.sisr.draws import draw, draw_below
from planner.routing.engines.sisr.search import (
    accept,
    change_with,
    copy_first,
    count_absences,
    missing_stops,
    total_cost,
    used_routes,
)


def anneal(world: World, search: Search, temperature: float, steps: int) -> None:
    """Ruin and recreate ``steps`` times."""
    _search_on(world, search, temperature, steps, False, len(world.fleet.kind_of_slot))


def minimise_fleet(world: World, search: Search, temperature: float, steps: int, most_routes: int) -> int:
    """Try up to ``steps`` times to place the absent stops on so many routes; return how many stay absent.

    A change is accepted if the stops that it leaves absent were absent less often so far (fleet minimisation:
    Christiaens & Vanden Berghe 2020, section 4.4), or if it leaves the same ones and annealing accepts it.
    """
    _search_on(world, search, temperature, steps, True, most_routes)
    return missing_stops(world, search)


@lean_kernel
def _search_on(
    world: World, search: Search, temperature: float, steps: int, minimising: bool, most_routes: int
) -> None:
    """Anneal or minimise the fleet: one kernel for both, as all that it calls is compiled again within it."""
    cost = search.best_cost
    cost[1] = total_cost(world, search)  # so that rounding errors do not gather over the steps
    for _ in range(steps):
        if minimising and missing_stops(world, search) == 0:
            break
        left = _propose(world, search, most_routes)
        change = change_with(world, search, left)
        fewer = count_absences(world, search, left) if minimising else 0
        if fewer > 0 or (fewer == 0 and change < -temperature * np.log(draw(search.source) + 1e-18)):
            accept(search, left)
            cost[1] += change
            if not minimising and cost[1] < cost[0] - 1e-9:
                keep_best(search)
        else:
            _decline(world, search)


@lean_kernel
def remove_route(world: World, search: Search) -> None:
    """Take all stops off the route whose stops were absent least often, the shortest of equals."""
    routes, absences = search.routes, search.absences
    least, none = -1, len(routes.size)
    chosen = none
    for slot in range(len(routes.size)):
        if routes.size[slot] == 0:
            continue
        score = 0
        v, end = routes.next[start_of(world, slot)], end_of(world, slot)
        while v != end:
            score += 1 + absences[v]
            v = routes.next[v]
        if chosen == none or score < least:
            least, chosen = score, slot
    if chosen == none:
        return
    v, end = routes.next[start_of(world, chosen)], end_of(world, chosen)
    while v != end:
        after = routes.next[v]
        unlink(world, routes, v)
        search.absent[search.absent_count[0]] = v
        search.absent_count[0] += 1
        v = after
    refresh(world, routes, chosen)


@inlined
def _propose(world: World, search: Search, most_routes: int) -> int:
    """Ruin and recreate once, or exchange two ends; return how many stops it leaves absent, the first of ``pending``."""
    routes, undo, source, first_stop = search.routes, search.undo, search.source, world.demands.first_stop
    absent = search.absent_count[0]
    copy_first(search.pending, search.absent, absent)
    seed_stop = first_stop + draw_below(source, len(world.demands.opens) - first_stop)
    exchanges = absent == 0 and draw(source) < world.parameters.two_opt_star_share
    # with stops absent each proposal has to try to place them
    if exchanges and exchange_ends(world, routes, undo, seed_stop, source):
        left = 0
    else:
        count = ruin(world, search, absent, seed_stop)
        search.scratch.openings[0] = most_routes - used_routes(routes)
        left = recreate(world, search, count)
    if len(world.fleet.capacity) > 1:
        retype_touched(world, routes, undo, source)
    return left


@inlined
def _decline(world: World, search: Search) -> None:
    for i in range(search.absent_count[0]):
        search.routes.slot[search.absent[i]] = -1
    restore(world, search.routes, search.undo)
