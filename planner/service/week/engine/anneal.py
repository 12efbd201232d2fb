"""The search: proposals, accepted by cost and by what is beyond the limits under simulated annealing."""

from __future__ import annotations

import numpy as np

from planner.kernels import inlined, lean_kernel
from planner.routing.engines.sisr.draws import draw
from planner.service.week.engine.arrays import (
    BEST_OVER,
    BEST_YUAN,
    CURRENT_LOAD,
    CURRENT_TIME,
    CURRENT_YUAN,
    NONE,
    SPREAD,
    WeekSearch,
    WeekWorld,
)
from planner.service.week.engine.exchange import exchange_ends, hand_over
from planner.service.week.engine.recreate import recreate
from planner.service.week.engine.routes import count_touched, forget, refresh, restore
from planner.service.week.engine.ruin import ruin
from planner.service.week.engine.spread import spread_yuan

_HOLDS = 1e-7
"""Shares of a limit; what is beyond by no more is a rounding error."""


@lean_kernel
def add_up(world: WeekWorld, search: WeekSearch) -> None:
    """Work the figures of the current week out anew, so that rounding errors do not gather."""
    figures, routes = search.figures, search.routes
    figures[CURRENT_YUAN], figures[CURRENT_LOAD], figures[CURRENT_TIME] = 0.0, 0.0, 0.0
    for route in range(len(routes.size)):
        figures[CURRENT_YUAN] += routes.yuan[route]
        figures[CURRENT_LOAD] += routes.over_load[route]
        figures[CURRENT_TIME] += routes.over_time[route]
    figures[SPREAD] = spread_yuan(world, search)


@lean_kernel
def keep_if_better(search: WeekSearch) -> None:
    """Note the current week as the best, if it is beyond the limits by less, or by nothing and costs less."""
    figures, routes = search.figures, search.routes
    over = figures[CURRENT_LOAD] + figures[CURRENT_TIME]
    over = 0.0 if over < _HOLDS else over
    yuan = figures[CURRENT_YUAN] + figures[SPREAD]
    if over > figures[BEST_OVER] or (over == figures[BEST_OVER] and yuan >= figures[BEST_YUAN] - 1e-9):
        return
    figures[BEST_YUAN], figures[BEST_OVER] = yuan, over
    for place in range(len(routes.option)):
        search.best_option[place] = routes.option[place]
    for route in range(len(routes.size)):
        search.best_size[route] = routes.size[route]
        for i in range(routes.size[route]):
            search.best_stop[route, i] = routes.stop[route, i]


@lean_kernel
def load_best(world: WeekWorld, search: WeekSearch) -> None:
    """Make the best week the current one."""
    routes = search.routes
    for place in range(world.places + 1):
        routes.option[place] = search.best_option[place]
        for day in range(world.days):
            routes.slot[place, day] = NONE
        for slot in range(world.slots):
            routes.times_of[place, slot] = 0
    for route in range(len(routes.size)):
        routes.size[route] = search.best_size[route]
        for i in range(routes.size[route]):
            place = search.best_stop[route, i]
            routes.stop[route, i] = place
            routes.variant[route, i] = world.option_variant[routes.option[place], route // world.slots]
            routes.times_of[place, route % world.slots] += 1
        refresh(world, routes, route)
    add_up(world, search)


@lean_kernel
def search_on(world: WeekWorld, search: WeekSearch, temperature: float, steps: int) -> None:
    """Insert the places that are on no route, then propose and decide so many times."""
    figures, penalties = search.figures, search.penalties
    _insert_all(world, search)
    add_up(world, search)
    keep_if_better(search)
    for _ in range(steps):
        yuan, load, time, spread = figures[0], figures[1], figures[2], figures[SPREAD]
        most = -temperature * np.log(draw(search.source) + 1e-18)
        count = _propose(world, search, most + penalties[0] * load + penalties[1] * time)
        if count == NONE:
            continue
        count_touched(search)
        change = figures[0] - yuan + penalties[0] * (figures[1] - load) + penalties[1] * (figures[2] - time)
        if world.prices_fleet or world.consistency + world.day_balance + world.vehicle_balance > 0.0:
            figures[SPREAD] = spread_yuan(world, search)
            change += figures[SPREAD] - spread
        if change < most:
            forget(search.undo)
            keep_if_better(search)
        else:
            for k in range(count):
                search.routes.option[search.pending[k]] = search.undo.place_option[search.pending[k]]
            restore(world, search)
            figures[0], figures[1], figures[2], figures[SPREAD] = yuan, load, time, spread
        _look_at_penalties(world, search)


@inlined
def _insert_all(world: WeekWorld, search: WeekSearch) -> None:
    """Insert all places that are on no route; with none it draws nothing."""
    count = int(np.int64(0))  # no literal: kernels are compiled for one kind of number
    for place in range(1, world.places + 1):
        if search.routes.option[place] == NONE and world.first_option[place] < world.first_option[place + 1]:
            search.pending[count] = place
            count += 1
    if count > 0:
        recreate(world, search, count)
        forget(search.undo)


@lean_kernel
def _propose(world: WeekWorld, search: WeekSearch, most: float) -> int:
    """Change the week; return how many places were taken off and placed again, `NONE` if nothing was changed.

    Ends are not exchanged where that costs more than ``most`` yuan whatever it mends.
    """
    kind = draw(search.source)
    if world.hands_over:
        if kind < world.parameters.hand_over_share:
            return 0 if hand_over(world, search) else NONE
        kind -= world.parameters.hand_over_share
    if kind < world.parameters.exchange_share:
        return 0 if exchange_ends(world, search, most) else NONE
    count = ruin(world, search)
    for k in range(count):
        search.undo.place_option[search.pending[k]] = search.routes.option[search.pending[k]]
    recreate(world, search, count)
    return count


@inlined
def _look_at_penalties(world: WeekWorld, search: WeekSearch) -> None:
    """Count weeks that hold; from time to time raise a penalty that is too weak and lower one that is too strong."""
    looks, parameters = search.looks, world.parameters
    looks[0] += 1
    looks[1] += search.figures[CURRENT_LOAD] < _HOLDS
    looks[2] += search.figures[CURRENT_TIME] < _HOLDS
    if looks[0] < parameters.steps_a_look:
        return
    for k in range(2):
        holds = looks[1 + k] >= parameters.hold_share * looks[0]
        factor = 1.0 / parameters.penalty_step if holds else parameters.penalty_step
        search.penalties[k] = min(max(search.penalties[k] * factor, search.penalty_range[0]), search.penalty_range[1])
        looks[1 + k] = 0
    looks[0] = 0
