"""A county is cut out of a larger map in the child: as the reader reads it, or refused as the reader refuses it."""

import random
import string
import sys
from pathlib import Path

import osmium
import pytest
import shapely

from planner.errors import BadDataError
from planner.geodata import osm_places
from planner.geodata.fetch import cut_file
from planner.network.osm import read_ways

COUNTY = shapely.box(126.05, 46.95, 126.45, 47.05)
NODE = '<node id="{0}" version="{1}" lon="126.1{0}" lat="47.0"{2}/>'
WAY = '<way id="11" version="{0}"{1}><nd ref="1"/><nd ref="2"/><tag k="highway" v="service"/></way>'


def _osm(*things: str) -> bytes:
    return f"<osm version='0.6'>{''.join(things)}</osm>".encode()


PLAIN = [NODE.format(1, 1, ""), NODE.format(2, 1, ""), WAY.format(1, "")]


def _pbf(path: Path, *parts: bytes) -> None:
    """Write objects in the order given, in PBF."""
    with osmium.SimpleWriter(str(path)) as out:
        for part in parts:
            for thing in osmium.FileProcessor(osmium.io.FileBuffer(part, "osm")):
                out.add(thing)


def test_files_are_cut_as_the_reader_reads_them(tmp_path: Path) -> None:
    drawn = _osm(NODE.format(1, 1, ""), NODE.format(2, 1, ""), WAY.format(1, " action='modify'"))
    (tmp_path / "drawn.osm").write_bytes(drawn.replace(b'"11"', b'"-11"').replace(b'"2"', b'"-2"'))
    (tmp_path / "late.osm").write_bytes(_osm(PLAIN[2], *PLAIN[:2]))
    for name in ("drawn.osm", "late.osm"):
        got = cut_file(tmp_path / name, COUNTY, tmp_path / "out")
        assert (got.ways, len(read_ways(got.path).ids)) == (1, 1)


def test_files_that_hold_no_map_of_one_time_are_not_cut(tmp_path: Path) -> None:
    _pbf(tmp_path / "unsorted.osm.pbf", _osm(PLAIN[2]), _osm(*PLAIN[:2]))
    _pbf(tmp_path / "versions.osm.pbf", _osm(*PLAIN[:2]), _osm(PLAIN[2]), _osm(WAY.format(2, "")))
    (tmp_path / "changes.osc").write_bytes(b"<osmChange version='0.6'><modify/></osmChange>")
    (tmp_path / "history.osh.opl").write_text(
        "n1 v1 dV x126.11 y47\nn2 v1 dV x126.12 y47\nw1 v1 dD\nw1 v2 dV Thighway=service Nn1,n2"
    )
    (tmp_path / "part.osm").write_bytes(_osm(*PLAIN, "<remark>runtime error: out of memory</remark>"))
    for name, what in {
        "unsorted.osm.pbf": "is unsorted or edited",
        "versions.osm.pbf": "several versions of its objects",
        "changes.osc": "is a file of changes",
        "history.osh.opl": "several versions of its objects",
        "part.osm": "only part of an answer",
    }.items():
        with pytest.raises(BadDataError, match=what) as caught:
            cut_file(tmp_path / name, COUNTY, tmp_path / "out")
        assert str(caught.value).count(name) == 1
    assert not (tmp_path / "out").exists()


def test_a_foreign_map_is_never_opened_by_the_program_itself(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place = '<node id="{0}" version="1" lon="126.1{0}" lat="47"><tag k="place" v="{1}"/><tag k="name" v="{1}"/></node>'
    places = (place.format(3, "town"), place.format(4, "village"))
    (tmp_path / "a.osm").write_bytes(_osm(*PLAIN[:2], *places, PLAIN[2]))

    def refused(*_given: object, **_named: object) -> None:
        raise AssertionError("a map was opened here")

    for name in ("FileProcessor", "BackReferenceWriter", "SimpleWriter"):
        monkeypatch.setattr(osmium, name, refused)
    assert cut_file(tmp_path / "a.osm", COUNTY, tmp_path / "out").places == 2
    osm_places.main(tmp_path / "a.osm", tmp_path / "tables")
    assert "n4,village,n3" in (tmp_path / "tables" / "villages.csv").read_text(encoding="utf-8-sig")


@pytest.mark.skipif(sys.platform == "win32", reason="no such bound there")
def test_what_is_cut_may_not_be_endless(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PLANNER_MAX_WRITTEN_MB", "1")
    noise, letters = random.Random(1), string.ascii_letters + string.digits
    names = ["".join(noise.choices(letters, k=250)) for _ in range(10_000)]
    named = [WAY.format(1, "").replace('"11"', f'"{i}"').replace("service", name) for i, name in enumerate(names, 11)]
    (tmp_path / "a.osm").write_bytes(_osm(*PLAIN[:2], *named))
    with pytest.raises(BadDataError, match="PLANNER_MAX_WRITTEN_MB"):
        cut_file(tmp_path / "a.osm", COUNTY, tmp_path / "out")
    assert not (tmp_path / "out").exists()
