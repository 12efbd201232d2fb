"""What an answer says of itself: how far it may be from the best, and why a point is left out."""

import numpy as np
import pytest

from planner.config import Objective
from planner.coverage import SolveStatus, UncoveredReason
from planner.coverage.explain import solution_of
from planner.coverage.proposal import Proposal
from planner.coverage.solve import solve_coverage
from planner.model import Unreachable

# three villages on a road, 600 s apart, a site at each; within 300 s each covers only its own village
LINE = [[0, 600, 1200], [600, 0, 600], [1200, 600, 0]]
SHORT = {"objective": Objective.MCLP, "standard_s": 300.0}


@pytest.mark.parametrize(
    ("changes", "opened", "bound", "value", "gap"),
    [
        # one village of weight 1 is covered, no more than 3 can be: (3 - 1) / 1
        (SHORT | {"count": 3}, [False, False, True], 3.0, 1, 2.0),
        # three sites are open, at least one is needed: (3 - 1) / 3
        ({}, [True, True, True], 1.0, 3, 2 / 3),
        # 600 s to each side of the middle: 1200 s, at least 900: 300 / 1200
        ({"objective": Objective.P_MEDIAN, "count": 1}, [False, True, False], 900.0, 1200, 0.25),
    ],
)
def test_an_answer_that_is_not_proven_says_how_far_it_may_be_off(world, changes, opened, bound, value, gap):
    solution = solution_of(world(LINE, **changes), Proposal(opened=np.array(opened), bound=bound, proven=False))
    assert (solution.status, solution.value, solution.bound) == (SolveStatus.FEASIBLE, value, bound)
    assert solution.gap == pytest.approx(gap)


def test_without_a_bound_no_gap_is_claimed(world):
    solution = solution_of(world(LINE), Proposal(opened=np.ones(3, dtype=bool), bound=None, proven=False))
    assert (solution.bound, solution.gap) == (None, None)


@pytest.mark.parametrize(
    ("changes", "reasons"),
    [
        # each site costs 1000: the money is gone after one of the three, and after one of one the count is
        ({"count": 3, "budget_yuan": 1000.0}, {UncoveredReason.BUDGET_USED_UP}),
        ({"count": 1, "budget_yuan": 3000.0}, {UncoveredReason.COUNT_USED_UP}),
        ({"count": 3, "weights": np.array([0.0, 1.0, 1.0])}, {UncoveredReason.WEIGHS_NOTHING}),
    ],
)
def test_each_point_left_out_names_the_limit_that_stood_against_it(world, changes, reasons):
    solution = solve_coverage(world(LINE, **SHORT, **changes))
    assert solution.status is SolveStatus.OPTIMAL
    assert {left.reason for left in solution.uncovered} == reasons


def test_where_there_is_no_plan_only_points_with_sites_in_reach_wait_for_one(world):
    # one site cannot cover v0 and v1, which are mandatory; v2 is too far, v3 forbidden, v4 without a road in any case
    durations = [[0, 600, 900], [600, 0, 900], [900, 900, 900], [900, 900, 0], [np.inf] * 3]
    problem = world(
        durations,
        **SHORT,
        count=1,
        mandatory=np.array([True, True, False, False, False]),
        forbidden=np.array([False, False, True]),
        unreachable={"v4": Unreachable.FRAGMENT},
    )
    solution = solve_coverage(problem)
    assert solution.status is SolveStatus.INFEASIBLE
    assert {left.demand_id: left.reason for left in solution.uncovered} == {
        "v0": UncoveredReason.NO_PLAN,
        "v1": UncoveredReason.NO_PLAN,
        "v2": UncoveredReason.NO_SITE_IN_REACH,
        "v3": UncoveredReason.ONLY_FORBIDDEN_SITES,
        "v4": UncoveredReason.FRAGMENT,
    }
