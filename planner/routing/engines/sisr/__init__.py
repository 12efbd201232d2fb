"""Ruin and recreate: the engine that carries the quality (SISR: Christiaens & Vanden Berghe 2020), compiled by numba.

Strings of neighbouring stops are taken off and put back where they cost least, under simulated annealing. Its objective is
the exact cost that `planner.routing.check` works out. There are two ways to judge a place in a route: in constant time
(`constant_time`), and where the problem does not allow that, from what is noted of the route and by driving it again
(`simulated`), which knows every feature.
"""

from __future__ import annotations

from collections.abc import Sequence

from planner.routing.engines.portfolio import Chain
from planner.routing.features import judged_in_constant_time
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
    """Return a search for each seed, ready to run.

    One iteration is a hundred ruins. With ``iterations`` alone the same seed gives the same routes on every run; a search
    ends at whichever limit comes first, and cools down towards it. What it answers is never worse than ``start``, routes of
    named vehicles and of stops with the one window they are served in.

    Raises
    ------
    BadDataError
        If locked stops cannot be driven as they are locked.
    """
    # each judge is compiled code that the other need not load
    if judged_in_constant_time(problem):
        from planner.routing.engines.sisr import constant_time as judge
    else:
        from planner.routing.engines.sisr import simulated as judge  # type: ignore[no-redef]
    return judge.chains_of(problem, stops, iterations=iterations, cpu_seconds=cpu_seconds, seeds=seeds, start=start)
