"""What tags say of speed: limits, how long a ferry takes, what a road is made of and in what state."""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple

from planner.model.surfaces import surface_called
from planner.network.access import Weather, in_force
from planner.network.tag_values import words

_FIGURE = re.compile(r"(\d{1,3}(?:[.,]\d+)?) ?(kph|mph|knots)?")
_BETWEEN = re.compile(r"[;|/\u3001]|,(?!\d(?!\d))")  # one digit after a comma is a tenth
_ZONE = re.compile(r"(?:[a-z]{2}:)?zone:?(\d{1,3})|[a-z]{2}:(\d{1,3})")
_USUAL_UNITS = {"km/h": "kph", "kmh": "kph", "kmph": "kph", "km/hr": "kph"}
_KPH = {"mph": 1.609344, "knots": 1.852}
_CLOCK = re.compile(r"(\d{1,4}):([0-5]?\d)(?::([0-5]?\d))?")
_ISO = re.compile(r"p(?:(\d+)d)?(?:t(?:(\d+(?:\.\d+)?)h)?(?:(\d+(?:\.\d+)?)m)?(?:(\d+(?:\.\d+)?)s)?)?")
_SPOKEN = re.compile(r"(?:(\d+(?:\.\d+)?) ?h(?:ours?)?)? ?(?:(\d+(?:\.\d+)?) ?(?:m|min|minutes?)?)?")
_LONGEST_CROSSING_S = 3 * 86_400
ZONE_LIMITS = ("zone:maxspeed", "maxspeed:type")
"""Tags that name a zone and so its limit; they hold where no tag says a figure."""
LIMITS = tuple(f"maxspeed{direction}" for direction in ("", ":forward", ":backward"))


class SpeedLimit(NamedTuple):
    """A speed limit: km/h, ``inf`` where it says that there is none, 0 if no figure could be read; and whether all was."""

    kph: float
    understood: bool


class LimitWords(NamedTuple):
    """Words of limits: ``zones`` stand for a figure (``walk``, ``cn:urban``), ``units`` for ``kph``, or for nothing."""

    zones: Mapping[str, float] = {}
    units: Mapping[str, str] = {}


def limit_of(text: str, known_words: LimitWords) -> SpeedLimit:
    """Return what a plain maxspeed value says; of a list, of lanes perhaps, the least holds.

    Examples
    --------
    >>> limit_of("20|40", LimitWords()), limit_of("20 mph", LimitWords()).kph, limit_of("signals", LimitWords())
    (SpeedLimit(kph=20.0, understood=True), 32.18688, SpeedLimit(kph=0.0, understood=False))
    >>> limit_of("20,5 km/h", LimitWords()).kph, limit_of("20,40", LimitWords()).kph
    (20.5, 20.0)
    """
    units = {**_USUAL_UNITS, **known_words.units}
    for unit in sorted(units, key=len, reverse=True):
        text = text.replace(unit, units[unit])
    figures = [_kph(part.strip(), known_words.zones) for part in _BETWEEN.split(text) if part.strip()]
    known = [figure for figure in figures if figure > 0]
    return SpeedLimit(min(known, default=0.0), bool(known) and len(known) == len(figures))


def _kph(text: str, zones: Mapping[str, float]) -> float:
    if text == "none":
        return math.inf
    if text in zones:
        return zones[text]
    figure, zone = _FIGURE.fullmatch(text), _ZONE.fullmatch(text)
    if zone is not None:
        return float(zone[1] or zone[2])
    return 0.0 if figure is None else float(figure[1].replace(",", ".")) * _KPH.get(figure[2], 1.0)


def limit_keys(modes: Sequence[str], direction: str) -> list[str]:
    """Return the tags that may hold a vehicle's limit in a direction, the most particular first."""
    return [f"maxspeed{mode}{way}" for mode in (*(f":{mode}" for mode in modes), "") for way in (f":{direction}", "")]


def limit_kph(
    tags: Mapping[str, str], modes: Sequence[str], direction: str, known_words: LimitWords, weather: Weather
) -> float:
    """Return the limit for a vehicle in a direction and season, 0 if its plain tags hold none that is understood."""
    values = (in_force(tags, key, weather) for key in (*limit_keys(modes, direction), *ZONE_LIMITS))
    limits = (limit_of(value, known_words).kph for value in values if value is not None)
    return next((limit for limit in limits if limit > 0), 0.0)


def crossing_s(text: str) -> float:
    """Return how long a plain ``duration`` is: ``hh:mm``, ``hh:mm:ss``, minutes, or ISO 8601; 0 if it is none of them.

    Examples
    --------
    >>> [crossing_s(text) for text in ("01:00", "00:01:30", "90", "pt1h30m", "1 h 5 min", "often")]
    [3600.0, 90.0, 5400.0, 5400.0, 3900.0, 0.0]
    """
    clock, iso, spoken = _CLOCK.fullmatch(text), _ISO.fullmatch(text), _SPOKEN.fullmatch(text)
    parts: Sequence[str | None] = ()
    if clock is not None:
        parts = (None, *clock.groups())
    elif iso is not None:
        parts = iso.groups()
    elif spoken is not None:
        parts = (None, *spoken.groups())
    seconds = sum(float(part or 0) * unit for part, unit in zip(parts, (86_400, 3600, 60, 1), strict=False))
    return float(seconds) if seconds <= _LONGEST_CROSSING_S else 0.0


def surfaces_of(tags: Mapping[str, str]) -> tuple[str, ...]:
    """Return the surfaces that plain tags name, in OpenStreetMap's words where they are known."""
    return tuple(surface_called(word) for word in words(tags.get("surface", "")))


def slowest(said: Sequence[str], factors: Mapping[str, float]) -> float | None:
    """Return the least of the figures that words have, None if none of them has one."""
    return min((factors[word] for word in said if word in factors), default=None)


def all_known(text: str, known: Collection[str]) -> bool:
    """Return whether all words of a plain value are known."""
    return all(word in known for word in words(text))
