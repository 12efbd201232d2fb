"""Requests in VROOM's format that several tests use: its published examples with matrices, and a line to count on."""

import copy
import json
import math
from pathlib import Path

import pytest

from planner.routing.vroom import solve_vroom

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


def line(n, **changes):
    """Places on a line, 100 s and 1000 m from each to the next; a vehicle that starts and ends at place 0."""
    durations = [[100 * abs(a - b) for b in range(n)] for a in range(n)]
    vehicle = {"id": 1, "start_index": 0, "end_index": 0, "capacity": [3]}
    jobs = [{"id": k, "location_index": k, "delivery": [1], "service": 50} for k in range(1, n)]
    matrices = {"car": {"durations": durations, "distances": [[10 * x for x in row] for row in durations]}}
    return {"vehicles": [vehicle], "jobs": jobs, "matrices": matrices} | changes


def drive(request, *names, **changes):
    """The answer in plan mode for the first vehicle with these steps, named like "job 1" or "rest", or whole."""
    request["vehicles"][0] |= changes
    request["vehicles"][0]["steps"] = [name if isinstance(name, dict) else step(*name.split()) for name in names]
    return solve_vroom(request, check=True)


def step(kind, *id_):
    return {"type": kind} | ({"id": int(id_[0])} if id_ else {})
