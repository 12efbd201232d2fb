"""Small weeks against the cheapest of all plans, by patterns and routes."""

import pytest

from planner.service.week import allowed_patterns, check_week, plan_week
from tests.planner.service.week_worlds import cheapest_week, van, week_problem

SMALL = {
    "both ways": week_problem(1),
    "delivery only": week_problem(2, up=False),
    "tight": week_problem(3, vehicles=(van(3, capacity=(22.0, 22.0)),)),
    "short duty": week_problem(4, vehicles=(van(3, duty_s=3300.0),)),
    "no vehicle on the last day": week_problem(5, vehicles=(van(3, number=(2, 2, 0)),)),
    "two types": week_problem(
        6,
        vehicles=(van(3, id="trike", number=(1, 1, 1), capacity=(15.0, 15.0), fixed_yuan=8.0, yuan_per_km=0.6), van(3)),
    ),
    "one way streets": week_problem(7, asymmetric=True),
    "five days, two or three visits": week_problem(
        8, places=3, days=5, patterns=(allowed_patterns(5, least=2, most=3, least_gap=1, most_gap=3),) * 3
    ),
}


@pytest.mark.parametrize("name", SMALL)
def test_as_cheap_as_the_best_of_all_plans(name):
    problem = SMALL[name]
    week = plan_week(problem, iterations=60, seed=1)
    assert check_week(problem, week) == ()
    assert week.holds
    assert week.cost.total_yuan == pytest.approx(cheapest_week(problem), abs=1e-6)
