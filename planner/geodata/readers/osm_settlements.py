"""Settlements and counts of an OpenStreetMap file, read in the child."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path
from typing import Any

import osmium

from planner.errors import BadDataError, Message, of_file
from planner.geodata import osm_places
from planner.geodata.osm_places import OsmPlace
from planner.model.osm_apart import map_apart
from planner.model.osm_file import osm_content, osm_form
from planner.model.osm_forms import PlainMap

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


def declared_box(path: Path) -> tuple[float, float, float, float] | None:
    """Return the west, south, east and north that a file says it covers, None if it does not say.

    Raises
    ------
    BadDataError
        If the file cannot be read as OpenStreetMap data, or reading it takes more than a cap allows.
    """
    box: tuple[float, float, float, float] | None = map_apart(f"{_HERE}plain_box", path)
    return box


def made_plain(path: Path) -> PlainMap:
    """Return what was made of a file that is no plain map, without its content; raises as `declared_box`."""
    return PlainMap(b"", *map_apart(f"{_HERE}plain_form", path))


def plain_box(copy: str) -> tuple[float, float, float, float] | None:
    """Return the box: what the child runs."""
    try:
        with osmium.io.Reader(osm_content(Path(copy)), osmium.osm.NOTHING) as reader:
            box = reader.header().box()
    except RuntimeError as error:
        what = Message("cannot be read as OpenStreetMap data: {why}", why=error)
        raise BadDataError(of_file(Path(copy).name, what)) from error
    if not box.valid() or box.size() <= 0:
        return None
    low, high = box.bottom_left, box.top_right
    return low.lon, low.lat, high.lon, high.lat


def plain_form(copy: str) -> list[int]:
    """Return the counts of `planner.model.osm_forms.PlainMap`: what the child runs."""
    return [int(count) for count in osm_form(Path(copy))[1:]]


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
