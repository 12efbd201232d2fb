"""What siting answers: opened sites, who is assigned where, who is left out and why, and how good that is."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from planner.config import Objective


class SolveStatus(StrEnum):
    """``optimal`` is proven; ``feasible`` has a gap; ``infeasible`` is a result with reasons, not an error.

    ``not_found``: the time ran out before any answer was found, which proves nothing.
    """

    OPTIMAL = "optimal"
    FEASIBLE = "feasible"
    INFEASIBLE = "infeasible"
    NOT_FOUND = "not_found"


class UncoveredReason(StrEnum):
    """Why a demand point is not covered."""

    NO_ROAD = "no_road_in_reach"
    FRAGMENT = "road_not_connected"
    CLOSED = "closed_this_season"
    SHUT = "closed_for_some_days"
    NO_SITE_IN_REACH = "no_site_in_reach"
    ONLY_FORBIDDEN_SITES = "only_forbidden_sites"
    COUNT_USED_UP = "count_used_up"
    BUDGET_USED_UP = "budget_used_up"
    WEIGHS_NOTHING = "weighs_nothing"
    BETTER_NOT_FOUND = "better_not_found"
    NO_PLAN = "no_plan"


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
    """Covered part of each total, with the totals; a share of nothing is 1, of a tier that was not sited 0."""

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
    seconds; p-center: the longest way in seconds), ``bound`` the proven limit it cannot pass and ``gap`` their relative
    distance, 0 when proven optimal. An infeasible answer has no sites, and ``conflicts`` names the demands that cannot hold
    together.
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
    def found(self) -> bool:
        """Whether there is an answer, proven or not."""
        return self.status in (SolveStatus.OPTIMAL, SolveStatus.FEASIBLE)

    @classmethod
    def not_sited(cls, objective: Objective, standard_s: float, why: str) -> CoverageSolution:
        """Return the answer for a tier that has nothing to serve, because the tier it rests on opened nothing."""
        return cls(
            objective=objective,
            status=SolveStatus.INFEASIBLE,
            standard_s=standard_s,
            opened=(),
            assignments=(),
            uncovered=(),
            shares=CoveredShares(
                population=0.0,
                households=0.0,
                villages=0.0,
                poor_villages=0.0,
                population_total=0,
                households_total=0,
                villages_total=0,
                poor_villages_total=0,
            ),
            opening_cost_yuan=0.0,
            value=None,
            bound=None,
            gap=None,
            conflicts=(why,),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class StationPlan:
    """Both tiers: service points cover villages, express stations cover the service points."""

    service_points: CoverageSolution
    express_stations: CoverageSolution
