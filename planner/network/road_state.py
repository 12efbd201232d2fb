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
    "collapsed",
    "closed",
    "blocked",
    "washed_out",
    "dismantled",
    "destroyed:bridge",
    "collapsed:bridge",
)
_STILL_OPEN = {"construction": frozenset({"minor", "widening"})}
STATES = ("status", "operational_status", "state", "lifecycle")
_SHUT_STATES = frozenset(
    {"impassable", "closed", "abandoned", "disused", "proposed", "construction", "under_construction", "out_of_order"}
    | {"damaged", "destroyed", "collapsed", "blocked", "washed_out", "dismantled", "demolished", "razed", "removed"}
    | {"planned", "broken", "ruined", "unfinished"}
)
_OPEN_STATES = frozenset(
    {"open", "active", "operational", "in_use", "in_operation", "ok", "yes", "functional", "existing", "built", "good"}
    | {"passable", "complete", "completed", "permanent", "working"}
)
SPANS = ("bridge", "tunnel")
"""What carries a road over or under something; if it has collapsed, the road is not there."""
_KINDS_OF_SPANS = frozenset(
    {
        "yes",
        "1",
        "true",
        *NO,
        "viaduct",
        "aqueduct",
        "boardwalk",
        "cantilever",
        "covered",
        "low_water_crossing",
        "movable",
    }
    | {"trestle", "simple", "suspension", "arch", "beam", "truss", "girder", "swing", "bascule", "pontoon", "floating"}
    | {"culvert", "building_passage", "avalanche_protector", "flooded", "overpass", "footbridge", "log", "log_bridge"}
)
PASSABLE = "passable"
THINGS = ("barrier", "highway", "railway", "traffic_calming", "public_transport", "amenity", "man_made", "power")
"""Keys of things that stand beside or on a road: a node with one of them may speak of that thing, not of the road."""
_OF_THE_ROAD = frozenset({"construction", "impassable", "collapsed", "closed", "blocked", "washed_out", PASSABLE})
_SHUT_GATE = frozenset({"closed", "impassable", "blocked"})
_FREE_OF_ACCESS = frozenset({"motorway", "motorway_link", "trunk_link"})


def classes_of(tags: Mapping[str, str]) -> tuple[str, ...]:
    """Return the classes of a way's plain tags: ``ferry``, or what ``highway`` lists."""
    return (FERRY,) if FERRY in words(tags.get("route", "")) else words(tags.get("highway", ""))


def is_there(tags: Mapping[str, str]) -> bool:
    """Return whether a road is built and can be passed: none of the tags of a road's life says otherwise.

    Small works (``construction=minor``, ``widening``) leave a road open.
    """
    return (
        not any(
            key in tags and not NO.union(_STILL_OPEN.get(key, ())).issuperset(words(tags[key])) for key in LIFECYCLE
        )
        and not any(_SHUT_STATES.intersection(words(tags.get(key, ""))) for key in (*STATES, *SPANS))
        and tags.get(PASSABLE) not in NO
    )


def of_the_road(tags: Mapping[str, str]) -> dict[str, str]:
    """Return what a node's plain tags say of the road's state there.

    A node that is a thing of its own, a gate or a level crossing, may be ``disused`` while the road is not: of that only
    what forbids to pass is about the road. A gate with ``status=closed`` is shut.
    """
    said = {key: value for key, value in tags.items() if key in LIFECYCLE or key in STATES or key == PASSABLE}
    things = {key for key in THINGS if is_yes(tags.get(key)) and tags[key] != "ford"}
    if not things:
        return said
    gate = things == {"barrier"}
    return {
        key: value
        for key, value in said.items()
        if key in _OF_THE_ROAD or (gate and key in STATES and not _SHUT_GATE.isdisjoint(words(value)))
    }


def odd_state(tags: Mapping[str, str], classes: Collection[str]) -> list[str]:
    """Return the tags of a road's life whose values are not understood, in a road's life neither yes nor no nor a class."""
    life = {"yes", "1", "true", *NO, *classes, *UNUSED_CLASSES, *_KINDS_OF_SPANS}
    known = {
        **{key: life.union(_STILL_OPEN.get(key, ())) for key in LIFECYCLE if key in tags},
        **{key: _SHUT_STATES | _OPEN_STATES | NO for key in STATES if key in tags},
        **{key: _SHUT_STATES | _KINDS_OF_SPANS for key in SPANS if key in tags},
    }
    odd = [key for key, values in known.items() if not values >= set(words(tags[key]))]
    return [*odd, PASSABLE] if tags.get(PASSABLE, "yes") not in NO | {"yes", "1", "true"} else odd


def through_water(tags: Mapping[str, str], walks: bool) -> bool:
    """Return whether a way or a place on it leads through water; who walks has stepping stones where they are tagged."""
    value = tags.get("ford", "yes" if "ford" in words(tags.get("highway", "")) else "no")
    return is_yes(value) and not (walks and value == "stepping_stones")


def is_entered_from_beside(tags: Mapping[str, str]) -> bool:
    """Return whether one can come onto a road in its course: not onto motorways, ferries, bridges, tunnels, stairs, ice.

    A passage through a building is at the level of the ground. ``layer`` says what crosses above what, not how high.
    """
    if any(name == FERRY or name in _FREE_OF_ACCESS or name == "steps" for name in classes_of(tags)):
        return False
    if is_yes(tags.get("motorroad")) or is_yes(tags.get("ice_road")):
        return False
    return not any(is_yes(tags.get(key)) and tags[key] != "building_passage" for key in SPANS)
