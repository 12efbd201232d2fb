"""Road files that cannot be used: each says what is wrong and with which file."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from planner.errors import BadDataError
from planner.geodata.osm_places import count_ways, read_places
from planner.model import Unreachable
from planner.network import read_network
from planner.network.osm import read_ways
from planner.words import render, speaking
from tests.planner.network.worlds import SECONDARY, STEP, STEP_M, network, points, write_osm


def test_truncated_pbf(tmp_path: Path, neubrandenburg_roads: Path) -> None:
    path = tmp_path / "cut.osm.pbf"
    path.write_bytes(neubrandenburg_roads.read_bytes()[:-1000])
    with pytest.raises(BadDataError, match=r"cut\.osm\.pbf: cannot be read as OpenStreetMap data"):
        read_network(path, vehicle="van", season="summer")


def test_truncated_xml(tmp_path: Path) -> None:
    path = write_osm(tmp_path / "cut.osm", [(1, 0.0, 0.0), (2, STEP, 0.0)], [([1, 2], SECONDARY)])
    path.write_text(path.read_text(encoding="utf-8")[:-30], encoding="utf-8")
    with pytest.raises(BadDataError, match=r"cut\.osm: cannot be read") as refused:
        read_network(path, vehicle="van", season="summer")
    assert "XML" in str(refused.value)  # what the library says, which it says in English only
    with speaking("zh"):
        assert render(refused.value) == f"{path}：不是可读的 OpenStreetMap 数据，请重新导出为 .osm.pbf"


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("e.osm.pbf", b""),
        ("e.osm", b""),
        ("t.osm.pbf", b"id,lon,lat\n1,2,3\n"),
        ("z.osm.pbf", bytes(5000)),
        ("t.csv", b"a,b"),
    ],
)
def test_not_osm(tmp_path: Path, name: str, content: bytes) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(BadDataError, match=name):
        read_network(path, vehicle="van", season="summer")


def test_roads_that_no_vehicle_may_use(tmp_path: Path) -> None:
    nodes = [(1, 0.0, 0.0), (2, STEP, 0.0)]
    for tags in ({"highway": "steps"}, {"highway": "primary", "access": "private"}):
        with pytest.raises(BadDataError, match=r"\.osm: .*highway and access tags") as refused:
            network(tmp_path, nodes, [([1, 2], tags)])
        with speaking("zh"):
            assert "车辆可通行的道路" in render(refused.value)


def test_files_that_are_cut_anywhere_or_scrambled_say_so(tmp_path: Path, neubrandenburg_roads: Path) -> None:
    whole = neubrandenburg_roads.read_bytes()
    damaged = {
        **{f"cut{share}": whole[: len(whole) * share // 100] for share in (1, 25, 50, 99)},
        "scrambled": whole[:5000] + bytes(5000) + whole[10000:],
        "begun_late": whole[100:],
        "zipped": b"PK\x03\x04" + whole[:1000],
    }
    for name, content in damaged.items():
        path = tmp_path / f"{name}.osm.pbf"
        path.write_bytes(content)
        with pytest.raises(BadDataError, match=rf"{name}\.osm\.pbf: "):
            read_network(path, vehicle="van", season="summer")


def test_places_and_footpaths_alone_are_no_roads_for_a_van(tmp_path: Path) -> None:
    path = write_osm(tmp_path / "paths.osm", [(1, 0.0, 0.0), (2, STEP, 0.0)], [([1, 2], {"highway": "footway"})])
    with pytest.raises(BadDataError, match=r"\.osm: .*highway and access tags"):
        read_network(path, vehicle="van", season="summer")
    read_network(path, vehicle="walking", season="summer")


def test_roads_that_this_vehicle_may_not_use(tmp_path: Path) -> None:
    path = write_osm(tmp_path / "roads.osm", [(1, 0.0, 0.0), (2, STEP, 0.0)], [([1, 2], {"highway": "trunk"})])
    read_network(path, vehicle="van", season="summer")
    with pytest.raises(BadDataError, match=r"roads\.osm: no road that a tricycle may use"):
        read_network(path, vehicle="tricycle", season="summer")


def test_all_roads_in_fragments_leave_the_longest_and_say_so_of_the_rest(tmp_path: Path) -> None:
    nodes = [(i, i * STEP, 0.0) for i in range(1, 8)]
    roads = network(tmp_path, nodes, [([1, 2], SECONDARY), ([4, 5, 6], SECONDARY)])
    travel = roads.travel_matrix(points(a=(STEP, 0.0), b=(5 * STEP, 0.0)), access_cap_m=50, access_speed_kph=4)
    assert travel.unreachable == {"a": Unreachable.FRAGMENT}
    assert np.isinf(travel.durations_s[0, 1])


def test_roads_from_which_nobody_comes_back(tmp_path: Path) -> None:
    with pytest.raises(BadDataError, match=r"roads\.osm: the roads are all in fragments: .* has 0\.0% of their length"):
        network(tmp_path, [(1, 0.0, 0.0), (2, STEP, 0.0)], [([1, 2], {**SECONDARY, "oneway": "yes"})])


def test_roads_that_share_no_nodes(tmp_path: Path) -> None:
    # twelve streets end to end, each with end nodes of its own where the next one begins
    nodes = [(2 * i + side, (i + side) * STEP, 0.0) for i in range(1, 13) for side in (0, 1)]
    with pytest.raises(BadDataError, match=r"roads\.osm: .*all in fragments: .* has 8\.3% .*must share the nodes"):
        network(tmp_path, nodes, [([2 * i, 2 * i + 1], SECONDARY) for i in range(1, 13)])


def test_roads_at_the_antimeridian(tmp_path: Path) -> None:
    nodes = [(1, 179.99, 0.0), (2, -179.99, 0.0)]
    with pytest.raises(BadDataError, match="180th meridian"):
        network(tmp_path, nodes, [([1, 2], SECONDARY)])


def test_no_node_has_a_position(tmp_path: Path) -> None:
    with pytest.raises(BadDataError, match="no nodes with positions"):
        network(tmp_path, [], [([1, 2], SECONDARY)])


def test_missing_nodes_cut_a_way_in_two(tmp_path: Path) -> None:
    nodes = [(i, i * STEP, 0.0) for i in (1, 2, 3, 5, 6)]
    path = write_osm(tmp_path / "roads.osm", nodes, [([1, 2, 3, 4, 5, 6], SECONDARY)])
    assert [way.node_ids for way in read_ways(path)] == [(1, 2, 3), (5, 6)]
    roads = read_network(path, vehicle="van", season="summer")
    travel = roads.travel_matrix(
        points(a=(STEP, 0.0), b=(3 * STEP, 0.0), c=(5 * STEP, 0.0)), access_cap_m=50, access_speed_kph=4
    )
    assert travel.distances_m[0, 1] == pytest.approx(2 * STEP_M, abs=0.2)
    assert travel.unreachable == {"c": Unreachable.FRAGMENT}


def test_node_named_twice_in_a_row_is_one_node(tmp_path: Path) -> None:
    path = write_osm(
        tmp_path / "roads.osm", [(1, 0.0, 0.0), (2, STEP, 0.0)], [([1, 1, 2, 2], SECONDARY), ([2, 2], SECONDARY)]
    )
    assert [way.node_ids for way in read_ways(path)] == [(1, 2)]


@pytest.mark.parametrize("read", [read_places, count_ways, read_ways])
def test_a_road_file_that_is_not_there_or_a_folder_says_so(tmp_path: Path, read: Callable[[Path], object]) -> None:
    with pytest.raises(BadDataError, match=r"roads\.osm\.pbf: no such file"):
        read(tmp_path / "roads.osm.pbf")
    with pytest.raises(BadDataError, match="cannot be opened"):
        read(tmp_path)
