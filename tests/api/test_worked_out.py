"""What the server works out when it is asked: reach, seasons, comparisons, curves, VROOM's requests."""

from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from api import Settings, create_app
from planner.pipeline import area_curve
from planner.pipeline.whole_plan import PlannedArea
from tests.api.test_api import IN_ENGLISH


def test_seasons_of_a_network(client: TestClient, network_url: str) -> None:
    table = client.get(f"{network_url}/seasons").json()
    assert (table["vehicle"], table["sited_for"], table["standard_s"]) == ("van", "summer", 900)
    # west and east are 801.5 s from the middle in summer and 801.5 / 0.85 in winter, which is beyond 900 s
    by_season = {row["season"]: row for row in table["seasons"]}
    # 0.1 degree of the equator, 11131.95 m, at 50 km/h are 801.5004 s; the longest is rounded up to a tenth
    assert by_season["summer"]["longest_s"] == 801.6
    assert (by_season["summer"]["beyond"], by_season["winter"]["beyond"]) == ([], ["east", "west"])
    assert by_season["winter"]["cut_off"] == {"island": "no_road_in_reach"}


def test_reach_of_a_place_of_an_embedded_area(client: TestClient) -> None:
    address = "/areas/baiquan/reach.geojson?from=230231100200&from=230231100201&minutes=10&minutes=20"
    answer = client.get(address + "&season=summer&vehicle=tricycle")
    assert answer.headers["content-type"] == "application/geo+json"
    document = answer.json()
    assert (document["about"]["season"], document["about"]["vehicle"]) == ("summer", "tricycle")
    wide, narrow = (feature["properties"] for feature in document["features"])
    assert (wide["minutes"], narrow["minutes"]) == (20, 10)
    assert set(narrow["village_ids"]) <= set(wide["village_ids"])
    page = client.get(address.replace("geojson", "html")).text
    assert "流冰期" in page  # the configuration's season


def test_a_walker_has_roads_of_its_own(client: TestClient) -> None:
    address = "/areas/baiquan/reach.geojson?from=230231100200&minutes=60"
    driven, walked = (client.get(f"{address}&vehicle={name}").json() for name in ("van", "walking"))
    assert walked["about"]["vehicle"] == "walking"
    assert walked["features"][0]["properties"]["villages"] < driven["features"][0]["properties"]["villages"]


def test_roads_of_a_folder_the_server_was_given(river_folder: Path) -> None:
    settings = Settings(store_url=f"sqlite:///{river_folder}/new.db", area_folders=(river_folder,))
    with TestClient(create_app(settings)) as client:
        document = client.get("/areas/line/reach.geojson?from=west&minutes=14").json()
    assert document["features"][0]["properties"]["village_ids"] == ["middle", "west"]


def test_a_network_compared_with_itself_changes_nothing(
    client: TestClient, network_url: str, line: PlannedArea
) -> None:
    answer = client.get(f"{network_url}/compare/{line.network.id}").json()
    points = answer["stations"]["service_points"]
    assert (points["opened"], points["closed"], points["points"], points["unchanged"]) == ([], [], [], 4)
    assert answer["people"]["gained"]["villages"] == 0
    assert client.get(f"{network_url}/compare/nothing").status_code == 404


@pytest.mark.slow
def test_the_curve_of_an_embedded_area(client: TestClient) -> None:
    answer = client.get("/areas/neubrandenburg/curve", params={"counts": [3, 6], "knee": 100})
    assert answer.status_code == 200
    values = [point["value"] for point in answer.json()["points"]]
    assert values == sorted(values)
    page = client.get("/areas/neubrandenburg/curve.html", params={"counts": 3})
    assert "<svg" in page.text


@pytest.mark.parametrize(
    ("path", "status", "words"),
    [
        ("/areas/atlantis/curve?counts=1", 404, "no embedded area"),
        ("/areas/baiquan/curve", 422, "counts or budgets"),
        ("/areas/baiquan/curve?counts=1&budgets=1", 422, "counts or budgets"),
        ("/areas/baiquan/curve?counts=-1", 422, "counts"),
        ("/areas/baiquan/curve?counts=many", 422, "counts"),
        ("/areas/baiquan/curve?budgets=nan", 422, "budgets"),
        ("/areas/baiquan/curve?" + "&".join(f"counts={n}" for n in range(11)), 422, "11 counts or budgets"),
        ("/areas/baiquan/curve.html?" + "&".join(f"budgets={n}" for n in range(51)), 422, "or use planner curve"),
    ],
)
def test_a_curve_that_cannot_be_drawn_says_why(client: TestClient, path: str, status: int, words: str) -> None:
    answer = client.get(path, headers=IN_ENGLISH)
    assert answer.status_code == status
    assert words in answer.text


def test_one_curve_is_worked_out_at_a_time(client: TestClient) -> None:
    with client.app.state.curve_in_work:
        answer = client.get("/areas/neubrandenburg/curve", params={"counts": 3})
    assert (answer.status_code, answer.json()["error"]["code"]) == (429, "busy")
    assert "ask again" in answer.json()["error"]["message"]
    assert int(answer.headers["retry-after"]) > 0
    wrong = client.get("/areas/neubrandenburg/curve", params={"counts": 3.5})
    assert wrong.status_code == 422
    assert client.get("/areas/neubrandenburg/curve", params={"counts": 3}).status_code == 200


def test_all_points_of_a_curve_share_a_minute(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    seen = []
    real = area_curve.marginal_curve
    monkeypatch.setattr(
        area_curve,
        "marginal_curve",
        lambda *given, **named: (seen.append(named["time_limit_s"]), real(*given, **named))[1],
    )
    counts = {"counts": [1, 2, 3, 3]}
    assert client.get("/areas/neubrandenburg/curve", params=counts).status_code == 200
    assert seen == [60 / 3]


def test_a_vroom_request_is_answered(client: TestClient) -> None:
    matrices = {"car": {"durations": [[0, 7], [8, 0]]}}
    request = {
        "vehicles": [{"id": 1, "start_index": 0}],
        "jobs": [{"id": 3, "location_index": 1}],
        "matrices": matrices,
    }
    good = client.post("/routing/vroom", json=request)
    assert (good.status_code, good.json()["summary"]["cost"]) == (200, 7)
    bad = client.post("/routing/vroom", json=request | {"planner": {"cpu_seconds": 1e6}, "jobs": [{}]})
    assert (bad.status_code, bad.json()["code"]) == (413, 2)
    nowhere = client.post(
        "/routing/vroom", json={"vehicles": [{"id": 1, "start": [10.0, 0.0]}], "planner": {"area": "/etc"}}
    )
    assert (nowhere.status_code, nowhere.json()["code"]) == (400, 2)
