"""Roads from a server that answers as Overpass does, on this machine, and cut out of a larger file."""

import json
import socket
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs

import osmium
import pytest
import shapely

from planner.errors import BadDataError, UnknownAreaError
from planner.geodata.fetch import DownloadError, cut_file, fetch_county
from planner.geodata.register import find_county
from planner.network import read_network
from planner.network.osm import read_ways

# a cross of two roads, one of them one-way against its drawing, a ferry and two settlements
NODES = {
    1: (126.10, 47.00),
    2: (126.12, 47.00),
    3: (126.14, 47.00),
    4: (126.12, 47.02),
    5: (126.12, 46.98),
    6: (126.16, 47.00),
}
WAYS = {
    11: ([1, 2, 3], {"highway": "secondary", "surface": "asphalt"}),
    12: ([4, 2, 5], {"highway": "tertiary", "oneway": "-1"}),
    13: ([3, 6], {"route": "ferry", "motor_vehicle": "yes"}),
}
NODE_TAGS = {4: {"barrier": "gate", "locked": "yes"}}
RELATIONS = {
    31: (
        [("way", 11, "from"), ("node", 2, "via"), ("way", 12, "to")],
        {"type": "restriction", "restriction": "no_left_turn"},
    ),
    32: ([("way", 11, "outer")], {"type": "multipolygon"}),
}
PLACES = {
    21: (126.11, 47.005, {"place": "village", "name": "新福村"}),
    22: (126.13, 47.01, {"place": "town", "name": "镇"}),
}
COUNTY = shapely.box(126.05, 46.95, 126.45, 47.05)  # two tiles wide with its margin


class Overpass(BaseHTTPRequestHandler):
    asked: list[str]
    fails_after: int
    breaks_off: frozenset[int]

    def do_GET(self) -> None:
        self._answer(
            b"Connected as: 1\nCurrent time: x\nAnnounced endpoint: none\nRate limit: 2\n2 slots available now.\n"
        )

    def do_POST(self) -> None:
        query = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())["data"][0]
        type(self).asked.append(query)
        if len(self.asked) > self.fails_after:
            self.send_error(400, "no more today")
            return
        numbers = [float(x) for x in query.split("poly:'")[1].split("'")[0].split()]
        tile = shapely.box(min(numbers[1::2]), min(numbers[::2]), max(numbers[1::2]), max(numbers[::2]))
        answer: dict = {"version": 0.6, "elements": list(self._elements(query, tile))}
        if len(self.asked) in self.breaks_off:
            answer = {"version": 0.6, "elements": answer["elements"][:1], "remark": "runtime error: Query timed out"}
        self._answer(json.dumps(answer).encode())

    def _elements(self, query: str, tile: shapely.Geometry) -> Iterator[dict]:
        """Answer the two questions asked: ways with restrictions on them, or their nodes with settlements."""
        ways = {
            number: way
            for number, way in WAYS.items()
            if any(shapely.contains_xy(tile, *NODES[node]) for node in way[0])
        }
        if "place" in query:
            for n in sorted({node for nodes, _ in ways.values() for node in nodes}):
                yield {"type": "node", "id": n, "lon": NODES[n][0], "lat": NODES[n][1], "tags": NODE_TAGS.get(n, {})}
            for number, (lon, lat, tags) in PLACES.items():
                if shapely.contains_xy(tile, lon, lat):
                    yield {"type": "node", "id": number, "lon": lon, "lat": lat, "tags": tags}
            return
        assert 'way["route"="ferry"]' in query
        assert 'rel(bw)["type"="restriction"]' in query
        for number, (nodes, tags) in ways.items():
            yield {"type": "way", "id": number, "nodes": nodes, "tags": tags}
        for number, (members, tags) in RELATIONS.items():
            if tags["type"] == "restriction" and any(ref in ways for _, ref, _ in members):
                written = [{"type": kind, "ref": ref, "role": role} for kind, ref, role in members]
                yield {"type": "relation", "id": number, "members": written, "tags": tags}

    def _answer(self, body: bytes) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "application/json" if body[:1] == b"{" else "text/plain")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def overpass() -> Iterator[tuple[str, type[Overpass]]]:
    handler = type("Handler", (Overpass,), {"asked": [], "fails_after": 10**9, "breaks_off": frozenset()})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
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
        fetch_county(COUNTY, tmp_path, overpass_url=url)
    server.breaks_off = frozenset()
    before = len(server.asked)
    assert fetch_county(COUNTY, tmp_path, overpass_url=url).ways == 3
    assert len(server.asked) == before + 2  # the first tile is kept, what broke off is asked again


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
