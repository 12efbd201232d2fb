"""What can be reached from a point within some minutes, as polygons around the roads driven."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyproj
import shapely
from shapely.ops import substring

from planner.network.hierarchy import Hierarchy
from planner.network.matrix import Ends
from planner.network.snap import Snapper
from planner.network.turns import Graph
from planner.network.weights import unpack
from planner.units import BoolArray, FloatArray, metres_per_second

_ROUND = 2  # segments of a quarter circle: outlines need no finer corners


@dataclass(frozen=True, slots=True, kw_only=True)
class Start:
    """Where the point meets the road, and how many seconds it takes to get there."""

    edge: int
    fraction: float
    walked_s: float


def isochrones(
    snapper: Snapper,
    seconds: FloatArray,
    main: BoolArray,
    start: Start,
    limits_s: Sequence[float],
    beside_m: float,
) -> tuple[shapely.Geometry, ...]:
    """Return a polygon or multipolygon (lon, lat) for each limit: all within ``beside_m`` of a road stretch reached in time.

    ``seconds`` (m, 4) are the times from the point to tail and head of each edge and the times along and back, ``inf`` where
    there is no way; ``main`` (m,) marks the edges of the network.
    """
    return tuple(
        _around(snapper.lines, seconds, main, start, limit_s, beside_m, snapper.projection) for limit_s in limits_s
    )


def times_from(
    hierarchy: Hierarchy, graph: Graph, ends: Ends, point: int, access_speed_kph: float
) -> tuple[FloatArray, Start]:
    """Return seconds from a point to the tail and the head of each edge, the walk to the road included, shape (m, 2)."""
    seconds, _ = unpack(hierarchy.from_point(ends.located.origins, point))
    walked_s = ends.snaps.access_m[point] / metres_per_second(access_speed_kph)
    starts, reached = graph.at_ends(seconds)
    at_tail, at_head = np.minimum(starts[0::2], reached[1::2]), np.minimum(starts[1::2], reached[0::2])
    times: FloatArray = np.column_stack([at_tail, at_head]) + walked_s
    edge, fraction = int(ends.snaps.edge[point]), float(ends.snaps.fraction[point])
    return times, Start(edge=edge, fraction=fraction, walked_s=float(walked_s))


def _around(
    lines: np.ndarray,
    seconds: FloatArray,
    main: BoolArray,
    start: Start,
    limit_s: float,
    beside_m: float,
    projection: pyproj.Transformer,
) -> shapely.Geometry:
    share = _shares(seconds[:, 2:], np.maximum(limit_s - seconds[:, :2], 0.0))
    whole = main & (share.sum(axis=1) >= 1.0)
    from_tail, from_head = (np.flatnonzero(main & ~whole & (share[:, side] > 0)) for side in (0, 1))
    parts = [*lines[whole]]
    parts += [substring(lines[i], 0.0, share[i, 0], normalized=True) for i in from_tail]
    parts += [substring(lines[i], 1.0 - share[i, 1], 1.0, normalized=True) for i in from_head]
    if limit_s >= start.walked_s:  # the stretch to both sides of the start itself
        ahead, behind = _shares(seconds[start.edge, 2:], np.full(2, limit_s - start.walked_s))
        begin, end = max(start.fraction - behind, 0.0), min(start.fraction + ahead, 1.0)
        parts.append(substring(lines[start.edge], begin, end, normalized=True))
    area = shapely.union_all(shapely.buffer(np.array(parts, dtype=object), beside_m, quad_segs=_ROUND))
    return shapely.transform(
        shapely.simplify(area, beside_m / 10),
        lambda xy: np.column_stack(projection.transform(xy[:, 0], xy[:, 1], direction="INVERSE")),
    )


def _shares(whole_s: FloatArray, left_s: FloatArray) -> FloatArray:
    """Return what share of each edge can be driven in the time left, 0 if it cannot be driven."""
    possible = np.isfinite(whole_s)
    shares: FloatArray = np.where(possible, left_s / np.where(possible, np.maximum(whole_s, 1e-3), 1.0), 0.0)
    return np.clip(shares, 0.0, 1.0)
