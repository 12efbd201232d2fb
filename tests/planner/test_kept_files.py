"""Whatever happens to a file that is kept between runs, it is used whole or made anew: never half, never with an error."""

from __future__ import annotations

import os
import random
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from planner.geodata.overpass import Overpass
from planner.kernels.cache import KernelFiles
from planner.network import kept, read_network
from planner.seals import sealed, unsealed
from planner.words import catalogues
from tests.planner.network.worlds import SECONDARY, STEP, points, write_osm

CHANGES = int(os.environ.get("KEPT_FILE_CHANGES", "60"))
"""Of each kind of file; thousands by hand."""
ANSWER = b'{"elements": [{"type": "node", "id": 1, "lon": 126.1, "lat": 47.0, "tags": {"place": "village"}}]}'
Read = Callable[[], object]


def damaged(content: bytes, rng: random.Random) -> bytes:
    """Change, cut, drop or insert bytes, more often where archives have their headers."""
    changed = bytearray(content)
    where = rng.choice((rng.randrange(len(content)), rng.randrange(min(200, len(content))), -rng.randrange(1, 200)))
    where %= len(content)
    match rng.randrange(5):
        case 0:
            changed[where] ^= 1 << rng.randrange(8)
        case 1:
            changed[where : where + 4] = rng.choice((b"\xff" * 4, b"\0" * 4, b"\x7f\xff\xff\xff"))
        case 2:
            del changed[where:]
        case 3:
            del changed[where : where + rng.randrange(1, 64)]
        case _:
            changed[where:where] = rng.randbytes(rng.randrange(1, 64))
    return bytes(changed)


def roads(folder: Path) -> tuple[Path, Read, Read]:
    source = write_osm(folder / "r.osm", [(1, 0.0, 0.0), (2, STEP, 0.0), (3, STEP, STEP)], [([1, 2, 3], SECONDARY)])

    def times() -> object:
        network = read_network(source, vehicle="van", season="summer", cache=folder / "kept")
        return network.digest, network.edges.kinds, network.roads.topology.rank.tolist()

    expected = times()
    file = next((folder / "kept").glob("*.roads.npz"))
    return file, times, lambda: expected


def matrix(folder: Path) -> tuple[Path, Read, Read]:
    source = write_osm(folder / "r.osm", [(1, 0.0, 0.0), (2, STEP, 0.0), (3, STEP, STEP)], [([1, 2, 3], SECONDARY)])
    ends = points(a=(0.0, 0.0), b=(STEP, STEP), far=(9.0, 9.0))
    made = read_network(source, vehicle="van", season="summer").travel_matrix(ends, access_cap_m=50, access_speed_kph=4)
    file = folder / "0.matrix.npz"
    kept.keep_matrix(file, made, "0")

    def read() -> object:
        travel = kept.kept_or_made(folder, "0", lambda: made)
        return (travel.durations_s.tolist(), travel.unreachable, travel.origin_ids)

    expected = (made.durations_s.tolist(), made.unreachable, made.origin_ids)
    return file, read, lambda: expected


def kernel(folder: Path) -> tuple[Path, Read, Read]:
    class Here(KernelFiles):
        def _path(self, key: object) -> Path:
            return folder / "a.kernel"

    files = Here("room.fare")
    files.save("key", ("code", 1))

    def read() -> object:
        found = files.load("key")
        if found is None:
            files.save("key", ("code", 1))
        return found or ("code", 1)

    return folder / "a.kernel", read, lambda: ("code", 1)


def words(folder: Path) -> tuple[Path, Read, Read]:
    def read() -> object:
        catalogues.catalogue.cache_clear()
        found = catalogues.catalogue("zh", "messages")
        return sorted(str(entry) for entry in found._catalog.items() if entry[0])  # type: ignore[attr-defined]

    expected = read()
    place = catalogues.compiled_place("zh", "messages")
    assert place is not None
    return place, read, lambda: expected


def answer(folder: Path) -> tuple[Path, Read, Read]:
    server = Overpass(url="http://127.0.0.1:9", answers=folder / "answers", user_agent="test")

    def read() -> object:
        return server.ask("question", 0, 1)

    expected = read()
    return next((folder / "answers").iterdir()), read, lambda: expected


@pytest.fixture
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setenv("PLANNER_CACHE", str(tmp_path))
    monkeypatch.setattr(Overpass, "_post", lambda _, query: ANSWER)
    yield tmp_path
    catalogues.catalogue.cache_clear()


@pytest.mark.parametrize("kind", [roads, matrix, kernel, words, answer])
def test_a_damaged_file_is_made_anew(own_cache: Path, kind: Callable[[Path], tuple[Path, Read, Read]]) -> None:
    file, read, expected = kind(own_cache)
    whole = file.read_bytes()
    rng = random.Random(15)
    for _ in range(CHANGES):
        file.write_bytes(damaged(whole, rng))
        assert read() == expected()
        assert file.is_file()


@pytest.mark.parametrize("kind", [roads, matrix, kernel, words])
def test_a_folder_in_the_place_of_a_kept_file_is_done_without(
    own_cache: Path, kind: Callable[[Path], tuple[Path, Read, Read]]
) -> None:
    file, read, expected = kind(own_cache)
    file.unlink()
    file.mkdir()
    assert read() == expected()


def test_a_seal_knows_every_change() -> None:
    content, rng = "新福村".encode() * 40, random.Random(15)
    assert unsealed(sealed(content)) == content
    for _ in range(CHANGES * 20):
        changed = damaged(sealed(content), rng)
        assert changed == sealed(content) or unsealed(changed) is None
    assert unsealed(b"") is None
