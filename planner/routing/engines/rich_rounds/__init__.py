"""Rich rounds: ruin and recreate for problems in which a place in a round cannot be judged without driving it again.

The search is that of `planner.routing.engines.ruin_recreate`: strings of neighbouring stops are taken off and put back where
they cost least, under simulated annealing (SISR: Christiaens & Vanden Berghe 2020). A place is judged in a few additions
from what is noted of the round (`judge`): that is exact where a vehicle takes no breaks and no rests and the roads are as
fast all day, and rules out most places otherwise; for the others the whole round is driven by a compiled simulation with the
semantics of `planner.routing.timing`, in whole milliseconds. It knows every feature: pairs are removed and inserted
together, and stops with an order to keep are removed together; reloads come beside a stop that is too much for the load and
are then moved or dropped; breaks lie on the legs for which the round ends first, and in the end where they cost least;
locked stops are never moved; balance is part of the cost of a round.
"""

from __future__ import annotations

from collections.abc import Sequence

from planner.routing.engines.crews import crews_of, with_partners
from planner.routing.engines.rich_rounds.build import build_world
from planner.routing.engines.rich_rounds.chain import RichChain
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
) -> list[RichChain]:
    """Return a search for each seed, ready to run; what it answers is never worse than ``start``.

    Limits and ``start`` are as in `planner.routing.engines.ruin_recreate`.

    Raises
    ------
    BadDataError
        If locked stops cannot be driven as they are locked.
    """
    crews = crews_of(problem, stops)
    stops = with_partners(problem, stops)
    world = build_world(problem, stops, crews)
    return [
        RichChain(problem, world, crews, stops, iterations=iterations, cpu_seconds=cpu_seconds, seed=seed, start=start)
        for seed in seeds
    ]
