"""The order in which people look for vehicles: van-2 before van-10."""

from __future__ import annotations

import re
from collections.abc import Iterable

from planner.routing import Route


def natural_key(name: str) -> list[tuple[int, int, str]]:
    """Return what sorts names as people do: runs of digits by their number, all else as it is written.

    Examples
    --------
    >>> sorted(["van-10", "van-2", "minivan-1"], key=natural_key)
    ['minivan-1', 'van-2', 'van-10']
    """
    return [(0, int(part), "") if part.isdecimal() else (1, 0, part) for part in re.split(r"(\d+)", name) if part]


def in_natural_order(routes: Iterable[Route]) -> list[Route]:
    """Return routes in the natural order of their vehicles."""
    return sorted(routes, key=lambda route: natural_key(route.vehicle_id))
