"""What this judge proposes: to ruin and recreate, to exchange the ends of two routes, or to do without a route."""

from __future__ import annotations

from planner.kernels import lean_kernel
from planner.kernels.by_struct import implements
from planner.routing.engines.sisr import judged
from planner.routing.engines.sisr.arrays import ANY_NUMBER
from planner.routing.engines.sisr.constant_time.arrays import Search, World
from planner.routing.engines.sisr.constant_time.recreate import recreate
from planner.routing.engines.sisr.constant_time.retype import retype_touched
from planner.routing.engines.sisr.constant_time.routes import end_of, refresh, restore, start_of, unlink
from planner.routing.engines.sisr.constant_time.ruin import ruin
from planner.routing.engines.sisr.constant_time.two_opt_star import exchange_ends
from planner.routing.engines.sisr.draws import draw, draw_below
from planner.routing.engines.sisr.search import copy_first, used_routes


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


@implements(judged.propose, World)
def propose(world: World, search: Search, most_routes: int) -> int:
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
        limit = len(world.fleet.kind_of_slot) if most_routes == ANY_NUMBER else most_routes
        search.scratch.openings[0] = limit - used_routes(routes)
        left = recreate(world, search, count)
    if len(world.fleet.capacity) > 1:
        retype_touched(world, routes, undo, source)
    return left


@implements(judged.decline, World)
def decline(world: World, search: Search) -> None:
    """Put the routes back as they were before the proposal."""
    for i in range(search.absent_count[0]):
        search.routes.slot[search.absent[i]] = -1
    restore(world, search.routes, search.undo)
