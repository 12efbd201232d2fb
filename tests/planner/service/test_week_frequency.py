"""What 2, 3, 5 and 7 visits a week cost, on a road where it can be worked out."""

from dataclasses import replace

import numpy as np
import pytest

from planner.service.week import (
    Week,
    WeekProblem,
    WeekVehicle,
    check_week,
    days_of,
    frequency_costs,
    pattern_of,
    plan_week,
)
from planner.service.week.frequency import thinned


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


def two_towns_and_small_vans(vans: int) -> WeekProblem:
    """The village and the town with vans that hold 12 parcels: the town's six a day and six of the village."""
    problem = one_village_and_one_town()
    return replace(problem, vehicles=(replace(problem.vehicles[0], number=(vans,) * 7, capacity=(12.0,)),))


def test_what_cannot_be_is_told_from_what_was_not_found():
    """A van of 12 holds the town's six a day and six of the village; never the 18 of three days."""
    problem = two_towns_and_small_vans(1)
    daily = replace(problem, patterns=((pattern_of(range(7)),), (pattern_of(range(7)),)))
    week = plan_week(daily, iterations=5, seed=1)
    assert week.holds
    answers = {one.visits: one for one in frequency_costs(problem, week, ["village"], visits=(3, 5, 7), iterations=5)}
    assert (answers[7].week.holds, answers[7].proven) == (True, False)
    assert answers[3].proven  # 18 parcels after three days: nothing can visit it
    # five visits: 12 parcels after two days and the town's six are two vans' load, and there is one; the week's 84 parcels
    # are what seven vans of 12 hold, so that nothing proves it
    assert (answers[5].week.holds, answers[5].proven) == (False, False)
    (too_few,) = frequency_costs(
        replace(problem, vehicles=(replace(problem.vehicles[0], number=(1, 1, 1, 1, 1, 0, 0), capacity=(12.0,)),)),
        week,
        ["village"],
        visits=(5,),
        iterations=5,
    )
    assert too_few.proven  # 84 parcels, five vans of 12


def test_more_visits_are_a_start_for_fewer():
    """Without the visits that are too many: the village's days of a pattern that are among its own."""
    problem = one_village_and_one_town()
    daily = plan_week(replace(problem, patterns=((127,), (127,))), iterations=5, seed=1)
    start = thinned(problem, daily)
    assert start.patterns == (pattern_of([0, 2, 4]), 127)
    assert sorted(route.day for route in start.routes if "village" in route.place_ids) == [0, 2, 4]
    assert sorted({route.day for route in start.routes if "town" in route.place_ids}) == [*range(7)]
    # the same week, from a start that is nearly there, with next to no search
    assert plan_week(problem, iterations=1, seed=1, start=start).holds
    odd = replace(daily, patterns=(0b1100000, 127))
    assert thinned(problem, odd).patterns == (0b1100000, 127)  # of no allowed pattern all days are its own


def test_a_week_with_more_visits_is_evidence(monkeypatch: pytest.MonkeyPatch):
    """Where the first search finds none that holds, the second begins from the week with more visits that does."""
    problem = one_village_and_one_town()
    week = plan_week(problem, iterations=5, seed=1)
    starts = []

    def failing_first(changed: WeekProblem, *, start: Week, **limits: object) -> Week:
        found = plan_week(changed, iterations=5, seed=1, start=start)
        starts.append(start)
        return replace(found, holds=len(starts) != 2)  # seven visits are found at once, five only the second time

    monkeypatch.setattr("planner.service.week.frequency.plan_week", failing_first)
    five, seven = frequency_costs(problem, week, ["village"], visits=(5, 7), iterations=5)
    assert five.week.holds
    assert starts[:2] == [week, week]
    assert len(starts) == 3
    assert {route.day for route in starts[2].routes if "village" in route.place_ids} == set(
        days_of(starts[2].patterns[0])
    )
    assert starts[2].patterns[0].bit_count() == 5
    assert seven.week.patterns[0].bit_count() == 7
