"""Routes to start from: every engine takes them up, and never answers with worse."""

import math
from dataclasses import replace

import pytest

from planner.errors import BadDataError
from planner.routing.check import check
from planner.routing.engines.registry import ENGINES as REGISTRY
from planner.routing.features import features_of
from planner.routing.solve import solve_routing
from planner.routing.timing import VehicleSteps
from planner.routing.worth import worth
from tests.planner.routing.planar_worlds import FOUR, WORLDS, best_of_all, lost, task, van, world

ENGINES = ("ruin_recreate", "ortools", "pyvrp")


def routes_of(problem, plan):
    """The routes that a plan consists of, without its breaks."""
    steps = {stop.id: stop for stop in problem.stops}
    depots = {depot.id: depot for depot in problem.depots}
    kinds = {kind.id: kind for kind in problem.vehicle_types}
    routes = []
    for route in plan.routes:
        calls = [steps[visit.stop_id] for visit in route.visits]
        for reload in sorted(route.reloads, key=lambda one: one.after, reverse=True):
            calls.insert(reload.after, depots[reload.depot_id])
        routes.append(VehicleSteps(kinds[route.vehicle_type_id], calls, route.vehicle_id))
    return routes


def engine_or_skip(engine):
    if engine == "pyvrp":
        pytest.importorskip("pyvrp", reason="PyVRP is not installed")
    return engine


@pytest.mark.slow
@pytest.mark.parametrize("name", ["reloads", "pair_in_one_place", "named", "windows", "open_both", "locks", "profiles"])
@pytest.mark.parametrize("engine", ENGINES)
def test_the_best_of_all_plans_is_kept(engine, name):
    problem = WORLDS[name]
    if lacking := REGISTRY[engine_or_skip(engine)].lacking(problem):
        pytest.skip(f"{engine} does not know {', '.join(lacking)}")
    best = solve_routing(problem, iterations=300, seed=1, engine="ortools")
    assert lost(problem, best) == pytest.approx(best_of_all(problem), abs=0.011)
    again = solve_routing(problem, iterations=1, seed=3, engine=engine, start=routes_of(problem, best))
    assert check(problem, again) == ()
    assert worth(problem, again) <= worth(problem, best)


@pytest.mark.slow
@pytest.mark.parametrize("engine", ENGINES)
def test_a_poor_start_is_made_better_and_stops_it_lacks_are_served(engine):
    problem = world(van(count=4))
    start = [VehicleSteps(problem.vehicle_types[0], [stop], f"van-{k + 1}") for k, stop in enumerate(FOUR[:3])]
    plan = solve_routing(problem, iterations=300, seed=1, engine=engine_or_skip(engine), start=start)
    assert lost(problem, plan) == pytest.approx(best_of_all(problem), abs=0.011)


@pytest.mark.slow
@pytest.mark.parametrize("engine", ENGINES)
def test_the_search_itself_begins_where_it_is_told(engine):
    """With no time to search, what it finds is what it was given: two stops on one van, though others are cheaper."""
    from planner.routing.engines import ortools, pyvrp, sisr

    engine_or_skip(engine)
    problem = world(van(count=4, capacity=(4.0,)))
    best = solve_routing(problem, iterations=300, seed=1, engine="ortools")
    start = routes_of(problem, best)
    given = task(problem, 1, start=start)
    if engine == "ruin_recreate":
        (chain,) = sisr.chains_of(given, [1])
        routes = chain.routes()
    elif engine == "pyvrp":
        routes = pyvrp.chain_of(given).routes()
    else:
        routes = ortools.order_stops(given)
    assert [[s.id for s in one[1]] for one in routes] == [[s.id for s in one.steps] for one in start]


def test_routes_that_are_invalid_are_refused():
    problem = world(van(count=1, capacity=(2.0,)))
    with pytest.raises(BadDataError, match="start from are invalid"):
        solve_routing(problem, iterations=1, seed=1, start=[VehicleSteps(problem.vehicle_types[0], FOUR)])


def test_routes_of_strangers_are_refused_by_name():
    strange = [(van("lorry"), [FOUR[0], replace(FOUR[1], id="zz")]), (van(), [FOUR[2]])]
    with pytest.raises(BadDataError) as caught:
        solve_routing(world(stops=FOUR), iterations=1, seed=1, start=strange)
    assert caught.value.problems == (
        "route 1: there is no vehicle type 'lorry'",
        "route 1: there is no stop or depot 'zz'",
    )


@pytest.mark.parametrize("engine", ENGINES)
def test_any_whole_number_is_a_seed(engine):
    for seed in (-1, 2**63):
        plan = solve_routing(world(stops=FOUR), iterations=2, seed=seed, engine=engine_or_skip(engine))
        assert plan.seed == seed


def test_a_search_that_cannot_start_says_all_that_is_wrong():
    with pytest.raises(BadDataError) as caught:
        solve_routing(world(stops=FOUR), iterations=2.5, cpu_seconds=math.inf, seed=1.5, threads=1.5)
    assert [problem.split(" ")[0] for problem in caught.value.problems] == [
        "seed",
        "iterations",
        "cpu_seconds",
        "threads",
    ]


def test_a_start_with_vehicles_left_unnamed():
    problem = replace(WORLDS["windows"])
    assert features_of(problem) <= REGISTRY["ruin_recreate"].knows
    best = solve_routing(problem, iterations=300, seed=1, engine="ortools")
    start = [(one.kind, one.steps) for one in routes_of(problem, best)]
    again = solve_routing(problem, iterations=1, seed=2, start=start)
    assert worth(problem, again) <= worth(problem, best)
