"""A running plan with the stops that vehicles have behind them in the order in which they had them, whoever was to come."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from planner.routing.problem import RoutingProblem
from planner.routing.solution import Reload, Route, RoutePlan, Visit
from planner.routing.stops import Stop
from planner.routing.timing import Timer
from planner.routing.vehicles import VehicleType


def as_driven(problem: RoutingProblem, plan: RoutePlan, done: Mapping[str, Sequence[str]]) -> RoutePlan:
    """Return the plan in which each vehicle has first what it has done, in that order, then what is left as it was planned.

    ``done`` are stops by vehicle, each by one; it may be one that was not to come there, or was to stay at its depot.
    Times stay those that were announced; the legs are those that were driven. Ids that the problem does not know, and
    vehicles that it does not have, are left for `refuse_bad_day` to name.
    """
    stops = {stop.id for stop in problem.stops}
    visits = {stop.id: _untimed(stop) for stop in problem.stops}
    visits |= {visit.stop_id: visit for route in plan.routes for visit in route.visits}
    doer = {id_: vehicle for vehicle, ids in done.items() for id_ in ids if id_ in stops}
    kinds = {id_: kind for kind in problem.vehicle_types for id_ in kind.vehicle_ids()}
    routes = {route.vehicle_id: route for route in plan.routes}
    for vehicle, kind in kinds.items():
        own = [id_ for id_ in done.get(vehicle, ()) if doer.get(id_) == vehicle]
        route = routes.get(vehicle) or (_unplanned(kind, vehicle) if own else None)
        if route is None:
            continue
        left = [id_ for id_ in (visit.stop_id for visit in route.visits) if id_ not in doer]
        if [*own, *left] != [visit.stop_id for visit in route.visits]:
            routes[vehicle] = _Driven(problem, kind, route).with_stops([visits[id_] for id_ in own], set(left))
    return replace(
        plan,
        routes=tuple(route for _, route in sorted(routes.items()) if route.visits),
        unassigned=tuple(one for one in plan.unassigned if one.stop_id not in doer),
    )


def _untimed(stop: Stop) -> Visit:
    """Return the visit of a stop that was on no route."""
    return Visit(
        stop_id=stop.id,
        arrival_s=stop.opens_s,
        service_start_s=stop.opens_s,
        departure_s=stop.opens_s + stop.service_duration_s,
        distance_m=0.0,
        driving_s=0.0,
        delivered=stop.delivery,
        picked_up=stop.pickup,
        load_after=(),
    )


def _unplanned(kind: VehicleType, vehicle_id: str) -> Route:
    """Return an empty route of a vehicle that was to stay at its depot."""
    return Route(
        vehicle_id=vehicle_id,
        vehicle_type_id=kind.id,
        depot_id=kind.depot_id,
        start_s=kind.shift_start_s,
        end_s=kind.shift_start_s,
        load_at_start=(),
        visits=(),
        return_distance_m=0.0,
        return_driving_s=0.0,
        distance_m=0.0,
        driving_s=0.0,
        cost_yuan=0.0,
        end_depot_id=kind.end_id if kind.end_id != kind.depot_id else "",
        open_start=kind.open_start,
        open_end=kind.open_end,
    )


class _Driven:
    def __init__(self, problem: RoutingProblem, kind: VehicleType, route: Route) -> None:
        self.timer, self.kind, self.route = Timer(problem, kind), kind, route
        self.places = {stop.id: stop.place for stop in problem.stops}
        self.after = sorted(reload.after for reload in route.reloads)
        self.trip_of = {visit.stop_id: bisect_right(self.after, i) for i, visit in enumerate(route.visits)}

    def with_stops(self, own: Sequence[Visit], left: set[str]) -> Route:
        """Return the route with what it has done, then what is left of it.

        It has been at the depot again if a stop of a later trip is done. What another vehicle's route had counts to the trip
        in which it was done.
        """
        trips: list[int] = []
        for visit in own:
            trips.append(self.trip_of.get(visit.stop_id, trips[-1] if trips else 0))
        begun = max(trips, default=0)
        own = [
            visit
            for _, _, visit in sorted((trip, i, visit) for i, (trip, visit) in enumerate(zip(trips, own, strict=True)))
        ]
        ahead = [(i, visit) for i, visit in enumerate(self.route.visits) if visit.stop_id in left]
        visits = [*own, *(visit for _, visit in ahead)]
        counts = [
            sum(trip <= j for trip in trips) if j < begun else len(own) + sum(i < after for i, _ in ahead)
            for j, after in enumerate(self.after)
        ]
        reloads = [
            replace(reload, after=count)
            for reload, count in zip(sorted(self.route.reloads, key=lambda one: one.after), counts, strict=True)
        ]
        return self._with_legs(replace(self.route, visits=tuple(visits), reloads=tuple(reloads)))

    def _with_legs(self, route: Route) -> Route:
        place = "" if route.open_start else route.depot_id
        calls = [replace(call, distance_m=m, driving_s=s) for call, s, m in self._legs(route.calls(), place)]
        last = self._place(calls[-1]) if calls else place
        end = route.end_depot_id or route.depot_id
        back_s, back_m = (0.0, 0.0) if route.open_end or not last else self.timer.leg(last, end)
        return replace(
            route,
            visits=tuple(call for call in calls if isinstance(call, Visit)),
            reloads=tuple(call for call in calls if isinstance(call, Reload)),
            return_distance_m=back_m,
            return_driving_s=back_s,
            distance_m=sum(call.distance_m for call in calls) + back_m,
            driving_s=sum(call.driving_s for call in calls) + back_s,
        )

    def _legs(self, calls: Sequence[Visit | Reload], place: str) -> Iterator[tuple[Visit | Reload, float, float]]:
        for call in calls:
            target = self._place(call)
            seconds, metres = self.timer.leg(place, target) if place else (0.0, 0.0)
            yield call, seconds, metres
            place = target

    def _place(self, call: Visit | Reload) -> str:
        return self.places[call.stop_id] if isinstance(call, Visit) else call.depot_id
