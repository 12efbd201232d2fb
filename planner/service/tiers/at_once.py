"""A first guess of everyone's way: all vehicles of both tiers in one problem, stations' routes paying for their truck."""

from __future__ import annotations

import math
from dataclasses import replace

from planner.routing import Depot, RoutingProblem, VehicleType
from planner.routing.solve import solve_routing
from planner.service.tiers.problem import TierPoint, TierProblem, TierStation
from planner.service.tiers.two_tiers import direct_vehicles, earliest_call_s, latest_call_s, trunk_vehicles, welcome

_UNKNOWN_SHARE = 0.25


def ways_at_once(problem: TierProblem, *, surcharge: float, iterations: int, seed: int) -> tuple[str, ...]:
    """Return a way for each point by its vehicle in a plan of all vehicles at once.

    Each route of a station pays ``surcharge`` times its share of a truck's way there, and for parcels handled. Who is on no
    route goes the first way that is allowed.
    """
    kinds, of_kind = [*problem.hub_vehicles], {kind.id: "" for kind in problem.hub_vehicles}
    for station in problem.stations:
        soonest = earliest_call_s(problem, station)
        for kind in station.vehicle_types:
            begins = max(kind.shift_start_s, soonest + station.call_s)
            ends = (
                min(kind.shift_end_s, max(latest_call_s(problem, station, 0.0), 0.0))
                if _any_up(problem)
                else kind.shift_end_s
            )
            if begins < ends:
                kinds.append(
                    replace(
                        kind,
                        shift_start_s=begins,
                        shift_end_s=ends,
                        fixed_cost_yuan=kind.fixed_cost_yuan + surcharge * _trunk_yuan(problem, station, kind),
                    )
                )
                of_kind[kind.id] = station.id
    stops, known, depots = [], {}, {one.id for one in problem.stations}
    for point in problem.points:
        allowed = _allowed(problem, point, of_kind)
        asked = tuple(
            id_ for id_ in point.stop.only_vehicles if id_ in set(allowed) or id_.rpartition("-")[0] in allowed
        )
        not_vehicles = tuple(
            id_ for id_ in point.stop.not_vehicles if id_ in of_kind or id_.rpartition("-")[0] in of_kind
        )
        if allowed:
            name = f"{point.stop.id}:point" if point.stop.id in depots else point.stop.id
            known[name] = point.stop.id
            there = replace(point.stop, id=name, location_id=point.stop.place)
            stops.append(replace(there, only_vehicles=asked or allowed, not_vehicles=not_vehicles))
    flat = RoutingProblem(
        dimensions=problem.dimensions,
        depots=(*problem.hubs, *(Depot(id=one.id, name=one.name) for one in problem.stations)),
        stops=tuple(stops),
        vehicle_types=tuple(kinds),
        travel=problem.travel,
        profiles=problem.profiles,
        speed_of_day=problem.speed_of_day,
    )
    plan = solve_routing(flat, iterations=iterations, seed=seed, threads=1)
    way = {known[visit.stop_id]: of_kind[route.vehicle_type_id] for route in plan.routes for visit in route.visits}
    return tuple(way.get(point.stop.id, point.ways[0]) for point in problem.points)


def _any_up(problem: TierProblem) -> bool:
    return any(any(point.stop.pickup) for point in problem.points)


def _allowed(problem: TierProblem, point: TierPoint, of_kind: dict[str, str]) -> tuple[str, ...]:
    directs = {kind.id for kind in direct_vehicles(problem)}
    allowed = []
    for id_, way in of_kind.items():
        fleet = problem.hub_vehicles if not way else problem.station(way).vehicle_types
        if way in point.ways and (way or id_ in directs) and welcome(point, fleet):
            allowed.append(id_)
    return tuple(allowed)


def _trunk_yuan(problem: TierProblem, station: TierStation, kind: VehicleType) -> float:
    """Return what a full route of a station adds to the cheapest truck there and back, and to handling."""
    cheapest = math.inf
    for truck in trunk_vehicles(problem):
        travel = problem.travel_of(truck)
        out = travel.origin_ids.index(truck.depot_id), travel.destination_ids.index(station.id)
        back = travel.origin_ids.index(station.id), travel.destination_ids.index(truck.end_id)
        metres = float(travel.distances_m[out] + travel.distances_m[back])
        driven = float(travel.durations_s[out] + travel.durations_s[back]) / truck.speed_factor
        pairs = zip(kind.capacity, truck.capacity, strict=True)
        share = max(
            [min(1.0, a / b) for a, b in pairs if math.isfinite(a) and math.isfinite(b) and b > 0] or [_UNKNOWN_SHARE]
        )
        paid = truck.fixed_cost_yuan + truck.cost_per_km_yuan * metres / 1000
        paid += (truck.cost_per_hour_yuan + truck.cost_per_driving_hour_yuan) * driven / 3600
        cheapest = min(cheapest, paid * share)
    parcels = kind.capacity[0] if math.isfinite(kind.capacity[0]) else 0.0
    return (cheapest if math.isfinite(cheapest) else 0.0) + parcels * station.yuan_per_parcel
