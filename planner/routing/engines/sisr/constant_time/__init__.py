"""A place in a route is judged in constant time, from what is kept of every partial route.

That holds for simultaneous pickup and delivery in any number of dimensions, one or several time windows, service, setup,
skills, named vehicles, optional stops and priorities, several depots, open ends, kinds of vehicles with their own travel
times, costs, counts, capacities, limits, and shifts with floating start and longest duty, and fleets too small for all stops
(see `planner.routing.features.judged_in_constant_time`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from planner.routing.engines.crews import crews_of
from planner.routing.engines.portfolio import Chain
from planner.routing.engines.sisr.constant_time.build import build_world
from planner.routing.engines.sisr.constant_time.chain import ConstantTimeChain
from planner.routing.engines.sisr.parameters import CONSTANT_TIME, Parameters
from planner.routing.engines.task import SearchTask


def chains_of(task: SearchTask, seeds: Sequence[int], parameters: Parameters | None) -> Sequence[Chain]:
    """Return a search for each seed, ready to run, as `planner.routing.engines.sisr.chains_of`."""
    crews = crews_of(task.problem, task.stops)
    world = build_world(task.problem, task.stops, crews, parameters or CONSTANT_TIME)
    return [ConstantTimeChain(replace(task, seed=seed), world, crews) for seed in seeds]
