"""What 2, 3, 5 and 7 visits a week cost, on a road where it can be worked out."""

from dataclasses import replace

import numpy as np
import pytest

from planner.service.week import WeekProblem, WeekVehicle, check_week, frequency_costs, pattern_of, plan_week


def one_village_and_one_town():
    """A village 10 km out on one side of the hub, a town 10 km out on the other, a minute a km, 6 parcels a day each.

    A visit takes 5 minutes and costs nothing; a route costs 20 yuan and 1 yuan a km, and a van holds 24 parcels.
    """
    at = np.array([0.0, 10.0, -10.0])
    km = abs(at[:, None] - at[None, :])
    return WeekProblem(
        place_ids=("village", "town"),
        dimensions=("parcels",),
        down=np.full((2, 7, 1), 6.0),
        up=np.zeros((2, 7, 1)),
        down_a_visit=np.zeros((2, 1)),
        up_a_visit=np.zeros((2, 1)),
        service_s=np.full(2, 300.0),
        service_s_a_parcel=np.zeros(2),
        patterns=((pattern_of([0, 2, 4]),), (pattern_of(range(7)),)),
        vehicles=(WeekVehicle(id="van", number=(2,) * 7, capacity=(24.0,), fixed_yuan=20.0, yuan_per_km=1.0),),
        durations_s=60.0 * km[None],
        distances_m=1000.0 * km[None],
    )


def test_each_number_of_visits_by_hand():
    problem = one_village_and_one_town()
    week = plan_week(problem, iterations=10, seed=1)
    # The town alone: 7 x (20 + 20). On the village's days both fit into one van (12 or 18 or 6+6 parcels): 20 more each.
    assert week.cost.total_yuan == pytest.approx(7 * 40 + 3 * 20)
    answers = frequency_costs(problem, week, ["village"], iterations=10)
    # Two visits are 3 and 4 days apart: 18 + 6 = 24 fit together, 24 + 6 do not: a van more, 40 instead of 20.
    by_hand = {2: 280 + 20 + 40, 3: 280 + 60, 5: 280 + 100, 7: 280 + 140}
    assert {one.visits: one.week.cost.total_yuan for one in answers} == pytest.approx(by_hand)
    assert {one.visits: one.difference_yuan for one in answers} == pytest.approx(
        {visits: yuan - 340 for visits, yuan in by_hand.items()}
    )
    for one in answers:
        assert one.week.patterns[0].bit_count() == one.visits
        assert one.week.holds


def test_closed_days_leave_numbers_out():
    problem = one_village_and_one_town()
    closed = replace(
        problem,
        vehicles=(replace(problem.vehicles[0], number=(2, 2, 2, 2, 2, 2, 0)),),
        patterns=(problem.patterns[0], (pattern_of(range(6)),)),
    )
    week = plan_week(closed, iterations=5, seed=1)
    answers = frequency_costs(closed, week, ["village"], iterations=5)
    assert [one.visits for one in answers] == [2, 3, 5]
    for one in answers:
        assert check_week(replace(closed, patterns=((one.week.patterns[0],), closed.patterns[1])), one.week) == ()


def test_an_unknown_place_is_named():
    problem = one_village_and_one_town()
    week = plan_week(problem, iterations=1, seed=1)
    with pytest.raises(LookupError, match="not in the week: x"):
        frequency_costs(problem, week, ["x"], iterations=1)
