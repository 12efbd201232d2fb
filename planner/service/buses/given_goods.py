"""Goods that a plan has on buses, put onto the runs of one date where they cost least, within the room of each leg."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from planner.service.buses.bus_room import BusRoom, Key
from planner.service.buses.check_ride import BusFault, BusViolation, ride_violations
from planner.service.buses.problem import BusProblem
from planner.service.buses.rides import ride_options
from planner.service.buses.solution import BusRide, TripLoad
from planner.service.buses.solve import trip_loads


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenGoods:
    """Rides and loads of what goes by bus; ``never`` no run brings in time, ``full`` has no room on those that would."""

    rides: tuple[BusRide, ...]
    loads: tuple[TripLoad, ...]
    never: frozenset[Key]
    full: frozenset[Key]


def ride_as_planned(problem: BusProblem, asked: Collection[Key]) -> GivenGoods:
    """Return the rides of goods by point and direction (up or down), those first that have the fewest runs to choose from.

    Whether a bus is worth it was decided by the plan of the week: all that fits rides. The same problem and goods give the
    same rides.
    """
    options, points = ride_options(problem), {point.id: point for point in problem.points}
    room, full = BusRoom(problem, options), set()
    goods = {(id_, up): points[id_].pickup if up else points[id_].delivery for id_, up in asked}
    for key in sorted(goods, key=lambda key: (len(options.get(key, ())), -goods[key][0], key)):
        if key in options and not room.place(key, goods[key]):
            full.add(key)
    room.tidy()
    return GivenGoods(
        rides=tuple(option.ride(problem.trips, amount) for option, amount in room.all_taken()),
        loads=trip_loads(problem, room),
        never=frozenset(key for key in goods if key not in options),
        full=frozenset(full),
    )


def given_violations(problem: BusProblem, found: GivenGoods) -> list[BusViolation]:
    """Return what is false about the rides by the problem alone; room and goods are for the plan's own check."""
    points, trips = {point.id: point for point in problem.points}, {trip.id: trip for trip in problem.trips}
    strange = [one for one in found.rides if one.point_id not in points or one.trip_id not in trips]
    if strange:
        return [BusViolation(kind=BusFault.UNKNOWN, id=one.point_id, found=one.trip_id) for one in strange]
    return [
        fault
        for one in found.rides
        for fault in ride_violations(problem, points[one.point_id], trips[one.trip_id], one)
    ]
