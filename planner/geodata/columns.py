"""What county offices and map data call their columns, and the one name each has here; the words are in ``columns.toml``."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from dataclasses import field as dataclass_field
from decimal import Decimal
from functools import cache, lru_cache
from importlib import resources
from typing import Any

from planner.config import Datum
from planner.errors import Message

_DATA: dict[str, Any] = tomllib.loads(
    resources.files("planner.geodata").joinpath("columns.toml").read_text(encoding="utf-8")
)
HEADINGS: dict[str, tuple[str, ...]] = {name: tuple(words) for name, words in _DATA["headings"].items()}
"""Accepted headings by field, compared without case, spaces, brackets and units."""
UNITS: dict[str, tuple[str, ...]] = {name: tuple(units) for name, units in _DATA["units"].items()}
"""What may follow a heading, or a figure in a cell, by field."""
MULTIPLES: dict[str, int] = _DATA["multiples"]
"""What one unit of a figure stands for when its heading or cell says so."""
Multiple = int | Decimal
_UNIT_VALUES = {unit: Decimal(value) for unit, value in _DATA["unit_values"].items()}
WORDS: dict[str, frozenset[str]] = {kind: frozenset({kind, *words}) for kind, words in _DATA["words"].items()}
"""What a kind of site, house or source is called in cells, in lower case."""
YES, NO = frozenset(_DATA["flags"]["yes"]), frozenset(_DATA["flags"]["no"])
PATTERNS: dict[str, re.Pattern[str]] = {
    name: re.compile(pattern, re.IGNORECASE) for name, pattern in _DATA["patterns"].items()
}
NAMES: dict[str, Any] = _DATA["names"]
"""Tails of names, by which they are made short."""
NOTATION: tuple[tuple[str, str], ...] = tuple(
    sorted(
        ((word, sign) for sign, words in _DATA["notation"].items() for word in words),
        key=lambda pair: -len(pair[0]),  # longest first: 东经 before 东
    )
)
"""Words and signs of degrees, and the one that stands for each."""
_PREFERRED: dict[str, list[re.Pattern[str]]] = {
    field: [re.compile(pattern) for pattern in patterns] for field, patterns in _DATA["preferred"].items()
}

_NOISE = re.compile(r"[\s_\-()（）\[\]【】:：*/.,，、。]+")
_BRACKETS = re.compile(r"[(\[【{<《]([^()\[\]【】{}<>《》]*)[)\]】}>》]")
_PARTS = re.compile(r"[,，、;；/:：\s]+")
_NO_HEADINGS = Message("no row of headings: planner day AREA --template writes a table with those that are read")
_NUMBERED = re.compile(r"^\s*(\(?\d{1,2}[.、)]|[①-⑳])\s*")
_YEAR = re.compile(r"^((?:19|20)\d\d)年?[末底度]?")
_YEAR_BEHIND = re.compile(r"(?<!\d)((?:19|20)\d\d)年?[末底度]?$")
_SHORT = 10  # characters of a column's name in a shapefile
_SHORT_AGAIN = re.compile(r"(.{8})_\d")  # what GDAL writes when two names begin alike


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Vocabulary:
    """What the columns of one kind of table are called, by field.

    ``own`` are the fields that each row has for itself: a merged cell does not say which part is whose. ``figures`` are
    those that make a row one of the table. A heading in one of ``other_units`` is not understood. ``in_units`` are headings
    whose unit makes them what they are, with field and unit. ``without`` is said of a table without any of the headings.
    """

    headings: Mapping[str, tuple[str, ...]]
    own: frozenset[str]
    figures: frozenset[str]
    other_units: re.Pattern[str] | None = None
    in_units: Mapping[str, tuple[str, str]] = dataclass_field(default_factory=dict)
    without: Message = _NO_HEADINGS

    def is_of_persons(self, heading: str) -> bool:
        """Return whether a heading, with that of its group, is one of a column about people, which is not read."""
        return False


PLACES = Vocabulary(
    headings=HEADINGS,
    own=frozenset(
        {
            *("name", "id", "lon", "lat", "position", "place"),
            *("name_latin", "population", "households", "poor_households", "opening_cost_yuan", "capacity_parcels_day"),
            *("closing_cost_yuan", "rent_yuan_year", "contact"),
        }
    ),
    figures=frozenset({"lon", "lat", "population", "households", "id"}),
    without=Message("no row of headings: name the columns, for example name, township, lon, lat, population"),
)
"""The columns of townships, villages and sites."""


def worth(multiple: int, unit: str) -> Multiple:
    """Return what one unit stands for in that of the field, with a word like 千 before it.

    Examples
    --------
    >>> worth(1, "公斤"), worth(1, "斤"), worth(1000, "斤"), worth(1, "吨")
    (1, Decimal('0.5'), 500, 1000)
    """
    value = _UNIT_VALUES.get(unit, Decimal(1)) * multiple
    return int(value) if value == int(value) else value


def _plain(heading: str) -> str:
    return _NOISE.sub("", normal(heading).lower())


def normal(text: str) -> str:
    r"""Return a text in plain characters: full width as half, no marks nobody sees, any run of blanks as one.

    Examples
    --------
    >>> normal("１２６．５\u200b\u00a0\u3000度\n")
    '126.5 度'
    """
    if text.isascii() and text.isprintable():
        return " ".join(text.split())
    seen = "".join(" " if c in "\t\n\r\v\f" else c for c in text if unicodedata.category(c) != "Cf")
    return " ".join(unicodedata.normalize("NFKC", seen).split())


def field_of(heading: str, vocabulary: Vocabulary = PLACES) -> str | None:
    """Return the field a heading stands for, None for a column this planner does not use.

    Examples
    --------
    >>> field_of("人口（人）"), field_of("Longitude"), field_of("备注"), field_of("1.经度（例：126.5）")
    ('population', 'lon', None, 'lon')
    """
    return _field_and_multiple(heading, vocabulary)[0]


def multiple_of(heading: str, vocabulary: Vocabulary = PLACES) -> Multiple:
    """Return what one unit of the column's figures stands for.

    Examples
    --------
    >>> multiple_of("人口（千人）"), multiple_of("投资（万元）"), multiple_of("人口"), multiple_of("人口（2020年末，万人）")
    (1000, 10000, 1, 10000)
    """
    return _field_and_multiple(heading, vocabulary)[1]


def preference(field: str, heading: str) -> tuple[int, int]:
    """Return how much a heading is liked for its field, the least the most: by the words it has, then by the latest year.

    Examples
    --------
    >>> sorted(["户籍人口", "常住人口", "2020年人口", "人口"], key=lambda heading: preference("population", heading))
    ['常住人口', '2020年人口', '人口', '户籍人口']
    """
    plain = _plain(heading)
    year = _YEAR.match(plain) or _YEAR_BEHIND.search(plain)
    words = _PREFERRED.get(field, [])
    rest = plain[: year.start()] + plain[year.end() :] if year else plain
    rank = next((number for number, pattern in enumerate(words) if pattern.search(rest)), len(words))
    return rank, -int(year[1]) if year else 0


def datum_in(heading: str) -> Datum | None:
    """Return the datum that a heading names, None if it names none or several.

    Examples
    --------
    >>> datum_in("经度（BD09）"), datum_in("经度")
    (<Datum.BD09: 'bd09'>, None)
    """
    found = [datum for datum in Datum if PATTERNS[f"datum_{datum.value}"].search(normal(heading))]
    return found[0] if len(found) == 1 else None


@lru_cache(maxsize=4096)
def _field_and_multiple(heading: str, vocabulary: Vocabulary) -> tuple[str | None, Multiple]:
    for text in _ways_to_read(normal(heading)):
        found = _exact(_plain(text), vocabulary)
        if found[0]:
            return found
        parts = [part for inside in _BRACKETS.findall(text) for part in _PARTS.split(inside) if part]
        field, multiple = _exact(_plain(_BRACKETS.sub("", text)), vocabulary) if parts else (None, 1)
        if field is None:
            continue
        units = [_multiple_in(field, part.removeprefix(NAMES["unit"]), vocabulary) for part in parts]
        if None in units:
            continue  # it has some unit in ten thousands that is not known: no column that is understood
        said = [unit for unit in units if unit != 1]
        return field, said[0] if said and said[0] is not None else multiple
    return None, 1


def _ways_to_read(heading: str) -> Iterator[str]:
    yield heading
    if _NUMBERED.match(heading):
        yield _NUMBERED.sub("", heading)
    for year in (_YEAR, _YEAR_BEHIND):
        if year.search(heading):
            yield year.sub("", heading)


def _exact(plain: str, vocabulary: Vocabulary) -> tuple[str | None, Multiple]:
    field = _by_heading(vocabulary).get(plain)
    return (field, 1) if field else _with_units(vocabulary).get(plain, (None, 1))


@cache
def _by_heading(vocabulary: Vocabulary) -> dict[str, str]:
    return {_plain(heading): field for field, headings in vocabulary.headings.items() for heading in headings}


@cache
def _with_units(vocabulary: Vocabulary) -> dict[str, tuple[str, Multiple]]:
    """Return field and multiple of each heading with each unit that may follow it."""
    found: dict[str, tuple[str, Multiple]] = {}
    for heading, field in _by_heading(vocabulary).items():
        for unit in (*UNITS.get(field, ()), "") if field in UNITS else ():
            for word, multiple in ("", 1), *MULTIPLES.items():
                for tail in (word + unit, NAMES["unit"] + word + unit):
                    if tail:
                        times = worth(multiple, unit) if field not in ("lon", "lat") else 1
                        found.setdefault(heading + tail, (field, times))
    for heading, (field, unit) in vocabulary.in_units.items():
        found.setdefault(_plain(heading), (field, worth(1, unit)))
    return found


def _multiple_in(field: str, text: str, vocabulary: Vocabulary) -> Multiple | None:
    """Return what a bracket after a heading says a unit stands for, 1 for any other remark, None if it cannot be told."""
    plain = _plain(text)
    if field in ("lon", "lat"):
        return 1
    for unit in (*UNITS.get(field, ()), ""):
        for word, multiple in ("", 1), *MULTIPLES.items():
            if plain and plain == word + unit:
                return worth(multiple, unit)
    if vocabulary.other_units is not None and field in UNITS and vocabulary.other_units.search(plain):
        return None
    return None if PATTERNS["unit_of_many"].search(plain) else 1


def unknown_unit(heading: str, vocabulary: Vocabulary) -> tuple[str, str] | None:
    """Return field and unit of a heading that is not read since nobody knows what its unit stands for there.

    Tables of places have none: what they write behind a heading is a remark.
    """
    other = vocabulary.other_units
    if other is None or field_of(heading, vocabulary) is not None:
        return None
    for text in _ways_to_read(normal(heading)):
        parts = [part for inside in _BRACKETS.findall(text) for part in _PARTS.split(inside) if part]
        field = _exact(_plain(_BRACKETS.sub("", text)), vocabulary)[0] if parts else None
        for part in parts if field in UNITS else ():
            if field and _multiple_in(field, part.removeprefix(NAMES["unit"]), vocabulary) is None:
                return field, part
        plain = _plain(text)
        for end in range(len(plain) - 1, 0, -1):
            field = _exact(plain[:end], vocabulary)[0]
            if field in UNITS and other.fullmatch(plain[end:]):
                return field, plain[end:]
    return None


def is_unit(text: str, vocabulary: Vocabulary = PLACES) -> bool:
    """Return whether a cell holds a unit only, as a row of units below the headings does.

    Examples
    --------
    >>> is_unit("万人"), is_unit("（户）"), is_unit("-"), is_unit("村")
    (True, True, True, False)
    """
    plain = _plain(text)
    tails = {unit for units in UNITS.values() for unit in units}
    if vocabulary.other_units is not None and vocabulary.other_units.fullmatch(plain):
        return True
    return not plain or plain in tails or any(plain == word + tail for word in MULTIPLES for tail in (*tails, ""))


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
            if len(heading) > _SHORT and heading.startswith(begins.lower())
            if field not in found.values() and field != "position"  # a shapefile has its positions elsewhere
        }
        if len(fields) == 1:
            found[column] = fields.pop()
    return found
