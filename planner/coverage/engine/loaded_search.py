"""The course of a search for sites with loads: dual, annealing, parts solved exactly, and what is left solved whole."""

from __future__ import annotations

import time
from dataclasses import replace

import numpy as np

from planner.coverage.durations import SiteArray
from planner.coverage.engine.dual_kernels import CLOSED, FREE, OPEN
from planner.coverage.engine.lagrange import Effort
from planner.coverage.engine.loaded_bound import (
    bound_of,
    greatest_whole,
    possible_pairs,
    prepared,
    site_costs,
    whole_site_costs,
)
from planner.coverage.engine.loaded_dual import Climb, Loads, choose, climb
from planner.coverage.engine.loaded_exact import Part, solve_part
from planner.coverage.engine.loaded_moves import AMISS, COST, Cooling, anneal, begin, empty_plan
from planner.coverage.engine.loaded_parts import part_around, whole
from planner.coverage.engine.served import Served, served_of
from planner.units import BoolArray, FloatArray

_LEAST_FACTOR = 1e-3
# pairs that an integer programme of all that is left may have
_SMALL = 12_000
# open sites in a part solved exactly: of 6, 10 and 15 the one that improved the province's p-median fastest
_PART = 10
_MOVES = 300


class Search:
    """One run: the best plan, the multipliers, and which pairs and sites can still matter."""

    def __init__(self, served: Served, loads: Loads, count: int, budget: float, effort: Effort) -> None:
        self.served, self.loads, self.beyond = prepared(served, loads)
        rows, sites = len(loads.load), len(loads.status)
        self.count = min(count, sites)
        self.budget = budget
        self.effort = effort
        self.random = np.random.default_rng(effort.seed)
        self.value = np.inf
        self.bound = -np.inf
        self.opened: BoolArray = np.zeros(sites, dtype=np.bool_)
        self.site_of = np.full(rows, -1, dtype=np.int32)
        costs = (self.served.row_costs, self.served.forgone, loads.fixed)
        self.step = 1 - 1e-6 if all(np.array_equal(c, np.rint(c)) for c in costs) else 0.0
        self.scale = self._scale()
        self.climb = Climb(
            u=np.where(
                np.diff(self.served.row_starts) > 0, np.minimum(0.2 * self.scale, self.served.cap), self.served.cap
            ),
            price=np.zeros(sites),
            reduced=np.zeros(sites),
            direction=np.zeros(rows),
            often=np.zeros(sites),
            floor=-4.0 * self.scale if loads.least.any() else np.zeros(rows),
            cap=self.served.cap,
            scale=self.scale,
            control=np.array([np.inf, np.inf, 1.0, _LEAST_FACTOR, 40.0, budget, 0.0]),
        )
        self.level = -np.inf
        self.whole = -1
        self._guess = float(self.served.forgone.sum())

    def _scale(self) -> FloatArray:
        """Return about what a row is worth: what it costs to forgo, or where it must be served twice its dearest pair."""
        served = self.served
        dearest = np.zeros(len(served.forgone))
        some = np.diff(served.row_starts) > 0
        dearest[some] = served.row_costs[served.row_starts[1:][some] - 1]
        scale = np.minimum(served.cap, np.where(self.loads.must, 2.0 * dearest, np.inf))
        usual = float(np.median(scale[scale > 0])) if (scale > 0).any() else 1.0
        return np.asarray(np.where(scale > 0, scale, usual), dtype=np.float64)

    def late(self) -> bool:
        return time.monotonic() > self.effort.deadline

    def left(self) -> float:
        return self.effort.deadline - time.monotonic()

    @property
    def enough(self) -> float:
        """The bound at which nothing better than the best can exist."""
        if not np.isfinite(self.value):
            return self.beyond
        return self.value - max(self.step, 1e-9 * max(1.0, abs(self.value)))

    def closed(self) -> bool:
        return self.bound >= self.enough

    def run(self) -> None:
        """Search until the bound meets the value, time is up, or nothing more is found."""
        self._trivial_bound()
        self._anneal(self.loads.status == OPEN, self.site_of, moves=20, heat=1.0)
        self._climb(iterations=400)
        if not self.closed() and not self.late():
            self._anneal(self._preferred(), self.site_of, moves=_MOVES, heat=1.0)
            self._climb(iterations=1000)
            self.whole = greatest_whole(self.served, self.loads)
            if self.whole >= 0 and not self.closed():
                self.climb.control[2] = 1.0
                self._climb(iterations=1000)
        if self.effort.nodes > 0 and not self.closed() and not self.late():
            if self._whole_is_small():
                self._solve_whole()
            else:
                self._solve_parts()
        if self.closed() and np.isfinite(self.value):
            self.bound = self.value

    def _trivial_bound(self) -> None:
        """Begin with the bound without multipliers where a row has pairs; for covering it is often the best."""
        u = np.where(np.diff(self.served.row_starts) > 0, np.minimum(self.served.cap, 0.0), self.served.cap)
        site = site_costs(self.served, self.loads, u, np.zeros(len(self.opened)))
        self._raise(bound_of(self.served, self.loads, (self.count, self.budget), u, site, 0.0))

    def _raise(self, bound: float) -> None:
        if self.step and np.isfinite(bound):
            bound = float(np.ceil(bound - 1e-6))
        self.bound = max(self.bound, bound)

    def _climb(self, iterations: int) -> None:
        """Raise the bound in chunks, until the steps are small or time is up; the proof is recomputed in plain code."""
        self.climb.control[2] = max(self.climb.control[2], 0.1)
        for _ in range(max(1, iterations // 50)):
            upper = self.value if np.isfinite(self.value) else self._guess
            upper = max(upper, self.bound + 1e-3 * max(1.0, abs(self.bound)))
            self.climb.control[:2] = upper, self.enough
            climb(self.served, self.loads, self.count, self.climb, 50, self.whole)
            if self.climb.control[2] < _LEAST_FACTOR or self.late():
                break
            self.level = self._proof()
            self._raise(self.level)
            if self.closed():
                return
        self.level = self._proof()
        self._raise(self.level)
        self._close_sites()

    def _proof(self) -> float:
        site = self._linear()
        if self.whole >= 0:
            site = np.maximum(site, whole_site_costs(self.served, self.loads, self.climb.u))
        return bound_of(
            self.served, self.loads, (self.count, self.budget), self.climb.u, site, float(self.climb.control[6])
        )

    def _linear(self) -> FloatArray:
        return site_costs(self.served, self.loads, self.climb.u, self.climb.price)

    def _close_sites(self) -> None:
        """Close the free sites that no better answer can open."""
        if not np.isfinite(self.value):
            return
        multiplier = float(self.climb.control[6])
        cost = self.climb.reduced + multiplier * self.loads.price
        share = np.empty(len(cost))
        last = choose(self.loads, cost, self._room, np.inf, share)[2]
        hopeless = (self.loads.status == FREE) & (share == 0) & (cost - min(last, 0.0) > self.enough - self.level)
        self.loads.status[hopeless] = CLOSED

    @property
    def _room(self) -> int:
        return max(0, self.count - int(np.count_nonzero(self.loads.status == OPEN)))

    def _preferred(self) -> BoolArray:
        """Return the sites the dual chooses most."""
        score = np.where(self.loads.status == OPEN, np.inf, self.climb.often)
        opened = np.zeros(len(score), dtype=np.bool_)
        opened[np.argsort(-score, kind="stable")[: self.count]] = True
        opened &= (score > 0.3) & (self.loads.status != CLOSED)
        return opened

    def _near(self) -> Served:
        """Return the pairs that a search needs: sites of low reduced cost or open, costs up to thrice the multiplier."""
        served, sites = self.served, len(self.opened)
        wanted = max(60, 5 * int(np.count_nonzero(self.opened)))
        if sites <= wanted or not self.climb.reduced.any():
            return served
        limit = np.partition(self.climb.reduced, wanted - 1)[wanted - 1]
        kept = (self.climb.reduced <= limit) | self.opened | (self.climb.often > 1e-3) | (self.loads.status == OPEN)
        rows = np.repeat(np.arange(len(served.forgone)), np.diff(served.row_starts))
        useful = kept[served.row_sites] & (self.loads.status[served.row_sites] != CLOSED)
        if not self.loads.least.any():
            useful &= served.row_costs <= 3.0 * np.maximum(self.climb.u, 0.0)[rows] + 1e-9
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
        unit = float(self.scale.mean())
        first = heat * 0.05 * unit
        cooling = Cooling(
            first=first,
            last=0.01 * first,
            moves=2000,
            rows_a_site=3,
            penalty=0.7 * unit / max(float(self.loads.load.mean()), 1e-12),
            most=self.count,
            budget=self.budget,
            slack=0.05 * heat,
            site_charge=self._site_charge(),
            price_charge=float(self.climb.control[6]),
        )
        total = moves * max(100, len(self.loads.load))
        start = time.monotonic()
        anneal(near, self.loads, plan, best, cooling._replace(last=first), self.random)
        pace = 2000 / max(time.monotonic() - start, 1e-6)
        # time only shortens the search: with none to spare the moves, and so the answer, depend on the clock
        total = int(max(2000, min(total, 0.6 * pace * self.left())))
        anneal(near, self.loads, plan, best, cooling._replace(moves=total), self.random)
        self._guess = float(plan.tally[COST] + cooling.penalty * plan.tally[AMISS])
        if best.tally[COST] < self.value:
            self.offer(best.opened, best.site_of)

    def _site_charge(self) -> float:
        """Return what a place among the ``count`` open sites is worth by the dual."""
        share = np.empty(len(self.opened))
        last = choose(self.loads, self.climb.reduced, self._room, np.inf, share)[2]
        return max(0.0, -last) if np.isfinite(last) else 0.0

    def offer(self, opened: BoolArray, site_of: SiteArray) -> None:
        """Keep this plan if it is within all limits and the best so far; reckon its value anew."""
        value = self._value_of(opened, site_of)
        if value < self.value - 1e-9 * max(1.0, abs(value)):
            self.value, self.opened, self.site_of = value, opened.copy(), site_of.astype(np.int32)

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

    def _left_pairs(self) -> BoolArray:
        gap = self.enough - self.level if np.isfinite(self.value) else np.inf
        return possible_pairs(self.served, self.loads, self._room, self.climb, (gap, self._linear()))

    def _whole_is_small(self) -> bool:
        return int(np.count_nonzero(self._left_pairs())) <= _SMALL

    def _solve_whole(self) -> None:
        """Solve what reduced costs leave open; the answer to it, or that there is none, decides the problem."""
        part = whole(self.served, self.loads, self._left_pairs(), self.count, self.budget)
        answer = solve_part(self.served, self.loads, part, seconds=self.left(), nodes=self.effort.nodes)
        if answer.site_of is not None:
            opened = np.zeros(len(self.opened), dtype=np.bool_)
            opened[answer.opened] = True
            self.offer(opened, answer.site_of)
        # what was left out costs at least the best value
        outside = self.beyond + 1.0 if not np.isfinite(self.value) else self.value
        self._raise(min(answer.bound, outside) if not answer.impossible else outside)

    def _solve_parts(self) -> None:
        """Solve the surroundings of one open site after another, the rest held, until a round brings nothing.

        Each open site is charged what a place is worth, so that places wander to where they are worth more. In the first
        round a few more than ``count`` may be open meanwhile.
        """
        if not np.isfinite(self.value):
            return
        near, charge = self._near(), self._site_charge()
        plan = (self.opened.copy(), self.site_of.copy())
        for turn in range(self.effort.rounds):
            before = self.value
            done = np.zeros(len(self.opened), dtype=np.bool_)
            most = self.count + (self.count // 50 if turn == 0 and charge > 0 else 0)
            for seed in self.random.permutation(np.flatnonzero(plan[0])):
                if done[seed] or not plan[0][seed]:
                    continue
                if self.late() or self.closed():
                    return
                self._solve_around(near, int(seed), charge, most, plan, done)
            if turn > 0 and self.value >= before - 1e-5 * abs(before):
                return

    def _solve_around(
        self, near: Served, seed: int, charge: float, most: int, plan: tuple[BoolArray, SiteArray], done: BoolArray
    ) -> None:
        """Change the plan to the best decision on a part; offer it as the best."""
        opened, site_of = plan
        part = part_around(near, self.loads, self.climb.reduced, plan, (seed, _PART))
        part = replace(
            part,
            count=part.count + max(-1, most - int(opened.sum())),
            budget=part.budget + max(0.0, self.budget - float(self.loads.price[opened].sum())),
            charge=charge,
            price_charge=float(self.climb.control[6]) if np.isfinite(self.budget) else 0.0,
        )
        answer = solve_part(near, self.loads, part, seconds=min(self.left(), 20.0), gap=3e-4, nodes=100)
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
        return served + float(
            (self.loads.fixed[own] + charge + float(self.climb.control[6]) * self.loads.price[own]).sum()
        )
