"""Plan the days of the week and their routes together."""

from __future__ import annotations

import time

import numpy as np

from planner.errors import Message
from planner.progress import Progress, silent
from planner.service.week.engine.anneal import load_best, search_on
from planner.service.week.engine.answer import enter_week, read_week
from planner.service.week.engine.arrays import BEST_OVER, FAR, WeekSearch, WeekWorld, new_week_search
from planner.service.week.engine.build import build_week_world
from planner.service.week.engine.parameters import WeekParameters
from planner.service.week.problem import WeekProblem
from planner.service.week.servable import servable_patterns
from planner.service.week.solution import Week

STEPS_AN_ITERATION = 100
_PENALTY = 10.0
_PENALTY_RANGE = (0.1, 1e5)
"""In mean costs of a visit, for a whole capacity or duty beyond the limit: to begin with, and the least and the most."""


_LAST_TRIES, _LAST_FACTOR = 4, 10.0
"""Calls at higher and higher penalties, where no week was found that holds."""


def plan_week(
    problem: WeekProblem,
    *,
    iterations: int | None = None,
    cpu_seconds: float | None = None,
    seed: int = 1,
    start: Week | None = None,
    parameters: WeekParameters | None = None,
    progress: Progress = silent,
) -> Week:
    """Return the cheapest week found; the same for the same iterations and seed, where no clock ends the search.

    Ruin and recreate (Christiaens & Vanden Berghe 2020) over patterns and routes of all days together, under simulated
    annealing, with what is beyond capacity and duty penalised by as much as keeps part of the weeks within. An iteration
    is a hundred steps, and where no week found holds, a few more follow at higher penalties. CPU seconds are those of this
    thread, compiling not counted. ``start`` is begun from as far as the problem allows it.

    Raises
    ------
    ValueError
        If neither ``iterations`` nor ``cpu_seconds`` says where to end.
    """
    if iterations is None and cpu_seconds is None:
        raise ValueError(Message("no limit: give iterations (repeatable) or cpu_seconds"))
    patterns, not_visited = servable_patterns(problem)
    world = build_week_world(problem, patterns, parameters)
    search = new_week_search(world, seed)
    if start is not None:
        enter_week(problem, world, search, start)
    steps = _anneal(world, search, iterations, cpu_seconds, start is not None, progress)
    return read_week(problem, world, search, not_visited, steps)


def _anneal(
    world: WeekWorld,
    search: WeekSearch,
    iterations: int | None,
    cpu_seconds: float | None,
    warm: bool,
    progress: Progress,
) -> int:
    """Begin and search until the limit, return the steps made."""
    parameters = world.parameters
    search.penalty_range[:] = search.penalties[:] = 1.0
    search_on(world, search, 0.0, 0)  # inserts all; and is compiled or loaded before the clock runs
    load_best(world, search)
    if not search.best_size.any():
        return 0
    leg, visit = _mean_costs(world, search)
    search.penalty_range[:] = [visit * one for one in _PENALTY_RANGE]
    search.penalties[:] = visit * _PENALTY
    most = None if iterations is None else iterations * STEPS_AN_ITERATION
    hot, steps, share, began_s = parameters.warm if warm else parameters.hot, 0, 0.0, time.thread_time()
    while share < 1.0:
        progress("week", int(100 * share), 100)
        call = parameters.steps_a_call if most is None else min(parameters.steps_a_call, most - steps)
        search_on(world, search, leg * hot * (parameters.cold / hot) ** share, call)
        steps += call
        share = 0.0 if most is None else steps / most
        if cpu_seconds is not None:
            share = max(share, (time.thread_time() - began_s) / cpu_seconds)
    for _ in range(_LAST_TRIES):
        if search.figures[BEST_OVER] == 0.0:
            break
        search.penalties[:] = np.minimum(search.penalties * _LAST_FACTOR, search.penalty_range[1])
        search_on(world, search, leg * parameters.cold, parameters.steps_a_call)
        steps += parameters.steps_a_call
    progress("week", 100, 100)
    return steps


def _mean_costs(world: WeekWorld, search: WeekSearch) -> tuple[float, float]:
    """Return what a leg of the first week costs on average, and a leg with its share of vehicles and service."""
    routes, total, legs = search.routes, 0.0, 0
    used = np.flatnonzero(routes.size)
    for route in used:
        mine = routes.leg_yuan[route, : routes.size[route] + 1]
        total += float(np.minimum(mine, FAR / 1e3).sum())
        legs += len(mine)
    leg = max(total / legs, 1e-3)
    return leg, max(leg, float(np.minimum(routes.yuan[used], FAR / 1e3).sum()) / legs)
