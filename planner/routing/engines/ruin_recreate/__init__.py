"""Ruin and recreate: the engine that carries the quality (SISR: Christiaens & Vanden Berghe 2020), compiled by numba.

Strings of neighbouring stops are taken off and put back where they cost least, under simulated annealing. Its objective is
the exact cost that `planner.routing.check` works out. What a place in a round costs is found in constant time, which holds
for simultaneous pickup and delivery in any number of dimensions, one or several time windows, service, setup, skills,
named vehicles, optional stops and priorities, several depots, open ends, kinds of vehicles with their own travel times,
costs, counts, capacities, limits, and shifts with floating start and longest duty, and fleets too small for all stops.
What does not fit that (see `planner.routing.features`) goes to `planner.routing.engines.rich_rounds`, which drives every
round again for every place that it tries.
"""

from __future__ import annotations

from collections.abc import Sequence

from planner.routing.engines.crews import crews_of
from planner.routing.engines.portfolio import Chain
from planner.routing.engines.ruin_recreate.build import build_world
from planner.routing.engines.ruin_recreate.chain import FastChain
from planner.routing.features import judged_in_constant_time
from planner.routing.problem import RoutingProblem, Stop
from planner.routing.timing import Round


def chains_of(
    problem: RoutingProblem,
    stops: Sequence[Stop],
    *,
    iterations: int | None,
    cpu_seconds: float | None,
    seeds: Sequence[int],
    start: Sequence[Round] = (),
) -> Sequence[Chain]:
    """Return a search for each seed, ready to run.

    One iteration is a hundred ruins. With ``iterations`` alone the same seed gives the same rounds on every run; a search
    ends at whichever limit comes first, and cools down towards it. What it answers is never worse than ``start``, rounds of
    named vehicles and of stops with the one window they are served in.
    """
    if not judged_in_constant_time(problem):
        from planner.routing.engines import rich_rounds  # more compiled code, which plain problems need not load

        return rich_rounds.chains_of(
            problem, stops, iterations=iterations, cpu_seconds=cpu_seconds, seeds=seeds, start=start
        )
    crews = crews_of(problem, stops)
    world = build_world(problem, stops, crews)
    return [
        FastChain(world, crews, stops, iterations=iterations, cpu_seconds=cpu_seconds, seed=seed, start=start)
        for seed in seeds
    ]
