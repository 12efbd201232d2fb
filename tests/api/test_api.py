"""The API over a store with one network and one day: what it gives, how it says no, and that nothing asks another host."""

import datetime
import html
import io
import json
import re
import tempfile
from pathlib import Path
from urllib.parse import urljoin

import openpyxl
import pyogrio
import pytest
from fastapi.testclient import TestClient

from api import Settings, create_app
from planner import __version__
from planner.config import load_config
from planner.pipeline.area_run import AreaRun
from planner.pipeline.site import plan_network
from planner.pipeline.whole_plan import PlannedArea
from planner.plans import day_from_json, network_from_json
from planner.plans.store import open_store
from tests.api.conftest import NOON

IN_ENGLISH = {"Accept-Language": "en"}


def test_health_tells_version_and_number_of_plans(client: TestClient) -> None:
    assert client.get("/health").json() == {"status": "ok", "version": __version__, "plans": 2}


def test_areas_are_those_embedded_and_those_with_plans(client: TestClient, line: PlannedArea) -> None:
    areas = client.get("/areas").json()["areas"]
    assert [(a["id"], a["embedded"]) for a in areas] == [
        ("baiquan", True),
        ("harbin", True),
        ("line", False),
        ("neubrandenburg", True),
    ]
    assert [a["network"] and a["network"]["id"] for a in areas] == [None, None, line.network.id, None]
    assert [[day["id"] for day in a["days"]] for a in areas] == [[], [], [line.day.id], []]
    assert client.get("/areas/line").json() == areas[2]


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


@pytest.mark.parametrize(("part", "rows"), [("network", "Village list"), ("day", "Routes")])
def test_workbooks_open(client: TestClient, network_url: str, day_url: str, part: str, rows: str) -> None:
    address = f"{network_url if part == 'network' else day_url}/{part}.xlsx"
    book = openpyxl.load_workbook(io.BytesIO(client.get(address).content))
    assert any(rows in name for name in book.sheetnames)


def test_courier_files_of_every_route(client: TestClient, day_url: str) -> None:
    (route,) = client.get(f"{day_url}/routes").json()["routes"]
    assert (route["vehicle"], route["stops"], set(route["files"])) == (
        "van-1",
        1,
        {"html", "gpx", "kml", "csv", "geojson"},
    )
    kinds = {
        "html": "text/html",
        "gpx": "application/gpx+xml",
        "kml": "application/vnd.google-earth.kml+xml",
        "csv": "text/csv",
        "geojson": "application/geo+json",
    }
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
            "/areas/line/week.html",
        },
        "/areas/line/week.html": {"index.html"},
        f"{network_url}/index.html": {"coverage.html", "network.xlsx"},
        f"{network_url}/coverage.html": {"index.html"},
        f"{day_url}/index.html": {
            "routes.html",
            "routes/van-1.html",
            "routes/van-1.gpx",
            f"{network_url}/index.html",
            "/areas/line/index.html",
        },
        f"{day_url}/routes.html": {"index.html", "/areas/line/week.html"},
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
