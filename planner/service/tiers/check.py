"""The check that replays a day over three tiers from the problem alone, in code that did not make it."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

from planner.routing import Reload, Route, RoutePlan, Stop, VehicleType, Visit
from planner.service.tiers.problem import TierProblem, TierStation
from planner.service.tiers.solution import Consignment, TierPlan

_NEAR = 1e-3


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


def check_tiers(problem: TierProblem, plan: TierPlan) -> list[TierViolation]:
    """Return all that is false; empty if nothing is handed over before it is there, all parcels arrive and costs are true.

    Breaks, rests and hours of slow driving are taken as the routes give them, as long as no leg is faster than the fastest
    hour allows: `planner.routing.check` replays those of each route.
    """
    return list(_Replay(problem, plan).violations())


@dataclass(frozen=True, slots=True)
class _Carried:
    """When a stop's goods leave the depot and when what it gives is back there."""

    leaves_s: float
    back_s: float
    visit: Visit


class _Replay:
    def __init__(self, problem: TierProblem, plan: TierPlan) -> None:
        self.problem, self.plan = problem, plan
        self.points = {point.stop.id: point for point in problem.points}
        self.stations = {station.id: station for station in problem.stations}
        self.sent = {one.id: one for one in plan.consignments}
        self.missed = {one.point_id for one in plan.missed}
        self.way = dict(zip(sorted(self.points), plan.ways, strict=False))
        self.from_hub = _carried(plan.hub_plan)
        self.from_station = {id_: _carried(routes) for id_, routes in plan.station_plans}

    def violations(self) -> Iterator[TierViolation]:
        yield from self._once()
        hub_fleet = {kind.id: kind for kind in self.problem.hub_vehicles}
        yield from self._routes(self.plan.hub_plan, hub_fleet, "")
        for id_, routes in self.plan.station_plans:
            if (station := self.stations.get(id_)) is None:
                yield TierViolation(kind=TierFault.UNKNOWN, id=id_)
                continue
            yield from self._routes(routes, {kind.id: kind for kind in station.vehicle_types}, id_)
        for one in self.plan.consignments:
            yield from self._consignment(one)
        for station in self.problem.stations:
            yield from self._whole(station)
            yield from self._bench(station)
            yield from self._room(station)
        yield from self._hub_times()
        yield from self._costs()

    def _once(self) -> Iterator[TierViolation]:
        """Every point is served once, by the way that it is said to have, or said to be missed."""
        served = Counter(id_ for id_ in self._all_visits(self.plan.hub_plan) if id_ in self.points)
        for station_id, routes in self.plan.station_plans:
            for id_ in self._all_visits(routes):
                served[id_] += 1
                if id_ not in self.points:
                    yield TierViolation(kind=TierFault.UNKNOWN, id=id_)
                elif self.way.get(id_) != station_id:
                    yield TierViolation(kind=TierFault.WAY, id=id_, found=station_id, due=self.way.get(id_, ""))
        for id_ in self._all_visits(self.plan.hub_plan):
            if id_ in self.points and self.way.get(id_) != "":
                yield TierViolation(kind=TierFault.WAY, id=id_, due=self.way.get(id_, ""))
            if id_ not in self.points and id_ not in self.sent:
                yield TierViolation(kind=TierFault.UNKNOWN, id=id_)
        for id_, point in self.points.items():
            if (served[id_] != 1 and id_ not in self.missed) or served[id_] > 1:
                yield TierViolation(kind=TierFault.SERVED, id=id_, found=float(served[id_]), due=1.0)
            if self.way.get(id_) not in (*point.station_ids, *([""] if point.direct else [])):
                yield TierViolation(kind=TierFault.WAY, id=id_, found=str(self.way.get(id_)))

    @staticmethod
    def _all_visits(routes: RoutePlan) -> list[str]:
        return [visit.stop_id for route in routes.routes for visit in route.visits]

    def _routes(self, plan: RoutePlan, fleet: dict[str, VehicleType], station_id: str) -> Iterator[TierViolation]:
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
        if abs(total - plan.cost_yuan) > _NEAR:
            yield TierViolation(kind=TierFault.COST, id=station_id, found=plan.cost_yuan, due=total)

    def _stop(self, visit: Visit) -> Stop | None:
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
        calls = _in_order(route)
        load = self._taken(calls, 0)
        yield from self._carries(route, kind, load, route.load_at_start)
        for number, call in enumerate(calls):
            stop = self._stop(call) if isinstance(call, Visit) else None
            if isinstance(call, Visit) and stop is None:
                yield TierViolation(kind=TierFault.UNKNOWN, id=call.stop_id)
                return
            target = call.depot_id if isinstance(call, Reload) else stop.place if stop else ""
            yield from self._leg(route, kind, (place, target), clock, call, number)
            metres, driven = metres + call.distance_m, driven + call.driving_s
            if isinstance(call, Reload):
                if (
                    target not in kind.reload_depot_ids
                    or call.departure_s - call.arrival_s < kind.reload_duration_s - _NEAR
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
        inside = kind.shift_start_s - _NEAR <= route.start_s and route.end_s <= kind.shift_end_s + _NEAR
        short = duty <= kind.max_duration_s + _NEAR and metres <= kind.max_distance_m + _NEAR
        if not (inside and short and driven <= kind.max_driving_s + _NEAR):
            yield TierViolation(kind=TierFault.SHIFT, id=route.vehicle_id, found=route.end_s, due=kind.shift_end_s)
        if abs(metres - route.distance_m) > _NEAR:
            yield TierViolation(kind=TierFault.DISTANCE, id=route.vehicle_id, found=route.distance_m, due=metres)
        paid = kind.fixed_cost_yuan + kind.cost_per_km_yuan * metres / 1000
        paid += kind.cost_per_hour_yuan * duty / 3600 + kind.cost_per_driving_hour_yuan * driven / 3600
        if abs(paid - route.cost_yuan) > _NEAR:
            yield TierViolation(kind=TierFault.COST, id=route.vehicle_id, found=route.cost_yuan, due=paid)

    def _taken(self, calls: Sequence[Visit | Reload], begin: int) -> list[float]:
        total = [0.0 for _ in self.problem.dimensions]
        for call in calls[begin:]:
            if isinstance(call, Reload):
                break
            if (stop := self._stop(call)) is not None:
                total = [now + more for now, more in zip(total, stop.delivery, strict=True)]
        return total

    def _carries(
        self, route: Route, kind: VehicleType, load: Sequence[float], said: Sequence[float]
    ) -> Iterator[TierViolation]:
        if any(one > most + _NEAR for one, most in zip(load, kind.capacity, strict=True)):
            yield TierViolation(kind=TierFault.CAPACITY, id=route.vehicle_id, found=str(load), due=str(kind.capacity))
        if any(abs(one - other) > _NEAR for one, other in zip(load, said, strict=True)):
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
        if driving < due_s / quickest - _NEAR or (not self.problem.speed_of_day and abs(driving - due_s) > _NEAR):
            yield TierViolation(kind=TierFault.TIME, id=route.vehicle_id, found=driving, due=due_s)
        due = clock + driving + stands
        if arrives < due - _NEAR or (exact and abs(arrives - due) > _NEAR):
            yield TierViolation(kind=TierFault.TIME, id=route.vehicle_id, found=arrives, due=due)
        if abs(metres - due_m) > _NEAR:
            yield TierViolation(kind=TierFault.DISTANCE, id=route.vehicle_id, found=metres, due=due_m)

    def _visit(
        self, kind: VehicleType, vehicle_id: str, stop: Stop, visit: Visit, *, moved: bool
    ) -> Iterator[TierViolation]:
        begins = visit.service_start_s
        if not any(opens - _NEAR <= begins <= closes + _NEAR for opens, closes in stop.windows):
            yield TierViolation(kind=TierFault.WINDOW, id=stop.id, found=begins)
        lasts = stop.service_duration_s + (stop.setup_duration_s if moved else 0.0)
        if begins < visit.arrival_s - _NEAR or abs(visit.departure_s - begins - lasts) > _NEAR:
            yield TierViolation(kind=TierFault.TIME, id=stop.id, found=visit.departure_s, due=begins + lasts)
        if any(
            abs(a - b) > _NEAR
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

    def _consignment(self, one: Consignment) -> Iterator[TierViolation]:
        """Handled only once it is there, fetched only once it is handled, and as much as its points ask."""
        station = self.stations.get(one.station_id)
        if station is None or any(id_ not in self.points for id_ in one.point_ids):
            yield TierViolation(kind=TierFault.UNKNOWN, id=one.id)
            return
        rows = [self.points[id_].stop.pickup if one.up else self.points[id_].stop.delivery for id_ in one.point_ids]
        due = [math.fsum(column) for column in zip(*rows, strict=True)]
        if any(abs(a - b) > _NEAR for a, b in zip(due, one.amount, strict=True)):
            yield TierViolation(kind=TierFault.CONSIGNMENT, id=one.id, found=str(one.amount), due=str(due))
        call = self.from_hub.get(one.id)
        if call is None:
            if not self.missed.issuperset(one.point_ids):
                yield TierViolation(kind=TierFault.CONSIGNMENT, id=one.id)
            return
        routes = self.from_station.get(one.station_id, {})
        carried = {id_: routes[id_] for id_ in one.point_ids if id_ in routes and id_ not in self.missed}
        there = max([c.back_s for c in carried.values()], default=0.0) if one.up else call.visit.departure_s
        work = one.amount[0] * station.sort_s_per_parcel
        done = max([there, *(until for _, until in one.bench)])
        if one.here_s < there - _NEAR or any(begins < there - _NEAR for begins, _ in one.bench):
            yield TierViolation(kind=TierFault.NOT_THERE, id=one.id, found=one.here_s, due=there)
        if sum(until - begins for begins, until in one.bench) < work - _NEAR or one.ready_s < done - _NEAR:
            yield TierViolation(kind=TierFault.BENCH, id=one.id, found=one.ready_s, due=there + work)
        if one.up:
            if not self.missed.issuperset(one.point_ids) and call.visit.service_start_s < one.ready_s - _NEAR:
                yield TierViolation(
                    kind=TierFault.NOT_THERE, id=one.id, found=call.visit.service_start_s, due=one.ready_s
                )
            return
        for id_, trip in carried.items():
            if trip.leaves_s < one.ready_s - _NEAR:
                yield TierViolation(kind=TierFault.NOT_THERE, id=id_, found=trip.leaves_s, due=one.ready_s)

    def _whole(self, station: TierStation) -> Iterator[TierViolation]:
        """What each point of a station gets or gives is in exactly one consignment of each direction."""
        for up in (False, True):
            times = Counter(
                id_ for one in self.plan.consignments if one.station_id == station.id and one.up is up
                for id_ in one.point_ids
            )  # fmt: skip
            for id_, way in self.way.items():
                stop = self.points[id_].stop
                due = int(way == station.id and any(stop.pickup if up else stop.delivery))
                if times[id_] != due and id_ not in self.missed:
                    yield TierViolation(kind=TierFault.CONSIGNMENT, id=id_, found=float(times[id_]), due=float(due))

    def _bench(self, station: TierStation) -> Iterator[TierViolation]:
        spans = sorted(span for one in self.plan.consignments if one.station_id == station.id for span in one.bench)
        for (_, until), (begins, _) in pairwise(spans):
            if begins < until - _NEAR:
                yield TierViolation(kind=TierFault.BENCH, id=station.id, found=begins, due=until)

    def _room(self, station: TierStation) -> Iterator[TierViolation]:
        """Add up what is on hand after each moment's arrivals and before its departures."""
        routes = self.from_station.get(station.id, {})
        spans: list[tuple[float, float, tuple[float, ...]]] = []
        for one in self.plan.consignments:
            call = self.from_hub.get(one.id)
            for id_ in one.point_ids:
                if one.station_id == station.id and call and id_ in routes and id_ not in self.missed:
                    stop, trip = self.points[id_].stop, routes[id_]
                    if one.up:
                        spans.append((trip.back_s, call.visit.departure_s, stop.pickup))
                    else:
                        spans.append((call.visit.service_start_s, trip.leaves_s, stop.delivery))
        for moment in sorted({begins for begins, _, _ in spans}):
            here = [amount for begins, until, amount in spans if begins <= moment <= until]
            held = [math.fsum(column) for column in zip(*here, strict=True)]
            if any(one > most + _NEAR for one, most in zip(held, station.room, strict=True)):
                yield TierViolation(kind=TierFault.ROOM, id=station.id, found=str(held), due=str(station.room))

    def _hub_times(self) -> Iterator[TierViolation]:
        """Goods leave a hub once they are ready there; what comes back is there by the cut-off."""
        for id_, trip in self.from_hub.items():
            stop = self._stop(trip.visit)
            if stop is None or self.missed.issuperset(self.sent[id_].point_ids if id_ in self.sent else [id_]):
                continue
            if any(stop.delivery) and trip.leaves_s < stop.release_s - _NEAR:
                yield TierViolation(kind=TierFault.NOT_THERE, id=id_, found=trip.leaves_s, due=stop.release_s)
            if any(stop.pickup) and trip.back_s > self.problem.cut_off_s + _NEAR:
                yield TierViolation(kind=TierFault.CUT_OFF, id=id_, found=trip.back_s, due=self.problem.cut_off_s)

    def _costs(self) -> Iterator[TierViolation]:
        parcels = {
            id_: sum(sum(self.points[p].stop.delivery[:1] + self.points[p].stop.pickup[:1])
                     for p, way in self.way.items() if way == id_)
            for id_ in self.from_station
        }  # fmt: skip
        due = {
            "hub_yuan": math.fsum(route.cost_yuan for route in self.plan.hub_plan.routes),
            "routes_yuan": math.fsum(r.cost_yuan for _, routes in self.plan.station_plans for r in routes.routes),
            "stations_yuan": math.fsum(
                self.stations[id_].fixed_yuan + count * self.stations[id_].yuan_per_parcel
                for id_, count in parcels.items() if id_ in self.stations
            ),
        }  # fmt: skip
        for name, value in due.items():
            if abs(getattr(self.plan.cost, name) - value) > _NEAR:
                yield TierViolation(kind=TierFault.COST, id=name, found=getattr(self.plan.cost, name), due=value)


def _in_order(route: Route) -> list[Visit | Reload]:
    """Return visits and reloads as they are driven."""
    calls: list[Visit | Reload] = []
    reloads = sorted(route.reloads, key=lambda one: one.after)
    for number, visit in enumerate(route.visits):
        calls += [one for one in reloads if one.after == number]
        calls.append(visit)
    return calls + [one for one in reloads if one.after >= len(route.visits)]


def _carried(plan: RoutePlan) -> dict[str, _Carried]:
    found = {}
    for route in plan.routes:
        leaves, waiting = route.start_s, []
        for call in _in_order(route):
            if isinstance(call, Visit):
                waiting.append((call, leaves))
                continue
            for visit, left in waiting:
                found[visit.stop_id] = _Carried(left, call.arrival_s, visit)
            leaves, waiting = call.departure_s, []
        for visit, left in waiting:
            found[visit.stop_id] = _Carried(left, route.end_s, visit)
    return found
