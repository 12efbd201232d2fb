"""The search: proposals, accepted by yuan and by what is missing or beyond the limits under simulated annealing."""

from __future__ import annotations

import numpy as np

from planner.kernels import lean_kernel
from planner.routing.engines.sisr.draws import draw, draw_below
from planner.service.frontier.engine.arrays import (
    BEST_BEYOND,
    BEST_YUAN,
    MAY_MISS,
    MISSING,
    NONE,
    OPEN,
    OPENING_YUAN,
    OVER,
    YUAN,
    PointSearch,
    PointWorld,
)
from planner.service.frontier.engine.depot_move import move_route
from planner.service.frontier.engine.recreate import draw_blink, recreate
from planner.service.frontier.engine.routes import accept, close, copy_followers, copy_route, count_over, decline
from planner.service.frontier.engine.ruin import ruin

_HOLDS = 1e-7


@lean_kernel
def begin(world: PointWorld, search: PointSearch) -> None:
    """Open what must be open, and then what is worth it, beside what is open already."""
    draw_blink(world, search)
    count = 0
    for site in range(world.sites):
        if world.required[site] and search.routes.slot[site] == NONE:
            search.pending[count] = site
            count += 1
    recreate(world, search, count)
    if count > 0:
        recreate(world, search, 0)
    count_over(world, search)
    accept(search)
    keep_if_better(search)


@lean_kernel
def clear(world: PointWorld, search: PointSearch) -> None:
    """Close every site and forget the best plan."""
    figures, routes = search.figures, search.routes
    for site in range(world.sites):
        if routes.slot[site] != NONE:
            close(world, search, site)
    figures[YUAN], figures[MISSING], figures[OVER], figures[OPEN], figures[OPENING_YUAN] = 0.0, 0.0, 0.0, 0.0, 0.0
    for village in range(len(world.demand)):
        figures[MISSING] += world.missing_none[village]
    figures[BEST_YUAN], figures[BEST_BEYOND] = np.inf, np.inf
    accept(search)


@lean_kernel
def beyond(search: PointSearch) -> float:
    """Return what is missing or overloaded beyond what may be, in no unit: 0 where the plan holds."""
    figures = search.figures
    over = max(0.0, figures[MISSING] - search.limits[MAY_MISS]) + figures[OVER]
    return 0.0 if over < _HOLDS else float(over)


@lean_kernel
def keep_if_better(search: PointSearch) -> None:
    """Note the current plan as the best, if it holds better, or as well and costs less."""
    figures, over = search.figures, beyond(search)
    if over > figures[BEST_BEYOND] or (over == figures[BEST_BEYOND] and figures[YUAN] >= figures[BEST_YUAN] - 1e-6):
        return
    figures[BEST_YUAN], figures[BEST_BEYOND] = figures[YUAN], over
    top = max(search.best.top[0], search.routes.top[0])
    for slot in range(top):
        copy_route(search.best, search.routes, slot)
    copy_followers(search.best, search.routes)


@lean_kernel
def objective(search: PointSearch) -> float:
    """Return the yuan of the current plan with the penalties."""
    figures, penalties = search.figures, search.penalties
    missing = max(0.0, figures[MISSING] - search.limits[MAY_MISS])
    return float(figures[YUAN] + penalties[0] * missing + penalties[1] * figures[OVER])


@lean_kernel
def search_on(world: PointWorld, search: PointSearch, temperature: float, steps: int) -> None:
    """Propose and decide so many times."""
    for _ in range(steps):
        before = objective(search)
        most = -temperature * np.log(draw(search.source) + 1e-18)
        if world.depots > 1 and draw(search.source) < world.parameters.depot_share:
            move_route(world, search, draw_below(search.source, max(1, search.routes.top[0])))
        else:
            recreate(world, search, ruin(world, search))
        count_over(world, search)
        if objective(search) - before < most:
            accept(search)
            keep_if_better(search)
        else:
            decline(search)
        _look_at_penalties(world, search)


@lean_kernel
def _look_at_penalties(world: PointWorld, search: PointSearch) -> None:
    """Count plans that hold; from time to time raise a penalty that is too weak and lower one that is too strong."""
    looks, parameters, figures = search.looks, world.parameters, search.figures
    looks[0] += 1
    looks[1] += figures[MISSING] - search.limits[MAY_MISS] < _HOLDS
    looks[2] += figures[OVER] < _HOLDS
    if looks[0] < parameters.steps_a_look:
        return
    for k in range(2):
        holds = looks[1 + k] >= parameters.hold_share * looks[0]
        factor = 1.0 / parameters.penalty_step if holds else parameters.penalty_step
        low, high = search.penalty_range[2 * k], search.penalty_range[2 * k + 1]
        search.penalties[k] = min(max(search.penalties[k] * factor, low), high)
        looks[1 + k] = 0
    looks[0] = 0
