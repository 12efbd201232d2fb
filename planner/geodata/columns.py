"""What county offices and map data call their columns, and the one name each has here; the words are in ``columns.toml``."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Sequence
from importlib import resources
from typing import Any

_DATA: dict[str, Any] = tomllib.loads(
    resources.files("planner.geodata").joinpath("columns.toml").read_text(encoding="utf-8")
)
HEADINGS: dict[str, tuple[str, ...]] = {name: tuple(words) for name, words in _DATA["headings"].items()}
"""Accepted headings by field, compared without case, spaces, brackets and units."""
_UNITS: dict[str, tuple[str, ...]] = {name: tuple(units) for name, units in _DATA["units"].items()}
MULTIPLES: dict[str, int] = _DATA["multiples"]
"""What one unit of a figure stands for when its heading or cell says so."""
WORDS: dict[str, frozenset[str]] = {kind: frozenset({kind, *words}) for kind, words in _DATA["words"].items()}
"""What a kind of site, house or source is called in cells, in lower case."""
YES, NO = frozenset(_DATA["flags"]["yes"]), frozenset(_DATA["flags"]["no"])
_CASE_MATTERS = frozenset({"degrees", "multiplied"})  # E is east, and K is a thousand
PATTERNS: dict[str, re.Pattern[str]] = {
    name: re.compile(pattern, re.IGNORECASE if name not in _CASE_MATTERS else 0)
    for name, pattern in _DATA["patterns"].items()
}
NAMES: dict[str, Any] = _DATA["names"]
"""Tails of names, by which they are made short."""

_NOISE = re.compile(r"[\s_\-()（）\[\]【】:：*/]+")
_SHORT = 10  # characters of a column's name in a shapefile
_SHORT_AGAIN = re.compile(r"(.{8})_\d")  # what GDAL writes when two names begin alike


def _plain(heading: str) -> str:
    return _NOISE.sub("", unicodedata.normalize("NFKC", heading).strip().lower())


_FIELD_BY_HEADING = {_plain(heading): field for field, headings in HEADINGS.items() for heading in headings}


def field_of(heading: str) -> str | None:
    """Return the field a heading stands for, None for a column this planner does not use.

    Examples
    --------
    >>> field_of("人口（人）"), field_of("Longitude"), field_of("备注")
    ('population', 'lon', None)
    """
    return _field_and_multiple(heading)[0]


def multiple_of(heading: str) -> int:
    """Return what one unit of the column's figures stands for.

    Examples
    --------
    >>> multiple_of("人口（千人）"), multiple_of("投资（万元）"), multiple_of("人口")
    (1000, 10000, 1)
    """
    return _field_and_multiple(heading)[1]


def _field_and_multiple(heading: str) -> tuple[str | None, int]:
    plain = _plain(heading)
    if plain in _FIELD_BY_HEADING:
        return _FIELD_BY_HEADING[plain], 1
    for field, units in _UNITS.items():
        for unit in (*units, ""):
            for word, multiple in ("", 1), *MULTIPLES.items():
                tail = word + unit
                if tail and plain.endswith(tail) and _FIELD_BY_HEADING.get(plain.removesuffix(tail)) == field:
                    return field, multiple if field not in ("lon", "lat") else 1
    return None, 1


def fields_of_short(columns: Sequence[str]) -> dict[str, str]:
    """Return the field of each column of a shapefile, whose format cuts names at ten characters.

    Examples
    --------
    >>> fields_of_short(["population", "populati_1", "poor_house", "remarks"])
    {'population': 'population', 'populati_1': 'population_source', 'poor_house': 'poor_households'}
    """
    found = {column: field for column in columns if (field := field_of(column))}
    for column in columns:
        again = _SHORT_AGAIN.fullmatch(column)
        begins = again[1] if again else column
        if column in found or (len(column) != _SHORT):
            continue
        fields = {
            field
            for field, headings in HEADINGS.items()
            for heading in headings
            if len(heading) > _SHORT and heading.startswith(begins.lower()) and field not in found.values()
        }
        if len(fields) == 1:
            found[column] = fields.pop()
    return found
