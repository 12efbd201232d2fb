"""To and from the graphs that osmnx and networkx users have."""

from __future__ import annotations

from collections.abc import Mapping

import networkx as nx
import numpy as np
import osmnx
import shapely

from planner.errors import BadDataError, Message
from planner.network.edges import cut_ways
from planner.network.osm import Ways
from planner.network.profiles import load_profile
from planner.network.road_network import RoadNetwork
from planner.network.roads import Roads
from planner.network.tag_keys import KEPT_TAGS
from planner.units import FloatArray


def from_osmnx(graph: nx.MultiDiGraph[int], *, vehicle: str, season: str) -> RoadNetwork:
    """Return the network of an osmnx street graph in lon/lat, simplified or not.

    osmnx holds a two-way street as two edges; they become one edge here. It holds no relations and no barriers: turn
    restrictions come with files only.

    Raises
    ------
    BadDataError
        If the graph is projected or empty, or nodes lack ``x`` and ``y``.
    ConfigError
        If the vehicle or season is not known.
    """
    mode = load_profile(vehicle, season).vehicle.mode
    crs = str(graph.graph.get("crs", "")).lower()
    if crs not in ("epsg:4326", "ogc:crs84"):
        found = crs or Message("missing")
        raise BadDataError(
            Message("the graph's crs is {crs}: give it in epsg:4326 (osmnx.projection.project_graph)", crs=found)
        )
    bare = [node for node, data in graph.nodes(data=True) if "x" not in data or "y" not in data]
    if bare or not graph.number_of_edges():
        edges = graph.number_of_edges()
        raise BadDataError(
            Message("the graph has {edges} edges, and nodes without x and y: {bare}", edges=edges, bare=repr(bare[:10]))
        )
    rows: list[tuple[dict[str, str], list[int], FloatArray]] = []
    seen = set()
    for tail, head, key, data in graph.edges(keys=True, data=True):
        osmid = str(data.get("osmid", key))
        two_way = not data.get("oneway", False)
        mark = (frozenset((tail, head)), osmid, round(float(data.get("length", 0.0)), 1))
        if two_way and mark in seen:
            continue
        seen.add(mark)
        rows.append(_way(graph, tail, head, data, number=len(rows)))
    network = RoadNetwork(vehicle=vehicle, season=season, roads=Roads(edges=cut_ways(_flat(rows), mode)))
    network.check()
    return network


def _way(
    graph: nx.MultiDiGraph[int], tail: int, head: int, data: Mapping[str, object], *, number: int
) -> tuple[dict[str, str], list[int], FloatArray]:
    """Return tags, node ids and positions of one edge."""
    tags = {name: _first(data[name]) for name in sorted(KEPT_TAGS) if name in data and not name.startswith("oneway")}
    tags["oneway"] = "yes" if data.get("oneway") else "no"  # an edge of osmnx runs with the traffic already
    ends = [(graph.nodes[node]["x"], graph.nodes[node]["y"]) for node in (tail, head)]
    geometry = data.get("geometry")
    inner = list(geometry.coords)[1:-1] if geometry is not None else []  # type: ignore[attr-defined]
    coordinates = np.array([ends[0], *inner, ends[1]], dtype=np.float64)
    # osmnx numbers nodes from 0 up; inner shape points get numbers below zero that no other edge has
    middle = [-(number * 100_000 + i + 1) for i in range(len(inner))]
    return tags, [int(tail), *middle, int(head)], coordinates


def _flat(rows: list[tuple[dict[str, str], list[int], FloatArray]]) -> Ways:
    number: dict[tuple[tuple[str, str], ...], int] = {}
    kind = [number.setdefault(tuple(tags.items()), len(number)) for tags, _, _ in rows]
    return Ways(
        ids=np.arange(len(rows)),
        kind=np.array(kind, dtype=np.int64),
        kinds=tuple(dict(tags) for tags in number),
        first=np.concatenate([[0], np.cumsum([len(ids) for _, ids, _ in rows])]).astype(np.int64),
        node_ids=np.concatenate([ids for _, ids, _ in rows]).astype(np.int64),
        coordinates=np.concatenate([places for _, _, places in rows]),
    )


def _first(value: object) -> str:
    """Return the first value: of merged edges osmnx lists them all."""
    return str(value[0]) if isinstance(value, list) and value else str(value)


def to_networkx(network: RoadNetwork) -> nx.MultiDiGraph[int]:
    """Return the usable roads as a graph that osmnx and networkx understand.

    Nodes have ``x`` and ``y``; edges have ``length`` in metres, ``travel_time`` in seconds, ``highway``, ``surface``,
    ``oneway`` and their line as ``geometry``.
    """
    graph: nx.MultiDiGraph[int] = nx.MultiDiGraph(crs="epsg:4326", created_with=f"osmnx {osmnx.__version__}")
    edges, use = network.edges, network.use
    for i, (lon, lat) in enumerate(edges.junctions):
        graph.add_node(i, x=float(lon), y=float(lat))
    for i in np.flatnonzero(use.usable).tolist():
        tail, head = int(edges.tail[i]), int(edges.head[i])
        oneway = bool(np.isinf(use.forward_s[i] + use.backward_s[i]))
        line, tags = edges.line(i), edges.kinds[edges.kind[i]]
        for start, end, seconds, points in (
            (tail, head, use.forward_s[i], line),
            (head, tail, use.backward_s[i], line[::-1]),
        ):
            if np.isfinite(seconds):
                graph.add_edge(
                    start,
                    end,
                    osmid=i,
                    length=float(edges.length_m[i]),
                    travel_time=float(seconds),
                    highway=tags.get("highway", "ferry"),
                    surface=tags.get("surface", tags.get("tracktype", "")),
                    oneway=oneway,
                    geometry=shapely.LineString(points),
                )
    return graph
