"""The embedded register: counties' boundaries, township and village codes, township seats."""

from __future__ import annotations

import csv
import gzip
import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import geopandas
import shapely

from planner.config import data_folder
from planner.errors import Message, UnknownAreaError
from planner.geodata.columns import NAMES, PATTERNS

_KEPT_LENGTH = 2  # 新村 stays 新村: a name cut to one character names too much


@dataclass(frozen=True, slots=True, kw_only=True)
class Division:
    """One entry of the register: a township (9 digits) or a village (12 digits)."""

    code: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Seat:
    """A township's seat as GeoNames has it."""

    code: str
    name: str
    name_latin: str
    lon: float
    lat: float


def _folder() -> Path:
    return data_folder() / "boundaries"


@cache
def townships_of(county: str) -> tuple[Division, ...]:
    """Return the townships of a six-digit county, by code; empty for a county the register does not have."""
    with (_folder() / "township_codes.csv").open(encoding="utf-8", newline="") as file:
        return tuple(Division(code=r["code"], name=r["name"]) for r in csv.DictReader(file) if r["areaCode"] == county)


@cache
def villages_of(county: str) -> tuple[Division, ...]:
    """Return the villages and neighbourhoods of a six-digit county, by code."""
    with gzip.open(_folder() / "village_codes.csv.gz", "rt", encoding="utf-8", newline="") as file:
        return tuple(Division(code=r["code"], name=r["name"]) for r in csv.DictReader(file) if r["areaCode"] == county)


@cache
def seats_of(county: str) -> tuple[Seat, ...]:
    """Return the township seats of a county that GeoNames has, by code."""
    features = json.loads((_folder() / "township_seats_geonames.geojson").read_text(encoding="utf-8"))["features"]
    seats = [
        Seat(
            code=str(feature["properties"]["town_code"]),
            name=feature["properties"]["town_name"],
            name_latin=feature["properties"]["name"],
            lon=feature["geometry"]["coordinates"][0],
            lat=feature["geometry"]["coordinates"][1],
        )
        for feature in features
        if str(feature["properties"].get("town_code") or "").startswith(county)
    ]
    return tuple(sorted(seats, key=lambda seat: seat.code))


@cache
def _counties() -> geopandas.GeoDataFrame:
    return geopandas.read_file(_folder() / "boundaries.gpkg", layer="county")


def county_name(code: str) -> str:
    """Return the name of a county, as the embedded boundaries have it.

    Raises
    ------
    UnknownAreaError
        If the embedded boundaries do not have that code.

    Examples
    --------
    >>> county_name("231221")
    '望奎县'
    """
    return str(_county(code)["name"].iloc[0])


def county_boundary(code: str) -> shapely.Geometry:
    """Return the polygon of a county in lon/lat.

    Raises
    ------
    UnknownAreaError
        If the embedded boundaries do not have that code.
    """
    geometry: shapely.Geometry = _county(code).geometry.iloc[0]
    return geometry


def _county(code: str) -> geopandas.GeoDataFrame:
    counties = _counties()
    found = counties[counties["adcode"].astype(str) == code]
    if found.empty:
        raise UnknownAreaError(
            Message(
                "no county with division code {code} among the {count} embedded ones (Heilongjiang, 23....): "
                "give the area's boundary as a file",
                code=repr(code),
                count=len(counties),
            )
        )
    return found


def find_county(text: str) -> tuple[str, str]:
    """Return code and name of the county with this six-digit code or name; the beginning of a name will do if it is one's.

    Raises
    ------
    UnknownAreaError
        If there is none, or more than one; the message names those there are.
    """
    counties = _counties()
    known = dict(zip(counties["adcode"].astype(str), counties["name"].astype(str), strict=True))
    if text in known:
        return text, known[text]
    found = [(code, name) for code, name in known.items() if text and name == text]
    found = found or [(code, name) for code, name in known.items() if text and name.startswith(text)]
    if len(found) == 1:
        return found[0]
    if found:
        names = [f"{code} {name}" for code, name in sorted(found)]
        raise UnknownAreaError(
            Message("{text} is the name of more than one county: give the code: {names}", text=repr(text), names=names)
        )
    raise UnknownAreaError(
        Message(
            "no county {text} among the {count} embedded ones (Heilongjiang, 23....)", text=repr(text), count=len(known)
        )
    )


def plain_village(name: str) -> str:
    """Return a village's name without what kind of committee it has, for comparing.

    Examples
    --------
    >>> plain_village("新福村民委员会"), plain_village("新福村"), plain_village("新村")
    ('新福', '新福', '新村')
    """
    short = PATTERNS["village_tail"].sub("", name.strip())
    if name.endswith(tuple(NAMES["village_committees"])):
        short = short.removesuffix(NAMES["village"]) if len(short) > _KEPT_LENGTH else short
    return short if len(short) >= _KEPT_LENGTH else name.strip()


def short_name(name: str) -> str:
    """Return a village's name as people say it, without its committee; other names stay.

    Examples
    --------
    >>> short_name("新福村民委员会"), short_name("新福村委会"), short_name("拜泉镇")
    ('新福村', '新福村', '拜泉镇')
    """
    for committee in NAMES["village_committees"]:
        if name.endswith(committee):
            return f"{name.removesuffix(committee)}{NAMES['village']}"
    return name


def plain_township(name: str) -> str:
    """Return a township's name without its rank, for comparing: ranks change, names stay.

    Examples
    --------
    >>> plain_township("兴农镇"), plain_township("兴农乡")
    ('兴农', '兴农')
    """
    short = PATTERNS["township_tail"].sub("", name.strip())
    return short if len(short) >= _KEPT_LENGTH else name.strip()


def latin_name(name: str) -> str:
    """Return the name in pinyin, the first letter upper case; names without Chinese characters stay as they are.

    Examples
    --------
    >>> latin_name("拜泉镇"), latin_name("Warlin")
    ('Baiquanzhen', 'Warlin')
    """
    import pypinyin  # its table of phrases takes a third of a second to load

    return "".join(pypinyin.lazy_pinyin(name)).capitalize() if any("\u4e00" <= c <= "\u9fff" for c in name) else name


def latin_initials(name: str) -> str:
    """Return the first pinyin letter of each character, as people type to find a name; empty without Chinese characters.

    Examples
    --------
    >>> latin_initials("兴农镇"), latin_initials("Warlin")
    ('xnz', '')
    """
    import pypinyin

    letters = pypinyin.lazy_pinyin(name, style=pypinyin.Style.FIRST_LETTER, errors="ignore")
    return "".join(letters)
