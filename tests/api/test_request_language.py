"""The language of an answer: as asked, remembered, accepted, or that of the area; and nothing in another language."""

import datetime
import io
import itertools
import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import httpx
import openpyxl
import pytest
from fastapi.testclient import TestClient

from api import Settings, create_app
from api.fact_texts import with_texts
from planner.config import embedded_areas, load_config
from planner.geodata.assemble import read_area
from planner.model import Fact
from planner.outputs.notice import notice_of
from planner.pipeline.whole_plan import PlannedArea, plan_area
from planner.plans.store import open_store
from planner.words import LANGUAGES, Language, speaking
from tests.conftest import write_line_of_three_villages
from tests.languages import foreign_words, names_of, page_text

NOON = datetime.datetime(2026, 11, 10, 12, tzinfo=datetime.UTC)
TITLES = {"en": "Rural service planner", "zh": "农村物流规划"}


@pytest.fixture(scope="module")
def chinese(tmp_path_factory: pytest.TempPathFactory) -> PlannedArea:
    """The line of three villages as an area that asks for Chinese."""
    folder = write_line_of_three_villages(tmp_path_factory.mktemp("chinese"))
    config = folder / "area.toml"
    text = config.read_text(encoding="utf-8").replace("schema = 1", 'schema = 1\nlanguage = "zh"')
    config.write_text(text.replace('id = "line"', 'id = "xian"'), encoding="utf-8")
    return plan_area(load_config(folder))


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, line: PlannedArea, chinese: PlannedArea) -> Iterator[TestClient]:
    url = f"sqlite:///{tmp_path_factory.mktemp('store')}/planner.db"
    with open_store(url) as store:
        for planned in (line, chinese):
            store.save_network(planned.network, created_at=NOON)
            store.save_day(planned.day, planned.problem, created_at=NOON)
    with TestClient(create_app(Settings(store_url=url)), raise_server_exceptions=False) as client:
        yield client


@pytest.fixture
def client(server: TestClient) -> TestClient:
    """A reader who has not been there before: no language is remembered."""
    server.cookies.clear()
    return server


@pytest.mark.parametrize(
    ("query", "cookie", "accepted", "spoken"),
    [
        ("", "", "", "en"),
        ("", "", "zh-CN,zh;q=0.9,en;q=0.8", "zh"),
        ("", "", "zh-Hans-CN", "zh"),
        ("", "", "ZH", "zh"),
        ("", "", "en-GB,zh;q=0.9", "en"),
        ("", "", "de,fr;q=0.9,en;q=0.2,zh;q=0.3", "zh"),
        ("", "", "zh;q=0, en;q=0.1", "en"),
        ("", "", "zh;q=0", "en"),
        ("", "", "de, *;q=0.5", "en"),
        ("", "", "zh;q=much,en;q=0.1", "en"),
        ("", "", ",;;q=,zh", "zh"),
        ("", "zh", "en", "zh"),
        ("", "fr", "zh", "zh"),
        ("en", "zh", "zh", "en"),
        ("zh", "en", "en", "zh"),
    ],
)
def test_what_is_asked_goes_before_what_is_remembered_and_accepted(
    client: TestClient, query: str, cookie: str, accepted: str, spoken: Language
) -> None:
    client.cookies.update({"lang": cookie} if cookie else {})
    answer = client.get("/", params={"lang": query} if query else {}, headers={"Accept-Language": accepted})
    assert f"<h1>{TITLES[spoken]}</h1>" in answer.text
    assert answer.headers["content-language"] == spoken
    assert answer.headers["vary"] == "Accept-Language, Cookie"
    assert ("set-cookie" in answer.headers) == bool(query)


def test_a_switch_is_remembered_for_a_year(client: TestClient) -> None:
    switched = client.get("/", params={"lang": "zh"})
    assert switched.headers["set-cookie"] == "lang=zh; Path=/; Max-Age=31536000; SameSite=Lax; HttpOnly"
    assert TITLES["zh"] in client.get("/", headers={"Accept-Language": "en"}).text
    client.get("/", params={"lang": "en"})
    assert TITLES["en"] in client.get("/", headers={"Accept-Language": "zh"}).text
    wrong = client.get("/networks", params={"lang": "fr"})
    assert (wrong.status_code, "set-cookie" in wrong.headers) == (422, False)


def test_who_asks_for_none_gets_the_areas_language(client: TestClient, line: PlannedArea, chinese: PlannedArea) -> None:
    def spoken(planned: PlannedArea, **headers: str) -> set[str]:
        addresses = (
            *(f"/networks/{planned.network.id}/{part}" for part in ("index.html", "seasons", "stations.geojson")),
            *(f"/days/{planned.day.id}/{part}" for part in ("index.html", "routes", "routes/van-1.csv")),
            f"/areas/{planned.network.area.id}/index.html",
        )
        return {client.get(address, headers=headers).headers["content-language"] for address in addresses}

    assert (spoken(line), spoken(chinese)) == ({"en"}, {"zh"})
    assert spoken(chinese, **{"Accept-Language": "en"}) == {"en"}
    assert client.get("/areas/baiquan/reach.geojson?minutes=5").headers["content-language"] == "zh"


def test_a_page_kept_in_one_language_is_not_the_page_in_the_other(client: TestClient, line: PlannedArea) -> None:
    address = f"/networks/{line.network.id}/index.html"
    tags = {}
    for lang in LANGUAGES:
        tags[lang] = client.get(address, headers={"Accept-Language": lang}).headers["etag"]
    for asked, kept in itertools.product(LANGUAGES, LANGUAGES):
        headers = {"Accept-Language": asked, "If-None-Match": tags[kept]}
        answer = client.get(address, headers=headers)
        assert answer.status_code == (304 if asked == kept else 200)
        assert answer.headers["vary"] == "Accept-Language, Cookie"


def test_requests_at_once_are_each_answered_in_their_own_language(client: TestClient, line: PlannedArea) -> None:
    addresses = [
        "/",
        f"/networks/{line.network.id}/none",
        "/networks/none",
        "/days?limit=0",
        f"/days/{line.day.id}/index.html",
    ]
    asked = list(itertools.product(LANGUAGES, addresses)) * 12

    def answer(lang: Language, address: str) -> tuple[str, str]:
        got = client.get(address, headers={"Accept-Language": lang})
        return got.headers["content-language"], re.sub('"lang=.."', "", got.text)

    alone = {one: answer(*one) for one in set(asked)}
    with ThreadPoolExecutor(8) as pool:
        together = list(pool.map(lambda one: answer(*one), asked))
    assert together == [alone[one] for one in asked]
    assert all(lang == spoken for (lang, _), (spoken, _) in zip(asked, together, strict=True))
    for address in addresses:
        assert alone["zh", address] != alone["en", address]


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("/networks/none", "方案库中没有 'none'"),
        ("/areas/none", "没有区域"),
        ("/areas/baiquan/index.html", "尚无方案"),
        ("/nothing", "没有此地址"),
        ("/days?limit=0&date=x", "请求不成立"),
        ("/areas/atlantis/curve?counts=1", "没有内置区域"),
        ("/areas/baiquan/curve", "counts 或 budgets"),
        ("/areas/line/reach.html?from=west&minutes=5", "没有区域 'line' 的路网"),
    ],
)
def test_errors_are_said_in_the_language_of_the_request(client: TestClient, path: str, said: str) -> None:
    errors = {lang: client.get(path, headers={"Accept-Language": lang}).json()["error"] for lang in LANGUAGES}
    assert errors["zh"]["code"] == errors["en"]["code"]
    assert said in errors["zh"]["message"]
    assert len(errors["zh"]["problems"]) == len(errors["en"]["problems"])
    for lang, error in errors.items():
        text = "\n".join([error["message"], *error["problems"]])
        names = ["counts", "budgets", "GET", "limit", "query", "date", "none", "line", "nothing", "atlantis", "site"]
        names += embedded_areas()
        assert foreign_words(text, lang, names) == [], lang


def test_errors_of_a_vroom_request_too(client: TestClient) -> None:
    request = {"vehicles": [{"id": 1, "start_index": 0}], "jobs": [{}] * 1001}
    english, chinese = (client.post(f"/routing/vroom?lang={lang}", json=request).json() for lang in ("en", "zh"))
    assert "1001 tasks" in english["error"]
    assert "1001 项任务" in chinese["error"]
    assert chinese["planner"]["problems"][0] in chinese["error"]


def test_a_fact_keeps_code_and_parameters_and_gets_a_sentence() -> None:
    limits = (Fact(code="limit_count", params={"count": 3}),)
    fact = Fact(code="limit_mandatory_points", params={"count": 1, "point_ids": ("v1",), "limits": limits})
    told = {}
    for lang in LANGUAGES:
        with speaking(lang):
            told[lang] = with_texts({"conflicts": (fact,), "names": ["limit_count"]}, {"v1": "新富村"})
    params = {"count": 1, "point_ids": ["v1"], "limits": [{"code": "limit_count", "params": {"count": 3}}]}
    (english,), (chinese,) = told["en"]["conflicts"], told["zh"]["conflicts"]
    assert english == {"code": fact.code, "params": params, "text": "1 mandatory points (新富村 v1)"}
    assert chinese["text"] != english["text"]
    assert told["en"]["names"] == ["limit_count"]


def test_the_description_is_for_programmers_and_in_english(client: TestClient) -> None:
    for path in ("/docs", "/openapi.json"):
        answer = client.get(path, headers={"Accept-Language": "zh"})
        assert "content-language" not in answer.headers
    assert foreign_words(client.get("/openapi.json").text, "en") == []


PAGES = [
    "/",
    "/areas/line/index.html",
    "{network}/index.html",
    "{network}/coverage.html",
    "{day}/index.html",
    "{day}/routes.html",
    "{day}/routes/van-1.html",
]
FILES = [
    "{network}/network.xlsx",
    "{day}/day.xlsx",
    "{day}/routes/van-1.gpx",
    "{day}/routes/van-1.csv",
]


def _get(client: TestClient, line: PlannedArea, path: str, lang: Language) -> httpx.Response:
    address = path.format(network=f"/networks/{line.network.id}", day=f"/days/{line.day.id}")
    return client.get(address, headers={"Accept-Language": lang})


def _names(line: PlannedArea) -> set[str]:
    embedded = {name for area in embedded_areas() for name in (area, load_config(area).area.name)}
    return names_of(line.network.area) | embedded | {"xian", "厢式货车", "for the test", "经度", "lon"}


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("path", PAGES)
def test_a_page_has_one_language_and_a_switch(client: TestClient, line: PlannedArea, path: str, lang: Language) -> None:
    page = _get(client, line, path, lang).text
    assert foreign_words(page_text(page), lang, _names(line)) == []
    assert f'<html lang="{"zh-CN" if lang == "zh" else "en"}">' in page
    assert f'href="?lang={"en" if lang == "zh" else "zh"}"' in page


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("path", FILES)
def test_a_file_has_one_language(client: TestClient, line: PlannedArea, path: str, lang: Language) -> None:
    content = _get(client, line, path, lang).content
    if path.endswith(".xlsx"):
        book = openpyxl.load_workbook(io.BytesIO(content))
        cells = [str(cell) for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row if cell]
        text = "\n".join([*book.sheetnames, *cells])
    else:
        text = page_text(content.decode("utf-8-sig"))
    assert foreign_words(text, lang, _names(line)) == []


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("address", ["reach.html?from=hub-230231100&minutes=10", "curve.html?counts=55"])
def test_pages_of_an_area_keep_what_was_asked_when_they_are_switched(
    client: TestClient, address: str, lang: Language
) -> None:
    page = client.get(f"/areas/baiquan/{address}", headers={"Accept-Language": lang}).text
    area = read_area(load_config("baiquan"))
    assert f'<html lang="{"zh-CN" if lang == "zh" else "en"}">' in page
    asked = address.partition("?")[2].replace("&", "&amp;")
    assert f'href="?{asked}&amp;lang={"en" if lang == "zh" else "zh"}"' in page
    with speaking(lang):
        notice = notice_of(area)
    assert foreign_words(page_text(page), lang, names_of(area) | {notice.text, *notice.parts}) == []
