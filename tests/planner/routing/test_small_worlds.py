"""Ruin and recreate on each small world: as good as the best of all plans there are, whatever the feature."""

import pytest

from planner.routing.check import check
from planner.routing.features import judged_in_constant_time
from planner.routing.solve import solve_routing
from tests.planner.routing.planar_worlds import WORLDS, best_of_all, lost


@pytest.mark.parametrize("name", WORLDS)
def test_as_good_as_the_best_of_all_plans(name):
    problem = WORLDS[name]
    plan = solve_routing(problem, iterations=20, seed=1, engine="ruin_recreate")
    assert check(problem, plan) == ()
    assert lost(problem, plan) == pytest.approx(best_of_all(problem), abs=0.005)


def test_both_searches_have_their_worlds():
    plain = [judged_in_constant_time(problem) for problem in WORLDS.values()]
    assert any(plain)
    assert not all(plain)
