"""Name the demands of phases that cannot hold together, the smallest set of them that is found."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from planner.coverage.conflicts import smallest_failing
from planner.coverage.phases import Phase, PhasedProblem
from planner.coverage.phases_milp import most_in_phase, phases_can_hold
from planner.errors import list_offenders
from planner.units import BoolArray

_DEMANDS = ("target_share", "mandatory", "count", "budget_yuan")
_REACH_S = 10.0


def phase_conflicts(problem: PhasedProblem) -> tuple[str, ...]:
    """Return the targets that cannot be met, each with the most that can; else the demands that exclude each other."""
    found = _targets_out_of_reach(problem)
    if found:
        return found
    names = ", ".join(phase.name for phase in problem.phases)
    unsure = f"the targets, mandatory points, counts and budgets of the phases {names} cannot hold together"
    if phases_can_hold(problem):  # or it is not known in time
        return (unsure,)
    # the later phases are asked for first, so that what fails early is said of the early ones
    for t in reversed(range(len(problem.phases))):
        for name in _DEMANDS:
            if getattr(problem.phases[t], name) is not None:
                without = _changed(problem, t, **{name: None})
                problem = problem if phases_can_hold(without) else without
    for t, phase in enumerate(problem.phases):
        if phase.mandatory is not None:
            problem = _with_fewest_points(problem, t, phase.mandatory)
    said = [f"phase {phase.name}: {words}" for phase in problem.phases if (words := _words(problem, phase))]
    rules = "the siting rules that hold in every phase"
    if not said:
        return (f"{rules} cannot hold together",)
    base = problem.base
    few = base.count is not None and base.count < len(base.site_ids)
    always = base.rules.in_force or base.mandatory.any() or few
    return (f"these demands cannot hold together{f', with {rules}' if always else ''}: {'; '.join(said)}",)


def _changed(problem: PhasedProblem, t: int, **changes: object) -> PhasedProblem:
    phases = list(problem.phases)
    phases[t] = replace(phases[t], **changes)  # type: ignore[arg-type]
    return replace(problem, phases=tuple(phases))


def _targets_out_of_reach(problem: PhasedProblem) -> tuple[str, ...]:
    """Name the targets beyond what money and limits allow, whoever else must be covered."""
    free = replace(problem, phases=tuple(replace(phase, mandatory=None) for phase in problem.phases))
    total = float(problem.base.weights.sum())
    found = []
    for t, phase in enumerate(problem.phases):
        if phase.target_share is None:
            continue
        most = most_in_phase(free, t, _REACH_S) / max(total, 1e-9)
        if most < phase.target_share - 1e-9:
            found.append(
                f"phase {phase.name}: {phase.target_share:.1%} of the weight is to be covered, "
                f"its money and limits reach {most:.1%} at most"
            )
    return tuple(found)


def _with_fewest_points(problem: PhasedProblem, t: int, mandatory: BoolArray) -> PhasedProblem:
    """Return the problem with mandatory points of a phase of which none can be left out."""

    def holds(points: list[int]) -> bool:
        return phases_can_hold(_changed(problem, t, mandatory=np.isin(np.arange(len(mandatory)), points)))

    points = smallest_failing([int(i) for i in np.flatnonzero(mandatory)], holds)
    return _changed(problem, t, mandatory=np.isin(np.arange(len(mandatory)), points))


def _words(problem: PhasedProblem, phase: Phase) -> str:
    """Return what a phase demands, in words; empty if nothing."""
    words = []
    if phase.target_share is not None:
        words.append(f"{phase.target_share:.1%} of the weight covered")
    if phase.count is not None:
        words.append(f"count {phase.count}")
    if phase.budget_yuan is not None:
        words.append(f"budget {phase.budget_yuan:g} yuan")
    if phase.mandatory is not None:
        points = np.flatnonzero(phase.mandatory)
        kind = "mandatory point" if len(points) == 1 else "mandatory points"
        words.append(f"{len(points)} {kind} ({list_offenders(problem.base.demand_ids[i] for i in points)})")
    return " and ".join(words)
