"""Data that are only assumed say so in everything that is made from them, as synthetic data do."""

import json
from dataclasses import replace
from pathlib import Path

import openpyxl
import pyogrio
import pytest

from planner.outputs.courier import write_routes
from planner.outputs.geofiles import stations_geojson, write_stations
from planner.outputs.maps.coverage import coverage_map
from planner.outputs.maps.routes import routes_map
from planner.outputs.notice import notice_of
from planner.outputs.workbook import write_workbook
from planner.pipeline.whole_plan import PlannedArea
from planner.plans import Plan, plan_from_json, plan_to_json

WARNING = "含假设数据，不可用于实际决策 contains assumed data, not for real decisions"


@pytest.fixture
def assumed(line: PlannedArea) -> Plan:
    """The plan of the line, its data said to be assumed instead of synthetic."""
    sources = tuple(replace(source, synthetic=False, assumed=True) for source in line.network.area.sources)
    return replace(line.plan, area=replace(line.network.area, sources=sources))


def test_pages_and_files_say_what_is_assumed(tmp_path: Path, assumed: Plan) -> None:
    for page in (index_page, coverage_map, routes_map):
        text = page(assumed)
        assert f"<b>{WARNING}</b><br>all of it" in text, page
        assert "合成" not in text, page
    for path in write_routes(assumed, tmp_path):
        assert WARNING in path.read_text(encoding="utf-8-sig"), path.name
    about = stations_geojson(assumed)["about"]
    assert isinstance(about, dict)
    assert (about["synthetic"], about["assumed"], about["notice"]) == ([], ["all of it"], WARNING)


def test_each_sheet_and_the_geopackage_say_what_is_assumed(tmp_path: Path, assumed: Plan) -> None:
    write_workbook(assumed, tmp_path / "stations.xlsx")
    for sheet in openpyxl.load_workbook(tmp_path / "stations.xlsx"):
        assert (sheet["A1"].value, sheet.oddHeader.center.text) == (WARNING, WARNING), sheet.title
    write_stations(assumed, tmp_path / "stations.gpkg")
    about = pyogrio.read_dataframe(tmp_path / "stations.gpkg", layer="about")
    rows = list(zip(about["key"], about["value"], strict=True))
    assert ("假设 assumed", "all of it") in rows
    assert ("notice 提示", WARNING) in rows


def test_where_both_kinds_are_each_part_says_which_it_is(line: PlannedArea) -> None:
    (source,) = line.network.area.sources
    area = replace(line.network.area, sources=(source, replace(source, what="demand", synthetic=False, assumed=True)))
    notice = notice_of(area)
    assert notice.text.startswith("含合成数据和假设，不可用于实际决策")
    assert notice.parts == ("合成数据 synthetic: all of it", "假设 assumed: demand")
    real = replace(area, sources=(replace(source, synthetic=False),))
    assert notice_of(real) == ("", ())


def test_plans_written_before_sources_could_be_assumed_are_read(line: PlannedArea) -> None:
    document = json.loads(plan_to_json(line.plan))
    for source in [*document["area"]["sources"], *document["config"]["area"]["sources"]]:
        del source["assumed"]
    assert plan_from_json(json.dumps(document)).area == line.network.area
