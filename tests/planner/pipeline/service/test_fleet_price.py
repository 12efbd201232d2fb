"""The fleet a week is for: its busiest day, and a weekday's problem with no more vehicles than that."""

from dataclasses import replace

import numpy as np

from planner.model import TravelMatrix
from planner.pipeline.service.fleet_price import busiest_day, within_fleet
from planner.routing import Depot, RoutingProblem, Stop, VehicleType
from planner.service.week import WeekRoute


def driven(kind: str, day: int) -> WeekRoute:
    return WeekRoute(
        day=day,
        vehicle_type=kind,
        vehicle=0,
        place_ids=("a",),
        distance_m=1.0,
        duration_s=1.0,
        down=(1.0,),
        up=(0.0,),
        peak=(1.0,),
    )


def problem() -> RoutingProblem:
    places = ("hub", "a")
    between = np.ones((2, 2)) - np.eye(2)
    return RoutingProblem(
        dimensions=("parcels",),
        depots=(Depot(id="hub", name="hub"),),
        stops=(
            Stop(id="a", name="a", delivery=(1.0,), pickup=(0.0,), opens_s=0.0, closes_s=1e5, service_duration_s=0.0),
        ),
        vehicle_types=tuple(
            VehicleType(
                id=id_,
                name=id_,
                count=4,
                depot_id="hub",
                capacity=(9.0,),
                shift_start_s=0.0,
                shift_end_s=1e5,
                max_duration_s=1e5,
                fixed_cost_yuan=1.0,
                cost_per_km_yuan=1.0,
                cost_per_hour_yuan=1.0,
            )
            for id_ in ("van", "minivan")
        ),
        travel=TravelMatrix(origin_ids=places, destination_ids=places, durations_s=between, distances_m=between),
    )


def test_each_type_has_its_own_busiest_day() -> None:
    routes = [driven("van", 0), driven("van", 0), driven("van", 1), driven("minivan", 1)]
    assert busiest_day(routes) == {"van": 2, "minivan": 1}


def test_a_weekday_has_no_vehicle_more_than_the_week() -> None:
    kinds = within_fleet(problem(), {"van": 2}).vehicle_types
    assert [(kind.id, kind.count) for kind in kinds] == [("van", 2)]


def test_a_type_that_a_stop_names_stays_whole() -> None:
    asked = problem()
    named = replace(asked, stops=(replace(asked.stops[0], only_vehicles=("minivan-3",)),))
    kinds = within_fleet(named, {"van": 2}).vehicle_types
    assert [(kind.id, kind.count) for kind in kinds] == [("van", 2), ("minivan", 4)]


def test_a_fleet_of_nothing_leaves_the_problem_as_it_is() -> None:
    asked = problem()
    assert within_fleet(asked, {}) is asked
