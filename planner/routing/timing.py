"""When each step of a route happens, given their order: driving, waiting, setup, service, reloads, breaks and rests."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import takewhile
from typing import NamedTuple

from planner.routing.clock import SpeedOfDay
from planner.routing.problem import RoutingProblem
from planner.routing.solution import Pause, PauseKind
from planner.routing.stops import Depot, Stop
from planner.routing.vehicles import Break, VehicleType

Step = Stop | Depot | Break
"""What a route consists of, in order: stops, depots to reload at, and breaks."""


class VehicleSteps(NamedTuple):
    """What an engine answers for a vehicle used: its type, its steps in order, and its id where it matters which it is."""

    kind: VehicleType
    steps: Sequence[Step]
    vehicle_id: str = ""


FleetSteps = Sequence[VehicleSteps | tuple[VehicleType, Sequence[Step]]]
"""What an engine answers for each vehicle used, with no steps for one passed over."""


_SLACK = 1e-6


@dataclass(slots=True, kw_only=True)
class Call:
    """A stop or reload of a timed route: the leg that leads to it, and when it is done."""

    step: Stop | Depot
    distance_m: float
    driving_s: float
    arrival_s: float
    begins_s: float
    departure_s: float
    setup_s: float = 0.0


@dataclass(slots=True, kw_only=True)
class Timed:
    """A timed route: its calls and pauses, the leg back, and why it cannot be driven (empty if it can)."""

    start_s: float
    end_s: float = 0.0
    calls: list[Call] = field(default_factory=list)
    pauses: list[Pause] = field(default_factory=list)
    return_distance_m: float = 0.0
    return_driving_s: float = 0.0
    fault: str = ""

    @property
    def distance_m(self) -> float:
        """Metres in all."""
        return sum(call.distance_m for call in self.calls) + self.return_distance_m

    @property
    def driving_s(self) -> float:
        """Seconds of driving in all."""
        return sum(call.driving_s for call in self.calls) + self.return_driving_s


@lru_cache(maxsize=32)
def _places(ids: tuple[str, ...]) -> Mapping[str, int]:
    """Return where each place stands in a matrix; kept, as many routes are timed by few matrices."""
    return {id_: i for i, id_ in enumerate(ids)}


class Timer:
    """Times routes of one type of vehicle."""

    def __init__(self, problem: RoutingProblem, kind: VehicleType) -> None:
        self.kind = kind
        self.clock = SpeedOfDay(problem.speed_of_day)
        travel = problem.travel_of(kind)
        self.durations, self.distances = travel.durations_s, travel.distances_m
        self.row, self.column = _places(travel.origin_ids), _places(travel.destination_ids)

    def leg(self, origin: str, destination: str) -> tuple[float, float]:
        """Return seconds at normal speed and metres between two places."""
        if origin == destination:
            return 0.0, 0.0
        at = self.row[origin], self.column[destination]
        return float(self.durations[at]) / self.kind.speed_factor, float(self.distances[at])

    def drive(self, steps: Sequence[Step], start_s: float) -> Timed:
        """Return the route begun at ``start_s``, or once its first load is ready, everything done as early as can be."""
        kind = self.kind
        start_s = max(start_s, ready_s(steps))
        timed = Timed(start_s=start_s)
        run = _Run(self, timed, start_s)
        place = "" if kind.open_start else kind.depot_id
        pending: list[Break] = []
        for k, step in enumerate(steps):
            if isinstance(step, Break):
                pending.append(step)
                continue
            target = step.place if isinstance(step, Stop) else step.id
            needed, metres = (0.0, 0.0) if not place else self.leg(place, target)
            driving = run.go(needed, pending)
            if isinstance(step, Stop):
                run.serve(step, metres, driving, moved=place != target)
            else:
                run.reload(step, metres, driving, ready_s(steps[k + 1 :]))
            place, pending = target, []
            if timed.fault:
                return timed
        needed, metres = (0.0, 0.0) if kind.open_end or not place else self.leg(place, kind.end_id)
        timed.return_driving_s = run.go(needed, pending)
        timed.return_distance_m = metres
        timed.end_s = run.clock
        if not timed.fault and not timed.end_s <= kind.shift_end_s + _SLACK:
            timed.fault = "ends after the shift"
        return timed


class _Run:
    """The state of a route while it is driven."""

    def __init__(self, timer: Timer, timed: Timed, start_s: float) -> None:
        self.timer = timer
        self.timed = timed
        self.clock = start_s
        self.since_rest_s = 0.0

    def go(self, needed_s: float, breaks: Sequence[Break]) -> float:
        """Drive a leg, with breaks before or during it, and return the seconds of driving."""
        if not math.isfinite(needed_s):
            self.timed.fault = "there is no way"
            return math.inf
        driving = 0.0
        for pause in breaks:
            begins = next((max(o, self.clock) for o, c in pause.windows if max(o, self.clock) <= c + _SLACK), None)
            if begins is None:
                self.timed.fault = f"break {pause.id} comes too late"
                return math.inf
            possible = min(needed_s, self.timer.clock.covered(self.clock, begins))
            driving += self._drive(possible)
            needed_s -= possible
            begins = max(begins, self.clock)
            if not any(opens - _SLACK <= begins <= closes + _SLACK for opens, closes in pause.windows):
                self.timed.fault = f"break {pause.id} comes too late"
                return math.inf
            self._pause(PauseKind.BREAK, pause.id, begins, pause.duration_s)
        return driving + self._drive(needed_s)

    def _drive(self, needed_s: float) -> float:
        """Drive so far, resting where the rule asks for it."""
        rule = self.timer.kind.driving_rule
        driving = 0.0
        while needed_s > _SLACK:
            arrives = self.timer.clock.arrive(self.clock, needed_s)
            if rule is not None and self.since_rest_s + (arrives - self.clock) > rule.driving_s + _SLACK:
                until = self.clock + max(0.0, rule.driving_s - self.since_rest_s)
                needed_s -= self.timer.clock.covered(self.clock, until)
                driving += until - self.clock
                self.clock = until
                self._pause(PauseKind.REST, "", until, rule.rest_s)
                continue
            driving += arrives - self.clock
            self.since_rest_s += arrives - self.clock
            self.clock, needed_s = arrives, 0.0
        return driving

    def _pause(self, kind: PauseKind, break_id: str, begins_s: float, duration_s: float) -> None:
        ends = begins_s + duration_s
        self.timed.pauses.append(
            Pause(kind=kind, break_id=break_id, after=len(self.timed.calls), start_s=begins_s, end_s=ends)
        )
        self._stand(ends - self.clock if kind is PauseKind.BREAK else duration_s)
        self.clock = ends

    def _stand(self, seconds: float) -> None:
        rule = self.timer.kind.driving_rule
        if rule is not None and seconds >= rule.rest_s - _SLACK:
            self.since_rest_s = 0.0

    def serve(self, stop: Stop, metres: float, driving_s: float, *, moved: bool) -> None:
        """Wait for a window if need be, set up, serve."""
        arrival = self.clock
        begins = next((max(o, arrival) for o, c in stop.windows if max(o, arrival) <= c + _SLACK), None)
        if begins is None:
            self.timed.fault = f"{stop.id} closes before the vehicle arrives"
            return
        self._stand(begins - arrival)
        setup = stop.setup_duration_s if moved else 0.0
        self.clock = begins + setup + stop.service_duration_s
        self.timed.calls.append(
            Call(
                step=stop,
                distance_m=metres,
                driving_s=driving_s,
                arrival_s=arrival,
                begins_s=begins,
                departure_s=self.clock,
                setup_s=setup,
            )
        )

    def reload(self, depot: Depot, metres: float, driving_s: float, ready: float) -> None:
        """Hand over and take on, after a wait if that would be done before the last of the new load is ready."""
        arrival, lasts = self.clock, self.timer.kind.reload_duration_s
        begins = max(arrival, ready - lasts)
        self._stand(begins - arrival)
        self.clock = begins + lasts
        self.timed.calls.append(
            Call(
                step=depot,
                distance_m=metres,
                driving_s=driving_s,
                arrival_s=arrival,
                begins_s=begins,
                departure_s=self.clock,
            )
        )


def ready_s(steps: Sequence[Step]) -> float:
    """Return the latest release among the stops before the next depot, 0 without any."""
    load = takewhile(lambda step: not isinstance(step, Depot), steps)
    return max((step.release_s for step in load if isinstance(step, Stop)), default=0.0)


def with_breaks(steps: Sequence[Step], breaks: Sequence[Break]) -> Iterator[list[Step]]:
    """Yield the steps with each of the breaks nowhere or anywhere in between."""
    if not breaks:
        yield list(steps)
        return
    first, *rest = breaks
    for done in with_breaks(steps, rest):
        yield done
        yield from ([*done[:i], first, *done[i:]] for i in range(len(done) + 1))
