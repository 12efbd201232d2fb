"""What a day's routes would cost less without a point: its marginal cost, as the routes stand."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping

from planner.routing import RoutingProblem
from planner.routing.schedule import schedule
from planner.routing.solution import RoutePlan


def point_savings(problem: RoutingProblem, plan: RoutePlan) -> dict[str, float]:
    """Return by how many yuan the routes of a day cost less if they pass over a place, by the place's id.

    All other stops stay on their routes in their order; a route that serves nothing else is not driven at all. Stops that
    are planned anew could save more, so this is the least that is saved; what several places save together is more or less
    than the sum, since they share ways and vehicles. Routes with reloads or breaks, and places without which a route could
    not be driven as it is, are left out.
    """
    kinds, stops = {kind.id: kind for kind in problem.vehicle_types}, {stop.id: stop for stop in problem.stops}
    saved: dict[str, float] = {}
    left_out: set[str] = set()
    for route in plan.routes:
        driven = [stops[visit.stop_id] for visit in route.visits]
        for place in dict.fromkeys(stop.place for stop in driven):
            kept = [stop for stop in driven if stop.place != place]
            rest = schedule(problem, kinds[route.vehicle_type_id], route.vehicle_id, kept) if kept else None
            if route.reloads or route.pauses or (kept and rest is None):
                left_out.add(place)
                continue
            saved[place] = saved.get(place, 0.0) + route.cost_yuan - (rest.cost_yuan if rest is not None else 0.0)
    return {place: yuan for place, yuan in saved.items() if place not in left_out}


def week_savings(days: Iterable[Mapping[str, float]], patterns: Mapping[str, int]) -> dict[str, float]:
    """Return what a week saves without a place, for those of which it is known on each day that they are visited."""
    of_place: dict[str, list[float]] = {}
    for day in days:
        for place, yuan in day.items():
            of_place.setdefault(place, []).append(yuan)
    return {
        place: math.fsum(yuan) for place, yuan in of_place.items() if len(yuan) == patterns.get(place, 0).bit_count()
    }
