"""Two plans side by side and the years of one, worked out by hand; in a page and as a browser shows them."""

import datetime
import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from planner.cli.app import app
from planner.config import load_config
from planner.coverage.appraise import Change
from planner.errors import BadDataError
from planner.outputs.comparison import compare_plans
from planner.outputs.maps import comparison_map, coverage_map
from planner.outputs.maps.style import VERMILLION
from planner.pipeline.area_run import AreaRun
from planner.pipeline.site import plan_network
from planner.plans import NetworkPlan, network_from_json, to_json
from planner.words import LANGUAGES, speaking
from tests.conftest import write_line_of_three_villages
from tests.languages import foreign_words, names_of, page_text
from tests.planner.outputs.maps_read import LINKS, data_of, rows_at
from tests.planner.outputs.test_maps_in_a_browser import Visit, browser  # noqa: F401  (a fixture)

# Villages 801.5 s apart in a row: west (100 people), middle (200, poor), east (300, its own point forbidden), and an island
# that no road reaches (50). Within 900 s one point in the middle covers all three; within 300 s each village needs its own:
# the first year has money for one point, the second for two, and east is left out.
YEARS = """
[[coverage.phases]]
name = "2026"
first = 2026
last = 2026
count = 1
provenance = "for the test"
[[coverage.phases]]
name = "2027-2028"
first = 2027
last = 2028
count = 2
provenance = "for the test"
"""


@pytest.fixture(scope="module")
def plans(tmp_path_factory: pytest.TempPathFactory) -> tuple[NetworkPlan, NetworkPlan]:
    """The plan within 300 s, and the one within 900 s."""
    found = []
    for standard_s in (300, 900):
        folder = write_line_of_three_villages(tmp_path_factory.mktemp(f"within-{standard_s}"))
        toml = folder / "area.toml"
        text = toml.read_text(encoding="utf-8").replace("standard_s = 900", f"standard_s = {standard_s}", 1)
        toml.write_text(text.replace('objective = "LSCP"', 'objective = "MCLP"') + YEARS, encoding="utf-8")
        found.append(plan_network(AreaRun(config=load_config(folder))))
    return found[0], found[1]


@pytest.fixture(scope="module")
def pages(plans: tuple[NetworkPlan, NetworkPlan], tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("pages")
    for lang in LANGUAGES:
        with speaking(lang):
            (folder / LINKS.page("compare")).write_text(comparison_map(*plans, LINKS), encoding="utf-8")
            (folder / LINKS.page("coverage")).write_text(coverage_map(plans[0], LINKS), encoding="utf-8")
    return folder


def test_the_figures_of_each_year_are_those_of_its_open_points(plans: tuple[NetworkPlan, NetworkPlan]) -> None:
    first, last = (stage["figures"] for stage in data_of(coverage_map(plans[0], LINKS))["stages"])
    # middle alone: 200 of 650 people, 1 of 4 villages, the one poor village; then west as well
    assert first[0] == "1, of which 1 new"
    assert last[0] == "2, of which 2 new"
    assert [first[3], last[3]] == ["30.8% of 650", "46.2% of 650"]
    assert [first[5], last[5]] == ["25.0% of 4", "50.0% of 4"]
    assert [first[6], last[6]] == ["100.0% of 1", "100.0% of 1"]
    # 1,000 yuan a point, 5,000 for the station
    assert [first[7], last[7]] == ["6,000 yuan", "7,000 yuan"]


def test_villages_are_gained_by_year(plans: tuple[NetworkPlan, NetworkPlan]) -> None:
    page = comparison_map(*plans)
    lists = [part.split("</details>")[:2] for part in page.split('data-year="')[1:]]
    gained = [
        [id_ for id_ in ("west", "middle", "east", "island") if f'data-village="{id_}"' in one[0]] for one in lists
    ]
    assert gained == [["west", "east"], ["east"]]
    assert not any("data-village" in lost for _, lost in lists)
    assert "Villages gained: 2" in page
    # the last year is what the command prints
    points = compare_plans(*plans).stations.service_points
    assert [point.demand_id for point in points.of(Change.GAINED)] == ["east"]
    back = comparison_map(plans[1], plans[0])
    assert "Villages lost: 2" in back
    # of each village both plans are told, whichever side it is on: east is 801.5 s from the point in the middle
    data = data_of(page)
    told = [dict(rows) for rows in rows_at(page, 1, "v")]
    assert told[0] == told[4]
    assert told[0]["First plan"].startswith("not covered; ")
    assert told[0]["Second plan"].startswith("covered; ")
    assert "13.4 min" in told[0]["Second plan"]
    assert data["stages"][0]["figures"][3] == "30.8% of 650 → 92.3% of 650"


def test_the_page_says_which_plans_it_compares_and_what_differs_in_their_settings(
    plans: tuple[NetworkPlan, NetworkPlan],
) -> None:
    first, second = plans
    made = {first.id: datetime.datetime(2026, 11, 29, 8, 5).astimezone()}
    page = comparison_map(first, second, made=made)
    told = re.findall(r'<p class="small about">(.*?)</p>', page)
    assert told == [  # the one thing that the fixture changes
        f"First plan: {first.id}, made 2026-11-29 08:05",
        f"Second plan: {second.id}",
        "Settings differ: coverage.service_points.standard_s 300.0 → 900.0",
    ]
    same = comparison_map(first, first, made=made)
    assert "Both are one and the same plan" in same
    assert "Settings differ" not in same
    # other settings that change nothing: the same sites and the same ways
    seeded = replace(first, config={**first.config, "seed": 77})
    alike = re.findall(r'<p class="small about">(.*?)</p>', comparison_map(first, seeded))
    assert alike[2:] == [
        f"Settings differ: seed {first.config['seed']} → 77",
        "Both open the same sites and serve every village alike",
    ]


@pytest.mark.parametrize(
    ("lang", "heading", "ways"),
    [
        ("en", "Villages served at another point: 1", "Xi, 0.0 min → Zhong, 13.4 min"),
        ("zh", "改由其他点服务的村：1", "西&lt;b&gt;村&lt;/b&gt;&lt;/script&gt;，0.0 分钟 → =1+1村，13.4 分钟"),
    ],
)
def test_who_moves_is_listed_with_the_minutes_before_and_after(
    plans: tuple[NetworkPlan, NetworkPlan], lang: Any, heading: str, ways: str
) -> None:
    # the west gives up its own point and goes to the middle, 801.5 s away, within the standard of 900 s
    last = plans[1].stages[-1]
    moved = [
        replace(way, site_id="sp-middle", duration_s=801.5, driving_s=801.5) if way.village_id == "west" else way
        for way in last.hand_over
    ]
    after = replace(plans[1], stages=(*plans[1].stages[:-1], replace(last, hand_over=tuple(moved))))
    with speaking(lang):
        page = comparison_map(plans[1], after)
    lists = page.split('data-year="1"')[1].split("</details>")
    assert [part.count("data-village") for part in lists[:3]] == [0, 0, 1]
    assert heading in lists[2]
    assert ways in lists[2]
    assert 'data-village="west"' in lists[2]


def test_the_page_is_switched_to_the_other_language(plans: tuple[NetworkPlan, NetworkPlan], tmp_path: Path) -> None:
    for number, plan in enumerate(plans):
        (tmp_path / f"{number}.json").write_text(to_json(plan), encoding="utf-8")
    there = tmp_path / "two & plans.html"
    given = [str(tmp_path / "0.json"), str(tmp_path / "1.json")]
    made = CliRunner().invoke(app, ["--lang", "en", "compare", *given, "--out", str(there)])
    assert made.exit_code == 0, made.output
    in_chinese = tmp_path / "two & plans.zh.html"
    assert 'href="two%20%26%20plans.zh.html"' in there.read_text(encoding="utf-8")
    assert 'href="two%20%26%20plans.html"' in in_chinese.read_text(encoding="utf-8")
    assert "改由其他点服务的村" in in_chinese.read_text(encoding="utf-8")
    assert "index" not in "".join(re.findall(r'<a [^>]*href="([^"]+)"', there.read_text(encoding="utf-8")))


def test_a_plan_keeps_what_each_point_is_for(plans: tuple[NetworkPlan, NetworkPlan]) -> None:
    # within 900 s the points in west and middle reach each other's villages, and east reaches the one in the middle alone;
    # 0.11 parcels a head: 200 and 300 people hand over in the middle, 100 in the west
    roles = {role.site_id: (role.parcels_day, role.village_ids) for role in plans[1].roles}
    assert roles == {"sp-middle": (55.0, ("east",)), "sp-west": (11.0, ())}
    why = dict(
        zip((site.id for site in plans[1].area.sites), rows_at(coverage_map(plans[1], LINKS), 1, "s"), strict=True)
    )
    assert dict(why["sp-middle"])["Why here"] == "without it 300 people in 1 village lose coverage"
    assert dict(why["sp-west"])["Why here"] == "every village it covers has another open point within the standard"
    # in the first year the point in the middle is the only one: all 600 people hand over there and would lose it
    (only,) = plans[1].roles_at(0)
    assert (only.site_id, only.parcels_day, only.village_ids) == ("sp-middle", 66.0, ("east", "middle", "west"))
    then = dict(
        zip((site.id for site in plans[1].area.sites), rows_at(coverage_map(plans[1], LINKS), 0, "s"), strict=True)
    )
    assert dict(then["sp-middle"])["Why here"] == "without it 600 people in 3 villages lose coverage"
    assert dict(then["sp-middle"])["Load on a usual day"] == "66 parcels"
    assert "Why here" not in dict(then["sp-west"])
    document = json.loads(to_json(plans[1]))
    assert network_from_json(json.dumps(document)) == plans[1]
    earlier = json.loads(to_json(plans[1]))
    earlier["stages"][0]["roles"][0]["site_id"] = "no-site"
    with pytest.raises(BadDataError, match="no site 'no-site'"):
        network_from_json(json.dumps(earlier))
    document["roles"][0]["village_ids"] = ["nowhere"]
    with pytest.raises(BadDataError, match="no village 'nowhere'"):
        network_from_json(json.dumps(document))


def test_plans_of_two_areas_are_not_put_side_by_side(plans: tuple[NetworkPlan, NetworkPlan]) -> None:
    other = replace(plans[1], area=replace(plans[1].area, id="elsewhere"))
    with pytest.raises(BadDataError, match="not of the same area"):
        comparison_map(plans[0], other)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_page_has_no_word_of_the_other_language(plans: tuple[NetworkPlan, NetworkPlan], lang: Any) -> None:
    with speaking(lang):
        page = comparison_map(*plans, LINKS)
    named = names_of(plans[1].area) | {plan.id for plan in plans}
    text = page_text(page)
    assert foreign_words(text, lang, named | {"2026", "for the test"}) == []


def left_out(visit: Visit) -> list[str]:
    """The villages whose circles have the colour of those that are left out."""
    found: list[str] = visit.page.evaluate(
        """(colour) => planner.parts.flat().filter((part) => part instanceof L.CircleMarker
          && part.options.fillColor === colour && part._map).map((part) => part.feature.properties.id).sort()""",
        VERMILLION,
    )
    return found


@pytest.mark.parametrize("width", [1280, 390])
def test_the_slider_the_layers_and_the_search_are_driven(browser: Any, pages: Path, width: int) -> None:  # noqa: F811
    visit = Visit(browser, pages / "coverage.html", width=width)
    page = visit.page
    assert left_out(visit) == ["east", "island"]
    page.focus("#year")
    page.keyboard.press("ArrowLeft")
    assert left_out(visit) == ["east", "island", "west"]
    assert page.inner_text("#figures dd >> nth=3") == "30.8% of 650"
    assert page.get_attribute("#year", "aria-valuetext") == "2026"
    page.click("#stages button >> nth=1")
    assert page.input_value("#year") == "1"
    assert page.inner_text("#figures dd >> nth=3") == "46.2% of 650"
    page.locator("#layers label", has_text="by township").click()
    colour = "() => planner.parts.flat().find((part) => part.feature.properties.t === 0 && part._map).options.fillColor"
    assert page.evaluate(colour) == "#dcd6ec"  # 300 of 650 people, less than half
    page.fill("#query", "dong")
    page.press("#query", "Enter")
    told = page.inner_text(".leaflet-popup-content")
    assert "not covered" in told
    assert "Hands over at" in told
    if width > 760:
        page.click(".fold button")
        assert page.locator("#panel").is_hidden()
        assert page.locator(".folium-map").bounding_box()["width"] == width
        page.click(".fold button")
        assert page.locator("#panel").is_visible()
    else:
        box = page.locator(".folium-map").bounding_box()
        assert box["y"] > -box["height"] / 2  # what was found is in view
        assert page.locator("#panel").bounding_box()["y"] >= box["y"] + box["height"] - 1
    assert visit.complaints == []
    assert visit.asked_elsewhere() == []


@pytest.mark.parametrize("width", [1280, 390])
def test_the_other_language_is_one_click_away_and_back(browser: Any, pages: Path, width: int) -> None:  # noqa: F811
    for name, english, chinese in (
        ("compare", "Villages gained: 1", "新增覆盖的村：1"),
        ("coverage", "Service coverage", "服务覆盖"),
    ):
        visit = Visit(browser, pages / LINKS.page(name), width=width)
        page = visit.page
        assert english in page.inner_text("#panel")
        for lang, wanted in (("zh-CN", chinese), ("en", english)):
            page.click("#panel .switch a")
            page.wait_for_selector(".leaflet-control-scale-line")
            assert page.get_attribute("html", "lang") == lang
            assert wanted in page.inner_text("#panel")
            assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert visit.complaints == []
        assert [url for url in visit.asked_elsewhere() if not url.startswith("file:")] == []
        page.context.close()


@pytest.mark.parametrize("width", [1280, 390])
def test_the_bar_is_moved_by_mouse_finger_and_keys(browser: Any, pages: Path, width: int) -> None:  # noqa: F811
    visit = Visit(browser, pages / "compare.html", width=width)
    page = visit.page
    bar, box = page.locator("#swipe"), page.locator(".folium-map").bounding_box()
    seen = """() => ["before", "after"].map((side) =>
      planner.map.getPane(side).style.clip.match(/-?[\\d.]+/g).map(Number))"""

    def at() -> int:
        (_, right, _, _), (_, _, _, left) = page.evaluate(seen)
        assert right == left  # what one plan ends at the other begins at
        return int(bar.get_attribute("aria-valuenow"))

    assert at() == 50
    middle = (box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.move(*middle)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.25, middle[1], steps=4)
    page.mouse.up()
    assert at() == 25
    bar.focus()
    for key in ("ArrowRight", "PageUp"):
        page.keyboard.press(key)
    assert at() == 37
    page.keyboard.press("End")
    assert at() == 100
    x, y = box["x"] + box["width"] * 0.6, middle[1]
    touch = page.context.new_cdp_session(page)
    start = {"x": box["x"] + box["width"] - 6, "y": y}
    touch.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [start]})
    touch.send("Input.dispatchTouchEvent", {"type": "touchMove", "touchPoints": [{"x": x, "y": y}]})
    touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    assert at() == pytest.approx(60, abs=1)
    page.locator("#swipe").press("PageDown")  # under the pop-up that is opened next, in the middle
    page.click("#stages button >> nth=0")
    assert page.locator("[data-year='0'] [data-village]").count() == 2
    assert page.locator("[data-year='1']").is_hidden()
    page.click("[data-year='0'] [data-village='east']")
    told = page.inner_text(".leaflet-popup-content")
    assert "First plan" in told
    assert "Second plan" in told
    page.wait_for_timeout(500)  # until the map has made room for it
    shown = page.locator(".leaflet-popup-content").bounding_box()
    assert box["x"] + 44 < shown["x"] < shown["x"] + shown["width"] <= box["x"] + box["width"]
    over = "([x, y]) => Boolean(document.elementFromPoint(x, y).closest('.leaflet-popup'))"
    assert page.evaluate(over, [shown["x"] + shown["width"] / 2, shown["y"] + 5])  # the bar does not lie over it
    assert visit.complaints == []
    assert visit.asked_elsewhere() == []
