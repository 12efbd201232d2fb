"""What a request may ask beyond VROOM, under ``planner``: in the answer, and of routes that are given."""

import random

import pytest

from planner.routing.vroom import RequestError, solve_vroom

from .vroom_worlds import drive, line


def test_our_own_keys():
    # 3 of capacity and four parcels: one call at the depot, 10 s, on the way; 4 out and 3 back and forth: 1+1, 3+3 legs
    request = line(5)
    request["vehicles"][0]["planner"] = {
        "reloads": {"max": 1, "duration": 10, "location_indices": [0]},
        "locked": [{"type": "job", "id": 4}],
    }
    answer = solve_vroom(request)
    steps = answer["routes"][0]["steps"]
    assert [step["type"] for step in steps].count("reload") == 1
    assert (steps[1]["type"], steps[1]["id"]) == ("job", 4)
    assert answer["summary"]["unassigned"] == 0
    assert answer["summary"]["cost"] == 1000  # to 4 and back and once more to the nearest: (4 + 4 + 1 + 1) * 100
    request = line(3, planner={"before": [[{"type": "job", "id": 2}, {"type": "job", "id": 1}]]})
    ids = [step["id"] for step in solve_vroom(request)["routes"][0]["steps"] if step["type"] == "job"]
    assert ids == [2, 1]


def released(**changes):
    """Two jobs on the line, what the second is brought is ready at 700 s."""
    request = line(3)
    request["jobs"][1] |= {"planner": {"release": 700}} | changes
    return request


def test_goods_that_come_during_the_day():
    steps = solve_vroom(released())["routes"][0]["steps"]
    assert (steps[0]["arrival"], steps[-1]["arrival"]) == (700, 700 + 4 * 100 + 2 * 50)
    at_noon = released(time_windows=[[43_000, 44_000]], planner={"release": 43_100})  # a day's clock, moved inside
    at_noon["jobs"][0]["time_windows"] = [[40_000, 50_000]]
    assert solve_vroom(at_noon)["routes"][0]["steps"][0]["arrival"] >= 43_100
    late = solve_vroom(released(time_windows=[[0, 899]]))  # two legs of 100 s lead there: 900 at the earliest
    assert [(task["id"], task["type"]) for task in late["unassigned"]] == [(2, "job")]


def test_a_given_route_that_leaves_before_its_load_is_ready_is_told():
    assert drive(released(), "job 1", "job 2")["routes"][0]["steps"][0]["arrival"] == 700
    request = released()
    given = [{"type": "start", "service_at": 600}, {"type": "job", "id": 1}, {"type": "job", "id": 2}, {"type": "end"}]
    request["vehicles"][0]["steps"] = given
    answer = solve_vroom(request, check=True)
    assert answer["routes"][0]["steps"][0]["violations"] == [{"cause": "lead_time", "duration": 100}]


def test_a_release_is_a_whole_number_and_for_jobs():
    request = released(planner={"release": -1})
    pickup, delivery = ({"id": k, "location_index": k, "planner": {"release": 5}} for k in (1, 2))
    request["shipments"] = [{"pickup": pickup, "delivery": delivery, "amount": [1]}]
    with pytest.raises(RequestError) as caught:
        solve_vroom(request)
    said = "\n".join(caught.value.problems)
    assert "jobs[1].planner.release: must be a whole number" in said
    assert "shipments[0].pickup.planner.release: is for jobs only" in said
    assert "shipments[0].delivery.planner.release: is for jobs only" in said


# -- given routes

JOBS = {k: {"type": "job", "id": k} for k in (1, 2, 3)}
LINE = ("job 1", "job 2")  # 100, 200 and 400 s of driving on arrival at the jobs and the end, at 100, 250 and 500
RELOADS = {"reloads": {"max": 1, "duration": 10, "location_indices": [0]}}


def causes(answer):
    """Our causes at each step of the first route; they are said of the route and of the answer, too."""
    route = answer["routes"][0]
    found = [[v["cause"] for v in step["violations"]] for step in route["steps"]]
    said = {cause for step in found for cause in step}
    assert said == {v["cause"] for v in route["violations"]} == {v["cause"] for v in answer["summary"]["violations"]}
    return found


@pytest.mark.parametrize(
    ("kept", "broken", "expected"),
    [
        ({"max_duration": 500}, {"max_duration": 499}, [[], [], [], ["planner.max_duration"]]),
        ({"locked": [JOBS[1]]}, {"locked": [JOBS[2]]}, [[], ["planner.locked"], [], []]),
        (
            {"driving_rule": {"driving": 400, "rest": 60}},
            {"driving_rule": {"driving": 399, "rest": 60}},
            [[], [], [], ["planner.driving_rule"]],
        ),
    ],
)
def test_a_given_route_breaks_what_is_asked_of_its_vehicle(kept, broken, expected):
    assert causes(drive(line(3), *LINE, planner=kept)) == [[], [], [], []]
    assert causes(drive(line(3), *LINE, planner=broken)) == expected


@pytest.mark.parametrize(
    ("kept", "broken", "cause"),
    [
        ({"only_vehicles": [1, 2]}, {"only_vehicles": [2]}, "planner.only_vehicles"),
        ({"not_vehicles": [2]}, {"not_vehicles": [2, 1]}, "planner.not_vehicles"),
    ],
)
def test_a_given_route_brings_a_task_a_vehicle_that_may_not_come(kept, broken, cause):
    for planner, expected in ((kept, []), (broken, [cause])):
        request = line(3)
        request["vehicles"].append({"id": 2, "start_index": 0})
        request["jobs"][1]["planner"] = planner
        assert causes(drive(request, *LINE)) == [[], [], expected, []]


def test_given_routes_keep_the_order_of_tasks_on_one_vehicle():
    request = line(4, planner={"before": [[JOBS[2], JOBS[1]]]})
    assert causes(drive(request, "job 2", "job 1")) == [[], [], [], []]
    assert causes(drive(request, *LINE)) == [[], ["planner.before"], ["planner.before"], []]
    assert causes(drive(request, "job 1", "job 3")) == [[], [], [], []]  # the order is of tasks that are both served
    request["vehicles"].append({"id": 2, "start_index": 0, "capacity": [3], "steps": [JOBS[1]]})
    answer = drive(request, "job 2", "job 3")
    assert answer["summary"]["violations"] == [{"cause": "planner.before"}]
    found = [step["violations"] for route in answer["routes"] for step in route["steps"]]
    assert found == [[], [{"cause": "planner.before"}], [], [], [], [{"cause": "planner.before"}], []]


def test_what_is_locked_to_a_vehicle_that_does_not_drive_is_missed():
    request = line(3)
    request["vehicles"].append({"id": 2, "start_index": 0, "capacity": [3], "planner": {"locked": [JOBS[2]]}})
    answer = drive(request, "job 1")
    assert answer["routes"][0]["violations"] == []
    assert answer["summary"]["violations"] == [{"cause": "planner.locked"}]


def test_given_reloads_take_on_what_comes_after_them():
    # back at the depot at 250 with nothing on board, 10 s later off with one parcel: there at 260 + 200
    answer = drive(line(3), "job 1", "reload", "job 2", planner=RELOADS, capacity=[1])
    steps = answer["routes"][0]["steps"]
    assert [step["arrival"] for step in steps] == [0, 100, 250, 460, 710]
    assert [step["load"] for step in steps] == [[1], [0], [1], [0], [0]]
    assert causes(answer) == [[]] * 5
    twice = drive(line(3), "job 1", "reload", "reload", "job 2", planner=RELOADS, capacity=[1])
    assert causes(twice) == [[], [], [], ["planner.reloads"], [], []]
    elsewhere = {"type": "reload", "location_index": 1}
    assert causes(drive(line(3), "job 1", elsewhere, "job 2", planner=RELOADS)) == [[], [], ["planner.reloads"], [], []]
    with pytest.raises(RequestError, match=r"vehicles\[0\].steps\[1\]: say where vehicle 1 reloads"):
        drive(line(3), "job 1", "reload", "job 2", planner={})


def test_a_given_reload_waits_for_its_goods():
    # what job 2 is brought is ready at 700: reload from 690 to 700, and leave as late as that
    answer = drive(released(), "job 1", "reload", "job 2", planner=RELOADS)
    steps = answer["routes"][0]["steps"]
    assert (steps[2]["arrival"] + steps[2]["waiting_time"], steps[3]["arrival"]) == (690, 900)
    assert causes(answer) == [[]] * 5
    early = {"type": "reload", "service_before": 600}
    answer = drive(released(), "job 1", early, "job 2", planner=RELOADS)
    assert answer["routes"][0]["steps"][2]["violations"] == [{"cause": "lead_time", "duration": 90}]


def test_given_rests_lie_where_the_rule_needs_them():
    # 250 s of driving at most: the rest may begin 50 s after job 2 at the latest, then 30 s of rest and 150 s of driving
    rule = {"driving_rule": {"driving": 250, "rest": 30}}
    answer = drive(line(3), *LINE, "rest", planner=rule)
    assert causes(answer) == [[]] * 5
    rest, end = answer["routes"][0]["steps"][-2:]
    assert 200 <= rest["duration"] <= 250
    assert (rest["service"], end["arrival"], end["duration"]) == (30, 530, 400)
    assert causes(drive(line(3), "rest", *LINE, planner=rule))[-1] == ["planner.driving_rule"]
    # a wait of 40 s for a window is a rest, and so is a break of 30 s; one of 20 s is none
    request = line(3)
    request["jobs"][1]["time_windows"] = [[290, 290]]
    assert causes(drive(request, {"type": "start", "service_at": 0}, *LINE, planner=rule)) == [[]] * 4
    for length, expected in ((30, []), (20, ["planner.driving_rule"])):
        pause = {"id": 1, "service": length}
        assert causes(drive(line(3), *LINE, "break 1", planner=rule, breaks=[pause]))[-1] == expected
    with pytest.raises(RequestError, match=r"no planner\.driving_rule"):
        drive(line(3), *LINE, "rest", planner={})


def test_given_routes_drive_at_the_speeds_of_the_day():
    # 60 s at normal speed, the other 40 s of the leg at half: there at 140; back 2 x 100 s after 50 s of service
    start = {"type": "start", "service_at": 0}
    slow = {"speed_of_day": [[60, 0.5]]}
    steps = drive(line(2, planner=slow), start, "job 1")["routes"][0]["steps"]
    assert [(step["arrival"], step["duration"]) for step in steps] == [(0, 0), (140, 140), (390, 340)]
    # as late as it may be at 139 and no earlier off than 0
    late = line(2, planner=slow)
    late["jobs"][0]["time_windows"] = [[0, 139]]
    assert drive(late, start, "job 1")["summary"]["violations"] == [{"cause": "delay", "duration": 1}]
    # a break of 20 s at 80: 60 s at normal speed and 20 s at half before it, the other 30 s at half after it
    pause = {"id": 1, "service": 20, "time_windows": [[80, 80]]}
    steps = drive(line(2, planner=slow), start, "break 1", "job 1", breaks=[pause])["routes"][0]["steps"]
    assert [(step["arrival"], step["duration"]) for step in steps[1:3]] == [(80, 80), (160, 140)]
    # off at 5 to be there at 150: 55 s at normal speed, then 45 s at half
    at_150 = line(2, planner=slow)
    at_150["jobs"][0]["time_windows"] = [[150, 150]]
    steps = drive(at_150, "job 1")["routes"][0]["steps"]
    assert (steps[0]["arrival"], steps[1]["arrival"], steps[1]["waiting_time"]) == (5, 150, 0)
    with pytest.raises(RequestError, match="speed_of_day: must hold ascending"):
        drive(line(2, planner={"speed_of_day": [[60, 1], [60, 0]]}), "job 1")


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(6))
def test_routes_that_were_planned_break_nothing_when_they_are_given(seed):
    draw = random.Random(seed)
    request = line(7, planner={"speed_of_day": [[400, 0.8], [900, 1.25]], "before": [[JOBS[3], JOBS[1]]]})
    request["vehicles"] = [
        {
            "id": id_,
            "start_index": 0,
            "end_index": 0,
            "capacity": [2],
            "planner": RELOADS
            | {"driving_rule": {"driving": draw.randint(300, 900), "rest": 60}}
            | {"max_duration": draw.randint(1500, 3000)},
        }
        for id_ in (1, 2)
    ]
    for job in request["jobs"]:
        job["planner"] = {"release": draw.choice([0, 0, 700])}
        if draw.random() < 0.3:
            job["planner"]["not_vehicles"] = [2]
    planned = solve_vroom(request, iterations=30)
    assert planned["routes"]
    for route in planned["routes"]:
        keys = ("type", "id", "location_index")
        steps = [{key: one[key] for key in keys if key in one} for one in route["steps"]]
        request["vehicles"][route["vehicle"] - 1]["steps"] = [
            one if one["type"] == "reload" else {key: one[key] for key in ("type", "id") if key in one} for one in steps
        ]
    checked = solve_vroom(request, check=True)
    assert checked["summary"]["violations"] == []
    again = solve_vroom(request, iterations=1)  # they are where the search begins, reloads and rests with them
    worth = [(answer["summary"]["unassigned"], answer["summary"]["cost"]) for answer in (again, planned)]
    assert worth[0] <= worth[1]


def test_what_the_search_takes_only_nearly_is_said():
    request = line(3)
    assert "approximated" not in solve_vroom(request)["planner"]
    request["vehicles"] = [
        {**request["vehicles"][0], "type": "a", "costs": {"per_task_hour": 9}},
        {**request["vehicles"][0], "id": 2, "type": "b"},
    ]
    request["jobs"][0]["service_per_type"] = {"a": 7, "b": 50}
    request["jobs"][1]["setup_per_type"] = {"a": 0}  # as long as by another
    said = solve_vroom(request)["planner"]["approximated"]
    assert [one.partition(":")[0] for one in said] == ["service_per_type", "costs.per_task_hour"]
    assert "job 1 the longest service" in said[0]


@pytest.mark.parametrize(
    ("key", "value"),
    [
        *(("threads", 10**9), ("iterations", 10**12), ("seed", 2**40)),
        *(("speed_of_day", [[0, factor]]) for factor in (1e-300, 1e-100, 0.09, 11, 1e100)),
    ],
)
def test_our_own_figures_have_bounds(key, value):
    with pytest.raises(RequestError) as refused:
        solve_vroom(line(3, planner={key: value}))
    assert any(key in problem for problem in refused.value.problems)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"speed_factor": 1e-12}, "vehicles[0].speed_factor: must be a number from 0.0001 to 5"),
        ({"speed_factor": True}, "vehicles[0].speed_factor: must be a number"),
        ({"planner": {"max_duration": True}}, "vehicles[0].planner.max_duration: must be a whole number"),
        ({"planner": {"odd": 1}}, "vehicles[0].planner.odd: is not known here"),
    ],
)
def test_faults_of_a_vehicle_are_told_once_where_people_find_them(change, said):
    request = line(2)
    request["vehicles"][0] |= change
    with pytest.raises(RequestError) as caught:
        solve_vroom(request)
    (problem,) = caught.value.problems
    assert problem.startswith(said)


def test_faults_of_the_request_are_told_where_people_find_them():
    given = {"seed": -1, "threads": True, "speed_of_day": [[True, 1]], "cpu_seconds": 1e-300, "balance_load": True}
    with pytest.raises(RequestError) as caught:
        solve_vroom(line(2) | {"planner": given})
    keys = [problem.partition(": ")[0] for problem in caught.value.problems]
    assert sorted(keys) == sorted(f"planner.{key}" for key in given)


def test_what_each_search_left_out_stands_beside_its_cost():
    answer = solve_vroom(line(3))
    assert all(one["unassigned"] == 0 for one in answer["planner"]["reached"])
    far = line(2)
    far["vehicles"][0]["max_travel_time"] = 1
    reached = solve_vroom(far)["planner"].get("reached", [])
    assert all((one["cost"], one["unassigned"]) in ((0, 0), (0, 2)) for one in reached)
