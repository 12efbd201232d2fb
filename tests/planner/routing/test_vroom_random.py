"""Random requests with everything VROOM knows, checked from the request alone; and the checker, shown broken answers."""

import copy
import importlib.util
import json
import math
import random

import pytest

from planner.routing.vroom import solve_vroom

from .vroom_checker import faults
from .vroom_worlds import line


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
