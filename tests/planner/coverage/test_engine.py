"""The compiled engine against trying all sets of sites, and its parts against what can be seen by hand."""

import time
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_array

from planner.config import Objective
from planner.coverage import CoverageProblem, SolveStatus, SparseDurations
from planner.coverage.adapters.choice import propose_at_large
from planner.coverage.check import check_coverage
from planner.coverage.engine.covering.search import fewest_sites
from planner.coverage.engine.effort import Effort
from planner.coverage.engine.reduce import reduce_cover
from planner.coverage.explain import solution_of
from planner.coverage.explain.conflicts import plain_conflicts
from planner.coverage.proposal import Proposal
from planner.coverage.solve import solve_coverage
from planner.errors import BadDataError
from planner.model import Fact

STANDARD_S = 600.0


def problem_of(durations, objective, **changes):
    points, sites = durations.shape
    values = {
        "objective": objective,
        "demand_ids": tuple(f"v{i}" for i in range(points)),
        "site_ids": tuple(f"s{j}" for j in range(sites)),
        "durations_s": durations,
        "standard_s": STANDARD_S,
        "weights": np.ones(points),
        "population": np.ones(points),
        "households": np.ones(points),
        "registered_poor": np.zeros(points, dtype=bool),
        "mandatory": np.zeros(points, dtype=bool),
        "opening_cost_yuan": np.ones(sites),
        "existing": np.zeros(sites, dtype=bool),
        "forbidden": np.zeros(sites, dtype=bool),
    }
    return CoverageProblem(**(values | changes))


@st.composite
def tiny_problems(draw, objective):
    points, sites = draw(st.integers(1, 7)), draw(st.integers(1, 7))
    times = st.one_of(st.integers(0, 1200).map(float), st.just(np.inf))
    table = draw(st.lists(st.lists(times, min_size=sites, max_size=sites), min_size=points, max_size=points))
    kinds = draw(
        st.lists(st.sampled_from(["free", "free", "free", "existing", "forbidden"]), min_size=sites, max_size=sites)
    )
    weights = draw(st.lists(st.integers(0, 50), min_size=points, max_size=points))
    mandatory = draw(st.lists(st.sampled_from([False, False, False, True]), min_size=points, max_size=points))
    return problem_of(
        np.array(table),
        objective,
        weights=np.array(weights, dtype=float),
        mandatory=np.array(mandatory) if objective is not Objective.LSCP else np.zeros(points, dtype=bool),
        existing=np.array([kind == "existing" for kind in kinds]),
        forbidden=np.array([kind == "forbidden" for kind in kinds]),
        count=None if objective is Objective.LSCP else draw(st.integers(1, sites)),
    )


def value_by_hand(problem, opened):
    """The objective of one set of sites from the dense table; None if a demand of the problem is broken."""
    table = problem.durations_s
    best = table[:, opened].min(axis=1) if opened else np.full(len(table), np.inf)
    allowed = table[:, ~problem.forbidden]
    if (best[problem.mandatory] > STANDARD_S).any():
        return None
    if problem.objective is Objective.LSCP:
        must = (allowed <= STANDARD_S).any(axis=1)
        return float(len(opened)) if (best[must] <= STANDARD_S).all() else None
    if problem.objective is Objective.MCLP:
        return float(problem.weights[best <= STANDARD_S].sum())
    must = np.isfinite(allowed).any(axis=1)
    if not np.isfinite(best[must]).all():
        return None
    if problem.objective is Objective.P_CENTER:
        return float(best[must].max(initial=0.0))
    return float((problem.weights[must] * best[must]).sum())


def best_by_hand(problem):
    existing, free = np.flatnonzero(problem.existing), np.flatnonzero(~problem.existing & ~problem.forbidden)
    limit = len(free) if problem.count is None else problem.count - len(existing)
    sizes = [limit] if problem.objective is Objective.P_MEDIAN else range(limit + 1)
    sets = ([*existing, *more] for k in sizes if 0 <= k <= len(free) for more in combinations(free, k))
    values = [value for value in (value_by_hand(problem, opened) for opened in sets) if value is not None]
    if not values:
        return None
    return max(values) if problem.objective is Objective.MCLP else min(values)


def agree(problem):
    """Assert bound <= optimum <= value (the other way round for maximal covering) of the engine."""
    problem = problem.attainable  # as `solve_coverage` asks
    best = best_by_hand(problem)
    if plain_conflicts(problem):  # named one by one before any engine is asked
        assert best is None
        return
    proposal = propose_at_large(problem, 20.0)
    if best is None:
        assert proposal.status is SolveStatus.INFEASIBLE
        return
    assert proposal.status is None
    sign = -1 if problem.objective is Objective.MCLP else 1
    value = value_by_hand(problem, [int(j) for j in np.flatnonzero(proposal.opened)])
    assert value is not None
    assert sign * proposal.bound <= sign * best + 1e-6
    assert sign * best <= sign * value + 1e-6
    if proposal.proven:
        assert value == pytest.approx(best)
    solution = solution_of(problem, proposal)
    assert check_coverage(problem, solution) == ()


@pytest.mark.slow
@settings(deadline=None, max_examples=500)
@given(tiny_problems(Objective.LSCP))
def test_fewest_sites_are_what_trying_all_sets_gives(problem):
    agree(problem)


@pytest.mark.slow
@settings(deadline=None, max_examples=500)
@given(tiny_problems(Objective.MCLP))
def test_maximal_covering_is_what_trying_all_sets_gives(problem):
    agree(problem)


@pytest.mark.slow
@settings(deadline=None, max_examples=500)
@given(tiny_problems(Objective.P_MEDIAN))
def test_p_median_is_what_trying_all_sets_gives(problem):
    agree(problem)


@pytest.mark.slow
@settings(deadline=None, max_examples=500)
@given(tiny_problems(Objective.P_CENTER))
def test_p_center_is_what_trying_all_sets_gives(problem):
    agree(problem)


def test_the_farthest_of_a_line_is_nearest_from_the_middle():
    # 600 s apart: from the middle both ends take 600 s, from an end the other end takes 1200 s
    table = np.array([[0.0, 600, 1200], [600, 0, 600], [1200, 600, 0]])
    solution = solve_coverage(problem_of(table, Objective.P_CENTER, count=1))
    assert (solution.opened, solution.value, solution.bound, solution.status) == (
        ("s1",),
        600,
        600,
        SolveStatus.OPTIMAL,
    )


def test_p_center_uses_the_rest_of_its_count_for_points_beyond_the_standard():
    # v0 takes at least 601 s whatever is open, and s1 alone keeps v1 within that too: the second site then brings v1 home
    table = np.array([[np.inf, 601.0], [0.0, 601.0]])
    solution = solve_coverage(problem_of(table, Objective.P_CENTER, count=2))
    assert (solution.opened, solution.value) == (("s0", "s1"), 601)
    assert [assignment.demand_id for assignment in solution.assignments] == ["v1"]


def test_the_check_notices_a_point_that_no_open_site_reaches():
    # two islands of one point each, both allowed: opening only one leaves the other behind
    table = np.array([[0.0, np.inf], [np.inf, 0.0]])
    problem = problem_of(table, Objective.P_CENTER, count=1)
    assert solve_coverage(problem).status is SolveStatus.INFEASIBLE
    broken = solution_of(problem, Proposal(opened=np.array([True, False]), bound=None, proven=False))
    assert any(
        "v1 can be reached by more allowed sites than open ones" in fault for fault in check_coverage(problem, broken)
    )


@pytest.mark.parametrize("limits", [{}, {"count": 1, "budget_yuan": 10.0}])
def test_p_center_takes_a_count_and_no_budget(limits):
    with pytest.raises(BadDataError, match="PCENTER needs count and takes no budget_yuan"):
        problem_of(np.zeros((1, 1)), Objective.P_CENTER, **limits)


@pytest.mark.slow
@settings(deadline=None, max_examples=200)
@given(st.integers(0, 10_000), st.integers(1, 3), st.integers(2, 4))
def test_lists_cut_short_never_claim_more_than_the_whole_table(seed, count, listed):
    # every site's time is at least the cut-off if it is not listed, so the bound must hold for the whole table
    random = np.random.default_rng(seed)
    points = random.random((7, 2)) * 1000
    table = np.hypot(*(points[:, None] - points[None]).transpose(2, 0, 1))
    order = np.argsort(table, axis=1)[:, :listed]
    near = np.take_along_axis(table, order, axis=1)
    lists = SparseDurations.of_rows(
        starts=np.arange(8, dtype=np.int64) * listed,
        sites=order.ravel().astype(np.int32),
        seconds=near.ravel(),
        site_count=7,
        cutoff_s=near[:, -1],
    )
    best = min(table[:, list(s)].min(axis=1).sum() for s in combinations(range(7), count))
    proposal = propose_at_large(problem_of(lists, Objective.P_MEDIAN, count=count), 20.0)
    if proposal.status is None:
        assert proposal.bound <= best + 1e-6
        assert table[:, proposal.opened].min(axis=1).sum() >= best - 1e-6


def random_table(points, sites, seed):
    random = np.random.default_rng(seed)
    places, others = random.random((points, 2)) * 4000, random.random((sites, 2)) * 4000
    return np.hypot(*(places[:, None] - others[None]).transpose(2, 0, 1)), random.integers(1, 900, points).astype(float)


@pytest.mark.parametrize("objective", list(Objective))
def test_the_same_seed_gives_the_same_sites(objective):
    table, weights = random_table(80, 60, 3)
    problem = problem_of(table, objective, weights=weights, count=None if objective is Objective.LSCP else 8)
    first, second = (propose_at_large(problem, 60.0, seed=7) for _ in range(2))
    assert first.opened.tolist() == second.opened.tolist()
    assert first.bound == second.bound


def test_a_sparse_and_a_dense_problem_have_the_same_answer():
    table, weights = random_table(60, 60, 5)
    dense = problem_of(table, Objective.P_MEDIAN, weights=weights, count=6)
    sparse = problem_of(SparseDurations.of_dense(table), Objective.P_MEDIAN, weights=weights, count=6)
    assert solve_coverage(dense) == solve_coverage(sparse)


def test_dominance_leaves_nothing_of_a_path():
    # v0 only by s0; s1 covers what s2 covers and more; v2 then only by s1: both forced, nothing left
    covers = csr_array(np.array([[1, 0, 0], [1, 1, 0], [0, 1, 1], [0, 1, 0]], dtype=np.int32))
    core = reduce_cover(covers, np.ones(4, dtype=np.int64))
    assert core.forced.tolist() == [0, 1]
    assert core.covers.shape[0] == 0


def test_a_triangle_of_pairs_needs_two_sites_and_the_half_is_rounded_up():
    # each row by two of three columns: the LP takes half of each, 1.5 in all, so the bound must say 2
    covers = csr_array(np.array([[1, 1, 0], [0, 1, 1], [1, 0, 1]], dtype=np.int32))
    found = fewest_sites(covers, np.ones(3, dtype=np.int64), Effort(deadline=time.monotonic() + 10))
    assert (found.value, found.bound) == (2, 2)


def test_points_that_cannot_hold_together_are_the_smallest_set():
    # v0 and v1 share a site, v2 has its own: one site can serve v0 and v1, so v2 and one of them conflict
    table = np.array([[0, 60, 9e3], [60, 0, 9e3], [9e3, 9e3, 0]])
    solution = solve_coverage(problem_of(table, Objective.MCLP, mandatory=np.ones(3, dtype=bool), count=1))
    assert solution.status is SolveStatus.INFEASIBLE
    (conflict,) = solution.conflicts
    assert conflict.code == "mandatory_points_beyond_limits"
    assert conflict.params["count"] == len(conflict.params["point_ids"]) == 2
    assert "v2" in conflict.params["point_ids"]
    assert conflict.params["limits"] == (Fact(code="limit_count", params={"count": 1}),)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"demands": np.array([0, 5])}, "demand number 5 is outside 0..1"),
        ({"sites": np.array([0, -1])}, "site number -1 is outside 0..1"),
        ({"seconds": np.array([1.0, np.nan])}, "a time of demand number 1 is negative or NaN"),
        ({"demands": np.array([0, 0]), "sites": np.array([1, 1])}, "pair 0, 1 repeats"),
    ],
)
def test_pairs_that_do_not_hold_together_are_refused(changes, message):
    pairs = {"demands": np.array([0, 1]), "sites": np.array([0, 1]), "seconds": np.array([1.0, 2.0])}
    with pytest.raises(BadDataError) as caught:
        SparseDurations.of_pairs(**(pairs | changes), shape=(2, 2))
    assert message in str(caught.value)
