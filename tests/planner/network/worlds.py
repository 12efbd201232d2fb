"""Small road worlds written as OpenStreetMap XML, to be worked out by hand."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from planner.network import RoadNetwork, read_network
from planner.travel import Points

Node = tuple[int, float, float]
Road = tuple[list[int], dict[str, str]]
Rule = tuple[str, int, int, int]
STEP = 0.01  # degrees of longitude on the equator: 1113.19 m
STEP_M = 1113.195
SECONDARY = {"highway": "secondary", "surface": "asphalt"}  # 50 km/h for a van: a step takes 80.150 s
STEP_S = 80.150


def write_osm(path: Path, nodes: list[Node], roads: list[Road], rules: list[Rule] | None = None) -> Path:
    """Write nodes, ways numbered from 1, and turn restrictions (kind, from way, via node, to way)."""
    lines = ["<osm version='0.6'>"]
    lines += [f"<node id='{i}' version='1' lon='{lon}' lat='{lat}'/>" for i, lon, lat in nodes]
    for number, (refs, tags) in enumerate(roads, 1):
        inner = "".join(f"<nd ref='{ref}'/>" for ref in refs) + "".join(
            f"<tag k='{key}' v='{value}'/>" for key, value in tags.items()
        )
        lines.append(f"<way id='{number}' version='1'>{inner}</way>")
    for number, (kind, from_way, via, to_way) in enumerate(rules or [], 1):
        lines.append(
            f"<relation id='{number}' version='1'><member type='way' ref='{from_way}' role='from'/>"
            f"<member type='node' ref='{via}' role='via'/><member type='way' ref='{to_way}' role='to'/>"
            f"<tag k='type' v='restriction'/><tag k='restriction' v='{kind}'/></relation>"
        )
    path.write_text("\n".join([*lines, "</osm>"]), encoding="utf-8")
    return path


def network(
    folder: Path,
    nodes: list[Node],
    roads: list[Road],
    season: str = "summer",
    *,
    rules: list[Rule] | None = None,
    turn_costs: bool = False,
) -> RoadNetwork:
    """Return the network of a van in a small world."""
    path = write_osm(folder / "roads.osm", nodes, roads, rules)
    return read_network(path, vehicle="van", season=season, turn_costs=turn_costs)


def points(**places: tuple[float, float]) -> Points:
    """Return points by name."""
    return Points(
        ids=tuple(places),
        lons=np.array([lon for lon, _ in places.values()]),
        lats=np.array([lat for _, lat in places.values()]),
    )
