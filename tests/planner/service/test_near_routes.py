"""Routes searched near what has changed, and routes timed anew: what is left out of a part must not break it."""

from dataclasses import replace

import numpy as np

from planner.model import TravelMatrix
from planner.routing import Depot, RoutingProblem, Stop
from planner.routing.timing import VehicleSteps
from planner.service.tiers.near_routes import NearPart
from planner.service.tiers.quick_routes import plan_of_routes, retimed
from tests.planner.service.tier_worlds import HOUR, vehicle


def row_of(stops: int) -> RoutingProblem:
    """Stops a kilometre and a minute apart on a line behind the hub, nine small vans and a truck that takes the last ten."""
    ids = ("hub", *(f"v{i:02d}" for i in range(stops)))
    away = np.abs(np.subtract.outer(np.arange(stops + 1), np.arange(stops + 1))).astype(float)
    return RoutingProblem(
        dimensions=("parcels",),
        depots=(Depot(id="hub", name="hub"),),
        stops=tuple(
            Stop(
                id=id_,
                name=id_,
                delivery=(1.0,),
                pickup=(0.0,),
                opens_s=8 * HOUR,
                closes_s=18 * HOUR,
                service_duration_s=0.0,
                only_vehicles=("truck", "van"),
            )
            for id_ in ids[1:]
        ),
        vehicle_types=(vehicle("truck", "hub", 100.0, count=1), vehicle("van", "hub", 20.0, count=9)),
        travel=TravelMatrix(origin_ids=ids, destination_ids=ids, durations_s=away * 60, distances_m=away * 1000),
    )


def test_a_part_without_a_type_whose_vehicles_are_all_elsewhere_is_still_a_problem() -> None:
    problem = row_of(80)
    truck, van = problem.vehicle_types
    begun = [VehicleSteps(van, problem.stops[10 * k : 10 * k + 10], f"van-{k + 1}") for k in range(7)]
    begun.append(VehicleSteps(truck, problem.stops[70:], "truck-1"))
    former = plan_of_routes(problem, [begun[0]._replace(steps=problem.stops[1:10]), *begun[1:]])
    part = NearPart.of(problem, begun, former)  # the first stop is new: the routes near it are vans'
    assert part is not None
    assert "truck-1" in {one.vehicle_id for one in part.kept}
    assert [kind.id for kind in part.problem.vehicle_types] == ["van"]
    assert {one.only_vehicles for one in part.problem.stops} == {("van",)}
    whole = part.whole(part.begun)
    assert sorted(step.id for one in whole for step in one.steps) == sorted(stop.id for stop in problem.stops)
    assert {one.vehicle_id for one in whole} == {one.vehicle_id for one in begun}


def test_routes_with_a_stop_that_is_gone_cannot_be_timed_anew() -> None:
    problem = row_of(3)
    plan = plan_of_routes(problem, [VehicleSteps(problem.vehicle_types[0], problem.stops, "truck-1")])
    assert retimed(problem, plan) == plan
    assert retimed(replace(problem, stops=problem.stops[:2]), plan) is None
