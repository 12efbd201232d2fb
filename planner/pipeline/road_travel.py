"""Travel between any points on the roads of an area, for requests that bring points and no matrices."""

from __future__ import annotations

from planner.config import load_config
from planner.model import Points, TravelMatrix
from planner.pipeline.area_roads import read_roads, travel_between

AREA_S_OWN_VEHICLE = "car"
"""The profile that VROOM takes where none is named: here the vehicle of the area's own configuration."""


def ask_roads(area: str, profile: str, points: Points) -> TravelMatrix:
    """Return travel between points on the roads of an area in its season, for a vehicle of ours by name.

    Raises
    ------
    PlannerError
        If there is no such area or no such vehicle.
    """
    config = load_config(area)
    if profile != AREA_S_OWN_VEHICLE:
        config = config.under(vehicle=profile)
    return travel_between(read_roads(config), points, None, config.travel)
