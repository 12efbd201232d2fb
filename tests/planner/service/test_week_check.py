"""The check of a week: figures by hand, and each kind of broken plan is noticed."""

from dataclasses import replace

import numpy as np
import pytest

from planner.service.week import (
    NotVisitedReason,
    Week,
    WeekCost,
    WeekProblem,
    WeekRoute,
    WeekVehicle,
    check_week,
    pattern_of,
    plan_week,
)
from planner.words import LANGUAGES, sentence, speaking
from planner.words.catalogues import codes as all_codes
from tests.planner.service.week_worlds import van, week_problem


def line_of_two_villages(**changes):
    """Hub, a at 10 km, b at 20 km on one road, a minute a km. Each day 4 parcels come for each, 1 is ready at b."""
    at = np.array([0.0, 10.0, 20.0])
    km = abs(at[:, None] - at[None, :])
    problem = WeekProblem(
        place_ids=("a", "b"),
        dimensions=("parcels",),
        down=np.full((2, 3, 1), 4.0),
        up=np.array([[[0.0]] * 3, [[1.0]] * 3]),
        down_a_visit=np.zeros((2, 1)),
        up_a_visit=np.zeros((2, 1)),
        service_s=np.array([300.0, 300.0]),
        service_s_a_parcel=np.array([10.0, 10.0]),
        patterns=((0b111,), (0b011,)),
        vehicles=(
            WeekVehicle(
                id="van", number=(1, 1, 1), capacity=(13.0,), fixed_yuan=50.0, yuan_per_km=2.0, yuan_per_hour=36.0
            ),
        ),
        durations_s=60.0 * km[None],
        distances_m=1000.0 * km[None],
    )
    return replace(problem, **changes)


def by_hand():
    """The only plan: b is visited on days 0 (with what came on day 2 as well) and 1, a on all three.

    Day 0: 4 to a, 8 to b, 2 from b; 40 km, 2,400 + 300 + 40 + 300 + 100 = 3,140 s. Day 1: 4, 4, 1; 3,090 s.
    Day 2: 4 to a; 20 km, 1,200 + 340 = 1,540 s. In all 150 + 200 + 7,770 / 100 = 427.70 yuan.
    """

    def route(day, places, km, seconds, down, up):
        return WeekRoute(
            day=day, vehicle_type="van", vehicle=0, place_ids=places, distance_m=1000.0 * km, duration_s=seconds,
            down=(down,), up=(up,), peak=(down,),
        )  # fmt: skip

    return Week(
        patterns=(0b111, 0b011),
        routes=(
            route(0, ("a", "b"), 40.0, 3140.0, 12.0, 2.0),
            route(1, ("a", "b"), 40.0, 3090.0, 8.0, 1.0),
            route(2, ("a",), 20.0, 1540.0, 4.0, 0.0),
        ),
        cost=WeekCost(fixed_yuan=150.0, distance_yuan=200.0, time_yuan=77.7),
        not_visited=(),
        holds=True,
        steps=0,
    )


def codes(problem, week):
    return {fact.code for fact in check_week(problem, week)}


def test_the_week_by_hand_is_right_and_found():
    assert check_week(line_of_two_villages(), by_hand()) == ()
    week = plan_week(line_of_two_villages(), iterations=1, seed=1)
    assert week.cost.total_yuan == pytest.approx(427.7)
    assert {(route.day, frozenset(route.place_ids), route.down) for route in week.routes} == {
        (route.day, frozenset(route.place_ids), route.down) for route in by_hand().routes
    }


def changed(route_number, **changes):
    week = by_hand()
    routes = list(week.routes)
    routes[route_number] = replace(routes[route_number], **changes)
    return replace(week, routes=tuple(routes))


BROKEN = {
    "week_unknown_place": changed(0, place_ids=("a", "x")),
    "week_unknown_day": changed(0, day=3),
    "week_unknown_vehicle": changed(0, vehicle_type="bus"),
    "week_empty_route": changed(0, place_ids=()),
    "week_visited_twice_a_day": changed(2, place_ids=("a", "a")),
    "week_not_the_pattern": changed(2, place_ids=("b",)),
    "week_never_visited": replace(by_hand(), routes=(), patterns=(0, 0)),
    "week_patterns_missing": replace(by_hand(), patterns=(0b111,)),
    "week_no_such_vehicle": changed(1, vehicle=1),
    "week_vehicle_drives_twice": changed(1, day=0),
    "week_load_misstated": changed(0, peak=(11.0,)),
    "week_travel_misstated": changed(0, distance_m=39000.0),
    "week_cost_misstated": replace(by_hand(), cost=replace(by_hand().cost, distance_yuan=190.0)),
}


@pytest.mark.parametrize("code", BROKEN)
def test_a_broken_week_is_noticed(code):
    assert code in codes(line_of_two_villages(), BROKEN[code])


def test_what_is_wrong_is_said_in_both_languages():
    facts = {fact.code: fact for week in BROKEN.values() for fact in check_week(line_of_two_villages(), week)}
    slow_and_full = replace(line_of_two_villages().vehicles[0], capacity=(11.0,), duty_s=3120.0)
    limited = line_of_two_villages(vehicles=(slow_and_full,), patterns=((0b111,), (0b101,)))
    facts |= {fact.code: fact for fact in check_week(limited, by_hand())}
    no_way = line_of_two_villages().durations_s.copy()
    no_way[0, 1, 2] = np.inf
    facts |= {fact.code: fact for fact in check_week(line_of_two_villages(durations_s=no_way), by_hand())}
    said = {}
    for lang in LANGUAGES:
        with speaking(lang):
            said[lang] = {code: sentence(fact, {}) for code, fact in facts.items()}
    words = {*said["en"], *NotVisitedReason}
    assert words == set(all_codes("en", "facts_week")) == set(all_codes("zh", "facts_week"))
    assert said["en"]["week_overloaded"] == "van 1 has 12 parcels on board on day 1; it holds 11"
    assert said["zh"]["week_duty_too_long"] == "van1第1天在途 52.4 分钟，上限为 52.0 分钟"
    assert said["en"]["week_not_the_pattern"] == "b is to be visited on days 1, 2, and is visited on days 1"


def test_limits_are_noticed():
    def with_van(**changes):
        problem = line_of_two_villages()
        return replace(problem, vehicles=(replace(problem.vehicles[0], **changes),))

    assert codes(with_van(capacity=(12.0,), duty_s=3140.0), by_hand()) == set()
    assert codes(with_van(capacity=(11.9,)), by_hand()) == {"week_overloaded"}
    assert codes(with_van(duty_s=3139.0), by_hand()) == {"week_duty_too_long"}
    assert codes(line_of_two_villages(patterns=((0b111,), (0b101,))), by_hand()) == {"week_pattern_not_allowed"}
    no_way = line_of_two_villages().durations_s.copy()
    no_way[0, 1, 2] = np.inf
    assert "week_no_way" in codes(line_of_two_villages(durations_s=no_way), by_hand())


def test_the_load_in_the_middle_of_a_route_counts():
    # out with 8, at b first: 4 out and 9 in, so 13 on board before a gives 4: more than at either end
    up = np.array([[[0.0]] * 3, [[9.0]] * 3])
    problem = line_of_two_villages(up=up, patterns=((0b111,), (0b111,)))
    week = plan_week(problem, iterations=2, seed=1)
    assert check_week(problem, week) == ()
    assert all(route.place_ids == ("a", "b") or route.peak == (13.0,) for route in week.routes)
    tight = replace(problem, vehicles=(replace(problem.vehicles[0], capacity=(9.0,)),))
    week = plan_week(tight, iterations=2, seed=1)
    assert check_week(tight, week) == ()
    assert {route.place_ids for route in week.routes} == {("a", "b")}


def test_consistency_and_balance_are_added_up_anew():
    problem = week_problem(11, consistency_yuan=7.0, day_balance_yuan=5.0, vehicle_balance_yuan=3.0)
    week = plan_week(problem, iterations=5, seed=1)
    assert check_week(problem, week) == ()
    for name in ("consistency_yuan", "day_balance_yuan", "vehicle_balance_yuan"):
        wrong = replace(week, cost=replace(week.cost, **{name: getattr(week.cost, name) + 1.0}))
        assert codes(problem, wrong) == {"week_cost_misstated"}


def test_places_that_no_pattern_can_visit_are_named():
    problem = week_problem(12, patterns=((0b100,), (0b111,), (0b111,), (0b111,)), vehicles=(van(3, number=(2, 2, 0)),))
    far = problem.durations_s.copy()
    far[0, 2, :], far[0, :, 2] = np.inf, np.inf
    heavy = problem.down.copy()
    heavy[2, 0, 0] = 31.0
    service = np.array([120.0, 120.0, 120.0, 5400.0])
    problem = replace(
        problem, patterns=((0b100,), (0b011,), (0b011,), (0b011,)), durations_s=far, down=heavy, service_s=service
    )
    week = plan_week(problem, iterations=1, seed=1)
    assert {one.place_id: one.reason for one in week.not_visited} == {
        "v0": NotVisitedReason.NO_DAY,
        "v1": NotVisitedReason.UNREACHABLE,
        "v2": NotVisitedReason.TOO_LARGE,
        "v3": NotVisitedReason.TOO_LONG,
    }
    assert week.patterns == (0, 0, 0, 0)
    assert check_week(problem, week) == ()


def test_a_week_beyond_the_fleet_says_so():
    problem = week_problem(
        13, patterns=((pattern_of([0, 1, 2]),),) * 4, vehicles=(van(3, number=(1, 1, 1), duty_s=2500.0),)
    )
    week = plan_week(problem, iterations=5, seed=1)
    assert not week.holds
    assert codes(problem, week) <= {"week_duty_too_long", "week_overloaded"}
    assert codes(problem, week)


def test_where_all_roads_are_one_way_only_the_way_round_is_driven():
    # hub to a to b to the hub, no other way, no limit to the duty
    ring = np.full((1, 3, 3), np.inf)
    ring[0, 0, 1] = ring[0, 1, 2] = ring[0, 2, 0] = 600.0
    problem = line_of_two_villages(durations_s=ring, patterns=((0b011,), (0b011, 0b110)))
    problem = replace(problem, vehicles=(replace(problem.vehicles[0], capacity=(20.0,)),))
    week = plan_week(problem, iterations=5, seed=1)
    assert check_week(problem, week) == ()
    assert week.holds
    assert [route.place_ids for route in week.routes] == [("a", "b")] * 2
    apart = replace(problem, patterns=((0b011,), (0b110,)))  # on the first day nobody goes to b
    week = plan_week(apart, iterations=5, seed=1)
    assert not week.holds
    assert "week_no_way" in codes(apart, week)
