"""PyVRP with every feature it claims: told the same costs as the check, and as good as the best of all plans.

On two worlds its own search stays at a dearer plan whatever the seed; there the best plan is what it is told as a solution.
"""

import math
import sys
from dataclasses import replace

import pytest

from planner.errors import MissingExtraError, UsageError
from planner.routing import Break, DrivingRule, Lock, Pair
from planner.routing.check import check
from planner.routing.engines import ortools, pyvrp
from planner.routing.features import Feature, features_of
from planner.routing.solve import plan_of, solve_routing
from planner.routing.timing import VehicleSteps
from tests.planner.routing.feature_worlds import change_kinds, world_with
from tests.planner.routing.planar_worlds import FOUR, WORLDS, best_of_all, lost, stop, task, van, world

ITERATIONS = 300
STUCK = ("pair_in_one_place", "reloads")
KNOWN = [name for name, one in WORLDS.items() if features_of(one) <= pyvrp.KNOWS and not pyvrp.lacks(one)]


@pytest.fixture
def package():
    return pytest.importorskip("pyvrp", reason="PyVRP is not installed: pip install 'rural-service-planner[pyvrp]'")


@pytest.mark.usefixtures("package")
@pytest.mark.parametrize("name", [name for name in KNOWN if name not in STUCK])
def test_as_good_as_the_best_of_all_plans(name):
    problem = WORLDS[name]
    plan = solve_routing(problem, iterations=ITERATIONS, seed=1, engine="pyvrp")
    assert check(problem, plan) == ()
    assert lost(problem, plan) == pytest.approx(best_of_all(problem), abs=0.005)


def told(problem, routes):
    """The routes as PyVRP's solution, and what they cost it in yuan."""
    from planner.routing.engines.pyvrp.model import Model
    from planner.routing.engines.pyvrp.scaled import ScaledProblem

    chosen = ScaledProblem(problem, problem.stops)
    solution = Model(chosen, required=False).solution(routes)
    parts = solution.distance_cost() + solution.duration_cost() + solution.fixed_vehicle_cost()
    return solution, parts / chosen.scales.of_a_yuan


@pytest.mark.slow
@pytest.mark.usefixtures("package")
@pytest.mark.parametrize("name", [name for name in KNOWN if name != "fewest_vehicles"])
def test_a_good_plan_costs_it_what_the_check_says(name):
    problem = WORLDS[name]
    routes = named(problem, ortools.order_stops(task(problem, 100)))
    plan = plan_of(problem, routes, engine="ortools", seed=1)
    if name in STUCK:
        assert lost(problem, plan) == pytest.approx(best_of_all(problem), abs=0.005)
    solution, yuan = told(problem, routes)
    assert solution.is_feasible()
    assert yuan == pytest.approx(plan.cost_yuan, abs=0.005)


def named(problem, routes):
    free = {kind.id: iter(kind.vehicle_ids()) for kind in problem.vehicle_types}
    return [VehicleSteps(kind, steps, next(free[kind.id])) for kind, steps in routes if steps]


@pytest.mark.usefixtures("package")
@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("feature", sorted(pyvrp.KNOWS))
def test_worlds_with_a_feature_cost_what_it_was_told(feature, seed):
    problem = world_with([feature], seed)
    if feature is Feature.LIMITS:
        problem = change_kinds(problem, max_driving_s=math.inf)
    if pyvrp.lacks(problem):  # a further window of a stop in a pair
        problem = replace(problem, stops=tuple(replace(s, further_windows=()) for s in problem.stops))
    chain = pyvrp.chain_of(task(problem, ITERATIONS))
    chain.run_to(1.0)
    routes = chain.routes()
    plan = plan_of(problem, routes, engine="pyvrp", seed=1)
    assert check(problem, plan) == ()
    if not problem.fewest_vehicles:
        assert told(problem, routes)[1] == pytest.approx(plan.cost_yuan, abs=0.005)


@pytest.mark.usefixtures("package")
def test_the_same_routes_every_time():
    problem = WORLDS["reloads_both_ways"]
    first, second = (solve_routing(problem, iterations=200, seed=7, engine="pyvrp") for _ in range(2))
    assert first == second


def test_the_worlds_have_every_feature_that_is_claimed():
    assert frozenset().union(*(features_of(WORLDS[name]) for name in KNOWN)) == pyvrp.KNOWS


LUNCH = Break(id="lunch", opens_s=1200.0, closes_s=1500.0, duration_s=900.0)
PAIRED = {"stops": (stop("a", 0, 3), stop("d", 3, 0)), "pairs": (Pair(pickup_id="a", delivery_id="d"),)}


@pytest.mark.parametrize(
    ("words", "problem"),
    [
        ("breaks", world(van(breaks=(LUNCH,)))),
        ("driving_rule", world(van(driving_rule=DrivingRule(driving_s=14_400, rest_s=1200)))),
        ("speed_of_day", world(speed_of_day=((0.0, 0.5),))),
        ("orders", world(before=(("d", "a"),))),
        ("locks", world(locks=(Lock(vehicle_id="van-2", stop_ids=("d",)),))),
        ("balance", world(balance_duty_yuan=1.0)),
        ("limits on driving times", world(van(max_driving_s=3600.0))),
        ("limits on stops with pairs or reloads", world(van(max_stops=2), **PAIRED)),
        (
            "limits on metres of vehicles that pay for driving times",
            world(van(max_distance_m=50_000, cost_per_driving_hour_yuan=1.0)),
        ),
        (
            "setup times in shared places",
            world(stops=(stop("a", setup_duration_s=60.0), stop("x", location_id="a"))),
        ),
        ("pairs with reloads", world(van(reload_depot_ids=("hub",), max_reloads=1), **PAIRED)),
        ("releases with reloads that take time", WORLDS["releases_and_reloads"]),
        (
            "several windows of a stop in a pair",
            world(
                stops=(stop("a", 0, 3, closes_s=60.0, further_windows=((90.0, 9000.0),)), stop("d", 3, 0)),
                pairs=PAIRED["pairs"],
            ),
        ),
    ],
)
def test_what_it_does_not_know_is_refused_by_name(words, problem):
    with pytest.raises(UsageError, match=f"does not know.*{words}"):
        solve_routing(problem, iterations=1, seed=1, engine="pyvrp")


def test_a_limit_on_metres_that_cost_nothing():
    pytest.importorskip("pyvrp", reason="PyVRP is not installed")
    problem = world(van(count=4, cost_per_km_yuan=0.0, max_distance_m=16_000), stops=FOUR)
    plan = solve_routing(problem, iterations=ITERATIONS, seed=1, engine="pyvrp")
    assert lost(problem, plan) == pytest.approx(best_of_all(problem), abs=0.005)


def test_a_second_load_waits_for_its_goods():
    pytest.importorskip("pyvrp", reason="PyVRP is not installed")
    problem = change_kinds(WORLDS["releases_and_reloads"], reload_duration_s=0.0)
    plan = solve_routing(problem, iterations=ITERATIONS, seed=1, engine="pyvrp")
    assert [len(route.reloads) for route in plan.routes] == [1]
    assert lost(problem, plan) == pytest.approx(best_of_all(problem), abs=0.005)


def test_without_the_package_it_says_how_to_get_it(monkeypatch):
    monkeypatch.setitem(sys.modules, "pyvrp", None)
    with pytest.raises(MissingExtraError, match=r"pip install 'rural-service-planner\[pyvrp\]'"):
        solve_routing(world(), iterations=1, seed=1, engine="pyvrp")
