"""Equity of the villages' minutes, by township, on a finished network."""

from __future__ import annotations

from dataclasses import dataclass

from planner.coverage.appraise import Equity, equity_of
from planner.outputs.names import spoken_name
from planner.plans import NetworkPlan


@dataclass(frozen=True, slots=True, kw_only=True)
class TownshipEquity:
    """The equity of a township's villages; ``name`` is in the language that is spoken, ``id`` is not."""

    id: str
    name: str
    equity: Equity


@dataclass(frozen=True, slots=True, kw_only=True)
class VillageEquity:
    """The equity of all planned villages, and of each township's, by its id; ``left_out`` are in none (faults in rows)."""

    overall: Equity
    groups: tuple[TownshipEquity, ...]
    left_out: int


def village_equity(plan: NetworkPlan) -> VillageEquity:
    """Return how the ways of people to where they hand over are spread, by township and in all; each villager counts one.

    Townships of the same name are told apart by their code.
    """
    area = plan.area
    names = [spoken_name(township) for township in area.townships]
    label = {
        township.id: name if names.count(name) == 1 else f"{name} {township.id}"
        for township, name in zip(area.townships, names, strict=True)
    }
    report = equity_of(
        {one.village_id: one.duration_s for one in plan.finished.hand_over},
        {village.id: float(village.population) for village in area.villages},
        {village.id: village.township_id for village in area.villages},
    )
    groups = [TownshipEquity(id=one.name, name=label[one.name], equity=one.equity) for one in report.groups]
    return VillageEquity(overall=report.overall, groups=tuple(groups), left_out=area.rows_left_out.villages)
