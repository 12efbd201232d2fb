"""Plan all phases together, say what that gains over a year at a time, have the answer checked."""

from __future__ import annotations

import time

import numpy as np

from planner.coverage.explain import solution_of
from planner.coverage.explain.conflicts import fact, plain_conflicts
from planner.coverage.phases.phase_conflicts import phase_conflicts
from planner.coverage.phases.phased import PhasedProblem, PhasedSolution, PhaseResult
from planner.coverage.phases.phased_check import check_phases
from planner.coverage.phases.phased_milp import PhasedProposal, propose_phases
from planner.coverage.phases.years import phase_problems, running_yuan, year_by_itself
from planner.coverage.solution import SolveStatus
from planner.coverage.solve import solve_coverage
from planner.errors import Message, PlanRejectedError
from planner.model import Fact

_SMALL_PAIRS = 30_000
"""Up to so many (pair, year) HiGHS proves the optimum of a county in seconds; above it the compiled engine is asked."""


def solve_phases(problem: PhasedProblem, *, time_limit_s: float = 120.0, seed: int = 1) -> PhasedSolution:
    """Return the phases planned together, with the proven bound and what each year comes to.

    Targets and demands that cannot hold come back as an infeasible answer that names them; points that no choice of sites
    can cover are left out with their reasons, and the coverage of each phase that asks for them names them as relaxed.

    Raises
    ------
    PlanRejectedError
        If the independent check finds the answer broken (a fault of this package, not of the data).
    """
    began = time.perf_counter()
    asked, problem = problem, problem.attainable
    conflicts = _plain_conflicts(problem)
    if conflicts:
        return _nothing(SolveStatus.INFEASIBLE, conflicts)
    proposal = _propose(problem, time_limit_s, seed)
    if proposal.status is SolveStatus.NOT_FOUND:
        return _nothing(proposal.status, (fact("no_answer_in_time"),))
    if proposal.status is not None:
        return _nothing(proposal.status, phase_conflicts(problem))
    results = phase_results(asked, proposal)
    value = sum(result.covered_weight for result in results) + _bonus(problem, proposal)
    left = max(1.0, time_limit_s - (time.perf_counter() - began))
    bound = value if proposal.proven else max(value, proposal.bound)
    alone, why_not_alone = (
        (proposal.alone, proposal.alone_conflicts) if proposal.compared else value_alone(problem, left, seed)
    )
    solution = PhasedSolution(
        status=SolveStatus.OPTIMAL if proposal.proven else SolveStatus.FEASIBLE,
        phases=results,
        value=value,
        bound=bound,
        gap=abs(bound - value) / max(abs(value), 1e-9),
        alone=alone,
        alone_conflicts=why_not_alone,
    )
    faults = check_phases(asked, solution)
    if faults:
        raise PlanRejectedError(Message("the phased answer is invalid"), faults)
    return solution


def _propose(problem: PhasedProblem, time_limit_s: float, seed: int) -> PhasedProposal:
    if int(problem.base.allowed.sum()) * len(problem.phases) > _SMALL_PAIRS:
        from planner.coverage.phases.phased_adapter import knows, propose_phases_at_large  # compiling takes seconds

        if knows(problem):
            return propose_phases_at_large(problem, time_limit_s, seed)
    return propose_phases(problem, time_limit_s * 0.8)


def _nothing(status: SolveStatus, conflicts: tuple[Fact, ...]) -> PhasedSolution:
    return PhasedSolution(status=status, phases=(), value=None, bound=None, gap=None, alone=None, conflicts=conflicts)


def _bonus(problem: PhasedProblem, proposal: PhasedProposal) -> float:
    bonus = problem.base.rules.bonus
    return 0.0 if bonus is None else float(sum(bonus[year.opened].sum() for year in proposal.years))


def phase_results(problem: PhasedProblem, proposal: PhasedProposal) -> tuple[PhaseResult, ...]:
    """Return what each phase comes to, its coverage explained by what was left of its own limits."""
    results = []
    before = problem.base.existing
    left_over = 0.0
    for t, phase in enumerate(problem.phases):
        opened = proposal.years[t].opened
        year = year_by_itself(problem, t, before, left_over, opened)
        coverage = solution_of(year, proposal.years[t])
        covered = (coverage.value or 0.0) - (0.0 if year.rules.bonus is None else float(year.rules.bonus[opened].sum()))
        home = np.isin(np.array(year.demand_ids), [assignment.demand_id for assignment in coverage.assignments])
        wanted = (phase.target_share or 0.0) * float(year.weights.sum())
        running = running_yuan(problem, opened)
        results.append(
            PhaseResult(
                name=phase.name,
                added=tuple(sorted(year.site_ids[j] for j in np.flatnonzero(opened & ~before))),
                opening_cost_yuan=coverage.opening_cost_yuan,
                running_cost_yuan=running,
                covered_weight=covered,
                target_share=phase.target_share,
                target_met=float(year.weights[home].sum()) >= wanted - 1e-6 * max(1.0, wanted),
                coverage=coverage,
            )
        )
        if phase.budget_yuan is None or not problem.carry_over:
            left_over = 0.0
        else:
            left_over += phase.budget_yuan - coverage.opening_cost_yuan - running
        before = opened
    return tuple(results)


def value_alone(problem: PhasedProblem, time_limit_s: float, seed: int) -> tuple[float | None, tuple[Fact, ...]]:
    """Return the summed weight of planning each year by itself, as well as it can be; None and why if a year then fails."""
    before, left_over, total = problem.base.existing, 0.0, 0.0
    for t, phase in enumerate(problem.phases):
        failed = fact("alone_fails_in", phase=phase.name)
        running = running_yuan(problem, before)
        if phase.budget_yuan is not None and running > phase.budget_yuan + left_over + 1e-9:
            return None, (failed, _running_above(running, phase.budget_yuan + left_over))
        year = year_by_itself(problem, t, before, left_over)
        solution = solve_coverage(year, time_limit_s=time_limit_s / len(problem.phases), seed=seed)
        if not solution.found or solution.value is None:
            return None, (failed, *solution.conflicts)
        total += solution.value
        opened = np.isin(np.array(year.site_ids), solution.opened)
        spent = float(problem.base.opening_cost_yuan[opened & ~before].sum()) + running_yuan(problem, opened)
        left_over = (
            left_over + phase.budget_yuan - spent if problem.carry_over and phase.budget_yuan is not None else 0.0
        )
        before = opened
    return total, ()


def _plain_conflicts(problem: PhasedProblem) -> tuple[Fact, ...]:
    found = []
    for phase, year in zip(problem.phases, phase_problems(problem), strict=True):
        faults = list(plain_conflicts(year))
        running = running_yuan(problem, problem.base.existing)
        if phase.budget_yuan is not None and not problem.carry_over and running > phase.budget_yuan:
            faults.append(_running_above(running, phase.budget_yuan))
        found += [fact("in_phase", phase=phase.name, conflict=fault) for fault in faults]
    return tuple(found)


def _running_above(running: float, budget: float) -> Fact:
    return fact("running_above_budget", running_yuan=running, budget_yuan=budget)
