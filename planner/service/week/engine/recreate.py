"""Recreate: every place taken off gets the pattern and the positions that cost least, one place after the other."""

from __future__ import annotations

import numpy as np

from planner.kernels import inlined, lean_kernel
from planner.routing.engines.sisr.draws import draw, draw_below
from planner.service.week.engine.arrays import (
    AT,
    DETOUR_S,
    DETOUR_YUAN,
    FROM_S,
    FROM_YUAN,
    LEAST_S,
    NONE,
    TO_S,
    TO_YUAN,
    WeekSearch,
    WeekWorld,
)
from planner.service.week.engine.near import look_near
from planner.service.week.engine.routes import beyond, place_visit
from planner.service.week.engine.spread import count_used, opening_yuan


@lean_kernel
def recreate(world: WeekWorld, search: WeekSearch, count: int) -> None:
    """Insert the pending places in an order drawn at random."""
    _sort_pending(world, search, count)
    if world.prices_fleet:
        count_used(world, search)
    for k in range(count):
        place = search.pending[k]
        option = search.routes.option[place]
        anew = option == NONE or _all_missing(world, search, place)
        for day in range(world.days):
            if anew:
                first, end = world.day_variant[place, day], world.day_variant[place, day + 1]
            elif search.missing[place] >> day & 1:
                first = world.option_variant[option, day]
                end = first + 1
            else:
                continue
            if first < end:
                find_positions(world, search, place, day, first, end)
        if anew:
            option = _best_option(world, search, place)
            search.routes.option[place] = option
        for day in range(world.days):
            variant = world.option_variant[option, day]
            if variant != NONE and search.routes.slot[place, day] == NONE:
                route = search.found_route[variant]
                if search.routes.size[route] == 0:
                    search.used[day, world.kind_of_slot[route % world.slots]] += 1
                place_visit(world, search, route, search.found_at[variant], place, variant)
        search.missing[place] = 0


@inlined
def _all_missing(world: WeekWorld, search: WeekSearch, place: int) -> bool:
    """Say whether the place is on no route of any day."""
    visits = 0
    for day in range(world.days):
        visits += search.routes.slot[place, day] != NONE
    return visits == 0


@inlined
def _best_option(world: WeekWorld, search: WeekSearch, place: int) -> int:
    """Return the option whose visits cost least in all, where they go having been found for each of its variants."""
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
def find_positions(world: WeekWorld, search: WeekSearch, place: int, day: int, first: int, end: int) -> None:
    """Find for some variants of one day the route and position where each costs least, with what it adds beyond limits."""
    for variant in range(first, end):
        search.found_yuan[variant], search.found_route[variant], search.found_at[variant] = np.inf, NONE, 0
    begin = first
    while begin < end:  # where there are few positions, all may have been overlooked
        _try_routes(world, search, place, day, begin, end)
        while begin < end and search.found_route[begin] != NONE:
            begin += 1


@lean_kernel
def _try_routes(world: WeekWorld, search: WeekSearch, place: int, day: int, first: int, end: int) -> None:
    """Look for the best positions on all routes of a day: at each at those of the least detour, then at all if need be."""
    empty_kind, again = int(np.int64(NONE)), False
    for slot in range(world.slots):
        route, kind = day * world.slots + slot, world.kind_of_slot[slot]
        empty = search.routes.size[route] == 0 and world.consistency == 0.0
        tried = world.slot_open[day, slot] and not (empty and kind == empty_kind)  # empty vehicles of a kind are alike
        if tried:
            look_near(world, search, route, place)
            if empty:
                empty_kind = kind
        by_place = _spread(world, search, route, place)
        for variant in range(first, end):
            rest_yuan = _try_near(world, search, route, place, variant, by_place) if tried else np.inf
            search.rest_yuan[slot, variant - first] = rest_yuan
            again |= rest_yuan < search.found_yuan[variant]
    if not again:
        return
    for slot in range(world.slots):
        for variant in range(first, end):
            if search.rest_yuan[slot, variant - first] < search.found_yuan[variant]:
                route = day * world.slots + slot
                _try_all(world, search, route, place, variant, _spread(world, search, route, place))


@lean_kernel
def _try_near(world: WeekWorld, search: WeekSearch, route: int, place: int, variant: int, by_place: float) -> float:
    """Try the positions of a route with the least detour, return less than what all others cost.

    One that keeps all limits ends the search: what comes later has a longer detour.
    """
    near, anywhere = search.near, by_place + _yuan_anywhere(world, search, route, variant)
    if anywhere + near[place, route, DETOUR_YUAN] >= search.found_yuan[variant]:
        return np.inf
    by_route = anywhere + _least_penalty(world, search, route, place, variant)
    for k in range(3):
        at = int(near[place, route, AT + k])
        if at == NONE or by_route + near[place, route, DETOUR_YUAN + k] >= search.found_yuan[variant]:
            return np.inf
        if _is_overlooked(world, search):
            continue
        penalty = _penalty(world, search, route, variant, at, near[place, route, DETOUR_S + k])
        yuan = anywhere + near[place, route, DETOUR_YUAN + k] + penalty
        if yuan < search.found_yuan[variant]:
            search.found_yuan[variant], search.found_route[variant], search.found_at[variant] = yuan, route, at
        if penalty <= 0.0:
            return np.inf
    return float(by_route + near[place, route, DETOUR_YUAN + 2])


@lean_kernel
def _try_all(world: WeekWorld, search: WeekSearch, route: int, place: int, variant: int, by_place: float) -> None:
    """Find the position where a visit costs least among all of a route."""
    routes, size, kind = search.routes, search.routes.size[route], world.kind_of_slot[route % world.slots]
    by_route = by_place + _yuan_anywhere(world, search, route, variant)
    to_yuan, to_s = world.legs[kind, place, 0, TO_YUAN], world.legs[kind, place, 0, TO_S]
    for at in range(size + 1):
        after = routes.stop[route, at] if at < size else 0
        yuan = by_route + to_yuan + world.legs[kind, place, after, FROM_YUAN] - routes.leg_yuan[route, at]
        seconds = to_s + world.legs[kind, place, after, FROM_S] - routes.leg_s[route, at]
        to_yuan, to_s = world.legs[kind, place, after, TO_YUAN], world.legs[kind, place, after, TO_S]
        if yuan >= search.found_yuan[variant]:
            continue
        yuan += _penalty(world, search, route, variant, at, seconds)
        if yuan < search.found_yuan[variant] and not _is_overlooked(world, search):
            search.found_yuan[variant], search.found_route[variant], search.found_at[variant] = yuan, route, at


@inlined
def _yuan_anywhere(world: WeekWorld, search: WeekSearch, route: int, variant: int) -> float:
    """Return what a visit costs on a route wherever it is: its service, and the vehicle if that had nothing to do.

    That is its day, and its price where the fleet has one vehicle more by it.
    """
    kind = world.kind_of_slot[route % world.slots]
    yuan = world.variant_s[variant] * world.second_yuan[kind]
    if search.routes.size[route] == 0:
        yuan += world.fixed[kind]
        if world.prices_fleet:
            yuan += opening_yuan(world, search, route // world.slots, kind)
    return float(yuan)


@inlined
def _least_penalty(world: WeekWorld, search: WeekSearch, route: int, place: int, variant: int) -> float:
    """Return a bound: a visit makes the route exceed its limits by no less at any position.

    It leaves with all it brings and comes back with all it collects.
    """
    routes, kind, yuan = search.routes, world.kind_of_slot[route % world.slots], 0.0
    if world.timed:
        seconds = routes.seconds[route] + world.variant_s[variant] + search.near[place, route, LEAST_S]
        yuan += search.penalties[1] * (beyond(seconds, world.duty[kind]) - routes.over_time[route])
    over = -routes.over_load[route]
    for d in range(world.dimensions):
        ends = max(
            routes.down[route, d] + world.variant_down[variant, d], routes.up[route, d] + world.variant_up[variant, d]
        )
        over += beyond(max(ends, routes.peak[route, d]), world.capacity[kind, d])
    return float(yuan + search.penalties[0] * over)


@lean_kernel
def _penalty(world: WeekWorld, search: WeekSearch, route: int, variant: int, at: int, detour_s: float) -> float:
    """Return what a visit at a position costs by what the route is beyond its limits then, and was not before."""
    routes, kind, yuan = search.routes, world.kind_of_slot[route % world.slots], 0.0
    if world.timed:
        seconds = routes.seconds[route] + world.variant_s[variant] + detour_s
        yuan += search.penalties[1] * (beyond(seconds, world.duty[kind]) - routes.over_time[route])
    over = -routes.over_load[route]
    for d in range(world.dimensions):
        down, up = world.variant_down[variant, d], world.variant_up[variant, d]
        if routes.peak[route, d] + max(down, up) <= world.capacity[kind, d]:
            continue
        if not world.both_ways:
            peak = max(routes.down[route, d] + down, routes.up[route, d] + up)
        elif routes.size[route] == 0:
            peak = max(down, up)
        else:
            peak = max(routes.peak_before[route, at, d] + down, routes.peak_after[route, at, d] + up)
        over += beyond(peak, world.capacity[kind, d])
    return float(yuan + search.penalties[0] * over)


@inlined
def _is_overlooked(world: WeekWorld, search: WeekSearch) -> bool:
    """Say whether it is a position's turn to be overlooked."""
    search.blink[0] -= 1
    overlooked = search.blink[0] < 0
    if overlooked:
        draw_blink(world, search)
    return bool(overlooked)


@lean_kernel
def draw_blink(world: WeekWorld, search: WeekSearch) -> None:
    """Draw how many positions are looked at until one is overlooked."""
    share = world.parameters.blink_share
    if share > 0:
        search.blink[0] = int(np.log(draw(search.source) + 1e-18) / np.log(1.0 - share))
    else:
        search.blink[0] = 1 << 40


@lean_kernel
def _spread(world: WeekWorld, search: WeekSearch, route: int, place: int) -> float:
    """Return what a visit by this vehicle is weighted with, if others visit the place already."""
    if world.consistency == 0.0 or search.routes.times_of[place, route % world.slots] > 0:
        return 0.0
    for slot in range(world.slots):
        if search.routes.times_of[place, slot] > 0:
            return world.consistency
    return 0.0


@inlined
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
