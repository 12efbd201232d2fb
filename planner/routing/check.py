"""Replay a route plan from the problem alone; nothing leaves, and nothing is stored, that has not been replayed here."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator

from planner.routing.problem import RoutingProblem, Stop, VehicleType
from planner.routing.solution import Route, RoutePlan, UnassignedReason, Violation, ViolationKind

TIME_TOLERANCE_S = 1e-3
LOAD_TOLERANCE = 1e-6
COST_TOLERANCE_YUAN = 0.005


def check(problem: RoutingProblem, plan: RoutePlan) -> tuple[Violation, ...]:
    """Return everything the plan claims that does not hold, empty for a plan that may be driven."""
    found = [*_accounting(problem, plan)]
    if any(violation.kind is ViolationKind.UNKNOWN_ID for violation in found):
        return tuple(found)  # a route with unknown ids cannot be replayed
    if plan.dimensions != problem.dimensions:
        message = f"the dimensions are {problem.dimensions}, the plan says {plan.dimensions}"
        found.append(_violation(ViolationKind.WRONG_DIMENSIONS, "", "", message))
    stops = {stop.id: stop for stop in problem.stops}
    for left in plan.unassigned:
        true = _true_reasons(problem, stops[left.stop_id])
        if left.reason not in true:
            message = f"the reason {left.reason.value} does not hold, {' and '.join(sorted(true))} does"
            found.append(_violation(ViolationKind.WRONG_REASON, "", left.stop_id, message))
    for route in plan.routes:
        found += _Replay(problem, route).violations()
    total = sum(route.cost_yuan for route in plan.routes)
    if abs(total - plan.cost_yuan) > COST_TOLERANCE_YUAN:
        found.append(
            _violation(ViolationKind.WRONG_COST, "", "", f"routes cost {total:.2f}, plan {plan.cost_yuan:.2f}")
        )
    if not plan.lower_bound_yuan <= total + COST_TOLERANCE_YUAN:
        message = f"lower bound {plan.lower_bound_yuan:.2f} is above the cost {total:.2f}"
        found.append(_violation(ViolationKind.WRONG_COST, "", "", message))
    return tuple(found)


def _violation(kind: ViolationKind, vehicle_id: str, stop_id: str, message: str) -> Violation:
    return Violation(kind=kind, vehicle_id=vehicle_id, stop_id=stop_id, message=message)


def _accounting(problem: RoutingProblem, plan: RoutePlan) -> Iterator[Violation]:
    """Every stop once, every vehicle at most once, and no id that the problem does not have."""
    stops = {stop.id for stop in problem.stops}
    vehicles = {id_: kind for kind in problem.vehicle_types for id_ in kind.vehicle_ids()}
    visited = [(route.vehicle_id, visit.stop_id) for route in plan.routes for visit in route.visits]
    for vehicle_id, stop_id in [*visited, *(("", unassigned.stop_id) for unassigned in plan.unassigned)]:
        if stop_id not in stops:
            yield _violation(ViolationKind.UNKNOWN_ID, vehicle_id, stop_id, "no such stop in the problem")
    for route in plan.routes:
        kind = vehicles.get(route.vehicle_id)
        if kind is None or kind.id != route.vehicle_type_id or kind.depot_id != route.depot_id:
            yield _violation(ViolationKind.UNKNOWN_ID, route.vehicle_id, "", "no such vehicle, type and depot together")
        if not route.visits:
            yield _violation(ViolationKind.EMPTY_ROUTE, route.vehicle_id, "", "a route without a visit")
    for vehicle_id, times in Counter(route.vehicle_id for route in plan.routes).items():
        if times > 1:
            yield _violation(ViolationKind.VEHICLE_USED_TWICE, vehicle_id, "", f"has {times} routes")
    named = Counter([stop_id for _, stop_id in visited] + [unassigned.stop_id for unassigned in plan.unassigned])
    for stop in problem.stops:
        if named[stop.id] > 1:
            yield _violation(ViolationKind.VISITED_TWICE, "", stop.id, f"is accounted for {named[stop.id]} times")
        if named[stop.id] == 0:
            yield _violation(ViolationKind.NOT_ACCOUNTED_FOR, "", stop.id, "is neither visited nor unassigned")


def _true_reasons(problem: RoutingProblem, stop: Stop) -> set[UnassignedReason]:
    """Return every reason that holds for the stop alone, or if none does why it was left: skipped, or the fleet used up."""
    row = {id_: i for i, id_ in enumerate(problem.travel.origin_ids)}
    column = {id_: i for i, id_ in enumerate(problem.travel.destination_ids)}
    times = problem.travel.durations_s
    skilled = [kind for kind in problem.vehicle_types if set(stop.needs) <= set(kind.skills)]
    if not skilled:
        return {UnassignedReason.NO_SKILL}
    in_reach, fitting, in_time, on_duty = [], [], [], []
    for kind in skilled:
        there = float(times[row[kind.depot_id], column[stop.id]])
        back = float(times[row[stop.id], column[kind.depot_id]])
        if math.isinf(there + back):
            continue
        in_reach.append(kind)
        needs = zip(stop.delivery, stop.pickup, kind.capacity, strict=True)
        if any(down > most or up > most for down, up, most in needs):
            continue
        fitting.append(kind)
        if kind.shift_start_s + there <= stop.windows[-1][1]:
            in_time.append(kind)
        for opens, closes in stop.windows:
            leaves = max(kind.shift_start_s, opens - there)  # as late as the opening allows
            serves = max(leaves + there, opens)
            ends = serves + stop.service_duration_s + back
            if serves <= closes and ends <= kind.shift_end_s and ends - leaves <= kind.max_duration_s:
                on_duty.append(kind)
    if not in_reach:
        return {UnassignedReason.UNREACHABLE}
    if not fitting:
        return {UnassignedReason.TOO_LARGE}
    true = set()
    if not in_time:
        true.add(UnassignedReason.WINDOW_TOO_EARLY)
    if not on_duty:
        true.add(UnassignedReason.SHIFT_TOO_SHORT)
    if true:
        return true
    return {UnassignedReason.SKIPPED if math.isfinite(stop.skip_cost_yuan) else UnassignedReason.FLEET_USED_UP}


class _Replay:
    """One route driven again, stop by stop."""

    def __init__(self, problem: RoutingProblem, route: Route) -> None:
        self.route = route
        self.stops = {stop.id: stop for stop in problem.stops}
        self.kind = next(kind for kind in problem.vehicle_types if kind.id == route.vehicle_type_id)
        self.row = {id_: i for i, id_ in enumerate(problem.travel.origin_ids)}
        self.column = {id_: i for i, id_ in enumerate(problem.travel.destination_ids)}
        self.travel = problem.travel
        self.found: list[Violation] = []

    def violations(self) -> list[Violation]:
        self._drive()
        self._load()
        return self.found

    def _note(self, kind: ViolationKind, stop_id: str, message: str) -> None:
        self.found.append(_violation(kind, self.route.vehicle_id, stop_id, message))

    def _leg(self, origin: str, destination: str) -> tuple[float, float]:
        at = self.row[origin], self.column[destination]
        return float(self.travel.durations_s[at]), float(self.travel.distances_m[at])

    def _drive(self) -> None:
        route, kind = self.route, self.kind
        place, leaves = route.depot_id, route.start_s
        driving = distance = 0.0
        for visit in route.visits:
            stop = self.stops[visit.stop_id]
            duration, metres = self._leg(place, stop.id)
            if not math.isfinite(duration):
                self._note(ViolationKind.NO_WAY, stop.id, f"there is no way from {place}")
                return
            self._expect(ViolationKind.WRONG_DISTANCE, stop.id, "leg metres", metres, visit.distance_m)
            self._expect(ViolationKind.WRONG_TIME, stop.id, "leg seconds", duration, visit.driving_s)
            self._expect(ViolationKind.WRONG_TIME, stop.id, "arrival", leaves + duration, visit.arrival_s)
            self._window(stop, visit.arrival_s, visit.service_start_s)
            lacking = sorted(set(stop.needs) - set(kind.skills))
            if lacking:
                self._note(ViolationKind.SKILL, stop.id, f"{kind.id} lacks {', '.join(lacking)}")
            ends = visit.service_start_s + stop.service_duration_s
            self._expect(ViolationKind.WRONG_TIME, stop.id, "departure", ends, visit.departure_s)
            driving, distance = driving + duration, distance + metres
            place, leaves = stop.id, visit.departure_s
        duration, metres = self._leg(place, route.depot_id)
        if not math.isfinite(duration):
            self._note(ViolationKind.NO_WAY, "", f"there is no way back from {place}")
            return
        self._expect(ViolationKind.WRONG_DISTANCE, "", "return metres", metres, route.return_distance_m)
        self._expect(ViolationKind.WRONG_TIME, "", "return seconds", duration, route.return_driving_s)
        self._expect(ViolationKind.WRONG_TIME, "", "end", leaves + duration, route.end_s)
        self._expect(ViolationKind.WRONG_DISTANCE, "", "total metres", distance + metres, route.distance_m)
        self._expect(ViolationKind.WRONG_TIME, "", "total driving", driving + duration, route.driving_s)
        self._duty(kind, distance + metres)

    def _expect(self, kind: ViolationKind, stop_id: str, what: str, found: float, claimed: float) -> None:
        if not abs(found - claimed) <= TIME_TOLERANCE_S:
            self._note(kind, stop_id, f"{what} is {found:.3f}, the plan says {claimed:.3f}")

    def _window(self, stop: Stop, arrival_s: float, start_s: float) -> None:
        if start_s < arrival_s - TIME_TOLERANCE_S:
            self._note(ViolationKind.WRONG_TIME, stop.id, "service begins before the arrival")
        if not any(opens - TIME_TOLERANCE_S <= start_s <= closes + TIME_TOLERANCE_S for opens, closes in stop.windows):
            hours = " and ".join(f"{opens:.0f}-{closes:.0f}" for opens, closes in stop.windows)
            message = f"service begins at {start_s:.0f}, outside {hours}"
            self._note(ViolationKind.WINDOW, stop.id, message)

    def _duty(self, kind: VehicleType, distance_m: float) -> None:
        route = self.route
        if route.start_s < kind.shift_start_s - TIME_TOLERANCE_S or route.end_s > kind.shift_end_s + TIME_TOLERANCE_S:
            self._note(ViolationKind.SHIFT, "", f"duty {route.start_s:.0f}-{route.end_s:.0f} leaves the shift")
        duty = route.end_s - route.start_s
        if duty > kind.max_duration_s + TIME_TOLERANCE_S:
            self._note(ViolationKind.MAX_DURATION, "", f"duty of {duty:.0f} s, at most {kind.max_duration_s:.0f}")
        cost = kind.fixed_cost_yuan + kind.cost_per_km_yuan * distance_m / 1000 + kind.cost_per_hour_yuan * duty / 3600
        if abs(cost - route.cost_yuan) > COST_TOLERANCE_YUAN:
            self._note(ViolationKind.WRONG_COST, "", f"cost is {cost:.2f}, the plan says {route.cost_yuan:.2f}")

    def _load(self) -> None:
        """The vehicle leaves with all deliveries; at each stop they go down and pickups come up."""
        stops = [self.stops[visit.stop_id] for visit in self.route.visits]
        for d, capacity in enumerate(self.kind.capacity):
            load = sum(stop.delivery[d] for stop in stops)
            self._expect_load("", d, load, self.route.load_at_start)
            if load > capacity + LOAD_TOLERANCE:
                self._note(ViolationKind.CAPACITY, "", f"leaves with {load:g} of {capacity:g} in dimension {d}")
            for stop, visit in zip(stops, self.route.visits, strict=True):
                load += stop.pickup[d] - stop.delivery[d]
                self._expect_load(stop.id, d, stop.delivery[d], visit.delivered)
                self._expect_load(stop.id, d, stop.pickup[d], visit.picked_up)
                self._expect_load(stop.id, d, load, visit.load_after)
                if load > capacity + LOAD_TOLERANCE:
                    self._note(ViolationKind.CAPACITY, stop.id, f"carries {load:g} of {capacity:g} in dimension {d}")

    def _expect_load(self, stop_id: str, dimension: int, found: float, claimed: tuple[float, ...]) -> None:
        if len(claimed) <= dimension or abs(claimed[dimension] - found) > LOAD_TOLERANCE:
            message = f"load is {found:g} in dimension {dimension}, the plan says {claimed}"
            self._note(ViolationKind.WRONG_LOAD, stop_id, message)
