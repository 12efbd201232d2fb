"""VROOM's published examples, to the letter where they can be, and its meaning of the answer's fields."""

import pytest

from planner.routing.vroom import RequestError, solve_vroom

from .vroom_checker import faults
from .vroom_worlds import GIVEN, example, indexed, line


def test_first_example_costs_no_more_than_published():
    published = example("example_1_sol.json")
    request = indexed(example("example_1.json"))
    answer = solve_vroom(request)
    assert faults(request, answer) == []
    assert answer["summary"]["unassigned"] == 0
    assert answer["summary"]["cost"] <= published["summary"]["cost"] == 18711


def test_first_example_timed_as_published():
    # the published routes use no leg but the known ones: each field is VROOM's
    published, request = example("example_1_sol.json"), indexed(example("example_1.json"))
    for vehicle, route in zip(request["vehicles"], published["routes"], strict=True):
        vehicle["steps"] = [{key: step[key] for key in ("type", "id") if key in step} for step in route["steps"]]
    answer = solve_vroom(request, check=True)
    assert answer["summary"]["violations"] == []
    for ours, theirs in zip(answer["routes"], published["routes"], strict=True):
        for key in (
            "vehicle",
            "cost",
            "delivery",
            "pickup",
            "setup",
            "service",
            "duration",
            "waiting_time",
            "priority",
        ):
            assert ours[key] == theirs[key], key
        for one, other in zip(ours["steps"], theirs["steps"], strict=True):
            for key in (
                "type",
                "id",
                "location",
                "setup",
                "service",
                "waiting_time",
                "load",
                "arrival",
                "duration",
                "job",
            ):
                assert one.get(key) == other.get(key), key


def test_second_example_is_the_published_answer_to_the_letter():
    answer = solve_vroom(example("example_2.json"))
    answer.pop("planner")
    assert answer == example("example_2_sol.json")


def given():
    request = indexed(GIVEN)
    for job in request["jobs"]:
        if job["id"] in (3, 4, 6):
            job["time_windows"] = [[1600416000, 1600423200]]
    for vehicle, ids in zip(request["vehicles"], ((1, 2, 5), (6, 4, 3)), strict=True):
        tasks = [{"type": "job", "id": id_} for id_ in ids]
        vehicle["steps"] = [{"type": "start"}, *tasks, {"type": "end"}]
    request["vehicles"][1]["steps"][0]["service_after"] = 1600415200
    return request


def test_third_example_has_the_published_times_and_violations():
    answer = solve_vroom(given(), check=True)
    first, second = answer["routes"]
    # published: 7 of 4 on board at the start, 5 after the first job; 800 s too early; 1266 s late at job 3, 1446 at the end
    assert [step["arrival"] for step in first["steps"]] == [1600416000, 1600418328, 1600419518, 1600421413, 1600423465]
    assert [step["load"] for step in first["steps"]] == [[7], [5], [3], [0], [0]]
    assert [step["violations"] for step in first["steps"]] == [[{"cause": "load"}], [{"cause": "load"}], [], [], []]
    assert [step["arrival"] for step in second["steps"]] == [1600415200, 1600418141, 1600422257, 1600424466, 1600428246]
    assert second["steps"][0]["violations"] == [{"cause": "lead_time", "duration": 800}]
    assert second["steps"][3]["violations"] == [{"cause": "delay", "duration": 1266}]
    assert second["steps"][4]["violations"] == [{"cause": "delay", "duration": 1446}]
    assert answer["summary"]["violations"] == [
        {"cause": "lead_time", "duration": 800},
        {"cause": "delay", "duration": 2712},
        {"cause": "load"},
    ]
    assert [route["cost"] for route in answer["routes"]] == [6565, 12146]


def test_a_better_given_route_is_kept_and_a_broken_one_refused():
    request = line(4)
    request["vehicles"][0]["steps"] = [{"type": "job", "id": k} for k in (1, 2, 3)]
    assert solve_vroom(request, iterations=1)["summary"]["cost"] == 600
    request["vehicles"][0]["capacity"] = [2]
    with pytest.raises(RequestError, match="steps"):
        solve_vroom(request)


def test_unassigned_tasks_say_why():
    request = line(3)
    request["jobs"][1]["skills"] = [9]
    answer = solve_vroom(request)
    assert answer["unassigned"] == [{"id": 2, "type": "job", "location_index": 2}]
    assert answer["planner"]["unassigned"][0]["reason"] == "no_vehicle_with_the_skills"
    assert faults(request, answer) == []
