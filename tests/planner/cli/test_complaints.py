"""Every command that reads a file tells all that is wrong in it: lines for a person, a file of all, JSON for a program."""

import csv
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from planner.pipeline.whole_plan import PlannedArea
from planner.plans.store import open_store
from tests.api.conftest import NOON

MANY = 60
"""More faults than a person is shown, each of its own kind of text, so that no two share a line."""


def _orders(folder: Path) -> tuple[str, ...]:
    rows = "".join(f"230231101200,\u7ea6{n}\n" for n in range(MANY))
    (folder / "orders.csv").write_text(f"村代码,下行件数\n{rows}", encoding="utf-8")
    return ("day", "--date", "2026-11-10", "--demand", str(folder / "orders.csv"))


def _keys(folder: Path) -> tuple[str, ...]:
    config = folder / "area.toml"
    added = "".join(f"\n[odd{n}]\n" for n in range(MANY))
    config.write_text(config.read_text(encoding="utf-8") + added, encoding="utf-8")
    return ("site",)


def _villages(folder: Path) -> tuple[str, ...]:
    heading, first, *_ = (folder / "villages.csv").read_text(encoding="utf-8").splitlines()
    cells = dict(zip(heading.split(","), first.split(","), strict=True))
    rows = (
        ",".join((cells | {"村名": f"odd{n}", "编码": f"odd{n}", "人口": f"{n}-{n + 7}"}).values()) for n in range(MANY)
    )
    (folder / "villages.csv").write_text("\n".join([heading, *rows]), encoding="utf-8")
    return ("site",)


@pytest.mark.parametrize("spoil", [_orders, _keys, _villages])
def test_all_is_told(
    spoil: Callable[[Path], tuple[str, ...]], planner, line_folder: Path, line: PlannedArea, inside: Path
) -> None:
    store = f"sqlite:///{inside}/planner.db"
    with open_store(store) as plans:
        plans.save_network(line.network, created_at=NOON)
    command, *rest = spoil(line_folder)
    asked = (command, str(line_folder), *rest, *(() if command == "site" else ("--store", store)))

    code, _, err = planner(*asked)
    assert code == 3
    told = err.splitlines()
    (more,) = (int(line.split()[2]) for line in told if line.startswith("  ... and "))
    lines = [line for line in told if line.startswith("  ") and "... and" not in line]
    faults = int(told[-1].removeprefix("all ").removesuffix(" are listed in planner-findings.csv"))
    assert (len(lines), more + 50 <= faults, faults >= MANY) == (50, True, True)
    with Path("planner-findings.csv").open(encoding="utf-8-sig", newline="") as file:
        kept = list(csv.DictReader(file))
    assert len(kept) == faults

    code, out, err = planner(*asked, "--json", "--findings", "own.csv")
    assert code == 3
    error = json.loads(out)["error"]
    assert error["code"] in ("bad_data", "config")
    assert len(error["faults"]) == faults
    assert [(str(one["row"] or ""), one["field"], one["what"]) for one in error["faults"]] == [
        (one["row"], one["field"], one["what is wrong"]) for one in kept
    ]
    assert all(one["what"] and one["file"] for one in error["faults"])
    assert err.splitlines() == [error["message"], f"all {faults} are listed in own.csv"]
    assert Path("own.csv").read_bytes() == Path("planner-findings.csv").read_bytes()


def test_faults_alike_are_one_line_of_all_their_rows_and_whole_in_json(
    planner, line_folder: Path, line: PlannedArea, inside: Path
) -> None:
    store = f"sqlite:///{inside}/planner.db"
    with open_store(store) as plans:
        plans.save_network(line.network, created_at=NOON)
    rows = "".join(f"Z{n},1\n" for n in range(MANY))
    (inside / "figures.csv").write_text(f"指标代码,本期\n{rows}", encoding="utf-8")
    asked = ("bulletin", line_folder, "--period", "2026-11", "--figures", inside / "figures.csv", "--store", store)
    code, _, err = planner(*asked)
    (alike,) = (line for line in err.splitlines()[1:] if "'Z0'" in line)
    assert code == 3
    assert all(f"{n + 2} 'Z{n}'" in alike for n in range(MANY))
    assert not Path("planner-findings.csv").exists()
    found = json.loads(planner(*asked, "--json")[1])["error"]["faults"]
    assert [(one["row"], one["value"]) for one in found if one["value"].startswith("Z")] == [
        (n + 2, f"Z{n}") for n in range(MANY)
    ]


def test_an_error_without_faults_is_json_too_and_findings_asks_for_its_file(planner, inside: Path) -> None:
    code, out, err = planner("site", "nowhere", "--json")
    assert (code, json.loads(out)["error"]["code"], json.loads(out)["error"]["faults"]) == (2, "unknown_area", [])
    assert err.startswith("nowhere: ")
    code, _, err = planner("site", "nowhere", "--findings")
    assert (code, "--findings: name the file to write" in err) == (2, True)
    assert not Path("planner-findings.csv").exists()


@pytest.mark.parametrize("named", [True, False])
def test_a_file_of_somebody_else_is_never_replaced_by_findings(
    named: bool, planner, line_folder: Path, line: PlannedArea, inside: Path
) -> None:
    path = inside / ("mine.csv" if named else "planner-findings.csv")
    path.write_text("village,notes\nx,ask the head\n", encoding="utf-8")
    mine = path.read_bytes()
    with open_store(store := f"sqlite:///{inside}/planner.db") as plans:
        plans.save_network(line.network, created_at=NOON)
    asked = (*_orders(line_folder), "--store", store)
    code, _, err = planner(asked[0], str(line_folder), *asked[1:], *(("--findings", path.name) if named else ()))
    assert f"{path.name} is there already, and is no list of findings: name another file" in err
    assert (code, path.read_bytes()) == (2 if named else 3, mine)


def test_a_list_of_findings_in_another_language_is_replaced(planner, line_folder: Path, inside: Path) -> None:
    command, *rest = _villages(line_folder)
    for lang in ("zh", "en"):
        assert planner("--lang", lang, command, str(line_folder), *rest, "--findings", "all.csv")[0] == 3
    assert Path("all.csv").read_text(encoding="utf-8-sig").startswith("Kind,file,row,")


def test_rows_left_out_that_were_corrected_are_not_replaced(planner, line_folder: Path, inside: Path) -> None:
    _villages(line_folder)
    asked = ("check", line_folder, "--accept-bad", "left.csv")
    assert planner(*asked)[0] == 0
    written = Path("left.csv").read_bytes()
    assert planner(*asked)[0] == 0
    Path("left.csv").write_bytes(written.replace(b"odd0", b"right0"))
    code, _, err = planner(*asked)
    assert (code, "--accept-bad: left.csv is there already, and may be filled in" in err) == (2, True)
    assert b"right0" in Path("left.csv").read_bytes()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("day", "baiquan", "--what", "--json"), "--what"),
        (("day", "--json"), "'area'"),
        (("day", "baiquan", "--json", "--date"), "--date"),
        (("nothing", "--json"), "nothing"),
    ],
)
def test_an_error_of_usage_is_json_too(planner, inside: Path, arguments: tuple[str, ...], said: str) -> None:
    code, out, err = planner(*arguments)
    error = json.loads(out)["error"]
    assert (code, error["code"], error["faults"]) == (2, "usage", [])
    assert said in error["message"]
    assert "Traceback" not in err
    assert planner("day", "--help", "--json")[0] == 0


def test_what_is_not_there_is_named_as_that(planner, inside: Path) -> None:
    with open_store(store := f"sqlite:///{inside}/planner.db"):
        pass
    for command in ("networks", "days", "bulletins"):
        code, _, err = planner(command, "nowhere", "--store", store)
        assert (code, "nowhere: no such area: known are" in err) == (2, True)
        assert planner(command, "harbin", "--store", store)[0] == 0  # an embedded area that has no plans yet
    code, _, err = planner("check", "missing.csv", "here.csv")
    assert (code, "--datum" in err, str(inside / "missing.csv") in err) == (3, False, True)
    code, _, err = planner("demo", "harbin")
    assert (code, "planner plan harbin" in err) == (2, True)
