"""Parcels down and produce up, by village and by the place where they are handed over, for one date."""

from __future__ import annotations

import datetime
import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from planner.config import DemandConfig
from planner.errors import BadDataError, Message, list_offenders
from planner.model import (
    AMOUNTS,
    Demand,
    DemandBasis,
    PointDemand,
    Produce,
    Township,
    Village,
    VillageDemand,
    WaitingDemand,
)
from planner.pipeline.estimate import OrderedDay, estimate_villages, produce_kg
from planner.pipeline.rounding import round_to_total


def estimate_demand(
    villages: Sequence[Village],
    point_of_village: Mapping[str, str],
    config: DemandConfig,
    date: datetime.date,
    *,
    townships: Sequence[Township] = (),
    history: Sequence[OrderedDay] = (),
) -> Demand:
    """Return the demand of each hand-over point: the sum over the villages that use it.

    ``point_of_village`` maps village ids to site ids; villages that are not in it are listed in ``without_point``, and what
    they would have waits. Parcels are rounded once per point, by the largest remainder over all points, so that the
    county's total is the rounded sum of the model and not the sum of roundings. ``villages`` has the part of each that
    hands over, not rounded: what a day's orders leave open is taken from there (`planner.pipeline.day_demand`).

    Raises
    ------
    BadDataError
        If the mapping names a village that is not given.
    """
    known = {village.id for village in villages}
    unknown = sorted(set(point_of_village) - known)
    if unknown:
        raise BadDataError(
            Message("hand-over points are given for unknown villages: {offenders}", offenders=list_offenders(unknown))
        )
    members: dict[str, list[Village]] = {}
    for village in sorted(villages, key=lambda village: village.id):
        if village.id in point_of_village:
            members.setdefault(point_of_village[village.id], []).append(village)
    site_ids = sorted(members)
    found = estimate_villages(villages, config, date, townships=townships, history=history)
    of_village = {one.village_id: one for one in found.villages}
    estimates = [[of_village[village.id] for village in members[site_id]] for site_id in site_ids]
    delivered = round_to_total([math.fsum(one.delivery_parcels for one in point) for point in estimates])
    collected = round_to_total([math.fsum(one.pickup_parcels for one in point) for point in estimates])
    points = []
    for site_id, delivery_parcels, pickup_parcels in zip(site_ids, delivered, collected, strict=True):
        made = produce_kg(members[site_id], config, date)
        points.append(
            PointDemand(
                site_id=site_id,
                village_ids=tuple(village.id for village in members[site_id]),
                delivery_parcels=delivery_parcels,
                delivery_kg=delivery_parcels * config.kg_per_parcel,
                delivery_m3=delivery_parcels * config.m3_per_parcel,
                pickup_parcels=pickup_parcels,
                pickup_kg=pickup_parcels * config.kg_per_parcel + made,
                pickup_m3=pickup_parcels * config.m3_per_parcel + made / config.kg_per_m3_produce,
                produce=tuple(_produce(members[site_id], config, date)),
                basis=_basis([of_village[village.id] for village in members[site_id]]),
            )
        )
    return Demand(
        date=date,
        points=tuple(points),
        without_point=tuple(sorted(known - set(point_of_village))),
        estimate=found.estimate,
        villages=tuple(one for one in found.villages if one.village_id in point_of_village),
        waiting=tuple(_waiting([one for one in found.villages if one.village_id not in point_of_village], config)),
    )


def _waiting(villages: Sequence[VillageDemand], config: DemandConfig) -> Iterator[WaitingDemand]:
    """Yield what each village without a place has, in whole parcels."""
    delivered, collected = (
        round_to_total([getattr(one, name) for one in villages]) for name in ("delivery_parcels", "pickup_parcels")
    )
    for one, down, up in zip(villages, delivered, collected, strict=True):
        more, less = down - one.delivery_parcels, up - one.pickup_parcels  # by rounding
        amounts: dict[str, Any] = {
            "delivery_parcels": down,
            "delivery_kg": one.delivery_kg + more * config.kg_per_parcel,
            "delivery_m3": one.delivery_m3 + more * config.m3_per_parcel,
            "pickup_parcels": up,
            "pickup_kg": one.pickup_kg + less * config.kg_per_parcel,
            "pickup_m3": one.pickup_m3 + less * config.m3_per_parcel,
        }
        if any(value > _NOTHING for value in amounts.values()):
            basis = {name: one.basis.get(name, DemandBasis.ASSUMED) for name in AMOUNTS}
            yield WaitingDemand(
                village_id=one.village_id, **{name: max(0, value) for name, value in amounts.items()}, basis=basis
            )


_NOTHING = 1e-9
"""Less than this is what rounding left of nothing."""


def _produce(villages: Sequence[Village], config: DemandConfig, date: datetime.date) -> Iterator[Produce]:
    """Yield what each village with a product is taken to send of it."""
    for village in villages:
        kg = produce_kg([village], config, date)
        if kg:
            yield Produce(village_id=village.id, product=village.product, kg=kg)


def _basis(villages: Sequence[VillageDemand]) -> dict[str, DemandBasis]:
    """Return which figures of a point are learned: those that are so of all its villages; the others are assumed."""
    learned = DemandBasis.LEARNED
    names = [name for name in villages[0].basis if all(one.basis.get(name) is learned for one in villages)]
    return dict.fromkeys(names, learned)
