"""Tags that are not understood: which values of a way or a node are none of those that a vehicle's rules know."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from functools import cache

from planner.model import OddTag
from planner.network.access import (
    ACCESS_KEYS,
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
from planner.network.road_state import FERRY, LIFECYCLE, UNUSED_CLASSES, classes_of, odd_state
from planner.network.road_use import FOOT
from planner.network.speed_tags import LIMITS, all_known, crossing_s, limit_keys, limit_of
from planner.network.tag_values import NO, plain_tags

_GOOD = frozenset({"excellent", "good", "intermediate", "impassable"})
_FORDS = frozenset({"yes", "boat", "stepping_stones", "intermittent", "seasonal"}) | NO
_YES_OR_NO = frozenset({"yes", "1", "true"}) | NO
CLOSING_KEYS = frozenset({*ACCESS_KEYS, *LIFECYCLE, "barrier", "locked", "4wd_only"})
"""Tags that close a road, or stop at a place, where their value is not understood."""
_CONDITIONAL_LIMITS = frozenset(f"{limit}:conditional" for limit in LIMITS)
_LONGEST = 255  # letters of a value that are kept: as many as OpenStreetMap lets a tag have


def odd_keys(tags: Mapping[str, str], mode: str) -> tuple[str, ...]:
    """Return the keys of a way whose values are not understood by the vehicles of a mode; none of a way they never use."""
    tags = plain_tags(tags)
    classes = classes_of(tags)
    unknown = ("highway",) if any(name not in _all_classes() for name in classes) else ()
    if _used_classes(mode).isdisjoint(classes):
        return unknown
    return (*unknown, *odd_access(tags, _access_keys(mode)), *_odd(tags, mode), *odd_state(tags, _all_classes()))


def odd_node_keys(tags: Mapping[str, str], mode: str) -> tuple[str, ...]:
    """Return the keys of a place on a road whose values are not understood by the vehicles of a mode."""
    tags = plain_tags(tags)
    if tags.get("highway") == "crossing":
        return ()
    odd = odd_access(tags, _access_keys(mode))
    known = {"barrier": OPEN_BARRIERS | SHUT_BARRIERS, "locked": _YES_OR_NO, "ford": _FORDS}
    return (*odd, *(key for key, values in known.items() if key in tags and not all_known(tags[key], values)))


def _odd(tags: Mapping[str, str], mode: str) -> Iterator[str]:
    """Yield the keys of what all but access says: directions, seasons, and for wheels surface and speed."""
    known = _known(mode)
    yield from (key for key in tags if key in known and not all_known(tags[key], known[key]))
    yield from (key for key in tags if key in _oneway_keys(mode) and not _is_direction(key, tags[key]))
    if FERRY in classes_of(tags) and "duration" in tags and not crossing_s(tags["duration"]):
        yield "duration"
    if mode != FOOT:
        zones = road_tables().limit_kph
        yield from (key for key in tags if key in _limits(mode) and not limit_of(tags[key], zones).understood)
        yield from (key for key in tags if key in _CONDITIONAL_LIMITS)


@cache
def _known(mode: str) -> Mapping[str, frozenset[str]]:
    known: dict[str, frozenset[str]] = {"ford": _FORDS, "seasonal": SEASONAL | NO | {"yes"}, "motorroad": _YES_OR_NO}
    if mode != FOOT:
        tables = road_tables()
        known |= {
            "surface": frozenset(tables.surface_factor),
            "tracktype": frozenset(tables.tracktype_factor),
            "smoothness": _GOOD | frozenset(tables.smoothness_kph),
            "4wd_only": _YES_OR_NO | {"recommended"},
        }
    return known


def _is_direction(key: str, value: str) -> bool:
    known = ONE_WAY | AGAINST | BOTH_WAYS | {"reversible"}
    if not key.endswith(":conditional"):
        return value in known
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
