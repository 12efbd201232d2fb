"""Points → positions on edges: the nearest place on a road that is part of the network, and why there is none."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pyproj
import shapely

from planner.network.osm import Edges
from planner.travel import Points, Unreachable
from planner.units import BoolArray, FloatArray, IntArray


@dataclass(frozen=True, slots=True, kw_only=True)
class Snaps:
    """Where points meet the road: for each point the edge (-1 if none), the fraction of its length, the way there.

    ``reasons`` has a code for each point id that meets none.
    """

    edge: IntArray
    fraction: FloatArray
    access_m: FloatArray
    reasons: dict[str, Unreachable]


@dataclass(frozen=True)
class Snapper:
    """Snaps to edges of ``main``; ``open_main`` is what would be the network if the season closed nothing."""

    edges: Edges
    main: BoolArray
    open_main: BoolArray

    def snap(self, points: Points, *, access_cap_m: float) -> Snaps:
        """Return the nearest place on the network for each point, none beyond ``access_cap_m``."""
        xs, ys = self._projection.transform(points.lons, points.lats)
        dots = shapely.points(xs, ys)
        edge, access_m = self._nearest(dots, self.main)
        near = access_m <= access_cap_m
        fraction = np.zeros(len(dots))
        lines = self._lines[edge[near]]
        fraction[near] = shapely.line_locate_point(lines, dots[near], normalized=True)
        reasons = self._reasons(points, dots, ~near, access_cap_m)
        return Snaps(
            edge=np.where(near, edge, -1),
            fraction=np.clip(fraction, 0.0, 1.0),
            access_m=np.where(near, access_m, np.inf),
            reasons=reasons,
        )

    def _reasons(
        self, points: Points, dots: np.ndarray, left: BoolArray, access_cap_m: float
    ) -> dict[str, Unreachable]:
        if not left.any():
            return {}
        rows = np.flatnonzero(left)
        _, to_open = self._nearest(dots[rows], self.open_main)
        _, to_any = self._nearest(dots[rows], np.ones_like(self.main))
        reasons = {}
        for row, if_open_m, any_m in zip(rows, to_open, to_any, strict=True):
            if if_open_m <= access_cap_m:
                reasons[points.ids[row]] = Unreachable.CLOSED
            elif any_m <= access_cap_m:
                reasons[points.ids[row]] = Unreachable.FRAGMENT
            else:
                reasons[points.ids[row]] = Unreachable.NO_ROAD
        return reasons

    def _nearest(self, dots: np.ndarray, allowed: BoolArray) -> tuple[IntArray, FloatArray]:
        rows = np.flatnonzero(allowed)
        if not len(rows) or not len(dots):
            return np.zeros(len(dots), dtype=np.int64), np.full(len(dots), np.inf)
        tree = shapely.STRtree(self._lines[rows])
        (which, found), distances = tree.query_nearest(dots, return_distance=True, all_matches=True)
        # of equally near edges the first in the file's order is taken, so that the answer does not hang on the tree
        edge = np.full(len(dots), np.iinfo(np.int64).max)
        np.minimum.at(edge, which, rows[found])
        distance = np.full(len(dots), np.inf)
        np.minimum.at(distance, which, distances)
        return edge, distance

    @cached_property
    def _projection(self) -> pyproj.Transformer:
        return pyproj.Transformer.from_crs("EPSG:4326", utm_crs(self.edges.coordinates), always_xy=True)

    @cached_property
    def _lines(self) -> np.ndarray:
        """The edges as lines in metres, shape (n,)."""
        xs, ys = self._projection.transform(self.edges.coordinates[:, 0], self.edges.coordinates[:, 1])
        counts = np.diff(self.edges.first)
        numbers = np.repeat(np.arange(len(counts)), counts)
        return np.asarray(shapely.linestrings(np.column_stack([xs, ys]), indices=numbers))


def utm_crs(coordinates: FloatArray) -> str:
    """Return the EPSG code of the UTM zone at the middle of (lon, lat) positions, shape (k, 2)."""
    lon, lat = np.median(coordinates, axis=0)
    zone = int((lon + 180) // 6) + 1
    return f"EPSG:{(32600 if lat >= 0 else 32700) + zone}"
