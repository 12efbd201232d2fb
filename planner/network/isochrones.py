"""What can be reached from a point within some minutes, as polygons around the roads driven."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import shapely
from shapely.ops import substring

from planner.network.edges import Edges
from planner.network.hierarchy import Hierarchy
from planner.network.matrix import Ends
from planner.network.snap import Snapper
from planner.network.turns import Graph
from planner.network.weights import unpack
from planner.units import BoolArray, FloatArray, metres_per_second

_ROUND = 2  # segments of a quarter circle: outlines need no finer corners


def isochrones(
    edges: Edges,
    snapper: Snapper,
    seconds: FloatArray,
    main: BoolArray,
    limits_s: Sequence[float],
    beside_m: float,
) -> tuple[shapely.Geometry, ...]:
    """Return a polygon or multipolygon (lon, lat) for each limit: all within ``beside_m`` of a road stretch reached in time.

    ``seconds`` (m, 4) are the times from the point to tail and head of each edge and the times along and back, ``inf`` where
    there is no way; ``main`` (m,) marks the edges of the network.
    """
    return tuple(_around(edges, snapper, seconds, main, limit_s, beside_m) for limit_s in limits_s)


def times_from(hierarchy: Hierarchy, graph: Graph, ends: Ends, point: int, access_speed_kph: float) -> FloatArray:
    """Return seconds from a point to the tail and the head of each edge, the walk to the road included, shape (m, 2)."""
    seconds, _ = unpack(hierarchy.from_point(ends.located.origins, point))
    walked_s = ends.snaps.access_m[point] / metres_per_second(access_speed_kph)
    at_tail = np.minimum(seconds[graph.leaves[0::2]], seconds[graph.arrives[1::2]])
    at_head = np.minimum(seconds[graph.leaves[1::2]], seconds[graph.arrives[0::2]])
    times: FloatArray = np.column_stack([at_tail, at_head]) + walked_s
    return times


def _around(
    edges: Edges, snapper: Snapper, seconds: FloatArray, main: BoolArray, limit_s: float, beside_m: float
) -> shapely.Geometry:
    left = np.maximum(limit_s - seconds[:, :2], 0.0)
    left[~np.isfinite(left)] = 0.0
    with np.errstate(divide="ignore", invalid="ignore"):
        share = np.where(np.isfinite(seconds[:, 2:]), left / np.maximum(seconds[:, 2:], 1e-3), 0.0)
    share = np.clip(share, 0.0, 1.0)
    lines = snapper.lines
    whole = main & (share.sum(axis=1) >= 1.0)
    from_tail, from_head = (main & ~whole & (share[:, side] > 0) for side in (0, 1))
    parts = [lines[whole]]
    parts += [_cut(lines[i], 0.0, share[i, 0]) for i in np.flatnonzero(from_tail)]
    parts += [_cut(lines[i], 1.0 - share[i, 1], 1.0) for i in np.flatnonzero(from_head)]
    drawn = np.concatenate([np.atleast_1d(part) for part in parts])
    area = shapely.union_all(shapely.buffer(drawn, beside_m, quad_segs=_ROUND))
    plain = shapely.simplify(area, beside_m / 10)
    inverse = snapper.projection

    def to_degrees(xy: FloatArray) -> FloatArray:
        return np.column_stack(inverse.transform(xy[:, 0], xy[:, 1], direction="INVERSE"))

    return shapely.transform(plain, to_degrees)


def _cut(line: shapely.LineString, start: float, end: float) -> shapely.Geometry:
    return substring(line, start, end, normalized=True)
