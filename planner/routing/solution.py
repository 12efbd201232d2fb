"""What routing answers: timed and loaded visits, and the stops nobody visits, with reasons."""

from __future__ import annotations

import operator
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated

from pydantic import Field

from planner.errors import Message
from planner.model import Fact
from planner.routing.relaxation import Relaxation

LaterCount = Annotated[int, Field(exclude_if=operator.not_)]
"""A count that documents did not have at first: none is not written, so that they stay as they were."""


class UnassignedReason(StrEnum):
    """Why a stop is on no route; all but the last are proven, whatever else the plan serves and in what order.

    Claims no proof: the fleet used up, no route found, skipped. Said of what is left of a running day only: goods that lie
    at a depot where no vehicle comes back to load, and no vehicle left that is on duty.
    """

    NO_SKILL = "no_vehicle_with_the_skills"
    NOT_ALLOWED = "no_vehicle_allowed"
    UNREACHABLE = "unreachable"
    TOO_LARGE = "larger_than_any_vehicle"
    WINDOW_TOO_EARLY = "window_closes_before_arrival"
    SHIFT_TOO_SHORT = "does_not_fit_any_shift"
    TOO_FAR = "beyond_the_limits_of_any_vehicle"
    BREAK = "break_stands_against"
    NOT_TOGETHER = "pair_does_not_fit_together"
    GOODS_AT_DEPOT = "goods_at_the_depot"
    NO_VEHICLE_LEFT = "no_vehicle_left"
    FLEET_USED_UP = "fleet_used_up"
    NO_ROUTE_FOUND = "no_route_found"
    SKIPPED = "skipped_at_its_cost"


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """One stop of a route: arrive, wait if it is early, serve, leave; amounts are by dimension.

    ``distance_m`` and ``driving_s`` are those of the leg that leads here; ``load_after`` is what the vehicle carries away.
    ``setup_s`` passes between ``service_start_s``, which lies within a window, and the service itself.
    """

    stop_id: str
    arrival_s: float
    service_start_s: float
    departure_s: float
    distance_m: float
    driving_s: float
    delivered: tuple[float, ...]
    picked_up: tuple[float, ...]
    load_after: tuple[float, ...]
    setup_s: float = 0.0


class PauseKind(StrEnum):
    """Why a vehicle stands still: a break of its own, or the rest that the rule on driving times asks for."""

    BREAK = "break"
    REST = "rest"


@dataclass(frozen=True, slots=True, kw_only=True)
class Pause:
    """A break or rest between two steps of a route, on the way or where the vehicle stands.

    ``after`` counts the visits and reloads before it; ``break_id`` is empty for a rest.
    """

    kind: PauseKind
    break_id: str
    after: int
    start_s: float
    end_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Reload:
    """A call at a depot during the route: what was collected is handed over, new deliveries are taken on once all are ready.

    ``after`` counts the visits before it; ``load_after`` is what the vehicle carries away.
    """

    depot_id: str
    after: int
    arrival_s: float
    departure_s: float
    distance_m: float
    driving_s: float
    load_after: tuple[float, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Leg:
    """A drive between two calls, by ids of stops and depots.

    ``call`` is what it leads to, None for the end of the route; ``load`` is what is on board meanwhile.
    """

    origin_id: str
    destination_id: str
    distance_m: float
    driving_s: float
    load: tuple[float, ...]
    call: Visit | Reload | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """One vehicle's route; totals include the leg back to the depot, given as ``return_distance_m, return_driving_s``.

    ``depot_id`` is where it starts, ``end_depot_id`` where it ends (the same if empty); a route with ``open_start`` begins
    at its first stop, one with ``open_end`` ends at its last.
    """

    vehicle_id: str
    vehicle_type_id: str
    depot_id: str
    start_s: float
    end_s: float
    load_at_start: tuple[float, ...]
    visits: tuple[Visit, ...]
    return_distance_m: float
    return_driving_s: float
    distance_m: float
    driving_s: float
    cost_yuan: float
    end_depot_id: str = ""
    open_start: bool = False
    open_end: bool = False
    pauses: tuple[Pause, ...] = ()
    reloads: tuple[Reload, ...] = ()

    def calls(self) -> list[Visit | Reload]:
        """Return visits and reloads in driving order."""
        calls: list[Visit | Reload] = list(self.visits)
        for i, reload in enumerate(sorted(self.reloads, key=lambda call: call.after)):
            calls.insert(reload.after + i, reload)
        return calls

    def legs(self) -> list[Leg]:
        """Return each leg in driving order; an open start has none to the first call, an open end none from the last."""
        legs, load = [], self.load_at_start
        origin = "" if self.open_start else self.depot_id
        for call in self.calls():
            place = call.stop_id if isinstance(call, Visit) else call.depot_id
            if origin:
                legs.append(
                    Leg(
                        origin_id=origin,
                        destination_id=place,
                        distance_m=call.distance_m,
                        driving_s=call.driving_s,
                        load=load,
                        call=call,
                    )
                )
            origin, load = place, call.load_after
        if origin and not self.open_end:
            legs.append(
                Leg(
                    origin_id=origin,
                    destination_id=self.end_depot_id or self.depot_id,
                    distance_m=self.return_distance_m,
                    driving_s=self.return_driving_s,
                    load=load,
                    call=None,
                )
            )
        return legs


@dataclass(frozen=True, slots=True, kw_only=True)
class Unassigned:
    """A stop on no route: the reason, the figures that stood against it, and the smallest changes that would serve it."""

    stop_id: str
    reason: UnassignedReason
    details: Fact
    relaxations: tuple[Relaxation, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Reached:
    """What one search of a plan ended with: its engine and seed, what its routes cost, how many stops are on none."""

    engine: str
    seed: int
    cost_yuan: float
    unassigned: LaterCount = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class RoutePlan:
    """Routes by vehicle id and unassigned stops by id, with the cost and a bound no plan of the served stops can undercut.

    ``cost_yuan`` is the money the routes cost; what balance adds to the objective is in ``balance_yuan``.
    ``engine`` with ``seed`` found the plan; ``reached`` says what each search came to where several ran side by side and
    handed on the best, so that one may have ended with what another found.
    ``lower_bound_yuan`` is simple and valid (see `planner.routing.bound`), not tight.
    """

    dimensions: tuple[str, ...]
    routes: tuple[Route, ...]
    unassigned: tuple[Unassigned, ...]
    cost_yuan: float
    lower_bound_yuan: float
    engine: str
    seed: int
    balance_yuan: float = 0.0
    reached: tuple[Reached, ...] = ()

    def found_by(self) -> Fact:
        """Return the engine and the seed, and what each search reached where there were several."""
        if len(self.reached) < 2:
            return Fact(code="found_by_engine", params={"engine": _named(self.engine), "seed": self.seed})
        searches = tuple(
            Fact(
                code="search_reached",
                params={"engine": _named(one.engine), "seed": one.seed, "cost_yuan": one.cost_yuan},
            )
            for one in self.reached
        )
        return Fact(code="found_by_best_of", params={"engine": _named(self.engine), "searches": searches})


def _named(engine: str) -> Fact | str:
    """Return an engine's name as a code that has words; what a document calls otherwise, as it is there."""
    return Fact(code=engine) if engine in ("ruin_recreate", "ortools", "pyvrp") else engine


class ViolationKind(StrEnum):
    """What `planner.routing.check` can find wrong with a plan."""

    UNKNOWN_ID = "unknown_id"
    VISITED_TWICE = "visited_twice"
    NOT_ACCOUNTED_FOR = "not_accounted_for"
    VEHICLE_USED_TWICE = "vehicle_used_twice"
    NO_WAY = "no_way"
    CAPACITY = "capacity"
    WINDOW = "window"
    SKILL = "skill"
    WRONG_VEHICLE = "wrong_vehicle"
    PAIR = "pair"
    ORDER = "order"
    LOCK = "lock"
    RELOAD = "reload"
    RELEASE = "release"
    BREAK = "break"
    REST = "rest"
    MAX_DISTANCE = "max_distance"
    MAX_DRIVING = "max_driving"
    MAX_STOPS = "max_stops"
    CHANGES = "changes"
    SHIFT = "shift"
    MAX_DURATION = "max_duration"
    WRONG_TIME = "wrong_time"
    WRONG_LOAD = "wrong_load"
    WRONG_DISTANCE = "wrong_distance"
    WRONG_COST = "wrong_cost"
    WRONG_REASON = "wrong_reason"
    EMPTY_ROUTE = "empty_route"
    WRONG_DIMENSIONS = "wrong_dimensions"


@dataclass(frozen=True, slots=True, kw_only=True)
class Violation:
    """One claim of a plan that proves false when it is replayed; ``message`` says which, without where."""

    kind: ViolationKind
    vehicle_id: str
    stop_id: str
    message: Message

    def said(self) -> Message:
        """Return what is false and where: of which vehicle and stop, or of the whole plan."""
        where = " ".join(part for part in (self.vehicle_id, self.stop_id) if part)
        if not where:
            return Message("plan: {message}", message=self.message)
        return Message("{where}: {message}", where=where, message=self.message)

    def __str__(self) -> str:
        return str(self.said())
