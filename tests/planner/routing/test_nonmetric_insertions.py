"""Where times and metres are not metric: no place is overlooked, and the search finds what trying all routes finds."""

from dataclasses import replace
from itertools import permutations

import numpy as np
import pytest

from planner.model import TravelMatrix
from planner.routing import Depot, Pair, RoutingProblem, Stop
from planner.routing.check import check
from planner.routing.engines.crews import crews_of
from planner.routing.engines.sisr.arrays import NEVER
from planner.routing.engines.sisr.draws import new_source
from planner.routing.engines.sisr.parameters import SIMULATED
from planner.routing.engines.sisr.simulated.arrays import new_search
from planner.routing.engines.sisr.simulated.build import build_world
from planner.routing.engines.sisr.simulated.price import price
from planner.routing.engines.sisr.simulated.recreate import build_with, look_and_price, recreate
from planner.routing.engines.sisr.simulated.routes import give
from planner.routing.solve import solve_routing
from tests.planner.routing.every_route import most_served, random_world
from tests.planner.routing.worlds import vehicle

MINUTE = 60.0
EXACT = replace(SIMULATED, blink_share=0.0, all_routes_share=1.0)


def world_of_a_pair(seed):
    """Return the arrays of a van, a pair and five stops, all ways drawn on their own, set-ups and close windows."""
    rng = np.random.default_rng(seed)
    ids = ("hub", *"abcdepq")
    minutes = rng.integers(1, 40, size=(len(ids),) * 2).astype(float)
    np.fill_diagonal(minutes, 0.0)
    stops = []
    for id_ in ids[1:]:
        opens = float(rng.integers(0, 120)) * MINUTE
        one = Stop(
            id=id_,
            name=id_,
            delivery=(1.0,) if id_ == "q" else (0.0,),
            pickup=(1.0,) if id_ != "q" else (0.0,),
            opens_s=opens,
            closes_s=opens + float(rng.integers(30, 160)) * MINUTE,
            service_duration_s=float(rng.integers(0, 3)) * MINUTE,
            setup_duration_s=float(rng.choice([0, 0, 12])) * MINUTE,
            location_id="a" if id_ in "bq" and rng.random() < 0.2 else "",
        )
        stops.append(one)
    van = replace(vehicle(count=1, capacity=(100.0,), max_duration_s=1e9, fixed_cost_yuan=5.0), shift_start_s=0.0)
    travel = TravelMatrix(
        origin_ids=ids, destination_ids=ids, durations_s=minutes * MINUTE, distances_m=rng.permuted(minutes) * 1000.0
    )
    problem = RoutingProblem(
        dimensions=("kg",),
        depots=(Depot(id="hub", name="hub"),),
        stops=tuple(stops),
        vehicle_types=(replace(van, shift_end_s=float(rng.integers(150, 400)) * MINUTE),),
        travel=travel,
        pairs=(Pair(pickup_id="p", delivery_id="q"),),
    )
    return build_world(problem, problem.stops, crews_of(problem, problem.stops), EXACT), rng


def inserted_and_best(seed, broken):
    """Return what the route costs with the pair where recreation puts it, and the least of all places.

    None if no drawn order of stops is a route that holds, or, of ``broken`` ones, none that does not.
    """
    world, rng = world_of_a_pair(seed)
    search = new_search(world, new_source(seed))
    for order in rng.permutation(np.array(list(permutations(range(5), int(rng.integers(2, 6))))))[:40]:
        give(world, search.routes, 0, order, len(order), 0.0)
        cost = look_and_price(world, search, 0)
        if (cost >= NEVER) == broken:
            break
    else:
        return None
    give(world, search.routes, 0, order, len(order), cost)
    best = NEVER
    for i in range(len(order) + 1):
        for j in range(i, len(order) + 1):
            build_with(search, world, 0, 5, i, 6, j)
            best = min(best, price(world, search.routes, search.trial, 2 * NEVER))
    search.pending[0] = 5
    left = recreate(world, search, 1)
    return (NEVER if left else search.routes.cost[0]), best


@pytest.mark.parametrize("broken", [False, True])
def test_a_pair_is_put_where_no_other_place_costs_less(broken):
    found = [pair for seed in range(300) if (pair := inserted_and_best(seed, broken)) is not None]
    for made, best in found:
        assert made == pytest.approx(best, abs=1e-6)
    assert sum(best < NEVER for _, best in found) >= 5


@pytest.mark.parametrize("kind", ["times", "windows", "ranges", "pairs", "setup"])
def test_as_many_stops_are_served_as_any_routes_can(kind):
    tried = 0
    for seed in range(12):
        problem = random_world(seed, kind)
        if any(van.breaks for van in problem.vehicle_types):
            continue
        plan = solve_routing(problem, iterations=20, seed=1, engine="ruin_recreate")
        assert check(problem, plan) == ()
        served = sum(len(route.visits) for route in plan.routes)
        assert served == most_served(problem)[0], (kind, seed)
        tried += 1
    assert tried >= 6
