"""The road network of one area for one vehicle and season: travel times, ways, and what they rest on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TypedDict

import numpy as np
import shapely
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from planner.errors import BadDataError
from planner.network.osm import Edges, build_edges, read_ways, segment_lengths_m
from planner.network.profiles import load_profile
from planner.network.shortest import Graph, Piece
from planner.network.snap import Snapper, Snaps
from planner.travel import Points, RoadLine, TravelMatrix
from planner.units import BoolArray, FloatArray, metres_per_second

SAME_SPOT_M = 1.0
DRAWN_DEGREES = 0.00005  # about five metres


class Summary(TypedDict):
    """What a network rests on, as `planner.plan.RoadSummary` keeps it."""

    vehicle: str
    season: str
    nodes: int
    arcs: int
    road_km: float
    imputed_surface_share: float
    imputed_speed_share: float
    access_m_median: float
    access_m_max: float


@dataclass(frozen=True, kw_only=True)
class RoadNetwork:
    """Roads of one area under one profile; make it with `read_network`.

    Points are set onto edges of the strongest component (every place there reaches every other and comes back), never onto
    cut-off pieces.
    """

    vehicle: str
    season: str
    edges: Edges

    @cached_property
    def main(self) -> BoolArray:
        """Edges of the strongest component this season, shape (edges,)."""
        return _strongest(self.edges, ~self.edges.closed)

    @cached_property
    def _snapper(self) -> Snapper:
        open_main = _strongest(self.edges, np.ones_like(self.edges.closed))
        return Snapper(edges=self.edges, main=self.main, open_main=open_main)

    def snap(self, points: Points, *, access_cap_m: float) -> Snaps:
        """Return where each point meets the network, and a reason for each that is farther than the cap."""
        return self._snapper.snap(points, access_cap_m=access_cap_m)

    def travel_matrix(self, points: Points, *, access_cap_m: float, access_speed_kph: float) -> TravelMatrix:
        """Return travel between all points: access to the road, the fastest way, and access from the road.

        Points within a metre of each other are 0 s apart if a road reaches them; a point is 0 s from itself in any case.
        """
        snaps = self.snap(points, access_cap_m=access_cap_m)
        met = np.flatnonzero(snaps.edge >= 0)
        count = len(points.ids)
        durations_s, distances_m = np.full((count, count), np.inf), np.full((count, count), np.inf)
        if len(met):
            graph = Graph.of(self.edges, self.main, snaps)
            seconds, metres = graph.between(met, met)
            access = snaps.access_m[met]
            both = access[:, None] + access[None, :]
            block = np.ix_(met, met)
            durations_s[block] = seconds + both / metres_per_second(access_speed_kph)
            distances_m[block] = metres + both
            together = _same_spot(points)[block]
            durations_s[block] = np.where(together, 0.0, durations_s[block])
            distances_m[block] = np.where(together, 0.0, distances_m[block])
        np.fill_diagonal(durations_s, 0.0)
        np.fill_diagonal(distances_m, 0.0)
        return TravelMatrix(
            origin_ids=points.ids,
            destination_ids=points.ids,
            durations_s=durations_s,
            distances_m=distances_m,
            unreachable=snaps.reasons,
        )

    def paths(self, pairs: Sequence[tuple[str, str]], points: Points, *, access_cap_m: float) -> tuple[FloatArray, ...]:
        """Return the (lon, lat) line of the fastest way for each (origin id, destination id), shape (k, 2) each.

        Raises
        ------
        BadDataError
            If a pair has no way between its ends; all such pairs are listed.
        """
        snaps = self.snap(points, access_cap_m=access_cap_m)
        row = {id_: i for i, id_ in enumerate(points.ids)}
        cut_off = [f"{a} → {b}" for a, b in pairs if a in snaps.reasons or b in snaps.reasons]
        if cut_off:
            raise BadDataError("there is no way between these points", cut_off)
        graph = Graph.of(self.edges, self.main, snaps)
        trees = {}
        for origin in dict.fromkeys(origin for origin, _ in pairs):
            trees[origin] = graph.tree(np.array([row[origin]]))[1][0]
        place = np.column_stack([points.lons, points.lats])
        lines = []
        for origin, destination in pairs:
            pieces = graph.way(trees[origin], row[destination])
            parts = [place[row[origin]][None], *(self._line(piece) for piece in pieces), place[row[destination]][None]]
            line = np.concatenate(parts)
            moved = np.concatenate([[True], np.any(np.abs(np.diff(line, axis=0)) > 2e-6, axis=1)])
            lines.append(line[moved])
        return tuple(lines)

    def _line(self, piece: Piece) -> FloatArray:
        """Return the part of an edge's line between two fractions, in the direction of travel."""
        line = self.edges.line(piece.edge)
        along = np.concatenate([[0.0], np.cumsum(segment_lengths_m(line))])
        along /= along[-1] or 1.0
        low, high = sorted((piece.start, piece.end))
        inside = (along > low) & (along < high)
        ends = [[np.interp(at, along, line[:, 0]), np.interp(at, along, line[:, 1])] for at in (low, high)]
        part = np.concatenate([[ends[0]], line[inside], [ends[1]]])
        return part if piece.start <= piece.end else part[::-1]

    def summary(self, points: Points, *, access_cap_m: float) -> Summary:
        """Return the size of the usable network, the imputed shares of its length, and the points' access."""
        lengths = np.where(self.edges.closed, 0.0, self.edges.length_m)
        whole = lengths.sum()
        access = self.snap(points, access_cap_m=access_cap_m).access_m
        access = access[np.isfinite(access)]
        usable = ~self.edges.closed
        arcs = np.isfinite(self.edges.forward_s[usable]).sum() + np.isfinite(self.edges.backward_s[usable]).sum()
        return Summary(
            vehicle=self.vehicle,
            season=self.season,
            nodes=len(self.edges.junctions),
            arcs=int(arcs),
            road_km=round(float(whole) / 1000, 3),
            imputed_surface_share=round(float(lengths[~self.edges.surface_tagged].sum() / whole), 4) if whole else 0.0,
            imputed_speed_share=round(float(lengths[~self.edges.speed_tagged].sum() / whole), 4) if whole else 0.0,
            access_m_median=round(float(np.median(access)), 1) if len(access) else 0.0,
            access_m_max=round(float(access.max()), 1) if len(access) else 0.0,
        )

    def lines(self) -> tuple[RoadLine, ...]:
        """Return the roads to draw, those the season closes included, bends of less than some five metres straightened."""
        shapes = [shapely.LineString(self.edges.line(i)) for i in range(len(self.edges.tail))]
        plain = shapely.simplify(np.array(shapes, dtype=object), DRAWN_DEGREES)
        return tuple(
            RoadLine(
                highway=self.edges.highway[i],
                surface=self.edges.surface[i],
                closed=bool(self.edges.closed[i]),
                coordinates=tuple(
                    (round(lon, 5), round(lat, 5)) for lon, lat in shapely.get_coordinates(shape).tolist()
                ),
            )
            for i, shape in enumerate(plain)
        )


def read_network(path: Path, *, vehicle: str, season: str) -> RoadNetwork:
    """Return the road network of an OpenStreetMap file for one vehicle and season.

    Raises
    ------
    BadDataError
        If the file cannot be read or has no road the vehicle may use.
    ConfigError
        If the vehicle or season is not known.
    """
    profile = load_profile(vehicle, season)
    return RoadNetwork(vehicle=vehicle, season=season, edges=build_edges(read_ways(path), profile))


def _strongest(edges: Edges, usable: BoolArray) -> BoolArray:
    """Return the usable edges within the strongly connected component of most road length."""
    forward, backward = usable & np.isfinite(edges.forward_s), usable & np.isfinite(edges.backward_s)
    tail = np.concatenate([edges.tail[forward], edges.head[backward]])
    head = np.concatenate([edges.head[forward], edges.tail[backward]])
    count = len(edges.junctions)
    arcs = csr_array((np.ones(len(tail)), (tail, head)), shape=(count, count))
    components, label = connected_components(arcs, directed=True, connection="strong")
    within = usable & (label[edges.tail] == label[edges.head])
    lengths = np.bincount(label[edges.tail[within]], weights=edges.length_m[within], minlength=components)
    inside: BoolArray = within & (label[edges.tail] == int(np.argmax(lengths)))
    return inside


def _same_spot(points: Points) -> BoolArray:
    """Return which pairs of points lie within a metre of each other, shape (points, points)."""
    metres_per_degree = 111_320.0
    north = (points.lats[:, None] - points.lats[None, :]) * metres_per_degree
    east = (points.lons[:, None] - points.lons[None, :]) * metres_per_degree
    east *= np.cos(np.radians(points.lats))[:, None]
    close: BoolArray = np.hypot(north, east) <= SAME_SPOT_M
    return close
