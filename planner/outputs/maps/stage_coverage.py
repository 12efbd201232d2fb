"""Which answer of siting holds at a stage of a network."""

from __future__ import annotations

from planner.coverage import CoverageSolution
from planner.plans import NetworkPlan


def coverage_at(plan: NetworkPlan, number: int) -> CoverageSolution:
    """Return which service points are open at a stage, whom they cover and why not the others."""
    if plan.phases is None or not plan.phases.found:
        return plan.stations.service_points
    return plan.phases.phases[number].coverage
