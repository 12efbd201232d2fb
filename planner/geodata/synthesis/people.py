"""Made-up people, poverty, products and existing stations; the only real figure is the county's census total."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from planner.geodata.synthesis.words import CELLS
from planner.units import BoolArray, IntArray

CENSUS_2010 = 519_766  # 拜泉县, census of 2010
VILLAGE_SHARE = 0.8  # assumption: the rest lives in the county town
PERSONS_PER_HOUSEHOLD = 2.9  # assumption
POOR_SHARE = 0.22


@dataclass(frozen=True, slots=True, kw_only=True)
class People:
    """Figures of each village, arrays of shape (villages,)."""

    population: IntArray
    households: IntArray
    registered_poor: BoolArray
    poor_households: IntArray
    product: tuple[str, ...]
    facilities: tuple[str, ...]


def make_people(count: int, rng: np.random.Generator) -> People:
    """Return figures for ``count`` villages that add up to the villages' share of the census."""
    weight = rng.lognormal(0.0, 0.35, count)
    population = np.rint(weight / weight.sum() * CENSUS_2010 * VILLAGE_SHARE).astype(np.int64)
    households = np.rint(population / PERSONS_PER_HOUSEHOLD).astype(np.int64)
    poor = rng.random(count) < POOR_SHARE
    share = np.where(poor, rng.uniform(0.12, 0.3, count), rng.uniform(0.01, 0.06, count))
    product = [
        str(name) if chosen else ""
        for name, chosen in zip(rng.choice(CELLS["products"], count), rng.random(count) < 0.12, strict=True)
    ]
    facilities = [CELLS["facilities"][i] for i in rng.integers(0, len(CELLS["facilities"]), count)]
    return People(
        population=population,
        households=households,
        registered_poor=poor,
        poor_households=np.rint(households * share).astype(np.int64),
        product=tuple(product),
        facilities=tuple(facilities),
    )
