"""What the open sites of an area cost, phase by phase, and who pays."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from planner.config import CostItem, PlanConfig, SubsidyConfig
from planner.coverage import StationPlan
from planner.coverage.appraise import (
    SiteCost,
    SpendingPhase,
    SubsidyTable,
    fen_of,
    fund,
    spending_of_phases,
    spending_of_plan,
)
from planner.coverage.phases import PhasedSolution, opening_phases
from planner.errors import BadDataError, ConfigError, Message
from planner.model import Fact, Site, SiteStatus, StudyArea, Tier
from planner.pipeline.siting.tier_rules import shared_house
from planner.units import HALF_CENT_YUAN, FloatArray

WHOLE_PLAN = "whole_plan"
"""Name of the one phase of a plan that is built at once; a word of the catalogues."""


def subsidies_of(
    area: StudyArea, config: PlanConfig, stations: StationPlan, phases: PhasedSolution | None
) -> SubsidyTable | None:
    """Return who pays what in which phase for both tiers; None if the configuration says nothing of it, or no plan holds.

    A station is paid for from the phase on in which the first point it serves is open.

    Raises
    ------
    ConfigError
        If an amount has a part of a fen; all of them are named.
    """
    wanted = config.coverage.subsidies
    if wanted is None or not stations.service_points.found:
        return None
    existing = area.existing_ids
    if phases is None:
        tiers = (stations.service_points, stations.express_stations)
        spending = spending_of_plan(tiers, existing, name=WHOLE_PLAN, years=wanted.years)
    else:
        spending = spending_of_phases(phases, [phase.years for phase in config.coverage.phases])
        spending = _with_stations(spending, stations, phases, existing)
    opened = sorted({site_id for phase in spending for site_id in phase.opened})
    costs = _costs(area, config, wanted, [area.site_by_id[site_id] for site_id in opened])
    return fund(spending, costs, {item: wanted.shares.of(item) for item in CostItem})


def above_station_budgets(
    area: StudyArea, config: PlanConfig, stations: StationPlan, phases: PhasedSolution | None
) -> tuple[Fact, ...]:
    """Return the phases whose express stations cost more than their budget, what earlier ones left included."""
    if phases is None or not phases.found:
        return ()
    first, left, found = opening_phases(phases, stations, area.existing_ids), 0.0, []
    new = [area.site_by_id[id_] for id_ in stations.express_stations.opened]
    for number, phase in enumerate(config.coverage.phases):
        if phase.station_budget_yuan is None:
            left = 0.0
            continue
        budget = phase.station_budget_yuan + left
        opened = [site for site in new if site.status is SiteStatus.CANDIDATE and first[site.id] == number]
        cost = sum(site.opening_cost_yuan for site in opened)
        if cost > budget + HALF_CENT_YUAN:
            found.append(
                Fact(
                    code="stations_above_phase_budget",
                    params={"phase": phase.name, "cost_yuan": cost, "budget_yuan": budget},
                )
            )
        left = max(0.0, budget - cost) if config.coverage.carry_over else 0.0
    return tuple(found)


def running_cost_yuan(area: StudyArea, config: PlanConfig, sites: Sequence[Site]) -> FloatArray:
    """Return what each site costs a year if it is open, agent and rent; (sites,)."""
    wanted = config.coverage.subsidies
    if wanted is None:
        return np.zeros(len(sites))
    costs = _costs(area, config, wanted, sites)
    return np.array([(costs[site.id].agent_fen + costs[site.id].rent_fen) / 100 for site in sites])


def _with_stations(
    spending: tuple[SpendingPhase, ...], stations: StationPlan, phases: PhasedSolution, existing: frozenset[str]
) -> tuple[SpendingPhase, ...]:
    """Return the phases with the express stations added where they open."""
    first = opening_phases(phases, stations, existing)
    above = stations.express_stations.opened
    return tuple(
        replace(
            phase,
            added=tuple(sorted([*phase.added, *(s for s in above if first[s] == number and s not in existing)])),
            opened=tuple(sorted([*phase.opened, *(s for s in above if first[s] <= number)])),
        )
        for number, phase in enumerate(spending)
    )


def _costs(area: StudyArea, config: PlanConfig, wanted: SubsidyConfig, sites: Sequence[Site]) -> dict[str, SiteCost]:
    costs, problems = {}, []
    for site in sites:
        above = site.tier is Tier.EXPRESS_STATION
        tier = config.coverage.express_stations if above else config.coverage.service_points
        running = wanted.express_stations if above else wanted.service_points
        usual = running.rent_yuan_year
        if shared_house(area, tier, site) is not None:
            usual = running.co_located_rent_yuan_year
        rent = usual if site.rent_yuan_year is None else site.rent_yuan_year
        try:
            costs[site.id] = SiteCost(
                equipment_fen=fen_of(site.opening_cost_yuan),
                agent_fen=fen_of(running.agent_yuan_year),
                rent_fen=fen_of(rent),
            )
        except BadDataError as error:
            problems.append(Message("site {id}: {summary}", id=site.id, summary=error.summary))
    if problems:
        raise ConfigError(Message("the subsidies cannot be worked out"), problems)
    return costs
