"""What a route costs is what VROOM says it costs: routes that VROOM made for made-up requests, and its own figures."""

import json
from pathlib import Path

from planner.routing.vroom import solve_vroom

GIVEN = json.loads((Path(__file__).parent / "vroom_costs.json").read_text(encoding="utf-8"))["requests"]


def test_the_costs_of_routes_are_those_of_vroom() -> None:
    assert len(GIVEN) == 50
    compared = 0
    for number, request in enumerate(GIVEN):
        costs = request["costs"]
        answer = solve_vroom({key: value for key, value in request.items() if key != "costs"}, check=True)
        assert {str(route["vehicle"]): route["cost"] for route in answer["routes"]} == costs, number
        assert not answer["summary"]["violations"], number
        compared += len(costs)
    assert compared > 60
    assert any("per_task_hour" in vehicle.get("costs", {}) for request in GIVEN for vehicle in request["vehicles"])
    assert any("service_per_type" in job for request in GIVEN for job in request["jobs"])
