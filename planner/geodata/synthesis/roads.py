"""A made-up road network: planar, with county, township and village roads, bends, surfaces, poor tracks and one ferry."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import networkx as nx
import numpy as np
import shapely
from scipy.spatial import Delaunay

from planner.units import FloatArray

BEND = 0.07  # how far a road's middle leaves the straight line, as a part of its length
STEP_M = 400.0
RIVER_M = 650.0
TRUNK_SHARE = 3  # a road that this many villages need to reach their seat is a township road


@dataclass(frozen=True, slots=True, kw_only=True)
class MadeRoad:
    """One road between two places (by number): its class, its other tags, and its line in metres, shape (k, 2)."""

    tail: int
    head: int
    tags: dict[str, str]
    line: FloatArray


@dataclass(kw_only=True)
class _Classes:
    """What each road of the graph is, by its two ends."""

    kind: dict[frozenset[int], str] = field(default_factory=dict)

    def raise_to(self, edges: Sequence[tuple[int, int]], kind: str) -> None:
        order = ["unclassified", "tertiary", "secondary", "primary"]
        for edge in edges:
            key = frozenset(edge)
            if order.index(kind) > order.index(self.kind.get(key, "unclassified")):
                self.kind[key] = kind


def make_roads(
    places: FloatArray, seat_numbers: Sequence[int], seat_of: Sequence[int], ferry_place: int, rng: np.random.Generator
) -> list[MadeRoad]:
    """Return the roads between places (n, 2), of which ``seat_numbers`` are seats; ``seat_of`` gives each place's seat.

    ``ferry_place`` hangs on its nearest neighbour by a ferry alone; about one in fifteen dead ends is a poor track.
    """
    graph = _relative_neighbours(places)
    across = _hang_on(graph, ferry_place, places)
    classes = _classify(graph, places, seat_numbers, seat_of)
    dead_ends = sorted(n for n in graph if graph.degree(n) == 1 and n not in seat_numbers and n != ferry_place)
    poor = {frozenset((n, next(iter(graph[n])))) for n in rng.permutation(dead_ends)[: max(2, len(dead_ends) // 8)]}
    roads = []
    for tail, head in sorted(tuple(sorted(edge)) for edge in graph.edges):
        edge = frozenset((tail, head))
        if edge == frozenset((ferry_place, across)):
            roads += _ferry(places, across, ferry_place)
            continue
        tags = _tags("track" if edge in poor else classes.kind.get(edge, "unclassified"), rng)
        roads.append(MadeRoad(tail=tail, head=head, tags=tags, line=_bent(places[tail], places[head], rng)))
    return _uncrossed(roads, places)


def _relative_neighbours(places: FloatArray) -> nx.Graph[int]:
    """Two places are joined if no third is nearer to both (Toussaint 1980): planar, connected, with few detours."""
    graph: nx.Graph[int] = nx.Graph()
    gaps = np.hypot(*(places[:, None, :] - places[None, :, :]).transpose(2, 0, 1))
    for triangle in Delaunay(places).simplices:
        for a, b in ((0, 1), (1, 2), (0, 2)):
            i, j = int(triangle[a]), int(triangle[b])
            between = np.maximum(gaps[i], gaps[j]) < gaps[i, j] * 0.98
            if not between.any():
                graph.add_edge(i, j, length=float(gaps[i, j]))
    return graph


def _hang_on(graph: nx.Graph[int], place: int, places: FloatArray) -> int:
    """Take away all roads of a place but the shortest whose loss cuts nobody else off; return the other end."""
    keep = min(graph[place], key=lambda other: graph.edges[place, other]["length"])
    others = [other for other in graph[place] if other != keep]
    graph.remove_edges_from([(place, other) for other in others])
    parts = list(nx.connected_components(graph))
    while len(parts) > 1:  # join what the place held together by the shortest link that does not touch it
        first, rest = parts[0] - {place}, set().union(*parts[1:]) - {place}
        gap, i, j = min((float(np.hypot(*(places[i] - places[j]))), i, j) for i in first for j in rest)
        graph.add_edge(i, j, length=gap)
        parts = list(nx.connected_components(graph))
    return keep


def _classify(graph: nx.Graph[int], places: FloatArray, seats: Sequence[int], seat_of: Sequence[int]) -> _Classes:
    classes = _Classes()
    needed: Counter[frozenset[int]] = Counter()
    for place, seat in enumerate(seat_of):
        path = nx.shortest_path(graph, place, seat, weight="length")
        needed.update(frozenset(pair) for pair in pairwise(path))
    classes.raise_to([tuple(sorted(edge)) for edge, n in needed.items() if n >= TRUNK_SHARE], "tertiary")  # type: ignore[misc]
    for a, b in _relative_neighbours(places[list(seats)]).edges:
        path = nx.shortest_path(graph, seats[a], seats[b], weight="length")
        classes.raise_to(list(pairwise(path)), "secondary")
    west, east = min(seats, key=lambda s: places[s][0]), max(seats, key=lambda s: places[s][0])
    for end in (west, east):
        path = nx.shortest_path(graph, seats[0], end, weight="length")
        classes.raise_to(list(pairwise(path)), "primary")
    return classes


def _tags(kind: str, rng: np.random.Generator) -> dict[str, str]:
    """Return class and surface; as in real data, the surface of some roads is not known."""
    if kind == "track":
        return {"highway": "track", "tracktype": "grade4", "surface": "dirt"}
    surfaces = {
        "primary": (["asphalt"], [1.0]),
        "secondary": (["asphalt", "concrete"], [0.8, 0.2]),
        "tertiary": (["concrete", "asphalt", ""], [0.7, 0.2, 0.1]),
        "unclassified": (["concrete", "gravel", "dirt", ""], [0.6, 0.15, 0.05, 0.2]),
    }
    choices, shares = surfaces[kind]
    surface = str(rng.choice(choices, p=shares))
    return {"highway": kind, **({"surface": surface} if surface else {})}


def _bent(start: FloatArray, end: FloatArray, rng: np.random.Generator, bend: float = BEND) -> FloatArray:
    """Return a line between two places that leaves the straight one by halving: each middle moves sideways."""
    line = np.array([start, end])
    while (steps := np.hypot(*np.diff(line, axis=0).T)).max() > STEP_M:
        middles = (line[:-1] + line[1:]) / 2
        sideways = np.diff(line, axis=0)[:, ::-1] * [-1.0, 1.0]
        middles += sideways * rng.normal(0.0, bend, len(steps))[:, None]
        longer = np.empty((2 * len(line) - 1, 2))
        longer[::2], longer[1::2] = line, middles
        line = longer
    return line


def _ferry(places: FloatArray, across: int, place: int) -> list[MadeRoad]:
    """Return road, ferry and road between two places; the landings get the numbers -1 (near) and -2 (far)."""
    start, end = places[across], places[place]
    length = float(np.hypot(*(end - start)))
    far = start + (end - start) * (1 - 1300.0 / length)
    near = far - (end - start) / length * RIVER_M
    village_road = {"highway": "unclassified", "surface": "gravel"}
    return [
        MadeRoad(tail=across, head=-1, tags=village_road, line=np.array([start, near])),
        MadeRoad(tail=-1, head=-2, tags={"route": "ferry"}, line=np.array([near, far])),
        MadeRoad(tail=-2, head=place, tags=village_road, line=np.array([far, end])),
    ]


def _uncrossed(roads: list[MadeRoad], places: FloatArray) -> list[MadeRoad]:
    """Straighten roads until none crosses another (the straight ones do not: they are part of a triangulation)."""
    for _ in range(8):
        lines = [shapely.LineString(road.line) for road in roads]
        left, right = shapely.STRtree(lines).query(lines, predicate="crosses")
        crossing = {int(i) for pair in zip(left, right, strict=True) for i in pair}
        bent = [i for i in sorted(crossing) if len(roads[i].line) > 2]
        if not bent:
            return roads
        for i in bent:
            road = roads[i]
            straight = np.linspace(road.line[0], road.line[-1], len(road.line))
            roads[i] = MadeRoad(tail=road.tail, head=road.head, tags=road.tags, line=(road.line + straight) / 2)
    return roads
