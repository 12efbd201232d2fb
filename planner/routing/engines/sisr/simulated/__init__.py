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
from dataclasses import replace

from planner.routing.engines.crews import crews_of, with_partners
from planner.routing.engines.portfolio import Chain
from planner.routing.engines.sisr.parameters import SIMULATED, Parameters
from planner.routing.engines.sisr.simulated.build import build_world
from planner.routing.engines.sisr.simulated.chain import SimulatedChain
from planner.routing.engines.task import SearchTask


def chains_of(task: SearchTask, seeds: Sequence[int], parameters: Parameters | None) -> Sequence[Chain]:
    """Return a search for each seed, ready to run, as `planner.routing.engines.sisr.chains_of`."""
    crews = crews_of(task.problem, task.stops)
    task = replace(task, stops=with_partners(task.problem, task.stops))
    world = build_world(task.problem, task.stops, crews, parameters or SIMULATED)
    return [SimulatedChain(replace(task, seed=seed), world, crews) for seed in seeds]
