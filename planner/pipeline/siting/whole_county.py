"""Shares of a siting as shares of all villages there are, those included whose rows were left out."""

from __future__ import annotations

from dataclasses import replace

from planner.config import PlanConfig, Weight
from planner.coverage import CoverageSolution, CoveredShares
from planner.coverage.phases import PhaseResult
from planner.model import RowsLeftOut

_SHARE_OF = {Weight.POPULATION: "population", Weight.HOUSEHOLDS: "households", Weight.VILLAGES: "villages"}
"""Which share a phase's target is held against; of other weights nothing is known of rows that were left out."""


def of_whole(solution: CoverageSolution, left_out: RowsLeftOut) -> CoverageSolution:
    """Return the answer with its shares taken of the villages that were left out, too."""
    return replace(solution, shares=_shares(solution.shares, left_out))


def phase_of_whole(phase: PhaseResult, left_out: RowsLeftOut, config: PlanConfig) -> PhaseResult:
    """Return the phase with shares of the whole; a target that only the villages with good rows meet is missed."""
    coverage = of_whole(phase.coverage, left_out)
    name = _SHARE_OF.get(config.coverage.service_points.weight)
    met = phase.target_met
    if left_out.villages and phase.target_share is not None and name is not None:
        met = met and getattr(coverage.shares, name) >= phase.target_share - 1e-6
    return replace(phase, coverage=coverage, target_met=met)


def _shares(shares: CoveredShares, left_out: RowsLeftOut) -> CoveredShares:
    changed: dict[str, float] = {}
    for name in ("population", "households", "villages", "poor_villages"):
        share, total = getattr(shares, name), getattr(shares, f"{name}_total")
        whole = total + getattr(left_out, name)
        if whole != total:
            changed |= {name: share * total / whole, f"{name}_total": whole}
    return replace(shares, **changed)  # type: ignore[arg-type]  # shares are float, totals int
