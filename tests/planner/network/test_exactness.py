"""The hierarchy against scipy's Dijkstra over arcs and turns: no difference, on real roads and on made-up ones."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from planner.model import Points
from planner.network import RoadNetwork, read_network
from tests.planner.network.reference import no_cost, reference

SHARED = Path(__file__).parents[4] / "shared" / "data" / "osm"
"""Extracts that the project may not hold; tests on them are skipped where they are absent."""
CAP_M = 600.0
KPH = 4.0


def scattered(network: RoadNetwork, count: int, seed: int) -> Points:
    """Places beside random edges, some of them far from any road."""
    rng = np.random.default_rng(seed)
    at = network.edges.coordinates[rng.choice(len(network.edges.coordinates), count)]
    at = at + rng.normal(0, 0.001, at.shape)
    return Points(ids=tuple(map(str, range(count))), lons=at[:, 0], lats=at[:, 1])


def turn_cost(network: RoadNetwork) -> dict[tuple[int, int], float]:
    """What each turn costs, from compass bearings by spherical trigonometry and the figures of ``profiles.toml``."""
    edges = network.edges
    start = np.column_stack([edges.tail, edges.head]).ravel()
    roads = np.bincount(start, minlength=len(edges.junctions))
    costs = {}
    at: dict[int, list[int]] = {}
    for arc, junction in enumerate(start.tolist()):
        at.setdefault(junction, []).append(arc)
    for junction, leaving in at.items():
        for a in leaving:
            for b in leaving:
                if roads[junction] < 3:
                    costs[a ^ 1, b] = 0.0
                elif a == b:
                    costs[a ^ 1, b] = 20.0
                else:
                    back, ahead = _bearing(network, a), _bearing(network, b)
                    right = (ahead - (back + 180) + 540) % 360 - 180
                    costs[a ^ 1, b] = 0.0 if abs(right) <= 30 else 3.0 if right > 0 else 6.0
    return costs


def _bearing(network: RoadNetwork, arc: int) -> float:
    line = network.edges.line(arc // 2)
    (lon, lat), (lon2, lat2) = line[:2] if arc % 2 == 0 else line[:-3:-1]
    return float(np.degrees(np.arctan2((lon2 - lon) * np.cos(np.radians(lat)), lat2 - lat)))


def check(network: RoadNetwork, count: int, rows: int, costs: dict[tuple[int, int], float] | None = None) -> None:
    points = scattered(network, count, seed=5)
    snaps = network.snap(points, access_cap_m=CAP_M)
    chosen = np.flatnonzero(snaps.edge >= 0)[:rows]
    travel = network.travel_matrix(points, access_cap_m=CAP_M, access_speed_kph=KPH)
    ms, dm = reference(network, snaps, chosen, no_cost if costs is None else lambda a, b: costs[a, b])
    access = snaps.access_m[chosen][:, None] + snaps.access_m[None, :]
    seconds, metres = ms / 1000 + access / (KPH / 3.6), dm / 10 + access
    apart = np.linalg.norm(snaps.xy[chosen][:, None] - snaps.xy[None, :], axis=2)
    walked = (apart <= CAP_M) & (apart / (KPH / 3.6) < seconds) & (snaps.edge >= 0)
    seconds, metres = np.where(walked, apart / (KPH / 3.6), seconds), np.where(walked, apart, metres)
    same = np.broadcast_to(apart <= 1.0, seconds.shape) | (chosen[:, None] == np.arange(count)[None, :])
    seconds[same & np.isfinite(seconds)] = metres[same & np.isfinite(metres)] = 0.0
    np.testing.assert_array_equal(np.isfinite(travel.durations_s[chosen]), np.isfinite(seconds))
    np.testing.assert_allclose(travel.durations_s[chosen], seconds, rtol=0, atol=1e-6)
    np.testing.assert_allclose(travel.distances_m[chosen], metres, rtol=0, atol=1e-6)
    assert np.isfinite(seconds).mean() > 0.5


@pytest.mark.parametrize("season", ["summer", pytest.param("heavy_snow", marks=pytest.mark.slow)])
def test_neubrandenburg_equals_dijkstra_with_forbidden_turns(neubrandenburg_roads: Path, season: str) -> None:
    network = read_network(neubrandenburg_roads, vehicle="van", season=season)
    assert len(network.edges.banned) > 0
    check(network, count=400, rows=200)


@pytest.mark.slow
def test_neubrandenburg_equals_dijkstra_with_turn_costs(neubrandenburg_roads: Path) -> None:
    network = read_network(neubrandenburg_roads, vehicle="van", season="summer", turn_costs=True)
    check(network, count=400, rows=200, costs=turn_cost(network))


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "rows"),
    [("roads_liechtenstein_2013", 200), ("roads_liechtenstein_valhalla", 200), ("roads_porto_pt_2015", 20)],
)
def test_other_real_roads_equal_dijkstra(name: str, rows: int) -> None:
    path = SHARED / f"{name}.osm.pbf"
    if not path.is_file():
        pytest.skip(f"{path} is not here")
    check(read_network(path, vehicle="van", season="summer"), count=400, rows=rows)


@pytest.mark.slow
def test_synthetic_roads_equal_dijkstra(tmp_path: Path) -> None:
    from benchmarks.province import generate, write

    write(generate(300, seed=3)[1], tmp_path / "roads.osm.pbf")
    check(read_network(tmp_path / "roads.osm.pbf", vehicle="truck", season="winter"), count=400, rows=200)


@pytest.mark.slow
def test_threads_and_seasons_give_the_same_figures_as_one_thread_and_a_fresh_network(
    neubrandenburg_roads: Path,
) -> None:
    network = read_network(neubrandenburg_roads, vehicle="van", season="winter")
    points = scattered(network, 150, seed=8)
    one = network.travel_matrix(points, access_cap_m=CAP_M, access_speed_kph=KPH)
    two = network.travel_matrix(points, access_cap_m=CAP_M, access_speed_kph=KPH, threads=2)
    summer = read_network(neubrandenburg_roads, vehicle="truck", season="summer")
    switched = summer.under(vehicle="van", season="winter").travel_matrix(
        points, access_cap_m=CAP_M, access_speed_kph=KPH
    )
    for other in (two, switched):
        np.testing.assert_array_equal(other.durations_s, one.durations_s)
        np.testing.assert_array_equal(other.distances_m, one.distances_m)
        assert other.unreachable == one.unreachable


def test_what_is_within_a_limit_is_the_matrix_cut_off(neubrandenburg_roads: Path) -> None:
    network = read_network(neubrandenburg_roads, vehicle="van", season="summer")
    points = scattered(network, 700, seed=9)  # more rows than are worked on at once
    some = Points(ids=points.ids[:90], lons=points.lons[:90], lats=points.lats[:90])
    whole = network.travel_matrix(points, destinations=some, access_cap_m=CAP_M, access_speed_kph=KPH)
    near = network.travel_within(points, destinations=some, limit_s=600, access_cap_m=CAP_M, access_speed_kph=KPH)
    kept = whole.durations_s <= 600
    assert 0.02 < kept.mean() < 0.9
    assert near.durations_s.nnz == kept.sum()
    rows, columns = near.durations_s.tocoo().coords
    np.testing.assert_array_equal(near.durations_s.data, whole.durations_s[rows, columns])
    np.testing.assert_array_equal(near.distances_m.data, whole.distances_m[rows, columns])
