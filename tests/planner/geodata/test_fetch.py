"""Roads from a server that answers as Overpass does, on this machine, and cut out of a larger file."""

import datetime
import os
import socket
import threading
from collections.abc import Iterator
from http.server import ThreadingHTTPServer
from pathlib import Path

import numpy as np
import osmium
import pytest
import shapely

from planner.errors import BadDataError, UnknownAreaError
from planner.geodata.fetch import cut_file, fetch_county
from planner.geodata.overpass import DownloadError, Patience
from planner.geodata.register import county_boundary, find_county
from planner.network import read_network
from planner.network.osm import read_ways
from tests.planner.geodata.overpass_server import TROUBLES, WAYS, Overpass

COUNTY = shapely.box(126.05, 46.95, 126.45, 47.05)  # two tiles wide with its margin


@pytest.fixture
def overpass() -> Iterator[tuple[str, type[Overpass]]]:
    own = {"asked": [], "fails_after": 10**9, "breaks_off": frozenset(), "faults": []}
    handler = type("Handler", (Overpass,), own)
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/api", handler
        server.shutdown()
        thread.join()


def test_what_overpass_answers_becomes_a_road_file(overpass, tmp_path: Path) -> None:
    url, _ = overpass
    got = fetch_county(COUNTY, tmp_path, overpass_url=url)
    assert (got.places, got.path) == (2, tmp_path / "roads.osm.pbf")
    ways = read_ways(got.path)
    by_class = {way.tags.get("highway", way.tags.get("route")): way for way in ways}
    assert set(by_class) == {"secondary", "tertiary", "ferry"}
    assert by_class["secondary"].tags["surface"] == "asphalt"
    # ways are whole, as drawn, with OpenStreetMap's numbers, though both tiles hold parts of them
    assert {way.id: way.node_ids for way in ways} == {number: tuple(nodes) for number, (nodes, _) in WAYS.items()}
    assert by_class["tertiary"].tags["oneway"] == "-1"
    network = read_network(got.path, vehicle="van", season="summer")
    assert network.edges.turn_rules == {"followed": 1}
    assert [node for node, _ in ways.barriers.tolist()] == [4]
    places = {
        n.tags["name"]: n.tags["place"]
        for n in osmium.FileProcessor(str(got.path)).with_filter(osmium.filter.KeyFilter("place"))
    }
    assert places == {"新福村": "village", "镇": "town"}


def test_a_download_that_broke_off_goes_on_where_it_stopped(overpass, tmp_path: Path) -> None:
    url, server = overpass
    server.fails_after = 3  # a tile takes two questions
    with pytest.raises(DownloadError, match="stopped after 1 of 2 tiles"):
        fetch_county(COUNTY, tmp_path, overpass_url=url)
    assert not (tmp_path / "roads.osm.pbf").exists()
    first = list(server.asked)
    server.fails_after = 10**9
    server.asked.clear()
    fetch_county(COUNTY, tmp_path, overpass_url=url)
    assert not set(first[:3]) & set(server.asked)
    assert server.asked


def test_an_answer_that_broke_off_is_no_map(overpass, tmp_path: Path) -> None:
    url, server = overpass
    server.breaks_off = frozenset({3})
    with pytest.raises(
        DownloadError, match=r"stopped after 1 of 2 tiles: the server broke off: .*timed out; run it again"
    ):
        fetch_county(COUNTY, tmp_path, overpass_url=url, patience=Patience(tries=1))
    server.breaks_off = frozenset()
    before = len(server.asked)
    assert fetch_county(COUNTY, tmp_path, overpass_url=url).ways == 3
    assert len(server.asked) == before + 2  # the first tile is kept, what broke off is asked again


class Clock:
    """Sleeps in no time; what it was asked to."""

    def __init__(self) -> None:
        self.slept: list[float] = []

    def patience(self, **changes: float) -> Patience:
        return Patience(**{"answer_s": 0.3, "question_s": 0, **changes}, sleep=self.slept.append)


@pytest.mark.parametrize("trouble", TROUBLES)
def test_a_server_in_trouble_is_asked_again_after_a_wait_that_is_said(
    overpass, tmp_path: Path, trouble: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("planner.geodata.overpass._CONNECT_TIMEOUT_S", 0.2)
    url, server = overpass
    server.faults = ["", trouble, trouble]  # the first answer is whole, the second comes at the third try
    clock, told, shown = Clock(), [], []
    got = fetch_county(
        COUNTY,
        tmp_path,
        overpass_url=url,
        patience=clock.patience(),
        notice=told.append,
        progress=lambda step, done, total: shown.append(str(step)),
    )
    assert (got.ways, got.places) == (3, 2)
    assert len(server.asked) == 6
    first_s, second_s = (7, 7) if trouble == "503" else (10, 20)
    assert [message.values["seconds"] for message in told] == [first_s, second_s]
    assert [message.values["number"] for message in told] == [2, 3]
    assert sum(clock.slept) == first_s + second_s
    counts = [int(step.split()[-2]) for step in shown if step.endswith(" s")]
    assert counts == [*range(first_s, 0, -1), *range(second_s, 0, -1)]  # a count-down


@pytest.mark.parametrize(
    ("status", "seconds"),
    [
        (b"Rate limit: 2\nSlot available after: 2026-01-01T00:00:00Z, in 4 seconds.\n", 4),
        (b"Slot available after: x, in 9 seconds.\nSlot available after: x, in 5 seconds.\n", 5),
        (b"Slot available after: x, in -3 seconds.\n", 1),
        (b"Slot available after: x, in 99999 seconds.\n", 180),
        (b"", 10),
        (b"<html>odd</html>", 10),
        (b"\xff\xfe\x00garbled in seconds", 10),
        (b"Connected as: 1\nSlot available after: never\n", 10),
    ],
)
def test_a_busy_server_says_when_it_has_room_or_the_wait_is_our_own(
    overpass, tmp_path: Path, status: bytes, seconds: int
) -> None:
    url, server = overpass
    server.status, server.faults = status, ["429"]
    clock = Clock()
    assert fetch_county(COUNTY, tmp_path, overpass_url=url, patience=clock.patience()).ways == 3
    assert sum(clock.slept) == seconds


@pytest.mark.parametrize("trouble", ["429", "504", "html", "remark", "drop"])
def test_a_server_that_stays_in_trouble_ends_in_one_error_and_the_next_run_goes_on(
    overpass, tmp_path: Path, trouble: str
) -> None:
    url, server = overpass
    server.faults = ["", "", *[trouble] * 4]
    with pytest.raises(DownloadError, match=r"after 1 of 2 tiles: .*, 4 times in a row; run it again .*--pbf"):
        fetch_county(COUNTY, tmp_path, overpass_url=url, patience=Clock().patience(tries=4))
    before = len(server.asked)
    assert before == 6
    assert fetch_county(COUNTY, tmp_path, overpass_url=url).ways == 3
    assert len(server.asked) == before + 2


@pytest.mark.parametrize("refusal", ["400", "403", "404"])
def test_a_server_that_refuses_is_not_asked_again(overpass, tmp_path: Path, refusal: str) -> None:
    url, server = overpass
    server.faults = [refusal]
    with pytest.raises(DownloadError, match=rf"after 0 of 2 tiles: it refuses \(HTTP {refusal}\)"):
        fetch_county(COUNTY, tmp_path, overpass_url=url)
    assert len(server.asked) == 1


def test_an_answer_kept_in_halves_is_asked_again(overpass, tmp_path: Path) -> None:
    url, server = overpass
    fetch_county(COUNTY, tmp_path, overpass_url=url)
    kept = sorted((tmp_path / ".overpass").iterdir())
    for path, content in zip(
        kept, (b"", b'{"elements": [', b"\x00" * 9, b'{"elements": [], "remark": "x"}'), strict=True
    ):
        path.write_bytes(content)
    before = len(server.asked)
    assert fetch_county(COUNTY, tmp_path, overpass_url=url).ways == 3
    assert len(server.asked) == before + 4


def test_what_is_kept_says_its_age_and_is_asked_again_on_demand(overpass, tmp_path: Path) -> None:
    url, server = overpass
    assert fetch_county(COUNTY, tmp_path, overpass_url=url).asked == datetime.date.today()
    old = datetime.datetime(2026, 3, 5, 12).timestamp()
    os.utime(min((tmp_path / ".overpass").iterdir()), (old, old))
    before = len(server.asked)
    assert fetch_county(COUNTY, tmp_path, overpass_url=url).asked == datetime.date(2026, 3, 5)
    assert len(server.asked) == before
    server.fails_after = before + 3
    with pytest.raises(DownloadError, match="stopped after 1 of 2 tiles"):
        fetch_county(COUNTY, tmp_path, overpass_url=url, refresh=True, patience=Patience(tries=1))
    server.fails_after = 10**9
    server.asked.clear()
    assert fetch_county(COUNTY, tmp_path, overpass_url=url).asked == datetime.date.today()
    assert 0 < len(server.asked) < before, "goes on where the refreshing stopped"


def test_text_that_no_file_can_hold_is_left_out_of_the_map(overpass, tmp_path: Path, monkeypatch) -> None:
    tags = {"highway": "secondary", "name": "\ud800x", "note": "很" * 2000, "ref": "a\0b"}
    monkeypatch.setitem(WAYS, 11, ([1, 2, 3], tags))
    got = fetch_county(COUNTY, tmp_path, overpass_url=overpass[0])
    written = {way.id: dict(way.tags) for way in osmium.FileProcessor(str(got.path), osmium.osm.WAY)}
    assert written[11] == {"highway": "secondary", "name": "?x", "ref": "ab"}


# 望奎县, 呼玛县 (the largest), 东宁市 and a district of two parts: their squares hold corners that are not the county's
@pytest.mark.parametrize("code", ["231221", "232721", "231086", "230404"])
def test_a_county_of_the_register_is_fetched_to_its_end(overpass, tmp_path: Path, code: str) -> None:
    boundary = county_boundary(code)
    with pytest.raises(BadDataError, match="no road in this area"):  # every square is asked for, each answer is empty
        fetch_county(boundary, tmp_path, overpass_url=overpass[0])
    asked = [query.split("poly:'")[1].split("'")[0] for query in overpass[1].asked[::2]]
    rings = [np.array(text.split(), dtype=float).reshape(-1, 2)[:, ::-1] for text in asked]
    whole = shapely.union_all([shapely.Polygon(ring) for ring in rings])
    assert shapely.area(shapely.difference(shapely.buffer(boundary, 0.015), shapely.buffer(whole, 1e-5))) == 0.0


def test_without_a_network_the_message_says_what_to_do(tmp_path: Path) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with pytest.raises(DownloadError, match=r"cannot be reached .*--pbf"):
        fetch_county(COUNTY, tmp_path, overpass_url=f"http://127.0.0.1:{port}/api")


def test_an_area_without_roads_says_so(overpass, tmp_path: Path) -> None:
    with pytest.raises(BadDataError, match="no road in this area"):
        fetch_county(shapely.box(10, 10, 10.1, 10.1), tmp_path, overpass_url=overpass[0])


@pytest.mark.slow
def test_a_county_is_cut_out_of_a_larger_file(neubrandenburg_roads: Path, tmp_path: Path) -> None:
    part = shapely.box(13.25, 53.50, 13.30, 53.545)
    got = cut_file(neubrandenburg_roads, part, tmp_path)
    whole, cut = read_ways(neubrandenburg_roads), read_ways(got.path)
    around = shapely.buffer(part, 0.02)
    inside = {
        way.id for way in whole if shapely.contains_xy(around, way.coordinates[:, 0], way.coordinates[:, 1]).any()
    }
    assert {way.id for way in cut} == inside
    assert 0 < len(inside) < len(whole)
    same = {way.id: len(way.node_ids) for way in whole if way.id in inside}
    assert {way.id: len(way.node_ids) for way in cut} == same
    assert got.places > 0
    # every restriction that is about a way inside, and the barriers on the way
    assert {rule.id for rule in cut.restrictions} == {
        rule.id for rule in whole.restrictions if inside & {*rule.from_ways, *rule.via_ways, *rule.to_ways}
    }
    assert 0 < len(cut.restrictions) < len(whole.restrictions)
    on_ways = set(cut.node_ids.tolist())
    assert set(cut.barriers[:, 0].tolist()) & on_ways == set(whole.barriers[:, 0].tolist()) & on_ways != set()


@pytest.mark.parametrize(
    ("content", "message"), [(None, "no such file"), (b"not OSM at all", "cannot be read as OpenStreetMap data")]
)
def test_a_file_that_cannot_be_cut_says_why(tmp_path: Path, content: bytes | None, message: str) -> None:
    source = tmp_path / "province.osm.pbf"
    if content is not None:
        source.write_bytes(content)
    with pytest.raises(BadDataError, match=message):
        cut_file(source, COUNTY, tmp_path / "out")


def test_a_file_of_another_province_says_so(neubrandenburg_roads: Path, tmp_path: Path) -> None:
    with pytest.raises(BadDataError, match="is it the right province"):
        cut_file(neubrandenburg_roads, COUNTY, tmp_path)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("text", ["231221", "望奎县", "望奎"])
def test_a_county_is_found_by_code_and_by_name(text: str) -> None:
    assert find_county(text) == ("231221", "望奎县")


@pytest.mark.parametrize(
    ("text", "message"), [("Atlantis", "no county 'Atlantis'"), ("", "no county"), ("东", "more than one")]
)
def test_a_county_that_is_not_one_is_refused(text: str, message: str) -> None:
    with pytest.raises(UnknownAreaError, match=message):
        find_county(text)
