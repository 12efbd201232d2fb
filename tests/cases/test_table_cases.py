"""The tables that were once read wrongly: nine villages each, or one sentence that names the cause."""

from pathlib import Path

import pytest

from planner.config import Datum
from planner.geodata.doctor import check_files

TABLES = Path(__file__).parents[3] / "shared" / "cases" / "tables"
pytestmark = pytest.mark.skipif(not TABLES.is_dir(), reason="the cases are not here")
NINE = (
    *("villages_06b_dimension_short.xlsx", "villages_04_sheet_per_township.xlsx", "two_by_town.gpkg", "folder.zip"),
    *("villages_01_two_row_header.xlsx", "villages_02_merged_township.xlsx", "villages_03_names.xlsx"),
    *("gbk_nocpg_name_code_only/villages.shp", "villages_12_decimal_minutes.csv", "villages_12_chinese.csv"),
    *("villages_13_gk.csv", "villages_11g_zwsp.csv", "villages_12_fullwidth.csv", "villages_00.xlsx"),
)


@pytest.mark.parametrize("name", NINE)
def test_nine_villages_are_read_and_compared_with_the_register(name: str) -> None:
    report = check_files([TABLES / name], datum=Datum.WGS84, division_code="230231")
    assert [finding for finding in report.findings if finding.severity == "error"] == []
    assert {village.name[-5:] for village in report.villages} == {"村民委员会"}
    assert len(report.villages) == 9
    (count,) = [finding for finding in report.findings if finding.code == "register_count"]
    assert (count.message.params["found"], count.message.params["count"]) == (9, 186)


@pytest.mark.parametrize(
    ("name", "code"), [("villages_07_formula.xlsx", "formula_without_result"), ("v.xls", "unreadable")]
)
def test_what_cannot_be_read_is_named(name: str, code: str) -> None:
    report = check_files([TABLES / name], datum=Datum.WGS84, division_code="230231")
    assert {finding.code for finding in report.findings if finding.severity == "error"} == {code}


def test_strays_among_the_points_are_findings() -> None:
    report = check_files([TABLES / "mixed.geojson"], datum=Datum.WGS84, division_code="230231")
    errors = {finding.row: finding.code for finding in report.findings if finding.severity == "error"}
    assert errors == {3: "several_points", 5: "not_a_point"}
    assert len(report.villages) == 7
