"""Each village's demand on a date where nobody ordered: its people's share, or what kept days have shown of it."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from planner.config import DemandConfig
from planner.model import Estimate, Township, Village, VillageDemand
from planner.pipeline.estimate.usual import a_head, produce_kg


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderedDay:
    """A kept day: the parcels that were ordered, down and up, by village id; those not ordered for are left out."""

    date: datetime.date
    down: Mapping[str, float] = field(default_factory=dict)
    up: Mapping[str, float] = field(default_factory=dict)


class VillageEstimates(NamedTuple):
    """Each village's demand by id, not rounded, produce in ``pickup_kg``; and what it rests on, None if on people only."""

    villages: tuple[VillageDemand, ...]
    estimate: Estimate | None


def estimate_villages(
    villages: Sequence[Village],
    config: DemandConfig,
    date: datetime.date,
    *,
    townships: Sequence[Township] = (),
    history: Sequence[OrderedDay] = (),
) -> VillageEstimates:
    """Return what each village receives and sends on a date; ``villages`` are all of the area.

    Without ``history`` it is what the configuration says of so many people; figures are ``learned`` where `history` has
    enough days of them. ``townships`` tell market days.
    """
    usual, factor = a_head(villages, config), config.weekday_factors[date.weekday()]
    found = []
    for village in sorted(villages, key=lambda village: village.id):
        down, up = (village.population * factor * rate for rate in usual)
        found.append(_demand(village.id, down, up, produce_kg([village], config, date), config))
    return VillageEstimates(tuple(found), None)


def _demand(village_id: str, down: float, up: float, produce: float, config: DemandConfig) -> VillageDemand:
    return VillageDemand(
        village_id=village_id,
        delivery_parcels=down,
        delivery_kg=down * config.kg_per_parcel,
        delivery_m3=down * config.m3_per_parcel,
        pickup_parcels=up,
        pickup_kg=up * config.kg_per_parcel + produce,
        pickup_m3=up * config.m3_per_parcel + produce / config.kg_per_m3_produce,
    )
