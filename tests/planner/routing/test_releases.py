"""Goods that come to the depot during the day: routes and reloads wait for them, timed by hand; and what breaks it."""

import math
from dataclasses import replace
from pathlib import Path

import pytest

from benchmarks.routing_formats import read_instance
from planner.errors import BadDataError
from planner.model import Fact
from planner.routing import DrivingRule, Pair
from planner.routing.check import check
from planner.routing.solution import UnassignedReason, ViolationKind
from planner.routing.solve import solve_routing
from tests.planner.routing.line_worlds import RELOADS, ends_of, kinds_of, plan, stop, van, with_route, world
from tests.planner.routing.worlds import HOUR

# hub - a - b - c on one road, an hour from each to the next; service takes ten minutes, reloading half an hour
LATE = world(RELOADS, stops=(stop("a", 6), stop("b", 6, release_s=12 * HOUR)))


def test_a_route_leaves_when_the_last_of_its_load_is_ready():
    problem = world(stops=(stop("a", 1, release_s=9 * HOUR), stop("b", 1, release_s=8.5 * HOUR)))
    route = plan(problem, "b", "a").routes[0]
    # 9:00 hub, 11:00-11:10 b, 12:10-12:20 a, back 13:20
    assert (route.start_s / HOUR, route.end_s / HOUR) == (9.0, pytest.approx(13 + 1 / 3))


def test_a_reload_waits_for_the_goods_and_the_start_for_both():
    route = plan(LATE, "a", "hub", "b").routes[0]
    # loading ends when the goods for b are ready at 12:00, so it begins at 11:30: a 10:20-10:30, out at 9:20; back at 16:10
    (reload,) = route.reloads
    assert (reload.arrival_s / HOUR, reload.departure_s / HOUR) == (pytest.approx(11.5), 12.0)
    assert (route.start_s / HOUR, route.end_s / HOUR) == (pytest.approx(9 + 1 / 3), pytest.approx(16 + 1 / 6))


def test_a_wait_for_goods_is_a_rest():
    # a closes at 9:00: back at 10:10, loading from 11:30 on. Six hours of driving in all, never more than four on end
    kind = replace(RELOADS, driving_rule=DrivingRule(driving_s=4 * HOUR, rest_s=1200.0))
    early = stop("a", 6, closes_s=9 * HOUR)
    route = plan(replace(LATE, vehicle_types=(kind,), stops=(early, LATE.stops[1])), "a", "hub", "b").routes[0]
    assert route.pauses == ()
    assert route.driving_s == pytest.approx(6 * HOUR)
    at_once = replace(LATE, vehicle_types=(kind,), stops=(early, replace(LATE.stops[1], release_s=0.0)))
    # without the wait two hours are driven by 10:10, and four at b
    assert len(plan(at_once, "a", "hub", "b").routes[0].pauses) == 1


def test_what_leaves_too_early_is_found():
    good = plan(LATE, "a", "hub", "b")
    later = replace(LATE, stops=(LATE.stops[0], replace(LATE.stops[1], release_s=13 * HOUR)))
    assert kinds_of(later, good) == {ViolationKind.WRONG_TIME}  # the reload would end at 13:00
    first = replace(LATE, stops=(replace(LATE.stops[0], release_s=9.5 * HOUR), LATE.stops[1]))
    assert kinds_of(first, good) == {ViolationKind.RELEASE}
    sooner = replace(good.routes[0].reloads[0], departure_s=11.9 * HOUR)
    assert ViolationKind.WRONG_TIME in kinds_of(LATE, with_route(good, reloads=(sooner,)))


@pytest.mark.parametrize("engine", ["ruin_recreate", "ortools"])
def test_a_late_parcel_takes_a_second_trip(engine):
    # a closes at 10:00, what b gets comes at 11:00: one van, room for both, serves them on two trips only
    stops = (stop("a", 1, closes_s=10 * HOUR), stop("b", 1, release_s=11 * HOUR))
    problem = world(RELOADS, stops=stops)
    found = solve_routing(problem, iterations=20, seed=1, engine=engine)
    assert (found.unassigned, len(found.routes[0].reloads)) == ((), 1)
    assert check(problem, found) == ()


def test_goods_that_come_after_the_hours_are_a_reason():
    problem = world(stops=(stop("a", 1, closes_s=10 * HOUR, release_s=9.5 * HOUR), stop("b", 1)))
    (left,) = solve_routing(problem, iterations=1, seed=1, engine="ortools").unassigned
    assert (left.stop_id, left.reason) == ("a", UnassignedReason.WINDOW_TOO_EARLY)
    clocks = {"ready_clock_s": 9.5 * HOUR, "closes_clock_s": 10 * HOUR, "first_clock_s": 10.5 * HOUR}
    assert left.details == Fact(code="ready_too_late", params=clocks)


def test_releases_that_make_no_sense_are_all_named():
    stops = (
        stop("a", 0, 4, release_s=9 * HOUR),
        stop("c", 4, release_s=1.0),
        stop("b", 1, release_s=-1.0),
        stop("d", 1, location_id="b", release_s=math.nan),
    )
    with pytest.raises(BadDataError) as caught:
        world(van(), stops=stops, pairs=(Pair(pickup_id="a", delivery_id="c"),))
    said = "\n".join(caught.value.problems)
    assert "release_s of a, c is for what depots hold" in said
    assert "stop 'b': release_s is -1.0" in said
    assert "stop 'd': release_s is nan" in said


def test_published_instances_are_read_with_releases_and_trips():
    folder = Path(__file__).parents[4] / "shared" / "data" / "benchmarks" / "routing" / "mtvrptwr"
    if not folder.is_dir():
        pytest.skip(f"{folder} is not there")
    instance = read_instance(folder / "C201R0.5.vrp", {})
    problem, kind = instance.problem, instance.problem.vehicle_types[0]
    # 8 vehicles of 100 that reload at the depot; customer 3 of the file is node 3: x 45, y 70, the depot 40, 50:
    # sqrt(25 + 400) = 20.615..., truncated to tenths
    assert (len(problem.stops), kind.count, kind.capacity, kind.reload_depot_ids) == (100, 8, (100.0,), ("00000",))
    assert problem.travel.distances_m[0, 2] == 20.6
    assert problem.stops[0].release_s == 0.0
    assert any(one.release_s for one in problem.stops)
    assert instance.published == 10.0


def test_two_reloads_in_a_row_stay_in_their_order():
    kind = replace(RELOADS, max_reloads=2, reload_duration_s=0.0)
    good = plan(replace(LATE, vehicle_types=(kind,)), "a", "hub", "hub", "b")
    assert [reload.distance_m for reload in good.routes[0].reloads] == [60_000, 0]
    assert ends_of(good.routes[0]) == [("hub", "a"), ("a", "hub"), ("hub", "hub"), ("hub", "b"), ("b", "hub")]
