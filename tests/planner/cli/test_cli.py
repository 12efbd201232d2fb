"""The command line as it is called: what it prints, what it writes, how it ends."""

import json
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pyogrio
import pytest

from planner.cli.app import app, main
from planner.plans import plan_from_json
from tests.conftest import CLOSURE, close


def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, *arguments: str) -> tuple[int, str, str]:
    monkeypatch.setattr(sys, "argv", ["planner", *arguments])
    code = 0
    try:
        main()
    except SystemExit as end:
        code = int(end.code or 0)
    out, err = capsys.readouterr()
    return code, out, err


@pytest.fixture
def planner(capsys, monkeypatch):
    return lambda *arguments: run(capsys, monkeypatch, *map(str, arguments))


def test_help_names_every_command_and_the_exit_codes(planner) -> None:
    code, out, _ = planner("--help")
    assert code == 0
    for command in (
        *(
            "init",
            "check",
            "site",
            "route",
            "plan",
            "reach",
            "seasons",
            "demo",
            "curve",
            "compare",
            "replan",
            "export",
            "serve",
        ),
        "0 done, 2 wrong usage",
    ):
        assert command in out


def test_site_shows_what_is_not_covered_and_why(planner, line_folder: Path) -> None:
    code, out, _ = planner("site", line_folder)
    assert code == 0
    assert "岛村" in out
    assert "可达范围内无道路" in out
    assert "92.3%" in out


def test_site_as_json(planner, line_folder: Path) -> None:
    code, out, err = planner("site", line_folder, "--json")
    answer = json.loads(out)
    assert (code, err) == (0, "")
    assert answer["service_points"]["status"] == "optimal"
    assert answer["service_points"]["gap"] == 0
    assert [left["reason"] for left in answer["service_points"]["uncovered"]] == ["no_road_in_reach"]
    assert (answer["phases"], answer["subsidies"], answer["equity"]["overall"]["unreached"]) == (None, None, 1)


def test_the_curve_as_table_json_and_page(planner, inside: Path, line_folder: Path) -> None:
    code, out, err = planner("curve", line_folder, "--counts", "0:3:1", "--json")
    curve = json.loads(out)
    assert (code, err) == (0, "")
    # one point in the middle covers all three villages: 600 people; two and three are not asked any more
    assert [(p["limit"], p["value"], p["gap"]) for p in curve["points"]] == [(0, 0, 0), (1, 600, 0)]
    assert curve["full_at"] == 1
    code, out, _ = planner("curve", line_folder, "--budgets", "0,1000", "--knee", "100", "--out", "new/curve.html")
    assert code == 0
    assert "600" in out
    # from 0 to 1,000 yuan 600 people: 6,000 for each 10,000 yuan, so the knee is not in sight
    assert "未见拐点 no knee" in out
    assert "<svg" in (inside / "new" / "curve.html").read_text(encoding="utf-8")


def test_two_plans_are_compared_by_file_or_id(planner, inside: Path, line_folder: Path) -> None:
    planner("plan", line_folder)
    config = line_folder / "area.toml"
    text = config.read_text(encoding="utf-8")
    config.write_text(text.replace("standard_s = 900", "standard_s = 100"), encoding="utf-8")
    told = json.loads(planner("plan", line_folder, "--out", "other", "--json")[1])
    code, out, _ = planner("compare", "out/line/plan.json", told["id"])
    assert code == 0
    # 100 s are 1.667 min: a standard that is no whole tenths is shown in hundredths, rounded down
    assert "标准不同 different standards: 15.0 min → 1.66 min" in out
    code, out, _ = planner("compare", "out/line/plan.json", told["id"], "--json")
    found = json.loads(out)
    assert code == 0
    # within 100 s only a point of its own serves a village, and the site in the east is forbidden
    changes = {p["demand_id"]: p["change"] for p in found["stations"]["service_points"]["points"]}
    assert changes["east"] == "lost"
    assert found["people"]["lost"] == {
        "villages": 1,
        "population": 300,
        "households": 100,
        "poor_villages": 0,
        "poor_households": 0,
    }


def test_route_for_another_day(planner, line_folder: Path) -> None:
    code, out, _ = planner("route", line_folder, "--date", "2026-12-24", "--json")
    assert (code, len(json.loads(out)["routes"])) == (0, 1)
    code, out, _ = planner("route", line_folder, "--date", "2026-12-24")
    assert "2026-12-24" in out


@pytest.mark.parametrize("command", ["site", "route", "seasons", "curve", "reach"])
def test_tables_say_what_is_synthetic(planner, tmp_path: Path, line_folder: Path, command: str) -> None:
    reach = ["--from", "west", "--minutes", "10", "--out", tmp_path / "reach.html"]
    more = {"curve": ["--counts", "1"], "reach": reach}
    code, out, err = planner(command, line_folder, *more.get(command, []))
    assert code == 0, err
    assert "含合成数据，不可用于实际决策 contains synthetic data, not for real decisions: all of it" in out


def test_plan_writes_all_and_keeps_it_and_export_writes_it_again(planner, inside: Path, line_folder: Path) -> None:
    code, out, _ = planner("plan", line_folder, "--json")
    told = json.loads(out)
    assert (code, told["folder"], told["synthetic"]) == (0, "out/line", ["all of it"])
    assert (inside / "out" / "planner.db").is_file()
    plan = plan_from_json((inside / "out" / "line" / "plan.json").read_text(encoding="utf-8"))
    assert plan.id == told["id"]
    code, out, _ = planner("export", "out/line/plan.json", "--out", "again")
    assert code == 0
    assert sorted(out.split()) == sorted(str(path.relative_to(inside)) for path in (inside / "again").rglob("*.*"))
    assert (inside / "again" / "plan.json").read_bytes() == (inside / "out" / "line" / "plan.json").read_bytes()


def test_a_plan_that_leaves_stops_ends_with_four(planner, inside: Path, line_folder: Path) -> None:
    config = line_folder / "area.toml"
    text = config.read_text(encoding="utf-8").replace("capacity_kg = 1500", "capacity_kg = 50")
    config.write_text(text, encoding="utf-8")
    code, out, _ = planner("plan", line_folder)
    assert code == 4
    assert "超过任一车辆容量" in out
    assert (inside / "out" / "line" / "index.html").is_file()


def test_what_cannot_be_held_ends_with_four_and_its_names(planner, line_folder: Path) -> None:
    for name, old, new in (
        ("villages.csv", "50,20,否,0", "50,20,是,5"),
        ("area.toml", "standard_s = 900", "standard_s = 900\ncover_poor_villages = true"),
    ):
        path = line_folder / name
        path.write_text(path.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    code, out, _ = planner("site", line_folder)
    assert code == 4
    assert "island" in out


def test_bad_rows_end_with_three_and_are_all_named(planner, inside: Path, line_folder: Path) -> None:
    villages = line_folder / "villages.csv"
    text = villages.read_text(encoding="utf-8").replace("10.2,0.0,300", "100.2,0.0,many").replace("10.0,0.0", ",0.0")
    villages.write_text(text, encoding="utf-8")
    code, out, err = planner("plan", line_folder)
    assert (code, out) == (3, "")
    for wanted in ("villages.csv row 2 经度", "villages.csv row 4 人口 'many'"):
        assert wanted in err
    assert not list((inside / "out").rglob("*.*"))
    code, _, err = planner("plan", line_folder, "--accept-bad", "rejects.csv")
    assert code == 0, err
    rejects = (inside / "rejects.csv").read_text(encoding="utf-8-sig")
    # with its village the hub's row has no place to stand in, so it is among the rejects too
    assert [name in rejects for name in ("many", "西<b>村</b></script>", "共配中心")] == [True, True, True]


def test_check_reports_and_ends_with_three(planner, inside: Path, line_folder: Path) -> None:
    good = planner("check", line_folder / "villages.csv", line_folder / "townships.csv", "--datum", "wgs84", "--json")
    assert json.loads(good[1])["files"][0]["rows"] == 4
    path = inside / "bad.csv"
    path.write_text("村名,乡镇,经度,纬度,人口\n甲,某镇,,,\n", encoding="gb18030")
    code, out, _ = planner("check", path, "--datum", "gcj02")
    assert code == 3
    assert "row 2" in out


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (("plan", "nowhere"), 2, "the embedded areas are baiquan, neubrandenburg"),
        (("plan",), 2, "Missing argument"),
        (("sing",), 2, "No such command"),
        (("route", "baiquan", "--date", "tomorrow"), 2, "does not match"),
        (("check", "x.csv"), 2, "--datum is missing"),
        (("check", "x.csv", "--datum", "mars"), 2, "mars"),
        (("check", "x.csv", "--datum", "wgs84"), 3, "x.csv"),
        (("export", "none.json", "--out", "o"), 3, "no such file"),
        (("curve", "baiquan"), 2, "give --counts or --budgets"),
        (("curve", "baiquan", "--counts", "1", "--budgets", "1"), 2, "one of them"),
        (("curve", "baiquan", "--counts", "many"), 2, "write numbers with commas between"),
        (("curve", "baiquan", "--counts", "1:9:0"), 2, "first:last:step"),
        (("compare", "none.json", "other.json"), 3, "no such file"),
        (("compare", "no-such-id", "other"), 2, "no plan 'no-such-id'"),
        (("init", "new", "--division", "999999"), 2, "no county '999999'"),
        (("serve", "--port", "0"), 2, "port"),
        pytest.param(("demo", "--store", "nonsense"), 3, "not a database URL", marks=pytest.mark.slow),
        (("serve", "--store", "nonsense"), 3, "not a database URL"),
        (("serve", "--host", "192.0.2.1"), 2, "choose another --port or --host"),
        (("demo", "--out", "/proc/none"), 2, "/proc/none"),
        (("plan", "baiquan", "--season", "monsoon"), 2, "--season: no season 'monsoon': choose one of summer"),
        (("site", "baiquan", "--vehicle", "sled", "--season", "x"), 2, "--vehicle: no vehicle 'sled'"),
        (("site", "baiquan", "--cache", "c", "--no-cache"), 2, "exclude each other"),
        (("site", "baiquan", "--cache", "/proc/none"), 2, "choose another --cache, or --no-cache"),
        (("reach", "baiquan", "--out", "r.html"), 2, "Missing option '--from'"),
        (("reach", "baiquan", "--from", "x", "--out", "r.html"), 2, "no village or site has the id x"),
        (("reach", "baiquan", "--from", "x", "--out", "r.pdf"), 2, "ends with .geojson, .gpkg, .html"),
        (("reach", "baiquan", "--from", "x", "--out", "r.html", "--minutes", "ten,2"), 2, "'ten' is no number"),
        (
            ("reach", "baiquan", "--from", "230231100200", "--out", "r.html", "--minutes", "0"),
            3,
            "minutes must be given",
        ),
        (("seasons", "baiquan", "--plan", "none.json"), 3, "no such file"),
        (("seasons", "baiquan", "--plan", "/bin/sh"), 3, "not a text file"),
        (("serve", "--area", "nowhere"), 2, "nowhere: no such file or folder"),
        (("serve", "--area", "baiquan"), 2, "an area 'baiquan' is there already"),
        (("export", "/bin/sh", "--out", "o"), 3, "not a text file"),
    ],
)
def test_wrong_usage_and_bad_input_end_with_their_code(
    planner, inside: Path, arguments: tuple[str, ...], code: int, words: str
) -> None:
    found, out, err = planner(*arguments)
    assert found == code
    assert words in out + err
    assert "Traceback" not in out + err


def test_a_county_is_started_from_the_register(planner, inside: Path) -> None:
    code, _, _ = planner("init", "wangkui", "--division", "231221")
    assert code == 0
    lines = (inside / "wangkui" / "villages.csv").read_text(encoding="utf-8-sig").splitlines()
    assert len(lines) > 100
    assert lines[1].startswith("231221")
    code, _, err = planner("init", "wangkui", "--division", "231221")
    assert code == 3
    assert "there is an area already" in err
    code, _, err = planner("plan", "wangkui")
    assert code == 3
    assert "经度" in err


def test_the_demonstration_comes_out_the_same_again(demo_out: Path, tmp_path: Path) -> None:
    app(["demo", "--out", str(tmp_path), "--store", f"sqlite:///{tmp_path}/planner.db"], standalone_mode=False)
    for area in ("baiquan", "neubrandenburg"):
        kinds = {".json", ".html", ".gpx", ".csv", ".geojson"}
        paths = [path for path in sorted((demo_out / area).rglob("*")) if path.suffix in kinds]
        assert {path.suffix for path in paths} == kinds
        for path in paths:
            assert path.read_bytes() == (tmp_path / path.relative_to(demo_out)).read_bytes(), path.name


def test_serve_answers_on_health_when_it_is_ready(demo_out: Path) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "planner.cli.app", "serve", "--port", str(port), "--store"]
    with subprocess.Popen(
        [*command, f"sqlite:///{demo_out}/planner.db"], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as server:
        try:
            assert _health(f"http://127.0.0.1:{port}/health") == {"status": "ok", "version": "0.1.0", "plans": 2}
        finally:
            server.terminate()
            out, err = server.communicate(timeout=30)
    assert b"Traceback" not in out + err


def _health(url: str) -> object:
    for _ in range(150):
        try:
            with urllib.request.urlopen(url, timeout=5) as answer:
                return json.load(answer)
        except OSError:
            time.sleep(0.2)
    raise AssertionError("the server did not come up")


def test_what_was_left_out_stays_with_the_plan(planner, inside: Path, line_folder: Path) -> None:
    villages = line_folder / "villages.csv"
    villages.write_text(villages.read_text(encoding="utf-8").replace("10.2,0.0,300", "10.2,0.0,many"), encoding="utf-8")
    code, out, _ = planner("plan", line_folder, "--accept-bad", "rejects.csv")
    assert code == 0
    wanted = "left out: villages.csv row 4 人口 'many'"
    assert wanted in out
    for path in ("index.html", "plan.json"):
        assert "many" in (inside / "out" / "line" / path).read_text(encoding="utf-8")


def test_season_and_vehicle_of_the_command_line_are_in_the_plan(planner, inside: Path, line_folder: Path) -> None:
    code, out, _ = planner("plan", line_folder, "--season", "frozen_river", "--vehicle", "tricycle", "--json")
    told = json.loads(out)
    assert (code, told["season"], told["vehicle"]) == (0, "frozen_river", "tricycle")
    plan = plan_from_json((inside / "out" / "line" / "plan.json").read_text(encoding="utf-8"))
    assert (plan.roads.season, plan.roads.vehicle) == ("frozen_river", "tricycle")
    assert (plan.config["travel"]["season"], plan.config["travel"]["vehicle"]) == ("frozen_river", "tricycle")
    code, out, _ = planner("plan", line_folder, "--season", "frozen_river")
    assert "封江期 frozen river" in out
    assert "路面缺省 surface imputed 0%" in out  # the one road has its surface tagged
    assert "限速缺省 maxspeed imputed 100%" in out


@pytest.mark.parametrize("ending", ["geojson", "gpkg", "html"])
def test_reach_is_written_as_its_name_ends(planner, inside: Path, river_folder: Path, ending: str) -> None:
    command = ("reach", river_folder, "--from", "west", "--minutes", "14, 27,14", "--out", f"new/r.{ending}")
    code, out, _ = planner(*command, "--json")
    # middle is 13.4 minutes from west and east 26.7
    rings = [{"minutes": 14.0, "villages": 2, "population": 300}, {"minutes": 27.0, "villages": 3, "population": 600}]
    assert (code, json.loads(out)["rings"]) == (0, rings)
    code, out, _ = planner(*command)
    assert (code, "75.0%" in out, f"new/r.{ending}" in out) == (0, True, True)
    path = inside / "new" / f"r.{ending}"
    assert [found.name for found in path.parent.iterdir()] == [path.name]
    if ending == "html":
        page = path.read_text(encoding="utf-8")
        for wanted in ("可达范围 reach by road", "夏季 summer", "含合成数据", "2 / 4 村, 300 人 (46.2%)", "起点 start"):
            assert wanted in page, wanted
        assert "index.html" not in page
        assert "<b>村</b>" not in page
    else:
        frame = pyogrio.read_dataframe(path, layer="reach" if ending == "gpkg" else None)
        assert frame["minutes"].tolist() == [27, 14]  # the widest first
        assert frame.crs.to_epsg() == 4326
        assert frame.geometry.is_valid.all()
        # a road of 22.26 km with 500 m to both sides and beyond its ends; nothing beside the ferry
        assert frame["area_km2"][0] == pytest.approx(22.26 + 3.14 * 0.25, rel=0.03)


def test_seasons_are_put_side_by_side(planner, inside: Path, river_folder: Path) -> None:
    code, out, _ = planner("seasons", river_folder)
    assert code == 0
    for wanted in ("封江期 frozen river", "夏季 summer ●", "岛村", "唯一道路或渡口本季关闭"):
        assert wanted in out, wanted
    code, out, _ = planner("seasons", river_folder, "--json")
    told = json.loads(out)
    assert [row["season"] for row in told["seasons"]][:2] == ["summer", "winter"]
    assert told["seasons"][1]["cut_off"] == {"island": "closed_this_season"}
    assert planner("plan", river_folder)[0] == 0
    code, out, _ = planner("seasons", river_folder, "--plan", "out/line/plan.json", "--json")
    of_plan = json.loads(out)
    assert (code, of_plan["seasons"], of_plan["sited_for"]) == (0, told["seasons"], None)
    code, _, err = planner("seasons", "baiquan", "--plan", "out/line/plan.json")
    assert (code, "a plan of 'line', not of 'baiquan'" in err) == (2, True)


def test_seasons_of_an_area_without_an_answer_end_with_four(planner, river_folder: Path) -> None:
    for name, old, new in (
        ("villages.csv", "50,20,否,0", "50,20,是,5"),
        ("area.toml", "standard_s = 900", "standard_s = 900\ncover_poor_villages = true"),
        ("area.toml", 'season = "summer"', 'season = "winter"'),
    ):
        path = river_folder / name
        path.write_text(path.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    assert planner("seasons", river_folder)[0] == 4


def test_check_tells_imputed_shares_closures_and_who_is_behind_them(planner, river_folder: Path) -> None:
    code, out, _ = planner("check", close(river_folder))
    assert code == 0
    assert "surface is not tagged on 0% and maxspeed on" in out
    assert "its only road is temporarily closed" in out
    close(river_folder, CLOSURE.replace("[2]", "[99]"))
    code, out, _ = planner("check", river_folder)
    assert (code, "no road is way 99" in out) == (3, True)


def test_roads_are_kept_where_the_option_says_and_not_at_all_if_it_says_so(
    planner, inside: Path, line_folder: Path
) -> None:
    assert planner("site", line_folder, "--cache", "here")[0] == 0
    assert len(list((inside / "here").glob("*.npz"))) == 2
    assert planner("site", line_folder, "--no-cache")[0] == 0
    assert planner("reach", line_folder, "--from", "west", "--out", "r.html", "--no-cache")[0] == 0


def test_route_answers_a_vroom_request(planner, tmp_path: Path) -> None:
    request = tmp_path / "request.json"
    matrix = {"car": {"durations": [[0, 7], [8, 0]]}}
    job = {"id": 3, "location_index": 1}
    request.write_text(
        json.dumps({"vehicles": [{"id": 1, "start_index": 0, "end_index": 0}], "jobs": [job], "matrices": matrix})
    )
    code, out, _ = planner("route", "--vroom", str(request))
    assert (code, json.loads(out)["summary"]["cost"]) == (0, 15)  # 7 s there and 8 s back at 3600 an hour
    request.write_text(json.dumps({"vehicles": [], "jobs": [job]}))
    code, out, _ = planner("route", "--vroom", str(request))
    assert (code, json.loads(out)["code"]) == (3, 2)
    assert planner("route", "--vroom", str(tmp_path / "none.json"))[0] == 3


def test_names_that_look_like_the_terminal_s_markup_are_printed_as_they_are(planner, line_folder, tmp_path) -> None:
    name = "[/b][red]{{7*191}}村"
    for file, old in (
        ("villages.csv", "=1+1村"),
        ("townships.csv", "道口镇"),
        ("sites.csv", "共配中心"),
        ("area.toml", "三村"),
    ):
        path = line_folder / file
        path.write_text(path.read_text(encoding="utf-8").replace(old, name), encoding="utf-8")
    events = tmp_path / "late.json"
    late = {"id": "van-1", "delay_s": 1200}
    events.write_text(json.dumps({"now": "06:50", "most_changes": 0, "tolerance_s": 900, "vehicles": [late]}))
    store = ("--store", f"sqlite:///{tmp_path}/planner.db")
    code, out, err = planner("plan", line_folder, "--out", tmp_path / "out", *store)
    assert (code, name in out) == (0, True), err
    code, out, err = planner("replan", line_folder, tmp_path / "out" / "line" / "plan.json", events)
    assert (code, "[/b][red]{{7*191}}" in out) == (4, True), err  # the table of changes
    code, _, err = planner("check", line_folder)
    assert code == 0, err
