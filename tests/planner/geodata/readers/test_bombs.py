"""Small files that ask for much are refused within two seconds and 200 MB, by the cap that they are beyond."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import shapely

from planner.config import Datum
from planner.errors import BadDataError
from planner.geodata.gazetteer.named_points import read_points
from planner.geodata.readers.osm_settlements import count_ways, made_plain
from planner.geodata.tables import read_table
from planner.model.pbf_order import has_late_nodes
from planner.network.ways_apart import read_ways
from planner.sandbox import apart, cap
from planner.words import LANGUAGES, render, speaking
from tests.planner.geodata.readers import bombs

_SECONDS = 2.0
_GROUND = shapely.box(126.0, 46.9, 126.2, 47.1)
Bombs = dict[str, tuple[bombs.Make, str]]


def spent_s() -> float:
    """Return the processor time of this process and of all children that read, whether they still wait or not."""
    import resource

    ended = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    ticks = 0
    for child in apart._idle:
        ticks += sum(map(int, Path(f"/proc/{child.process.pid}/stat").read_text().rpartition(")")[2].split()[11:13]))
    return sum(one.ru_utime + one.ru_stime for one in ended) + ticks / os.sysconf("SC_CLK_TCK")


def refused(folder: Path, found: Bombs, read: Callable[[Path], object], monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return what is wrong with how files are read: too long, too much memory, or another refusal than theirs."""
    monkeypatch.setenv("PLANNER_MAX_MEMORY_MB", "200")
    for name, value in bombs.LOWERED.items():
        monkeypatch.setenv(f"PLANNER_MAX_{name.upper()}", str(value))
    wrong = []
    for kind, (make, name) in found.items():
        path = make(folder)
        before, said = spent_s(), ""
        try:
            read(path)
        except BadDataError as error:
            said = str(error)
            for language in LANGUAGES:
                with speaking(language):
                    said += " | " + render(error.summary)
        seconds = spent_s() - before
        if seconds > _SECONDS:
            wrong.append(f"{kind}: {seconds:.1f} s")
        if name and said.count(f"PLANNER_MAX_{name.upper()}") != 1 + len(LANGUAGES):
            wrong.append(f"{kind}: not refused for {name}: {said}")
        if name and str(cap(name)) not in said:
            wrong.append(f"{kind}: the cap is not said: {said}")
        if any(word in said for word in ("MEMORY_MB", "_SECONDS", "stopped", "Error:")):
            wrong.append(f"{kind}: {said}")
        for one in folder.iterdir():
            one.unlink() if one.is_file() else None
    return wrong


@pytest.mark.skipif(sys.platform != "linux", reason="memory and time are held to by Linux")
@pytest.mark.parametrize("kind", ["workbooks", "tables", "vectors"])
def test_tables_that_ask_for_much(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str) -> None:
    found: Bombs = getattr(bombs, kind)()
    assert refused(tmp_path, found, lambda path: read_table(path, "villages"), monkeypatch) == []


@pytest.mark.skipif(sys.platform != "linux", reason="memory and time are held to by Linux")
@pytest.mark.parametrize("read", [read_ways, count_ways, made_plain])
def test_maps_that_ask_for_much(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, read: Callable[[Path], object]
) -> None:
    assert refused(tmp_path, bombs.maps(), read, monkeypatch) == []


@pytest.mark.skipif(sys.platform != "linux", reason="memory and time are held to by Linux")
def test_lists_of_places_that_ask_for_much(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def read(path: Path) -> object:
        return read_points(path, datum=Datum.WGS84, boundary=_GROUND, townships=[])

    assert refused(tmp_path, bombs.lists(), read, monkeypatch) == []


def test_numbers_and_blocks_of_maps_end() -> None:
    for content in (bombs.pbf(b"OSMData", b"\xff" * 3_000_000), bombs.inflating(100, 60_000_000)):
        with pytest.raises(ValueError, match="no PBF"):
            has_late_nodes(content)
