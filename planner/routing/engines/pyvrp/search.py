"""The search: first with all stops required; if no solution is found for long, then with a price on each stop left out."""

from __future__ import annotations

import time
import warnings
from collections.abc import Sequence
from typing import Any

import pyvrp

from planner.routing.engines.pyvrp.model import Model
from planner.routing.engines.pyvrp.world import World
from planner.routing.problem import RoutingProblem, Stop
from planner.routing.timing import Round

_REQUIRED_SHARE = 0.5
"""So much of the budget goes into finding any solution that serves every stop."""
_USUAL_PENALTY = 100_000.0
_MOST_PENALTY = 1e17
"""A penalty times the longest excess must fit into 64 bits."""


_SEEDS = 2**32
"""What PyVRP takes as a seed is below this."""


class _Limit:
    """PyVRP asks this after each iteration; the first question starts the clock."""

    def __init__(self, iterations: int | None, cpu_seconds: float | None) -> None:
        self.iterations, self.cpu_seconds = iterations, cpu_seconds
        self.taken, self.began = 0, -1.0
        self.first = False
        """Whether the search ends unless it has found a solution in its first part."""

    def spent(self) -> float:
        share = 0.0 if self.iterations is None else self.taken / self.iterations
        if self.cpu_seconds is not None:
            now = time.thread_time()
            self.began = now if self.began < 0 else self.began
            share = max(share, (now - self.began) / self.cpu_seconds)
        return share

    def __call__(self, best_cost: float) -> bool:
        spent = self.spent()
        over = spent >= 1 or (self.first and spent >= _REQUIRED_SHARE and best_cost >= _NONE)
        self.taken += not over
        return over


_NONE = float(2**62)
"""PyVRP's cost of a solution that is none is beyond this."""


def search(
    problem: RoutingProblem,
    stops: Sequence[Stop],
    iterations: int | None,
    cpu_seconds: float | None,
    seed: int,
    start: Sequence[Round],
) -> list[Round]:
    """Return the rounds of the best solution found; none where none was found at all."""
    world = World(problem, stops)
    if not world.visits and not world.pairs:
        return []
    limit = _Limit(iterations, cpu_seconds)
    for required in (True, False):
        limit.first = required
        model = Model(world, required=required)
        best = _solve(model, limit, seed, start)
        if best.is_feasible():
            return model.rounds(best)
    return []


def _solve(model: Model, limit: _Limit, seed: int, start: Sequence[Round]) -> Any:
    world = model.world
    dearest = max(int(table.max(initial=0)) for table in world.costs)
    prizes = [0] if model.required else list(world.leaving_out.values())
    highest = max(_USUAL_PENALTY, dearest, 2.0 * max(prizes))
    penalty = pyvrp.PenaltyParams(max_penalty=min(highest, max(_USUAL_PENALTY, _MOST_PENALTY / (1 + world.horizon))))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # says that a penalty is at its limit; what is no solution is seen by its cost
        result = pyvrp.solve(
            model.data,
            limit,
            seed=seed % _SEEDS,
            collect_stats=False,
            display=False,
            initial_solution=model.solution(start) if start else None,
            params=pyvrp.SolveParams(penalty=penalty),
        )
    return result.best
