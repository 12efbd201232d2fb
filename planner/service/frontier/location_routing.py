"""Capacitated location-routing: which depots to open, and the routes from them to all customers.

The public measure of the search that `planner.service.frontier.solve` plans points with: its kernels, here with depots to
choose and every site to be served.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from planner.service.frontier.engine.anneal import begin, clear
from planner.service.frontier.engine.arrays import PointSearch, PointWorld, new_point_search
from planner.service.frontier.engine.build import build_point_world
from planner.service.frontier.engine.clock import PointClock
from planner.service.frontier.engine.parameters import PointParameters
from planner.service.frontier.engine.run import Plan, anneal, best_of, compile_all, enter_plan, mean_leg, plan_of_best
from planner.units import BoolArray, FloatArray


@dataclass(frozen=True, kw_only=True, eq=False)
class LocationRoutingProblem:
    """Depots with opening costs and capacities, customers with demands, one type of vehicle, ``cost`` by node, depots first.

    Minimised are opening costs of used depots, ``route_cost`` for each route, and what its legs cost.
    """

    cost: FloatArray
    depot_cost: FloatArray
    depot_capacity: FloatArray
    demand: FloatArray
    capacity: float
    route_cost: float


@dataclass(frozen=True, kw_only=True)
class LocationRoutes:
    """Routes: a depot and customers in order; ``lower_bound`` is what no plan can undercut, ``steps`` those made."""

    routes: tuple[tuple[int, tuple[int, ...]], ...]
    cost: float
    lower_bound: float
    steps: int


@dataclass(frozen=True, kw_only=True)
class RaceParameters:
    """How sets of depots race: each runs ``first_steps``, then the best ``kept`` share runs ``growth`` times as long.

    The race ends with ``finalists``, and after the share ``race_share`` of the budget at the latest; what is left goes to
    these in turn, in runs that end at ``rounds``. At most ``most_sets`` begin.
    """

    first_steps: int = 300
    kept: float = 0.35
    growth: float = 3.0
    finalists: int = 3
    race_share: float = 0.4
    most_sets: int = 1500


def solve_location_routing(
    problem: LocationRoutingProblem,
    *,
    iterations: int | None = None,
    cpu_seconds: float | None = None,
    seed: int = 1,
    parameters: PointParameters | None = None,
    race: RaceParameters | None = None,
) -> LocationRoutes:
    """Return the cheapest plan found; the same for the same iterations (a hundred steps each) and seed.

    Sets of depots race (successive halving): each is annealed for a short while, the better ones again for longer.
    """
    race = race or RaceParameters()
    world = _world(problem, parameters)
    search = new_point_search(world, seed)
    compile_all(world, search)
    clock = PointClock(None if iterations is None else 100 * iterations, cpu_seconds)
    runners = _start(problem, world, search, clock, race)
    steps = race.first_steps
    while len(runners) > race.finalists and clock.spent() < race.race_share:
        runners = runners[: max(race.finalists, math.ceil(race.kept * len(runners)))]
        steps = int(steps * race.growth)
        for k, one in enumerate(runners):
            if clock.spent() >= race.race_share:
                break
            runners[k] = _run(world, search, clock, one, steps, 1.0)
        runners = _ranked(runners)
    runners = runners[: race.finalists]
    for k, one in enumerate(runners):
        until = clock.spent() + (1.0 - clock.spent()) / (len(runners) - k)
        runners[k] = _run(world, search, clock, one, None, until)
    best = min(runners, key=lambda one: (not one.holds, one.worth))
    cost = best.worth if best.holds else math.inf
    return LocationRoutes(
        routes=tuple((depot, tuple(stops)) for depot, stops in best.plan),
        cost=cost,
        lower_bound=radial_bound(problem),
        steps=clock.steps,
    )


@dataclass(frozen=True, kw_only=True, eq=False)
class _Runner:
    depots: BoolArray
    holds: bool
    worth: float
    plan: Plan


def _world(problem: LocationRoutingProblem, parameters: PointParameters | None) -> PointWorld:
    customers = len(problem.demand)
    near = np.where(np.eye(customers, dtype=np.bool_), 0.0, np.inf)
    return build_point_world(
        leg_yuan=problem.cost,
        leg_s=np.zeros_like(problem.cost),
        vehicle=(problem.capacity, np.inf, problem.route_cost),
        depots=(problem.depot_cost, problem.depot_capacity),
        sites=(np.zeros(customers), np.full(customers, np.inf), np.ones(customers, dtype=np.bool_)),
        demand=problem.demand,
        near=near,
        missing=np.zeros_like(near),
        missing_none=np.ones(customers),
        parameters=parameters,
    )


def _run(
    world: PointWorld, search: PointSearch, clock: PointClock, one: _Runner, most: int | None, until: float
) -> _Runner:
    """Anneal one set of depots from its best plan."""
    search.depot_open[:] = one.depots
    if one.plan:
        enter_plan(world, search, one.plan)
    else:
        clear(world, search)
        begin(world, search)
    leg = mean_leg(world, plan_of_best(search.best))
    search.penalties[:] = [20.0 * leg, 20.0 * leg]
    search.penalty_range[:] = [2.0 * leg, 1e4 * leg, 0.1 * leg, 1e3 * leg]
    hot = world.parameters.hot if most is None or not one.plan else world.parameters.warm
    anneal(world, search, clock, until, leg=leg, hot=hot, most=most)
    beyond, cost = best_of(search)
    return _Runner(
        depots=one.depots, holds=beyond == 0.0, worth=cost + 20.0 * leg * beyond, plan=plan_of_best(search.best)
    )


def _start(
    problem: LocationRoutingProblem, world: PointWorld, search: PointSearch, clock: PointClock, race: RaceParameters
) -> list[_Runner]:
    """Return sets of depots that have run for a short while, the best first; what cannot undercut the best is left out."""
    runners: list[_Runner] = []
    least = math.inf
    for bound, depots in sorted(_sets(problem), key=lambda one: one[0])[: race.most_sets]:
        if bound >= least or clock.spent() > race.race_share / 2:
            break
        one = _Runner(depots=depots, holds=False, worth=math.inf, plan=[])
        runners.append(_run(world, search, clock, one, race.first_steps, 1.0))
        if runners[-1].holds:
            least = min(least, runners[-1].worth)
    return _ranked(runners)


def _ranked(runners: list[_Runner]) -> list[_Runner]:
    """Return the runners, first the best whose plan holds, then all others by what they are worth."""
    ranked = sorted(runners, key=lambda one: one.worth)
    first = [one for one in ranked if one.holds][:1]
    return first + [one for one in ranked if one not in first]


def _sets(problem: LocationRoutingProblem) -> Iterator[tuple[float, BoolArray]]:
    """Yield sets of depots whose capacities suffice, with what no plan that uses them all can undercut."""
    depots, total = len(problem.depot_cost), problem.demand.sum()
    routes = math.ceil(total / problem.capacity - 1e-9)
    radial = _radial(problem)
    for size in range(1, depots + 1):
        for chosen in itertools.combinations(range(depots), size):
            if problem.depot_capacity[list(chosen)].sum() < total - 1e-9:
                continue
            mask = np.zeros(depots, dtype=np.bool_)
            mask[list(chosen)] = True
            cost = problem.depot_cost[mask].sum() + routes * problem.route_cost
            yield float(cost + radial[mask].min(axis=0).sum()), mask


def _radial(problem: LocationRoutingProblem) -> FloatArray:
    """Return by depot and customer the customer's share of going out and back: a bound of any route's legs from below.

    Where no detour is shorter, a route is at least as long as out to its farthest customer and back, so as long as their
    mean weighted by demand over the capacity (Haimovich & Rinnooy Kan 1985).
    """
    depots = len(problem.depot_cost)
    there = problem.cost[:depots, depots:] + problem.cost[depots:, :depots].T
    return np.asarray(there * problem.demand / problem.capacity)


def radial_bound(problem: LocationRoutingProblem) -> float:
    """Return what no plan can undercut, where no detour is shorter: the least over all sets of depots that suffice."""
    return min((bound for bound, _ in _sets(problem)), default=math.inf)
