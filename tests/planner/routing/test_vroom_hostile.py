"""VROOM requests that nobody means well with: refused by field, with VROOM's code 2 and status 400, never a traceback."""

import copy
import json
import random
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from api.routers import routing
from planner.errors import BadDataError
from planner.routing.vroom import error_answer, read_request, solve_vroom

CASES = Path(__file__).parents[4] / "shared" / "cases" / "routing"
REQUEST: dict[str, Any] = {
    "vehicles": [
        {
            "id": 1,
            "type": "a",
            "start_index": 0,
            "end_index": 0,
            "capacity": [4],
            "time_window": [0, 9000],
            "skills": [1],
            "costs": {"fixed": 3, "per_hour": 3600, "per_task_hour": 10},
            "breaks": [{"id": 1, "service": 5, "time_windows": [[0, 900]], "max_load": [4]}],
            "description": "v",
            "planner": {"reloads": {"max": 1, "duration": 2, "location_indices": [0]}},
        }
    ],
    "jobs": [{"id": 1, "location_index": 1, "delivery": [1], "service_per_type": {"a": 7}, "time_windows": [[0, 500]]}],
    "shipments": [
        {
            "amount": [1],
            "pickup": {"id": 2, "location_index": 1},
            "delivery": {"id": 2, "location_index": 2},
            "skills": [1],
        }
    ],
    "matrices": {"car": {"durations": [[0, 10, 20], [10, 0, 10], [20, 10, 0]]}},
    "options": {"c": False, "t": 1},
    "planner": {"iterations": 1, "seed": 1},
}
NASTY = (
    *(
        "10" * 200,
        "-1",
        "1e300",
        "1e400",
        "NaN",
        "Infinity",
        "-Infinity",
        "1.5",
        "3.0",
        "null",
        "true",
        '""',
        "[]",
        "{}",
    ),
    *('"\\ud800"', '"a\\u0000b"', '"\\u202e"', '"x"', "[[]]", '[{"a": 1}]', "4294967296", "18446744073709551616"),
    "[" * 100_000 + "]" * 100_000,
    "[" * 500 + "]" * 500,
    '{"a": ' * 400 + "1" + "}" * 400,
    '{"a": 1, "a": 2}',
    "[" + "0," * 3000 + "0]",
)


@pytest.fixture(scope="module")
def client() -> TestClient:
    app = FastAPI()
    app.include_router(routing.router)
    return TestClient(app)


def places_of(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path] * bool(path) + [found for key, part in inner for found in places_of(part, (*path, key))]


def mutated(seed: int) -> str:
    """The request with one or two of its values replaced by something nasty, a key doubled, or bytes before or after."""
    chance = random.Random(seed)
    request = copy.deepcopy(REQUEST)
    marks = {}
    for n in range(chance.randint(1, 2)):
        *way, last = chance.choice(places_of(request))
        holder = request
        for key in way:
            holder = holder[key]
        marks[f"@{n}@"] = chance.choice(NASTY)
        if isinstance(holder, dict) and chance.random() < 0.1:
            holder[chance.choice(["\ud800", "x", "a\x07"])] = holder.pop(last)
        else:
            holder[last] = f"@{n}@"
    text = json.dumps(request)
    for mark, value in marks.items():
        text = text.replace(f'"{mark}"', value)
    return chance.choice(["", "", "", "\ufeff", " "]) + text + chance.choice(["", "", "", "}", "\x00"])


@pytest.mark.parametrize("part", range(4))
def test_nothing_hostile_gets_through(client: TestClient, part: int) -> None:
    refused = named = 0
    for seed in range(part * 60, part * 60 + 60):
        body = mutated(seed).encode("utf-8", "surrogatepass")
        try:
            answer = solve_vroom(read_request(body, "request.json"))
            code = answer["code"]
        except BadDataError as error:
            code, named = error_answer(error)["code"], named + bool(error.problems)
        refused += code != 0
        if seed % 3 == 0:
            reply = client.post("/routing/vroom", content=body)
            assert reply.status_code == (200 if code == 0 else 400), (seed, reply.text[:300])
            assert reply.json()["code"] == code, seed
            assert code == 0 or reply.json()["error"]
    assert refused >= 20
    assert named == refused  # each with the field, or the place in the text


def test_a_request_as_it_is_and_with_a_byte_order_mark_is_answered(client: TestClient) -> None:
    plain = json.dumps(REQUEST)
    for body in (plain, "\ufeff" + plain, plain.replace("[1]", "[1.0]")):
        reply = client.post("/routing/vroom", content=body.encode())
        assert (reply.status_code, reply.json()["summary"]["unassigned"]) == (200, 0)


def test_too_many_tasks_are_too_large_and_a_fault_here_is_code_1(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    many = {**REQUEST, "jobs": REQUEST["jobs"] * 2000}
    assert client.post("/routing/vroom", json=many).status_code == 413

    def broken(*_: Any, **__: Any) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(routing, "solve_vroom", broken)
    reply = client.post("/routing/vroom", json=REQUEST)
    assert (reply.status_code, reply.json()) == (500, {"code": 1, "error": "internal error"})


@pytest.mark.skipif(not CASES.exists(), reason="the shared cases are not beside this tree")
def test_the_case_with_an_endless_amount_is_refused_by_its_field(client: TestClient) -> None:
    body = (CASES / "hugeamount.json").read_bytes()
    reply = client.post("/routing/vroom", content=body)
    assert (reply.status_code, reply.json()["code"]) == (400, 2)
    assert "jobs.0.delivery.0" in reply.json()["error"]


@pytest.mark.skipif(not CASES.exists(), reason="the shared cases are not beside this tree")
def test_the_case_that_asks_for_plan_mode_gets_its_own_order() -> None:
    request = json.loads((CASES / "vx72optc.json").read_text(encoding="utf-8"))
    answer = solve_vroom(request)
    (route,) = answer["routes"]
    assert [step["id"] for step in route["steps"] if "id" in step] == [2, 1]
    assert answer["planner"] == {"checked": True, "ignored": ["options.g"]}


@pytest.mark.skipif(not CASES.exists(), reason="the shared cases are not beside this tree")
def test_one_break_with_max_load_does_not_stop_the_other_vehicle() -> None:
    answer = solve_vroom(json.loads((CASES / "y_maxload_fleet.json").read_text(encoding="utf-8")))
    (route,) = answer["routes"]
    assert (route["vehicle"], len(answer["unassigned"])) == (2, 3)


@pytest.mark.skipif(not CASES.exists(), reason="the shared cases are not beside this tree")
def test_given_steps_that_do_not_hold_are_told_by_what_they_break() -> None:
    with pytest.raises(BadDataError) as caught:
        solve_vroom(json.loads((CASES / "wsteps_infeasible.json").read_text(encoding="utf-8")))
    said = " ".join(caught.value.problems)
    assert all(cause in said for cause in ("skills", "load", "delay"))


def test_what_is_asked_and_not_done_is_said() -> None:
    request = {**REQUEST, "options": {"g": True, "x": 3, "t": 9, "l": 5, "y": 1}, "geometry": True}
    assert solve_vroom(request)["planner"]["ignored"] == [
        "geometry",
        "options.g",
        "options.t",
        "options.x",
        "options.y",
    ]


def test_windows_in_any_order_and_whole_floats_are_taken() -> None:
    request = copy.deepcopy(REQUEST)
    request["jobs"][0] |= {"time_windows": [[400.0, 500], [0, 50]], "service": 3.0}
    assert solve_vroom(request)["summary"]["unassigned"] == 0
    request["jobs"][0] |= {"time_windows": [[400, 500], [0, 450]]}
    with pytest.raises(BadDataError, match="join those that overlap"):
        solve_vroom(request)


def test_tasks_cost_what_they_take_the_vehicle_of_its_type() -> None:
    # 20 s out, to the end and back by 10 s legs, makes 40 s of driving at 1 a second; one task of 7 s for type a, pickup and
    # delivery none, the break of 5 s: 12 s at 3000 an hour are 10
    request = copy.deepcopy(REQUEST)
    request["vehicles"][0]["costs"] = {"fixed": 3, "per_task_hour": 3000}
    (route,) = solve_vroom(request)["routes"]
    assert (route["service"], route["duration"], route["cost"]) == (12, 40, 3 + 40 + 10)
