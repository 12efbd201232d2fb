"""What a network rests on, in figures and as lines to draw."""

from __future__ import annotations

from typing import TypedDict

import numpy as np
import shapely

from planner.model import OddTag, RoadLine, Text
from planner.network.closures import Shut
from planner.network.edges import Edges
from planner.network.turn_rules import FOLLOWED
from planner.network.weights import EdgeUse
from planner.units import FloatArray

DRAWN_DEGREES = 0.00005  # about five metres


class Summary(TypedDict):
    """What a network rests on, as `planner.plans.plan.RoadSummary` keeps it."""

    vehicle: str
    season: str
    nodes: int
    arcs: int
    road_km: float
    imputed_surface_share: float
    imputed_speed_share: float
    access_m_median: float
    access_m_max: float
    turn_rules_followed: int
    turn_rules_left: dict[str, int]
    odd_tags: tuple[OddTag, ...]


class StraightSummary(Summary):
    """What travel without roads rests on."""

    detour_factor: float
    straight_speed_kph: float


def summarize(vehicle: str, season: str, edges: Edges, use: EdgeUse, access_m: FloatArray) -> Summary:
    """Return the size of the usable network, the imputed shares of its length, and the access of points (``inf`` = none).

    Turn-restriction relations are those of the whole file: how many are followed, and how many not for each reason
    (`planner.network.turn_rules.LEFT`). So are the tags that are not understood.
    """
    lengths = np.where(use.usable, edges.length_m, 0.0)
    whole = lengths.sum()
    access = access_m[np.isfinite(access_m)]
    arcs = np.isfinite(use.forward_s[use.usable]).sum() + np.isfinite(use.backward_s[use.usable]).sum()
    met = np.unique(np.concatenate([edges.tail[~use.refused], edges.head[~use.refused]]))
    return Summary(
        vehicle=vehicle,
        season=season,
        nodes=len(met),
        arcs=int(arcs),
        road_km=round(float(whole) / 1000, 3),
        imputed_surface_share=round(float(lengths[~use.surface_tagged].sum() / whole), 4) if whole else 0.0,
        imputed_speed_share=round(float(lengths[~use.speed_tagged].sum() / whole), 4) if whole else 0.0,
        access_m_median=round(float(np.median(access)), 1) if len(access) else 0.0,
        access_m_max=round(float(access.max()), 1) if len(access) else 0.0,
        turn_rules_followed=edges.turn_rules[FOLLOWED],
        turn_rules_left={name: count for name, count in edges.turn_rules.items() if name != FOLLOWED},
        odd_tags=edges.odd_tags,
    )


def drawn_lines(edges: Edges, use: EdgeUse, shut: Shut | None) -> tuple[RoadLine, ...]:
    """Return the roads to draw, closed ones included, bends of less than some five metres straightened."""
    rows = np.flatnonzero(~use.refused).tolist()
    shapes = [shapely.LineString(edges.line(i)) for i in rows]
    plain = shapely.simplify(np.array(shapes, dtype=object), DRAWN_DEGREES)
    tags = [edges.kinds[kind] for kind in edges.kind[rows]]
    by = np.full(len(rows), -1) if shut is None else shut.by[rows]
    reasons = ["" if shut is None or number < 0 else shut.closures[number].reason for number in by.tolist()]
    return tuple(
        RoadLine(
            highway=tag.get("highway", "ferry"),
            surface=tag.get("surface", tag.get("tracktype", "")),
            closed=bool(use.closed[i]) or bool(reason),
            closure=Text.of(reason),
            coordinates=tuple((round(lon, 5), round(lat, 5)) for lon, lat in shapely.get_coordinates(shape).tolist()),
        )
        for i, tag, shape, reason in zip(rows, tags, plain, reasons, strict=True)
    )
