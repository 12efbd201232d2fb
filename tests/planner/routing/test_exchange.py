"""What engines hand on to each other: the same routes, at the same cost, whichever of them found these."""

from dataclasses import replace

import pytest

from planner.routing import Pair
from planner.routing.check import check
from planner.routing.engines import pyvrp, sisr
from planner.routing.features import features_of
from planner.routing.solve import plan_of, solve_routing
from tests.planner.routing.planar_worlds import WORLDS, best_of_all, stop, task, world

pytest.importorskip("pyvrp", reason="PyVRP is not installed: pip install 'rural-service-planner[pyvrp]'")

KNOWN = [name for name, one in WORLDS.items() if features_of(one) <= pyvrp.KNOWS and not pyvrp.lacks(one)]


def searches(problem):
    (ours,) = sisr.chains_of(task(problem, 2), [1])
    return ours, pyvrp.chain_of(task(problem, 2))


SERVED = [name for name in KNOWN if not best_of_all(WORLDS[name])[1]]


@pytest.mark.parametrize("name", SERVED)
@pytest.mark.parametrize("ours_first", [True, False])
def test_routes_cost_the_same_in_both_engines(name, ours_first):
    problem = WORLDS[name]
    giver, taker = searches(problem) if ours_first else reversed(searches(problem))
    giver.run_to(1.0)
    taker.adopt(giver)
    assert taker.cost() == pytest.approx(giver.cost(), abs=0.005)
    plan = plan_of(problem, taker.routes(), engine="pyvrp", seed=1)
    assert check(problem, plan) == ()
    assert [one.steps for one in taker.routes()] == [one.steps for one in giver.routes()]


WINDOWS = ((0.0, 600.0), (900.0, 1200.0), (1500.0, 9000.0))
OPTIONAL = replace(
    stop("a", closes_s=600.0, skip_cost_yuan=90.0), further_windows=WINDOWS[1:]
)  # no plan is better without it
NEVER_BOTH = (stop("a", 0, 3, opens_s=9000.0), stop("d", 3, 0, closes_s=6000.0), stop("b"), stop("c"))
ODD = {
    "an optional stop with several windows": world(stops=(OPTIONAL, stop("b"))),
    "a pair that nobody can serve": world(stops=NEVER_BOTH, pairs=(Pair(pickup_id="a", delivery_id="d"),)),
}


@pytest.mark.parametrize("name", ODD)
def test_what_is_left_out_has_one_price_in_both_engines(name):
    problem = ODD[name]
    (ours,) = sisr.chains_of(task(problem, 20), [1])
    theirs = pyvrp.chain_of(task(problem, 20))
    ours.run_to(1.0)
    theirs.run_to(1.0)  # both find the best of these few plans
    assert theirs.cost() == pytest.approx(ours.cost(), abs=0.005)


def test_a_search_stopped_on_the_way_is_no_worse_later_and_the_same_every_time():
    problem = WORLDS["reloads_both_ways"]
    costs = []
    for _ in range(2):
        chain = pyvrp.chain_of(task(problem, 100, seed=3))
        costs.append([chain.run_to(share) or chain.cost() for share in (0.1, 0.5, 1.0)])
    assert costs[0] == costs[1] == sorted(costs[0], reverse=True)


def test_routes_that_leave_stops_out_are_taken_over_too():
    """A fleet too small for all stops: what ruin and recreate leaves out has its price for PyVRP, once it gives up."""
    full = world()
    problem = replace(full, vehicle_types=tuple(replace(kind, count=1) for kind in full.vehicle_types))
    ours, theirs = searches(problem)
    ours.run_to(1.0)
    theirs.adopt(ours)
    theirs.run_to(1.0)
    assert theirs.cost() <= ours.cost() + 0.005


def test_by_iterations_a_plan_does_not_depend_on_what_is_installed(monkeypatch):
    problem = WORLDS["reloads"]
    plan = solve_routing(problem, iterations=5, seed=1, threads=2)
    monkeypatch.setattr(pyvrp, "installed", lambda: False)
    assert solve_routing(problem, iterations=5, seed=1, threads=2) == plan


@pytest.mark.parametrize(
    ("name", "engines"), [("reloads", ["ruin_recreate", "pyvrp"]), ("releases", ["ruin_recreate"] * 2)]
)
def test_with_a_clock_pyvrp_searches_along_where_fleets_are_mixed_or_reload(name, engines):
    plan = solve_routing(WORLDS[name], cpu_seconds=0.2, seed=1, threads=2)
    assert [one.engine for one in plan.reached] == engines
    assert plan.engine in engines
