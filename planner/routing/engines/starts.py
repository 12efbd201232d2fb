"""Routes to start from, as engines take them: each vehicle by name, each stop with the one window it is served in."""

from __future__ import annotations

from dataclasses import replace

from planner.routing.solution import Route, RoutePlan
from planner.routing.stops import Stop
from planner.routing.timing import FleetSteps, Step, VehicleSteps


def named_routes(routes: FleetSteps, plan: RoutePlan) -> list[VehicleSteps]:
    """Return these routes with the vehicles and windows that their plan gives them; empty routes are left out."""
    route_of = {visit.stop_id: route for route in plan.routes for visit in route.visits}
    named = []
    for one in (VehicleSteps(*given) for given in routes):
        first = next((step for step in one.steps if isinstance(step, Stop)), None)
        if first is not None:
            route = route_of[first.id]
            named.append(
                VehicleSteps(one.kind, [_with_its_window(step, route) for step in one.steps], route.vehicle_id)
            )
    return named


def _with_its_window(step: Step, route: Route) -> Step:
    if not isinstance(step, Stop):
        return step
    begins_s = next(visit.service_start_s for visit in route.visits if visit.stop_id == step.id)
    opens_s, closes_s = min(step.windows, key=lambda window: max(window[0] - begins_s, begins_s - window[1], 0.0))
    return replace(step, opens_s=opens_s, closes_s=closes_s, further_windows=())
