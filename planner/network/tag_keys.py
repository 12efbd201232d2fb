"""Keys of tags: which are read, which belong to a family that is read and are only counted, which are about something else.

A key that no rule reads is never passed over if it speaks of what rules read: who may pass, how fast, on what ground,
whether the road is there (``access:lanes``, ``surface:middle``, ``abandoned:highway``). Keys of sources, of paths beside
the road and of vehicles that no profile drives are about something else.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from planner.network.access import ACCESS_FORMS, ACCESS_KEYS, DIRECTIONS, OPEN
from planner.network.road_state import LIFECYCLE, PASSABLE, SPANS, STATES, THINGS
from planner.network.road_use import FOOT
from planner.network.speed_tags import LIMITS, ZONE_LIMITS
from planner.network.tag_values import NO, words
from planner.network.turn_rules import MODES

_ONEWAYS = ("oneway", *(f"oneway:{mode}" for mode in MODES))
_LIMITS = (*LIMITS, *(limit.replace("maxspeed", f"maxspeed:{mode}") for mode in MODES for limit in LIMITS))
KEPT_TAGS = frozenset(
    {"highway", "route", "surface", "tracktype", "smoothness", "4wd_only", "junction", "motorroad", "ford", "area"}
    | {"ice_road", "winter_road", "seasonal", "duration", PASSABLE, *SPANS, *LIFECYCLE, *STATES, *ACCESS_FORMS}
    | {f"{key}{form}" for key in _ONEWAYS for form in ("", ":conditional")}
    | {*_LIMITS, *(f"{limit}:conditional" for limit in _LIMITS), *ZONE_LIMITS}
)
"""Tags of ways that are read."""
NODE_TAGS = frozenset(
    {"barrier", "locked", "locked:conditional", "bollard", "ford", PASSABLE}
    | {*THINGS, *LIFECYCLE, *STATES, *ACCESS_FORMS}
)
_SIZES = frozenset({"maxwidth", "maxheight", "maxweight", "maxlength", "maxaxleload", "maxbogieweight"}) | {
    "maxweightrating",
    "maxgcweight",
    "maxspan",
}
_DOUBTS = frozenset(
    {"ruins", "damaged", "broken", "flooded", "flood_prone", "tidal", "intermittent", "obstacle"}
    | {"opening_date", "end_date", "condition", "motorable", "practicability", "passability"}
)
_STATE_WORDS = frozenset({*LIFECYCLE, *STATES, *_DOUBTS, PASSABLE})
_GROUND = frozenset({"maxspeed", "surface", "tracktype", "smoothness", "oneway", "motorroad", "4wd_only", "barrier"})
_MISNAMED = frozenset({"truck", "trucks", "lorry", "car", "motor_car"})
"""What people write for ``hgv`` and ``motorcar``."""
_FAMILIES = frozenset({*ACCESS_KEYS, *_MISNAMED, *_GROUND, *_SIZES, "seasonal", "ford", "ice_road", "winter_road"})
_ROAD_WORDS = frozenset({"highway", "road", "carriageway", *SPANS, *_FAMILIES})
_ABOUT = frozenset(
    {"source", "note", "check_date", "date", "fixme", "description", "was", "old", "name", "ref", "url", "website"}
    | {
        "survey",
        "operator",
        "start_date",
        "colour",
        "color",
        "comment",
        "reason",
        "sign",
        "signed",
        "image",
        "inscription",
    }
    | {"wikidata", "wikipedia", "mapillary", "estimated", "signal", "traffic_sign", "type"}
)
_BESIDE = frozenset(
    {"sidewalk", "cycleway", "footway", "shoulder", "parking", "kerb", "verge", "busway", "crossing", "path", "railway"}
    | {"building", "waterway", "sidepath", "embedded_rails", "tracks"}
)
_OTHERS = frozenset(
    {"bicycle", "bus", "psv", "horse", "ski", "taxi", "hov", "tourist_bus", "coach", "trailer", "caravan", "motorhome"}
    | {"moped", "mofa", "agricultural", "hazmat", "emergency", "disabled", "wheelchair", "inline_skates", "snowmobile"}
    | {
        "atv",
        "ohv",
        "carriage",
        "tram",
        "train",
        "boat",
        "canoe",
        "share_taxi",
        "minibus",
        "bdouble",
        "hgv_articulated",
    }
)
NODE_KEYS = (
    *("barrier", "ford", "highway", PASSABLE, *ACCESS_FORMS, *STATES, *LIFECYCLE),
    *(f"{key}:conditional" for key in LIFECYCLE),
    *sorted(_DOUBTS | _SIZES | _MISNAMED),
)
"""A node without any of these says nothing of who may pass."""
_SAYS_NOTHING = NO | {
    "none",
    "default",
    "unsigned",
    "no_sign",
    "no_indications",
    "below_default",
    "unspecified",
    "good",
}
_RANK = {**dict.fromkeys(MODES, 0), **dict.fromkeys(DIRECTIONS, 1), "conditional": 2}


@cache
def way_key(key: str) -> str:
    """Return the name under which a way's tag is kept, empty for one that says nothing of how the road is driven.

    Examples
    --------
    >>> way_key("maxspeed:forward:goods"), way_key("Surface:middle"), way_key("source:surface")
    ('maxspeed:goods:forward', 'surface:middle', '')
    """
    return _kept(key, KEPT_TAGS)


@cache
def node_key(key: str) -> str:
    """Return the name under which a node's tag is kept, empty for one that says nothing of who may pass."""
    name = _kept(key, NODE_TAGS)
    return (
        "" if name not in NODE_TAGS and not _GROUND.isdisjoint(name.split(":")) else name
    )  # a sign, a crossing's paving


def _kept(key: str, read: frozenset[str]) -> str:
    plain = key.strip().casefold()
    first, *rest = plain.split(":")
    usual = ":".join([first, *sorted(rest, key=lambda part: _RANK.get(part, 0))])
    for name in (plain, usual):
        if name in read:
            return name
    return plain if is_counted(plain) else ""


@cache
def is_counted(key: str) -> bool:
    """Return whether a key that no rule reads speaks of what rules read."""
    parts = key.split(":")
    if not _ABOUT.isdisjoint(parts) or parts[0] in _BESIDE or not _OTHERS.isdisjoint(parts):
        return False
    if len(parts) == 1:
        return key in _FAMILIES or key in _STATE_WORDS
    if not _STATE_WORDS.isdisjoint(parts):
        return not _ROAD_WORDS.isdisjoint(parts) or (parts[0] in _STATE_WORDS and parts[1:] == ["conditional"])
    return not _FAMILIES.isdisjoint(parts) and parts[0] != "barrier"


def is_never_read(key: str) -> bool:
    """Return whether a tag is counted for its key, whatever its value says."""
    return key not in KEPT_TAGS | NODE_TAGS and is_counted(key)


def only_counted(tags: Mapping[str, str], read: frozenset[str], mode: str) -> list[str]:
    """Return the keys of plain tags that say something to a mode's vehicles, and that no rule reads."""
    return [
        key
        for key, value in tags.items()
        if key not in read and is_counted(key) and _concerns(key, mode) and not _is_quiet(key, value)
    ]


@cache
def _concerns(key: str, mode: str) -> bool:
    parts = set(key.split(":"))
    if parts & _STATE_WORDS:
        return True
    users = parts.intersection(ACCESS_KEYS)
    if mode == FOOT:
        return bool(users) and users <= {"access", "foot"}
    return users != {"foot"}


def _is_quiet(key: str, value: str) -> bool:
    said = words(value)
    if not set(key.split(":")).isdisjoint(ACCESS_KEYS):
        return all(word in OPEN or word in ("none", "default") for word in said)
    return all(word in _SAYS_NOTHING for word in said)
