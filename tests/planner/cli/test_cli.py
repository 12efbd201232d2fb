"""The command line as it is called: what it prints, what it writes, how it ends."""

import json
import re
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

from planner import __version__
from planner.plans import day_from_json, network_from_json
from tests.conftest import write_demo


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
    code, out, _ = planner("compare", document, after["id"], "--out", inside / "pages" / "both.html")
    assert code == 0
    assert "both.html" in out
    page = (inside / "pages" / "both.html").read_text(encoding="utf-8")
    assert "Villages lost: 1" in page
    assert 'data-village="east"' in page
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
    if path.name.startswith("routes."):
        return re.sub(rb'<p class="small"><a href="\.\./\.\./\.\./week[^>]*>[^<]*</a></p>\n?', b"", data)
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
    for area in ("harbin", "baiquan", "neubrandenburg"):
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
            assert _health(f"http://127.0.0.1:{port}/health") == {"status": "ok", "version": __version__, "plans": 6}
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
