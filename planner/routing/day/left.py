"""Why a stop is on no route for what is left of a day, and whether a vehicle that comes back to load would serve it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from planner.model import Fact
from planner.routing.check.route import violations_of
from planner.routing.day.rest import Rest
from planner.routing.day.search import ReplanSearch
from planner.routing.problem import RoutingProblem
from planner.routing.relaxation import Relaxation, RelaxationKind
from planner.routing.schedule import schedule
from planner.routing.solution import Reload, Route, RoutePlan, Unassigned, UnassignedReason
from planner.routing.stops import Stop
from planner.routing.vehicles import VehicleType
from planner.routing.why.insertions import steps_of


def reason_today(rest: Rest, left: Unassigned) -> Unassigned:
    """Return the stop with what stands against it on this day, where that is where its goods or the vehicles are."""
    if left.stop_id in rest.nobody:
        wanted = rest.nobody[left.stop_id]
        details = (
            Fact(code="wanted_vehicles_off_duty", params={"vehicles": wanted}) if wanted else Fact(code="all_off_duty")
        )
        return replace(left, reason=UnassignedReason.NO_VEHICLE_LEFT, details=details)
    if left.stop_id in rest.at_depot and left.reason is UnassignedReason.NOT_ALLOWED:
        return replace(left, reason=UnassignedReason.GOODS_AT_DEPOT, details=Fact(code="no_vehicle_comes_to_load"))
    return left


def return_to_load(first: RoutingProblem, search: ReplanSearch, plan: RoutePlan, left: Unassigned) -> Relaxation | None:
    """Return the cheapest return of a vehicle to its depot by which the stop is served; None if no vehicle can.

    All other stops stay on their vehicles in their order. For those who had been told the bound of the search holds: no more
    is changed than the day allows, or nothing but what would change although every vehicle went on as planned. That many
    such changes are forced is no leave to make as many others.
    """
    rest = search.rest
    found: list[tuple[float, Relaxation]] = []
    routes = {route.vehicle_type_id: route for route in plan.routes}
    for vehicle in rest.at_depot.get(left.stop_id, ()):
        kind = next((one for one in rest.problem.vehicle_types if one.id == vehicle), None)
        origin = next(one for one in first.vehicle_types if vehicle in one.vehicle_ids())
        if kind is None or vehicle not in routes:
            continue
        others = [route for id_, route in routes.items() if id_ != vehicle]
        for route in _with_return(search, kind, origin.depot_id, routes[vehicle], left.stop_id):
            if not search.keeps_bound([*others, route]):
                continue
            back_s = next(c.arrival_s for c in reversed(route.calls()) if isinstance(c, Reload))
            added = route.cost_yuan - routes[vehicle].cost_yuan
            change = Relaxation(
                kind=RelaxationKind.RETURN_TO_LOAD,
                vehicle_id=vehicle,
                vehicle_type_id=origin.id,
                until_s=back_s,
                added_yuan=added,
            )
            found.append((added, change))
    return min(found, key=lambda entry: (entry[0], entry[1].vehicle_id), default=(0.0, None))[1]


def _with_return(search: ReplanSearch, kind: VehicleType, depot_id: str, route: Route, stop_id: str) -> Iterator[Route]:
    """Yield the route with a call at the depot and the stop after it, in every place where it holds."""
    problem = search.rest.problem
    asked = next(stop for stop in problem.stops if stop.id == stop_id)
    let = replace(asked, not_vehicles=tuple(id_ for id_ in asked.not_vehicles if id_ != kind.id), release_s=0.0)
    returning = replace(
        kind,
        max_reloads=kind.max_reloads + 1,
        reload_depot_ids=tuple(dict.fromkeys([*kind.reload_depot_ids, depot_id])),
    )
    depot = next(one for one in problem.depots if one.id == depot_id)
    steps = steps_of(problem, kind, route)
    fixed = {id_ for lock in problem.locks if lock.vehicle_id == route.vehicle_id for id_ in lock.stop_ids}
    first = max((i + 1 for i, step in enumerate(steps) if isinstance(step, Stop) and step.id in fixed), default=0)
    for i in range(first, len(steps) + 1):
        for j in range(i, len(steps) + 1):
            order = [*steps[:i], depot, *steps[i:j], let, *steps[j:]]
            loaded, carried = search.on_board.carried(kind.id, order)
            relaxed = replace(
                loaded,
                vehicle_types=tuple(returning if one.id == kind.id else one for one in loaded.vehicle_types),
                stops=tuple(let if one.id == stop_id else one for one in loaded.stops),
            )
            tried = schedule(relaxed, returning, route.vehicle_id, carried)
            if tried is not None and not violations_of(relaxed, tried):
                yield tried
