"""The routes map as a browser shows it: one vehicle or all, arrows, the day as it passes; no request, no complaint."""

import datetime
import math
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from planner.outputs.maps import routes_map, week_map
from planner.pipeline.whole_plan import PlannedArea
from planner.plans import DayPlan
from planner.routing import Route
from planner.words import LANGUAGES, speaking
from tests.planner.outputs.maps_read import LINKS
from tests.planner.outputs.test_maps_in_a_browser import Visit, browser  # noqa: F401  (a fixture)

VANS = ("van-1", "van-2", "van-10")
IN_CHINESE = ["厢式货车1", "厢式货车2", "厢式货车10"]
_START_S, _THERE_S, _LEAVES_S = 25_200 - 801.5, 25_200, 25_836


def three_vans(line: PlannedArea) -> DayPlan:
    """The line's one route, driven by three vans, each an hour after the one before."""
    (route,) = line.day.routes.routes

    def later(name: str, seconds: float) -> Route:
        (visit,) = route.visits
        moved = replace(
            visit,
            arrival_s=visit.arrival_s + seconds,
            service_start_s=visit.service_start_s + seconds,
            departure_s=visit.departure_s + seconds,
        )
        start_s, end_s = route.start_s + seconds, route.end_s + seconds
        return replace(route, vehicle_id=name, visits=(moved,), start_s=start_s, end_s=end_s)

    routes = tuple(later(name, 3600.0 * number) for number, name in enumerate(VANS))
    return replace(
        line.day,
        routes=replace(line.day.routes, routes=routes),
        paths=line.day.paths * len(VANS),
        walks=line.day.walks * len(VANS),
    )


@pytest.fixture(scope="module")
def pages(line: PlannedArea, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("routes")
    for lang in LANGUAGES:
        with speaking(lang):
            (folder / LINKS.page("routes")).write_text(routes_map(three_vans(line), LINKS), encoding="utf-8")
    return folder


@pytest.fixture(params=[1280, 390], scope="module")
def visit(request: pytest.FixtureRequest, browser: Any, pages: Path) -> Iterator[Visit]:  # noqa: F811
    """One page for all tests of a width; each leaves it as it was."""
    visit = Visit(browser, pages / "routes.html", width=request.param)
    yield visit
    assert visit.complaints == []
    assert visit.asked_elsewhere() == []


def shown(visit: Visit) -> list[str]:
    """The vehicles whose layers are on the map."""
    found: list[str] = visit.page.evaluate("planner.routes.inView().map((route) => route.name)")
    return found


def at(visit: Visit, seconds: float) -> dict[str, list[Any]]:
    """Where the moving vehicles are at a time: longitude, and whether they are at the depot."""
    return dict(
        visit.page.evaluate(
            """(now) => { planner.routes.toTime(now); return planner.routes.all
              .filter(({ marker }) => planner.map.hasLayer(marker))
              .map(({ name, marker }) => [name, [marker.getLatLng().lng,
                marker.getElement().firstChild.classList.contains("home")]]); }""",
            seconds,
        )
    )


def wait_until(visit: Visit, seconds: float) -> None:
    """Wait for a time of the day; the page's policy forbids the browser's own waiting for it."""
    for _ in range(100):
        if visit.page.evaluate("planner.routes.now") >= seconds:
            return
        visit.page.wait_for_timeout(50)
    raise AssertionError(visit.page.evaluate("planner.routes.now"))


def test_all_none_and_one_vehicle(visit: Visit) -> None:
    page = visit.page
    assert shown(visit) == list(VANS)
    page.click("[data-vehicles=none]")
    assert shown(visit) == []
    assert page.locator("#layers label", has_text="van-").locator("input:checked").count() == 0
    page.locator("#rows button", has_text="van-10").click()  # brought out, and into view
    assert shown(visit) == ["van-10"]
    assert page.locator("#routes figure:visible b").all_inner_texts() == ["van-10"]
    page.click("[data-vehicles=all]")
    assert shown(visit) == list(VANS)
    assert page.locator("#routes figure:visible").count() == 0
    page.evaluate("void planner.map.fitBounds(planner.data.bounds, { animate: false })")


def test_arrows_point_where_the_vehicle_goes(visit: Visit) -> None:
    page = visit.page
    page.evaluate("planner.bringOut(planner.routes.all[0].layer)")
    angles = page.evaluate("planner.routes.drawn.map((at) => at.angle)")
    east = [angle for angle in angles if abs(angle) < 0.01]
    west = [angle for angle in angles if abs(abs(angle) - math.pi) < 0.01]
    assert len(east) == len(west) >= 1  # there and back again on a line from west to east
    assert len(east) + len(west) == len(angles)
    # what is drawn is seen: the canvas is not empty, without arrows it is
    painted = """() => { const { canvas } = planner.routes, copy = canvas.cloneNode();
      const pen = copy.getContext("2d", { willReadFrequently: true });
      pen.drawImage(canvas, 0, 0);
      return pen.getImageData(0, 0, copy.width, copy.height).data.some((part) => part > 0); }"""
    assert page.evaluate(painted)
    page.click("[data-switch=arrows]")
    assert not page.evaluate(painted)
    page.click("[data-switch=loads]")
    assert page.evaluate(painted)
    assert page.is_visible("#loads-key")
    page.click("[data-switch=loads]")
    page.click("[data-switch=arrows]")
    page.evaluate("planner.bringOut(-1)")


def test_vehicles_are_where_the_clock_says(visit: Visit) -> None:
    # the way is straight along the equator from 10.0 to 10.1: half of the time is half of the way
    half = at(visit, (_START_S + _THERE_S) / 2)
    assert half["van-1"] == [pytest.approx(10.05, abs=1e-4), False]
    assert half["van-2"] == [pytest.approx(10.0, abs=1e-4), True]  # leaves an hour later
    assert at(visit, _THERE_S + 300)["van-1"] == [pytest.approx(10.1, abs=1e-4), False]
    back = at(visit, _LEAVES_S + 801.5 * 0.75)
    assert back["van-1"][0] == pytest.approx(10.025, abs=1e-4)
    assert at(visit, _LEAVES_S + 802)["van-1"] == [pytest.approx(10.0, abs=1e-4), True]
    assert visit.page.inner_text("#clock") == "07:24"  # 26638 s
    visit.page.evaluate("planner.bringOut(planner.routes.all[1].layer)")  # another's vehicle is not in the way
    assert list(at(visit, _THERE_S + 3600)) == ["van-2"]
    mark = visit.page.locator("#routes figure:visible .now")
    assert mark.get_attribute("visibility") == "visible"
    visit.page.evaluate("planner.bringOut(-1)")
    first = visit.page.evaluate("Number(planner.routes.slider.min)")
    assert first == 24_360  # 06:46
    assert at(visit, first) == {}


def test_the_slider_and_the_button_move_the_day(visit: Visit) -> None:
    page = visit.page
    page.focus("#time")
    page.keyboard.press("ArrowRight")
    assert page.inner_text("#clock") == "06:47"
    assert page.get_attribute("#time", "aria-valuetext") == "06:47"
    page.select_option("#speed", "1800")
    page.click("#play")
    wait_until(visit, 24_420 + 120)
    assert page.get_attribute("#play", "aria-label") == "Pause"
    page.click("#play")
    stopped = page.evaluate("planner.routes.now")
    page.wait_for_timeout(120)
    assert page.evaluate("planner.routes.now") == stopped
    assert page.get_attribute("#play", "aria-pressed") == "false"
    page.evaluate("planner.routes.toTime(Number(planner.routes.slider.min))")


def test_who_asked_for_less_motion_sees_steps(browser: Any, pages: Path) -> None:  # noqa: F811
    visit = Visit(browser, pages / "routes.html")
    visit.page.emulate_media(reduced_motion="reduce")
    before = visit.page.evaluate("planner.routes.now")
    visit.page.click("#play")
    wait_until(visit, before + 1)
    # one step of a second at ten minutes a second, and nothing in between: frames would be seconds of the day apart
    assert visit.page.evaluate("planner.routes.now") == before + 600
    assert visit.complaints == []


def test_the_player_is_in_full_view(visit: Visit) -> None:
    inside = visit.page.evaluate(
        """() => { const box = document.getElementById("player").getBoundingClientRect();
          const map = planner.map.getContainer().getBoundingClientRect();
          const said = planner.map.attributionControl.getContainer().getBoundingClientRect();
          const apart = box.right <= said.left || box.bottom <= said.top + 1;
          return [box.left >= map.left, box.right <= map.right, box.bottom <= map.bottom, apart]; }"""
    )
    assert inside == [True] * 4


def test_the_language_switch_leads_to_the_same_map(browser: Any, pages: Path) -> None:  # noqa: F811
    visit = Visit(browser, pages / "routes.html")
    visit.page.click("#panel .switch a")
    visit.page.wait_for_selector("html[lang=zh-CN] .leaflet-control-scale-line")
    assert visit.page.inner_text("[data-vehicles=all]") == "全部车辆"
    assert shown(visit) == IN_CHINESE
    assert visit.complaints == []
    assert visit.asked_elsewhere() == [visit.page.url.partition("#")[0]]


def test_a_day_is_chosen_among_several(browser: Any, line: PlannedArea, tmp_path: Path) -> None:  # noqa: F811
    first = three_vans(line)
    second = replace(line.day, date=first.date + datetime.timedelta(days=1))
    for lang in LANGUAGES:
        with speaking(lang):
            (tmp_path / LINKS.page("week")).write_text(week_map([first, second], LINKS), encoding="utf-8")
    visit = Visit(browser, tmp_path / "week.en.html")
    page = visit.page
    rows = page.locator("#rows tr:visible button")
    assert shown(visit) == rows.all_inner_texts() == ["van-1"]  # the last day at first
    assert "2026-11-10 to 2026-11-11" in page.inner_text("#panel .where")
    page.locator("#days button").first.click()
    assert shown(visit) == rows.all_inner_texts() == list(VANS)
    assert page.locator("#days button").first.get_attribute("aria-pressed") == "true"
    assert page.locator("#layers section:visible h2").first.inner_text() == (
        "Which vehicle drives where on Tuesday 10 November 2026?"
    )
    # the clock goes on: at half past seven of the first day van-2 is under way, of the second nobody
    assert set(at(visit, 27_600)) == set(VANS)
    page.locator("#days button").last.click()
    assert set(at(visit, 27_600)) == {"van-1"}
    page.locator("#days button").first.click()
    page.click("#panel .switch a")  # the other language shows the same day
    page.wait_for_selector("html[lang=zh-CN] .leaflet-control-scale-line")
    assert shown(visit) == IN_CHINESE
    assert visit.complaints == []
    assert visit.asked_elsewhere() == [page.url.partition("#")[0]]
