"""A file of boundaries → the area's: of many counties the one of its code or name, never all of them by mistake."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import shapely
from shapely.geometry.base import BaseGeometry

from planner.config import Datum
from planner.errors import BadDataError, Message, PlannerError, list_offenders, of_file
from planner.geodata.columns import NAMES, PATTERNS
from planner.geodata.gazetteer.spellings import written_name
from planner.geodata.geofiles import NO_POLYGON, POLYGONS, layers_with_geometry, united
from planner.geodata.projected import METRES_FROM, fits
from planner.geodata.readers.calamine_sheets import cell_text
from planner.geodata.register import county_boundary
from planner.model import as_message

_LINES = frozenset({"LineString", "MultiLineString", "LinearRing"})
_CODE = re.compile(r"([1-8]\d{5})(\d{3}|\d{6})?", re.ASCII)
_OVERLAP_SHARE = 0.02


@dataclass(frozen=True, slots=True, kw_only=True)
class _Shape:
    """One feature: its geometry and all it says of itself."""

    geometry: BaseGeometry
    texts: tuple[str, ...]

    @property
    def codes(self) -> tuple[str, ...]:
        return tuple(text for text in self.texts if _CODE.fullmatch(text))

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(text for text in self.texts if PATTERNS["county"].search(text))

    @property
    def label(self) -> str:
        return " ".join([*self.codes[:1], *(self.names or self.texts)[:1]]) if self.codes else " ".join(self.names[:1])


def holds_boundary(path: Path) -> bool:
    """Return whether a vector file has a polygon.

    Raises
    ------
    BadDataError
        If the file cannot be read.
    """
    return any(shape.geometry.geom_type in POLYGONS for shape in _shapes(path))


def boundary_in(path: Path, datum: Datum, *, code: str = "", name: str = "") -> shapely.Geometry:
    """Return the area's boundary in WGS 84 lon/lat: what has its division code, else its name, else all there is.

    Lines that close are taken as polygons.

    Raises
    ------
    BadDataError
        If there is no polygon, one crosses itself or is not in degrees, or several divisions or polygons that overlap leave
        open which is meant.
    """
    shapes = _shapes(path)
    if not shapes:
        raise BadDataError(of_file(path.name, NO_POLYGON))
    chosen = _of_code(shapes, code) or _of_name(shapes, name)
    if not chosen:
        _refuse_several(path, shapes, code)
        chosen = shapes
    polygons = [shape.geometry for shape in chosen if shape.geometry.geom_type in POLYGONS]
    polygons = polygons or _closed(path, [shape.geometry for shape in chosen])
    _refuse_metres(path, polygons, code)
    whole = united(path, polygons, datum)
    different = {shape.normalize().wkb: shape for shape in polygons}.values()
    if len(different) > 1 and sum(shape.area for shape in different) > shapely.area(whole) * (1 + _OVERLAP_SHARE):
        what = Message("its {count} polygons overlap: keep those that are the boundary", count=len(polygons))
        raise BadDataError(of_file(path.name, what))
    return whole


def _refuse_metres(path: Path, polygons: Sequence[BaseGeometry], code: str) -> None:
    """Refuse polygons in metres, with the projection that puts them where the county is."""
    points = shapely.get_coordinates(polygons)
    if not len(points) or np.abs(points).min() < METRES_FROM:
        return
    found = fits(points[:, 0], points[:, 1], _ground(code))
    if found:
        what = Message(
            "the boundary is in metres of {projections}: declare that system in the file, or save it in degrees (EPSG:4326)",
            projections=[as_message(fit.projection.name) for fit in found],
        )
        raise BadDataError(of_file(path.name, what))


def _ground(code: str) -> shapely.Geometry | None:
    try:
        return county_boundary(code) if code else None
    except PlannerError:
        return None


def _shapes(path: Path) -> list[_Shape]:
    shapes = []
    for frame in layers_with_geometry(path).values():
        columns = [column for column in frame.columns if column != frame.geometry.name]
        for number, geometry in enumerate(frame.geometry):
            values = [frame[column].iloc[number] for column in columns]
            texts = [cell_text(value).strip() for value in values if not pd.isna(value)]
            said = tuple(text.removesuffix(".0") for text in texts)
            shapes += [_Shape(geometry=part, texts=said) for part in _parts(geometry)]
    return shapes


def _parts(geometry: BaseGeometry | None) -> list[BaseGeometry]:
    """Return a feature's polygons or lines; of a collection its polygons, or else its lines."""
    if geometry is None or geometry.is_empty:
        return []
    parts = shapely.get_parts(geometry).tolist() if geometry.geom_type == "GeometryCollection" else [geometry]
    return [part for part in parts if part.geom_type in POLYGONS] or [p for p in parts if p.geom_type in _LINES]


def _of_code(shapes: Sequence[_Shape], code: str) -> list[_Shape]:
    """Return what has the county's code, else the townships and villages whose codes begin with it."""
    if not code:
        return []
    own = {code, f"{code}000", f"{code}000000"}
    return [shape for shape in shapes if own & set(shape.codes)] or [
        shape for shape in shapes if any(text.startswith(code) and len(text) > len(code) for text in shape.codes)
    ]


def _of_name(shapes: Sequence[_Shape], name: str) -> list[_Shape]:
    """Return what has the county's name, else the name behind its province and city, in other characters or cut short."""
    full = written_name(name)
    plain = PATTERNS["county"].sub("", full)
    found = [shape for shape in shapes if name and name in shape.texts]
    if not found and len(full) > 1:
        found = [shape for shape in shapes if any(_is_called(written_name(text), full) for text in shape.names)]
    if found or len(plain) < 2:
        return found
    return [
        shape
        for shape in shapes
        if any(PATTERNS["county"].sub("", written_name(text)) == plain for text in shape.texts)
    ]


def _is_called(text: str, name: str) -> bool:
    """Return whether a text is the name, alone or behind its province and city."""
    before = text.removesuffix(name)
    return text.endswith(name) and (not before or before[-1] in NAMES["divisions"])


def _refuse_several(path: Path, shapes: Sequence[_Shape], code: str) -> None:
    """Refuse a file of several divisions of which none is the area's."""
    labels = list(dict.fromkeys(shape.label for shape in shapes if shape.label))
    if len(labels) < 2:
        return
    wanted = (
        Message("none of them is {code}", code=code)
        if code
        else Message("area.division_code does not say which is meant")
    )
    what = Message(
        "holds {count} divisions, and {wanted}: give the code of one, or a file with only the area's: {names}",
        count=len(labels),
        wanted=wanted,
        names=list_offenders(labels),
    )
    raise BadDataError(of_file(path.name, what))


def _closed(path: Path, lines: Sequence[BaseGeometry]) -> list[BaseGeometry]:
    """Return the polygons that lines enclose."""
    polygons, cuts, dangles, invalid = shapely.polygonize_full(
        [shapely.union_all([shapely.force_2d(line) for line in lines])]
    )
    if polygons.is_empty or not (cuts.is_empty and dangles.is_empty and invalid.is_empty):
        what = Message("the boundary is lines that do not close: make them one polygon (in QGIS: Polygonize)")
        raise BadDataError(of_file(path.name, what))
    return list(polygons.geoms)
