"""Points → positions on edges: the nearest place on a road that is part of the network, and why there is none."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pyproj
import shapely

from planner.model import Points, Unreachable
from planner.network.edges import Edges
from planner.units import BoolArray, FloatArray, IntArray


@dataclass(frozen=True, slots=True, kw_only=True)
class Snaps:
    """Where points meet the road: for each point the edge (-1 if none), the fraction of its length, the way there.

    ``reasons`` has a code for each point id that meets none. ``xy`` (points, 2) are the points in metres.
    """

    edge: IntArray
    fraction: FloatArray
    access_m: FloatArray
    reasons: dict[str, Unreachable]
    xy: FloatArray


@dataclass(frozen=True, slots=True, kw_only=True)
class EdgeChoice:
    """Which edges points may be set onto, arrays of shape (edges,).

    ``main`` is the network of the day, ``unshut_main`` what it would be without closures, ``open_main`` if the season
    closed nothing either, ``known`` all roads the vehicle may use, cut-off ones included. None of them holds roads that
    are entered by junctions only; those of the day's network are ``passing``.
    """

    main: BoolArray
    unshut_main: BoolArray
    open_main: BoolArray
    known: BoolArray
    passing: BoolArray


@dataclass(frozen=True)
class Snapper:
    """Finds nearest edges; one for all profiles, since its index of a province takes seconds to build."""

    edges: Edges

    def snap(self, points: Points, choice: EdgeChoice, *, access_cap_m: float) -> Snaps:
        """Return the nearest place on the network for each point, none beyond ``access_cap_m``."""
        xy = np.column_stack(self.projection.transform(points.lons, points.lats))
        dots = np.asarray(shapely.points(xy))
        edge, access_m = self._nearest(dots, choice.main, access_cap_m)
        near = edge >= 0
        fraction = np.zeros(len(dots))
        fraction[near] = shapely.line_locate_point(self.lines[edge[near]], dots[near], normalized=True)
        reasons = self._reasons(points, dots, np.flatnonzero(~near), choice, access_cap_m)
        return Snaps(edge=edge, fraction=np.clip(fraction, 0.0, 1.0), access_m=access_m, reasons=reasons, xy=xy)

    def _reasons(
        self, points: Points, dots: np.ndarray, rows: IntArray, choice: EdgeChoice, access_cap_m: float
    ) -> dict[str, Unreachable]:
        if not len(rows):
            return {}
        if_unshut, _ = self._nearest(dots[rows], choice.unshut_main, access_cap_m)
        if_open, _ = self._nearest(dots[rows], choice.open_main, access_cap_m)
        at_all, _ = self._nearest(dots[rows], choice.known, access_cap_m)
        passing, _ = self._nearest(dots[rows], choice.passing, access_cap_m)
        why = np.select(
            [if_unshut >= 0, if_open >= 0, at_all >= 0, passing >= 0],
            [Unreachable.SHUT.value, Unreachable.CLOSED.value, Unreachable.FRAGMENT.value, Unreachable.PASSING.value],
            Unreachable.NO_ROAD.value,
        )
        return {points.ids[row]: Unreachable(code) for row, code in zip(rows.tolist(), why.tolist(), strict=True)}

    def _nearest(self, dots: np.ndarray, allowed: BoolArray, cap_m: float) -> tuple[IntArray, FloatArray]:
        """Return the nearest allowed edge of each dot and the distance, -1 and ``inf`` if there is none within the cap.

        Of equally near edges the first in the file's order is taken, so that the answer does not hang on the index.
        """
        edge, distance = np.full(len(dots), -1), np.full(len(dots), np.inf)
        if not allowed.any() or not len(dots):
            return edge, distance
        (dot, found), metres = self._tree.query_nearest(
            dots, max_distance=max(cap_m, 1e-6), return_distance=True, all_matches=True
        )
        _keep_best(edge, distance, dot, found, metres, allowed)
        # only dots whose nearest road is not allowed need a look at all roads within the cap
        left = np.setdiff1d(np.unique(dot), np.flatnonzero(edge >= 0))
        again, found = self._tree.query(dots[left], predicate="dwithin", distance=cap_m)
        dot, good = left[again], allowed[found]
        dot, found = dot[good], found[good]
        _keep_best(edge, distance, dot, found, shapely.distance(dots[dot], self.lines[found]), allowed)
        return edge, distance

    @cached_property
    def _tree(self) -> shapely.STRtree:
        return shapely.STRtree(self.lines)

    @cached_property
    def projection(self) -> pyproj.Transformer:
        """From (lon, lat) to metres: a transverse Mercator of the area's own, true to 0.3 % up to 500 km from its middle."""
        lon, lat = np.median(self.edges.coordinates, axis=0).round(1).tolist()
        own = f"+proj=tmerc +lat_0={lat} +lon_0={lon} +ellps=WGS84 +units=m +type=crs"
        return pyproj.Transformer.from_crs("EPSG:4326", own, always_xy=True)

    @cached_property
    def lines(self) -> np.ndarray:
        """The edges as lines in metres, shape (m,)."""
        xs, ys = self.projection.transform(self.edges.coordinates[:, 0], self.edges.coordinates[:, 1])
        counts = np.diff(self.edges.first)
        numbers = np.repeat(np.arange(len(counts)), counts)
        return np.asarray(shapely.linestrings(np.column_stack([xs, ys]), indices=numbers))


def _keep_best(
    edge: IntArray, distance: FloatArray, dot: IntArray, found: IntArray, metres: FloatArray, allowed: BoolArray
) -> None:
    """Set the nearest allowed edge of each dot that has one among the candidates."""
    good = allowed[found]
    dot, found, metres = dot[good], found[good], metres[good]
    order = np.lexsort((found, metres, dot))
    dots, best = np.unique(dot[order], return_index=True)
    edge[dots] = found[order][best]
    distance[dots] = metres[order][best]
