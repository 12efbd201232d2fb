"""Equity of the villages' minutes, by township, on a finished network."""

from __future__ import annotations

from planner.coverage.appraise import EquityReport, equity_of
from planner.outputs.names import spoken_name
from planner.plans import NetworkPlan


def village_equity(plan: NetworkPlan) -> EquityReport:
    """Return how the ways of people to where they hand over are spread, by township and in all; each villager counts one.

    Townships of the same name are told apart by their code.
    """
    area = plan.area
    names = [spoken_name(township) for township in area.townships]
    label = {
        township.id: name if names.count(name) == 1 else f"{name} {township.id}"
        for township, name in zip(area.townships, names, strict=True)
    }
    return equity_of(
        {one.village_id: one.duration_s for one in plan.finished.hand_over},
        {village.id: float(village.population) for village in area.villages},
        {village.id: label[village.township_id] for village in area.villages},
    )
