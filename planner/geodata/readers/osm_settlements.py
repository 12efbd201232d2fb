"""Settlements and counts of an OpenStreetMap file, read in the child."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path
from typing import Any

from planner.geodata import osm_places
from planner.geodata.osm_places import OsmPlace
from planner.model.osm_apart import map_apart

_HERE = "planner.geodata.readers.osm_settlements:"


def read_places(path: Path) -> tuple[list[OsmPlace], list[str]]:
    """Return what `planner.geodata.osm_places.read_places` returns, which does the work in the child.

    Raises
    ------
    BadDataError
        If the file cannot be read as OpenStreetMap data, or reading it takes more than a cap allows.
    """
    places, unnamed = map_apart(f"{_HERE}plain_places", path)
    return [OsmPlace(**place) for place in places], unnamed


def count_ways(path: Path) -> int:
    """Return how many ways of an OpenStreetMap file are roads or ferries.

    Raises
    ------
    BadDataError
        If the file cannot be read as OpenStreetMap data, or reading it takes more than a cap allows.
    """
    return int(map_apart(f"{_HERE}plain_count", path))


def municipalities(path: Path) -> frozenset[str]:
    """Return the names of the municipalities that the file mentions.

    Raises
    ------
    BadDataError
        If the file cannot be read as OpenStreetMap data, or reading it takes more than a cap allows.
    """
    return frozenset(map_apart(f"{_HERE}plain_municipalities", path))


def plain_places(copy: str) -> tuple[list[dict[str, Any]], list[str]]:
    """Return the fields of each place, and the ids of those without a name: what the child runs."""
    places, unnamed = osm_places.read_places(Path(copy))
    return [{field.name: getattr(place, field.name) for field in fields(place)} for place in places], unnamed


def plain_count(copy: str) -> int:
    """Return the count: what the child runs."""
    return osm_places.count_ways(Path(copy))


def plain_municipalities(copy: str) -> list[str]:
    """Return the names in order: what the child runs."""
    return sorted(osm_places.municipalities(Path(copy)))
