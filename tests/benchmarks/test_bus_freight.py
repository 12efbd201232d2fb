"""The published counties with buses: the files are those of the generator, the solutions are what they are said to be."""

import ast
import copy
import json
import sys
from pathlib import Path

import pytest

from benchmarks.bus_freight import check as alone
from benchmarks.bus_freight.generate import LINE_M, SEEDS, TOWNSHIPS, VILLAGES, county, written
from benchmarks.bus_freight.instance import problem_of

ROOM = Path(alone.__file__).parent
NAMES = [f"county-{seed:02d}" for seed in SEEDS]


def read(kind, name):
    return json.loads((ROOM / kind / f"{name}.json").read_text(encoding="utf-8"))


def test_the_files_are_those_of_the_generator() -> None:
    for seed, name in zip(SEEDS, NAMES, strict=True):
        assert (ROOM / "instances" / f"{name}.json").read_text(encoding="utf-8") == written(county(seed))


def test_counties_are_made_after_the_published_averages() -> None:
    given = [read("instances", name) for name in NAMES]
    assert all(one["synthetic"] for one in given)
    assert {len(one["points"]) for one in given} == {TOWNSHIPS + VILLAGES}
    lines = [len({trip["line"] for trip in one["trips"]}) for one in given]
    assert set(lines) <= {10, 11}
    assert 10.3 <= sum(lines) / len(lines) <= 11.0
    down = [
        sum(point["delivery"][0] for point in one["points"] if point["id"].startswith("V")) / VILLAGES for one in given
    ]
    assert sum(down[::2]) / 5 == pytest.approx(5.1, rel=0.1)  # the Post alone
    assert sum(down[1::2]) / 5 == pytest.approx(10.2, rel=0.1)
    room = [leg[0] for one in given for trip in one["trips"] for leg in trip["room"]]
    assert 0.7 * 12 - 1 <= min(room) <= max(room) <= 35
    assert all(len([t for t in one["trips"] if t["line"] == "L01" and t["id"].endswith("out")]) == 4 for one in given)
    assert LINE_M == 28_000


def test_the_solutions_hold_and_save_what_is_said() -> None:
    rows = {row["instance"]: row for row in json.loads((ROOM / "results.json").read_text(encoding="utf-8"))["rows"]}
    saved = []
    for name in NAMES:
        instance, solution = read("instances", name), read("solutions", name)
        for part in ("vans_alone", "with_buses"):
            faults, figures = alone.check(instance, solution[part])
            assert (name, list(faults)) == (name, [])
            assert figures == rows[name][part]
        assert solution["vans_alone"]["rides"] == []
        assert rows[name]["iterations_alone"] >= rows[name]["iterations_with_buses"]
        assert rows[name]["with_buses"]["yuan"] <= rows[name]["vans_alone"]["yuan"]
        saved.append(1 - rows[name]["with_buses"]["van_km"] / rows[name]["vans_alone"]["van_km"])
    assert sum(saved) / len(saved) >= 0.15


def test_the_checker_needs_nothing_but_python() -> None:
    tree = ast.parse(Path(alone.__file__).read_text(encoding="utf-8"))
    imported = {name.name for node in ast.walk(tree) if isinstance(node, ast.Import) for name in node.names}
    imported |= {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert {name.split(".")[0] for name in imported} <= sys.stdlib_module_names


def test_the_travel_of_a_problem_is_that_of_the_checker() -> None:
    instance = read("instances", NAMES[0])
    problem = problem_of(instance)
    a, b = instance["points"][0], instance["points"][40]
    row, column = problem.travel.origin_ids.index(a["id"]), problem.travel.destination_ids.index(b["id"])
    assert problem.travel.distances_m[row, column] == alone.length(instance, a, b)


def _with_ride(solution, number, **changes):
    solution["with_buses"]["rides"][number] |= changes


BROKEN = {
    "buses carry": lambda s: s["with_buses"]["rides"][0]["amount"].__setitem__(0, 999),
    "two rides on one trip": lambda s: s["with_buses"]["rides"].append(s["with_buses"]["rides"][0]),
    "no such part of the trip": lambda s: _with_ride(s, 0, board=5, alight=4),
    "no such way": lambda s: _with_ride(s, 0, kind="by_drone"),
    "not whole parcels": lambda s: s["with_buses"]["rides"][0]["amount"].__setitem__(0, 0.5),
    "room for": lambda s: s["with_buses"]["rides"][0]["amount"].__setitem__(0, 999),
    "visited": lambda s: s["with_buses"]["routes"][0]["stops"].pop(),
    "vehicles that are not there": lambda s: s["with_buses"]["routes"][0].__setitem__("vehicle", "van-99"),
    "parcels of": lambda s: s["with_buses"].__setitem__("routes", _one_route(s["with_buses"]["routes"])),
    "back at": lambda s: s["with_buses"].__setitem__("routes", _one_route(s["with_buses"]["routes"])),
}


def _one_route(routes):
    return [{"vehicle": "van-1", "stops": [id_ for route in routes for id_ in route["stops"]]}]


@pytest.mark.parametrize("said", BROKEN)
def test_a_broken_solution_is_noticed(said) -> None:
    instance, solution = read("instances", NAMES[1]), copy.deepcopy(read("solutions", NAMES[1]))
    BROKEN[said](solution)
    faults, _ = alone.check(instance, solution["with_buses"])
    assert any(said in fault for fault in faults)


@pytest.mark.parametrize(
    ("said", "change"),
    [
        ("not ready at the hub", {"release_s": 80_000}),
        ("not ready at the point", {"opens_s": 64_000}),
        ("handed over too late", {"closes_s": 28_900}),
    ],
)
def test_times_of_rides_are_checked(said, change) -> None:
    instance, solution = read("instances", NAMES[1]), read("solutions", NAMES[1])
    for one in instance["points"]:
        one |= change
    faults, _ = alone.check(instance, solution["with_buses"])
    assert any(said in fault for fault in faults)


@pytest.mark.parametrize(
    ("said", "key", "change"),
    [
        ("terminal shut", "stops", {"opens_s": 80_000, "closes_s": 86_000}),
        ("stop shut", "stops", {"opens_s": 80_000, "closes_s": 86_000}),
        ("at the hub after the cut-off", "transfers", {"duration_s": 60_000}),
    ],
)
def test_stops_and_transfers_are_checked(said, key, change) -> None:
    instance, solution = read("instances", NAMES[1]), read("solutions", NAMES[1])
    for one in instance[key]:
        one |= change
    faults, _ = alone.check(instance, solution["with_buses"])
    assert any(said in fault for fault in faults)
