"""What siting answers: opened sites, who is assigned where, who is left out and why, and how good that is."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from planner.config import Objective


class SolveStatus(StrEnum):
    """``optimal`` is proven; ``feasible`` has a gap; ``infeasible`` is a result with reasons, not an error."""

    OPTIMAL = "optimal"
    FEASIBLE = "feasible"
    INFEASIBLE = "infeasible"


class UncoveredReason(StrEnum):
    """Why a demand point is not covered."""

    NO_ROAD = "no_road_in_reach"
    FRAGMENT = "road_not_connected"
    CLOSED = "closed_this_season"
    NO_SITE_IN_REACH = "no_site_in_reach"
    ONLY_FORBIDDEN_SITES = "only_forbidden_sites"
    COUNT_USED_UP = "count_used_up"
    BUDGET_USED_UP = "budget_used_up"


@dataclass(frozen=True, slots=True, kw_only=True)
class Assignment:
    """A covered demand point and the open site that serves it (the fastest one to reach)."""

    demand_id: str
    site_id: str
    duration_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Uncovered:
    """A demand point beyond the standard: why, and the fastest open site if any can be reached."""

    demand_id: str
    reason: UncoveredReason
    nearest_site_id: str | None
    nearest_duration_s: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CoveredShares:
    """Covered part of each total, with the totals; a share of nothing is 1."""

    population: float
    households: float
    villages: float
    poor_villages: float
    population_total: int
    households_total: int
    villages_total: int
    poor_villages_total: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CoverageSolution:
    """Open sites and assignments, both sorted by id.

    ``value`` is the objective's own figure (LSCP: new and existing sites open; MCLP: covered weight; p-median: weight times
    seconds), ``bound`` the proven limit it cannot pass and ``gap`` their relative distance, 0 when proven optimal. An
    infeasible answer has no sites, and ``conflicts`` names the demands that cannot hold together.
    """

    objective: Objective
    status: SolveStatus
    standard_s: float
    opened: tuple[str, ...]
    assignments: tuple[Assignment, ...]
    uncovered: tuple[Uncovered, ...]
    shares: CoveredShares
    opening_cost_yuan: float
    value: float | None
    bound: float | None
    gap: float | None
    conflicts: tuple[str, ...] = ()

    @property
    def proven(self) -> bool:
        """Whether the answer is proven optimal."""
        return self.status is SolveStatus.OPTIMAL


@dataclass(frozen=True, slots=True, kw_only=True)
class StationPlan:
    """Both tiers: service points cover villages, express stations cover the service points."""

    service_points: CoverageSolution
    express_stations: CoverageSolution
