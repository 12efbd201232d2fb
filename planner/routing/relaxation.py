"""The smallest changes that would serve a stop that is on no route, and the problem with such a change made."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from planner.routing.problem import RoutingProblem
from planner.routing.stops import Stop
from planner.routing.vehicles import VehicleType


class RelaxationKind(StrEnum):
    """What is changed: the stop's hours or worth, or one vehicle's shift, room, limits or skills, or the fleet."""

    CLOSES_LATER = "window_closes_later"
    OPENS_EARLIER = "window_opens_earlier"
    READY_EARLIER = "goods_ready_earlier"
    ENDS_LATER = "shift_ends_later"
    STARTS_EARLIER = "shift_starts_earlier"
    LONGER_DUTY = "longer_duty"
    MORE_ROOM = "more_room"
    LONGER_ROUTE = "longer_round"
    MORE_DRIVING = "more_driving"
    ONE_MORE_STOP = "more_stops"
    SKILL = "vehicle_gets_the_skill"
    ADMISSION = "vehicle_is_let_come"
    ONE_MORE_VEHICLE = "one_more_vehicle"
    WORTH_MORE = "stop_is_worth_more"
    LONGER_SEARCH = "longer_search"
    RETURN_TO_LOAD = "vehicle_returns_to_load"


@dataclass(frozen=True, slots=True, kw_only=True)
class Relaxation:
    """One change that serves the stop, all other routes and stops staying as they are.

    ``vehicle_id`` is the vehicle that would serve it; ``amount`` how much the limit is moved, in seconds, metres, stops or
    yuan by the kind; ``until_s`` the clock time to which a window, shift or release moves, or at which a vehicle is back to
    load; ``room`` what is lacking by dimension; ``skills`` what the vehicle would need besides; ``added_yuan`` what serving
    the stop so adds to the cost.
    """

    kind: RelaxationKind
    vehicle_id: str
    vehicle_type_id: str
    amount: float = 0.0
    until_s: float | None = None
    room: tuple[float, ...] = ()
    skills: tuple[str, ...] = ()
    added_yuan: float = 0.0


def relaxed(problem: RoutingProblem, stop_id: str, change: Relaxation) -> RoutingProblem:
    """Return the problem with the change made; what is asked of one vehicle is granted to its whole type."""
    kinds = tuple(
        relaxed_kind(kind, change) if kind.id == change.vehicle_type_id else kind for kind in problem.vehicle_types
    )
    stops = tuple(relaxed_stop(stop, change) if stop.id == stop_id else stop for stop in problem.stops)
    return replace(problem, vehicle_types=kinds, stops=stops)


def relaxed_kind(kind: VehicleType, change: Relaxation) -> VehicleType:
    """Return the type of vehicle with the change made, if it is one of a vehicle."""
    match change.kind:
        case RelaxationKind.ENDS_LATER:
            return replace(kind, shift_end_s=kind.shift_end_s + change.amount)
        case RelaxationKind.STARTS_EARLIER:
            return replace(kind, shift_start_s=max(0.0, kind.shift_start_s - change.amount))
        case RelaxationKind.LONGER_DUTY:
            return replace(kind, max_duration_s=kind.max_duration_s + change.amount)
        case RelaxationKind.MORE_ROOM:
            return replace(kind, capacity=tuple(a + b for a, b in zip(kind.capacity, change.room, strict=True)))
        case RelaxationKind.LONGER_ROUTE:
            return replace(kind, max_distance_m=kind.max_distance_m + change.amount)
        case RelaxationKind.MORE_DRIVING:
            return replace(kind, max_driving_s=kind.max_driving_s + change.amount)
        case RelaxationKind.ONE_MORE_STOP if kind.max_stops is not None:
            return replace(kind, max_stops=kind.max_stops + round(change.amount))
        case RelaxationKind.SKILL:
            return replace(kind, skills=(*kind.skills, *change.skills))
        case RelaxationKind.ONE_MORE_VEHICLE:
            return replace(kind, count=kind.count + 1, skills=(*kind.skills, *change.skills))
        case _:
            return kind


def relaxed_stop(stop: Stop, change: Relaxation) -> Stop:
    """Return the stop with the change made, if it is one of the stop."""
    until_s = change.until_s or 0.0
    match change.kind:
        case RelaxationKind.CLOSES_LATER:
            return with_windows(stop, _moved(stop.windows, until_s, later=True))
        case RelaxationKind.OPENS_EARLIER:
            return with_windows(stop, _moved(stop.windows, until_s, later=False))
        case RelaxationKind.READY_EARLIER:
            return replace(stop, release_s=until_s)
        case RelaxationKind.ADMISSION:
            barred = {change.vehicle_id, change.vehicle_type_id}
            wanted = (*stop.only_vehicles, change.vehicle_id) if stop.only_vehicles else ()
            return replace(
                stop, only_vehicles=wanted, not_vehicles=tuple(id_ for id_ in stop.not_vehicles if id_ not in barred)
            )
        case RelaxationKind.WORTH_MORE:
            return replace(stop, skip_cost_yuan=stop.skip_cost_yuan + change.amount)
        case _:
            return stop


def with_windows(stop: Stop, windows: Sequence[tuple[float, float]]) -> Stop:
    """Return the stop open within these (opening, closing) pairs."""
    return replace(stop, opens_s=windows[0][0], closes_s=windows[0][1], further_windows=tuple(windows[1:]))


def _moved(windows: Sequence[tuple[float, float]], until_s: float, *, later: bool) -> list[tuple[float, float]]:
    """Return the windows, the one next to the time on its open side stretched to it."""
    changed = list(windows)
    if later:
        at = max((i for i, (opens, _) in enumerate(windows) if opens <= until_s), default=0)
        changed[at] = (windows[at][0], until_s)
    else:
        at = next((i for i, (_, closes) in enumerate(windows) if closes >= until_s), len(windows) - 1)
        changed[at] = (until_s, windows[at][1])
    return changed
