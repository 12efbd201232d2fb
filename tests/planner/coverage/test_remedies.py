"""The cheapest way to cover who is left out, worked out by hand, and against trying every set of sites."""

from itertools import combinations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.config import Objective
from planner.coverage import AssignmentRule, SitingRules, UpperTier
from planner.coverage.remedies import cheapest_remedies
from planner.coverage.solve import solve_coverage
from planner.model import Fact

LINE = [[0, 600, 1200], [600, 0, 600], [1200, 600, 0]]
MCLP = {"objective": Objective.MCLP}


def remedies_of(problem):
    solution = solve_coverage(problem)
    return {remedy.demand_id: remedy for remedy in cheapest_remedies(problem, solution)}


def test_the_cheaper_of_two_sites_and_the_time_to_the_open_one(world):
    # s0 is open for the heaviest village; v2 is covered within 600 s by s1 (900 yuan) or s2 (700); s0 is 1200 s away
    weights, costs = np.array([9.0, 1.0, 1.0]), np.array([500.0, 900.0, 700.0])
    problem = world(LINE, **MCLP, weights=weights, opening_cost_yuan=costs, budget_yuan=600.0)
    remedy = remedies_of(problem)["v2"]
    assert (remedy.site_ids, remedy.cost_yuan, remedy.lifts, remedy.standard_s) == (
        ("s2",),
        700,
        (Fact(code="above_budget"),),
        1200,
    )


def test_limits_that_the_remedy_exceeds_are_named(world):
    rules = SitingRules(township=("a", "a", "a"), township_limits={"a": (0, 1)})
    remedies = remedies_of(world(LINE, **MCLP, standard_s=300.0, count=1, rules=rules))
    above = (Fact(code="above_count"), Fact(code="above_township", params={"township_id": "a"}))
    assert [remedy.lifts for remedy in remedies.values()] == [above, above]


def test_where_nothing_is_in_reach_only_a_longer_standard_helps(world):
    # v1 lies 601 s from the only site: eleven minutes
    remedy = remedies_of(world([[0], [601]], **MCLP, count=1))["v1"]
    assert (remedy.site_ids, remedy.cost_yuan, remedy.standard_s) == ((), None, 660)
    island = remedies_of(world([[0], [np.inf]], **MCLP, count=1))["v1"]
    assert (island.site_ids, island.cost_yuan, island.standard_s) == ((), None, None)


def test_a_full_site_needs_a_second_one_and_its_neighbours_stay_covered(world):
    # s0 holds the 2 parcels of v0; v1 (1 parcel) needs s1 for 1000 yuan, or nothing if the standard were longer: s0 is full
    rules = SitingRules(load=[2.0, 1.0], capacity=[2.0, 2.0], assignment=AssignmentRule.FREE)
    problem = world([[60, 900], [60, 120]], **MCLP, count=1, weights=np.array([2.0, 1.0]), rules=rules)
    remedy = remedies_of(problem)["v1"]
    assert (remedy.site_ids, remedy.cost_yuan, remedy.standard_s) == (("s1",), 1000, None)


def test_a_point_out_of_reach_of_open_stations_costs_its_station_too(world):
    upper = UpperTier(
        station_ids=("t0", "t1"),
        durations_s=np.array([[60.0, 900], [900, 60]]),
        standard_s=300.0,
        opening_cost_yuan=np.array([10.0, 20.0]),
        existing=np.zeros(2, dtype=bool),
        forbidden=np.zeros(2, dtype=bool),
        room=np.ones(2),
        count=1,
    )
    far_apart = [[0, 900], [900, 0]]
    problem = world(far_apart, **MCLP, count=2, weights=np.array([2.0, 1.0]), rules=SitingRules(upper=upper))
    remedy = remedies_of(problem)["v1"]
    assert (remedy.site_ids, remedy.station_ids, remedy.cost_yuan) == (("s1",), ("t1",), 1020)
    assert remedy.lifts == (Fact(code="above_station_count"),)


@st.composite
def tiny_worlds(draw):
    points, sites = draw(st.integers(1, 4)), draw(st.integers(2, 5))
    times = st.integers(0, 9).map(lambda x: 150.0 * x)
    table = [[draw(times) for _ in range(sites)] for _ in range(points)]
    costs = np.array([float(draw(st.integers(0, 9))) for _ in range(sites)])
    forbidden = np.array([draw(st.sampled_from([False, False, True])) for _ in range(sites)])
    return table, costs, forbidden, draw(st.integers(1, 2))


@settings(deadline=None, max_examples=150)
@given(tiny_worlds())
def test_no_cheaper_set_of_sites_would_do(world, tiny):
    table, costs, forbidden, needed = tiny
    rules = SitingRules(sites_needed=needed)
    problem = world(table, **MCLP, opening_cost_yuan=costs, forbidden=forbidden, budget_yuan=5.0, rules=rules)
    solution = solve_coverage(problem)
    opened = {int(id_[1:]) for id_ in solution.opened}
    closed = [j for j in np.flatnonzero(~forbidden).tolist() if j not in opened]
    remedies = cheapest_remedies(problem, solution)
    assert [remedy.demand_id for remedy in remedies] == sorted(left.demand_id for left in solution.uncovered)
    for remedy in remedies:
        times = np.array(table)[int(remedy.demand_id[1:])]
        prices = [
            sum(costs[j] for j in more)
            for k in range(len(closed) + 1)
            for more in combinations(closed, k)
            if sum(times[j] <= 600 for j in (*opened, *more)) >= needed
        ]
        assert remedy.cost_yuan == (min(prices) if prices else None)
        if remedy.standard_s is not None:
            reached = [
                sum(times[j] <= s for j in opened) >= needed for s in (remedy.standard_s, remedy.standard_s - 60)
            ]
            assert reached == [True, False]
