"""Named worlds for each rule, worked out by hand; demands that contradict each other are named; nonsense is refused."""

from dataclasses import replace

import numpy as np
import pytest

from planner.config import Objective
from planner.coverage import AssignmentRule, SitingRules, SolveStatus, UncoveredReason, UpperTier
from planner.coverage.explain.conflicts import fact
from planner.coverage.solve import solve_coverage
from planner.errors import BadDataError

# three villages on a road, 600 s apart, each a site: the middle one reaches both others within the standard
LINE = [[0, 600, 1200], [600, 0, 600], [1200, 600, 0]]
MCLP = {"objective": Objective.MCLP}
FIXED = {"objective": Objective.FIXED_CHARGE}


def reasons(solution):
    return {left.demand_id: left.reason for left in solution.uncovered}


def test_backup_asks_for_two_sites_in_reach_of_each_village(world):
    # v0 has s0 and s1 in reach, v2 has s1 and s2: two of each need all three, or s1 with both ends
    solution = solve_coverage(world(LINE, rules=SitingRules(sites_needed=2)))
    assert solution.opened == ("s0", "s1", "s2")
    assert [(a.site_id, a.backup_site_ids) for a in solution.assignments] == [
        ("s0", ("s1",)),
        ("s1", ("s0",)),
        ("s2", ("s1",)),
    ]


def test_one_of_two_sites_needed_does_not_count_half(world):
    solution = solve_coverage(world(LINE, **MCLP, count=1, rules=SitingRules(sites_needed=2)))
    assert solution.value == 0
    assert set(reasons(solution).values()) == {UncoveredReason.COUNT_USED_UP}


def test_a_village_with_fewer_sites_in_reach_than_it_needs_is_not_covered_and_the_plan_is_made(world):
    # v0 reaches s0 only, v1 both: s0 and s1 cover v1, and no plan covers v0
    solution = solve_coverage(world([[0, 900], [600, 0]], rules=SitingRules(sites_needed=2)))
    assert solution.opened == ("s0", "s1")
    assert [(a.demand_id, a.backup_site_ids) for a in solution.assignments] == [("v1", ("s0",))]
    assert reasons(solution) == {"v0": UncoveredReason.TOO_FEW_SITES}
    assert (solution.shares.villages, solution.relaxed) == (0.5, ())
    # named as mandatory it must have two, and cannot: the plan is the same, and says that this is not met
    named = solve_coverage(
        world([[0, 900], [600, 0]], mandatory=np.array([True, False]), rules=SitingRules(sites_needed=2))
    )
    assert (named.opened, reasons(named)) == (solution.opened, reasons(solution))
    assert named.relaxed == (fact("mandatory_with_few_sites", point_id="v0", found=1, needed=2, standard_s=600.0),)


def test_what_a_village_counts_falls_beyond_the_standard(world):
    # from the end s0: v0 1, v1 at 600 s 1, v2 at 1200 s is half way from 600 to 1800: 0.5
    solution = solve_coverage(
        world(LINE, **MCLP, count=1, forbidden=np.array([0, 1, 1], bool), rules=SitingRules(decay_s=1800.0))
    )
    assert solution.value == pytest.approx(2.5)
    assert reasons(solution) == {"v2": UncoveredReason.ONLY_FORBIDDEN_SITES}


def test_a_share_of_all_weight_is_enough(world):
    # 4 of 10 are at v0; the middle covers all, but is forbidden: two sites for all, one for 90 % of the weight
    weights = np.array([4.0, 5.0, 1.0])
    only_ends = {"forbidden": np.array([0, 1, 0], bool), "weights": weights}
    assert solve_coverage(world(LINE, **only_ends)).value == 2
    partial = solve_coverage(world(LINE, **only_ends, rules=SitingRules(covered_share=0.9)))
    assert partial.opened == ("s0",)
    assert reasons(partial) == {"v2": UncoveredReason.SHARE_REACHED}


def test_capacity_with_everybody_at_the_closest_site_needs_more_sites_than_with_a_choice(world):
    # two villages beside s0, 60 s; s1 is 120 s away and empty; each site holds one village
    table = [[60, 120], [60, 120]]
    rules = {"load": [1.0, 1.0], "capacity": [1.0, 1.0]}
    free = solve_coverage(world(table, rules=SitingRules(**rules, assignment=AssignmentRule.FREE)))
    assert sorted(a.site_id for a in free.assignments) == ["s0", "s1"]
    closest = solve_coverage(world(table, rules=SitingRules(**rules)))
    assert closest.status is SolveStatus.INFEASIBLE
    assert closest.conflicts == (
        # whichever site is open is the closest of both, and holds one
        fact("point_beyond_limits", point_id="v0", limits=(fact("limit_capacity"), fact("limit_closest"))),
    )


def test_a_full_site_is_the_reason(world):
    # one site for two villages, room for the heavier one
    rules = SitingRules(load=[1.0, 2.0], capacity=[2.0], assignment=AssignmentRule.FREE)
    solution = solve_coverage(world([[60], [60]], **MCLP, count=1, weights=np.array([1.0, 2.0]), rules=rules))
    assert reasons(solution) == {"v0": UncoveredReason.CAPACITY_USED_UP}


def test_a_point_below_its_minimum_load_is_not_opened(world):
    # two villages of 3 parcels together keep a point of 3, the lonely one with 2 does not
    table = [[0, 60, np.inf], [60, 0, np.inf], [np.inf, np.inf, 0]]
    rules = SitingRules(load=[1.0, 2.0, 2.0], minimum_load=[3.0, 3.0, 3.0])
    solution = solve_coverage(world(table, **MCLP, count=3, rules=rules))
    assert (len(solution.opened), solution.value) == (1, 2)
    assert reasons(solution) == {"v2": UncoveredReason.BELOW_MINIMUM_LOAD}


def test_closing_an_existing_site_is_paid_from_the_budget(world):
    # s0 exists; moving to the middle covers all and costs 1000 for opening and 300 for closing
    moved = {
        "existing": np.array([1, 0, 0], bool),
        "rules": SitingRules(closing_cost_yuan=[300.0, np.inf, np.inf]),
        "count": 1,
    }
    solution = solve_coverage(world(LINE, **MCLP, **moved, budget_yuan=1300.0))
    assert (solution.opened, solution.closed) == (("s1",), ("s0",))
    assert (solution.opening_cost_yuan, solution.closing_cost_yuan) == (1000, 300)
    short = solve_coverage(world(LINE, **MCLP, **moved, budget_yuan=1299.0))
    assert short.opened == ("s0",)
    assert reasons(short) == {"v2": UncoveredReason.COUNT_USED_UP}
    # without a count it is cheaper to keep s0 beside the middle
    assert solve_coverage(world(LINE, **MCLP, **(moved | {"count": None}), budget_yuan=1300.0)).opened == ("s0", "s1")


def test_a_township_has_no_more_points_than_it_may(world):
    rules = SitingRules(township=("a", "a", "b"), township_limits={"a": (0, 1), "b": (0, 0)})
    solution = solve_coverage(world(LINE, **MCLP, standard_s=300.0, count=3, rules=rules))
    assert solution.value == 1
    assert set(reasons(solution).values()) == {UncoveredReason.TOWNSHIP_LIMIT}


def test_a_shared_house_decides_between_equals(world):
    # either site covers both villages; the shop is in the second
    solution = solve_coverage(world([[0, 60], [60, 0]], rules=SitingRules(bonus=[0.0, 0.1])))
    assert (solution.opened, solution.value) == (("s1",), 0.9)


def test_fixed_charge_weighs_sites_against_travel(world):
    # one site in the middle: 1000 + 2 villages x 600 s x 3 yuan an hour x weight 1000 = 1000 + 1000; all three: 3000
    weights = np.full(3, 1000.0)
    cheap = solve_coverage(world(LINE, **FIXED, weights=weights, rules=SitingRules(yuan_per_hour=3.0)))
    assert (cheap.opened, cheap.value) == (("s1",), pytest.approx(2000))
    # at 12 yuan an hour that travel costs 4000, and three sites without any are cheaper
    dear = solve_coverage(world(LINE, **FIXED, weights=weights, rules=SitingRules(yuan_per_hour=12.0)))
    assert (len(dear.opened), dear.value) == (3, pytest.approx(3000))


BOTH = np.ones(2, dtype=bool)


def two_stations(**changes):
    # t0 is beside s0 and s1, t1 beside s2
    values = {
        "station_ids": ("t0", "t1"),
        "durations_s": np.array([[60.0, 900], [120, 900], [900, 60]]),
        "standard_s": 300.0,
        "opening_cost_yuan": np.array([10.0, 20.0]),
        "existing": np.zeros(2, dtype=bool),
        "forbidden": np.zeros(2, dtype=bool),
        "room": np.array([1.0, 1.0]),
    }
    return UpperTier(**(values | changes))


def test_points_are_opened_only_where_a_station_has_room_for_them(world):
    # at 300 s each village needs its own point; t0 has room for one of s0 and s1
    solution = solve_coverage(world(LINE, **MCLP, standard_s=300.0, count=3, rules=SitingRules(upper=two_stations())))
    assert solution.value == 2
    assert solution.upper is not None
    assert solution.upper.opened == ("t0", "t1")
    assert solution.upper.opening_cost_yuan == 30
    assert [link.site_id for link in solution.upper.links] == ["t0", "t1"]
    assert list(reasons(solution).values()) == [UncoveredReason.NO_STATION_WITH_ROOM]


def test_existing_point_without_a_station_in_reach_is_named(world):
    upper = two_stations(forbidden=np.array([False, True]))
    problem = world(LINE, **MCLP, count=3, existing=np.array([0, 0, 1], bool), rules=SitingRules(upper=upper))
    # s2 stays as it is and covers v2; the others are planned with the station that there is
    solution = solve_coverage(problem)
    assert solution.relaxed == (fact("site_without_station", site_id="s2", standard_s=300.0),)
    assert solution.upper is not None
    assert [(link.demand_id, link.site_id) for link in solution.upper.links] == [
        (site_id, "t0") for site_id in solution.opened if site_id != "s2"
    ]
    assert (len(solution.opened), solution.value) == (2, 3)


def test_a_new_point_that_no_station_reaches_is_not_opened_and_its_villages_say_so(world):
    upper = two_stations(forbidden=np.array([False, True]))
    poor = np.array([0, 0, 1], bool)
    problem = world(LINE, mandatory=poor, standard_s=300.0, rules=SitingRules(upper=two_stations(room=np.full(2, 9.0))))
    assert solve_coverage(problem).shares.villages == 1
    answer = solve_coverage(replace(problem, rules=SitingRules(upper=replace(upper, room=np.full(2, 9.0)))))
    assert reasons(answer) == {"v2": UncoveredReason.NO_STATION_IN_REACH}
    assert answer.relaxed == (fact("mandatory_without_station", point_id="v2", standard_s=300.0),)
    assert answer.opened == ("s0", "s1")


@pytest.mark.parametrize("objective", [Objective.LSCP, Objective.FIXED_CHARGE])
@pytest.mark.parametrize("assignment", list(AssignmentRule))
@pytest.mark.parametrize("mandatory", [True, False])
def test_a_village_too_large_for_any_point_is_left_out_and_the_others_planned(world, objective, assignment, mandatory):
    rules = SitingRules(load=[5.0, 1, 1], capacity=[4.0, 4, 4], assignment=assignment)
    poor = np.array([mandatory, 0, 0], bool)
    answer = solve_coverage(world(LINE, objective=objective, mandatory=poor, rules=rules))
    assert reasons(answer) == {"v0": UncoveredReason.LOAD_ABOVE_CAPACITY}
    assert [one.demand_id for one in answer.assignments] == ["v1", "v2"]
    assert answer.relaxed == ((fact("load_above_any_site", point_id="v0", load=5.0),) if mandatory else ())
    median = solve_coverage(world(LINE, objective=Objective.P_MEDIAN, count=2, mandatory=poor, rules=rules))
    assert [one.demand_id for one in median.assignments] == ["v1", "v2"]


A_TOWN = {"township": tuple("aab")}


@pytest.mark.parametrize(
    ("changes", "rules", "conflict"),
    [
        (
            {},
            A_TOWN | {"township_limits": {"a": (3, None)}},
            fact("township_allows_too_few", township_id="a", least=3, allowed=2),
        ),
        (
            {"count": 1},
            A_TOWN | {"township_limits": {"a": (1, 1), "b": (1, 1)}},
            fact("townships_above_count", fewest=2, count=1),
        ),
        (
            {"forbidden": np.array([1, 1, 0], bool)},
            {"covered_share": 0.9},
            fact("share_out_of_reach", target_share=0.9, max_share=2 / 3),
        ),
        (
            {"objective": Objective.P_MEDIAN, "count": 1},
            {"load": [1.0, 1, 1], "capacity": [2.0, 2, 2]},
            fact("largest_sites_hold_less", load=3.0, count=1, capacity=2.0),
        ),
        (
            {"standard_s": 300.0, "budget_yuan": 2000.0},
            {},
            fact(
                "points_beyond_limits",
                count=3,
                point_ids=("v0", "v1", "v2"),
                limits=(fact("limit_budget", budget_yuan=2000.0),),
            ),
        ),
        # v0 needs s0 and s1, both beside t0, which has room for one
        (
            {},
            {"upper": two_stations(), "sites_needed": 2},
            fact("point_beyond_limits", point_id="v0", limits=(fact("limit_station_room"),)),
        ),
    ],
)  # fmt: skip
def test_what_cannot_hold_together_is_named(world, changes, rules, conflict):
    solution = solve_coverage(world(LINE, **changes, rules=SitingRules(**rules)))
    assert solution.status is SolveStatus.INFEASIBLE
    assert conflict in solution.conflicts


@pytest.mark.parametrize(
    ("changes", "rules", "message"),
    [
        ({}, {"sites_needed": 0}, "rules.sites_needed is 0"),
        ({}, {"decay_s": 900.0}, "rules.decay_s goes with MCLP, not with LSCP"),
        (MCLP | {"count": 1}, {"decay_s": 600.0}, "must be more than the standard"),
        ({}, {"covered_share": 1.5}, "rules.covered_share is 1.5"),
        ({}, {"capacity": [1.0] * 3}, "rules.load is missing"),
        ({}, {"capacity": [1.0, np.nan, -1], "load": [1.0] * 3}, "rules.capacity is negative or not a number for s1, s2"),
        ({}, {"load": [1.0, np.inf, 1], "capacity": [1.0] * 3}, "rules.load is negative or not a number for v1"),
        ({}, {"load": [1.0]}, "rules.load has shape (1,), expected (3,)"),
        ({}, {"bonus": [1.0, 0, 0]}, "rules.bonus is 1 or more, a whole site, for s0"),
        ({"objective": Objective.P_CENTER, "count": 1}, {"bonus": [0.0] * 3}, "PCENTER takes none"),
        ({}, {"yuan_per_hour": 1.0}, "rules.yuan_per_hour goes with FIXEDCHARGE"),
        ({}, {"township": ("a",)}, "rules.township names 1 sites, there are 3"),
        ({}, {"township": ("a",) * 3, "township_limits": {"b": (0, 1)}}, "townships without a site: b"),
        ({}, {"township": ("a",) * 3, "township_limits": {"a": (2, 1)}}, "limits of a are 2 to 1"),
        ({}, {"upper": two_stations(room=np.array([1.0, np.nan]))}, "rules.upper.room is negative or not a number"),
        ({}, {"upper": two_stations(durations_s=np.zeros((2, 2)))}, "durations_s has shape (2, 2), expected (3, 2)"),
        ({}, {"upper": two_stations(existing=BOTH, forbidden=BOTH)}, "both existing and forbidden: t0, t1"),
    ],
)  # fmt: skip
def test_rules_that_do_not_hold_together_are_refused(world, changes, rules, message):
    with pytest.raises(BadDataError) as caught:
        world(LINE, **changes, rules=SitingRules(**rules))
    assert message in str(caught.value)
