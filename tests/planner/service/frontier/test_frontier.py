"""The frontier of what is reached against what it costs a year."""

from __future__ import annotations

import itertools
from dataclasses import replace

import numpy as np
import pytest

from benchmarks.frontier_counties import county, every_equal_set
from planner.errors import BadDataError
from planner.service.frontier import (
    Frontier,
    FrontierAim,
    FrontierProblem,
    FrontierVehicle,
    check_frontier,
    plan_frontier,
)
from tests.planner.service.frontier.every_plan import cheapest_frontier

ALL_LOSSES = tuple(k / 20 for k in range(20))


def tiny(seed: int, **changes: object) -> FrontierProblem:
    """Six villages that are sites, three of which may be open."""
    draws = np.random.default_rng(seed)
    places = draws.uniform(0.0, 30.0, (7, 2)).round(1)
    metres = 1000.0 * np.hypot(*(places[:, None] - places[None]).transpose(2, 0, 1))
    ids = tuple("abcdef")
    given: dict[str, object] = {
        "village_ids": ids,
        "weight": draws.integers(1, 9, 6).astype(float),
        "demand": draws.integers(1, 5, 6).astype(float),
        "site_ids": ids,
        "site_yuan": draws.integers(100, 3000, 6).astype(float),
        "site_capacity": np.full(6, np.inf),
        "access_s": metres[1:, 1:] / 5.0,
        "standard_s": 1800.0,
        "durations_s": metres / 10.0,
        "distances_m": metres,
        "vehicle": FrontierVehicle(capacity=20.0, yuan_per_route=5.0),
        "coverage_only": ("a", "c", "e"),
        "days": 100,
        "most_sites": 3,
    }
    return FrontierProblem(**{**given, **changes})  # type: ignore[arg-type]


def solved(problem: FrontierProblem, **options: object) -> Frontier:
    frontier = plan_frontier(problem, **{"iterations": 120, "routing_iterations": 0, **options})  # type: ignore[arg-type]
    assert check_frontier(problem, frontier) == ()
    return frontier


@pytest.mark.parametrize("seed", range(12))
def test_no_plan_of_a_tiny_world_is_better_than_the_frontier(seed: int) -> None:
    vehicle = FrontierVehicle(capacity=20.0 if seed % 2 else 12.0, yuan_per_route=5.0)
    problem = tiny(seed, vehicle=vehicle, budget_yuan=4000.0 if seed % 3 == 0 else np.inf, coverage_only=("a",))
    if seed % 3 == 1:
        problem = replace(problem, fixed=np.arange(6) == 0, forbidden=np.arange(6) == 4)
    if seed % 3 == 2:
        problem = replace(problem, must=np.arange(6) >= 4, coverage_only=("a", "d"))
    every = cheapest_frontier(problem)
    frontier = solved(problem, losses=ALL_LOSSES)
    least = frontier.coverage_only.covered if frontier.coverage_only else 0.0
    best = [one for one in every if one[0] >= least - 1e-9]
    cheapest = min(yuan for _, yuan in best)
    at_least = min(point.yuan for point in frontier.points if point.covered >= least - 1e-9)
    assert at_least == pytest.approx(cheapest)
    for point in frontier.points:  # nothing that is promised undercuts what can be had
        assert point.yuan >= min(yuan for covered, yuan in every if covered >= point.covered - 1e-9) - 1e-6


def test_each_point_is_confirmed_by_the_routing_engine() -> None:
    frontier = solved(tiny(1), routing_iterations=2)
    assert all(point.routing_yuan == pytest.approx(point.routes_yuan) for point in frontier.points)


def test_the_same_seed_and_iterations_give_the_same_frontier() -> None:
    assert solved(tiny(2), seed=7) == solved(tiny(2), seed=7)


def test_more_expensive_kilometres_never_make_a_frontier_cheaper() -> None:
    problem = tiny(3)
    dearer = replace(problem, vehicle=replace(problem.vehicle, yuan_per_km=2.0))
    assert solved(problem).points[0].yuan < solved(dearer).points[0].yuan


def test_twice_the_money_of_everything_changes_no_plan() -> None:
    problem = tiny(4)
    twice = FrontierVehicle(capacity=20.0, yuan_per_route=10.0, yuan_per_km=2.0)
    double = replace(problem, vehicle=twice, site_yuan=2.0 * problem.site_yuan)
    for one, other in zip(solved(problem).points, solved(double).points, strict=True):
        assert one.site_ids == other.site_ids
        assert 2.0 * one.yuan == pytest.approx(other.yuan)


def test_minutes_can_be_the_aim() -> None:
    frontier = solved(tiny(5, aim=FrontierAim.MINUTES))
    minutes = [point.mean_minutes for point in frontier.points]
    assert minutes == sorted(minutes, reverse=True)


def test_a_plan_that_no_fleet_can_drive_is_no_reference() -> None:
    problem = tiny(6, vehicle=FrontierVehicle(capacity=0.5))
    frontier = plan_frontier(problem, iterations=20, routing_iterations=0)
    assert (frontier.coverage_only, frontier.points) == (None, ())


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"km": 1.0}, "frontier_figure_differs"),
        ({"covered": 99.0}, "frontier_figure_differs"),
        ({"routes": ()}, "frontier_site_not_served_once"),
        ({"hand_over": ("a",) * 6}, "frontier_hand_over_differs"),
        ({"site_ids": ("a", "c", "z")}, "frontier_unknown_site"),
        ({"site_ids": tuple("abcdef")}, "frontier_too_many_sites"),
    ],
)
def test_the_check_notices(change: dict[str, object], code: str) -> None:
    problem = tiny(1)
    frontier = solved(problem)
    broken = replace(frontier, coverage_only=replace(frontier.coverage_only, **change))  # type: ignore[type-var]
    assert code in {fact.code for fact in check_frontier(problem, broken)}


def test_the_check_notices_a_dominated_point_and_an_overload() -> None:
    problem = tiny(1)
    frontier = solved(problem)
    worse = replace(frontier.points[0], sites_yuan=frontier.points[0].sites_yuan + 1.0)
    found = check_frontier(problem, replace(frontier, points=(*frontier.points, worse)))
    assert {"frontier_point_dominated", "frontier_figure_differs"} <= {fact.code for fact in found}
    small = replace(problem, vehicle=replace(problem.vehicle, capacity=1.0))
    assert "frontier_route_overloaded" in {fact.code for fact in check_frontier(small, frontier)}


def test_a_village_that_must_be_covered_costs_what_it_costs() -> None:
    # three villages 10 km apart on a line from the hub; the farthest is of 1 person of 100 and must be covered all the same
    metres = 10_000.0 * np.abs(np.subtract.outer(np.arange(4.0), np.arange(4.0)))
    ids = ("near", "middle", "far")
    problem = FrontierProblem(
        village_ids=ids,
        weight=np.array([50.0, 49.0, 1.0]),
        demand=np.ones(3),
        site_ids=ids,
        site_yuan=np.zeros(3),
        site_capacity=np.full(3, np.inf),
        access_s=metres[1:, 1:] / 10.0,
        standard_s=60.0,
        durations_s=metres / 10.0,
        distances_m=metres,
        vehicle=FrontierVehicle(capacity=3.0),
        coverage_only=ids,
        days=1,
    )
    free, bound = (solved(replace(problem, must=must), losses=(0.0, 0.01)) for must in (None, np.arange(3) == 2))
    # at a loss of one in a hundred the van turns back at the second village: 2 x 20 km instead of 2 x 30
    assert [(point.covered, point.km) for point in free.points] == [(99.0, 40.0), (100.0, 60.0)]
    assert [(point.covered, point.km) for point in bound.points] == [(100.0, 60.0)]
    broken = replace(bound, points=free.points[:1])
    assert "frontier_village_must_be_covered" in {
        fact.code for fact in check_frontier(replace(problem, must=np.arange(3) == 2), broken)
    }


def test_all_faults_are_named_at_once() -> None:
    with pytest.raises(BadDataError) as caught:
        tiny(1, coverage_only=("z", "a", "b", "c"), fixed=np.arange(6) == 5, forbidden=np.arange(6) == 5)
    text = str(caught.value)
    assert "'z'" in text
    assert "both fixed and forbidden" in text
    assert "'f' is missing" in text
    assert "4 sites, more than 3" in text


@pytest.mark.parametrize("seed", [1, 4])
def test_a_clustered_county_has_a_plan_by_coverage_alone_and_none_is_worse(seed: int) -> None:
    # of these the largest point hands out more than a fifth of all parcels, which was once all that a vehicle held
    problem = county(98, seed, 0.2, clustered=True)
    frontier = solved(problem, iterations=40, losses=(0.0, 0.02))
    reference = frontier.coverage_only
    assert reference is not None
    good = [point for point in frontier.points if point.covered >= reference.covered - 1e-6]
    assert min(point.km for point in good) <= reference.km
    assert frontier.points[0].km < reference.km


def test_all_sets_of_equal_coverage_are_found_and_the_best_is_the_frontiers() -> None:
    problem = county(30, 3, 0.1, clustered=False)
    covers = problem.access_s <= problem.standard_s
    reference = np.isin(problem.site_ids, problem.coverage_only)
    most = problem.weight[covers[:, reference].any(axis=1)].sum()
    sets = [
        sites
        for sites in itertools.combinations(range(30), problem.limit)
        if problem.weight[covers[:, sites].any(axis=1)].sum() >= most
    ]
    complete, least_km = every_equal_set(problem, len(sets) + 20)
    assert complete
    at_equal = min(point.km for point in solved(problem, losses=(0.0,)).points)
    assert at_equal == pytest.approx(least_km)
