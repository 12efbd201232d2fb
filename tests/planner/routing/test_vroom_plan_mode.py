"""VROOM's plan mode: when each step of a given route happens, and what it breaks."""

import pytest

from planner.routing.vroom import RequestError, solve_vroom
from planner.routing.vroom.request import NoWayError

from .vroom_worlds import drive, line


@pytest.mark.parametrize(
    ("changes", "cause", "steps"),
    [
        ({"capacity": [1]}, "load", [0]),
        ({"max_tasks": 1}, "max_tasks", [2]),
        ({"max_travel_time": 250}, "max_travel_time", [3]),
        ({"max_distance": 1999}, "max_distance", [2, 3]),
    ],
)
def test_plan_mode_names_what_is_too_much(changes, cause, steps):
    # travel is 100, 200 and 400 s on arrival at job 1, job 2 and the end; 2 parcels leave, 1 after job 1
    answer = drive(line(3), "job 1", "job 2", **changes)
    found = [k for k, step in enumerate(answer["routes"][0]["steps"]) if {"cause": cause} in step["violations"]]
    assert found == steps
    assert answer["summary"]["violations"] == [{"cause": cause}]


def test_plan_mode_names_skills_precedence_and_breaks():
    request = line(3)
    request["jobs"][0]["skills"] = [7]
    place = {"location_index": 2}
    request["shipments"] = [{"amount": [1], "pickup": {"id": 1, **place}, "delivery": {"id": 1, **place}}]
    lunch = {"id": 4, "time_windows": [[0, 0]], "max_load": [1]}
    answer = drive(request, "break 4", "job 1", "delivery 1", "pickup 1", breaks=[lunch, {"id": 5}])
    steps = answer["routes"][0]["steps"]
    assert [[v["cause"] for v in step["violations"]] for step in steps] == [
        [],
        [],
        ["skills"],
        ["precedence"],
        ["precedence"],
        [],
    ]
    causes = [violation["cause"] for violation in answer["summary"]["violations"]]
    assert causes == ["skills", "precedence", "missing_break"]
    assert [(left["type"], left["id"]) for left in answer["unassigned"]] == [("job", 2)]
    lunch["max_load"] = [0]
    answer = drive(request, "break 4", "job 1", "pickup 1", "delivery 1", breaks=[lunch])
    assert {"cause": "max_load"} in answer["routes"][0]["steps"][1]["violations"]


def test_plan_mode_breaks_lie_on_the_way():
    # 100 s to job 1; the break begins at 30 after 30 s of driving and lasts 20: there at 120, back at 120 + 50 + 100
    answer = drive(line(2), "break 1", "job 1", breaks=[{"id": 1, "service": 20, "time_windows": [[30, 30]]}])
    steps = answer["routes"][0]["steps"]
    assert [(step["type"], step["arrival"], step["duration"]) for step in steps] == [
        ("start", 0, 0),
        ("break", 30, 30),
        ("job", 120, 100),
        ("end", 270, 200),
    ]


def test_plan_mode_hard_times_that_cannot_be_kept_are_refused():
    request = line(2)
    request["vehicles"][0]["steps"] = [{"type": "job", "id": 1, "service_before": 99}]
    with pytest.raises(RequestError, match="vehicle 1"):
        solve_vroom(request, check=True)


def test_max_load_of_a_break_is_kept_and_said():
    request = line(2)
    request["vehicles"][0]["breaks"] = [{"id": 1, "time_windows": [[0, 10]], "max_load": [0]}]
    request["vehicles"][0]["time_window"] = [0, 400]
    # whatever is delivered is on board from the start to the break, at 10 s at the latest
    answer = solve_vroom(request)
    assert answer["summary"]["unassigned"] == 1
    for left in answer["planner"]["unassigned"]:
        assert left["reason"] == "break_stands_against"
        assert "with at most" in left["detail"]
    request["vehicles"][0]["breaks"][0]["max_load"] = [9]
    assert solve_vroom(request)["summary"]["unassigned"] == 0


@pytest.mark.parametrize("legs", [((0, 1), (1, 0)), ((0, 1),), ((1, 0),)])
def test_a_given_route_without_a_way_is_refused_by_its_step(legs):
    request = line(2)
    for one, other in legs:
        request["matrices"]["car"]["durations"][one][other] = 2**31 - 1
    request["vehicles"][0]["steps"] = [{"type": "start"}, {"type": "job", "id": 1}, {"type": "end"}]
    with pytest.raises(NoWayError) as refused:
        solve_vroom(request, check=True)
    assert any("no way to step" in problem for problem in refused.value.problems)
