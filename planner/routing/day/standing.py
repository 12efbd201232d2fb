"""Where each vehicle of a running plan is, what it has done and what it has on board."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import takewhile

from planner.routing.clock import SpeedOfDay
from planner.routing.day.events import Day, VehicleReport
from planner.routing.problem import RoutingProblem
from planner.routing.solution import PauseKind, Reload, Route, RoutePlan, Visit
from planner.routing.timing import Timer
from planner.routing.vehicles import VehicleType

_SLACK_S = 1e-3

Amounts = tuple[float, ...]
Call = Visit | Reload


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """One vehicle at this hour.

    ``out`` it is on the road, ``finished`` back. It is at ``place_id``, or on the way there, and free from ``free_s`` on.
    ``aboard`` are the stops whose deliveries it carries, ``halves`` the deliveries of pairs that it has picked up,
    ``collected`` what it brings to its next depot. ``ahead`` are the calls still planned; ``driven_m`` and ``driven_s`` lie
    behind it, with the leg it is on.
    """

    kind: VehicleType
    vehicle_id: str
    report: VehicleReport
    route: Route | None
    out: bool = False
    finished: bool = False
    place_id: str = ""
    free_s: float = 0.0
    done: tuple[str, ...] = ()
    aboard: tuple[str, ...] = ()
    halves: tuple[str, ...] = ()
    collected: Amounts = ()
    ahead: tuple[Call, ...] = ()
    driven_m: float = 0.0
    driven_s: float = 0.0
    reloads_done: int = 0
    breaks_taken: tuple[str, ...] = ()


def standings(problem: RoutingProblem, plan: RoutePlan, day: Day) -> list[Standing]:
    """Return where every vehicle of the fleet is, by type and number."""
    routes = {route.vehicle_id: route for route in plan.routes}
    return [
        _standing(problem, day, kind, id_, routes.get(id_))
        for kind in problem.vehicle_types
        for id_ in kind.vehicle_ids()
    ]


def _standing(problem: RoutingProblem, day: Day, kind: VehicleType, vehicle_id: str, route: Route | None) -> Standing:
    report = day.report_of(vehicle_id)
    nothing = (0.0,) * len(problem.dimensions)
    still = Standing(kind=kind, vehicle_id=vehicle_id, report=report, route=route, collected=nothing)
    if route is None:
        return still
    calls, late = route.calls(), report.delay_s
    if not (report.done or report.place_id) and route.start_s + late > day.now_s:
        return replace(still, ahead=tuple(calls))
    passed = _passed(calls, day, report)
    if passed == len(calls) and not report.place_id and route.end_s + late <= day.now_s:
        return replace(still, finished=True, done=tuple(visit.stop_id for visit in route.visits))
    place, free_s, under_way = _position(problem, day, kind, route, calls, passed)
    driven = calls[: passed + under_way]
    return replace(
        _with_goods(still, problem, day, calls[:passed], calls[passed:]),
        out=True,
        place_id=place,
        free_s=free_s,
        ahead=tuple(calls[passed:]),
        driven_m=sum(call.distance_m for call in driven),
        driven_s=sum(call.driving_s for call in driven),
        reloads_done=sum(isinstance(call, Reload) for call in calls[:passed]),
        breaks_taken=tuple(
            pause.break_id
            for pause in route.pauses
            if pause.kind is PauseKind.BREAK and pause.start_s + late <= day.now_s
        ),
    )


def _with_goods(
    still: Standing, problem: RoutingProblem, day: Day, behind: Sequence[Call], ahead: Sequence[Call]
) -> Standing:
    """Return a vehicle with what it has done and has on board, told by the calls behind and ahead of it."""
    stops = {stop.id: stop for stop in problem.stops}
    paired = {id_ for pair in problem.pairs for id_ in (pair.pickup_id, pair.delivery_id)}
    done = tuple(call.stop_id for call in behind if isinstance(call, Visit))
    carried = [
        id_ for id_ in _up_to_reload(ahead) if id_ not in done and id_ not in paired and any(stops[id_].delivery)
    ]
    halves = [pair.delivery_id for pair in problem.pairs if pair.pickup_id in done and pair.delivery_id not in done]
    failed, since_load = still.report.failed, _up_to_reload(reversed(behind))
    back = [stops[id_].pickup for id_ in since_load if id_ not in paired and id_ not in failed]
    back += [stops[id_].delivery for id_ in since_load if id_ in failed]
    back += [stops[id_].delivery for id_ in (*carried, *halves) if id_ in day.cancelled]
    return replace(
        still,
        done=done,
        aboard=tuple(id_ for id_ in carried if id_ not in day.cancelled),
        halves=tuple(id_ for id_ in halves if id_ not in day.cancelled),
        collected=tuple(sum(column) for column in zip(still.collected, *back, strict=True)),
    )


def _passed(calls: Sequence[Call], day: Day, report: VehicleReport) -> int:
    """Return how many calls lie behind the vehicle: service or loading has begun."""
    begun = [
        (call.service_start_s if isinstance(call, Visit) else call.arrival_s) + report.delay_s <= day.now_s
        for call in calls
    ]
    if report.done is None:
        return next((i for i, has in enumerate(begun) if not has), len(calls))
    visits = 0
    for i, call in enumerate(calls):
        if isinstance(call, Visit):
            if visits == len(report.done):
                return i
            visits += 1
        elif visits == len(report.done) and not begun[i]:
            return i
    return len(calls)


def _position(
    problem: RoutingProblem,
    day: Day,
    kind: VehicleType,
    route: Route,
    calls: Sequence[Call],
    passed: int,
) -> tuple[str, float, bool]:
    """Return the place, when the vehicle is free there, and whether it is on the way.

    One that is ahead of its plan by what it is said to have done is free now at the last stop that it has served.
    """
    report = day.report_of(route.vehicle_id)
    if report.place_id:
        return report.place_id, day.now_s if report.free_s is None else report.free_s, False
    stops = {stop.id: stop.place for stop in problem.stops}

    def place(call: Call) -> str:
        return stops[call.stop_id] if isinstance(call, Visit) else call.depot_id

    if passed and (leaves := calls[passed - 1].departure_s + report.delay_s) > day.now_s and report.done is None:
        return place(calls[passed - 1]), leaves, False
    last = kind.end_id if passed == len(calls) and not kind.open_end else place(calls[min(passed, len(calls) - 1)])
    planned_s = route.end_s if passed == len(calls) else calls[passed].arrival_s
    if (
        report.done
        and passed
        and _ahead_of_plan(problem, day, kind, place(calls[passed - 1]), last, planned_s + report.delay_s)
    ):
        return place(calls[passed - 1]), day.now_s, False
    if passed == len(calls):
        return last, max(day.now_s, route.end_s + report.delay_s), True
    ahead = calls[passed]
    arrives = max(day.now_s, ahead.arrival_s + report.delay_s)
    return place(ahead), arrives, True


def _ahead_of_plan(
    problem: RoutingProblem, day: Day, kind: VehicleType, origin: str, destination: str, planned_s: float
) -> bool:
    """Return whether a vehicle that leaves the last place it has served now is at the next one before its plan says so."""
    needed_s = Timer(problem, kind).leg(origin, destination)[0]
    return SpeedOfDay(problem.speed_of_day).arrive(day.now_s, needed_s) < planned_s - _SLACK_S


def _up_to_reload(calls: Iterable[Call]) -> list[str]:
    """Return the stops before the first reload."""
    return [call.stop_id for call in takewhile(lambda call: isinstance(call, Visit), calls) if isinstance(call, Visit)]
