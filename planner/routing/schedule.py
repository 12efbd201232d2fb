"""Times, loads and cost of one vehicle's route, given the order of its steps."""

from __future__ import annotations

import math
from collections.abc import Sequence

from planner.routing.loads import loads_of
from planner.routing.problem import RoutingProblem
from planner.routing.solution import Reload, Route, Visit
from planner.routing.stops import Stop
from planner.routing.timing import Step, Timed, Timer
from planner.routing.vehicles import Break, VehicleType

_SLACK = 1e-6
_HALVINGS = 50


def schedule(problem: RoutingProblem, kind: VehicleType, vehicle_id: str, steps: Sequence[Step]) -> Route | None:
    """Return the route with the earliest possible end and, for that end, the latest possible start; None if none fits.

    Starting late costs nothing and saves paid waiting at the first stops (forward slack: Savelsbergh 1992). Breaks that the
    route need not take are left out.
    """
    timer = Timer(problem, kind)
    timed = _latest(problem, timer, steps)
    left_out: list[float] = []
    for pause in [step for step in steps if isinstance(step, Break) and not step.always]:
        without = [step for step in steps if step != pause]
        shorter = _latest(problem, timer, without)
        last = [*left_out, pause.windows[-1][1]]
        if shorter is not None and not any(shorter.start_s <= closes < shorter.end_s for closes in last):
            steps, timed, left_out = without, shorter, last
    if timed is None or timed.end_s - timed.start_s > kind.max_duration_s + _SLACK:
        return None
    return _route(problem, kind, vehicle_id, timed)


def _latest(problem: RoutingProblem, timer: Timer, steps: Sequence[Step]) -> Timed | None:
    first = timer.drive(steps, timer.kind.shift_start_s)
    if first.fault:
        return None
    if first.pauses or problem.speed_of_day or timer.kind.driving_rule is not None:
        return _latest_by_trying(timer, steps, first)
    latest = first.end_s - first.return_driving_s
    for call in reversed(first.calls):
        latest -= call.departure_s - call.begins_s
        if isinstance(call.step, Stop):
            latest = min(latest, next(c for o, c in reversed(call.step.windows) if o <= call.begins_s + _SLACK))
        latest -= call.driving_s
    again = timer.drive(steps, latest)
    return first if again.fault or again.end_s > first.end_s + _SLACK or latest < first.start_s - _SLACK else again


def _latest_by_trying(timer: Timer, steps: Sequence[Step], first: Timed) -> Timed:
    """Return the route of the latest start, found by halving, that still ends as early."""
    best, low, high = first, first.start_s, first.end_s
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        tried = timer.drive(steps, middle)
        if tried.fault or tried.end_s > first.end_s + 1e-9:
            high = middle
        else:
            best, low = tried, middle
    return best


def _route(problem: RoutingProblem, kind: VehicleType, vehicle_id: str, timed: Timed) -> Route:
    at_start, after = loads_of(problem, [call.step for call in timed.calls])
    visits: list[Visit] = []
    reloads: list[Reload] = []
    for call, load in zip(timed.calls, after, strict=True):
        if isinstance(call.step, Stop):
            visits.append(
                Visit(
                    stop_id=call.step.id,
                    arrival_s=call.arrival_s,
                    service_start_s=call.begins_s,
                    departure_s=call.departure_s,
                    distance_m=call.distance_m,
                    driving_s=call.driving_s,
                    delivered=call.step.delivery,
                    picked_up=call.step.pickup,
                    load_after=load,
                    setup_s=call.setup_s,
                )
            )
        else:
            reloads.append(
                Reload(
                    depot_id=call.step.id,
                    after=len(visits),
                    arrival_s=call.arrival_s,
                    departure_s=call.departure_s,
                    distance_m=call.distance_m,
                    driving_s=call.driving_s,
                    load_after=load,
                )
            )
    return Route(
        vehicle_id=vehicle_id,
        vehicle_type_id=kind.id,
        depot_id=kind.depot_id,
        start_s=timed.start_s,
        end_s=timed.end_s,
        load_at_start=at_start,
        visits=tuple(visits),
        return_distance_m=timed.return_distance_m,
        return_driving_s=timed.return_driving_s,
        distance_m=timed.distance_m,
        driving_s=timed.driving_s,
        cost_yuan=money_yuan(kind, timed.distance_m, timed.end_s - timed.start_s, timed.driving_s),
        end_depot_id=kind.end_id if kind.end_id != kind.depot_id else "",
        open_start=kind.open_start,
        open_end=kind.open_end,
        pauses=tuple(timed.pauses),
        reloads=tuple(reloads),
    )


def money_yuan(kind: VehicleType, distance_m: float, duty_s: float, driving_s: float) -> float:
    """Return what a route costs."""
    return (
        kind.fixed_cost_yuan
        + kind.cost_per_km_yuan * distance_m / 1000
        + kind.cost_per_hour_yuan * duty_s / 3600
        + kind.cost_per_driving_hour_yuan * driving_s / 3600
    )


def balance_yuan(problem: RoutingProblem, kind: VehicleType, route: Route) -> float:
    """Return what a route adds to the objective so that equal routes are preferred."""
    duty_h = (route.end_s - route.start_s) / 3600
    share = 0.0
    limited = [d for d, most in enumerate(kind.capacity) if math.isfinite(most) and most > 0]
    if limited and problem.balance_load_yuan:
        d = limited[0]
        handled = sum(visit.delivered[d] + visit.picked_up[d] for visit in route.visits)
        share = handled / kind.capacity[d]
    return problem.balance_duty_yuan * duty_h**2 + problem.balance_load_yuan * share**2
