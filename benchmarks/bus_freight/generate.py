"""Write the instances: ten made-up counties after published averages of Heilongjiang. Nothing in them is a real place.

``python -m benchmarks.bus_freight.generate DIR`` writes the same files on every machine: the random numbers are those of
Python's `random.Random` by seed, and nothing else is drawn. What a figure stands for is said where it is set; README.md
beside this file has the format.
"""

from __future__ import annotations

import argparse
import json
import math
import random
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

SEEDS = range(1, 11)
TOWNSHIPS, VILLAGES, MEAN_LINES = 15, 98, 10.7
"""Per county: 1,078 townships, 6,961 villages and 758 lines in 71 counties."""
DETOUR, KPH = 1.3, 30.0
"""Roads are so much longer than straight; class III and IV roads are laid out for 20 to 40 km/h. The detour is assumed."""
LINE_M, RUNS, ROOM = 28_000.0, 4, (12, 35)
"""A bus line's length, runs a day each way and items a run that there is room for, as reported of single counties."""
PARCELS_DOWN, CARRIERS = 5.1, 2.0
"""Parcels a village and day of the Post alone; in every other county the hub sorts for all carriers: assumed to be twice."""
PARCELS_UP, PRODUCE_SHARE, CRATES = 1.2, 0.2, (2, 8)
"""Parcels up, the share of villages that give produce, and in how many crates: assumed."""
KG_PARCEL, KG_CRATE = (1, 4), 12
DRIVES_IN_M = 1_500.0
"""Buses leave the straight way for villages up to so far beside it: assumed."""
BUS_KPH, BUS_STAND_S, TURN_S = 35.0, 60, 900
FIRST_RUNS_S = (25_200, 34_200, 45_000, 54_000)
"""Buses leave the terminal at about 7:00, 9:30, 12:30 and 15:00."""
VAN = {
    "id": "van",
    "count": 12,
    "capacity": [160, 1500],
    "shift_start_s": 28_800,
    "shift_end_s": 63_000,
    "max_duration_s": 32_400,
    "fixed_cost_yuan": 90.0,
    "cost_per_km_yuan": 1.5,
    "cost_per_hour_yuan": 30.0,
}
"""Vans of 1.5 t; costs are assumed."""


def county(seed: int) -> dict[str, Any]:
    """Return one instance."""
    rng = random.Random(f"bus_freight {seed}")
    towns = _towns(rng)
    villages = _villages(rng, towns)
    terminal = _shifted(rng, (0, 0), 100, 400)
    points = list(_points(rng, towns, villages, CARRIERS if seed % 2 == 0 else 1.0))
    stops = [_stop("terminal", terminal, 600)]
    trips: list[dict[str, Any]] = []
    access: dict[tuple[str, str], dict[str, Any]] = {}
    for number, path in enumerate(_lines(rng, towns, terminal)):
        line = f"L{number + 1:02d}"
        served = _calls_on(path, points)
        ids = ["terminal"]
        for k, (at, near) in enumerate(served):
            ids.append(f"{line}S{k + 1:02d}")
            stops.append(_stop(ids[-1], at, 180))
            for point in near:
                access[ids[-1], point["id"]] = _access(ids[-1], at, point)
        trips += _trips(rng, line, ids, [terminal, *(at for at, _ in served)])
    transfer = {"stop": "terminal", **_way((0, 0), terminal, 20.0), "yuan_per_unit": [0.1, 0.0], "yuan_per_run": 3.0}
    return {
        "name": f"county-{seed:02d}",
        "synthetic": True,
        "dimensions": ["parcels", "kg"],
        "detour": DETOUR,
        "kph": KPH,
        "cut_off_s": 63_000,
        "latest_hand_over_s": 64_800,
        "hub": {"id": "hub", "x_m": 0, "y_m": 0},
        "vehicles": [VAN],
        "points": points,
        "stops": stops,
        "trips": trips,
        "access": [access[key] for key in sorted(access)],
        "transfers": [transfer],
    }


def _shifted(rng: random.Random, at: tuple[float, float], least: float, most: float) -> tuple[int, int]:
    angle, length = rng.uniform(0, 2 * math.pi), rng.uniform(least, most)
    return round(at[0] + length * math.cos(angle)), round(at[1] + length * math.sin(angle))


def _towns(rng: random.Random) -> list[tuple[int, int]]:
    """Return seats 7 km apart at least, within 36 km of the county town."""
    seats: list[tuple[int, int]] = []
    while len(seats) < TOWNSHIPS:
        at = (rng.randint(-36_000, 36_000), rng.randint(-36_000, 36_000))
        if 5_000 < math.hypot(*at) < 36_000 and all(math.dist(at, other) > 7_000 for other in seats):
            seats.append(at)
    return seats


def _villages(rng: random.Random, towns: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return villages around the seats in turn, 1.2 km apart at least."""
    made: list[tuple[int, int]] = []
    while len(made) < VILLAGES:
        at = _shifted(rng, towns[len(made) % len(towns)], 1_500, 8_000)
        if all(math.dist(at, other) > 1_200 for other in (*made, *towns, (0, 0))):
            made.append(at)
    return made


def _points(
    rng: random.Random, towns: list[tuple[int, int]], villages: list[tuple[int, int]], carriers: float
) -> Iterator[dict[str, Any]]:
    for k, (at, seat) in enumerate([*((one, True) for one in towns), *((one, False) for one in villages)]):
        size = rng.lognormvariate(-0.125, 0.5) * (2.5 if seat else 1.0)
        down = max(1, round(PARCELS_DOWN * carriers * size))
        up = round(rng.expovariate(1 / (PARCELS_UP * carriers * size)))
        crates = rng.randint(*CRATES) if rng.random() < PRODUCE_SHARE else 0
        yield {
            "id": f"{'T' if seat else 'V'}{k + 1 if seat else k + 1 - len(towns):03d}",
            "x_m": at[0],
            "y_m": at[1],
            "delivery": [down, sum(rng.randint(*KG_PARCEL) for _ in range(down))],
            "pickup": [up + crates, sum(rng.randint(*KG_PARCEL) for _ in range(up)) + crates * KG_CRATE],
            "opens_s": 28_800,
            "closes_s": 64_800,
            "service_duration_s": 600 if seat else 360,
            "release_s": 23_400,
        }


def _lines(
    rng: random.Random, towns: list[tuple[int, int]], terminal: tuple[int, int]
) -> Iterator[list[tuple[int, int]]]:
    """Yield each line's way: from the terminal to a seat about 28 km off by road, by the seats that lie beside it."""
    count = math.floor(MEAN_LINES) + (rng.random() < MEAN_LINES % 1)
    by_length = sorted(towns, key=lambda at: abs(DETOUR * math.dist(at, terminal) - LINE_M))
    for end in by_length[:count]:
        beside = [at for at in towns if at != end and _off(terminal, end, at)[0] < 4_000]
        beside = [at for at in beside if 0.1 < _off(terminal, end, at)[1] < 0.9]
        yield [terminal, *sorted(beside, key=lambda at: _off(terminal, end, at)[1]), end]


def _off(a: tuple[float, float], b: tuple[float, float], at: tuple[float, float]) -> tuple[float, float]:
    """Return how far a place lies from the straight line between two, and at which share of it."""
    dx, dy = b[0] - a[0], b[1] - a[1]
    share = ((at[0] - a[0]) * dx + (at[1] - a[1]) * dy) / (dx * dx + dy * dy)
    held = min(1.0, max(0.0, share))
    return math.hypot(at[0] - a[0] - held * dx, at[1] - a[1] - held * dy), share


def _calls_on(
    path: list[tuple[int, int]], points: list[dict[str, Any]]
) -> list[tuple[tuple[int, int], list[dict[str, Any]]]]:
    """Return where a line stops, and for which points: in those it drives into, else where it passes by within 3 km."""
    found: list[tuple[float, tuple[int, int], dict[str, Any]]] = []
    for point in points:
        at = (point["x_m"], point["y_m"])
        options = [(*_off(a, b, at), k) for k, (a, b) in enumerate(pairwise(path))]
        off, share, k = min(options)
        if off <= 3_000:
            held, a, b = min(1.0, max(0.0, share)), path[k], path[k + 1]
            passes = (round(a[0] + held * (b[0] - a[0])), round(a[1] + held * (b[1] - a[1])))
            found.append((k + held, at if off <= DRIVES_IN_M else passes, point))
    made: list[tuple[tuple[int, int], list[dict[str, Any]]]] = []
    for _, place, point in sorted(found, key=lambda one: (one[0], one[2]["id"])):
        if math.dist(place, path[0]) < 1_500:
            continue
        if made and math.dist(made[-1][0], place) < 800:
            made[-1][1].append(point)
        else:
            made.append((place, [point]))
    return made


def _stop(id_: str, at: tuple[int, int], handling_s: int) -> dict[str, Any]:
    return {"id": id_, "x_m": at[0], "y_m": at[1], "handling_s": handling_s, "opens_s": 21_600, "closes_s": 68_400}


def _way(a: tuple[float, float], b: tuple[float, float], kph: float) -> dict[str, int]:
    metres = round(DETOUR * math.dist(a, b))
    return {"distance_m": metres, "duration_s": math.ceil(metres * 3.6 / kph)}


def _access(stop: str, at: tuple[int, int], point: dict[str, Any]) -> dict[str, Any]:
    """Return the way to a point: on foot up to 800 m, further by somebody with an electric tricycle."""
    place = (point["x_m"], point["y_m"])
    far = DETOUR * math.dist(at, place) > 800
    return {
        "stop": stop,
        "point": point["id"],
        "kind": "by_carrier" if far else "on_foot",
        **_way(at, place, 18.0 if far else 4.5),
        "most": [60, 200] if far else [12, 30],
        "yuan_per_unit": [0.2 if far else 0.0, 0.0],
        "yuan_per_way": 1.5 if far else 0.0,
    }


def _trips(rng: random.Random, line: str, ids: list[str], at: list[tuple[int, int]]) -> Iterator[dict[str, Any]]:
    legs = [math.ceil(DETOUR * math.dist(a, b) * 3.6 / BUS_KPH) for a, b in pairwise(at)]
    for run in range(RUNS):
        leaves = FIRST_RUNS_S[run] + 300 * rng.randint(0, 6)
        out = _run(rng, f"{line}-{run + 1}-out", line, ids, legs, leaves)
        yield out
        yield _run(rng, f"{line}-{run + 1}-back", line, ids[::-1], legs[::-1], out["calls"][-1][2] + TURN_S)


def _run(rng: random.Random, id_: str, line: str, ids: list[str], legs: list[int], leaves: int) -> dict[str, Any]:
    calls, clock = [[ids[0], leaves, leaves]], leaves
    for stop, leg in zip(ids[1:], legs, strict=True):
        clock += leg
        calls.append([stop, clock, clock + BUS_STAND_S])
        clock += BUS_STAND_S
    items = rng.randint(*ROOM)
    shares = sorted(rng.uniform(0.7, 1.0) for _ in legs)  # the fuller the nearer to the county town
    shares = shares if ids[0] == "terminal" else shares[::-1]
    return {
        "id": id_,
        "line": line,
        "calls": calls,
        "room": [[math.floor(items * share), math.floor(items * share) * 5] for share in shares],
        "yuan_per_unit": [0.3, 0.005],
        "handling_yuan": 0.2,
    }


def written(instance: dict[str, Any]) -> str:
    """Return an instance as text, one line for each part of a list."""
    lines = []
    for key, value in instance.items():
        if isinstance(value, list) and value and isinstance(value[0], dict):
            rows = ",\n".join("  " + json.dumps(one, separators=(",", ":")) for one in value)
            lines.append(f' "{key}": [\n{rows}\n ]')
        else:
            lines.append(f' "{key}": {json.dumps(value)}')
    return "{\n" + ",\n".join(lines) + "\n}\n"


def main() -> None:
    """Write all instances."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    folder = parser.parse_args().folder
    folder.mkdir(parents=True, exist_ok=True)
    for seed in SEEDS:
        instance = county(seed)
        (folder / f"{instance['name']}.json").write_text(written(instance), encoding="utf-8")


if __name__ == "__main__":
    main()
