"""What a configuration says of a usual day, whose factors are all 1."""

from __future__ import annotations

import datetime
from collections.abc import Sequence

import numpy as np

from planner.config import DemandConfig, UsualParcels
from planner.model import Village
from planner.pipeline.estimate.date_factors import date_factors
from planner.units import FloatArray


def a_head(villages: Sequence[Village], config: DemandConfig) -> UsualParcels:
    """Return the usual parcels a head; ``villages`` are all of the area, over whose people published parcels are spread."""
    return config.a_head(len(villages), sum(village.population for village in villages))


def usual_parcels(villages: Sequence[Village], config: DemandConfig) -> FloatArray:
    """Return each village's parcels on a day whose factors are 1, down and up together; (villages,), not rounded.

    ``villages`` are all of the area.
    """
    both = sum(a_head(villages, config))
    return np.array([village.population * both for village in villages], dtype=np.float64)


def produce_kg(villages: Sequence[Village], config: DemandConfig, date: datetime.date) -> float:
    """Return what villages send up of their products on a date, together; those without a product send none."""
    return produce_of_households(sum(village.households for village in villages if village.product), config, date)


def produce_of_households(households: int, config: DemandConfig, date: datetime.date) -> float:
    """Return what so many households of villages with a product send up of it on a date, in kg."""
    of_week = date_factors(date, config).of_week(config.weekday_factors)
    return config.pickup_kg_per_product_household_day * of_week * households
