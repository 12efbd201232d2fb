"""Both tiers of an area sited as its configuration asks: one after the other or together, at once or in phases."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from planner.config import PlanConfig
from planner.coverage import (
    CoverageProblem,
    CoverageSolution,
    CoveredShares,
    Remedy,
    SolveStatus,
    StationPlan,
    Uncovered,
    UncoveredReason,
    UpperSolution,
)
from planner.coverage.explain import empty_solution
from planner.coverage.phases import PhasedSolution
from planner.coverage.phases.solve import solve_phases
from planner.coverage.remedies import cheapest_remedies
from planner.coverage.solve import solve_coverage
from planner.model import Fact, StudyArea
from planner.pipeline.area_roads import Travel
from planner.pipeline.siting.money import above_station_budgets
from planner.pipeline.siting.problems import (
    DemandPoints,
    phased_problem,
    points_above,
    service_point_problem,
    station_problem,
    village_points,
    without_idle_sites,
)
from planner.pipeline.siting.whole_county import of_whole, phase_of_whole


@dataclass(frozen=True, slots=True, kw_only=True)
class Siting:
    """The stations of both tiers, the phases in which the service points open, if there are any, and remedies.

    ``remedies`` say what would cover each village that is left out: of a plan in phases, beside what is open after the last,
    whose count of points is the limit that may be exceeded.
    """

    stations: StationPlan
    phases: PhasedSolution | None
    remedies: tuple[Remedy, ...]


def site_area(area: StudyArea, travel: Travel, config: PlanConfig, *, only: frozenset[str] | None = None) -> Siting:
    """Return the open service points (they cover villages) and express stations (they cover the service points).

    Where service points are given as ``only``, no other opens, beside those that there are.

    With phases the service points are those of the last phase; their cost is that of all phases, and their status, value,
    bound and gap are those of the phases together. If no service point is open, because no plan holds what is
    demanded or none was asked for, the stations are not sited either, and say so.

    Raises
    ------
    ConfigError
        If the configuration does not fit the area.
    PlanRejectedError
        If an independent check finds an answer broken.
    """
    limit_s = config.coverage.time_limit_s
    phases = None
    problem = service_point_problem(area, travel, config, only=only)
    if config.coverage.phases:
        phases = solve_phases(phased_problem(area, travel, config, only=only), time_limit_s=limit_s, seed=config.seed)
        points = _after_all(phases) if phases.found else _no_phases(problem, phases)
        last = config.coverage.phases[-1].count
        problem = problem if last is None else replace(problem, count=last)
    else:
        problem, idle = without_idle_sites(problem)
        points = solve_coverage(problem, time_limit_s=limit_s, seed=config.seed)
        points = replace(points, relaxed=(*points.relaxed, *idle))
    stations = _with_stations(area, travel, config, points)
    above = above_station_budgets(area, config, stations, phases)
    upper = replace(stations.express_stations, relaxed=(*stations.express_stations.relaxed, *above))
    left_out = area.rows_left_out
    if phases is not None:
        whole = tuple(phase_of_whole(phase, left_out, config) for phase in phases.phases)
        phases = replace(phases, phases=whole)
    return Siting(
        stations=replace(stations, service_points=of_whole(stations.service_points, left_out), express_stations=upper),
        phases=phases,
        remedies=cheapest_remedies(problem, points),
    )


def _with_stations(area: StudyArea, travel: Travel, config: PlanConfig, points: CoverageSolution) -> StationPlan:
    tier = config.coverage.express_stations
    if not points.opened:
        waiting = CoverageSolution.not_sited(tier.objective, tier.standard_s, Fact(code="stations_not_sited"))
        return StationPlan(service_points=points, express_stations=waiting)
    if config.coverage.tiers == "together" and points.upper is not None:
        villages = village_points(area, config, tier.weight)
        served = points_above(villages, points.opened, points.assignments)
        return StationPlan(
            service_points=points, express_stations=_linked(points, points.upper, tier.standard_s, served)
        )
    problem, idle = without_idle_sites(station_problem(area, travel, config, points.opened, points.assignments))
    stations = solve_coverage(problem, time_limit_s=config.coverage.time_limit_s, seed=config.seed)
    return StationPlan(service_points=points, express_stations=replace(stations, relaxed=(*stations.relaxed, *idle)))


def _linked(below: CoverageSolution, upper: UpperSolution, standard_s: float, points: DemandPoints) -> CoverageSolution:
    """Return the stations of an answer for both tiers as an answer of their own; value and bound are those of both."""
    linked = {link.demand_id for link in upper.links}
    covered = np.array([id_ in linked for id_ in points.ids], dtype=np.bool_)
    return CoverageSolution(
        objective=below.objective,
        status=below.status,
        standard_s=standard_s,
        opened=upper.opened,
        assignments=upper.links,
        uncovered=tuple(
            Uncovered(
                demand_id=id_,
                reason=UncoveredReason.NO_STATION_WITH_ROOM,
                nearest_site_id=None,
                nearest_duration_s=None,
            )
            for id_ in points.ids
            if id_ not in linked
        ),
        shares=CoveredShares.of(covered, points.population, points.households, points.registered_poor),
        opening_cost_yuan=upper.opening_cost_yuan,
        value=below.value,
        bound=below.bound,
        gap=below.gap,
    )


def _after_all(phases: PhasedSolution) -> CoverageSolution:
    return replace(
        phases.phases[-1].coverage,
        relaxed=tuple(dict.fromkeys(fact for phase in phases.phases for fact in phase.coverage.relaxed)),
        status=phases.status,
        opening_cost_yuan=sum(phase.opening_cost_yuan for phase in phases.phases),
        value=phases.value,
        bound=phases.bound,
        gap=phases.gap,
    )


def _no_phases(problem: CoverageProblem, phases: PhasedSolution) -> CoverageSolution:
    """Return the answer about the villages when no phases hold what is demanded: nothing opens, the conflicts say why."""
    status = SolveStatus.NOT_FOUND if phases.status is SolveStatus.NOT_FOUND else SolveStatus.INFEASIBLE
    return empty_solution(problem, status, phases.conflicts)


def without_clock(siting: Siting) -> Siting:
    """Return the siting without the seconds its searches took: the same answer makes the same plan, byte by byte."""
    stations = StationPlan(
        service_points=replace(siting.stations.service_points, seconds=None),
        express_stations=replace(siting.stations.express_stations, seconds=None),
    )
    if siting.phases is None:
        return replace(siting, stations=stations)
    phases = tuple(replace(phase, coverage=replace(phase.coverage, seconds=None)) for phase in siting.phases.phases)
    return replace(siting, stations=stations, phases=replace(siting.phases, phases=phases))
