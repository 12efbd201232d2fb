"""Parcels down and produce up, by village and by the place where they are handed over, for one date."""

from __future__ import annotations

import datetime
import math
from collections.abc import Mapping, Sequence

from planner.config import DemandConfig
from planner.errors import BadDataError, Message, list_offenders
from planner.model import Demand, PointDemand, Township, Village
from planner.pipeline.estimate import OrderedDay, estimate_villages, produce_kg


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

    ``point_of_village`` maps village ids to site ids; villages that are not in it are listed in ``without_point``. Parcels
    are rounded once per point, by the largest remainder over all points, so that the county's total is the rounded sum of
    the model and not the sum of roundings.

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
    delivered = _round_to_total([math.fsum(one.delivery_parcels for one in point) for point in estimates])
    collected = _round_to_total([math.fsum(one.pickup_parcels for one in point) for point in estimates])
    points = []
    for site_id, delivery_parcels, pickup_parcels in zip(site_ids, delivered, collected, strict=True):
        produce = produce_kg(members[site_id], config, date)
        points.append(
            PointDemand(
                site_id=site_id,
                village_ids=tuple(village.id for village in members[site_id]),
                delivery_parcels=delivery_parcels,
                delivery_kg=delivery_parcels * config.kg_per_parcel,
                delivery_m3=delivery_parcels * config.m3_per_parcel,
                pickup_parcels=pickup_parcels,
                pickup_kg=pickup_parcels * config.kg_per_parcel + produce,
                pickup_m3=pickup_parcels * config.m3_per_parcel + produce / config.kg_per_m3_produce,
            )
        )
    return Demand(
        date=date,
        points=tuple(points),
        without_point=tuple(sorted(known - set(point_of_village))),
        estimate=found.estimate,
    )


def _round_to_total(amounts: Sequence[float]) -> list[int]:
    """Round to whole numbers whose sum is the rounded sum (largest remainder; ties to the earlier)."""
    floors = [int(amount) for amount in amounts]
    missing = round(sum(amounts)) - sum(floors)
    by_remainder = sorted(range(len(amounts)), key=lambda i: (round(floors[i] - amounts[i], 9), i))
    for i in by_remainder[:missing]:
        floors[i] += 1
    return floors
