"""Capacitated location-routing against all plans."""

from __future__ import annotations

import itertools
from dataclasses import replace

import numpy as np
import pytest

from planner.service.frontier.location_routing import (
    LocationRoutes,
    LocationRoutingProblem,
    radial_bound,
    solve_location_routing,
)
from tests.planner.service.frontier.every_plan import cheapest_location_routing


def tiny(seed: int) -> LocationRoutingProblem:
    """Three depots and five customers on a plane."""
    draws = np.random.default_rng(seed)
    places = draws.uniform(0.0, 50.0, (8, 2))
    return LocationRoutingProblem(
        cost=np.ceil(100.0 * np.hypot(*(places[:, None] - places[None]).transpose(2, 0, 1))),
        depot_cost=draws.integers(1000, 9000, 3).astype(float),
        depot_capacity=draws.integers(15, 30, 3).astype(float),
        demand=draws.integers(3, 9, 5).astype(float),
        capacity=15.0,
        route_cost=1000.0,
    )


def replayed(problem: LocationRoutingProblem, answer: LocationRoutes) -> float:
    """The cost of routes that serve everybody within the capacities, from the routes alone."""
    assert sorted(c for _, stops in answer.routes for c in stops) == list(range(len(problem.demand)))
    loads = np.zeros(len(problem.depot_cost))
    cost, first = 0.0, len(problem.depot_cost)
    for depot, stops in answer.routes:
        load = problem.demand[list(stops)].sum()
        assert load <= problem.capacity
        loads[depot] += load
        legs = itertools.pairwise([depot, *(first + stop for stop in stops), depot])
        cost += problem.route_cost + sum(float(problem.cost[a, b]) for a, b in legs)
    assert (loads <= problem.depot_capacity).all()
    return cost + float(problem.depot_cost[loads > 0].sum())


@pytest.mark.parametrize("seed", range(12))
def test_a_tiny_world_is_solved_as_well_as_by_trying_everything(seed: int) -> None:
    problem = tiny(seed)
    answer = solve_location_routing(problem, iterations=60, seed=1)
    assert answer.cost == replayed(problem, answer) == cheapest_location_routing(problem)
    assert radial_bound(problem) <= answer.cost


def test_the_same_iterations_and_seed_give_the_same_plan() -> None:
    answers = [solve_location_routing(tiny(3), iterations=30, seed=5) for _ in range(2)]
    assert answers[0] == answers[1]


def test_roomier_depots_never_cost_more() -> None:
    problem = tiny(4)
    roomier = replace(problem, depot_capacity=2.0 * problem.depot_capacity)
    costs = [solve_location_routing(one, iterations=60, seed=1).cost for one in (roomier, problem)]
    assert costs[0] <= costs[1]


def test_without_a_limit_nothing_begins() -> None:
    with pytest.raises(ValueError, match="no limit"):
        solve_location_routing(tiny(1))
