"""When each step of a given route happens: as few seconds outside windows as can be, then the shortest, then the earliest.

With a fixed order of steps, begins t_i and a choice of window X_ik: minimize sum Y_i, then t_end - t_start, then sum t_i and
driving put off past breaks, where t_{i+1} >= t_i + action_i + delta_i, Y_i >= lead time or delay at the chosen window, and
the delta_i of a leg and the breaks on it add up to the leg. The model is VROOM's (docs of its plan mode,
src/algorithms/validation/mip.tex in github.com/VROOM-Project/vroom); the order of the aims is strict here. Of our extensions
goods ready later and driving time without a rest above what a rule allows count as seconds outside windows, too.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import takewhile
from typing import Any

from planner.errors import Message
from planner.routing.vroom.request import (
    GivenStep,
    NoWayError,
    Request,
    RequestBreak,
    RequestError,
    Task,
    Vehicle,
    Where,
)
from planner.routing.vroom.speeds import SpeedsOfDay
from planner.routing.vroom.steps import TimedStep

_PAUSES = ("break", "rest")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Given:
    """One step of the route: where, how long, how far from the step before, and which windows are asked for."""

    kind: str
    where: Where | None = None
    task: Task | None = None
    pause: RequestBreak | None = None
    setup_s: int = 0
    service_s: int = 0
    leg_s: float = 0.0
    leg_m: float = 0.0
    at: GivenStep | None = None


def choose_times(request: Request, vehicle: Vehicle) -> list[TimedStep]:
    """Return the steps given for a vehicle with their times.

    Raises
    ------
    NoWayError
        If there is no way between two of them.
    RequestError
        If the hard limits on service times (service_at, service_after, service_before) cannot be kept.
    """
    given = _given(request, vehicle)
    beyond = [Message("vehicle {id}: no way to step {number}", id=vehicle.id, number=i + 1) for i in _unreached(given)]
    if beyond:
        raise NoWayError(Message("the given route cannot be driven"), beyond)
    speeds = request.extras.get("speed_of_day") or []
    parts = 1 if not speeds and all(float(step.leg_s).is_integer() for step in given) else 100
    times = _Times(vehicle, given, parts, speeds)
    times.solve()
    steps = []
    driving = distance = 0.0
    for i, step in enumerate(given):
        driving += times.value(times.delta[i - 1]) / parts if i else 0.0
        distance += step.leg_m
        arrival = times.value(times.begins[0]) if i == 0 else times.value(times.leaves[i - 1] + times.delta[i - 1])
        steps.append(
            TimedStep(
                kind=step.kind,
                arrival_s=arrival / parts,
                begins_s=times.value(times.begins[i]) / parts,
                driving_s=driving,
                distance_m=distance,
                where=step.where,
                task=step.task,
                pause=step.pause,
                setup_s=step.setup_s,
                service_s=step.service_s,
            )
        )
    return steps


def _unreached(given: Sequence[_Given]) -> list[int]:
    return [i for i, step in enumerate(given) if not math.isfinite(step.leg_s)]


def _given(request: Request, vehicle: Vehicle) -> list[_Given]:
    """Return the route from start to end; an end that is not listed is added."""
    listed = {step.kind: step for step in vehicle.steps or () if step.kind in ("start", "end")}
    found: list[_Given] = []
    place = vehicle.start
    for step in vehicle.steps or ():
        if step.kind == "break" and step.id is not None:
            pause = next(pause for pause in vehicle.breaks if pause.id == step.id)
            found.append(_Given(kind="break", pause=pause, service_s=pause.service_s, at=step))
        elif step.kind == "rest" and vehicle.driving_rule_s is not None:
            found.append(_Given(kind="rest", service_s=vehicle.driving_rule_s[1], at=step))
        elif step.kind == "reload":
            there = vehicle.reload_places[0] if step.where is None else step.where
            seconds, metres, _ = request.leg(vehicle, place, there)
            found.append(
                _Given(kind="reload", where=there, service_s=vehicle.reload_s, leg_s=seconds, leg_m=metres, at=step)
            )
            place = there
        elif step.kind not in ("start", "end") and step.id is not None:
            task = request.task_of[step.kind, step.id]
            seconds, metres, _ = request.leg(vehicle, place, task.where)
            found.append(
                _Given(
                    kind=step.kind,
                    where=task.where,
                    task=task,
                    setup_s=0 if place == task.where else task.setup_of(vehicle),
                    service_s=task.service_of(vehicle),
                    leg_s=seconds,
                    leg_m=metres,
                    at=step,
                )
            )
            place = task.where
    first = vehicle.start
    if first is None:
        first = next((step.where for step in found if step.where is not None), vehicle.end)
    seconds, metres, _ = request.leg(vehicle, place, vehicle.end)
    last = _Given(
        kind="end",
        where=place if vehicle.end is None else vehicle.end,
        leg_s=seconds,
        leg_m=metres,
        at=listed.get("end"),
    )
    return [_Given(kind="start", where=first, at=listed.get("start")), *found, last]


class _Times:
    """The model of one route, in parts of a second; solved aim after aim, each held when the next is sought."""

    def __init__(
        self, vehicle: Vehicle, given: Sequence[_Given], parts: int, speeds: Sequence[tuple[float, float]]
    ) -> None:
        from ortools.sat.python import cp_model  # half a second to load, and only this needs it

        self.vehicle, self.given, self.parts = vehicle, given, parts
        self.model, self.solver = cp_model.CpModel(), cp_model.CpSolver()
        self.done = (cp_model.OPTIMAL, cp_model.FEASIBLE)
        self.solver.parameters.num_workers = 1
        self.solver.parameters.linearization_level = 2  # without the relaxation the proof can take minutes
        least, most = self._span(min([1.0, *(factor for _, factor in speeds)]))
        self.speeds = SpeedsOfDay(self.model, speeds, (least, most), parts) if speeds else None
        self.begins = [self.model.new_int_var(least, most, f"t{i}") for i in range(len(given))]
        self.leaves = [
            begin + parts * (step.setup_s + step.service_s) for begin, step in zip(self.begins, given, strict=True)
        ]
        self.delta = [self.model.new_int_var(0, most - least, f"delta{i}") for i in range(len(given) - 1)]
        for i, delta in enumerate(self.delta):
            self.model.add(self.begins[i + 1] >= self.leaves[i] + delta)
        self.late_driving = self._split_legs()
        self.outside: list[Any] = [] if vehicle.driving_rule_s is None else self._unrested(*vehicle.driving_rule_s)
        for i, step in enumerate(given):
            self._limits(i, step)
            self._windows(i, step, most)

    def _span(self, slowest: float) -> tuple[int, int]:
        """Return a time before which and one after which nothing is worth doing, whatever the route waits for."""
        times = [time for step in self.given for time in _known_times(step)]
        if self.vehicle.window is not None:
            times += list(self.vehicle.window)
        needed = math.ceil(sum(step.leg_s / slowest + step.setup_s + step.service_s for step in self.given)) + 1
        return self.parts * max(0, min(times, default=0) - needed), self.parts * (max(times, default=0) + needed)

    def _split_legs(self) -> list[Any]:
        """Hold the parts of each leg together; return what is driven after breaks, weighted by how many."""
        late: list[Any] = []
        run: list[Any] = []
        for i in range(1, len(self.given)):
            run.append(self.delta[i - 1])
            if self.given[i].kind not in _PAUSES:
                self._leg(i, run)
                late += [k * delta for k, delta in enumerate(run)]
                run = []
        return late

    def _leg(self, i: int, run: Sequence[Any]) -> None:
        """Let the driving before a step, with pauses or without, be the leg that leads there."""
        seconds = self.given[i].leg_s
        if self.speeds is None or not seconds:
            self.model.add(sum(run) == math.ceil(seconds * self.parts - 1e-6))
            return
        driven = []
        for k, delta in enumerate(run):
            j = i - len(run) + k
            leaves = self.leaves[j]
            driven.append(self.speeds.driven(leaves + delta, f"to{j}") - self.speeds.driven(leaves, f"from{j}"))
        self.speeds.hold(sum(driven), seconds)

    def _unrested(self, most_s: int, rest_s: int) -> list[Any]:
        """Return what is driven above the rule between two pauses that are long enough for a rest."""
        above: list[Any] = []
        run: list[Any] = []
        for i in range(1, len(self.given)):
            run.append(self.delta[i - 1])
            rests = self.given[i].kind in _PAUSES and self.given[i].service_s >= rest_s
            if rests or i == len(self.given) - 1:
                longest = self.parts * math.ceil(sum(step.leg_s for step in self.given) + 1) * 1000
                above.append(self.model.new_int_var(0, longest, f"above{i}"))
                self.model.add(above[-1] >= sum(run) - self.parts * most_s)
                run = []
        return above

    def _limits(self, i: int, step: _Given) -> None:
        if step.at is None:
            return
        if step.at.at_s is not None:
            self.model.add(self.begins[i] == step.at.at_s * self.parts)
        if step.at.after_s is not None:
            self.model.add(self.begins[i] >= step.at.after_s * self.parts)
        if step.at.before_s is not None:
            self.model.add(self.begins[i] <= step.at.before_s * self.parts)

    def _windows(self, i: int, step: _Given, most: int) -> None:
        """Measure how far a step begins outside its windows; shift and releases count at start and end."""
        windows = _windows(step)
        shift = self.vehicle.window
        ready = self._ready_s(i + 1)
        if step.kind == "reload" and ready:
            windows = ((max(0, ready - step.service_s), most),)
        elif step.kind == "start" and (ready or shift is not None):
            windows = ((max(ready, 0 if shift is None else shift[0]), most),)
        elif step.kind == "end" and shift is not None:
            windows = ((0, shift[1]),)
        if not windows:
            return
        outside = self.model.new_int_var(0, most, f"outside{i}")
        chosen = [self.model.new_bool_var(f"window{i}.{k}") for k in range(len(windows))]
        self.model.add_exactly_one(chosen)
        for (opens, closes), taken in zip(windows, chosen, strict=True):
            self.model.add(outside >= opens * self.parts - self.begins[i]).only_enforce_if(taken)
            self.model.add(outside >= self.begins[i] - closes * self.parts).only_enforce_if(taken)
        self.outside.append(outside)

    def _ready_s(self, first: int) -> int:
        """Return when all that is loaded for the steps from ``first`` to the next reload is ready."""
        load = takewhile(lambda step: step.kind != "reload", self.given[first:])
        return max((step.task.release_s for step in load if step.task is not None), default=0)

    def solve(self) -> None:
        aims = [sum(self.outside), self.begins[-1] - self.begins[0], sum(self.begins), sum(self.late_driving)]
        for aim in [aim for aim in aims if not isinstance(aim, int)]:  # an empty sum is the number 0
            self.model.minimize(aim)
            if self.solver.solve(self.model) not in self.done:
                message = Message(
                    "vehicle {vehicle}: no times keep service_at, service_after and service_before",
                    vehicle=self.vehicle.id,
                )
                raise RequestError(Message("the given route cannot be driven"), [message])
            self.model.add(aim <= round(self.solver.objective_value))

    def value(self, expression: Any) -> int:
        """Return what a time or a part of a leg is."""
        return int(self.solver.value(expression))


def _windows(step: _Given) -> tuple[tuple[int, int], ...]:
    if step.task is not None:
        return step.task.windows
    return step.pause.windows if step.pause is not None else ()


def _known_times(step: _Given) -> list[int]:
    times = [time for window in _windows(step) for time in window]
    times += [step.task.release_s] if step.task is not None and step.task.release_s else []
    if step.at is not None:
        times += [time for time in (step.at.at_s, step.at.after_s, step.at.before_s) if time is not None]
    return times
