"""How full vehicles are: by weight, by volume or by parcels, whichever is more."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from planner.plans.day_plan import DayPlan
from planner.routing import Route

Room = tuple[float, float, float]
"""What a vehicle may carry: parcels (``inf`` where only weight and volume count), kg and m³."""


def vehicle_room(plan: DayPlan) -> Mapping[str, Room]:
    """Return what each type of vehicle may carry."""
    return {one["id"]: room_in(one) for one in plan.config["routing"]["vehicles"]}


def room_in(vehicle: Mapping[str, Any]) -> Room:
    """Return what a vehicle of a configuration may carry."""
    return vehicle.get("capacity_parcels") or math.inf, vehicle["capacity_kg"], vehicle["capacity_m3"]


def load_steps(route: Route, room: Room) -> list[tuple[float, float]]:
    """Return from when on the vehicle is how full: seconds since midnight, share of its room."""
    return [
        (route.start_s, filled_share(route.load_at_start, room)),
        *((call.departure_s, filled_share(call.load_after, room)) for call in route.calls()),
    ]


def fullest(route: Route, room: Room) -> str:
    """Return how full the vehicle gets in whole percent, rounded up: 100% is as good as full."""
    return share_text(fullest_share(route, room))


def share_text(share: float) -> str:
    """Return a share of the room in whole percent, rounded up."""
    return f"{math.ceil(share * 100 - 1e-9)}%"


def fullest_share(route: Route, room: Room) -> float:
    """Return the share of its room that the vehicle fills at the fullest moment."""
    return max(share for _, share in load_steps(route, room))


def filled_share(load: Sequence[float], room: Room) -> float:
    """Return the share of the room that a load takes, by weight, volume or parcels, whichever is more."""
    return max((part / whole for part, whole in zip(load, room, strict=False) if whole), default=0.0)
