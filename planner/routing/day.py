"""What has become of a plan in the course of the day, and the new plan that answers it."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from planner.errors import BadDataError
from planner.routing.problem import RoutingProblem
from planner.routing.solution import Route, RoutePlan
from planner.routing.stops import Stop
from planner.routing.validate import stop_faults


class Cargo(StrEnum):
    """What becomes of the goods on a vehicle that is lost: fetched where it stands by another, or gone."""

    FETCH = "fetch"
    GONE = "gone"


@dataclass(frozen=True, slots=True, kw_only=True)
class VehicleReport:
    """What is known of one vehicle: a delay on its plan, that it is lost, where it stands.

    A vehicle without a report is on time. ``place_id`` is a row of the travel matrix; without it the vehicle is on the leg
    its plan and its delay say, which it finishes. With it, it stands there, free from ``free_s`` on (now if None).
    ``done`` are the stops it has served if that is not what plan and delay say.
    """

    vehicle_id: str
    delay_s: float = 0.0
    lost: bool = False
    cargo: Cargo = Cargo.FETCH
    place_id: str = ""
    free_s: float | None = None
    done: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """The state of a running plan at ``now_s``, and how much of what was announced may be changed.

    A stop on a route was announced with its vehicle and the time at which its service begins. Another vehicle, a time off
    by more than ``tolerance_s``, or no visit at all is a change; at most ``most_changes`` are made. Goods on a lost vehicle
    are handed over in ``transfer_duration_s``.
    """

    now_s: float
    most_changes: int
    tolerance_s: float
    reports: tuple[VehicleReport, ...] = ()
    new_stops: tuple[Stop, ...] = ()
    cancelled: tuple[str, ...] = ()
    transfer_duration_s: float = 600.0

    def report_of(self, vehicle_id: str) -> VehicleReport:
        """Return what is known of a vehicle."""
        known = {report.vehicle_id: report for report in self.reports}
        return known.get(vehicle_id, VehicleReport(vehicle_id=vehicle_id))


class ChangeKind(StrEnum):
    """What became of a stop that had been announced."""

    OTHER_VEHICLE = "other_vehicle"
    OTHER_TIME = "other_time"
    DROPPED = "dropped"


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """An announced stop that is served otherwise, or not at all (then ``vehicle_after`` is empty, ``after_s`` None).

    ``forced`` says that it would have changed if every vehicle had simply gone on as planned.
    """

    stop_id: str
    kind: ChangeKind
    vehicle_before: str
    before_s: float
    vehicle_after: str
    after_s: float | None
    forced: bool


@dataclass(frozen=True, kw_only=True)
class Replan:
    """The plan of what is left of the day, a problem of its own, and what changes for those who had been told.

    In ``problem`` and ``plan`` every vehicle is a type by itself, whose id is the vehicle's. A vehicle on the road begins
    with a stop "@<vehicle>/here", where it is and has on board what it has collected. What another vehicle has to fetch from
    a lost one are stops "@<vehicle>/<stop>" and pairs with them; a stop that was to be brought something and to hand over
    something is then two: its own id for what it is brought, and "<stop>/pickup".
    ``done`` were served before, ``gone`` are stops whose goods are gone with their vehicle. ``places`` says for "@<vehicle>"
    at which place of the first problem it is.
    """

    problem: RoutingProblem
    plan: RoutePlan
    changes: tuple[Change, ...]
    done: tuple[str, ...]
    gone: tuple[str, ...]
    most_changes: int
    tolerance_s: float
    places: Mapping[str, str] = field(default_factory=dict)

    @property
    def forced_count(self) -> int:
        """Return how many changes nobody chose."""
        return sum(change.forced for change in self.changes)

    @property
    def within_bound(self) -> bool:
        """Return whether no more was changed than allowed; only forced changes can be more."""
        return len(self.changes) <= self.most_changes


def refuse_bad_day(problem: RoutingProblem, plan: RoutePlan, day: Day) -> None:
    """Raise if the day does not fit the problem and its plan.

    Raises
    ------
    BadDataError
        All faults at once.
    """
    faults = list(_faults(problem, plan, day))
    if faults:
        raise BadDataError("the day cannot be planned again", faults)


def _faults(problem: RoutingProblem, plan: RoutePlan, day: Day) -> Iterator[str]:
    if any(kind.driving_rule is not None for kind in problem.vehicle_types):
        yield "driving_rule: how long each driver has been at the wheel since a rest is not known: not planned again here"
    if not (math.isfinite(day.now_s) and day.now_s >= 0):
        yield f"now_s is {day.now_s}, it must be a time of the day"
    for name in ("tolerance_s", "transfer_duration_s"):
        value = getattr(day, name)
        if not (math.isfinite(value) and value >= 0):
            yield f"{name} is {value}, it must be 0 or more"
    if day.most_changes < 0:
        yield f"most_changes is {day.most_changes}, it must be 0 or more"
    vehicles = {id_ for kind in problem.vehicle_types for id_ in kind.vehicle_ids()}
    stops = {stop.id for stop in problem.stops}
    places = set(problem.travel.origin_ids) & set(problem.travel.destination_ids)
    named = [report.vehicle_id for report in day.reports]
    yield from (
        f"vehicle {id_!r} is reported more than once" for id_ in sorted({x for x in named if named.count(x) > 1})
    )
    routes = {route.vehicle_id: route for route in plan.routes}
    for report in day.reports:
        yield from _report_faults(report, vehicles, places, routes.get(report.vehicle_id), day)
    yield from (f"cancelled: no stop {id_!r}" for id_ in dict.fromkeys(day.cancelled) if id_ not in stops)
    for pair in problem.pairs:
        if (pair.delivery_id in day.cancelled) != (pair.pickup_id in day.cancelled):
            yield f"cancelled: {pair.pickup_id!r} and {pair.delivery_id!r} are a pair: cancel both"
    taken = Counter([*stops, *(depot.id for depot in problem.depots), *(stop.id for stop in day.new_stops)])
    for stop in day.new_stops:
        if taken[stop.id] > 1 or "@" in stop.id or "/" in stop.id:
            yield f"new stop {stop.id!r}: the id is taken, or has @ or / in it; give it an id of its own"
        if stop.place not in places:
            yield f"new stop {stop.id!r}: no place {stop.place!r} in the travel matrix"
        yield from (f"new {fault}" for fault in stop_faults(problem, stop))


def _report_faults(
    report: VehicleReport, vehicles: set[str], places: set[str], route: Route | None, day: Day
) -> Iterator[str]:
    name = f"vehicle {report.vehicle_id!r}"
    if report.vehicle_id not in vehicles:
        yield f"{name}: there is none"
    if not (math.isfinite(report.delay_s) and report.delay_s >= 0):
        yield f"{name}: delay_s is {report.delay_s}, it must be 0 or more"
    if report.place_id and report.place_id not in places:
        yield f"{name}: no place {report.place_id!r} in the travel matrix"
    if route is None and (report.place_id or report.free_s is not None):
        yield f"{name}: it has no round and stands at its depot: leave place_id and free_s out; delay_s says when it can go"
    if report.free_s is not None and not (
        report.place_id and math.isfinite(report.free_s) and report.free_s >= day.now_s
    ):
        yield f"{name}: free_s is {report.free_s}, it must not be before now, and needs place_id"
    visits = () if route is None else tuple(visit.stop_id for visit in route.visits)
    if report.done is not None and visits[: len(report.done)] != report.done:
        known = ", ".join(visits) or "none"
        yield f"{name}: done {', '.join(report.done)} are not the first stops of its round: {known}"
