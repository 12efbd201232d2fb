"""Courier files, workbooks, GeoPackages and pages of the line of three villages, whose names try to break them."""

import json
import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pyogrio
import pytest

from planner.config import load_config
from planner.outputs.day_page import day_page
from planner.outputs.geofiles import routes_geojson, stations_geojson, villages_geojson, write_day, write_network
from planner.outputs.maps import coverage_map, routes_map
from planner.outputs.network_page import network_page
from planner.outputs.workbook import write_network_workbook
from planner.outputs.write import write_plan
from planner.pipeline.whole_plan import PlannedArea, plan_area
from planner.plans import day_from_json, network_from_json, to_json
from tests.conftest import close
from tests.planner.outputs.sheets_read import LINKS, NOTICE, rows_of, sheet_of
from tests.planner.outputs.test_courier_files import MIDDLE


@pytest.mark.slow
def test_all_files_are_the_same_whenever_they_are_written(tmp_path: Path, line: PlannedArea) -> None:
    write_plan(line.network, tmp_path / "network", home="en")
    write_plan(line.day, tmp_path / "day", home="en")
    again = (
        "import time\nfrom pathlib import Path\n"
        "from planner.outputs.write import write_plan\nfrom planner.plans import day_from_json, network_from_json\n"
        "network = network_from_json(Path('network/network.json').read_text(encoding='utf-8'))\n"
        "day = day_from_json(Path('day/day.json').read_text(encoding='utf-8'), network)\n"
        "time.sleep(2)\n"  # zip archives count in steps of two seconds
        "write_plan(network, Path('again/network'), home='en')\nwrite_plan(day, Path('again/day'), home='en')\n"
    )
    subprocess.run([sys.executable, "-c", again], cwd=tmp_path, check=True)
    first = [path for kind in ("network", "day") for path in (tmp_path / kind).rglob("*.*")]
    assert {".gpkg", ".xlsx", ".html", ".json", ".gpx", ".kml", ".csv", ".geojson", ".zip", ".png", ".pdf"} == {
        path.suffix for path in first
    }
    for path in first:
        assert path.read_bytes() == (tmp_path / "again" / path.relative_to(tmp_path)).read_bytes(), path.name
    assert pyogrio.get_gdal_config_option("OGR_CURRENT_DATE") is None  # as it was


def test_geopackages_have_their_layers_in_wgs84(tmp_path: Path, line: PlannedArea) -> None:
    path, routes = tmp_path / "network.gpkg", tmp_path / "day.gpkg"
    write_network(line.network, path)
    write_day(line.day, routes)
    layers = [{name for name, _ in pyogrio.list_layers(one)} for one in (path, routes)]
    assert layers == [
        {"stations", "villages", "station_reach", "boundary", "about", "layer_styles"},
        {"route_legs", "route_stops", "boundary", "about", "layer_styles"},
    ]
    stops = pyogrio.read_dataframe(routes, layer="route_stops")
    assert (stops.crs, [(point.x, point.y) for point in stops.geometry]) == ("EPSG:4326", MIDDLE)
    villages = pyogrio.read_dataframe(path, layer="villages").set_index("id")
    assert villages.crs == "EPSG:4326"
    assert villages.loc["middle", ["name", "population", "covered"]].tolist() == ["=1+1村", 200, True]
    assert villages.loc["island", "reason"] == "no_road_in_reach"
    for one in (path, routes):
        about = pyogrio.read_dataframe(one, layer="about")
        assert about["value"].str.contains(NOTICE).any()
    assert line.network.id in about["value"].tolist()  # the day's file names its network, too


def test_every_missing_value_in_geojson_has_a_reason(line: PlannedArea) -> None:
    villages = villages_geojson(line.network)["features"]
    assert {village["properties"]["covered"] for village in villages} == {True, False}
    for village in villages:
        empty = [key for key, value in village["properties"].items() if value is None]
        nothing = ["minutes_to_site", "minutes_driving", "minutes_walking", "access_m"]
        assert empty == ([] if village["properties"]["covered"] else nothing)
        assert village["properties"]["covered"] or village["properties"]["reason"]
    stations, routes = stations_geojson(line.network)["features"], routes_geojson(line.day)["features"]
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
        for site in stations_geojson(line.network)["features"]
    }
    assert found["county_hub", "west"] == ("existing", True, False)
    assert found["service_point", "middle"] == ("candidate", True, True)
    assert found["service_point", "west"] == ("candidate", False, False)
    assert found["service_point", "east"] == ("forbidden", False, False)


def test_the_page_of_a_day_links_its_routes_and_its_network(line: PlannedArea) -> None:
    page = day_page(line.day, LINKS, network_href="../network/index.html")
    links = re.findall(r'href="(routes/[^"]+)"', page)
    pack = ["routes/index.en.html", "routes/couriers.zip"]
    assert links == [*pack, *(f"routes/van-1.{kind}" for kind in ("html", "gpx", "kml", "csv", "geojson"))]
    assert 'href="../network/index.html"' in page


def test_pages_link_to_files_that_are_there_and_say_what_is_not_served(tmp_path: Path, line: PlannedArea) -> None:
    day_folder, network_folder = tmp_path / "days" / "2026-11-10" / "b", tmp_path / "network"
    network_folder /= line.network.id.rpartition("-")[2]
    for plan, folder in ((line.network, network_folder), (line.day, day_folder)):
        written = write_plan(plan, folder, home="en")
        assert sorted(written) == sorted(path for path in folder.rglob("*.*") if path.is_file())
    names = ("index.html", "index.en.html", "index.zh.html", "week.en.html", "week.zh.html")
    for name in names:  # the area's own pages, which are written beside them
        (tmp_path / name).write_text("the area", encoding="utf-8")
    reached = set()
    for page in tmp_path.rglob("*.html"):
        for link in re.findall(r'<a [^>]*href="([^"#]+)"', page.read_text(encoding="utf-8")):
            if not link.startswith(("https://", "geo:")):
                assert (page.parent / link).is_file(), (page, link)
                assert (page.parent / link).stat().st_size > 0, (page, link)
                reached.add((page.parent / link).resolve())
    # every file but the day's pages in both languages, which the area's own page links
    files = {path.resolve() for path in tmp_path.rglob("*.*") if path.is_file()}
    missed = {
        path for path in files - reached if path.name != "index.html"
    }  # what a person opens, a copy of one of both
    missed -= {(tmp_path / name).resolve() for name in names}
    assert {path.relative_to(day_folder.resolve()).as_posix() for path in missed} <= {*names}
    text = (network_folder / "index.html").read_text(encoding="utf-8")
    for wanted in ("Dao", "no road within reach", NOTICE):
        assert wanted in text
    assert "岛村" in (network_folder / "index.zh.html").read_text(encoding="utf-8")
    assert not any("<b>村</b>" in page.read_text(encoding="utf-8") for page in network_folder.glob("index*.html"))


def test_plans_written_again_from_their_documents_give_the_same_files(tmp_path: Path, line: PlannedArea) -> None:
    for kind, plan in (("network", line.network), ("day", line.day)):
        write_plan(plan, tmp_path / "first" / kind, home="zh")
    network = network_from_json((tmp_path / "first" / "network" / "network.json").read_text(encoding="utf-8"))
    day = day_from_json((tmp_path / "first" / "day" / "day.json").read_text(encoding="utf-8"), network)
    for kind, plan in (("network", network), ("day", day)):
        write_plan(plan, tmp_path / "again" / kind, home="zh")
    for path in sorted((tmp_path / "first").rglob("*")):
        if path.is_file():
            assert path.read_bytes() == (tmp_path / "again" / path.relative_to(tmp_path / "first")).read_bytes(), path
    assert (to_json(network), to_json(day)) == (to_json(line.network), to_json(line.day))


def test_routes_of_an_earlier_plan_do_not_stay(tmp_path: Path, line: PlannedArea) -> None:
    day = tmp_path / "routes"
    day.mkdir(parents=True)
    (day / "van-7.gpx").write_text("old", encoding="utf-8")
    (day / "notes.txt").write_text("mine", encoding="utf-8")
    write_plan(line.day, tmp_path, home="en")
    assert sorted(path.name for path in day.iterdir()) == [
        *("couriers.zip", "index.en.html", "index.html", "index.zh.html", "loading.csv", "notes.txt"),
        *(f"van-1.{kind}" for kind in ("csv", "geojson", "gpx", "html", "kml", "zh.html")),
    ]
    assert json.loads((day / "van-1.geojson").read_text(encoding="utf-8"))["about"]["synthetic"] == ["all of it"]


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
    tier = replace(points, assignments=kept, uncovered=(*points.uncovered, left))
    changes = {"west": {"covered": False, "duration_s": 901.8, "driving_s": 901.8}}
    changes["east"] = {"duration_s": 898.8, "driving_s": 898.8}
    (stage,) = line.network.stages
    ways = tuple(replace(one, **changes.get(one.village_id, {})) for one in stage.hand_over)
    plan = replace(
        line.network,
        stations=replace(line.network.stations, service_points=tier),
        stages=(replace(stage, hand_over=ways),),
    )
    found = {v["properties"]["id"]: v["properties"]["minutes_to_site"] for v in villages_geojson(plan)["features"]}
    assert (found["west"], found["east"]) == (15.1, 15.0)
    for page in (network_page(plan, LINKS), coverage_map(plan, LINKS)):
        assert "15.0 min" in page
        assert "15.1 min" in page  # where west hands over
        assert "901" not in re.sub(r"<script.*?</script>", "", page, flags=re.DOTALL)
    write_network_workbook(plan, tmp_path / "network.xlsx")
    assert rows_of(tmp_path / "network.xlsx", "Not covered", "Minutes")["west"] == [15.1]
    assert next(iter(rows_of(tmp_path / "network.xlsx", "Equity", "Longest (min)").values())) == [15.1]


def test_closures_are_named_on_every_page_of_a_day_and_in_its_workbook(tmp_path: Path, river_folder: Path) -> None:
    planned = plan_area(load_config(close(river_folder)))
    write_plan(planned.day, tmp_path / "day", home="en")
    write_plan(planned.network, tmp_path / "network", home="en")
    shown = "桥 &lt;bridge&gt;"
    line = "1 November 2026 to 30 November 2026, 11.1 km"
    index = (tmp_path / "day" / "index.html").read_text(encoding="utf-8")
    assert f"{shown}: {line}" in index
    assert "<bridge>" not in index
    rows = dict(sheet_of(tmp_path / "day" / "day.xlsx", "About").iter_rows(min_row=3, values_only=True))
    assert f"桥 <bridge>: {line}" in rows.values()
    assert day_from_json(to_json(planned.day), planned.network) == planned.day
    # a network is for years and heeds what is closed for some days nowhere
    for page in (tmp_path / "network").glob("*.html"):
        assert "bridge" not in page.read_text(encoding="utf-8"), page


def test_the_map_of_a_day_draws_what_is_closed_that_day_only(river_folder: Path) -> None:
    planned = plan_area(load_config(close(river_folder)))
    # the season of the line's configuration is summer, so the ferry runs
    assert [line.closure for line in planned.day.closed_lines] == ["桥 <bridge>"]
    assert len(planned.day.road_lines) == len(planned.network.road_lines)
    page = routes_map(planned.day, LINKS)
    assert "桥 &lt;bridge&gt;" in page  # the legend
    assert "<bridge>" not in page.split("planner.start(")[0].split('<aside id="panel">')[1].split("</aside>")[0]
    open_again = replace(planned.day, closed_lines=())
    assert not any(line.closed for line in open_again.road_lines)
    assert "bridge&gt;" not in routes_map(open_again, LINKS)


def test_a_network_that_lacks_what_older_ones_did_not_have_is_still_drawn(tmp_path: Path, line: PlannedArea) -> None:
    document = json.loads(to_json(line.network))
    for name in ("seasons", "reach"):
        del document[name]
    for name in ("turn_costs", "closures"):
        del document["roads"][name]
    for road in document["road_lines"]:
        del road["closure"]
    for one in document["stages"][0]["hand_over"]:
        one |= dict.fromkeys(("driving_s", "walking_s", "distance_m", "access_m"))
    plan = network_from_json(json.dumps(document))
    assert (plan.seasons, plan.reach) == ((), ())
    assert write_plan(plan, tmp_path, home="en")
