"""The reader of periodic instances, on one written here."""

import numpy as np
import pytest

from benchmarks.service_week import read_instance
from planner.service.week import check_week, pattern_of, plan_week

INSTANCE = """1 2 2 4
500 20
500 20
500 20
500 20
0 0 0 0 0 0 0
1 3.0 4.0 2 7 2 2 5 10
2 -6.0 8.0 0 9 1 4 1 2 4 8
"""


def test_an_instance_is_read_and_solved(tmp_path):
    path = tmp_path / "tiny.txt"
    path.write_text(INSTANCE)
    problem = read_instance(path)
    # four days, first day the highest bit: 5 is 0101, the second and fourth day
    assert problem.patterns == (
        (pattern_of([1, 3]), pattern_of([0, 2])),
        (pattern_of([3]), pattern_of([2]), pattern_of([1]), pattern_of([0])),
    )
    assert problem.distances_m[0, 0].tolist() == [0.0, 5000.0, 10000.0]
    assert problem.durations_s[0, 0, 1] == 300.0
    assert problem.service_s.tolist() == [120.0, 0.0]
    assert problem.vehicles[0].number == (2, 2, 2, 2)
    assert problem.vehicles[0].duty_s == 30000.0
    week = plan_week(problem, iterations=2, seed=1)
    assert check_week(problem, week) == ()
    # twice out to the first (10), and once with the second: 5 + |(9, -4)| + 10 instead of 10
    assert week.cost.total_yuan == pytest.approx(10 + 15 + np.hypot(9, 4))


def test_other_types_and_uneven_days_are_refused(tmp_path):
    path = tmp_path / "tiny.txt"
    path.write_text(INSTANCE.replace("1 2 2 4", "2 2 2 4", 1))
    with pytest.raises(ValueError, match="no periodic instance"):
        read_instance(path)
    path.write_text(INSTANCE.replace("500 20", "500 21", 1))
    with pytest.raises(ValueError, match="differ"):
        read_instance(path)
