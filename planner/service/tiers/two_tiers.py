"""The routing problems that three tiers fall into: one of the hubs, one of each station, and what they hand each other."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from planner.routing import Depot, RoutePlan, RoutingProblem, Stop, VehicleType
from planner.routing.schedule import schedule
from planner.routing.why.insertions import steps_of
from planner.service.tiers.problem import DOWN, UP, TierPoint, TierProblem, TierStation

_HALVINGS = 30
_SLACK = 1e-6


@dataclass(slots=True)
class Batch:
    """Goods of a station that one truck brings or fetches: whose, how much, and between when it may call."""

    id: str
    station: TierStation
    points: tuple[TierPoint, ...]
    up: bool
    opens_s: float = 0.0
    closes_s: float = math.inf

    @property
    def amount(self) -> tuple[float, ...]:
        """How much, by dimension."""
        rows = [point.stop.pickup if self.up else point.stop.delivery for point in self.points]
        return tuple(math.fsum(column) for column in zip(*rows, strict=True))

    @property
    def transfer_s(self) -> float:
        """Seconds of loading or unloading, without those of the call itself."""
        return self.amount[0] * self.station.transfer_s_per_parcel

    @property
    def work_s(self) -> float:
        """Seconds on the bench."""
        return self.amount[0] * self.station.sort_s_per_parcel

    @property
    def release_s(self) -> float:
        """When all of it is ready at the hub."""
        return 0.0 if self.up else max((point.stop.release_s for point in self.points), default=0.0)


def lots_of(station: TierStation, groups: Sequence[Sequence[TierPoint]], *, up: bool) -> list[Batch]:
    """Return a lot for each group of points that has goods in this direction."""
    lots: list[Batch] = []
    for points in groups:
        with_goods = tuple(one for one in points if any(one.stop.pickup if up else one.stop.delivery))
        if with_goods:
            number = len(lots) + 1
            lots.append(
                Batch(id=f"{station.id}{UP if up else DOWN}{number}", station=station, points=with_goods, up=up)
            )
    return lots


def trunk_vehicles(problem: TierProblem) -> list[VehicleType]:
    """Return the types of a hub that may call at stations."""
    return [kind for kind in problem.hub_vehicles if not problem.trunk_ids or kind.id in problem.trunk_ids]


def direct_vehicles(problem: TierProblem) -> list[VehicleType]:
    """Return the types of a hub that may call at points."""
    return [kind for kind in problem.hub_vehicles if not problem.direct_ids or kind.id in problem.direct_ids]


def seconds(problem: TierProblem, kind: VehicleType, origin: str, destination: str) -> float:
    """Return the least driving time: at the fastest hour of the day."""
    travel = problem.travel_of(kind)
    fastest = max([1.0, *(factor for _, factor in problem.speed_of_day)])
    at = travel.origin_ids.index(origin), travel.destination_ids.index(destination)
    return 0.0 if origin == destination else float(travel.durations_s[at]) / kind.speed_factor / fastest


def earliest_call_s(problem: TierProblem, station: TierStation, release_s: float = 0.0) -> float:
    """Return when the first truck's call at a station can begin; ``inf`` if none can."""
    begins = (
        max(kind.shift_start_s, release_s)
        + (0.0 if kind.open_start else seconds(problem, kind, kind.depot_id, station.id))
        for kind in trunk_vehicles(problem)
    )
    return max(station.opens_s, min(begins, default=math.inf))


def latest_call_s(problem: TierProblem, station: TierStation, transfer_s: float) -> float:
    """Return by when a truck must begin its call to be back before the cut-off; ``-inf`` if none can be."""
    begins = (
        min(kind.shift_end_s, problem.cut_off_s) - seconds(problem, kind, station.id, kind.end_id)
        for kind in trunk_vehicles(problem)
    )
    return min(station.closes_s, max(begins, default=-math.inf) - transfer_s - station.call_s)


def _for_fleet(stop: Stop, fleet: Sequence[VehicleType]) -> Stop:
    """Return the stop with only those of its wishes for vehicles that this fleet can heed."""
    if not stop.only_vehicles and not stop.not_vehicles:
        return stop
    named = {id_ for kind in fleet for id_ in (kind.id, *kind.vehicle_ids())}
    return replace(
        stop,
        only_vehicles=tuple(id_ for id_ in stop.only_vehicles if id_ in named),
        not_vehicles=tuple(id_ for id_ in stop.not_vehicles if id_ in named),
    )


def welcome(point: TierPoint, fleet: Sequence[VehicleType]) -> bool:
    """Say whether a point lets any vehicle of a fleet come."""
    return bool(fleet) and (not point.stop.only_vehicles or bool(_for_fleet(point.stop, fleet).only_vehicles))


def station_problem(
    problem: TierProblem,
    station: TierStation,
    points: Sequence[TierPoint],
    releases: Mapping[str, float],
    end_by_s: float,
) -> RoutingProblem:
    """Return the routes of a station as a problem; ``releases`` by point, all routes are back by ``end_by_s``."""
    stops = tuple(
        replace(
            _for_fleet(point.stop, station.vehicle_types),
            release_s=releases[point.stop.id] if any(point.stop.delivery) else 0.0,
        )
        for point in points
    )
    kinds = tuple(
        replace(kind, shift_end_s=max(kind.shift_start_s + 1.0, min(kind.shift_end_s, end_by_s)))
        for kind in station.vehicle_types
    )
    return _routing(problem, (Depot(id=station.id, name=station.name),), stops, kinds)


def hub_problem(
    problem: TierProblem, direct: Sequence[TierPoint], lots: Sequence[Batch], *, clipped: bool
) -> RoutingProblem:
    """Return trunk runs and direct routes as one problem; ``clipped``: every route is back by the cut-off."""
    allowed = [kind.id for kind in trunk_vehicles(problem)]
    only = tuple(allowed) if len(allowed) < len(problem.hub_vehicles) else ()
    calls = tuple(
        Stop(
            id=lot.id,
            name=lot.station.name,
            location_id=lot.station.id,
            delivery=tuple(0.0 for _ in problem.dimensions) if lot.up else lot.amount,
            pickup=lot.amount if lot.up else tuple(0.0 for _ in problem.dimensions),
            opens_s=lot.opens_s,
            closes_s=lot.closes_s,
            setup_duration_s=lot.station.call_s,
            service_duration_s=lot.transfer_s,
            only_vehicles=only,
            release_s=lot.release_s,
        )
        for lot in lots
    )
    directs = {kind.id for kind in direct_vehicles(problem)}
    barred = tuple(kind.id for kind in problem.hub_vehicles if kind.id not in directs)
    stops = []
    for point in direct:
        stop = _for_fleet(point.stop, problem.hub_vehicles)
        if barred:
            stop = replace(stop, not_vehicles=tuple(dict.fromkeys((*stop.not_vehicles, *barred))))
        stops.append(stop)
    kinds = problem.hub_vehicles
    if clipped:
        kinds = tuple(
            replace(kind, shift_end_s=max(kind.shift_start_s + 1.0, min(kind.shift_end_s, problem.cut_off_s)))
            for kind in kinds
        )
    return _routing(problem, problem.hubs, (*stops, *calls), kinds)


def _routing(
    problem: TierProblem, depots: tuple[Depot, ...], stops: tuple[Stop, ...], kinds: tuple[VehicleType, ...]
) -> RoutingProblem:
    used = {kind.profile for kind in kinds}
    return RoutingProblem(
        dimensions=problem.dimensions,
        depots=depots,
        stops=stops,
        vehicle_types=kinds,
        travel=problem.travel,
        profiles={name: travel for name, travel in problem.profiles.items() if name in used},
        speed_of_day=problem.speed_of_day,
    )


def latest_release_s(
    problem: RoutingProblem,
    plan: RoutePlan,
    point_ids: Sequence[str],
    earliest_s: float,
    latest_s: float,
    up_by_s: float,
    halvings: int = _HALVINGS,
) -> float:
    """Return until when goods of these points may be released for the routes to stay as they are, found by halving.

    Routes with something collected are then back by ``up_by_s``.
    """
    kinds = {kind.id: kind for kind in problem.vehicle_types}
    chosen = set(point_ids)
    routes = [
        (kinds[route.vehicle_type_id], route.vehicle_id, steps_of(problem, kinds[route.vehicle_type_id], route))
        for route in plan.routes
        if chosen.intersection(visit.stop_id for visit in route.visits)
    ]

    def holds(release_s: float) -> bool:
        for kind, vehicle_id, steps in routes:
            later = [
                replace(step, release_s=release_s)
                if isinstance(step, Stop) and step.id in chosen and any(step.delivery)
                else step
                for step in steps
            ]
            again = schedule(problem, kind, vehicle_id, later)
            if again is None:
                return False
            if again.end_s > up_by_s + _SLACK and any(any(visit.picked_up) for visit in again.visits):
                return False
        return True

    if latest_s <= earliest_s or not holds(earliest_s):
        return earliest_s
    low, high = earliest_s, latest_s
    for _ in range(halvings):
        middle = (low + high) / 2
        low, high = (middle, high) if holds(middle) else (low, middle)
    return math.floor(low) if math.floor(low) >= earliest_s else low
