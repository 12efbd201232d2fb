"""Maps as a browser shows them, without a network."""

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from planner.model import Tier
from planner.outputs.maps import coverage_map
from planner.outputs.maps.style import VERMILLION
from planner.pipeline.whole_plan import PlannedArea
from tests.conftest import folders_in, result_in
from tests.planner.outputs.maps_read import LINKS, english_page, map_of

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    if CHROMIUM is None:
        pytest.skip("chromium is not installed: apt-get install chromium")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield chromium
        chromium.close()


class Visit:
    """One page opened without a network; what it asked for and complained of."""

    def __init__(self, browser: Any, path: Path, width: int = 1400, at: str = "") -> None:
        context = browser.new_context(viewport={"width": width, "height": 900}, offline=True)
        self.page = context.new_page()
        self.requests: list[str] = []
        self.complaints: list[str] = []
        self.page.on("request", lambda request: self.requests.append(request.url))
        self.page.on("console", lambda message: self.complaints.append(f"{message.type}: {message.text}"))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("dialog", lambda dialog: self.complaints.append(f"dialog: {dialog.message}"))
        self.page.goto(path.as_uri() + at)
        self.page.wait_for_selector(".leaflet-control-scale-line")

    def asked_elsewhere(self) -> list[str]:
        return [url for url in self.requests[1:] if not url.startswith("data:")]


@pytest.mark.parametrize("area", ["baiquan", "neubrandenburg"])
@pytest.mark.parametrize("name", ["coverage", "routes"])
def test_the_demonstration_opens_with_the_network_unplugged(browser: Any, demo_out: Path, area: str, name: str) -> None:
    visit = Visit(browser, english_page(demo_out, area, name))
    assert visit.complaints == []
    assert visit.asked_elsewhere() == []
    box = visit.page.locator(".folium-map").bounding_box()
    assert box["width"] > 900
    assert box["height"] > 800
    assert visit.page.locator(".leaflet-marker-icon").count() > 10
    notice = "contains synthetic" if area == "baiquan" else "contains assumed data"
    assert notice in visit.page.inner_text("#panel .notice")
    assert len(visit.page.screenshot()) > 30_000  # an empty map of this size is a few kilobytes of one colour


def test_villages_are_found_by_chinese_and_by_pinyin(browser: Any, demo_out: Path) -> None:
    visit = Visit(browser, english_page(demo_out, "baiquan", "coverage"))
    for query, name in (("永发", "永发村"), ("yong fa", "永发村"), ("YONGFA", "永发村"), ("yfc", "永发村")):
        visit.page.fill("#query", query)
        visit.page.press("#query", "Enter")
        visit.page.wait_for_selector(f".leaflet-popup-content:has-text('{name}')")
    assert "永发乡" not in visit.page.inner_text(".leaflet-popup-content b")
    visit.page.fill("#query", "no such village")
    assert visit.page.inner_text("#found") != ""
    assert visit.complaints == []


def test_layers_are_switched(browser: Any, demo_out: Path) -> None:
    visit = Visit(browser, english_page(demo_out, "baiquan", "routes"))
    before = visit.page.locator(".leaflet-marker-icon").count()
    visit.page.locator("#layers label", has_text="van-1").first.click()
    after = visit.page.locator(".leaflet-marker-icon").count()
    assert before - after >= 1
    visit.page.locator("#rows button").first.click()
    visit.page.wait_for_timeout(500)
    assert visit.complaints == []


def test_a_layer_switched_on_later_does_not_hide_what_lies_over_it(browser: Any, demo_out: Path) -> None:
    visit = Visit(browser, english_page(demo_out, "baiquan", "coverage"))
    visit.page.locator("#layers label", has_text="Reach of the express stations").click()
    # the canvas draws what it holds in this order: the bands of the reach must come before the villages' circles
    order = visit.page.evaluate(
        """() => {
          const map = Object.values(window).find((value) => value instanceof L.Map);
          const kinds = [];
          for (let at = map._renderer._drawFirst; at; at = at.next) {
            const tip = at.layer.feature.properties.tooltip || "";
            kinds.push(at.layer instanceof L.CircleMarker ? "village" : tip.startsWith("at most") ? "reach" : "other");
          }
          return kinds;
        }"""
    )
    assert order.count("reach") == 4
    assert order.count("village") > 100
    assert max(i for i, kind in enumerate(order) if kind == "reach") < order.index("village")
    assert visit.complaints == []


def test_each_stage_shows_the_sites_and_villages_of_the_document(browser: Any, demo_out: Path) -> None:
    network = result_in(demo_out, "baiquan").network
    visit = Visit(browser, english_page(demo_out, "baiquan", "coverage"))
    buttons = visit.page.locator("#stages button")
    assert buttons.count() == len(network.stages) == 3
    for number in (0, 2, 1):
        stage = network.stages[number]
        buttons.nth(number).click()
        shown = visit.page.evaluate(
            """() => {
              const open = [], filled = new Map();
              for (const layer of planner.layers) layer.eachLayer((part) => {
                const { id, v, icon, stages } = part.feature.properties;
                if (id && icon && stages && planner.map.hasLayer(part)) open.push(id);
                if (id && v !== undefined) filled.set(id, part.options.fillColor);
              });
              return { open, filled: [...filled] };
            }"""
        )
        assert sorted(shown["open"]) == sorted(stage.opened)
        left = {village_id for village_id, colour in shown["filled"] if colour == VERMILLION}
        assert left == {one.village_id for one in stage.hand_over if not one.covered}
        said = visit.page.inner_text("#stage")
        assert f"{len(stage.hand_over) - len(left)} of {len(stage.hand_over)} villages" in said
        assert buttons.nth(number).get_attribute("aria-pressed") == "true"
    # symbols on the map, hub apart: as many as the stage opens
    shown = visit.page.locator(".leaflet-marker-icon.symbol svg").count()
    assert shown == len(network.stages[1].opened) + len(network.opened_sites(Tier.COUNTY_HUB))
    assert visit.complaints == []


def test_the_other_language_shows_what_was_looked_at(browser: Any, demo_out: Path) -> None:
    visit = Visit(browser, english_page(demo_out, "baiquan", "coverage"))
    visit.page.locator("#stages button").first.click()
    visit.page.locator("#layers label", has_text="Township names").click()
    visit.page.fill("#query", "yongfa")
    visit.page.press("#query", "Enter")
    look = """() => {
      const { lat, lng } = planner.map.getCenter();
      const shown = planner.layers.map((layer) => planner.map.hasLayer(layer));
      return [planner.map.getZoom(), lat.toFixed(4), lng.toFixed(4), planner.stage, shown];
    }"""
    before = visit.page.evaluate(look)
    visit.page.click("#panel .switch a")
    visit.page.wait_for_selector("html[lang=zh-CN] .leaflet-control-scale-line")
    assert visit.page.evaluate(look) == before
    assert visit.page.locator("#stages button").first.get_attribute("aria-pressed") == "true"
    assert not visit.page.locator("#layers label", has_text="乡镇名").locator("input").is_checked()
    assert visit.complaints == []
    assert visit.asked_elsewhere() == [visit.page.url.partition("#")[0]]


@pytest.mark.parametrize("asked", ["#view=x", "#view=9/1/1/9/0.1", "#view=9//1/0/", "#<img src=x>", "#view=9/1/1/0/99"])
def test_an_address_that_means_nothing_harms_nothing(
    browser: Any, tmp_path: Path, line: PlannedArea, asked: str
) -> None:
    path = tmp_path / "coverage.html"
    path.write_text(map_of(line, "coverage"), encoding="utf-8")
    visit = Visit(browser, path, at=asked)
    assert visit.complaints == []


def test_what_is_not_known_is_hatched(browser: Any, tmp_path: Path, line: PlannedArea) -> None:
    (stage,) = line.network.stages
    unknown = replace(stage.hand_over[0], duration_s=None, driving_s=None, walking_s=None)
    network = replace(line.network, stages=(replace(stage, hand_over=(unknown, *stage.hand_over[1:])),))
    path = tmp_path / "coverage.html"
    path.write_text(coverage_map(network, LINKS), encoding="utf-8")
    visit = Visit(browser, path)
    kinds = visit.page.evaluate(
        """() => planner.layers.flatMap((layer) => layer.getLayers())
          .filter((part) => part.feature.properties.v === 0).map((part) => String(part.options.fillColor))"""
    )
    assert kinds == ["[object CanvasPattern]"] * 2
    assert "Not known" in visit.page.inner_text("#layers")
    assert visit.complaints == []


@pytest.mark.parametrize("name", ["coverage", "routes"])
@pytest.mark.parametrize("width", [1280, 390])
def test_nothing_in_the_panel_is_cut_off(browser: Any, demo_out: Path, name: str, width: int) -> None:
    for folder in [one for area in ("baiquan", "neubrandenburg") for one in folders_in(demo_out, area)]:
        for page in sorted(folder.glob(f"{name}*.html")):
            visit = Visit(browser, page, width=width)
            sizes = visit.page.evaluate(
                """() => ["#panel", "#rows", "html"].flatMap((at) => [...document.querySelectorAll(at)])
                  .map((part) => [part.clientWidth, part.scrollWidth])"""
            )
            assert all(wide <= room for room, wide in sizes), (page.name, sizes)


@pytest.mark.parametrize("name", ["coverage", "routes"])
def test_names_that_look_like_code_are_shown_and_not_run(
    browser: Any, tmp_path: Path, line: PlannedArea, name: str
) -> None:
    path = tmp_path / f"{name}.html"
    path.write_text(map_of(line, name), encoding="utf-8")
    visit = Visit(browser, path, width=400)
    assert visit.complaints == []
    assert visit.asked_elsewhere() == []
    visit.page.fill("#query", "xi")
    visit.page.press("#query", "Enter")
    assert "西<b>村</b></script>" in visit.page.inner_text(".leaflet-popup-content")
    assert visit.page.locator(".leaflet-popup-content b b").count() == 0
