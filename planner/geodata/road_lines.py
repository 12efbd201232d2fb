"""Shapefile, GeoPackage or GeoJSON of lines → roads with OpenStreetMap's tags: what a transport bureau has."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence
from importlib import resources
from pathlib import Path
from typing import Any

import geopandas
import numpy as np
import shapely

from planner.config import PlanConfig, RoadLinesConfig
from planner.errors import BadDataError, ConfigError, Message, of_file
from planner.geodata.datum import to_wgs84
from planner.geodata.findings import Finding, Severity, about_file
from planner.geodata.readers.vector import vector_layers
from planner.model import Fact, as_fact, said
from planner.model.drawn_roads import DrawnRoads
from planner.model.surfaces import surface_called
from planner.units import FloatArray

LINE_FILES = frozenset({".geojson", ".json", ".gpkg", ".shp", ".zip"})
_WORDS: dict[str, Any] = tomllib.loads(
    resources.files("planner.geodata").joinpath("road_words.toml").read_text(encoding="utf-8")
)
_OSM_CLASSES = frozenset(
    {"motorway", "trunk", "primary", "secondary", "tertiary", "unclassified", "residential", "living_street", "service"}
    | {"track", "road", "pedestrian", "footway", "path", "cycleway", "steps", "bridleway"}
    | {f"{kind}_link" for kind in ("motorway", "trunk", "primary", "secondary", "tertiary")}
)
_NOISE = re.compile(r"[\s_\-()\[\]\u3010\u3011:*/]+")
_FIGURE = re.compile(_WORDS["patterns"]["speed"])
_TRACK = re.compile(r"track_(grade[1-5])")
_FASTEST_KPH = 150
_UNKNOWN_CLASS = "road"
FIELDS = ("road_class", "grade", "code", "surface", "oneway", "maxspeed")


def area_road_lines(config: PlanConfig, path: Path) -> DrawnRoads:
    """Return the lines of an area's road file.

    Raises
    ------
    ConfigError
        If the configuration does not say which datum they are in, or names a column that there is not.
    BadDataError
        If the file cannot be used.
    """
    if config.area.road_lines is None:
        what = Message(
            'area.road_lines.datum is missing: say which datum {file} is in ([area.road_lines] datum = "cgcs2000")',
            file=path.name,
        )
        raise ConfigError(Message("a road file of lines does not say its datum"), [what])
    return read_road_lines(path, config.area.road_lines)


def read_road_lines(path: Path, config: RoadLinesConfig) -> DrawnRoads:
    """Return the lines of all layers of a file in WGS 84.

    Columns are those that the configuration names, else those with a heading known here. Features without a geometry,
    other geometries than lines and lines that repeat another (in either direction) are counted and left out; each part of a
    line of several parts is a line of its own.

    Raises
    ------
    BadDataError
        If the file cannot be read, has no line, or its coordinates are not degrees.
    ConfigError
        If the configuration names a column that there is not.
    """
    if not path.is_file():
        raise BadDataError(of_file(path, Message("no such file")))
    frames = [frame for frame in vector_layers(path).values() if frame is not None and _has_lines(frame)]
    if not frames:
        raise BadDataError(
            of_file(path.name, Message("has no lines: roads are lines (LineString), or an OpenStreetMap extract"))
        )
    found = _Lines()
    for frame in frames:
        columns = _columns(path, [str(c) for c in frame.columns if c != frame.geometry.name], config)
        found.columns |= columns
        found.add(frame, columns, config)
    if not found.lines:
        raise BadDataError(of_file(path.name, Message("has no line of two points")))
    everything = np.concatenate(found.lines)
    if not np.isfinite(everything).all() or np.abs(everything[:, 0]).max() > 180 or np.abs(everything[:, 1]).max() > 90:
        what = Message("the roads' coordinates are not degrees: save the file in EPSG:4326")
        raise BadDataError(of_file(path.name, what))
    return DrawnRoads(
        lines=tuple(np.column_stack(to_wgs84(line[:, 0], line[:, 1], config.datum)) for line in found.lines),
        tags=tuple(found.tags),
        numbers=tuple(found.numbers),
        tolerance_m=config.tolerance_m,
        counts={code: count for code, count in found.counts.items() if count},
        not_understood=dict(found.not_understood.most_common()),
        columns=found.columns,
    )


def _has_lines(frame: geopandas.GeoDataFrame) -> bool:
    return any(shape is not None and shape.geom_type in ("LineString", "MultiLineString") for shape in frame.geometry)


def _columns(path: Path, there: Sequence[str], config: RoadLinesConfig) -> dict[str, str]:
    """Return the column of each field: as the configuration says, else the first whose heading is known here."""
    given = {name: column for name in FIELDS if (column := getattr(config, name))}
    missing = [column for column in given.values() if column not in there]
    if missing:
        what = Message(
            "{file} has no column {missing}: it has {there}", file=path.name, missing=missing, there=list(there)
        )
        raise ConfigError(Message("area.road_lines does not fit the road file"), [what])
    guessed = {
        name: column
        for name in FIELDS
        for heading in _WORDS["headings"][name][::-1]
        for column in there
        if _plain(column) == _plain(heading) and column not in given.values()
    }
    return {**guessed, **given}


def findings_about(drawn: DrawnRoads, file: str) -> list[Finding]:
    """Return which columns were taken for what, what was left out, and the values that nobody understood."""
    columns = [
        Message("{field} = {column}", field=name, column=drawn.columns[name])
        for name in FIELDS
        if name in drawn.columns
    ]
    found = [
        about_file(
            Severity.NOTE,
            "road_columns",
            file,
            as_fact(
                Message(
                    "{count} lines; ends within {tolerance} m of another line are joined to it; columns: {columns}",
                    count=len(drawn.lines),
                    tolerance=f"{drawn.tolerance_m:g}",
                    columns=columns or Message("none known"),
                )
            ),
            said("name the columns in area.road_lines where that is wrong"),
        )
    ]
    for code, count in drawn.counts.items():
        message, remedy = _left_out(code, count)
        found.append(about_file(Severity.WARNING, f"road_{code}", file, message, remedy))
    for (name, value), count in drawn.not_understood.items():
        message = said("{value} is not understood on {count} lines", value=repr(value[:50]), count=count)
        remedy = said(
            "say what it means in area.road_lines: classes for a class, surfaces for a surface; else correct it"
        )
        found.append(about_file(Severity.WARNING, "road_value", file, message, remedy, field=drawn.columns[name]))
    return found


def _left_out(code: str, count: int) -> tuple[Fact, Fact]:
    """Return what was left out, or not known, and what to do about it."""
    no_road = said("nothing, if they are no roads")
    return {
        "no_geometry": (said("{count} features have no geometry and are left out", count=count), no_road),
        "no_line": (said("{count} features are no lines and are left out", count=count), no_road),
        "one_point": (
            said("{count} lines have one point only and are left out", count=count),
            said("draw them again where a road is missing"),
        ),
        "repeated": (
            said("{count} lines repeat another and are left out", count=count),
            said("nothing, if they are the same road"),
        ),
        "no_class": (
            said("{count} features have no class that is known: they have the speed of an unknown road", count=count),
            said("name the column of the class in area.road_lines, or what its values mean"),
        ),
    }[code]


class _Lines:
    """Lines one by one, with what was left out."""

    def __init__(self) -> None:
        self.lines: list[FloatArray] = []
        self.tags: list[Mapping[str, str]] = []
        self.numbers: list[int] = []
        self.counts: Counter[str] = Counter()
        self.not_understood: Counter[tuple[str, str]] = Counter()
        self.columns: dict[str, str] = {}
        self._seen: set[bytes] = set()
        self._number = 0

    def add(self, frame: geopandas.GeoDataFrame, columns: Mapping[str, str], config: RoadLinesConfig) -> None:
        values = {name: [_text(value) for value in frame[column]] for name, column in columns.items()}
        words = _Reading(config, values.get("oneway", ()), self.not_understood)
        for row, shape in enumerate(frame.geometry):
            self._number += 1
            if shape is None or shape.is_empty:
                self.counts["no_geometry"] += 1
                continue
            if shape.geom_type not in ("LineString", "MultiLineString"):
                self.counts["no_line"] += 1
                continue
            tags = words.tags({name: column[row] for name, column in values.items()})
            self.counts["no_class"] += tags["highway"] == _UNKNOWN_CLASS
            for part in shapely.get_parts(shapely.force_2d(shape)):
                self._add_line(shapely.get_coordinates(part), tags)

    def _add_line(self, line: FloatArray, tags: Mapping[str, str]) -> None:
        fresh = np.ones(len(line), dtype=np.bool_)
        fresh[1:] = (line[1:] != line[:-1]).any(axis=1)
        line = line[fresh]
        if len(line) < 2:
            self.counts["one_point"] += 1
            return
        oneway = tags.get("oneway", "no")
        forth, back = line.tobytes(), line[::-1].tobytes()
        key = (forth if oneway != "no" else min(forth, back)) + oneway.encode()
        if key in self._seen:
            self.counts["repeated"] += 1
            return
        self._seen.add(key)
        self.lines.append(line)
        self.tags.append(tags)
        self.numbers.append(self._number)


class _Reading:
    """What cells mean: the county's own words, then those known here, then OpenStreetMap's."""

    def __init__(self, config: RoadLinesConfig, oneway: Sequence[str], odd: Counter[tuple[str, str]]) -> None:
        self._classes = {_plain(word): kind for word, kind in config.classes.items()}
        self._surfaces = {_plain(word): kind for word, kind in config.surfaces.items()}
        geofabrik = {"b"} & {_plain(value) for value in oneway}
        words = _WORDS["oneway_geofabrik"] if geofabrik else {}
        self._oneway = {
            word: kind for table in (_WORDS["oneway"], words) for kind, all_ in table.items() for word in all_
        }
        self._odd = odd

    def tags(self, cells: Mapping[str, str]) -> dict[str, str]:
        """Return OpenStreetMap's tags of one road."""
        tags = {"highway": _UNKNOWN_CLASS}
        for name in ("code", "grade", "road_class"):  # of several the last that is understood is taken
            text = cells.get(name, "")
            if text and (kind := self._class(name, text)):
                tags |= kind
        if (surface := cells.get("surface", "")) and (known := self._surface(surface)):
            tags["surface"] = known
        elif surface:
            self._odd["surface", surface] += 1
        if text := cells.get("oneway", ""):
            self._direction(text, tags)
        if text := cells.get("maxspeed", ""):
            self._speed(text, tags)
        return tags

    def _class(self, name: str, text: str) -> dict[str, str]:
        plain = _plain(text)
        if plain in self._classes:
            return {"highway": self._classes[plain]}
        if name == "code":
            for kind, pattern in _WORDS["codes"].items():
                if re.match(pattern, text.strip(), re.IGNORECASE):
                    return {"highway": kind}
            return {}
        lower = text.strip().lower()
        if grade := _TRACK.fullmatch(lower):
            return {"highway": "track", "tracktype": grade[1]}
        if lower in _OSM_CLASSES or lower in _WORDS["not_there"]["osm"]:
            return {"highway": lower}
        if plain.startswith(tuple(_WORDS["not_there"]["words"])):
            return {"highway": "construction"}
        fits = [
            (len(word), kind) for kind, words in _WORDS["classes"].items() for word in words if plain.startswith(word)
        ]
        if fits:
            return {"highway": max(fits)[1]}
        self._odd[name, text] += 1
        return {}

    def _surface(self, text: str) -> str:
        """Return the surface that a cell stands for, empty if it is not known: a word of OpenStreetMap's is one."""
        plain, word = _plain(text), text.strip().lower()
        known = self._surfaces.get(plain) or surface_called(plain)
        return known if known != plain else word if word.isascii() and word.isalpha() else ""

    def _direction(self, text: str, tags: dict[str, str]) -> None:
        kind = self._oneway.get(text.strip().lower()) or self._oneway.get(_plain(text))
        if kind is None:
            self._odd["oneway", text] += 1
        elif kind != "no":
            tags["oneway"] = "yes" if kind == "yes" else "-1"

    def _speed(self, text: str, tags: dict[str, str]) -> None:
        figure = _FIGURE.fullmatch(_plain(text))
        if figure is None or int(figure[1]) > _FASTEST_KPH:
            self._odd["maxspeed", text] += 1
        elif int(figure[1]) > 0:  # 0 stands for unknown
            tags["maxspeed"] = figure[1]


def _plain(text: str) -> str:
    return _NOISE.sub("", unicodedata.normalize("NFKC", text).strip().lower())


def _text(value: object) -> str:
    if value is None or (isinstance(value, float) and value != value):
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    text = str(value).strip()
    return "" if text in ("None", "<NA>", "NaT") else text
