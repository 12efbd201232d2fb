"""Requests and running days that were answered wrongly: each with the answer that is right."""

import json
import re
from functools import partial
from pathlib import Path

import pytest

from planner.cli.plan_files import load_day
from planner.config import load_config
from planner.pipeline import replan as replanning
from planner.pipeline.day_events import read_events
from planner.pipeline.road_travel import ask_roads
from planner.pipeline.whole_plan import plan_area
from planner.routing.day.replan import replan
from planner.routing.vroom import RequestError, solve_vroom

CASES = Path(__file__).parents[3] / "shared" / "cases" / "routing"
pytestmark = pytest.mark.skipif(not CASES.exists(), reason="the shared cases are not beside this tree")


def asked(name):
    return json.loads((CASES / name).read_text(encoding="utf-8"))


def why(answer):
    return {left["id"]: (left["reason"], left["detail"]) for left in answer["planner"].get("unassigned", ())}


def test_a_chain_of_one_way_legs_is_driven():
    answer = solve_vroom(asked("v50chain.json"), iterations=1)
    assert (answer["summary"]["cost"], answer["summary"]["unassigned"]) == (3, 0)
    (route,) = answer["routes"]
    assert [step["id"] for step in route["steps"] if step["type"] == "job"] == [1, 2, 3]


def test_a_stop_beyond_the_metres_alone_is_served_on_the_way():
    # the matrix of the case as its roads give it: 2,571 m to the first job, 1,962 m on to the second, more straight there
    request = asked("nonmetric_neubrandenburg.json")
    metres = [[0, 2571, 4700], [2571, 0, 1962], [4700, 1962, 0]]
    request["planner"].pop("area")
    request["matrices"] = {"van": {"durations": [[m // 10 for m in row] for row in metres], "distances": metres}}
    for at, task in enumerate((request["vehicles"][0], *request["jobs"])):
        task["start_index" if at == 0 else "location_index"] = at
    answer = solve_vroom(request, iterations=1)
    assert (answer["summary"]["unassigned"], answer["summary"]["distance"]) == (0, 4533)


def test_that_stop_is_served_on_the_real_roads():
    answer = solve_vroom(asked("nonmetric_neubrandenburg.json"), iterations=1, ask_roads=ask_roads)
    (route,) = answer["routes"]
    assert answer["summary"]["unassigned"] == 0
    assert [step["id"] for step in route["steps"] if step["type"] == "job"] == [1, 2]
    assert route["distance"] <= 4583  # what the vehicle may drive


def test_the_break_is_what_forbids():
    answer = solve_vroom(asked("wbreakoutside.json"), iterations=1)
    assert {reason for reason, _ in why(answer).values()} == {"break_stands_against"}
    assert all("5000-6000" in detail and "vehicle 1" in detail for _, detail in why(answer).values())


def test_one_break_with_max_load_does_not_refuse_all():
    answer = solve_vroom(asked("y_maxload_fleet.json"), iterations=1)
    assert {route["vehicle"]: route["delivery"] for route in answer["routes"]} == {2: [3]}
    assert {id_: reason for id_, (reason, _) in why(answer).items()} == dict.fromkeys((2, 4, 6), "break_stands_against")


def test_given_steps_that_do_not_hold_are_told_by_what_they_violate():
    with pytest.raises(RequestError) as error:
        solve_vroom(asked("wsteps_infeasible.json"), iterations=1)
    told = "\n".join(str(problem) for problem in error.value.problems)
    assert re.search(r"vehicle 1.*job 1.*skills", told)
    assert re.search(r"vehicle 1.*job 2.*delay", told)
    assert "load" in told
    assert "cannot be timed" not in told


@pytest.fixture
def replanned(monkeypatch):
    monkeypatch.setattr(replanning, "replan", partial(replan, iterations=1))
    folder = CASES / "running_day"
    plan = load_day(str(folder / "plan.json"), str(folder / "no.db"))
    run = replanning.run_of(plan, load_config(folder))
    return lambda name: replanning.replan_day(plan, run, read_events(CASES / name)).replan


def test_goods_at_the_depot_are_said_to_be_there_and_a_return_is_offered(replanned):
    (left,) = replanned("deliv5.toml").plan.unassigned
    assert (left.stop_id, left.reason.value) == ("x", "goods_at_the_depot")
    assert "vehicle_returns_to_load" in [change.kind.value for change in left.relaxations]


def test_what_a_vehicle_has_done_moves_it(replanned):
    made = replanned("doneallnew.toml")
    at = {visit.stop_id: (route.vehicle_type_id, visit) for route in made.plan.routes for visit in route.visits}
    vehicle, visit = at["x"]  # van-2 has served all, the last where x is
    assert (vehicle, visit.service_start_s) == ("van-2", 7.5 * 3600)
    assert made.changes == ()


@pytest.mark.slow
def test_a_lost_tricycle_and_a_late_van_leave_few_and_no_change_is_made_twice():
    area = load_config(CASES.parent / "areas" / "mixed_fleet_trike")
    day = plan_area(area).day
    run = replanning.run_of(day, area)
    made = replanning.replan_day(day, run, read_events(CASES.parent / "areas" / "ev.toml"))
    changes = made.replan.changes
    assert len({change.stop_id for change in changes}) == len(changes)
    # going on as planned loses the two stops whose goods are on the tricycle; nothing may be worse
    dropped = [change.stop_id for change in changes if change.kind.value == "dropped"]
    assert len(dropped) <= 2, dropped
    assert all(change.forced for change in changes) or len(changes) <= 3
    told = [(left.stop_id, left.reason.value) for left in made.replan.plan.unassigned]
    assert all(reason in ("goods_at_the_depot", "fleet_used_up", "no_route_found") for _, reason in told)
