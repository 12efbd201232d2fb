"""Each clause of the check on siting notices the one thing that is broken in a right answer, and no other clause does."""

from dataclasses import replace

import numpy as np
import pytest

from planner.config import Objective
from planner.coverage import Assignment, AssignmentRule, SolveStatus, UncoveredReason
from planner.coverage.check import check_coverage, limits, whole_answer
from planner.coverage.solve import solve_coverage
from planner.model import Fact
from tests.planner.coverage.check_worlds import INF, LINE, LOADS, RIGHT, flags
from tests.planner.coverage.clauses import clauses_of, not_said


def asked(**changes):
    return lambda problem, answer: (replace(problem, **changes), answer)


def ruled(**changes):
    return lambda problem, answer: (replace(problem, rules=replace(problem.rules, **changes)), answer)


def tier(**changes):
    return lambda problem, answer: ruled(upper=replace(problem.rules.upper, **changes))(problem, answer)


def said(**changes):
    return lambda problem, answer: (problem, replace(answer, **changes))


def shares(**changes):
    return lambda problem, answer: (problem, replace(answer, shares=replace(answer.shares, **changes)))


def said_of(point, **changes):
    """Change what is said of one point, covered or not."""

    def change(entries):
        return tuple(replace(entry, **changes) if entry.demand_id == point else entry for entry in entries)

    return lambda problem, answer: (
        problem,
        replace(answer, assignments=change(answer.assignments), uncovered=change(answer.uncovered)),
    )


def stations(**changes):
    return lambda problem, answer: (problem, replace(answer, upper=replace(answer.upper, **changes)))


def links(*pairs):
    """Say which points are linked to which stations, and that each way is 60 s, but 50 s to t1 and 250 s to t2."""
    seconds = {"t0": 60.0, "t1": 50.0, "t2": 250.0, "t9": 1.0}
    return stations(links=tuple(Assignment(demand_id=p, site_id=t, duration_s=seconds[t]) for p, t in pairs))


def both(first, second):
    return lambda problem, answer: second(*first(problem, answer))


def line_without(i, j, table):
    return np.array([[INF if (i, j) == (r, c) else time for c, time in enumerate(row)] for r, row in enumerate(table)])


SILENT = "an answer without a plan must say why, and open nothing"
ONCE = "not every point is exactly once either assigned or uncovered"
LINKED = "not every open point is linked to exactly one station"
NOWHERE = "point v1 can be reached by more allowed sites than open ones"
FARTHER = "point v1 is not served by its closest open site"
NO_BACKUPS = "point v1: the backup sites are wrong"

CASES = [
    # no plan
    ("MIDDLE", said(status=SolveStatus.INFEASIBLE, opened=()), [SILENT]),
    ("MIDDLE", said(status=SolveStatus.INFEASIBLE, conflicts=(Fact(code="rules_exclude"),)), [SILENT]),
    # ids
    ("MIDDLE", said(opened=("s1", "s8", "s9")), ["site s8 is not in the problem", "site s9 is not in the problem"]),
    ("MIDDLE", said(assignments=()), [ONCE]),
    ("MIDDLE", said_of("v0", demand_id="v1"), [ONCE]),
    # sites
    ("MIDDLE", said(opened=("s1", "s1")), ["a site is opened twice"]),
    ("MIDDLE", asked(existing=flags(0)), ["site s0 exists and must stay open"]),
    ("MOVED", ruled(closing_cost_yuan=[INF] * 3), [
        "site s0 exists and must stay open",
        "closing cost is 0.00 yuan, the answer says 300.00",
        "existing sites left out are none, the answer says otherwise",
    ]),
    ("MIDDLE", asked(forbidden=flags(1)), ["site s1 is forbidden and must stay closed"]),
    ("MIDDLE", said(opening_cost_yuan=999.0), ["opening cost is 1000.00 yuan, the answer says 999.00"]),
    ("MOVED", said(closing_cost_yuan=299.0), ["closing cost is 300.00 yuan, the answer says 299.00"]),
    ("MOVED", said(closed=()), ["existing sites left out are s0, the answer says otherwise"]),
    ("MOVED", said(closed=("s0", "s2")), ["existing sites left out are s0, the answer says otherwise"]),
    ("MIDDLE", asked(budget_yuan=999.0), ["cost 1000.00 yuan is above the budget of 999.00"]),
    ("MOVED", asked(budget_yuan=1299.0), ["cost 1300.00 yuan is above the budget of 1299.00"]),
    ("MIDDLE", asked(count=0), ["1 sites are open, the count is 0"]),
    ("LOADS", asked(count=3), ["2 sites are open, p-median asked for 3"]),
    ("TOWNS", ruled(township_limits={"a": (0, 1), "b": (0, 0)}), ["township b has 1 open sites, it may have 0 to 0"]),
    ("TOWNS", ruled(township_limits={"a": (1, None)}), ["township a has 0 open sites, it may have 1 to None"]),
    # points that are covered
    ("MIDDLE", said_of("v0", site_id="s0", duration_s=0.0), ["point v0 is assigned to s0, which is closed"]),
    ("MIDDLE", said_of("v0", duration_s=599.0), ["point v0: the time to s1 is not 599.0"]),
    ("BACKUP", said_of("v0", site_id="s1", duration_s=600.0, backup_site_ids=("s0",)), [
        "point v0 has a faster open site than s1"
    ]),
    ("MIDDLE", asked(standard_s=599.0), [
        "point v0 is assigned beyond the standard", "point v2 is assigned beyond the standard"
    ]),
    ("NO_BACKUP", asked(mandatory=flags(0, size=2)), [
        "mandatory points that no choice of sites covers are v0, the answer names none"
    ]),
    ("NO_BACKUP", said(relaxed=(Fact(code="mandatory_without_site", params={"point_id": "v1"}),)), [
        "mandatory points that no choice of sites covers are none, the answer names v1"
    ]),
    ("BACKUP", asked(durations_s=np.array([[0, 601, 1200], *LINE[1:]])), [
        "point v0 is called covered by 1 sites, it needs 2", "point v0: the backup sites are wrong"
    ]),
    # v1 is served by s1 and needs one backup
    ("BACKUP", said_of("v1", backup_site_ids=()), [NO_BACKUPS]),
    ("BACKUP", said_of("v1", backup_site_ids=("s0", "s2")), [NO_BACKUPS]),
    ("BACKUP", said_of("v1", backup_site_ids=("s1",)), [NO_BACKUPS]),
    ("BACKUP", said_of("v0", backup_site_ids=("s2",)), ["point v0: the backup sites are wrong"]),
    # all within reach of all, two backups each: v1 names one of them twice
    ("BACKUP", both(
        both(asked(durations_s=np.array([[0, 600, 600], [600, 0, 600], [600, 600, 0]])), ruled(sites_needed=3)),
        both(
            both(said_of("v0", backup_site_ids=("s1", "s2")), said_of("v2", backup_site_ids=("s0", "s1"))),
            said_of("v1", backup_site_ids=("s0", "s0")),
        ),
    ), [NO_BACKUPS]),
    ("MIDDLE", said_of("v1", backup_site_ids=("s0",)), [NO_BACKUPS]),
    # points that are not
    ("END", asked(standard_s=600.0), ["point v1 is called uncovered, but an open site is within the standard"]),
    ("END", asked(mandatory=flags(0)), ["point v0 is mandatory and not covered"]),
    ("END", asked(objective=Objective.LSCP), [
        f"point v{i} could be covered, and LSCP covers all that can be" for i in (0, 1)
    ]),
    ("END", said_of("v0", reason=UncoveredReason.BUDGET_USED_UP), ["point v0: the reason budget_used_up does not apply"]),
    ("MEDIAN", said_of("v0", nearest_site_id=None), [
        NOWHERE.replace("v1", "v0"), "the objective is 600.0, the answer says 1200.0"
    ]),
    # loads
    ("LOADS", said_of("v1", served_duration_s=None), ["point v1 is served by s0, which is closed or out of reach"]),
    ("LOADS", said_of("v1", served_by_site_id="s2", served_duration_s=550.0), [
        "point v1 is served by s2, which is closed or out of reach", FARTHER, NOWHERE,
        "the objective is 60.0, the answer says 460.0",
    ]),
    ("LOADS", asked(durations_s=line_without(1, 0, LOADS[0])), [
        "point v1 is served by s0, which is closed or out of reach", FARTHER, NOWHERE,
        "the objective is 60.0, the answer says 460.0",
    ]),
    ("LOADS", said_of("v1", served_duration_s=401.0), ["point v1: the time to s0 is not 401.0"]),
    ("LOADS", said_of("v1", served_by_site_id="s1", served_duration_s=500.0), [
        FARTHER, "the objective is 560.0, the answer says 460.0"
    ]),
    ("LOADS", ruled(capacity=[2.0, 3.0, 3.0]), ["site s0 carries 3, its capacity is 2"]),
    ("LOADS", ruled(minimum_load=[4.0, 0, 0]), ["site s0 carries 3, less than the 4 it needs"]),
    ("LOADS", ruled(minimum_load=[0, 1.0, 0], closing_cost_yuan=[INF, 5.0, INF]), [
        "site s1 carries 0, less than the 1 it needs"
    ]),
    ("LOADS", ruled(capacity=None, minimum_load=[4.0, 0, 0]), ["site s0 carries 3, less than the 4 it needs"]),
    # the closest site is 30 s away
    ("BACKUP", both(
        both(asked(durations_s=np.array([[30.0, 600, 1200], *LINE[1:]])), ruled(load=[1.0] * 3, capacity=[3.0] * 3)),
        said_of("v0", site_id="s1", duration_s=600.0, backup_site_ids=("s0",)),
    ), ["point v0 has a faster open site than s1", "point v0 is not served by its closest open site"]),
    # what a closed site cannot hold is not said besides
    ("LOADS", both(ruled(capacity=[3.0, 3, 1]), said_of("v1", served_by_site_id="s2", served_duration_s=550.0)), [
        "point v1 is served by s2, which is closed or out of reach", FARTHER, NOWHERE,
        "the objective is 60.0, the answer says 460.0",
    ]),
    # v1 counts 3/4, by whom it is served or not at all
    ("DECAY", said_of("v1", served_by_site_id=None), [FARTHER, "the objective is 1.25, the answer says 2.0"]),
    # the tier above
    ("STATIONS", said(upper=None), ["the tier above has no answer"]),
    ("STATIONS", stations(opened=("t0", "t1", "t8", "t9")), ["station t8, t9 is not in the problem"]),
    ("STATIONS", tier(existing=flags(2)), ["station t2 exists and must stay open"]),
    ("STATIONS", tier(forbidden=flags(0)), ["station t0 is forbidden and must stay closed"]),
    ("STATIONS", said(relaxed=(Fact(code="site_without_station", params={"site_id": "s0"}),)), [
        "open sites that no station reaches are none, the answer says otherwise"
    ]),
    ("STATIONS", stations(opening_cost_yuan=31.0), ["opening the stations costs 30.00 yuan, the answer says 31.00"]),
    ("STATIONS", tier(budget_yuan=29.0), ["the stations cost 30.00 yuan, their budget is 29.00"]),
    ("STATIONS", tier(count=1), ["2 stations are open, their count is 1"]),
    ("STATIONS", links(("s0", "t0")), [LINKED]),
    ("STATIONS", links(("s0", "t0"), ("s2", "t1"), ("s2", "t1")), [
        LINKED, "station t1 has 2 points, it has room for 1"
    ]),
    ("STATIONS", links(("s0", "t0"), ("s2", "t2")), ["point s2 is linked to station t2, which is closed"]),
    ("STATIONS", links(("s0", "t0"), ("s2", "t9")), ["point s2 is linked to station t9, which is closed"]),
    ("STATIONS", links(("s0", "t0"), ("s2", "t1"), ("s9", "t1")), [
        LINKED, "point s9 does not reach station t1 within the standard as said",
        "station t1 has 2 points, it has room for 1",
    ]),
    ("STATIONS", tier(standard_s=59.0), ["point s0 does not reach station t0 within the standard as said"]),
    ("STATIONS", tier(durations_s=np.array([[61.0, 900, 900], [120, 900, 900], [900, 50, 250]])), [
        "point s0 does not reach station t0 within the standard as said"
    ]),
    ("STATIONS", tier(durations_s=np.array([[INF, 900, 900], [120, 900, 900], [900, 50, 250]])), [
        "point s0 does not reach station t0 within the standard as said"
    ]),
    ("STATIONS", tier(room=np.array([1.0, 0.0, 1.0])), ["station t1 has 1 points, it has room for 0"]),
    # figures
    ("MIDDLE", said(value=2.0), ["the objective is 1.0, the answer says 2.0"]),
    ("MIDDLE", said(value=None), ["the objective is 1.0, the answer says None"]),
    ("MIDDLE", said(bound=2.0), ["the value 1.0 passes the bound 2.0 it cannot pass"]),
    ("END", said(bound=0.0), ["the value 1.0 passes the bound 0.0 it cannot pass"]),
    ("SHARE", ruled(covered_share=0.95), ["the covered weight 9.0 is below the share of 0.95"]),
    ("MIDDLE", shares(population=0.9), ["the covered share of population is not 0.9"]),
    # people and villages are counted apart: v2 has 200 of 400 people, but is one village of three
    ("END", asked(population=np.array([100.0, 100, 200])), [f"the covered share of population is not {1 / 3}"]),
    ("MIDDLE", shares(villages=0.9), ["the covered share of villages is not 0.9"]),
]  # fmt: skip


@pytest.fixture(scope="module")
def right(world):
    """The problem and the right answer of each world."""
    problems = {name: world(table, **changes) for name, ((table, changes), _) in RIGHT.items()}
    return {name: (problem, solve_coverage(problem)) for name, problem in problems.items()}


@pytest.mark.parametrize("name", RIGHT)
def test_the_right_answer_is_what_was_worked_out_and_holds(right, name):
    problem, answer = right[name]
    assert answer.opened == RIGHT[name][1]
    assert check_coverage(problem, answer) == ()


@pytest.mark.parametrize(("name", "broken", "faults"), CASES)
def test_each_clause_notices_its_fault_and_no_other_does(right, name, broken, faults):
    assert list(check_coverage(*broken(*right[name]))) == faults


@pytest.mark.parametrize(
    ("name", "changed"),
    [
        ("TOWNS", ruled(township_limits={"b": (1, None)})),
        ("END", ruled(load=[1.0] * 3, capacity=[1.0] * 3)),
        # s1, which exists and must stay, may carry less than a new site needs
        ("LOADS", ruled(minimum_load=[3.0, 1, 0])),
        ("LOADS", ruled(minimum_load=[3.0, 1, 0], capacity=None, closing_cost_yuan=[5.0, INF, 5])),
        # the plan may send villages elsewhere than to the closest site
        (
            "LOADS",
            both(
                both(ruled(assignment=AssignmentRule.FREE), said(value=490.0)),
                said_of("v0", site_id="s1", duration_s=90.0),
            ),
        ),
        ("STATIONS", tier(count=2, budget_yuan=30.0, forbidden=flags(2))),
        ("STATIONS", both(tier(existing=flags(0), budget_yuan=20.0), stations(opening_cost_yuan=20.0))),
    ],
)
def test_limits_that_are_just_kept_are_no_faults(right, name, changed):
    assert check_coverage(*changed(*right[name])) == ()


def test_no_clause_is_without_a_case():
    assert not_said(clauses_of(limits, whole_answer), [fault for *_, faults in CASES for fault in faults]) == []
