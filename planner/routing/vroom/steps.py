"""The steps of one vehicle's route with their times, whoever chose them: the plan of an engine, or the request itself."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from planner.routing.solution import PauseKind, Reload, Route, Visit
from planner.routing.vroom.request import Request, RequestBreak, Task, Vehicle, Where
from planner.routing.vroom.translate import Translation, name


@dataclass(frozen=True, slots=True, kw_only=True)
class TimedStep:
    """One step: seconds of driving and metres since the start on arrival, and when its service begins.

    ``kind`` is one of VROOM's, or ``reload`` or ``rest``, which only our extensions bring about.
    """

    kind: str
    arrival_s: float
    begins_s: float
    driving_s: float
    distance_m: float
    where: Where | None = None
    task: Task | None = None
    pause: RequestBreak | None = None
    setup_s: int = 0
    service_s: float = 0.0


def steps_of_route(request: Request, translation: Translation, route: Route) -> list[TimedStep]:
    """Return the steps of a route that an engine made, in the request's own times."""
    return list(_Walk(request, translation, route).steps())


class _Walk:
    def __init__(self, request: Request, translation: Translation, route: Route) -> None:
        self.request, self.translation, self.route = request, translation, route
        self.vehicle: Vehicle = translation.vehicles[route.vehicle_id]
        self.clock, self.driving, self.distance = route.start_s, 0.0, 0.0
        self.calls = route.calls()

    def steps(self) -> Iterator[TimedStep]:
        first = self._where(self.calls[0])
        place = self.vehicle.start
        yield self._step("start", self.clock, where=first if place is None else place)
        for k, call in enumerate(self.calls):
            there = self._where(call)
            yield from self._leg(k, call.driving_s)
            self.distance += 0.0 if place is None else self.request.leg(self.vehicle, place, there)[1]
            place = there
            if isinstance(call, Visit):
                task = self.translation.tasks[call.stop_id]
                yield self._step(
                    task.kind.value,
                    call.service_start_s,
                    where=there,
                    task=task,
                    setup_s=round(call.setup_s),
                    service_s=call.departure_s - call.service_start_s - call.setup_s,
                )
            else:
                yield self._step("reload", call.arrival_s, where=there, service_s=call.departure_s - call.arrival_s)
            self.clock = call.departure_s
        yield from self._leg(len(self.calls), self.route.return_driving_s)
        end = self.vehicle.end
        self.distance += 0.0 if end is None else self.request.leg(self.vehicle, place, end)[1]
        yield self._step("end", self.clock, where=place if end is None else end)

    def _leg(self, k: int, driving_s: float) -> Iterator[TimedStep]:
        """Drive a leg, as far as can be before each pause on it."""
        for pause in (pause for pause in self.route.pauses if pause.after == k):
            done = min(driving_s, pause.start_s - self.clock)
            self.clock, self.driving, driving_s = self.clock + done, self.driving + done, driving_s - done
            lasts = pause.end_s - pause.start_s
            if pause.kind is PauseKind.REST:
                yield self._step("rest", pause.start_s, service_s=lasts)
            else:
                own = next(own for own in self.vehicle.breaks if str(own.id) == pause.break_id)
                yield self._step("break", pause.start_s, pause=own, service_s=own.service_s)
            self.clock = pause.end_s
        self.clock, self.driving = self.clock + driving_s, self.driving + driving_s

    def _step(
        self,
        kind: str,
        begins_s: float,
        *,
        where: Where | None = None,
        task: Task | None = None,
        pause: RequestBreak | None = None,
        setup_s: int = 0,
        service_s: float = 0.0,
    ) -> TimedStep:
        base = self.translation.base_s
        return TimedStep(
            kind=kind,
            arrival_s=self.clock + base,
            begins_s=begins_s + base,
            driving_s=self.driving,
            distance_m=self.distance,
            where=where,
            task=task,
            pause=pause,
            setup_s=setup_s,
            service_s=service_s,
        )

    def _where(self, call: Visit | Reload) -> Where:
        if isinstance(call, Visit):
            return self.translation.tasks[call.stop_id].where
        return next(where for where in self.vehicle.reload_places if name(where) == call.depot_id)
