"""The compiled engines that know rules, through the forms they are given, against trying all plans of tiny worlds."""

import os
from dataclasses import replace

import pytest
from hypothesis import given, settings

from planner.config import Objective
from planner.coverage.check import check_coverage
from planner.coverage.conflicts import plain_conflicts
from planner.coverage.explain import solution_of
from planner.coverage.large_rules import engine_for, propose_with_rules
from planner.coverage.siting_rules import AssignmentRule, SitingRules
from planner.coverage.solution import SolveStatus
from planner.coverage.solve import solve_coverage
from tests.planner.coverage.all_plans import best_by_trying_all, tiny_problems

EXAMPLES = int(os.environ.get("SITING_EXAMPLES", "40"))  # of each engine
MCLP, LSCP, MEDIAN, FIXED = Objective.MCLP, Objective.LSCP, Objective.P_MEDIAN, Objective.FIXED_CHARGE


def with_rules(problem, names):
    """The problem with these rules only, the plan choosing who serves whom."""
    kept = {name: getattr(problem.rules, name) for name in names}
    if {"capacity", "minimum_load"} & set(names):
        kept |= {"load": problem.rules.load, "assignment": AssignmentRule.FREE}
    return replace(problem, rules=SitingRules(**kept))


def agree(problem):
    """Assert bound <= optimum <= value (the other way round for maximal covering), and that the check finds no fault."""
    engine = engine_for(problem)
    assert engine is not None
    if plain_conflicts(problem):  # named one by one before any engine is asked
        return
    best = best_by_trying_all(problem)
    proposal = propose_with_rules(problem, engine, 20.0, 1)
    if best is None:
        assert proposal.status in (SolveStatus.INFEASIBLE, SolveStatus.NOT_FOUND)
        return
    if proposal.status is SolveStatus.NOT_FOUND:  # which claims nothing; `solve_coverage` then asks HiGHS
        assert solve_coverage(problem).found
        return
    assert proposal.status is None
    solution = solution_of(
        problem,
        proposal.opened,
        bound=proposal.bound,
        proven=proposal.proven,
        assigned=proposal.assigned,
        stations=proposal.stations,
        linked=proposal.linked,
    )
    assert check_coverage(problem, solution) == ()
    sign = -1 if problem.objective is MCLP else 1
    assert sign * proposal.bound <= sign * best + 1e-6
    assert sign * best <= sign * solution.value + 1e-6
    if proposal.proven:
        assert solution.value == pytest.approx(best, abs=1e-6)


NAMED = {"decay_s": "decay", "sites_needed": "backup", "minimum_load": "minimum", "covered_share": "share"}
CASES = [
    (MCLP, (), "budget"),
    (MCLP, ("decay_s",), "count"),
    (LSCP, ("sites_needed",), "none"),
    (MCLP, ("sites_needed",), "count"),
    (MCLP, ("upper",), "count"),
    (MCLP, ("upper", "sites_needed"), "money"),
    (LSCP, ("covered_share",), "none"),
    (LSCP, ("covered_share", "sites_needed"), "count"),
    (FIXED, ("covered_share",), "none"),
    (MCLP, ("capacity",), "count"),
    (MCLP, ("capacity", "minimum_load", "decay_s"), "budget"),
    (MCLP, ("minimum_load",), "budget"),
    (MEDIAN, ("capacity",), "count"),
    (LSCP, ("capacity", "minimum_load"), "none"),
    (FIXED, (), "none"),
    (FIXED, ("yuan_per_hour",), "budget"),
    (FIXED, ("capacity", "minimum_load", "yuan_per_hour"), "none"),
]


@pytest.mark.parametrize(("objective", "rules", "limit"), CASES)
def test_engines_agree_with_trying_all_plans(objective, rules, limit):
    @settings(deadline=None, max_examples=EXAMPLES)
    @given(tiny_problems(objective, tuple(NAMED.get(name, name) for name in rules if name != "yuan_per_hour")))
    def try_all(problem):
        problem = with_rules(problem, rules)
        if limit == "budget":
            problem = replace(problem, budget_yuan=problem.budget_yuan or 6.0)
        elif limit == "money":
            problem = replace(problem, budget_yuan=problem.budget_yuan or 6.0, count=None)
        elif limit == "count":
            problem = replace(problem, budget_yuan=None)
        else:
            problem = replace(problem, budget_yuan=None, count=None)
        agree(problem)

    try_all()
