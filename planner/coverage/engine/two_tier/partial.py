"""Least cost, or fewest points, so that the covered weight reaches a target, with a proven bound (Daskin & Owen 1999).

Prices of `two_tier.dual` bound the weight within every limit ``B`` at once, by a function that rises with ``B``: below the
least ``B`` where it reaches the target no choice does. The search anneals within limits between that and the best cost.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from scipy.sparse import csr_array

from planner.coverage.engine.effort import Effort
from planner.coverage.engine.status import FREE, OPEN
from planner.coverage.engine.two_tier.bound import rows_and_worths
from planner.coverage.engine.two_tier.choice import Choice, leave
from planner.coverage.engine.two_tier.dual import Prices, Tiers
from planner.coverage.engine.two_tier.moves import begin_choice, top_up
from planner.coverage.engine.two_tier.search import TierSearch, TierSites, Usable
from planner.units import BoolArray, FloatArray, IntArray

_TURNS = 3
_QUIET = 3
_NONE = np.zeros(0, dtype=np.int64)


@dataclass(frozen=True, slots=True, kw_only=True)
class PartialFound:
    """Open points, their cost, the cost proven necessary, and the covered weight.

    Without ``feasible``, ``opened`` misses the target or a row that must be covered; ``impossible`` says every choice does.
    """

    opened: BoolArray
    value: float
    bound: float
    covered: float
    feasible: bool
    impossible: bool = False

    @property
    def proven(self) -> bool:
        """Whether bound and value meet."""
        return self.feasible and self.bound >= self.value - 1e-9 * max(1.0, abs(self.value))


def solve_partial(
    covers: csr_array,
    weights: FloatArray,
    need: IntArray,
    must: BoolArray,
    points: TierSites,
    target: float,
    effort: Effort,
    *,
    gap: float = 0.0,
) -> PartialFound:
    """Return the cheapest points that cover at least ``target`` of the weight; arguments as for `solve_tiers`.

    ``feasible`` also says that the limit of ``points`` holds. The search ends once bound and value are within ``gap`` (a
    fraction).
    """
    endless = replace(points, limit=np.inf)
    tiers, given, lost = Usable(covers, None, endless, None, None).tiers(weights, need, must)
    search = _Partial(tiers, target - given, effort, gap)
    feasible = search.run()
    return PartialFound(
        opened=search.best.opened,
        value=search.cost_of(search.best),
        bound=search.lower_bound,
        covered=search.weight_of(search.best) + given,
        feasible=feasible and not lost and search.cost_of(search.best) <= points.limit + 1e-9,
        impossible=lost or search.lower_bound > points.limit + 1e-9 or not np.isfinite(search.lower_bound),
    )


class _Partial:
    """One run: the cheapest choice that reaches the target and the proven least cost close in on each other."""

    def __init__(self, tiers: Tiers, target: float, effort: Effort, gap: float) -> None:
        self.tiers, self.target, self.effort, self.gap = tiers, target, effort, gap
        self.whole_costs = bool(np.array_equal(tiers.point_cost, np.rint(tiers.point_cost)))
        self.best = self._greedy()
        self.lower_bound = float(tiers.point_cost[tiers.point_status == OPEN].sum())

    def weight_of(self, choice: Choice) -> float:
        return float(self.tiers.weight[choice.hits >= self.tiers.need].sum())

    def reaches(self, choice: Choice) -> bool:
        missed = self.tiers.must & (choice.hits < self.tiers.need)
        return not missed.any() and self.weight_of(choice) >= self.target - 1e-9 * max(1.0, abs(self.target))

    def cost_of(self, choice: Choice) -> float:
        return float(self.tiers.point_cost[choice.opened].sum())

    def run(self) -> bool:
        """Return whether a choice reaches the target."""
        if not self.reaches(self.best):
            self.lower_bound = np.inf  # with every point open the target is out of reach
            return False
        if not len(self.tiers.need):
            return True
        search = self._search(self.cost_of(self.best))
        for _ in range(_TURNS):
            self._settle(search)
            search = self._search(max(self.lower_bound, 1e-9), search)
        failed, quiet, turn = self.lower_bound, 0, 0
        while not self.close() and not search.effort.late and quiet < _QUIET and turn < self.effort.rounds:
            top = self.cost_of(self.best)
            limit = max(failed, min(failed + 0.5 * (top - failed), top - self._step()))
            search = self._search(limit, search)
            search.anneal(60 if turn < 2 else 240)
            turn += 1
            if self._take(search.choice):
                quiet = 0
            else:
                failed, quiet = limit, quiet + (top - limit <= 1.5 * self._step())
            self._settle(search)
        return True

    def close(self) -> bool:
        return self.cost_of(self.best) - self.lower_bound <= max(self.gap * self.cost_of(self.best), 1e-9)

    def _step(self) -> float:
        """Return by how much the next answer has to be cheaper."""
        return 1.0 if self.whole_costs else 1e-4 * self.cost_of(self.best)

    def _search(self, limit: float, before: TierSearch | None = None) -> TierSearch:
        tiers = self.tiers._replace(point_limit=limit)
        search = TierSearch(tiers, self.effort, self.gap)
        if before is not None:
            search.go_on(before)
        order = np.argsort(-self.best.score * self.best.opened, kind="stable")[: int(self.best.opened.sum())]
        search.restart(order)
        return search

    def _settle(self, search: TierSearch) -> None:
        search.settle(apart=bool((self.tiers.need > 1).any()), factor=0.5)
        self.lower_bound = max(self.lower_bound, min(self._lower_bound_of(search.prices), self.cost_of(self.best)))

    def _lower_bound_of(self, prices: Prices) -> float:
        """Return the least limit within which these prices let the weight reach the target; whole if all costs are."""
        tiers = self.tiers
        base, worth = rows_and_worths(tiers, prices)
        fixed = tiers.point_status == OPEN
        items = np.flatnonzero((tiers.point_status == FREE) & (worth > 0))
        gratis = tiers.point_cost[items] <= 0
        short = self.target - (base + float(worth[fixed].sum()) + float(worth[items[gratis]].sum()))
        short -= 1e-9 * max(1.0, abs(self.target), abs(base))
        least = float(tiers.point_cost[fixed].sum())
        if short <= 0:
            return least
        items = items[~gratis]
        items = items[np.argsort(-worth[items] / tiers.point_cost[items], kind="stable")]
        reached = np.cumsum(worth[items])
        k = int(np.searchsorted(reached, short))
        if k == len(items):
            return np.inf
        before = reached[k] - worth[items[k]]
        least += float(tiers.point_cost[items[:k]].sum())
        least += float(tiers.point_cost[items[k]] * (short - before) / worth[items[k]])
        return float(np.ceil(least - 1e-6)) if self.whole_costs else least

    def _greedy(self) -> Choice:
        heavy = self.tiers.weight + np.where(self.tiers.must, self.tiers.weight.sum() + 1.0, 0.0)
        choice, _ = begin_choice(self.tiers, heavy, _NONE, _NONE)
        top_up(self.tiers, choice, len(self.tiers.point_cost))
        if not self.reaches(choice):
            choice, _ = begin_choice(self.tiers, heavy, np.flatnonzero(self.tiers.point_status == FREE), _NONE)
        self._prune(choice)
        return choice

    def _take(self, choice: Choice) -> bool:
        """Keep the choice if, less what it can spare, it reaches the target at less cost; return whether it does."""
        if not self.reaches(choice):
            return False
        self._prune(choice)
        if self.cost_of(choice) >= self.cost_of(self.best) - 1e-9:
            return False
        self.best = choice
        return True

    def _prune(self, choice: Choice) -> None:
        """Close the points that lose least for their cost as long as the target holds."""
        spare = self.weight_of(choice) - self.target
        while True:
            may = np.flatnonzero(choice.opened & (self.tiers.point_status == FREE) & (choice.score <= spare))
            if not len(may):
                return
            j = may[np.argmin(choice.score[may] / np.maximum(self.tiers.point_cost[may], 1e-9))]
            spare -= choice.score[j]
            leave(self.tiers, choice, int(j))
