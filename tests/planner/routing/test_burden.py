"""What people bear of a new plan, worked out by hand."""

from dataclasses import replace

import pytest

from planner.errors import BadDataError
from planner.model import TravelMatrix
from planner.routing import Depot, RoutingProblem
from planner.routing.day.burden import Announced, Burden, steps_off
from planner.routing.day.check import check_replan
from planner.routing.day.events import VehicleReport
from planner.routing.day.replan import replan
from planner.routing.day.search import ReplanSearch
from planner.routing.solution import ViolationKind
from planner.routing.solve import plan_of
from tests.planner.routing.line_worlds import stop, van
from tests.planner.routing.test_replan import PLAN, WORLD, again, day, orders
from tests.planner.routing.worlds import HOUR

MINUTE = 60.0


def test_lateness_weighs_by_the_square_of_the_quarters_of_an_hour_that_have_begun():
    tolerance = 15 * MINUTE
    assert [steps_off(minutes * MINUTE, tolerance) for minutes in (0, 15, 16, 30, 31, 45, 60, 255)] == [
        *(0, 0),  # within the tolerance
        *(1, 1, 4, 4, 9),  # one, two, two, three steps beyond it: 45 is the end of the second
        256,  # four hours beyond it: 16 steps
    ]


def test_who_is_moved_or_given_up_counts():
    # told van-1 a 9:00, b 10:00, c 11:00; it serves b 10:00, c 11:00 and a 12:00: a has been moved and is 3 h late, 12 steps
    # without a tolerance; going on would have served it at 9:30, so that it is given up as well
    told = {"a": ("van-1", 9 * HOUR), "b": ("van-1", 10 * HOUR), "c": ("van-1", 11 * HOUR)}
    announced = Announced(told=told, tolerance_s=0.0, going_on={"a": 9.5 * HOUR})
    (route,) = again(WORLD, PLAN, day(9.5)).plan.routes[:1]
    visit = route.visits[1]

    def served(*times, vehicle="van-1"):
        visits = tuple(replace(visit, stop_id=id_, service_start_s=clock * HOUR) for id_, clock in times)
        return replace(route, vehicle_type_id=vehicle, visits=visits)

    assert announced.burden_of(None) == Burden()
    late = served(("b", 10), ("c", 11), ("a", 12))
    assert announced.burden_of(late) == Burden(given_up=1, steps=144 + 2)
    # at 10:30 it waits an hour more and no more
    assert announced.burden_of(served(("b", 10), ("a", 10.5), ("c", 11))) == Burden(given_up=0, steps=36 + 2)
    # 45 minutes late in any case, it is not given up
    lost = replace(announced, going_on={"a": 9.75 * HOUR})
    assert lost.burden_of(late).given_up == 0
    # three on time, by another vehicle
    other = served(("a", 9), ("b", 10), ("c", 11), vehicle="van-2")
    assert announced.burden_of(other) == Burden(given_up=0, steps=6)
    # two of three go back behind the one that was last
    assert announced.burden_of(served(("c", 11), ("a", 11), ("b", 11))).steps == (8**2 + 4**2) + 2


def star(others):
    """Van-1 goes to x, an hour off the way, then to so many stops at y for a minute each, and is home at once."""
    places = ("hub", "x", "y")
    minutes = [[0, 60, 0], [60, 0, 60], [0, 60, 0]]
    travel = TravelMatrix(
        origin_ids=places,
        destination_ids=places,
        durations_s=[[one * MINUTE for one in row] for row in minutes],
        distances_m=[[one * 100.0 for one in row] for row in minutes],
    )
    stops = [stop("x", 0.1, service_duration_s=0.0)]
    stops += [stop(f"y{k:02d}", 0.1, service_duration_s=MINUTE, location_id="y") for k in range(others)]
    kind = van(cost_per_km_yuan=0.0)
    problem = RoutingProblem(
        dimensions=("kg",),
        depots=(Depot(id="hub", name="hub"),),
        stops=tuple(stops),
        vehicle_types=(kind,),
        travel=travel,
    )
    return problem, plan_of(problem, [(kind, stops)], engine="by hand", seed=0)


@pytest.mark.parametrize("others", [5, 30])
def test_one_village_does_not_wait_for_hours_so_that_others_are_spared_half_an_hour(others):
    # told x 9:00 and the others from 10:00 on; 30 minutes late, without a tolerance each bears 4. Served last, behind 30 of
    # them that are on time, x would wait till 11:30, 10 steps: 100 and the move, which is less than the 31 x 4 of going on
    problem, plan = star(others)
    late = VehicleReport(vehicle_id="van-1", delay_s=30 * MINUTE)
    the_day = day(8.0, tolerance_min=0, reports=(late,))
    made = replan(problem, plan, the_day, iterations=5, seed=1, engine="ortools")
    assert check_replan(problem, plan, the_day, made) == ()
    at = {visit.stop_id: visit.service_start_s for visit in made.plan.routes[0].visits}
    told = {visit.stop_id: visit.service_start_s for visit in plan.routes[0].visits}
    assert at == {id_: pytest.approx(told[id_] + 30 * MINUTE) for id_ in told}
    assert {one.stop_id: one.going_on_s for one in made.changes} == at


def test_going_on_is_told_beside_what_is_changed():
    # van-2 breaks down at c at 9:30 with the goods for d; going on, van-1 is back at 12:20 with 120 km, and d is not served.
    # Van-1 fetches them: b until 10:20, 3 h to c, 10 minutes, 1 h to d and 10 minutes, 2 h home: 16:40 after 360 km
    lost = (VehicleReport(vehicle_id="van-2", lost=True, place_id="c"),)
    made = again(WORLD, PLAN, day(9.5, most_changes=1, reports=lost))
    assert orders(made) == {"van-1": ["b", "@van-2/d", "d"]}
    assert [(change.stop_id, change.going_on_s) for change in made.changes] == [("d", None)]
    (going_on,) = made.going_on
    assert (going_on.end_s, going_on.distance_m) == (pytest.approx((12 + 1 / 3) * HOUR), 120_000)
    assert (made.more_m, made.more_duty_s) == (240_000, pytest.approx((16 + 2 / 3) * HOUR - going_on.end_s))


def test_a_wrong_account_of_going_on_is_noticed():
    late = (VehicleReport(vehicle_id="van-1", delay_s=20 * MINUTE),)
    the_day = day(9.5, reports=late)
    made = again(WORLD, PLAN, the_day)
    (change,) = made.changes
    assert change.going_on_s == pytest.approx(10.5 * HOUR)

    def kinds(broken):
        return {violation.kind for violation in check_replan(WORLD, PLAN, the_day, broken)}

    other = replace(made, changes=(replace(change, going_on_s=10 * HOUR),))
    assert kinds(other) == {ViolationKind.CHANGES}
    route = made.going_on[0]
    shorter = replace(made, going_on=(replace(route, distance_m=1.0), *made.going_on[1:]))
    assert kinds(shorter) == {ViolationKind.WRONG_DISTANCE}
    assert kinds(replace(made, going_on=())) == {ViolationKind.CHANGES}


def test_only_what_more_than_lateness_calls_for_asks_an_engine(monkeypatch):
    asked = []

    def engine(problem, **limits):
        asked.append(len(problem.stops))
        raise BadDataError("none")

    monkeypatch.setattr("planner.routing.day.search.solve_routing", engine)
    problem, plan = star(12)  # at 8:36 it is on the way to x, with all that it brings on board
    late = VehicleReport(vehicle_id="van-1", delay_s=30 * MINUTE)
    for more, engines in (({}, False), ({"cancelled": ("y03",)}, True), ({"improve": True}, True)):
        asked.clear()
        replan(problem, plan, day(8.6, most_changes=20, reports=(late,), **more), seed=1)
        assert bool(asked) is engines, more


def test_a_late_route_is_tried_in_the_orders_near_its_own():
    # of w x y z behind what is fixed: any row turned round, and rows of two and three in another place
    fixed, *rest = (stop(id_, pickup=1) for id_ in "fwxyz")
    search = ReplanSearch.__new__(ReplanSearch)
    search.fixed = {fixed.id}
    found = {"".join(one.id for one in steps) for steps in search._orders_near((fixed, *rest))}
    turned = {"xwyz", "wyxz", "wxzy", "yxwz", "wzyx", "zyxw"}
    moved = {"ywxz", "yzwx", "xywz", "wyzx", "zwxy", "wzxy", "xyzw"}
    assert found == {f"f{order}" for order in turned | moved}
