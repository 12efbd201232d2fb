"""Basemaps: nothing is asked for unless one was chosen, then that host only, and no key is where nobody wanted it."""

import base64
import http.server
import math
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from planner.config import Basemap, Datum, MapsConfig, load_config
from planner.geodata.datum import from_wgs84
from planner.outputs.map_key import VARIABLE, offer_key
from planner.outputs.maps import routes_map
from planner.outputs.maps.basemap import PROVIDERS
from planner.pipeline.whole_plan import PlannedArea
from planner.plans import DayPlan, day_from_json, to_json
from planner.words import speaking
from tests.planner.outputs.maps_read import LINKS
from tests.planner.outputs.test_maps_in_a_browser import browser  # noqa: F401  (a fixture)

PICTURE = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


@pytest.fixture(scope="module")
def pictures() -> Iterator[tuple[str, list[str]]]:
    """A server of map pictures on this machine: its address, and what it was asked for."""
    asked: list[str] = []

    class Server(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(200)
            self.send_header("Content-Type", "image/png")
            self.end_headers()
            self.wfile.write(PICTURE)

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Server)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}", asked
    server.shutdown()
    server.server_close()
    thread.join()


def with_maps(day: DayPlan, **maps: Any) -> DayPlan:
    return replace(day, config={**day.config, "maps": MapsConfig(**maps).model_dump(mode="json")})


def opened(browser: Any, day: DayPlan, folder: Path, width: int = 1000) -> tuple[Any, list[str], list[str]]:  # noqa: F811
    """The page of a day's map with all but this machine out of reach; what it asks other hosts for, and complains of."""
    path = folder / "routes.html"
    path.write_text(routes_map(day, LINKS), encoding="utf-8")
    page = browser.new_context(viewport={"width": width, "height": 700}).new_page()
    asked: list[str] = []
    complaints: list[str] = []

    def route(one: Any) -> None:
        url = one.request.url
        if url.startswith(("file:", "data:", "http://127.0.0.1")):
            one.continue_()
        else:
            one.fulfill(body=PICTURE, content_type="image/png")

    page.route("**/*", route)
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(path.as_uri())
    page.wait_for_selector(".leaflet-control-scale-line")
    page.wait_for_timeout(250)
    return page, asked, complaints


def foreign(asked: list[str]) -> set[str]:
    """The hosts that were asked."""
    return {"/".join(url.split("/")[:3]) for url in asked if not url.startswith(("file:", "data:"))}


@pytest.mark.parametrize("maps", [None, {"basemap": "own"}])
def test_the_default_asks_nobody(browser: Any, line: PlannedArea, tmp_path: Path, maps: Any) -> None:  # noqa: F811
    day = line.day if maps is None else with_maps(line.day, **maps)
    page, asked, complaints = opened(browser, day, tmp_path)
    assert foreign(asked) == set()
    assert complaints == []
    assert page.locator(".leaflet-tile").count() == 0
    said = page.locator("#basemap").text_content()
    assert "this page asks no host for anything" in said
    assert "Synthetic: all of it" in said
    assert "img-src data:" in page.content()
    page.context.close()


def test_a_chosen_basemap_asks_its_host_only(
    browser: Any,  # noqa: F811
    line: PlannedArea,
    tmp_path: Path,
    pictures: tuple[str, list[str]],
) -> None:
    host, asked_there = pictures
    day = with_maps(line.day, basemap="osm", tiles=f"{host}/{{z}}/{{x}}/{{y}}.png")
    page, asked, complaints = opened(browser, day, tmp_path)
    assert foreign(asked) == {host}
    assert complaints == []
    assert asked_there
    assert page.locator(".leaflet-tile-loaded").count() == len(asked_there)
    # the line lies at 10 degrees east on the equator: x = (10 / 360 + 1 / 2) 2^z, y = 2^z / 2
    zoom, x, y = (int(part) for part in asked_there[0].removesuffix(".png").strip("/").split("/"))
    assert abs(x - (10.1 / 360 + 0.5) * 2**zoom) < 4
    assert abs(y - 2**zoom / 2) < 4
    assert "© OpenStreetMap contributors" in page.inner_text(".leaflet-control-attribution")
    assert f"which this page asks {host} for" in page.inner_text("#basemap")
    page.click("[data-basemap='']")  # back to the plan's own
    assert page.locator(".leaflet-tile").count() == 0
    assert "OpenStreetMap" not in page.inner_text(".leaflet-control-attribution")
    page.context.close()


@pytest.mark.parametrize("basemap", [Basemap.TIANDITU, Basemap.AMAP])
def test_without_a_key_nothing_is_asked_for_until_the_reader_gives_one(
    browser: Any,  # noqa: F811
    line: PlannedArea,
    tmp_path: Path,
    basemap: Basemap,
) -> None:
    page, asked, complaints = opened(browser, with_maps(line.day, basemap=basemap), tmp_path)
    assert foreign(asked) == set()
    page.fill("#map-key input", "abc-123")
    page.click("#map-key button")
    page.wait_for_timeout(250)
    domain = {"tianditu": ".tianditu.gov.cn", "amap": ".is.autonavi.com"}[basemap]
    assert foreign(asked)
    assert all(host.endswith(domain) for host in foreign(asked))
    assert all("abc-123" in url for url in asked if domain in url)
    assert page.is_hidden("#map-key")
    assert complaints == []
    assert "abc-123" not in (tmp_path / "routes.html").read_text(encoding="utf-8")
    page.context.close()


def test_what_is_drawn_is_shifted_onto_amap_s_pictures(browser: Any, line: PlannedArea, tmp_path: Path) -> None:  # noqa: F811
    page, _, complaints = opened(browser, with_maps(line.day, basemap="amap"), tmp_path)
    places = [(126.08, 47.60), (113.32, 23.12), (87.62, 43.82), (13.26, 53.56)]  # the last is in Germany: no shift
    lons, lats = np.transpose(places)
    there = np.transpose(from_wgs84(lons, lats, Datum.GCJ02))
    # what a kilometre off would mean: 0.01 degrees; these agree to a millimetre
    found = page.evaluate("(places) => places.map((at) => planner.gcj.from(at))", places)
    np.testing.assert_allclose(found, there, atol=1e-8)
    back = page.evaluate("(places) => places.map((at) => planner.gcj.to(planner.gcj.from(at)))", places)
    np.testing.assert_allclose(back, places, atol=1e-9)
    pixel = """([lon, lat]) => { const { x, y } = planner.map.project([lat, lon], 12); return [x, y]; }"""
    unshifted = page.evaluate(pixel, places[0])
    page.fill("#map-key input", "abc")
    page.click("#map-key button")
    moved = page.evaluate(pixel, places[0])
    # the world is 256 * 2^12 pixels wide; Mercator's y by hand
    lon, lat = there[0]
    wide = 256 * 2**12
    y = (1 - math.asinh(math.tan(math.radians(lat))) / math.pi) / 2 * wide
    assert moved == [pytest.approx((lon + 180) / 360 * wide, abs=0.01), pytest.approx(y, abs=0.01)]
    assert moved != unshifted
    round_trip = """(at) => { const { lng, lat } = planner.map.unproject(planner.map.project([at[1], at[0]], 12), 12);
      return [lng, lat]; }"""
    assert page.evaluate(round_trip, places[0]) == [pytest.approx(part, abs=1e-8) for part in places[0]]
    page.click("[data-basemap='']")
    assert page.evaluate(pixel, places[0]) == unshifted
    assert complaints == []
    page.context.close()


def test_a_key_is_written_only_where_that_was_asked_for(line: PlannedArea, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, "from-environment")
    assert "from-environment" not in routes_map(with_maps(line.day, basemap="tianditu"), LINKS)
    assert "from-environment" in routes_map(with_maps(line.day, basemap="tianditu", write_key=True), LINKS)
    monkeypatch.delenv(VARIABLE)
    offer_key("from-file")
    assert "from-file" not in routes_map(with_maps(line.day, basemap="tianditu"), LINKS)
    assert "from-file" in routes_map(with_maps(line.day, basemap="tianditu", write_key=True), LINKS)
    offer_key("")


def test_a_document_keeps_the_basemap_and_no_key(line: PlannedArea, line_folder: Path) -> None:
    config = line_folder / "area.toml"
    section = '[maps]\nbasemap = "tianditu"\nkey = "secret"\nwrite_key = true\n'
    config.write_text(config.read_text(encoding="utf-8") + section, encoding="utf-8")
    read = load_config(line_folder)
    assert read.maps is not None
    assert read.maps.key == "secret"
    kept = read.parts(("maps", "seed"))
    assert kept["maps"]["basemap"] == "tianditu"
    assert "secret" not in str(kept)
    day = replace(line.day, config={**line.day.config, "maps": kept["maps"]})
    text = to_json(day)
    assert "secret" not in text
    assert day_from_json(text, line.network).config["maps"] == kept["maps"]


@pytest.mark.parametrize(
    ("section", "said"),
    [
        ('basemap = "google"', "basemap"),
        ('basemap = "osm"\ntiles = "https://a.example/{z}/{x}.png"', "tiles is no address"),
        ('basemap = "osm"\ntiles = "https://a.example; script-src \'unsafe-eval\'/{z}/{x}/{y}"', "tiles is no address"),
        ('tiles = "https://a.example/{z}/{x}/{y}.png"', "tiles needs a basemap"),
        ('basemap = "amap"\nkey = "a\\"b"', "key"),
    ],
)
def test_a_faulty_section_is_refused_by_its_key(line_folder: Path, section: str, said: str) -> None:
    config = line_folder / "area.toml"
    config.write_text(config.read_text(encoding="utf-8") + f"[maps]\n{section}\n", encoding="utf-8")
    with pytest.raises(Exception, match=r"maps") as refused:
        load_config(line_folder)
    assert said in str(refused.value)


def test_each_provider_is_attributed_in_both_languages(line: PlannedArea) -> None:
    assert set(PROVIDERS) == set(Basemap) - {Basemap.OWN}
    said = {
        "tianditu": ("Tianditu, National Platform", "天地图·国家地理信息公共服务平台"),
        "amap": ("Amap", "高德地图"),
    }
    for basemap, (english, chinese) in said.items():
        day = with_maps(line.day, basemap=basemap)
        assert english in routes_map(day, LINKS)
        with speaking("zh"):
            assert chinese in routes_map(day, LINKS)
