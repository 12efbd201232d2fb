"""A place in a route is judged from what is noted of the route, and by driving it again where that is not exact.

What is noted (`judge`) takes a few additions, and is exact where a vehicle takes no breaks and no rests and the roads are
as fast all day, and rules out most places otherwise; for the others the whole route is driven by a compiled simulation
with the semantics of `planner.routing.timing`, in whole milliseconds. It knows every feature: pairs are removed and
inserted together, and stops with an order to keep are removed together; reloads come beside a stop that is too much for
the load and are then moved or dropped; breaks lie on the legs for which the route ends first, and in the end where they
cost least; locked stops are never moved; balance is part of the cost of a route.
"""

from __future__ import annotations

from collections.abc import Sequence

from planner.routing.engines.crews import crews_of, with_partners
from planner.routing.engines.sisr.simulated.build import build_world
from planner.routing.engines.sisr.simulated.chain import RichChain
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
) -> list[RichChain]:
    """Return a search for each seed, ready to run, as `planner.routing.engines.sisr.chains_of`."""
    crews = crews_of(problem, stops)
    stops = with_partners(problem, stops)
    world = build_world(problem, stops, crews)
    return [
        RichChain(problem, world, crews, stops, iterations=iterations, cpu_seconds=cpu_seconds, seed=seed, start=start)
        for seed in seeds
    ]
