"""Answers worked out by hand hold; of all reasons for leaving a village out only the true ones do."""

from dataclasses import replace

import numpy as np
import pytest

from planner.config import Objective
from planner.coverage import (
    Assignment,
    CoverageSolution,
    CoveredShares,
    SolveStatus,
    Uncovered,
    UncoveredReason,
)
from planner.coverage.check import check_coverage
from planner.model import Fact, Unreachable

# three villages on a road, 600 s apart, a site at each: the middle one covers all within 600 s
LINE = [[0, 600, 1200], [600, 0, 600], [1200, 600, 0]]
ALL = CoverageSolution(
    objective=Objective.LSCP,
    status=SolveStatus.OPTIMAL,
    standard_s=600.0,
    opened=("s1",),
    assignments=tuple(
        Assignment(demand_id=f"v{i}", site_id="s1", duration_s=seconds) for i, seconds in enumerate((600.0, 0.0, 600.0))
    ),
    uncovered=(),
    shares=CoveredShares(
        population=1.0,
        households=1.0,
        villages=1.0,
        poor_villages=1.0,
        population_total=300,
        households_total=90,
        villages_total=3,
        poor_villages_total=0,
    ),
    opening_cost_yuan=1000.0,
    value=1.0,
    bound=1.0,
    gap=0.0,
)


def left(demand_id: str, reason: UncoveredReason = UncoveredReason.COUNT_USED_UP) -> Uncovered:
    return Uncovered(demand_id=demand_id, reason=reason, nearest_site_id="s2", nearest_duration_s=600.0)


# the same line within 300 s, MCLP with one site: the one at the end serves its own village only
END = replace(
    ALL,
    objective=Objective.MCLP,
    standard_s=300.0,
    opened=("s2",),
    assignments=(Assignment(demand_id="v2", site_id="s2", duration_s=0.0),),
    uncovered=(left("v0"), left("v1")),
    shares=replace(ALL.shares, population=1 / 3, households=1 / 3, villages=1 / 3),
)
MCLP = {"objective": Objective.MCLP, "standard_s": 300.0, "count": 1}
# all three travel 600 + 0 + 600 s
MEDIAN = {"objective": Objective.P_MEDIAN, "value": 1200.0, "bound": 1200.0}


def flags(*numbers: int) -> np.ndarray:
    return np.isin(np.arange(3), numbers)


@pytest.mark.parametrize(
    ("changes", "answer"),
    [({}, ALL), (MCLP, END), ({"objective": Objective.P_MEDIAN, "count": 1}, replace(ALL, **MEDIAN))],
)
def test_answers_worked_out_by_hand_hold(world, changes, answer):
    assert check_coverage(world(LINE, **changes), answer) == ()


@pytest.mark.parametrize(
    "changes",
    [{"conflicts": ()}, {"conflicts": (Fact(code="rules_exclude"),), "opened": ("s1",)}],
)
def test_an_answer_without_a_plan_says_why_and_opens_nothing(world, changes):
    good = replace(ALL, status=SolveStatus.INFEASIBLE, opened=(), conflicts=(Fact(code="rules_exclude"),))
    assert check_coverage(world(LINE), good) == ()
    assert check_coverage(world(LINE), replace(good, **changes)) != ()


NO_WAY = [[np.inf] * 3, *LINE[1:]]
TOO_FAR = [[301, 302, 303], *LINE[1:]]


# what may be said of v0 when only s2 is open; an answer that is not proven may always say that a better one was not found
@pytest.mark.parametrize(
    ("durations", "changes", "true"),
    [
        (NO_WAY, {"unreachable": {"v0": Unreachable.NO_ROAD}}, {"no_road_in_reach"}),
        (NO_WAY, {"unreachable": {"v0": Unreachable.FRAGMENT}}, {"road_not_connected"}),
        (NO_WAY, {"unreachable": {"v0": Unreachable.CLOSED}}, {"closed_this_season"}),
        (TOO_FAR, {}, {"no_site_in_reach"}),
        (LINE, {"forbidden": flags(0)}, {"only_forbidden_sites"}),
        (LINE, {}, {"count_used_up", "better_not_found"}),
        (LINE, {"count": None, "budget_yuan": 1000.0}, {"budget_used_up", "better_not_found"}),
        (LINE, {"count": 2}, {"better_not_found"}),
        (LINE, {"count": 2, "weights": np.array([0.0, 1.0, 1.0])}, {"weighs_nothing", "better_not_found"}),
    ],
)
def test_of_all_reasons_only_the_true_ones_hold(world, durations, changes, true):
    problem = world(durations, **(MCLP | changes))
    # v1 is not what this is about: it says what always may be said
    unproven = replace(END, status=SolveStatus.FEASIBLE, bound=3.0, gap=2.0)
    faults = {
        reason: check_coverage(
            problem, replace(unproven, uncovered=(left("v0", reason), left("v1", UncoveredReason.BETTER_NOT_FOUND)))
        )
        for reason in UncoveredReason
    }
    assert {reason.value for reason, found in faults.items() if not found} == true
    for reason, found in faults.items():
        assert found in ((), (f"point v0: the reason {reason.value} does not apply",))
