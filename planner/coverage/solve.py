"""Solve a coverage problem: find the sites, explain who is left out, have the answer checked.

Small problems, and rules that no compiled engine knows, are integer programmes (`models`); what is large goes to the
engines, which take sparse travel times of a whole province (`adapters`).
"""

from __future__ import annotations

import time
from dataclasses import replace

from planner.config import Objective
from planner.coverage.check import check_coverage
from planner.coverage.explain import empty_solution, solution_of
from planner.coverage.explain.conflicts import fact, joint_conflict, plain_conflicts
from planner.coverage.models.milp import propose_by_milp
from planner.coverage.problem import CoverageProblem
from planner.coverage.proposal import Proposal
from planner.coverage.solution import CoverageSolution, SolveStatus
from planner.errors import Message, PlanRejectedError

# up to so many pairs HiGHS is used: it also finds the cheapest of equally good answers, and nothing is compiled
_SMALL_COVERING_PAIRS = 8_000
_SMALL_SERVING_PAIRS = 1_000
# up to so many HiGHS goes on where an engine ended with a gap and so much time is left
_MIDDLE_PAIRS = 60_000
_WORTH_S = 2.0
_ENGINE_SHARE = 0.9


def solve_coverage(problem: CoverageProblem, *, time_limit_s: float = 60.0, seed: int = 1) -> CoverageSolution:
    """Return the best sites found within the time limit, with the proven bound and a reason for each uncovered point.

    Demands that contradict each other come back as an infeasible solution that names them; points that must be covered and
    cannot be, whatever is opened, are left out with their reasons, and the solution names them as relaxed.

    Raises
    ------
    PlanRejectedError
        If the independent check finds the answer broken (a fault of this package, not of the data).
    """
    began = time.perf_counter()
    asked, problem = problem, problem.attainable
    conflicts = plain_conflicts(problem)
    if conflicts:
        return empty_solution(asked, SolveStatus.INFEASIBLE, conflicts)
    proposal, by_engine = _propose(problem, time_limit_s, seed)
    if proposal.status is not None:
        late = proposal.status is SolveStatus.NOT_FOUND
        why = fact("no_answer_in_time") if late else joint_conflict(problem)
        return empty_solution(asked, proposal.status, (why,))
    left = time_limit_s - (time.perf_counter() - began)
    if by_engine and not proposal.proven and left > _WORTH_S and _pairs(problem) <= _MIDDLE_PAIRS:
        proposal = _better_of(problem, proposal, propose_by_milp(problem, left))
    solution = solution_of(asked, proposal)
    faults = check_coverage(asked, solution)
    if faults:
        raise PlanRejectedError(Message("the siting answer is invalid"), faults)
    return replace(solution, seconds=time.perf_counter() - began)


def _better_of(problem: CoverageProblem, proposal: Proposal, programme: Proposal) -> Proposal:
    """Return the better of an engine's sites and an integer programme's, with the better of their bounds.

    Reasons, gap and status are told from what comes back, so that they fit the bound that was reached together. Bounds that
    pass the value prove nothing, and are left for the check to find.
    """
    if programme.status is not None:
        return proposal
    sign = -1.0 if problem.objective is Objective.MCLP else 1.0
    worth = [sign * (solution_of(problem, one).value or 0.0) for one in (proposal, programme)]
    best, value = (programme, worth[1]) if worth[1] < worth[0] else (proposal, worth[0])
    bounds = [sign * one.bound for one in (proposal, programme) if one.bound is not None]
    bound = max(bounds) if bounds else None
    unit = max(1.0, abs(value))
    met = programme.proven or (bound is not None and bound >= value - 1e-9 * unit)
    met = met and (bound is None or bound <= value + 1e-6 * unit)
    return replace(best, bound=None if bound is None else sign * bound, proven=met)


def _propose(problem: CoverageProblem, time_limit_s: float, seed: int) -> tuple[Proposal, bool]:
    """Return the answer, and whether a compiled engine that stops short of proofs gave it."""
    if _pairs(problem) <= _small_pairs(problem):
        return propose_by_milp(problem, time_limit_s), False
    # here, because loading the compiled engines takes seconds
    from planner.coverage.adapters.choice import engine_for, propose_at_large, propose_with_rules

    if _is_plain(problem):
        return propose_at_large(problem, time_limit_s, seed), False
    engine = engine_for(problem)
    if engine is None:
        return propose_by_milp(problem, time_limit_s), False
    began = time.monotonic()
    proposal = propose_with_rules(problem, engine, _ENGINE_SHARE * time_limit_s, seed)
    if proposal.status is SolveStatus.NOT_FOUND:  # an integer programme may still find an answer, or prove that none is
        return propose_by_milp(problem, max(1.0, time_limit_s - (time.monotonic() - began))), False
    return proposal, True


def _is_plain(problem: CoverageProblem) -> bool:
    """Whether only what every objective knows is asked for."""
    return (
        problem.budget_yuan is None and problem.objective is not Objective.FIXED_CHARGE and not problem.rules.in_force
    )


def _serves(problem: CoverageProblem) -> bool:
    """Whether it matters which site serves a point, near or far."""
    far = problem.objective in (Objective.P_MEDIAN, Objective.P_CENTER)
    return far or problem.rules.has_loads or problem.rules.decay_s is not None


def _pairs(problem: CoverageProblem) -> int:
    """Return how many pairs of a point and a site an integer programme has to consider."""
    return len(problem.travel.seconds) if _serves(problem) else int(problem.allowed.sum())


def _small_pairs(problem: CoverageProblem) -> int:
    if problem.objective is Objective.P_CENTER:
        return -1
    return _SMALL_SERVING_PAIRS if _serves(problem) else _SMALL_COVERING_PAIRS
