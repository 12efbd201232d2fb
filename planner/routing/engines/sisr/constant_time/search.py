"""The search: ruin and recreate, accepted by cost under simulated annealing, or by the stops still without a place."""

from __future__ import annotations

import numpy as np

from planner.kernels import inlined, lean_kernel
from planner.routing.engines.sisr.constant_time.arrays import World
from planner.routing.engines.sisr.constant_time.recreate import recreate
from planner.routing.engines.sisr.constant_time.retype import retype_touched
from planner.routing.engines.sisr.constant_time.routes import (
    cost_change,
    end_of,
    forget,
    refresh,
    restore,
    start_of,
    unlink,
    used_routes,
)
from planner.routing.engines.sisr.constant_time.ruin import ruin
from planner.routing.engines.sisr.constant_time.state import Search, copy_first, keep_best, missing_stops, total_cost
from planner.routing.engines.sisr.constant_time.two_opt_star import exchange_ends
from planner.routing.engines.sisr.draws import draw, draw_below

TWO_OPT_STAR_SHARE = 0.2
"""Of the proposals that exchange the ends of two routes, as far as that can be driven."""


def anneal(world: World, search: Search, temperature: float, cooling: float, steps: int) -> None:
    """Ruin and recreate ``steps`` times, the temperature falling by the factor ``cooling`` at each."""
    _search_on(world, search, temperature, cooling, steps, False, len(world.fleet.kind_of_slot))


def minimise_fleet(world: World, search: Search, temperature: float, steps: int, most_routes: int) -> int:
    """Try up to ``steps`` times to place the absent stops on so many routes; return how many stay absent.

    A change is accepted if the stops that it leaves absent were absent less often so far (fleet minimisation:
    Christiaens & Vanden Berghe 2020, section 4.4), or if it leaves the same ones and annealing accepts it.
    """
    _search_on(world, search, temperature, 1.0, steps, True, most_routes)
    search.best.current[0] = total_cost(world, search)
    return missing_stops(world, search)


@lean_kernel
def _search_on(
    world: World, search: Search, temperature: float, cooling: float, steps: int, minimising: bool, most_routes: int
) -> None:
    """Anneal or minimise the fleet: one kernel for both, as all that it calls is compiled again within it."""
    best = search.best
    best.current[0] = total_cost(world, search)  # so that rounding errors do not gather over the steps
    for _ in range(steps):
        if minimising and missing_stops(world, search) == 0:
            break
        left = _propose(world, search, most_routes)
        change = _change(world, search, left)
        fewer = _count_absences(world, search, left) if minimising else 0
        if fewer > 0 or (fewer == 0 and change < -temperature * np.log(draw(search.source) + 1e-18)):
            _accept(search, left)
            best.current[0] += change
            if not minimising and best.current[0] < best.cost[0] - 1e-9:
                keep_best(search)
        else:
            _decline(world, search)
        temperature *= cooling


@lean_kernel
def _count_absences(world: World, search: Search, left: int) -> int:
    """Return by how much less often the stops left absent were absent so far than those before them, and count them."""
    required, absences, pending, fewer = world.demands.required, search.absences, search.scratch.pending, 0
    for i in range(search.absent_count[0]):
        if required[search.absent[i]]:
            fewer += 1 + absences[search.absent[i]]
    for i in range(left):
        if required[pending[i]]:
            fewer -= 1 + absences[pending[i]]
            absences[pending[i]] += 1
    return int(fewer)


@lean_kernel
def remove_route(world: World, search: Search) -> None:
    """Take all stops off the route whose stops were absent least often, the shortest of equals."""
    routes, absences = search.routes, search.absences
    least, none = -1, len(routes.slot_size)
    chosen = none
    for slot in range(len(routes.slot_size)):
        if routes.slot_size[slot] == 0:
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
    routes, undo, source, pending = search.routes, search.undo, search.source, search.scratch.pending
    first_stop = world.demands.first_stop
    absent = search.absent_count[0]
    copy_first(pending, search.absent, absent)
    seed_stop = first_stop + draw_below(source, len(world.demands.opens) - first_stop)
    # with stops absent each proposal has to try to place them
    if absent == 0 and draw(source) < TWO_OPT_STAR_SHARE and exchange_ends(world, routes, undo, seed_stop, source):
        left = 0
    else:
        count = ruin(world, routes, undo, pending, absent, seed_stop, source)
        search.scratch.openings[0] = most_routes - used_routes(routes)
        left = recreate(world, routes, undo, pending, count, search.scratch, source)
    if len(world.fleet.capacity) > 1:
        retype_touched(world, routes, undo, source)
    return left


@lean_kernel
def _change(world: World, search: Search, left: int) -> float:
    """Return what the proposal costs beyond the routes before it."""
    change = cost_change(search.routes, search.undo)
    for i in range(left):
        change += world.demands.penalty[search.scratch.pending[i]]
    for i in range(search.absent_count[0]):
        change -= world.demands.penalty[search.absent[i]]
    return float(change)


@lean_kernel
def _accept(search: Search, left: int) -> None:
    forget(search.undo)
    copy_first(search.absent, search.scratch.pending, left)
    search.absent_count[0] = left


@inlined
def _decline(world: World, search: Search) -> None:
    for i in range(search.absent_count[0]):
        search.routes.slot[search.absent[i]] = -1
    restore(world, search.routes, search.undo)
