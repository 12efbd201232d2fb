"""Where on a route a place is the least detour, kept for as long as the route stays as it is."""

from __future__ import annotations

import numpy as np

from planner.kernels import lean_kernel
from planner.service.week.engine.arrays import (
    AT,
    DETOUR_S,
    DETOUR_YUAN,
    FROM_S,
    FROM_YUAN,
    LEAST_S,
    NONE,
    STAMP,
    TO_S,
    TO_YUAN,
    WeekSearch,
    WeekWorld,
)


@lean_kernel
def look_near(world: WeekWorld, search: WeekSearch, route: int, place: int) -> None:
    """Note the three positions of a route where a place costs the least detour, ascending, unless that is noted already.

    A route has another stamp after every change, and its old one again when the change is taken back.
    """
    routes, near = search.routes, search.near
    if near[place, route, STAMP] == routes.stamp[route]:
        return
    near[place, route, STAMP] = routes.stamp[route]
    kind = world.kind_of_slot[route % world.slots]
    least_s, first, second, third = np.inf, np.inf, np.inf, np.inf
    at_first, at_second, at_third = int(np.int64(NONE)), int(np.int64(NONE)), int(np.int64(NONE))
    to_yuan, to_s = world.legs[kind, place, 0, TO_YUAN], world.legs[kind, place, 0, TO_S]
    size = routes.size[route]
    for at in range(size + 1):
        after = routes.stop[route, at] if at < size else 0
        yuan = to_yuan + world.legs[kind, place, after, FROM_YUAN] - routes.leg_yuan[route, at]
        seconds = to_s + world.legs[kind, place, after, FROM_S] - routes.leg_s[route, at]
        to_yuan, to_s = world.legs[kind, place, after, TO_YUAN], world.legs[kind, place, after, TO_S]
        least_s = min(least_s, seconds)
        if yuan >= third:
            continue
        if yuan >= second:
            third, at_third = yuan, at
            continue
        third, at_third = second, at_second
        if yuan >= first:
            second, at_second = yuan, at
        else:
            second, at_second = first, at_first
            first, at_first = yuan, at
    near[place, route, LEAST_S] = least_s
    near[place, route, DETOUR_YUAN], near[place, route, AT] = first, at_first
    near[place, route, DETOUR_YUAN + 1], near[place, route, AT + 1] = second, at_second
    near[place, route, DETOUR_YUAN + 2], near[place, route, AT + 2] = third, at_third
    for k in range(3):
        at = int(near[place, route, AT + k])
        if at != NONE:
            near[place, route, DETOUR_S + k] = detour_s(world, search, route, place, at)


@lean_kernel
def detour_s(world: WeekWorld, search: WeekSearch, route: int, place: int, at: int) -> float:
    """Return the seconds by which a place before the stop ``at`` makes a route longer, its service not counted."""
    routes, kind = search.routes, world.kind_of_slot[route % world.slots]
    after = routes.stop[route, at] if at < routes.size[route] else 0
    before = routes.stop[route, at - 1] if at > 0 else 0
    legs = world.legs[kind, place, before, TO_S] + world.legs[kind, place, after, FROM_S]
    return float(legs - routes.leg_s[route, at])
