"""A server on loopback that answers as Overpass does, in good days and bad ones."""

import json
import time
from collections.abc import Iterator
from contextlib import suppress
from http.server import BaseHTTPRequestHandler
from urllib.parse import parse_qs

import shapely

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
BODIES = {
    "html": b"<!DOCTYPE html><html><body>Error</body></html>",
    "truncated": b'{"version": 0.6, "elements": [{"type": "way", "id": 1',
    "remark": b'{"version": 0.6, "elements": [], "remark": "runtime error: Query timed out in \\"query\\" at line 3"}',
    "no elements": b'{"version": 0.6}',
    "list": b"[]",
    "empty": b"",
    "deep": b"[" * 100_000,
    "not utf-8": b'{"elements": [], "a": "\xff"}',
    "no number": b'{"elements": [{"type": "node", "lon": 1, "lat": 2}]}',
    "no position": b'{"elements": [{"type": "node", "id": 1}]}',
    "odd kind": b'{"elements": [{"type": "add", "id": 1}]}',
    "far away": b'{"elements": [{"type": "node", "id": 1, "lon": 1e300, "lat": 0}]}',
    "no nodes": b'{"elements": [{"type": "way", "id": 1}]}',
    "no members": b'{"elements": [{"type": "relation", "id": 1}]}',
}
TROUBLES = ["429", "500", "502", "503", "504", "hang", "trickle", "drop", "short", *BODIES]


class Overpass(BaseHTTPRequestHandler):
    asked: list[str]
    fails_after: int
    breaks_off: frozenset[int]
    faults: list[str]
    status: bytes = (
        b"Connected as: 1\nCurrent time: x\nAnnounced endpoint: none\nRate limit: 2\n2 slots available now.\n"
    )
    page = b"<html><body>Service Unavailable</body></html>"

    def do_GET(self) -> None:
        self._answer(self.status)

    def do_POST(self) -> None:
        query = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())["data"][0]
        type(self).asked.append(query)
        if len(self.asked) > self.fails_after:
            self.send_error(400, "no more today")
            return
        if self.faults and self._fail(self.faults.pop(0)):
            return
        numbers = [float(x) for x in query.split("poly:'")[1].split("'")[0].split()]
        tile = shapely.box(min(numbers[1::2]), min(numbers[::2]), max(numbers[1::2]), max(numbers[::2]))
        answer: dict = {"version": 0.6, "elements": list(self._elements(query, tile))}
        if len(self.asked) in self.breaks_off:
            answer = {"version": 0.6, "elements": answer["elements"][:1], "remark": "runtime error: Query timed out"}
        self._answer(json.dumps(answer).encode())

    def _fail(self, how: str) -> bool:
        """Answer as a server in trouble does; an empty text is no trouble."""
        if how.isdigit():
            self.send_response(int(how))
            if how == "503":
                self.send_header("Retry-After", "7")
            self.send_header("Content-Length", str(len(self.page)))
            self.end_headers()
            self.wfile.write(self.page)
        elif how == "hang":
            time.sleep(0.4)
            self._answer(b"{}")
        elif how == "trickle":
            self.send_response(200)
            self.end_headers()
            with suppress(OSError):
                for _ in range(20):
                    self.wfile.write(b" ")
                    time.sleep(0.05)
        elif how == "drop":
            self.close_connection = True
        elif how == "short":  # fewer bytes than announced
            self.send_response(200)
            self.send_header("Content-Length", "1000")
            self.end_headers()
            self.wfile.write(b'{"elements": [')
            self.close_connection = True
        elif how:
            self._answer(BODIES[how])
        return bool(how)

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
