"""Broken documents are refused by what is wrong with them, whatever it is: none ends in a traceback."""

import copy
import json
import random
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from planner.errors import EXIT_BAD_DATA, BadDataError
from planner.outputs.write import write_plan
from planner.plans import NetworkPlan, ReadPlans, network_from_json, read_plans
from planner.words import error_text, speaking
from tests.planner.plans.freeze import FROZEN

NETWORK, DAY, OLD = "network-3", "day-3", "plan-2"
HOSTILE = (
    None,
    "",
    "x",
    "{0}",
    [],
    {},
    [None],
    {"": None},
    -1,
    0,
    1.5,
    -1e308,
    1e15,
    True,
    10**30,
    "\ud800",
    "a\u0007b",
)
SEED, ROUNDS = 20_260_101, 120


def text_of(name: str) -> str:
    return (FROZEN / f"{name}.json").read_text(encoding="utf-8")


def network() -> NetworkPlan:
    return network_from_json(text_of(NETWORK))


def opened(text: str, own: NetworkPlan) -> ReadPlans:
    return read_plans(text, name="a.json", find_network=lambda _: own)


def places(value: Any) -> Iterator[tuple[Any, Any]]:
    """Return what holds each value of a document, and under which key or number."""
    keys = list(value) if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ()
    for key in keys:
        yield value, key
        yield from places(value[key])


def changed(document: dict[str, Any], chance: random.Random) -> str:
    """Return the document with one value replaced, removed, or put in the place of another."""
    made = copy.deepcopy(document)
    found = list(places(made))
    # a table's names first, so that long lists of roads do not take all the mutations
    holder, key = chance.choice([place for place in found if isinstance(place[1], str) or chance.random() < 0.05])
    way = chance.random()
    if way < 0.2:
        del holder[key]
    elif way < 0.35:
        other, name = chance.choice(found)
        holder[key] = copy.deepcopy(other[name]) if name in other or isinstance(other, list) else None
    else:
        holder[key] = chance.choice(HOSTILE)
    return json.dumps(made)


def with_value(name: str, path: str, value: object) -> str:
    document = json.loads(text_of(name))
    *way, last = [int(part) if part.isdigit() else part for part in path.split(".")]
    holder: Any = document
    for part in way:
        holder = holder[part]
    holder[last] = value
    return json.dumps(document)


OPEN_RING = {"type": "Polygon", "coordinates": [[[10.0, 0.0], [10.1, 0.0], [10.1, 0.1]]]}


@pytest.mark.parametrize(
    ("name", "path", "value", "said"),
    [
        (DAY, "config.routing", None, "config.routing: Input should be a table of keys"),
        (DAY, "config.routing", "", "config.routing: Input should be a table of keys"),
        (DAY, "config", {}, "config.routing: missing: add it"),
        (DAY, "config.routing.vehicles", [None], "config.routing.vehicles.0: Input should be a table of keys"),
        (DAY, "config.routing.vehicles.0.capacity_m3", "{0}", r"capacity_m3: Input should be a valid number"),
        (DAY, "config.routing.vehicles.0.capacity_m3", [None], r"capacity_m3: Input should be a valid number"),
        (NETWORK, "area.villages.0.population", True, r"population: Input should be a valid number \(found True\)"),
        (
            NETWORK,
            "area.villages.0.lon",
            "10.1",
            r"area\.villages\.0\.lon: Input should be a valid number \(found '10.1'\)",
        ),
        (NETWORK, "area.villages.0.registered_poor", 1, r"registered_poor: Input should be true or false"),
        (
            NETWORK,
            "road_lines.0.coordinates.0",
            [True, 0],
            r"road_lines\.0\.coordinates\.0\.0: Input should be a valid number",
        ),
        (
            DAY,
            "demand.points.0.delivery_parcels",
            True,
            r"demand\.points\.0\.delivery_parcels: Input should be a valid number",
        ),
        (DAY, "date", 0, r"date: Input should be a valid date"),
        (NETWORK, "config.coverage", "x", "config.coverage: Input should be a table of keys"),
        (NETWORK, "config.coverage.service_points.weight", -1, "weight: Input should be population, "),
        (NETWORK, "stations.service_points.opening_cost_yuan", -1e308, r"opening_cost_yuan: .* -1e\+15"),
        (NETWORK, "area.name", "\ud800", r"area\.name: .* U\+D800: remove"),
        (NETWORK, "area.villages.0.name", "a\u202eb\u0007", r"area\.villages\.0\.name: .* U\+202E, U\+0007"),
        (NETWORK, "area.villages.0.lon", 400, "longitude 400.0 or latitude"),
        (NETWORK, "road_lines.0.coordinates.0", [1e9, 0], "road_lines: a longitude or latitude is out of range"),
        (NETWORK, "reach.0.geometry", OPEN_RING, r"reach\.0\.geometry: is not a GeoJSON geometry"),
        (NETWORK, "remarks.0.message", {"code": "{0}", "params": {}}, r"remarks\.0: cannot be said"),
        (NETWORK, "remedies.0.lifts", [{"code": "x", "params": {}}], r"remedies\.0\.lifts\.0: cannot be said"),
        (NETWORK, "area.villages", {"a\u0007": 1}, r"villages\.a\\x07: .* U\+0007"),
    ],
)
def test_each_fault_is_named_by_its_key(name: str, path: str, value: object, said: str) -> None:
    with pytest.raises(BadDataError, match=said) as caught:
        opened(with_value(name, path, value), network())
    assert caught.value.exit_code == EXIT_BAD_DATA
    with speaking("zh"):
        assert not re.search(r"cannot|should|remove", error_text(caught.value))


@pytest.mark.parametrize("version", ["²", "٣", "3" * 5000, "03x", "-3", " 3", "3\n", "", "0", "4"], ids=range(10))
def test_a_version_is_a_plain_number(version: str) -> None:
    with pytest.raises(BadDataError, match=r"schema is .* expected") as caught:
        opened(with_value(DAY, "schema", f"rural-service-planner/day/{version}"), network())
    assert len(str(caught.value)) < 600


@pytest.mark.parametrize(
    ("figure", "said"),
    [
        ("1e999", "1e999 is not a finite number"),
        ("NaN", "NaN is not a finite number"),
        ("-Infinity", "-Infinity is not a finite number"),
        ("9" * 5000, "an integer has too many digits"),
        ("[" * 100_000, "it is nested more than 100 deep"),
    ],
)
def test_figures_are_finite_and_texts_end(figure: str, said: str) -> None:
    text = text_of(NETWORK).replace('"stages":', f'"more": {figure}, "stages":', 1)
    with pytest.raises(BadDataError, match=f"not JSON: {said}"):
        opened(text, network())


def test_a_check_that_trips_is_a_finding_by_its_part(monkeypatch: pytest.MonkeyPatch) -> None:
    def trip(_: object) -> Iterator[Any]:
        raise ZeroDivisionError("by nothing")

    monkeypatch.setattr("planner.plans.documents.network_faults", trip)
    with pytest.raises(BadDataError, match=r"inconsistent\n  network: cannot be checked .*ZeroDivisionError"):
        network()


@pytest.mark.slow
@pytest.mark.parametrize("name", [NETWORK, DAY, OLD])
def test_a_changed_document_is_drawn_or_refused(name: str, tmp_path: Path) -> None:
    own, document, chance = network(), json.loads(text_of(name)), random.Random(SEED)
    refused = 0
    for number in range(ROUNDS):
        text = changed(document, chance)
        try:
            plans = opened(text, own)
        except BadDataError:
            refused += 1
            continue
        for plan in filter(None, (plans.network if name != DAY else None, plans.day)):
            write_plan(plan, tmp_path / str(number), home="zh")
    assert refused >= ROUNDS // 3
    assert refused < ROUNDS
