"""What has become of a plan in the course of the day, and the new plan that answers it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from planner.routing.problem import RoutingProblem
from planner.routing.solution import Route, RoutePlan
from planner.routing.stops import Stop


class Cargo(StrEnum):
    """What becomes of the goods on a vehicle that is lost: fetched where it stands by another, or gone."""

    FETCH = "fetch"
    GONE = "gone"


@dataclass(frozen=True, slots=True, kw_only=True)
class VehicleReport:
    """What is known of one vehicle: a delay on its plan, that it is lost, where it stands.

    A vehicle without a report is on time. ``place_id`` is a row of the travel matrix; without it the vehicle is on the leg
    its plan and its delay say, which it finishes. With it, it stands there, free from ``free_s`` on (now if None).
    ``done`` are the stops it has behind it if that is not what plan and delay say; ``failed`` are those of them that it did
    not serve: what they were to get is on board, and nothing was collected there.
    """

    vehicle_id: str
    delay_s: float = 0.0
    lost: bool = False
    cargo: Cargo = Cargo.FETCH
    place_id: str = ""
    free_s: float | None = None
    done: tuple[str, ...] | None = None
    failed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """The state of a running plan at ``now_s``, and how much of what was announced may be changed.

    A stop on a route was announced with its vehicle and the time at which its service begins. Another vehicle, a time off
    by more than ``tolerance_s``, or no visit at all is a change; at most ``most_changes`` are made. Goods on a lost vehicle
    are handed over in ``transfer_duration_s``. Changes are made only where that serves more stops, or makes
    what people bear of them less (`planner.routing.day.burden`); with ``improve`` also to save money.
    """

    now_s: float
    most_changes: int
    tolerance_s: float
    reports: tuple[VehicleReport, ...] = ()
    new_stops: tuple[Stop, ...] = ()
    cancelled: tuple[str, ...] = ()
    transfer_duration_s: float = 600.0
    improve: bool = False

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
class StopChange:
    """An announced stop that is served otherwise, or not at all (then ``vehicle_after`` is empty, ``after_s`` None).

    ``forced`` says that it would have changed if every vehicle had simply gone on as planned; that would have served it at
    ``going_on_s``, None if it could not.
    """

    stop_id: str
    kind: ChangeKind
    vehicle_before: str
    before_s: float
    vehicle_after: str
    after_s: float | None
    forced: bool
    going_on_s: float | None = None


@dataclass(frozen=True, kw_only=True)
class Replan:
    """The plan of what is left of the day, a problem of its own, and what changes for those who had been told.

    In ``problem`` and ``plan`` every vehicle is a type by itself, whose id is the vehicle's. A vehicle on the road begins
    with a stop "@<vehicle>/here", where it is and has on board what it has collected. What another vehicle has to fetch from
    a lost one are stops "@<vehicle>/<stop>" and pairs with them; a stop that was to be brought something and to hand over
    something is then two: its own id for what it is brought, which may be gone, and "<stop>/pickup".
    ``done`` lie behind, of which ``failed`` were not served, and those ``too_late`` were served before they were called off;
    ``gone`` are stops whose goods are gone with their vehicle.
    ``places`` says for "@<vehicle>" at which place of the first problem it is. ``going_on`` are the routes if every vehicle
    simply went on as planned, without the stops that it could not serve any more.
    """

    problem: RoutingProblem
    plan: RoutePlan
    changes: tuple[StopChange, ...]
    done: tuple[str, ...]
    gone: tuple[str, ...]
    most_changes: int
    tolerance_s: float
    places: Mapping[str, str] = field(default_factory=dict)
    failed: tuple[str, ...] = ()
    too_late: tuple[str, ...] = ()
    going_on: tuple[Route, ...] = ()

    @property
    def more_m(self) -> float:
        """Return how many metres more are driven than in going on as planned; below 0 if fewer."""
        return sum(route.distance_m for route in self.plan.routes) - sum(route.distance_m for route in self.going_on)

    @property
    def more_duty_s(self) -> float:
        """Return how many seconds more vehicles are out than in going on as planned, all together."""
        return sum(one.end_s - one.start_s for one in self.plan.routes) - sum(
            one.end_s - one.start_s for one in self.going_on
        )

    @property
    def forced_count(self) -> int:
        """Return how many changes nobody chose."""
        return sum(change.forced for change in self.changes)

    @property
    def within_bound(self) -> bool:
        """Return whether no more was changed than allowed; only forced changes can be more."""
        return len(self.changes) <= self.most_changes
