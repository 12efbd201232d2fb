"""What tags say of who may pass: access, directions, barriers, and the conditions that hold for part of the year.

The most particular tag decides, as OpenStreetMap's access hierarchy has it. What is not told apart: ``destination``,
``delivery`` and ``customers`` are open, for whoever plans deliveries has business there, though nobody may pass *through*;
limits of weight and height; access that differs by direction; hours of the day.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

ACCESS_KEYS = ("access", "vehicle", "motor_vehicle", "motorcar", "goods", "hgv", "motorcycle", "foot")
_NO_ENTRY = frozenset(
    {"no", "private", "agricultural", "forestry", "emergency", "military", "official", "permit", "restricted"}
)
_NO_ENTRY_ON_FOOT = frozenset({"no", "private", "emergency", "military", "use_sidepath"})
# Barriers that let a vehicle by unless a tag says otherwise; any other (bollard, block, chain, stile, ...) stops it
_OPEN_BARRIERS = frozenset(
    {"no", "entrance", "gate", "lift_gate", "swing_gate", "hampshire_gate", "bump_gate", "cattle_grid", "toll_booth"}
    | {"border_control", "checkpoint", "sally_port", "height_restrictor", "kerb"}
)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_SPAN = re.compile(r"([a-z]{3})[a-z]*(?: \d+)?\s*-\s*([a-z]{3})[a-z]*(?: \d+)?")
_CLAUSE = re.compile(r"\s*([a-z_]+)\s*@\s*(?:\(([^)]*)\)|([^;(]*))\s*(?:;|$)")
_NAMED = {"winter": frozenset({11, 12, 1, 2, 3, 4}), "summer": frozenset({5, 6, 7, 8, 9, 10})}


def may_enter(tags: Mapping[str, str], keys: Sequence[str]) -> bool:
    """Return whether the first tag among ``keys`` that is there lets in; without any it is open to all."""
    for key in keys:
        if key in tags:
            return tags[key] not in (_NO_ENTRY_ON_FOOT if "foot" in keys else _NO_ENTRY)
    return True


def by_season(
    tags: Mapping[str, str], keys: Sequence[str], months: Sequence[int], weather: Sequence[str]
) -> bool | None:
    """Return whether conditional access tags let in all through these months, None if none of them speaks of them.

    Understood are spans of months (``no @ (Nov-Apr)``), ``winter`` and ``summer``, and the words in ``weather``; hours,
    weights and whatever else is left alone.

    Examples
    --------
    >>> by_season({"access:conditional": "no @ (Nov 1-Apr 15)"}, ["access"], [12, 1, 2, 3], [])
    False
    >>> by_season({"access:conditional": "no @ (Nov 1-Apr 15)"}, ["access"], [6, 7, 8, 9], []) is None
    True
    """
    refused = _NO_ENTRY_ON_FOOT if "foot" in keys else _NO_ENTRY
    verdict: bool | None = None
    for key in keys:
        text = tags.get(f"{key}:conditional", "").lower()
        for value, inside, bare in _CLAUSE.findall(text):
            condition = (inside or bare).strip()
            if condition in weather or set(months) <= _months(condition):
                verdict = value not in refused  # of several that hold the last one decides
        if verdict is not None:
            return verdict
    return None


def _months(condition: str) -> frozenset[int]:
    """Return the months that a condition covers, none if it is not of that kind. A span's rims count as whole months."""
    span = _SPAN.fullmatch(condition)
    if span is None:
        return _NAMED.get(condition, frozenset())
    if span[1] not in _MONTHS or span[2] not in _MONTHS:
        return frozenset()
    first, last = _MONTHS.index(span[1]), _MONTHS.index(span[2])
    return frozenset((first + step) % 12 + 1 for step in range((last - first) % 12 + 1))


def is_blocked(tags: Mapping[str, str], keys: Sequence[str]) -> bool:
    """Return whether a node with these tags stops who goes by these access tags.

    Who walks gets past everything but what is locked or forbidden. Tags of a pedestrian crossing are about those who cross.
    """
    if tags.get("highway") == "crossing":
        return False
    if any(key in tags for key in keys):
        return not may_enter(tags, keys)
    barrier = tags.get("barrier", "no")
    if tags.get("locked") == "yes":
        return barrier != "no"
    return "foot" not in keys and barrier not in _OPEN_BARRIERS and tags.get("bollard") != "rising"


def directions(tags: Mapping[str, str], modes: Sequence[str]) -> tuple[bool, bool]:
    """Return whether one may go along the way and back.

    ``oneway:<mode>`` goes before ``oneway``, which does not bind who walks. A ``reversible`` way, one direction at some
    hours and the other at others, is relied on in neither.
    """
    particular = [tags[f"oneway:{mode}"] for mode in modes if f"oneway:{mode}" in tags]
    if not particular and "foot" in modes:
        return True, True
    oneway = particular[0] if particular else tags.get("oneway", "")
    if oneway in ("-1", "reverse"):
        return False, True
    if oneway == "reversible":
        return False, False
    implied = tags.get("junction") in ("roundabout", "circular") or tags.get("highway") == "motorway"
    if oneway in ("yes", "1", "true") or (implied and oneway != "no"):
        return True, False
    return True, True


def on_ice(tags: Mapping[str, str]) -> bool:
    """Return whether a way is there in winter only: over a frozen river or bog."""
    return tags.get("ice_road") == "yes" or tags.get("winter_road") == "yes" or tags.get("seasonal") == "winter"


def out_of_season(tags: Mapping[str, str], names: Sequence[str]) -> bool:
    """Return whether ``seasonal`` names none of a season's names; a value that is not known counts as ``yes``."""
    value = tags.get("seasonal", "no")
    if value == "no":
        return False
    known = {"spring", "summer", "autumn", "winter", "wet_season", "dry_season"}
    given = {part.strip() if part.strip() in known else "yes" for part in value.split(";")}
    return given.isdisjoint(names)
