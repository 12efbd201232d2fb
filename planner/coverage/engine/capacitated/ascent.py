"""The dual of a search for sites with loads: its ascent, capacity cuts, the proven bound, and what it leaves possible."""

from __future__ import annotations

from copy import deepcopy

import numpy as np

from planner.coverage.engine.capacitated.bound import bound_of, possible_pairs, site_costs, whole_site_costs
from planner.coverage.engine.capacitated.cuts import Cut, lacking, priced
from planner.coverage.engine.capacitated.dual import Climb, choose, climb
from planner.coverage.engine.capacitated.linear import Relaxed, relax
from planner.coverage.engine.capacitated.loads import Loads
from planner.coverage.engine.effort import Effort
from planner.coverage.engine.pace import LEAST_FACTOR, new_pace
from planner.coverage.engine.served import Served
from planner.coverage.engine.status import CLOSED, FREE, OPEN
from planner.units import BoolArray, FloatArray

_MEMORY, _PATIENCE = 0.9, 40.0
# gap from which cuts are worth their time; rounds of them; steps of the ascent in each
_CUT_GAP, _CUT_ROUNDS, _CUT_STEPS = 1e-3, 3, 400
# sites of the linear programme for each open one; by what share pairs in it may be dearer than the multiplier of the row
_POOL, _REACH = 2.5, 0.15


class Dual:
    """Multipliers and cuts, with the proven ``bound`` and the best ``value`` known; ``guess`` stands in for that.

    ``loads.status`` is shared with the search: sites that no better answer can open are closed in it.
    """

    def __init__(self, served: Served, loads: Loads, limits: tuple[int, float], effort: Effort, beyond: float) -> None:
        self.served, self.loads, self.limits, self.effort, self.beyond = served, loads, limits, effort, beyond
        rows, sites = len(loads.load), len(loads.status)
        self.value = np.inf
        self.bound = self.level = -np.inf
        self.guess = float(served.forgone.sum())
        self.whole = -1
        costs = (served.row_costs, served.forgone, loads.fixed)
        self.step = 1 - 1e-6 if all(np.array_equal(c, np.rint(c)) for c in costs) else 0.0
        self.scale = _scale(served, loads)
        self.cuts: list[Cut] = []
        self.priced = priced(served, loads, self.cuts)
        some = np.diff(served.row_starts) > 0
        self.climb = Climb(
            u=np.where(some, np.minimum(0.2 * self.scale, served.cap), served.cap),
            price=np.zeros(sites),
            reduced=np.zeros(sites),
            direction=np.zeros(rows),
            often=np.zeros(sites),
            floor=-4.0 * self.scale if loads.least.any() else np.zeros(rows),
            cap=served.cap,
            scale=self.scale,
            budget=float(limits[1]),
            multiplier=np.zeros(1),
            pace=new_pace(memory=_MEMORY, patience=_PATIENCE),
        )
        # the bound without multipliers where a row has pairs; for covering it is often the best
        u = np.where(some, np.minimum(served.cap, 0.0), served.cap)
        self.raise_bound(bound_of(served, loads, limits, u, site_costs(served, loads, u, np.zeros(sites)), 0.0))

    @property
    def enough(self) -> float:
        """The bound at which nothing better than the best can exist."""
        if not np.isfinite(self.value):
            return self.beyond
        return self.value - max(self.step, 1e-9 * max(1.0, abs(self.value)))

    @property
    def closed(self) -> bool:
        """Whether nothing better than the best can exist."""
        return self.bound >= self.enough

    @property
    def multiplier(self) -> float:
        """What a unit of the budget is worth."""
        return float(self.climb.multiplier[0])

    @property
    def room(self) -> int:
        """How many free sites may open."""
        return max(0, self.limits[0] - int(np.count_nonzero(self.loads.status == OPEN)))

    def raise_bound(self, bound: float) -> None:
        """Keep a bound if it is the best; where all costs are integers it is rounded up."""
        if self.step and np.isfinite(bound):
            bound = float(np.ceil(bound - 1e-6))
        self.bound = max(self.bound, bound)

    def ascend(self, iterations: int) -> None:
        """Raise the bound in chunks, until the steps are small or time is up; the proof is recomputed in plain code."""
        pace, rest = self.climb.pace, self.priced.rest
        pace.factor = max(pace.factor, 0.1)
        for _ in range(max(1, iterations // 50)):
            upper = self.value if np.isfinite(self.value) else self.guess
            upper = max(upper, self.bound + 1e-3 * max(1.0, abs(self.bound)))
            pace.goal, pace.enough = upper - rest, self.enough - rest
            climb(self.priced.served, self.priced.loads, self.limits[0], self.climb, 50, self.whole)
            if pace.factor < LEAST_FACTOR or self.effort.late:
                break
            self._prove()
            if self.closed:
                return
        self._prove()
        self._close_sites()

    def _prove(self) -> None:
        """Reckon the bound of these multipliers."""
        cut, u = self.priced, self.climb.u
        site = self._linear()
        if self.whole >= 0:
            site = np.maximum(site, whole_site_costs(cut.served, cut.loads, u))
        level = bound_of(cut.served, cut.loads, self.limits, u, site, self.multiplier)
        self.level = level + cut.rest - 1e-12 * cut.allowance
        self.raise_bound(self.level)

    def _linear(self) -> FloatArray:
        return site_costs(self.priced.served, self.priced.loads, self.climb.u, self.climb.price)

    def _marginal(self) -> tuple[FloatArray, FloatArray, float]:
        """Return reduced costs with the budget priced, the shares chosen by them, and the last cost chosen."""
        cost = self.climb.reduced + self.multiplier * self.loads.price
        share = np.empty(len(cost))
        last = choose(self.priced.loads, cost, self.room, np.inf, share)[2]
        return cost, share, min(last, 0.0)

    def _close_sites(self) -> None:
        """Close the free sites that no better answer can open."""
        if not np.isfinite(self.value):
            return
        cost, share, last = self._marginal()
        hopeless = (self.loads.status == FREE) & (share == 0) & (cost - last > self.enough - self.level)
        self.loads.status[hopeless] = CLOSED

    def site_charge(self) -> float:
        """Return what a place among the ``count`` open sites is worth."""
        share = np.empty(len(self.loads.status))
        last = choose(self.priced.loads, self.climb.reduced, self.room, np.inf, share)[2]
        return max(0.0, -last) if np.isfinite(last) else 0.0

    def possible(self) -> BoolArray:
        """Return which pairs an answer better than the best can use."""
        gap = self.enough - self.level if np.isfinite(self.value) else np.inf
        cut = self.priced
        kept = np.zeros(len(cut.order), dtype=np.bool_)
        kept[cut.order] = possible_pairs(cut.served, cut.loads, self.room, self.climb, (gap, self._linear()))
        return kept

    def cut(self, opened: BoolArray) -> None:
        """Price rounds of capacity cuts where the gap is wide; keep the multipliers of the best round.

        Cuts are found and priced in the linear relaxation over ``opened`` and the sites that the dual prefers; the
        ascent over all sites shows which others the prices make attractive, and these join.
        """
        wide = np.isfinite(self.value) and self.value - self.bound > _CUT_GAP * abs(self.value)
        limited = np.isfinite(self.loads.capacity[self.loads.status != CLOSED]).any()
        if not wide or not limited:
            return
        best = self._state()
        size = max(60, int(_POOL * np.count_nonzero(opened)))
        pool, wanted = opened | (self.loads.status == OPEN), self.cuts
        for _ in range(_CUT_ROUNDS + 1):
            # none ever leaves the pool: sites that did came back, and the cuts were priced against too few
            pool |= self._cheapest(size)
            relaxed = self._relax(pool, wanted)
            if relaxed is None:
                break
            if wanted:
                self._price(wanted, relaxed.multipliers)
                self.ascend(iterations=_CUT_STEPS)
                if self.level > best[0]:
                    best = self._state()
            fresh = lacking(self.served, self.loads, (relaxed.opened, relaxed.shares), self.climb.u)
            if not fresh or self.closed or self.effort.late:
                break
            wanted = [*self.cuts, *fresh]
        self._restore(best)

    def _cheapest(self, size: int) -> BoolArray:
        """Return the ``size`` sites of least reduced cost."""
        cost = np.where(self.loads.status != CLOSED, self._marginal()[0], np.inf)
        return np.asarray(
            cost <= np.partition(cost, min(size, len(cost)) - 1)[min(size, len(cost)) - 1], dtype=np.bool_
        )

    def _relax(self, pool: BoolArray, cuts: list[Cut]) -> Relaxed | None:
        """Return the linear relaxation with cuts over these sites."""
        served, sites = self.served, pool & (self.loads.status != CLOSED)
        limit = self.climb.u + _REACH * np.abs(self.climb.u)
        pairs = served.row_costs < np.repeat(limit, np.diff(served.row_starts))
        dear = np.minimum(served.forgone, self.scale)
        return relax(served, self.loads, (sites, pairs), self.limits, dear, cuts, self.effort.seconds_left)

    def _price(self, cuts: list[Cut], multipliers: FloatArray) -> None:
        """Take these cuts, those that cost nothing left out."""
        least = 1e-9 * float(self.scale.mean())
        pairs = zip(cuts, multipliers.tolist(), strict=True)
        self.cuts = [cut._replace(multiplier=price) for cut, price in pairs if price > least]
        self.priced = priced(self.served, self.loads, self.cuts)
        self.climb.direction[:] = 0.0
        self.climb.pace.factor = 0.5

    def _state(self) -> tuple[float, list[Cut], Climb]:
        """Return the bound of these multipliers, the cuts, and a copy of the ascent."""
        return self.level, self.cuts, deepcopy(self.climb)

    def _restore(self, state: tuple[float, list[Cut], Climb]) -> None:
        """Go back to a state."""
        self.level, self.cuts, self.climb = state
        self.priced = priced(self.served, self.loads, self.cuts)


def _scale(served: Served, loads: Loads) -> FloatArray:
    """Return about what a row is worth: what it costs to forgo, or where it must be served twice its dearest pair."""
    dearest = np.zeros(len(served.forgone))
    some = np.diff(served.row_starts) > 0
    dearest[some] = served.row_costs[served.row_starts[1:][some] - 1]
    scale = np.minimum(served.cap, np.where(loads.must, 2.0 * dearest, np.inf))
    usual = float(np.median(scale[scale > 0])) if (scale > 0).any() else 1.0
    return np.asarray(np.where(scale > 0, scale, usual), dtype=np.float64)
