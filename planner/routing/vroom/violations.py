"""What a route's steps break, by VROOM's names of causes (github.com/VROOM-Project/vroom, docs/API.md, "Violation")."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import takewhile
from typing import Any

from planner.routing.vroom.request import Amounts, Request, TaskKind, Vehicle
from planner.routing.vroom.steps import TimedStep


class Cause(StrEnum):
    """VROOM's causes of violations, and those of our extensions."""

    LEAD_TIME = "lead_time"
    DELAY = "delay"
    LOAD = "load"
    MAX_TASKS = "max_tasks"
    SKILLS = "skills"
    PRECEDENCE = "precedence"
    MISSING_BREAK = "missing_break"
    MAX_TRAVEL_TIME = "max_travel_time"
    MAX_DISTANCE = "max_distance"
    MAX_LOAD = "max_load"
    BEFORE = "planner.before"
    LOCKED = "planner.locked"
    ONLY_VEHICLES = "planner.only_vehicles"
    NOT_VEHICLES = "planner.not_vehicles"
    RELOADS = "planner.reloads"
    DRIVING_RULE = "planner.driving_rule"
    MAX_DURATION = "planner.max_duration"


@dataclass(slots=True)
class Violations:
    """Causes of a step, a route or a whole answer; seconds where it is too early or too late."""

    causes: set[Cause] = field(default_factory=set)
    lead_time_s: int = 0
    delay_s: int = 0

    def take(self, others: Iterable[Violations]) -> None:
        """Add those of the parts to those of the whole."""
        for other in others:
            self.causes |= other.causes
            self.lead_time_s += other.lead_time_s
            self.delay_s += other.delay_s

    def json(self) -> list[dict[str, Any]]:
        """Return VROOM's violation objects, in the order of `Cause`."""
        seconds = {Cause.LEAD_TIME: self.lead_time_s, Cause.DELAY: self.delay_s}
        found = [cause for cause in Cause if cause in self.causes]
        return [{"cause": cause.value} | ({"duration": seconds[cause]} if cause in seconds else {}) for cause in found]


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """What a step says in whole numbers: when its service begins, seconds and metres so far, the load it leaves with."""

    begins_s: int
    driving_s: int
    distance_m: int | None
    load: Amounts


def violations_of(
    request: Request, vehicle: Vehicle, steps: Sequence[TimedStep], figures: Sequence[Figures]
) -> tuple[list[Violations], Violations]:
    """Return the violations of each step and those of the route, which has them all and breaks left out."""
    found = [Violations() for _ in steps]
    for k, (own, step, said) in enumerate(zip(found, steps, figures, strict=True)):
        _times(own, step, vehicle, said, _ready_s(steps))
        if _exceeds(said.load, vehicle.capacity or (0,) * request.size):
            own.causes.add(Cause.LOAD)
        if vehicle.max_travel_time_s is not None and said.driving_s > vehicle.max_travel_time_s:
            own.causes.add(Cause.MAX_TRAVEL_TIME)
        if (
            vehicle.max_distance_m is not None
            and said.distance_m is not None
            and said.distance_m > vehicle.max_distance_m
        ):
            own.causes.add(Cause.MAX_DISTANCE)
        if step.task is not None and not set(step.task.skills) <= set(vehicle.skills):
            own.causes.add(Cause.SKILLS)
        if step.kind == "reload":
            _leaves_too_early(own, step, _ready_s(steps[k + 1 :]))
        if step.pause is not None and step.pause.max_load is not None and _exceeds(said.load, step.pause.max_load):
            own.causes.add(Cause.MAX_LOAD)
    tasks = [own for own, step in zip(found, steps, strict=True) if step.task is not None]
    for own in tasks[len(tasks) if vehicle.max_tasks is None else vehicle.max_tasks :]:
        own.causes.add(Cause.MAX_TASKS)
    _precedence(steps, found)
    whole = Violations()
    whole.take(found)
    if {pause.id for pause in vehicle.breaks} - {step.pause.id for step in steps if step.pause is not None}:
        whole.causes.add(Cause.MISSING_BREAK)
    return found, whole


def _exceeds(load: Amounts, most: Amounts) -> bool:
    return any(amount > limit for amount, limit in zip(load, most, strict=True))


def _ready_s(steps: Sequence[TimedStep]) -> float:
    """Return when all that is loaded for these steps, up to the next reload, is ready."""
    load = takewhile(lambda step: step.kind != "reload", steps)
    return max((step.task.release_s for step in load if step.task is not None), default=0)


def _leaves_too_early(own: Violations, step: TimedStep, ready_s: float) -> None:
    """Note how early a vehicle leaves a reload with goods that come later."""
    early_s = round(ready_s - step.begins_s - step.service_s)
    if early_s > 0:
        own.causes.add(Cause.LEAD_TIME)
        own.lead_time_s = early_s


def _times(own: Violations, step: TimedStep, vehicle: Vehicle, said: Figures, ready_s: float) -> None:
    """Note how early or late a step is at the window that it misses least; to start before the load is ready is early."""
    windows: Sequence[tuple[float, float]] = step.task.windows if step.task is not None else ()
    windows = step.pause.windows if step.pause is not None else windows
    if step.kind in ("start", "end"):
        opens, closes = vehicle.window or (0, math.inf)
        windows = [(max(opens, ready_s), math.inf)] if step.kind == "start" else [(-math.inf, closes)]
    misses = [(max(0, opens - said.begins_s), max(0, said.begins_s - closes)) for opens, closes in windows]
    if not misses or (0, 0) in misses:
        return
    lead_s, delay_s = min(misses, key=sum)
    if lead_s:
        own.causes.add(Cause.LEAD_TIME)
        own.lead_time_s = int(lead_s)
    else:
        own.causes.add(Cause.DELAY)
        own.delay_s = int(delay_s)


def _precedence(steps: Sequence[TimedStep], found: Sequence[Violations]) -> None:
    """Note shipments of which a step is missing or which are delivered before they are picked up."""
    at: dict[tuple[int, TaskKind], int] = {}
    for k, step in enumerate(steps):
        if step.task is not None and step.task.shipment is not None:
            at[step.task.shipment, step.task.kind] = k
    for (shipment, kind), k in at.items():
        other = TaskKind.DELIVERY if kind is TaskKind.PICKUP else TaskKind.PICKUP
        partner = at.get((shipment, other))
        if partner is None or (partner < k) == (kind is TaskKind.PICKUP):
            found[k].causes.add(Cause.PRECEDENCE)
