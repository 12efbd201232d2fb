"""Degrees as people write them → decimal degrees: minutes, seconds, Chinese signs, letters, decimal commas, pairs."""

from __future__ import annotations

import re
from collections.abc import Iterator

from planner.geodata.columns import NOTATION, normal

_SIGN_OF = {word.lower(): sign for word, sign in NOTATION}
_WORD = re.compile("|".join(re.escape(word) for word, _ in NOTATION), re.IGNORECASE)  # the longest first
_NUMBER = r"\d+(?:\.\d*)?"
_PLAIN = re.compile(r"([+-]?)(\d{1,3}(?:\.\d*)?)°?")
_COMMA = re.compile(r"([+-]?)(\d{1,3}),(\d{4,})°?")
_MARKED = re.compile(
    rf"([+-]?)(\d{{1,3}})\s*°\s*(?:({_NUMBER})\s*'?\s*)?(?:(?<=['\s])({_NUMBER})\s*(?:\"|'')?(?:(?<=[\"'])(\.\d+))?)?"
)
_PARTED = re.compile(
    rf"([+-]?)(\d{{1,3}})[\s:-]\s*(\d{{1,2}})(?:[\s:-]\s*({_NUMBER}))|([+-]?)(\d{{1,3}})[\s:]\s*(\d{{1,2}}\.\d+)"
)
_LETTER = re.compile(r"^[\s:,]*([EWNS])[\s:]*(.*?)\s*$|^\s*(.*?)[\s:]*([EWNS])[\s:,.]*$", re.DOTALL)
_BETWEEN = re.compile(r"\s*[,;/|]\s*|\s+")
_POINT = re.compile(r"^(?:POINT\s*)?[(\[{](.*)[)\]}]$", re.IGNORECASE)
_WEST_OR_SOUTH = frozenset("WS")
_LON, _LAT = "EW", "NS"


def degrees(text: str, axis: str = "") -> float | None:
    """Return the decimal degrees that a text says, negative in the west and south; None if it says none.

    ``axis`` is ``lon`` or ``lat``: letters of the other one are then nothing that can be read.

    Examples
    --------
    >>> [round(degrees(text), 5) for text in ("126°5.407′", "126度5分24秒", "E126°05′24.4″", "126,090114", "126:05:24")]
    [126.09012, 126.09, 126.09011, 126.09011, 126.09]
    >>> degrees("126.5 N", "lon"), degrees("about 126")
    (None, None)
    """
    plain = _signs(text)
    value, letter = _value_and_letter(plain)
    wrong = letter and axis and letter not in (_LON if axis == "lon" else _LAT)
    return None if wrong else value


def is_coarse(text: str) -> bool:
    """Return whether degrees are given to whole minutes only, which are a nautical mile."""
    found = re.findall(r"\d+(?:\.\d+)?", _signs(text))
    return len(found) == 2 and "°" in _signs(text) and "." not in found[1]


def pair(text: str, *, lat_first: bool = False) -> tuple[float, float] | None:
    """Return longitude and latitude from one text, None if it does not say both.

    Letters tell which is which, else that only a longitude is beyond 90, else the order: longitude first, or not.

    Examples
    --------
    >>> pair("126.5，46.8"), pair("46.8 126.5"), pair("北纬46°48′，东经126°30′"), pair("(13.3, 53.5)"), pair("126.5")
    ((126.5, 46.8), (126.5, 46.8), (126.5, 46.8), (13.3, 53.5), None)
    """
    plain = _signs(text)
    inside = _POINT.match(plain)
    plain = inside[1].strip() if inside else plain
    found = {read for left, right in _halves(plain) if (read := _in_order(left, right, lat_first=lat_first))}
    return found.pop() if len(found) == 1 else None


def _signs(text: str) -> str:
    """Return the text with one sign for each of its many forms."""
    for _ in range(2):  # some signs only show when wide characters are made narrow, some only before
        text = normal(_WORD.sub(lambda found: _SIGN_OF.get(found[0].lower(), found[0]), text))
    return text.upper()


def _value_and_letter(plain: str) -> tuple[float | None, str]:
    found = _LETTER.match(plain)
    letter = (found[1] or found[4]) if found else ""
    body = (found[2] if found[1] else found[3]) if found else plain
    value = _value(body.strip().rstrip(",;."))
    if value is not None and letter in _WEST_OR_SOUTH:
        value = -abs(value)
    return value, letter


def _value(body: str) -> float | None:
    if found := _PLAIN.fullmatch(body):
        return float(f"{found[1]}{found[2]}")
    if found := _COMMA.fullmatch(body):
        return float(f"{found[1]}{found[2]}.{found[3]}")
    if found := _MARKED.fullmatch(body):
        seconds = (found[4] or "0") + (found[5] or "")
        return _together(found[1], found[2], found[3] or "0", seconds)
    if found := _PARTED.fullmatch(body):
        if found[2]:
            return _together(found[1], found[2], found[3], found[4])
        return _together(found[5], found[6], found[7], "0")
    return None


def _together(sign: str, whole: str, minutes: str, seconds: str) -> float | None:
    """Return degrees from their parts; 60 seconds are a minute written by rounding, 61 nothing."""
    if float(minutes) >= 60 or float(seconds) > 60 or ("." in minutes and float(seconds)):
        return None
    value = int(whole) + float(minutes) / 60 + float(seconds) / 3600
    return -value if sign == "-" else value


def _halves(plain: str) -> Iterator[tuple[str, str]]:
    """Yield the ways to part a text in two; what stands behind a second comma is a height."""
    parts = [part.strip() for part in plain.split(",")]
    if len(parts) == 3 and re.fullmatch(r"-?\d+(\.\d+)?M?", parts[2]):
        yield parts[0], parts[1]
        return
    for between in _BETWEEN.finditer(plain):
        yield plain[: between.start()], plain[between.end() :]
    for letter in re.finditer(r"(?<=.)[EWNS]", plain):
        yield plain[: letter.start()], plain[letter.start() :]
        yield plain[: letter.end()], plain[letter.end() :]


def _in_order(left: str, right: str, *, lat_first: bool) -> tuple[float, float] | None:
    (first, its), (second, others) = _value_and_letter(left), _value_and_letter(right)
    if first is None or second is None or (its and others and (its in _LON) == (others in _LON)):
        return None
    swapped = lat_first
    if its or others:
        swapped = its in _LAT if its else others in _LON
    elif abs(first) > 90 or abs(second) > 90:
        swapped = abs(second) > 90
    lon, lat = (second, first) if swapped else (first, second)
    return (lon, lat) if abs(lon) <= 180 and abs(lat) <= 90 else None
