"""Equity of the villages' minutes, by township, of an area's stations."""

from __future__ import annotations

from planner.coverage import StationPlan
from planner.coverage.appraise import EquityReport, equity_of
from planner.model import StudyArea


def village_equity(area: StudyArea, stations: StationPlan) -> EquityReport:
    """Return how the ways of people to their service points are spread, by township and in all; each villager counts one.

    Townships of the same name are told apart by their code.
    """
    names = [township.name for township in area.townships]
    label = {t.id: t.name if names.count(t.name) == 1 else f"{t.name} {t.id}" for t in area.townships}
    return equity_of(
        stations.service_points,
        {village.id: float(village.population) for village in area.villages},
        {village.id: label[village.township_id] for village in area.villages},
    )
