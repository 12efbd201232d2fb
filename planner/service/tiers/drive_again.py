"""The routes of three tiers driven again: times, windows, loads, limits and costs, from the problem alone."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from planner.routing import Reload, Route, RoutePlan, Stop, VehicleType, Visit
from planner.service.tiers.problem import TierProblem
from planner.service.tiers.solution import TierPlan

NEAR = 1e-3


class TierFault(StrEnum):
    """What is false in a plan of three tiers."""

    UNKNOWN = "unknown_id"
    SERVED = "not_served_exactly_once"
    WAY = "way_not_allowed"
    VEHICLE = "wrong_vehicle"
    TIME = "wrong_time"
    WINDOW = "window"
    SHIFT = "shift_or_limit"
    CAPACITY = "capacity"
    LOAD = "wrong_load"
    DISTANCE = "wrong_distance"
    COST = "wrong_cost"
    CONSIGNMENT = "wrong_consignment"
    BENCH = "handled_too_fast"
    NOT_THERE = "handed_over_before_it_is_there"
    ROOM = "station_over_its_room"
    CUT_OFF = "produce_after_the_cut_off"


@dataclass(frozen=True, slots=True, kw_only=True)
class TierViolation:
    """One claim that proves false: of which vehicle, point, station or consignment, what is found and what is due."""

    kind: TierFault
    id: str
    found: float | str = ""
    due: float | str = ""


@dataclass(frozen=True, slots=True)
class Carried:
    """When a stop's goods leave the depot and when what it gives is back there."""

    leaves_s: float
    back_s: float
    visit: Visit


class DrivenAgain:
    """A plan of three tiers whose routes are replayed."""

    def __init__(self, problem: TierProblem, plan: TierPlan) -> None:
        self.problem, self.plan = problem, plan
        self.points = {point.stop.id: point for point in problem.points}
        self.stations = {station.id: station for station in problem.stations}
        self.sent = {one.id: one for one in plan.consignments}
        self.missed = {one.point_id for one in plan.missed}
        self.way = dict(zip(sorted(self.points), plan.ways, strict=False))
        self.from_hub = carried_of(plan.hub_plan)
        self.from_station = {id_: carried_of(routes) for id_, routes in plan.station_plans}

    def drive_routes(self, plan: RoutePlan, fleet: dict[str, VehicleType], station_id: str) -> Iterator[TierViolation]:
        """Yield what is false in the routes of one depot, and in their sum."""
        seen = Counter(route.vehicle_id for route in plan.routes)
        yield from (TierViolation(kind=TierFault.VEHICLE, id=id_) for id_, times in seen.items() if times > 1)
        for route in plan.routes:
            kind = fleet.get(route.vehicle_type_id)
            numbers = {f"{kind.id}-{i + 1}" for i in range(kind.count)} if kind else set()
            if kind is None or route.vehicle_id not in numbers:
                yield TierViolation(kind=TierFault.VEHICLE, id=route.vehicle_id)
                continue
            yield from self._route(route, kind)
        total = math.fsum(route.cost_yuan for route in plan.routes)
        if abs(total - plan.cost_yuan) > NEAR:
            yield TierViolation(kind=TierFault.COST, id=station_id, found=plan.cost_yuan, due=total)

    def due_at(self, visit: Visit) -> Stop | None:
        """Return what is due at a visit: a point's stop, or a station's call as its consignment makes it."""
        if visit.stop_id in self.points:
            return self.points[visit.stop_id].stop
        one = self.sent.get(visit.stop_id)
        station = self.stations.get(one.station_id) if one else None
        if one is None or station is None:
            return None
        none = tuple(0.0 for _ in one.amount)
        ready = [self.points[id_].stop.release_s for id_ in one.point_ids if id_ in self.points]
        return Stop(
            id=one.id,
            name="",
            location_id=station.id,
            delivery=none if one.up else one.amount,
            pickup=one.amount if one.up else none,
            opens_s=station.opens_s,
            closes_s=station.closes_s,
            setup_duration_s=station.call_s,
            service_duration_s=one.amount[0] * station.transfer_s_per_parcel,
            only_vehicles=self.problem.trunk_ids,
            release_s=0.0 if one.up else max(ready, default=0.0),
        )

    def _route(self, route: Route, kind: VehicleType) -> Iterator[TierViolation]:
        """Drive a route again: times, windows, loads, limits, cost."""
        clock, place = route.start_s, "" if kind.open_start else kind.depot_id
        metres = driven = 0.0
        calls = in_order(route)
        load = self._taken(calls, 0)
        yield from self._carries(route, kind, load, route.load_at_start)
        for number, call in enumerate(calls):
            stop = self.due_at(call) if isinstance(call, Visit) else None
            if isinstance(call, Visit) and stop is None:
                yield TierViolation(kind=TierFault.UNKNOWN, id=call.stop_id)
                return
            target = call.depot_id if isinstance(call, Reload) else stop.place if stop else ""
            yield from self._leg(route, kind, (place, target), clock, call, number)
            metres, driven = metres + call.distance_m, driven + call.driving_s
            if isinstance(call, Reload):
                if (
                    target not in kind.reload_depot_ids
                    or call.departure_s - call.arrival_s < kind.reload_duration_s - NEAR
                ):
                    yield TierViolation(kind=TierFault.TIME, id=route.vehicle_id, found=call.departure_s)
                load = self._taken(calls, number + 1)
            elif stop is not None:
                yield from self._visit(kind, route.vehicle_id, stop, call, moved=target != place)
                load = [now + up - down for now, up, down in zip(load, stop.pickup, stop.delivery, strict=True)]
            yield from self._carries(route, kind, load, call.load_after)
            clock, place = call.departure_s, target
        if len(route.reloads) > kind.max_reloads or (kind.max_stops is not None and len(route.visits) > kind.max_stops):
            yield TierViolation(kind=TierFault.SHIFT, id=route.vehicle_id)
        if not kind.open_end:
            yield from self._leg(route, kind, (place, kind.end_id), clock, None, len(calls))
            metres, driven = metres + route.return_distance_m, driven + route.return_driving_s
        yield from self._limits(route, kind, metres, driven)

    def _limits(self, route: Route, kind: VehicleType, metres: float, driven: float) -> Iterator[TierViolation]:
        duty = route.end_s - route.start_s
        inside = kind.shift_start_s - NEAR <= route.start_s and route.end_s <= kind.shift_end_s + NEAR
        short = duty <= kind.max_duration_s + NEAR and metres <= kind.max_distance_m + NEAR
        if not (inside and short and driven <= kind.max_driving_s + NEAR):
            yield TierViolation(kind=TierFault.SHIFT, id=route.vehicle_id, found=route.end_s, due=kind.shift_end_s)
        if abs(metres - route.distance_m) > NEAR:
            yield TierViolation(kind=TierFault.DISTANCE, id=route.vehicle_id, found=route.distance_m, due=metres)
        paid = kind.fixed_cost_yuan + kind.cost_per_km_yuan * metres / 1000
        paid += kind.cost_per_hour_yuan * duty / 3600 + kind.cost_per_driving_hour_yuan * driven / 3600
        if abs(paid - route.cost_yuan) > NEAR:
            yield TierViolation(kind=TierFault.COST, id=route.vehicle_id, found=route.cost_yuan, due=paid)

    def _taken(self, calls: Sequence[Visit | Reload], begin: int) -> list[float]:
        total = [0.0 for _ in self.problem.dimensions]
        for call in calls[begin:]:
            if isinstance(call, Reload):
                break
            if (stop := self.due_at(call)) is not None:
                total = [now + more for now, more in zip(total, stop.delivery, strict=True)]
        return total

    def _carries(
        self, route: Route, kind: VehicleType, load: Sequence[float], said: Sequence[float]
    ) -> Iterator[TierViolation]:
        if any(one > most + NEAR for one, most in zip(load, kind.capacity, strict=True)):
            yield TierViolation(kind=TierFault.CAPACITY, id=route.vehicle_id, found=str(load), due=str(kind.capacity))
        if any(abs(one - other) > NEAR for one, other in zip(load, said, strict=True)):
            yield TierViolation(kind=TierFault.LOAD, id=route.vehicle_id, found=str(said), due=str(load))

    def _leg(
        self,
        route: Route,
        kind: VehicleType,
        ends: tuple[str, str],
        clock: float,
        call: Visit | Reload | None,
        number: int,
    ) -> Iterator[TierViolation]:
        """A leg takes the time of the table, no less, and is as long."""
        arrives = route.end_s if call is None else call.arrival_s
        metres = route.return_distance_m if call is None else call.distance_m
        driving = route.return_driving_s if call is None else call.driving_s
        due_s = due_m = 0.0
        origin, target = ends
        if origin and origin != target:
            travel = self.problem.profiles[kind.profile] if kind.profile else self.problem.travel
            row, column = travel.origin_ids.index(origin), travel.destination_ids.index(target)
            due_m = float(travel.distances_m[row, column])
            due_s = float(travel.durations_s[row, column]) / kind.speed_factor
        stands = sum(pause.end_s - pause.start_s for pause in route.pauses if pause.after == number)
        quickest = max([1.0, *(factor for _, factor in self.problem.speed_of_day)])
        exact = not (self.problem.speed_of_day or stands)
        if driving < due_s / quickest - NEAR or (not self.problem.speed_of_day and abs(driving - due_s) > NEAR):
            yield TierViolation(kind=TierFault.TIME, id=route.vehicle_id, found=driving, due=due_s)
        due = clock + driving + stands
        if arrives < due - NEAR or (exact and abs(arrives - due) > NEAR):
            yield TierViolation(kind=TierFault.TIME, id=route.vehicle_id, found=arrives, due=due)
        if abs(metres - due_m) > NEAR:
            yield TierViolation(kind=TierFault.DISTANCE, id=route.vehicle_id, found=metres, due=due_m)

    def _visit(
        self, kind: VehicleType, vehicle_id: str, stop: Stop, visit: Visit, *, moved: bool
    ) -> Iterator[TierViolation]:
        begins = visit.service_start_s
        if not any(opens - NEAR <= begins <= closes + NEAR for opens, closes in stop.windows):
            yield TierViolation(kind=TierFault.WINDOW, id=stop.id, found=begins)
        lasts = stop.service_duration_s + (stop.setup_duration_s if moved else 0.0)
        if begins < visit.arrival_s - NEAR or abs(visit.departure_s - begins - lasts) > NEAR:
            yield TierViolation(kind=TierFault.TIME, id=stop.id, found=visit.departure_s, due=begins + lasts)
        if any(
            abs(a - b) > NEAR
            for a, b in zip(visit.delivered + visit.picked_up, stop.delivery + stop.pickup, strict=True)
        ):
            yield TierViolation(kind=TierFault.LOAD, id=stop.id, found=str(visit.delivered), due=str(stop.delivery))
        names = {kind.id, vehicle_id}
        barred = bool(names.intersection(stop.not_vehicles)) or not set(stop.needs) <= set(kind.skills)
        own = {k.id for k in self.problem.hub_vehicles}
        if stop.id in self.points and kind.id in own and self.problem.direct_ids:
            barred = barred or kind.id not in self.problem.direct_ids
        if barred or (stop.only_vehicles and not names.intersection(stop.only_vehicles)):
            yield TierViolation(kind=TierFault.VEHICLE, id=stop.id, found=vehicle_id)


def in_order(route: Route) -> list[Visit | Reload]:
    """Return visits and reloads as they are driven."""
    calls: list[Visit | Reload] = []
    reloads = sorted(route.reloads, key=lambda one: one.after)
    for number, visit in enumerate(route.visits):
        calls += [one for one in reloads if one.after == number]
        calls.append(visit)
    return calls + [one for one in reloads if one.after >= len(route.visits)]


def carried_of(plan: RoutePlan) -> dict[str, Carried]:
    """Return for each stop when its goods leave the depot and come back, by reloads or at the ends of its route."""
    found = {}
    for route in plan.routes:
        leaves, waiting = route.start_s, []
        for call in in_order(route):
            if isinstance(call, Visit):
                waiting.append((call, leaves))
                continue
            for visit, left in waiting:
                found[visit.stop_id] = Carried(left, call.arrival_s, visit)
            leaves, waiting = call.departure_s, []
        for visit, left in waiting:
            found[visit.stop_id] = Carried(left, route.end_s, visit)
    return found
