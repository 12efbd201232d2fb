"""What a vehicle carries after each step of a route: deliveries from the depot, collections to it, pairs in between."""

from __future__ import annotations

from collections.abc import Sequence

from planner.routing.problem import RoutingProblem
from planner.routing.stops import Depot, Stop

Amounts = tuple[float, ...]


def loads_of(problem: RoutingProblem, steps: Sequence[Stop | Depot]) -> tuple[Amounts, list[Amounts]]:
    """Return the load at the start and the load after each step, by dimension.

    Between two calls at a depot a vehicle carries from the first all that it delivers and to the second all that it
    collects; what a pair ships stays on board from its first stop to its second, whatever lies between.
    """
    paired = {id_ for pair in problem.pairs for id_ in (pair.pickup_id, pair.delivery_id)}
    dimensions = range(len(problem.dimensions))

    def taken_on(begin: int) -> list[float]:
        """Return what is delivered from step ``begin`` on, up to the next depot."""
        total = [0.0 for _ in dimensions]
        for step in steps[begin:]:
            if isinstance(step, Depot):
                break
            if step.id not in paired:
                total = [now + amount for now, amount in zip(total, step.delivery, strict=True)]
        return total

    load = taken_on(0)
    shipped = [0.0 for _ in dimensions]
    at_start = tuple(load)
    after = []
    for k, step in enumerate(steps):
        if isinstance(step, Depot):
            load = [ship + more for ship, more in zip(shipped, taken_on(k + 1), strict=True)]
        else:
            changes = [up - down for up, down in zip(step.pickup, step.delivery, strict=True)]
            load = [now + change for now, change in zip(load, changes, strict=True)]
            if step.id in paired:
                shipped = [now + change for now, change in zip(shipped, changes, strict=True)]
        after.append(tuple(load))
    return at_start, after
