"""Read an instance as a `BusProblem`."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import numpy as np

from planner.model import TravelMatrix
from planner.routing import Depot, Stop, VehicleType
from planner.service.buses import AccessKind, BusCall, BusProblem, BusStop, BusTrip, HubTransfer, StopAccess


def read_instance(path: Path) -> BusProblem:
    """Return the problem of a file."""
    return problem_of(json.loads(path.read_text(encoding="utf-8")))


def problem_of(given: dict[str, Any]) -> BusProblem:
    """Return the problem that an instance asks."""
    hub = given["hub"]["id"]
    return BusProblem(
        dimensions=tuple(given["dimensions"]),
        hub=Depot(id=hub, name=hub),
        hub_vehicles=tuple(
            VehicleType(**{**one, "name": one["id"], "depot_id": hub, "capacity": _amounts(one["capacity"])})
            for one in given["vehicles"]
        ),
        points=tuple(_point(one) for one in given["points"]),
        travel=_travel(given),
        cut_off_s=given["cut_off_s"],
        latest_hand_over_s=given["latest_hand_over_s"],
        stops=tuple(
            BusStop(
                id=one["id"],
                name=one["id"],
                handling_s=one["handling_s"],
                opens_s=one["opens_s"],
                closes_s=one["closes_s"],
            )
            for one in given["stops"]
        ),
        trips=tuple(
            BusTrip(
                id=one["id"],
                line_id=one["line"],
                calls=tuple(BusCall(stop_id=id_, arrival_s=a, departure_s=d) for id_, a, d in one["calls"]),
                room=tuple(_amounts(leg) for leg in one["room"]),
                yuan_per_unit=_amounts(one["yuan_per_unit"]),
                handling_yuan=one["handling_yuan"],
            )
            for one in given["trips"]
        ),
        access=tuple(
            StopAccess(
                stop_id=one["stop"],
                point_id=one["point"],
                kind=AccessKind(one["kind"]),
                duration_s=one["duration_s"],
                distance_m=one["distance_m"],
                most=_amounts(one["most"]),
                yuan_per_unit=_amounts(one["yuan_per_unit"]),
                yuan_per_way=one["yuan_per_way"],
            )
            for one in given["access"]
        ),
        transfers=tuple(
            HubTransfer(
                stop_id=one["stop"],
                duration_s=one["duration_s"],
                distance_m=one["distance_m"],
                yuan_per_unit=_amounts(one["yuan_per_unit"]),
                yuan_per_run=one["yuan_per_run"],
            )
            for one in given["transfers"]
        ),
    )


def _amounts(values: list[float]) -> tuple[float, ...]:
    return tuple(float(one) for one in values)


def _point(one: dict[str, Any]) -> Stop:
    return Stop(
        id=one["id"],
        name=one["id"],
        delivery=_amounts(one["delivery"]),
        pickup=_amounts(one["pickup"]),
        opens_s=one["opens_s"],
        closes_s=one["closes_s"],
        service_duration_s=one["service_duration_s"],
        release_s=one["release_s"],
    )


def _travel(given: dict[str, Any]) -> TravelMatrix:
    """Return whole metres and seconds as README.md beside this file says."""
    places = [given["hub"], *given["points"]]
    metres = np.array(
        [
            [round(given["detour"] * math.dist((a["x_m"], a["y_m"]), (b["x_m"], b["y_m"]))) for b in places]
            for a in places
        ],
        dtype=np.float64,
    )
    ids = tuple(one["id"] for one in places)
    return TravelMatrix(
        origin_ids=ids,
        destination_ids=ids,
        distances_m=metres,
        durations_s=np.ceil(metres * 3.6 / given["kph"]),
    )
