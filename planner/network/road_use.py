"""What a vehicle makes of a road in a season: the sentences of tags, weighed by the figures of ``profiles.toml``."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from planner.network.access import DIRECTIONS, Weather, directions, is_blocked, may_enter, on_ice, out_of_season
from planner.network.road_state import FERRY, classes_of, is_entered_from_beside, is_there, of_the_road, through_water
from planner.network.speed_tags import LimitWords, crossing_s, limit_kph, slowest, surfaces_of
from planner.network.tag_values import is_conditional, is_yes, plain_tags, words

FOOT, MOTOR = "foot", "motor"
"""Modes of travel."""

PAVED = frozenset(
    {"asphalt", "concrete", "paved", "paving_stones", "concrete:plates", "concrete:lanes", "sett", "cobblestone"}
    | {"chipseal", "tarmac", "bitumen", "cement", "bricks", "brick", "paving_stones:lanes", "unhewn_cobblestone"}
    | {"cobblestone:flattened", "metal", "metal_grid", "wood", "tiles", "rubber", "plastic"}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class RoadUse:
    """What a profile makes of one way.

    ``speed_kph`` along the way and ``back_kph`` against it are 0 for a way this vehicle may never use; ``closed`` is true
    where only the season forbids it. ``boarding_s`` is waited once for the whole way and ``crossing_s``, where it is known,
    takes the place of its speed (ferries). ``entered`` says that one can come onto it in its course, from a house.
    """

    speed_kph: float
    back_kph: float
    forward: bool
    backward: bool
    closed: bool
    entered: bool
    boarding_s: float
    crossing_s: float
    surface_tagged: bool
    speed_tagged: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RoadVehicle:
    """What tags mean to one vehicle.

    ``access_tags`` from the most particular on; ``turn_modes`` are the names under which turn rules bind it; ``classes``
    are the roads it has a speed for. ``bits`` holds a bit for each season, in the order of the table.
    """

    name: str
    mode: str
    access_tags: tuple[str, ...]
    turn_modes: tuple[str, ...]
    classes: frozenset[str]
    bits: int

    @property
    def walks(self) -> bool:
        """Whether these are people on foot: no one-ways, turn rules or surfaces for them."""
        return self.mode == FOOT

    def is_stopped_by(self, tags: Mapping[str, str], weather: Weather) -> bool:
        """Return whether a node with these plain tags (a bollard, a locked gate, a slide) cannot be passed."""
        return is_blocked(tags, self.access_tags, weather) or not is_there(of_the_road(tags))


@dataclass(frozen=True, slots=True, kw_only=True)
class Season:
    """What a season does to roads: see ``profiles.toml`` for each figure."""

    paved_factor: float
    unpaved_factor: float
    class_factor: Mapping[str, float]
    closes_surface: frozenset[str]
    closes_tracktype: frozenset[str]
    closes_ferry: bool
    closes_ford: bool
    opens_ice: bool
    weather: Weather
    seasonal: frozenset[str]


class RoadTables(NamedTuple):
    """The tables of ``profiles.toml`` that hold for all vehicles."""

    surface_factor: Mapping[str, float]
    tracktype_factor: Mapping[str, float]
    smoothness_kph: Mapping[str, float]
    limit_words: LimitWords
    ice_road_kph: float
    ford_kph: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """One vehicle in one season; make it with `planner.network.load_profile`. ``bit`` is the one of these two."""

    vehicle: RoadVehicle
    season: Season
    bit: int
    all_weathers: tuple[Weather, ...]
    speeds_kph: Mapping[str, float]
    max_speed_kph: float
    ferry_boarding_s: float
    refuses_tracktype: frozenset[str]
    refuses_smoothness: frozenset[str]
    refuses_motorroad: bool
    walking_factor: float
    tables: RoadTables

    def use(self, tags: Mapping[str, str]) -> RoadUse:
        """Return how this vehicle uses a way with these OpenStreetMap tags in this season."""
        tags = plain_tags(tags)
        keys, modes = self.vehicle.access_tags, self.vehicle.turn_modes
        kind = class_of(tags, self.speeds_kph)
        now = passable(tags, keys, modes, self.season.weather)
        weathers = self.all_weathers if is_conditional(tags) else ()
        ever = [now, *(passable(tags, keys, modes, weather) for weather in weathers)]
        forward, backward = now if any(now) else (any(along for along, _ in ever), any(back for _, back in ever))
        refused = not kind or not (forward or backward) or self._is_unfit(tags)
        limits = [limit_kph(tags, modes, way, self.tables.limit_words, self.season.weather) for way in DIRECTIONS]
        along, back = (0.0 if refused else self._speed_kph(kind, tags, limit) for limit in limits)
        ferry = kind == FERRY
        crossing = crossing_s(tags.get("duration", "")) if ferry else 0.0
        return RoadUse(
            speed_kph=along,
            back_kph=back,
            forward=forward,
            backward=backward,
            closed=not any(now) or self._closed_by_season(tags, ferry),
            entered=is_entered_from_beside(tags),
            boarding_s=self.ferry_boarding_s if ferry else 0.0,
            crossing_s=crossing,
            surface_tagged=ferry or any(True for _ in self._factors(kind, tags)),
            speed_tagged=ferry or any(0 < limit < math.inf for limit in limits),
        )

    def _is_unfit(self, tags: Mapping[str, str]) -> bool:
        """Return whether this vehicle keeps off a road in such a state."""
        if not is_there(tags) or (self.refuses_motorroad and is_yes(tags.get("motorroad"))):
            return True
        if self.vehicle.walks:
            return False
        return (
            not self.refuses_tracktype.isdisjoint(words(tags.get("tracktype", "")))
            or not self.refuses_smoothness.isdisjoint(words(tags.get("smoothness", "")))
            or (is_yes(tags.get("4wd_only")) and tags["4wd_only"] != "recommended")
            or tags.get("ford") == "boat"
            or tags.get("area") == "yes"  # its rim is a line on the map, no lane
        )

    def _closed_by_season(self, tags: Mapping[str, str], ferry: bool) -> bool:
        season = self.season
        if ferry:
            return season.closes_ferry
        if on_ice(tags):
            return not season.opens_ice
        poor = not (
            season.closes_surface.isdisjoint(surfaces_of(tags))
            and season.closes_tracktype.isdisjoint(words(tags.get("tracktype", "")))
        )
        return (
            (poor and not self.vehicle.walks)
            or (season.closes_ford and through_water(tags, self.vehicle.walks))
            or out_of_season(tags, tuple(season.seasonal))
        )

    def _factors(self, kind: str, tags: Mapping[str, str]) -> Iterator[float]:
        """Yield the factors that surface and, on tracks, the grade have on the class speed."""
        surface = slowest(surfaces_of(tags), self.tables.surface_factor)
        grade = slowest(words(tags.get("tracktype", "")), self.tables.tracktype_factor) if kind == "track" else None
        yield from (factor for factor in (surface, grade) if factor is not None)

    def _speed_kph(self, kind: str, tags: Mapping[str, str], limit: float) -> float:
        speed = self.speeds_kph[kind]
        if kind == FERRY:
            return speed
        if self.vehicle.walks:
            return speed * self.walking_factor
        speed *= min(self._factors(kind, tags), default=1.0)
        smoothness = "very_bad" if "4wd_only" in tags and is_yes(tags["4wd_only"]) else tags.get("smoothness", "")
        speed = min(speed, limit or math.inf, slowest(words(smoothness), self.tables.smoothness_kph) or math.inf)
        if on_ice(tags):
            return min(speed, self.tables.ice_road_kph, self.max_speed_kph)
        known = [word for word in surfaces_of(tags) if word in self.tables.surface_factor]
        unpaved = not PAVED.issuperset(known) if known else kind == "track"
        factor = self.season.unpaved_factor if unpaved else self.season.paved_factor
        speed = min(speed, self.max_speed_kph) * factor * self.season.class_factor.get(kind, 1.0)
        return min(speed, self.tables.ford_kph) if through_water(tags, walks=False) else speed


def class_of(tags: Mapping[str, str], speeds_kph: Mapping[str, float]) -> str:
    """Return the class of a way with these plain tags, the slowest of several, empty if the vehicle has no speed for any."""
    known = [name for name in classes_of(tags) if name in speeds_kph]
    return min(known, key=lambda name: speeds_kph[name], default="")


def passable(
    tags: Mapping[str, str], keys: tuple[str, ...], modes: tuple[str, ...], weather: Weather
) -> tuple[bool, bool]:
    """Return whether one may drive along a way with these plain tags and back: its access and its directions both let."""
    (in_along, in_back), (along, back) = may_enter(tags, keys, weather), directions(tags, modes, weather)
    return in_along and along, in_back and back
