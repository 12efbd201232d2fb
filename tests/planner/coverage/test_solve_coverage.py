"""Named worlds worked out by hand, brute force on tiny cases, and an answer broken on purpose."""

from dataclasses import replace
from itertools import combinations
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ortools.math_opt.python import mathopt

from planner.config import Objective
from planner.coverage import SolveStatus, UncoveredReason, solve
from planner.coverage.check import check_coverage
from planner.coverage.explain.conflicts import fact
from planner.coverage.models.milp import can_hold
from planner.coverage.phases import Phase, PhasedProblem
from planner.coverage.phases.phased_milp import phases_can_hold
from planner.coverage.proposal import Proposal
from planner.coverage.solve import solve_coverage
from planner.errors import BadDataError, PlanRejectedError
from planner.model import Unreachable

# three villages on a road, 600 s apart: the middle one reaches both others within the standard
LINE = [[0, 600, 1200], [600, 0, 600], [1200, 600, 0]]
# two villages beside each other and an island without a road
ISLAND = [[0, 60, np.inf], [60, 0, np.inf], [np.inf, np.inf, np.inf]]


def test_line_of_three_villages_needs_one_point_in_the_middle(world):
    solution = solve_coverage(world(LINE))
    assert (solution.opened, solution.value, solution.bound, solution.gap) == (("s1",), 1, 1, 0)
    assert solution.shares.villages == 1


def test_an_existing_site_stays_open_and_costs_nothing(world):
    solution = solve_coverage(world(LINE, existing=np.array([True, False, False])))
    # s0 covers v0 and v1; v2 needs s1 or s2
    assert solution.value == 2
    assert "s0" in solution.opened
    assert solution.opening_cost_yuan == 1000


def test_island_village_is_uncovered_and_the_reason_is_the_road(world):
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
def test_uncovered_points_say_what_stood_against_them(world, changes, reason):
    weights = np.array([1.0, 2.0, 3.0])
    solution = solve_coverage(world(LINE, objective=Objective.MCLP, weights=weights, **changes))
    assert reason in {uncovered.reason for uncovered in solution.uncovered}


@pytest.mark.parametrize(
    ("changes", "conflict"),
    [
        (
            {"mandatory": np.array([True] * 3), "count": 1, "standard_s": 300.0},
            fact(
                "mandatory_points_beyond_limits",
                count=2,
                point_ids=("v1", "v2"),
                limits=(fact("limit_count", count=1),),
            ),
        ),
        ({"count": 1, "existing": np.array([True, True, False])}, fact("count_below_existing", count=1, existing=2)),
        (
            {"mandatory": np.array([True] * 3), "budget_yuan": 999.0},
            fact("mandatory_point_beyond_limits", point_id="v0", limits=(fact("limit_budget", budget_yuan=999.0),)),
        ),
    ],
)
def test_demands_that_cannot_hold_together_are_named(world, changes, conflict):
    solution = solve_coverage(world(LINE, objective=Objective.MCLP, **changes))
    assert solution.status is SolveStatus.INFEASIBLE
    assert conflict in solution.conflicts


def test_one_mandatory_point_that_no_site_can_cover_does_not_end_the_plan(world):
    # v2 is an island, v3 has only the forbidden s1 in reach; s0 covers the others
    table = [[0, 900], [600, 900], [np.inf, np.inf], [900, 60]]
    problem = world(
        table,
        objective=Objective.MCLP,
        count=1,
        mandatory=np.array([False, True, True, True]),
        forbidden=np.array([False, True]),
        unreachable={"v2": Unreachable.NO_ROAD},
    )
    solution = solve_coverage(problem)
    assert (solution.opened, solution.status, solution.conflicts) == (("s0",), SolveStatus.OPTIMAL, ())
    assert {left.demand_id: left.reason for left in solution.uncovered} == {
        "v2": UncoveredReason.NO_ROAD,
        "v3": UncoveredReason.ONLY_FORBIDDEN_SITES,
    }
    assert solution.relaxed == (
        fact("mandatory_without_road", point_id="v2", why_code="no_road_in_reach"),
        fact("mandatory_without_site", point_id="v3", standard_s=600.0),
    )


@st.composite
def tiny_worlds(draw):
    points, sites = draw(st.integers(1, 5)), draw(st.integers(1, 5))
    times = st.one_of(st.integers(0, 900).map(float), st.just(np.inf))
    durations = draw(st.lists(st.lists(times, min_size=sites, max_size=sites), min_size=points, max_size=points))
    weights = draw(st.lists(st.integers(0, 50), min_size=points, max_size=points))
    forbidden = draw(st.lists(st.booleans(), min_size=sites, max_size=sites))
    return durations, np.array(weights, dtype=float), np.array(forbidden)


@st.composite
def limited_worlds(draw):
    """An objective with times, weights and every limit a problem can have."""
    durations, weights, forbidden = draw(tiny_worlds())
    points, sites = len(weights), len(forbidden)
    objective = draw(st.sampled_from([Objective.LSCP, Objective.MCLP, Objective.P_MEDIAN]))
    count = draw(st.integers(1, 4) if objective is Objective.P_MEDIAN else st.none() | st.integers(0, 4))
    unlimited = st.none() if objective is not Objective.MCLP or count is not None else st.nothing()
    budget = draw(unlimited | st.sampled_from([0.0, 1000.0, 2500.0]))
    rarely = st.sampled_from([False, False, False, True])
    existing = np.array(draw(st.lists(rarely, min_size=sites, max_size=sites))) & ~forbidden
    prices = st.sampled_from([0.0, 500.0, 1000.0, 2000.0])
    return durations, {
        "objective": objective,
        "weights": weights,
        "forbidden": forbidden,
        "existing": existing,
        "mandatory": np.array(draw(st.lists(rarely, min_size=points, max_size=points))),
        "opening_cost_yuan": np.array(draw(st.lists(prices, min_size=sites, max_size=sites))),
        "count": count,
        "budget_yuan": budget,
    }


def best_by_trying_all(
    durations, *, objective, weights, forbidden, existing, mandatory, opening_cost_yuan, count, budget_yuan
):
    """Return (value, cost, number of sites) of the best of all sets of sites, None if no set holds every demand."""
    times, allowed = np.array(durations), np.flatnonzero(~forbidden)
    required = (times[:, allowed] <= 600).any(axis=1)  # nobody can ask for more
    if objective is not Objective.LSCP:
        required &= mandatory
    reachable = np.isfinite(times[:, allowed]).any(axis=1)
    found = []
    for chosen in (list(s) for k in range(len(allowed) + 1) for s in combinations(allowed, k)):
        nearest = times[:, chosen].min(axis=1, initial=np.inf)
        cost = sum(opening_cost_yuan[j] for j in chosen if not existing[j])
        if not set(np.flatnonzero(existing)) <= set(chosen) or (nearest[required] > 600).any():
            continue
        if (count is not None and len(chosen) > count) or (budget_yuan is not None and cost > budget_yuan):
            continue
        if objective is Objective.LSCP:
            found.append((len(chosen), cost, len(chosen)))
        elif objective is Objective.MCLP:
            found.append((-weights[nearest <= 600].sum(), cost, len(chosen)))
        elif len(chosen) == count and np.isfinite(nearest[reachable]).all():
            found.append((weights[reachable] @ nearest[reachable], cost, len(chosen)))
    return min(found) if found else None


@pytest.mark.slow
@settings(deadline=None, max_examples=150)
@given(limited_worlds())
def test_the_answer_is_what_trying_all_sets_of_sites_gives(world, limited):
    durations, limits = limited
    solution = solve_coverage(world(durations, **limits))
    best = best_by_trying_all(durations, **limits)
    if best is None:
        assert solution.status is SolveStatus.INFEASIBLE
        return
    assert solution.status is SolveStatus.OPTIMAL
    assert solution.value == pytest.approx(abs(best[0]))
    if limits["objective"] is not Objective.P_MEDIAN:  # nobody pays for a site that adds nothing
        assert (solution.opening_cost_yuan, len(solution.opened)) == best[1:]


def test_a_site_that_adds_nothing_is_not_opened(world):
    # the middle one covers all three; the count would allow the other two as well
    solution = solve_coverage(world(LINE, objective=Objective.MCLP, count=3))
    assert (solution.opened, solution.value) == (("s1",), 3)


@pytest.mark.parametrize("limit", [{}, {"objective": Objective.MCLP, "count": 1}])
@pytest.mark.parametrize(("costs", "cheaper"), [((2000.0, 1000.0), "s1"), ((1000.0, 2000.0), "s0")])
def test_of_equally_good_sites_the_cheaper_is_opened(world, limit, costs, cheaper):
    # two villages beside each other: either site covers both
    solution = solve_coverage(world([[0, 60], [60, 0]], opening_cost_yuan=np.array(costs), **limit))
    assert (solution.opened, solution.opening_cost_yuan) == ((cheaper,), 1000)


@pytest.mark.parametrize("end", ["NO_SOLUTION_FOUND", "NUMERICAL_ERROR", "OTHER_ERROR"])
def test_no_answer_in_time_is_not_found_and_proves_nothing(world, monkeypatch, end):
    nothing = SimpleNamespace(
        has_primal_feasible_solution=lambda: False,
        termination=SimpleNamespace(reason=mathopt.TerminationReason[end]),
    )
    monkeypatch.setattr("planner.coverage.models.milp.run", lambda model, time_limit_s: nothing)
    solution = solve_coverage(world(LINE))
    assert (solution.status, solution.opened, solution.found) == (SolveStatus.NOT_FOUND, (), False)
    assert solution.conflicts == (fact("no_answer_in_time"),)


@pytest.mark.parametrize(
    ("end", "holds"), [("INFEASIBLE", False), ("INFEASIBLE_OR_UNBOUNDED", False), ("NO_SOLUTION_FOUND", True)]
)
def test_limits_hold_together_unless_that_is_disproven(world, monkeypatch, end, holds):
    answer = SimpleNamespace(termination=SimpleNamespace(reason=mathopt.TerminationReason[end]))
    for module in ("models.milp", "phases.phased_milp"):
        monkeypatch.setattr(f"planner.coverage.{module}.run", lambda model, time_limit_s: answer)
    problem = world(LINE)
    phased = PhasedProblem(
        base=world(LINE, objective=Objective.MCLP, count=1), phases=(Phase(name="2026"), Phase(name="2027"))
    )
    assert (can_hold(problem, [0]), phases_can_hold(phased)) == (holds, holds)


@pytest.mark.parametrize(
    ("site", "bound", "told"),
    [
        (1, 9.0, (6.0, 6.0, 0.0, SolveStatus.OPTIMAL)),  # the engine had the best sites and could not prove it
        (0, 9.0, (6.0, 6.0, 0.0, SolveStatus.OPTIMAL)),  # the programme has better ones
        (1, 5.0, None),  # a bound that the value passes is a fault
    ],
)
def test_gap_and_status_fit_the_bound_that_engine_and_programme_reach_together(world, monkeypatch, site, bound, told):
    # s1 covers all three villages, 1 + 2 + 3 = 6; s0 covers the first two
    opened = np.arange(3) == site
    by_engine = Proposal(opened=opened, bound=bound, proven=False)
    monkeypatch.setattr(solve, "_propose", lambda *_: (by_engine, True))
    problem = world(LINE, objective=Objective.MCLP, weights=np.array([1.0, 2.0, 3.0]), count=1)
    if told is None:
        with pytest.raises(PlanRejectedError, match="passes the bound"):
            solve_coverage(problem)
        return
    found = solve_coverage(problem)
    assert (found.value, found.bound, found.gap, found.status) == told


@settings(deadline=None, max_examples=20)
@given(tiny_worlds(), st.floats(1, 900), st.floats(0, 900))
def test_a_larger_standard_never_lowers_coverage(world, tiny, standard, more):
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
def test_the_check_notices_a_broken_answer(world, broken, fault):
    problem = world(LINE)
    faults = check_coverage(problem, replace(solve_coverage(problem), **broken))
    assert fault in " ".join(faults)


def test_the_same_problem_gives_the_same_answer(world):
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
def test_a_problem_that_does_not_hold_together_is_refused(world, changes, message):
    with pytest.raises(BadDataError) as caught:
        world(LINE, **changes)
    assert message in str(caught.value)
