"""A map on a picture: where lon and lat lie on the paper, and the ground under it: boundary, roads, townships."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from matplotlib import patheffects
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure
from matplotlib.patches import PathPatch
from matplotlib.path import Path

from planner.model import RoadLine, Site, StudyArea, Township, Village
from planner.outputs.maps import style
from planner.outputs.maps.layers import road_style
from planner.outputs.names import spoken_name
from planner.outputs.pictures.paper import MM_PER_POINT, Paper
from planner.outputs.pictures.surround import Box, Key, above_scale, line_key, one_line, scale_and_north, text_width
from planner.words import term

_RoadKind = tuple[float, str, str, str]
Drawn = Township | Village | Site
METRES_PER_DEGREE = 6_371_008.8 * math.pi / 180
"""Of latitude, on a sphere of the earth's mean radius."""
_INK = "#222222"
_ROOM_MM = 3.0
_FINE_MM = 0.08
"""How far a drawn line may be off: thinner than any pen."""
_EDGE = {"color": "#333333"}
_EDGE_LINE: dict[str, Any] = {"linewidth": 1.1, "linestyle": (0, (7, 2, 1.5, 2))}


@dataclass(frozen=True, slots=True)
class Label:
    """A text that is written beside a place."""

    place: Drawn
    text: str
    strong: bool = False


@dataclass(frozen=True, slots=True)
class View:
    """One map: axes in millimetres, and the plate carrée at the middle's latitude that puts places on them."""

    axes: Axes
    paper: Paper
    box: Box
    middle: tuple[float, float]
    metres_per_mm: float

    def at(self, lonlat: Any) -> Any:
        """Return where (lon, lat) pairs lie on the axes, an array of the same shape (N, 2)."""
        pairs = np.asarray(lonlat, dtype=float).reshape(-1, 2)
        narrow = math.cos(math.radians(self.middle[1]))
        metres = (pairs - self.middle) * METRES_PER_DEGREE * (narrow, 1.0)
        return metres / self.metres_per_mm + (self.box.width / 2, self.box.height / 2)

    def shape(self, geometry: shapely.Geometry) -> shapely.Geometry:
        """Return a geometry in lon and lat as it lies on the axes, as fine as can be seen."""
        return shapely.simplify(shapely.transform(geometry, self.at), _FINE_MM, preserve_topology=False)

    def line(self, lonlat: Any) -> Any:
        """Return a line of (lon, lat) pairs as it lies on the axes, an array (N, 2)."""
        return shapely.get_coordinates(self.shape(shapely.LineString(lonlat)))

    def marks(self, places: Sequence[Drawn], **look: Any) -> None:
        """Draw a marker at each place, its look as of `Line2D`."""
        if places:
            xy = self.at([(place.lon, place.lat) for place in places])
            self.axes.plot(xy[:, 0], xy[:, 1], linestyle="none", **look)

    def land(self, shapes: Iterable[shapely.Geometry], **look: Any) -> None:
        """Draw polygons in lon and lat as one patch."""
        polygons = [
            polygon
            for shape in shapes
            for polygon in shapely.get_parts(self.shape(shape))
            if polygon.geom_type == "Polygon" and not polygon.is_empty
        ]
        if polygons:
            self.axes.add_patch(PathPatch(Path.make_compound_path(*map(_path, polygons)), **look))


def map_view(figure: Figure, paper: Paper, box: Box, area: StudyArea) -> View:
    """Return the one map of an area in a box, as large as it fits over the scale bar, which is drawn."""
    inner = above_scale(box, paper)
    metres_per_mm = scale_in(inner, area)
    scale_and_north(figure, paper, box, metres_per_mm)
    return view_of(figure, paper, inner, area, metres_per_mm)


def view_of(figure: Figure, paper: Paper, box: Box, area: StudyArea, metres_per_mm: float) -> View:
    """Return a map of an area in a box, so large as is said."""
    west, south, east, north = _extent(area)
    return View(box.axes(figure, paper), paper, box, ((west + east) / 2, (south + north) / 2), metres_per_mm)


def scale_in(box: Box, area: StudyArea) -> float:
    """Return how many metres a millimetre is where the area just fits into a box."""
    west, south, east, north = _extent(area)
    wide = (east - west) * math.cos(math.radians((south + north) / 2)) * METRES_PER_DEGREE
    high = (north - south) * METRES_PER_DEGREE
    return max(wide / (box.width - 2 * _ROOM_MM), high / (box.height - 2 * _ROOM_MM), 1.0)


def _extent(area: StudyArea) -> tuple[float, float, float, float]:
    spots = [(place.lon, place.lat) for places in (area.villages, area.sites, area.townships) for place in places]
    west, south, east, north = shapely.union_all([area.boundary, shapely.MultiPoint(spots)]).bounds
    return west, south, east, north


def draw_ground(view: View, area: StudyArea, roads: Sequence[RoadLine], closed: str = style.VERMILLION) -> None:
    """Draw boundary and roads, those that are ``closed`` in this colour: on a picture of routes they must look like none."""
    view.land([area.boundary], facecolor="#f7f6f2", edgecolor="none", zorder=0)
    for kind, lines in _by_kind(roads).items():
        drawn = [view.line(line) for line in lines]
        view.axes.add_collection(LineCollection(drawn, zorder=2, **_road_look(kind, closed)), autolim=False)
    view.land([area.boundary], facecolor="none", edgecolor=_EDGE["color"], **_EDGE_LINE, zorder=3)


def ground_keys(roads: Sequence[RoadLine], closed: str = style.VERMILLION) -> list[Key]:
    """Return what the lines of boundary and roads mean, the main roads first."""
    keys = [line_key(kind[3], **_road_look(kind, closed)) for kind in reversed(_by_kind(roads))]
    return [line_key(term("boundary"), **_EDGE, **_EDGE_LINE), *keys]


def _by_kind(roads: Sequence[RoadLine]) -> dict[_RoadKind, list[Any]]:
    groups: dict[_RoadKind, list[Any]] = defaultdict(list)
    for road in roads:
        if len(road.coordinates) > 1:
            groups[road_style(road)].append(road.coordinates)
    return dict(sorted(groups.items(), key=lambda item: (item[0][0], item[0][3])))


def _road_look(kind: _RoadKind, closed: str) -> dict[str, Any]:
    width, colour, dash, _ = kind
    return {
        "color": closed if colour == style.VERMILLION else colour,
        "linewidth": width * 0.45,
        "linestyle": dash_style(dash, width * 0.45),
    }


def dash_style(dash: str, width: float) -> Any:
    """Return a dash of the pages' maps (lengths in pixels) as matplotlib has it, in widths of the line."""
    return "solid" if not dash else (0, tuple(float(part) * 0.5 / max(width, 0.5) for part in dash.split()))


def named(places: Sequence[Drawn]) -> list[Label]:
    """Return the names of places as labels."""
    return [Label(place, one_line(spoken_name(place))) for place in places]


def write_labels(view: View, labels: Sequence[Label], taken: Sequence[Drawn] = ()) -> None:
    """Write labels beside their places, the first ones first, where they cover neither each other nor what is taken.

    A label without room is left out: one above another could be read by nobody.
    """
    size_pt = view.paper.text_pt * 0.95
    high = size_pt * MM_PER_POINT * 1.25
    places = [*(label.place for label in labels), *taken]
    spots = view.at([(place.lon, place.lat) for place in places])
    boxes = [(x - 1.2, y - 1.2, x + 1.2, y + 1.2) for x, y in spots]
    for (x, y), label in zip(spots, labels, strict=False):
        wide = text_width(label.text) * size_pt * MM_PER_POINT * (1.12 if label.strong else 1.0)
        found = _room(_spots_beside(x, y, wide, high), boxes, view.box)
        if found is not None:
            boxes.append(found)
            look: dict[str, Any] = {
                "fontsize": size_pt,
                "fontweight": "bold" if label.strong else "normal",
                "path_effects": [patheffects.withStroke(linewidth=size_pt * 0.28, foreground="white")],
            }
            middle = ((found[0] + found[2]) / 2, (found[1] + found[3]) / 2)
            view.axes.text(*middle, label.text, ha="center", va="center", color=_INK, zorder=9, **look)


_Rectangle = tuple[float, float, float, float]


def _spots_beside(x: float, y: float, wide: float, high: float) -> list[_Rectangle]:
    """Return where a name can stand beside a spot: right, left, above, below, and at the corners."""
    away = 1.8
    middles = [
        *((x + away + wide / 2, y), (x - away - wide / 2, y)),
        *((x, y + away + high / 2), (x, y - away - high / 2)),
        *((x + away + wide / 2, y + high), (x - away - wide / 2, y + high)),
        *((x + away + wide / 2, y - high), (x - away - wide / 2, y - high)),
    ]
    return [(cx - wide / 2, cy - high / 2, cx + wide / 2, cy + high / 2) for cx, cy in middles]


def _room(found: list[_Rectangle], boxes: list[_Rectangle], box: Box) -> _Rectangle | None:
    for one in found:
        inside = one[0] >= 0 and one[1] >= 0 and one[2] <= box.width and one[3] <= box.height
        if inside and not any(_overlap(one, other) for other in boxes):
            return one
    return None


def _overlap(one: _Rectangle, other: _Rectangle) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def _path(polygon: shapely.Polygon) -> Path:
    rings = [polygon.exterior, *polygon.interiors]
    return Path.make_compound_path(*(Path(np.asarray(ring.coords)[:, :2], closed=True) for ring in rings))
