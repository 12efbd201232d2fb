"""Named worlds worked out by hand, brute force on tiny cases, and an answer broken on purpose."""

from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.config import Objective
from planner.coverage.check import check_coverage
from planner.coverage.problem import CoverageProblem
from planner.coverage.solution import SolveStatus, UncoveredReason
from planner.coverage.solve import solve_coverage
from planner.errors import BadDataError
from planner.travel import Unreachable


def world(durations, **changes) -> CoverageProblem:
    durations = np.array(durations, dtype=float)
    points, sites = durations.shape
    values = {
        "objective": Objective.LSCP,
        "demand_ids": tuple(f"v{i}" for i in range(points)),
        "site_ids": tuple(f"s{j}" for j in range(sites)),
        "durations_s": durations,
        "standard_s": 600.0,
        "weights": np.ones(points),
        "population": np.full(points, 100.0),
        "households": np.full(points, 30.0),
        "registered_poor": np.zeros(points, dtype=bool),
        "mandatory": np.zeros(points, dtype=bool),
        "opening_cost_yuan": np.full(sites, 1000.0),
        "existing": np.zeros(sites, dtype=bool),
        "forbidden": np.zeros(sites, dtype=bool),
    }
    return CoverageProblem(**(values | changes))


# three villages on a road, 600 s apart: the middle one reaches both others within the standard
LINE = [[0, 600, 1200], [600, 0, 600], [1200, 600, 0]]
# two villages beside each other and an island without a road
ISLAND = [[0, 60, np.inf], [60, 0, np.inf], [np.inf, np.inf, np.inf]]


def test_line_of_three_villages_needs_one_point_in_the_middle():
    solution = solve_coverage(world(LINE))
    assert (solution.opened, solution.value, solution.bound, solution.gap) == (("s1",), 1, 1, 0)
    assert solution.shares.villages == 1


def test_an_existing_site_stays_open_and_costs_nothing():
    solution = solve_coverage(world(LINE, existing=np.array([True, False, False])))
    # s0 covers v0 and v1; v2 needs s1 or s2
    assert solution.value == 2
    assert "s0" in solution.opened
    assert solution.opening_cost_yuan == 1000


def test_island_village_is_uncovered_and_the_reason_is_the_road():
    solution = solve_coverage(world(ISLAND, unreachable={"v2": Unreachable.CLOSED}))
    (left,) = solution.uncovered
    assert (left.demand_id, left.reason, left.nearest_site_id) == ("v2", UncoveredReason.CLOSED, None)
    assert solution.status is SolveStatus.OPTIMAL


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"standard_s": 300.0, "count": 1}, UncoveredReason.COUNT_USED_UP),
        ({"standard_s": 300.0, "budget_yuan": 1000.0}, UncoveredReason.BUDGET_USED_UP),
        (
            {"standard_s": 300.0, "count": 2, "forbidden": np.array([1, 0, 0], bool)},
            UncoveredReason.ONLY_FORBIDDEN_SITES,
        ),
    ],
)
def test_uncovered_points_say_what_stood_against_them(changes, reason):
    weights = np.array([1.0, 2.0, 3.0])
    solution = solve_coverage(world(LINE, objective=Objective.MCLP, weights=weights, **changes))
    assert reason in {uncovered.reason for uncovered in solution.uncovered}


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"mandatory": np.array([True] * 3), "count": 1, "standard_s": 300.0}, "cannot all be covered within count 1"),
        ({"mandatory": np.array([True] * 3), "count": 3, "forbidden": np.array([True] * 3)}, "v0 has no allowed site"),
        ({"count": 1, "existing": np.array([True, True, False])}, "2 sites exist already"),
        ({"mandatory": np.array([True] * 3), "budget_yuan": 999.0}, "within budget 999 yuan"),
    ],
)
def test_demands_that_cannot_hold_together_are_named(changes, message):
    solution = solve_coverage(world(LINE, objective=Objective.MCLP, **changes))
    assert solution.status is SolveStatus.INFEASIBLE
    assert message in " ".join(solution.conflicts)


@st.composite
def tiny_worlds(draw):
    points, sites = draw(st.integers(1, 5)), draw(st.integers(1, 5))
    times = st.one_of(st.integers(0, 900).map(float), st.just(np.inf))
    durations = draw(st.lists(st.lists(times, min_size=sites, max_size=sites), min_size=points, max_size=points))
    weights = draw(st.lists(st.integers(0, 50), min_size=points, max_size=points))
    forbidden = draw(st.lists(st.booleans(), min_size=sites, max_size=sites))
    return durations, np.array(weights, dtype=float), np.array(forbidden)


@settings(deadline=None, max_examples=40)
@given(tiny_worlds(), st.integers(1, 3), st.sampled_from([Objective.LSCP, Objective.MCLP, Objective.P_MEDIAN]))
def test_the_answer_is_what_trying_all_sets_of_sites_gives(tiny, count, objective):
    durations, weights, forbidden = tiny
    limit = {} if objective is Objective.LSCP else {"count": count}
    problem = world(durations, objective=objective, weights=weights, forbidden=forbidden, **limit)
    solution = solve_coverage(problem)
    allowed = np.flatnonzero(~forbidden)
    times = problem.durations_s
    if objective is Objective.P_MEDIAN and count > len(allowed):
        assert solution.status is SolveStatus.INFEASIBLE
        return
    if objective is Objective.LSCP:
        must = (times[:, allowed] <= 600).any(axis=1)
        sets = [s for k in range(len(allowed) + 1) for s in combinations(allowed, k)]
        best = min(len(s) for s in sets if (times[:, list(s)] <= 600).any(axis=1)[must].all())
    elif objective is Objective.MCLP:
        sets = [s for k in range(min(count, len(allowed)) + 1) for s in combinations(allowed, k)]
        best = max(weights[(times[:, list(s)] <= 600).any(axis=1)].sum() for s in sets)
    else:
        reachable = np.isfinite(times[:, allowed]).any(axis=1)
        totals = []
        for s in combinations(allowed, count):
            nearest = times[reachable][:, list(s)].min(axis=1)
            if np.isfinite(nearest).all():
                totals.append((weights[reachable] * nearest).sum())
        if not totals:
            assert solution.status is SolveStatus.INFEASIBLE
            return
        best = min(totals)
    assert solution.value == pytest.approx(best)
    assert solution.status is SolveStatus.OPTIMAL


@settings(deadline=None, max_examples=20)
@given(tiny_worlds(), st.floats(1, 900), st.floats(0, 900))
def test_a_larger_standard_never_lowers_coverage(tiny, standard, more):
    durations, weights, forbidden = tiny
    usual = {"objective": Objective.MCLP, "weights": weights, "forbidden": forbidden, "count": 2}
    small = solve_coverage(world(durations, standard_s=standard, **usual))
    large = solve_coverage(world(durations, standard_s=standard + more, **usual))
    assert large.value >= small.value


@pytest.mark.parametrize(
    ("broken", "fault"),
    [
        ({"opened": ("s9",)}, "not in the problem"),
        ({"opened": ()}, "which is closed"),
        ({"opened": ("s0", "s1")}, "faster open site"),
        ({"assignments": ()}, "exactly once"),
        ({"value": 3.0}, "the objective is 1.0"),
        ({"bound": 2.0}, "passes the bound"),
        ({"opening_cost_yuan": 0.0}, "opening cost is 1000.00"),
    ],
)
def test_the_check_notices_a_broken_answer(broken, fault):
    problem = world(LINE)
    faults = check_coverage(problem, replace(solve_coverage(problem), **broken))
    assert fault in " ".join(faults)


def test_the_same_problem_gives_the_same_answer():
    problem = world(LINE, objective=Objective.P_MEDIAN, count=2)
    assert solve_coverage(problem) == solve_coverage(problem)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"weights": np.ones(2)}, "weights has shape"),
        ({"weights": np.array([1, -1, 1.0])}, "weights is negative or not a number for v1"),
        ({"durations_s": np.array([[0, 1, np.nan]] * 3)}, "durations_s is negative or NaN for v0, v1, v2"),
        ({"demand_ids": ("a", "a", "b")}, "demand ids repeat: a"),
        ({"standard_s": 0.0}, "standard_s is 0.0"),
        ({"existing": np.ones(3, bool), "forbidden": np.ones(3, bool)}, "both existing and forbidden: s0, s1, s2"),
        ({"opening_cost_yuan": np.array([1, np.nan, 1])}, "opening_cost_yuan is negative or not a number for s1"),
        ({"objective": Objective.MCLP}, "MCLP needs count or budget_yuan"),
        ({"objective": Objective.P_MEDIAN}, "PMEDIAN needs count"),
        ({"budget_yuan": -1.0}, "budget_yuan is -1.0"),
    ],
)
def test_a_problem_that_does_not_hold_together_is_refused(changes, message):
    with pytest.raises(BadDataError) as caught:
        world(LINE, **changes)
    assert message in str(caught.value)
