"""Roads that somebody drew as lines: joined where they meet, with the same times as the map they are from."""

import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import geopandas
import networkx as nx
import numpy as np
import pyproj
import pytest
import shapely

from planner.config import Datum, RoadLinesConfig, load_config
from planner.errors import BadDataError, ConfigError
from planner.geodata.datum import from_wgs84
from planner.geodata.road_lines import findings_about, read_road_lines
from planner.model import Points
from planner.model.drawn_roads import DrawnRoads
from planner.network import RoadNetwork, network_of_lines
from planner.network.edges import cut_ways
from planner.network.noding import node_roads
from planner.network.osm import Ways, read_ways
from planner.network.roads import Roads
from planner.pipeline.area_run import AreaRun
from planner.pipeline.examine import examine_files

GEOD = pyproj.Geod(ellps="WGS84")
PLAIN = RoadLinesConfig(datum=Datum.WGS84)
VAN_KPH = {
    "国道": 70,
    "省道": 60,
    "县道": 50,
    "乡道": 40,
    "村道": 30,
}  # trunk to unclassified, as profiles.toml has them
SURFACE = {"沥青混凝土": 1.0, "水泥": 1.0, "砂石": 0.7, "土路": 0.6, "": 1.0}


def write(path: Path, lines: list[Any], **columns: list[Any]) -> Path:
    geopandas.GeoDataFrame(columns, geometry=lines, crs="EPSG:4326").to_file(path)
    return path


def network(path: Path, config: RoadLinesConfig = PLAIN) -> RoadNetwork:
    return network_of_lines(read_road_lines(path, config), vehicle="van", season="summer")


def seconds(roads: RoadNetwork, places: list[tuple[float, float]]) -> np.ndarray:
    lons, lats = np.array(places).T
    points = Points(ids=tuple(str(i) for i in range(len(places))), lons=lons, lats=lats)
    return roads.travel_matrix(points, access_cap_m=500).durations_s


def plain_tags(tags: Mapping[str, str]) -> dict[str, str]:
    """What lines can say of a way."""
    kept = {key: tags[key] for key in ("highway", "surface", "oneway") if key in tags}
    if tags.get("maxspeed", "").isdigit():
        kept["maxspeed"] = tags["maxspeed"]
    if "oneway" not in kept and tags.get("junction") in ("roundabout", "circular"):
        kept["oneway"] = "yes"
    return kept


def only_roads(ways: Ways) -> Ways:
    kinds = tuple(plain_tags(tags) if "highway" in tags else {"highway": "no"} for tags in ways.kinds)
    return replace(ways, kinds=kinds, restrictions=(), barriers=np.zeros((0, 2), dtype=np.int64))


@pytest.mark.parametrize(
    "ending", ["gpkg", *(pytest.param(ending, marks=pytest.mark.slow) for ending in ("shp", "geojson"))]
)
def test_an_extract_written_as_lines_and_read_back_has_the_same_times(
    tmp_path: Path, neubrandenburg_roads: Path, ending: str
) -> None:
    ways = only_roads(read_ways(neubrandenburg_roads))
    rows = [(plain_tags(way.tags), way.coordinates) for way in ways if way.tags["highway"] != "no"]
    columns = {key: [tags.get(key, "") for tags, _ in rows] for key in ("highway", "surface", "oneway", "maxspeed")}
    path = write(tmp_path / f"roads.{ending}", [shapely.LineString(line) for _, line in rows], **columns)
    drawn = network(path, RoadLinesConfig(datum=Datum.WGS84, tolerance_m=0.0))
    osm = RoadNetwork(vehicle="van", season="summer", roads=Roads(edges=cut_ways(ways)))
    rng = np.random.default_rng(3)
    places = [tuple(place) for place in osm.edges.junctions[rng.choice(len(osm.edges.junctions), 40, replace=False)]]
    from_lines, from_osm = seconds(drawn, places), seconds(osm, places)
    # a second in an hour: GeoJSON rounds positions to a centimetre or so, and lines lose which node was whose
    np.testing.assert_allclose(from_lines, from_osm, rtol=3e-4, atol=0.5)
    assert np.isfinite(from_osm).mean() > 0.5


def county(
    rng: np.random.Generator, side: int = 3
) -> tuple[nx.DiGraph, list[dict[str, Any]], list[tuple[float, float]]]:
    """Return a made-up county's graph in seconds, its roads as features, and where its junctions lie."""
    places = [
        (126 + 0.02 * x + rng.uniform(0, 0.005), 46.5 + 0.02 * y + rng.uniform(0, 0.005))
        for x in range(side)
        for y in range(side)
    ]
    pairs = [(i, i + 1) for i in range(side * side - 1) if (i + 1) % side] + [
        (i, i + side) for i in range(side * (side - 1))
    ]
    graph, features = nx.DiGraph(), []
    graph.add_nodes_from(range(side * side))
    for a, b in pairs:
        kind, surface = str(rng.choice([*VAN_KPH])), str(rng.choice([*SURFACE]))
        middle = tuple(np.mean([places[a], places[b]], axis=0) + rng.normal(0, 0.001, 2))
        line = [places[a], middle, places[b]]
        took = GEOD.line_length(*zip(*line, strict=True)) / (VAN_KPH[kind] * SURFACE[surface] / 3.6)
        one = rng.random() < 0.1
        graph.add_edge(a, b, seconds=took)
        if not one:
            graph.add_edge(b, a, seconds=took)
        features.append({"line": line, "等级": kind, "路面类型": surface, "单行": "是" if one else "否"})
    return graph, features, places


def disturb(rng: np.random.Generator, features: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Draw the same roads as people do: ends that miss, repeats, several parts, nothing, either direction, any order."""
    drawn: list[dict[str, Any]] = []
    for feature in features:
        line = np.array(feature["line"])
        line[[0, -1]] += rng.uniform(-1.5e-6, 1.5e-6, (2, 2))  # some 0.2 m
        if feature["单行"] == "否" and rng.random() < 0.5:
            line = line[::-1]
        shape: Any = shapely.LineString(line)
        if rng.random() < 0.3:
            shape = shapely.MultiLineString([line[:2], line[1:]])
        drawn.append({**feature, "geometry": shape})
        if rng.random() < 0.2:
            drawn.append({**feature, "geometry": shape})
    drawn += [{"等级": "国道", "路面类型": "", "单行": "", "geometry": None} for _ in range(int(rng.integers(0, 3)))]
    return [drawn[i] for i in rng.permutation(len(drawn))]


def test_two_hundred_made_up_counties_have_the_times_of_another_solver(tmp_path: Path) -> None:
    from planner.geodata import road_lines

    for case in range(200):
        rng = np.random.default_rng(case)
        graph, features, places = county(rng)
        rows = disturb(rng, features)
        frame = geopandas.GeoDataFrame(
            {key: [row[key] for row in rows] for key in ("等级", "路面类型", "单行")},
            geometry=[row["geometry"] for row in rows],
            crs="EPSG:4326",
        )
        found = road_lines._Lines()
        found.add(frame, road_lines._columns(tmp_path, list(frame.columns[:-1]), PLAIN), PLAIN)
        drawn = road_lines.DrawnRoads(
            lines=tuple(found.lines), tags=tuple(found.tags), numbers=tuple(found.numbers), tolerance_m=1.0
        )
        roads = network_of_lines(drawn, vehicle="van", season="summer")
        strong = max(nx.strongly_connected_components(graph), key=len)
        inside = sorted(strong)
        junctions = roads.edges.junctions
        nearest = [junctions[np.abs(junctions - places[i]).sum(axis=1).argmin()] for i in inside]
        took = seconds(roads, [tuple(place) for place in nearest])
        wanted = np.array([[nx.dijkstra_path_length(graph, a, b, weight="seconds") for b in inside] for a in inside])
        np.testing.assert_allclose(took, wanted, rtol=0.002, atol=1.5, err_msg=str(case))


def cross(gap: float, shared: bool) -> list[shapely.LineString]:
    """Two roads that cross, with a vertex of both there or not, and a third that ends ``gap`` degrees from the first."""
    middle = [(126.01, 47.0)] if shared else []
    return [
        shapely.LineString([(126.0, 47.0), *middle, (126.02, 47.0)]),
        shapely.LineString([(126.01, 46.99), *middle, (126.01, 47.01)]),
        shapely.LineString([(126.02 + gap, 47.0), (126.04, 47.0), (126.04, 47.01), (126.01, 47.01)]),
    ]


@pytest.mark.parametrize(("shared", "joined"), [(True, True), (False, False)])
def test_lines_that_cross_meet_only_where_both_have_a_vertex(tmp_path: Path, shared: bool, joined: bool) -> None:
    path = write(tmp_path / "r.gpkg", cross(0.0, shared), 等级=["县道"] * 3)
    direct, round_ = 2 * 0.01 * 76_000 / 50 * 3.6, 5 * 0.01 * 76_000 / 50 * 3.6
    took = seconds(network(path), [(126.0, 47.0), (126.01, 46.99)])[0, 1]
    assert (took < (direct + round_) / 2) == joined


@pytest.mark.parametrize(
    ("gap_m", "tolerance_m", "joined"), [(0.5, 1, True), (3, 1, False), (3, 5, True), (0.5, 0, False)]
)
def test_ends_are_joined_within_the_tolerance(tmp_path: Path, gap_m: float, tolerance_m: float, joined: bool) -> None:
    path = write(tmp_path / "r.gpkg", cross(gap_m / 76_100, True), 等级=["县道"] * 3)
    roads = network(path, RoadLinesConfig(datum=Datum.WGS84, tolerance_m=tolerance_m))
    ends = np.bincount(np.concatenate([roads.edges.tail, roads.edges.head]))
    assert (ends == 1).sum() == (2 if joined else 4)  # in the west and the south, else also on both sides of the gap


@pytest.mark.parametrize(
    ("columns", "tags"),
    [
        ({"技术等级": "三级", "路面类型": "水泥混凝土"}, {"highway": "tertiary", "surface": "concrete"}),
        ({"技术等级": "四级公路", "行政等级": "县道"}, {"highway": "secondary"}),
        ({"技术等级": "等外", "路面": "土路"}, {"highway": "track", "surface": "dirt"}),
        ({"道路等级": "高速公路", "单行": "是"}, {"highway": "motorway", "oneway": "yes"}),
        ({"路线编号": "X123", "限速": "40km/h"}, {"highway": "secondary", "maxspeed": "40"}),
        ({"路线编号": "G221"}, {"highway": "trunk"}),
        ({"路线编号": "G10"}, {"highway": "motorway"}),
        ({"路线编号": "S201", "设计速度": "60"}, {"highway": "primary", "maxspeed": "60"}),
        ({"路线编号": "C045"}, {"highway": "unclassified"}),
        ({"fclass": "track_grade3", "maxspeed": 0}, {"highway": "track", "tracktype": "grade3"}),
        ({"fclass": "tertiary", "oneway": "B"}, {"highway": "tertiary"}),
        ({"highway": "construction"}, {"highway": "construction"}),
        ({"公路等级": "在建高速"}, {"highway": "construction"}),
        ({"等级": "县 道"}, {"highway": "secondary"}),
        ({"等级": "外星路"}, {"highway": "road"}),
        ({"名称": "幸福路"}, {"highway": "road"}),
        ({"等级": "村道", "路面类型": "砂石路面", "单行": "双向"}, {"highway": "unclassified", "surface": "gravel"}),
        ({"等级": "乡道", "单行": "逆向"}, {"highway": "tertiary", "oneway": "-1"}),
    ],
)
def test_words_of_a_bureau_are_understood(tmp_path: Path, columns: dict[str, Any], tags: dict[str, str]) -> None:
    line = shapely.LineString([(126.0, 47.0), (126.1, 47.0)])
    path = write(tmp_path / "r.geojson", [line], **{name: [value] for name, value in columns.items()})
    assert dict(read_road_lines(path, PLAIN).tags[0]) == tags


def test_geofabriks_letters_are_directions_where_there_is_a_b(tmp_path: Path) -> None:
    lines = [shapely.LineString([(126.0, 47.0 + i / 100), (126.1, 47.0)]) for i in range(3)]
    path = write(tmp_path / "r.gpkg", lines, fclass=["tertiary"] * 3, oneway=["B", "F", "T"])
    assert [dict(tags).get("oneway") for tags in read_road_lines(path, PLAIN).tags] == [None, "yes", "-1"]


def test_columns_and_words_of_one_s_own(tmp_path: Path) -> None:
    line = shapely.LineString([(126.0, 47.0), (126.1, 47.0)])
    path = write(tmp_path / "r.gpkg", [line], kind=["A"], other=["县道"], cover=["7"])
    config = RoadLinesConfig(
        datum=Datum.WGS84, road_class="kind", surface="cover", classes={"A": "primary"}, surfaces={"7": "gravel"}
    )
    assert dict(read_road_lines(path, config).tags[0]) == {"highway": "primary", "surface": "gravel"}
    with pytest.raises(ConfigError) as refused:
        read_road_lines(path, RoadLinesConfig(datum=Datum.WGS84, road_class="none"))
    assert "r.gpkg has no column none: it has kind, other, cover" in str(refused.value.problems[0])


def test_lines_are_converted_at_the_door(tmp_path: Path) -> None:
    place = np.array([(126.0, 47.0), (126.1, 47.0)])
    shifted = np.column_stack(from_wgs84(place[:, 0], place[:, 1], Datum.GCJ02))
    path = write(tmp_path / "r.gpkg", [shapely.LineString(shifted)], 等级=["县道"])
    found = read_road_lines(path, RoadLinesConfig(datum=Datum.GCJ02))
    np.testing.assert_allclose(found.lines[0], place, atol=1e-6)


def test_what_is_left_out_is_counted_and_said(tmp_path: Path) -> None:
    line = shapely.LineString([(126.0, 47.0), (126.1, 47.0)])
    loop = shapely.LineString([(126.1, 47.0), (126.11, 47.0), (126.11, 47.01), (126.1, 47.0)])
    shapes = [line, line.reverse(), None, shapely.Point(126, 47), loop]
    content = {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "properties": {"等级": "外星路"},
                "geometry": None if s is None else json.loads(shapely.to_geojson(s)),
            }
            for s in shapes
        ],
    }
    path = tmp_path / "r.geojson"
    path.write_text(json.dumps(content), encoding="utf-8")
    drawn = read_road_lines(path, PLAIN)
    assert drawn.counts == {"no_geometry": 1, "repeated": 1, "no_line": 1, "no_class": 3}
    assert len(drawn.lines) == 2
    text = "\n".join(map(str, findings_about(drawn, "r.geojson")))
    for words in (
        "ends within 1 m of another line are joined to it; columns: road_class = 等级",
        "1 lines repeat another",
        "'外星路' is not understood on 3",
    ):
        assert words in text, words


@pytest.mark.parametrize(
    ("shapes", "message"),
    [
        ([shapely.Point(126, 47)], "has no lines"),
        ([shapely.LineString([(500000, 5200000), (500100, 5200000)])], "not degrees"),
    ],
)
def test_a_file_without_usable_lines_says_why(tmp_path: Path, shapes: list[Any], message: str) -> None:
    path = tmp_path / "r.geojson"
    features = [
        {"type": "Feature", "properties": {}, "geometry": json.loads(shapely.to_geojson(shape))} for shape in shapes
    ]
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}), encoding="utf-8")
    with pytest.raises(BadDataError, match=message):
        read_road_lines(path, PLAIN)


def test_an_area_is_planned_on_lines_and_check_shows_what_was_guessed(line_folder: Path) -> None:
    ways = list(read_ways(line_folder / "roads.osm"))
    path = write(
        line_folder / "roads.shp",
        [shapely.LineString(way.coordinates) for way in ways],
        highway=[way.tags.get("highway", "") for way in ways],
    )
    config = line_folder / "area.toml"
    before = AreaRun(config=load_config(line_folder)).travel
    text = config.read_text(encoding="utf-8").replace('"roads.osm"', '"roads.shp"')
    config.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError) as refused:
        _ = AreaRun(config=load_config(line_folder)).roads
    assert "say which datum roads.shp is in" in str(refused.value.problems[0])
    config.write_text(text + '\n[area.road_lines]\ndatum = "cgcs2000"\n', encoding="utf-8")
    after = AreaRun(config=load_config(line_folder)).travel
    reached = np.isfinite(before.durations_s)
    np.testing.assert_allclose(after.durations_s[reached], before.durations_s[reached], rtol=0.2)
    said = [str(finding) for finding in examine_files([line_folder], datum=None).findings]
    assert any("road_class = highway" in line and path.name in line for line in said)


# -- ends on the course of a line ---------------------------------------------------------------------------------------


def drawn(lines: list[list[tuple[float, float]]], tolerance_m: float) -> Ways:
    """Return the ways of lines in metres east and north of a place."""
    degree = 111_195.0
    narrow = degree * np.cos(np.radians(46.8))
    made = tuple(np.array([(126.5 + x / narrow, 46.8 + y / degree) for x, y in line]) for line in lines)
    return node_roads(
        DrawnRoads(
            lines=made,
            tags=({"highway": "tertiary"},) * len(made),
            numbers=tuple(range(1, len(made) + 1)),
            tolerance_m=tolerance_m,
        )
    )


def test_an_end_on_the_course_of_a_line_is_joined_to_it_within_the_tolerance() -> None:
    rng = np.random.default_rng(4)
    for case in range(300):
        tolerance = float(rng.choice([0.0, 0.5, 1.0, 5.0]))
        near = max(tolerance, 0.011)
        gap = float(rng.choice([0.0, 0.5 * near, 0.9 * near, 1.2 * near + 0.05, 3 * near + 0.1]))
        bends = sorted(rng.choice(np.arange(50, 1000, 50), rng.integers(0, 4), replace=False).tolist())
        main = [(0.0, 0.0), *((float(x), 0.0) for x in bends), (1000.0, 0.0)]
        places = sorted(rng.choice(np.arange(75, 1000, 50), rng.integers(1, 4), replace=False).tolist())
        sides = [
            [(x + 20.0, 300.0), (float(x), gap)] if rng.random() < 0.5 else [(float(x), gap), (x, 90)] for x in places
        ]
        sides = [side[::-1] if rng.random() < 0.5 else side for side in sides]
        across = [(500.0 + 1 / 3, -200.0), (500.0 + 1 / 3, 200.0)]  # a bridge
        order = rng.permutation(len(sides) + 2)
        lines = [[main, across, *sides][i] for i in order]
        ways = drawn(lines, tolerance)
        nodes = {number: set(ways[row].node_ids) for row, number in enumerate(order.tolist())}
        joined = gap <= near
        for number in range(2, len(sides) + 2):
            assert bool(nodes[0] & nodes[number]) == joined, (case, tolerance, gap)
        assert not nodes[0] & nodes[1], "roads that cross stay apart"
        course = ways[order.tolist().index(0)].coordinates[:, 0]
        assert (np.diff(course) > 0).all()
        assert len(course) == len(main) + len(places) * joined


def test_a_line_that_ends_on_its_own_course_is_joined_to_itself() -> None:
    (way,) = drawn([[(0, 0), (400, 0), (400, 200), (150, 200), (150, 0.3)]], 1.0)
    assert len(way.node_ids) == 6
    assert way.node_ids[-1] == way.node_ids[1]
