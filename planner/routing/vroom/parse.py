"""A VROOM request from JSON, or every fault of it at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from planner.errors import Message
from planner.routing.vroom.extras import read_request_extras
from planner.routing.vroom.fields import Reader
from planner.routing.vroom.given_steps import step_faults
from planner.routing.vroom.locations import AskRoads, Places
from planner.routing.vroom.read_request import wild_faults, with_wholes
from planner.routing.vroom.request import NoWayError, Request, RequestError, Task, TaskKind
from planner.routing.vroom.request_entries import EntryReader

_OPTIONS = ("c", "g", "t", "x", "l")
_MOST_THREADS = 2
_READ = ("jobs", "shipments", "vehicles", "matrices", "matrix", "planner", "options")


def parse(request: Any, *, ask_roads: AskRoads | None) -> Request:
    """Return the request.

    Raises
    ------
    RequestError
        All faults at once: wrong types, ids that repeat, amounts of different length, places without a row, what is asked
        and not modelled.
    """
    faults: list[str] = list(wild_faults(request))
    if faults:
        raise RequestError(Message("the VROOM request is invalid"), faults)
    reader = Reader(with_wholes(request), "", faults)
    ignored: list[str] = [key for key in reader.value if key not in _READ]
    options = _options(reader, ignored)
    entries = EntryReader(faults, ignored, Places(reader, faults))
    vehicles = [entries.vehicle(entry, f"vehicles[{k}]") for k, entry in enumerate(reader.each("vehicles"))]
    tasks = [entries.job(entry, f"jobs[{k}]") for k, entry in enumerate(reader.each("jobs"))]
    for k, entry in enumerate(reader.each("shipments")):
        tasks += entries.shipment(entry, f"shipments[{k}]", k)
    if not vehicles and not faults:
        reader.fault("vehicles", Message("there is none: give at least one"))
    entries.repeated("vehicles", [vehicle.id for vehicle in vehicles])
    for kind in TaskKind:
        entries.repeated(f"{kind.value}s", [task.id for task in tasks if task.kind is kind])
    size = entries.one_size()
    known = {(task.kind.value, task.id) for task in tasks}
    for k, vehicle in enumerate(vehicles):
        faults += step_faults(f"vehicles[{k}].steps", vehicle, known)
    extras = read_request_extras(reader, tasks, vehicles)
    places, matrices = entries.places.resolve(vehicles, tasks, extras, ask_roads)
    if faults:
        raise RequestError(Message("the VROOM request is invalid"), list(dict.fromkeys(faults)))
    if entries.places.no_way:
        raise NoWayError(Message("the VROOM request names places that no road reaches"), entries.places.no_way)
    for k, vehicle in enumerate(vehicles):
        if vehicle.max_distance_m is not None and matrices[vehicle.profile].distances_m is None:
            vehicles[k] = replace(vehicle, max_distance_m=None)  # VROOM, too, counts no metres then
            ignored.append(f"vehicles[{k}].max_distance")
    return Request(
        tasks=tuple(_sized(task, size) for task in tasks),
        vehicles=tuple(vehicles),
        matrices=matrices,
        places=places,
        size=size,
        extras=extras,
        ignored=tuple(sorted(set(ignored))),
        options=options,
    )


def _options(reader: Reader, ignored: list[str]) -> Mapping[str, Any]:
    """Return what ``options`` asks for, as VROOM's server has them: c, plan mode; l, seconds; t, threads.

    Geometries and levels of exploration there are none, nor more than two threads: they are noted as ignored.
    """
    options = Reader(reader.value.get("options") if reader.has("options") else {}, "options", reader.faults)
    ignored += [f"options.{key}" for key in options.value if key not in _OPTIONS]
    if options.flag("g"):
        ignored.append("options.g")
    if options.has("x"):
        ignored.append("options.x")
    options.whole("x")
    threads = options.whole("t", least=1)
    if threads is not None and threads > _MOST_THREADS:
        ignored.append("options.t")
        threads = _MOST_THREADS
    limit_s = options.number("l", 0.0, least=0.001, most=1e9)
    return {"check": options.flag("c"), "threads": threads, "cpu_seconds": limit_s or None}


def _sized(task: Task, size: int) -> Task:
    zero = (0,) * size
    return replace(task, delivery=task.delivery or zero, pickup=task.pickup or zero)
