"""The command line as it is called: what it prints, what it writes, how it ends."""

import json
import re
import socket
import subprocess
import sys
import time
import urllib.request
from collections import Counter
from pathlib import Path

import pytest

from planner import __version__
from planner.cli.app import main
from planner.plans import day_from_json, network_from_json
from planner.routing import UnassignedReason
from planner.words import term
from tests.conftest import write_demo


def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, *arguments: str) -> tuple[int, str, str]:
    monkeypatch.setattr(sys, "argv", ["planner", *arguments])
    monkeypatch.setenv("PLANNER_LANG", "en")
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
    commands = ("init", "fetch", "check", "site", "day", "plan", "demo", "networks", "days", "publish", "export")
    for word in (
        *commands,
        "replan",
        "reach",
        "seasons",
        "curve",
        "compare",
        "route",
        "serve",
        "0 done, 2 wrong usage",
    ):
        assert word in out, word


def test_site_shows_what_is_not_covered_and_why(planner, inside: Path, line_folder: Path) -> None:
    code, out, _ = planner("site", line_folder)
    assert code == 0
    for words in ("Dao", "no road within reach", "92.3%"):
        assert words in out, words


def test_site_as_json(planner, inside: Path, line_folder: Path) -> None:
    code, out, err = planner("site", line_folder, "--json")
    answer = json.loads(out)
    assert (code, err) == (0, "")
    assert answer["service_points"]["status"] == "optimal"
    assert answer["service_points"]["gap"] == 0
    assert [left["reason"] for left in answer["service_points"]["uncovered"]] == ["no_road_in_reach"]
    assert (answer["phases"], answer["subsidies"], answer["equity"]["overall"]["unreached"]) == (None, None, 1)
    assert [(stage["first"], stage["last"]) for stage in answer["stages"]] == [(None, None)]
    assert Path(answer["folder"]).parent == Path("out/line/network")
    assert answer["id"] == f"line-network-{Path(answer['folder']).name}"
    assert (
        network_from_json((inside / answer["folder"] / "network.json").read_text(encoding="utf-8")).id == answer["id"]
    )


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
    assert "no knee" in out
    assert "<svg" in (inside / "new" / "curve.html").read_text(encoding="utf-8")


def test_two_networks_are_compared_by_file_or_id(planner, inside: Path, line_folder: Path) -> None:
    before = json.loads(planner("site", line_folder, "--json")[1])
    config = line_folder / "area.toml"
    text = config.read_text(encoding="utf-8")
    config.write_text(text.replace("standard_s = 900", "standard_s = 100"), encoding="utf-8")
    after = json.loads(planner("site", line_folder, "--out", "other", "--json")[1])
    document = Path(before["folder"]) / "network.json"
    code, out, _ = planner("compare", document, after["id"])
    assert code == 0
    # 100 s are 1.667 min: a standard that is no whole tenths is shown in hundredths, rounded down
    assert "15.0 min → 1.66 min" in out
    code, out, _ = planner("compare", document, after["id"], "--json")
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


def test_another_day_on_the_same_network(planner, inside: Path, line_folder: Path) -> None:
    network = json.loads(planner("site", line_folder, "--json")[1])
    code, out, _ = planner("day", line_folder, "--date", "2026-12-24", "--json")
    told = json.loads(out)
    assert (code, told["routes"], told["date"], told["network_id"]) == (0, 1, "2026-12-24", network["id"])
    assert Path(told["folder"]).parent == Path("out/line/days/2026-12-24")
    code, out, _ = planner("day", line_folder, "--date", "2026-12-24")
    assert (code, "2026-12-24" in out, told["id"] in out) == (0, True, True)


def test_a_day_without_a_network_says_how_to_make_one(planner, inside: Path, line_folder: Path) -> None:
    code, _, err = planner("day", line_folder)
    assert code == 2
    assert "make one with planner site line" in " ".join(err.split())


@pytest.mark.parametrize("command", ["site", "day", "seasons", "curve", "reach"])
def test_tables_say_what_is_synthetic(planner, inside: Path, line_folder: Path, command: str) -> None:
    reach = ["--from", "west", "--minutes", "10", "--out", inside / "reach.html"]
    more = {"curve": ["--counts", "1"], "reach": reach}
    if command == "day":
        assert planner("site", line_folder)[0] == 0
    code, out, err = planner(command, line_folder, *more.get(command, []))
    assert code == 0, err
    assert "contains synthetic data, not for real decisions: all of it" in out


def test_plan_writes_all_and_keeps_it_and_export_writes_it_again(planner, inside: Path, line_folder: Path) -> None:
    code, out, _ = planner("plan", line_folder, "--json")
    told = json.loads(out)
    assert (code, told["network"]["synthetic"], told["day"]["synthetic"]) == (0, ["all of it"], ["all of it"])
    assert (inside / "out" / "planner.db").is_file()
    network_folder, day_folder = inside / told["network"]["folder"], inside / told["day"]["folder"]
    network = network_from_json((network_folder / "network.json").read_text(encoding="utf-8"))
    day = day_from_json((day_folder / "day.json").read_text(encoding="utf-8"), network)
    assert (network.id, day.id) == (told["network"]["id"], told["day"]["id"])
    # of a file (the day's network is found where results lie) and of an id, in the language of those before
    for folder, document, plan_id in (
        (network_folder, "network.json", network.id),
        (day_folder, "day.json", day.id),
    ):
        for number, which in enumerate((folder / document, plan_id)):
            again = inside / f"again-{document}-{number}"
            code, out, err = planner("export", which, "--out", again.name)
            assert code == 0, err
            files = {path.relative_to(folder): without_other_plans(path) for path in folder.rglob("*.*")}
            assert {path.relative_to(again): path.read_bytes() for path in again.rglob("*.*")} == files
            first, counted = out.splitlines()
            assert (inside / first, counted.split()[-2:]) == (again / "index.html", [str(len(files)), "files"])
            told = json.loads(planner("export", which, "--out", again.name, "--json")[1])
            assert sorted(told) == sorted(str(Path(again.name) / path) for path in files)
            assert dead_links(again) == []


def without_other_plans(path: Path) -> bytes:
    """A file as it is where neither its network nor the area's page are beside it: without the links there."""
    data = path.read_bytes()
    return (
        re.sub(rb'<a href="\.\./\.\./\.\./[^"]*">(.*?)</a>', rb"\1", data) if path.name.startswith("index.") else data
    )


def dead_links(folder: Path) -> list[str]:
    """Links of a folder's pages that lead to no file."""
    return [
        f"{page.name}: {href}"
        for page in folder.rglob("*.html")
        for href in re.findall(r'href="([^"#?]+)"', page.read_text(encoding="utf-8"))
        if ":" not in href and not (page.parent / href).is_file()
    ]


def test_the_day_of_a_document_alone_asks_for_its_network(planner, inside: Path, line_folder: Path) -> None:
    told = json.loads(planner("plan", line_folder, "--json")[1])
    alone = inside / "elsewhere" / "day.json"
    alone.parent.mkdir()
    alone.write_bytes((inside / told["day"]["folder"] / "day.json").read_bytes())
    assert planner("export", alone, "--out", "of-the-store")[0] == 0
    code, _, err = planner("export", alone, "--out", "nowhere", "--store", "sqlite:///new.db")
    assert (code, told["network"]["id"] in err, "neither beside it nor in the store" in err) == (2, True, True)
    network = inside / told["network"]["folder"] / "network.json"
    (alone.parent / "network.json").write_bytes(network.read_bytes())
    assert planner("export", alone, "--out", "beside", "--store", "sqlite:///new.db")[0] == 0


def test_a_plan_that_leaves_stops_ends_with_four(planner, inside: Path, line_folder: Path) -> None:
    config = line_folder / "area.toml"
    text = config.read_text(encoding="utf-8").replace("capacity_kg = 1500", "capacity_kg = 50")
    config.write_text(text, encoding="utf-8")
    code, out, _ = planner("plan", line_folder)
    assert code == 4
    assert f"sp-middle: {term(UnassignedReason.TOO_LARGE)}" in out
    assert (inside / "out" / "line" / "index.html").is_file()
    assert planner("day", line_folder)[0] == 4


def change(folder: Path, name: str, old: str, new: str) -> None:
    text = (folder / name).read_text(encoding="utf-8")
    assert old in text
    (folder / name).write_text(text.replace(old, new, 1), encoding="utf-8")


def test_a_poor_village_that_nothing_covers_ends_with_four_and_the_rest_is_planned(
    planner, inside: Path, line_folder: Path
) -> None:
    change(line_folder, "villages.csv", "50,20,否,0", "50,20,是,5")
    change(line_folder, "area.toml", "standard_s = 900", "standard_s = 900\ncover_poor_villages = true")
    code, out, _ = planner("site", line_folder)
    assert code == 4
    assert "mandatory point Dao island has no way by road: no road within reach" in out
    assert "has no solution" not in planner("day", line_folder)[1]


def test_what_cannot_be_held_ends_with_four_and_its_names(planner, inside: Path, line_folder: Path) -> None:
    budget = 'objective = "MCLP"\nbudget_yuan = 1\ncover_poor_villages = true'
    change(line_folder, "area.toml", 'objective = "LSCP"', budget)
    code, out, _ = planner("site", line_folder)
    assert code == 4
    assert "mandatory point Zhong middle cannot be covered within" in out
    document = next((inside / "out" / "line" / "network").glob("*/network.json"))
    code, out, _ = planner("day", line_folder, "--network", document)
    assert code == 4
    assert "has no solution: nothing is open, and there are no routes" in out


def test_findings_alike_are_counted_and_the_first_three_shown(planner, inside: Path) -> None:
    rows = "".join(f"2302312010{n:02d},村{n},某镇,,,\n" for n in range(10, 20))
    (inside / "bad.csv").write_text(f"编码,村名,乡镇,经度,纬度,人口\n{rows}", encoding="utf-8")
    command = ("check", inside / "bad.csv", "--datum", "gcj02", "--division", "230231")
    code, out, _ = planner(*command)
    findings = json.loads(planner(*command, "--json")[1])["findings"]
    alike = Counter((finding["code"], finding["severity"]) for finding in findings)
    assert code == 3
    assert max(alike.values()) >= 10
    for count in alike.values():
        assert count <= 3 or f"and {count - 3} more like these (--json lists all)" in out
    assert len(re.findall(r"bad\.csv row", out)) <= 3 * len(alike)
    assert f"Errors: {sum(finding['severity'] == 'error' for finding in findings)}; warnings: " in out


def test_bad_rows_end_with_three_and_are_all_named(planner, inside: Path, line_folder: Path) -> None:
    villages = line_folder / "villages.csv"
    text = villages.read_text(encoding="utf-8").replace("10.2,0.0,300", "100.2,0.0,many").replace("10.0,0.0", ",0.0")
    villages.write_text(text, encoding="utf-8")
    code, out, err = planner("plan", line_folder)
    assert (code, out) == (3, "")
    for wanted in ("villages.csv row 2 经度", "villages.csv row 4 人口 'many'"):
        assert wanted in err
    assert {path.suffix for path in (inside / "out").rglob("*.*")} <= {".db", ".lock"}  # the store was opened, no more
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
        (("day", "baiquan", "--date", "tomorrow"), 2, "'tomorrow': write the date as 2026-11-10"),
        (("day", "baiquan"), 2, "make one with planner site baiquan"),
        (("day", "baiquan", "--network", "none.json"), 3, "no such file"),
        (("day", "baiquan", "--network", "no-such-id"), 2, "no plan 'no-such-id'"),
        (("route",), 2, "--vroom"),
        (("publish", "no-such-id"), 2, "no plan 'no-such-id'"),
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
        (("seasons", "baiquan", "--network", "none.json"), 3, "no such file"),
        (("seasons", "baiquan", "--network", "/bin/sh"), 3, "not a text file"),
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
    code, out, _ = planner("init", "new counties/wangkui", "--division", "231221")
    assert code == 0
    head = (inside / "new counties" / "wangkui" / "area.toml").read_text(encoding="utf-8").partition("schema")[0]
    for step in ("fetch", "places", "people", "check", "plan"):
        for said in (out, head):
            assert f'planner {step} "new counties/wangkui"' in said
    code, out, _ = planner("init", "wangkui", "--division", "231221")
    assert (code, "planner check wangkui\n" in out) == (0, True)
    lines = (inside / "wangkui" / "villages.csv").read_text(encoding="utf-8-sig").splitlines()
    assert len(lines) > 100
    assert lines[1].startswith("231221")
    code, _, err = planner("init", "wangkui", "--division", "231221")
    assert code == 3
    assert "there is an area already" in err
    code, _, err = planner("plan", "wangkui")
    assert code == 3
    assert "villages.csv: no village has people yet" in err


def test_the_demonstration_comes_out_the_same_again(demo_out: Path, tmp_path: Path) -> None:
    write_demo(tmp_path)
    for area in ("baiquan", "neubrandenburg"):
        kinds = {".json", ".html", ".gpx", ".csv", ".geojson", ".xlsx", ".gpkg"}
        paths = [path for path in sorted((demo_out / area).rglob("*")) if path.suffix in kinds]
        assert {path.suffix for path in paths} == kinds
        for path in paths:
            written = [folder.joinpath(path.relative_to(demo_out)).read_bytes() for folder in (demo_out, tmp_path)]
            if path.parent == demo_out / area:  # the area's page says in its list when each network was made
                written = [re.sub(rb"\b\d\d:\d\d\b", b"", content) for content in written]
            assert written[0] == written[1], path.name


def test_serve_answers_on_health_when_it_is_ready(demo_out: Path) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "planner.cli.app", "serve", "--port", str(port), "--store"]
    with subprocess.Popen(
        [*command, f"sqlite:///{demo_out}/planner.db"], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as server:
        try:
            assert _health(f"http://127.0.0.1:{port}/health") == {"status": "ok", "version": __version__, "plans": 4}
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
    area = inside / "out" / "line"
    assert "many" in (area / "index.html").read_text(encoding="utf-8")
    (document,) = area.rglob("network.json")
    assert "many" in document.read_text(encoding="utf-8")
