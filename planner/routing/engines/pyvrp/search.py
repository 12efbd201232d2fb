"""The search: first with all stops required; if no solution is found for long, then with a price on each stop left out."""

from __future__ import annotations

import math
import warnings
from collections.abc import Sequence
from typing import Any

import pyvrp
from pyvrp.exceptions import PenaltyBoundWarning
from pyvrp.search import OPERATORS, LocalSearch, PerturbationManager, compute_neighbours

from planner.routing.engines.portfolio import Chain
from planner.routing.engines.pyvrp.model import Model
from planner.routing.engines.pyvrp.scaled import ScaledProblem
from planner.routing.engines.sisr.budget import STEPS_AN_ITERATION, Budget
from planner.routing.problem import RoutingProblem, Stop
from planner.routing.timing import VehicleSteps

warnings.filterwarnings("ignore", category=PenaltyBoundWarning)  # what is no solution is seen by its cost

_REQUIRED_SHARE = 0.5
"""So much of the budget goes into finding any solution that serves every stop."""
_USUAL_PENALTY = 100_000.0
_MOST_PENALTY = 1e17
"""A penalty times the longest excess must fit into 64 bits."""
_SEEDS = 2**32
"""What PyVRP takes as a seed is below this."""
_NONE = 2.0**62
"""PyVRP's cost of a solution that is none is beyond this."""


class _Last(pyvrp.IteratedLocalSearchCallbacks):  # type: ignore[misc]
    """Notes the solution that PyVRP is at, from which to go on if none that holds was found."""

    def __init__(self, at: Any) -> None:
        self.at = at

    def on_iteration(self, current: Any, candidate: Any, best: Any, cost_evaluator: Any) -> None:
        self.at = current


class PyvrpChain:
    """A search that can be stopped at a share of its budget; it goes on from its best then, as PyVRP restarts."""

    engine = "pyvrp"

    def __init__(
        self,
        problem: RoutingProblem,
        stops: Sequence[Stop],
        *,
        iterations: int | None,
        cpu_seconds: float | None,
        seed: int,
        start: Sequence[VehicleSteps] = (),
    ) -> None:
        self.seed = seed
        self._world = ScaledProblem(problem, stops)
        self._budget = Budget(iterations, cpu_seconds)
        self._budget.pause()
        self._start = start
        self._empty = not self._world.visits and not self._world.pairs
        if not self._empty:
            self._begin(required=True)

    def _begin(self, *, required: bool) -> None:
        """Build what PyVRP's own `solve` builds, with penalties that fit the costs here."""
        self._model = Model(self._world, required=required)
        data = self._model.data
        rng = pyvrp.RandomNumberGenerator(seed=self.seed % _SEEDS)
        self._moves = LocalSearch(data, rng, compute_neighbours(data), PerturbationManager())
        for operator in OPERATORS:
            if operator.supports(data):
                self._moves.add_operator(operator(data))
        params = self._penalties()
        self._prices = pyvrp.PenaltyManager(params.midpoint_penalties(data), params)
        if self._start:
            self._at = self._model.solution(self._start)
        else:
            random = pyvrp.Solution.make_random(data, rng)
            self._at = self._moves(random, self._prices.max_cost_evaluator(), exhaustive=True)

    def _penalties(self) -> pyvrp.PenaltyParams:
        scaled = self._world
        dearest = max(int(table.max(initial=0)) for table in scaled.costs)
        prizes = [0] if self._model.required else list(scaled.leaving_out.values())
        highest = max(_USUAL_PENALTY, dearest, 2.0 * max(prizes))
        return pyvrp.PenaltyParams(max_penalty=min(highest, max(_USUAL_PENALTY, _MOST_PENALTY / (1 + scaled.horizon))))

    def run_to(self, share: float) -> None:
        """Search until this share of the budget is spent."""
        if self._empty:
            return
        self._budget.resume()
        self._search_to(share)
        if self._gives_up():
            self._begin(required=False)
            self._search_to(share)
        self._budget.pause()

    def _search_to(self, share: float) -> None:
        budget, last, required = self._budget, _Last(self._at), self._model.required

        def over(best_cost: float) -> bool:
            spent = budget.spent()
            ends = spent >= share or (required and spent >= _REQUIRED_SHARE and best_cost >= _NONE)
            if not ends:
                budget.take(STEPS_AN_ITERATION)
            return ends

        params = pyvrp.IteratedLocalSearchParams(callbacks=last)
        search = pyvrp.IteratedLocalSearch(self._model.data, self._prices, self._moves, self._at, params)
        best = search.run(over, collect_stats=False).best
        self._at = best if best.is_feasible() else last.at

    def _gives_up(self) -> bool:
        """Say whether it is time to put prices on stops left out, as none that serves all was found."""
        late = self._budget.spent() >= _REQUIRED_SHARE
        return self._model.required and late and not self._at.is_feasible()

    def cost(self) -> float:
        """Return what the best routes cost the search in yuan, with the price of stops left out; inf if there are none.

        That price is not taken from PyVRP, which counts it for each window of a stop that it does not use.
        """
        if self._empty or not self._at.is_feasible():
            return math.inf
        at, scaled = self._at, self._world
        driving = at.distance_cost() + at.duration_cost() + at.fixed_vehicle_cost()
        served = {step.id for one in self.routes() for step in one.steps}
        left = sum(price for id_, price in scaled.leaving_out.items() if id_ not in served)
        return float(driving + left) / scaled.scales.of_a_yuan

    def adopt(self, other: Chain) -> None:
        """Go on from the best routes of another search of the same problem, unless rounding up makes them too long here."""
        if self._empty:
            return
        routes = other.routes()
        at = self._model.solution(routes)
        if at.is_feasible() or not self._at.is_feasible():
            self._start, self._at = routes, at

    def routes(self) -> list[VehicleSteps]:
        """Return the best routes, none where none were found at all."""
        return self._model.routes(self._at) if not self._empty and self._at.is_feasible() else []
