"""Whatever figure or text a request holds: an answer, or a refusal that names the field; never a failure of the server."""

import copy
import datetime
import json
from collections.abc import Iterator
from typing import Any

import pytest
from fastapi.testclient import TestClient

from api import Settings, create_app
from planner.config import load_config
from planner.pipeline.whole_plan import PlannedArea
from planner.plans.store import open_store
from tests.conftest import write_line_of_three_villages

EXTREMES = (
    "inf",
    "nan",
    "1e300",
    "1e-300",
    "9" * 400,
    "-" + "9" * 400,
    "9" * 19,
    "\x00",
    "\u202e",
    "x" * 9000,
    "٣",
    "",
)
VALUES: tuple[Any, ...] = (
    *(1e300, -1e300, 1e-300, 10**400, -(10**400), 2**63, 1e15, -1, 0, True, None),
    *("\x00", "\x1b[31m", "\u202e", "x" * 100_000, "99:99", "-1:00", [], {}, [[[]]]),
)
EVENTS: dict[str, Any] = {
    **{"now": "06:50", "most_changes": 3, "tolerance_s": 900, "transfer_duration_s": 600, "cancelled": []},
    "vehicles": [{"id": "van-1", "delay_s": 1200, "lost": False, "done": []}],
    "new_stops": [
        {"id": "n1", "site_id": "sp-west", "pickup_kg": 5, "delivery_kg": 1, "opens": "07:00", "closes": "12:00"}
    ],
}
"""A running day of the line of three villages, with each field of a report."""


@pytest.fixture(scope="module")
def client(line: PlannedArea, tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """A server of the line of three villages, its roads included."""
    folder = tmp_path_factory.mktemp("served")
    config = load_config(write_line_of_three_villages(folder))
    url = f"sqlite:///{folder}/planner.db"
    now = datetime.datetime(2026, 11, 10, tzinfo=datetime.UTC)
    with open_store(url) as store:
        store.save_network(line.network, created_at=now)
        store.save_day(line.day, line.problem, created_at=now)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Settings, "areas", lambda _settings: {"line": config})
        patch.setattr("api.routers.siting.embedded_areas", lambda: ("line",))
        with TestClient(create_app(Settings(store_url=url)), raise_server_exceptions=False) as made:
            yield made


def leaves(content: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    inner = content.items() if isinstance(content, dict) else enumerate(content) if isinstance(content, list) else ()
    yield path
    for key, value in inner:
        yield from leaves(value, (*path, key))


def with_value(path: tuple[Any, ...], value: Any) -> Any:
    if not path:
        return value
    content = copy.deepcopy(EVENTS)
    at: Any = content
    for key in path[:-1]:
        at = at[key]
    at[path[-1]] = value
    return content


@pytest.mark.slow
def test_a_running_day_is_planned_again_or_refused_by_field(client: TestClient, line: PlannedArea) -> None:
    tried = 0
    for path in leaves(EVENTS):
        for value in VALUES:
            body = json.dumps(with_value(path, value))
            answer = client.post(
                f"/days/{line.day.id}/replan", content=body, headers={"content-type": "application/json"}
            )
            assert answer.status_code in (200, 400, 422), (path, value, answer.text[:200])
            if answer.status_code != 200:
                assert answer.json()["error"]["message"]
            tried += 1
    assert tried > 300


@pytest.mark.parametrize(
    "body",
    [
        b"[" * 100_000,
        b'{"a":' * 50_000,
        b"\xff\xfe",
        b"",
        b'{"now": 1' + b"0" * 5000 + b"}",
        b'{"now": "\xed\xa0\x80"}',
    ],
    ids=["lists", "objects", "mark", "nothing", "digits", "surrogate"],
)
def test_bodies_that_are_no_events_are_refused(client: TestClient, line: PlannedArea, body: bytes) -> None:
    answer = client.post(f"/days/{line.day.id}/replan", content=body, headers={"content-type": "application/json"})
    assert answer.status_code in (400, 422)


def test_a_byte_order_mark_is_read(client: TestClient, line: PlannedArea) -> None:
    body = b"\xef\xbb\xbf" + json.dumps(EVENTS).encode()
    answer = client.post(f"/days/{line.day.id}/replan", content=body, headers={"content-type": "application/json"})
    assert answer.status_code == 200


def test_queries_are_answered_or_refused(client: TestClient, line: PlannedArea) -> None:
    paths = client.get("/openapi.json").json()["paths"]
    parts = {"network_id": line.network.id, "other_id": line.network.id, "day_id": line.day.id, "area_id": "line"}
    tried = 0
    for path, methods in paths.items():
        for parameter in methods.get("get", {}).get("parameters", ()):
            if parameter["in"] != "query" or parameter["name"] == "lang":
                continue
            for value in EXTREMES:
                answer = client.get(
                    path.format(**parts, vehicle="van-1", kind="csv"), params={parameter["name"]: value}
                )
                assert answer.status_code < 500, (path, parameter["name"], value)
                tried += 1
    assert tried > 80
