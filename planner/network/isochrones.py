"""What can be reached from one or several points within some minutes, as polygons around the roads driven."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from shapely.ops import substring

from planner.errors import BadDataError, ConfigError, Message, of_file
from planner.model import Fact, Points, as_message
from planner.network.hierarchy import Hierarchy
from planner.network.matrix import Ends
from planner.network.packed import unpack
from planner.network.road_network import RoadNetwork
from planner.network.snap import Snapper
from planner.network.turns import Graph
from planner.units import BoolArray, FloatArray, metres_per_second

_ROUND = 2  # segments of a quarter circle: outlines need no finer corners


@dataclass(frozen=True, slots=True, kw_only=True)
class Start:
    """Where the point meets the road, and how many seconds it takes to get there."""

    edge: int
    fraction: float
    walked_s: float


def isochrones(
    network: RoadNetwork,
    points: Points,
    ids: Sequence[str],
    *,
    minutes: Sequence[float],
    access_cap_m: float,
    access_speed_kph: float | None = None,
    beside_m: float = 200.0,
) -> tuple[shapely.Geometry, ...]:
    """Return a (multi)polygon (lon, lat) for each number of minutes: what lies within ``beside_m`` of a road reached.

    Reached is what any of the points named by ``ids`` reaches; ferries are taken, but nothing lies beside them.

    Raises
    ------
    BadDataError
        If a point meets no road; all such points are listed.
    ConfigError
        If there are no minutes, or some are not above 0.
    """
    if not minutes or min(minutes) <= 0:
        raise ConfigError(
            Message("minutes of isochrones must be given and be above 0"), [str(value) for value in minutes]
        )
    times, starts = _times_from(network, points, ids, access_cap_m, access_speed_kph)
    use, edges = network.use, network.edges
    own_s = np.where(use.usable[:, None], np.column_stack([use.forward_s, use.backward_s]), np.inf)
    on_water = np.array([tags.get("route") == "ferry" for tags in edges.kinds], dtype=np.bool_)[edges.kind]
    return _around(
        network.roads.snapper,
        np.column_stack([times, own_s]),
        network.main & ~on_water,
        starts,
        [value * 60 for value in minutes],
        beside_m,
    )


def one_to_all(
    network: RoadNetwork, points: Points, id_: str, *, access_cap_m: float, access_speed_kph: float | None = None
) -> FloatArray:
    """Return seconds from one of the points to every junction, ``inf`` if there is no way, shape (junctions,).

    Raises
    ------
    BadDataError
        If there is no such point, or it meets no road.
    """
    times, _ = _times_from(network, points, [id_], access_cap_m, access_speed_kph)
    seconds = np.full(len(network.edges.junctions), np.inf)
    for side, junction in enumerate((network.edges.tail, network.edges.head)):
        np.minimum.at(seconds, junction, times[:, side])
    return seconds


def _times_from(
    network: RoadNetwork, points: Points, ids: Sequence[str], access_cap_m: float, access_speed_kph: float | None
) -> tuple[FloatArray, tuple[Start, ...]]:
    """Return seconds from the nearest of the points to the tail and the head of each edge, shape (edges, 2)."""
    row = {id_: i for i, id_ in enumerate(points.ids)}
    ends = network.ends(points, access_cap_m)
    problems = [Message("{id}: no such point", id=id_) for id_ in ids if id_ not in row]
    reasons = ends.snaps.reasons
    problems += [of_file(id_, as_message(Fact(code=reasons[id_]))) for id_ in ids if id_ in reasons]
    if problems or not ids:
        raise BadDataError(Message("no way begins here: no road is met within {cap:.0f} m", cap=access_cap_m), problems)
    walking = network.walking_kph(access_speed_kph)
    found = [_times_from_point(network.hierarchy, network.roads.graph, ends, row[id_], walking) for id_ in ids]
    return np.minimum.reduce([times for times, _ in found]), tuple(start for _, start in found)


def _around(
    snapper: Snapper,
    seconds: FloatArray,
    main: BoolArray,
    starts: Sequence[Start],
    limits_s: Sequence[float],
    beside_m: float,
) -> tuple[shapely.Geometry, ...]:
    """Return a polygon or multipolygon (lon, lat) for each limit: all within ``beside_m`` of a road stretch reached in time.

    ``seconds`` (m, 4) are the times from the nearest start to tail and head of each edge and the times along and back,
    ``inf`` where there is no way; ``main`` (m,) marks the edges of the network. What a lower limit reaches whole is not
    put together again for a higher one.
    """
    found: dict[float, shapely.Geometry] = {}
    covered: shapely.Geometry = shapely.Polygon()
    before = np.zeros_like(main)
    for limit_s in sorted(set(limits_s)):
        parts, whole = _reached(snapper.lines, seconds, main, starts, limit_s, before)
        around = shapely.buffer(np.array(parts, dtype=object), beside_m, quad_segs=_ROUND)
        covered, before = shapely.union_all([covered, *around]), before | whole
        found[limit_s] = shapely.transform(
            shapely.simplify(covered, beside_m / 10),
            lambda xy: np.column_stack(snapper.projection.transform(xy[:, 0], xy[:, 1], direction="INVERSE")),
        )
    return tuple(found[limit_s] for limit_s in limits_s)


def _times_from_point(
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


def _reached(
    lines: np.ndarray,
    seconds: FloatArray,
    main: BoolArray,
    starts: Sequence[Start],
    limit_s: float,
    before: BoolArray,
) -> tuple[list[shapely.Geometry], BoolArray]:
    """Return the stretches reached in time, without edges reached whole ``before``, and which edges are reached whole."""
    share = _shares(seconds[:, 2:], np.maximum(limit_s - seconds[:, :2], 0.0))
    whole: BoolArray = main & (share.sum(axis=1) >= 1.0)
    from_tail, from_head = (np.flatnonzero(main & ~whole & (share[:, side] > 0)) for side in (0, 1))
    parts = [*lines[whole & ~before]]
    parts += [substring(lines[i], 0.0, share[i, 0], normalized=True) for i in from_tail]
    parts += [substring(lines[i], 1.0 - share[i, 1], 1.0, normalized=True) for i in from_head]
    for start in starts:  # the stretch to both sides of the start itself
        if limit_s < start.walked_s:
            continue
        ahead, behind = _shares(seconds[start.edge, 2:], np.full(2, limit_s - start.walked_s))
        begin, end = max(start.fraction - behind, 0.0), min(start.fraction + ahead, 1.0)
        parts.append(substring(lines[start.edge], begin, end, normalized=True))
    return parts, whole


def _shares(whole_s: FloatArray, left_s: FloatArray) -> FloatArray:
    """Return what share of each edge can be driven in the time left, 0 if it cannot be driven."""
    possible = np.isfinite(whole_s)
    shares: FloatArray = np.where(possible, left_s / np.where(possible, np.maximum(whole_s, 1e-3), 1.0), 0.0)
    return np.clip(shares, 0.0, 1.0)
