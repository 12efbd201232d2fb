"""How fast a vehicle goes on a road in a season, and which roads it cannot use: the table in ``profiles.toml``."""

from __future__ import annotations

import hashlib
import json
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from planner.errors import ConfigError, Message
from planner.network.access import by_season, directions, is_blocked, may_enter, on_ice, out_of_season

FOOT, MOTOR = "foot", "motor"
"""Modes of travel."""

PAVED = frozenset(
    {"asphalt", "concrete", "paved", "paving_stones", "concrete:plates", "concrete:lanes", "sett", "cobblestone"}
)
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
class RoadVehicle:
    """What tags mean to one vehicle.

    ``access_tags`` from the most particular on; ``turn_modes`` are the names under which turn rules bind it.
    """

    name: str
    mode: str
    access_tags: tuple[str, ...]
    turn_modes: tuple[str, ...]
    bit: int

    @property
    def walks(self) -> bool:
        """Whether these are people on foot: no one-ways, turn rules or surfaces for them."""
        return self.mode == FOOT

    def is_stopped_by(self, tags: Mapping[str, str]) -> bool:
        """Return whether a node with these tags (a bollard, a locked gate) cannot be passed."""
        return is_blocked(tags, self.access_tags)


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
    months: tuple[int, ...]
    seasonal: frozenset[str]
    weather: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """One vehicle in one season; make it with `load_profile`."""

    vehicle: RoadVehicle
    season: Season
    speeds_kph: Mapping[str, float]
    max_speed_kph: float
    ferry_boarding_s: float
    refuses_tracktype: frozenset[str]
    refuses_motorroad: bool
    surface_factor: Mapping[str, float]
    tracktype_factor: Mapping[str, float]
    walking_factor: float
    ice_road_kph: float
    ford_kph: float

    def use(self, tags: Mapping[str, str]) -> RoadUse:
        """Return how this vehicle uses a way with these OpenStreetMap tags in this season."""
        keys = self.vehicle.access_tags
        forward, backward = directions(tags, self.vehicle.turn_modes)
        ferry = tags.get("route") == "ferry"
        surface, tracktype = tags.get("surface", ""), tags.get("tracktype", "")
        limit = _maxspeed_kph(tags.get("maxspeed", ""))
        let_in = by_season(tags, keys, self.season.months, tuple(self.season.weather))
        ever = may_enter(tags, keys) or _opens_at_times(tags, keys)
        refused = (
            tracktype in self.refuses_tracktype
            or not ever
            or not (forward or backward)
            or (self.refuses_motorroad and tags.get("motorroad") == "yes")
        )
        return RoadUse(
            speed_kph=0.0 if refused else self._speed_kph("ferry" if ferry else tags.get("highway", ""), tags, limit),
            forward=forward,
            backward=backward,
            closed=not (may_enter(tags, keys) if let_in is None else let_in) or self._closed_by_season(tags, ferry),
            boarding_s=self.ferry_boarding_s if ferry else 0.0,
            surface_tagged=ferry or bool(surface or tracktype),
            speed_tagged=ferry or limit > 0,
        )

    def _closed_by_season(self, tags: Mapping[str, str], ferry: bool) -> bool:
        season = self.season
        if ferry:
            return season.closes_ferry
        if on_ice(tags):
            return not season.opens_ice
        poor = tags.get("surface", "") in season.closes_surface or tags.get("tracktype", "") in season.closes_tracktype
        return (
            (poor and not self.vehicle.walks)
            or (season.closes_ford and _through_water(tags))
            or out_of_season(tags, tuple(season.seasonal))
        )

    def _speed_kph(self, kind: str, tags: Mapping[str, str], limit: float) -> float:
        speed = self.speeds_kph.get(kind, 0.0)
        if not speed or kind == "ferry":
            return speed
        if self.vehicle.walks:
            return speed * self.walking_factor
        surface, tracktype = tags.get("surface", ""), tags.get("tracktype", "")
        speed *= self.surface_factor.get(surface, 1.0)
        if kind == "track":
            speed *= self.tracktype_factor.get(tracktype, 1.0)
        if limit:
            speed = min(speed, limit)
        if on_ice(tags):
            return min(speed, self.ice_road_kph, self.max_speed_kph)
        unpaved = surface not in PAVED if surface else kind == "track"
        factor = self.season.unpaved_factor if unpaved else self.season.paved_factor
        speed = min(speed, self.max_speed_kph) * factor * self.season.class_factor.get(kind, 1.0)
        return min(speed, self.ford_kph) if _through_water(tags) else speed


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


def vehicle_called(name: str) -> str:
    """Return the vehicle that a fleet's name for it tells (a tricycle), empty if it tells none.

    Examples
    --------
    >>> vehicle_called("E-Trike 0.4 t"), vehicle_called("minivan")
    ('tricycle', '')
    """
    plain = name.casefold()
    return next(
        (
            vehicle
            for vehicle, car in _table()["vehicles"].items()
            if any(word in plain for word in car.get("called", ()))
        ),
        "",
    )


def seasons() -> tuple[str, ...]:
    """Return the names of the seasons that have a profile."""
    return tuple(_table()["seasons"])


def days_of_seasons() -> Mapping[str, Sequence[tuple[str, str]]]:
    """Return the ranges of days, as ``05-01``, that each season lasts in Heilongjiang; none if no date chooses it."""
    return {
        name: [(first, last) for first, last in season.get("days", ())] for name, season in _table()["seasons"].items()
    }


def modes() -> tuple[str, ...]:
    """Return the modes of travel; vehicles of one mode share the roads that are read."""
    return tuple(dict.fromkeys(vehicle.mode for vehicle in _vehicles().values()))


def load_vehicle(name: str) -> RoadVehicle:
    """Return what tags mean to a vehicle that `vehicles` lists.

    Raises
    ------
    ConfigError
        If there is no such vehicle; the message lists those there are.
    """
    known = _vehicles()
    if name not in known:
        fault = Message("{key}: {fault}", key="travel.vehicle", fault=_no_vehicle(name, known))
        raise ConfigError(Message("the vehicle is not known"), [fault])
    return known[name]


def _no_vehicle(name: str, known: Mapping[str, object]) -> Message:
    return Message("no vehicle {name!r}: choose one of {known}", name=name, known=[*known])


def vehicles_of(mode: str) -> tuple[RoadVehicle, ...]:
    """Return the vehicles of a mode."""
    return tuple(vehicle for vehicle in _vehicles().values() if vehicle.mode == mode)


@cache
def _vehicles() -> dict[str, RoadVehicle]:
    return {
        name: RoadVehicle(
            name=name,
            mode=car["mode"],
            access_tags=tuple(car["access_tags"]),
            turn_modes=tuple(car["turn_modes"]),
            bit=1 << number,
        )
        for number, (name, car) in enumerate(_table()["vehicles"].items())
    }


@cache
def load_profile(vehicle: str, season: str) -> Profile:
    """Return the profile of a vehicle in a season.

    Raises
    ------
    ConfigError
        If there is no such vehicle or season; the message lists those there are.
    """
    table = _table()
    problems = []
    if vehicle not in table["vehicles"]:
        problems.append(Message("{key}: {fault}", key="travel.vehicle", fault=_no_vehicle(vehicle, table["vehicles"])))
    if season not in table["seasons"]:
        fault = Message("no season {name!r}: choose one of {known}", name=season, known=[*table["seasons"]])
        problems.append(Message("{key}: {fault}", key="travel.season", fault=fault))
    if problems:
        raise ConfigError(Message("the travel profile is not known"), problems)
    car = table["vehicles"][vehicle]
    return Profile(
        vehicle=load_vehicle(vehicle),
        season=_load_season(season),
        speeds_kph=car["speed_kph"],
        max_speed_kph=car["max_speed_kph"],
        ferry_boarding_s=car["ferry_boarding_s"],
        refuses_tracktype=frozenset(car["refuses_tracktype"]),
        refuses_motorroad=car["refuses_motorroad"],
        surface_factor=table["surface_factor"],
        tracktype_factor=table["tracktype_factor"],
        walking_factor=car.get("season_factor", {}).get(season, 1.0),
        ice_road_kph=table["ice_road"]["speed_kph"],
        ford_kph=table["ford"]["speed_kph"],
    )


@cache
def _load_season(name: str) -> Season:
    weather = _table()["seasons"][name]
    return Season(
        paved_factor=weather["paved_factor"],
        unpaved_factor=weather["unpaved_factor"],
        class_factor=weather["class_factor"],
        closes_surface=frozenset(weather["closes_surface"]),
        closes_tracktype=frozenset(weather["closes_tracktype"]),
        closes_ferry=weather["closes_ferry"],
        closes_ford=weather["closes_ford"],
        opens_ice=weather["opens_ice"],
        months=tuple(weather["months"]),
        seasonal=frozenset(weather["seasonal"]),
        weather=frozenset(weather["weather"]),
    )


def walking_speed_kph(season: str) -> float:
    """Return how fast a carrier walks in a season: the speed of access legs unless another is given."""
    return load_profile("walking", season).use({"highway": "path"}).speed_kph


def profiles_digest() -> str:
    """Return the SHA-256 of the table: what is kept under another table is not used."""
    return hashlib.sha256(json.dumps(_table(), sort_keys=True).encode()).hexdigest()


def load_turn_costs() -> TurnCosts:
    """Return what turns cost at junctions."""
    figures = {name: value for name, value in _table()["turn_costs"].items() if name != "provenance"}
    return TurnCosts(**figures)


def _through_water(tags: Mapping[str, str]) -> bool:
    return tags.get("ford", "no") not in ("no", "stepping_stones")


def _maxspeed_kph(text: str) -> float:
    """Return the figure of a maxspeed tag in km/h, 0 if it holds none (``none``, ``signals``, a zone code)."""
    match = _NUMBER.fullmatch(text.strip())
    if match is None:
        return 0.0
    return float(match[1]) * (_KPH_PER_MPH if match[2] else 1.0)


def _opens_at_times(tags: Mapping[str, str], keys: Sequence[str]) -> bool:
    """Return whether conditional access lets in during some season."""
    if not any(key.endswith(":conditional") for key in tags):
        return False
    weathers = (_load_season(name) for name in seasons())
    return any(by_season(tags, keys, weather.months, tuple(weather.weather)) for weather in weathers)


def possible_directions(tags: Mapping[str, str], mode: str) -> tuple[bool, bool]:
    """Return whether some vehicle of a mode may, in some season, go along a way with these tags, and back."""
    kind = "ferry" if tags.get("route") == "ferry" else tags.get("highway", "")
    along = back = False
    for vehicle in vehicles_of(mode):
        keys = vehicle.access_tags
        if kind not in _table()["vehicles"][vehicle.name]["speed_kph"]:
            continue
        if may_enter(tags, keys) or _opens_at_times(tags, keys):
            forward, backward = directions(tags, vehicle.turn_modes)
            along, back = along or forward, back or backward
    return along, back
