"""Random requests in VROOM's format with all that VROOM and the planner both know, small enough to look at."""

import random
from typing import Any

SPEEDS = (0.3, 0.5, 0.7, 0.75, 0.9, 1.1, 1.25, 1.3, 1.6, 2.7, 4.9)
TYPES = ("a", "b")


def random_request(seed: int) -> dict[str, Any]:
    """A request of up to nine tasks and three vehicles; its matrices are neither symmetric nor metric."""
    rng = random.Random(seed)
    tasks, size = rng.randint(2, 6), rng.choice((0, 1, 1, 2, 3))
    pairs = rng.choice((0, 0, 1, 2))
    places = tasks + 2 * pairs + 2
    request: dict[str, Any] = {
        "vehicles": [_vehicle(rng, k + 1, places, size) for k in range(rng.randint(1, 3))],
        "jobs": [_job(rng, k, size) for k in range(tasks)],
        "matrices": {"car": _matrices(rng, places)},
    }
    if pairs:
        request["shipments"] = [_shipment(rng, k, tasks + 2 * k, size) for k in range(pairs)]
    if "costs" in request["matrices"]["car"]:  # VROOM takes no cost of an hour or a kilometre beside them
        for vehicle in request["vehicles"]:
            for key in ("per_hour", "per_km"):
                vehicle.get("costs", {}).pop(key, None)
    elif "distances" not in request["matrices"]["car"]:
        for vehicle in request["vehicles"]:
            vehicle.get("costs", {}).pop("per_km", None)
            vehicle.pop("max_distance", None)
    return request


def _matrices(rng: random.Random, places: int) -> dict[str, list[list[int]]]:
    at = [(rng.uniform(0, 600), rng.uniform(0, 600)) for _ in range(places)]
    seconds = [
        [0 if a == b else round(abs(ax - bx) + abs(ay - by) + rng.randint(3, 60)) for b, (bx, by) in enumerate(at)]
        for a, (ax, ay) in enumerate(at)
    ]
    found = {"durations": seconds}
    if rng.random() < 0.7:
        found["distances"] = [[s * rng.randint(8, 15) for s in row] for row in seconds]
    if rng.random() < 0.2:
        found["costs"] = [[s * rng.randint(2, 4) for s in row] for row in seconds]
    return found


def _amounts(rng: random.Random, size: int, most: int) -> list[int]:
    return [rng.randint(0, most) for _ in range(size)]


def _windows(rng: random.Random, span: int = 3000) -> list[list[int]]:
    found = []
    for part in range(rng.randint(1, 2)):
        opens = rng.randint(0, span // 2) + part * span
        found.append([opens, opens + rng.randint(200, 1400)])
    rng.shuffle(found)
    return found


def _vehicle(rng: random.Random, id_: int, places: int, size: int) -> dict[str, Any]:
    ends = rng.choice((("start_index",), ("end_index",), *[("start_index", "end_index")] * 4))
    found: dict[str, Any] = {"id": id_} | {end: rng.randrange(places - 2, places) for end in ends}
    if size:
        found["capacity"] = _amounts(rng, size, 6) if rng.random() < 0.1 else [rng.randint(4, 14) for _ in range(size)]
    if rng.random() < 0.6:
        keys = {"fixed": 900, "per_hour": 9000, "per_km": 900, "per_task_hour": 5000}
        found["costs"] = {key: rng.randint(0, most) for key, most in keys.items() if rng.random() < 0.6}
    if rng.random() < 0.5:
        found["speed_factor"] = rng.choice(SPEEDS) if rng.random() < 0.6 else round(rng.uniform(0.2, 5.0), 3)
    if rng.random() < 0.4:
        found["type"] = rng.choice(TYPES)
    if rng.random() < 0.5:
        found["time_window"] = [rng.randint(0, 300), rng.randint(4000, 9000)]
    if rng.random() < 0.5:
        found["skills"] = sorted(rng.sample(range(1, 5), rng.randint(1, 4)))
    for key, least, most, share in (
        ("max_tasks", 1, 8, 0.2),
        ("max_travel_time", 1500, 9000, 0.2),
        ("max_distance", 20_000, 90_000, 0.2),
    ):
        if rng.random() < share:
            found[key] = rng.randint(least, most)
    if rng.random() < 0.35:
        found["breaks"] = [_break(rng, k + 1, size) for k in range(rng.randint(1, 2))]
    return found


def _break(rng: random.Random, id_: int, size: int) -> dict[str, Any]:
    found: dict[str, Any] = {"id": id_, "time_windows": _windows(rng, 2500), "service": rng.randint(0, 400)}
    if size and rng.random() < 0.2:
        found["max_load"] = [rng.randint(2, 10) for _ in range(size)]
    return found


def _task(rng: random.Random, id_: int, place: int) -> dict[str, Any]:
    found: dict[str, Any] = {"id": id_, "location_index": place}
    for key, most in (("service", 300), ("setup", 120)):
        if rng.random() < 0.5:
            found[key] = rng.randint(0, most)
        if rng.random() < 0.25:
            found[f"{key}_per_type"] = {one: rng.randint(0, most) for one in TYPES if rng.random() < 0.7}
    if rng.random() < 0.3:
        found["time_windows"] = _windows(rng)
    return found


def _shared(rng: random.Random) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if rng.random() < 0.2:
        found["skills"] = [rng.randint(1, 4)]
    if rng.random() < 0.3:
        found["priority"] = rng.randint(0, 100)
    return found


def _job(rng: random.Random, k: int, size: int) -> dict[str, Any]:
    place = k - 1 if k and rng.random() < 0.15 else k  # two jobs at one place: the second is not set up again
    found = _task(rng, k + 1, place) | _shared(rng)
    for key in ("delivery", "pickup"):
        if size and rng.random() < 0.6:
            found[key] = _amounts(rng, size, 4)
    return found


def _shipment(rng: random.Random, k: int, place: int, size: int) -> dict[str, Any]:
    ends = {"pickup": _task(rng, 100 + k, place), "delivery": _task(rng, 200 + k, place + 1)}
    return ends | _shared(rng) | ({"amount": _amounts(rng, size, 3)} if size else {})
