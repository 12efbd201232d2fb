"""The order in which people look for vehicles: van-2 before van-10."""

from __future__ import annotations

from collections.abc import Iterable

from planner.routing import Route
from planner.routing.vehicle_order import vehicle_order


def in_natural_order(routes: Iterable[Route]) -> list[Route]:
    """Return routes in the natural order of their vehicles; plans of before have them by the letters of their names."""
    return sorted(routes, key=lambda route: vehicle_order(route.vehicle_id))
