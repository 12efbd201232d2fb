"""A made-up province: roads of every class between settlements with streets, written as OpenStreetMap data.

Run as ``python -m benchmarks.province OUT.osm.pbf [--settlements 42000] [--seed 1]``. Nothing of it is real. Settlements lie
partly in clusters; the planar Gabriel graph joins them, and county, township and village roads are chosen on it by routing
between places of each rank. Streets are a jittered grid (a perfect one has ties everywhere, as no real town has). Roads
between settlements bend, and field tracks branch off them.
"""

from __future__ import annotations

import argparse
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import osmium
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra
from scipy.spatial import Delaunay, cKDTree

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
VILLAGE, TOWNSHIP, COUNTY, CITY = 0, 1, 2, 3
CLASSES = ("trunk", "primary", "tertiary", "unclassified", "residential", "track")
TRUNK, PRIMARY, TERTIARY, UNCLASSIFIED, RESIDENTIAL, TRACK = range(6)
WIDTH_M, HEIGHT_M, FULL = 860_000.0, 520_000.0, 40_000
CORNER_LON, CORNER_LAT = 121.2, 43.5
METRES_PER_DEGREE = 111_320.0


class Drawing:
    """Nodes and ways as they are drawn."""

    def __init__(self) -> None:
        self.places: list[Floats] = []
        self.nodes = 0
        self.ways: list[tuple[int, Ints]] = []

    def add_nodes(self, xy: Floats) -> Ints:
        """Return the numbers of new nodes at these places."""
        numbers = np.arange(self.nodes, self.nodes + len(xy))
        self.places.append(xy)
        self.nodes += len(xy)
        return numbers

    def xy(self) -> Floats:
        """Return the places of all nodes, shape (nodes, 2), metres."""
        return np.concatenate(self.places)


@dataclass(frozen=True, kw_only=True)
class Settlements:
    """Places with their ranks and the roads that join them: pairs ``ends`` (k, 2) with a class each."""

    xy: Floats
    rank: Ints
    ends: Ints
    road_class: Ints


def settle(count: int, rng: np.random.Generator) -> tuple[Floats, Ints]:
    """Return places and ranks: about one in 44 a township, one in 320 a county seat, one in 2,900 a city."""
    size = np.array([WIDTH_M, HEIGHT_M]) * np.sqrt(count / FULL)
    centres = rng.random((max(count // 60, 1), 2)) * size
    clustered = centres[rng.integers(0, len(centres), count)] + rng.normal(0, 9000, (count, 2))
    xy = np.where(rng.random((count, 1)) < 0.6, clustered, rng.random((count, 2)) * size)
    xy = np.clip(xy, 0, size)
    xy = xy[cKDTree(xy).query(xy, k=2)[0][:, 1] > 350]
    rank = np.zeros(len(xy), dtype=np.int64)
    shuffled = rng.permutation(len(xy))
    for level, share in ((TOWNSHIP, 44), (COUNTY, 320), (CITY, 2900)):
        rank[shuffled[: max(len(xy) // share, 4)]] = level
    return xy, rank


def _neighbours(xy: Floats) -> Ints:
    corners = Delaunay(xy).simplices.astype(np.int64)
    pairs = np.sort(np.vstack([corners[:, [0, 1]], corners[:, [1, 2]], corners[:, [0, 2]]]), axis=1)
    return np.unique(pairs, axis=0)


def join(xy: Floats, rank: Ints, rng: np.random.Generator) -> Settlements:
    """Return the settlements with classed roads: the Gabriel graph, thinned where no through road needs it."""
    ends = _neighbours(xy)
    length = np.linalg.norm(xy[ends[:, 0]] - xy[ends[:, 1]], axis=1)
    clear = cKDTree(xy).query((xy[ends[:, 0]] + xy[ends[:, 1]]) / 2)[0] >= length / 2 * 0.999
    ends, length = ends[clear], length[clear]
    road_class = np.full(len(ends), UNCLASSIFIED)
    for level, better in ((TOWNSHIP, TERTIARY), (COUNTY, PRIMARY), (CITY, TRUNK)):
        _mark(xy, np.flatnonzero(rank >= level), ends, length, road_class, better)
    roads = np.bincount(ends.ravel(), minlength=len(xy))
    kept = np.ones(len(ends), dtype=np.bool_)
    for road in rng.permutation(np.flatnonzero(road_class == UNCLASSIFIED)):
        if rng.random() < 0.45 and (roads[ends[road]] > 2).all():
            kept[road] = False
            roads[ends[road]] -= 1
    return Settlements(xy=xy, rank=rank, ends=ends[kept], road_class=road_class[kept])


def _mark(xy: Floats, seats: Ints, ends: Ints, length: Floats, road_class: Ints, better: int) -> None:
    """Give a class to the roads on the shortest ways between neighbouring seats."""
    count = len(xy)
    key = ends[:, 0] * count + ends[:, 1]
    order = np.argsort(key)
    graph = csr_array((length, (ends[:, 0], ends[:, 1])), shape=(count, count))
    pairs = _neighbours(xy[seats])
    apart = np.linalg.norm(xy[seats[pairs[:, 0]]] - xy[seats[pairs[:, 1]]], axis=1)
    near = apart <= np.quantile(apart, 0.7)
    pairs, apart = pairs[near], apart[near]
    for start in np.unique(pairs[:, 0]):
        mine = pairs[:, 0] == start
        _, before = dijkstra(
            graph, directed=False, indices=seats[start], limit=3 * float(apart[mine].max()), return_predecessors=True
        )
        for place in seats[pairs[mine, 1]].tolist():
            here = place
            while before[here] >= 0:
                a, b = sorted((here, int(before[here])))
                road = order[np.searchsorted(key[order], a * count + b)]
                road_class[road] = min(int(road_class[road]), better)
                here = int(before[here])


def draw_streets(places: Settlements, drawing: Drawing, rng: np.random.Generator) -> list[Ints]:
    """Draw each settlement as a turned, jittered grid with some blocks left open; return the nodes of each."""
    space = cKDTree(places.xy).query(places.xy, k=2)[0][:, 1]
    most = {VILLAGE: (2, 6), TOWNSHIP: (6, 12), COUNTY: (16, 40), CITY: (44, 52)}
    nodes = []
    for xy, rank, room_m in zip(places.xy, places.rank.tolist(), space, strict=True):
        wide = int(rng.integers(*most[rank]))
        high = max(2, int(wide * rng.uniform(0.5, 1.0)))
        step_m = np.clip(room_m * 0.4 / wide, 12.0, 100.0)
        columns, rows = np.meshgrid(np.arange(wide), np.arange(high))
        grid = np.column_stack([columns.ravel() - wide / 2, rows.ravel() - high / 2])
        grid = (grid + rng.normal(0, 0.18, grid.shape)) * step_m
        turn = rng.random() * 0.5
        spun = grid @ np.array([[np.cos(turn), np.sin(turn)], [-np.sin(turn), np.cos(turn)]])
        numbers = drawing.add_nodes(xy + spun)
        nodes.append(numbers)
        _draw_grid(numbers.reshape(high, wide), drawing, rng)
    return nodes


def _draw_grid(grid: Ints, drawing: Drawing, rng: np.random.Generator) -> None:
    for i, row in enumerate(grid):
        drawing.ways.append((UNCLASSIFIED if len(row) > 8 and i % 5 == 0 else RESIDENTIAL, row))
    drawing.ways.append((RESIDENTIAL, grid[:, 0]))
    for column in grid.T[1:]:
        opened = np.flatnonzero(rng.random(len(column) - 1) < 0.4) + 1
        drawing.ways += [(RESIDENTIAL, part) for part in np.split(column, opened) if len(part) > 1]


def draw_roads(places: Settlements, streets: list[Ints], drawing: Drawing, rng: np.random.Generator) -> None:
    """Draw the roads between settlements with bends, and field tracks branching off."""
    xy = drawing.xy()
    for (a, b), road_class in zip(places.ends.tolist(), places.road_class.tolist(), strict=True):
        start, end = _gate(xy, streets[a], places.xy[b]), _gate(xy, streets[b], places.xy[a])
        along = xy[end] - xy[start]
        length = max(float(np.hypot(*along)), 1.0)
        beside = np.array([-along[1], along[0]]) / length
        count = max(1, int(length / 260))
        at = (np.arange(count) + 1) / (count + 1)
        offset = rng.normal(0, 25, count) + np.sin(at * np.pi) * rng.normal(0, length * 0.06)
        bends = xy[start] + at[:, None] * along + offset[:, None] * beside
        inner = drawing.add_nodes(bends)
        drawing.ways.append((road_class, np.array([start, *inner, end])))
        for bend in np.flatnonzero(rng.random(count) < 0.16):
            steps = np.arange(1, int(rng.integers(1, 4)) + 1)
            track = drawing.add_nodes(bends[bend] + beside * 150 * steps[:, None])
            drawing.ways.append((TRACK, np.array([inner[bend], *track])))


def _gate(xy: Floats, nodes: Ints, towards: Floats) -> int:
    return int(nodes[np.argmin(((xy[nodes] - towards) ** 2).sum(axis=1))])


def write(drawing: Drawing, path: Path) -> None:
    """Write nodes and ways, without anything that changes from run to run."""
    path.unlink(missing_ok=True)
    xy = drawing.xy()
    lat = CORNER_LAT + xy[:, 1] / METRES_PER_DEGREE
    lon = CORNER_LON + xy[:, 0] / (METRES_PER_DEGREE * np.cos(np.radians(46.5)))
    writer = osmium.SimpleWriter(str(path))
    try:
        for i, place in enumerate(zip(lon.tolist(), lat.tolist(), strict=True), 1):
            writer.add_node(osmium.osm.mutable.Node(id=i, location=place, version=1))
        for i, (road_class, nodes) in enumerate(drawing.ways, 1):
            tags = {"highway": CLASSES[road_class]}
            writer.add_way(osmium.osm.mutable.Way(id=i, nodes=(nodes + 1).tolist(), tags=tags, version=1))
    finally:
        writer.close()


def generate(settlements: int, seed: int) -> tuple[Settlements, Drawing]:
    """Return a province of about that many settlements, the same for the same seed."""
    rng = np.random.default_rng(seed)
    places = join(*settle(settlements, rng), rng)
    drawing = Drawing()
    streets = draw_streets(places, drawing, rng)
    draw_roads(places, streets, drawing, rng)
    return places, drawing


def main() -> None:
    """Write a province."""
    parser = argparse.ArgumentParser(description="Write a made-up province as OpenStreetMap data.")
    parser.add_argument("out", type=Path)
    parser.add_argument("--settlements", type=int, default=42_000)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    begun = time.process_time()
    _, drawing = generate(given.settlements, given.seed)
    write(drawing, given.out)
    print(
        f"{drawing.nodes} nodes, {len(drawing.ways)} ways, seed {given.seed}, {time.process_time() - begun:.1f} CPU-s"
    )


if __name__ == "__main__":
    main()
