"""What the vehicles to be bought cost a week, and the problem of a weekday that keeps to the fleet the week is for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace

from planner.config import ServiceConfig
from planner.routing import RoutingProblem
from planner.service.week import WeekRoute


def fleet_yuan(service: ServiceConfig, vehicle_id: str) -> float:
    """Return a week's share of the price of a vehicle, 0 where the configuration has none: price / (years · weeks a year).

    ``vehicle_id`` is that of the configuration, for a station's vehicle that of all stations.
    """
    price = next((one for one in service.prices if one.id == vehicle_id), None)
    return 0.0 if price is None else price.yuan / (price.years * service.weeks_a_year)


def owned_vehicles(service: ServiceConfig, vehicle_id: str) -> int:
    """Return how many vehicles of a type are there before the first phase, 0 where the configuration says nothing."""
    return next((one.owned for one in service.prices if one.id == vehicle_id), 0)


def busiest_day(routes: Iterable[WeekRoute]) -> dict[str, int]:
    """Return how many vehicles of each type drive on the day with the most of that type."""
    most: dict[str, int] = {}
    for (kind, _), count in Counter((route.vehicle_type, route.day) for route in routes).items():
        most[kind] = max(most.get(kind, 0), count)
    return most


def within_fleet(problem: RoutingProblem, fleet: Mapping[str, int]) -> RoutingProblem:
    """Return a day's problem with no more vehicles of a type than ``fleet`` has, and without the types that it lacks.

    Types of which a stop or a lock names a vehicle stay as they are.
    """
    named = {id_ for stop in problem.stops for id_ in (*stop.only_vehicles, *stop.not_vehicles)}
    named |= {lock.vehicle_id for lock in problem.locks}
    kinds = []
    for kind in problem.vehicle_types:
        count = (
            kind.count if named.intersection((kind.id, *kind.vehicle_ids())) else min(kind.count, fleet.get(kind.id, 0))
        )
        if count:
            kinds.append(kind if count == kind.count else replace(kind, count=count))
    return replace(problem, vehicle_types=tuple(kinds)) if kinds else problem
