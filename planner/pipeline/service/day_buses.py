"""A date's goods on the buses that run on it, for the points that the plan of the week serves by bus on its weekday."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from planner.errors import Message, PlanRejectedError
from planner.model import Demand, Fact
from planner.pipeline.area_run import AreaRun
from planner.pipeline.fleet import COLD
from planner.pipeline.service.bus import carrying_loads, read_buses
from planner.pipeline.service.bus_problem import BusGround, bus_offer
from planner.pipeline.service.tier_problem import cut_off_s
from planner.plans.day_rides import DayRides, KeptOffBus, RidingStop, RidingWay, TerminalWay
from planner.plans.service_plan import ServicePlan
from planner.routing import RoutingProblem, Stop
from planner.service.buses import BusProblem, GivenGoods, given_violations, ride_as_planned

Key = tuple[str, bool]
"""A stop of the day and a direction: up or down."""


def rides_on(run: AreaRun, service: ServicePlan, demand: Demand, problem: RoutingProblem) -> DayRides | None:
    """Return what rides on a date, and what goes by van though the plan has it on buses; None where it has nothing there.

    ``problem`` asks all of the day's goods of vans. Runs are those of the date, by the feed as it is today: holidays and
    other exceptions are heeded.

    Raises
    ------
    BadDataError
        If feed or table of room cannot be used.
    ConfigError
        If a terminal is no stop of the feed.
    PlanRejectedError
        If a ride does not hold by the check.
    """
    asked = _asked(service, demand, problem)
    if not asked:
        return None
    stops = {stop.id: stop for stop in problem.stops if {(stop.id, False), (stop.id, True)} & asked.keys()}
    ground = read_buses(run, sorted({stop.place for stop in stops.values()}))
    hub = problem.depots[0]
    ends_s = float(cut_off_s(run.config))
    starts_s = min(kind.shift_start_s for kind in problem.vehicle_types)
    if ground is None:
        fact = Fact(code="bus_not_in_the_configuration")
        return DayRides(
            feed="", feed_sha256="", room="", room_sha256="", synthetic=False, ready_s=starts_s, cut_off_s=ends_s,
            kept_off=tuple(_kept_off(dict.fromkeys(asked, fact))),
        )  # fmt: skip
    said = DayRides(
        feed=ground.feed.name,
        feed_sha256=ground.feed.sha256,
        room=ground.room.name,
        room_sha256=ground.room.sha256,
        synthetic=ground.feed.synthetic,
        ready_s=starts_s,
        cut_off_s=ends_s,
    )
    if fault := ground.feed.fault_on(run.day):
        return replace(said, kept_off=tuple(_kept_off(dict.fromkeys(asked, fault))))
    runs = ground.feed.trips_on(run.day)
    points = tuple(_asked_of_buses(stop, starts_s) for stop in stops.values())
    offer = bus_offer(ground, runs, points, problem.dimensions)
    vans = tuple(
        kind
        for kind in problem.vehicle_types
        if kind.depot_id == hub.id and kind.shift_start_s < ends_s and kind.end_depot_id in ("", hub.id)
    )
    if not vans:  # nobody of that hub takes on what buses leave
        return replace(said, kept_off=tuple(_kept_off(dict.fromkeys(asked, Fact(code="no_bus_in_time_for_it")))))
    rides = BusProblem(
        dimensions=problem.dimensions,
        hub=hub,
        hub_vehicles=vans,
        points=points,
        travel=problem.travel,
        cut_off_s=ends_s,
        latest_hand_over_s=max(stop.closes_s for stop in points),
        stops=offer.stops,
        trips=offer.trips,
        access=offer.access,
        transfers=offer.transfers,
        profiles=problem.profiles,
        speed_of_day=problem.speed_of_day,
    )
    found = ride_as_planned(rides, frozenset(asked))
    if violations := given_violations(rides, found):
        raise PlanRejectedError(Message("what buses carry is not so"), list(map(str, violations)))
    return replace(
        said,
        rides=found.rides,
        trips=carrying_loads(ground, runs, rides, found.loads),
        kept_off=tuple(_kept_off(dict(_reasons(found, asked, stops)))),
        **_terms(ground, rides, found),
    )


def _asked(service: ServicePlan, demand: Demand, problem: RoutingProblem) -> dict[Key, float]:
    """Return the parcels of each stop and direction that the plan serves by bus on the weekday and that has goods."""
    day = service.day_of.get(demand.date.weekday())
    if day is None or day.buses is None:
        return {}
    sites = day.demand.site_of_stop
    planned = {(sites[ride.point_id], ride.up) for ride in day.buses.rides}
    of_stop = demand.site_of_stop
    return {
        (stop.id, up): goods[0]
        for stop in problem.stops
        for up, goods in ((False, stop.delivery), (True, stop.pickup))
        if any(goods) and (of_stop[stop.id], up) in planned
    }


def _asked_of_buses(stop: Stop, ready_s: float) -> Stop:
    """Return a stop as buses are asked: served for certain, by whom vans are told apart does not matter."""
    return replace(
        stop,
        skip_cost_yuan=math.inf,
        release_s=max(stop.release_s, ready_s),
        only_vehicles=(),
        not_vehicles=(),
    )


def _reasons(found: GivenGoods, asked: Mapping[Key, float], stops: Mapping[str, Stop]) -> Iterator[tuple[Key, Fact]]:
    for key in asked:
        if key in found.full:
            yield key, Fact(code="bus_is_full", params={"count": math.ceil(asked[key])})
        elif key in found.never:
            yield key, Fact(code="bus_takes_no_cold_goods" if COLD in stops[key[0]].needs else "no_bus_in_time_for_it")


def _kept_off(reasons: Mapping[Key, Fact]) -> Iterator[KeptOffBus]:
    for (stop_id, up), fact in sorted(reasons.items(), key=lambda one: one[0]):
        yield KeptOffBus(stop_id=stop_id, up=up, fact=fact)


def _terms(ground: BusGround, problem: BusProblem, found: GivenGoods) -> dict[str, Any]:
    """Return the lines, stops and ways that rides rest on, as fields of `DayRides`."""
    trips, places = {trip.id: trip for trip in problem.trips}, {point.id: point.place for point in problem.points}
    carrying = {ride.trip_id for ride in found.rides}
    called = {call.stop_id for id_ in carrying for call in trips[id_].calls}
    used, terminals = set(), set()
    for ride in found.rides:
        ends = [trips[ride.trip_id].calls[call].stop_id for call in (ride.board, ride.alight)]
        terminal, stop = reversed(ends) if ride.up else ends
        used.add((stop, ride.point_id, ride.kind))
        terminals.add(terminal)
    ways = {(one.stop_id, places[one.point_id], one.kind): one for one in problem.access if one.key in used}
    handling = {stop.id: stop.handling_s for stop in problem.stops}
    feed = ground.feed
    lines = {trips[id_].line_id for id_ in carrying}
    return {
        "lines": {id_: feed.lines[id_].name for id_ in sorted(lines)},
        "stops": tuple(
            RidingStop(
                id=id_,
                name=feed.stops[id_].name,
                lon=feed.stops[id_].lon,
                lat=feed.stops[id_].lat,
                handling_s=handling[id_],
            )
            for id_ in sorted(called)
        ),
        "ways": tuple(
            RidingWay(
                stop_id=one.stop_id,
                site_id=site_id,
                kind=one.kind,
                duration_s=one.duration_s,
                distance_m=one.distance_m,
                most_kg=one.most[1],
                yuan_per_parcel=one.yuan_per_unit[0],
                yuan_per_way=one.yuan_per_way,
            )
            for (_, site_id, _), one in sorted(ways.items())
        ),
        "terminals": tuple(
            TerminalWay(
                stop_id=one.stop_id,
                duration_s=one.duration_s,
                distance_m=one.distance_m,
                yuan_per_run=one.yuan_per_run,
            )
            for one in problem.transfers
            if one.stop_id in terminals
        ),
    }
