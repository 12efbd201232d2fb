"""Vehicles that are alike, given to routes so that each keeps most of the stops that it had before."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

import numpy as np
from scipy.optimize import linear_sum_assignment

from planner.routing.problem import RoutingProblem
from planner.routing.solution import Route, RoutePlan, Unassigned
from planner.routing.vehicle_order import vehicle_order
from planner.routing.vehicles import VehicleType

_Vehicle = tuple[str, str]
"""A vehicle and its type, by their ids."""


def with_vehicles_kept(problem: RoutingProblem, plan: RoutePlan, former: Sequence[RoutePlan]) -> RoutePlan:
    """Return the plan with the same routes, driven by vehicles that had most of their stops in ``former`` plans.

    A solver numbers vehicles as it finds routes: of vehicles that are alike in all but their names it is no matter to the
    plan which drives what, but it is to who drives them. Most stops that stay with their vehicle of the first former plan
    decide, among equals those of the second, and so on; last, that the plan's own numbers stay. Vehicles that a stop or a
    lock names are left as they are. Routes, times and cost stay the same.

    The choice is an assignment problem for each kind of vehicle (H. W. Kuhn, The Hungarian method, 1955).
    """
    if not former:
        return plan
    drives: dict[_Vehicle, _Vehicle] = {}
    for alike in _interchangeable(problem):
        drives.update(_chosen(plan, alike, [_stops_by_vehicle(one) for one in former]))
    routes = [_driven_by(route, drives) for route in plan.routes]
    return replace(
        plan,
        routes=tuple(sorted(routes, key=lambda route: vehicle_order(route.vehicle_id))),
        unassigned=tuple(_told_of(one, drives) for one in plan.unassigned),
    )


def _interchangeable(problem: RoutingProblem) -> Iterator[list[_Vehicle]]:
    """Yield the vehicles of each kind, by their numbers; types that differ in name and count only are one kind."""
    named = {id_ for stop in problem.stops for id_ in (*stop.only_vehicles, *stop.not_vehicles)}
    named |= {lock.vehicle_id for lock in problem.locks}
    kinds: dict[VehicleType, list[_Vehicle]] = {}
    for kind in problem.vehicle_types:
        like = replace(kind, id=kind.id if kind.id in named else "", name="", count=1)
        kinds.setdefault(like, []).extend((id_, kind.id) for id_ in kind.vehicle_ids() if id_ not in named)
    yield from kinds.values()


def _stops_by_vehicle(plan: RoutePlan) -> dict[str, set[str]]:
    return {route.vehicle_id: {visit.stop_id for visit in route.visits} for route in plan.routes}


def _chosen(
    plan: RoutePlan, alike: Sequence[_Vehicle], former: Sequence[Mapping[str, set[str]]]
) -> Iterator[tuple[_Vehicle, _Vehicle]]:
    """Yield for each vehicle of the plan the one that takes its place; those without a route take the numbers left."""
    places = {vehicle: place for place, vehicle in enumerate(alike)}
    routes = [route for route in plan.routes if (route.vehicle_id, route.vehicle_type_id) in places]
    if not routes:
        return
    own = [places[route.vehicle_id, route.vehicle_type_id] for route in routes]
    most = len({visit.stop_id for route in routes for visit in route.visits}) + len(routes) + 1
    kept = np.zeros((len(routes), len(alike)))
    for had in former:  # a stop kept of an earlier one outweighs all that later ones could add
        kept = kept * most + _overlap(routes, alike, had)
    kept = kept * most
    kept[range(len(routes)), own] += 1
    assert math.log2(most) * (len(former) + 1) < np.finfo(float).nmant, "weights are whole numbers that a float holds"
    rows, columns = linear_sum_assignment(kept, maximize=True)
    taken = {alike[own[row]]: alike[column] for row, column in zip(rows.tolist(), columns.tolist(), strict=True)}
    yield from taken.items()
    free = set(taken.values())
    yield from zip((one for one in alike if one not in taken), (one for one in alike if one not in free), strict=True)


def _overlap(routes: Sequence[Route], alike: Iterable[_Vehicle], had: Mapping[str, set[str]]) -> np.ndarray:
    """Return how many stops of each route each vehicle had: a row a route, a column a vehicle."""
    stops = [{visit.stop_id for visit in route.visits} for route in routes]
    return np.array([[len(one & had.get(id_, set())) for id_, _ in alike] for one in stops], dtype=float)


def _driven_by(route: Route, drives: Mapping[_Vehicle, _Vehicle]) -> Route:
    vehicle = (route.vehicle_id, route.vehicle_type_id)
    vehicle_id, type_id = drives.get(vehicle, vehicle)
    return replace(route, vehicle_id=vehicle_id, vehicle_type_id=type_id)


def _told_of(left: Unassigned, drives: Mapping[_Vehicle, _Vehicle]) -> Unassigned:
    """Return a stop on no route, its relaxations said of the vehicles that drive the routes now."""
    told = []
    for one in left.relaxations:
        vehicle = (one.vehicle_id, one.vehicle_type_id)
        vehicle_id, type_id = drives.get(vehicle, vehicle)
        told.append(replace(one, vehicle_id=vehicle_id, vehicle_type_id=type_id))
    return replace(left, relaxations=tuple(told))
