"""Ruin and recreate: the engine that carries the quality (SISR: Christiaens & Vanden Berghe 2020), compiled by numba.

Strings of neighbouring stops are taken off and put back where they cost least, under simulated annealing. Its objective is
the exact cost that `planner.routing.check` works out. There are two ways to judge a place in a route: in constant time
(`constant_time`), and where the problem does not allow that, from what is noted of the route and by driving it again
(`simulated`), which knows every feature.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from planner.routing.engines.portfolio import Chain
from planner.routing.engines.task import SearchTask
from planner.routing.features import judged_in_constant_time

if TYPE_CHECKING:  # what needs numba is imported where it runs
    from planner.routing.engines.sisr.parameters import Parameters


def chains_of(task: SearchTask, seeds: Sequence[int], parameters: Parameters | None = None) -> Sequence[Chain]:
    """Return a search for each seed, ready to run.

    One iteration is a hundred ruins. With ``iterations`` alone the same seed gives the same routes on every run; a search
    cools down towards whichever limit comes first. Without ``parameters`` it is tuned as its judge's are in `parameters`.

    Raises
    ------
    BadDataError
        If locked stops cannot be driven as they are locked.
    """
    # each judge is compiled code that the other need not load
    if judged_in_constant_time(task.problem):
        from planner.routing.engines.sisr import constant_time as judge
    else:
        from planner.routing.engines.sisr import simulated as judge  # type: ignore[no-redef]
    return judge.chains_of(task, seeds, parameters)
