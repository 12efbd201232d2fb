"""How fast a vehicle goes on a road in a season, and which roads it cannot use: the table in ``profiles.toml``."""

from __future__ import annotations

import hashlib
import json
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from planner.errors import ConfigError, Message
from planner.network.access import Weather
from planner.network.road_state import classes_of
from planner.network.road_use import Profile, RoadTables, RoadVehicle, Season, passable
from planner.network.speed_tags import LimitWords
from planner.network.tag_values import is_conditional, plain_tags


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


def provenance_of(*path: str) -> str:
    """Return what a table of ``profiles.toml`` says its figures rest on, empty where there is no such table.

    Examples
    --------
    >>> provenance_of("seasons", "summer"), provenance_of("vehicles", "sledge")
    ('reference season', '')
    """
    table = _table()
    for key in path:
        table = table.get(key, {})
    return str(table.get("provenance", ""))


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
            classes=frozenset(car["speed_kph"]),
            bits=((1 << len(seasons())) - 1) << number * len(seasons()),
        )
        for number, (name, car) in enumerate(_table()["vehicles"].items())
    }


def _bit(vehicle: str, season: str) -> int:
    return 1 << vehicles().index(vehicle) * len(seasons()) + seasons().index(season)


def stopped_bits(tags: Mapping[str, str]) -> int:
    """Return the bits of the vehicles, each in the seasons, that a node with these tags stops."""
    tags = plain_tags(tags)
    if not is_conditional(tags):
        weather = _weathers()[0]
        return sum(vehicle.bits for vehicle in _vehicles().values() if vehicle.is_stopped_by(tags, weather))
    return sum(
        _bit(vehicle.name, season)
        for vehicle in _vehicles().values()
        for season in seasons()
        if vehicle.is_stopped_by(tags, _load_season(season).weather)
    )


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
        bit=_bit(vehicle, season),
        all_weathers=_weathers(),
        speeds_kph=car["speed_kph"],
        max_speed_kph=car["max_speed_kph"],
        ferry_boarding_s=car["ferry_boarding_s"],
        refuses_tracktype=frozenset(car["refuses_tracktype"]),
        refuses_smoothness=frozenset(car["refuses_smoothness"]),
        refuses_motorroad=car["refuses_motorroad"],
        walking_factor=car.get("season_factor", {}).get(season, 1.0),
        tables=road_tables(),
    )


@cache
def road_tables() -> RoadTables:
    """Return the figures that hold for all vehicles."""
    table = _table()
    smoothness = {name: kph for name, kph in table["smoothness_kph"].items() if name != "provenance"}
    zones = {name: kph for name, kph in table["limit_kph"].items() if name != "provenance"}
    return RoadTables(
        surface_factor=table["surface_factor"],
        tracktype_factor={name: factor for name, factor in table["tracktype_factor"].items() if name != "provenance"},
        smoothness_kph=smoothness,
        limit_words=LimitWords(zones, table["limit_units"]),
        ice_road_kph=table["ice_road"]["speed_kph"],
        ford_kph=table["ford"]["speed_kph"],
    )


@cache
def _weathers() -> tuple[Weather, ...]:
    return tuple(dict.fromkeys(_load_season(name).weather for name in seasons()))


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
        weather=Weather(tuple(weather["months"]), frozenset(weather["weather"])),
        seasonal=frozenset(weather["seasonal"]),
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


def possible_directions(tags: Mapping[str, str], mode: str) -> tuple[bool, bool]:
    """Return whether some vehicle of a mode may, in some season, go along a way with these tags, and back."""
    tags = plain_tags(tags)
    kinds = classes_of(tags)
    along = back = False
    weathers = _weathers() if is_conditional(tags) else _weathers()[:1]
    for vehicle in vehicles_of(mode):
        if vehicle.classes.isdisjoint(kinds):
            continue
        for weather in weathers:
            there, again = passable(tags, vehicle.access_tags, vehicle.turn_modes, weather)
            along, back = along or there, back or again
    return along, back
