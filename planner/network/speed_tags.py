"""What tags say of speed: limits, how long a ferry takes, what a road is made of and in what state."""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple

from planner.network.tag_values import words

_FIGURE = re.compile(r"(\d{1,3}(?:\.\d+)?) ?(km/h|kmh|kph|kmph|mph|knots)?")
_ZONE = re.compile(r"(?:[a-z]{2}:)?zone:?(\d{1,3})|[a-z]{2}:(\d{1,3})")
_KPH = {"mph": 1.609344, "knots": 1.852}
_CLOCK = re.compile(r"(\d{1,4}):([0-5]?\d)(?::([0-5]?\d))?")
_ISO = re.compile(r"p(?:(\d+)d)?(?:t(?:(\d+(?:\.\d+)?)h)?(?:(\d+(?:\.\d+)?)m)?(?:(\d+(?:\.\d+)?)s)?)?")
_SPOKEN = re.compile(r"(?:(\d+(?:\.\d+)?) ?h(?:ours?)?)? ?(?:(\d+(?:\.\d+)?) ?(?:m|min|minutes?)?)?")
_LONGEST_CROSSING_S = 3 * 86_400
LIMITS = tuple(f"maxspeed{direction}" for direction in ("", ":forward", ":backward"))


class SpeedLimit(NamedTuple):
    """A speed limit: km/h, ``inf`` where it says that there is none, 0 if no figure could be read; and whether all was."""

    kph: float
    understood: bool


def limit_of(text: str, zones: Mapping[str, float]) -> SpeedLimit:
    """Return what a plain maxspeed value says; of a list, of lanes perhaps, the least holds.

    ``zones`` are words that stand for a figure: ``walk``, ``cn:urban``.

    Examples
    --------
    >>> limit_of("20|40", {}), limit_of("20 mph", {}).kph, limit_of("signals", {})
    (SpeedLimit(kph=20.0, understood=True), 32.18688, SpeedLimit(kph=0.0, understood=False))
    """
    figures = [_kph(part.strip(), zones) for part in re.split(r"[;|]", text) if part.strip()]
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
    return 0.0 if figure is None else float(figure[1]) * _KPH.get(figure[2], 1.0)


def limit_keys(modes: Sequence[str], direction: str) -> list[str]:
    """Return the tags that may hold a vehicle's limit in a direction, the most particular first."""
    return [f"maxspeed{mode}{way}" for mode in (*(f":{mode}" for mode in modes), "") for way in (f":{direction}", "")]


def limit_kph(tags: Mapping[str, str], modes: Sequence[str], direction: str, zones: Mapping[str, float]) -> float:
    """Return the limit for a vehicle in a direction, 0 if its plain tags hold none that is understood."""
    limits = (limit_of(tags[key], zones).kph for key in limit_keys(modes, direction) if key in tags)
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


def slowest(text: str, factors: Mapping[str, float]) -> float | None:
    """Return the least of the figures that the words of a plain value have, None if none of them has one."""
    return min((factors[word] for word in words(text) if word in factors), default=None)


def all_known(text: str, known: Collection[str]) -> bool:
    """Return whether all words of a plain value are known."""
    return all(word in known for word in words(text))
