"""A running day planned again where the area's configuration is not what its plan was made of: used, or named."""

import json
import re
from dataclasses import replace
from pathlib import Path

import pytest

from planner.config import load_config
from planner.pipeline.day_events import parse_events
from planner.pipeline.next_plan import next_plan
from planner.pipeline.replan import replan_day, reply_of, run_of
from planner.pipeline.running_problem import no_longer_valid, running_problem
from planner.pipeline.whole_plan import plan_area
from planner.plans.documents import to_json
from planner.plans.under_way import UnderWay
from planner.routing.day import ChangeKind
from tests.conftest import close
from tests.planner.pipeline.long_line import VILLAGES, write_long_line

# One way for each leg; from v3 to v4 there is another by a place 0.02 degrees north: twice the root of 1669.8² + 2211.5² m,
# 5542 m instead of 3339.6, at 50 km/h 399.0 s instead of 240.45: 158.6 s more
DETOUR_S = 158.6
CLOSURE = """[[travel.closures]]
reason = "桥梁维修"
first = 2026-11-01
last = 2026-11-30
way_ids = [{way}]

"""
TIMES = {"most_changes": 0, "tolerance_s": 60}


def write_two_ways(folder: Path) -> Path:
    """Write the long line with a way for each leg, and the other one."""
    folder.mkdir()
    write_long_line(folder)
    nodes = "".join(f"<node id='{n + 1}' version='1' lon='{10 + 0.03 * n:.2f}' lat='0.0'/>\n" for n in range(VILLAGES))
    nodes += "<node id='99' version='1' lon='10.105' lat='0.02'/>\n"
    ends = [*((n + 1, n + 2) for n in range(VILLAGES - 1)), (4, 99, 5)]
    tags = "<tag k='highway' v='secondary'/><tag k='surface' v='asphalt'/>"
    ways = "".join(
        f"<way id='{i + 1}' version='1'>{''.join(f'<nd ref={chr(39)}{n}{chr(39)}/>' for n in of)}{tags}</way>\n"
        for i, of in enumerate(ends)
    )
    (folder / "roads.osm").write_text(f"<osm version='0.6'>\n{nodes}{ways}</osm>\n", encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory):
    """The folder of the area, and the plan of its day."""
    folder = write_two_ways(tmp_path_factory.mktemp("today") / "line")
    return folder, plan_area(load_config(folder)).day


@pytest.fixture
def today(running, tmp_path: Path) -> Path:
    """The folder once more, to be changed by the test."""
    return write_two_ways(tmp_path / "line")


def edit(folder: Path, before: str, after: str) -> None:
    text = (folder / "area.toml").read_text(encoding="utf-8")
    assert before in text
    (folder / "area.toml").write_text(text.replace(before, after), encoding="utf-8")


def again(running, today: Path, now: str, **events):
    plan = running[1]
    area = load_config(today)
    told = parse_events({"now": now, **TIMES, **events}, name="events")
    return replan_day(plan, run_of(plan, area), told, area=area)


def clock(seconds: float) -> str:
    return f"{int(seconds // 3600):02d}:{int(seconds % 3600 // 60):02d}"


def the_far_route(plan):
    """The route that comes by the closed leg, and its stops behind it."""
    for route in plan.routes.routes:
        far = [visit for visit in route.visits if int(visit.stop_id.removeprefix("sp-v")) >= 4]
        if far:
            return route, far
    raise AssertionError


def test_a_road_closed_since_is_not_driven_and_is_named(running, today: Path) -> None:
    close(today, CLOSURE.format(way=4))
    made = again(running, today, "05:00")
    assert [(one.key, one.before, one.used) for one in made.differences] == [
        ("travel.closures.桥梁维修 2026-11-01–2026-11-30", "", True)
    ]
    for route in running[1].routes.routes:
        legs = route.visits
        crossing = [int(one.stop_id.removeprefix("sp-v")) for one in legs]
        new = next(one for one in made.replan.plan.routes if one.vehicle_type_id == route.vehicle_id)
        if max(crossing) >= 4:  # there and back by the other way
            assert new.driving_s == pytest.approx(route.driving_s + 2 * DETOUR_S, abs=2)
        else:
            assert new.driving_s == pytest.approx(route.driving_s, abs=0.5)
    for change in made.replan.changes:
        assert (change.kind, change.forced, change.after_s) == (ChangeKind.OTHER_TIME, True, change.going_on_s)


def test_the_new_plan_is_made_of_what_holds_now(running, today: Path) -> None:
    close(today, CLOSURE.format(way=4))
    first = again(running, today, "05:00")
    follows = next_plan(first)
    assert isinstance(follows.under_way, UnderWay)
    assert [one["reason"] for one in follows.config["travel"]["closures"]] == ["桥梁维修"]
    assert any(str(line.closure) == "桥梁维修" for line in follows.closed_lines)
    area = load_config(today)
    told = parse_events({"now": "05:01", **TIMES}, name="events")
    second = replan_day(follows, run_of(follows, area), told, area=area)
    assert (second.differences, second.replan.changes) == ((), ())


def test_a_vehicle_on_a_leg_that_is_closed_meanwhile_finishes_it(running, today: Path) -> None:
    close(today, CLOSURE.format(way=1).replace("[1]", "[1, 2, 3, 4, 5, 6, 7, 8]"))
    route, _ = the_far_route(running[1])
    first = route.visits[0]
    assert first.arrival_s - first.driving_s > route.start_s - 1
    made = again(running, today, clock(first.arrival_s - 60))
    new = next(one for one in made.replan.plan.routes if one.vehicle_type_id == route.vehicle_id)
    assert new.visits[0].departure_s == pytest.approx(first.arrival_s, abs=1)
    served = {visit.stop_id for one in made.replan.plan.routes for visit in one.visits}
    assert first.stop_id in served
    dropped = {change.stop_id for change in made.replan.changes if change.kind is ChangeKind.DROPPED}
    assert {visit.stop_id for visit in route.visits[1:]} <= dropped
    document = to_json(next_plan(made))
    assert not re.search(r"Infinity|NaN", document)


def test_what_is_not_used_is_named_with_both_values(running, today: Path) -> None:
    edit(today, "[routing]\n", "[routing]\nfewest_vehicles = true\n")
    close(today, CLOSURE.format(way=4).replace("2026-11-30", "2026-11-02"))  # no longer in force
    made = again(running, today, "05:00")
    assert [(one.key, one.before, one.now, one.used) for one in made.differences] == [
        ("routing.fewest_vehicles", "false", "true", False)
    ]
    assert made.replan.changes == ()
    told = json.loads(json.dumps([one.key for one in reply_of(made)["area_differences"]]))
    assert told == ["routing.fewest_vehicles"]


def test_vehicles_taken_away_stay_at_home_and_those_on_the_road_are_named(running, today: Path) -> None:
    routes = running[1].routes.routes
    assert len(routes) == 2
    edit(today, "count = 3", "count = 1")
    early = again(running, today, "05:00")
    assert {route.vehicle_type_id for route in early.replan.plan.routes} == {"van-1"}
    assert [(one.key, one.before, one.now, one.used, one.on_the_road) for one in early.differences] == [
        ("routing.vehicles.van.count", "3", "1", True, ())
    ]
    assert next_plan(early).under_way.lost == ("van-2", "van-3")
    late = again(running, today, clock(max(route.start_s for route in routes) + 60))
    assert {"van-1", "van-2"} == {route.vehicle_type_id for route in late.replan.plan.routes}
    assert late.differences[0].on_the_road == ("van-2",)


def test_hours_and_further_vehicles_hold_from_now_on(running, today: Path) -> None:
    edit(today, "count = 3", "count = 4")
    last = max(
        (visit for route in running[1].routes.routes for visit in route.visits), key=lambda one: one.service_start_s
    )
    closes = clock(last.service_start_s - 120)
    window = f'[[routing.windows]]\nsite_id = "{last.stop_id}"\nopens = "06:00"\ncloses = "{closes}"\n'
    with (today / "area.toml").open("a", encoding="utf-8") as file:
        file.write(f"\n{window}")
    made = again(running, today, "05:00", most_changes=20, tolerance_s=900)
    keys = [one.key for one in made.differences]
    assert keys[0] == "routing.vehicles.van.count"
    assert all(one.used for one in made.differences)
    assert any(key.startswith("routing.windows") for key in keys)
    assert "van-4" in {kind.id for kind in made.replan.problem.vehicle_types}
    at = {visit.stop_id: visit for route in made.replan.plan.routes for visit in route.visits}
    assert at[last.stop_id].service_start_s <= last.service_start_s - 60


def test_room_kept_free_for_the_day_may_be_used_when_it_is_planned_again(running, today: Path) -> None:
    made = again(running, today, "05:00")
    routing = made.run.config.routing.model_copy(update={"load_reserve": 0.25})
    config = made.run.config.model_copy(update={"routing": routing})
    rooms = {kind.capacity for kind in running_problem(running[1], made.travel, config).vehicle_types}
    assert rooms == {(60.0, 1500.0, 8.0)}  # not 45, 1125 and 6


def test_nothing_that_lies_behind_is_later_than_now(running, today: Path) -> None:
    """Half an hour late is five minutes after it should have left: it left by now, and came by now."""
    route = running[1].routes.routes[0]
    first = route.visits[0]
    now = (first.departure_s + 300) // 60 * 60
    told = {"id": route.vehicle_id, "done": [first.stop_id], "delay_s": 1800}
    follows = next_plan(again(running, today, clock(now), vehicles=[told], tolerance_s=7200, most_changes=20))
    (behind,) = [one for one in follows.under_way.settled if one.stop_id == first.stop_id]
    visit = next(one for route in follows.routes.routes for one in route.visits if one.stop_id == first.stop_id)
    assert (behind.at_s, visit.departure_s) == (now, now)
    assert visit.arrival_s == min(first.arrival_s + 1800, now)


def test_plans_that_ran_before_are_named_the_last_first(running, today: Path) -> None:
    first = running[1]
    second = next_plan(again(running, today, "05:00"))
    third = next_plan(again((running[0], second), today, "05:01"))
    assert second.under_way.former_ids == (first.id,)
    assert third.under_way.former_ids == (second.id, first.id)


def test_a_leg_a_metre_off_is_no_longer_valid_and_half_a_metre_is(running, today: Path) -> None:
    follows = next_plan(again(running, today, "05:00"))
    problem = again((running[0], follows), today, "05:01").problem
    route = next(one for one in follows.routes.routes if len(one.visits) > 1)
    second = route.visits[1]
    for off_m, wanted in ((0.5, 0), (1.5, 1), (-1.5, 1)):
        moved = replace(second, distance_m=second.distance_m + off_m)
        changed = replace(route, visits=(route.visits[0], moved, *route.visits[2:]))
        routes = tuple(changed if one is route else one for one in follows.routes.routes)
        broken = no_longer_valid(replace(follows, routes=replace(follows.routes, routes=routes)), problem)
        assert len(broken) == wanted, off_m
        assert all(f"{route.visits[0].stop_id} to {second.stop_id} is" in str(one) for one in broken)
