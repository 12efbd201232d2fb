"""Reasons against every route that there is: nothing is called impossible that is not, and what can be served is."""

import json
import re
from dataclasses import asdict

import pytest

from planner.routing.solution import UnassignedReason
from planner.routing.solve import solve_routing
from planner.words import sentence
from tests.planner.routing.every_route import KINDS, most_served, random_world

UNPROVEN = {UnassignedReason.FLEET_USED_UP, UnassignedReason.SKIPPED, UnassignedReason.NO_ROUTE_FOUND}


@pytest.mark.parametrize("kind", KINDS)
def test_only_what_is_on_no_route_is_called_impossible_and_all_that_can_be_is_served(kind):
    for seed in range(20):
        problem = random_world(seed, kind)
        best, servable = most_served(problem)
        plan = solve_routing(problem, iterations=1, seed=1, threads=1)  # raises if the check sees a reason otherwise
        served = sum(len(route.visits) for route in plan.routes)
        wrong = {left.stop_id: left.reason for left in plan.unassigned if left.reason not in UNPROVEN}
        assert not set(wrong) & servable, (kind, seed, wrong)
        assert served >= best, (kind, seed, plan.unassigned)  # more: by the slack of a millionth of a second
        for left in plan.unassigned:
            told = sentence(left.details, {})
            assert not re.search(r"\binf\b|\bnan\b|\d{8,}|e\+|@", told), told
        json.dumps([asdict(left) for left in plan.unassigned], allow_nan=False)
