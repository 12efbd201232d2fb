"""Equity of the villages' minutes, by township, on a finished network."""

from __future__ import annotations

from planner.coverage.appraise import EquityReport, equity_of
from planner.plans import NetworkPlan


def village_equity(plan: NetworkPlan) -> EquityReport:
    """Return how the ways of people to where they hand over are spread, by township and in all; each villager counts one.

    Townships of the same name are told apart by their code.
    """
    area = plan.area
    names = [township.name for township in area.townships]
    label = {t.id: t.name if names.count(t.name) == 1 else f"{t.name} {t.id}" for t in area.townships}
    return equity_of(
        {one.village_id: one.duration_s for one in plan.finished.hand_over},
        {village.id: float(village.population) for village in area.villages},
        {village.id: label[village.township_id] for village in area.villages},
    )
