"""VROOM's answer from routes of timed steps: whole numbers, each with the meaning that VROOM gives it.

What VROOM has no word for stands under ``planner``: who found the plan, why tasks are unassigned, what was ignored.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

from planner.routing.vroom.own_rules import OwnRules
from planner.routing.vroom.request import Amounts, Request, Task, TaskKind, Vehicle, Where
from planner.routing.vroom.steps import TimedStep
from planner.routing.vroom.violations import Figures, Violations, violations_of

_SLACK = 1e-6


def answer_of(
    request: Request, routes: Sequence[tuple[Vehicle, Sequence[TimedStep]]], *, more: Mapping[str, Any]
) -> dict[str, Any]:
    """Return the whole answer; ``more`` goes under ``planner``."""
    own_rules = OwnRules(request, routes)
    made = [_route(request, vehicle, steps, own_rules) for vehicle, steps in routes]
    served = {(step.task.kind, step.task.id) for _, steps in routes for step in steps if step.task is not None}
    left = [task for task in request.tasks if (task.kind, task.id) not in served]
    whole = Violations()
    whole.take(violations for _, violations in made)
    whole.causes |= own_rules.not_driven()
    shown = [route for route, _ in made]
    summary: dict[str, Any] = {
        "cost": sum(route["cost"] for route in shown),
        "routes": len(shown),
        "unassigned": len(left),
    }
    if request.size:
        for key in ("delivery", "pickup"):
            summary[key] = _total(request.size, (route[key] for route in shown))
    for key in ("setup", "service", "duration", "waiting_time", "priority"):
        summary[key] = sum(route[key] for route in shown)
    if all(request.has_distances(vehicle) for vehicle in request.vehicles):
        summary["distance"] = sum(route["distance"] for route in shown)
    summary["violations"] = whole.json()
    return {
        "code": 0,
        "summary": summary,
        "unassigned": [_named(task) for task in left],
        "routes": shown,
        "planner": dict(more) | ({"ignored": list(request.ignored)} if request.ignored else {}),
    }


def _named(task: Task) -> dict[str, Any]:
    return {"id": task.id, "type": task.kind.value} | _at(task.location, task.location_index, task.description)


def _at(location: tuple[float, float] | None, index: int | None, description: str | None) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if location is not None:
        found["location"] = list(location)
    if index is not None:
        found["location_index"] = index
    if description is not None:
        found["description"] = description
    return found


def _route(
    request: Request, vehicle: Vehicle, steps: Sequence[TimedStep], own_rules: OwnRules
) -> tuple[dict[str, Any], Violations]:
    figures, waits = _figures(request, vehicle, steps)
    single, whole = violations_of(request, vehicle, steps, figures)
    whole.causes |= own_rules.look(vehicle, steps, single)
    tasks = [step.task for step in steps if step.task is not None]
    route: dict[str, Any] = {"vehicle": vehicle.id, "cost": _cost(request, vehicle, steps, figures[-1].driving_s)}
    if request.size:
        route["delivery"] = _total(request.size, (task.delivery for task in tasks))
        route["pickup"] = _total(request.size, (task.pickup for task in tasks))
    route |= {
        "setup": sum(step.setup_s for step in steps),
        "service": sum(round(step.service_s) for step in steps),
        "duration": figures[-1].driving_s,
        "waiting_time": sum(waits),
        "priority": sum(task.priority for task in tasks),
    }
    if request.has_distances(vehicle):
        route["distance"] = figures[-1].distance_m
    if vehicle.description is not None:
        route["description"] = vehicle.description
    route["steps"] = [_step(request, vehicle, *entry) for entry in zip(steps, figures, waits, single, strict=True)]
    route["violations"] = whole.json()
    return route, whole


def _step(
    request: Request, vehicle: Vehicle, step: TimedStep, said: Figures, waiting_s: int, violations: Violations
) -> dict[str, Any]:
    shown: dict[str, Any] = {"type": step.kind} | _place(request, vehicle, step)
    number = step.task.id if step.task is not None else step.pause.id if step.pause is not None else None
    if number is not None:
        shown["id"] = number
    shown |= {"setup": step.setup_s, "service": round(step.service_s), "waiting_time": waiting_s}
    if step.task is not None:
        shown["job"] = step.task.id  # VROOM's old name, which it writes for every task
    if request.size:
        shown["load"] = list(said.load)
    shown |= {"arrival": said.begins_s - waiting_s, "duration": said.driving_s, "violations": violations.json()}
    if said.distance_m is not None:
        shown["distance"] = said.distance_m
    return shown


def _place(request: Request, vehicle: Vehicle, step: TimedStep) -> dict[str, Any]:
    if step.task is not None:
        return _at(step.task.location, step.task.location_index, step.task.description)
    if step.pause is not None:
        return _at(None, None, step.pause.description)
    if step.kind in ("start", "end"):
        own = vehicle.start if step.kind == "start" else vehicle.end
        if own is not None:
            location = vehicle.start_location if step.kind == "start" else vehicle.end_location
            return _at(location, vehicle.start_index if step.kind == "start" else vehicle.end_index, None)
    at: Where | None = step.where
    if at is None:
        return {}
    known = next((task for task in request.tasks if task.where == at), None)
    if known is not None:
        return _at(known.location, known.location_index, None)
    return _at(None, at, None) if isinstance(at, int) else _at(at, None, None)


def _cost(request: Request, vehicle: Vehicle, steps: Sequence[TimedStep], driving_s: int) -> int:
    """Return the cost of use, of travel and of tasks, each in whole numbers as VROOM has it.

    Travel is paid by the whole seconds and the metres of the route, to the nearest number, or as the given costs are; tasks,
    setup and breaks by their hours, rounded downward.
    """
    if request.matrices[vehicle.profile].costs is None:
        metres = steps[-1].distance_m if vehicle.per_km else 0.0
        travel = math.floor(driving_s * vehicle.per_hour / 3600 + metres * vehicle.per_km / 1000 + 0.5)
    else:
        places = [step.where for step in steps if step.where is not None]
        travel = math.floor(sum(request.leg(vehicle, a, b)[2] for a, b in pairwise(places)) + _SLACK)
    busy_s = sum(step.setup_s + step.service_s for step in steps if step.task is not None or step.pause is not None)
    return vehicle.fixed + travel + math.floor(busy_s * vehicle.per_task_hour / 3600 + _SLACK)


def _figures(request: Request, vehicle: Vehicle, steps: Sequence[TimedStep]) -> tuple[list[Figures], list[int]]:
    """Return whole numbers that fit together, as VROOM makes them: driving is what lies between the whole seconds.

    Arrivals and begins of service are rounded downward; what was driven to a step is its arrival less the step before and
    its end. A wait until a whole second thus takes the parts of a second that were driven with it.
    """
    load = _load_at_start(request, steps)
    figures: list[Figures] = []
    waits: list[int] = []
    left_s = driving_s = 0
    for k, step in enumerate(steps):
        begins_s = math.floor(step.begins_s + _SLACK)
        arrival_s = math.floor(step.arrival_s + _SLACK) if k else begins_s
        driving_s += arrival_s - left_s if k else 0
        left_s = begins_s + step.setup_s + round(step.service_s)
        load = _load_after(request, steps, k, load)
        metres = round(step.distance_m) if request.has_distances(vehicle) else None
        figures.append(Figures(begins_s=begins_s, driving_s=driving_s, distance_m=metres, load=load))
        waits.append(begins_s - arrival_s)
    return figures, waits


def _load_at_start(request: Request, steps: Sequence[TimedStep]) -> Amounts:
    """Return what all jobs up to the first reload are to be brought."""
    total = [0] * request.size
    for step in steps:
        if step.kind == "reload":
            break
        if step.task is not None and step.task.kind is TaskKind.JOB:
            total = [a + b for a, b in zip(total, step.task.delivery, strict=True)]
    return tuple(total)


def _load_after(request: Request, steps: Sequence[TimedStep], k: int, load: Amounts) -> Amounts:
    step = steps[k]
    if step.kind == "reload":
        aboard = [0] * request.size
        for earlier in steps[:k]:
            if earlier.task is not None and earlier.task.shipment is not None:
                aboard = _changed(aboard, earlier.task)
        fresh = _load_at_start(request, steps[k + 1 :])
        return tuple(a + b for a, b in zip(aboard, fresh, strict=True))
    return load if step.task is None else tuple(_changed(load, step.task))


def _changed(load: Sequence[int], task: Task) -> list[int]:
    return [a + up - down for a, up, down in zip(load, task.pickup, task.delivery, strict=True)]


def _total(size: int, amounts: Any) -> list[int]:
    total = [0] * size
    for amount in amounts:
        total = [a + b for a, b in zip(total, amount, strict=True)]
    return total
