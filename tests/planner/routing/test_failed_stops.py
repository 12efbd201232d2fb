"""Stops that were tried and not served: their goods are on board, and nothing was collected there."""

from dataclasses import replace

import pytest

from planner.errors import BadDataError
from planner.routing import Pair
from planner.routing.day.events import VehicleReport
from planner.routing.day.replan import replan
from tests.planner.routing.line_worlds import stop
from tests.planner.routing.test_replan import STOPS, again, day, orders, routes, world


def test_what_was_not_served_is_on_board_and_nothing_was_collected_there():
    # van-1 was to bring 2 to a and collect 5 there, then 2 to b; it was at a at 9:00 and served nobody, so that at 9:30, on
    # the way to b, it has the 2 for a on board as well as the 2 for b, and not the 5
    stops = (stop("a", 2, pickup=5.0), STOPS[1])
    problem = world(stops=stops)
    plan = routes(problem, ["a", "b"])
    failed = VehicleReport(vehicle_id="van-1", done=("a",), failed=("a",))
    made = again(problem, plan, day(9.5, reports=(failed,)))
    assert (orders(made), made.done, made.failed) == ({"van-1": ["b"]}, ("a",), ("a",))
    (route,) = made.plan.routes
    # what is collected up to now rides home: 2 for a, which nobody took
    assert [visit.load_after for visit in route.visits] == [(4.0,), (2.0,)]
    served = again(problem, plan, day(9.5, reports=(replace(failed, failed=()),)))
    assert [visit.load_after for visit in served.plan.routes[0].visits] == [(7.0,), (5.0,)]


def test_only_what_is_behind_a_vehicle_and_no_part_of_a_pair_can_have_failed():
    stops = (*STOPS[:2], stop("c", pickup=2), stop("d", 2))
    problem = world(stops=stops, pairs=(Pair(pickup_id="c", delivery_id="d"),))
    plan = routes(problem, ["a", "b"], ["c", "d"])
    reports = (
        VehicleReport(vehicle_id="van-1", done=("a",), failed=("b",)),
        VehicleReport(vehicle_id="van-2", done=("c",), failed=("c",)),
    )
    with pytest.raises(BadDataError) as caught:
        replan(problem, plan, day(9.5, reports=reports), seed=1)
    assert [str(problem) for problem in caught.value.problems] == [
        "reports.0.failed: 'b' is not among done: what was not served is behind the vehicle, too",
        "reports.1.failed: 'c' is part of a pair: its other part cannot be planned",
    ]
