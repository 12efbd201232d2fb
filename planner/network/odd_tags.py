"""Tags that are not understood: which values of a way or a node are none of those that a vehicle's rules know."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from functools import cache

from planner.model import OddTag
from planner.network.access import (
    ACCESS_FORMS,
    AGAINST,
    BOTH_WAYS,
    ONE_WAY,
    OPEN_BARRIERS,
    SEASONAL,
    SHUT_BARRIERS,
    odd_access,
)
from planner.network.conditions import clauses, is_followed
from planner.network.profiles import modes, road_tables, vehicles_of
from planner.network.road_state import (
    FERRY,
    LIFECYCLE,
    PASSABLE,
    STATES,
    UNUSED_CLASSES,
    classes_of,
    odd_state,
    of_the_road,
)
from planner.network.road_use import FOOT
from planner.network.speed_tags import ZONE_LIMITS, all_known, crossing_s, limit_keys, limit_of, surfaces_of
from planner.network.tag_keys import KEPT_TAGS, NODE_TAGS, only_counted
from planner.network.tag_values import NO, plain_tags

_GOOD = frozenset({"excellent", "good", "intermediate", "impassable"})
_FORDS = frozenset({"yes", "boat", "stepping_stones", "intermittent", "seasonal"}) | NO
_YES_OR_NO = frozenset({"yes", "1", "true"}) | NO
_CLOSING = frozenset({*(form for form in ACCESS_FORMS if ":conditional" not in form), "locked", "4wd_only"})
_SIGNED = NO | {"sign", "markings", "signals", "none", "implicit", "default"}
_ONE_DIRECTION = frozenset(form for form in ACCESS_FORMS if "ward" in form)
_STATE_KEYS = frozenset({*LIFECYCLE, *STATES, PASSABLE})
_LONGEST = 255  # letters of a value that are kept: as many as OpenStreetMap lets a tag have


def odd_keys(tags: Mapping[str, str], mode: str) -> tuple[str, ...]:
    """Return the keys of a way whose values are not understood by the vehicles of a mode; none of a way they never use."""
    tags = plain_tags(tags)
    classes = classes_of(tags)
    unknown = ("highway",) if any(name not in _all_classes() for name in classes) else ()
    if _used_classes(mode).isdisjoint(classes):
        return unknown
    return (
        *unknown,
        *odd_access(tags, _access_keys(mode)),
        *_odd(tags, mode),
        *odd_state(tags, _all_classes()),
        *only_counted(tags, KEPT_TAGS, mode),
    )


def odd_node_keys(tags: Mapping[str, str], mode: str) -> tuple[str, ...]:
    """Return the keys of a place on a road whose values are not understood by the vehicles of a mode."""
    tags = plain_tags(tags)
    if tags.get("highway") == "crossing":
        return ()
    keys, said = _access_keys(mode), of_the_road(tags)
    known = {"barrier": OPEN_BARRIERS | SHUT_BARRIERS, "locked": _YES_OR_NO, "ford": _FORDS}
    return (
        *odd_access(tags, keys),
        *(form for form in tags if form in _ONE_DIRECTION and form.split(":")[0] in keys),
        *(key for key, values in known.items() if key in tags and not all_known(tags[key], values)),
        *odd_state(said, _all_classes()),
        *(key for key in tags if key in _STATE_KEYS and key not in said and tags[key] not in NO),
        *(key for key in tags if key == "locked:conditional" and not _is_followed(tags[key], _YES_OR_NO)),
        *only_counted(tags, NODE_TAGS, mode),
    )


def is_taken_as_closed(key: str, value: str) -> bool:
    """Return whether a tag closes a road, or stops at a place, where its value is not understood."""
    if key in LIFECYCLE:
        return bool(odd_state({key: value}, _all_classes()))
    return key in _CLOSING or (key == "barrier" and not all_known(value, OPEN_BARRIERS | SHUT_BARRIERS))


def _odd(tags: Mapping[str, str], mode: str) -> Iterator[str]:
    """Yield the keys of what all but access says: directions, seasons, and for wheels surface and speed."""
    known = _known(mode)
    if mode != FOOT and not road_tables().surface_factor.keys() >= set(surfaces_of(tags)):
        yield "surface"
    yield from (key for key in tags if key in known and not all_known(tags[key], known[key]))
    yield from (key for key in tags if key in _oneway_keys(mode) and not _is_direction(key, tags[key]))
    if FERRY in classes_of(tags) and "duration" in tags and not crossing_s(tags["duration"]):
        yield "duration"
    if mode != FOOT:
        yield from _odd_limits(tags, mode)


def _odd_limits(tags: Mapping[str, str], mode: str) -> Iterator[str]:
    """Yield the keys of limits without a figure; those of zones only where nothing else says one."""
    known_words, limits = road_tables().limit_words, _limits(mode)
    yield from (key for key in tags if key in limits and not limit_of(tags[key], known_words).understood)
    for key in (f"{limit}:conditional" for limit in limits if f"{limit}:conditional" in tags):
        parts = clauses(tags[key])
        if parts is None or not all(
            is_followed(part.condition) and limit_of(part.value, known_words).understood for part in parts
        ):
            yield key
    if limits.isdisjoint(tags):
        zones = {key: tags[key] for key in ZONE_LIMITS if tags.get(key, "sign") not in _SIGNED}
        yield from (key for key, value in zones.items() if not limit_of(value, known_words).understood)


@cache
def _known(mode: str) -> Mapping[str, frozenset[str]]:
    known: dict[str, frozenset[str]] = {"ford": _FORDS, "seasonal": SEASONAL | NO | {"yes"}, "motorroad": _YES_OR_NO}
    if mode != FOOT:
        tables = road_tables()
        known |= {
            "tracktype": frozenset(tables.tracktype_factor),
            "smoothness": _GOOD | frozenset(tables.smoothness_kph),
            "4wd_only": _YES_OR_NO | {"recommended"},
        }
    return known


def _is_direction(key: str, value: str) -> bool:
    known = ONE_WAY | AGAINST | BOTH_WAYS | {"reversible"}
    return _is_followed(value, known) if key.endswith(":conditional") else value in known


def _is_followed(value: str, known: frozenset[str]) -> bool:
    parts = clauses(value)
    return parts is not None and all(is_followed(part.condition) and part.value in known for part in parts)


@cache
def _access_keys(mode: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(key for vehicle in vehicles_of(mode) for key in vehicle.access_tags))


@cache
def _turn_modes(mode: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for vehicle in vehicles_of(mode) for name in vehicle.turn_modes))


@cache
def _oneway_keys(mode: str) -> frozenset[str]:
    keys = [*([] if mode == FOOT else ["oneway"]), *(f"oneway:{name}" for name in _turn_modes(mode))]
    return frozenset(f"{key}{form}" for key in keys for form in ("", ":conditional"))


@cache
def _limits(mode: str) -> frozenset[str]:
    return frozenset(key for way in ("forward", "backward") for key in limit_keys(_turn_modes(mode), way))


@cache
def _used_classes(mode: str) -> frozenset[str]:
    return frozenset().union(*(vehicle.classes for vehicle in vehicles_of(mode)))


@cache
def _all_classes() -> frozenset[str]:
    return UNUSED_CLASSES.union(*(_used_classes(mode) for mode in modes()))


class OddCount:
    """Counts tags that are not understood, each with the length of its roads."""

    def __init__(self) -> None:
        self.count: Counter[tuple[str, str]] = Counter()
        self.metres: Counter[tuple[str, str]] = Counter()

    def add(self, key: str, value: str, count: int, metres: float) -> None:
        """Count a tag on so many ways or places."""
        tag = (key, value if len(value) <= _LONGEST else f"{value[: _LONGEST - 1]}…")
        self.count[tag] += count
        self.metres[tag] += metres  # type: ignore[assignment]

    def most(self, limit: int) -> tuple[OddTag, ...]:
        """Return the tags on most kilometres first, then those on most places."""
        order = sorted(self.count, key=lambda tag: (-self.metres[tag], -self.count[tag], tag))
        return tuple(
            OddTag(key=key, value=value, count=self.count[key, value], road_km=round(self.metres[key, value] / 1000, 3))
            for key, value in order[:limit]
        )
