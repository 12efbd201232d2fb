"""What a route costs is what VROOM says it costs: routes that VROOM made for made-up requests, and its own figures."""

import json
from pathlib import Path

import pytest

from planner.routing.vroom import RequestError, solve_vroom

from .vroom_requests import random_request
from .vroom_worlds import line

GIVEN = json.loads((Path(__file__).parent / "vroom_costs.json").read_text(encoding="utf-8"))["requests"]
OWN = ("costs", "costs_when_solved")


def test_the_costs_of_routes_are_those_of_vroom() -> None:
    """Each route costs what VROOM's plan mode says.

    With a speed factor VROOM cuts parts of a second off, and where those fall depends on when the vehicle leaves. Its plan
    mode may not begin before the first window opens where a vehicle has no hours, which makes routes late that are not; the
    planner then has the seconds that VROOM had when it solved the request.
    """
    assert len(GIVEN) == 200
    compared, as_solved = 0, 0
    for number, request in enumerate(GIVEN):
        answer = solve_vroom({key: value for key, value in request.items() if key not in OWN}, check=True)
        costs = {str(route["vehicle"]): route["cost"] for route in answer["routes"]}
        assert set(costs) == set(request["costs"]), number
        other = {name for name, cost in costs.items() if cost != request["costs"][name]}
        as_solved += len(other)
        assert {name: costs[name] for name in other}.items() <= request.get("costs_when_solved", {}).items(), number
        assert not answer["summary"]["violations"], number
        compared += len(costs)
    assert compared > 240
    assert as_solved <= 5


def test_the_requests_have_all_that_both_know() -> None:
    vehicles = [vehicle for request in GIVEN for vehicle in request["vehicles"]]
    tasks = [task for request in GIVEN for task in request["jobs"]]
    matrices = [request["matrices"]["car"] for request in GIVEN]
    for key in (
        "speed_factor",
        "breaks",
        "time_window",
        "skills",
        "type",
        "max_tasks",
        "max_travel_time",
        "max_distance",
    ):
        assert sum(key in vehicle for vehicle in vehicles) > 20, key
    for key in ("fixed", "per_hour", "per_km", "per_task_hour"):
        assert sum(key in vehicle.get("costs", {}) for vehicle in vehicles) > 20, key
    for key in ("setup_per_type", "service_per_type", "time_windows", "priority", "skills", "pickup", "delivery"):
        assert sum(key in task for task in tasks) > 20, key
    assert {len(vehicle.get("capacity", ())) for vehicle in vehicles} == {0, 1, 2, 3}
    assert sum("costs" in one for one in matrices) > 20
    assert sum("shipments" in request for request in GIVEN) > 50
    without_routes = [{k: v for k, v in vehicle.items() if k != "steps"} for vehicle in GIVEN[7]["vehicles"]]
    assert GIVEN[7]["jobs"] == random_request(7)["jobs"]
    assert without_routes == random_request(7)["vehicles"]


@pytest.mark.parametrize(
    ("factor", "seconds"),
    # 1 / factor in hundredths to the nearest, halves upward: 1.6 is 62.5, thus 63; 0.3 is 333.3; 4.9 is 20.4
    [(1.6, 2 * 100 * 0.63), (0.3, 2 * 100 * 3.33), (4.9, 2 * 100 * 0.20), (1.0, 200)],
)
def test_a_speed_factor_is_kept_in_hundredths(factor: float, seconds: float) -> None:
    request = line(2)
    request["vehicles"][0]["speed_factor"] = factor
    assert solve_vroom(request)["summary"]["duration"] == round(seconds)


def test_a_limit_on_metres_beside_costs_is_timed_but_not_searched() -> None:
    request = line(2)
    request["matrices"]["car"]["costs"] = [[0, 7], [9, 0]]
    request["vehicles"][0] |= {"max_distance": 1999, "steps": [{"type": "job", "id": 1}]}
    answer = solve_vroom(request, check=True)
    assert answer["summary"]["cost"] == 16
    assert answer["summary"]["violations"] == [{"cause": "max_distance"}]
    with pytest.raises(RequestError, match="max_distance"):
        solve_vroom(request)
