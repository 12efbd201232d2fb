"""What tags say of a road as it lies there: which class it is, whether it is built, under water, and open from its side."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from planner.network.tag_values import NO, is_yes, words

FERRY = "ferry"
# Classes that are known and that no profile uses: they are not counted as not understood
UNUSED_CLASSES = frozenset(
    {"corridor", "construction", "proposed", "planned", "platform", "rest_area", "services", "raceway", "busway"}
    | {"bus_guideway", "escape", "elevator", "abandoned", "razed", "disused", "demolished", "removed", "no", "ladder"}
    | {"via_ferrata", "emergency_bay", "emergency_access_point", "trailhead", "turning_circle", "crossing", "bus_stop"}
    | {"traffic_island", "street_lamp", "historic", "dummy"}
)
LIFECYCLE = (
    "construction",
    "proposed",
    "planned",
    "abandoned",
    "disused",
    "razed",
    "demolished",
    "destroyed",
    "removed",
    "impassable",
)
_STILL_OPEN = {"construction": NO | {"minor", "widening"}}
STATES = ("status", "operational_status")
SHUT_STATES = frozenset(
    {"impassable", "closed", "abandoned", "disused", "proposed", "construction", "under_construction", "out_of_order"}
    | {"damaged", "destroyed"}
)
_FREE_OF_ACCESS = frozenset({"motorway", "motorway_link", "trunk_link"})
_NOT_ON_THE_GROUND = ("bridge", "tunnel")


def classes_of(tags: Mapping[str, str]) -> tuple[str, ...]:
    """Return the classes of a way's plain tags: ``ferry``, or what ``highway`` lists."""
    return (FERRY,) if FERRY in words(tags.get("route", "")) else words(tags.get("highway", ""))


def is_there(tags: Mapping[str, str]) -> bool:
    """Return whether a road is built and can be passed: none of the tags of a road's life says otherwise.

    Small works (``construction=minor``, ``widening``) leave a road open.
    """
    return not any(
        key in tags and any(word not in _STILL_OPEN.get(key, NO) for word in words(tags[key])) for key in LIFECYCLE
    ) and not any(SHUT_STATES.intersection(words(tags.get(key, ""))) for key in STATES)


def odd_state(tags: Mapping[str, str], classes: Collection[str]) -> list[str]:
    """Return the tags of a road's life whose values are neither yes nor no nor a class of road."""
    if not any(key in tags for key in LIFECYCLE):
        return []
    known = {"yes", "1", "true", *NO, *classes, *UNUSED_CLASSES}
    return [
        key
        for key in LIFECYCLE
        if key in tags and not all(word in known or word in _STILL_OPEN.get(key, ()) for word in words(tags[key]))
    ]


def through_water(tags: Mapping[str, str], walks: bool) -> bool:
    """Return whether a way or a place on it leads through water; who walks has stepping stones where they are tagged."""
    value = tags.get("ford")
    return is_yes(value) and not (walks and value == "stepping_stones")


def is_entered_from_beside(tags: Mapping[str, str]) -> bool:
    """Return whether one can come onto a road in its course: not onto motorways, ferries, bridges, tunnels, stairs, ice.

    A passage through a building is at the level of the ground. ``layer`` says what crosses above what, not how high.
    """
    if any(name == FERRY or name in _FREE_OF_ACCESS or name == "steps" for name in classes_of(tags)):
        return False
    if is_yes(tags.get("motorroad")) or is_yes(tags.get("ice_road")):
        return False
    return not any(is_yes(tags.get(key)) and tags[key] != "building_passage" for key in _NOT_ON_THE_GROUND)
