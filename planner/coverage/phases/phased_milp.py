"""Phases as one integer programme: a year after the other, each with all rules, what is open stays open."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from ortools.math_opt.python import mathopt

from planner.coverage.models.frame import Frame, add_limits, add_rules, frame_of, require_shares
from planner.coverage.models.milp import IMPOSSIBLE, run
from planner.coverage.phases.phased import PhasedProblem
from planner.coverage.phases.years import phase_problems
from planner.coverage.proposal import Proposal
from planner.coverage.solution import SolveStatus
from planner.model import Fact


@dataclass(frozen=True, slots=True, kw_only=True)
class PhasedProposal:
    """What is proposed for each phase, none if there is no answer; the proven bound of the summed weight; if it is reached.

    ``status`` says why there is no answer. ``alone`` is what planning each year by itself comes to, where that was
    ``compared`` already, or why that fails.
    """

    years: tuple[Proposal, ...]
    bound: float
    proven: bool
    status: SolveStatus | None = None
    alone: float | None = None
    alone_conflicts: tuple[Fact, ...] = ()
    compared: bool = False

    @classmethod
    def nothing(cls, *, impossible: bool) -> PhasedProposal:
        """Return that there is no answer, or that none was found."""
        status = SolveStatus.INFEASIBLE if impossible else SolveStatus.NOT_FOUND
        return cls(years=(), bound=np.inf, proven=False, status=status)


def propose_phases(problem: PhasedProblem, time_limit_s: float) -> PhasedProposal:
    """Return HiGHS' answer: the most covered weight summed over the phases."""
    model = mathopt.Model(name="phases")
    frames = build_phases(problem, model)
    model.maximize(mathopt.fast_sum(_worth(frame) for frame in frames))
    result = run(model, time_limit_s)
    if not result.has_primal_feasible_solution():
        return PhasedProposal.nothing(impossible=result.termination.reason in IMPOSSIBLE)
    return PhasedProposal(
        years=tuple(frame.chosen(result) for frame in frames),
        bound=result.dual_bound(),
        proven=result.termination.reason is mathopt.TerminationReason.OPTIMAL,
    )


def most_in_phase(problem: PhasedProblem, t: int, time_limit_s: float) -> float:
    """Return the most weight that phase ``t`` can have covered, whatever the targets; ``inf`` if it is not known."""
    model = mathopt.Model(name="phase")
    frames = build_phases(problem, model, targets=False)
    model.maximize(frames[t].covered_weight())
    result = run(model, time_limit_s)
    return float(result.dual_bound()) if result.has_primal_feasible_solution() else np.inf


def phases_can_hold(problem: PhasedProblem, time_limit_s: float = 5.0) -> bool:
    """Return whether all that the phases demand can be met; as long as unknown, that it can."""
    model = mathopt.Model(name="phases")
    build_phases(problem, model)
    return run(model, time_limit_s).termination.reason not in IMPOSSIBLE


def build_phases(problem: PhasedProblem, model: mathopt.Model, *, targets: bool = True) -> list[Frame]:
    """Return a frame for each phase in one model, tied together by what stays open and by the money."""
    frames: list[Frame] = []
    for year in phase_problems(problem, targets=targets):
        frame = frame_of(year, model=model)
        add_limits(frame)
        add_rules(frame)
        require_shares(frame)
        for i in np.flatnonzero(year.required):
            frame.require(int(i))
        if frames:
            for before, now in zip(frames[-1].opened, frame.opened, strict=True):
                model.add_linear_constraint(before <= now)
            for before, now in zip(frames[-1].stations, frame.stations, strict=True):
                model.add_linear_constraint(before <= now)
        frames.append(frame)
    _add_money(problem, model, frames)
    return frames


def _worth(frame: Frame) -> mathopt.LinearBase:
    bonus = frame.problem.rules.bonus
    extra = [] if bonus is None else [float(b) * y for b, y in zip(bonus, frame.opened, strict=True) if b]
    return frame.covered_weight() + mathopt.fast_sum(extra)


def _add_money(problem: PhasedProblem, model: mathopt.Model, frames: list[Frame]) -> None:
    base = problem.base
    price = np.where(base.existing, 0.0, base.opening_cost_yuan)
    running = problem.running_cost_yuan
    spent: list[mathopt.LinearBase] = []
    available = 0.0
    for t, (phase, frame) in enumerate(zip(problem.phases, frames, strict=True)):
        cost = mathopt.fast_sum(float(p) * y for p, y in zip(price, frame.opened, strict=True) if p)
        if t:
            cost -= mathopt.fast_sum(float(p) * y for p, y in zip(price, frames[t - 1].opened, strict=True) if p)
        if running is not None:
            cost += mathopt.fast_sum(float(r) * y for r, y in zip(running, frame.opened, strict=True) if r)
        if phase.budget_yuan is None:
            spent, available = [], np.inf  # a year that costs what it costs leaves nothing and owes nothing
            continue
        if np.isinf(available) or not problem.carry_over:
            spent, available = [], 0.0
        spent.append(cost)
        available += phase.budget_yuan
        model.add_linear_constraint(mathopt.fast_sum(spent) <= available)
