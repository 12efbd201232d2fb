"""Times, loads and cost of one vehicle's round, given the order of its stops."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from planner.routing.problem import RoutingProblem, Stop, VehicleType
from planner.routing.solution import Route, Visit


def schedule(problem: RoutingProblem, kind: VehicleType, vehicle_id: str, stops: Sequence[Stop]) -> Route | None:
    """Return the round with the earliest possible end and, for that end, the latest possible start; None if none fits.

    Starting late costs nothing and saves paid waiting at the first stops (forward slack: Savelsbergh 1992).
    """
    row = {id_: i for i, id_ in enumerate(problem.travel.origin_ids)}
    column = {id_: i for i, id_ in enumerate(problem.travel.destination_ids)}
    places = [kind.depot_id, *(stop.id for stop in stops), kind.depot_id]
    legs = [(row[a], column[b]) for a, b in pairwise(places)]
    driving = [float(problem.travel.durations_s[leg]) for leg in legs]
    metres = [float(problem.travel.distances_m[leg]) for leg in legs]
    earliest_end = _serve(kind.shift_start_s, stops, driving)[-1]
    latest = earliest_end
    for stop, onward in zip(reversed(stops), reversed(driving[1:]), strict=True):
        latest = min(latest - onward - stop.service_duration_s, stop.closes_s)
    start = latest - driving[0]
    begins = _serve(start, stops, driving)
    late = any(begin > stop.closes_s + 1e-6 for begin, stop in zip(begins, stops, strict=False))
    end = begins[-1]
    duty = end - start
    if late or not end <= kind.shift_end_s or start < kind.shift_start_s - 1e-6 or duty > kind.max_duration_s + 1e-6:
        return None
    load = [sum(stop.delivery[d] for stop in stops) for d in range(len(problem.dimensions))]
    load_at_start = tuple(load)
    visits = []
    leaves = start
    for i, stop in enumerate(stops):
        load = [now + up - down for now, up, down in zip(load, stop.pickup, stop.delivery, strict=True)]
        arrival = leaves + driving[i]
        leaves = begins[i] + stop.service_duration_s
        visits.append(
            Visit(
                stop_id=stop.id,
                arrival_s=arrival,
                service_start_s=begins[i],
                departure_s=leaves,
                distance_m=metres[i],
                driving_s=driving[i],
                delivered=stop.delivery,
                picked_up=stop.pickup,
                load_after=tuple(load),
            )
        )
    cost = kind.fixed_cost_yuan + kind.cost_per_km_yuan * sum(metres) / 1000 + kind.cost_per_hour_yuan * duty / 3600
    return Route(
        vehicle_id=vehicle_id,
        vehicle_type_id=kind.id,
        depot_id=kind.depot_id,
        start_s=start,
        end_s=end,
        load_at_start=load_at_start,
        visits=tuple(visits),
        return_distance_m=metres[-1],
        return_driving_s=driving[-1],
        distance_m=sum(metres),
        driving_s=sum(driving),
        cost_yuan=cost,
    )


def _serve(start_s: float, stops: Sequence[Stop], driving: Sequence[float]) -> list[float]:
    """Return when each service begins, and as the last item when the vehicle is back, leaving at ``start_s``."""
    begins, clock = [], start_s
    for stop, leg in zip(stops, driving, strict=False):
        clock = max(clock + leg, stop.opens_s)
        begins.append(clock)
        clock += stop.service_duration_s
    return [*begins, clock + driving[-1]]
