"""Courier files, workbook, GeoPackage and index page of the line of three villages, whose names try to break them."""

import csv
import datetime
import io
import json
import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from urllib.parse import unquote

import gpxpy
import openpyxl
import pyogrio
import pytest

from planner.config import load_config
from planner.outputs.courier import navigation_link, route_csv, route_gpx, route_page
from planner.outputs.geofiles import routes_geojson, stations_geojson, villages_geojson, write_stations
from planner.outputs.maps import coverage_map
from planner.outputs.workbook import write_workbook
from planner.outputs.write import write_outputs
from planner.pipeline.whole_plan import PlannedArea, plan_area
from planner.plans import plan_from_json, plan_to_json
from tests.conftest import close

NOTICE = "含合成数据"


def test_navigation_link_is_in_gcj02_and_leads_from_place_to_place(line: PlannedArea) -> None:
    site = line.network.area.sites[0]
    # 126.5 E, 46.8 N: GCJ-02 lies 485 m E and 225 m N of WGS 84 (../shared/data/README.md), a degree of longitude
    # there is 76.3 km, of latitude 111.2 km
    link = navigation_link(replace(site, lon=126.5, lat=46.8, name="甲&乙"), replace(site, lon=126.5, lat=46.8))
    found = re.search(r"from=([\d.]+),([\d.]+),([^&]+)&to=", link)
    assert found is not None
    assert (float(found[1]) - 126.5) * 76_300 == pytest.approx(485, abs=15)
    assert (float(found[2]) - 46.8) * 111_200 == pytest.approx(225, abs=15)
    assert unquote(found[3]) == "甲&乙"
    assert link.endswith("&mode=car&coordinate=gaode&src=planner")


def test_courier_page_tells_times_amounts_and_legs(line: PlannedArea) -> None:
    (route,) = line.day.routes.routes
    page = route_page(line.plan, route)
    for wanted in ("07:00", "60 件", "90 kg", "39.0 kg", "11.1 km", "2026-11-10", NOTICE, "内部使用"):
        assert wanted in page, wanted
    assert page.count("uri.amap.com/navigation") == 2
    assert page.count("<svg") == 2  # a code for each leg
    assert "<i>" not in page  # the area's name is shown, not obeyed
    assert not re.search(r'(src|href)="(?!https://uri\.amap\.com)(https?:)?//', page)


def test_gpx_has_the_stops_and_the_way_in_wgs84(line: PlannedArea) -> None:
    (route,) = line.day.routes.routes
    track = gpxpy.parse(route_gpx(line.plan, route))
    assert [(point.longitude, point.latitude) for point in track.waypoints] == [(10.1, 0.0)]
    # out and back along 0.1 degree of the equator, 11132 m each way on gpxpy's sphere of 6378.1 km or so
    assert track.length_2d() == pytest.approx(2 * 11132, rel=0.01)
    assert NOTICE in (track.description or "")


def test_csv_opens_in_excel_and_runs_no_formula(line: PlannedArea) -> None:
    (route,) = line.day.routes.routes
    data = route_csv(line.plan, route)
    assert data.startswith(b"\xef\xbb\xbf")
    first, last = csv.DictReader(io.StringIO(data.decode("utf-8-sig")))
    assert first["名称 name"].startswith("'=1+1")
    assert (first["到达 arrival"], first["下行件 parcels_down"], first["上行kg kg_up"]) == ("07:00", "60", "39.0")
    assert (last["下行件 parcels_down"], last["路段km leg_km"]) == ("0", "11.13")
    assert NOTICE in first["提示 notice"]


def test_workbook_keeps_codes_and_formulas_as_text(tmp_path: Path, line: PlannedArea) -> None:
    path = tmp_path / "stations.xlsx"
    write_workbook(line.plan, path)
    book = openpyxl.load_workbook(path)
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert [cell for cell in cells if cell.data_type == "f"] == []
    assert "=1+1村" in [cell.value for cell in cells]
    assert any(NOTICE in str(cell.value) for cell in book["说明 About"]["A"] + book["说明 About"]["B"])
    for name in ("站点 Stations", "村 Villages", "线路 Routes", "停靠 Stops"):
        assert book[name].max_row > 2, name
    villages = list(book["村 Villages"].iter_rows(min_row=2, values_only=True))
    assert len(villages) == 1 + 4
    island = next(row for row in villages if "island" in row)
    assert any("无道路" in str(value) for value in island)


def test_long_text_is_wrapped_in_its_cell(tmp_path: Path, line: PlannedArea) -> None:
    long = "说明 " + "word " * 20
    plan = replace(line.plan, remarks=(long,))
    write_workbook(plan, tmp_path / "stations.xlsx")
    cells = {cell.value: cell for cell in openpyxl.load_workbook(tmp_path / "stations.xlsx")["说明 About"]["B"]}
    assert cells[long].alignment.wrap_text
    assert not cells[plan.id].alignment.wrap_text


def test_every_sheet_says_that_data_are_synthetic_and_none_does_where_they_are_real(
    tmp_path: Path, line: PlannedArea
) -> None:
    path = tmp_path / "stations.xlsx"
    write_workbook(line.plan, path)
    sheets = openpyxl.load_workbook(path).worksheets
    assert len(sheets) > 5
    for sheet in sheets:
        assert str(sheet["A1"].value).startswith(NOTICE), sheet.title
        assert NOTICE in str(sheet.oddHeader.center.text), sheet.title  # printed on each page
        headings = [cell.value for cell in sheet[2]]
        assert None not in headings, sheet.title
        assert (sheet.freeze_panes, sheet.print_title_rows) == ("A3", "$2:$2"), sheet.title
        assert str(sheet.auto_filter.ref).startswith("A2:"), sheet.title
    real = tuple(replace(source, synthetic=False) for source in line.network.area.sources)
    write_workbook(replace(line.plan, area=replace(line.network.area, sources=real)), path)
    again = openpyxl.load_workbook(path).worksheets
    assert [sheet.title for sheet in again] == [sheet.title for sheet in sheets]
    for sheet in again:
        assert not any(NOTICE in str(cell.value) for row in sheet.iter_rows() for cell in row), sheet.title
        assert sheet.oddHeader.center.text is None, sheet.title
        assert sheet.freeze_panes == "A2", sheet.title


@pytest.mark.slow
def test_workbook_and_geopackage_are_the_same_whenever_they_are_written(tmp_path: Path, line: PlannedArea) -> None:
    write_stations(line.plan, tmp_path / "first.gpkg")
    write_workbook(line.plan, tmp_path / "first.xlsx")
    (tmp_path / "plan.json").write_text(plan_to_json(line.plan), encoding="utf-8")
    again = (
        "import time\nfrom pathlib import Path\n"
        "from planner.outputs.geofiles import write_stations\n"
        "from planner.outputs.workbook import write_workbook\nfrom planner.plans import plan_from_json\n"
        "plan = plan_from_json(Path('plan.json').read_text(encoding='utf-8'))\n"
        "time.sleep(2)\n"  # zip archives count in steps of two seconds
        "write_stations(plan, Path('again.gpkg'))\nwrite_workbook(plan, Path('again.xlsx'))\n"
    )
    subprocess.run([sys.executable, "-c", again], cwd=tmp_path, check=True)
    for kind in ("gpkg", "xlsx"):
        assert (tmp_path / f"first.{kind}").read_bytes() == (tmp_path / f"again.{kind}").read_bytes(), kind
    assert pyogrio.get_gdal_config_option("OGR_CURRENT_DATE") is None  # as it was


def test_geopackage_has_its_layers_in_wgs84(tmp_path: Path, line: PlannedArea) -> None:
    path = tmp_path / "stations.gpkg"
    write_stations(line.plan, path)
    layers = {name for name, _ in pyogrio.list_layers(path)}
    assert layers == {"stations", "villages", "route_legs", "route_stops", "station_reach", "boundary", "about"}
    villages = pyogrio.read_dataframe(path, layer="villages").set_index("id")
    assert villages.crs == "EPSG:4326"
    assert villages.loc["middle", ["name", "population", "covered"]].tolist() == ["=1+1村", 200, True]
    assert villages.loc["island", "reason"] == "no_road_in_reach"
    about = pyogrio.read_dataframe(path, layer="about")
    assert about["value"].str.contains(NOTICE).any()


def test_every_missing_value_in_geojson_has_a_reason(line: PlannedArea) -> None:
    villages = villages_geojson(line.plan)["features"]
    assert {village["properties"]["covered"] for village in villages} == {True, False}
    for village in villages:
        empty = [key for key, value in village["properties"].items() if value is None]
        nothing = ["minutes_to_site", "minutes_driving", "minutes_walking", "access_m"]
        assert empty == ([] if village["properties"]["covered"] else nothing)
        assert village["properties"]["covered"] or village["properties"]["reason"]
    stations, routes = stations_geojson(line.plan)["features"], routes_geojson(line.plan)["features"]
    assert stations
    assert routes
    for feature in [*stations, *routes]:
        assert None not in feature["properties"].values()


def test_of_the_sites_only_an_open_candidate_is_new(line: PlannedArea) -> None:
    found = {
        (site["properties"]["tier"], site["properties"]["place_id"]): (
            site["properties"]["status"],
            site["properties"]["open"],
            site["properties"]["new"],
        )
        for site in stations_geojson(line.plan)["features"]
    }
    assert found["county_hub", "west"] == ("existing", True, False)
    assert found["service_point", "middle"] == ("candidate", True, True)
    assert found["service_point", "west"] == ("candidate", False, False)
    assert found["service_point", "east"] == ("forbidden", False, False)


def test_the_index_links_to_the_routes_of_the_day(line: PlannedArea) -> None:
    links = re.findall(r'href="(routes/[^"]+)"', index_page(line.plan))
    assert links == [f"routes/2026-11-10/van-1.{kind}" for kind in ("html", "gpx", "csv", "geojson")]
    later = replace(line.plan, demand=replace(line.day.demand, date=datetime.date(2026, 12, 24)))
    assert set(re.findall(r'href="(routes/[^/"]+)/', index_page(later))) == {"routes/2026-12-24"}


def test_routes_are_written_to_the_folder_of_their_day(tmp_path: Path, line: PlannedArea) -> None:
    written = {path.relative_to(tmp_path).as_posix() for path in write_outputs(line.plan, tmp_path)}
    assert {name for name in written if name.startswith("routes/")} == {
        f"routes/2026-11-10/van-1.{kind}" for kind in ("html", "gpx", "csv", "geojson")
    }


def test_index_links_to_files_that_are_there_and_says_what_is_not_served(tmp_path: Path, line: PlannedArea) -> None:
    written = {path.relative_to(tmp_path).as_posix() for path in write_outputs(line.plan, tmp_path)}
    page = (tmp_path / "index.html").read_text(encoding="utf-8")
    links = set(re.findall(r'<a href="([^"]+)"', page))
    assert links == written - {"index.html"}
    assert all((tmp_path / link).stat().st_size > 0 for link in links)
    assert "岛村" in page
    assert "可达范围内无道路" in page
    assert NOTICE in page
    assert "<b>村</b>" not in index_page(line.plan)


def test_a_plan_written_again_from_its_document_gives_the_same_files(tmp_path: Path, line: PlannedArea) -> None:
    write_outputs(line.plan, tmp_path / "first")
    read = plan_from_json((tmp_path / "first" / "plan.json").read_text(encoding="utf-8"))
    write_outputs(read, tmp_path / "again")
    for path in sorted((tmp_path / "first").rglob("*")):
        if path.is_file():
            assert path.read_bytes() == (tmp_path / "again" / path.relative_to(tmp_path / "first")).read_bytes(), path
    assert plan_to_json(read) == plan_to_json(line.plan)


def test_routes_of_an_earlier_plan_do_not_stay(tmp_path: Path, line: PlannedArea) -> None:
    day = tmp_path / "routes" / "2026-11-10"
    day.mkdir(parents=True)
    (day / "van-7.gpx").write_text("old", encoding="utf-8")
    (day / "notes.txt").write_text("mine", encoding="utf-8")
    write_outputs(line.plan, tmp_path)
    assert sorted(path.name for path in day.iterdir()) == [
        "notes.txt",
        *(f"van-1.{kind}" for kind in ("csv", "geojson", "gpx", "html")),
    ]
    assert json.loads((day / "van-1.geojson").read_text(encoding="utf-8"))["about"]["synthetic"] == ["all of it"]


def test_driving_and_walking_stand_apart_in_workbook_and_geopackage(tmp_path: Path, line: PlannedArea) -> None:
    # the three villages lie on their road: 801.5 s are 13.4 minutes of driving and none of walking
    write_workbook(line.plan, tmp_path / "stations.xlsx")
    rows = list(
        openpyxl.load_workbook(tmp_path / "stations.xlsx")["村 Villages"].iter_rows(min_row=2, values_only=True)
    )
    columns = [
        rows[0].index(name)
        for name in ("驾车分钟 Driving (min)", "步行分钟 Walking (min)", "步行接入 Walk to the road (m)")
    ]
    by_id = {row[0]: [row[column] for column in columns] for row in rows[1:]}
    assert by_id["west"] == [13.4, 0, 0]
    assert by_id["island"] == [None, None, None]
    write_stations(line.plan, tmp_path / "stations.gpkg")
    frame = pyogrio.read_dataframe(tmp_path / "stations.gpkg", layer="villages").set_index("id")
    assert frame.loc["west", ["minutes_driving", "minutes_walking", "access_m"]].tolist() == [13.4, 0, 0]
    assert pyogrio.read_dataframe(tmp_path / "stations.gpkg", layer="station_reach")["minutes"].tolist() == [
        60,
        45,
        30,
        15,
    ]


def test_a_village_just_beyond_the_standard_reads_as_beyond_it_everywhere(tmp_path: Path, line: PlannedArea) -> None:
    # the standard is 15 min: west is 15.03 min away and not covered, east 14.98 and covered
    points = line.network.stations.service_points
    assert points.standard_s == 900
    left = replace(points.uncovered[0], demand_id="west", nearest_site_id="sp-middle", nearest_duration_s=901.8)
    kept = tuple(
        replace(one, duration_s=898.8) if one.demand_id == "east" else one
        for one in points.assignments
        if one.demand_id != "west"
    )
    stations = replace(
        line.network.stations, service_points=replace(points, assignments=kept, uncovered=(*points.uncovered, left))
    )
    plan = replace(line.plan, stations=stations)
    found = {v["properties"]["id"]: v["properties"]["minutes_to_site"] for v in villages_geojson(plan)["features"]}
    assert (found["west"], found["east"]) == (15.1, 15.0)
    for page in (index_page(plan), coverage_map(plan)):
        assert "≤ 15.0 min" in page
        assert ", 15.1 min" in page  # the nearest point of west
    write_workbook(plan, tmp_path / "stations.xlsx")
    book = openpyxl.load_workbook(tmp_path / "stations.xlsx")
    column = [cell.value for cell in book["未覆盖 Not covered"][2]].index("分钟 Minutes")
    shown = {row[0]: row[column] for row in book["未覆盖 Not covered"].iter_rows(min_row=3, values_only=True)}
    assert shown["west"] == 15.1
    longest = [cell.value for cell in book["公平性 Equity"][2]].index("最远 Longest (min)")
    assert book["公平性 Equity"].cell(row=3, column=longest + 1).value == 15.1


def test_workbook_and_index_put_the_seasons_side_by_side(tmp_path: Path, line: PlannedArea) -> None:
    write_workbook(line.plan, tmp_path / "stations.xlsx")
    rows = list(
        openpyxl.load_workbook(tmp_path / "stations.xlsx")["季节 Seasons"].iter_rows(min_row=2, values_only=True)
    )
    # summer 801.5 s = 13.358 min; winter 942.9 s = 15.715 min at the longest, beyond the standard of 15; mean by people
    # 400 / 600 of it, 8.906 and 10.477; each rounded up to a tenth
    assert rows[1][:5] == ("夏季 summer", 9.0, 13.4, 0, 1)
    assert rows[2][:5] == ("冬季 winter", 10.5, 15.8, 2, 1)
    page = index_page(line.plan)
    for wanted in ("夏季 summer ●", "15.8 min", "限速缺省 maxspeed imputed 100%", "路面缺省 surface imputed 0%"):
        assert wanted in page, wanted


def test_closures_are_named_on_every_page_and_in_the_workbook(tmp_path: Path, river_folder: Path) -> None:
    plan = plan_area(load_config(close(river_folder))).plan
    write_outputs(plan, tmp_path)
    shown = "桥 &lt;bridge&gt;"
    line = "2026-11-01 – 2026-11-30, 11.1 km"
    index = (tmp_path / "index.html").read_text(encoding="utf-8")
    assert f"{shown}: {line}" in index
    assert "唯一道路临时封闭 its only road is temporarily closed" in index
    for name in ("coverage.html", "routes.html"):
        page = (tmp_path / name).read_text(encoding="utf-8")
        assert f"临时封闭 temporarily closed: {shown}" in page  # the legend
        assert "<bridge>" not in page.split("planner.start(")[0].split('<aside id="panel">')[1].split("</aside>")[0]
    about = dict(
        openpyxl.load_workbook(tmp_path / "stations.xlsx")["说明 About"].iter_rows(min_row=3, values_only=True)
    )
    assert about["临时封闭 temporarily closed"] == f"桥 <bridge>: {line}"
    assert plan_from_json(plan_to_json(plan)) == plan


def test_a_plan_of_an_earlier_version_is_still_drawn(tmp_path: Path, line: PlannedArea) -> None:
    document = json.loads(plan_to_json(line.plan))
    for name in ("village_travel", "seasons", "reach"):
        del document[name]
    for name in ("turn_costs", "closures"):
        del document["roads"][name]
    for road in document["road_lines"]:
        del road["closure"]
    plan = plan_from_json(json.dumps(document))
    assert (plan.village_travel, plan.seasons, plan.reach) == ((), (), ())
    assert write_outputs(plan, tmp_path)
