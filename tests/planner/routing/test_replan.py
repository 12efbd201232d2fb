"""Planning again in the course of the day, worked out by hand; the bound on changes; broken answers are noticed."""

import math
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.errors import BadDataError, UsageError
from planner.routing import Depot, DrivingRule, Pair, RoutingProblem
from planner.routing.day.check import check_replan
from planner.routing.day.events import Cargo, ChangeKind, Day, StopChange, VehicleReport
from planner.routing.day.replan import replan
from planner.routing.relaxation import RelaxationKind
from planner.routing.solution import UnassignedReason, ViolationKind
from planner.routing.solve import plan_of
from tests.planner.routing.line_worlds import stop, van
from tests.planner.routing.worlds import HOUR, road

MINUTE = 60.0
# d - c - hub - a - b on one road, an hour (60 km) from each to the next; service takes ten minutes
PLACES = ("d", "c", "hub", "a", "b")
TRAVEL = road(*PLACES, seconds=HOUR, metres=60_000.0)
STOPS = (stop("a", 2), stop("b", 2), stop("c", 2), stop("d", 2))


def world(kind=None, stops=STOPS, **changes):
    return RoutingProblem(
        dimensions=("kg",),
        depots=(Depot(id="hub", name="hub"),),
        stops=stops,
        vehicle_types=(kind or van(count=2),),
        travel=TRAVEL,
        **changes,
    )


def routes(problem, *orders):
    """The running plan: van-1 drives the first order, van-2 the second."""
    known = {step.id: step for step in (*problem.depots, *problem.stops)}
    kind = problem.vehicle_types[0]
    return plan_of(problem, [(kind, [known[id_] for id_ in order]) for order in orders], engine="by hand", seed=0)


def day(now, most_changes=0, tolerance_min=15, **more):
    return Day(now_s=now * HOUR, most_changes=most_changes, tolerance_s=tolerance_min * MINUTE, **more)


def again(problem, plan, the_day):
    made = replan(problem, plan, the_day, iterations=5, seed=1, engine="ortools")
    assert check_replan(problem, plan, the_day, made) == ()
    return made


def orders(made):
    """The stops of each vehicle, without the one where it is."""
    return {
        route.vehicle_type_id: [v.stop_id for v in route.visits if not v.stop_id.endswith("/here")]
        for route in made.plan.routes
    }


WORLD = world()
# van-1: 8:00 hub, 9:00-9:10 a, 10:10-10:20 b, back 12:20; van-2 the same with c and d
PLAN = routes(WORLD, ["a", "b"], ["c", "d"])


def test_nothing_happens_and_nothing_changes():
    made = again(WORLD, PLAN, day(9.5))
    assert (orders(made), made.changes) == ({"van-1": ["b"], "van-2": ["d"]}, ())
    assert set(made.done) == {"a", "c"}
    # on the way to b, where it is at 10:10, 60 km behind it: what is left is 120 km back
    first = made.plan.routes[0]
    assert (first.visits[1].service_start_s, first.end_s) == (
        pytest.approx(10 * HOUR + 600),
        pytest.approx(12 * HOUR + 1200),
    )
    assert first.distance_m == 120_000


def test_a_delay_beyond_the_tolerance_is_a_forced_change():
    late = (VehicleReport(vehicle_id="van-1", delay_s=20 * MINUTE),)
    made = again(WORLD, PLAN, day(9.5, reports=late))
    (change,) = made.changes
    assert (change.stop_id, change.kind, change.forced, change.before_s, change.after_s) == (
        "b",
        ChangeKind.OTHER_TIME,
        True,
        pytest.approx(10 * HOUR + 600),
        pytest.approx(10 * HOUR + 1800),
    )
    assert not made.within_bound
    assert again(WORLD, PLAN, day(9.5, tolerance_min=20, reports=late)).changes == ()


def test_what_a_late_vehicle_cannot_reach_any_more_is_dropped_and_the_rest_kept():
    problem = world(stops=(stop("a", 2), stop("b", 2, closes_s=10.25 * HOUR), *STOPS[2:]))
    made = again(problem, PLAN, day(9.5, reports=(VehicleReport(vehicle_id="van-1", delay_s=20 * MINUTE),)))
    assert [(c.stop_id, c.kind, c.forced) for c in made.changes] == [("b", ChangeKind.DROPPED, True)]
    assert orders(made)["van-2"] == ["d"]
    (left,) = made.plan.unassigned
    assert left.stop_id == "b"


def test_a_lost_vehicle_s_goods_are_fetched_where_it_stands():
    # van-2 breaks down at c at 9:30 with the goods for d on board, and 3 kg collected at c. Van-1 has its own to bring to b
    problem = world(stops=(*STOPS[:2], stop("c", 2, 3), stop("d", 2)))
    plan = routes(problem, ["a", "b"], ["c", "d"])
    lost = (VehicleReport(vehicle_id="van-2", lost=True, place_id="c"),)
    made = again(problem, plan, day(9.5, most_changes=1, reports=lost))
    (order,) = orders(made).values()
    assert order[0] == "b"
    assert set(order[1:]) == {"@van-2/d", "d", "@van-2/collected"}
    assert order.index("@van-2/d") < order.index("d")
    assert [(c.stop_id, c.kind, c.vehicle_after, c.forced) for c in made.changes] == [
        ("d", ChangeKind.OTHER_VEHICLE, "van-1", True)
    ]
    # b until 10:20, three hours to c: 13:20; taking over takes ten minutes, once for both: 13:30; an hour to d
    at = {visit.stop_id: visit for visit in made.plan.routes[0].visits}
    assert at["d"].arrival_s == pytest.approx(14.5 * HOUR)


def test_goods_that_are_gone_are_said():
    lost = (VehicleReport(vehicle_id="van-2", lost=True, cargo=Cargo.GONE),)
    made = again(WORLD, PLAN, day(9.5, reports=lost))
    assert (made.gone, orders(made)) == (("d",), {"van-1": ["b"]})
    assert [(c.stop_id, c.kind) for c in made.changes] == [("d", ChangeKind.DROPPED)]


def test_what_is_to_be_collected_where_goods_are_gone_is_a_stop_of_its_own():
    # van-2 is lost with the 2 kg for d, where 3 kg wait: van-1 fetches them after b, which it serves as it was told
    problem = world(stops=(*STOPS[:3], stop("d", 2, pickup=3.0)))
    plan = routes(problem, ["a", "b"], ["c", "d"])
    lost = (VehicleReport(vehicle_id="van-2", lost=True, cargo=Cargo.GONE),)
    made = again(problem, plan, day(9.5, most_changes=1, reports=lost))
    assert (made.gone, orders(made)) == (("d",), {"van-1": ["b", "d/pickup"]})
    assert [(c.stop_id, c.kind) for c in made.changes] == [("d", ChangeKind.DROPPED)]
    assert made.plan.routes[0].visits[-1].load_after == (3.0,)


def test_a_stop_that_gives_and_takes_is_halved_when_its_goods_are_elsewhere():
    problem = world(stops=(*STOPS[:3], stop("d", 2, 1)))
    plan = routes(problem, ["a", "b"], ["c", "d"])
    made = again(problem, plan, day(9.5, reports=(VehicleReport(vehicle_id="van-2", lost=True, place_id="c"),)))
    (order,) = orders(made).values()
    assert {"d", "d/pickup", "@van-2/d"} <= set(order)
    assert [(c.stop_id, c.kind) for c in made.changes] == [("d", ChangeKind.OTHER_VEHICLE)]


def test_a_vehicle_lost_before_it_left_needs_no_fetching():
    # at 7:30 nobody has left; van-1 alone has to serve all
    lost = (VehicleReport(vehicle_id="van-2", lost=True),)
    made = again(WORLD, PLAN, day(7.5, reports=lost))
    (order,) = orders(made).values()
    assert set(order) == {"a", "b", "c", "d"}
    assert order[:2] == ["a", "b"]  # no change but the forced ones
    assert {change.stop_id for change in made.changes} == {"c", "d"}


def test_when_all_are_back_a_new_stop_has_a_reason():
    made = again(WORLD, PLAN, day(13, new_stops=(stop("n", 0, 1, location_id="c"),)))
    assert [(left.stop_id, left.reason) for left in made.plan.unassigned] == [("n", UnassignedReason.NO_VEHICLE_LEFT)]


def test_a_new_pickup_goes_where_it_changes_nothing():
    # a pickup at c by 12:00: van-2 passes c at 11:20 on its way back from d, which changes nothing for d
    new = (stop("n", 0, 1, location_id="c", closes_s=12 * HOUR),)
    made = again(WORLD, PLAN, day(9.5, new_stops=new))
    assert orders(made) == {"van-1": ["b"], "van-2": ["d", "n"]}
    assert made.changes == ()


def test_new_goods_are_at_the_depot_and_take_a_vehicle_that_comes_by():
    new = (stop("n", 1, location_id="a"),)
    assert [left.stop_id for left in again(WORLD, PLAN, day(9.5, new_stops=new)).plan.unassigned] == ["n"]
    kind = van(count=2, reload_depot_ids=("hub",), max_reloads=1)
    problem = world(kind)
    made = again(problem, routes(problem, ["a", "b"], ["c", "d"]), day(9.5, new_stops=new))
    (route,) = [route for route in made.plan.routes if "n" in [v.stop_id for v in route.visits]]
    assert len(route.reloads) == 1
    assert made.changes == ()
    idle = van(count=3)
    problem = world(idle)
    made = again(problem, routes(problem, ["a", "b"], ["c", "d"]), day(9.5, new_stops=new))
    assert orders(made)["van-3"] == ["n"]


def test_the_bound_decides_whether_others_wait_for_a_new_stop():
    # a pickup where van-1 passes, open until 10:20 only, an hour of service: b would be late
    new = (stop("n", 0, 1, location_id="a", closes_s=9.6 * HOUR, service_duration_s=HOUR),)
    at_a = (VehicleReport(vehicle_id="van-1", place_id="a", done=("a",)),)
    # leaving a at 9:30, it is at b at 10:30 and not at 10:10 in any case, so that b may as well wait for n
    made = again(WORLD, PLAN, day(9.5, new_stops=new, reports=at_a))
    assert (orders(made)["van-1"], [change.forced for change in made.changes]) == (["n", "b"], [True])
    wide = again(WORLD, PLAN, day(9.5, 0, 30, new_stops=new, reports=at_a))
    assert ([left.stop_id for left in wide.plan.unassigned], wide.changes) == (["n"], ())
    made = again(WORLD, PLAN, day(9.5, 1, 30, new_stops=new, reports=at_a))
    assert orders(made)["van-1"] == ["n", "b"]
    assert [(change.stop_id, change.kind, change.forced) for change in made.changes] == [
        ("b", ChangeKind.OTHER_TIME, False)
    ]
    assert made.within_bound


def test_what_would_serve_a_stop_is_said_of_the_vehicles_that_there_are():
    # the new goods at the depot: no vehicle on the road has them, but one may come back at 12:20 and drive two hours more,
    # 120 km at a yuan; b cannot be reached in time any more
    new = (stop("n", 1, location_id="a"),)
    made = again(WORLD, PLAN, day(9.5, new_stops=new))
    (left,) = made.plan.unassigned
    assert left.reason is UnassignedReason.GOODS_AT_DEPOT
    (change,) = left.relaxations
    assert (change.kind, change.vehicle_id, change.vehicle_type_id) == (RelaxationKind.RETURN_TO_LOAD, "van-1", "van")
    assert (change.until_s, change.added_yuan) == (pytest.approx(12 * HOUR + 1200), pytest.approx(120.0))
    problem = world(stops=(stop("a", 2), stop("b", 2, closes_s=10.25 * HOUR), *STOPS[2:]))
    late = (VehicleReport(vehicle_id="van-1", delay_s=20 * MINUTE),)
    (left,) = again(problem, PLAN, day(9.5, reports=late)).plan.unassigned
    # it is there at 10:30
    assert [(change.kind, change.vehicle_id, change.until_s) for change in left.relaxations] == [
        (RelaxationKind.CLOSES_LATER, "van-1", pytest.approx(10.5 * HOUR))
    ]


def test_what_is_cancelled_comes_back():
    made = again(WORLD, PLAN, day(9.5, cancelled=("b",)))
    route = made.plan.routes[0]
    assert orders(made)["van-1"] == []
    assert route.visits[0].picked_up == (2.0,)  # the goods for b are still on board
    assert made.changes == ()


def test_a_pair_on_board_is_delivered_by_its_vehicle():
    stops = (stop("a", 0, 2), stop("b", 2, 0), *STOPS[2:])
    problem = world(stops=stops, pairs=(Pair(pickup_id="a", delivery_id="b"),))
    plan = routes(problem, ["a", "b"], ["c", "d"])
    made = again(problem, plan, day(9.5))
    assert orders(made)["van-1"] == ["@van-1/b", "b"]
    lost = (VehicleReport(vehicle_id="van-1", lost=True, place_id="a"),)
    assert orders(again(problem, plan, day(9.5, reports=lost)))["van-2"][1:] == ["@van-1/b", "b"]


def test_a_day_that_makes_no_sense_is_refused_with_all_faults():
    bad = Day(
        now_s=math.nan,
        most_changes=-1,
        tolerance_s=-1.0,
        reports=(
            VehicleReport(vehicle_id="cart", delay_s=-5.0, place_id="moon"),
            VehicleReport(vehicle_id="van-1", done=("b",)),
            VehicleReport(vehicle_id="van-1"),
        ),
        new_stops=(
            stop("a", 1),
            stop("x/y", 1),
            stop("hub", 1),
            stop("twice", 1, location_id="b"),
            stop("twice", math.nan, location_id="b", opens_s=9 * HOUR, closes_s=8 * HOUR),
        ),
        cancelled=("zzz",),
    )
    kind = van(count=2, driving_rule=DrivingRule(driving_s=4 * HOUR, rest_s=1200))
    with pytest.raises(BadDataError) as caught:
        replan(world(kind), PLAN, bad, seed=1)
    said = "\n".join(caught.value.problems)
    for word in (
        "driving_rule",
        "now_s",
        "most_changes",
        "tolerance_s",
        "reports.0.vehicle_id: there is no vehicle 'cart'",
        "reports.0.delay_s: ",
        "reports.0.place_id: there is no place 'moon'",
        "cancelled.0: there is no stop 'zzz'",
    ):
        assert word in said
    for word in ("reports.1.done: b are not the first stops of its route: a, b", "'van-1' is reported more than once"):
        assert word in said
    for k, id_ in enumerate(("a", "x/y", "hub", "twice", "twice")):
        assert f"new_stops.{k}.id: '{id_}' is taken" in said
    assert "new_stops.4: stop 'twice': delivery (nan,) must be finite" in said
    assert "new_stops.4: stop 'twice': window closes at 28800.0 before it opens at 32400.0" in said
    with pytest.raises(BadDataError, match=r"reports\.0: vehicle 'van-3' has no route"):
        replan(world(van(count=3)), PLAN, day(9.5, reports=(VehicleReport(vehicle_id="van-3", place_id="a"),)), seed=1)


def test_a_vehicle_whose_shift_is_over_before_it_can_leave_stays_at_home():
    problem = world(van(count=3, shift_end_s=13 * HOUR))
    plan = routes(problem, ["a", "b"], ["c", "d"])
    # at 12:00 both vans are on the way back, and van-3 could leave for an hour; at 13:00 it cannot any more
    parcel = (stop("late", 0, 1, location_id="a"),)
    for now, delay in ((13.0, 0.0), (12.0, HOUR)):
        reports = (VehicleReport(vehicle_id="van-3", delay_s=delay),)
        made = again(problem, plan, day(now, new_stops=parcel, reports=reports))
        assert "van-3" not in {kind.id for kind in made.problem.vehicle_types}
        assert [left.stop_id for left in made.plan.unassigned] == ["late"]


def test_nothing_is_said_to_help_that_had_to_be_before_now():
    # a is open for the parcel till 9:30, an hour from the hub where van-3 is at 9:12: it had to leave at 8:30
    problem = world(van(count=3))
    plan = routes(problem, ["a", "b"], ["c", "d"])
    parcel = (stop("late", 0, 1, location_id="a", opens_s=9.4 * HOUR, closes_s=9.5 * HOUR),)
    (left,) = again(problem, plan, day(9.2, new_stops=parcel)).plan.unassigned
    assert left.relaxations
    assert all(change.until_s is None or change.until_s > 9.2 * HOUR for change in left.relaxations)


def test_an_engine_that_cannot_be_asked_is_refused_however_few_stops_are_left():
    with pytest.raises(BadDataError, match="the routing search cannot start"):
        replan(WORLD, PLAN, day(9.5), seed=1, engine="crystal ball")
    with pytest.raises(UsageError, match=r"pyvrp.*does not know.*locks"):  # who is on the road is locked to where it is
        replan(WORLD, PLAN, day(9.5), seed=1, engine="pyvrp")


def test_broken_answers_are_noticed():
    the_day = day(9.5)
    good = again(WORLD, PLAN, the_day)

    def kinds(made, asked=the_day):
        return {violation.kind for violation in check_replan(WORLD, PLAN, asked, made)}

    late = replace(good.changes[0] if good.changes else CHANGE, stop_id="b")
    assert kinds(replace(good, changes=(late,))) == {ViolationKind.CHANGES}
    assert ViolationKind.VISITED_TWICE in kinds(replace(good, done=("a",)))
    assert ViolationKind.NOT_ACCOUNTED_FOR in kinds(replace(good, plan=replace(good.plan, routes=good.plan.routes[1:])))
    # with d for van-1 and b for van-2, both on board of the other
    one, two = good.plan.routes
    swapped = (replace(one, visits=(one.visits[0], two.visits[1])), replace(two, visits=(two.visits[0], one.visits[1])))
    found = kinds(replace(good, plan=replace(good.plan, routes=swapped)))
    assert {ViolationKind.WRONG_VEHICLE, ViolationKind.CHANGES} <= found
    assert ViolationKind.UNKNOWN_ID in kinds(good, replace(the_day, cancelled=("b",)))
    gone = (VehicleReport(vehicle_id="van-1", lost=True, cargo=Cargo.GONE),)
    assert {ViolationKind.UNKNOWN_ID, ViolationKind.WRONG_LOAD} <= kinds(good, replace(the_day, reports=gone))
    fetch = (VehicleReport(vehicle_id="van-1", lost=True),)
    assert ViolationKind.PAIR in kinds(good, replace(the_day, reports=fetch))


def test_more_changes_than_allowed_are_noticed():
    late = (VehicleReport(vehicle_id="van-1", delay_s=20 * MINUTE),)
    made = again(WORLD, PLAN, day(9.5, reports=late))
    small = (VehicleReport(vehicle_id="van-1", delay_s=15 * MINUTE),)  # it would be in time: nothing is forced
    assert ViolationKind.CHANGES in {v.kind for v in check_replan(WORLD, PLAN, day(9.5, reports=small), made)}
    chosen = replace(made, changes=tuple(replace(change, forced=False) for change in made.changes))
    assert {v.kind for v in check_replan(WORLD, PLAN, day(9.5, reports=late), chosen)} == {ViolationKind.CHANGES}


CHANGE = StopChange(
    stop_id="b",
    kind=ChangeKind.OTHER_TIME,
    vehicle_before="van-1",
    before_s=0.0,
    vehicle_after="van-1",
    after_s=0.0,
    forced=False,
)


@settings(deadline=None, max_examples=40)
@given(st.data())
def test_any_day_is_answered_within_the_bound(data):
    reloads = (
        {"reload_depot_ids": ("hub",), "max_reloads": 1, "reload_duration_s": 600.0} if data.draw(st.booleans()) else {}
    )
    stops = tuple(replace(one, pickup=(float(data.draw(st.integers(0, 2))),)) for one in STOPS)
    problem = world(van(count=3, **reloads), stops=stops)
    plan = routes(problem, ["a", "b"], ["c", "d"])
    reports = tuple(
        VehicleReport(
            vehicle_id=id_,
            delay_s=data.draw(st.sampled_from([0.0, 600.0, 2400.0])),
            **data.draw(
                st.sampled_from([{"lost": False}, *({"lost": True, "cargo": cargo} for cargo in Cargo)]),
            ),
        )
        for id_ in data.draw(st.sets(st.sampled_from(["van-1", "van-2", "van-3"]), max_size=2))
    )
    the_day = day(
        data.draw(st.sampled_from([7.0, 8.5, 9.1, 10.5, 11.5, 13.0])),
        data.draw(st.integers(0, 3)),
        data.draw(st.sampled_from([0, 15, 60])),
        reports=reports,
        new_stops=tuple(
            stop(f"n{place}", data.draw(st.integers(0, 2)), 1, location_id=place)
            for place in data.draw(st.sets(st.sampled_from("abcd"), max_size=2))
        ),
        cancelled=tuple(data.draw(st.sets(st.sampled_from("abcd"), max_size=1))),
    )
    made = replan(problem, plan, the_day, iterations=2, seed=1, engine="ortools")
    assert check_replan(problem, plan, the_day, made) == ()
    assert len(made.changes) <= max(the_day.most_changes, made.forced_count)
