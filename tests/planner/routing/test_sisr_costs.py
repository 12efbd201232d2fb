"""What the engine must take into account: hubs without vehicles, and each part of what a vehicle costs."""

from dataclasses import replace

import pytest

from planner.routing import Depot, RoutingProblem, Stop, VehicleType
from planner.routing.solve import solve_routing
from tests.planner.routing.worlds import road, vehicle

# other - hub - a - b on one road, 600 s and 10 km apart
VAN = vehicle(max_duration_s=30_000.0)


def line(*, depot_ids: tuple[str, ...] = ("hub",), vehicle_types: tuple[VehicleType, ...] = (VAN,)) -> RoutingProblem:
    return RoutingProblem(
        dimensions=("kg",),
        depots=tuple(Depot(id=id_, name=id_) for id_ in depot_ids),
        stops=tuple(
            Stop(
                id=id_,
                name=id_,
                delivery=(40.0,),
                pickup=(10.0,),
                opens_s=0.0,
                closes_s=39_000.0,
                service_duration_s=60.0,
            )
            for id_ in ("a", "b")
        ),
        vehicle_types=vehicle_types,
        travel=road("other", "hub", "a", "b"),
    )


@pytest.mark.parametrize("depot_ids", [("hub", "other"), ("other", "hub")])
def test_a_hub_without_vehicles_is_no_customer(depot_ids):
    plan = solve_routing(line(depot_ids=depot_ids), iterations=30, seed=1)
    (route,) = plan.routes
    assert route.depot_id == "hub"
    assert {visit.stop_id for visit in route.visits} == {"a", "b"}
    assert plan.unassigned == ()
    # hub - a - b - hub: 50 + 40 km + 2520 s at 0.01 yuan
    assert plan.cost_yuan == pytest.approx(115.2)


@pytest.mark.parametrize("dear_first", [True, False])
@pytest.mark.parametrize(
    ("part", "cheap", "dear"),
    [("fixed_cost_yuan", 50.0, 90.0), ("cost_per_km_yuan", 1.0, 2.0), ("cost_per_hour_yuan", 36.0, 90.0)],
)
def test_of_two_types_that_differ_in_one_cost_the_cheaper_is_sent(part, cheap, dear, dear_first):
    types = [replace(VAN, id="cheap", **{part: cheap}), replace(VAN, id="dear", **{part: dear})]
    plan = solve_routing(line(vehicle_types=tuple(types[::-1] if dear_first else types)), iterations=30, seed=1)
    assert [route.vehicle_type_id for route in plan.routes] == ["cheap"]
    assert plan.cost_yuan == pytest.approx(115.2)
