"""How fast a vehicle goes on a road in a season, and which roads it cannot use: the table in ``profiles.toml``."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from planner.errors import ConfigError

PAVED = frozenset(
    {"asphalt", "concrete", "paved", "paving_stones", "concrete:plates", "concrete:lanes", "sett", "cobblestone"}
)
_NO_ENTRY = frozenset({"no", "private", "agricultural", "forestry", "emergency", "military"})
_NUMBER = re.compile(r"(\d+(?:\.\d+)?)\s*(mph)?")
_KPH_PER_MPH = 1.609344


@dataclass(frozen=True, slots=True, kw_only=True)
class RoadUse:
    """What a profile makes of one way.

    ``speed_kph`` is 0 for a way this vehicle may never use; ``closed`` is true where only the season forbids it.
    ``boarding_s`` is waited once for the whole way (ferries).
    """

    speed_kph: float
    forward: bool
    backward: bool
    closed: bool
    boarding_s: float
    surface_tagged: bool
    speed_tagged: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """One vehicle in one season; make it with `load_profile`."""

    vehicle: str
    season: str
    speeds_kph: Mapping[str, float]
    max_speed_kph: float
    ferry_boarding_s: float
    refuses_tracktype: frozenset[str]
    surface_factor: Mapping[str, float]
    tracktype_factor: Mapping[str, float]
    paved_factor: float
    unpaved_factor: float
    closes_surface: frozenset[str]
    closes_tracktype: frozenset[str]
    closes_ferry: bool

    def use(self, tags: Mapping[str, str]) -> RoadUse:
        """Return how this vehicle uses a way with these OpenStreetMap tags in this season."""
        forward, backward = _directions(tags)
        ferry = tags.get("route") == "ferry"
        surface, tracktype = tags.get("surface", ""), tags.get("tracktype", "")
        limit = _maxspeed_kph(tags.get("maxspeed", ""))
        refused = tracktype in self.refuses_tracktype or not _may_enter(tags)
        poor = surface in self.closes_surface or tracktype in self.closes_tracktype
        return RoadUse(
            speed_kph=0.0 if refused else self._speed_kph("ferry" if ferry else tags.get("highway", ""), tags, limit),
            forward=forward,
            backward=backward,
            closed=self.closes_ferry if ferry else poor,
            boarding_s=self.ferry_boarding_s if ferry else 0.0,
            surface_tagged=ferry or bool(surface or tracktype),
            speed_tagged=ferry or limit > 0,
        )

    def _speed_kph(self, kind: str, tags: Mapping[str, str], limit: float) -> float:
        speed = self.speeds_kph.get(kind, 0.0)
        if not speed or kind == "ferry":
            return speed
        surface, tracktype = tags.get("surface", ""), tags.get("tracktype", "")
        speed *= self.surface_factor.get(surface, 1.0)
        if kind == "track":
            speed *= self.tracktype_factor.get(tracktype, 1.0)
        if limit:
            speed = min(speed, limit)
        unpaved = surface not in PAVED if surface else kind == "track"
        return min(speed, self.max_speed_kph) * (self.unpaved_factor if unpaved else self.paved_factor)


@dataclass(frozen=True, slots=True, kw_only=True)
class TurnCosts:
    """Seconds lost at junctions of three roads and more: the table ``turn_costs`` of ``profiles.toml``.

    ``straight_deg`` is the deviation up to which a turn counts as straight on.
    """

    straight_deg: float
    straight_s: float
    right_s: float
    left_s: float
    back_s: float


@cache
def _table() -> dict[str, Any]:
    return tomllib.loads(resources.files("planner.network").joinpath("profiles.toml").read_text(encoding="utf-8"))


def vehicles() -> tuple[str, ...]:
    """Return the names of the vehicles that have a profile."""
    return tuple(_table()["vehicles"])


def seasons() -> tuple[str, ...]:
    """Return the names of the seasons that have a profile."""
    return tuple(_table()["seasons"])


def load_profile(vehicle: str, season: str) -> Profile:
    """Return the profile of a vehicle in a season.

    Raises
    ------
    ConfigError
        If there is no such vehicle or season; the message lists those there are.
    """
    table = _table()
    problems = [
        f"travel.{key}: no {key} {name!r}: choose one of {', '.join(table[plural])}"
        for key, plural, name in (("vehicle", "vehicles", vehicle), ("season", "seasons", season))
        if name not in table[plural]
    ]
    if problems:
        raise ConfigError("the travel profile is not known", problems)
    car, weather = table["vehicles"][vehicle], table["seasons"][season]
    return Profile(
        vehicle=vehicle,
        season=season,
        speeds_kph=car["speed_kph"],
        max_speed_kph=car["max_speed_kph"],
        ferry_boarding_s=car["ferry_boarding_s"],
        refuses_tracktype=frozenset(car["refuses_tracktype"]),
        surface_factor=table["surface_factor"],
        tracktype_factor=table["tracktype_factor"],
        paved_factor=weather["paved_factor"],
        unpaved_factor=weather["unpaved_factor"],
        closes_surface=frozenset(weather["closes_surface"]),
        closes_tracktype=frozenset(weather["closes_tracktype"]),
        closes_ferry=weather["closes_ferry"],
    )


def load_turn_costs() -> TurnCosts:
    """Return what turns cost at junctions."""
    figures = {name: value for name, value in _table()["turn_costs"].items() if name != "provenance"}
    return TurnCosts(**figures)


def _may_enter(tags: Mapping[str, str]) -> bool:
    """The most particular access tag decides, as OpenStreetMap's access hierarchy has it."""
    for key in ("motor_vehicle", "vehicle", "access"):
        if key in tags:
            return tags[key] not in _NO_ENTRY
    return True


def _directions(tags: Mapping[str, str]) -> tuple[bool, bool]:
    oneway = tags.get("oneway", "")
    if oneway in ("-1", "reverse"):
        return False, True
    implied = tags.get("junction") in ("roundabout", "circular") or tags.get("highway") == "motorway"
    if oneway in ("yes", "1", "true") or (implied and oneway != "no"):
        return True, False
    return True, True


def _maxspeed_kph(text: str) -> float:
    """Return the figure of a maxspeed tag in km/h, 0 if it holds none (``none``, ``signals``, a zone code)."""
    match = _NUMBER.fullmatch(text.strip())
    if match is None:
        return 0.0
    return float(match[1]) * (_KPH_PER_MPH if match[2] else 1.0)


@cache
def _classes() -> frozenset[str]:
    return frozenset(name for car in _table()["vehicles"].values() for name in car["speed_kph"])


def any_vehicle_may_use(tags: Mapping[str, str]) -> bool:
    """Return whether some vehicle may use a way with these tags in some season."""
    kind = "ferry" if tags.get("route") == "ferry" else tags.get("highway", "")
    return kind in _classes() and _may_enter(tags)
