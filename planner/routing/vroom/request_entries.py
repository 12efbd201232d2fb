"""The tasks and vehicles of a VROOM request, each read with every fault of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from planner.errors import Message
from planner.routing.vroom.extras import TASK_EXTRAS, VEHICLE_EXTRAS
from planner.routing.vroom.fields import MOST_ID, Reader
from planner.routing.vroom.locations import Places
from planner.routing.vroom.request import Amounts, GivenStep, RequestBreak, Task, TaskKind, Vehicle, Where

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
_MOST_PRIORITY = 100
_LEAST_SPEED = 0.0001
"""VROOM takes any factor above 0; a vehicle ten thousand times slower than its matrix is a slip of the pen."""


class EntryReader:
    """Tasks and vehicles of a request, entry by entry; faults and what is ignored go into the lists it is given."""

    def __init__(self, faults: list[str], ignored: list[str], places: Places) -> None:
        self.faults, self.ignored, self.places = faults, ignored, places
        self.sizes: list[tuple[str, int]] = []

    def _reader(self, entry: Any, where: str, known: Sequence[str]) -> Reader:
        """Return the reader of an entry; keys that are not known are noted as ignored."""
        reader = Reader(entry, where, self.faults)
        self.ignored += [f"{where}.{key}" for key in reader.value if key not in known]
        return reader

    def job(self, entry: Any, where: str) -> Task:
        """Return a job."""
        own = ("amount", "delivery", "pickup", "skills", "priority")
        reader = self._reader(entry, where, (*_TASK, *own))
        delivery = self._amounts(reader, "delivery")
        pickup = self._amounts(reader, "pickup")
        if reader.has("amount"):
            if reader.has("delivery") or reader.has("pickup"):
                self.ignored.append(f"{where}.amount")
            else:  # VROOM's old name
                delivery = self._amounts(reader, "amount")
        shared = (reader.wholes("skills") or (), self._priority(reader))
        return self._task(reader, TaskKind.JOB, delivery, pickup, shared)

    def shipment(self, entry: Any, where: str, number: int) -> list[Task]:
        """Return the pickup and the delivery of a shipment."""
        reader = self._reader(entry, where, ("pickup", "delivery", "amount", "skills", "priority"))
        amount = self._amounts(reader, "amount")
        shared = (reader.wholes("skills") or (), self._priority(reader))
        steps = []
        for kind in (TaskKind.PICKUP, TaskKind.DELIVERY):
            inner = self._reader(reader.value.get(kind.value), f"{where}.{kind.value}", _TASK)
            delivery, pickup = (amount, ()) if kind is TaskKind.DELIVERY else ((), amount)
            steps.append(self._task(inner, kind, delivery, pickup, shared, number))
        return steps

    def _task(
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
            id=self._id(reader),
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
        """Return a vehicle."""
        reader = self._reader(entry, where, _VEHICLE)
        costs = reader.one("costs", ("fixed", "per_hour", "per_km", "per_task_hour"))
        start = self.places.of(reader, "start", "start_index", needed=False)
        end = self.places.of(reader, "end", "end_index", needed=False)
        if start is None and end is None:
            reader.fault("start", Message("a vehicle needs a start or an end"))
        breaks = tuple(self._pause(pause, f"{where}.breaks[{k}]") for k, pause in enumerate(reader.each("breaks")))
        self.repeated(f"{where}.breaks", [pause.id for pause in breaks])
        steps = [self._step(step, f"{where}.steps[{k}]") for k, step in enumerate(reader.each("steps"))]
        reader.one("planner", VEHICLE_EXTRAS)
        return Vehicle(
            id=self._id(reader),
            type=reader.text("type"),
            profile=reader.text("profile", "car") or "car",
            description=reader.text("description") if reader.has("description") else None,
            start=start,
            end=end,
            start_location=reader.point("start"),
            end_location=reader.point("end"),
            start_index=reader.whole("start_index"),
            end_index=reader.whole("end_index"),
            capacity=self._amounts(reader, "capacity"),
            fixed=costs.amount("fixed", 0),
            per_hour=costs.amount("per_hour", 3600),
            per_km=costs.amount("per_km", 0),
            per_task_hour=costs.amount("per_task_hour", 0),
            custom_hour=costs.has("per_hour") and costs.value["per_hour"] != 3600,
            skills=reader.wholes("skills") or (),
            window=reader.window("time_window"),
            breaks=breaks,
            speed_factor=reader.number("speed_factor", 1.0, least=_LEAST_SPEED, most=5.0),
            max_tasks=reader.whole("max_tasks"),
            max_travel_time_s=reader.whole("max_travel_time"),
            max_distance_m=reader.whole("max_distance"),
            steps=tuple(steps) if reader.has("steps") else None,
            reload_places=self._reload_places(reader),
            extras=reader.value.get("planner") or {},
        )

    def _reload_places(self, reader: Reader) -> tuple[Where, ...]:
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

    def _pause(self, entry: Any, where: str) -> RequestBreak:
        reader = self._reader(entry, where, ("id", "time_windows", "service", "description", "max_load"))
        return RequestBreak(
            id=self._id(reader),
            windows=reader.windows("time_windows"),
            service_s=reader.amount("service", 0),
            description=reader.text("description") if reader.has("description") else None,
            max_load=self._amounts(reader, "max_load") if reader.has("max_load") else None,
        )

    def _step(self, entry: Any, where: str) -> GivenStep:
        reloads = isinstance(entry, dict) and entry.get("type") == "reload"
        place = ("location", "location_index") if reloads else ()
        reader = self._reader(entry, where, ("type", "id", "service_at", "service_after", "service_before", *place))
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

    def _id(self, reader: Reader) -> int:
        if not reader.has("id"):
            reader.fault("id", Message("is missing: give a whole number"))
        return reader.whole("id", 0, most=MOST_ID) or 0

    def _priority(self, reader: Reader) -> int:
        return reader.whole("priority", 0, most=_MOST_PRIORITY) or 0

    def _amounts(self, reader: Reader, key: str) -> Amounts:
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
        """Note the ids that are given more than once."""
        self.faults += [
            Message("{where}: id {id} is given {times} times", where=where, id=id_, times=n)
            for id_, n in Counter(ids).items()
            if n > 1
        ]
