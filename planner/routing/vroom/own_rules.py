"""What routes break of our own extensions; VROOM has no names for that, so the causes begin with ``planner.``.

Release times count as VROOM's lead time; see `planner.routing.vroom.violations`.
"""

from __future__ import annotations

from collections.abc import Sequence

from planner.routing.vroom.request import Request, Vehicle
from planner.routing.vroom.steps import TimedStep
from planner.routing.vroom.violations import Cause, Violations

_ROUNDED_S = 0.5  # times are said in whole seconds


class OwnRules:
    """Looks at routes one by one, knowing where the tasks of all others are."""

    def __init__(self, request: Request, routes: Sequence[tuple[Vehicle, Sequence[TimedStep]]]) -> None:
        self.request = request
        self.driven = [vehicle.id for vehicle, _ in routes]
        self.at: dict[tuple[str, int], tuple[int, int]] = {}
        for vehicle, steps in routes:
            tasks = [step.task for step in steps if step.task is not None]
            self.at |= {(task.kind.value, task.id): (vehicle.id, k) for k, task in enumerate(tasks)}

    def look(self, vehicle: Vehicle, steps: Sequence[TimedStep], found: Sequence[Violations]) -> set[Cause]:
        """Add causes to each step's violations, and return those of the whole route."""
        self._tasks(vehicle, steps, found)
        self._reloads(vehicle, steps, found)
        self._driving_rule(vehicle, steps, found)
        most_s = vehicle.extras.get("max_duration")
        if most_s is not None and steps[-1].begins_s - steps[0].begins_s > most_s + _ROUNDED_S:
            found[-1].causes.add(Cause.MAX_DURATION)
        whole = {cause for own in found for cause in own.causes}
        return whole | ({Cause.LOCKED} if self._unlocked(vehicle.id) else set())

    def not_driven(self) -> set[Cause]:
        """Return the causes of vehicles without a route: what is locked to them is not where it must be."""
        without = set(self.request.extras.get("locked", {})) - set(self.driven)
        return {Cause.LOCKED} if any(self._unlocked(vehicle_id) for vehicle_id in without) else set()

    def _unlocked(self, vehicle_id: int) -> list[int]:
        """Return the places of a route that must be another task's."""
        locked = self.request.extras.get("locked", {}).get(vehicle_id, ())
        return [k for k, key in enumerate(locked) if self.at.get(key) != (vehicle_id, k)]

    def _tasks(self, vehicle: Vehicle, steps: Sequence[TimedStep], found: Sequence[Violations]) -> None:
        """Look at which vehicle serves a task, and at what before and after what."""
        tasks = [(step.task, own) for step, own in zip(steps, found, strict=True) if step.task is not None]
        own_of = {(task.kind.value, task.id): own for task, own in tasks}
        for task, own in tasks:
            only = task.extras.get("only_vehicles") or []
            if only and vehicle.id not in only:
                own.causes.add(Cause.ONLY_VEHICLES)
            if vehicle.id in (task.extras.get("not_vehicles") or []):
                own.causes.add(Cause.NOT_VEHICLES)
        for earlier, later in self.request.extras.get("before", ()):
            first, second = self.at.get(earlier), self.at.get(later)
            if first is None or second is None or (first[0] == second[0] and first[1] < second[1]):
                continue
            for key in (earlier, later):
                if key in own_of:
                    own_of[key].causes.add(Cause.BEFORE)
        for k in self._unlocked(vehicle.id):
            if k < len(tasks):
                tasks[k][1].causes.add(Cause.LOCKED)

    def _reloads(self, vehicle: Vehicle, steps: Sequence[TimedStep], found: Sequence[Violations]) -> None:
        left = int((vehicle.extras.get("reloads") or {}).get("max") or 0)
        for step, own in zip(steps, found, strict=True):
            if step.kind == "reload":
                left -= 1
                if left < 0 or step.where not in vehicle.reload_places:
                    own.causes.add(Cause.RELOADS)

    def _driving_rule(self, vehicle: Vehicle, steps: Sequence[TimedStep], found: Sequence[Violations]) -> None:
        """Look for too much driving between two times of standing still (waits, breaks, rests) as long as a rest."""
        if vehicle.driving_rule_s is None:
            return
        most_s, rest_s = vehicle.driving_rule_s
        rested_at_s = 0.0
        for step, own in zip(steps, found, strict=True):
            if step.driving_s - rested_at_s > most_s + _ROUNDED_S:
                own.causes.add(Cause.DRIVING_RULE)
            stands_s = step.begins_s - step.arrival_s
            if step.kind in ("break", "rest"):
                stands_s += step.service_s
            elif step.kind == "reload":  # what an engine made of it begins on arrival and lasts with its wait
                stands_s += step.service_s - vehicle.reload_s
            if stands_s >= rest_s - 1e-3:
                rested_at_s = step.driving_s
