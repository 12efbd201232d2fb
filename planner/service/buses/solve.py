"""Plan which goods go by bus: a search beside vans alone, the best of both timed, costed and put together."""

from __future__ import annotations

import math

from planner.errors import BadDataError, Message
from planner.progress import Progress, silent
from planner.routing import RoutePlan
from planner.routing.solve import solve_routing
from planner.service.buses.bus_room import BusRoom
from planner.service.buses.bus_search import BusEffort, BusSearch, Worth
from planner.service.buses.problem import BusProblem
from planner.service.buses.rides import ride_options
from planner.service.buses.solution import BusMoney, BusPlan, GoodsWay, PointWays, TripLoad


def plan_buses(
    problem: BusProblem, *, seed: int, effort: BusEffort | None = None, progress: Progress = silent
) -> BusPlan:
    """Return the cheapest plan found, never dearer than vans alone, which it is where nothing can go by bus.

    The same problem, seed and effort give the same plan.

    Raises
    ------
    BadDataError
        If the effort makes no sense.
    """
    effort = effort or BusEffort.usual(len(problem.points))
    _refuse(effort)
    alone = solve_routing(problem.vans_alone(), iterations=effort.all_iterations, seed=seed, threads=1)
    options = ride_options(problem)
    search = BusSearch(problem, options, effort, seed)
    room, vans = BusRoom(problem, options), alone
    tried = 1
    if options:
        best = search.run(progress)
        tried += search.vans.asked + 1
        if best.room.rides:
            routing = problem.left_to_vans(search.left(best.room))
            last = solve_routing(
                routing, iterations=effort.last_iterations, seed=seed, threads=1, start=best.vans.steps
            )
            if _worth(search, problem, best.room, last) < _worth(search, problem, room, alone):
                room, vans = best.room, last
    money, money_alone = _money(search, room, vans), _money(search, BusRoom(problem, options), alone)
    rides = tuple(option.ride(problem.trips, amount) for option, amount in room.all_taken())
    runs = {option.run: option.transfer.distance_m for option, _ in room.all_taken()}
    return BusPlan(
        ways=tuple(_ways(problem, room, vans)),
        rides=rides,
        loads=trip_loads(problem, room),
        vans=vans,
        money=money,
        vans_m=math.fsum(route.distance_m for route in vans.routes) + 2 * math.fsum(runs.values()),
        access_m=math.fsum(
            2 * ride.ways * option.access.distance_m for ride, (option, _) in zip(rides, room.all_taken(), strict=True)
        ),
        vans_alone=alone,
        money_alone=money_alone,
        alone_m=math.fsum(route.distance_m for route in alone.routes),
        tried=tried,
    )


def _refuse(effort: BusEffort) -> None:
    faults = [
        Message("{name} is {value!r}, it must be a whole number, {least} or more", name=name, value=value, least=least)
        for name, least in (("first_iterations", 1), ("iterations", 1), ("last_iterations", 1), ("rounds", 0))
        if not (isinstance(value := getattr(effort, name), int) and value >= least)
    ]
    if faults:
        raise BadDataError(Message("the search cannot start"), faults)


def _worth(search: BusSearch, problem: BusProblem, room: BusRoom, vans: RoutePlan) -> Worth:
    left = {one.stop_id for one in vans.unassigned}
    priorities = sum(point.priority for point in problem.points if point.id in left)
    return priorities, len(left), _money(search, room, vans).total_yuan


def _money(search: BusSearch, room: BusRoom, vans: RoutePlan) -> BusMoney:
    visited = {visit.stop_id for route in vans.routes for visit in route.visits}
    return BusMoney(
        vans_yuan=vans.cost_yuan,
        rides_yuan=room.rides_yuan(),
        runs_yuan=room.runs_yuan(),
        trunk_yuan=search.trunk_yuan(room, visited),
    )


def _ways(problem: BusProblem, room: BusRoom, vans: RoutePlan) -> list[PointWays]:
    visited = {visit.stop_id for route in vans.routes for visit in route.visits}
    at_station = {id_ for one in problem.stations for id_ in one.point_ids}

    def way(id_: str, up: bool, goods: tuple[float, ...]) -> GoodsWay:
        if not any(goods):
            return GoodsWay.NOTHING
        if (id_, up) in room.rides:
            return GoodsWay.BUS
        if id_ not in visited:
            return GoodsWay.NOT_SERVED
        return GoodsWay.STATION if id_ in at_station else GoodsWay.VAN

    return [
        PointWays(point_id=point.id, down=way(point.id, False, point.delivery), up=way(point.id, True, point.pickup))
        for point in sorted(problem.points, key=lambda point: point.id)
    ]


def trip_loads(problem: BusProblem, room: BusRoom) -> tuple[TripLoad, ...]:
    """Return what each trip carries on each leg, of those that carry anything."""
    legs = {
        number: [[0.0] * len(problem.dimensions) for _ in problem.trips[number].room]
        for number in sorted({option.trip for option, _ in room.all_taken()})
    }
    for option, amount in room.all_taken():
        for leg in legs[option.trip][option.board : option.alight]:
            leg[:] = [have + one for have, one in zip(leg, amount, strict=True)]
    return tuple(
        TripLoad(trip_id=problem.trips[number].id, legs=tuple(tuple(leg) for leg in carried))
        for number, carried in legs.items()
    )
