"""What is kept between runs: used when it fits, noticed and made anew when it does not."""

import os
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from planner.model import TravelMatrix
from planner.network import RoadNetwork, kept, read, read_network
from tests.planner.network.worlds import SECONDARY, STEP, points, write_osm

ENDS = points(a=(0.0, 0.0), b=(2 * STEP, 0.0), far=(9.0, 9.0))
NODES = [(1, 0.0, 0.0), (2, STEP, 0.0), (3, 2 * STEP, 0.0), (4, STEP, STEP)]
ROADS = [([1, 2, 3], SECONDARY), ([2, 4], SECONDARY)]


def matrix(roads: RoadNetwork, cache: Path | None = None) -> TravelMatrix:
    return roads.travel_matrix(ENDS, access_cap_m=50, access_speed_kph=4, cache=cache)


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """Every file that is read as OpenStreetMap data, in order."""
    seen: list[Path] = []
    real = read.read_ways
    monkeypatch.setattr(read, "read_ways", lambda path: (seen.append(path), real(path))[1])
    return seen


def test_kept_roads_are_used_and_answer_the_same(tmp_path: Path, reads: list[Path]) -> None:
    path = write_osm(tmp_path / "roads.osm", NODES, ROADS, [("no_left_turn", 1, 2, 2)])
    first = read_network(path, vehicle="van", season="summer", cache=tmp_path / "kept")
    again = read_network(path, vehicle="van", season="summer", cache=tmp_path / "kept")
    assert reads == [path]
    np.testing.assert_array_equal(matrix(again).durations_s, matrix(first).durations_s)
    assert list(again.edges.banned) == list(first.edges.banned) != []
    assert again.edges.turn_rules == first.edges.turn_rules == {"followed": 1}
    assert again.edges.kinds == first.edges.kinds
    assert again.digest == first.digest
    assert [file.suffix for file in (tmp_path / "kept").iterdir()] == [".npz"]


def cut_short(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-200])


def flip_a_bit(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(bytes(content))


def empty(path: Path) -> None:
    path.write_bytes(b"")


def move_a_number(path: Path) -> None:
    """A sound archive whose arrays are not those that were kept."""
    with np.load(path) as kept:
        arrays = dict(kept)
    arrays["length_m"] = arrays["length_m"] + 1
    np.savez(path, **arrays)


def from_another_file(path: Path) -> None:
    """Sound, but made from something else: as if renamed by hand."""
    with np.load(path) as kept:
        arrays = dict(kept)
    arrays["about"] = np.array(str(arrays["about"]).replace("from ", "from 0"))
    np.savez(path, **arrays)


@pytest.mark.parametrize("damage", [cut_short, flip_a_bit, empty, move_a_number, from_another_file])
def test_damaged_roads_are_read_anew(tmp_path: Path, reads: list[Path], damage: Callable[[Path], None]) -> None:
    path = write_osm(tmp_path / "roads.osm", NODES, ROADS)
    before = matrix(read_network(path, vehicle="van", season="summer", cache=tmp_path / "kept"))
    (kept,) = (tmp_path / "kept").iterdir()
    damage(kept)
    after = matrix(read_network(path, vehicle="van", season="summer", cache=tmp_path / "kept"))
    assert reads == [path, path]
    np.testing.assert_array_equal(after.durations_s, before.durations_s)
    read_network(path, vehicle="van", season="summer", cache=tmp_path / "kept")
    assert len(reads) == 2  # what was damaged has been written again


def test_changed_file_is_read_anew(tmp_path: Path, reads: list[Path]) -> None:
    path = write_osm(tmp_path / "roads.osm", NODES, ROADS)
    before = matrix(read_network(path, vehicle="van", season="summer", cache=tmp_path / "kept"))
    write_osm(path, NODES, [([1, 2, 3], {**SECONDARY, "maxspeed": "25"}), ROADS[1]])
    after = matrix(read_network(path, vehicle="van", season="summer", cache=tmp_path / "kept"))
    assert len(reads) == 2
    assert after.durations_s[0, 1] == pytest.approx(2 * before.durations_s[0, 1], abs=0.01)


def test_turn_costs_and_their_absence_are_kept_apart(tmp_path: Path, reads: list[Path]) -> None:
    path = write_osm(tmp_path / "roads.osm", NODES, ROADS)
    for turn_costs in (False, True, True):
        roads = read_network(path, vehicle="van", season="summer", turn_costs=turn_costs, cache=tmp_path / "kept")
        assert roads.roads.turn_costs is turn_costs
    assert len(reads) == 2


def test_kept_matrix_is_used_until_season_points_or_settings_change(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from planner.network import matrix as module

    worked_out = []
    real = module.dense
    monkeypatch.setattr(module, "dense", lambda *a, **k: (worked_out.append(1), real(*a, **k))[1])
    path = write_osm(tmp_path / "roads.osm", NODES, ROADS)
    roads = read_network(path, vehicle="van", season="summer")
    first, again = matrix(roads, tmp_path / "kept"), matrix(roads, tmp_path / "kept")
    assert len(worked_out) == 1
    np.testing.assert_array_equal(again.durations_s, first.durations_s)
    np.testing.assert_array_equal(again.distances_m, first.distances_m)
    assert again.unreachable == first.unreachable
    assert again.origin_ids == first.origin_ids
    winter = matrix(roads.under(vehicle="van", season="winter"), tmp_path / "kept")
    assert len(worked_out) == 2
    assert winter.durations_s[0, 1] > first.durations_s[0, 1]
    roads.travel_matrix(ENDS, access_cap_m=60, access_speed_kph=4, cache=tmp_path / "kept")
    roads.travel_matrix(points(a=(0.0, 0.0)), access_cap_m=50, access_speed_kph=4, cache=tmp_path / "kept")
    assert len(worked_out) == 4
    for file in (tmp_path / "kept").iterdir():
        cut_short(file)
    np.testing.assert_array_equal(matrix(roads, tmp_path / "kept").durations_s, first.durations_s)
    assert len(worked_out) == 5


def test_what_was_not_used_for_longest_makes_room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    arrays = {"values": np.zeros(1000)}  # 8,000 bytes and some hundred around them
    monkeypatch.setattr(kept, "LARGEST_BYTES", 20_000)
    for age, name in ((3, "a"), (2, "b")):
        kept.save(tmp_path / f"{name}.npz", arrays, name)
        os.utime(tmp_path / f"{name}.npz", (1000 - age, 1000 - age))
    assert kept.load(tmp_path / "a.npz", "a") is not None  # used again: now b is the one of longest ago
    kept.save(tmp_path / "c.npz", arrays, "c")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.npz", "c.npz"]
