"""Which of the program's own figures a plan falls back on that are only assumed, by what ``profiles.toml`` says of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from planner.config.assumptions import says_assumed
from planner.model import Text
from planner.network.profiles import provenance_of

SPEEDS = "travel_speeds"
DAYS = "season_days"


def assumed_figures(config: Mapping[str, Any]) -> tuple[str, ...]:
    """Return `SPEEDS` and `DAYS` where they are assumed and the configuration has nothing in their place.

    ``config`` is a configuration as JSON types, or the parts of one that a document keeps; without ``travel`` nothing rests
    on speeds. A provenance of ``[travel]`` stands in place of that of the speeds, a calendar of the area's own in place of
    that of the days.
    """
    travel = config.get("travel")
    if travel is None:
        return ()
    found = []
    if travel.get("provenance") is None and any(map(_is_assumed, _tables(config, travel))):
        found.append(SPEEDS)
    if travel.get("season_days") is None and _is_assumed(("calendar",)):
        found.append(DAYS)
    return tuple(found)


def _tables(config: Mapping[str, Any], travel: Mapping[str, Any]) -> list[tuple[str, ...]]:
    """Return the tables of speeds that a configuration uses: of its vehicles, and of the season."""
    fleet = (config.get("routing") or {}).get("vehicles") or ()
    vehicles = (travel.get("vehicle"), *(one.get("profile") for one in fleet))
    seasons = (travel.get("season"), (config.get("coverage") or {}).get("season"))
    return [(kind, name) for kind, names in (("vehicles", vehicles), ("seasons", seasons)) for name in names if name]


def _is_assumed(table: tuple[str, ...]) -> bool:
    return says_assumed(Text(provenance_of(*table)))
