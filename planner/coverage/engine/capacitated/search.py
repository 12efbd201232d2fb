"""The course of a search for sites with loads: dual, annealing, parts solved exactly, and what is left solved whole."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from planner.coverage.durations import SiteArray
from planner.coverage.engine.acceptance import Heat
from planner.coverage.engine.capacitated.anneal import Course, anneal
from planner.coverage.engine.capacitated.ascent import Dual
from planner.coverage.engine.capacitated.bound import greatest_whole, prepared
from planner.coverage.engine.capacitated.exact import Part, solve_part
from planner.coverage.engine.capacitated.loads import Loads
from planner.coverage.engine.capacitated.parts import part_around, whole
from planner.coverage.engine.capacitated.plan import COST, VIOLATION, begin, empty_plan
from planner.coverage.engine.effort import Effort
from planner.coverage.engine.served import Served, served_of
from planner.coverage.engine.status import CLOSED, OPEN
from planner.units import BoolArray

# pairs that an integer programme of all that is left may have
_SMALL = 12_000
# open sites in a part solved exactly: of 6, 10 and 15 the one that improved the province's p-median fastest
_PART = 10
_MOVES = 300


class CapacitatedSearch:
    """One run: the best plan, the dual, and which pairs and sites can still matter."""

    def __init__(self, served: Served, loads: Loads, count: int, budget: float, effort: Effort) -> None:
        self.served, self.loads, beyond = prepared(served, loads)
        rows, sites = len(loads.load), len(loads.status)
        self.count = min(count, sites)
        self.budget = budget
        self.effort = effort
        self.random = np.random.default_rng(effort.seed)
        self.dual = Dual(self.served, self.loads, (self.count, budget), effort, beyond)
        self.opened: BoolArray = np.zeros(sites, dtype=np.bool_)
        self.site_of = np.full(rows, -1, dtype=np.int32)

    @property
    def value(self) -> float:
        """The cost of the best plan, infinity if there is none."""
        return self.dual.value

    def run(self) -> None:
        """Search until the bound meets the value, time is up, or nothing more is found."""
        dual = self.dual
        self._anneal(self.loads.status == OPEN, self.site_of, moves=20, heat=1.0)
        dual.ascend(iterations=1400)
        if not self._over():
            dual.cut(self.opened)
            self._anneal(self._preferred(), self.site_of, moves=_MOVES, heat=1.0)
            dual.ascend(iterations=1000)
            # once more: the better plan shows other fractions than the first one did
            dual.cut(self.opened)
            dual.ascend(iterations=1000)
            dual.whole = greatest_whole(self.served, self.loads)
            if dual.whole >= 0 and not dual.closed:
                dual.climb.pace.factor = 1.0
                dual.ascend(iterations=1000)
        if self.effort.nodes > 0 and not self._over():
            if int(np.count_nonzero(dual.possible())) <= _SMALL:
                self._solve_whole()
            else:
                self._solve_parts()
        if dual.closed and np.isfinite(self.value):
            dual.bound = self.value

    def _over(self) -> bool:
        return self.dual.closed or self.effort.late

    def _preferred(self) -> BoolArray:
        """Return the sites the dual chooses most."""
        score = np.where(self.loads.status == OPEN, np.inf, self.dual.climb.often)
        opened = np.zeros(len(score), dtype=np.bool_)
        opened[np.argsort(-score, kind="stable")[: self.count]] = True
        opened &= (score > 0.3) & (self.loads.status != CLOSED)
        return opened

    def _near(self) -> Served:
        """Return the pairs that a search needs: sites of low reduced cost or open, costs up to thrice the multiplier."""
        served, sites = self.served, len(self.opened)
        wanted = max(60, 5 * int(np.count_nonzero(self.opened)))
        if sites <= wanted or not self.dual.climb.reduced.any():
            return served
        reduced, often = self.dual.climb.reduced, self.dual.climb.often
        limit = np.partition(reduced, wanted - 1)[wanted - 1]
        kept = (reduced <= limit) | self.opened | (often > 1e-3) | (self.loads.status == OPEN)
        rows = np.repeat(np.arange(len(served.forgone)), np.diff(served.row_starts))
        useful = kept[served.row_sites] & (self.loads.status[served.row_sites] != CLOSED)
        if not self.loads.least.any():
            useful &= served.row_costs <= 3.0 * np.maximum(self.dual.climb.u, 0.0)[rows] + 1e-9
        starts = np.concatenate([[0], np.cumsum(useful)])[served.row_starts]
        everything = np.full(len(served.forgone), np.inf)
        near = served_of(
            starts,
            served.row_sites[useful],
            served.row_costs[useful],
            site_count=sites,
            forgone=everything,
            cap=everything,
        )
        return near._replace(forgone=served.forgone, cap=served.cap)

    def _anneal(self, opened: BoolArray, site_of: SiteArray, moves: int, heat: float) -> None:
        """Anneal from these sites in as many moves as there are rows times ``moves``, fewer if time is short."""
        near = self._near()
        plan = begin(near, self.loads, opened, np.where(np.isin(site_of, np.flatnonzero(opened)), site_of, -1))
        best = empty_plan(near, len(opened))
        best.tally[COST] = self.value
        unit = float(self.dual.scale.mean())
        first = heat * 0.05 * unit
        course = Course(
            heat=Heat(first, first, 2000),
            rows_a_site=3,
            penalty=0.7 * unit / max(float(self.loads.load.mean()), 1e-12),
            most=self.count,
            budget=self.budget,
            slack=0.05 * heat,
            site_charge=self.dual.site_charge(),
            price_charge=self.dual.multiplier,
        )
        total = moves * max(100, len(self.loads.load))
        start = self.effort.clock()
        anneal(near, self.loads, plan, best, course, self.random)
        pace = 2000 / max(self.effort.clock() - start, 1e-6)
        # time only shortens the search: with none to spare the moves, and so the answer, depend on the clock
        total = int(max(2000, min(total, 0.6 * pace * self.effort.seconds_left)))
        anneal(near, self.loads, plan, best, course._replace(heat=Heat(first, 0.01 * first, total)), self.random)
        self.dual.guess = float(plan.tally[COST] + course.penalty * plan.tally[VIOLATION])
        if best.tally[COST] < self.value:
            self.offer(best.opened, best.site_of)

    def offer(self, opened: BoolArray, site_of: SiteArray) -> None:
        """Keep this plan if it is within all limits and the best so far; reckon its value anew."""
        value = self._value_of(opened, site_of)
        if value < self.value - 1e-9 * max(1.0, abs(value)):
            self.dual.value, self.opened, self.site_of = value, opened.copy(), site_of.astype(np.int32)

    def _value_of(self, opened: BoolArray, site_of: SiteArray) -> float:
        served, loads = self.served, self.loads
        rows = np.repeat(np.arange(len(site_of)), np.diff(served.row_starts))
        used = site_of[rows] == served.row_sites
        cost = served.forgone.copy()
        cost[rows[used]] = served.row_costs[used]
        some = site_of >= 0
        load = np.bincount(site_of[some], loads.load[some], minlength=len(opened))
        wrong = (
            np.count_nonzero(used) != np.count_nonzero(some)
            or not opened[site_of[some]].all()
            or (load > loads.capacity * (1 + 1e-9)).any()
            or (opened & (load < loads.least * (1 - 1e-9))).any()
            or (loads.must & ~some).any()
            or (opened & (loads.status == CLOSED) | ~opened & (loads.status == OPEN)).any()
            or opened.sum() > self.count
            or loads.price[opened].sum() > self.budget * (1 + 1e-12)
        )
        return np.inf if wrong else float(cost.sum() + loads.fixed[opened].sum())

    def _solve_whole(self) -> None:
        """Solve what reduced costs leave open; the answer to it, or that there is none, decides the problem."""
        part = whole(self.served, self.loads, self.dual.possible(), self.count, self.budget)
        answer = solve_part(self.served, self.loads, part, seconds=self.effort.seconds_left, nodes=self.effort.nodes)
        if answer.site_of is not None:
            opened = np.zeros(len(self.opened), dtype=np.bool_)
            opened[answer.opened] = True
            self.offer(opened, answer.site_of)
        # what was left out costs at least the best value
        outside = self.dual.beyond + 1.0 if not np.isfinite(self.value) else self.value
        self.dual.raise_bound(min(answer.bound, outside) if not answer.impossible else outside)

    def _solve_parts(self) -> None:
        """Solve the surroundings of one open site after another, the rest held, until a round brings nothing.

        Each open site is charged what a place is worth, so that places wander to where they are worth more. In the first
        round a few more than ``count`` may be open meanwhile.
        """
        if not np.isfinite(self.value):
            return
        near, charge = self._near(), self.dual.site_charge()
        plan = (self.opened.copy(), self.site_of.copy())
        for turn in range(self.effort.rounds):
            before = self.value
            done = np.zeros(len(self.opened), dtype=np.bool_)
            most = self.count + (self.count // 50 if turn == 0 and charge > 0 else 0)
            for seed in self.random.permutation(np.flatnonzero(plan[0])):
                if done[seed] or not plan[0][seed]:
                    continue
                if self._over():
                    return
                self._solve_around(near, int(seed), charge, most, plan, done)
            if turn > 0 and self.value >= before - 1e-5 * abs(before):
                return

    def _solve_around(
        self, near: Served, seed: int, charge: float, most: int, plan: tuple[BoolArray, SiteArray], done: BoolArray
    ) -> None:
        """Change the plan to the best decision on a part; offer it as the best."""
        opened, site_of = plan
        part = part_around(near, self.loads, self.dual.climb.reduced, plan, (seed, _PART))
        part = replace(
            part,
            count=part.count + max(-1, most - int(opened.sum())),
            budget=part.budget + max(0.0, self.budget - float(self.loads.price[opened].sum())),
            charge=charge,
            price_charge=self.dual.multiplier if np.isfinite(self.budget) else 0.0,
        )
        answer = solve_part(near, self.loads, part, seconds=min(self.effort.seconds_left, 20.0), gap=3e-4, nodes=100)
        own = part.sites[~part.held]
        done[own[opened[own]]] = True
        if answer.site_of is None:
            return
        was = self._charged(near, part, charge, opened, site_of)
        after, sites = opened.copy(), site_of.copy()
        after[own] = False
        after[answer.opened] = True
        sites[part.rows] = answer.site_of
        if self._charged(near, part, charge, after, sites) <= was or opened.sum() > most:
            opened[:], site_of[:] = after, sites
            done[answer.opened] = True
            self.offer(opened, site_of)

    def _charged(self, near: Served, part: Part, charge: float, opened: BoolArray, site_of: SiteArray) -> float:
        """Return what rows and sites of a part cost in a plan, charges added."""
        own = part.sites[~part.held]
        own = own[opened[own]]
        used = site_of[part.pair_rows] == near.row_sites[part.pairs]
        served = float((near.row_costs[part.pairs[used]] - self.served.forgone[part.pair_rows[used]]).sum())
        return served + float((self.loads.fixed[own] + charge + self.dual.multiplier * self.loads.price[own]).sum())
