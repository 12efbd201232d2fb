"""One annealing, as far as its share of a budget goes."""

from __future__ import annotations

import numpy as np

from planner.service.frontier.engine.anneal import begin, clear, keep_if_better, objective, search_on
from planner.service.frontier.engine.arrays import BEST_BEYOND, BEST_YUAN, PointRoutes, PointSearch, PointWorld
from planner.service.frontier.engine.clock import PointClock
from planner.service.frontier.engine.routes import accept, count_over, open_at

Plan = list[tuple[int, list[int]]]
"""Routes: a depot, and sites in their order."""


def plan_of_best(routes: PointRoutes) -> Plan:
    """Return the routes of a plan in order of their slots."""
    return [
        (int(routes.depot[slot]), [int(site) for site in routes.stop[slot, : routes.size[slot]]])
        for slot in np.flatnonzero(routes.size[: routes.top[0]])
    ]


def enter_plan(world: PointWorld, search: PointSearch, plan: Plan) -> None:
    """Begin from these routes alone."""
    clear(world, search)
    for slot, (depot, sites) in enumerate(plan):
        for at, site in enumerate(sites):
            open_at(world, search, site, slot, at, depot)
    count_over(world, search)
    accept(search)
    keep_if_better(search)


def mean_leg(world: PointWorld, plan: Plan) -> float:
    """Return what a leg of a plan costs on average, vehicles not counted; of an empty plan: the median of all legs."""
    if not plan:
        return max(float(np.median(world.leg_yuan)), 1e-3)
    total, legs = 0.0, 0
    for depot, sites in plan:
        nodes = np.array([depot, *(world.depots + site for site in sites), depot])
        total += float(np.minimum(world.leg_yuan[nodes[:-1], nodes[1:]], 1e9).sum())
        legs += len(nodes) - 1
    return max(total / max(legs, 1), 1e-3)


def anneal(
    world: PointWorld,
    search: PointSearch,
    clock: PointClock,
    until: float,
    *,
    leg: float,
    hot: float,
    most: int | None = None,
) -> None:
    """Search from the current plan until a share of the budget is spent, or so many steps are made."""
    parameters, began, done = world.parameters, clock.spent(), 0
    progress = 0.0
    while progress < 1.0:
        wanted = parameters.steps_a_call if most is None else min(parameters.steps_a_call, most - done)
        taken = clock.take(wanted)
        search_on(world, search, leg * hot * (parameters.cold / hot) ** progress, taken)
        done += taken
        progress = (clock.spent() - began) / max(until - began, 1e-9)
        if most is not None:
            progress = max(progress, done / most)


def compile_all(world: PointWorld, search: PointSearch) -> None:
    """Have everything compiled or loaded, so that no clock counts it."""
    clear(world, search)
    begin(world, search)
    search_on(world, search, 0.0, 3)
    objective(search)
    enter_plan(world, search, plan_of_best(search.best))
    clear(world, search)


def best_of(search: PointSearch) -> tuple[float, float]:
    """Return what is beyond the limits in the best plan, and its yuan."""
    return float(search.figures[BEST_BEYOND]), float(search.figures[BEST_YUAN])
