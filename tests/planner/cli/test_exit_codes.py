"""What cannot be planned, or not whole: the code at the end, and every cause."""

import json
import re
from collections import Counter
from pathlib import Path

import pytest

from planner.routing import UnassignedReason
from planner.words import term


def test_a_plan_that_leaves_stops_ends_with_four(planner, inside: Path, line_folder: Path) -> None:
    config = line_folder / "area.toml"
    text = config.read_text(encoding="utf-8").replace("capacity_kg = 1500", "capacity_kg = 1")
    config.write_text(text, encoding="utf-8")
    code, out, _ = planner("plan", line_folder)
    assert code == 4
    assert f"Zhong (Dong, Zhong, Xi, 60 down, 6 up, 129.0 kg): {term(UnassignedReason.TOO_LARGE)}" in out
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


def test_findings_alike_share_a_line_with_all_their_rows(planner, inside: Path) -> None:
    rows = "".join(f"2302312010{n:02d},村{n},某镇,,,\n" for n in range(10, 20))
    (inside / "bad.csv").write_text(f"编码,村名,乡镇,经度,纬度,人口\n{rows}", encoding="utf-8")
    command = ("check", inside / "bad.csv", "--datum", "gcj02", "--division", "230231")
    code, out, _ = planner(*command)
    findings = json.loads(planner(*command, "--json")[1])["findings"]
    alike = Counter((one["severity"], one["field"], one["message"], one["remedy"]) for one in findings if one["row"])
    assert code == 3
    assert max(alike.values()) == 10
    assert len(re.findall(r"bad\.csv rows? ", out)) == len(alike)
    for (severity, field, message, remedy), count in alike.items():
        (line,) = (one for one in out.splitlines() if f": {message} → {remedy}" in one)
        assert line.startswith(f"{severity} bad.csv row")
        assert field in line
        assert count < 10 or "rows 2-11 " in line or all(f"{row} '" in line for row in range(2, 12))
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
        (("plan", "nowhere"), 2, "the embedded areas are baiquan, harbin, neubrandenburg"),
        (("plan",), 2, "Missing argument"),
        (("sing",), 2, "No such command"),
        (("day", "baiquan", "--date", "someday"), 2, "'someday': write the date as 2026-11-10"),
        (("day", "baiquan", "--date", "tomorrow"), 2, "make one with planner site baiquan"),
        (("day", "baiquan"), 2, "make one with planner site baiquan"),
        (("day", "baiquan", "--network", "none.json"), 3, "no such file"),
        (("day", "baiquan", "--network", "no-such-id"), 2, "no plan 'no-such-id'"),
        (("route",), 2, "--vroom"),
        (("publish", "no-such-id"), 2, "no plan 'no-such-id'"),
        (("check", "x.csv"), 3, "x.csv"),
        (("check", "/bin/sh"), 2, "--datum is missing"),
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
