"""Small worlds with buses, and all plans of them, worked out by code that shares nothing with search or check."""

import math
import random
from functools import cache
from itertools import pairwise, permutations, product

import numpy as np

from planner.model import TravelMatrix
from planner.routing import Depot, Stop, VehicleType
from planner.service.buses import AccessKind, BusCall, BusProblem, BusStop, BusTrip, HubTransfer, StopAccess

HOUR, MINUTE = 3600.0, 60.0


def van(**changes):
    values = {
        "id": "van",
        "count": 2,
        "depot_id": "hub",
        "capacity": (100.0,),
        "shift_start_s": 8 * HOUR,
        "shift_end_s": 18 * HOUR,
        "max_duration_s": math.inf,
        "fixed_cost_yuan": 50.0,
        "cost_per_km_yuan": 2.0,
        "cost_per_hour_yuan": 0.0,
    }
    return VehicleType(name="van", **(values | changes))


def point(id_, down, up, **changes):
    values = {"opens_s": 8 * HOUR, "closes_s": 18 * HOUR, "service_duration_s": 600.0}
    return Stop(id=id_, name=id_, delivery=(float(down),), pickup=(float(up),), **(values | changes))


def trip(id_, calls, room, **changes):
    """Calls are (stop, minute of the day); the bus stands for a minute."""
    timed = tuple(BusCall(stop_id=id_, arrival_s=m * MINUTE, departure_s=(m + 1) * MINUTE) for id_, m in calls)
    values = {"line_id": "1", "yuan_per_unit": (1.0,), "handling_yuan": 0.5}
    return BusTrip(id=id_, calls=timed, room=tuple((float(one),) for one in room), **(values | changes))


def access(stop, place, **changes):
    values = {
        "kind": AccessKind.WALK,
        "duration_s": 5 * MINUTE,
        "most": (5.0,),
        "yuan_per_unit": (0.0,),
        "distance_m": 400.0,
    }
    return StopAccess(stop_id=stop, point_id=place, **(values | changes))


def travel(km):
    """Travel from a dictionary of positions on a plane in km; a kilometre takes a minute and a half."""
    ids = tuple(km)
    metres = np.array([[1000 * math.dist(km[a], km[b]) for b in ids] for a in ids])
    return TravelMatrix(origin_ids=ids, destination_ids=ids, distances_m=metres, durations_s=metres * 0.09)


def valley(**changes):
    """Hub, a (20 km) and b (30 km) on one road; a bus leaves at 9:00, is at a's stop at 9:30 and at b's at 9:45.

    It comes back by b at 10:00, by a at 10:15 and is at the terminal, 2 km from the hub, at 10:45. a is brought 6 parcels
    and gives 2, b is brought 4. Out there is room for 10 and then 4 parcels, back for 3. Walks are 5 minutes, for 5 parcels
    at a time; handling is 10 minutes at the terminal and 3 at stops.
    """
    values = {
        "dimensions": ("parcels",),
        "hub": Depot(id="hub", name="hub"),
        "hub_vehicles": (van(),),
        "points": (point("a", 6, 2), point("b", 4, 0)),
        "travel": travel({"hub": (0, 0), "a": (20, 0), "b": (30, 0)}),
        "cut_off_s": 17 * HOUR,
        "latest_hand_over_s": 17 * HOUR,
        "stops": (
            BusStop(id="terminal", name="terminal", handling_s=600.0),
            BusStop(id="sa", name="sa", handling_s=180.0),
            BusStop(id="sb", name="sb", handling_s=180.0),
        ),
        "trips": (
            trip("out", [("terminal", 539), ("sa", 570), ("sb", 585)], [10, 4]),
            trip("back", [("sb", 600), ("sa", 615), ("terminal", 645)], [3, 3]),
        ),
        "access": (access("sa", "a"), access("sb", "b")),
        "transfers": (
            HubTransfer(
                stop_id="terminal", duration_s=480.0, distance_m=2000.0, yuan_per_unit=(0.1,), yuan_per_run=3.0
            ),
        ),
    }
    return BusProblem(**(values | changes))


def chance(seed):
    """A made-up world of two or three points and three trips, small enough for all plans."""
    rng = random.Random(seed)
    names = ("a", "b", "c")[: 2 + seed % 2]
    km = {"hub": (0.0, 0.0)} | {id_: (rng.randint(5, 30), rng.randint(-9, 9)) for id_ in names}
    most = 3 if len(names) == 2 else 2
    points = tuple(point(id_, rng.randint(1, most), rng.randint(0, most - 1)) for id_ in names)
    stops = [BusStop(id="terminal", name="terminal", handling_s=5 * MINUTE)]
    stops += [BusStop(id=f"s{id_}", name=id_, handling_s=2 * MINUTE) for id_ in names]
    order = [f"s{id_}" for id_ in names]
    prices = [rng.choice((2.0, 4.0, 7.0)) for _ in range(3)]
    outward = [
        trip(
            f"out{k}",
            [("terminal", 510 + 120 * k), *((id_, 540 + 120 * k + 15 * j) for j, id_ in enumerate(order))],
            sorted((rng.randint(1, 4) for _ in order), reverse=True),
            yuan_per_unit=(prices[k],),
        )
        for k in range(2)
    ]
    back = trip(
        "back",
        [*((id_, 600 + 15 * j) for j, id_ in enumerate(order[::-1])), ("terminal", 675)],
        sorted(rng.randint(0, 3) for _ in order),
        yuan_per_unit=(prices[2],),
    )
    return BusProblem(
        dimensions=("parcels",),
        hub=Depot(id="hub", name="hub"),
        hub_vehicles=(van(capacity=(float(rng.choice((3, 4, 9))),), count=3, fixed_cost_yuan=rng.choice((0.0, 15.0))),),
        points=points,
        travel=travel(km),
        cut_off_s=rng.choice((12, 17)) * HOUR,
        latest_hand_over_s=rng.choice((11, 17)) * HOUR,
        stops=tuple(stops),
        trips=(*outward, back),
        access=tuple(
            access(f"s{id_}", id_, most=(float(rng.choice((1, 5))),), yuan_per_way=rng.choice((0.0, 2.0)))
            for id_ in names
        ),
        transfers=(
            HubTransfer(
                stop_id="terminal",
                duration_s=10 * MINUTE,
                distance_m=500.0,
                yuan_per_unit=(0.0,),
                yuan_per_run=rng.choice((0.0, 3.0)),
            ),
        ),
    )


def least_yuan(problem):
    """The least cost of all plans that serve all: each parcel by van or on any trip, vans in every order."""
    points = {one.id: one for one in problem.points}
    keys = [(one.id, up) for one in problem.points for up in (False, True) if (one.pickup if up else one.delivery)[0]]
    choices = [list(_choices(problem, points[id_], up)) for id_, up in keys]

    @cache
    def van_yuan(left):
        return _vans(problem, points, left)

    best = math.inf
    for chosen in product(*choices):
        legs, runs, yuan = {}, set(), 0.0
        for (_, up), rides in zip(keys, chosen, strict=True):
            for number, board, alight, parcels, cost in rides:
                yuan += cost
                runs.add((number, up))
                for leg in range(board, alight):
                    legs[number, leg] = legs.get((number, leg), 0) + parcels
        if any(load > problem.trips[number].room[leg][0] for (number, leg), load in legs.items()):
            continue
        left = tuple(sorted(key for key, rides in zip(keys, chosen, strict=True) if not rides))
        best = min(best, yuan + len(runs) * problem.transfers[0].yuan_per_run + van_yuan(left))
    return best


def _choices(problem, asked, up):
    """Yield every way to share parcels among trips, first none on any: (trip, board, alight, parcels, yuan)."""
    yield ()
    parcels = int((asked.pickup if up else asked.delivery)[0])
    possible = []
    for number, one in enumerate(problem.trips):
        at = [call.stop_id for call in one.calls]
        link = next(link for link in problem.access if link.point_id == asked.id)
        board, alight = (
            (at.index(link.stop_id), at.index("terminal")) if up else (at.index("terminal"), at.index(link.stop_id))
        )
        if board < alight:
            possible.append((number, board, alight, link))
    for shares in product(range(parcels + 1), repeat=len(possible)):
        if sum(shares) != parcels:
            continue
        rides = [_ride(problem, asked, up, *ride, share) for ride, share in zip(possible, shares, strict=True) if share]
        if all(ride is not None for ride in rides):
            yield tuple(rides)


def _ride(problem, asked, up, number, board, alight, link, parcels):
    """Return the ride if there is a minute to set out at which all is in time."""
    one, stops = problem.trips[number], {stop.id: stop for stop in problem.stops}
    leaves, comes = one.calls[board].departure_s, one.calls[alight].arrival_s
    terminal, here = stops["terminal"], stops[link.stop_id]
    ways = math.ceil(parcels / link.most[0])
    tours = [[out + 2 * k * link.duration_s for k in range(ways)] for out in np.arange(0, 24 * HOUR, MINUTE)]
    transfer_s = problem.transfers[0].duration_s
    if up:
        good = comes + terminal.handling_s + transfer_s <= problem.cut_off_s and any(
            asked.opens_s <= tour[0] and tour[-1] <= asked.closes_s
            and tour[-1] + link.duration_s + here.handling_s <= leaves for tour in tours
        )  # fmt: skip
    else:
        good = asked.release_s + transfer_s + terminal.handling_s <= leaves and any(
            tour[0] >= comes + here.handling_s
            and asked.opens_s <= tour[0] + link.duration_s
            and tour[-1] + link.duration_s <= min(asked.closes_s, problem.latest_hand_over_s) for tour in tours
        )  # fmt: skip
    unit = one.yuan_per_unit[0] + link.yuan_per_unit[0] + problem.transfers[0].yuan_per_unit[0]
    return (
        (number, board, alight, parcels, one.handling_yuan + parcels * unit + ways * link.yuan_per_way)
        if good
        else None
    )


def _vans(problem, points, left):
    """Return the least cost of routes for what is left, over all orders and all ways to cut them into routes."""
    kind = problem.hub_vehicles[0]
    row = {id_: i for i, id_ in enumerate(problem.travel.origin_ids)}
    goods = {id_: [0.0, 0.0] for id_, _ in left}
    for id_, up in left:
        goods[id_][up] = (points[id_].pickup if up else points[id_].delivery)[0]
    if not goods:
        return 0.0
    best = math.inf
    for order in permutations(goods):
        for cuts in product((False, True), repeat=len(order) - 1):
            routes = [[order[0]]]
            for id_, cut in zip(order[1:], cuts, strict=True):
                routes = [*routes, [id_]] if cut else [*routes[:-1], [*routes[-1], id_]]
            if len(routes) > kind.count or not all(_loads_hold(route, goods, kind.capacity[0]) for route in routes):
                continue
            metres = 0.0
            for route in routes:
                way = ["hub", *route, "hub"]
                metres += sum(problem.travel.distances_m[row[a], row[b]] for a, b in pairwise(way))
            best = min(best, len(routes) * kind.fixed_cost_yuan + metres / 1000 * kind.cost_per_km_yuan)
    return best


def _loads_hold(route, goods, most):
    load = sum(goods[id_][0] for id_ in route)
    loads = [load]
    for id_ in route:
        load += goods[id_][1] - goods[id_][0]
        loads.append(load)
    return max(loads) <= most
