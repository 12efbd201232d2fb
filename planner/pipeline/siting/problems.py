"""Places and travel times → the siting problems of an area."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from planner.config import Objective, PlanConfig, TierConfig, Weight
from planner.coverage import Assignment, CoverageProblem, UpperTier
from planner.coverage.phases import Phase, PhasedProblem
from planner.model import Fact, Site, SiteStatus, StudyArea, Tier
from planner.pipeline.area_roads import Travel, siting_times
from planner.pipeline.estimate import usual_parcels
from planner.pipeline.siting.money import running_cost_yuan
from planner.pipeline.siting.tier_rules import lacking_sites, tier_rules
from planner.units import BoolArray, FloatArray

_LISTED_STANDARDS = 3
"""In a large area siting is told sites up to so many times the standard away; the rest count as farther than that."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DemandPoints:
    """What siting counts at each demand point of a tier; arrays are (points,), parcels are a usual day's, down and up."""

    ids: tuple[str, ...]
    weights: FloatArray
    population: FloatArray
    households: FloatArray
    registered_poor: BoolArray
    parcels: FloatArray


def village_points(area: StudyArea, config: PlanConfig, weight: Weight) -> DemandPoints:
    """Return the villages as demand points, by id."""
    villages = area.villages
    parcels = usual_parcels(villages, config.demand)
    if weight is Weight.VILLAGES:
        weights = np.ones(len(villages))
    elif weight is Weight.PARCELS:
        weights = parcels
    else:
        weights = np.array([getattr(village, weight.value) for village in villages], dtype=np.float64)
    return DemandPoints(
        ids=tuple(village.id for village in villages),
        weights=weights,
        population=np.array([village.population for village in villages], dtype=np.float64),
        households=np.array([village.households for village in villages], dtype=np.float64),
        registered_poor=np.array([village.registered_poor for village in villages], dtype=np.bool_),
        parcels=parcels,
    )


def points_above(villages: DemandPoints, opened: tuple[str, ...], assignments: Sequence[Assignment]) -> DemandPoints:
    """Return the open service points as demand points of the stations: each counts for the villages it serves together."""
    row = {site_id: i for i, site_id in enumerate(opened)}
    of_village = {assignment.demand_id: row[assignment.site_id] for assignment in assignments}
    served = np.array([i for i, id_ in enumerate(villages.ids) if id_ in of_village], dtype=np.int64)
    rows = np.array([of_village[villages.ids[i]] for i in served], dtype=np.int64)

    def summed(amounts: FloatArray) -> FloatArray:
        return np.bincount(rows, weights=amounts[served], minlength=len(opened)).astype(np.float64)

    return DemandPoints(
        ids=opened,
        weights=summed(villages.weights),
        population=summed(villages.population),
        households=summed(villages.households),
        registered_poor=summed(villages.registered_poor.astype(np.float64)) > 0,
        parcels=summed(villages.parcels),
    )


def service_point_problem(
    area: StudyArea, travel: Travel, config: PlanConfig, *, only: frozenset[str] | None = None
) -> CoverageProblem:
    """Return the problem of the service points, which cover villages; with tiers together, stations above them and all.

    Where sites are given as ``only``, all others are forbidden but those that there are.

    Raises
    ------
    ConfigError
        If the configuration does not fit the area.
    """
    tier = config.coverage.service_points
    villages = village_points(area, config, tier.weight)
    if config.coverage.phases:  # which have limits of their own: as many points as there are sites is none
        tier = tier.model_copy(update={"count": len(area.sites_of(Tier.SERVICE_POINT))})
    problem = _problem(area, travel, tier, Tier.SERVICE_POINT, villages)
    if only is not None:
        others = np.array([id_ not in only for id_ in problem.site_ids], dtype=np.bool_)
        problem = replace(problem, forbidden=problem.forbidden | (others & ~problem.existing))
    if config.coverage.tiers == "together":
        upper = _upper_tier(area, travel, config.coverage.express_stations)
        problem = replace(problem, rules=replace(problem.rules, upper=upper))
    return problem


def station_problem(
    area: StudyArea,
    travel: Travel,
    config: PlanConfig,
    opened: tuple[str, ...],
    assignments: Sequence[Assignment],
) -> CoverageProblem:
    """Return the problem of the express stations, which cover the open service points and whom these serve."""
    tier = config.coverage.express_stations
    points = points_above(village_points(area, config, tier.weight), opened, assignments)
    return _problem(area, travel, tier, Tier.EXPRESS_STATION, points)


def phased_problem(
    area: StudyArea, travel: Travel, config: PlanConfig, *, only: frozenset[str] | None = None
) -> PhasedProblem:
    """Return the problem of the service points phase by phase; ``only`` as in `service_point_problem`."""
    base = service_point_problem(area, travel, config, only=only)
    coverage = config.coverage
    running = None
    if coverage.running_costs == "in_budget" and coverage.subsidies is not None:
        running = running_cost_yuan(area, config, area.sites_of(Tier.SERVICE_POINT)) * coverage.phases[0].years
    return PhasedProblem(
        base=base,
        phases=tuple(
            Phase(
                name=phase.name,
                budget_yuan=phase.budget_yuan,
                count=phase.count,
                target_share=phase.target_share,
                mandatory=base.registered_poor if phase.cover_poor_villages else None,
            )
            for phase in coverage.phases
        ),
        carry_over=coverage.carry_over,
        running_cost_yuan=running,
    )


def without_idle_sites(problem: CoverageProblem) -> tuple[CoverageProblem, tuple[Fact, ...]]:
    """Return a p-median that opens no new site which reaches nobody, and the demand that is let go for it, if any.

    It opens as many sites as it is told to: where fewer reach anybody, the rest would cost money and serve nobody. What
    townships must have is not touched.
    """
    if problem.objective is not Objective.P_MEDIAN or problem.count is None or problem.rules.township_limits:
        return problem, ()
    reaches = np.bincount(problem.travel.sites, minlength=len(problem.site_ids)) > 0
    idle = problem.usable & ~problem.existing & ~reaches
    useful = int(np.count_nonzero(problem.usable & ~idle))
    if not idle.any() or useful == 0 or problem.count > int(np.count_nonzero(problem.usable)):
        return problem, ()
    unused = replace(problem, forbidden=problem.forbidden | idle, count=min(problem.count, useful))
    if problem.count <= useful:
        return unused, ()
    return unused, (Fact(code="sites_reach_nobody", params={"count": problem.count, "useful": useful}),)


def covering_problem(problem: CoverageProblem) -> CoverageProblem:
    """Return the maximal covering problem that a curve is drawn of: of LSCP and fixed charge, which cover all, MCLP."""
    if problem.objective not in (Objective.LSCP, Objective.FIXED_CHARGE):
        return problem
    rules = replace(problem.rules, covered_share=None, yuan_per_hour=0.0, bonus=None)
    return replace(problem, objective=Objective.MCLP, count=0, rules=rules)


def _problem(area: StudyArea, travel: Travel, tier: TierConfig, which: Tier, points: DemandPoints) -> CoverageProblem:
    sites = area.sites_of(which)
    site_ids = tuple(site.id for site in sites)
    arrays, lacking = _site_arrays(sites), lacking_sites(tier, sites)
    if lacking is not None:  # nobody would be served by such a candidate, so none is built; what exists stays
        arrays["forbidden"] = arrays["forbidden"] | (lacking & ~arrays["existing"])
    return CoverageProblem(
        objective=tier.objective,
        demand_ids=points.ids,
        site_ids=site_ids,
        durations_s=siting_times(travel, points.ids, site_ids, limit_s=_LISTED_STANDARDS * tier.standard_s),
        standard_s=tier.standard_s,
        weights=points.weights,
        population=points.population,
        households=points.households,
        registered_poor=points.registered_poor,
        mandatory=points.registered_poor if tier.cover_poor_villages else np.zeros_like(points.registered_poor),
        **arrays,
        count=tier.count,
        budget_yuan=tier.budget_yuan,
        unreachable={id_: travel.unreachable[id_] for id_ in points.ids if id_ in travel.unreachable},
        rules=tier_rules(area, tier, f"{which.value}s", sites, points.parcels),
    )


def _upper_tier(area: StudyArea, travel: Travel, tier: TierConfig) -> UpperTier:
    stations = area.sites_of(Tier.EXPRESS_STATION)
    station_ids = tuple(station.id for station in stations)
    room = np.inf if tier.room_points is None else float(tier.room_points)
    return UpperTier(
        station_ids=station_ids,
        durations_s=siting_times(
            travel, [site.id for site in area.sites_of(Tier.SERVICE_POINT)], station_ids, limit_s=tier.standard_s
        ),
        standard_s=tier.standard_s,
        **_site_arrays(stations),
        room=np.full(len(stations), room),
        count=tier.count,
        budget_yuan=tier.budget_yuan,
    )


def _site_arrays(sites: Sequence[Site]) -> dict[str, Any]:
    return {
        "opening_cost_yuan": np.array([site.opening_cost_yuan for site in sites]),
        "existing": np.array([site.status is SiteStatus.EXISTING for site in sites], dtype=np.bool_),
        "forbidden": np.array([site.status is SiteStatus.FORBIDDEN for site in sites], dtype=np.bool_),
    }
