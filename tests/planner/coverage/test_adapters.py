"""The compiled engines that know rules, through the forms they are given, against trying all plans of tiny worlds."""

import os
from dataclasses import replace

import pytest
from hypothesis import given, settings

from planner.config import Objective
from planner.coverage import AssignmentRule, SitingRules, SolveStatus
from planner.coverage.adapters.choice import engine_for, propose_with_rules
from planner.coverage.check import check_coverage
from planner.coverage.explain import solution_of
from planner.coverage.explain.conflicts import plain_conflicts
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
    problem = problem.attainable  # as `solve_coverage` asks
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
    solution = solution_of(problem, proposal)
    assert check_coverage(problem, solution) == ()
    sign = -1 if problem.objective is MCLP else 1
    assert sign * proposal.bound <= sign * best + 1e-6
    assert sign * best <= sign * solution.value + 1e-6
    if proposal.proven:
        assert solution.value == pytest.approx(best, abs=1e-6)


NAMED = {"decay_s": "decay", "sites_needed": "backup", "minimum_load": "minimum", "covered_share": "share"}
CASES = [
    pytest.param(MCLP, (), "budget", marks=pytest.mark.slow),
    (MCLP, ("decay_s",), "count"),
    (LSCP, ("sites_needed",), "none"),
    pytest.param(MCLP, ("sites_needed",), "count", marks=pytest.mark.slow),
    (MCLP, ("upper",), "count"),
    (MCLP, ("upper", "sites_needed"), "money"),
    (LSCP, ("covered_share",), "none"),
    pytest.param(LSCP, ("covered_share", "sites_needed"), "count", marks=pytest.mark.slow),
    (FIXED, ("covered_share",), "none"),
    pytest.param(MCLP, ("capacity",), "count", marks=pytest.mark.slow),
    pytest.param(MCLP, ("capacity", "minimum_load", "decay_s"), "budget", marks=pytest.mark.slow),
    pytest.param(MCLP, ("minimum_load",), "budget", marks=pytest.mark.slow),
    (MEDIAN, ("capacity",), "count"),
    pytest.param(LSCP, ("capacity", "minimum_load"), "none", marks=pytest.mark.slow),
    (FIXED, (), "none"),
    pytest.param(FIXED, ("yuan_per_hour",), "budget", marks=pytest.mark.slow),
    pytest.param(FIXED, ("capacity", "minimum_load", "yuan_per_hour"), "none", marks=pytest.mark.slow),
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
