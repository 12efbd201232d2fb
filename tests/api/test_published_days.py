"""What couriers were given, version by version: lists, changes, pages and packs."""

import datetime
import io
import zipfile
from collections.abc import Iterator
from html import unescape
from re import findall
from urllib.parse import urljoin

import pytest
from fastapi.testclient import TestClient

from api import Settings, create_app
from planner.config import load_config
from planner.pipeline.whole_plan import PlannedArea, plan_area
from planner.plans.store import open_store
from tests.api.test_api import IN_ENGLISH
from tests.conftest import write_line_of_three_villages

NOON = datetime.datetime(2026, 11, 9, 12, tzinfo=datetime.UTC)
DATE = "/areas/line/published/2026-11-10"


@pytest.fixture(scope="module")
def later(tmp_path_factory: pytest.TempPathFactory) -> PlannedArea:
    """The same day, but places open at 07:30 instead of 07:00, on a network within 1,000 s: the one stop is reached then."""
    folder = write_line_of_three_villages(tmp_path_factory.mktemp("later"))
    toml = folder / "area.toml"
    toml.write_text(
        toml.read_text(encoding="utf-8").replace('"07:00"', '"07:30"').replace("= 900", "= 1000", 1), encoding="utf-8"
    )
    return plan_area(load_config(folder))


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, line: PlannedArea, later: PlannedArea) -> Iterator[TestClient]:
    """A server where the day, the day again, the later one and the first once more were published."""
    url = f"sqlite:///{tmp_path_factory.mktemp('store')}/planner.db"
    with open_store(url) as store:
        for planned in (line, later):
            store.save_network(planned.network, created_at=NOON)
            store.save_day(planned.day, planned.problem, created_at=NOON)
        for hour, planned in enumerate((line, line, later, line)):
            store.publish(planned.day.id, published_at=NOON + datetime.timedelta(hours=hour))
    with TestClient(create_app(Settings(store_url=url)), raise_server_exceptions=False) as client:
        client.headers.update(IN_ENGLISH)
        yield client


def test_the_versions_of_a_date_are_listed_the_same_plan_again_is_none(
    server: TestClient, line: PlannedArea, later: PlannedArea
) -> None:
    (day,) = server.get("/areas/line/published").json()["days"]
    assert (day["date"], day["day_id"]) == ("2026-11-10", line.day.id)
    assert server.get(f"/days/{line.day.id}").json()["links"]["published"] == DATE
    assert "published" not in server.get(f"/days/{later.day.id}").json()["links"]
    versions = server.get(DATE).json()["versions"]
    assert [(one["version"], one["day_id"], one["published_at"][11:13]) for one in versions] == [
        (1, line.day.id, "12"),
        (2, later.day.id, "14"),
        (3, line.day.id, "15"),
    ]
    for one in (day, *versions):
        for link in one["links"].values():
            assert server.get(link).status_code == 200, link
    assert server.get("/areas/baiquan/published").json()["days"] == []


def test_a_version_says_what_changed_since_the_one_before(server: TestClient) -> None:
    assert server.get(f"{DATE}/1").json()["changes"] == []
    (change,) = server.get(f"{DATE}/2").json()["changes"]
    assert (change["stop_id"], change["kind"], change["before_s"], change["after_s"]) == (
        "sp-middle",
        "stop_retimed",
        25_200,  # 07:00
        27_000,
    )
    assert change["text"] == "van-1 now 07:30, was 07:00"
    assert server.get(f"{DATE}/latest").json() == server.get(f"{DATE}/3").json()
    page = server.get(f"{DATE}/2/van-1.html").text
    assert "Version 2: changed since version 1" in page
    assert "van-1 now 07:30, was 07:00" in page
    assert "第 2 版" in server.get(f"{DATE}/2/van-1.html", headers={"Accept-Language": "zh"}).text
    assert server.get(f"{DATE}/3/van-1.gpx").content == server.get(f"{DATE}/1/van-1.gpx").content


def test_the_pack_of_a_version_is_that_version(server: TestClient) -> None:
    for number, clock in ((1, "07:00"), (2, "07:30")):
        answer = server.get(f"{DATE}/{number}/couriers.zip")
        assert answer.headers["content-type"] == "application/zip"
        with zipfile.ZipFile(io.BytesIO(answer.content)) as pack:
            assert {"index.html", "loading.csv", "van-1.en.html", "van-1.gpx"} <= {
                name.replace("van-1.html", "van-1.en.html") for name in pack.namelist()
            }
            assert f"version {number}" in pack.read("index.html").decode()
            assert clock in pack.read("van-1.csv").decode("utf-8-sig")


def test_all_links_of_its_pages_lead_somewhere(server: TestClient) -> None:
    for page in (f"{DATE}/latest/index.html", f"{DATE}/2/index.html"):
        links = findall(r'<a [^>]*?href="([^"]+)"', server.get(page).text)
        assert {"van-1.html", "van-1.gpx", "loading.csv", "couriers.zip"} <= set(links)
        for link in links:
            if not link.startswith("https://"):
                assert server.get(urljoin(page, unescape(link))).status_code == 200, (page, link)
    assert f"{DATE}/latest/index.html" in server.get("/areas/line/index.html").text


def test_what_a_caller_has_of_a_version_is_sent_again_only_if_it_is_another(server: TestClient) -> None:
    first, last = server.get(f"{DATE}/1/index.html"), server.get(f"{DATE}/3/index.html")
    assert first.headers["etag"] != last.headers["etag"]  # one plan, but not the same changes on top
    again = {"If-None-Match": first.headers["etag"]}
    assert server.get(f"{DATE}/1/index.html", headers=again).status_code == 304
    assert server.get(f"{DATE}/latest/index.html", headers=again).status_code == 200


@pytest.mark.parametrize(
    ("path", "status", "code", "words"),
    [
        ("/areas/none/published", 404, "area_not_found", "GET /areas lists them"),
        ("/areas/none/published/2026-11-10", 404, "area_not_found", "GET /areas lists them"),
        ("/areas/baiquan/published/2026-11-10/1", 404, "plan_not_found", "no day of 'baiquan' is published"),
        ("/areas/line/published/2026-11-11", 404, "plan_not_found", "planner publish ID"),
        (f"{DATE}/4", 404, "plan_not_found", "no version 4 of 2026-11-10: there are 3"),
        (f"{DATE}/4/couriers.zip", 404, "plan_not_found", "there are 3"),
        (f"{DATE}/0", 422, "invalid_request", "the request is invalid"),
        (f"{DATE}/99999999999999999999", 422, "invalid_request", "the request is invalid"),
        ("/areas/line/published/tomorrow", 422, "invalid_request", "the request is invalid"),
        (f"{DATE}/1/van-9.gpx", 404, "not_part_of_plan", "no route of 'van-9'"),
        (f"{DATE}/1/..%2f..%2fetc%2fpasswd.csv", 404, "not_found", "see /docs"),
        (f"{DATE}/1/van-1%0d%0aSet-Cookie:x.csv", 404, "not_part_of_plan", "no route of"),
        (f"{DATE}/1/van-1.exe", 422, "invalid_request", "the request is invalid"),
        ("/areas/%3Cscript%3E/published", 404, "area_not_found", "<script>"),
    ],
)
def test_what_is_wrong_is_said_in_one_form(server: TestClient, path: str, status: int, code: str, words: str) -> None:
    answer = server.get(path)
    assert (answer.status_code, answer.json()["error"]["code"]) == (status, code)
    assert words in answer.json()["error"]["message"]
    assert answer.headers["content-type"] == "application/json"
    assert "set-cookie" not in answer.headers
    assert len(answer.content) < 1000
