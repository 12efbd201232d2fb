"""What siting answers: opened sites, who is assigned where, who is left out and why, and how good that is."""

from __future__ import annotations

import operator
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Annotated

import numpy as np
from pydantic import Field

from planner.config import Objective
from planner.model import Fact
from planner.units import BoolArray, FloatArray

LaterFacts = Annotated[tuple[Fact, ...], Field(exclude_if=operator.not_)]
"""Facts that earlier plans do not have: where there are none a document says nothing of them and keeps its id."""


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
    PASSING = "road_only_passes"
    NO_SITE_IN_REACH = "no_site_in_reach"
    ONLY_FORBIDDEN_SITES = "only_forbidden_sites"
    NO_SITE_WITH_SERVICES = "no_site_with_required_services"
    TOO_FEW_SITES = "fewer_sites_in_reach_than_needed"
    NO_STATION_IN_REACH = "no_station_in_reach_of_its_sites"
    LOAD_ABOVE_CAPACITY = "load_above_every_capacity"
    COUNT_USED_UP = "count_used_up"
    BUDGET_USED_UP = "budget_used_up"
    CAPACITY_USED_UP = "capacity_used_up"
    TOWNSHIP_LIMIT = "township_limit"
    BELOW_MINIMUM_LOAD = "below_minimum_load"
    NO_STATION_WITH_ROOM = "no_station_with_room"
    SHARE_REACHED = "share_reached"
    LIMITS_TOGETHER = "limits_taken_together"
    WEIGHS_NOTHING = "weighs_nothing"
    BETTER_NOT_FOUND = "better_not_found"
    NO_PLAN = "no_plan"


@dataclass(frozen=True, slots=True, kw_only=True)
class Assignment:
    """A covered demand point and the open site that serves it.

    It is the fastest one to reach, unless the plan may choose. ``backup_site_ids`` are the next open sites within the
    standard where more than one is needed, fewer than needed if there are no more in reach.
    """

    demand_id: str
    site_id: str
    duration_s: float
    backup_site_ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Uncovered:
    """A demand point that is not covered: why, and the fastest open site if any can be reached.

    ``served_by_site_id`` is the site that serves it all the same, where an objective serves points beyond the standard and
    loads decide by which site.
    """

    demand_id: str
    reason: UncoveredReason
    nearest_site_id: str | None
    nearest_duration_s: float | None
    served_by_site_id: str | None = None
    served_duration_s: float | None = None


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

    @classmethod
    def of(
        cls, covered: BoolArray, population: FloatArray, households: FloatArray, registered_poor: BoolArray
    ) -> CoveredShares:
        """Return the shares that these covered points have, all arrays of shape (points,)."""

        def share(amounts: FloatArray) -> float:
            total = float(amounts.sum())
            return float(amounts[covered].sum()) / total if total else 1.0

        return cls(
            population=share(population),
            households=share(households),
            villages=share(np.ones(len(covered))),
            poor_villages=share(registered_poor.astype(np.float64)),
            population_total=round(float(population.sum())),
            households_total=round(float(households.sum())),
            villages_total=len(covered),
            poor_villages_total=int(registered_poor.sum()),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class UpperSolution:
    """The tier above: open stations, the station of each open service point, and what opening the stations costs."""

    opened: tuple[str, ...]
    links: tuple[Assignment, ...]
    opening_cost_yuan: float


@dataclass(frozen=True, slots=True, kw_only=True)
class CoverageSolution:
    """Open sites and assignments, both sorted by id.

    ``value`` is the objective's own figure (LSCP: new and existing sites open; MCLP: covered weight; p-median: weight times
    seconds; p-center: the longest way in seconds; fixed charge: yuan), bonuses included, ``bound`` the proven limit it
    cannot pass and ``gap`` their relative distance, 0 when proven optimal. ``closed`` are existing sites that the plan gives
    up. An infeasible answer has no sites, and ``conflicts`` names the demands that contradict each other. ``relaxed`` names
    what was demanded and no choice of sites could meet, so that the plan was made without it. ``seconds`` is the
    wall time the search took; it is no part of the answer and does not count when answers are compared.
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
    conflicts: tuple[Fact, ...] = ()
    closed: tuple[str, ...] = ()
    closing_cost_yuan: float = 0.0
    upper: UpperSolution | None = None
    relaxed: LaterFacts = ()
    seconds: float | None = field(default=None, compare=False)

    @property
    def found(self) -> bool:
        """Whether there is an answer, proven or not."""
        return self.status in (SolveStatus.OPTIMAL, SolveStatus.FEASIBLE)

    @property
    def proven(self) -> bool:
        """Whether nothing better exists."""
        return self.status is SolveStatus.OPTIMAL

    @classmethod
    def not_sited(cls, objective: Objective, standard_s: float, why: Fact) -> CoverageSolution:
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Remedy:
    """How an uncovered point can be covered.

    ``site_ids`` are the sites (and ``station_ids`` the stations) whose opening covers it at the least ``cost_yuan``, of
    equally cheap ones the nearest; none and None where opening no allowed site would, or none is needed for it. ``lifts``
    are the limits that the plan with them exceeds: ``above_count``, ``above_budget``, ``above_township`` with its
    ``township_id``, ``above_station_count``, ``above_station_budget``. ``standard_s`` is the least standard, in whole
    minutes, under which the plan as it is covers the point; None where none does.
    """

    demand_id: str
    site_ids: tuple[str, ...]
    station_ids: tuple[str, ...]
    cost_yuan: float | None
    lifts: tuple[Fact, ...]
    standard_s: float | None
