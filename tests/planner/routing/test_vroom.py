"""VROOM's published examples, its meaning of every field, its plan mode, and requests with faults."""

import copy
import importlib.util
import json
import math
import random
from pathlib import Path

import pytest

from planner.errors import PlanRejectedError
from planner.routing.vroom import RequestError, error_answer, solve_vroom

from .vroom_checker import faults

EXAMPLES = Path(__file__).parents[4] / "shared" / "data" / "benchmarks" / "routing" / "vroom_examples"

# The legs that VROOM's published answer to its first example shows, in seconds and metres: its request has places without
# matrices, so that other legs are not known. Places: 0 depot, others by id of their task.
LEGS = {
    (0, 1): (2328, 32355),
    (1, 2): (890, 14661),
    (2, 5): (1595, 21518),
    (5, 0): (1752, 27072),
    (0, 6): (2941, 62696),
    (6, 4): (3816, 69018),
    (4, 3): (1909, 22868),
    (3, 0): (3480, 62171),
}
ROWS = (0, 1, 2, 3, 4, 5, 6)


def example(name):
    path = EXAMPLES / name
    if not path.is_file():
        pytest.skip("VROOM's examples are not there")
    return json.loads(path.read_text(encoding="utf-8"))


def indexed(request):
    """The request with a row for each place, and the known legs; the others as the crow flies at the mean speed of these."""
    at = {0: tuple(request["vehicles"][0]["start"])}
    tasks = [*request["jobs"], *(s[kind] for s in request.get("shipments", []) for kind in ("pickup", "delivery"))]
    at |= {task["id"]: tuple(task["location"]) for task in tasks}

    def metres(a, b):
        east = (at[a][0] - at[b][0]) * math.cos(math.radians(48.9))
        return 111_195 * math.hypot(east, at[a][1] - at[b][1])

    speed = sum(metres(*leg) for leg in LEGS) / sum(seconds for seconds, _ in LEGS.values())
    known = {leg: seconds for leg, (seconds, _) in LEGS.items()}
    known |= {(b, a): seconds for (a, b), seconds in known.items() if (b, a) not in known}
    durations = [[0 if a == b else known.get((a, b), round(metres(a, b) / speed)) for b in ROWS] for a in ROWS]
    distances = [[0 if a == b else LEGS.get((a, b), (0, round(metres(a, b))))[1] for b in ROWS] for a in ROWS]
    request = copy.deepcopy(request)
    for vehicle in request["vehicles"]:
        vehicle |= {"start_index": 0, "end_index": 0}
    for task in [*request["jobs"], *(s[k] for s in request.get("shipments", []) for k in ("pickup", "delivery"))]:
        task["location_index"] = task["id"]
    return request | {"matrices": {"car": {"durations": durations, "distances": distances}}}


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


# -- plan mode

# VROOM's third published example: the legs above, one route too heavy, the other begun 800 s before its shift.
GIVEN = {
    "vehicles": [
        {"id": v, "start": [2.35, 48.7], "end": [2.35, 48.7], "capacity": [4], "time_window": [1600416000, 1600426800]}
        for v in (1, 2)
    ],
    "jobs": [
        {"id": id_, "delivery": [amount], "service": 300, "location": [2.0 + id_ / 100, 48.5 + id_ / 9]}
        for id_, amount in ((1, 2), (2, 2), (3, 1), (4, 1), (5, 3), (6, 1))
    ],
}


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


def line(n, **changes):
    """Places on a line, 100 s and 1000 m from each to the next; a vehicle that starts and ends at place 0."""
    durations = [[100 * abs(a - b) for b in range(n)] for a in range(n)]
    vehicle = {"id": 1, "start_index": 0, "end_index": 0, "capacity": [3]}
    jobs = [{"id": k, "location_index": k, "delivery": [1], "service": 50} for k in range(1, n)]
    matrices = {"car": {"durations": durations, "distances": [[10 * x for x in row] for row in durations]}}
    return {"vehicles": [vehicle], "jobs": jobs, "matrices": matrices} | changes


def drive(request, *names, **changes):
    """The answer in plan mode for the first vehicle with these steps, named like job 1."""
    request["vehicles"][0] |= changes
    request["vehicles"][0]["steps"] = [{"type": name.split()[0], "id": int(name.split()[1])} for name in names]
    return solve_vroom(request, check=True)


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


# -- solving


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
    assert "job 2.planner.release: must be a whole number" in said
    assert "pickup 1.planner.release: is for jobs only" in said
    assert "delivery 2.planner.release: is for jobs only" in said


def test_max_load_of_a_break_is_kept_or_said():
    request = line(2)
    request["vehicles"][0]["breaks"] = [{"id": 1, "time_windows": [[0, 10]], "max_load": [0]}]
    request["vehicles"][0]["time_window"] = [0, 400]
    with pytest.raises(PlanRejectedError, match="max_load"):
        solve_vroom(request)


def test_every_fault_is_listed():
    request = line(3)
    request["jobs"][0] |= {"location_index": 9, "service": -1, "time_windows": [[5, 1]]}
    request["jobs"][1] |= {"id": 1, "delivery": [1, 2], "priority": 101, "service_per_type": {"car": 3}}
    request["vehicles"] += [{"id": 1, "profile": "lorry", "costs": {"per_task_hour": 1}, "speed_factor": 0}]
    request["planner"] = {"unheard_of": 1, "before": [[{"type": "job", "id": 77}, 3]]}
    with pytest.raises(RequestError) as caught:
        solve_vroom(request)
    answer = error_answer(caught.value)
    assert answer["code"] == 2
    for part in (
        "jobs[0].location_index: there is no row 9",
        "jobs[0].service",
        "jobs[0].time_windows[0]: [5, 1] ends before it starts",
        "jobs: id 1 is given 2 times",
        "jobs[1].delivery: has 2 amounts",
        "jobs[1].priority",
        "jobs[1].service_per_type",
        "vehicles: id 1 is given 2 times",
        "vehicles[1].start: a vehicle needs a start or an end",
        "vehicles[1].profile: 'lorry' has no matrices",
        "vehicles[1].costs.per_task_hour",
        "vehicles[1].speed_factor",
        "planner.unheard_of",
        "planner.before",
    ):
        assert any(part in problem for problem in answer["planner"]["problems"]), part


@pytest.mark.parametrize(
    "matrix",
    [[[0, 1], [1]], [[0, -1], [1, 0]], [[0, 1.5], [1, 0]], [[0, None], [1, 0]], "no", [], [[0, 1, 2], [1, 0, 2]]],
)
def test_broken_matrices_are_refused(matrix):
    with pytest.raises(RequestError, match="durations"):
        solve_vroom(line(2, matrices={"car": {"durations": matrix}}))


@pytest.mark.parametrize("request_", [None, [], "x", {}, {"vehicles": 3}, {"vehicles": [None], "jobs": [3]}])
def test_what_is_no_request_is_refused(request_):
    with pytest.raises(RequestError):
        solve_vroom(request_)


def test_places_without_matrices_say_what_to_give():
    with pytest.raises(RequestError, match=r"matrices\.car\.durations.*planner\.area"):
        solve_vroom(indexed(GIVEN) | {"matrices": None})


# -- random requests


def random_request(seed):
    """Up to eight tasks with everything that a request may have, in places at random."""
    draw = random.Random(seed)
    n = draw.randint(3, 8) + 2
    points = [(draw.uniform(0, 40), draw.uniform(0, 40)) for _ in range(n)]
    seconds = [[0 if a is b else int(60 * math.dist(a, b)) + draw.randint(0, 120) for b in points] for a in points]
    metres = [[11 * x + draw.randint(0, 50) * (x > 0) for x in row] for row in seconds]
    size, base = draw.choice([0, 1, 2]), draw.choice([0, 1600000000])
    vehicles = [_random_vehicle(draw, v + 1, size, base) for v in range(draw.randint(1, 3))]
    request = {"vehicles": vehicles, "jobs": [], "shipments": []}
    request["matrices"] = {"car": {"durations": seconds, "distances": metres}}

    def amount():
        return {"amount": [draw.randint(0, 3) for _ in range(size)]} if size else {}

    for k in range(2, n, 2):
        shared = {"priority": draw.choice([0, 0, 50]), "skills": draw.choice([[], [], [1]])}
        if draw.random() < 0.4:
            pickup, delivery = _random_task(draw, k, n, base), _random_task(draw, k, n, base)
            request["shipments"].append({"pickup": pickup, "delivery": delivery, **shared, **amount()})
        else:
            for id_ in (k, k + 1):
                loads = {"delivery": amount()["amount"], "pickup": amount()["amount"]} if size else {}
                request["jobs"].append(_random_task(draw, id_, n, base) | shared | loads)
    return request


def _random_vehicle(draw, id_, size, base):
    vehicle = {"id": id_, **draw.choice([{"start_index": 0, "end_index": 1}, {"start_index": 0}, {"end_index": 0}])}
    vehicle["costs"] = {"fixed": draw.randint(0, 2000), "per_hour": 3600, "per_km": draw.choice([0, 20])}
    maybe = {
        "time_window": [base, base + draw.randint(4000, 12000)],
        "skills": [1],
        "max_tasks": draw.randint(2, 4),
        "max_travel_time": draw.randint(3000, 9000),
        "max_distance": draw.randint(30000, 90000),
        "speed_factor": draw.choice([0.8, 0.9, 1.25, 1.5]),
        "breaks": [{"id": 1, "service": 300, "time_windows": [[base + 2000, base + 3000]]}],
    }
    vehicle |= {key: value for key, value in maybe.items() if draw.random() < 0.3}
    return vehicle | ({"capacity": [draw.randint(4, 9) for _ in range(size)]} if size else {})


def _random_task(draw, id_, n, base):
    opens = base + draw.randint(0, 6000)
    windows = [[opens, opens + draw.randint(600, 3000)], [opens + 5000, opens + 6000]]
    task = {"id": id_, "location_index": draw.randrange(n), "service": draw.choice([0, 100, 300])}
    task |= {"setup": 200} if draw.random() < 0.3 else {}
    return task | ({"time_windows": windows[: draw.randint(1, 2)]} if draw.random() < 0.4 else {})


def worth(answer):
    """VROOM's order of answers: priorities served, tasks left, cost."""
    return -answer["summary"]["priority"], answer["summary"]["unassigned"], answer["summary"]["cost"]


@pytest.mark.parametrize("seed", range(8))
def test_random_requests_are_answered_without_a_fault_and_no_worse_than_vroom(seed, tmp_path):
    request = random_request(seed)
    answer = solve_vroom(request, iterations=60)
    assert faults(request, answer) == []
    checked = copy.deepcopy(request)
    for vehicle in checked["vehicles"]:
        route = next((r for r in answer["routes"] if r["vehicle"] == vehicle["id"]), {"steps": []})
        vehicle["steps"] = [{key: step[key] for key in ("type", "id") if key in step} for step in route["steps"]]
    again = solve_vroom(checked, check=True)
    assert again["summary"]["violations"] == []
    assert again["summary"]["duration"] == pytest.approx(answer["summary"]["duration"], abs=len(answer["routes"]))
    if importlib.util.find_spec("vroom") is None:
        return  # pyvroom is not installed: the comparison is for those who have it
    vroom = importlib.import_module("vroom")
    (tmp_path / "request.json").write_text(json.dumps(request), encoding="utf-8")
    theirs = vroom.Input.from_json(tmp_path / "request.json").solve(exploration_level=5, nb_threads=1).to_dict()
    # VROOM rounds travel that a speed factor scales at each step: up to a second for each, which is 1 of cost
    scaled = sum(len(r["steps"]) for r in answer["routes"]) if "speed_factor" in json.dumps(request) else 0
    priority, left, cost = worth(theirs)
    assert worth(answer) <= (priority, left, cost + scaled)


BREAKAGES = {
    "cost": lambda answer: answer["routes"][0].update(cost=answer["routes"][0]["cost"] + 2),
    "arrival": lambda answer: answer["routes"][0]["steps"][1].update(arrival=7),
    "duration": lambda answer: answer["routes"][0]["steps"][-1].update(duration=1),
    "load": lambda answer: answer["routes"][0]["steps"][1].update(load=[9]),
    "service": lambda answer: answer["routes"][0]["steps"][1].update(service=1),
    "waiting": lambda answer: answer["routes"][0]["steps"][1].update(waiting_time=3),
    "missing": lambda answer: answer["routes"][0]["steps"].pop(1),
    "twice": lambda answer: answer["unassigned"].append({"type": "job", "id": 1}),
    "sum": lambda answer: answer["summary"].update(service=0),
    "distance": lambda answer: answer["routes"][0]["steps"][2].update(distance=0),
}


@pytest.mark.parametrize("name", BREAKAGES)
def test_the_checker_sees_a_broken_answer(name):
    request = line(4)
    answer = solve_vroom(request)
    assert faults(request, answer) == []
    BREAKAGES[name](answer)
    assert faults(request, answer) != []
