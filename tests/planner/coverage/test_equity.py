"""Equity of minutes: figures worked out by hand, and the Gini coefficient from its definition."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.config import Objective
from planner.coverage.appraise import equity_of, measure_equity
from planner.coverage.solve import solve_coverage
from planner.errors import BadDataError

INF = np.inf


def test_figures_of_four_villages_by_hand():
    # ways 0, 60, 120, 300 s of 1, 1, 1, 1: mean 480 / 4 = 120; the six pairs differ by 60+120+300+60+240+180 = 960, each
    # counted twice: 1920 / (2 * 4 * 480) = 0.5; 95 % of 4 is 3.8, which only the last reaches
    equity = measure_equity(np.array([300.0, 0.0, 120.0, 60.0]), np.ones(4))
    assert (equity.maximum_s, equity.p95_s, equity.mean_s, equity.gini) == (300, 300, 120, pytest.approx(0.5))


def test_weights_count_as_so_many_people():
    # 95 people at 60 s and 5 at 600 s: 95 % are there with the first, mean (5700 + 3000) / 100
    equity = measure_equity(np.array([60.0, 600.0]), np.array([95.0, 5.0]))
    assert (equity.p95_s, equity.mean_s, equity.maximum_s) == (60, 87, 600)
    # each of 95 differs from each of 5 by 540: 2 * 95 * 5 * 540 / (2 * 100 * 8700)
    assert equity.gini == pytest.approx(95 * 5 * 540 / (100 * 8700))


def test_unreached_points_are_counted_and_are_in_no_figure():
    equity = measure_equity(np.array([60.0, INF, INF]), np.array([10.0, 3.0, 4.0]))
    assert (equity.reached, equity.unreached, equity.weight, equity.unreached_weight) == (1, 2, 10, 7)
    assert (equity.maximum_s, equity.mean_s, equity.gini) == (60, 60, 0)


@pytest.mark.parametrize(
    ("ways", "weights", "maximum"), [([], [], None), ([INF], [5.0], None), ([60.0, 90.0], [0.0, 0.0], 90)]
)
def test_nothing_that_weighs_anything_gives_no_figure_in_place_of_a_zero(ways, weights, maximum):
    equity = measure_equity(np.array(ways), np.array(weights))
    assert (equity.maximum_s, equity.p95_s, equity.mean_s, equity.gini) == (maximum, None, None, None)


def test_ways_of_no_length_are_even():
    assert measure_equity(np.zeros(3), np.ones(3)).gini == 0


@given(st.lists(st.tuples(st.floats(0, 1e4), st.integers(0, 50)), min_size=1, max_size=12))
def test_gini_is_the_mean_difference_of_its_definition(points):
    ways, weights = np.array([way for way, _ in points]), np.array([float(weight) for _, weight in points])
    gini = measure_equity(ways, weights).gini
    if weights.sum() == 0:
        assert gini is None
        return
    travel = float(weights @ ways)
    differences = float(np.outer(weights, weights).ravel() @ np.abs(np.subtract.outer(ways, ways)).ravel())
    wanted = differences / (2 * weights.sum() * travel) if travel > 0 else 0.0
    assert gini == pytest.approx(wanted, abs=1e-9)


@given(st.lists(st.tuples(st.integers(0, 600), st.integers(1, 9)), min_size=1, max_size=12))
def test_one_point_of_weight_n_is_n_points_of_weight_one(points):
    ways, weights = np.array([float(way) for way, _ in points]), np.array([weight for _, weight in points])
    one = measure_equity(ways, weights.astype(float))
    many = measure_equity(np.repeat(ways, weights), np.ones(weights.sum()))
    assert (one.p95_s, one.maximum_s) == (many.p95_s, many.maximum_s)
    assert (one.mean_s, one.gini) == (pytest.approx(many.mean_s), pytest.approx(many.gini, abs=1e-12))
    # of n points in order, the 95th percentile is the one whose number is 0.95 n, rounded up
    assert one.p95_s == np.sort(np.repeat(ways, weights))[-(-95 * weights.sum() // 100) - 1]


def test_bad_ways_and_weights_are_all_named():
    with pytest.raises(BadDataError) as caught:
        measure_equity(np.array([-1.0, np.nan, 5.0]), np.array([1.0, 1.0, np.inf]))
    assert caught.value.problems == (
        "ways are negative or NaN: points 0, 1",
        "weights are negative or not a number: points 2",
    )


def test_an_answer_is_measured_by_township_uncovered_points_with_their_nearest_site(world):
    # one site at v0: v1 is covered at 600 s, v2 is 1200 s away and uncovered, v3 has no road
    times = [[0, 600], [600, 0], [1200, 600], [INF, INF]]
    problem = world(
        times,
        objective=Objective.MCLP,
        count=1,
        weights=np.array([9.0, 1.0, 0.0, 0.0]),
        forbidden=np.array([0, 1], bool),
    )
    solution = solve_coverage(problem)
    report = equity_of(
        ways_of(solution), dict.fromkeys(problem.demand_ids, 100), {"v0": "A", "v1": "A", "v2": "B", "v3": "B"}
    )
    assert (report.overall.maximum_s, report.overall.mean_s, report.overall.unreached) == (1200, 600, 1)
    assert [(group.name, group.equity.mean_s, group.equity.unreached) for group in report.groups] == [
        ("A", 300, 0),
        ("B", 1200, 1),
    ]


def ways_of(solution):
    ways = {one.demand_id: one.duration_s for one in solution.assignments}
    return ways | {left.demand_id: left.nearest_duration_s for left in solution.uncovered}


def test_points_without_weight_or_township_are_named(world):
    solution = solve_coverage(world([[0.0, 60.0], [60.0, 0.0]]))
    with pytest.raises(BadDataError) as caught:
        equity_of(ways_of(solution), {"v0": 1.0}, {"v1": "A"})
    assert caught.value.problems == ("points without a weight: v1", "points without a group: v0")
