"""What a week's problem refuses, and which patterns there are."""

from dataclasses import replace

import numpy as np
import pytest

from planner.errors import BadDataError
from planner.service.week import allowed_patterns, even_patterns, pattern_of, plan_week
from tests.planner.service.week_worlds import van, week_problem


def test_every_fault_is_listed_at_once():
    problem = week_problem(1)
    down = problem.down.copy()
    down[1, 0, 0], down[3, 2, 1] = -1.0, np.nan
    travel = problem.durations_s.copy()
    travel[0, 2, 1] = np.nan
    with pytest.raises(BadDataError) as caught:
        replace(
            problem,
            down=down,
            durations_s=travel,
            place_ids=("v0", "v1", "v2", "v0"),
            patterns=((1,), (0, 1), (8,), (1,)),
            vehicles=(van(3, number=(1, 1), capacity=(1.0, np.nan), duty_s=0.0, yuan_per_km=-1.0, profile=1), van(3)),
            consistency_yuan=np.inf,
        )
    assert [str(one) for one in caught.value.problems] == [
        "place 'v0' is given more than once",
        "vehicle type 'van' is given more than once",
        "down must be numbers not below 0: v1, v0",
        "patterns must be sets of the 3 days, none of them empty: v1, v2",
        "vehicle type 'van': number must be a whole number, 0 or more, for each of 3 days",
        "vehicle type 'van': capacity must be 0 or more in each of 2 dimensions",
        "vehicle type 'van': duty_s is 0.0, it must be above 0",
        "vehicle type 'van': yuan_per_km is -1.0, it must be a number not below 0",
        "vehicle type 'van': there is no travel profile 1",
        "durations_s must be 0 or more, inf where there is no way: v1",
        "consistency_yuan is inf, it must be a number not below 0",
    ]


def test_arrays_of_the_wrong_shape_are_named():
    with pytest.raises(BadDataError) as caught:
        replace(week_problem(1), service_s=np.zeros(3), patterns=((1,),) * 3)
    assert [str(one) for one in caught.value.problems] == [
        "service_s has the shape (3,), it must have (4,)",
        "patterns are given for 3 of 4 places",
    ]


def test_arrays_cannot_be_written():
    with pytest.raises(ValueError, match="read-only"):
        week_problem(1).down[0, 0, 0] = 1.0


def test_allowed_patterns_by_hand():
    # three visits of seven days, at least two days apart: the gaps are 2, 2 and 3 in some order, from seven first days
    assert len(allowed_patterns(7, least=3, most=3, least_gap=2)) == 7
    # without Sunday, Monday to Saturday: 135 136 146 246 (Wed Fri Mon...) are those that do not touch the Sunday
    assert allowed_patterns(7, least=3, most=3, least_gap=2, closed=[6]) == tuple(
        sorted(pattern_of(days) for days in ([0, 2, 4], [0, 2, 5], [0, 3, 5], [1, 3, 5]))
    )
    assert allowed_patterns(7, least=8) == ()


def test_even_patterns_by_hand():
    assert even_patterns(7, 7) == (0b1111111,)
    assert even_patterns(7, 7, closed=[6]) == (0b0111111,)
    # two visits are at best 3 and 4 days apart
    assert set(even_patterns(7, 2)) == {pattern_of([d, (d + 3) % 7]) for d in range(7)}


def test_no_limit_is_refused():
    with pytest.raises(ValueError, match="no limit"):
        plan_week(week_problem(1))
