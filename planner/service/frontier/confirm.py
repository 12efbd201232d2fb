"""Have the routing engine plan a point's sites: a figure that the search did not make."""

from __future__ import annotations

import math

import numpy as np

from planner.model import TravelMatrix
from planner.routing import Depot, RoutingProblem, Stop, VehicleType
from planner.routing.solve import solve_routing
from planner.service.frontier.measure import site_loads, with_routes
from planner.service.frontier.problem import FrontierProblem
from planner.service.frontier.solution import FrontierPoint

HUB = "hub"
_ALWAYS_S = 1e7
"""Seconds of a shift that ends nothing."""


def day_of_point(problem: FrontierProblem, point: FrontierPoint) -> RoutingProblem:
    """Return the routing problem of a day: the point's sites, each with what its villages are brought."""
    place = {id_: k for k, id_ in enumerate(problem.site_ids)}
    sites = np.array([place[id_] for id_ in point.site_ids], dtype=np.int64)
    loads = site_loads(problem, sites)
    nodes = np.concatenate([[0], sites + 1])
    ids = (HUB, *(f"site:{id_}" for id_ in point.site_ids))
    vehicle = problem.vehicle
    duty_s = min(vehicle.duty_s, _ALWAYS_S)
    return RoutingProblem(
        dimensions=("goods",),
        depots=(Depot(id=HUB, name=HUB),),
        stops=tuple(
            Stop(
                id=ids[k + 1],
                name=point.site_ids[k],
                delivery=(float(loads[site]),),
                pickup=(0.0,),
                opens_s=0.0,
                closes_s=duty_s,
                service_duration_s=vehicle.service_s,
            )
            for k, site in enumerate(sites)
        ),
        vehicle_types=(
            VehicleType(
                id="van",
                name="van",
                count=len(sites),
                depot_id=HUB,
                capacity=(vehicle.capacity,),
                shift_start_s=0.0,
                shift_end_s=duty_s,
                max_duration_s=math.inf,
                fixed_cost_yuan=vehicle.yuan_per_route,
                cost_per_km_yuan=vehicle.yuan_per_km,
                cost_per_hour_yuan=vehicle.yuan_per_hour,
            ),
        ),
        travel=TravelMatrix(
            origin_ids=ids,
            destination_ids=ids,
            durations_s=problem.durations_s[np.ix_(nodes, nodes)],
            distances_m=problem.distances_m[np.ix_(nodes, nodes)],
        ),
    )


def confirm_point(problem: FrontierProblem, point: FrontierPoint, *, iterations: int, seed: int) -> FrontierPoint:
    """Return the point with what the routing engine's plan of its sites costs, and with its routes if they cost less."""
    if not point.site_ids:
        return point
    plan = solve_routing(day_of_point(problem, point), iterations=iterations, seed=seed, threads=1)
    if plan.unassigned:
        return point
    place = {f"site:{id_}": k for k, id_ in enumerate(problem.site_ids)}
    return with_routes(problem, point, [[place[visit.stop_id] for visit in route.visits] for route in plan.routes])
