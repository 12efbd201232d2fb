"""Brute force over all orders and splits on tiny worlds against the solver."""

from dataclasses import replace
from itertools import permutations

import numpy as np
import pytest

from planner.model import TravelMatrix
from planner.routing import Depot, RoutingProblem, Stop
from planner.routing.check import check
from planner.routing.solution import UnassignedReason
from planner.routing.solve import solve_routing
from tests.planner.routing.worlds import vehicle

VAN = vehicle(max_duration_s=30_000.0, cost_per_km_yuan=2.0)


def world(seed: int, count: int = 4, **changes: object) -> RoutingProblem:
    rng = np.random.default_rng(seed)
    xy = rng.uniform(0, 20_000, size=(count + 1, 2))
    metres = np.hypot(*(xy[:, None] - xy[None]).transpose(2, 0, 1)).round()
    ids = ("hub", *(f"s{i}" for i in range(count)))
    stops = tuple(
        Stop(
            id=id_,
            name=id_,
            delivery=(float(rng.integers(10, 45)),),
            pickup=(float(rng.integers(0, 45)),),
            opens_s=0.0,
            closes_s=39_000.0,
            service_duration_s=120.0,
        )
        for id_ in ids[1:]
    )
    values = {
        "dimensions": ("kg",),
        "depots": (Depot(id="hub", name="hub"),),
        "stops": stops,
        "vehicle_types": (VAN,),
        "travel": TravelMatrix(
            origin_ids=ids, destination_ids=ids, durations_s=np.ceil(metres / 10), distances_m=metres
        ),
    }
    return RoutingProblem(**(values | changes))


def carries(stops: tuple[Stop, ...]) -> bool:
    load = sum(stop.delivery[0] for stop in stops)
    loads = [load := load + stop.pickup[0] - stop.delivery[0] for stop in stops]
    return max([sum(stop.delivery[0] for stop in stops), *loads]) <= 100


def cost_of(problem: RoutingProblem, part: tuple[Stop, ...]) -> float:
    """The price of one route: 50 yuan, 2 yuan a kilometre, 36 yuan an hour; inf if a window, the shift or the van is short.

    All windows open with the shift, so nobody waits and duty is driving and service.
    """
    if not carries(part):
        return np.inf
    number = {id_: i for i, id_ in enumerate(problem.travel.origin_ids)}
    at, clock, metres = 0, 0.0, 0.0
    for stop in part:
        to = number[stop.id]
        clock, metres = clock + problem.travel.durations_s[at, to], metres + problem.travel.distances_m[at, to]
        if clock > 39_000:
            return np.inf
        clock, at = clock + 120, to
    clock, metres = clock + problem.travel.durations_s[at, 0], metres + problem.travel.distances_m[at, 0]
    return np.inf if clock > 30_000 else 50 + 2 * metres / 1000 + 36 * clock / 3600


def best_by_trying_all(problem: RoutingProblem) -> float:
    return min(
        sum(cost_of(problem, part) for part in (order[:cut], order[cut:]) if part)
        for order in permutations(problem.stops)
        for cut in range(len(order) + 1)
    )


@pytest.mark.parametrize("seed", range(6))
def test_tiny_worlds_are_solved_as_well_as_by_trying_all(seed):
    problem = world(seed)
    plan = solve_routing(problem, iterations=100, seed=1)
    best = best_by_trying_all(problem)
    assert np.isfinite(best)  # both vans together can serve each of these worlds
    assert not plan.unassigned
    assert plan.cost_yuan == pytest.approx(best, abs=0.5)
    assert 0 < plan.lower_bound_yuan <= best
    assert check(problem, plan) == ()


def test_the_same_seed_and_iterations_give_the_same_plan():
    problem = world(3, 7)
    assert solve_routing(problem, iterations=50, seed=1) == solve_routing(problem, iterations=50, seed=1)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"delivery": (101.0,)}, UnassignedReason.TOO_LARGE),
        ({"closes_s": 0.0}, UnassignedReason.WINDOW_TOO_EARLY),
        ({"opens_s": 39_999.0, "closes_s": 39_999.0}, UnassignedReason.SHIFT_TOO_SHORT),
    ],
)
def test_a_stop_no_vehicle_can_serve_alone_says_why(changes, reason):
    good = world(1, 2)
    problem = replace(good, stops=(replace(good.stops[0], **changes), good.stops[1]))
    (left,) = solve_routing(problem, iterations=10, seed=1).unassigned
    assert (left.stop_id, left.reason) == ("s0", reason)


def test_a_fleet_that_is_too_small_leaves_stops_and_says_so():
    problem = world(2, 6, vehicle_types=(replace(VAN, count=1, capacity=(50.0,)),))
    plan = solve_routing(problem, iterations=50, seed=1)
    assert {left.reason for left in plan.unassigned} == {UnassignedReason.FLEET_USED_UP}
    assert len(plan.unassigned) + sum(len(route.visits) for route in plan.routes) == 6
