"""The check that replays a day over three tiers from the problem alone, in code that did not make it."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise

from planner.routing import RoutePlan
from planner.service.tiers.drive_again import NEAR, DrivenAgain, TierFault, TierViolation
from planner.service.tiers.problem import TierProblem, TierStation
from planner.service.tiers.solution import Consignment, TierPlan


def check_tiers(problem: TierProblem, plan: TierPlan) -> list[TierViolation]:
    """Return all that is false; empty if nothing is handed over before it is there, all parcels arrive and costs are true.

    Breaks, rests and hours of slow driving are taken as the routes give them, as long as no leg is faster than the fastest
    hour allows: `planner.routing.check` replays those of each route.
    """
    return list(_Replay(problem, plan).violations())


class _Replay(DrivenAgain):
    def violations(self) -> Iterator[TierViolation]:
        yield from self._once()
        hub_fleet = {kind.id: kind for kind in self.problem.hub_vehicles}
        yield from self.drive_routes(self.plan.hub_plan, hub_fleet, "")
        for id_, routes in self.plan.station_plans:
            if (station := self.stations.get(id_)) is None:
                yield TierViolation(kind=TierFault.UNKNOWN, id=id_)
                continue
            yield from self.drive_routes(routes, {kind.id: kind for kind in station.vehicle_types}, id_)
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

    def _consignment(self, one: Consignment) -> Iterator[TierViolation]:
        """Handled only once it is there, fetched only once it is handled, and as much as its points ask."""
        station = self.stations.get(one.station_id)
        if station is None or any(id_ not in self.points for id_ in one.point_ids):
            yield TierViolation(kind=TierFault.UNKNOWN, id=one.id)
            return
        rows = [self.points[id_].stop.pickup if one.up else self.points[id_].stop.delivery for id_ in one.point_ids]
        due = [math.fsum(column) for column in zip(*rows, strict=True)]
        if any(abs(a - b) > NEAR for a, b in zip(due, one.amount, strict=True)):
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
        if one.here_s < there - NEAR or any(begins < there - NEAR for begins, _ in one.bench):
            yield TierViolation(kind=TierFault.NOT_THERE, id=one.id, found=one.here_s, due=there)
        if sum(until - begins for begins, until in one.bench) < work - NEAR or one.ready_s < done - NEAR:
            yield TierViolation(kind=TierFault.BENCH, id=one.id, found=one.ready_s, due=there + work)
        if one.up:
            if not self.missed.issuperset(one.point_ids) and call.visit.service_start_s < one.ready_s - NEAR:
                yield TierViolation(
                    kind=TierFault.NOT_THERE, id=one.id, found=call.visit.service_start_s, due=one.ready_s
                )
            return
        for id_, trip in carried.items():
            if trip.leaves_s < one.ready_s - NEAR:
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
            if begins < until - NEAR:
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
            if any(one > most + NEAR for one, most in zip(held, station.room, strict=True)):
                yield TierViolation(kind=TierFault.ROOM, id=station.id, found=str(held), due=str(station.room))

    def _hub_times(self) -> Iterator[TierViolation]:
        """Goods leave a hub once they are ready there; what comes back is there by the cut-off."""
        for id_, trip in self.from_hub.items():
            stop = self.due_at(trip.visit)
            if stop is None or self.missed.issuperset(self.sent[id_].point_ids if id_ in self.sent else [id_]):
                continue
            if any(stop.delivery) and trip.leaves_s < stop.release_s - NEAR:
                yield TierViolation(kind=TierFault.NOT_THERE, id=id_, found=trip.leaves_s, due=stop.release_s)
            if any(stop.pickup) and trip.back_s > self.problem.cut_off_s + NEAR:
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
            if abs(getattr(self.plan.cost, name) - value) > NEAR:
                yield TierViolation(kind=TierFault.COST, id=name, found=getattr(self.plan.cost, name), due=value)
