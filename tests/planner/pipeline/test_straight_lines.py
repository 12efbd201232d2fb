"""A plan without a road file: straight lines times a detour factor, said on everything that is made from it."""

import json
import math
import re
from pathlib import Path

import numpy as np
import openpyxl
import pyogrio
import pytest
from fastapi.testclient import TestClient

from api import Settings, create_app
from planner.cli.app import app
from planner.config import load_config
from planner.errors import ConfigError
from planner.model import Points
from planner.network import StraightNetwork
from planner.pipeline.area_run import AreaRun
from planner.pipeline.examine import examine_files
from planner.pipeline.reach import reach_study
from planner.pipeline.seasons import by_season
from planner.words import speaking

SAID = {
    "en": "no roads: times and distances are estimated from straight lines",
    "zh": "没有路网，时间和距离均按直线估算",
}


def straight(folder: Path, *more: str) -> Path:
    """Take the roads from an area."""
    path = folder / "area.toml"
    text = path.read_text(encoding="utf-8")
    text = re.sub(r"(?m)^roads = .*$", 'roads = "straight_lines"', text)
    path.write_text("\n".join([text, *more]), encoding="utf-8")
    (folder / "roads.osm").unlink()
    return folder


def haversine_m(a: tuple[float, float], b: tuple[float, float]) -> float:
    (lon_a, lat_a), (lon_b, lat_b) = (tuple(map(math.radians, place)) for place in (a, b))
    h = math.sin((lat_b - lat_a) / 2) ** 2 + math.cos(lat_a) * math.cos(lat_b) * math.sin((lon_b - lon_a) / 2) ** 2
    return 2 * 6_371_008.8 * math.asin(math.sqrt(h))


def test_times_and_metres_are_those_of_a_globe_times_the_factor() -> None:
    rng = np.random.default_rng(5)
    for case in range(200):
        count = int(rng.integers(1, 9))
        lons, lats = 126 + rng.random(count), 46 + rng.random(count)
        points = Points(ids=tuple(f"p{i}" for i in range(count)), lons=lons, lats=lats)
        factor, speed = float(rng.uniform(1, 3)), float(rng.uniform(5, 60))
        roads = StraightNetwork(vehicle="van", season="summer", detour_factor=factor, speed_kph=speed)
        travel = roads.travel_matrix(points, access_cap_m=1)
        wanted = [
            [factor * haversine_m(a, b) for b in zip(lons, lats, strict=True)] for a in zip(lons, lats, strict=True)
        ]
        np.testing.assert_allclose(travel.distances_m, wanted, rtol=0.006, atol=0.1, err_msg=str(case))
        np.testing.assert_allclose(travel.durations_s, travel.distances_m / speed * 3.6, atol=0.01)
        assert (np.diag(travel.durations_s) == 0).all()
        limit = float(rng.uniform(0, travel.durations_s.max() + 1))
        within = roads.travel_within(points, limit_s=limit, access_cap_m=1)
        dense = np.where(travel.durations_s <= limit, travel.durations_s, 0.0)
        assert (within.durations_s.toarray() == dense).all()
        assert within.durations_s.nnz == (travel.durations_s <= limit).sum()


def test_seasons_slow_and_a_vehicle_is_no_faster_than_it_can() -> None:
    def kph(vehicle: str, season: str, given: float | None) -> float:
        return StraightNetwork(vehicle=vehicle, season=season, detour_factor=1.4, speed_kph=given).speed_here_kph

    assert kph("van", "summer", None) == 30  # village roads, as profiles.toml has them
    assert kph("van", "summer", 50) == 50
    assert kph("tricycle", "summer", 50) == 30  # its own limit
    assert kph("walking", "summer", 50) == 4
    assert kph("van", "heavy_snow", 50) < kph("van", "winter", 50) < 50


def test_a_whole_plan_is_made_without_roads_and_everything_says_so(line_folder: Path, tmp_path: Path) -> None:
    straight(line_folder)
    out = tmp_path / "out"
    app(["plan", str(line_folder), "--out", str(out), "--store", f"sqlite:///{tmp_path}/p.db"], standalone_mode=False)
    written = [path for path in out.rglob("*") if path.is_file()]
    endings = {path.suffix for path in written}
    assert {".html", ".xlsx", ".gpkg", ".gpx", ".json", ".csv", ".geojson"} <= endings
    for path in written:
        if path.suffix in (".html", ".gpx", ".csv"):
            language = "zh" if ".zh." in path.name else "en"
            if path.name != "index.html" or path.parent == out:
                assert SAID[language] in path.read_text(encoding="utf-8-sig"), path
        elif path.suffix == ".geojson":
            assert SAID["en"] in json.loads(path.read_text(encoding="utf-8"))["about"]["notice"], path
        elif path.suffix == ".xlsx":
            for sheet in openpyxl.load_workbook(path):
                assert SAID["zh" if ".zh." in path.name else "en"] in str(sheet["A1"].value), (path, sheet.title)
        elif path.suffix == ".gpkg":
            about = pyogrio.read_dataframe(path, layer="about")["value"]
            assert about.str.contains(SAID["zh" if ".zh." in path.name else "en"]).any(), path
    with TestClient(create_app(Settings(store_url=f"sqlite:///{tmp_path}/p.db"))) as client:
        (network,) = client.get("/networks").json()["networks"]
        assert network["assumed"] is True
        about = client.get(f"/networks/{network['id']}/stations.geojson").json()["about"]
        assert SAID["en"] in about["notice"]


def test_legs_are_dashed_and_nobody_is_out_of_reach(line_folder: Path) -> None:
    from planner.outputs.maps.routes import routes_map
    from planner.outputs.page_links import PageLinks
    from planner.pipeline.whole_plan import plan_area
    from tests.planner.outputs.maps_read import layers_of

    planned = plan_area(load_config(straight(line_folder)))
    assert planned.day.roads.on_straight_lines
    assert all(len(path.coordinates) <= 2 for path in planned.day.paths)
    assert planned.network.road_lines == ()
    text = routes_map(planned.day, PageLinks(home="en"))
    drawn = [one for features in layers_of(text) for one in features if one["geometry"]["type"] == "LineString"]
    assert {one["properties"]["style"]["dashArray"] for one in drawn} == {"6 6"}
    assert {one.village_id for one in planned.network.finished.hand_over} == {
        v.id for v in planned.network.area.villages
    }


def test_reach_is_a_circle_and_seasons_can_be_compared(line_folder: Path) -> None:
    config = load_config(straight(line_folder, "", "[travel.straight_lines]", "detour_factor = 2", "speed_kph = 36"))
    run = AreaRun(config=config)
    start = run.area.villages[0]
    study = reach_study(run, [start.id], [10])
    (ring,) = study.rings
    radii = [haversine_m((start.lon, start.lat), place) for place in ring.geometry.exterior.coords]
    assert radii == pytest.approx([3000] * len(radii), rel=0.02)  # 10 min at 10 m/s, half of it straight
    assert len({row.season for row in by_season(run, [run.area.sites[0].id], standard_s=900)}) > 1


def test_the_figures_are_the_county_s_to_give(line_folder: Path) -> None:
    text = '[travel.straight_lines]\ndetour_factor = 1.3\nspeed_kph = 25\nprovenance = "measured on ten roads"'
    config = load_config(straight(line_folder, text))
    (source,) = [one for one in AreaRun(config=config).area.sources if one.straight_lines]
    assert "times 1.3, at 25 km/h" in source.what
    assert "乘以 1.3 估算，时速 25 公里" in source.what.in_language("zh")
    assert (source.origin, source.assumed) == ("measured on ten roads", True)


@pytest.mark.parametrize(
    ("more", "fault"),
    [
        ("[travel.straight_lines]\ndetour_factor = 0.9", "travel.straight_lines.detour_factor"),
        ("[travel.straight_lines]\nspeed_kph = 0", "travel.straight_lines.speed_kph"),
        (
            '[[travel.closures]]\nreason = "work"\nfirst = 2026-11-01\nlast = 2026-11-20\nway_ids = [1]',
            "travel.closures",
        ),
    ],
)
def test_what_straight_lines_cannot_be_is_refused(line_folder: Path, more: str, fault: str) -> None:
    with pytest.raises(ConfigError) as refused:
        load_config(straight(line_folder, more))
    assert any(fault in str(problem) for problem in refused.value.problems)


def test_lines_beside_a_road_file_are_refused(line_folder: Path) -> None:
    path = line_folder / "area.toml"
    path.write_text(path.read_text(encoding="utf-8") + "\n[travel.straight_lines]\n", encoding="utf-8")
    with pytest.raises(ConfigError) as refused:
        load_config(line_folder)
    assert "without a road file" in str(refused.value.problems)


def test_check_says_that_there_are_no_roads(line_folder: Path) -> None:
    report = examine_files([straight(line_folder)], datum=None)
    (found,) = [finding for finding in report.findings if finding.code == "straight_lines"]
    assert "straight lines times 1.4, for a van at 30 km/h" in str(found)
    with speaking("zh"):
        from planner.words import render

        assert "没有路网文件" in render(found.line)
