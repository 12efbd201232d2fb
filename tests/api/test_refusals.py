"""What the server refuses or has elsewhere, and in which form it says so."""

import re
import shutil
import sqlite3
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from api import Settings, create_app
from planner.errors import PlannerError
from planner.pipeline.whole_plan import PlannedArea
from tests.api.test_api import IN_ENGLISH

FROZEN = Path(__file__).parents[1] / "planner" / "plans" / "frozen"


def test_old_addresses_lead_to_the_new_ones(
    client: TestClient, line: PlannedArea, network_url: str, day_url: str
) -> None:
    old = f"/plans/{line.day.id}"
    new = {
        "": day_url,
        "/index.html": f"{day_url}/index.html",
        "/plan.json": f"{day_url}/day.json",
        "/coverage.html": f"{network_url}/coverage.html",
        "/stations.xlsx": f"{network_url}/network.xlsx",
        "/seasons?lang=zh": f"{network_url}/seasons?lang=zh",
        "/routes": f"{day_url}/routes",
        "/routes/2026-11-10/van-1.gpx": f"{day_url}/routes/van-1.gpx",
    }
    for part, address in new.items():
        answer = client.get(old + part, follow_redirects=False)
        assert (answer.status_code, answer.headers["location"]) == (308, address)
        assert client.get(address).status_code == 200
    for address in (f"/plans/{line.network.id}/index.html", f"/plans/{line.network.id}/plan.json"):
        assert client.get(address).status_code == 200
    sent = client.post(f"{old}/replan", follow_redirects=False)
    assert (sent.status_code, sent.headers["location"]) == (308, f"{day_url}/replan")
    away = client.get(f"{old}//elsewhere.org", follow_redirects=False)
    assert away.headers["location"].startswith("/days/")


@pytest.mark.parametrize("version", [1, 2])
def test_plans_of_an_earlier_version_are_found_by_the_ids_they_had(tmp_path: Path, version: int) -> None:
    place = tmp_path / "old.db"
    shutil.copy(FROZEN / f"store-{version}.db", place)
    with sqlite3.connect(place) as database:
        ids = [row[0] for row in database.execute("SELECT id FROM planner_plans")]
    database.close()
    assert ids
    pages = ("index.html", "coverage.html", "routes.html", "plan.json", "stations.geojson", "routes.geojson")
    parts = (*pages, "reach.geojson", "seasons", "siting", "stations.xlsx", "stations.gpkg", "routes", "")
    with TestClient(create_app(Settings(store_url=f"sqlite:///{place}"))) as client:
        for old in ids:
            day = client.get(f"/days/{old}").json()
            assert day["id"] != old
            for part in parts:
                answer = client.get(f"/plans/{old}/{part}".rstrip("/"))
                assert answer.status_code == 200, (old, part)
                assert str(answer.url.path).split("/")[2] in (day["id"], day["network_id"])


@pytest.mark.parametrize(
    ("path", "status", "code", "words"),
    [
        ("/networks/none", 404, "plan_not_found", "no plan 'none'"),
        ("/networks/none/coverage.html", 404, "plan_not_found", "no plan 'none'"),
        ("/days/none", 404, "plan_not_found", "no plan 'none'"),
        ("/days/none/routes/van-1.gpx", 404, "plan_not_found", "no plan 'none'"),
        ("/plans/none/coverage.html", 404, "plan_not_found", "no plan 'none'"),
        ("/plans", 404, "not_found", "see /docs"),
        ("{network}/compare/none", 404, "plan_not_found", "no plan 'none'"),
        ("{network}/routes.html", 404, "not_found", "see /docs"),
        ("/areas/baiquan/index.html", 404, "plan_not_found", "planner site baiquan"),
        ("/areas/none", 404, "area_not_found", "GET /areas lists them"),
        ("/nothing", 404, "not_found", "see /docs"),
        ("/networks?limit=0", 422, "invalid_request", "the request is invalid"),
        ("/days?limit=many", 422, "invalid_request", "the request is invalid"),
        ("/areas/line/reach.geojson?from=west&minutes=5", 404, "area_not_found", "serve it with --area FOLDER"),
        ("/areas/baiquan/reach.geojson?minutes=5", 422, "invalid_request", "the request is invalid"),
        ("/areas/baiquan/reach.geojson?from=x&minutes=5", 422, "cannot_be_done", "has the id x"),
        ("/areas/baiquan/reach.html?from=230231100200&minutes=0", 422, "bad_data", "minutes must be given"),
        ("/areas/baiquan/reach.html?from=230231100200&minutes=5&season=x", 422, "bad_data", "not known"),
        ("/areas/baiquan/reach.html?from=230231100200&minutes=5&vehicle=x", 422, "bad_data", "not known"),
        ("/networks/none/seasons", 404, "plan_not_found", "no plan 'none'"),
        ("{day}/routes/van-9.html", 404, "not_part_of_plan", "those of van-1"),
        ("/plans/{id}/routes/2026-11-11/van-1.html", 404, "not_found", "see /docs"),
        ("/days?date=someday", 422, "invalid_request", "the request is invalid"),
        ("/networks?lang=fr", 422, "invalid_request", "the request is invalid"),
        ("{day}/routes/van-1.exe", 422, "invalid_request", "the request is invalid"),
        ("/networks/..%2f..%2fetc%2fpasswd", 404, "not_found", "see /docs"),
        ("/days/" + "x" * 200, 422, "invalid_request", "the request is invalid"),
        ("/networks?offset=99999999999999999999", 422, "invalid_request", "the request is invalid"),
    ],
)
def test_what_is_wrong_is_said_in_one_form(
    client: TestClient, network_url: str, day_url: str, path: str, status: int, code: str, words: str
) -> None:
    day_id = day_url.rpartition("/")[2]
    address = path.replace("{network}", network_url).replace("{day}", day_url).replace("{id}", day_id)
    answer = client.get(address, headers=IN_ENGLISH)
    assert answer.status_code == status
    error = answer.json()["error"]
    assert error["code"] == code
    assert words in error["message"]
    assert code != "invalid_request" or error["problems"]
    assert len(answer.content) < 500


def test_asking_for_the_head_only_gives_the_head_only(client: TestClient, network_url: str) -> None:
    whole, head = client.get(f"{network_url}/network.json"), client.head(f"{network_url}/network.json")
    assert (head.status_code, head.headers["etag"]) == (200, whole.headers["etag"])
    assert client.head("/networks/none").status_code == 404


def test_a_method_that_is_not_there_is_said_in_the_same_form(client: TestClient) -> None:
    answer = client.delete("/networks")
    assert (answer.status_code, answer.json()["error"]["code"]) == (405, "method_not_allowed")
    assert answer.headers["allow"] == "GET"


@pytest.mark.parametrize("kind", [PlannerError, RuntimeError])
@pytest.mark.parametrize(("lang", "said"), [("en", "went wrong"), ("zh", "服务器")])
def test_a_fault_of_the_server_tells_nothing_about_it(
    client: TestClient, network_url: str, monkeypatch: pytest.MonkeyPatch, kind: type[Exception], lang: str, said: str
) -> None:
    def broken(*_given: object) -> str:
        raise kind("secret path /srv/x")

    monkeypatch.setattr("api.routers.networks.coverage_map", broken)
    answer = client.get(f"{network_url}/coverage.html", headers={"Accept-Language": lang})
    assert answer.status_code == 500
    assert answer.json()["error"]["code"] == "internal_error"
    assert said in answer.json()["error"]["message"]
    assert "secret" not in answer.text


def test_pages_may_use_no_other_host(client: TestClient, network_url: str, day_url: str) -> None:
    pages = (f"{network_url}/index.html", f"{network_url}/coverage.html", f"{day_url}/routes.html")
    for path in ("/", "/docs", "/areas/line/index.html", *pages, "/nothing"):
        answer = client.get(path)
        assert answer.headers["content-security-policy"].startswith("default-src 'none'")
        assert not re.search(r'<(script|link|img|iframe)[^>]+(src|href)="(https?:)?//', answer.text), path


def test_the_description_names_every_address_and_the_error_body(client: TestClient) -> None:
    description = client.get("/openapi.json").json()
    assert {"/health", "/areas", "/networks", "/days", "/days/{day_id}/routes/{vehicle}.{kind}"} <= set(
        description["paths"]
    )
    wrong = description["paths"]["/networks/{network_id}"]["get"]["responses"]["404"]
    assert wrong["content"]["application/json"]["schema"] == {"$ref": "#/components/schemas/ErrorReply"}
