"""A made-up answer of Overpass, a list of GeoNames and a raster of people, in the real boundary of 望奎."""

from __future__ import annotations

import json
import random
import threading
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs

import numpy as np
import shapely

from planner.geodata.gazetteer.spellings import name_stem
from planner.geodata.register import county_boundary, planned_villages, seats_of, townships_of

COUNTY = "231221"
AWAY_M = 4000.0
_M = 111_320.0


class MadeUpCounty:
    """Where each village and seat is; which villages the map has, and which GeoNames."""

    def __init__(self, seed: int) -> None:
        chance = random.Random(seed)
        boundary = county_boundary(COUNTY)
        inner = shapely.buffer(boundary, -0.02)
        shapely.prepare(inner)
        villages = planned_villages(COUNTY)
        names = {one.code: one.name for one in townships_of(COUNTY)}
        self.villages = {one.code: one.name for one in villages}
        needed = sorted({one.code[:9] for one in villages})
        self.seats = {seat.code: (seat.lon, seat.lat) for seat in seats_of(COUNTY) if seat.code in needed}
        self.towns: dict[str, tuple[str, tuple[float, float]]] = {}
        for code in needed:
            while code not in self.seats:  # of the register's without a seat, the map has the town
                at = self._somewhere(chance, shapely.bounds(inner))
                if shapely.contains_xy(inner, *at) and all(
                    self.metres(at, seat) > 8000 for seat in self.seats.values()
                ):
                    self.seats[code] = at
                    self.towns[code] = (names[code], at)
        self.at: dict[str, tuple[float, float]] = {}
        for code in self.villages:
            lon, lat = self.seats[code[:9]]
            while code not in self.at:
                at = lon + chance.uniform(-1, 1) * AWAY_M / _M / 0.68, lat + chance.uniform(-1, 1) * AWAY_M / _M
                if shapely.contains_xy(inner, *at) and all(self.metres(at, other) > 500 for other in self.at.values()):
                    self.at[code] = at
        order = sorted(self.villages)
        chance.shuffle(order)
        self.on_map, self.in_geonames = set(order[: len(order) * 6 // 10]), set(order[len(order) * 6 // 10 :][:12])

    @staticmethod
    def metres(a: tuple[float, float], b: tuple[float, float]) -> float:
        return float(np.hypot((a[0] - b[0]) * 0.68, a[1] - b[1]) * _M)

    @staticmethod
    def _somewhere(chance: random.Random, bounds: tuple[float, ...]) -> tuple[float, float]:
        west, south, east, north = bounds
        return chance.uniform(west, east), chance.uniform(south, north)

    def elements(self) -> tuple[list[dict], list[dict]]:
        """Return the ways, and the nodes with the places among them: a road to each village, and one through the seats."""
        numbers = {code: number for number, code in enumerate([*self.seats, *self.at], start=1)}
        places = {**self.seats, **self.at}
        nodes = [{"type": "node", "id": n, "lon": places[c][0], "lat": places[c][1]} for c, n in numbers.items()]
        ways = [
            {"type": "way", "id": 1000 + n, "nodes": [numbers[code[:9]], n], "tags": {"highway": "unclassified"}}
            for code, n in numbers.items()
            if code in self.at
        ]
        done = [next(iter(self.seats))]
        for code in sorted(set(self.seats) - set(done)):
            nearest = min(done, key=lambda other: self.metres(self.seats[code], self.seats[other]))
            link = [numbers[code], numbers[nearest]]
            ways.append({"type": "way", "id": 5000 + len(done), "nodes": link, "tags": {"highway": "secondary"}})
            done.append(code)
        for number, code in enumerate(sorted(self.on_map), start=9001):
            lon, lat = self.at[code]
            kind = {"place": "village", "name": name_stem(self.villages[code]) + "村"}
            nodes.append({"type": "node", "id": number, "lon": lon + 0.0005, "lat": lat, "tags": kind})
        for number, (name, (lon, lat)) in enumerate(self.towns.values(), start=9901):
            nodes.append(
                {"type": "node", "id": number, "lon": lon, "lat": lat + 0.0005, "tags": {"place": "town", "name": name}}
            )
        return ways, nodes

    def write_geonames(self, path: Path) -> Path:
        rows = []
        for number, code in enumerate(sorted(self.in_geonames)):
            lon, lat = self.at[code]
            others = f"Village {number},{name_stem(self.villages[code])}屯"
            cells = [
                str(number),
                f"Village {number}",
                "",
                others,
                f"{lat:.5f}",
                f"{lon:.5f}",
                "P",
                "PPL",
                "CN",
                "",
                "08",
            ]
            rows.append("\t".join([*cells, *[""] * 8]))
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("CN.txt", "\n".join(rows))
        return path

    def write_people(self, path: Path, people: int) -> Path:
        """Write a raster of a kilometre in which everybody lives where a village is."""
        import rasterio
        from rasterio.transform import from_origin

        west, south, east, north = shapely.bounds(county_boundary(COUNTY))
        step = 0.01
        cells = np.zeros((int((north - south) / step) + 2, int((east - west) / step) + 2), dtype="float32")
        for lon, lat in self.at.values():
            cells[int((north + step - lat) / step), int((lon - west + step) / step)] += people / len(self.at)
        with rasterio.open(
            path,
            "w",
            driver="GTiff",
            height=cells.shape[0],
            width=cells.shape[1],
            count=1,
            dtype="float32",
            crs="EPSG:4326",
            transform=from_origin(west - step, north + step, step, step),
            nodata=-99999,
        ) as raster:
            raster.write(cells, 1)
        return path


@contextmanager
def served(county: MadeUpCounty) -> Iterator[str]:
    """Answer on this machine as Overpass does, both of its questions with the whole county; yield the address."""
    ways, nodes = county.elements()

    class Answers(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._send(b"Connected as: 1\nRate limit: 2\n2 slots available now.\n", "text/plain")

        def do_POST(self) -> None:
            query = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())["data"][0]
            found = nodes if "place" in query else ways
            self._send(json.dumps({"version": 0.6, "elements": found}).encode(), "application/json")

        def _send(self, body: bytes, kind: str) -> None:
            self.send_response(200)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Answers) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/api"
        finally:
            server.shutdown()
            thread.join()
