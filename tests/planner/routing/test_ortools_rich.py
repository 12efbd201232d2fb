"""OR-Tools with every rich feature it claims, against all plans there are of worlds small enough to try them all."""

import pytest

from planner.errors import UsageError
from planner.routing.check import check
from planner.routing.engines.ortools import KNOWS
from planner.routing.features import Feature, features_of
from planner.routing.problem import DrivingRule
from planner.routing.solve import solve_routing
from tests.planner.routing.planar_worlds import WORLDS, best_of_all, lost, van, world

ITERATIONS = 300


@pytest.mark.parametrize("name", WORLDS)
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
