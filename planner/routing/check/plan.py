"""Replay a route plan from the problem alone; nothing leaves, and nothing is stored, that has not been replayed here."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from planner.errors import Message
from planner.routing.check.reasons import true_reasons
from planner.routing.check.route import COST_TOLERANCE_YUAN, violations_of
from planner.routing.problem import RoutingProblem
from planner.routing.solution import Route, RoutePlan, Violation, ViolationKind


def check(problem: RoutingProblem, plan: RoutePlan) -> tuple[Violation, ...]:
    """Return every false claim of the plan, empty for a plan that may be driven."""
    found = [*_accounting(problem, plan)]
    if any(violation.kind is ViolationKind.UNKNOWN_ID for violation in found):
        return tuple(found)  # a route with unknown ids cannot be replayed
    if plan.dimensions != problem.dimensions:
        message = Message(
            "the dimensions are {dimensions}, the plan says {claimed}",
            dimensions=str(problem.dimensions),
            claimed=str(plan.dimensions),
        )
        found.append(_violation(ViolationKind.WRONG_DIMENSIONS, "", "", message))
    stops = {stop.id: stop for stop in problem.stops}
    for left in plan.unassigned:
        true = true_reasons(problem, stops[left.stop_id])
        if left.reason not in true:
            message = Message(
                "the reason {reason} does not apply, {true} does", reason=left.reason.value, true=sorted(true)
            )
            found.append(_violation(ViolationKind.WRONG_REASON, "", left.stop_id, message))
    for route in plan.routes:
        found += violations_of(problem, route)
    found += between_stops(problem, plan)
    found += _money(problem, plan)
    return tuple(found)


def _violation(kind: ViolationKind, vehicle_id: str, stop_id: str, message: Message) -> Violation:
    return Violation(kind=kind, vehicle_id=vehicle_id, stop_id=stop_id, message=message)


def _accounting(problem: RoutingProblem, plan: RoutePlan) -> Iterator[Violation]:
    """Every stop once, every vehicle at most once, and no id that the problem does not have."""
    yield from _unknown(problem, plan)
    for route in plan.routes:
        if not route.visits:
            yield _violation(ViolationKind.EMPTY_ROUTE, route.vehicle_id, "", Message("a route without a visit"))
    for vehicle_id, times in Counter(route.vehicle_id for route in plan.routes).items():
        if times > 1:
            yield _violation(
                ViolationKind.VEHICLE_USED_TWICE, vehicle_id, "", Message("has {times} routes", times=times)
            )
    named = Counter(visit.stop_id for route in plan.routes for visit in route.visits)
    named.update(left.stop_id for left in plan.unassigned)
    for stop in problem.stops:
        if named[stop.id] > 1:
            yield _violation(
                ViolationKind.VISITED_TWICE,
                "",
                stop.id,
                Message("is accounted for {times} times", times=named[stop.id]),
            )
        if named[stop.id] == 0:
            yield _violation(ViolationKind.NOT_ACCOUNTED_FOR, "", stop.id, Message("is neither visited nor unassigned"))


def _unknown(problem: RoutingProblem, plan: RoutePlan) -> Iterator[Violation]:
    stops = {stop.id for stop in problem.stops}
    depots = {depot.id for depot in problem.depots}
    vehicles = {id_: kind for kind in problem.vehicle_types for id_ in kind.vehicle_ids()}
    named = [(route.vehicle_id, visit.stop_id) for route in plan.routes for visit in route.visits]
    named += [("", left.stop_id) for left in plan.unassigned]
    for vehicle_id, stop_id in named:
        if stop_id not in stops:
            yield _violation(ViolationKind.UNKNOWN_ID, vehicle_id, stop_id, Message("no such stop in the problem"))
    for route in plan.routes:
        kind = vehicles.get(route.vehicle_id)
        if kind is None or kind.id != route.vehicle_type_id or kind.depot_id != route.depot_id:
            yield _violation(
                ViolationKind.UNKNOWN_ID, route.vehicle_id, "", Message("no such vehicle, type and depot together")
            )
        for reload in route.reloads:
            if reload.depot_id not in depots:
                yield _violation(ViolationKind.UNKNOWN_ID, route.vehicle_id, reload.depot_id, Message("no such depot"))


def between_stops(problem: RoutingProblem, plan: RoutePlan) -> Iterator[Violation]:
    """What holds between stops: pairs on one vehicle in order, orders kept, locked stops first on their vehicle."""
    at = {visit.stop_id: (route.vehicle_id, k) for route in plan.routes for k, visit in enumerate(route.visits)}
    for pair in problem.pairs:
        first, second = at.get(pair.pickup_id), at.get(pair.delivery_id)
        if (first is None) != (second is None):
            message = Message(
                "{first} and {second} are served together or not at all", first=pair.pickup_id, second=pair.delivery_id
            )
            yield _violation(ViolationKind.PAIR, "", pair.pickup_id, message)
        elif first is not None and second is not None and (first[0] != second[0] or first[1] >= second[1]):
            message = Message("is not before {second} on one vehicle", second=pair.delivery_id)
            yield _violation(ViolationKind.PAIR, first[0], pair.pickup_id, message)
    for earlier, later in problem.before:
        first, second = at.get(earlier), at.get(later)
        if first is not None and second is not None and (first[0] != second[0] or first[1] >= second[1]):
            yield _violation(
                ViolationKind.ORDER, first[0], earlier, Message("is not before {later} on one vehicle", later=later)
            )
    for lock in problem.locks:
        for k, stop_id in enumerate(lock.stop_ids):
            if at.get(stop_id) != (lock.vehicle_id, k):
                message = Message("is locked as visit {number} of {vehicle}", number=k + 1, vehicle=lock.vehicle_id)
                yield _violation(ViolationKind.LOCK, lock.vehicle_id, stop_id, message)


def _money(problem: RoutingProblem, plan: RoutePlan) -> Iterator[Violation]:
    total = sum(route.cost_yuan for route in plan.routes)
    if abs(total - plan.cost_yuan) > COST_TOLERANCE_YUAN:
        yield _violation(
            ViolationKind.WRONG_COST,
            "",
            "",
            Message("routes cost {total:.2f}, plan {claimed:.2f}", total=total, claimed=plan.cost_yuan),
        )
    if not plan.lower_bound_yuan <= total + COST_TOLERANCE_YUAN:
        message = Message(
            "lower bound {bound:.2f} is above the cost {total:.2f}", bound=plan.lower_bound_yuan, total=total
        )
        yield _violation(ViolationKind.WRONG_COST, "", "", message)
    balance = sum(_balance(problem, route) for route in plan.routes)
    if abs(balance - plan.balance_yuan) > COST_TOLERANCE_YUAN:
        message = Message(
            "balance adds {balance:.2f}, the plan says {claimed:.2f}", balance=balance, claimed=plan.balance_yuan
        )
        yield _violation(ViolationKind.WRONG_COST, "", "", message)


def _balance(problem: RoutingProblem, route: Route) -> float:
    kind = next(kind for kind in problem.vehicle_types if kind.id == route.vehicle_type_id)
    stops = {stop.id: stop for stop in problem.stops}
    added = problem.balance_duty_yuan * ((route.end_s - route.start_s) / 3600) ** 2
    for d, most in enumerate(kind.capacity):
        if 0 < most < float("inf"):
            handled = sum(stops[v.stop_id].delivery[d] + stops[v.stop_id].pickup[d] for v in route.visits)
            return added + problem.balance_load_yuan * (handled / most) ** 2
    return added
