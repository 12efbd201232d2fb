"""Each clause of the check on phases notices the one thing that is broken in a right answer, and no other clause does."""

from dataclasses import replace

import numpy as np
import pytest

from planner.config import Objective
from planner.coverage import SolveStatus, UncoveredReason
from planner.coverage.phases import Phase, PhasedProblem, phased_check
from planner.coverage.phases.phased_check import check_phases
from planner.coverage.phases.solve import solve_phases
from planner.model import Fact
from tests.planner.coverage.clauses import clauses_of, not_said

LINE = [[0, 600, 1200], [600, 0, 600], [1200, 600, 0]]


@pytest.fixture(scope="module")
def right(world):
    """Each village is its own point at 1000 yuan, money for one comes each year: s1 for 5 of 9, then s2 for 8 of 9."""
    base = world(LINE, objective=Objective.MCLP, standard_s=300.0, count=3, weights=np.array([1.0, 5.0, 3.0]))
    problem = PhasedProblem(
        base=base, phases=(Phase(name="2026", budget_yuan=1000.0), Phase(name="2027", budget_yuan=1500.0))
    )
    return problem, solve_phases(problem)


def year(t, entries, **changes):
    return tuple(replace(entry, **changes) if i == t else entry for i, entry in enumerate(entries))


def asked(**changes):
    return lambda problem, answer: (replace(problem, **changes), answer)


def asked_of_all(**changes):
    return lambda problem, answer: (replace(problem, base=replace(problem.base, **changes)), answer)


def asked_of(t, **changes):
    return lambda problem, answer: (replace(problem, phases=year(t, problem.phases, **changes)), answer)


def said(**changes):
    return lambda problem, answer: (problem, replace(answer, **changes))


def said_of(t, **changes):
    return lambda problem, answer: (problem, replace(answer, phases=year(t, answer.phases, **changes)))


def covered_in(t, **changes):
    return lambda problem, answer: said_of(t, coverage=replace(answer.phases[t].coverage, **changes))(problem, answer)


def left_out_in(t, reason):
    def change(problem, answer):
        uncovered = answer.phases[t].coverage.uncovered
        return covered_in(t, uncovered=tuple(replace(left, reason=reason) for left in uncovered))(problem, answer)

    return change


def one_after_the_other(*breaks):
    def change(problem, answer):
        for broken in breaks:
            problem, answer = broken(problem, answer)
        return problem, answer

    return change


def first_year_only(problem, answer):
    return problem, replace(answer, phases=answer.phases[:1])


SILENT = "an answer without a plan must say why, and open nothing"
OTHERS = "the phases of the answer are not those of the problem"
TARGET = "phase 2027 covers 88.8889% of the weight, the target is 90.0000%"
# what is left of the first year's 1500 yuan pays half of the second point
CARRIED = one_after_the_other(asked(carry_over=True), asked_of(0, budget_yuan=1500.0), asked_of(1, budget_yuan=500.0))

CASES = [
    (said(status=SolveStatus.INFEASIBLE, phases=()), [SILENT]),
    (said(status=SolveStatus.INFEASIBLE, conflicts=(Fact(code="rules_exclude"),)), [SILENT]),
    (first_year_only, [OTHERS]),
    (said_of(1, name="2028"), [OTHERS]),
    # years that build on each other
    (covered_in(1, opened=("s2",)), ["phase 2027 closes s1"]),
    (asked_of_all(existing=np.array([True, False, False])), ["phase 2026 closes s0"]),
    (said_of(1, added=()), [
        "phase 2027: the sites it adds are not those it says",
        "phase 2027 costs 0.00 and 0.00 yuan, the answer says otherwise",
    ]),
    (asked_of_all(forbidden=np.array([False, False, True])), ["phase 2027 opens forbidden sites s2"]),
    (asked_of(1, count=1), ["phase 2027 has 2 sites open, the count is 1"]),
    (asked_of_all(count=1), ["phase 2027 has 2 sites open, the count is 1"]),
    # money
    (said_of(0, opening_cost_yuan=999.0), ["phase 2026 costs 1000.00 and 0.00 yuan, the answer says otherwise"]),
    (said_of(0, running_cost_yuan=1.0), ["phase 2026 costs 1000.00 and 0.00 yuan, the answer says otherwise"]),
    (asked_of(0, budget_yuan=999.0), ["phase 2026 spends 1000.00 yuan, it has 999.00"]),
    (one_after_the_other(CARRIED, asked_of(0, budget_yuan=1400.0)), ["phase 2027 spends 1000.00 yuan, it has 900.00"]),
    (one_after_the_other(CARRIED, asked(carry_over=False)), ["phase 2027 spends 1000.00 yuan, it has 500.00"]),
    # a year without a limit leaves no sum of money
    (one_after_the_other(CARRIED, asked_of(0, budget_yuan=None)), ["phase 2027 spends 1000.00 yuan, it has 500.00"]),
    # the coverage of each year, its own clauses among them
    (covered_in(1, closing_cost_yuan=1.0), ["phase 2027: closing cost is 0.00 yuan, the answer says 1.00"]),
    (said_of(1, target_share=0.8), ["phase 2027: the target is not the phase's own"]),
    (one_after_the_other(asked_of(1, target_share=0.9), said_of(1, target_share=0.9)), [TARGET]),
    (said_of(1, target_met=False), ["phase 2027 covers 88.8889% of the weight, the target is 0.0000%"]),
    # figures
    (said_of(0, covered_weight=6.0), ["phase 2026 covers 5.0, the answer says 6.0"]),
    (said(value=12.0), ["the phases sum to 13.0, the answer says 12.0"]),
    (said(value=None), ["the phases sum to 13.0, the answer says None"]),
    (said(bound=12.0), ["the value 13.0 passes the bound 12.0 it cannot pass"]),
    (said(bound=None), ["the value 13.0 passes the bound None it cannot pass"]),
]  # fmt: skip


KEPT = [
    asked(),
    CARRIED,
    one_after_the_other(
        CARRIED,
        asked_of(0, budget_yuan=None),
        left_out_in(0, UncoveredReason.BETTER_NOT_FOUND),
        asked_of(1, budget_yuan=1000.0),
    ),
    # the 500 yuan left of the first year are no reason to open s0 in the second
    asked_of(0, budget_yuan=1500.0),
    one_after_the_other(asked_of(1, target_share=0.88), said_of(1, target_share=0.88)),
]


@pytest.mark.parametrize("unbroken", KEPT)
def test_the_right_answer_is_what_was_worked_out_and_holds(right, unbroken):
    problem, answer = unbroken(*right)
    assert [result.added for result in answer.phases] == [("s1",), ("s2",)]
    assert check_phases(problem, answer) == ()


@pytest.mark.parametrize(("broken", "faults"), CASES)
def test_each_clause_notices_its_fault_and_no_other_does(right, broken, faults):
    assert list(check_phases(*broken(*right))) == faults


def test_no_clause_is_without_a_case():
    # what a year's coverage says after "phase ...: " is one clause here
    assert not_said(clauses_of(phased_check), [fault for _, faults in CASES for fault in faults]) == []
