"""What the base database says of sites, villages and townships: services, floor, staff; a shop, a centre of trade."""

from pathlib import Path

import pytest

from planner.config import load_config
from planner.errors import BadDataError
from planner.geodata.assemble import read_area


def test_columns_of_services_and_standards_are_read(line_folder: Path) -> None:
    sites = "类型,所在地,状态,服务功能,建筑面积（平方米）,人员,设备,网络,管理制度\n"
    rows = (
        "service_point,middle,existing,快递、贷款不出村、卖蘑菇,10.5,有,是,√,1\n"
        "service_point,east,candidate,,,无,,不详,-\n"
        "county_hub,west,existing,,900平方米,,,,\n"
    )
    (line_folder / "sites.csv").write_text(sites + rows, encoding="utf-8")
    text = (line_folder / "villages.csv").read_text(encoding="utf-8").splitlines()
    shops = ["便民商店", "是", "否", "", "/"]
    joined = "\n".join(f"{row},{shop}" for row, shop in zip(text, shops, strict=True)) + "\n"
    (line_folder / "villages.csv").write_text(joined, encoding="utf-8")
    towns = "id,name,lon,lat,coordinate_source,商贸中心\nt1,道口镇,10.1,0.0,surveyed,有\n"
    (line_folder / "townships.csv").write_text(towns, encoding="utf-8")
    area = read_area(load_config(line_folder))
    point, other = area.site_by_id["sp-middle"], area.site_by_id["sp-east"]
    assert point.services == ("express", "finance", "卖蘑菇")
    assert (point.floor_area_m2, point.staffed, point.equipped, point.on_line, point.has_rules) == (10.5, *[True] * 4)
    assert other.services == ()
    # no staff is said; of equipment, line and rules nobody says anything
    assert (other.floor_area_m2, other.staffed, other.equipped, other.on_line, other.has_rules) == (
        None,
        False,
        *[None] * 3,
    )
    assert area.site_by_id["hub-west"].floor_area_m2 == 900
    assert {village.id: village.shop for village in area.villages} == {
        "west": True,
        "middle": False,
        "east": None,
        "island": None,
    }
    assert area.townships[0].trade_centre is True


def test_what_is_neither_yes_nor_no_is_named_with_its_row(line_folder: Path) -> None:
    (line_folder / "sites.csv").write_text(
        "类型,所在地,状态,面积,人员\ncounty_hub,west,existing,,\nservice_point,middle,existing,-4,maybe\n",
        encoding="utf-8",
    )
    with pytest.raises(BadDataError) as found:
        read_area(load_config(line_folder))
    lines = "\n".join(map(str, found.value.problems))
    assert "sites.csv row 3 面积 '-4'" in lines
    assert "sites.csv row 3 人员 'maybe': is neither yes nor no" in lines
