"""OR-Tools with every rich feature it claims, against all plans there are of worlds small enough to try them all."""

import pytest
from ortools.constraint_solver import pywrapcp

from planner.errors import UsageError
from planner.routing import DrivingRule, Lock
from planner.routing.check import check
from planner.routing.engines.ortools import KNOWS
from planner.routing.engines.ortools import search as ortools_search
from planner.routing.features import Feature, features_of
from planner.routing.solve import solve_routing
from tests.planner.routing.planar_worlds import WORLDS, best_of_all, lost, stop, van, world

ITERATIONS = 300
QUICK = ("pairs", "skills", "locks", "max_stops", "speed_factors")
"""Worlds that OR-Tools plans in about half a second each."""


@pytest.mark.parametrize(
    "name", [name if name in QUICK else pytest.param(name, marks=pytest.mark.slow) for name in WORLDS]
)
def test_as_good_as_the_best_of_all_plans(name):
    problem = WORLDS[name]
    plan = solve_routing(problem, iterations=ITERATIONS, seed=1, engine="ortools")
    assert check(problem, plan) == ()
    assert lost(problem, plan) == pytest.approx(best_of_all(problem), abs=0.011)


def test_the_worlds_have_every_feature_that_is_claimed():
    assert frozenset().union(*(features_of(problem) for problem in WORLDS.values())) == KNOWS


@pytest.mark.parametrize(
    ("feature", "problem"),
    [
        (Feature.DRIVING_RULE, world(van(driving_rule=DrivingRule(driving_s=14_400, rest_s=1200)))),
        (Feature.SPEED_OF_DAY, world(speed_of_day=((0.0, 0.5),))),
        (Feature.BALANCE, world(balance_duty_yuan=1.0)),
    ],
)
def test_what_it_does_not_know_is_refused(feature, problem):
    with pytest.raises(UsageError, match=feature.value):
        solve_routing(problem, iterations=1, seed=1, engine="ortools")


def test_the_same_answer_every_time():
    first, second = (solve_routing(WORLDS["reloads"], iterations=50, seed=1, engine="ortools") for _ in range(2))
    assert first == second


def test_no_more_reloads_than_allowed_wherever_they_are():
    # each stop fills the van: four loads for four stops, so three reloads, but one is allowed, at either depot
    full = tuple(stop(id_, 2.0) for id_ in "abcd")
    kind = van(count=1, capacity=(2.0,), reload_depot_ids=("hub", "yard"), max_reloads=1)
    plan = solve_routing(world(kind, stops=full), iterations=50, seed=1, engine="ortools")
    assert [len(route.reloads) for route in plan.routes] == [1]
    assert len(plan.unassigned) == 2


@pytest.mark.slow
def test_a_search_that_can_change_nothing_ends(monkeypatch):
    made = []
    solve = pywrapcp.RoutingModel.SolveWithParameters
    monkeypatch.setattr(
        pywrapcp.RoutingModel, "SolveWithParameters", lambda model, how: made.append(model) or solve(model, how)
    )
    monkeypatch.setattr(ortools_search, "_SAFETY_LIMIT_S", 20)  # millions of dead ends on any machine of today
    held = Lock(vehicle_id="van-1", stop_ids=("a", "b"))
    problem = world(van(count=1), stops=tuple(stop(id_) for id_ in "abc"), locks=(held,))
    plan = solve_routing(problem, iterations=1000, seed=1, engine="ortools")
    assert [[visit.stop_id for visit in route.visits] for route in plan.routes] == [["a", "b", "c"]]
    assert made[0].solver().Failures() < 1_000_000
