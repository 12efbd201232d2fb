"""The embedded register of China's counties: their boundaries, township and village codes, township seats.

All of it is in one archive, province by province, so that a county costs a hundredth of a second; ``scripts`` says how the
archive is built from the packages that have it.
"""

from __future__ import annotations

import csv
import io
import json
import unicodedata
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

import shapely

from planner.config import data_folder
from planner.errors import Message, UnknownAreaError
from planner.geodata.columns import NAMES, PATTERNS
from planner.geodata.datum import shifted_here
from planner.geodata.gazetteer.spellings import written_name

_KEPT_LENGTH = 2  # 新村 stays 新村: a name cut to one character names too much
_SHOWN = 10
_TOWNSHIP_DIGITS, _VILLAGE_DIGITS = 9, 12
_VILLAGE_COMMITTEES = range(200, 400)  # as the statistical codes number them: 001 to 199 are neighbourhoods,
_AS_VILLAGES = range(500, 600)  # 400 to 499 what is like them, 500 to 599 farms, pastures and companies


@dataclass(frozen=True, slots=True, kw_only=True)
class Division:
    """One entry of the register: a township (9 digits) or a village (12 digits)."""

    code: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class County:
    """A county-level division; a development zone has codes and no boundary, Hong Kong a boundary and no codes."""

    code: str
    name: str
    city: str
    province: str
    has_boundary: bool

    @property
    def label(self) -> str:
        """Code and name with where it is: many names are those of several counties."""
        parents = dict.fromkeys(part for part in (self.province, self.city) if part != self.name)
        return f"{self.code} {''.join(parents)}{self.name}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Seat:
    """A township's seat as GeoNames has it."""

    code: str
    name: str
    name_latin: str
    lon: float
    lat: float


def _member(name: str) -> str:
    """Return the text of a part of the archive, empty for a province that it does not have."""
    with zipfile.ZipFile(data_folder() / "boundaries" / "register.zip") as archive:
        try:
            return archive.read(name).decode("utf-8")
        except KeyError:
            return ""


def _rows(name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(_member(name), newline="")))


@cache
def _counties() -> Mapping[str, County]:
    rows = (
        County(**{k: r[k] for k in ("code", "name", "city", "province")}, has_boundary=r["polygon"] == "1")
        for r in _rows("counties.csv")
    )
    return {county.code: county for county in rows}


@cache
def _divisions(province: str) -> Mapping[str, tuple[Division, ...]]:
    """Return the townships and villages of a province by county."""
    found: dict[str, list[Division]] = {}
    for row in _rows(f"{province}/divisions.csv"):
        found.setdefault(row["code"][:6], []).append(Division(code=row["code"], name=row["name"]))
    return {county: tuple(divisions) for county, divisions in found.items()}


def _below(county: str, digits: int) -> tuple[Division, ...]:
    return tuple(d for d in _divisions(county[:2]).get(county, ()) if len(d.code) == digits)


@cache
def townships_of(county: str) -> tuple[Division, ...]:
    """Return the townships of a six-digit county, by code; empty for a county the register does not have."""
    return _below(county, _TOWNSHIP_DIGITS)


@cache
def villages_of(county: str) -> tuple[Division, ...]:
    """Return the villages and neighbourhoods of a six-digit county, by code."""
    return _below(county, _VILLAGE_DIGITS)


def planned_villages(county: str) -> tuple[Division, ...]:
    """Return what a county plans service points for: its villages, where it has none its farms, else its neighbourhoods.

    Examples
    --------
    >>> len(planned_villages("231221")), planned_villages("110101")[0].code
    (109, '110101001001')
    """
    every = villages_of(county)
    for kind in (_VILLAGE_COMMITTEES, _AS_VILLAGES):
        if villages := tuple(village for village in every if int(village.code[-3:]) in kind):
            return villages
    return every


@cache
def seats_of(county: str) -> tuple[Seat, ...]:
    """Return the township seats of a county that GeoNames has, by code."""
    name = {township.code: township.name for township in townships_of(county)}
    return tuple(
        Seat(code=r["code"], name=name[r["code"]], name_latin=r["name_latin"], lon=float(r["lon"]), lat=float(r["lat"]))
        for r in _rows(f"{county[:2]}/seats.csv")
        if r["code"] in name
    )


@cache
def _boundaries(province: str) -> Mapping[str, shapely.Geometry]:
    features = json.loads(_member(f"{province}/counties.geojson") or '{"features": []}')["features"]
    return {f["properties"]["adcode"]: shapely.geometry.shape(f["geometry"]) for f in features}


def county_of(code: str) -> County:
    """Return the county with a six-digit code.

    Raises
    ------
    UnknownAreaError
        If there is none; the message names the counties whose codes begin alike.
    """
    if code in _counties():
        return _counties()[code]
    near = [county.label for county in _counties().values() if len(code) >= 4 and county.code[:4] == code[:4]]
    if near:
        raise UnknownAreaError(
            Message(
                "no county {code} in the register, which has the divisions of 2023: where counties were merged or "
                "renumbered, give today's code: {names}",
                code=repr(code),
                names=_some(near),
            )
        )
    raise UnknownAreaError(
        Message(
            "no county {code} among the {count} of the register: give its six-digit code of 2023 or its name, or the "
            "area's boundary as a file",
            code=repr(code),
            count=len(_counties()),
        )
    )


def county_name(code: str) -> str:
    """Return the name of a county.

    Raises
    ------
    UnknownAreaError
        If the register does not have that code.

    Examples
    --------
    >>> county_name("231221")
    '望奎县'
    """
    return county_of(code).name


def county_boundary(code: str) -> shapely.Geometry:
    """Return the polygon of a county in lon/lat.

    Raises
    ------
    UnknownAreaError
        If the register does not have that code, or no boundary for it.
    """
    county = county_of(code)
    if not county.has_boundary:
        raise UnknownAreaError(
            Message(
                "{county}: the register has its codes but no boundary (development zones have none): give the boundary "
                "as a file, with --boundary or as area.boundary",
                county=county.label,
            )
        )
    return _boundaries(code[:2])[code]


@cache
def in_china(lon: float, lat: float, code: str = "") -> bool:
    """Return whether a position in WGS 84 lies within the boundary of a county; ``code`` is one that it may lie in.

    Examples
    --------
    >>> in_china(126.1, 47.6, "230231"), in_china(127.53, 50.29), in_china(13.26, 53.55)
    (True, False, False)
    """
    if not shifted_here(lon, lat):
        return False
    at = shapely.Point(lon, lat)
    provinces = sorted({county[:2] for county in _counties()}, key=lambda province: province != code[:2])
    return any(shapely.intersects(shape, at) for province in provinces for shape in _boundaries(province).values())


def find_county(text: str) -> tuple[str, str]:
    """Return code and name of the county with this six-digit code or name; the beginning of a name will do if it is one's.

    Province and city may stand before the name; blanks, width and traditional characters do not matter.

    Raises
    ------
    UnknownAreaError
        If there is none, or more than one; the message names those there are.
    """
    plain = "".join(unicodedata.normalize("NFKC", text).split())
    if plain.isdecimal():
        county = county_of(plain)
        return county.code, county.name
    known = _counties().values()
    found = _counties_called(plain) or _counties_called(written_name(plain))
    if len(found) == 1:
        return found[0].code, found[0].name
    if found:
        names = _some([county.label for county in found])
        raise UnknownAreaError(
            Message("{text} is the name of more than one county: give the code: {names}", text=repr(text), names=names)
        )
    inside = [c.label for c in known if len(plain) > 1 and (c.city.startswith(plain) or c.province.startswith(plain))]
    if inside:
        raise UnknownAreaError(
            Message("{text} is no county: give one of its counties: {names}", text=repr(text), names=_some(inside))
        )
    raise UnknownAreaError(
        Message(
            "no county {code} among the {count} of the register: give its six-digit code of 2023 or its name, or the "
            "area's boundary as a file",
            code=repr(text),
            count=len(known),
        )
    )


def _counties_called(text: str) -> list[County]:
    """Return the counties of this name, or with it behind those of province and city, or whose name begins so."""
    known = _counties().values()
    found = [county for county in known if text and text == county.name]
    found = found or [c for c in known if text.endswith(c.name) and text.removesuffix(c.name) in c.province + c.city]
    return found or [county for county in known if text and county.name.startswith(text)]


def _some(names: list[str]) -> list[str]:
    return names if len(names) <= _SHOWN else [*names[:_SHOWN], Message("and {count} more", count=len(names) - _SHOWN)]


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
    >>> short_name("新福村民委员会"), short_name("新福村村委会"), short_name("拜泉镇")
    ('新福村', '新福村', '拜泉镇')
    """
    for committee in NAMES["village_committees"]:
        if name.endswith(committee):
            return f"{name.removesuffix(committee).removesuffix(NAMES['village'])}{NAMES['village']}"
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
