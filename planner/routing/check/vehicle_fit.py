"""Which types of vehicle may come to a stop, and hold what it asks for."""

from __future__ import annotations

from planner.routing.stops import Stop
from planner.routing.vehicles import VehicleType


def comes(stop: Stop, kind: VehicleType) -> bool:
    """Return whether some vehicle of the type has what the stop needs and may come."""
    return set(stop.needs) <= set(kind.skills) and any(_may(stop, kind, id_) for id_ in kind.vehicle_ids())


def one_vehicle(kind: VehicleType, first: Stop, second: Stop) -> bool:
    """Return whether one and the same vehicle of the type may come to both stops."""
    skilled = {*first.needs, *second.needs} <= {*kind.skills}
    return skilled and any(_may(first, kind, id_) and _may(second, kind, id_) for id_ in kind.vehicle_ids())


def holds(kind: VehicleType, stop: Stop) -> bool:
    """Return whether the empty vehicle holds what the stop gets, and what it gives."""
    needs = zip(stop.delivery, stop.pickup, kind.capacity, strict=True)
    return all(down <= most and up <= most for down, up, most in needs)


def _may(stop: Stop, kind: VehicleType, vehicle_id: str) -> bool:
    names = {kind.id, vehicle_id}
    return (not stop.only_vehicles or bool(names & set(stop.only_vehicles))) and not names & set(stop.not_vehicles)
