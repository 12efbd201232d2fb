"""A VROOM request from JSON, or every fault of it at once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from planner.errors import Message
from planner.routing.vroom.extras import TASK_EXTRAS, VEHICLE_EXTRAS, read_request_extras
from planner.routing.vroom.fields import MOST_ID, Reader
from planner.routing.vroom.locations import AskRoads, Places
from planner.routing.vroom.read_request import wild_faults, with_wholes
from planner.routing.vroom.request import (
    Amounts,
    GivenStep,
    NoWayError,
    Request,
    RequestBreak,
    RequestError,
    Task,
    TaskKind,
    Vehicle,
    Where,
)

_TASK = (
    *("id", "description", "location", "location_index", "setup", "service", "time_windows"),
    *("setup_per_type", "service_per_type", "planner"),
)
_VEHICLE = (
    *(
        "id",
        "profile",
        "type",
        "description",
        "start",
        "start_index",
        "end",
        "end_index",
        "capacity",
        "costs",
        "skills",
    ),
    *("time_window", "breaks", "speed_factor", "max_tasks", "max_travel_time", "max_distance", "steps", "planner"),
)
_WITH_ID = ("job", "pickup", "delivery", "break")
_STEPS = ("start", *_WITH_ID, "reload", "rest", "end")
_OPTIONS = ("c", "g", "t", "x", "l")
_MOST_THREADS = 2
_READ = ("jobs", "shipments", "vehicles", "matrices", "matrix", "planner", "options")
MAX_PRIORITY = 100


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
    parser = _Parser(faults, ignored, Places(reader, faults))
    vehicles = [parser.vehicle(entry, f"vehicles[{k}]") for k, entry in enumerate(reader.each("vehicles"))]
    tasks = [parser.job(entry, f"jobs[{k}]") for k, entry in enumerate(reader.each("jobs"))]
    for k, entry in enumerate(reader.each("shipments")):
        tasks += parser.shipment(entry, f"shipments[{k}]", k)
    if not vehicles and not faults:
        reader.fault("vehicles", Message("there is none: give at least one"))
    parser.repeated("vehicles", [vehicle.id for vehicle in vehicles])
    for kind in TaskKind:
        parser.repeated(f"{kind.value}s", [task.id for task in tasks if task.kind is kind])
    size = parser.one_size()
    known = {(task.kind.value, task.id) for task in tasks}
    for k, vehicle in enumerate(vehicles):
        parser.steps_known(f"vehicles[{k}].steps", vehicle, known)
    extras = read_request_extras(reader, tasks, vehicles)
    places, matrices = parser.places.resolve(vehicles, tasks, extras, ask_roads)
    if faults:
        raise RequestError(Message("the VROOM request is invalid"), faults)
    if parser.places.no_way:
        raise NoWayError(Message("the VROOM request names places that no road reaches"), parser.places.no_way)
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
    limit_s = options.number("l", 0.0, above=0.0, most=1e9)
    return {"check": options.flag("c"), "threads": threads, "cpu_seconds": limit_s or None}


class _Parser:
    def __init__(self, faults: list[str], ignored: list[str], places: Places) -> None:
        self.faults, self.ignored, self.places = faults, ignored, places
        self.sizes: list[tuple[str, int]] = []

    def reader(self, entry: Any, where: str, known: Sequence[str]) -> Reader:
        reader = Reader(entry, where, self.faults)
        self.ignored += [f"{where}.{key}" for key in reader.value if key not in known]
        return reader

    def job(self, entry: Any, where: str) -> Task:
        own = ("amount", "delivery", "pickup", "skills", "priority")
        reader = self.reader(entry, where, (*_TASK, *own))
        delivery = self.amounts(reader, "delivery")
        pickup = self.amounts(reader, "pickup")
        if reader.has("amount"):
            if reader.has("delivery") or reader.has("pickup"):
                self.ignored.append(f"{where}.amount")
            else:  # VROOM's old name
                delivery = self.amounts(reader, "amount")
        shared = (reader.wholes("skills") or (), self.priority(reader))
        return self.task(reader, TaskKind.JOB, delivery, pickup, shared)

    def shipment(self, entry: Any, where: str, number: int) -> list[Task]:
        reader = self.reader(entry, where, ("pickup", "delivery", "amount", "skills", "priority"))
        amount = self.amounts(reader, "amount")
        shared = (reader.wholes("skills") or (), self.priority(reader))
        steps = []
        for kind in (TaskKind.PICKUP, TaskKind.DELIVERY):
            inner = self.reader(reader.value.get(kind.value), f"{where}.{kind.value}", _TASK)
            delivery, pickup = (amount, ()) if kind is TaskKind.DELIVERY else ((), amount)
            steps.append(self.task(inner, kind, delivery, pickup, shared, number))
        return steps

    def task(
        self,
        reader: Reader,
        kind: TaskKind,
        delivery: Amounts,
        pickup: Amounts,
        shared: tuple[tuple[int, ...], int],
        shipment: int | None = None,
    ) -> Task:
        reader.one("planner", TASK_EXTRAS)
        return Task(
            kind=kind,
            id=self.id(reader),
            where=self.places.of(reader, "location", "location_index", needed=True) or 0,
            location=reader.point("location"),
            location_index=reader.whole("location_index"),
            description=reader.text("description") if reader.has("description") else None,
            setup_s=reader.amount("setup", 0),
            service_s=reader.amount("service", 0),
            setup_by_type=reader.by_type("setup_per_type"),
            service_by_type=reader.by_type("service_per_type"),
            delivery=delivery,
            pickup=pickup,
            skills=shared[0],
            priority=shared[1],
            windows=reader.windows("time_windows"),
            shipment=shipment,
            extras=reader.value.get("planner") or {},
        )

    def vehicle(self, entry: Any, where: str) -> Vehicle:
        reader = self.reader(entry, where, _VEHICLE)
        costs = reader.one("costs", ("fixed", "per_hour", "per_km", "per_task_hour"))
        start = self.places.of(reader, "start", "start_index", needed=False)
        end = self.places.of(reader, "end", "end_index", needed=False)
        if start is None and end is None:
            reader.fault("start", Message("a vehicle needs a start or an end"))
        breaks = tuple(self.pause(pause, f"{where}.breaks[{k}]") for k, pause in enumerate(reader.each("breaks")))
        self.repeated(f"{where}.breaks", [pause.id for pause in breaks])
        steps = [self.step(step, f"{where}.steps[{k}]") for k, step in enumerate(reader.each("steps"))]
        reader.one("planner", VEHICLE_EXTRAS)
        return Vehicle(
            id=self.id(reader),
            type=reader.text("type"),
            profile=reader.text("profile", "car") or "car",
            description=reader.text("description") if reader.has("description") else None,
            start=start,
            end=end,
            start_location=reader.point("start"),
            end_location=reader.point("end"),
            start_index=reader.whole("start_index"),
            end_index=reader.whole("end_index"),
            capacity=self.amounts(reader, "capacity"),
            fixed=costs.amount("fixed", 0),
            per_hour=costs.amount("per_hour", 3600),
            per_km=costs.amount("per_km", 0),
            per_task_hour=costs.amount("per_task_hour", 0),
            custom_hour=costs.has("per_hour") and costs.value["per_hour"] != 3600,
            skills=reader.wholes("skills") or (),
            window=reader.window("time_window"),
            breaks=breaks,
            speed_factor=reader.number("speed_factor", 1.0, above=0.0, most=5.0),
            max_tasks=reader.whole("max_tasks"),
            max_travel_time_s=reader.whole("max_travel_time"),
            max_distance_m=reader.whole("max_distance"),
            steps=tuple(steps) if reader.has("steps") else None,
            reload_places=self.reload_places(reader),
            extras=reader.value.get("planner") or {},
        )

    def reload_places(self, reader: Reader) -> tuple[Where, ...]:
        """Return where a vehicle may reload."""
        inner = reader.one("planner", VEHICLE_EXTRAS).value.get("reloads")
        given = inner if isinstance(inner, dict) else {}
        key, one = ("location_indices", "location_index") if self.places.given else ("locations", "location")
        listed = given.get(key)
        entries: list[Any] = listed if isinstance(listed, list) else []
        found = []
        for k, entry in enumerate(entries):
            own = Reader({one: entry}, f"{reader.where}.planner.reloads.{key}[{k}]", self.faults)
            place = self.places.of(own, "location", "location_index", needed=True)
            if place is not None:
                found.append(place)
        return tuple(found)

    def pause(self, entry: Any, where: str) -> RequestBreak:
        reader = self.reader(entry, where, ("id", "time_windows", "service", "description", "max_load"))
        return RequestBreak(
            id=self.id(reader),
            windows=reader.windows("time_windows"),
            service_s=reader.amount("service", 0),
            description=reader.text("description") if reader.has("description") else None,
            max_load=self.amounts(reader, "max_load") if reader.has("max_load") else None,
        )

    def step(self, entry: Any, where: str) -> GivenStep:
        reloads = isinstance(entry, dict) and entry.get("type") == "reload"
        place = ("location", "location_index") if reloads else ()
        reader = self.reader(entry, where, ("type", "id", "service_at", "service_after", "service_before", *place))
        kind = reader.text("type")
        if kind not in _STEPS:
            reader.fault("type", Message("must be one of {kinds}, it is {kind!r}", kinds=_STEPS, kind=kind))
        if kind in _WITH_ID and not reader.has("id"):
            reader.fault("id", Message("is missing"))
        return GivenStep(
            kind=kind,
            id=reader.whole("id", most=MOST_ID),
            at_s=reader.whole("service_at"),
            after_s=reader.whole("service_after"),
            before_s=reader.whole("service_before"),
            where=self.places.of(reader, "location", "location_index", needed=False) if reloads else None,
        )

    # -- what several share

    def id(self, reader: Reader) -> int:
        if not reader.has("id"):
            reader.fault("id", Message("is missing: give a whole number"))
        return reader.whole("id", 0, most=MOST_ID) or 0

    def priority(self, reader: Reader) -> int:
        return reader.whole("priority", 0, most=MAX_PRIORITY) or 0

    def amounts(self, reader: Reader, key: str) -> Amounts:
        found = reader.wholes(key)
        if found is not None:
            self.sizes.append((f"{reader.where}.{key}", len(found)))
        return found or ()

    def one_size(self) -> int:
        """Return the number of load dimensions, and note where it is another."""
        if not self.sizes:
            return 0
        usual = Counter(size for _, size in self.sizes).most_common(1)[0][0]
        self.faults += [
            Message("{where}: has {size} amounts, others have {usual}", where=where, size=size, usual=usual)
            for where, size in self.sizes
            if size != usual
        ]
        return usual

    def repeated(self, where: str, ids: Iterable[int]) -> None:
        self.faults += [
            Message("{where}: id {id} is given {times} times", where=where, id=id_, times=n)
            for id_, n in Counter(ids).items()
            if n > 1
        ]

    def own_key(self, vehicle: Vehicle, key: str) -> Any:
        """Return what stands under ``planner`` of a vehicle, whether it holds or not."""
        return vehicle.extras.get(key) if isinstance(vehicle.extras, dict) else None

    def steps_known(self, where: str, vehicle: Vehicle, known: set[tuple[str, int]]) -> None:
        breaks = {pause.id for pause in vehicle.breaks}
        seen: Counter[tuple[str, int]] = Counter()
        for k, step in enumerate(vehicle.steps or ()):
            if step.kind == "reload" and step.where is None and len(vehicle.reload_places) != 1:
                self.faults.append(
                    Message(
                        "{where}[{k}]: say where vehicle {vehicle} reloads: location_index or location",
                        where=where,
                        k=k,
                        vehicle=vehicle.id,
                    )
                )
            if step.kind == "rest" and not self.own_key(vehicle, "driving_rule"):
                self.faults.append(
                    Message(
                        "{where}[{k}]: vehicle {vehicle} has no planner.driving_rule: leave the rest out",
                        where=where,
                        k=k,
                        vehicle=vehicle.id,
                    )
                )
            if step.id is None or step.kind in ("start", "end"):
                continue
            seen[step.kind, step.id] += 1
            if step.kind == "break" and step.id not in breaks:
                self.faults.append(
                    Message(
                        "{where}[{k}]: vehicle {vehicle} has no break {step}",
                        where=where,
                        k=k,
                        vehicle=vehicle.id,
                        step=step.id,
                    )
                )
            elif step.kind != "break" and (step.kind, step.id) not in known:
                self.faults.append(
                    Message("{where}[{k}]: there is no {kind} {step}", where=where, k=k, kind=step.kind, step=step.id)
                )
        self.faults += [
            Message("{where}: {kind} {id} is given {times} times", where=where, kind=kind, id=id_, times=n)
            for (kind, id_), n in seen.items()
            if n > 1
        ]


def _sized(task: Task, size: int) -> Task:
    zero = (0,) * size
    return replace(task, delivery=task.delivery or zero, pickup=task.pickup or zero)
