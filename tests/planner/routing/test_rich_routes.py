"""Routes with pairs, reloads, breaks, rests, locks and the speeds of the day, timed by hand, then broken in every way."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.errors import BadDataError, UsageError
from planner.routing import Break, Depot, DrivingRule, Lock, Pair
from planner.routing.check import check
from planner.routing.clock import SpeedOfDay
from planner.routing.solution import PauseKind, ViolationKind
from planner.routing.solve import solve_routing
from planner.routing.timing import Timer
from tests.planner.routing.line_worlds import RELOADS, ends_of, kinds_of, plan, stop, travel, van, with_route, world
from tests.planner.routing.worlds import HOUR


def test_a_reload_brings_the_second_load():
    # 8:00 hub, 9:00-9:10 a, 10:10-10:40 hub again, 12:40-12:50 b, back 14:50: 360 km; starting at 8:00 or later is equal,
    # so the earliest end decides
    problem = world(RELOADS, stops=(stop("a", 6), stop("b", 6, 2)))
    route = plan(problem, "a", "hub", "b").routes[0]
    assert (route.load_at_start, [visit.load_after for visit in route.visits]) == ((6,), [(0,), (2,)])
    (reload,) = route.reloads
    assert (reload.after, reload.arrival_s / HOUR, reload.departure_s / HOUR) == (
        1,
        pytest.approx(10 + 1 / 6),
        pytest.approx(10 + 2 / 3),
    )
    assert (reload.load_after, route.distance_m) == ((6,), 360_000)
    assert ends_of(route) == [("hub", "a"), ("a", "hub"), ("hub", "b"), ("b", "hub")]


def test_without_the_reload_the_route_is_too_heavy():
    problem = world(RELOADS, stops=(stop("a", 6), stop("b", 6)))
    good = plan(problem, "a", "hub", "b")
    assert ViolationKind.RELOAD in kinds_of(world(van(), stops=problem.stops), good)
    moved = replace(good.routes[0].reloads[0], after=2)
    assert kinds_of(problem, with_route(good, reloads=(moved,))) >= {ViolationKind.CAPACITY, ViolationKind.WRONG_TIME}
    assert ViolationKind.WRONG_LOAD in kinds_of(
        problem, with_route(good, reloads=(replace(good.routes[0].reloads[0], load_after=(5.0,)),))
    )


SHIPS = (stop("a", 0, 4), stop("b", 8), stop("c", 4, 0))


def test_a_pair_is_on_board_from_its_first_stop_to_its_second():
    # 8 kg for b from the hub; at a 4 kg for c come on board: 12 of 12; after b 4, after c none
    problem = world(van(capacity=(12.0,)), stops=SHIPS, pairs=(Pair(pickup_id="a", delivery_id="c"),))
    good = plan(problem, "a", "b", "c")
    assert (good.routes[0].load_at_start, [v.load_after for v in good.routes[0].visits]) == ((8,), [(12,), (4,), (0,)])
    tight = replace(problem, vehicle_types=(van(capacity=(11.0,)),))
    assert kinds_of(tight, good) == {ViolationKind.CAPACITY}


def test_a_pair_in_the_wrong_order_or_alone_is_noticed():
    problem = world(van(capacity=(12.0,)), stops=SHIPS, pairs=(Pair(pickup_id="a", delivery_id="c"),))
    free = replace(problem, pairs=())
    assert ViolationKind.PAIR in kinds_of(problem, plan(free, "c", "b", "a"))
    assert ViolationKind.PAIR in kinds_of(problem, plan(free, "a", "b"))


LUNCH = Break(id="lunch", opens_s=11.5 * HOUR, closes_s=12.5 * HOUR, duration_s=HOUR / 2)


def test_a_break_interrupts_the_way():
    # 8:00 hub, 9:00-9:10 a, 10:10-10:20 b, 11:20-11:30 c, then back: half an hour's break at 11:30, home 15:00
    problem = world(van(breaks=(LUNCH,), capacity=(20.0,)))
    route = plan(problem, "a", "b", "c", "lunch").routes[0]
    (pause,) = route.pauses
    assert (pause.kind, pause.after) == (PauseKind.BREAK, 3)
    assert (pause.start_s, route.end_s) == (pytest.approx(11.5 * HOUR), pytest.approx(15 * HOUR))
    # before b it would wait for its opening: 10:10 reached, break 11:30-12:00, b served from 12:00
    later = plan(problem, "a", "lunch", "b", "c").routes[0]
    assert (later.pauses[0].start_s, later.visits[1].arrival_s) == (11.5 * HOUR, 12 * HOUR)


def test_a_break_that_is_due_and_not_taken_moved_or_cut_short_is_noticed():
    problem = world(van(breaks=(LUNCH,), capacity=(20.0,)))
    good = plan(problem, "a", "b", "c", "lunch")
    (pause,) = good.routes[0].pauses
    assert ViolationKind.BREAK in kinds_of(
        problem, plan(replace(problem, vehicle_types=(van(capacity=(20.0,)),)), "a", "b", "c")
    )
    for broken in (
        replace(pause, start_s=pause.start_s + 2 * HOUR, end_s=pause.end_s + 2 * HOUR),
        replace(pause, end_s=pause.end_s - 60),
        replace(pause, break_id="tea"),
    ):
        assert ViolationKind.BREAK in kinds_of(problem, with_route(good, pauses=(broken,)))
    assert ViolationKind.BREAK in kinds_of(problem, with_route(good, pauses=(pause, replace(pause, after=0))))


def test_a_route_that_is_home_before_the_break_does_not_take_it():
    problem = world(van(breaks=(LUNCH,), capacity=(20.0,)), stops=(stop("a", 6),))
    assert plan(problem, "a", "lunch").routes[0].pauses == ()
    strict = replace(LUNCH, always=True)
    late = world(van(breaks=(strict,), capacity=(20.0,)), stops=(stop("a", 6),))
    assert len(plan(late, "a", "lunch").routes[0].pauses) == 1


def test_four_hours_at_the_wheel_ask_for_a_rest():
    # hub-c-hub is six hours of driving: 8:00-11:00, service to 11:10, one hour more, rest 12:10-12:30, home 14:30
    rule = DrivingRule(driving_s=4 * HOUR, rest_s=1200.0)
    problem = world(van(driving_rule=rule), stops=(stop("c", 1),))
    good = plan(problem, "c")
    (rest,) = good.routes[0].pauses
    assert (rest.kind, rest.after, rest.start_s) == (PauseKind.REST, 1, pytest.approx(8 * HOUR + 4 * HOUR + 600))
    assert good.routes[0].end_s == pytest.approx(14.5 * HOUR)
    short = replace(rest, end_s=rest.end_s - 60)
    assert ViolationKind.REST in kinds_of(problem, with_route(good, pauses=(short,)))
    free = replace(problem, vehicle_types=(van(),))
    assert ViolationKind.REST in kinds_of(problem, plan(free, "c"))


def test_a_long_wait_is_a_rest():
    # c opens at 11:30: the half hour's wait before it is a rest, and three hours back need none
    rule = DrivingRule(driving_s=4 * HOUR, rest_s=1200.0)
    late = stop("c", 1, opens_s=11.5 * HOUR)
    problem = world(van(driving_rule=rule, shift_end_s=14.7 * HOUR), stops=(late,))
    assert plan(problem, "c").routes[0].pauses == ()


def test_locks_orders_and_named_vehicles():
    two = van(count=2, capacity=(20.0,))
    problem = world(two)
    good = plan(problem, "a", "b", "c")
    assert check(problem, good) == ()
    assert kinds_of(replace(problem, locks=(Lock(vehicle_id="van-1", stop_ids=("b",)),)), good) == {ViolationKind.LOCK}
    assert kinds_of(replace(problem, locks=(Lock(vehicle_id="van-2", stop_ids=("a",)),)), good) == {ViolationKind.LOCK}
    assert kinds_of(replace(problem, before=(("c", "a"),)), good) == {ViolationKind.ORDER}
    named = replace(problem, stops=(stop("a", 6, only_vehicles=("van-2",)), *problem.stops[1:]))
    assert kinds_of(named, good) == {ViolationKind.WRONG_VEHICLE}
    barred = replace(problem, stops=(stop("a", 6, not_vehicles=("van",)), *problem.stops[1:]))
    assert ViolationKind.WRONG_VEHICLE in kinds_of(barred, good)


@pytest.mark.parametrize(
    ("changes", "kind"),
    [
        ({"max_distance_m": 359_999.0}, ViolationKind.MAX_DISTANCE),
        ({"max_driving_s": 6 * HOUR - 1}, ViolationKind.MAX_DRIVING),
        ({"max_stops": 2}, ViolationKind.MAX_STOPS),
        ({"cost_per_driving_hour_yuan": 1.0}, ViolationKind.WRONG_COST),
        ({"speed_factor": 1.1}, ViolationKind.WRONG_TIME),
        ({"open_end": True}, ViolationKind.UNKNOWN_ID),
        ({"open_start": True}, ViolationKind.UNKNOWN_ID),
    ],
)
def test_limits_and_rates_of_the_vehicle_are_replayed(changes, kind):
    # the route to c and back: six hours, 360 km
    good = plan(world(van(capacity=(20.0,))), "a", "b", "c")
    assert kind in kinds_of(world(van(capacity=(20.0,), **changes)), good)


def test_open_ends_and_another_end():
    depots = (Depot(id="hub", name="hub"), Depot(id="c", name="c"))
    ends = world(van(end_depot_id="c", capacity=(20.0,)), depots=depots, stops=(stop("a", 1), stop("b", 1)))
    assert plan(ends, "a", "b").routes[0].distance_m == 180_000
    loose = world(van(open_end=True, open_start=True, capacity=(20.0,)), stops=(stop("a", 1), stop("b", 1)))
    route = plan(loose, "a", "b").routes[0]
    assert (route.distance_m, ends_of(route)) == (60_000, [("a", "b")])


def test_setup_is_lost_once_at_a_place():
    stops = (stop("a", 1, setup_duration_s=300.0), stop("a2", 1, setup_duration_s=300.0, location_id="a"))
    route = plan(world(stops=stops), "a", "a2").routes[0]
    assert [visit.setup_s for visit in route.visits] == [300, 0]
    assert route.end_s - route.start_s == 2 * HOUR + 300 + 2 * 600


def test_balance_adds_squares():
    problem = world(van(capacity=(20.0,)), balance_duty_yuan=2.0, balance_load_yuan=100.0)
    # six hours and three services of ten minutes: 6.5 h; 15 of 20 kg handled
    good = plan(problem, "a", "b", "c")
    assert good.balance_yuan == pytest.approx(2 * 6.5**2 + 100 * 0.75**2)
    assert kinds_of(problem, replace(good, balance_yuan=0.0)) == {ViolationKind.WRONG_COST}


def test_rush_hour_slows_the_way():
    # half as fast from 8:30 to 9:30: of the hour to a half is done by 8:30, the other half takes until 9:30
    clock = SpeedOfDay(((8.5 * HOUR, 0.5), (9.5 * HOUR, 1.0)))
    assert clock.arrive(8 * HOUR, HOUR) == 9.5 * HOUR
    assert clock.covered(8 * HOUR, 9.5 * HOUR) == HOUR
    problem = world(
        van(shift_end_s=12 * HOUR), stops=(stop("a", 1),), speed_of_day=((8.5 * HOUR, 0.5), (9.5 * HOUR, 1.0))
    )
    route = plan(problem, "a").routes[0]
    assert (route.visits[0].arrival_s, route.visits[0].driving_s) == (
        pytest.approx(9.5 * HOUR),
        pytest.approx(1.5 * HOUR),
    )


@settings(deadline=None, max_examples=200)
@given(
    st.lists(
        st.tuples(st.integers(0, 20), st.sampled_from([0.3, 0.5, 1.0, 2.0])), max_size=4, unique_by=lambda x: x[0]
    ),
    st.floats(0, 20),
    st.floats(0, 8),
    st.floats(0, 3),
)
def test_who_leaves_later_never_arrives_earlier(factors, leaves, needed, later):
    clock = SpeedOfDay(sorted((hour * HOUR, factor) for hour, factor in factors))
    first, second = clock.arrive(leaves * HOUR, needed * HOUR), clock.arrive((leaves + later) * HOUR, needed * HOUR)
    assert second >= first - 1e-6
    assert clock.covered(leaves * HOUR, first) == pytest.approx(needed * HOUR, abs=1e-3)


@st.composite
def rich_routes(draw):
    """A route over the three stops in some order, with a reload, a break, rests and rush hours here and there."""
    rule = draw(
        st.sampled_from(
            [None, DrivingRule(driving_s=1.5 * HOUR, rest_s=900.0), DrivingRule(driving_s=3 * HOUR, rest_s=1200.0)]
        )
    )
    pause = Break(
        id="lunch",
        opens_s=draw(st.integers(8, 14)) * HOUR,
        closes_s=draw(st.integers(14, 20)) * HOUR,
        duration_s=1800.0,
    )
    kind = van(
        shift_end_s=60 * HOUR,
        capacity=(20.0,),
        reload_depot_ids=("hub",),
        max_reloads=1,
        breaks=(pause,),
        driving_rule=rule,
        speed_factor=draw(st.sampled_from([0.8, 1.0, 1.5])),
    )
    opens = [draw(st.integers(0, 12)) * HOUR for _ in range(3)]
    stops = tuple(stop(id_, 2, 1, opens_s=t, closes_s=60 * HOUR) for id_, t in zip("abc", opens, strict=True))
    order = draw(st.permutations([*"abc", "hub", "lunch"]))
    if order[0] == "hub" or order[-1] == "hub":
        order = [id_ for id_ in order if id_ != "hub"]
    speeds = draw(st.sampled_from([(), ((9 * HOUR, 0.5), (11 * HOUR, 1.25))]))
    return world(kind, stops=stops, speed_of_day=speeds), order


@settings(deadline=None, max_examples=200)
@given(rich_routes())
def test_whatever_the_timer_says_the_check_replays(rich):
    problem, order = rich
    kind = problem.vehicle_types[0]
    known = {step.id: step for step in (*problem.depots, *problem.stops, *kind.breaks)}
    if Timer(problem, kind).drive([known[id_] for id_ in order], kind.shift_start_s).fault:
        return
    good = plan(problem, *order)  # which has it checked
    assert len(good.routes[0].visits) == 3


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"pairs": (Pair(pickup_id="a", delivery_id="z"),)}, "pairs: no stop 'z'"),
        ({"pairs": (Pair(pickup_id="a", delivery_id="b"),)}, "pair 'a' → 'b': the first must deliver nothing"),
        ({"before": (("a", "b"), ("b", "a"))}, "before: these stops wait for each other: a, b"),
        ({"before": (("a", "a"),)}, "before: 'a' cannot be before itself"),
        ({"locks": (Lock(vehicle_id="x", stop_ids=("a", "y")),)}, "locks: no vehicle 'x'"),
        ({"locks": (Lock(vehicle_id="van-1", stop_ids=("a", "a")),)}, "stop 'a' is locked more than once"),
        ({"speed_of_day": ((5.0, 1.0), (4.0, 1.0))}, "speed_of_day: times"),
        ({"speed_of_day": ((5.0, 0.0),)}, "the factor from 5.0 on is 0.0"),
        ({"balance_duty_yuan": -1.0}, "balance_duty_yuan is -1.0"),
        ({"vehicle_types": (van(profile="truck"),)}, "profile 'truck' is not among the profiles"),
        ({"vehicle_types": (van(max_reloads=1),)}, "there is no depot in reload_depot_ids"),
        ({"vehicle_types": (van(speed_factor=0.0),)}, "speed_factor is 0.0"),
        ({"vehicle_types": (van(breaks=(LUNCH, LUNCH)),)}, "break 'lunch' is given more than once"),
        ({"vehicle_types": (van(breaks=(replace(LUNCH, closes_s=0.0),)),)}, "window closes at 0.0 before it opens"),
        ({"vehicle_types": (van(driving_rule=DrivingRule(driving_s=0.0, rest_s=1.0)),)}, "driving_rule needs seconds"),
        ({"stops": (stop("a", priority=101),)}, "priority is 101"),
        ({"stops": (stop("a", only_vehicles=("bus",)),)}, "only_vehicles names 'bus'"),
        ({"profiles": {"p": travel().select(["hub"], ["hub"])}}, "'a' has no row in the travel matrix of profile 'p'"),
    ],
)  # fmt: skip
def test_nonsense_is_refused_by_name(changes, message):
    with pytest.raises(BadDataError) as caught:
        world(**changes)
    assert message in str(caught.value)


def test_a_feature_that_an_engine_lacks_is_not_left_out_in_silence():
    problem = world(van(driving_rule=DrivingRule(driving_s=4 * HOUR, rest_s=1200.0), capacity=(20.0,)))
    with pytest.raises(UsageError, match="does not know driving_rule"):
        solve_routing(problem, iterations=1, seed=1, engine="ortools")
