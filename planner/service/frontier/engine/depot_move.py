"""Let another depot drive a route, from where in its round that costs least."""

from __future__ import annotations

import numpy as np

from planner.kernels import lean_kernel
from planner.routing.engines.sisr.draws import draw_below
from planner.service.frontier.engine.arrays import YUAN, PointSearch, PointWorld
from planner.service.frontier.engine.routes import touch


@lean_kernel
def move_route(world: PointWorld, search: PointSearch, slot: int) -> None:
    """Move a route to an open depot drawn (its own: only turn it), if the duty is kept."""
    routes, figures = search.routes, search.figures
    size = routes.size[slot]
    depot = draw_below(search.source, world.depots)
    if size == 0 or not search.depot_open[depot]:
        return
    old = routes.depot[slot]
    least, turn, seconds = np.inf, 0, 0.0
    first, last = world.depots + routes.stop[slot, 0], world.depots + routes.stop[slot, size - 1]
    opened = -world.leg_yuan[old, first] - world.leg_yuan[last, old] + world.leg_yuan[last, first]
    opened_s = -world.leg_s[old, first] - world.leg_s[last, old] + world.leg_s[last, first]
    before = last
    for at in range(size):
        after = world.depots + routes.stop[slot, at]
        yuan = opened + world.leg_yuan[before, depot] + world.leg_yuan[depot, after] - world.leg_yuan[before, after]
        if yuan < least and (depot != old or at > 0):
            least, turn = yuan, at
            seconds = opened_s + world.leg_s[before, depot] + world.leg_s[depot, after] - world.leg_s[before, after]
        before = after
    if least == np.inf or (world.timed and routes.seconds[slot] + seconds > world.duty_s):
        return
    touch(search, slot)
    for i in range(size):
        routes.stop[slot, i] = search.was.stop[slot, (i + turn) % size]
    routes.yuan[slot] += least
    routes.seconds[slot] += seconds
    figures[YUAN] += least
    if depot != old:
        routes.depot[slot] = depot
        for one, sign in ((old, -1), (depot, 1)):
            routes.depot_load[one] += sign * routes.load[slot]
            used = routes.depot_routes[one]
            routes.depot_routes[one] += sign
            if used == 0 or used + sign == 0:
                figures[YUAN] += sign * world.depot_yuan[one]
