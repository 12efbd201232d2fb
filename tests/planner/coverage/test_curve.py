"""The marginal curve: by hand, against brute force, and monotone whatever the solver does."""

from dataclasses import replace
from itertools import combinations, pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import planner.coverage.appraise.marginal as curve_module
from planner.config import Objective
from planner.coverage import SitingRules, SolveStatus
from planner.coverage.appraise import Limit
from planner.coverage.appraise.marginal import marginal_curve
from planner.coverage.solve import solve_coverage
from planner.errors import BadDataError
from planner.model import Fact

# four villages far apart, a site in each
ISLANDS = np.where(np.eye(4) > 0, 0.0, 5000.0)
PEOPLE = np.array([400.0, 300.0, 200.0, 100.0])


def islands(world, **changes):
    return world(ISLANDS, objective=Objective.MCLP, count=1, weights=PEOPLE, population=PEOPLE, **changes)


def test_each_site_adds_the_largest_village_that_is_left(world):
    steps = []
    seen = marginal_curve(
        islands(world), [4, 1, 2, 2, 9], knee_people=150, progress=lambda *step: steps.append(step[1:])
    )
    # at 4 sites all are covered: 9 is not solved. Sites add 400, 300, then (2 → 4) 150 each: 150 is still worth it
    assert [(p.limit, p.value, p.bound, p.gap, p.proven) for p in seen.points] == [
        (1, 400, 400, 0, True),
        (2, 700, 700, 0, True),
        (4, 1000, 1000, 0, True),
    ]
    assert (seen.full_at, seen.knee_at) == (4, None)
    assert [p.population_covered for p in seen.points] == [400, 700, 1000]
    assert steps == [(0, 4), (1, 4), (2, 4), (4, 4)]


@pytest.mark.parametrize(("people", "knee"), [(250, 2), (301, 1), (401, 1), (150, 3), (100, None)])
def test_the_knee_is_the_last_limit_worth_going_to(world, people, knee):
    # after 1 site each further one adds 300, 200, 100
    assert marginal_curve(islands(world), [1, 2, 3, 4], knee_people=people).knee_at == knee


def test_over_money_the_knee_counts_people_for_ten_thousand_yuan(world):
    problem = replace(islands(world, opening_cost_yuan=np.full(4, 20_000.0)), count=None, budget_yuan=0.0)
    seen = marginal_curve(problem, [20_000, 40_000, 60_000], limit=Limit.BUDGET, knee_people=120)
    # 300 people for 20,000 yuan are 150 for 10,000; the next 200 are 100
    assert [p.value for p in seen.points] == [400, 700, 900]
    assert [p.opening_cost_yuan for p in seen.points] == [20_000, 40_000, 60_000]
    assert (seen.knee_at, seen.full_at) == (40_000, None)


def test_a_limit_that_cannot_be_held_is_an_answer_with_its_reason(world):
    problem = islands(world, existing=np.array([True, True, False, False]))
    seen = marginal_curve(problem, [1, 2])
    assert [(p.status, p.value) for p in seen.points] == [(SolveStatus.INFEASIBLE, None), (SolveStatus.OPTIMAL, 700)]
    assert seen.points[0].conflicts == (Fact(code="count_below_existing", params={"count": 1, "existing": 2}),)


@st.composite
def worlds(draw):
    points, sites = draw(st.integers(1, 5)), draw(st.integers(1, 5))
    times = st.one_of(st.integers(0, 900).map(float), st.just(np.inf))
    rows = draw(st.lists(st.lists(times, min_size=sites, max_size=sites), min_size=points, max_size=points))
    weights = draw(st.lists(st.integers(0, 50), min_size=points, max_size=points))
    return rows, np.array(weights, dtype=float)


def covered(rows, weights, sites):
    return float(weights[(np.array(rows)[:, list(sites)] <= 600).any(axis=1)].sum()) if sites else 0.0


@settings(max_examples=60, deadline=None)
@given(worlds())
def test_values_are_those_of_trying_all_sets(world, drawn):
    rows, weights = drawn
    sites = len(rows[0])
    seen = marginal_curve(world(rows, objective=Objective.MCLP, count=1, weights=weights), list(range(sites + 1)))
    for point in seen.points:
        sets = combinations(range(sites), int(point.limit))
        assert point.value == max(covered(rows, weights, chosen) for chosen in sets)
        assert point.proven
    full = covered(rows, weights, range(sites))
    assert seen.full_at == next(p.limit for p in seen.points if p.value == full)
    assert len(seen.points) == seen.full_at + 1


@pytest.mark.slow
@settings(max_examples=60, deadline=None)
@given(worlds(), st.data())
def test_a_solver_that_is_worse_with_more_and_unsure_still_gives_a_monotone_curve(world, drawn, data):
    """Replace the solver by one that finds some set of sites, and states some bound that holds."""
    rows, weights = drawn
    sites = len(rows[0])
    objective = data.draw(st.sampled_from([Objective.MCLP, Objective.P_CENTER]))
    times = np.array(rows)

    def careless(problem, **_):
        honest = solve_coverage(problem)
        if not honest.found:
            return honest
        chosen = data.draw(st.sets(st.integers(0, sites - 1), max_size=problem.count))
        opened = np.zeros(sites, dtype=bool)
        opened[list(chosen)] = True
        if objective is Objective.P_CENTER:  # an answer has to reach whoever can be reached
            opened = np.isin(problem.site_ids, honest.opened)
        value = solution_value(opened)
        slack = data.draw(st.sampled_from([0.0, 5.0, 100.0]))
        bound = honest.value + slack if objective is Objective.MCLP else max(0.0, honest.value - slack)
        return replace(honest, status=SolveStatus.FEASIBLE, value=value, bound=bound, gap=1.0)

    def solution_value(opened):
        if objective is Objective.MCLP:
            return covered(rows, weights, list(np.flatnonzero(opened)))
        best = times[:, opened].min(axis=1, initial=np.inf)
        return float(best[np.isfinite(best)].max(initial=0.0)) + data.draw(st.sampled_from([0.0, 50.0]))

    problem = world(rows, objective=objective, count=1, weights=weights)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(curve_module, "solve_coverage", careless)
        seen = marginal_curve(problem, list(range(1, sites + 1)))
    sign = 1 if objective is Objective.MCLP else -1
    solved = [point for point in seen.points if point.value is not None]
    assert solved or objective is Objective.P_CENTER  # some village may be out of everybody's reach
    for before, after in pairwise(solved):
        assert sign * before.value <= sign * after.value
        assert sign * before.bound <= sign * after.bound
    for point in solved:
        optimum = solve_coverage(replace(problem, count=int(point.limit))).value
        assert sign * point.value <= sign * optimum + 1e-9
        assert sign * optimum <= sign * point.bound + 1e-9
        assert point.gap == pytest.approx(abs(point.value - point.bound) / max(abs(point.value), 1e-9))
        if point.proven:
            assert point.value == pytest.approx(optimum)


def test_p_median_takes_more_sites_than_there_are_as_all_of_them(world):
    problem = world(ISLANDS, objective=Objective.P_MEDIAN, count=1, weights=PEOPLE)
    seen = marginal_curve(problem, [3, 4, 9])
    # the smallest village goes to the next site, 5000 s away
    assert [(p.value, p.proven) for p in seen.points] == [(500_000, True), (0, True), (0, True)]


def test_p_median_whose_rules_may_forbid_another_site_states_no_bound(world):
    rules = SitingRules(township=("t",) * 4, township_limits={"t": (0, 3)})
    problem = world(ISLANDS, objective=Objective.P_MEDIAN, count=1, weights=PEOPLE, rules=rules)
    seen = marginal_curve(problem, [2])
    assert [(p.bound, p.gap, p.proven) for p in seen.points] == [(None, None, False)]


@pytest.mark.parametrize(
    ("limits", "limit", "objective", "message"),
    [
        ([], Limit.COUNT, Objective.MCLP, "there is no limit"),
        ([1, -1, np.nan], Limit.COUNT, Objective.MCLP, "limits must be 0 or more: -1, nan"),
        ([1.5], Limit.COUNT, Objective.MCLP, "must be whole: 1.5"),
        ([1], Limit.BUDGET, Objective.P_MEDIAN, "PMEDIAN has no curve over budget_yuan; there is one for MCLP"),
        ([1], Limit.COUNT, Objective.LSCP, "LSCP has no curve over count"),
    ],
)
def test_what_has_no_curve_is_refused(world, limits, limit, objective, message):
    problem = world(ISLANDS, objective=objective, count=1)
    with pytest.raises(BadDataError, match="the curve cannot be drawn") as caught:
        marginal_curve(problem, limits, limit=limit)
    assert message in str(caught.value)
