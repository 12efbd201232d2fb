"""The command line as it is called: what it prints, what it writes, how it ends."""

import json
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

from planner.cli.app import app, main
from planner.plans import plan_from_json


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
