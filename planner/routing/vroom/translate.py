"""A VROOM request as a routing problem: tasks are stops, places are depots, money stays the request's.

Times are moved by ``base_s`` so that timestamps become seconds of a day or some days, and ends left open get a horizon that
no route needs more than. VROOM pays for hours of driving, not of duty, and all breaks of a vehicle that drives are due.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from planner.model import TravelMatrix
from planner.routing.problem import RoutingProblem
from planner.routing.stops import Depot, Lock, Pair, Stop
from planner.routing.vehicles import Break, DrivingRule, VehicleType
from planner.routing.vroom.request import Matrices, Request, Task, TaskKind, Vehicle, Where


@dataclass(frozen=True, kw_only=True)
class Translation:
    """The problem, and what its names and times mean in the request."""

    problem: RoutingProblem
    base_s: int
    tasks: Mapping[str, Task]
    vehicles: Mapping[str, Vehicle]


def translate(request: Request, light: Collection[int] = ()) -> Translation:
    """Return the routing problem of a request that holds together; ``light`` are vehicles with less room, see `_room`."""
    base_s, horizon_s = _span(request)
    types = {f"vehicle {vehicle.id}": vehicle for vehicle in request.vehicles}
    kinds = {
        id_: _vehicle_type(request, id_, vehicle, base_s, horizon_s, light=vehicle.id in light)
        for id_, vehicle in types.items()
    }
    stops = {task.stop_id: _stop(request, task, base_s, horizon_s) for task in request.tasks}
    travel = {
        f"{vehicle.profile} {vehicle.slowness:g}": _travel(
            request.places, request.matrices[vehicle.profile], vehicle.slowness
        )
        for vehicle in request.vehicles
    }
    problem = RoutingProblem(
        dimensions=_dimensions(request),
        depots=tuple(Depot(id=name(at), name=name(at)) for at in _depots(request)),
        stops=tuple(stops.values()),
        vehicle_types=tuple(kinds.values()),
        travel=next(iter(travel.values())),
        profiles=travel if len(travel) > 1 else {},
        pairs=_pairs(request),
        speed_of_day=tuple(
            (max(0.0, begins - base_s), factor) for begins, factor in request.extras.get("speed_of_day", [])
        ),
        before=tuple((f"{a[0]} {a[1]}", f"{b[0]} {b[1]}") for a, b in request.extras.get("before", [])),
        locks=tuple(
            Lock(vehicle_id=f"vehicle {id_}-1", stop_ids=tuple(f"{kind} {task}" for kind, task in locked))
            for id_, locked in request.extras.get("locked", {}).items()
        ),
        fewest_vehicles=bool(request.extras.get("fewest_vehicles", False)),
        balance_duty_yuan=float(request.extras.get("balance_duty", 0.0)),
        balance_load_yuan=float(request.extras.get("balance_load", 0.0)),
    )
    return Translation(
        problem=problem,
        base_s=base_s,
        tasks={task.stop_id: task for task in request.tasks},
        vehicles={f"{id_}-1": vehicle for id_, vehicle in types.items()},
    )


def name(where: Where | None) -> str:
    """Return a place's id in the problem."""
    return f"place {where}" if isinstance(where, int) else f"place {where[0]} {where[1]}" if where else ""


def _dimensions(request: Request) -> tuple[str, ...]:
    return tuple(f"amount {d + 1}" for d in range(request.size)) or ("amount",)


def _amounts(request: Request, amounts: tuple[int, ...]) -> tuple[float, ...]:
    return tuple(map(float, amounts or (0,) * max(1, request.size)))


def _span(request: Request) -> tuple[int, int]:
    """Return the base of the times, and the seconds from it after which nothing happens any more."""
    windows = [window for task in request.tasks for window in task.windows]
    windows += [window for vehicle in request.vehicles for pause in vehicle.breaks for window in pause.windows]
    windows += [vehicle.window for vehicle in request.vehicles if vehicle.window is not None]
    needed = _longest_route_s(request)
    base_s = max(0, min((begins for begins, _ in windows), default=0) - needed)
    latest = max([0, *(ends for _, ends in windows), *(task.release_s for task in request.tasks)])
    return base_s, latest - base_s + needed


def _longest_route_s(request: Request) -> int:
    """Return more than a route takes without waits, whatever its order."""
    longest = 0.0
    for vehicle in request.vehicles:
        seconds = request.matrices[vehicle.profile].durations_s
        longest = max([longest, *(seconds[np.isfinite(seconds)] * vehicle.slowness).tolist()])
    standing = sum(map(sum, (_longest_s(request, task) for task in request.tasks)))
    pauses = max((sum(pause.service_s for pause in vehicle.breaks) for vehicle in request.vehicles), default=0)
    more: int = 0
    for vehicle in request.vehicles:
        reloads, rule = vehicle.extras.get("reloads") or {}, vehicle.extras.get("driving_rule") or {}
        legs = len(request.tasks) + 2 + reloads.get("max", 0)
        rests = math.ceil(legs * longest / rule["driving"]) * rule["rest"] if rule else 0
        more = max(more, reloads.get("max", 0) * (reloads.get("duration", 0) + math.ceil(longest)) + rests)
    slowest: float = min([1.0, *(factor for _, factor in request.extras.get("speed_of_day", []))])
    return math.ceil((len(request.tasks) + 1) * longest / slowest) + standing + pauses + more + 1


def _longest_s(request: Request, task: Task) -> tuple[int, int]:
    """Return the longest setup and service among vehicles that may come: the search plans for those.

    What a vehicle of another type does in less is seen when its route is timed.
    """
    able = [vehicle for vehicle in request.vehicles if set(task.skills) <= set(vehicle.skills)]
    setups = max((task.setup_of(vehicle) for vehicle in able), default=task.setup_s)
    return setups, max((task.service_of(vehicle) for vehicle in able), default=task.service_s)


def _stop(request: Request, task: Task, base_s: int, horizon_s: int) -> Stop:
    windows = [(float(opens - base_s), float(closes - base_s)) for opens, closes in task.windows] or [
        (0.0, float(horizon_s))
    ]
    extras = task.extras
    setup_s, service_s = _longest_s(request, task)
    return Stop(
        id=task.stop_id,
        name=task.description or task.stop_id,
        delivery=_amounts(request, task.delivery),
        pickup=_amounts(request, task.pickup),
        opens_s=windows[0][0],
        closes_s=windows[0][1],
        further_windows=tuple(windows[1:]),
        service_duration_s=float(service_s),
        setup_duration_s=float(setup_s),
        release_s=float(max(0, task.release_s - base_s)),
        needs=tuple(f"skill {skill}" for skill in task.skills),
        location_id=name(task.where),
        priority=task.priority,
        skip_cost_yuan=math.inf if extras.get("skip_cost") is None else float(extras["skip_cost"]),
        only_vehicles=tuple(f"vehicle {id_}" for id_ in extras.get("only_vehicles") or ()),
        not_vehicles=tuple(f"vehicle {id_}" for id_ in extras.get("not_vehicles") or ()),
    )


def _room(request: Request, vehicle: Vehicle, light: bool) -> tuple[float, ...]:
    """Return the capacity; of a vehicle that is to stay ``light``, no more than its breaks allow."""
    room = _amounts(request, vehicle.capacity)
    for pause in vehicle.breaks:
        if light and pause.max_load is not None:
            room = tuple(map(min, room, _amounts(request, pause.max_load)))
    return room


def _vehicle_type(
    request: Request, id_: str, vehicle: Vehicle, base_s: int, horizon_s: int, *, light: bool
) -> VehicleType:
    start, end = vehicle.start, vehicle.end
    window = (base_s, base_s + horizon_s) if vehicle.window is None else vehicle.window
    extras: Mapping[str, Any] = vehicle.extras
    rule, reloads = extras.get("driving_rule"), extras.get("reloads") or {}
    matrices = request.matrices[vehicle.profile]
    by_cost = matrices.costs is not None
    # what tasks cost by the hour matters where it differs: duty without its driving is tasks, waits and breaks
    differs = len({other.per_task_hour for other in request.vehicles}) > 1
    on_duty = min(vehicle.per_task_hour, vehicle.per_hour) if differs and not by_cost else 0
    profiles = {f"{other.profile} {other.slowness:g}" for other in request.vehicles}
    return VehicleType(
        id=id_,
        name=vehicle.description or id_,
        count=1,
        depot_id=name(end if start is None else start),
        end_depot_id=name(start if end is None else end),
        open_start=start is None,
        open_end=end is None,
        capacity=_room(request, vehicle, light) if request.size else (math.inf,),
        shift_start_s=float(window[0] - base_s),
        shift_end_s=float(window[1] - base_s) + (window[0] == window[1]) * 1e-3,
        max_duration_s=math.inf if extras.get("max_duration") is None else float(extras["max_duration"]),
        fixed_cost_yuan=float(vehicle.fixed),
        cost_per_km_yuan=1000.0 if by_cost else float(vehicle.per_km),
        cost_per_hour_yuan=float(on_duty),
        cost_per_driving_hour_yuan=0.0 if by_cost else float(vehicle.per_hour - on_duty),
        skills=tuple(f"skill {skill}" for skill in vehicle.skills),
        max_distance_m=math.inf if vehicle.max_distance_m is None else float(vehicle.max_distance_m),
        max_driving_s=math.inf if vehicle.max_travel_time_s is None else float(vehicle.max_travel_time_s),
        max_stops=vehicle.max_tasks,
        profile=f"{vehicle.profile} {vehicle.slowness:g}" if len(profiles) > 1 else "",
        reload_depot_ids=tuple(name(at) for at in vehicle.reload_places),
        max_reloads=reloads.get("max", 0),
        reload_duration_s=float(reloads.get("duration", 0)),
        breaks=tuple(
            replace(
                _break(pause.id, pause.windows, pause.service_s, base_s, horizon_s),
                max_load=_amounts(request, pause.max_load) if request.size and pause.max_load is not None else (),
            )
            for pause in vehicle.breaks
        ),
        driving_rule=DrivingRule(driving_s=float(rule["driving"]), rest_s=float(rule["rest"])) if rule else None,
    )


def _break(id_: int, given: tuple[tuple[int, int], ...], service_s: int, base_s: int, horizon_s: int) -> Break:
    windows = [(float(opens - base_s), float(closes - base_s)) for opens, closes in given] or [(0.0, float(horizon_s))]
    return Break(
        id=str(id_),
        opens_s=windows[0][0],
        closes_s=windows[0][1],
        further_windows=tuple(windows[1:]),
        duration_s=float(service_s),
        always=True,
    )


def _depots(request: Request) -> list[Where]:
    found: dict[Where, None] = {}
    for vehicle in request.vehicles:
        found.update({at: None for at in (vehicle.start, vehicle.end, *vehicle.reload_places) if at is not None})
    return list(found)


def _pairs(request: Request) -> tuple[Pair, ...]:
    pickups = {task.shipment: task.stop_id for task in request.tasks if task.kind is TaskKind.PICKUP}
    deliveries = {task.shipment: task.stop_id for task in request.tasks if task.kind is TaskKind.DELIVERY}
    return tuple(Pair(pickup_id=stop_id, delivery_id=deliveries[number]) for number, stop_id in pickups.items())


def _travel(places: tuple[Where, ...], matrices: Matrices, slowness: float) -> TravelMatrix:
    """Return travel between places; where a matrix of costs is given it stands in for the metres, which cost 1 each."""
    ids = tuple(name(at) for at in places)
    metres = matrices.costs if matrices.costs is not None else matrices.distances_m
    return TravelMatrix(
        origin_ids=ids,
        destination_ids=ids,
        durations_s=matrices.durations_s * slowness,
        distances_m=np.zeros(matrices.durations_s.shape) if metres is None else metres,
    )
