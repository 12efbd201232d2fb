"""One search for opening years on the free part: prices, plans and the core that is solved exactly."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from planner.coverage.engine.acceptance import Heat
from planner.coverage.engine.effort import Effort
from planner.coverage.engine.multi_year.bound import earnings, upper_bound
from planner.coverage.engine.multi_year.dual import YearDual, descend
from planner.coverage.engine.multi_year.programme import Core, programme_of, solve_linear, solve_whole
from planner.coverage.engine.multi_year.ruin import Aim, anneal_years, begin_plan, refill, scratch_for
from planner.coverage.engine.multi_year.world import Phases, YearDemands, covered_by, matrix_of, required_in
from planner.coverage.engine.pace import LEAST_FACTOR, new_pace
from planner.units import BoolArray, FloatArray, IntArray

_PATIENCE = 30.0
_MOVES = 40  # ruin and recreate moves a round of effort
_CHUNK = 2000  # moves between two looks at the clock
_NOISE = (
    0.04  # how much a refill blurs gains: 0.08 and 0.2 gave worse plans than 0.02, none at all gives the same twice
)
_HINGE = 3.0  # what a covered unit counts more while the target of its year is short
# what a unit of a target is worth at most: with 100 the province at 20 minutes covered less and lacked more than with 20
_PENALTY = 10.0
_URGENT = 1000.0  # the same once a plan that keeps all demands may exist and none was found


class YearSearch:
    """The best plan so far, the best multipliers with their bound, and the pairs that can still matter."""

    def __init__(self, phases: Phases, effort: Effort) -> None:
        self.phases = phases
        self.effort = effort
        self.random = np.random.default_rng(effort.seed)
        rows, years = phases.weights.shape
        sites = phases.spend.shape[1]
        self.years = years
        self.step = 1.0 - 1e-3 if np.array_equal(phases.weights, np.rint(phases.weights)) else 0.0
        self.opens = np.full(sites, years, dtype=np.int64)
        self.allowed = np.ones((sites, years), dtype=np.bool_)
        self.sure = np.zeros(sites, dtype=np.bool_)
        self.u, self.price, self.factor = np.zeros((rows, years)), np.zeros(len(phases.room)), np.ones(years)
        self.bound = np.inf
        self.least_shortfall = 0.0
        self.impossible = False
        most = float((matrix_of(phases).T @ phases.weights.sum(axis=1)).max(initial=0.0))
        self.demands = YearDemands(base=1.0, penalty=_PENALTY, bonus=(1.0 + _PENALTY) * (1.0 + most))

    def covered(self, opens: IntArray) -> FloatArray:
        """Return the covered weight of each year."""
        return np.asarray((self.phases.weights * covered_by(self.phases, opens)).sum(axis=0))

    def value(self, opens: IntArray) -> float:
        """Return the covered weight of all years."""
        return float(self.covered(opens).sum())

    def shortfall(self, opens: IntArray) -> FloatArray:
        """Return what each target lacks; a billionth is rounding."""
        short = self.phases.target - self.covered(opens)
        return np.where(short > 1e-9 * np.maximum(1.0, self.phases.target), short, 0.0)

    def missing(self, opens: IntArray) -> BoolArray:
        """Return (rows, years) which required rows are not covered."""
        return required_in(self.phases) & ~covered_by(self.phases, opens)

    def rank(self, opens: IntArray) -> tuple[float, float, float]:
        """Return what plans are compared by: required rows missing, whether targets are kept, value less what they lack."""
        short = float(self.shortfall(opens).sum())
        missing = float(np.count_nonzero(self.missing(opens)))
        return -missing, float(short == 0.0), self.value(opens) - self.demands.penalty * short

    def run(self) -> None:
        """Find a plan and a bound: prices and a first plan, then what is lacking, then cores until one holds all."""
        self.fill(self.opens)
        self.start_multipliers()
        self.bound = self.descend(4, self.value(self.opens))
        self.settle_prices()
        if (self.phases.target > 0).any() or required_in(self.phases).any():
            self.settle_prices()
            self.price_targets()
        self.anneal(_MOVES * self.effort.rounds, 0.5, 0.02)
        if self.lacking():
            self.prove_lack()
            self.branch(self.core(self.size())[0], False, 0.4 * self.effort.seconds_left)
            self.anneal(_MOVES * self.effort.rounds, 0.2, 0.02)
        if self.lacking() and not self.impossible:
            self.insist(0.2 * self.effort.seconds_left)
        if self.lacking():
            self.relax()
            self.settle_prices()
            self.anneal(_MOVES * self.effort.rounds, 0.2, 0.02)
        size = self.size()
        while self.effort.seconds_left > 0.5 and not self.closed:
            self.fix()
            size = max(size, int(self.allowed.sum()) if self.allowed.sum() < 3 * self.size() else 0)
            core, whole = self.core(size)
            before = self.rank(self.opens)
            self.branch(core, whole, self.effort.seconds_left * (1.0 if whole else 0.4))
            if whole and self.rank(self.opens) == before:
                break
            size *= 2

    def lacking(self) -> bool:
        """Return whether the best plan misses a target or a required row."""
        missing, kept, _value = self.rank(self.opens)
        return missing < 0 or kept == 0.0

    def offer(self, opens: IntArray) -> bool:
        """Keep a plan if it keeps the limits and is better than the best; return whether it was."""
        if self.over(opens) or self.rank(opens) <= self.rank(self.opens):
            return False
        self.opens = opens.copy()
        return True

    def over(self, opens: IntArray) -> bool:
        """Return whether a plan exceeds a limit by more than rounding."""
        for limit, room in enumerate(self.phases.room):
            inside = (self.phases.first[limit] <= opens) & (opens <= self.phases.last[limit])
            if self.phases.spend[limit, inside].sum() > room + 1e-9 * max(1.0, abs(room)):
                return True
        return False

    def aim(self) -> Aim:
        """Return what ruin and recreate strives for at the present prices."""
        zero = np.zeros_like(self.price)
        charge = earnings(self.phases, self.u, zero) - earnings(self.phases, self.u, self.price)
        size = self.phases.spend[0] if len(self.phases.room) else np.ones(len(self.opens))
        size = np.where(size > 0, size, 1e-6 * max(1e-300, float(size.max(initial=0.0))))
        some = np.flatnonzero(self.allowed.any(axis=1))
        return Aim(
            factor=self.factor,
            hinge=_HINGE,
            penalty=self.demands.penalty,
            bonus=self.demands.bonus,
            charge=charge,
            size=size,
            allowed=self.allowed,
            sites=some,
            noise=_NOISE,
        )

    def fill(self, opens: IntArray) -> None:
        """Add sites greedily to a plan and offer it."""
        opens = opens.copy()
        plan, work = begin_plan(self.phases, opens), scratch_for(self.phases)
        work.sites[:] = np.arange(len(opens))
        refill(self.phases, plan, self.aim()._replace(noise=0.0), work, len(opens), self.random)
        self.offer(opens)

    def anneal(self, moves: int, hot: float, cold: float) -> None:
        """Ruin and recreate from the best plan; temperatures in mean weights of a row."""
        if not len(self.phases.weights) or not self.allowed.any():
            return
        unit = max(float(self.phases.weights.mean()), 1e-9)
        plan, aim, best = begin_plan(self.phases, self.opens.copy()), self.aim(), self.opens.copy()
        for start in range(0, moves, _CHUNK):
            span = (start, min(moves, start + _CHUNK))
            anneal_years(self.phases, plan, aim, Heat(hot * unit, cold * unit, moves), span, best, self.random)
            if self.effort.late:
                break
        self.offer(best)

    def start_multipliers(self) -> None:
        """Set row multipliers from the best plan: all of the weight if uncovered, half if by one site, little if by more."""
        covers = matrix_of(self.phases)
        hits = np.column_stack([covers @ (self.opens <= t).astype(np.float64) for t in range(self.years)])
        share = np.where(hits < 0.5, 1.0, np.where(hits < 1.5, 0.5, 0.05))
        self.u = np.ascontiguousarray(share * self.phases.weights * self.factor)

    def descend(self, rounds: int, aim: float, base: float = 1.0, factor: float = 1.0) -> float:
        """Lower the bound at the present target factors; return what these multipliers prove."""
        pace = new_pace(patience=_PATIENCE, goal=-aim, enough=-aim, factor=factor)
        dual = YearDual(self.u, self.price, self.factor, np.zeros_like(self.u), base, pace)
        for _ in range(rounds):
            descend(self.phases, dual, 100)
            if pace.factor < LEAST_FACTOR or self.effort.late:
                break
        return upper_bound(self.phases, self.u, self.price, self.factor, base)

    def losses(self) -> FloatArray:
        """Return (sites, years) what the bound falls by if the site must open in that year."""
        net = earnings(self.phases, self.u, self.price)
        return np.asarray(np.maximum(0.0, net.max(axis=1))[:, None] - net)

    def core(self, size: int) -> tuple[Core, bool]:
        """Return the most promising pairs with those of the best plan, and whether all open pairs are among them."""
        loss = np.where(self.allowed, self.losses(), np.inf)
        chosen = np.zeros(loss.shape, dtype=np.bool_)
        chosen.ravel()[np.argsort(loss.ravel(), kind="stable")[:size]] = True
        chosen &= np.isfinite(loss)
        whole = bool(chosen[np.isfinite(loss)].all())
        mine = np.flatnonzero(self.opens < self.years)
        chosen[mine, self.opens[mine]] = True
        return Core.of(chosen, self.sure & chosen.any(axis=1)), whole

    def size(self) -> int:
        """Return how many pairs a small core has."""
        return max(1500, 5 * int((self.opens < self.years).sum()))

    def settle_prices(self) -> None:
        """Take prices and target factors from the linear programme of a small core, then let the bound settle there."""
        core, _whole = self.core(self.size())
        programme = programme_of(self.phases, core, self.demands)
        answer = solve_linear(self.phases, programme, self.demands, self.effort.seconds_left)
        if answer is None:
            return
        self.u *= answer.factor / self.factor
        self.price, self.factor = answer.price.copy(), answer.factor.copy()
        linear = answer.value - self.demands.bonus * float(required_in(self.phases).sum())
        self.bound = min(self.bound, self.descend(20, linear))
        rounded = np.full(len(self.opens), self.years, dtype=np.int64)
        likely = answer.opened > 0.9
        np.minimum.at(rounded, core.site[likely], core.year[likely])
        if not self.over(rounded):
            self.fill(rounded)

    def price_targets(self) -> None:
        """Weigh what targets lack by more than their price where the linear programme can keep them."""
        worth = self.factor.max() - 1.0
        if worth < self.demands.penalty:
            self.demands = replace(self.demands, penalty=max(self.demands.penalty, 3.0 * float(worth)))

    def insist(self, seconds: float) -> None:
        """Search once more for a plan that keeps all demands; one that only lacks less is not worth what it costs."""
        kept = self.demands, self.opens
        self.demands = replace(self.demands, penalty=_URGENT)
        self.branch(self.core(self.size())[0], False, seconds)
        self.demands = kept[0]
        if self.lacking():
            self.opens = kept[1]
        else:
            self.settle_prices()

    def prove_lack(self) -> None:
        """Look at the demands alone: prove what the targets lack at least in any plan."""
        most = float((matrix_of(self.phases).T @ self.phases.weights.sum(axis=1)).max(initial=0.0))
        alone = YearDemands(base=0.0, penalty=1.0, bonus=1.0 + most)
        core, _whole = self.core(self.size())
        answer = solve_linear(self.phases, programme_of(self.phases, core, alone), alone, self.effort.seconds_left)
        if answer is None:
            return
        linear = answer.value - alone.bonus * float(required_in(self.phases).sum())
        if linear > -1e-9 * max(1.0, float(self.phases.target.sum())):
            return
        kept = self.u, self.price, self.factor
        self.u = self.u * (answer.factor / self.factor)
        self.price, self.factor = answer.price.copy(), np.minimum(answer.factor, 1.0)
        proved = -self.descend(10, linear, base=0.0)
        self.u, self.price, self.factor = kept
        self.impossible = proved > 1e-9 * max(1.0, float(self.phases.target.sum()))
        self.least_shortfall = proved if self.impossible else 0.0

    def fix(self) -> None:
        """Drop the pairs that no better plan uses, and note the sites that every better plan opens."""
        need = self.value(self.opens) + self.step
        gap = max(0.0, upper_bound(self.phases, self.u, self.price, self.factor) - need)
        gap += 1e-9 * max(1.0, abs(need))  # what sums of floats may be off
        loss = self.losses()
        net = earnings(self.phases, self.u, self.price).max(axis=1)
        self.allowed &= loss <= gap
        self.sure |= net > gap

    def branch(self, core: Core, whole: bool, seconds: float) -> None:
        """Solve a core; if it holds all that is open, its bound is the whole problem's.

        Once the best plan keeps all demands, they are hard; before, they are elastic.
        """
        demands = replace(self.demands, hard=not self.lacking())
        programme = programme_of(self.phases, core, demands)
        gap = 0.999 if self.step else 1e-9 * max(1.0, self.value(self.opens))
        found, bound = solve_whole(
            programme, self.opens, self.years, seconds=seconds, seed=self.effort.seed, nodes=self.effort.nodes, gap=gap
        )
        self.offer(found)
        if whole and demands.hard:
            self.bound = min(self.bound, max(bound, self.value(self.opens)))

    @property
    def closed(self) -> bool:
        """Whether nothing better than the best plan can exist."""
        return not self.lacking() and self.bound < self.value(self.opens) + max(self.step, 1e-9 * self.bound)

    def relax(self) -> None:
        """Ask from now on no more of targets and required rows than the best plan keeps."""
        covered = covered_by(self.phases, self.opens)
        first = np.where(covered.any(axis=1), covered.argmax(axis=1), self.years)
        target = np.minimum(self.phases.target, self.covered(self.opens))
        required = np.maximum(self.phases.required_from, np.where(self.phases.required_from < self.years, first, 0))
        self.phases = self.phases._replace(target=target, required_from=required.astype(np.int64))
        self.bound = upper_bound(self.phases, self.u, self.price, self.factor)
