"""Figures as people write them in cells → numbers, with 万 and units; of what is none, what is wrong and what to write."""

from __future__ import annotations

import re
from decimal import Decimal
from functools import cache

from planner.geodata.columns import MULTIPLES, PATTERNS, UNITS, Multiple, worth
from planner.geodata.gazetteer.spellings import numbers_in_digits
from planner.geodata.notations import pair
from planner.model import Fact, said

_GROUPS = r"\d{1,3}(?:,\d{3})+|\d{1,3}(?: \d{3})+|\d{1,3}(?:['’]\d{3})+"
_NUMBER = re.compile(  # digits in one run, or in groups of three; nothing else that Python would take for a number
    rf"([+-]?(?:{_GROUPS}|\d+|(?=\.\d))(?:\.\d*)?(?:e[+-]?\d{{1,3}})?)", re.ASCII | re.IGNORECASE
)
_RUN = re.compile(rf"(?<![\d.])(?:{_GROUPS}|\d+)(?![\d'’])(?:\.\d+)?|\d+(?:\.\d+)?", re.ASCII)
_BETWEEN_DIGITS = re.compile(r"[-+]?\d+(?:[\s,._'’]+\d+)+", re.ASCII)
_SEPARATORS = re.compile("[, '’]")
_DECIMAL_COMMA = re.compile(r"([+-]?\d{1,3}(?:\.\d{3})+|[+-]?\d+),(\d+)", re.ASCII)
_POINTS_FOR_THOUSANDS = re.compile(r"[1-9]\d{0,2}(?:\.\d{3})+", re.ASCII)
_POSITION = {"lon": "126.50000", "lat": "46.80000"}


def written_figure(text: str, field: str = "", multiple: Multiple = 1) -> Decimal | None:
    """Return the number that a cell says in plain characters, None if it says none; ``multiple`` is what its heading says.

    A unit of the field may follow, and 千 or 万 before it, where the heading does not say another one.

    Examples
    --------
    >>> [int(written_figure(text, "population")) for text in ("3,807人", "0.3807万", "3'807", "3 807 口")]
    [3807, 3807, 3807, 3807]
    >>> written_figure("3807户", "population"), written_figure("3000-4000", "population"), written_figure("12 34")
    (None, None, None)
    >>> written_figure("0.5", "population", 1000), written_figure("0.5千人", "population", 1000)
    (Decimal('500.0'), Decimal('500.0'))
    >>> written_figure("0.5万人", "population", 1000), written_figure("1e3"), written_figure("12万", "lon")
    (None, Decimal('1E+3'), None)
    """
    body = text.removeprefix("'").strip()
    if field in _WITH_SIGN:
        body = body.removeprefix("¥").strip()
    found = _NUMBER.match(body)
    if not found:
        return None
    rest = body[found.end() :].strip()
    value = Decimal(_SEPARATORS.sub("", found[1]))
    if not rest:
        return value * multiple
    own = _units_of(field).get(rest.lower())
    return value * own if own is not None and multiple in (1, own) else None


def no_figure(text: str, field: str, multiple: Multiple) -> tuple[Fact, Fact]:
    """Return what is wrong with a text that `written_figure` cannot read, and what to write: no figure with fewer digits."""
    what = said("is not a number")
    if field in _POSITION:
        if both := pair(text):
            lon, lat = (f"{figure:.8f}".rstrip("0").rstrip(".") for figure in both)
            return (
                said("holds longitude and latitude together"),
                said(
                    "write {lon} as longitude and {lat} as latitude, or head one column position for both",
                    lon=lon,
                    lat=lat,
                ),
            )
        if not any(c.isdigit() for c in text):
            return what, said("write a number")
    if comma := _DECIMAL_COMMA.fullmatch(text):
        figure = f"{comma[1].replace('.', '')}.{comma[2]}"
        return what, said("write {figure}: decimals have a point, a comma marks thousands", figure=figure)
    if field in _POSITION:
        return what, said("write decimal degrees, for example {example}", example=_POSITION[field])
    if "%" in text or "‰" in text:
        return said("is a share, not a count"), said("write how many they are")
    if _BETWEEN_DIGITS.fullmatch(text):
        return what, said("write its digits with nothing between them, or a comma before each three")
    runs = _RUN.findall(text)
    if len(PATTERNS["several_multiples"].findall(text)) > 1 or (runs and PATTERNS["numerals"].search(text)):
        return what, said("write the whole figure in digits")
    if len(runs) > 1:
        return said("holds several figures: {figures}", figures=runs), said("write the one that is meant")
    if not runs and (digits := numbers_in_digits(text)) and digits.isascii() and digits.isdigit():
        return what, said("write {figure} if that is meant", figure=digits)
    return (what, said("write a number")) if not runs else _beside_words(text, runs[0], field, multiple)


def not_whole(text: str, multiple: Multiple) -> tuple[Fact, Fact]:
    """Return what is wrong with a count that is not whole, and what to write."""
    if multiple != 1:
        figure = f"{Decimal(_SEPARATORS.sub('', text)) * multiple:f}".rstrip("0") if _NUMBER.fullmatch(text) else text
        return said("is {figure}, not a whole number", figure=figure), said("write the exact count")
    if _POINTS_FOR_THOUSANDS.fullmatch(text):
        remedy = said("write {figure} if its point marks thousands", figure=text.replace(".", ""))
        return said("is not a whole number"), remedy
    return said("is not a whole number"), said("write the exact count")


def beyond(text: str, multiple: Multiple) -> Fact:
    """Return what to do about a figure that is too large or too small."""
    if comma := _DECIMAL_COMMA.fullmatch(text):
        return said("write {figure} if the comma marks decimals", figure=f"{comma[1]}.{comma[2]}")
    if multiple != 1:
        return said("the heading counts in units of {multiple}: correct the heading or the figure", multiple=multiple)
    return said("correct the figure")


def _beside_words(text: str, run: str, field: str, multiple: Multiple) -> tuple[Fact, Fact]:
    """Return what to say of one figure with words around it: another unit, or about, or a remark."""
    behind = text.partition(run)[2].strip().lower()
    units = _units_of(field)
    own = next((units[unit] for unit in sorted(units, key=len, reverse=True) if behind.startswith(unit)), None)
    strange = None if own is not None else next((u for u in _other_units(field) if behind.startswith(u)), None)
    if strange:
        return (
            said("has the unit {unit}, which is not this column's", unit=strange),
            said("write the figure in the column's own unit"),
        )
    value = Decimal(_SEPARATORS.sub("", run)) * (own or multiple) / multiple
    return said("is not a number"), said("write {figure} if that is meant", figure=f"{value.normalize():f}")


@cache
def _units_of(field: str) -> dict[str, Multiple]:
    """Return what may follow a figure of a field, in lower case, and what one of it stands for."""
    if field in _POSITION:
        return {}
    return {
        word + unit: worth(times, unit)
        for unit in ("", *UNITS.get(field, ()))
        for word, times in _WORDS.items()
        if word + unit
    }


@cache
def _other_units(field: str) -> tuple[str, ...]:
    """Return units of other fields, the longest first."""
    own = set(UNITS.get(field, ()))
    others = {unit for units in UNITS.values() for unit in units} - own
    found = [word + unit for unit in others for word in _WORDS if not unit.isascii()]
    return tuple(sorted(found, key=lambda unit: (-len(unit), unit)))


_WORDS = {"": 1, **{word: times for word, times in MULTIPLES.items() if not word.isascii() or word == "k"}}
_WITH_SIGN = frozenset(field for field, units in UNITS.items() if "yuan" in units)
