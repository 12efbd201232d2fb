"""From a county's name to its first page where roads, seats or positions are missing: marked, counted, never the end."""

import csv
import json
import re
from pathlib import Path

import pytest

from planner.cli.app import app
from planner.config import load_config
from planner.errors import UnknownAreaError, UsageError
from planner.geodata.register import find_county, short_name
from planner.plans import network_from_json

SHARED = Path(__file__).parents[3] / "shared" / "data"
HARBIN_ROADS = SHARED / "osm" / "roads_harbin_se_2024.osm.pbf"
HARBIN_PLACES = SHARED / "heilongjiang" / "harbin_places_osm.csv"


def run(*arguments: object) -> object:
    return app([str(one) for one in arguments], standalone_mode=False)


def notice_in(page: str) -> tuple[int, list[str]]:
    """Return how many items the notice of a page says it has, and those that it has."""
    notice = page[page.index('<details class="notice">') :].partition("</details>")[0]
    return int(re.search(r"\((\d+)\)</summary>", notice)[1]), re.findall(r"<li>(.*?)</li>", notice)


@pytest.mark.slow
@pytest.mark.skipif(not HARBIN_ROADS.is_file(), reason="the Harbin extract is not beside the tree")
def test_a_district_of_harbin_is_planned_on_its_real_roads(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The extract covers a part of 香坊区: 4 of its 6 townships with villages have no seat, 8 of 46 villages a point."""
    monkeypatch.chdir(tmp_path)
    folder = Path("xiangfang")
    run("init", folder, "--division", "香坊区")
    run("fetch", folder, "--pbf", HARBIN_ROADS)
    run("places", folder, HARBIN_PLACES)
    run("people", folder, "--total", 100_000)
    assert not run("check", folder)
    run("site", folder, "--out", "out", "--store", f"sqlite:///{tmp_path / 'p.db'}")
    capsys.readouterr()
    with (folder / "villages.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 46
    assert sum(int(row["population"]) for row in rows) == 100_000
    with_point = {row["name"] for row in rows if row["lon"]}
    # of the 13 villages of 幸福镇 those whose names stand on the map, 胜利, 红星 and 松花江 being of several townships
    assert {short_name(name) for name in with_point} == {
        *("幸福村", "光明村", "孙家村", "西柞村", "曹家村", "信义村", "北柞村", "汲家村"),
    }
    page = (Path("out") / "xiangfang" / "index.html").read_text(encoding="utf-8")
    count, items = notice_in(page)
    assert count == len(items)
    assert any("13 at their township" in item and "8 from OpenStreetMap" in item for item in items)
    assert any("25 of 46 villages" in item for item in items)
    assert any("county hub" in item for item in items)
    assert "Villages that no road reaches in any season: 8" in page
    chinese = (Path("out") / "xiangfang" / "index.zh.html").read_text(encoding="utf-8")
    assert "村村" not in chinese.replace("村村委会", "")  # as the table has it, where the table is spoken of
    (document,) = (Path("out") / "xiangfang" / "network").glob("*/network.json")
    plan = network_from_json(document.read_text(encoding="utf-8"))
    assert (len(plan.area.villages), plan.area.rows_left_out.villages) == (21, 25)
    covered = sum(one.covered for one in plan.stages[-1].hand_over)
    assert f"{covered} of 46 villages" in page


@pytest.mark.slow
def test_a_county_without_roads_is_planned_on_straight_lines(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """望奎: no road file, points of a bureau's list made up around a middle; five commands and no editor."""
    monkeypatch.chdir(tmp_path)
    folder = Path("wangkui")
    run("init", folder, "--division", "望奎", "--straight-lines")
    said = capsys.readouterr().out
    assert "planner fetch" not in said
    with (folder / "villages.csv").open(encoding="utf-8-sig", newline="") as file:
        codes = [(row["id"], row["name"], row["township"]) for row in csv.DictReader(file)]
    lines = [
        f"{code},{name},{township},{126.3 + 0.02 * (i % 20):.5f},{46.6 + 0.03 * (i // 20):.5f}"
        for i, (code, name, township) in enumerate(codes)
    ]
    Path("points.csv").write_text("\n".join(["id,name,township,lon,lat", *lines]), encoding="utf-8")
    run("places", folder, "points.csv")
    run("people", folder, "--total", 280_000)
    assert not run("check", folder)
    run("plan", folder, "--out", "out", "--store", f"sqlite:///{tmp_path / 'p.db'}")
    assert load_config(folder).straight_lines is not None
    pages = sorted(Path("out").rglob("*.html"))
    assert len(pages) > 10
    for page in pages:
        text = page.read_text(encoding="utf-8")
        marks = ("直线", "straight line") if ".zh." in page.name else ("straight line", "直线")
        assert any(mark in text.lower() for mark in marks), page
    text = (Path("out") / "wangkui" / "index.html").read_text(encoding="utf-8")
    count, items = notice_in(text)
    assert count == len(items)
    assert items[0].startswith("travel times and distances: no roads")
    assert "on the roads of" not in text
    (document,) = Path("out").rglob("day.json")
    assert json.loads(document.read_text(encoding="utf-8"))["roads"]["detour_factor"] == 1.4


def test_straight_lines_and_roads_to_cut_exclude_each_other(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="--straight-lines is for an area without roads"):
        run("init", tmp_path / "a", "--division", "望奎", "--straight-lines", "--pbf", tmp_path / "x.osm.pbf")


@pytest.mark.parametrize(
    ("written", "short"),
    [
        ("东胜村村委会", "东胜村"),
        ("新村村委会", "新村"),
        ("新村村村委会", "新村村"),
        ("正兰头村委会", "正兰头村"),
        ("向阳村民委员会", "向阳村"),
        ("黎明社区", "黎明社区"),
    ],
)
def test_a_village_is_called_a_village_once(written: str, short: str) -> None:
    assert short_name(written) == short


@pytest.mark.parametrize(
    "written",
    ["望奎", " 望奎县 ", "望奎縣", "黑龙江省 绥化市 望奎县", "２３１２２１", "望奎县（231221）", "绥化市望奎县"],
)
def test_a_county_is_found_however_its_name_is_written(written: str) -> None:
    assert find_county(written) == ("231221", "望奎县")


@pytest.mark.parametrize(("written", "one_of_it"), [("哈尔滨", "五常市"), ("绥化市", "望奎县"), ("北京", "海淀区")])
def test_a_prefecture_names_its_counties(written: str, one_of_it: str) -> None:
    with pytest.raises(UnknownAreaError, match="is no county: give one of its counties") as caught:
        find_county(written)
    assert one_of_it in str(caught.value) or "and" in str(caught.value)
