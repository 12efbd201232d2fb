"""A village that nobody knows the place of is planned at its township's seat, marked and counted wherever that matters."""

import csv
import sqlite3
from collections.abc import Sequence
from pathlib import Path

import openpyxl
import pytest

from planner.cli.app import app
from planner.config import load_config
from planner.errors import BadDataError
from planner.geodata.assemble import read_area, read_area_with_findings
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


def test_without_a_seat_either_the_row_is_named_and_can_be_left_out(tmp_path: Path) -> None:
    """望奎县火箭镇 has a seat in the register, 先锋镇 has none, and no village of it has a position."""
    app(["init", str(tmp_path / "w"), "--division", "231221"], standalone_mode=False)
    path = tmp_path / "w" / "villages.csv"
    lines = path.read_text(encoding="utf-8-sig").splitlines()
    kept = [lines[0], *(line for line in lines[1:] if line[:9] in ("231221106", "231221107"))]
    path.write_text("\n".join(kept), encoding="utf-8")
    config = load_config(tmp_path / "w")
    people = {"persons_per_village": 900.0, "persons_per_household": 2.6}
    config = config.model_copy(update={"area": config.area.model_copy(update=people)})
    with pytest.raises(BadDataError) as caught:
        read_area(config)
    assert any("has no position, and neither has its township" in str(problem) for problem in caught.value.problems)
    area = read_area(config, rejects=RejectsFile(path=tmp_path / "rejects.csv"))
    assert {village.township_id for village in area.villages} == {"231221107"}
    assert all(village.at_seat for village in area.villages)


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
