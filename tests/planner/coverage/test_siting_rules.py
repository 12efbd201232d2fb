"""Every rule, alone and together, against trying all plans: sites, assignments and stations of tiny worlds."""

import os

import pytest
from hypothesis import given, settings

from planner.config import Objective
from planner.coverage import SolveStatus
from planner.coverage.solve import solve_coverage
from tests.planner.coverage.all_plans import RULES, best_by_trying_all, tiny_problems

EXAMPLES = int(os.environ.get("SITING_EXAMPLES", "60"))  # of each objective with each rule


def agree(problem):
    """Assert that the answer is what trying all plans gives; `solve_coverage` itself has it replayed by the check."""
    best = best_by_trying_all(problem)
    solution = solve_coverage(problem)
    if best is None:
        assert solution.status is SolveStatus.INFEASIBLE
        assert solution.conflicts
        return
    assert solution.status is SolveStatus.OPTIMAL, solution.conflicts
    assert solution.value == pytest.approx(best, abs=1e-6)


@pytest.mark.slow
@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("objective", list(Objective))
def test_every_rule_with_others_is_what_trying_all_plans_gives(objective, rule):
    @settings(deadline=None, max_examples=EXAMPLES)
    @given(tiny_problems(objective, (rule,)))
    def try_all(problem):
        agree(problem)

    try_all()
