"""What would serve a stop that is on no route: worked out by hand, then against all plans of tiny worlds."""

import math
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.routing import Pair
from planner.routing.check import check
from planner.routing.relaxation import RelaxationKind, relaxed
from planner.routing.solution import UnassignedReason
from planner.routing.solve import plan_of, solve_routing
from planner.routing.why import relax
from planner.routing.why.relax import relaxations_of, with_relaxations
from tests.planner.routing.line_worlds import plan, stop, van, world
from tests.planner.routing.worlds import HOUR

# hub - a - b - c on one road, an hour (60 km, 60 yuan) from each to the next; service takes ten minutes
MINUTE = 60.0


def found(problem, id_, *served):
    """The changes for a stop when these are served in one route, by kind."""
    made = plan(problem, *served) if served else plan_of(problem, [], engine="by hand", seed=0)
    stop_of = {one.id: one for one in problem.stops}
    return {change.kind: change for change in relaxations_of(problem, made, stop_of[id_])}


def test_room_and_one_more_vehicle():
    # a and b, 6 kg each, in a van for 10: 2 kg are lacking; another van would drive to b alone, 4 hours, 240 km
    problem = world(stops=(stop("a", 6), stop("b", 6)))
    changes = found(problem, "b", "a")
    assert set(changes) == {RelaxationKind.MORE_ROOM, RelaxationKind.ONE_MORE_VEHICLE}
    room, more = changes[RelaxationKind.MORE_ROOM], changes[RelaxationKind.ONE_MORE_VEHICLE]
    assert (room.vehicle_id, room.room, room.added_yuan) == ("van-1", (2.0,), 120.0)  # b is an hour beyond a
    assert (more.vehicle_id, more.added_yuan) == ("van-2", 240.0)
    for change in changes.values():
        assert served_by_adding(relaxed(problem, "b", change), plan(problem, "a"), "b")
    assert not served_by_adding(problem, plan(problem, "a"), "b")


def test_hours_that_end_later():
    # 8:00 hub, 9:00-9:10 a, 10:10 b, which closes at 10:00: ten minutes, or a shift that starts ten minutes earlier; b first
    # would do as well, but a closes at 9:00
    problem = world(stops=(stop("a", 1, closes_s=9 * HOUR), stop("b", 1, closes_s=10 * HOUR)))
    changes = found(problem, "b", "a")
    later, sooner = changes[RelaxationKind.CLOSES_LATER], changes[RelaxationKind.STARTS_EARLIER]
    assert (later.amount, later.until_s) == (pytest.approx(600.0), pytest.approx(10 * HOUR + 600))
    assert (sooner.amount, sooner.until_s) == (600.0, 8 * HOUR - 600)
    assert RelaxationKind.ENDS_LATER not in changes
    assert RelaxationKind.MORE_ROOM not in changes


def test_a_shift_that_ends_later():
    # hub - a - b - hub takes 4 h 20 min from 8:00 on; the shift ends at 12:00
    kind = van(shift_end_s=12 * HOUR)
    changes = found(world(kind, stops=(stop("a", 1), stop("b", 1))), "b", "a")
    longer, sooner = changes[RelaxationKind.ENDS_LATER], changes[RelaxationKind.STARTS_EARLIER]
    assert (longer.vehicle_id, longer.amount, longer.until_s) == (
        "van-1",
        pytest.approx(1200),
        pytest.approx(12 * HOUR + 1200),
    )
    assert sooner.amount == 1200.0
    # b alone takes 4 h 10 min: one more van would be late, too
    assert RelaxationKind.ONE_MORE_VEHICLE not in changes


def test_an_opening_that_comes_earlier():
    # c is 3 hours away and opens at 12:00, so the van is back at 15:10; the shift ends at 15:00
    kind = van(shift_end_s=15 * HOUR)
    problem = world(kind, stops=(stop("c", 1, opens_s=12 * HOUR),))
    changes = found(problem, "c")
    assert changes[RelaxationKind.OPENS_EARLIER].until_s == 12 * HOUR - 600
    assert changes[RelaxationKind.ENDS_LATER].amount == pytest.approx(600)
    assert set(changes) == {RelaxationKind.OPENS_EARLIER, RelaxationKind.ENDS_LATER}


def test_goods_that_are_ready_earlier():
    problem = world(stops=(stop("a", 1, closes_s=10 * HOUR, release_s=9.5 * HOUR),))
    changes = found(problem, "a")
    assert changes[RelaxationKind.READY_EARLIER].until_s == 9 * HOUR
    assert changes[RelaxationKind.CLOSES_LATER].until_s == pytest.approx(10.5 * HOUR)


def test_duty_distance_driving_and_stops():
    # a and b: 4 h 20 min on duty, 240 km, 4 hours of driving, two stops
    stops = (stop("a", 1), stop("b", 1))
    for kind, of, amount in (
        (van(max_duration_s=4 * HOUR), RelaxationKind.LONGER_DUTY, 1200),
        (van(max_distance_m=200_000), RelaxationKind.LONGER_ROUTE, 40_000),
        (van(max_driving_s=3.5 * HOUR), RelaxationKind.MORE_DRIVING, 1800),
        (van(max_stops=1), RelaxationKind.ONE_MORE_STOP, 1),
    ):
        changes = found(world(kind, stops=stops), "b", "a")
        assert changes[of].amount == pytest.approx(amount)
        assert set(changes) - {RelaxationKind.ONE_MORE_VEHICLE} == {of}


def test_skills_and_admission():
    stops = (stop("a", 1), stop("b", 1, needs=("cold", "lift")))
    changes = found(world(van(skills=("lift",)), stops=stops), "b", "a")
    assert changes[RelaxationKind.SKILL].skills == ("cold",)
    assert changes[RelaxationKind.ONE_MORE_VEHICLE].skills == ("cold",)
    barred = (stop("a", 1), stop("b", 1, not_vehicles=("van-1",)))
    changes = found(world(stops=barred), "b", "a")
    assert changes[RelaxationKind.ADMISSION].vehicle_id == "van-1"
    assert changes[RelaxationKind.ONE_MORE_VEHICLE].vehicle_id == "van-2"


def test_what_an_optional_stop_would_have_to_be_worth():
    # b is an hour beyond a: 120 km more at a yuan each; it is worth 100
    problem = world(stops=(stop("a", 1), stop("b", 1, skip_cost_yuan=100.0)))
    made = solve_routing(problem, iterations=30, seed=1)
    (left,) = made.unassigned
    assert [(change.kind, change.amount) for change in left.relaxations] == [
        (RelaxationKind.WORTH_MORE, pytest.approx(20.0))
    ]


def test_a_place_that_the_search_missed_is_said():
    changes = found(world(stops=(stop("a", 1), stop("b", 1))), "b", "a")
    assert changes[RelaxationKind.LONGER_SEARCH].vehicle_id == "van-1"


def test_a_pair_that_fits_half_by_half_only():
    # a from 8:00 to 9:00 or c from 8:00 to 11:00: each can be reached, but from a (9:10) c is reached at 11:10
    stops = (stop("a", 0, 4, closes_s=9 * HOUR), stop("c", 4, 0, closes_s=11 * HOUR))
    problem = world(stops=stops, pairs=(Pair(pickup_id="a", delivery_id="c"),))
    made = solve_routing(problem, iterations=5, seed=1, engine="ortools")
    assert {left.reason for left in made.unassigned} == {UnassignedReason.NOT_TOGETHER}
    changes = {left.stop_id: {change.kind: change for change in left.relaxations} for left in made.unassigned}
    assert changes["c"][RelaxationKind.CLOSES_LATER].until_s == pytest.approx(11 * HOUR + 600)
    assert changes["a"][RelaxationKind.STARTS_EARLIER].amount == 600.0
    claimed = replace(made.unassigned[0], reason=UnassignedReason.FLEET_USED_UP)
    assert [v.stop_id for v in check(problem, replace(made, unassigned=(claimed, made.unassigned[1])))] == ["a"]
    apart = replace(problem, pairs=(), stops=stops)  # no pair: the reason is gone
    assert check(apart, replace(made, unassigned=(claimed,)))


def test_every_change_serves_the_stop_and_a_smaller_one_does_not():
    seen = set()

    @settings(deadline=None, max_examples=60)
    @given(st.data())
    def look(data):
        hours = st.integers(8, 13)
        stops = tuple(
            stop(
                id_,
                data.draw(st.integers(1, 6)),
                opens_s=opens * HOUR,
                closes_s=(opens + data.draw(st.integers(0, 3))) * HOUR,
            )
            for id_, opens in (("a", data.draw(hours)), ("b", data.draw(hours)), ("c", data.draw(hours)))
        )
        kind = van(
            shift_end_s=data.draw(st.integers(12, 18)) * HOUR,
            max_duration_s=data.draw(st.sampled_from([4 * HOUR, math.inf])),
            capacity=(float(data.draw(st.integers(5, 14))),),
        )
        problem = world(kind, stops=stops)
        made = solve_routing(problem, iterations=30, seed=1, engine="ortools")
        for left in made.unassigned:
            one = next(stop for stop in stops if stop.id == left.stop_id)
            for change in left.relaxations:
                assert served_by_adding(relaxed(problem, one.id, change), made, one.id), change
                seen.add(change.kind)
                if change.kind not in (RelaxationKind.LONGER_SEARCH, RelaxationKind.ONE_MORE_VEHICLE):
                    less = smaller(change)
                    assert not served_by_adding(relaxed(problem, one.id, less), made, one.id), change

    look()
    assert RelaxationKind.CLOSES_LATER in seen  # the commonest; one more vehicle, which is rare here, is tried above


def smaller(change):
    """The change, a minute less of it."""
    if change.kind is RelaxationKind.MORE_ROOM or change.amount <= 1:
        return replace(change, amount=0.0, room=tuple(0.9 * amount for amount in change.room))
    sign = -1 if change.kind is RelaxationKind.CLOSES_LATER else 1
    until = None if change.until_s is None else change.until_s + sign * MINUTE
    return replace(change, amount=change.amount - MINUTE, until_s=until)


def served_by_adding(problem, made, id_):
    """Whether the stop fits somewhere into the one route as it is ordered, or into a route of a van that stands idle."""
    known = {one.id: one for one in problem.stops}
    kind = problem.vehicle_types[0]
    orders = [[visit.stop_id for visit in route.visits] for route in made.routes]
    tried = [[*order[:i], id_, *order[i:]] for order in orders for i in range(len(order) + 1)]
    if len(made.routes) < kind.count:
        tried.append([id_])
    for order in tried:
        routes = [order, *(other for other in orders if len(made.routes) > 1 and not set(other) & set(order))]
        if len(order) == 1:
            routes = [order, *orders]
        try:
            answer = plan_of(problem, [(kind, [known[x] for x in one]) for one in routes], engine="all", seed=0)
        except Exception:
            continue
        if id_ in {visit.stop_id for route in answer.routes for visit in route.visits}:
            return True
    return False


def test_a_plan_that_serves_all_stays_as_it_is():
    made = plan(world(stops=(stop("a", 1),)), "a")
    assert with_relaxations(world(stops=(stop("a", 1),)), made) is made


def test_of_many_stops_the_most_urgent_are_looked_at(monkeypatch):
    monkeypatch.setattr(relax, "MOST_STOPS", 1)
    problem = world(stops=(stop("a", 6), stop("b", 6), stop("c", 6, priority=5)))
    made = with_relaxations(problem, plan(problem, "a"))
    assert [(left.stop_id, bool(left.relaxations)) for left in made.unassigned] == [("b", False), ("c", True)]
