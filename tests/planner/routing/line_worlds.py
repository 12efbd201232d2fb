"""Hub, a, b and c on one road, an hour (60 km) from each to the next: worlds of which every route is timed by hand."""

import math
from dataclasses import replace

from planner.routing import Depot, RoutingProblem, Stop
from planner.routing.check import check
from planner.routing.solve import plan_of
from tests.planner.routing.worlds import HOUR, road, vehicle

PLACES = ("hub", "a", "b", "c")


def travel(seconds=HOUR):
    return road(*PLACES, seconds=seconds, metres=60_000.0)


def stop(id_, delivery=0.0, pickup=0.0, **changes):
    values = {"opens_s": 0.0, "closes_s": 24 * HOUR, "service_duration_s": 600.0}
    return Stop(id=id_, name=id_, delivery=(delivery,), pickup=(pickup,), **(values | changes))


def van(**changes):
    """One van for 10 kg from 8:00 on that costs a yuan a kilometre, but for the changes."""
    values = {
        "count": 1,
        "capacity": (10.0,),
        "shift_start_s": 8 * HOUR,
        "shift_end_s": 24 * HOUR,
        "max_duration_s": math.inf,
        "fixed_cost_yuan": 0.0,
        "cost_per_hour_yuan": 0.0,
    }
    return vehicle(**(values | changes))


def world(kind=None, **changes):
    values = {
        "dimensions": ("kg",),
        "depots": (Depot(id="hub", name="hub"),),
        "stops": (stop("a", 6), stop("b", 6), stop("c", 0, 3)),
        "vehicle_types": (kind or van(),),
        "travel": travel(),
    }
    return RoutingProblem(**(values | changes))


def plan(problem, *ids):
    """The plan of one route with these steps: stops, depots and breaks by id."""
    kind = problem.vehicle_types[0]
    known = {step.id: step for step in (*problem.depots, *problem.stops, *kind.breaks)}
    return plan_of(problem, [(kind, [known[id_] for id_ in ids])], engine="by hand", seed=0)


def ends_of(route):
    return [(leg.origin_id, leg.destination_id) for leg in route.legs()]


def kinds_of(problem, broken):
    return {violation.kind for violation in check(problem, broken)}


def with_route(good, **changes):
    return replace(good, routes=(replace(good.routes[0], **changes),))


RELOADS = van(reload_depot_ids=("hub",), max_reloads=1, reload_duration_s=1800.0)
