"""Recreate: every place taken off gets the pattern and the positions that cost least, one place after the other."""

from __future__ import annotations

import numpy as np

from planner.kernels import lean_kernel
from planner.routing.engines.sisr.draws import draw, draw_below
from planner.service.week.engine.arrays import NONE, WeekSearch, WeekWorld
from planner.service.week.engine.routes import beyond, place_visit


@lean_kernel
def recreate(world: WeekWorld, search: WeekSearch, count: int) -> None:
    """Insert the pending places in an order drawn at random."""
    _sort_pending(world, search, count)
    for k in range(count):
        place = search.pending[k]
        option = search.routes.option[place]
        if option == NONE or _all_missing(world, search, place):
            option = _best_option(world, search, place)
            search.routes.option[place] = option
        else:
            for day in range(world.days):
                if search.missing[place] >> day & 1:
                    best_insertion(world, search, place, world.option_variant[option, day])
        for day in range(world.days):
            variant = world.option_variant[option, day]
            if variant != NONE and search.routes.slot[place, day] == NONE:
                place_visit(world, search, search.found_route[variant], search.found_at[variant], place, variant)
        search.missing[place] = 0


@lean_kernel
def _all_missing(world: WeekWorld, search: WeekSearch, place: int) -> bool:
    """Say whether the place is on no route of any day."""
    visits = 0
    for day in range(world.days):
        visits += search.routes.slot[place, day] != NONE
    return visits == 0


@lean_kernel
def _best_option(world: WeekWorld, search: WeekSearch, place: int) -> int:
    """Return the option whose visits cost least in all; where they go is found for each of its variants."""
    for variant in range(world.first_variant[place], world.first_variant[place + 1]):
        best_insertion(world, search, place, variant)
    best, least = world.first_option[place], np.inf
    for option in range(world.first_option[place], world.first_option[place + 1]):
        yuan = 0.0
        for day in range(world.days):
            variant = world.option_variant[option, day]
            if variant != NONE:
                yuan += search.found_yuan[variant]
        if yuan < least:
            best, least = option, yuan
    return int(best)


@lean_kernel
def best_insertion(world: WeekWorld, search: WeekSearch, place: int, variant: int) -> None:
    """Find the route and position where a visit costs least, with what it adds beyond capacity and duty."""
    search.found_yuan[variant], search.found_route[variant], search.found_at[variant] = np.inf, NONE, 0
    while search.found_route[variant] == NONE:  # where there are few positions, all may have been overlooked
        _try_routes(world, search, place, variant)


@lean_kernel
def _try_routes(world: WeekWorld, search: WeekSearch, place: int, variant: int) -> None:
    """Look for the best position on all routes of the variant's day."""
    routes, day = search.routes, world.variant_day[variant]
    empty_kind = NONE
    for slot in range(world.slots):
        if not world.slot_open[day, slot]:
            continue
        route, kind = day * world.slots + slot, world.kind_of_slot[slot]
        if routes.size[route] == 0 and world.consistency == 0.0:
            if kind == empty_kind:  # empty vehicles of a kind are alike
                continue
            empty_kind = kind
        _try_route(world, search, route, place, variant)


@lean_kernel
def _try_route(world: WeekWorld, search: WeekSearch, route: int, place: int, variant: int) -> None:
    """Find the position of one route where a visit costs least, if that is less than what was found before."""
    routes, size = search.routes, search.routes.size[route]
    kind = world.kind_of_slot[route % world.slots]
    least = search.found_yuan[variant]
    by_route = world.variant_s[variant] * world.second_yuan[kind] + _spread(world, search, route, place)
    if size == 0:
        by_route += world.fixed[kind]
    load_yuan, time_yuan = search.penalties[0], search.penalties[1]
    if not world.both_ways:
        by_route += load_yuan * (_load_beyond(world, search, route, 0, variant) - routes.over_load[route])
    if by_route >= least:
        return
    seconds = routes.seconds[route] + world.variant_s[variant]
    before = 0
    for at in range(size + 1):
        after = routes.stop[route, at] if at < size else 0
        here = before
        before = after
        yuan = by_route + world.leg_yuan[kind, here, place] + world.leg_yuan[kind, place, after]
        yuan -= world.leg_yuan[kind, here, after]
        if yuan >= least:
            continue
        if world.timed:
            longer = world.leg_s[kind, here, place] + world.leg_s[kind, place, after] - world.leg_s[kind, here, after]
            yuan += time_yuan * (beyond(seconds + longer, world.duty[kind]) - routes.over_time[route])
        if world.both_ways:
            yuan += load_yuan * (_load_beyond(world, search, route, at, variant) - routes.over_load[route])
        if yuan >= least:
            continue
        search.blink[0] -= 1
        if search.blink[0] < 0:
            draw_blink(world, search)
            continue
        least = yuan
        search.found_yuan[variant], search.found_route[variant], search.found_at[variant] = yuan, route, at


@lean_kernel
def draw_blink(world: WeekWorld, search: WeekSearch) -> None:
    """Draw how many positions are looked at until one is overlooked."""
    share = world.parameters.blink_share
    if share > 0:
        search.blink[0] = int(np.log(draw(search.source) + 1e-18) / np.log(1.0 - share))
    else:
        search.blink[0] = 1 << 40


@lean_kernel
def _load_beyond(world: WeekWorld, search: WeekSearch, route: int, at: int, variant: int) -> float:
    """Return by how much of its capacity a route with a visit more is overloaded at its worst moment."""
    routes, kind, over = search.routes, world.kind_of_slot[route % world.slots], 0.0
    for d in range(world.dimensions):
        down, up = world.variant_down[variant, d], world.variant_up[variant, d]
        if not world.both_ways:
            peak = max(routes.down[route, d] + down, routes.up[route, d] + up)
        elif routes.size[route] == 0:
            peak = max(down, up)
        else:
            peak = max(routes.peak_before[route, at, d] + down, routes.peak_after[route, at, d] + up)
        over += beyond(peak, world.capacity[kind, d])
    return over


@lean_kernel
def _spread(world: WeekWorld, search: WeekSearch, route: int, place: int) -> float:
    """Return what a visit by this vehicle is weighted with, if others visit the place already."""
    if world.consistency == 0.0 or search.routes.times_of[place, route % world.slots] > 0:
        return 0.0
    for slot in range(world.slots):
        if search.routes.times_of[place, slot] > 0:
            return world.consistency
    return 0.0


@lean_kernel
def _sort_pending(world: WeekWorld, search: WeekSearch, count: int) -> None:
    """Order the pending places at random, or by one of the keys (insertion sort: they are few)."""
    pending, key, source = search.pending, search.key, search.source
    criterion = draw_below(source, len(world.keys) + 4) - 4
    for k in range(count):
        key[k] = draw(source) if criterion < 0 else world.keys[criterion, pending[k]]
    for k in range(1, count):
        value, place, j = key[k], pending[k], k - 1
        while j >= 0 and key[j] > value:
            key[j + 1], pending[j + 1] = key[j], pending[j]
            j -= 1
        key[j + 1], pending[j + 1] = value, place
