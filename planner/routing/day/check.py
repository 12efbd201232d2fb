"""Whether a new plan of the rest of a day holds: replayed, and compared with the old one by code that made neither."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import takewhile

from planner.errors import Message
from planner.routing.check import check
from planner.routing.check.reasons import true_reasons
from planner.routing.check.route import violations_of
from planner.routing.day.events import Cargo, ChangeKind, Day, Replan
from planner.routing.day.stop_ids import at_vehicle, here_id, is_half, vehicle_at, whole_id
from planner.routing.problem import RoutingProblem
from planner.routing.solution import Route, RoutePlan, UnassignedReason, Violation, ViolationKind, Visit
from planner.routing.stops import Stop
from planner.routing.vehicles import VehicleType

_SLACK_S = 2e-3


def check_replan(problem: RoutingProblem, plan: RoutePlan, day: Day, made: Replan) -> tuple[Violation, ...]:
    """Return every fault: of the new routes, of what was done, of what is on board, of the changes."""
    faults = [*_untrue_reasons(problem, plan, day, made), *check(made.problem, without_the_day(made))]
    faults += _untouched(problem, plan, day, made)
    faults += _other_goods(problem, plan, day, made)
    return (*faults, *_changed(problem, plan, day, made), *_not_going_on(problem, plan, day, made))


_OF_THE_DAY = (UnassignedReason.GOODS_AT_DEPOT, UnassignedReason.NO_VEHICLE_LEFT)


def without_the_day(made: Replan) -> RoutePlan:
    """Return the plan without the stops that are left for a reason of the day, which the routes' check does not know.

    They stand in it with a reason that holds in the problem of the rest of the day.
    """
    stops = {stop.id: stop for stop in made.problem.stops}
    left = tuple(
        replace(one, reason=min(true_reasons(made.problem, stops[one.stop_id]))) if one.reason in _OF_THE_DAY else one
        for one in made.plan.unassigned
    )
    return replace(made.plan, unassigned=left)


def _untrue_reasons(problem: RoutingProblem, plan: RoutePlan, day: Day, made: Replan) -> Iterator[Violation]:
    """Yield what is said to lie at the depot and does not, and who is said to be off duty and drives."""
    loaded = {id_ for route in plan.routes if _left(route, day) for id_ in _on_board(route, _done(route, day))}
    given = {stop.id: stop for stop in (*problem.stops, *day.new_stops)}
    driving = {route.vehicle_type_id for route in made.plan.routes}
    for one in made.plan.unassigned:
        stop = given.get(one.stop_id)
        if one.reason is UnassignedReason.GOODS_AT_DEPOT and (
            stop is None or not any(stop.delivery) or stop.id in loaded
        ):
            yield _found(ViolationKind.WRONG_REASON, "", one.stop_id, Message("its goods do not lie at a depot"))
        if one.reason is UnassignedReason.NO_VEHICLE_LEFT and stop is not None:
            named = {id_ for kind in problem.vehicle_types for id_ in _named(kind, stop) if not stop.only_vehicles}
            free = driving & named if not any(b == stop.id for _, b in problem.before) else set()
            if free:
                yield _found(
                    ViolationKind.WRONG_REASON, "", one.stop_id, Message("{vehicle} is on duty", vehicle=min(free))
                )


def _named(kind: VehicleType, stop: Stop) -> tuple[str, ...]:
    return tuple(id_ for id_ in kind.vehicle_ids() if not {kind.id, id_} & set(stop.not_vehicles))


def _left(route: Route, day: Day) -> bool:
    return bool(_done(route, day)) or route.start_s + day.report_of(route.vehicle_id).delay_s <= day.now_s


def _done(route: Route, day: Day) -> list[str]:
    return [visit.stop_id for visit in route.visits if _begun(visit, day, route)]


def _found(kind: ViolationKind, vehicle_id: str, stop_id: str, message: Message) -> Violation:
    return Violation(kind=kind, vehicle_id=vehicle_id, stop_id=stop_id, message=message)


def _begun(visit: Visit, day: Day, route: Route) -> bool:
    report = day.report_of(route.vehicle_id)
    if report.done is not None:
        return visit.stop_id in report.done
    return visit.service_start_s + report.delay_s <= day.now_s


def _untouched(problem: RoutingProblem, plan: RoutePlan, day: Day, made: Replan) -> Iterator[Violation]:
    """What is done stays done, what is on board stays on its vehicle, nobody is asked for what is cancelled or lost."""
    now = {visit.stop_id: route.vehicle_type_id for route in made.plan.routes for visit in route.visits}
    asked = set(now) | {left.stop_id for left in made.plan.unassigned}
    vain = {id_ for report in day.reports for id_ in report.failed}
    served = {id_ for route in plan.routes for id_ in _done(route, day)} - vain
    for stop_id in day.cancelled:
        if stop_id in asked:
            yield _found(ViolationKind.UNKNOWN_ID, "", stop_id, Message("is cancelled"))
        if (stop_id in served) != (stop_id in made.too_late):
            message = Message("is cancelled: whether it was served before is not what the plan says")
            yield _found(ViolationKind.UNKNOWN_ID, "", stop_id, message)
    expected = {stop.id for stop in (*problem.stops, *day.new_stops)} - set(day.cancelled)
    for route in plan.routes:
        done = [visit.stop_id for visit in route.visits if _begun(visit, day, route)]
        for stop_id in done:
            if stop_id in asked or stop_id not in made.done:
                yield _found(ViolationKind.VISITED_TWICE, route.vehicle_id, stop_id, Message("was served before"))
        expected -= set(done)
        if done or route.start_s + day.report_of(route.vehicle_id).delay_s <= day.now_s:
            yield from _on_the_road(problem, route, done, day, made, now)
    lost = {report.vehicle_id for report in day.reports if report.lost}
    for vehicle_id in sorted(lost & {route.vehicle_type_id for route in made.plan.routes}):
        yield _found(ViolationKind.UNKNOWN_ID, vehicle_id, "", Message("is lost and has a route"))
    for stop_id in sorted(expected - asked - set(made.gone)):
        yield _found(
            ViolationKind.NOT_ACCOUNTED_FOR, "", stop_id, Message("is neither done nor planned nor unassigned")
        )


def _on_the_road(
    problem: RoutingProblem, route: Route, done: list[str], day: Day, made: Replan, now: Mapping[str, str]
) -> Iterator[Violation]:
    """A vehicle that has left keeps what it has on board and goes on, unless it is lost; ``now``: vehicle by stop."""
    report, own = day.report_of(route.vehicle_id), route.vehicle_id
    delivery = {stop.id: stop.delivery for stop in problem.stops}
    paired = {id_ for pair in problem.pairs for id_ in (pair.pickup_id, pair.delivery_id)}
    for stop_id in _on_board(route, done):
        if stop_id in day.cancelled or stop_id in paired or not any(delivery[stop_id]):
            continue
        if not report.lost and now.get(stop_id, own) != own:
            message = Message("is on board of {own}, not of {other}", own=own, other=now[stop_id])
            yield _found(ViolationKind.WRONG_VEHICLE, now[stop_id], stop_id, message)
        if report.lost and stop_id in now:
            yield from _fetched(route, stop_id, day, made)
    back = route.end_s + report.delay_s <= day.now_s
    if not report.lost and not back and here_id(own) not in now:
        yield _found(ViolationKind.NOT_ACCOUNTED_FOR, own, "", Message("is on the road and has no route"))


def _on_board(route: Route, done: list[str]) -> list[str]:
    """Return the stops not done whose goods were loaded at the last call at a depot: up to the next reload."""
    aboard: list[str] = []
    for call in route.calls():
        if isinstance(call, Visit):
            aboard += [] if call.stop_id in done else [call.stop_id]
        elif aboard:
            return aboard
    return aboard


def _fetched(route: Route, stop_id: str, day: Day, made: Replan) -> Iterator[Violation]:
    """Goods of a lost vehicle are taken over where it stands, before they are delivered and by the same vehicle."""
    if day.report_of(route.vehicle_id).cargo is Cargo.GONE:
        stop = next(stop for stop in made.problem.stops if stop.id == stop_id)
        if any(stop.delivery):
            yield _found(ViolationKind.WRONG_LOAD, "", stop_id, Message("its goods are gone"))
        return
    for new in made.plan.routes:
        order = [visit.stop_id for visit in new.visits]
        if stop_id in order and at_vehicle(route.vehicle_id, stop_id) not in order[: order.index(stop_id)]:
            yield _found(
                ViolationKind.PAIR,
                new.vehicle_id,
                stop_id,
                Message("its goods are on {vehicle}", vehicle=route.vehicle_id),
            )


def _changed(problem: RoutingProblem, plan: RoutePlan, day: Day, made: Replan) -> Iterator[Violation]:
    """The changes are those that there are, and no more than allowed."""
    found = _changes(plan, day, made)
    claimed = {change.stop_id: change.kind for change in made.changes}
    for stop_id in sorted(set(found) | set(claimed)):
        if found.get(stop_id) != claimed.get(stop_id):
            message = Message(
                "changes: {found}, the plan says {claimed}",
                found=found.get(stop_id, Message("not at all")),
                claimed=claimed.get(stop_id, Message("not at all")),
            )
            yield _found(ViolationKind.CHANGES, "", stop_id, message)
    steady = {route.vehicle_id for route in plan.routes if _goes_on(problem, route, day)}
    for change in made.changes:
        if change.forced and change.vehicle_before in steady:
            message = Message(
                "{vehicle} could have kept it as it was: the change is not forced", vehicle=change.vehicle_before
            )
            yield _found(ViolationKind.CHANGES, "", change.stop_id, message)
    forced = sum(change.forced for change in made.changes)
    if len(found) > max(day.most_changes, forced):
        yield _found(
            ViolationKind.CHANGES,
            "",
            "",
            Message("{count} stops change, at most {most} may", count=len(found), most=day.most_changes),
        )


def _other_goods(problem: RoutingProblem, plan: RoutePlan, day: Day, made: Replan) -> Iterator[Violation]:
    """Yield vehicles that begin with other goods than they have on board for nobody before their next depot."""
    stops = {stop.id: stop for stop in made.problem.stops}
    for route in made.plan.routes:
        wanted = _carries(problem, plan, day, route)
        here = stops.get(here_id(route.vehicle_type_id))
        if here is not None and any(abs(a - b) > _SLACK_S for a, b in zip(here.pickup, wanted, strict=True)):
            message = Message("has {wanted} on board for nobody, not {found}", wanted=wanted, found=here.pickup)
            yield _found(ViolationKind.WRONG_LOAD, route.vehicle_type_id, here.id, message)


def _carries(problem: RoutingProblem, plan: RoutePlan, day: Day, new: Route) -> tuple[float, ...]:
    """Return what a vehicle has on board that it hands to nobody on its way to the next depot of a route from now on."""
    stops = {stop.id: stop for stop in problem.stops}
    paired = {id_ for pair in problem.pairs for id_ in (pair.pickup_id, pair.delivery_id)}
    before = next((route for route in plan.routes if route.vehicle_id == new.vehicle_type_id), None)
    load = [0.0] * len(problem.dimensions)
    if before is None:
        return tuple(load)
    report, done = day.report_of(before.vehicle_id), _done(before, day)
    first = [
        call.stop_id for call in takewhile(lambda call: isinstance(call, Visit), new.calls()) if isinstance(call, Visit)
    ]
    calls = before.calls()
    last = max((i for i, call in enumerate(calls) if isinstance(call, Visit) and call.stop_id in done), default=-1)
    for i, call in enumerate(calls):
        if not isinstance(call, Visit):
            if i > last and (i > last + 1 or call.arrival_s + report.delay_s > day.now_s):
                break  # not there yet
            load = [0.0] * len(load)
            continue
        stop, served = stops[call.stop_id], call.stop_id in done
        if call.stop_id in paired:
            gives = (
                call.stop_id in day.cancelled
                and not served
                and any(stop.delivery)
                and _has(problem, call.stop_id, done)
            )
            load = [now + down * gives for now, down in zip(load, stop.delivery, strict=True)]
        elif served and call.stop_id not in report.failed:
            load = [now + up for now, up in zip(load, stop.pickup, strict=True)]
        elif served or call.stop_id in day.cancelled or call.stop_id not in first:
            load = [now + down for now, down in zip(load, stop.delivery, strict=True)]
    return tuple(load)


def _has(problem: RoutingProblem, delivery_id: str, done: list[str]) -> bool:
    """Return whether what a pair ships has been picked up."""
    return any(pair.delivery_id == delivery_id and pair.pickup_id in done for pair in problem.pairs)


def _not_going_on(problem: RoutingProblem, plan: RoutePlan, day: Day, made: Replan) -> Iterator[Violation]:
    """Yield where what is said to be going on as planned cannot be driven, is in another order, or has other times."""
    planned = {route.vehicle_id: [visit.stop_id for visit in route.visits] for route in plan.routes}
    times: dict[str, float] = {}
    for route in made.going_on:
        here, goods = here_id(route.vehicle_type_id), _carries(problem, plan, day, route)
        stops = tuple(replace(stop, pickup=goods) if stop.id == here else stop for stop in made.problem.stops)
        yield from violations_of(replace(made.problem, stops=stops), route)
        own = [visit for visit in route.visits if not vehicle_at(visit.stop_id)]
        times |= {visit.stop_id: visit.service_start_s for visit in own}
        left = iter(planned.get(route.vehicle_type_id, ()))
        for visit in own:
            if visit.stop_id not in left:  # an iterator: what has been passed is not there any more
                message = Message("is not what goes on as planned")
                yield _found(ViolationKind.CHANGES, route.vehicle_type_id, visit.stop_id, message)
    for change in made.changes:
        if change.going_on_s != times.get(change.stop_id):
            message = Message("going on as planned serves it at another time")
            yield _found(ViolationKind.CHANGES, change.vehicle_before, change.stop_id, message)


def _changes(plan: RoutePlan, day: Day, made: Replan) -> dict[str, ChangeKind]:
    """Return what changes for each stop that was announced and is neither begun nor cancelled."""
    new: dict[str, list[tuple[str, float]]] = {}
    for route in made.plan.routes:
        for visit in route.visits:
            whose = whole_id(visit.stop_id)
            new.setdefault(whose, []).append((route.vehicle_type_id, visit.service_start_s))
    halves = {whole_id(stop.id) for stop in made.problem.stops if is_half(stop.id)}
    announced = [(route.vehicle_id, v) for route in plan.routes for v in route.visits if not _begun(v, day, route)]
    found: dict[str, ChangeKind] = {}
    for vehicle_id, visit in announced:
        stop_id = visit.stop_id
        at = new.get(stop_id, [])
        if stop_id in day.cancelled:
            continue
        if stop_id in made.gone or len(at) < (2 if stop_id in halves else 1):
            found[stop_id] = ChangeKind.DROPPED
        elif any(vehicle != vehicle_id for vehicle, _ in at):
            found[stop_id] = ChangeKind.OTHER_VEHICLE
        elif any(abs(time_s - visit.service_start_s) > day.tolerance_s + _SLACK_S for _, time_s in at):
            found[stop_id] = ChangeKind.OTHER_TIME
    return found


def _goes_on(problem: RoutingProblem, route: Route, day: Day) -> bool:
    """Return whether it is plain that a vehicle can keep all its times within the tolerance: a delay only ever shrinks.

    False where it is not plain: other speeds over the day, breaks, a place or stops told, something cancelled, roads,
    vehicles or hours that are not what they were when it was planned.
    """
    report = day.report_of(route.vehicle_id)
    stops = {stop.id: stop for stop in problem.stops}
    kind = next(kind for kind in problem.vehicle_types if kind.id == route.vehicle_type_id)
    told = report.lost or report.place_id or report.done is not None
    if told or problem.speed_of_day or route.pauses or {v.stop_id for v in route.visits} & {*day.cancelled}:
        return False
    if violations_of(problem, route):
        return False
    late = report.delay_s
    in_time = all(
        any(
            opens <= visit.service_start_s and visit.service_start_s + late <= closes
            for opens, closes in stops[visit.stop_id].windows
        )
        for visit in route.visits
    )
    duty = route.end_s - route.start_s + late
    return (
        in_time and late <= day.tolerance_s and route.end_s + late <= kind.shift_end_s and duty <= kind.max_duration_s
    )
