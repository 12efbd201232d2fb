"""What changed since a day's pack was last published: worked out by hand, on the pages, and on the command line."""

import json
import re
from dataclasses import replace
from pathlib import Path

import pytest

from planner.model import PointDemand, Produce
from planner.outputs.courier import (
    CourierDay,
    Revised,
    changed_lines,
    changes_between,
    changes_counted,
    revised,
    route_page,
    write_pack,
)
from planner.outputs.courier.revision import PublishedChange
from planner.pipeline.whole_plan import PlannedArea
from planner.words import speaking
from planner.writing import area_lock, result_folder
from tests.planner.cli.conftest import planner as planner
from tests.planner.cli.test_stored import answer, files_in
from tests.planner.outputs.courier.heilongjiang import LONG, heilongjiang, route
from tests.planner.outputs.courier.test_pack import text_of
from tests.planner.outputs.sheets_read import LINKS

# sp-1 comes exactly 10 minutes later, which is no news, sp-2 a second more, which is; sp-3 goes to van-10, sp-4 is gone,
# sp-9 is new
BEFORE = [
    route("van-1", [("sp-1", 25_200, 1), ("sp-2", 28_800, 1), ("sp-3", 32_400, 1)]),
    route("van-2", [("sp-4", 25_200, 1), ("sp-5", 28_800, 1)]),
]
AFTER = [
    route("van-1", [("sp-1", 25_800, 1), ("sp-2", 29_401, 1)]),
    route("van-10", [("sp-3", 32_400, 1)]),
    route("van-2", [("sp-9", 25_200, 1), ("sp-5", 28_800, 1)]),
]


def test_stops_added_gone_moved_and_retimed_are_found_with_old_and_new(line: PlannedArea) -> None:
    changes = changes_between(heilongjiang(line, BEFORE), heilongjiang(line, AFTER))
    told = [
        (one.stop_id, one.kind, one.vehicle_before, one.vehicle_after, one.before_s, one.after_s) for one in changes
    ]
    assert told == [
        ("sp-2", PublishedChange.RETIMED, "van-1", "van-1", 28_800, 29_401),
        ("sp-4", PublishedChange.GONE, "van-2", None, 25_200, None),
        ("sp-9", PublishedChange.ADDED, None, "van-2", None, 25_200),
        ("sp-3", PublishedChange.MOVED, "van-1", "van-10", 32_400, 32_400),
    ]
    assert changes_between(heilongjiang(line, AFTER), heilongjiang(line, AFTER)) == ()


def test_a_vehicle_that_is_late_as_a_whole_takes_one_line(line: PlannedArea) -> None:
    stops = [("sp-1", 25_200), ("sp-4", 28_800), ("sp-5", 32_400), ("sp-6", 36_000), ("sp-7", 39_600)]
    late = [1200, 1200, 1260, 1200, 3000]  # twenty minutes, once 21, and fifty at the last
    before = heilongjiang(
        line, [route("van-1", [(id_, at, 1) for id_, at in stops]), route("van-10", [("sp-8", 21_600, 1)])]
    )
    after = heilongjiang(
        line,
        [
            route(
                "van-1",
                [(id_, at + more, 1) for (id_, at), more in zip(stops, late, strict=True)] + [("sp-8", 50_000, 1)],
            )
        ],
    )
    changes = changes_between(before, after)
    told = {
        "zh": (
            "第8村：改由 1号车 黑E·D1234 13:53，原为 10号车 06:00",
            f"1号车 黑E·D1234：4 站推迟 20–21 分钟，首站 {LONG} 07:20，原为 07:00",
            "第7村：1号车 黑E·D1234 改为 11:50，原为 11:00",
            "改由其他车辆：1 站、到达时间有变：5 站",
        ),
        "en": (
            "第8村: now 1号车 黑E·D1234 13:53, was 10号车 06:00",
            f"1号车 黑E·D1234: 4 stops 20–21 min later, first {LONG} 07:20, was 07:00",
            "第7村: 1号车 黑E·D1234 now 11:50, was 11:00",
            "on another vehicle: 1 stop, at another time: 5 stops",
        ),
    }
    for lang, (*lines, counted) in told.items():
        with speaking(lang):
            assert changed_lines(CourierDay.of(after), changes) == lines
            assert changes_counted(changes) == counted
    # the other way round it is as much earlier, and van-1 has lost a stop to van-10
    back = changes_between(after, before)
    with speaking("en"):
        assert "4 stops 20–21 min earlier" in changed_lines(CourierDay.of(before), back)[-1]
        assert changes_counted(()) == ""


def test_other_parcels_at_a_stop_are_a_change_and_the_vehicle_is_loaded_anew(line: PlannedArea) -> None:
    # sp-1 gets 25 parcels where it had 10, nothing moves: 15 more of 1.5 kg and 0.01 m³; van-2 stays as it was
    before = heilongjiang(line, [route("van-1", [("sp-1", 25_200, 10), ("sp-2", 28_800, 10)]), *BEFORE[1:]])
    after = heilongjiang(line, [route("van-1", [("sp-1", 25_200, 25), ("sp-2", 28_800, 10)]), *BEFORE[1:]])
    revision = revised([before.id], after, {before.id: before}.__getitem__)
    told = {
        "zh": (
            "1号车 黑E·D1234：按新装车单装车：35 件，52.5 千克，0.35 立方米（原为 20 件，30.0 千克，0.20 立方米）",
            f"{LONG}：1号车 黑E·D1234；下行 25 件，37.5 千克，0.25 立方米，原为 10 件，15.0 千克，0.10 立方米",
            "件数、重量或要求有变：1 站、装车或顺序有变：1 辆车",
        ),
        "en": (
            "1号车 黑E·D1234: load by the new loading list: 35 parcels, 52.5 kg, 0.35 m³ (was 20 parcels, 30.0 kg, 0.20 m³)",
            f"{LONG}: 1号车 黑E·D1234; down 25 parcels, 37.5 kg, 0.25 m³, was 10 parcels, 15.0 kg, 0.10 m³",
            "other parcels, weights or requests: 1 stop, loaded or driven otherwise: 1 vehicle",
        ),
    }
    unchanged = {"zh": "本车无变动", "en": "Nothing changed for this vehicle"}
    for lang, (*lines, counted) in told.items():
        with speaking(lang):
            day = CourierDay.of(after)
            assert changed_lines(day, revision.changes, revision.loadings) == lines
            assert changes_counted(revision.changes, revision.loadings) == counted
            pages = [text_of(route_page(day, one, LINKS, revision)) for one in after.routes.routes]
            assert [unchanged[lang] in page for page in pages] == [False, True]
            assert lines[1] in pages[0]


def test_what_is_asked_of_a_stop_and_its_produce_are_changes_too(line: PlannedArea) -> None:
    plan = heilongjiang(line, [route("van-1", [("sp-1", 25_200, 10)])])
    point = PointDemand(
        site_id="sp-1", village_ids=("east",), delivery_parcels=10, delivery_kg=15.0, delivery_m3=0.1,
        pickup_parcels=1, pickup_kg=2.5, pickup_m3=0.02,
        produce=(Produce(village_id="east", product="大豆", kg=60.0), Produce(village_id="east", product="大蒜", kg=5.0)),
    )  # fmt: skip
    other = replace(
        point, produce=(replace(point.produce[0], kg=80.5), point.produce[1]), latest_s=36_000.0, earliest_s=28_800.0,
        cold=True,
    )  # fmt: skip
    before, after = (replace(plan, demand=replace(plan.demand, points=(one,))) for one in (point, other))
    (change,) = changes_between(before, after)
    assert change.kind is PublishedChange.AMENDED
    with speaking("zh"):
        assert change.amended() == [
            "产品 大豆 80.5 千克，原为 大豆 60.0 千克",
            "不早于 08:00，原为 -",
            "不晚于 10:00，原为 -",
            "改为冷链",
        ]
    # nothing is loaded otherwise: what comes up is not on the loading list
    assert revised([before.id], after, {before.id: before}.__getitem__).loadings == ()


def test_stops_in_another_order_within_ten_minutes_are_a_change(line: PlannedArea) -> None:
    # both stops within nine minutes: no time is news, but what is loaded last is another
    before = heilongjiang(line, [route("van-1", [("sp-1", 25_200, 10), ("sp-2", 25_700, 20)])])
    after = heilongjiang(line, [route("van-1", [("sp-2", 25_200, 20), ("sp-1", 25_700, 10)])])
    revision = revised([before.id], after, {before.id: before}.__getitem__)
    assert (revision.changes, [one.reordered for one in revision.loadings]) == ((), [True])
    with speaking("zh"):
        page = text_of(route_page(CourierDay.of(after), after.routes.routes[0], LINKS, revision))
    assert "停靠顺序有变；按新装车单装车，总量照旧" in page


def test_each_page_has_its_changes_on_top_and_the_overview_has_all(line: PlannedArea, tmp_path: Path) -> None:
    before, after = heilongjiang(line, BEFORE), heilongjiang(line, AFTER)
    revision = revised([before.id], after, {before.id: before}.__getitem__)
    assert (revision.number, revision.former_ids) == (2, (before.id,))
    with speaking("zh"):
        pages = {one.vehicle_id: route_page(CourierDay.of(after), one, LINKS, revision) for one in AFTER}
    for page in pages.values():
        assert "第 2 版：与第 1 版相比的变动" in text_of(page)
        assert page.index("第 2 版") < page.index('class="sketch"')
    assert "1号车 黑E·D1234 改为 08:10，原为 08:00" in pages["van-1"]
    assert "改由 10号车 09:00，原为 1号车 黑E·D1234 09:00" in pages["van-1"]
    assert "改由 10号车 09:00，原为 1号车 黑E·D1234 09:00" in pages["van-10"]
    assert "新增：2号车 07:00" in pages["van-2"]
    assert "不再服务，原为 2号车 07:00" in pages["van-2"]
    assert "改由" not in pages["van-2"]
    write_pack(after, tmp_path, LINKS, revision)
    overview = text_of((tmp_path / "index.html").read_text(encoding="utf-8"))
    for wanted in (
        "version 2",
        "changed since version 1",
        "1号车 黑E·D1234 now 08:10, was 08:00",
        "added: 2号车 07:00",
    ):
        assert wanted in overview
    with speaking("zh"):
        first = route_page(CourierDay.of(before), BEFORE[0], LINKS, Revised(number=1))
    assert "第 1 版" in text_of(first)
    assert "变动" not in text_of(first)


@pytest.mark.slow
def test_publishing_a_day_again_is_a_version_and_yesterday_stays(planner, inside: Path, line_folder: Path) -> None:
    first = answer(planner, "plan", line_folder)["day"]["id"]
    yesterday = answer(planner, "day", line_folder, "--date", "2026-11-09")["id"]
    published = inside / "out" / "line" / "published"
    for plan in (yesterday, first, first):  # the same once more is no new version
        answer(planner, "publish", plan)
    before = files_in(published / "2026-11-09")
    assert "van-1.html" in before
    assert "version 1" in text_of((published / "2026-11-10" / "index.html").read_text(encoding="utf-8"))
    config = line_folder / "area.toml"
    config.write_text(config.read_text(encoding="utf-8").replace('"07:00"', '"08:00"', 1), encoding="utf-8")
    second = answer(planner, "day", line_folder)["id"]
    assert second != first
    code, out, _ = planner("publish", second)
    assert (code, "version 2; at another time: 1 stop" in out) == (0, True)
    page = (published / "2026-11-10" / "van-1.html").read_text(encoding="utf-8")
    assert "van-1 now 08:00, was 07:00" in text_of(page)
    data = json.loads(re.search(r'id="data">(.*?)</script>', page)[1])
    assert (data["plan"], data["former"]) == (second, [first])
    assert files_in(published / "2026-11-09") == before
    first_page = (inside / "out" / "line" / "index.html").read_text(encoding="utf-8")
    assert re.findall(r'href="(published/[^"]+)"', first_page) == [
        f"published/2026-11-{day}/index.en.html" for day in ("10", "09")
    ]
    assert {path.name for path in published.iterdir()} == {"2026-11-09", "2026-11-10"}


def test_a_pack_gives_way_as_a_whole(line: PlannedArea, tmp_path: Path) -> None:
    folder = tmp_path / "published" / "2026-11-10"
    before, after = heilongjiang(line, BEFORE), heilongjiang(line, AFTER)
    with area_lock(tmp_path), result_folder(folder) as beside:
        write_pack(before, beside, LINKS)
    kept = files_in(folder)

    def broken() -> None:
        with area_lock(tmp_path), result_folder(folder) as beside:
            write_pack(replace(after), beside, LINKS)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        broken()
    assert files_in(folder) == kept
    assert [path.name for path in folder.parent.iterdir()] == ["2026-11-10"]
