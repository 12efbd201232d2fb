"""What goes down to each hand-over place and comes up from it on one date."""

from __future__ import annotations

import datetime
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class PointDemand:
    """What one hand-over point receives (delivery) and sends (pickup) on the date.

    Parcels are whole numbers; produce goes up in kg without parcels, so ``pickup_kg`` can be more than its parcels weigh.
    """

    site_id: str
    village_ids: tuple[str, ...]
    delivery_parcels: int
    delivery_kg: float
    delivery_m3: float
    pickup_parcels: int
    pickup_kg: float
    pickup_m3: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Demand:
    """All points' demand on one date, sorted by site id, and the villages that hand over nowhere."""

    date: datetime.date
    points: tuple[PointDemand, ...]
    without_point: tuple[str, ...]

    @property
    def place_of_village(self) -> dict[str, str]:
        """The site where each village hands over, by village id."""
        return {village_id: point.site_id for point in self.points for village_id in point.village_ids}
