"""Maps as they are printed: the whole boundary, the legend and all that must be said, on a sheet of A4 or A3."""

import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from planner.config import Basemap
from planner.outputs.day_page import day_page
from planner.pipeline.whole_plan import PlannedArea
from tests.planner.outputs.maps_read import LINKS, map_of
from tests.planner.outputs.test_basemaps import opened, pictures, with_maps  # noqa: F401  (a fixture)
from tests.planner.outputs.test_maps_in_a_browser import Visit, browser  # noqa: F401  (a fixture)
from tests.planner.outputs.test_routes_in_a_browser import three_vans

MM = 96 / 25.4  # pixels of CSS
SHEETS = {"A4": (297.0, 210.0), "A3": (420.0, 297.0)}
MARGIN_MM = 8.0
CORNERS = [(9.95, -0.15), (10.25, -0.15), (10.25, 0.05), (9.95, 0.05)]


@pytest.fixture(scope="module", params=["coverage", "routes"])
def visit(request: pytest.FixtureRequest, browser: Any, line: PlannedArea, tmp_path_factory: Any) -> Iterator[Visit]:  # noqa: F811
    path = tmp_path_factory.mktemp("printed") / f"{request.param}.html"
    path.write_text(map_of(line, request.param), encoding="utf-8")
    visit = Visit(browser, path, width=1000)
    yield visit
    assert visit.complaints == []
    assert visit.asked_elsewhere() == []


def corners_on_sheet(visit: Visit, paper: str) -> dict[str, Any]:
    """Where the boundary's corners and the parts of the sheet lie, in pixels from its upper left corner."""
    found: dict[str, Any] = visit.page.evaluate(
        """([paper, corners]) => {
          planner.printed.paper = paper;
          planner.printed.begin();
          const box = (at) => { const { left, top, right, bottom } = at.getBoundingClientRect();
            return [left + scrollX, top + scrollY, right + scrollX, bottom + scrollY]; };
          const map = box(planner.map.getContainer()), sheet = document.querySelector("#sheet .page");
          const found = {
            map, sheet: box(sheet), parts: [...sheet.querySelectorAll("header, footer, .key, .north, .scale")].map(box),
            cut: [...sheet.querySelectorAll("header, footer, .key")].map((at) =>
              [at.scrollWidth - at.clientWidth, at.scrollHeight - at.clientHeight]),
            corners: corners.map(([lon, lat]) => planner.map.latLngToContainerPoint([lat, lon]))
              .map(({ x, y }) => [x + map[0] + 1, y + map[1] + 1]),
            bar: sheet.querySelector(".scale i").getBoundingClientRect().width, said: sheet.innerText,
          };
          planner.printed.end();
          return found;
        }""",
        [paper, CORNERS],
    )
    return found


@pytest.mark.parametrize("paper", ["A4", "A3"])
def test_nothing_is_cut(visit: Visit, paper: str) -> None:
    found = corners_on_sheet(visit, paper)
    wide, high = ((side - 2 * MARGIN_MM) * MM for side in SHEETS[paper])
    assert found["sheet"][2] <= wide + 0.5
    assert found["sheet"][3] <= high
    left, top, right, bottom = found["map"]
    for x, y in found["corners"]:
        assert left < x < right
        assert top < y < bottom
    for part in (found["map"], *found["parts"]):
        assert part[0] >= -0.5
        assert part[2] <= wide + 0.5
        assert part[3] <= high
    assert all(over <= 1 for part in found["cut"] for over in part), found["cut"]
    # the boundary fills the sheet one way: 0.3 degrees of longitude here are wider than 0.2 of latitude
    across = found["corners"][1][0] - found["corners"][0][0]
    assert across > 0.85 * (right - left)


@pytest.mark.skipif(shutil.which("pdftoppm") is None, reason="pdftoppm is not installed: apt-get install poppler-utils")
def test_a_legend_that_is_too_long_goes_on_on_the_next_page(visit: Visit, tmp_path: Path) -> None:
    visit.page.evaluate(
        """() => { const section = [...document.querySelectorAll("#layers section")].at(-1);
          for (let i = 0; i < 20; i++) {
            const again = section.cloneNode(true);
            again.querySelectorAll("input").forEach((box) => (box.dataset.layer = "999"));
            again.className = "again";
            again.querySelector("h2").textContent = `question ${i}`;
            section.after(again);
          } }"""
    )
    found = corners_on_sheet(visit, "A4")
    assert all(over <= 1 for part in found["cut"] for over in part), found["cut"]
    assert "Legend continued on the next page" in found["said"]
    visit.page.evaluate("planner.printed.paper = 'A4'")
    visit.page.pdf(path=tmp_path / "map.pdf", prefer_css_page_size=True)
    subprocess.run(["pdftotext", "-layout", tmp_path / "map.pdf", tmp_path / "map.txt"], check=True)
    pages = (tmp_path / "map.txt").read_text(encoding="utf-8").split("\f")[:-1]
    assert len(pages) == 2
    assert {int(number) for page in pages for number in re.findall(r"question (\d+)", page)} == set(range(20))
    visit.page.evaluate("document.querySelectorAll('.again').forEach((part) => part.remove())")
    assert "continued" not in corners_on_sheet(visit, "A4")["said"]


def test_the_scale_bar_is_as_long_as_it_says(visit: Visit) -> None:
    found = corners_on_sheet(visit, "A4")
    # 0.3 degrees on the equator are 33.396 km (6378137 m * 0.3 * pi / 180)
    metres = 33_396 / (found["corners"][1][0] - found["corners"][0][0])
    kilometres = re.search(r"(\d+) km · about 1 : ([\d ]+)", found["said"])
    assert kilometres is not None
    assert found["bar"] * metres == pytest.approx(float(kilometres[1]) * 1000, rel=0.02)
    # a pixel is 25.4 / 96 mm
    assert float(kilometres[2].replace(" ", "")) == pytest.approx(metres / 0.0254 * 96, rel=0.05)


def test_the_sheet_says_what_must_be_said(visit: Visit, line: PlannedArea) -> None:
    said = " ".join(corners_on_sheet(visit, "A4")["said"].split())
    day = "routes" in visit.page.url
    for wanted in ("Contains synthetic data", "Internal use", "map approval number", "Sources: worked <out>"):
        assert wanted in said, wanted
    assert (line.day if day else line.network).id in said
    assert "Sancun <i>xian</i>" in said
    assert re.search(r"printed 20\d\d-\d\d-\d\d", said)
    assert ("2026-11-10" in said) == day
    assert "Boundary" in said  # the legend
    assert ("van-1" in said) == day


@pytest.mark.parametrize("basemap", [Basemap.TIANDITU, Basemap.AMAP])
@pytest.mark.parametrize("paper", ["A4", "A3"])
def test_a_provider_s_pictures_are_on_the_sheet_with_its_name_and_number(
    browser: Any,  # noqa: F811
    line: PlannedArea,
    tmp_path: Path,
    pictures: tuple[str, list[str]],  # noqa: F811
    basemap: Basemap,
    paper: str,
) -> None:
    named = {"zh": "底图 <i> 审图号 GS(2024)0000号", "en": "Pictures <i>, map approval number GS(2024)0000"}
    tiles = f"{pictures[0]}/{{z}}/{{x}}/{{y}}.png?key={{key}}"
    page, _, complaints = opened(
        browser, with_maps(line.day, basemap=basemap, tiles=tiles, attribution=named), tmp_path
    )
    page.fill("#map-key input", "abc-123")
    page.click("#map-key button")
    page.evaluate(
        """() => { window.print = () => {
          const box = (at) => ["left", "top", "right", "bottom"].map((side) => at.getBoundingClientRect()[side]);
          const loaded = (one) => one.classList.contains("leaflet-tile-loaded");
          const footer = document.querySelector("#sheet footer");
          window.seen = {
            tiles: [...document.querySelectorAll(".leaflet-tile")].map((one) => [...box(one), loaded(one)]),
            map: box(planner.map.getContainer()), shown: getComputedStyle(planner.map.getPane("tilePane")).display,
            paper: document.documentElement.className, said: footer.innerText, html: footer.innerHTML,
            cut: [footer.scrollWidth - footer.clientWidth, footer.scrollHeight - footer.clientHeight],
          };
        }; }"""
    )
    page.click(f"[data-paper={paper}]")
    seen = page.evaluate(
        "async () => { while (!window.seen) await new Promise((on) => setTimeout(on, 20)); return window.seen; }"
    )
    assert {"paper", paper.lower(), "pictured"} <= set(seen["paper"].split())
    assert seen["shown"] != "none"
    assert seen["tiles"]
    assert all(loaded for *_, loaded in seen["tiles"])
    # pictures reach from edge to edge of the map on paper
    assert min(one[0] for one in seen["tiles"]) <= seen["map"][0]
    assert max(one[2] for one in seen["tiles"]) >= seen["map"][2] - 2
    assert min(one[1] for one in seen["tiles"]) <= seen["map"][1]
    assert max(one[3] for one in seen["tiles"]) >= seen["map"][3] - 2
    assert f"Map pictures: {named['en']}" in seen["said"]
    assert "Pictures <i>" not in seen["html"]
    assert "Internal use" in seen["said"]
    assert max(seen["cut"]) <= 1
    page.mouse.click(5, 5)  # the page is as it was
    assert page.evaluate("document.documentElement.className") == ""
    assert complaints == []
    page.context.close()


def test_what_is_off_is_not_in_the_legend(visit: Visit) -> None:
    visit.page.locator("#layers label", has_text="Roads").click()
    assert "Main road" not in corners_on_sheet(visit, "A4")["said"]
    visit.page.locator("#layers label", has_text="Roads").click()
    assert "Main road" in corners_on_sheet(visit, "A4")["said"]


def test_the_page_is_as_it_was_when_it_has_been_printed(visit: Visit) -> None:
    look = "() => [planner.map.getZoom(), planner.map.getSize().x, planner.map.getCenter().lng.toFixed(3)]"
    before = visit.page.evaluate(look)
    corners_on_sheet(visit, "A3")
    assert visit.page.evaluate(look) == before
    assert visit.page.is_hidden("#sheet")


@pytest.mark.skipif(shutil.which("pdftoppm") is None, reason="pdftoppm is not installed: apt-get install poppler-utils")
@pytest.mark.parametrize("paper", ["A4", "A3"])
def test_the_boundary_s_corners_are_on_the_printed_page(visit: Visit, tmp_path: Path, paper: str) -> None:
    corners = corners_on_sheet(visit, paper)["corners"]
    visit.page.evaluate("(paper) => { planner.printed.paper = paper; planner.printed.page(); }", paper)
    visit.page.pdf(path=tmp_path / "map.pdf", prefer_css_page_size=True, print_background=True)
    subprocess.run(["pdftoppm", "-r", "96", "-png", tmp_path / "map.pdf", tmp_path / "page"], check=True)
    (page,) = tmp_path.glob("page-*.png")  # one page, no more
    seen = np.asarray(Image.open(page).convert("L"))
    assert seen.shape[::-1] == tuple(pytest.approx(side * MM, abs=2) for side in SHEETS[paper])
    for x, y in corners:
        column, row = round(x + MARGIN_MM * MM), round(y + MARGIN_MM * MM)
        assert seen[row - 3 : row + 4, column - 3 : column + 4].min() < 110, (column, row)
    # beside the line there is white paper
    assert seen[20, seen.shape[1] // 2] == 255


def test_a_day_prints_every_column(browser: Any, line: PlannedArea, tmp_path: Path) -> None:  # noqa: F811
    routes = three_vans(line).routes
    dear = tuple(replace(route, cost_yuan=12_345.0, distance_m=987_654.0) for route in routes.routes)
    day = replace(three_vans(line), routes=replace(routes, routes=dear))
    path = tmp_path / "index.html"
    path.write_text(day_page(day, LINKS, network_href="", area_href=""), encoding="utf-8")
    wide = round((297 - 2 * 14) * MM)  # A4 landscape within its margins
    context = browser.new_context(viewport={"width": wide, "height": 700}, offline=True)
    page = context.new_page()
    page.goto(path.as_uri())
    page.emulate_media(media="print")
    tables = page.evaluate(
        """() => [...document.querySelectorAll("table, .hours")].filter((at) => at.getClientRects().length)
          .map((at) => at.getBoundingClientRect().right)"""
    )
    heads = page.locator("table.dense tr:first-child th:visible").all_inner_texts()
    context.close()
    assert tables
    assert max(tables) <= wide
    assert heads[:1] + heads[14:16] == ["Vehicle", "Yuan", "Yuan a parcel"]
