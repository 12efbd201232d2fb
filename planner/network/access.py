"""What tags say of who may pass: access, directions, barriers, and the conditions that hold for part of the year.

The most particular tag decides, as OpenStreetMap's access hierarchy has it; among tags of one vehicle that of a direction
(``motor_vehicle:forward``) goes before the plain one, and a condition that holds before both. What is not on the list of
values that let in keeps out. What is not told apart: ``destination``, ``delivery`` and ``customers`` are open, for whoever
plans deliveries has business there, though nobody may pass *through*; limits of weight and height.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from planner.network.conditions import clauses, holds, is_followed
from planner.network.tag_values import NO, is_yes, words

ACCESS_KEYS = ("access", "vehicle", "motor_vehicle", "motorcar", "goods", "hgv", "motorcycle", "foot")
DIRECTIONS = ("forward", "backward")
ACCESS_FORMS = tuple(
    f"{key}{direction}{condition}"
    for key in ACCESS_KEYS
    for direction in ("", *(f":{name}" for name in DIRECTIONS))
    for condition in ("", ":conditional")
)
OPEN = frozenset({"yes", "permissive", "designated", "destination", "delivery", "customers", "unknown", "discouraged"})
OPEN_ON_FOOT = OPEN | {"official"}
CLOSED = frozenset(
    {"no", "private", "agricultural", "forestry", "emergency", "military", "official", "permit", "restricted"}
    | {"use_sidepath", "psv", "bus", "taxi", "hov", "dismount"}
)
# Barriers that let a vehicle by unless a tag says otherwise; any other (bollard, block, chain, stile, ...) stops it
OPEN_BARRIERS = frozenset(
    {"no", "entrance", "gate", "lift_gate", "swing_gate", "sliding_gate", "hampshire_gate", "bump_gate", "cattle_grid"}
    | {"toll_booth", "border_control", "checkpoint", "sally_port", "height_restrictor", "kerb", "coupure"}
)
SHUT_BARRIERS = frozenset(
    {"bollard", "block", "chain", "rope", "stile", "cycle_barrier", "motorcycle_barrier", "turnstile", "kissing_gate"}
    | {"full-height_turnstile", "jersey_barrier", "debris", "log", "horse_stile", "bar", "planter", "bus_trap", "yes"}
    | {"sump_buster", "wicket_gate", "wall", "fence", "hedge", "ditch", "guard_rail", "retaining_wall", "city_wall"}
    | {"wire_fence", "spikes", "tank_trap", "barrier_board", "delineators", "rock", "boulder", "cable_barrier"}
)
SEASONAL = frozenset({"spring", "summer", "autumn", "winter", "wet_season", "dry_season"})
ONE_WAY, AGAINST, BOTH_WAYS = frozenset({"yes", "1", "true"}), frozenset({"-1", "reverse"}), NO | {"alternating"}


class Weather(NamedTuple):
    """What conditions are held against: the months of a season, and the words of its weather."""

    months: tuple[int, ...] = ()
    words: frozenset[str] = frozenset()


ANY_WEATHER = Weather(months=tuple(range(1, 13)))
"""What holds in it holds always."""


def lets_in(value: str, keys: Sequence[str]) -> bool:
    """Return whether a plain access value, a list perhaps, lets in: if all its words are on the list of those that do."""
    allowed = OPEN_ON_FOOT if "foot" in keys else OPEN
    return all(word in allowed for word in words(value))


def may_enter(tags: Mapping[str, str], keys: Sequence[str], weather: Weather) -> tuple[bool, bool]:
    """Return whether one may go in along a way with these plain tags and back, as far as access tags say.

    The first of ``keys`` that is there decides, in any of its forms; without any it is open to all.

    Examples
    --------
    >>> may_enter({"access:conditional": "no @ (nov 1-apr 15)"}, ["access"], Weather((12, 1, 2, 3)))
    (False, False)
    >>> may_enter({"vehicle": "no", "motor_vehicle:forward": "yes"}, ["motor_vehicle", "vehicle"], ANY_WEATHER)
    (True, False)
    """
    if not any(key.split(":")[0] in keys for key in tags):
        return True, True
    along, back = (_verdict(tags, keys, direction, weather) for direction in DIRECTIONS)
    return along, back


def _verdict(tags: Mapping[str, str], keys: Sequence[str], direction: str, weather: Weather) -> bool:
    for key in keys:
        for form in (f"{key}:{direction}", key):
            value = in_force(tags, form, weather)
            if value is not None:
                return lets_in(value, keys)
    return True


def in_force(tags: Mapping[str, str], key: str, weather: Weather) -> str | None:
    """Return the value of a tag: that of the last of its conditions that hold, else the plain one, None without either."""
    value = tags.get(key)
    conditional = tags.get(f"{key}:conditional")
    for clause in () if conditional is None else clauses(conditional) or ():
        if holds(clause.condition, weather.months, weather.words):
            value = clause.value
    return value


def is_blocked(tags: Mapping[str, str], keys: Sequence[str], weather: Weather) -> bool:
    """Return whether a node with these plain tags stops who goes by these access tags.

    Who walks gets past everything but what is locked or forbidden. Tags of a pedestrian crossing are about those who cross.
    """
    if tags.get("highway") == "crossing":
        return False
    values = (in_force(tags, key, weather) for key in keys)
    said = next((value for value in values if value is not None), None)
    if said is not None:
        return not lets_in(said, keys)
    barriers = words(tags.get("barrier", "no"))
    if is_yes(in_force(tags, "locked", weather)):
        return any(barrier not in NO for barrier in barriers)
    return (
        "foot" not in keys
        and any(barrier not in OPEN_BARRIERS for barrier in barriers)
        and tags.get("bollard") != "rising"
    )


def directions(tags: Mapping[str, str], modes: Sequence[str], weather: Weather = ANY_WEATHER) -> tuple[bool, bool]:
    """Return whether one may go along the way and back.

    ``oneway:<mode>`` goes before ``oneway``, which does not bind who walks. A ``reversible`` way, one direction at some
    hours and the other at others, is relied on in neither.
    """
    values = [in_force(tags, f"oneway:{mode}", weather) for mode in modes]
    particular = next((value for value in values if value is not None), None)
    if particular is None and "foot" in modes:
        return True, True
    oneway = particular if particular is not None else in_force(tags, "oneway", weather) or ""
    if oneway in AGAINST:
        return False, True
    if oneway == "reversible":
        return False, False
    implied = tags.get("junction") in ("roundabout", "circular") or tags.get("highway") == "motorway"
    if oneway in ONE_WAY or (implied and oneway not in NO):
        return True, False
    return True, True


def on_ice(tags: Mapping[str, str]) -> bool:
    """Return whether a way is there in winter only: over a frozen river or bog."""
    return (
        is_yes(tags.get("ice_road"))
        or is_yes(tags.get("winter_road"))
        or set(words(tags.get("seasonal", ""))) == {"winter"}
    )


def out_of_season(tags: Mapping[str, str], names: Sequence[str]) -> bool:
    """Return whether ``seasonal`` names none of a season's names; a value that is not known counts as ``yes``."""
    said = {word if word in SEASONAL else "yes" for word in words(tags.get("seasonal", "")) if word not in NO}
    return bool(said) and said.isdisjoint(names)


def odd_access(tags: Mapping[str, str], keys: Sequence[str]) -> list[str]:
    """Return the access tags, of those that ``keys`` name, whose values or conditions are not understood.

    A list that both lets in and keeps out is one of them: it is taken as closed.
    """
    odd = []
    for form in (form for form in tags if form in ACCESS_FORMS and form.split(":")[0] in keys):
        if form.endswith(":conditional"):
            parts = clauses(tags[form])
            if parts is None or not all(is_followed(part.condition) and _is_known(part.value, keys) for part in parts):
                odd.append(form)
        elif not _is_known(tags[form], keys):
            odd.append(form)
    return odd


def _is_known(value: str, keys: Sequence[str]) -> bool:
    found = set(words(value))
    allowed = OPEN_ON_FOOT if "foot" in keys else OPEN
    return found <= allowed or found <= CLOSED - (allowed & CLOSED)
