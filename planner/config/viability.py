"""The section ``[viability]``: from when on a service point can live of what it handles."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib import resources
from typing import Annotated

from pydantic import Field

from planner.config.sections import Count, Provenance, Section, Yuan

_DAYS_A_MONTH = 30
FEWEST_DAYS = 10
"""Days from which on figures of days are judged where nobody says: two working weeks, each weekday twice."""


class ViabilityConfig(Section):
    """What a point needs: ``residents``, or parcels whose ``income_yuan_per_parcel`` pays its agent's month.

    Parcels decide once they are known of ``fewest_days``; before that nothing does, and few residents are only a hint. A
    point is visited ``fewest_visits_week`` times at the least.
    """

    residents: Count
    agent_yuan_month: Yuan
    income_yuan_per_parcel: Annotated[float, Field(gt=0, le=1000)]
    fewest_visits_week: Annotated[int, Field(ge=1, le=7)]
    fewest_days: Annotated[int, Field(ge=1, le=366)] = FEWEST_DAYS
    provenance: Provenance

    @property
    def parcels_a_day(self) -> float:
        """Parcels a day, down and up together, that pay the agent."""
        return self.agent_yuan_month / self.income_yuan_per_parcel / _DAYS_A_MONTH

    def income_yuan_month(self, parcels_a_day: float) -> float:
        """Return a month's income of a point with so many parcels a day."""
        return parcels_a_day * _DAYS_A_MONTH * self.income_yuan_per_parcel


@cache
def usual_viability() -> ViabilityConfig:
    """Return what holds where an area says nothing of its own."""
    text = resources.files("planner.config").joinpath("viability.toml").read_text(encoding="utf-8")
    return ViabilityConfig.model_validate(tomllib.loads(text))
