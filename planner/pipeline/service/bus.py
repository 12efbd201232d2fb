"""Buses in a week's service: read once, asked on each weekday, taken where the day is cheaper with them than without."""

from __future__ import annotations

import datetime
import math
from collections.abc import Callable, Sequence
from dataclasses import replace

from planner.errors import Message, PlanRejectedError
from planner.geodata.transit.feed import FeedTrip
from planner.geodata.transit.parcel_room import read_room
from planner.geodata.transit.read_feed import read_feed
from planner.model import Demand, Fact, PointDemand
from planner.pipeline.area_roads import area_points
from planner.pipeline.area_run import AreaRun
from planner.pipeline.fleet import DIMENSIONS
from planner.pipeline.service.bus_problem import BusGround, bus_ground, bus_problem
from planner.pipeline.service.bus_remarks import bus_hindrances
from planner.pipeline.service.weekday import Weekday
from planner.plans.service_buses import (
    BusDay,
    BusRemark,
    BusService,
    CarryingCall,
    CarryingTrip,
    ServedLine,
    ServedStop,
    TerminalRun,
    WithoutBuses,
)
from planner.plans.service_plan import ServiceDay
from planner.service.buses import BusEffort, BusPlan, BusProblem, BusRide, TripLoad, check_buses, plan_buses

_MARGIN_DEGREES = 0.3
"""Buses go beyond the county; a feed none of whose stops is so near is another county's."""
_EFFORT = BusEffort(first_iterations=40, rounds=12, iterations=8, last_iterations=80)
_WHOLE = 150
"""Iterations of the search for days with which buses are searched for as long as that; with fewer, in proportion."""
_WEEK = 7
_SAME = 1e-6


def read_buses(run: AreaRun, site_ids: Sequence[str]) -> BusGround | None:
    """Return the buses of the configuration and their ways to some sites, None where it names none.

    Raises
    ------
    BadDataError
        If feed or table cannot be used; every fault has its line.
    ConfigError
        If a terminal is no stop of the feed.
    """
    service = run.config.service
    if service is None or service.buses is None:
        return None
    asked = service.buses
    points = area_points(run.area)
    lons, lats = points.lons, points.lats
    bounds = (
        float(lons.min()) - _MARGIN_DEGREES,
        float(lats.min()) - _MARGIN_DEGREES,
        float(lons.max()) + _MARGIN_DEGREES,
        float(lats.max()) + _MARGIN_DEGREES,
    )
    feed = read_feed(run.config.resolve(asked.feed), asked.datum, bounds)
    return bus_ground(run, feed, read_room(run.config.resolve(asked.room), feed), asked, site_ids)


def with_buses(
    run: AreaRun, ground: BusGround, date: datetime.date, plain: Weekday, confirm: Callable[[Demand], Weekday]
) -> tuple[Weekday, tuple[Fact, ...]]:
    """Return a weekday with what buses take off its vehicles, and why they take nothing, or not all they could.

    ``plain`` is the day without buses, ``confirm`` plans the day again for goods that are left. The day stays as it is
    where that is not cheaper, or leaves more points without a visit.
    """
    runs = ground.feed.trips_on(date)
    if fault := ground.feed.fault_on(date):
        return plain, (fault,)
    closes = max((point.stop.closes_s for point in plain.problem.points), default=0.0)
    problem = bus_problem(
        ground,
        runs,
        plain.problem,
        plain.day.tiers,
        ready_s=min(kind.shift_start_s for kind in plain.problem.hub_vehicles),
        until_s=closes,
    )
    hindrances = tuple(bus_hindrances(ground, runs, problem))
    if not (problem.trips and problem.access and problem.transfers):
        return plain, hindrances
    found = plan_buses(problem, seed=run.config.seed, effort=_effort(run))
    if violations := check_buses(problem, found):
        raise PlanRejectedError(Message("what buses carry is not so"), list(map(str, violations)))
    if not found.rides:
        return plain, hindrances or (Fact(code="bus_dearer_than_vans"),)
    buses = _bus_day(ground, runs, problem, found, plain)
    left = confirm(without_carried(plain.day.demand, buses))
    mixed = replace(left, day=replace(left.day, demand=plain.day.demand, buses=buses))
    before, after = (_worth(day) for day in (plain, mixed))
    if after >= before:
        return plain, (*hindrances, Fact(code="bus_dearer_than_vans"))
    return mixed, hindrances


def _effort(run: AreaRun) -> BusEffort:
    assert run.config.service is not None
    share = min(1.0, run.config.service.iterations / _WHOLE)
    return replace(
        _EFFORT,
        first_iterations=math.ceil(_EFFORT.first_iterations * share),
        rounds=math.ceil(_EFFORT.rounds * share),
        last_iterations=math.ceil(_EFFORT.last_iterations * share),
    )


def with_rides_of(
    main: BusDay, ground: BusGround, date: datetime.date, demand: Demand, confirm: Callable[[Demand], Weekday]
) -> ServiceDay:
    """Return a weekday of another season with what buses carry on the plan's own, as far as it is the same goods.

    Where goods are others, or the bus does not run on the date, vans bring them.
    """
    running = {run.id for run in ground.feed.trips_on(date)}
    goods = {point.stop_id: point for point in demand.points}
    of: dict[tuple[str, bool], list[BusRide]] = {}
    for ride in main.rides:
        of.setdefault((ride.point_id, ride.up), []).append(ride)
    kept = [
        ride
        for (id_, up), rides in of.items()
        if id_ in goods and running.issuperset(one.trip_id for one in rides) and _is_all(rides, goods[id_], up=up)
        for ride in rides
    ]
    used = {(ride.trip_id, ride.up) for ride in kept}
    buses = replace(main, rides=tuple(kept), runs=tuple(run for run in main.runs if (run.trip_id, run.up) in used))
    return replace(confirm(without_carried(demand, buses)).day, demand=demand, buses=buses)


def _is_all(rides: Sequence[BusRide], point: PointDemand, *, up: bool) -> bool:
    """Return whether rides carry what a point has in a direction, no more and no less."""
    names = [f"{'pickup' if up else 'delivery'}_{name}" for name in DIMENSIONS]
    carried = (math.fsum(parts) for parts in zip(*(ride.amount for ride in rides), strict=True))
    return all(abs(one - getattr(point, name)) <= _SAME for one, name in zip(carried, names, strict=True))


def without_carried(demand: Demand, buses: BusDay) -> Demand:
    """Return the goods of a day without what buses carry."""
    return replace(demand, points=tuple(_left(point, buses) for point in demand.points))


def _left(point: PointDemand, buses: BusDay) -> PointDemand:
    if buses.carried(point.stop_id, up=False):
        point = replace(point, delivery_parcels=0, delivery_kg=0.0, delivery_m3=0.0)
    if buses.carried(point.stop_id, up=True):
        point = replace(point, pickup_parcels=0, pickup_kg=0.0, pickup_m3=0.0, produce=())
    return point


def _worth(one: Weekday) -> tuple[int, float]:
    return len(one.day.tiers.missed), one.day.cost_yuan


def _bus_day(
    ground: BusGround, runs: Sequence[FeedTrip], problem: BusProblem, found: BusPlan, plain: Weekday
) -> BusDay:
    return BusDay(
        rides=found.rides,
        trips=carrying_loads(ground, runs, problem, found.loads),
        runs=_runs(problem, found),
        access_m=found.access_m,
        without=WithoutBuses(
            cost_yuan=plain.day.cost_yuan,
            distance_m=plain.day.distance_m,
            vehicles=len(plain.day.routes),
            missed=len(plain.day.tiers.missed),
        ),
    )


def carrying_loads(
    ground: BusGround, runs: Sequence[FeedTrip], problem: BusProblem, loads: Sequence[TripLoad]
) -> tuple[CarryingTrip, ...]:
    """Return the trips that carry something, with their room and load, as plans keep them."""
    trips, of_id = {trip.id: trip for trip in problem.trips}, {run.id: run for run in runs}
    carrying = []
    for load in loads:
        trip, run = trips[load.trip_id], of_id[load.trip_id]
        room = ground.room.room_of(run)
        assert room is not None
        carrying.append(
            CarryingTrip(
                trip_id=trip.id,
                line_id=trip.line_id,
                headsign=run.headsign,
                calls=tuple(
                    CarryingCall(stop_id=call.stop_id, arrival_s=call.arrival_s, departure_s=call.departure_s)
                    for call in trip.calls
                ),
                room=tuple(one if math.isfinite(one) else None for one in (room.parcels, room.kg, room.m3)),
                legs=load.legs,
                price_yuan=room.yuan_per_parcel,
                room_row=room.row,
            )
        )
    return tuple(carrying)


def _runs(problem: BusProblem, found: BusPlan) -> tuple[TerminalRun, ...]:
    """Return the runs between hub and terminal, each once for a trip and direction."""
    trips = {trip.id: trip for trip in problem.trips}
    transfers = {one.stop_id: one for one in problem.transfers}
    at = {
        (ride.trip_id, ride.up): trips[ride.trip_id].calls[ride.alight if ride.up else ride.board].stop_id
        for ride in found.rides
    }
    return tuple(
        TerminalRun(
            trip_id=trip_id,
            up=up,
            cost_yuan=transfers[stop_id].yuan_per_run,
            distance_m=2 * transfers[stop_id].distance_m,
        )
        for (trip_id, up), stop_id in sorted(at.items())
    )


def bus_service(ground: BusGround, monday: datetime.date, remarks: Sequence[BusRemark]) -> BusService:
    """Return what a plan keeps of its buses: files, lines with room and their stops, and why they carry nothing."""
    feed = ground.feed
    by_day = [feed.trips_on(monday + datetime.timedelta(days=day)) for day in range(_WEEK)]
    with_room = [[run for run in runs if ground.room.room_of(run) is not None] for runs in by_day]
    longest: dict[str, FeedTrip] = {}
    for run in (run for runs in with_room for run in runs):
        if run.line_id not in longest or len(run.calls) > len(longest[run.line_id].calls):
            longest[run.line_id] = run
    lines = tuple(
        ServedLine(
            id=id_,
            name=feed.lines[id_].name,
            agency=feed.lines[id_].agency,
            stop_ids=tuple(call.stop_id for call in longest[id_].calls),
            trips=tuple(sum(run.line_id == id_ for run in runs) for runs in with_room),
        )
        for id_ in sorted(longest)
    )
    called = {call.stop_id for runs in with_room for run in runs for call in run.calls}
    return BusService(
        feed=feed.name,
        feed_sha256=feed.sha256,
        publisher=feed.publisher,
        version=feed.version,
        synthetic=feed.synthetic,
        room=ground.room.name,
        room_sha256=ground.room.sha256,
        terminal_ids=ground.terminal_ids,
        lines=lines,
        stops=tuple(_stop(ground, id_) for id_ in sorted(called | set(ground.terminal_ids))),
        remarks=tuple(remarks),
        findings=tuple(
            Fact(code=one.message.code, params=one.message.params) for one in (*feed.findings, *ground.room.findings)
        ),
    )


def _stop(ground: BusGround, id_: str) -> ServedStop:
    stop = ground.feed.stops[id_]
    site_id, metres = ground.nearest(id_)
    near = metres <= ground.reach_m
    return ServedStop(
        id=id_,
        name=stop.name,
        lon=stop.lon,
        lat=stop.lat,
        site_id=site_id if near else "",
        site_m=round(metres, 1) if near else 0.0,
    )
