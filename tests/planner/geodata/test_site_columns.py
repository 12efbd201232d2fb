"""Columns of the sites table that siting reads: capacity, closing, shared houses, rent."""

from pathlib import Path

import pytest

from planner.config import Datum
from planner.geodata.doctor import check_files
from planner.model import SharedHouse

VILLAGES = "编码,村名,乡镇,经度,纬度,人口,户数\n230231102201,永发村,230231102,125.95,47.80,900,300\n"


def checked(folder: Path, heading: str, row: str):
    villages, sites = folder / "村.csv", folder / "站点.csv"
    villages.write_text(VILLAGES, encoding="utf-8")
    sites.write_text(f"所在地,状态,{heading}\n永发村,{row}\n", encoding="utf-8")
    return check_files([villages, sites], datum=Datum.WGS84, division_code="230231")


def test_a_site_brings_its_own_figures(tmp_path: Path) -> None:
    found = checked(tmp_path, "容量（件/日）,可撤,撤点费用（万元）,共建,租金（元/年）", "已有,80,是,0.2,供销社,1200.5")
    (site,) = found.sites
    assert (site.capacity_parcels_day, site.closable, site.closing_cost_yuan) == (80, True, 2000)
    assert (site.co_located_with, site.rent_yuan_year) == (SharedHouse.SUPPLY_COOP, 1200.5)


def test_empty_cells_leave_the_figures_to_the_configuration(tmp_path: Path) -> None:
    (site,) = checked(tmp_path, "capacity,closable,closing_cost_yuan,co_located_with,rent", "已有,,,,,").sites
    assert (site.capacity_parcels_day, site.closable, site.closing_cost_yuan) == (None, False, None)
    assert (site.co_located_with, site.rent_yuan_year) == (None, None)


@pytest.mark.parametrize(
    ("heading", "row", "code"),
    [
        ("可撤", "候选,是", "closable_not_existing"),
        ("撤点费用", "已有,300", "cost_of_no_closing"),
        ("容量", "候选,-5", "out_of_range"),
        ("容量", "候选,许多", "not_a_number"),
        ("租金", "候选,面议", "not_a_number"),
        ("共建", "候选,庙", "unknown_word"),
    ],
)
def test_what_does_not_hold_is_named_with_its_row(tmp_path: Path, heading: str, row: str, code: str) -> None:
    (finding,) = [f for f in checked(tmp_path, heading, row).findings if f.severity == "error"]
    assert (finding.code, finding.row, finding.file, finding.field) == (code, 2, "站点.csv", heading)
