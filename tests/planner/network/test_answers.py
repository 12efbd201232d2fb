"""Access, walking, ways, reach: worlds that can be worked out by hand."""

from pathlib import Path

import numpy as np
import pytest
import shapely

from planner.errors import BadDataError, ConfigError
from planner.model import Points
from planner.network import read_network
from planner.network.isochrones import isochrones, one_to_all
from tests.planner.network.worlds import SECONDARY, STEP, STEP_M, STEP_S, network, points

WALK_S_PER_M = 3.6 / 4


def test_near_points_walk_to_each_other_rather_than_round_by_the_road(tmp_path: Path) -> None:
    # a road that goes three steps out and comes back 200 m beside itself
    nodes = [(1, 0.0, 0.0), (2, 3 * STEP, 0.0), (3, 3 * STEP, 0.0018), (4, 0.0, 0.0018)]
    roads = network(tmp_path, nodes, [([1, 2, 3, 4], SECONDARY)])
    ends = points(a=(0.0, 0.0), b=(0.0, 0.0018))
    # 0.0018 degrees of latitude are 199.03 m, walked in 179.1 s; the road would take six steps and 200 m: 495 s
    travel = roads.travel_matrix(ends, access_cap_m=300, access_speed_kph=4)
    assert travel.durations_s[0, 1] == pytest.approx(199.03 * WALK_S_PER_M, abs=0.1)
    assert travel.distances_m[0, 1] == pytest.approx(199.03, abs=0.1)
    far = roads.travel_matrix(ends, access_cap_m=100, access_speed_kph=4)  # beyond the cap nobody walks
    assert far.durations_s[0, 1] == pytest.approx(6 * STEP_S + 199.03 / (50 / 3.6), abs=0.1)


def test_point_at_the_end_of_a_one_way_street_is_reached_by_the_other_road(tmp_path: Path) -> None:
    # way 1, the first in the file, leads away from the junction only; the point lies at the junction itself
    nodes = [(1, 0.0, 0.0), (2, STEP, 0.0), (3, STEP, STEP), (4, -STEP, 0.0)]
    oneway = {**SECONDARY, "oneway": "yes"}
    roads = network(tmp_path, nodes, [([1, 2, 3, 1], oneway), ([4, 1], SECONDARY)])
    travel = roads.travel_matrix(points(a=(-STEP, 0.0), b=(0.0, 0.0)), access_cap_m=50, access_speed_kph=4)
    np.testing.assert_allclose(travel.durations_s, [[0, STEP_S], [STEP_S, 0]], atol=0.01)


def test_origins_and_destinations_may_differ(tmp_path: Path) -> None:
    roads = network(tmp_path, [(i, i * STEP, 0.0) for i in range(4)], [([0, 1, 2, 3], SECONDARY)])
    travel = roads.travel_matrix(
        points(a=(0.0, 0.0)),
        destinations=points(b=(STEP, 0.0), c=(3 * STEP, 0.0)),
        access_cap_m=50,
        access_speed_kph=4,
    )
    assert travel.origin_ids == ("a",)
    assert travel.destination_ids == ("b", "c")
    np.testing.assert_allclose(travel.durations_s, [[STEP_S, 3 * STEP_S]], atol=0.01)


def test_way_has_its_duration_distance_and_line(tmp_path: Path) -> None:
    roads = network(tmp_path, [(i, i * STEP, 0.0) for i in range(4)], [([0, 1, 2, 3], SECONDARY)])
    ends = points(a=(0.5 * STEP, 0.0), b=(2.5 * STEP, 0.0))
    there, back = roads.ways([("a", "b"), ("b", "a")], ends, access_cap_m=50)
    assert there.duration_s == pytest.approx(2 * STEP_S, abs=0.01)
    assert there.distance_m == pytest.approx(2 * STEP_M, abs=0.2)
    np.testing.assert_allclose(there.line[:, 0] / STEP, [0.5, 1, 2, 2.5], atol=1e-6)
    np.testing.assert_allclose(back.line, there.line[::-1], atol=1e-9)


def test_ways_of_the_real_extract_have_the_matrix_figures(neubrandenburg_roads: Path) -> None:
    roads = read_network(neubrandenburg_roads, vehicle="van", season="summer", turn_costs=True)
    rng = np.random.default_rng(4)
    at = roads.edges.coordinates[rng.choice(len(roads.edges.coordinates), 60)]
    dots = Points(ids=tuple(map(str, range(60))), lons=at[:, 0], lats=at[:, 1])
    travel = roads.travel_matrix(dots, access_cap_m=0.5, access_speed_kph=4)
    pairs = [
        (a, b) for a in dots.ids[:8] for b in dots.ids if np.isfinite(travel.durations_s[int(a), int(b)]) and a != b
    ]
    assert len(pairs) > 200
    for (a, b), way in zip(pairs, roads.ways(pairs, dots, access_cap_m=0.5), strict=True):
        i, j = int(a), int(b)
        assert way.duration_s == pytest.approx(travel.durations_s[i, j], abs=0.003)
        assert way.distance_m == pytest.approx(travel.distances_m[i, j], abs=0.05)
        xy = np.array(roads.roads.snapper.projection.transform(*way.line.T)).T
        drawn_m = np.linalg.norm(np.diff(xy, axis=0), axis=1).sum()
        assert drawn_m == pytest.approx(way.distance_m, rel=2e-3, abs=3.0)


def test_reach_grows_with_the_minutes_along_the_road(tmp_path: Path) -> None:
    roads = network(tmp_path, [(i, i * STEP, 0.0) for i in range(11)], [(list(range(11)), SECONDARY)])
    start = points(a=(5.25 * STEP, 0.0))
    half, one, two = isochrones(
        roads, start, ["a"], minutes=(0.5, 1.0, 2.0), access_cap_m=50, access_speed_kph=4, beside_m=100
    )
    for reach, minutes in ((half, 0.5), (one, 1.0), (two, 2.0)):
        # 50 km/h are 833.3 m a minute to both sides, and 100 m beside the road and beyond its ends
        west, south, east, north = reach.bounds
        assert (east - west) / STEP * STEP_M == pytest.approx(2 * (833.33 * minutes + 100), abs=4)
        assert (north - south) * 110_574 == pytest.approx(200, abs=4)
    # the sides lie on each other, so that a rounding error may stand out
    assert half.difference(one).area < 1e-6 * half.area
    assert one.difference(two).area < 1e-6 * one.area
    assert shapely.Point(5.25 * STEP, 0.0).within(half)


def test_reach_ends_at_a_one_way_street_against_the_traffic(tmp_path: Path) -> None:
    nodes = [(1, 0.0, 0.0), (2, STEP, 0.0), (3, STEP, STEP), (4, -STEP, 0.0)]
    roads = network(tmp_path, nodes, [([4, 1], SECONDARY), ([1, 2, 3, 1], {**SECONDARY, "oneway": "yes"})])
    (reach,) = isochrones(
        roads, points(a=(0.5 * STEP, 0.0)), ["a"], minutes=[0.25], access_cap_m=50, access_speed_kph=4, beside_m=20
    )
    # a quarter of a minute are 208.3 m forward, to the east; nothing to the west but the 20 m beside
    west, _, east, _ = reach.bounds
    assert (0.5 * STEP - west) / STEP * STEP_M == pytest.approx(20, abs=3)
    assert (east - 0.5 * STEP) / STEP * STEP_M == pytest.approx(228.3, abs=3)


def test_one_to_all_gives_every_junction(tmp_path: Path) -> None:
    roads = network(tmp_path, [(i, i * STEP, 0.0) for i in range(4)], [([0, 1], SECONDARY), ([1, 2, 3], SECONDARY)])
    times = one_to_all(roads, points(a=(0.0, 0.0)), "a", access_cap_m=50, access_speed_kph=4)
    by_place = dict(zip((roads.edges.junctions[:, 0] / STEP).round().tolist(), times.tolist(), strict=True))
    assert by_place == pytest.approx({0: 0.0, 1: STEP_S, 3: 3 * STEP_S}, abs=0.01)


def test_reach_of_a_point_off_the_roads_and_of_no_minutes_is_refused(tmp_path: Path) -> None:
    roads = network(tmp_path, [(1, 0.0, 0.0), (2, STEP, 0.0)], [([1, 2], SECONDARY)])
    with pytest.raises(BadDataError, match="far"):
        isochrones(roads, points(far=(0.0, 1.0)), ["far"], minutes=[5], access_cap_m=50, access_speed_kph=4)
    with pytest.raises(ConfigError, match="minutes"):
        isochrones(roads, points(a=(0.0, 0.0)), ["a"], minutes=[5, 0], access_cap_m=50, access_speed_kph=4)


def test_area_too_wide_for_exact_distances_is_refused(tmp_path: Path) -> None:
    # 35 degrees of the equator are 3,896 km; a packed distance holds 3,355 km
    roads = network(tmp_path, [(1, 0.0, 0.0), (2, 35.0, 0.0)], [([1, 2], SECONDARY)])
    with pytest.raises(BadDataError, match="3355 km"):
        roads.travel_matrix(points(a=(0.0, 0.0), b=(35.0, 0.0)), access_cap_m=50, access_speed_kph=4)


def test_access_is_given_apart_and_only_what_is_left_is_driven(tmp_path: Path) -> None:
    # b lies 0.0009 degrees of latitude, 99.52 m, beside a road of three steps; walked at 4 km/h in 89.6 s
    roads = network(tmp_path, [(i, i * STEP, 0.0) for i in range(4)], [([0, 1, 2, 3], SECONDARY)])
    ends = points(a=(0.0, 0.0), b=(3 * STEP, 0.0009), near=(3 * STEP, 0.0005), off=(0.0, 1.0))
    travel = roads.travel_matrix(ends, access_cap_m=300, access_speed_kph=4)
    assert travel.access is not None
    np.testing.assert_allclose(travel.access.origins_m, [0, 99.52, 55.29, np.inf], atol=0.05)
    np.testing.assert_array_equal(travel.access.destinations_m, travel.access.origins_m)
    there, walk, none = travel.trips([("a", "b"), ("near", "b"), ("a", "off")])
    assert there.driving_s == pytest.approx(3 * STEP_S, abs=0.05)
    assert there.walking_s == pytest.approx(99.52 * WALK_S_PER_M, abs=0.1)
    # 44.23 m from one to the other, on foot
    assert (walk.driving_s, walk.walking_s) == (0.0, pytest.approx(44.23 * WALK_S_PER_M, abs=0.1))
    assert none.driving_s == np.inf


def test_reach_of_several_places_is_what_any_of_them_reaches(tmp_path: Path) -> None:
    roads = network(tmp_path, [(i, i * STEP, 0.0) for i in range(21)], [(list(range(21)), SECONDARY)])
    starts = points(a=(2 * STEP, 0.0), b=(18 * STEP, 0.0))
    settings = {"access_cap_m": 50, "access_speed_kph": 4, "beside_m": 100}
    both = isochrones(roads, starts, ["a", "b"], minutes=[1, 2, 20], **settings)
    one, other = (isochrones(roads, starts, [id_], minutes=[2, 1, 20], **settings) for id_ in "ab")
    # each alone may be asked in any order of minutes
    for k, reach in zip((1, 0, 2), both, strict=True):
        together = shapely.union(one[k], other[k])
        assert reach.symmetric_difference(together).area < 1e-6 * together.area
    assert both[0].geom_type == "MultiPolygon"  # a minute leads 833 m: the two do not meet
    assert both[2].geom_type == "Polygon"
    with pytest.raises(BadDataError, match="ghost: no such point"):
        isochrones(roads, starts, ["ghost"], minutes=[1], **settings)
