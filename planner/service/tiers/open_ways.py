"""Which ways a point can have: all that nothing is proven against, whatever else a plan does."""

from __future__ import annotations

import math
from collections.abc import Iterator

from planner.routing.why.proof import Proofs
from planner.routing.why.reasons import why_never
from planner.service.tiers.problem import TierPoint, TierProblem, TierStation
from planner.service.tiers.two_tiers import (
    direct_vehicles,
    earliest_call_s,
    hub_problem,
    seconds,
    station_problem,
    trunk_vehicles,
    welcome,
)


def open_ways(problem: TierProblem) -> Iterator[tuple[str, ...]]:
    """Yield for each point the ways that it may have and that are not proven to miss a limit; all where all are.

    A station's routes are taken to leave once the goods of a point alone are sorted, a truck's to come for it alone.
    """
    barred = set(_barred_direct(problem))
    for station in problem.stations:
        barred |= set(_barred_by_station(problem, station))
    for point in problem.points:
        first = first_returns_s(problem, point) if any(point.stop.pickup) else {}
        ways = [
            way
            for way in point.ways
            if (point.stop.id, way) not in barred and first.get(way, 0.0) <= problem.cut_off_s + 1e-6
        ]
        yield tuple(ways) or point.ways


def _barred_direct(problem: TierProblem) -> Iterator[tuple[str, str]]:
    fleet = direct_vehicles(problem)
    points = [point for point in problem.points if point.direct]
    yield from ((point.stop.id, "") for point in points if not welcome(point, fleet))
    points = [point for point in points if welcome(point, fleet)]
    if points:
        routing = hub_problem(problem, points, [], clipped=False)
        proofs = Proofs(routing)
        yield from ((stop.id, "") for stop in routing.stops if why_never(routing, stop, proofs) is not None)


def _barred_by_station(problem: TierProblem, station: TierStation) -> Iterator[tuple[str, str]]:
    points = [point for point in problem.points if station.id in point.station_ids]
    able = [point for point in points if welcome(point, station.vehicle_types) and _has_room(point, station)]
    yield from ((point.stop.id, station.id) for point in points if point not in able)
    releases = {}
    for point in able:
        work = station.transfer_s_per_parcel + station.sort_s_per_parcel
        soonest = earliest_call_s(problem, station, point.stop.release_s) + station.call_s
        releases[point.stop.id] = soonest + point.stop.delivery[0] * work
    if not all(math.isfinite(one) for one in releases.values()):
        yield from ((point.stop.id, station.id) for point in able)
    elif able:
        routing = station_problem(problem, station, able, releases, math.inf)
        proofs = Proofs(routing)
        yield from ((stop.id, station.id) for stop in routing.stops if why_never(routing, stop, proofs) is not None)


def _has_room(point: TierPoint, station: TierStation) -> bool:
    sides = zip(point.stop.delivery, point.stop.pickup, station.room, strict=True)
    return all(max(down, up) <= most for down, up, most in sides)


def first_returns_s(problem: TierProblem, point: TierPoint) -> dict[str, float]:
    """Return for each way of a point the earliest moment at which what it gives can be at a hub; ``inf`` if never."""
    stop = point.stop
    has_goods = any(stop.delivery)

    def served(begins: float) -> float:
        begins = next((max(opens, begins) for opens, closes in stop.windows if begins <= closes), math.inf)
        return begins + stop.service_duration_s

    found = dict.fromkeys(point.ways, math.inf)
    if point.direct:
        for kind in direct_vehicles(problem):
            leaves = max(kind.shift_start_s, stop.release_s if has_goods else 0.0)
            out = 0.0 if kind.open_start else seconds(problem, kind, kind.depot_id, stop.place)
            found[""] = min(found[""], served(leaves + out) + seconds(problem, kind, stop.place, kind.end_id))
    for id_ in point.station_ids:
        station = problem.station(id_)
        down, up = stop.delivery[0], stop.pickup[0]
        bring = station.call_s + down * (station.transfer_s_per_parcel + station.sort_s_per_parcel)
        ready = earliest_call_s(problem, station, stop.release_s) + bring if has_goods else 0.0
        drives = [seconds(problem, kind, station.id, kind.end_id) for kind in trunk_vehicles(problem)]
        fetch = station.call_s + up * station.transfer_s_per_parcel + min(drives, default=math.inf)
        for kind in station.vehicle_types:
            leaves = max(kind.shift_start_s, ready)
            out = 0.0 if kind.open_start else seconds(problem, kind, station.id, stop.place)
            back = served(leaves + out) + seconds(problem, kind, stop.place, kind.end_id)
            found[id_] = min(found[id_], max(station.opens_s, back + up * station.sort_s_per_parcel) + fetch)
    return found
