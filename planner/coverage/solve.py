"""Solve a coverage problem: find the sites, explain who is left out, have the answer checked.

Small problems, and rules that no compiled engine knows, are integer programmes (`milp`); what is large goes to the engines,
which take sparse travel times of a whole province (`large`, `large_rules`).
"""

from __future__ import annotations

import time
from dataclasses import replace

from planner.config import Objective
from planner.coverage.check import check_coverage
from planner.coverage.conflicts import joint_conflict, plain_conflicts
from planner.coverage.explain import empty_solution, solution_of
from planner.coverage.milp import propose_by_milp
from planner.coverage.problem import CoverageProblem
from planner.coverage.proposal import Proposal
from planner.coverage.solution import CoverageSolution, SolveStatus
from planner.errors import PlanRejectedError

# up to so many pairs HiGHS is used: it also finds the cheapest of equally good answers, and nothing is compiled
_SMALL_COVERING_PAIRS = 8_000
_SMALL_MEDIAN_PAIRS = 1_000
_ENGINE_SHARE = 0.9


def solve_coverage(problem: CoverageProblem, *, time_limit_s: float = 60.0, seed: int = 1) -> CoverageSolution:
    """Return the best sites found within the time limit, with the proven bound and a reason for each uncovered point.

    Demands that cannot hold together come back as an infeasible solution that names them.

    Raises
    ------
    PlanRejectedError
        If the independent check finds the answer broken (a fault of this package, not of the data).
    """
    began = time.perf_counter()
    conflicts = plain_conflicts(problem)
    if conflicts:
        return empty_solution(problem, SolveStatus.INFEASIBLE, conflicts)
    proposal = _propose(problem, time_limit_s, seed)
    if proposal.status is not None:
        late = proposal.status is SolveStatus.NOT_FOUND
        why = (
            "no answer was found within the time limit: raise coverage.time_limit_s"
            if late
            else joint_conflict(problem)
        )
        return empty_solution(problem, proposal.status, (why,))
    solution = solution_of(
        problem,
        proposal.opened,
        bound=proposal.bound,
        proven=proposal.proven,
        assigned=proposal.assigned,
        stations=proposal.stations,
        linked=proposal.linked,
    )
    faults = check_coverage(problem, solution)
    if faults:
        raise PlanRejectedError("the siting answer does not hold", faults)
    return replace(solution, seconds=time.perf_counter() - began)


def _propose(problem: CoverageProblem, time_limit_s: float, seed: int) -> Proposal:
    if _is_small(problem):
        return propose_by_milp(problem, time_limit_s)
    if _is_plain(problem):
        from planner.coverage.large import propose_at_large  # here, because compiling numba's kernels takes seconds

        return propose_at_large(problem, time_limit_s, seed)
    from planner.coverage.large_rules import engine_for, propose_with_rules

    engine = engine_for(problem)
    if engine is None:
        return propose_by_milp(problem, time_limit_s)
    began = time.monotonic()
    proposal = propose_with_rules(problem, engine, _ENGINE_SHARE * time_limit_s, seed)
    if proposal.status is SolveStatus.NOT_FOUND:  # an integer programme may still find an answer, or prove that none is
        return propose_by_milp(problem, max(1.0, time_limit_s - (time.monotonic() - began)))
    return proposal


def _is_plain(problem: CoverageProblem) -> bool:
    """Whether only what every objective knows is asked for."""
    return (
        problem.budget_yuan is None and problem.objective is not Objective.FIXED_CHARGE and not problem.rules.in_force
    )


def _is_small(problem: CoverageProblem) -> bool:
    if problem.objective is Objective.P_CENTER:
        return False
    serves = problem.objective is Objective.P_MEDIAN or problem.rules.has_loads or problem.rules.decay_s is not None
    if serves:
        return len(problem.travel.seconds) <= _SMALL_MEDIAN_PAIRS
    return int(problem.allowed.sum()) <= _SMALL_COVERING_PAIRS
