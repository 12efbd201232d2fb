"""What a request may ask beyond VROOM, under the key ``planner`` of the request, of a vehicle and of a task."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any

from planner.config.content import shown
from planner.errors import Message
from planner.routing.vroom.fields import Reader
from planner.routing.vroom.request import Task, TaskKind, Vehicle

REQUEST_EXTRAS = (
    "area",
    "engine",
    "seed",
    "iterations",
    "cpu_seconds",
    "threads",
    "fewest_vehicles",
    "balance_duty",
    "balance_load",
    "speed_of_day",
    "before",
)
"""``speed_of_day``: [from second, times as fast]; ``before``: pairs of tasks, each {"type", "id"}; balance as in
`planner.routing.problem`, in the request's money."""
VEHICLE_EXTRAS = ("reloads", "driving_rule", "max_duration", "locked")
"""``reloads``: {"max", "duration", "location_indices" or "locations"}; ``driving_rule``: {"driving", "rest"}; ``locked``:
the first tasks of the vehicle, each {"type", "id"}; ``max_duration``: seconds from leaving to being back. Steps given for a
vehicle may be {"type": "reload"}, with a place where there are several, and {"type": "rest"}."""
TASK_EXTRAS = ("skip_cost", "only_vehicles", "not_vehicles", "release")
"""``skip_cost``: the task may be left out for so much; ``only_vehicles``, ``not_vehicles``: ids of vehicles; ``release``, of
a job: from when on what it is brought is ready at the depot."""


def read_request_extras(reader: Reader, tasks: Sequence[Task], vehicles: Sequence[Vehicle]) -> Mapping[str, Any]:
    """Return what stands under ``planner`` of the request, faults noted; those of tasks and vehicles are looked at, too."""
    extras = reader.one("planner", REQUEST_EXTRAS)
    known = {(task.kind.value, task.id) for task in tasks}
    found: dict[str, Any] = dict(extras.value)
    _note_plain(extras)
    if not _speeds_are_pairs(extras):
        found.pop("speed_of_day")
    orders = [pair if isinstance(pair, list) else [] for pair in extras.each("before")]
    if not all(len(pair) == 2 for pair in orders):
        extras.fault("before", Message("must hold pairs of tasks: [earlier, later]"))
    found["before"] = [tuple(task_key(extras, "before", entry, known) for entry in pair) for pair in orders]
    locked = {vehicle.id: _vehicle_locks(reader, vehicle, k, known) for k, vehicle in enumerate(vehicles)}
    found["locked"] = {vehicle_id: keys for vehicle_id, keys in locked.items() if keys}
    vehicle_ids = [vehicle.id for vehicle in vehicles]
    for where, task in _places_of(tasks):
        _note_task(reader, where, task, vehicle_ids)
    return found


def _note_plain(extras: Reader) -> None:
    """Note faults of single numbers, texts and flags."""
    for key, least, most in (("iterations", 1, 10**9), ("threads", 1, 64), ("seed", 0, 2**32 - 1)):
        extras.whole(key, least=least, most=most)
    for key in ("cpu_seconds", "balance_duty", "balance_load"):
        extras.number(key, 1.0, least=0.001, most=1e9)
    for key in ("area", "engine"):
        extras.text(key)
    if not isinstance(extras.value.get("fewest_vehicles", False), bool):
        extras.fault("fewest_vehicles", Message("must be true or false"))


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _speeds_are_pairs(extras: Reader) -> bool:
    """Return whether the speeds of the day are pairs of numbers, faults noted."""
    speeds = extras.each("speed_of_day")
    if not all(isinstance(s, list) and len(s) == 2 and all(_is_number(x) for x in s) for s in speeds):
        extras.fault("speed_of_day", Message("must hold [from second, times as fast] pairs"))
        return False
    if any(b[0] <= a[0] for a, b in pairwise(speeds)) or not all(s[0] >= 0 and 0.1 <= s[1] <= 10 for s in speeds):
        extras.fault("speed_of_day", Message("must hold ascending seconds of 0 or more, and factors from 0.1 to 10"))
    return True


def _places_of(tasks: Sequence[Task]) -> Iterator[tuple[str, Task]]:
    """Yield the tasks, each after where people find it in the request."""
    jobs = 0
    for task in tasks:
        if task.kind is TaskKind.JOB:
            yield f"jobs[{jobs}]", task
            jobs += 1
        else:
            yield f"shipments[{task.shipment}].{task.kind.value}", task


def _vehicle_locks(
    reader: Reader, vehicle: Vehicle, k: int, known: set[tuple[str, int]]
) -> tuple[tuple[str, int], ...]:
    """Return the first tasks of a vehicle, faults of all its own keys noted."""
    own = Reader(vehicle.extras, f"vehicles[{k}].planner", reader.faults)
    locked = tuple(task_key(own, "locked", entry, known) for entry in own.each("locked"))
    own.whole("max_duration")
    reloads = own.one("reloads", ("max", "duration", "location_indices", "locations"))
    reloads.whole("max", least=1)
    reloads.whole("duration")
    rule = own.one("driving_rule", ("driving", "rest"))
    if own.has("driving_rule") and not (rule.whole("driving", least=1) and rule.whole("rest", least=1)):
        own.fault("driving_rule", Message("needs driving and rest, seconds above 0"))
    if own.has("reloads") and not (vehicle.reload_places and reloads.has("max")):
        own.fault("reloads", Message("needs max, and location_indices (with matrices) or locations"))
    return locked


def _note_task(reader: Reader, where: str, task: Task, vehicle_ids: Collection[int]) -> None:
    """Note faults of a task's own keys."""
    for key in ("only_vehicles", "not_vehicles"):
        named = task.extras.get(key) or []
        unknown = [id_ for id_ in named if id_ not in vehicle_ids] if isinstance(named, list) else [named]
        if unknown:
            reader.faults.append(
                Message(
                    "{where}.planner.{key}: there is no vehicle {unknown}",
                    where=where,
                    key=key,
                    unknown=shown(unknown)[:60],
                )
            )
    own = Reader(task.extras, f"{where}.planner", reader.faults)
    for key in ("skip_cost", "release"):
        own.whole(key)
    if own.has("release") and task.kind is not TaskKind.JOB:
        own.fault("release", Message("is for jobs only: what a shipment brings comes from no depot"))


def task_key(reader: Reader, key: str, entry: Any, known: set[tuple[str, int]]) -> tuple[str, int]:
    """Return (kind, id) of a task that is named as {"type", "id"}."""
    named = (entry.get("type"), entry.get("id")) if isinstance(entry, Mapping) else (None, None)
    if named not in known:
        reader.fault(key, Message('{entry} is no task: name it as {{"type": "job", "id": 1}}', entry=shown(entry)[:60]))
        return "job", -1
    return str(named[0]), int(str(named[1]))
