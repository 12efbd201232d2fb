"""The check that replays rides and vans from the problem alone, leg by leg, in code that did not make them."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace

from planner.routing import Stop
from planner.routing.check import check
from planner.service.buses.check_ride import NEAR, BusFault, BusViolation, ride_violations
from planner.service.buses.problem import BusProblem
from planner.service.buses.solution import BusPlan, BusRide, GoodsWay


def check_buses(problem: BusProblem, plan: BusPlan) -> list[BusViolation]:
    """Return all that is false; empty if every parcel arrives in time by the way that is said, and figures are true."""
    return list(_Replay(problem, plan).violations())


class _Replay:
    def __init__(self, problem: BusProblem, plan: BusPlan) -> None:
        self.problem, self.plan = problem, plan
        self.points = {point.id: point for point in problem.points}
        self.trips = {trip.id: trip for trip in problem.trips}
        self.station_of = {id_: one.id for one in problem.stations for id_ in one.point_ids}
        self.rides: dict[tuple[str, bool], list[BusRide]] = defaultdict(list)
        for ride in plan.rides:
            self.rides[ride.point_id, ride.up].append(ride)

    def violations(self) -> Iterator[BusViolation]:
        strange = [
            BusViolation(kind=BusFault.UNKNOWN, id=ride.point_id, found=ride.trip_id)
            for ride in self.plan.rides
            if ride.trip_id not in self.trips or ride.point_id not in self.points
        ]
        told = [one.point_id for one in self.plan.ways]
        strange += [BusViolation(kind=BusFault.UNKNOWN, id=id_) for id_ in told if id_ not in self.points]
        if strange:
            yield from strange
            return
        for ride in self.plan.rides:
            strange += ride_violations(self.problem, self.points[ride.point_id], self.trips[ride.trip_id], ride)
        yield from strange
        if any(one.kind in (BusFault.RIDE, BusFault.ACCESS) for one in strange):
            return  # a ride that does not exist cannot be added up
        yield from self._room()
        yield from self._accounts()
        yield from self._vans()
        yield from self._figures()

    def _room(self) -> Iterator[BusViolation]:
        """Drive each trip from call to call with what is put on and taken off."""
        said = {one.trip_id: one.legs for one in self.plan.loads}
        if len(said) != len(self.plan.loads):
            yield BusViolation(kind=BusFault.LOAD, id="", found=float(len(self.plan.loads)), due=float(len(said)))
        dimensions = range(len(self.problem.dimensions))
        for id_, trip in self.trips.items():
            mine = [ride for ride in self.plan.rides if ride.trip_id == id_]
            if not mine and id_ not in said:
                continue
            if len(said.get(id_, ())) != len(trip.room):
                yield BusViolation(kind=BusFault.LOAD, id=id_, found=str(said.get(id_)))
                continue
            on_board = [0.0 for _ in dimensions]
            for call in range(len(trip.calls) - 1):
                for ride in mine:
                    change = (ride.board == call) - (ride.alight == call)
                    on_board = [have + change * one for have, one in zip(on_board, ride.amount, strict=True)]
                for d in dimensions:
                    if on_board[d] > trip.room[call][d] + NEAR:
                        yield BusViolation(kind=BusFault.ROOM, id=id_, found=on_board[d], due=trip.room[call][d])
                    if abs(on_board[d] - said[id_][call][d]) > NEAR:
                        yield BusViolation(kind=BusFault.LOAD, id=id_, found=said[id_][call][d], due=on_board[d])

    def _accounts(self) -> Iterator[BusViolation]:
        """Every parcel and kg goes by the way that is said, once."""
        by_van = {visit.stop_id: visit for route in self.plan.vans.routes for visit in route.visits}
        ways = {one.point_id: one for one in self.plan.ways}
        if len(ways) != len(self.plan.ways):
            yield BusViolation(kind=BusFault.ACCOUNT, id="", found=float(len(self.plan.ways)), due=float(len(ways)))
        nothing = (0.0,) * len(self.problem.dimensions)
        for id_, point in self.points.items():
            if id_ not in ways:
                yield BusViolation(kind=BusFault.ACCOUNT, id=id_)
                continue
            visit = by_van.get(id_)
            for up, asked, way in ((False, point.delivery, ways[id_].down), (True, point.pickup, ways[id_].up)):
                driven = nothing if visit is None else visit.picked_up if up else visit.delivered
                ridden = [
                    math.fsum(parts) for parts in zip(nothing, *(r.amount for r in self.rides[id_, up]), strict=True)
                ]
                yield from self._direction(id_, asked, driven, ridden, way)
                yield from self._parcels(id_, asked, self.rides[id_, up])

    def _direction(
        self, id_: str, asked: tuple[float, ...], driven: tuple[float, ...], ridden: list[float], way: GoodsWay
    ) -> Iterator[BusViolation]:
        arrived = [a + b for a, b in zip(driven, ridden, strict=True)]
        whole = all(abs(a - b) <= NEAR for a, b in zip(arrived, asked, strict=True))
        left = not any(arrived)
        if not (whole or (left and way is GoodsWay.NOT_SERVED)):
            yield BusViolation(kind=BusFault.ACCOUNT, id=id_, found=str(arrived), due=str(asked))
        van = GoodsWay.STATION if id_ in self.station_of else GoodsWay.VAN
        if not any(asked):
            true = GoodsWay.NOTHING
        elif any(ridden):
            true = GoodsWay.BUS
        else:
            true = van if any(driven) else GoodsWay.NOT_SERVED
        if way is not true or (any(ridden) and any(driven)):
            yield BusViolation(kind=BusFault.WAY, id=id_, found=way, due=true)

    @staticmethod
    def _parcels(id_: str, asked: tuple[float, ...], rides: list[BusRide]) -> Iterator[BusViolation]:
        """Parcels are not cut (a rest that is no whole parcel goes in one ride); each ride is on a trip of its own."""
        if len({ride.trip_id for ride in rides}) < len(rides):
            yield BusViolation(kind=BusFault.PARCEL, id=id_, found=float(len(rides)))
        broken = [ride for ride in rides if abs(ride.amount[0] - round(ride.amount[0])) > NEAR]
        if len(broken) > (abs(asked[0] - round(asked[0])) > NEAR):
            yield BusViolation(kind=BusFault.PARCEL, id=id_, found=broken[0].amount[0])
        for ride in rides if asked[0] > 0 else ():
            share = [one * ride.amount[0] / asked[0] for one in asked]
            if any(abs(a - b) > NEAR for a, b in zip(ride.amount, share, strict=True)):
                yield BusViolation(kind=BusFault.PARCEL, id=id_, found=str(ride.amount), due=str(share))

    def _left(self) -> dict[str, Stop]:
        """Return the points with what no bus carries, as the vans should be asked."""
        nothing = (0.0,) * len(self.problem.dimensions)
        left = {}
        for id_, point in self.points.items():
            down = nothing if self.rides[id_, False] else point.delivery
            up = nothing if self.rides[id_, True] else point.pickup
            if any(down) or any(up) or not (any(point.delivery) or any(point.pickup)):
                left[id_] = replace(point, delivery=down, pickup=up)
        return left

    def _vans(self) -> Iterator[BusViolation]:
        for routing, routes in (
            (self.problem.left_to_vans(self._left()), self.plan.vans),
            (self.problem.vans_alone(), self.plan.vans_alone),
        ):
            for one in check(routing, routes):
                yield BusViolation(kind=BusFault.VANS, id=one.stop_id or one.vehicle_id, found=str(one))
        mine = (len(self.plan.vans.unassigned), self.plan.money.total_yuan)
        alone = (len(self.plan.vans_alone.unassigned), self.plan.money_alone.total_yuan)
        if mine[0] > alone[0] or (mine[0] == alone[0] and mine[1] > alone[1] + NEAR):
            yield BusViolation(kind=BusFault.WORSE, id="", found=mine[1], due=alone[1])

    def _figures(self) -> Iterator[BusViolation]:
        """Yuan and metres, added up again."""
        plan, problem = self.plan, self.problem
        runs = {(ride.trip_id, ride.up, self._terminal(ride)) for ride in plan.rides}
        transfers = {one.stop_id: one for one in problem.transfers}
        access = {one.key: one for one in problem.access}
        runs_yuan = math.fsum(transfers[id_].yuan_per_run for _, _, id_ in runs)
        runs_m = math.fsum(2 * transfers[id_].distance_m for _, _, id_ in runs)
        walked_m = math.fsum(
            2 * ride.ways * access[key].distance_m for ride in plan.rides if (key := self._access(ride)) in access
        )
        driven_m = math.fsum(route.distance_m for route in plan.vans.routes)
        alone_m = math.fsum(route.distance_m for route in plan.vans_alone.routes)
        for name, said, true in (
            ("vans_yuan", plan.money.vans_yuan, math.fsum(route.cost_yuan for route in plan.vans.routes)),
            ("rides_yuan", plan.money.rides_yuan, math.fsum(ride.cost_yuan for ride in plan.rides)),
            ("runs_yuan", plan.money.runs_yuan, runs_yuan),
            (
                "trunk_yuan",
                plan.money.trunk_yuan,
                self._trunk_yuan({r.stop_id for x in plan.vans.routes for r in x.visits}, with_rides=True),
            ),
            ("vans_yuan alone", plan.money_alone.vans_yuan, math.fsum(x.cost_yuan for x in plan.vans_alone.routes)),
            ("rides and runs alone", plan.money_alone.rides_yuan + plan.money_alone.runs_yuan, 0.0),
            (
                "trunk_yuan alone",
                plan.money_alone.trunk_yuan,
                self._trunk_yuan({r.stop_id for x in plan.vans_alone.routes for r in x.visits}, with_rides=False),
            ),
            ("vans_m", plan.vans_m, driven_m + runs_m),
            ("access_m", plan.access_m, walked_m),
            ("alone_m", plan.alone_m, alone_m),
        ):
            if abs(said - true) > NEAR:
                yield BusViolation(kind=BusFault.FIGURE, id=name, found=said, due=true)

    def _trunk_yuan(self, visited: set[str], *, with_rides: bool) -> float:
        """Return what bringing goods to stations and fetching them costs."""
        paid = []
        for station in self.problem.stations:
            for id_ in visited & set(station.point_ids):
                point = self.points[id_]
                for up, goods in ((False, point.delivery), (True, point.pickup)):
                    if not (with_rides and self.rides[id_, up]):
                        paid += [one * price for one, price in zip(goods, station.trunk_yuan_per_unit, strict=True)]
        return math.fsum(paid)

    def _terminal(self, ride: BusRide) -> str:
        return self.trips[ride.trip_id].calls[ride.alight if ride.up else ride.board].stop_id

    def _access(self, ride: BusRide) -> tuple[str, str, object]:
        stop = self.trips[ride.trip_id].calls[ride.board if ride.up else ride.alight].stop_id
        return stop, ride.point_id, ride.kind
