"""Stops that were tried and not served: their goods are on board, and nothing was collected there."""

from dataclasses import replace

import pytest

from planner.errors import BadDataError
from planner.routing import Pair
from planner.routing.day.check import check_replan
from planner.routing.day.events import VehicleReport
from planner.routing.day.replan import replan
from planner.routing.solution import ViolationKind
from tests.planner.routing.line_worlds import stop, van
from tests.planner.routing.test_replan import STOPS, again, day, orders, routes, world
from tests.planner.routing.worlds import HOUR


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


def test_goods_of_a_stop_that_is_dropped_stay_on_board_and_take_room():
    # van-1 holds 9: 4 for a, 5 for b, which closes at 10:15. At 9:30 it is on its way to a and an hour late, so that b is
    # dropped (11:10) and its 5 ride on; a hands over 2. New at c: 2 to collect, which fit (5 + 2 + 2 <= 9); 7 do not
    for up, served in ((2.0, True), (7.0, False)):
        stops = (stop("a", 4, pickup=2.0), stop("b", 5, closes_s=10.25 * HOUR))
        problem = world(van(count=1, capacity=(9.0,)), stops=stops)
        plan = routes(problem, ["a", "b"])
        late = VehicleReport(vehicle_id="van-1", delay_s=1.0 * HOUR)
        more = stop("n", pickup=up, location_id="c")
        made = again(problem, plan, day(9.5, most_changes=9, reports=(late,), new_stops=(more,)))
        assert (orders(made)["van-1"] == ["a", "n"]) == served
        (route,) = made.plan.routes
        # here: 5 that ride on, and 4 on board for a; then 9 - 4 + 2 = 7, and with the new 2 it is full
        loads = [visit.load_after[0] for visit in route.visits]
        assert loads == ([9.0, 7.0, 9.0] if served else [9.0, 7.0])
        assert {left.stop_id for left in made.plan.unassigned} == ({"b"} if served else {"b", "n"})


def test_an_answer_that_forgets_goods_on_board_is_noticed():
    stops = (stop("a", 4, pickup=2.0), stop("b", 5, closes_s=10.25 * HOUR))
    problem = world(van(count=1, capacity=(9.0,)), stops=stops)
    plan = routes(problem, ["a", "b"])
    the_day = day(9.5, most_changes=9, reports=(VehicleReport(vehicle_id="van-1", delay_s=1.0 * HOUR),))
    made = again(problem, plan, the_day)
    light = [replace(one, pickup=(0.0,)) if one.id == "@van-1/here" else one for one in made.problem.stops]
    broken = replace(made, problem=replace(made.problem, stops=tuple(light)))
    assert ViolationKind.WRONG_LOAD in {one.kind for one in check_replan(problem, plan, the_day, broken)}
