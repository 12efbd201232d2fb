"""Name the demands of phases that contradict each other, the smallest set of them that is found."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from planner.coverage.explain.conflicts import fact, of_points, smallest_failing
from planner.coverage.phases.phased import Phase, PhasedProblem
from planner.coverage.phases.phased_milp import most_in_phase, phases_can_hold
from planner.model import Fact
from planner.units import BoolArray

_DEMANDS = ("target_share", "mandatory", "count", "budget_yuan")
_REACH_S = 10.0


def phase_conflicts(problem: PhasedProblem) -> tuple[Fact, ...]:
    """Return the targets that cannot be met, each with the most that can; else the demands that exclude each other."""
    found = _targets_out_of_reach(problem)
    if found:
        return found
    if phases_can_hold(problem):  # or it is not known in time
        return (fact("phases_exclude", phases=tuple(phase.name for phase in problem.phases)),)
    # the later phases are asked for first, so that what fails early is said of the early ones
    for t in reversed(range(len(problem.phases))):
        for name in _DEMANDS:
            if getattr(problem.phases[t], name) is not None:
                without = _changed(problem, t, **{name: None})
                problem = problem if phases_can_hold(without) else without
    for t, phase in enumerate(problem.phases):
        if phase.mandatory is not None:
            problem = _with_fewest_points(problem, t, phase.mandatory)
    asked = [(phase.name, _asked(problem, phase)) for phase in problem.phases]
    demands = tuple(fact("demands_of_phase", phase=name, demands=found) for name, found in asked if found)
    if not demands:
        return (fact("rules_exclude"),)
    base = problem.base
    few = base.count is not None and base.count < len(base.site_ids)
    always = base.rules.in_force or base.mandatory.any() or few
    return (fact("demands_exclude_with_rules" if always else "demands_exclude", demands=demands),)


def _changed(problem: PhasedProblem, t: int, **changes: object) -> PhasedProblem:
    phases = list(problem.phases)
    phases[t] = replace(phases[t], **changes)  # type: ignore[arg-type]
    return replace(problem, phases=tuple(phases))


def _targets_out_of_reach(problem: PhasedProblem) -> tuple[Fact, ...]:
    """Name the targets beyond what money and limits allow, whoever else must be covered."""
    free = replace(problem, phases=tuple(replace(phase, mandatory=None) for phase in problem.phases))
    total = float(problem.base.weights.sum())
    if total <= 0:  # every share of nothing is reached
        return ()
    found: list[Fact] = []
    for t, phase in enumerate(problem.phases):
        if phase.target_share is None:
            continue
        most = most_in_phase(free, t, _REACH_S) / total
        if most < phase.target_share - 1e-9:
            why = fact("phase_share_out_of_reach", target_share=phase.target_share, max_share=most)
            found.append(fact("in_phase", phase=phase.name, conflict=why))
    return tuple(found)


def _with_fewest_points(problem: PhasedProblem, t: int, mandatory: BoolArray) -> PhasedProblem:
    """Return the problem with mandatory points of a phase of which none can be left out."""

    def holds(points: list[int]) -> bool:
        return phases_can_hold(_changed(problem, t, mandatory=np.isin(np.arange(len(mandatory)), points)))

    points = smallest_failing([int(i) for i in np.flatnonzero(mandatory)], holds)
    return _changed(problem, t, mandatory=np.isin(np.arange(len(mandatory)), points))


def _asked(problem: PhasedProblem, phase: Phase) -> tuple[Fact, ...]:
    """Return what a phase demands."""
    found = []
    if phase.target_share is not None:
        found.append(fact("limit_share", target_share=phase.target_share))
    if phase.count is not None:
        found.append(fact("limit_count", count=phase.count))
    if phase.budget_yuan is not None:
        found.append(fact("limit_budget", budget_yuan=phase.budget_yuan))
    if phase.mandatory is not None:
        points = np.flatnonzero(phase.mandatory)
        ids = [problem.base.demand_ids[i] for i in points]
        found.append(of_points("limit_mandatory_point", "limit_mandatory_points", ids))
    return tuple(found)
