"""Siting over several years: each phase has a budget and a target, stations are only ever added."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from planner.config import Objective
from planner.coverage.problem import CoverageProblem
from planner.coverage.solution import CoverageSolution, SolveStatus
from planner.errors import BadDataError, Message, list_offenders
from planner.model import Fact
from planner.units import BoolArray, FloatArray


@dataclass(frozen=True, kw_only=True)
class Phase:
    """One year of a plan.

    ``budget_yuan`` pays what is opened in this phase and what open sites cost to run in it; ``count`` limits the sites open
    in all by then; ``target_share`` of all weight and the ``mandatory`` points (demand points,) must be covered by then.
    """

    name: str
    budget_yuan: float | None = None
    count: int | None = None
    target_share: float | None = None
    mandatory: BoolArray | None = None


@dataclass(frozen=True, kw_only=True)
class PhasedProblem:
    """Which sites to open in which phase, so that the covered weight summed over the phases is largest.

    ``base`` is a maximal covering problem; its count is the most sites that may ever be open, a budget it has none, and what
    it makes mandatory holds in every phase. The least a township must have is asked for at the end, all other rules always.
    With ``carry_over`` money left in a phase is there in the next. ``running_cost_yuan`` (sites,) is paid in every phase
    in which a site is open, those that exist included.

    Raises
    ------
    BadDataError
        If the base is no such problem, there is no phase, names repeat, or a figure is invalid.
    """

    base: CoverageProblem
    phases: tuple[Phase, ...]
    carry_over: bool = False
    running_cost_yuan: FloatArray | None = None

    @cached_property
    def attainable(self) -> PhasedProblem:
        """The problem without the demand that points be covered that no choice of sites can cover."""
        can = self.base.coverable
        phases = tuple(
            phase if phase.mandatory is None else replace(phase, mandatory=np.asarray(phase.mandatory) & can)
            for phase in self.phases
        )
        return replace(self, base=self.base.attainable, phases=phases)

    def __post_init__(self) -> None:
        problems = [*self._base_problems(), *self._phase_problems()]
        if problems:
            raise BadDataError("the phased problem is invalid", problems)

    def _base_problems(self) -> list[Message]:
        base = self.base
        problems: list[Message] = []
        if base.objective is not Objective.MCLP:
            problems.append(Message("the base is {objective}, phases take MCLP", objective=base.objective.value))
        if base.budget_yuan is not None:
            problems.append(Message("the base has a budget of its own: each phase has one"))
        if base.rules.closing_cost_yuan is not None:
            problems.append(Message("rules.closing_cost_yuan: stations are only ever added, none is closed"))
        if base.rules.covered_share is not None:
            problems.append(Message("rules.covered_share: give each phase its target_share"))
        running = self.running_cost_yuan
        if running is not None:
            if np.shape(running) != (len(base.site_ids),):
                problems.append(
                    Message(
                        "running_cost_yuan has shape {shape}, expected {expected}",
                        shape=str(np.shape(running)),
                        expected=str((len(base.site_ids),)),
                    )
                )
            elif not (np.isfinite(running) & (running >= 0)).all():
                bad = np.flatnonzero(~(np.isfinite(running) & (running >= 0)))
                problems.append(
                    Message(
                        "running_cost_yuan is negative or not a number for {offenders}",
                        offenders=list_offenders(base.site_ids[j] for j in bad),
                    )
                )
        return problems

    def _phase_problems(self) -> list[Message]:
        problems = [] if self.phases else [Message("there is no phase")]
        names = [phase.name for phase in self.phases]
        repeated = sorted({name for name in names if names.count(name) > 1})
        if repeated:
            problems.append(Message("phase names repeat: {offenders}", offenders=list_offenders(repeated)))
        for phase in self.phases:
            if phase.budget_yuan is not None and not phase.budget_yuan >= 0:
                problems.append(
                    Message(
                        "phase {name}: budget_yuan is {budget_yuan}, it must not be negative",
                        name=phase.name,
                        budget_yuan=phase.budget_yuan,
                    )
                )
            if phase.count is not None and phase.count < 0:
                problems.append(
                    Message(
                        "phase {name}: count is {count}, it must not be negative", name=phase.name, count=phase.count
                    )
                )
            if phase.target_share is not None and not 0 <= phase.target_share <= 1:
                problems.append(
                    Message(
                        "phase {name}: target_share is {target_share}, it must be 0 to 1",
                        name=phase.name,
                        target_share=phase.target_share,
                    )
                )
            if phase.mandatory is not None and np.shape(phase.mandatory) != (len(self.base.demand_ids),):
                problems.append(
                    Message(
                        "phase {name}: mandatory has shape {shape}",
                        name=phase.name,
                        shape=str(np.shape(phase.mandatory)),
                    )
                )
        return problems


@dataclass(frozen=True, slots=True, kw_only=True)
class PhaseResult:
    """What one phase comes to: sites it adds, money it spends on opening and running, and who is covered by then."""

    name: str
    added: tuple[str, ...]
    opening_cost_yuan: float
    running_cost_yuan: float
    covered_weight: float
    target_share: float | None
    target_met: bool
    coverage: CoverageSolution


@dataclass(frozen=True, slots=True, kw_only=True)
class PhasedSolution:
    """The phases in order; ``value`` is the covered weight summed over them, ``bound`` the most that any plan can reach.

    ``alone`` is the value of planning each year by itself, as well as that year can be, on what is already open; None if
    that leads to a year that cannot hold its demands, which ``alone_conflicts`` then name. An infeasible answer has no
    phases and names its ``conflicts``.
    """

    status: SolveStatus
    phases: tuple[PhaseResult, ...]
    value: float | None
    bound: float | None
    gap: float | None
    alone: float | None
    conflicts: tuple[Fact, ...] = ()
    alone_conflicts: tuple[Fact, ...] = ()

    @property
    def found(self) -> bool:
        """Whether there is an answer, proven or not."""
        return self.status in (SolveStatus.OPTIMAL, SolveStatus.FEASIBLE)
