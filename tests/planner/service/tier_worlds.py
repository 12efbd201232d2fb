"""Small worlds of three tiers, and all plans of them, worked out by code that shares nothing with search or check."""

import math
from itertools import pairwise, product

import numpy as np

from planner.model import TravelMatrix
from planner.routing import Depot, Stop, VehicleType
from planner.service.tiers import TierPoint, TierProblem, TierStation

HOUR = 3600.0


def vehicle(id_, depot, capacity, **changes):
    values = {
        "count": 2,
        "shift_start_s": 7 * HOUR,
        "shift_end_s": 20 * HOUR,
        "max_duration_s": math.inf,
        "fixed_cost_yuan": 50.0,
        "cost_per_km_yuan": 2.0,
        "cost_per_hour_yuan": 0.0,
    }
    return VehicleType(id=id_, name=id_, depot_id=depot, capacity=(capacity,), **(values | changes))


def station(id_, **changes):
    values = {
        "vehicle_types": (vehicle(f"trike-{id_}", id_, 40.0, fixed_cost_yuan=10.0, cost_per_km_yuan=0.3),),
        "room": (math.inf,),
        "call_s": 300.0,
        "transfer_s_per_parcel": 2.0,
        "sort_s_per_parcel": 30.0,
        "fixed_yuan": 10.0,
        "yuan_per_parcel": 0.1,
    }
    return TierStation(id=id_, name=id_, **(values | changes))


def point(id_, township, down, up, stations, **changes):
    values = {"opens_s": 8 * HOUR, "closes_s": 18 * HOUR, "service_duration_s": 600.0}
    direct = changes.pop("direct", True)
    stop = Stop(id=id_, name=id_, delivery=(float(down),), pickup=(float(up),), **(values | changes))
    return TierPoint(stop=stop, township_id=township, station_ids=stations, direct=direct)


def line(**changes):
    """Hub, station an hour (60 km) off, village half an hour (20 km) behind it: 10 parcels down, 4 up, by station only."""
    ids = ("hub", "st", "v")
    hours = np.array([[0, 1, 1.5], [1, 0, 0.5], [1.5, 0.5, 0]])
    km = np.array([[0, 60, 80], [60, 0, 20], [80, 20, 0.0]])
    values = {
        "dimensions": ("parcels",),
        "hubs": (Depot(id="hub", name="hub"),),
        "hub_vehicles": (vehicle("truck", "hub", 100.0),),
        "stations": (station("st"),),
        "points": (point("v", "t", 10, 4, ("st",), direct=False),),
        "travel": TravelMatrix(origin_ids=ids, destination_ids=ids, durations_s=hours * HOUR, distances_m=km * 1000),
        "cut_off_s": 18 * HOUR,
    }
    return TierProblem(**(values | changes))


def plane(seed, **changes):
    """Two stations of two villages each around a hub; dear vans there, cheap tricycles at the stations."""
    draw = np.random.default_rng(seed)
    ids = ("hub", "s0", "s1", "v0", "v1", "v2", "v3")
    centres = draw.uniform(8, 30, 2)[:, None] * np.array([[1.0, 0.2], [-0.5, 0.8]])
    villages = np.repeat(centres, 2, axis=0) + draw.normal(0, 6, (4, 2))
    xy = np.vstack([[0.0, 0.0], centres, villages])
    km = np.hypot(*(xy[:, None] - xy[None, :]).transpose(2, 0, 1))
    goods = draw.integers(3, 20, 4), draw.integers(0, 6, 4)
    values = {
        "dimensions": ("parcels",),
        "hubs": (Depot(id="hub", name="hub"),),
        "hub_vehicles": (vehicle("truck", "hub", 45.0, count=3),),
        "stations": (station("s0"), station("s1")),
        "points": tuple(point(f"v{i}", f"t{i // 2}", goods[0][i], goods[1][i], (f"s{i // 2}",)) for i in range(4)),
        "travel": TravelMatrix(origin_ids=ids, destination_ids=ids, durations_s=km * 3600 / 40, distances_m=km * 1000),
        "cut_off_s": 18 * HOUR,
    }
    return TierProblem(**(values | changes))


def splits(items):
    """Yield every way to drive these stops: sets of ordered routes."""
    if not items:
        yield []
        return
    first, *rest = items
    for routes in splits(rest):
        yield [[first], *routes]
        for i, route in enumerate(routes):
            for j in range(len(route) + 1):
                yield [*routes[:i], [*route[:j], first, *route[j:]], *routes[i + 1 :]]


def cheapest_of_all(problem):
    """The least cost over all ways, trunk orders and station routes that keep everything, None if no plan does.

    One type of vehicle a depot, one lot a station and direction, no pay by the hour: as early as possible is best.
    """
    truck = problem.hub_vehicles[0]
    row = {id_: i for i, id_ in enumerate(problem.travel.origin_ids)}
    seconds, metres = problem.travel.durations_s, problem.travel.distances_m
    points = {one.stop.id: one.stop for one in problem.points}
    stations = {one.id: one for one in problem.stations}
    best = math.inf

    def length(kind, route, depot):
        path = [depot, *(stop.split("/")[0] for stop in route), depot]
        km = sum(metres[row[a], row[b]] for a, b in pairwise(path)) / 1000
        return kind.fixed_cost_yuan + kind.cost_per_km_yuan * km

    def drive(kind, route, depot, start, amounts, calls):
        """Times of a route: what begins when, and the end; None if a window, the load or the shift is broken."""
        load, clock, place, began = sum(amounts[stop][0] for stop in route), start, depot, {}
        if load > kind.capacity[0]:
            return None
        for stop in route:
            at = stop.split("/")[0]
            clock += seconds[row[place], row[at]]
            opens, closes, setup, lasts = calls[stop]
            clock = max(clock, opens)
            if clock > closes:
                return None
            began[stop] = clock
            clock += lasts + (setup if at != place else 0)
            began[stop, "done"] = clock
            load += amounts[stop][1] - amounts[stop][0]
            if load > kind.capacity[0]:
                return None
            place = at
        clock += seconds[row[place], row[depot]]
        return None if clock > kind.shift_end_s else (began, clock)

    for ways in product(*(one.ways for one in problem.points)):
        groups = {
            id_: [p.stop.id for p, way in zip(problem.points, ways, strict=True) if way == id_] for id_ in stations
        }
        groups = {id_: inside for id_, inside in groups.items() if inside}
        amounts = {id_: (stop.delivery[0], stop.pickup[0]) for id_, stop in points.items()}
        hub_stops = [p.stop.id for p, way in zip(problem.points, ways, strict=True) if not way]
        for id_, inside in groups.items():
            down, up = (sum(amounts[one][k] for one in inside) for k in (0, 1))
            amounts |= {f"{id_}/down": (down, 0.0), f"{id_}/up": (0.0, up)}
            hub_stops += [f"{id_}/down"] * (down > 0) + [f"{id_}/up"] * (up > 0)
        handling = sum(
            stations[id_].fixed_yuan
            + stations[id_].yuan_per_parcel * (amounts[f"{id_}/down"][0] + amounts[f"{id_}/up"][1])
            for id_ in groups
        )
        options = [
            [
                (sum(length(stations[id_].vehicle_types[0], route, id_) for route in routes), routes)
                for routes in splits(inside)
                if len(routes) <= stations[id_].vehicle_types[0].count
            ]
            for id_, inside in groups.items()
        ]
        hubs = [
            (sum(length(truck, route, "hub") for route in routes), routes)
            for routes in splits(hub_stops)
            if len(routes) <= truck.count
        ]
        for hub_yuan, hub_routes in sorted(hubs, key=lambda one: one[0]):
            if hub_yuan + handling >= best:
                break
            for chosen in product(*options):
                cost = hub_yuan + handling + sum(one[0] for one in chosen)
                if cost >= best - 1e-9:
                    continue
                if _works(
                    problem, hub_routes, dict(zip(groups, (one[1] for one in chosen), strict=True)), amounts, drive
                ):
                    best = cost
    return best if math.isfinite(best) else None


def _works(problem, hub_routes, by_station, amounts, drive):
    """Whether some timing keeps everything: the earliest, found by pushing calls for produce back until all agree."""
    truck = problem.hub_vehicles[0]
    stations = {one.id: one for one in problem.stations}
    calls = {p.stop.id: (p.stop.opens_s, p.stop.closes_s, 0.0, p.stop.service_duration_s) for p in problem.points}
    fetch = dict.fromkeys(by_station, 0.0)
    for _ in range(12):
        for id_ in by_station:
            one = stations[id_]
            for kind, opens in (("down", one.opens_s), ("up", max(one.opens_s, fetch[id_]))):
                parcels = sum(amounts[f"{id_}/{kind}"])
                calls[f"{id_}/{kind}"] = (opens, one.closes_s, one.call_s, parcels * one.transfer_s_per_parcel)
        driven = [drive(truck, route, "hub", truck.shift_start_s, amounts, calls) for route in hub_routes]
        if None in driven:
            return False
        began = {key: at for times, _ in driven for key, at in times.items()}
        again = {}
        for id_, routes in by_station.items():
            one, kind = stations[id_], stations[id_].vehicle_types[0]
            down, up = amounts[f"{id_}/down"][0], amounts[f"{id_}/up"][1]
            ready = began[f"{id_}/down", "done"] + down * one.sort_s_per_parcel if down else kind.shift_start_s
            back = []
            for route in routes:
                wants = any(amounts[stop][0] for stop in route)
                got = drive(kind, route, id_, max(kind.shift_start_s, ready if wants else 0.0), amounts, calls)
                if got is None:
                    return False
                if any(amounts[stop][1] for stop in route):
                    back.append(got[1])
            again[id_] = max(back, default=0.0) + up * one.sort_s_per_parcel
            if down + up > one.room[0]:
                return False
        if all(not amounts[f"{id_}/up"][1] or began[f"{id_}/up"] >= again[id_] - 1e-6 for id_ in by_station):
            return all(
                end <= problem.cut_off_s or not any(amounts[stop][1] for stop in route)
                for route, (_, end) in zip(hub_routes, driven, strict=True)
            )
        fetch = again
    return False
