"""A village that nobody knows the place of is planned at its township's seat, marked and counted wherever that matters."""

import csv
import sqlite3
from collections.abc import Sequence
from pathlib import Path

import openpyxl
import pytest

from planner.cli.app import app
from planner.config import PlanConfig, load_config
from planner.errors import BadDataError
from planner.geodata.assemble import read_area, read_area_with_findings
from planner.geodata.doctor import check_area
from planner.geodata.findings import Severity
from planner.geodata.rejects import RejectsFile
from planner.model import CoordinateSource
from planner.plans import network_from_json, to_json


def without_positions(folder: Path, ids: Sequence[str]) -> Path:
    path = folder / "villages.csv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        if row["编码"] in ids:
            row["经度"] = row["纬度"] = ""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0].keys())
        writer.writeheader()
        writer.writerows(rows)
    return folder


def test_a_village_without_a_position_stands_at_its_seat(line_folder: Path) -> None:
    reading = read_area_with_findings(load_config(without_positions(line_folder, ["west", "island"])))
    area = reading.area
    assert [(v.id, v.lon, v.lat) for v in area.villages if v.at_seat] == [("island", 10.1, 0.0), ("west", 10.1, 0.0)]
    assert area.village_by_id["east"].coordinate_source is CoordinateSource.UNKNOWN
    (finding,) = (one for one in reading.findings if one.code == "at_township_seat")
    assert str(finding.line).startswith("villages.csv: 2 of 4 villages have no position and are planned at")
    assert not any(one.code == "same_position" for one in reading.findings)


def test_half_a_position_is_a_fault(line_folder: Path) -> None:
    path = line_folder / "villages.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("t1,10.0,0.0,100", "t1,10.0,,100"), encoding="utf-8")
    with pytest.raises(BadDataError, match="faults") as caught:
        read_area(load_config(line_folder))
    assert any("fill in the lat" in str(problem) for problem in caught.value.problems)


def county_of_two_townships(folder: Path, townships: Sequence[str]) -> PlanConfig:
    """望奎县火箭镇 has a seat in the register, 先锋镇 has none; no village of either has a position."""
    app(["init", str(folder), "--division", "231221"], standalone_mode=False)
    path = folder / "villages.csv"
    lines = path.read_text(encoding="utf-8-sig").splitlines()
    path.write_text("\n".join([lines[0], *(line for line in lines[1:] if line[:9] in townships)]), encoding="utf-8")
    return load_config(folder)


def test_without_a_seat_either_villages_are_left_out_and_count(tmp_path: Path) -> None:
    config = county_of_two_townships(tmp_path / "w", ["231221106", "231221107"])
    every_row = (tmp_path / "w" / "villages.csv").read_text(encoding="utf-8").splitlines()[1:]
    without_seat = [line for line in every_row if line.startswith("231221106")]
    app(["people", str(tmp_path / "w"), "--total", "10000"], standalone_mode=False)
    with (tmp_path / "w" / "villages.csv").open(encoding="utf-8-sig", newline="") as file:
        people = {row["id"]: int(row["population"]) for row in csv.DictReader(file)}
    assert sum(people.values()) == 10000  # of all villages, whether planned or not
    assert max(people.values()) - min(people.values()) == 1
    reading = read_area_with_findings(config)
    assert {village.township_id for village in reading.area.villages} == {"231221107"}
    assert all(village.at_seat for village in reading.area.villages)
    (finding,) = (one for one in reading.findings if one.code == "no_position")
    assert finding.severity is Severity.WARNING
    assert f"{len(without_seat)} of {len(every_row)} villages have no position, and neither" in str(finding.line)
    assert reading.area.rows_left_out.villages == len(without_seat)
    assert reading.area.rows_left_out.population == sum(people[line[:12]] for line in without_seat)
    (said,) = (one for one in check_area(config).findings if one.code == "no_position")
    assert said.line == finding.line
    read_area(config, rejects=RejectsFile(path=tmp_path / "rejects.csv"))
    with (tmp_path / "rejects.csv").open(encoding="utf-8-sig", newline="") as file:
        rejected = list(csv.DictReader(file))
    assert [row["faults"] for row in rejected] == ["has no position, and neither has its township"] * len(without_seat)


def test_where_no_village_has_a_place_nothing_can_be_planned(tmp_path: Path) -> None:
    config = county_of_two_townships(tmp_path / "w", ["231221106"])
    people = {"persons_per_village": 900.0, "persons_per_household": 2.6}
    config = config.model_copy(update={"area": config.area.model_copy(update=people)})
    with pytest.raises(BadDataError) as caught:
        read_area(config)
    (problem,) = caught.value.problems
    assert "have no position, and neither have their townships" in str(problem)
    assert "let planner places look for them" in str(problem)


def test_pages_map_workbook_and_layers_say_it(line_folder: Path, tmp_path: Path) -> None:
    without_positions(line_folder, ["west", "island"])
    out = tmp_path / "out"
    app(
        ["site", str(line_folder), "--out", str(out), "--store", f"sqlite:///{tmp_path / 'p.db'}", "--no-cache"],
        standalone_mode=False,
    )
    folder = out / "line"
    page = (folder / "index.html").read_text(encoding="utf-8")
    assert "positions: 2 at their township&#39;s seat, 2 of unknown origin" in page
    assert "Positions of the villages: township seat (assumed): 2; unknown: 2" in page
    chinese = (folder / "index.zh.html").read_text(encoding="utf-8")
    assert "位置：2 个暂按乡镇驻地，2 个来源不明" in chinese
    (network,) = (folder / "network").iterdir()
    the_map = (network / "coverage.html").read_text(encoding="utf-8")
    assert '"dashArray": "2 3"' in the_map or '"dashArray":"2 3"' in the_map
    assert "s seat (2)" in the_map  # of the legend
    sheet = openpyxl.load_workbook(network / "network.xlsx")["Village list"]
    rows = list(sheet.iter_rows(values_only=True))
    head = next(row for row in rows if "Source of the position" in row)
    column = head.index("Source of the position")
    sources = [row[column] for row in rows[rows.index(head) + 1 :]]
    assert sorted(sources) == ["township seat (assumed)", "township seat (assumed)", "unknown", "unknown"]
    with sqlite3.connect(network / "network.gpkg") as layers:
        found = layers.execute("SELECT id, coordinate_source FROM villages ORDER BY id").fetchall()
    assert [id_ for id_, source in found if source == "township_seat"] == ["island", "west"]
    plan = network_from_json((network / "network.json").read_text(encoding="utf-8"))
    assert network_from_json(to_json(plan)) == plan


def test_a_hub_that_nobody_listed_is_an_assumption(line_folder: Path, tmp_path: Path) -> None:
    (line_folder / "sites.csv").unlink()
    path = line_folder / "area.toml"
    path.write_text(path.read_text(encoding="utf-8").replace('sites = "sites.csv"\n', ""), encoding="utf-8")
    area = read_area(load_config(line_folder))
    (hub,) = (source for source in area.sources if "hub" in source.what)
    assert hub.assumed
    assert hub.what.in_language("zh").startswith("县级共配中心的位置：暂设在")
