"""A place in a route is judged in constant time, from what is kept of every partial route.

That holds for simultaneous pickup and delivery in any number of dimensions, one or several time windows, service, setup,
skills, named vehicles, optional stops and priorities, several depots, open ends, kinds of vehicles with their own travel
times, costs, counts, capacities, limits, and shifts with floating start and longest duty, and fleets too small for all stops
(see `planner.routing.features.judged_in_constant_time`).
"""

from __future__ import annotations

from collections.abc import Sequence

from planner.routing.engines.crews import crews_of
from planner.routing.engines.portfolio import Chain
from planner.routing.engines.sisr.constant_time.build import build_world
from planner.routing.engines.sisr.constant_time.chain import FastChain
from planner.routing.problem import RoutingProblem, Stop
from planner.routing.timing import VehicleSteps


def chains_of(
    problem: RoutingProblem,
    stops: Sequence[Stop],
    *,
    iterations: int | None,
    cpu_seconds: float | None,
    seeds: Sequence[int],
    start: Sequence[VehicleSteps] = (),
) -> Sequence[Chain]:
    """Return a search for each seed, ready to run, as `planner.routing.engines.sisr.chains_of`."""
    crews = crews_of(problem, stops)
    world = build_world(problem, stops, crews)
    return [
        FastChain(world, crews, stops, iterations=iterations, cpu_seconds=cpu_seconds, seed=seed, start=start)
        for seed in seeds
    ]
