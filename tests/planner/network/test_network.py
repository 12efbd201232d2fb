"""Small road worlds whose times can be worked out by hand, and the real extract against networkx."""

from dataclasses import replace
from pathlib import Path

import networkx as nx
import numpy as np
import pytest

from planner.errors import BadDataError, ConfigError
from planner.model import Points, Unreachable
from planner.network import RoadNetwork, read_network
from planner.network.edges import segment_lengths_m
from planner.network.osmnx_bridge import from_osmnx, to_networkx
from planner.network.profiles import load_profile, load_vehicle, seasons, vehicles
from planner.network.restrictions import Bans
from planner.network.roads import Roads
from tests.planner.network.worlds import SECONDARY, STEP, network, points

LINE = [(i, i * STEP, 0.0) for i in range(1, 5)]


def test_line_of_three_villages(tmp_path: Path) -> None:
    roads = network(tmp_path, LINE, [([1, 2, 3, 4], SECONDARY)])
    villages = points(a=(STEP, 0.0), b=(2 * STEP, 0.0), c=(4 * STEP, 0.0))
    travel = roads.travel_matrix(villages, access_cap_m=1000, access_speed_kph=4)
    # 0.01 degree of the equator is 6378137 * pi / 180 / 100 = 1113.195 m; at 50 km/h that takes 80.150 s; edges are kept to
    # the decimetre, of which the way to c has two
    np.testing.assert_allclose(travel.distances_m[0], [0, 1113.195, 3339.585], atol=0.1)
    np.testing.assert_allclose(travel.durations_s[0], [0, 80.150, 240.450], atol=0.01)
    np.testing.assert_allclose(travel.durations_s, travel.durations_s.T, atol=1e-6)


def test_access_is_walked_at_both_ends_and_points_snap_between_junctions(tmp_path: Path) -> None:
    roads = network(tmp_path, LINE, [([1, 4], SECONDARY)])
    travel = roads.travel_matrix(
        points(a=(1.5 * STEP, 0.0009), b=(2.5 * STEP, 0.0)), access_cap_m=1000, access_speed_kph=4
    )
    # 0.0009 degree of latitude at the equator is 99.52 m; 99.52 m at 4 km/h takes 89.57 s; the road between takes 80.15 s
    assert travel.distances_m[0, 1] == pytest.approx(1113.195 + 99.52, abs=0.5)
    assert travel.durations_s[0, 1] == pytest.approx(80.15 + 89.57, abs=0.5)


def test_two_points_on_one_edge_do_not_go_by_its_ends(tmp_path: Path) -> None:
    roads = network(tmp_path, LINE, [([1, 4], SECONDARY)])
    near = points(a=(2.0 * STEP, 0.0), b=(2.1 * STEP, 0.0), c=(2.0 * STEP, 0.0))
    travel = roads.travel_matrix(near, access_cap_m=1000, access_speed_kph=4)
    assert travel.distances_m[0, 1] == pytest.approx(111.3, abs=0.1)
    assert travel.durations_s[0, 2] == 0.0


def test_one_way_street_is_gone_round(tmp_path: Path) -> None:
    square = [(1, 0.0, 0.0), (2, STEP, 0.0), (3, STEP, STEP), (4, 0.0, STEP)]
    roads = network(tmp_path, square, [([1, 2, 3, 4, 1], {**SECONDARY, "oneway": "yes"})])
    travel = roads.travel_matrix(points(a=(0.0, 0.0), b=(STEP, 0.0)), access_cap_m=100, access_speed_kph=4)
    # one side there, three sides back; a degree of latitude near the equator has 110,574 m: 1105.74 + 1113.19 + 1105.74
    assert travel.distances_m[0, 1] == pytest.approx(1113.19, abs=1)
    assert travel.distances_m[1, 0] == pytest.approx(1105.74 * 2 + 1113.19, abs=2)


def test_parallel_roads_count_once_and_the_faster_wins(tmp_path: Path) -> None:
    nodes = [(1, 0.0, 0.0), (2, STEP, 0.0), (3, STEP / 2, 0.001)]
    roads = network(tmp_path, nodes, [([1, 2], {"highway": "track"}), ([1, 3, 2], SECONDARY)])
    ends = points(a=(0.0, 0.0), b=(STEP, 0.0))
    travel = roads.travel_matrix(ends, access_cap_m=100, access_speed_kph=4)
    assert travel.durations_s[0, 1] == pytest.approx(travel.distances_m[0, 1] / (50 / 3.6), abs=0.01)


def island(tmp_path: Path, season: str) -> RoadNetwork:
    """Two roads with a ferry between them, and a third road that nothing joins."""
    nodes = [(i, i * STEP, 0.0) for i in range(1, 6)] + [(7, 9 * STEP, 0.0), (8, 9.5 * STEP, 0.0)]
    return network(
        tmp_path,
        nodes,
        [([1, 2, 3], SECONDARY), ([3, 4], {"route": "ferry"}), ([4, 5], SECONDARY), ([7, 8], SECONDARY)],
        season,
    )


ISLAND = points(main=(STEP, 0.0), island=(5 * STEP, 0.0), fragment=(9 * STEP, 0.0), nowhere=(20 * STEP, 0.0))


def test_ferry_costs_its_boarding_time_once(tmp_path: Path) -> None:
    travel = island(tmp_path, "summer").travel_matrix(ISLAND, access_cap_m=500, access_speed_kph=4)
    # 3 steps of road at 50 km/h, one step of water at 8 km/h (500.94 s) and 600 s of boarding
    assert travel.durations_s[0, 1] == pytest.approx(3 * 80.15 + 500.94 + 600, abs=0.1)


def test_every_unreachable_point_has_its_reason(tmp_path: Path) -> None:
    summer = island(tmp_path, "summer").travel_matrix(ISLAND, access_cap_m=500, access_speed_kph=4)
    assert summer.unreachable == {"fragment": Unreachable.FRAGMENT, "nowhere": Unreachable.NO_ROAD}
    ice = island(tmp_path, "drift_ice").travel_matrix(ISLAND, access_cap_m=500, access_speed_kph=4)
    assert ice.unreachable["island"] is Unreachable.CLOSED
    assert np.isinf(ice.durations_s[0, 1])
    assert ice.durations_s[1, 1] == 0.0


def test_paths_follow_the_road_and_have_its_length(tmp_path: Path) -> None:
    nodes = [(1, 0.0, 0.0), (2, STEP, 0.0), (3, STEP, STEP)]
    roads = network(tmp_path, nodes, [([1, 2, 3], SECONDARY)])
    ends = points(a=(0.2 * STEP, 0.0), b=(STEP, 0.5 * STEP))
    (line,) = roads.paths([("a", "b")], ends, access_cap_m=100)
    np.testing.assert_allclose(line, [[0.2 * STEP, 0], [STEP, 0], [STEP, 0.5 * STEP]], atol=1e-6)
    (back,) = roads.paths([("b", "a")], ends, access_cap_m=100)
    np.testing.assert_allclose(back, line[::-1], atol=1e-6)


def test_paths_name_all_pairs_without_a_way(tmp_path: Path) -> None:
    with pytest.raises(BadDataError, match="main → nowhere") as caught:
        island(tmp_path, "summer").paths([("main", "nowhere"), ("fragment", "main")], ISLAND, access_cap_m=500)
    assert len(caught.value.problems) == 2


@pytest.mark.parametrize(
    ("tags", "speed_kph"),
    [
        ({"highway": "tertiary"}, 40.0),
        ({"highway": "tertiary", "surface": "gravel"}, 28.0),  # 40 * 0.7
        ({"highway": "tertiary", "maxspeed": "20"}, 20.0),
        ({"highway": "tertiary", "maxspeed": "20 mph"}, 32.18688),
        ({"highway": "tertiary", "maxspeed": "DE:rural"}, 40.0),
        ({"highway": "track", "tracktype": "grade4"}, 10.5),  # 15 * 0.7
        ({"highway": "track", "tracktype": "grade5"}, 0.0),
        ({"highway": "footway"}, 0.0),
        ({"highway": "residential", "access": "private"}, 0.0),
        ({"highway": "residential", "access": "no", "motor_vehicle": "yes"}, 25.0),
    ],
)
def test_van_speed_in_summer(tags: dict[str, str], speed_kph: float) -> None:
    assert load_profile("van", "summer").use(tags).speed_kph == pytest.approx(speed_kph)


def test_no_season_is_faster_than_summer() -> None:
    assert {"van", "walking"} <= set(vehicles())
    assert {"summer", "drift_ice"} <= set(seasons())
    assert "gravel" in load_profile("van", "summer").tables.surface_factor
    for vehicle in vehicles():
        best = load_profile(vehicle, "summer")
        for season in seasons():
            for surface in best.tables.surface_factor:
                tags = {"highway": "tertiary", "surface": surface}
                assert load_profile(vehicle, season).use(tags).speed_kph <= best.use(tags).speed_kph


def test_unknown_vehicle_and_season_are_named_with_the_choices() -> None:
    with pytest.raises(ConfigError) as caught:
        load_profile("sledge", "monsoon")
    assert "sledge" in str(caught.value)
    assert "drift_ice" in str(caught.value)
    with pytest.raises(ConfigError, match=r"'sledge': choose one of .*tricycle"):
        load_vehicle("sledge")


@pytest.mark.parametrize("content", ["", "not OSM at all", "<osm version='0.6'></osm>"])
def test_file_without_roads_says_so(tmp_path: Path, content: str) -> None:
    path = tmp_path / "roads.osm"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(BadDataError, match=r"roads\.osm"):
        read_network(path, vehicle="van", season="summer")


def test_missing_road_file_says_what_is_wanted(tmp_path: Path) -> None:
    with pytest.raises(BadDataError, match="OpenStreetMap extract"):
        read_network(tmp_path / "none.osm.pbf", vehicle="van", season="summer")


@pytest.mark.slow
def test_the_real_extract_agrees_with_networkx(neubrandenburg_roads: Path) -> None:
    given = read_network(neubrandenburg_roads, vehicle="van", season="summer")
    free = replace(given.edges, banned=Bans.of({}))  # networkx knows nothing of forbidden turns
    roads = RoadNetwork(vehicle="van", season="summer", roads=Roads(edges=free))
    graph = to_networkx(roads)
    inside = np.unique(roads.edges.tail[roads.main])
    chosen = np.random.default_rng(7).choice(inside, 12, replace=False)
    at = roads.edges.junctions[chosen]
    dots = Points(ids=tuple(str(node) for node in chosen), lons=at[:, 0], lats=at[:, 1])
    travel = roads.travel_matrix(dots, access_cap_m=100, access_speed_kph=4)
    for row, node in enumerate(chosen):
        reference = nx.single_source_dijkstra_path_length(graph, int(node), weight="travel_time")
        expected = [reference[int(other)] for other in chosen]
        np.testing.assert_allclose(travel.durations_s[row], expected, atol=0.05)
    pairs = [(dots.ids[0], id_) for id_ in dots.ids[1:]]
    for line, metres in zip(roads.paths(pairs, dots, access_cap_m=100), travel.distances_m[0, 1:], strict=True):
        assert segment_lengths_m(line).sum() == pytest.approx(metres, rel=1e-3)


@pytest.mark.slow
def test_osmnx_graph_gives_the_same_times_as_the_file(neubrandenburg_roads: Path) -> None:
    roads = read_network(neubrandenburg_roads, vehicle="van", season="summer")
    again = from_osmnx(to_networkx(roads), vehicle="van", season="summer")
    inside = np.unique(roads.edges.tail[roads.main])[::500]
    at = roads.edges.junctions[inside]
    dots = Points(ids=tuple(map(str, inside)), lons=at[:, 0], lats=at[:, 1])
    distances = [net.travel_matrix(dots, access_cap_m=100, access_speed_kph=4).distances_m for net in (roads, again)]
    # tracks and maxspeed are not in the graph, so that ways may differ where they matter; most do not
    assert np.isfinite(distances[1]).all()
    assert np.median(np.abs(distances[1] - distances[0])) < 100


def test_projected_graph_is_refused() -> None:
    with pytest.raises(BadDataError, match="epsg:4326"):
        from_osmnx(nx.MultiDiGraph(crs="epsg:32651"), vehicle="van", season="summer")
