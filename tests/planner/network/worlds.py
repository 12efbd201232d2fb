"""Small road worlds written as OpenStreetMap XML, to be worked out by hand."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np

from planner.model import Points
from planner.network import RoadNetwork, read_network

Node = tuple[int, float, float]
Road = tuple[list[int], dict[str, str]]
Rule = tuple[str, int, int, int]


class Relation(NamedTuple):
    """A turn-restriction relation: members as (type, number, role), and its tags but ``type``."""

    members: list[tuple[str, int, str]]
    tags: dict[str, str]


STEP = 0.01  # degrees of longitude on the equator: 1113.19 m
STEP_M = 1113.195
SECONDARY = {"highway": "secondary", "surface": "asphalt"}  # 50 km/h for a van: a step takes 80.150 s
STEP_S = 80.150


def write_osm(
    path: Path,
    nodes: list[Node],
    roads: list[Road],
    rules: Sequence[Rule | Relation] = (),
    node_tags: dict[int, dict[str, str]] | None = None,
) -> Path:
    """Write nodes, ways numbered from 1, and turn restrictions, short ones as (kind, from way, via node, to way)."""
    lines = ["<osm version='0.6'>"]
    for i, lon, lat in nodes:
        lines.append(f"<node id='{i}' version='1' lon='{lon}' lat='{lat}'>{_tags((node_tags or {}).get(i, {}))}</node>")
    for number, (refs, tags) in enumerate(roads, 1):
        inner = "".join(f"<nd ref='{ref}'/>" for ref in refs) + _tags(tags)
        lines.append(f"<way id='{number}' version='1'>{inner}</way>")
    for number, rule in enumerate(rules, 1):
        if not isinstance(rule, Relation):
            kind, from_way, via, to_way = rule
            rule = Relation(
                [("way", from_way, "from"), ("node", via, "via"), ("way", to_way, "to")], {"restriction": kind}
            )
        members = "".join(f"<member type='{type_}' ref='{ref}' role='{role}'/>" for type_, ref, role in rule.members)
        lines.append(
            f"<relation id='{number}' version='1'>{members}{_tags({'type': 'restriction', **rule.tags})}</relation>"
        )
    path.write_text("\n".join([*lines, "</osm>"]), encoding="utf-8")
    return path


def _tags(tags: dict[str, str]) -> str:
    return "".join(f"<tag k='{key}' v='{value}'/>" for key, value in tags.items())


def network(
    folder: Path,
    nodes: list[Node],
    roads: list[Road],
    season: str = "summer",
    *,
    rules: Sequence[Rule | Relation] = (),
    node_tags: dict[int, dict[str, str]] | None = None,
    turn_costs: bool = False,
    vehicle: str = "van",
) -> RoadNetwork:
    """Return the network of a vehicle, a van unless said otherwise, in a small world."""
    path = write_osm(folder / "roads.osm", nodes, roads, rules, node_tags)
    return read_network(path, vehicle=vehicle, season=season, turn_costs=turn_costs)


def points(**places: tuple[float, float]) -> Points:
    """Return points by name."""
    return Points(
        ids=tuple(places),
        lons=np.array([lon for lon, _ in places.values()]),
        lats=np.array([lat for _, lat in places.values()]),
    )
