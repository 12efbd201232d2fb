"""Choose points with their routes in mind: the frontier between what is reached and what it costs a year."""

from __future__ import annotations

import numpy as np

from planner.errors import Message
from planner.progress import Progress, silent
from planner.service.frontier.confirm import confirm_point
from planner.service.frontier.engine.anneal import begin, clear
from planner.service.frontier.engine.arrays import BEST_BEYOND, BEST_YUAN, PointSearch, PointWorld, new_point_search
from planner.service.frontier.engine.build import build_point_world
from planner.service.frontier.engine.clock import PointClock
from planner.service.frontier.engine.parameters import PointParameters
from planner.service.frontier.engine.run import Plan, anneal, compile_all, enter_plan, mean_leg, plan_of_best
from planner.service.frontier.measure import leg_costs, measured, missed, nearest_open
from planner.service.frontier.problem import FrontierAim, FrontierProblem
from planner.service.frontier.solution import Frontier, FrontierPoint
from planner.units import IntArray

LOSSES = (0.0, 0.005, 0.01, 0.015, 0.02, 0.03, 0.04, 0.06, 0.08, 0.1)
"""What share of all weight each plan may reach less than the coverage-only plan (or by what share have more minutes)."""

PARAMETERS = PointParameters(removed_on_average=6.0, near=6, strangers=3, hot=0.3)
"""Fewer sites at a time and cooler than where every site is visited: at Baiquan, 186 villages and 100 points, nearly three
times as many steps a second, and plans of equal coverage that cost the same, of two points less 0.3 % less in as long."""
FORWARD, REFERENCE = 0.6, 2
"""The share of the budget after which plans are searched from their other neighbours; and how many plans' time the
coverage-only plan has for its routes, so that nothing is saved against bad ones."""
_STEP = Message("choosing points with their routes")


def plan_frontier(
    problem: FrontierProblem,
    *,
    iterations: int | None = None,
    cpu_seconds: float | None = None,
    seed: int = 1,
    losses: tuple[float, ...] = LOSSES,
    routing_iterations: int = 300,
    parameters: PointParameters | None = None,
    progress: Progress = silent,
) -> Frontier:
    """Return the frontier; the same for the same iterations (a hundred steps each, of all plans together) and seed.

    For each loss a large neighbourhood search looks for the cheapest plan that reaches as much, from the plan of the loss
    before, and then again from that of the loss after. Sites are closed along routes around a place, or anywhere, and
    others opened where the kilometres of insertion cost least against what is missing, under simulated annealing with
    penalties that adapt. Then the routing engine plans
    each plan's sites anew (``routing_iterations``; 0: not at all); neither clock nor iterations count that.
    """
    search_of = _Search(problem, seed, parameters or PARAMETERS)
    clock = PointClock(None if iterations is None else 100 * iterations, cpu_seconds)
    routed = search_of.route_only(problem, clock, REFERENCE / (REFERENCE + len(losses)))
    first = None if routed is None else [(0, [search_of.site(k) for k in stops]) for _, stops in routed]
    found = _both_ways(search_of, routed, losses, clock, progress)
    points = [measured(problem, [[search_of.site(k) for k in stops] for _, stops in one]) for one in found]
    if routing_iterations > 0:
        points = [confirm_point(problem, one, iterations=routing_iterations, seed=seed) for one in points]
    reference = None if first is None else measured(problem, [stops for _, stops in first])
    if reference is not None and routing_iterations > 0:
        reference = confirm_point(problem, reference, iterations=routing_iterations, seed=seed)
    both = points if reference is None else [reference, *points]
    return Frontier(points=undominated(problem, both), coverage_only=reference, steps=clock.steps, seed=seed)


def _both_ways(
    search_of: _Search, plan: Plan | None, losses: tuple[float, ...], clock: PointClock, progress: Progress
) -> list[Plan]:
    """Return the cheapest plan found for each loss that has one, searched from the loss before, then from the one after."""
    allowed = search_of.missing_of()
    found: list[Plan | None] = [None] * len(losses)
    ways = [(k, k - 1, FORWARD) for k in range(len(losses))]
    ways += [(k, k + 1, 1.0 - FORWARD) for k in range(len(losses) - 2, -1, -1)]
    began, done = clock.spent(), 0.0
    for step, (k, neighbour, share) in enumerate(ways):
        progress(_STEP, step, len(ways))
        done += share / (len(losses) if neighbour < k else len(losses) - 1)
        begin_with = plan if neighbour < 0 else found[neighbour] or plan
        until = began + (1.0 - began) * done
        one = search_of.cheapest(begin_with, search_of.may_miss(allowed, losses[k]), clock, until)
        found[k] = search_of.cheaper(found[k], one)
    progress(_STEP, len(ways), len(ways))
    return [one for one in found if one]  # a plan that opens nothing is none


def undominated(problem: FrontierProblem, points: list[FrontierPoint]) -> tuple[FrontierPoint, ...]:
    """Return the points that no other is at least as good as in both figures, the cheapest first."""

    def reached(point: FrontierPoint) -> float:
        return point.covered if problem.aim is FrontierAim.COVERAGE else -point.mean_minutes

    kept: list[FrontierPoint] = []
    for point in sorted(points, key=lambda one: (one.yuan, -reached(one))):
        if not kept or reached(point) > reached(kept[-1]) + 1e-9:
            kept.append(point)
    return tuple(kept)


class _Search:
    """The kernels' view of a problem: sites that are not forbidden, missing in mean weights of a village."""

    def __init__(self, problem: FrontierProblem, seed: int, parameters: PointParameters | None) -> None:
        self._problem = problem
        self._sites: IntArray = np.flatnonzero(~problem.is_forbidden)
        self._fixed = problem.is_fixed[self._sites]
        self._unit = float(problem.weight.mean())
        self.world = self._world(parameters)
        self.search: PointSearch = new_point_search(self.world, seed)
        compile_all(self.world, self.search)

    def site(self, k: int) -> int:
        """Return the place of one of the search's sites among all."""
        return int(self._sites[k])

    def _world(self, parameters: PointParameters | None) -> PointWorld:
        problem, sites = self._problem, self._sites
        yuan, seconds = leg_costs(problem)
        nodes = np.concatenate([[0], sites + 1])
        at = np.ix_(nodes, nodes)
        access = problem.access_s[:, sites]
        missing = missed(problem)[:, sites] / self._unit
        worst = float(np.where(np.isfinite(missing), missing, 0.0).max(initial=1.0))
        must = problem.must_cover  # to leave one of these out is worse than any loss
        missing = missing + worst * len(access) * (must[:, None] & (access > problem.standard_s))
        none = (
            problem.weight / self._unit if problem.aim is FrontierAim.COVERAGE else np.full(len(access), 10.0 * worst)
        )
        none = none + worst * len(access) * must
        # a place of no demand for each fixed site, that nothing else serves: closing it is worse than any loss
        own = np.where(np.eye(len(sites), dtype=np.bool_)[self._fixed], 0.0, np.inf)
        return build_point_world(
            leg_yuan=problem.days * yuan[at],
            leg_s=seconds[at],
            vehicle=(
                problem.vehicle.capacity,
                problem.vehicle.duty_s,
                problem.days * problem.vehicle.yuan_per_route,
            ),
            depots=(np.zeros(1), np.full(1, np.inf)),
            sites=(problem.site_yuan[sites], problem.site_capacity[sites], self._fixed),
            demand=np.concatenate([problem.demand, np.zeros(len(own))]),
            near=np.concatenate([access, own]),
            missing=np.concatenate([np.where(np.isfinite(missing), missing, 0.0), np.zeros_like(own)]),
            missing_none=np.concatenate([none, np.full(len(own), 1e3 * max(worst, float(none.sum())))]),
            parameters=parameters,
        )

    def missing_of(self) -> float:
        """Return what the coverage-only plan misses of the aim, in mean weights."""
        site_ids = self._problem.coverage_only
        place = {id_: k for k, id_ in enumerate(self._problem.site_ids)}
        at = nearest_open(self._problem, np.array(sorted(place[id_] for id_ in site_ids), dtype=np.int64))
        local = {int(site): k for k, site in enumerate(self._sites)}
        world, total = self.world, 0.0
        for village, site in enumerate(at):
            if site < 0:
                total += float(world.missing_none[village])
                continue
            ranks = range(world.reach_first[village], world.reach_first[village + 1])
            total += float(next(world.missing[r] for r in ranks if world.reach_site[r] == local[int(site)]))
        return total

    def may_miss(self, missing: float, loss: float) -> float:
        """Return what may be missing if a share of all weight less is reached (or a share of minutes more)."""
        if self._problem.aim is FrontierAim.MINUTES:
            return missing * (1.0 + loss) + 1e-9
        return missing + loss * len(self._problem.village_ids) + 1e-9

    def route_only(self, problem: FrontierProblem, clock: PointClock, until: float) -> Plan | None:
        """Return routes to the sites of the coverage-only plan; None where they cannot be driven."""
        chosen = np.isin(self._sites, [problem.site_ids.index(id_) for id_ in problem.coverage_only])
        self.world.required[:] = chosen
        self.search.limits[:] = [np.inf, float(chosen.sum()), np.inf]
        clear(self.world, self.search)
        self._penalise(float(np.median(self.world.leg_yuan)))
        begin(self.world, self.search)
        plan = plan_of_best(self.search.best)
        if sum(len(stops) for _, stops in plan) < chosen.sum():
            plan = []
        else:
            leg = mean_leg(self.world, plan)
            anneal(self.world, self.search, clock, until, leg=leg, hot=self.world.parameters.hot)
            plan = plan_of_best(self.search.best)
        whole = sum(len(stops) for _, stops in plan) == chosen.sum() and self.search.figures[BEST_BEYOND] == 0.0
        self.world.required[:] = self._fixed
        return plan if whole else None

    def cheapest(self, plan: Plan | None, may_miss: float, clock: PointClock, until: float) -> Plan | None:
        """Return the cheapest plan found that misses no more, from one to begin with; None if there is none."""
        problem = self._problem
        self.search.limits[:] = [may_miss, float(problem.limit), problem.budget_yuan]
        self._penalise(float(np.median(self.world.leg_yuan)))
        if plan is None:
            clear(self.world, self.search)
            begin(self.world, self.search)
            plan = plan_of_best(self.search.best)
        else:
            enter_plan(self.world, self.search, plan)
        leg = mean_leg(self.world, plan)
        self._penalise(leg)
        anneal(self.world, self.search, clock, until, leg=leg, hot=self.world.parameters.hot)
        return plan_of_best(self.search.best) if self.search.figures[BEST_BEYOND] == 0.0 else None

    def cheaper(self, one: Plan | None, other: Plan | None) -> Plan | None:
        """Return the plan of two that costs less, the first if they cost the same."""
        if not one or not other:
            return one or other
        return one if self._yuan(one) <= self._yuan(other) else other

    def _yuan(self, plan: Plan) -> float:
        enter_plan(self.world, self.search, plan)
        return float(self.search.figures[BEST_YUAN])

    def _penalise(self, leg: float) -> None:
        self.search.penalties[:] = [5.0 * leg, 5.0 * leg]
        self.search.penalty_range[:] = [0.05 * leg, 1e3 * leg, 0.05 * leg, 1e3 * leg]
