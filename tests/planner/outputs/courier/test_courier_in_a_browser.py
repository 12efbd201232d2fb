"""A courier's page in a browser without a network: ticks, undo, reasons, the report as code and file, day and night."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import numpy as np
import pytest
import segno
import zxingcpp

from planner.outputs.courier import revised, write_pack
from planner.outputs.page_links import PageLinks
from planner.pipeline.reported_day import reported_day
from planner.pipeline.whole_plan import PlannedArea
from planner.plans import DayPlan
from tests.planner.outputs.courier.heilongjiang import heilongjiang, route
from tests.planner.outputs.test_maps_in_a_browser import browser as browser

STOPS = [(f"sp-{n}", 25_200.0 + 600 * n, 2.0) for n in range(1, 8)]


@pytest.fixture(scope="module")
def plan(line: PlannedArea) -> DayPlan:
    return heilongjiang(line, [route("van-1", STOPS), route("van-2", [("sp-9", 25_200, 1.0)])])


@pytest.fixture(scope="module")
def pack(plan: DayPlan, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("pack")
    write_pack(plan, folder, PageLinks(home="zh"))
    return folder


class Phone:
    """A browser as wide as a phone, without a network; what pages asked for and complained of."""

    def __init__(self, browser: Any, *, dark: bool = False, width: int = 390) -> None:
        self.context = browser.new_context(
            viewport={"width": width, "height": 844}, offline=True, color_scheme="dark" if dark else "light"
        )
        self.complaints: list[str] = []

    def open(self, path: Path) -> Any:
        page = self.context.new_page()
        page.on("request", lambda request: self._asked(request.url, path))
        page.on("console", lambda message: self.complaints.append(message.text))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.goto(path.as_uri())
        return page

    def _asked(self, url: str, path: Path) -> None:
        if url != path.as_uri() and not url.startswith("data:"):
            self.complaints.append(url)


@pytest.fixture
def phone(browser: Any) -> Iterator[Phone]:
    made = Phone(browser)
    yield made
    made.context.close()
    assert made.complaints == []


def tick(page: Any, stop: str, what: str) -> None:
    page.locator(f'li[data-stop="{stop}"] [data-tick="{what}"]').click()


def states(page: Any) -> list[str]:
    return page.eval_on_selector_all("li[data-stop]", "cards => cards.map(card => card.dataset.outcome)")


def test_ticks_are_kept_undone_and_reported(phone: Phone, pack: Path, plan: DayPlan, tmp_path: Path) -> None:
    page = phone.open(pack / "van-1.html")
    page.clock.set_fixed_time("2026-11-10T07:31:00")
    tick(page, "sp-1", "arrived")
    page.clock.set_fixed_time("2026-11-10T07:35:00")
    tick(page, "sp-1", "done")
    tick(page, "sp-2", "failed")
    reasons = page.locator('li[data-stop="sp-2"] .reasons')
    assert reasons.is_visible()
    page.clock.set_fixed_time("2026-11-10T07:50:00")
    reasons.locator('[data-reason="road_blocked"]').click()
    tick(page, "sp-3", "done")
    assert states(page) == ["done", "failed", "done", "", "", "", ""]
    assert page.inner_text('li[data-stop="sp-2"] .state') == "07:50 未成：道路不通"
    assert page.inner_text("#count") == "已办 3 / 7 站"
    page.click("#undo")
    assert states(page)[:3] == ["done", "failed", ""]
    again = phone.open(pack / "van-1.html")  # another day, the same phone
    assert states(again) == ["done", "failed", "", "", "", "", ""]
    assert again.locator("li.next").get_attribute("data-stop") == "sp-3"
    again.clock.set_fixed_time("2026-11-10T08:00:00")
    again.click("#tell")
    wanted = {
        "report": "rural-service-planner/report/2",
        "plan": plan.id,
        "vehicle": "van-1",
        "at": "08:00",
        "stops": [["sp-1", "done", "07:35", "", "07:31"], ["sp-2", "failed", "07:50", "road_blocked"]],
    }
    assert json.loads(again.input_value("#text")) == wanted
    link = again.locator("#file")
    assert link.get_attribute("download") == "report-2026-11-10-van-1.json"
    saved = tmp_path / "saved.json"
    saved.write_text(unquote(link.get_attribute("href").partition(",")[2]), encoding="utf-8")
    again.locator("#code svg").screenshot(path=tmp_path / "code.png")
    (scanned,) = zxingcpp.read_barcodes(_picture(tmp_path / "code.png"))
    scan = tmp_path / "scan.txt"
    scan.write_text(scanned.text, encoding="utf-8")
    for path in (saved, scan):  # what the page wrote is what the dispatcher's command reads
        (event,) = reported_day(plan, [path]).events.vehicles
        assert (event.id, event.done, event.failed) == ("van-1", ("sp-1", "sp-2"), ("sp-2",))
    # the other vehicle's page has none of it
    assert states(phone.open(pack / "van-2.html")) == [""]


def _picture(path: Path) -> Any:
    from PIL import Image

    return Image.open(path)


def test_a_touch_of_the_glove_loses_no_time_and_a_stop_passed_over_is_said(phone: Phone, pack: Path) -> None:
    page = phone.open(pack / "van-1.html")
    page.clock.set_fixed_time("2026-11-10T08:05:00")
    tick(page, "sp-2", "done")
    assert states(page) == ["", "done", "", "", "", "", ""]  # it is not forbidden
    assert page.inner_text("#aside") == "前面的第 1 站还没办；有意跳过就不用管。"
    page.clock.set_fixed_time("2026-11-10T08:28:00")
    for what in ("arrived", "done"):
        tick(page, "sp-2", what)
        assert page.inner_text('li[data-stop="sp-2"] .state') == "08:05 完成"
        assert page.inner_text("#aside") == "08:05 完成，不变。点错请按“撤销”。"
    assert page.inner_text("#count") == "已办 1 / 7 站"
    tick(page, "sp-1", "arrived")
    page.clock.set_fixed_time("2026-11-10T08:29:00")
    tick(page, "sp-1", "arrived")
    tick(page, "sp-1", "done")
    assert page.inner_text("#aside") == ""
    page.click("#tell")
    told = json.loads(page.input_value("#text"))["stops"]
    assert told == [["sp-2", "done", "08:05"], ["sp-1", "done", "08:29", "", "08:28"]]
    page.click("#undo")
    assert page.inner_text('li[data-stop="sp-1"] .state') == "08:28 到达"


def test_after_midnight_the_hours_go_on(phone: Phone, pack: Path) -> None:
    page = phone.open(pack / "van-1.html")
    page.clock.set_fixed_time("2026-11-11T01:10:00")
    tick(page, "sp-1", "done")
    assert page.inner_text('li[data-stop="sp-1"] .state') == "25:10 完成"


def test_ticks_of_the_version_before_go_on(
    phone: Phone, pack: Path, plan: DayPlan, line: PlannedArea, tmp_path: Path
) -> None:
    page = phone.open(pack / "van-1.html")
    tick(page, "sp-1", "done")
    tick(page, "sp-2", "done")
    tick(phone.open(pack / "van-2.html"), "sp-9", "done")
    later = heilongjiang(line, [route("van-1", [STOPS[0], STOPS[4]]), route("van-3", [STOPS[1]])])
    write_pack(later, tmp_path, PageLinks(home="zh"), revised([plan.id], later, {plan.id: plan}.__getitem__))
    page = phone.open(tmp_path / "van-1.html")
    assert states(page) == ["done", ""]  # sp-2 is another vehicle's now, and was done all the same
    assert re.fullmatch(
        r"在这里勾过、本版已不归本车的站：永合村（.*） \d\d:\d\d 完成。请报回，免得别人再跑一趟。",
        page.inner_text("#elsewhere"),
    )
    page.click("#tell")
    reported = tmp_path / "report.txt"
    reported.write_text(page.input_value("#text"), encoding="utf-8")
    found = reported_day(later, [reported])
    assert (found.events.vehicles[0].id, set(found.ticks)) == ("van-1", {"sp-1", "sp-2"})
    idle = phone.open(tmp_path / "van-2.html")  # it stays, its link lives, and what it has done is told
    assert "2号车 今日不出车" in idle.inner_text(".news")
    assert "不再服务，原为 2号车 07:00" in idle.inner_text(".news")
    idle.click("#tell")
    assert [one[:2] for one in json.loads(idle.input_value("#text"))["stops"]] == [["sp-9", "done"]]
    overview = phone.open(tmp_path / "index.html")
    assert "2号车 今日不出车" in overview.inner_text(".news")


def test_a_browser_that_keeps_nothing_says_so_and_ticks(browser: Any, pack: Path) -> None:
    phone = Phone(browser)
    phone.context.add_init_script(
        "Object.defineProperty(window, 'localStorage', { get() { throw new Error('not allowed'); } });"
    )
    page = phone.open(pack / "van-1.html")
    tick(page, "sp-1", "done")
    assert states(page)[0] == "done"
    assert "本浏览器不保存数据" in page.inner_text("#lost")
    assert phone.complaints == []
    phone.context.close()


def test_it_is_dark_at_night_and_as_one_wishes(browser: Any, pack: Path) -> None:
    def background(page: Any) -> str:
        return page.evaluate("getComputedStyle(document.body).backgroundColor")

    phone = Phone(browser, dark=True)
    page = phone.open(pack / "van-1.html")
    assert background(page) == "rgb(16, 18, 20)"
    page.click("#theme")
    assert background(page) == "rgb(255, 255, 255)"
    assert background(phone.open(pack / "van-2.html")) == "rgb(255, 255, 255)"  # it is remembered
    page.click("#theme")
    assert background(page) == "rgb(16, 18, 20)"
    assert phone.complaints == []
    phone.context.close()


@pytest.mark.parametrize("name", ["van-1.html", "van-1.en.html", "index.html"])
@pytest.mark.parametrize("width", [390, 1280])
def test_no_page_is_wider_than_the_screen(browser: Any, pack: Path, name: str, width: int) -> None:
    phone = Phone(browser, width=width)  # the first stop's name has 58 letters
    page = phone.open(pack / name)
    assert page.evaluate("document.documentElement.scrollWidth") == width
    assert phone.complaints == []
    phone.context.close()


def test_codes_made_in_the_page_are_those_of_a_library_and_can_be_read(browser: Any, pack: Path) -> None:
    phone = Phone(browser)
    page = phone.open(pack / "van-1.html")

    def matrix(text: str) -> Any:
        return page.evaluate(
            "text => { const m = qrCode.matrix(text); return m && m.map(row => Array.from(row)); }", text
        )

    for version, size in FULL.items():
        text = "0123456789abcdef" * 200
        rows = matrix(text[:size])
        made = segno.make(text[:size], error="l", boost_error=False, micro=False, mask=_mask(rows), mode="byte")
        assert made.version == version
        assert rows == [list(row) for row in made.matrix], version
    for size in (1, 2, 16, 18, 54, 300, 1000, 2952):  # not full: the library puts a needless byte before the filling
        text = ('[1,"done","07:35"],\u4e07' * 200).encode()[:size].decode(errors="ignore").ljust(1, "x")
        dark = np.array(matrix(text), dtype=bool)
        picture = np.where(np.kron(np.pad(dark, 4), np.ones((4, 4), dtype=bool)), 0, 255).astype(np.uint8)
        assert [one.text for one in zxingcpp.read_barcodes(picture)] == [text], size
    assert matrix("x" * 2954) is None
    assert page.evaluate("qrCode.svg('x'.repeat(2954))") == ""
    phone.context.close()


# how many bytes fill a code of a version at level L, as the standard has it
FULL = {1: 17, 2: 32, 3: 53, 5: 106, 6: 134, 7: 154, 9: 230, 10: 271, 14: 458, 20: 858, 27: 1465, 32: 1952, 40: 2953}


def _mask(rows: list[list[int]]) -> int:
    """The mask of a code, from the three bits beside its first finder pattern, which are laid over with 101."""
    return int("".join(map(str, rows[8][2:5])), 2) ^ 0b101


def test_without_scripts_all_is_readable_and_nothing_can_be_pressed(browser: Any, pack: Path) -> None:
    context = browser.new_context(java_script_enabled=False, offline=True)
    page = context.new_page()
    page.goto((pack / "van-1.html").as_uri())
    assert page.locator("li.leg").count() == 8
    assert page.locator(".ticks:visible").count() == page.locator(".tools:visible").count() == 0
    assert page.locator("svg.qr").count() == 16
    context.close()


def test_the_language_is_switched_without_a_network(phone: Phone, pack: Path) -> None:
    page = phone.context.new_page()
    page.goto((pack / "van-1.html").as_uri())
    tick(page, "sp-1", "done")
    page.click(".switch a")
    assert page.url.endswith("van-1.en.html")
    assert re.match(r"done \d\d:\d\d", page.inner_text('li[data-stop="sp-1"] .state'))
