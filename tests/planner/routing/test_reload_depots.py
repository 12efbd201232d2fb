"""A vehicle that may reload at one of several depots."""

from dataclasses import replace

import pytest

from planner.routing.solve import solve_routing
from tests.planner.routing.feature_worlds import HOUR, change_kinds, change_stops, tiny_world


@pytest.mark.parametrize("engine", ["ortools", "ruin_recreate"])
@pytest.mark.parametrize(("reloads", "served"), [(1, 2), (2, 3)])
def test_reloads_are_counted_over_all_depots(engine, reloads, served):
    # three stops of 6 kg each for one van that carries 7: so it serves one stop more than it reloads
    problem = tiny_world(1)
    problem = replace(problem, vehicle_types=(replace(problem.vehicle_types[0], count=1),))
    problem = change_kinds(problem, capacity=(7.0,), reload_depot_ids=("hub", "yard"), max_reloads=reloads)
    wide = {"delivery": (6.0,), "pickup": (0.0,), "opens_s": 0.0, "closes_s": 24 * HOUR}
    problem = change_stops(problem, wide, wide, wide)
    plan = solve_routing(problem, iterations=20, seed=1, engine=engine)
    assert len(plan.unassigned) == 3 - served
    assert [len(route.reloads) for route in plan.routes] == [reloads]
