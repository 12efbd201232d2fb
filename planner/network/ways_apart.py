"""The ways of an OpenStreetMap file, read in the child and given back as arrays."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path
from typing import Any

from planner.model.osm_apart import map_apart
from planner.network import osm
from planner.network.turn_rules import Restriction


def read_ways(path: Path) -> osm.Ways:
    """Return what `planner.network.osm.read_ways` returns, which does the work in the child, and raises what it raises.

    Raises
    ------
    BadDataError
        If the file is none that can be read, or reading it takes more than a cap allows.
    """
    plain = map_apart("planner.network.ways_apart:plain_ways", path)
    rules = tuple(Restriction(**rule) for rule in plain["restrictions"])
    return osm.Ways(**plain | {"restrictions": rules, "odd_nodes": dict(plain["odd_nodes"])})


def plain_ways(copy: str) -> dict[str, Any]:
    """Return the fields of the ways, and of each of their restrictions: what the child runs."""
    ways = osm.read_ways(Path(copy))
    rules = [_fields(rule) for rule in ways.restrictions]
    return _fields(ways) | {"restrictions": rules, "odd_nodes": list(ways.odd_nodes.items())}


def _fields(of: Any) -> dict[str, Any]:
    return {field.name: getattr(of, field.name) for field in fields(of)}
