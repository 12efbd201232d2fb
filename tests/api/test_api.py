"""The API over a store with one network and one day: what it gives, how it says no, and that nothing asks another host."""

import datetime
import html
import io
import json
import re
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urljoin

import openpyxl
import pyogrio
import pytest
from fastapi.testclient import TestClient

from api import Settings, create_app
from planner import __version__
from planner.config import load_config
from planner.errors import PlannerError
from planner.pipeline import area_curve
from planner.pipeline.area_run import AreaRun
from planner.pipeline.site import plan_network
from planner.pipeline.whole_plan import PlannedArea
from planner.plans import day_from_json, network_from_json
from planner.plans.store import open_store

FROZEN = Path(__file__).parents[1] / "planner" / "plans" / "frozen"
IN_ENGLISH = {"Accept-Language": "en"}
NOON = datetime.datetime(2026, 11, 10, 12, tzinfo=datetime.UTC)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, line: PlannedArea) -> Iterator[TestClient]:
    url = f"sqlite:///{tmp_path_factory.mktemp('store')}/planner.db"
    with open_store(url) as store:
        store.save_network(line.network, created_at=NOON)
        store.save_day(line.day, line.problem, created_at=NOON)
    with TestClient(create_app(Settings(store_url=url)), raise_server_exceptions=False) as client:
        yield client


@pytest.fixture
def client(server: TestClient) -> TestClient:
    """A reader who has not been there before: no language is remembered."""
    server.cookies.clear()
    return server


@pytest.fixture
def network_url(line: PlannedArea) -> str:
    return f"/networks/{line.network.id}"


@pytest.fixture
def day_url(line: PlannedArea) -> str:
    return f"/days/{line.day.id}"


def test_health_tells_version_and_number_of_plans(client: TestClient) -> None:
    assert client.get("/health").json() == {"status": "ok", "version": __version__, "plans": 2}


def test_areas_are_those_embedded_and_those_with_plans(client: TestClient, line: PlannedArea) -> None:
    areas = client.get("/areas").json()["areas"]
    assert [(a["id"], a["embedded"]) for a in areas] == [("baiquan", True), ("line", False), ("neubrandenburg", True)]
    assert [a["network"] and a["network"]["id"] for a in areas] == [None, line.network.id, None]
    assert [[day["id"] for day in a["days"]] for a in areas] == [[], [line.day.id], []]
    assert client.get("/areas/line").json() == areas[1]


def test_networks_are_listed_with_links_that_lead_somewhere(client: TestClient, network_url: str) -> None:
    (plan,) = client.get("/networks", params={"area": "line"}).json()["networks"]
    assert plan == client.get(network_url).json()
    assert plan["created_at"] == "2026-11-10T12:00:00Z"
    assert plan["population_covered"] == pytest.approx(600 / 650)
    assert (plan["synthetic"], plan["assumed"], plan["published"]) == (True, False, False)
    assert {"index.html", "coverage.html", "network.json", "seasons", "siting", "network.gpkg"} <= set(plan["links"])
    for link in plan["links"].values():
        assert client.get(link).status_code == 200, link
    assert client.get("/networks", params={"area": "elsewhere"}).json() == {"networks": []}


def test_days_are_listed_with_links_that_lead_somewhere(client: TestClient, line: PlannedArea, day_url: str) -> None:
    (plan,) = client.get("/days", params={"area": "line"}).json()["days"]
    assert plan == client.get(day_url).json()
    assert (plan["date"], plan["network_id"]) == ("2026-11-10", line.network.id)
    # one van to the only point of three villages: the middle
    assert (plan["routes"], plan["stops"], plan["unassigned"]) == (1, 1, 0)
    assert {"index.html", "routes.html", "day.json", "routes", "network"} <= set(plan["links"])
    for link in plan["links"].values():
        assert client.get(link).status_code == 200, link
    assert client.get("/days", params={"area": "line", "date": "2026-11-10"}).json() == {"days": [plan]}
    assert client.get("/days", params={"date": "2026-11-11"}).json() == {"days": []}
    assert client.get("/days", params={"area": "elsewhere"}).json() == {"days": []}


def test_the_documents_are_the_plans(client: TestClient, line: PlannedArea, network_url: str, day_url: str) -> None:
    network = network_from_json(client.get(f"{network_url}/network.json").text)
    assert network == line.network
    assert day_from_json(client.get(f"{day_url}/day.json").text, network) == line.day


@pytest.mark.parametrize(("part", "count"), [("stations", 6), ("villages", 4), ("routes", 3), ("reach", 4)])
def test_geojson_says_what_it_is_and_what_is_synthetic(
    client: TestClient, network_url: str, day_url: str, part: str, count: int
) -> None:
    answer = client.get(f"{day_url if part == 'routes' else network_url}/{part}.geojson")
    assert answer.headers["content-type"] == "application/geo+json"
    document = answer.json()
    # sites: the hub, four villages' points (one forbidden), one township's station; routes: two legs and one stop; reach:
    # quarters of the stations' standard
    assert len(document["features"]) == count
    assert document["about"]["synthetic"] == ["all of it"]


def test_gdal_reads_what_the_api_gives(client: TestClient, network_url: str, day_url: str, tmp_path: Path) -> None:
    path = tmp_path / "network.gpkg"
    path.write_bytes(client.get(f"{network_url}/network.gpkg").content)
    assert len(pyogrio.read_dataframe(path, layer="villages")) == 4
    path = tmp_path / "day.gpkg"
    path.write_bytes(client.get(f"{day_url}/day.gpkg").content)
    assert len(pyogrio.read_dataframe(path, layer="route_stops")) == 1
    path = tmp_path / "villages.geojson"
    path.write_bytes(client.get(f"{network_url}/villages.geojson").content)
    assert len(pyogrio.read_dataframe(path)) == 4


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


@pytest.mark.parametrize(("part", "rows"), [("network", "Village list"), ("day", "Routes")])
def test_workbooks_open(client: TestClient, network_url: str, day_url: str, part: str, rows: str) -> None:
    address = f"{network_url if part == 'network' else day_url}/{part}.xlsx"
    book = openpyxl.load_workbook(io.BytesIO(client.get(address).content))
    assert any(rows in name for name in book.sheetnames)


def test_courier_files_of_every_route(client: TestClient, day_url: str) -> None:
    (route,) = client.get(f"{day_url}/routes").json()["routes"]
    assert (route["vehicle"], route["stops"], set(route["files"])) == ("van-1", 1, {"html", "gpx", "csv", "geojson"})
    kinds = {"html": "text/html", "gpx": "application/gpx+xml", "csv": "text/csv", "geojson": "application/geo+json"}
    for kind, address in route["files"].items():
        answer = client.get(address)
        assert answer.status_code == 200
        assert answer.headers["content-type"].startswith(kinds[kind])


def test_the_links_of_all_pages_work_here_too(client: TestClient, network_url: str, day_url: str) -> None:
    wanted = {
        "/": {"/areas/line/index.html", f"{network_url}/coverage.html", f"{day_url}/routes.html"},
        "/areas/line/index.html": {
            f"{network_url}/index.html",
            f"{network_url}/coverage.html",
            f"{day_url}/index.html",
        },
        f"{network_url}/index.html": {"coverage.html", "network.xlsx"},
        f"{network_url}/coverage.html": {"index.html"},
        f"{day_url}/index.html": {
            "routes.html",
            "routes/van-1.html",
            "routes/van-1.gpx",
            f"{network_url}/index.html",
            "/areas/line/index.html",
        },
        f"{day_url}/routes.html": {"index.html"},
    }
    for page, some in wanted.items():
        links = re.findall(r'<a [^>]*?href="([^"]+)"', client.get(page).text)
        assert some <= set(links), page
        assert any(link.startswith("?lang=") for link in links), page
        for link in links:
            if not link.startswith("https://"):  # sources, which are named with their addresses
                assert client.get(urljoin(page, html.unescape(link))).status_code == 200, (page, link)


def test_home_leads_to_the_plans(client: TestClient, network_url: str) -> None:
    page = client.get("/").text
    assert f"{network_url}/coverage.html" in page
    assert "三村 &lt;i&gt;线&lt;/i&gt;" in page
    assert '<span class="mark">synthetic</span>' in page


def test_the_published_network_is_its_areas_current_one(line: PlannedArea, line_folder: Path) -> None:
    text = (line_folder / "area.toml").read_text(encoding="utf-8")
    (line_folder / "area.toml").write_text(text.replace("seed = 1", "seed = 2"), encoding="utf-8")
    other = plan_network(AreaRun.for_siting(load_config(line_folder)))
    url = f"sqlite:///{line_folder}/new.db"
    with open_store(url) as store:
        store.save_network(line.network, created_at=NOON)
        store.save_network(other, created_at=NOON + datetime.timedelta(days=1))
    with TestClient(create_app(Settings(store_url=url))) as client:
        assert client.get("/areas/line").json()["network"]["id"] == other.id
        with open_store(url) as store:
            store.publish(line.network.id, published_at=NOON)
        current = client.get("/areas/line").json()["network"]
        assert (current["id"], current["published"]) == (line.network.id, True)
        page = client.get("/areas/line/index.html").text
        assert f"/networks/{line.network.id}/coverage.html" in page
        assert f'"/networks/{other.id}/index.html"' in page


def test_what_the_caller_has_is_not_sent_again(client: TestClient, network_url: str, day_url: str) -> None:
    for address in (f"{network_url}/coverage.html", f"{day_url}/routes/van-1.gpx"):
        first = client.get(address)
        again = client.get(address, headers={"If-None-Match": first.headers["etag"]})
        assert (again.status_code, again.content) == (304, b"")
        other = client.get(address, headers={"If-None-Match": '"other"'})
        assert other.status_code == 200


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


def test_an_empty_store_is_served_too() -> None:
    with (
        tempfile.TemporaryDirectory() as folder,
        TestClient(create_app(Settings(store_url=f"sqlite:///{folder}/new.db"))) as client,
    ):
        assert client.get("/health").json()["plans"] == 0
        assert "planner demo" in client.get("/").text
        assert json.loads(client.get("/networks").text) == {"networks": []}
        assert json.loads(client.get("/days").text) == {"days": []}


def test_phases_money_and_equity_of_a_network(client: TestClient, network_url: str, line: PlannedArea) -> None:
    answer = client.get(f"{network_url}/siting").json()
    assert (answer["plan_id"], answer["phases"], answer["subsidies"]) == (line.network.id, None, None)
    assert [(group["id"], group["name"]) for group in answer["equity"]["groups"]] == [("t1", "Daokouzhen")]
    in_chinese = client.get(f"{network_url}/siting", params={"lang": "zh"}).json()
    assert [(group["id"], group["name"]) for group in in_chinese["equity"]["groups"]] == [("t1", "道口镇")]
    assert answer["equity"]["overall"]["unreached"] == 1


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
