"""The road network of one area for one vehicle and season: travel times, ways, reach, and what they rest on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, TypedDict

import numpy as np
import shapely
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from planner.errors import BadDataError, ConfigError
from planner.network.edges import Edges, cut_ways
from planner.network.osm import read_ways
from planner.network.profiles import load_profile
from planner.network.roads import Roads
from planner.network.snap import Choice, Snaps
from planner.network.weights import LONGEST_WAY_M, EdgeUse, unpack, use_edges
from planner.travel import Points, RoadLine, TravelMatrix, Unreachable
from planner.units import BoolArray, FloatArray

if TYPE_CHECKING:  # what needs numba is imported where it runs
    from planner.network.hierarchy import Hierarchy
    from planner.network.matrix import Ends
    from planner.network.ways import Way

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


@dataclass(frozen=True, slots=True, kw_only=True)
class TravelWithin:
    """Travel between points not farther apart than ``limit_s``: sparse arrays of shape (origins, destinations).

    What is stored is reached in time, zeros included; what is not stored is farther or out of reach. Both arrays have the
    same pattern.
    """

    origin_ids: tuple[str, ...]
    destination_ids: tuple[str, ...]
    limit_s: float
    durations_s: csr_array
    distances_m: csr_array
    unreachable: dict[str, Unreachable]


@dataclass(frozen=True, kw_only=True)
class RoadNetwork:
    """Roads of one area under one profile; make it with `read_network`, and another profile's from it with `under`.

    Points are set onto edges of the strongest component (every place there reaches every other and comes back), never onto
    cut-off pieces.
    """

    vehicle: str
    season: str
    roads: Roads

    @property
    def edges(self) -> Edges:
        """The roads between junctions, those this vehicle may not use included."""
        return self.roads.edges

    @cached_property
    def use(self) -> EdgeUse:
        """What the profile makes of each edge."""
        use = use_edges(self.edges, load_profile(self.vehicle, self.season))
        if use.refused.all():
            raise BadDataError(
                f"no road that a {self.vehicle} may use: look at the highway and access tags of the extract"
            )
        return use

    @cached_property
    def main(self) -> BoolArray:
        """Edges of the strongest component this season, shape (edges,)."""
        return _strongest(self.roads, self.use.packed(self.edges))

    def under(self, *, vehicle: str, season: str) -> RoadNetwork:
        """Return the same roads under another profile: weights are worked out anew, nothing is built or ordered again."""
        load_profile(vehicle, season)
        return RoadNetwork(vehicle=vehicle, season=season, roads=self.roads)

    @cached_property
    def hierarchy(self) -> Hierarchy:
        """The weighed hierarchy that answers for this profile."""
        from planner.network.hierarchy import weigh

        packed = self.use.packed(self.edges)
        return weigh(self.roads.topology, self.roads.graph.weight(packed))

    @cached_property
    def _choice(self) -> Choice:
        anyway = EdgeUse(
            forward_s=self.use.forward_s,
            backward_s=self.use.backward_s,
            refused=self.use.refused,
            closed=np.zeros_like(self.use.closed),
            surface_tagged=self.use.surface_tagged,
            speed_tagged=self.use.speed_tagged,
        )
        same = not self.use.closed.any()
        open_main = self.main if same else _strongest(self.roads, anyway.packed(self.edges))
        return Choice(main=self.main, open_main=open_main, known=~self.use.refused)

    def snap(self, points: Points, *, access_cap_m: float) -> Snaps:
        """Return where each point meets the network, and a reason for each that is farther than the cap."""
        return self.roads.snapper.snap(points, self._choice, access_cap_m=access_cap_m)

    def _ends(self, points: Points, access_cap_m: float) -> Ends:
        from planner.network.entries import locate
        from planner.network.matrix import Ends

        snaps = self.snap(points, access_cap_m=access_cap_m)
        packed = self.use.packed(self.edges)
        return Ends(snaps=snaps, located=locate(snaps, self.roads.graph, packed, self.roads.topology.rank))

    def travel_matrix(
        self,
        points: Points,
        *,
        destinations: Points | None = None,
        access_cap_m: float,
        access_speed_kph: float,
        threads: int = 1,
    ) -> TravelMatrix:
        """Return travel from all points to all destinations (to the points themselves if none are given).

        Access to the road and from it is walked; points that both meet a road and lie within the cap of each other are
        walked between directly where that is faster. Points within a metre are 0 s apart; a point is 0 s from itself in
        any case. One thread or several give the same figures.

        Raises
        ------
        BadDataError
            If the area is so wide that ways longer than 3,355 km could occur.
        """
        from planner.network.matrix import dense

        starts = self._ends(points, access_cap_m)
        ends = starts if destinations is None else self._ends(destinations, access_cap_m)
        seconds, metres = dense(
            self.hierarchy,
            starts,
            ends,
            access_cap_m=access_cap_m,
            access_speed_kph=access_speed_kph,
            threads=threads,
        )
        if destinations is None:
            np.fill_diagonal(seconds, 0.0)
            np.fill_diagonal(metres, 0.0)
        for table in (seconds, metres):
            table.setflags(write=False)
        self._check_width(seconds)
        return TravelMatrix(
            origin_ids=points.ids,
            destination_ids=(destinations or points).ids,
            durations_s=seconds,
            distances_m=metres,
            unreachable={**starts.snaps.reasons, **ends.snaps.reasons},
        )

    def _check_width(self, seconds: FloatArray) -> None:
        """Refuse times in which more metres could be driven than a packed weight holds."""
        use = self.use
        fastest = np.minimum(use.forward_s, use.backward_s)
        driven = np.isfinite(fastest) & (fastest > 0)
        top_m_per_s = float((self.edges.length_m[driven] / fastest[driven]).max(initial=0.0))
        longest_s = float(np.max(seconds, where=np.isfinite(seconds), initial=0.0))
        if longest_s * top_m_per_s > LONGEST_WAY_M:
            raise BadDataError(
                f"ways of {longest_s / 3600:.0f} h may be longer than {LONGEST_WAY_M / 1000:.0f} km, more than distances "
                "can be given for: cut the extract to one province"
            )

    def travel_within(
        self,
        points: Points,
        *,
        destinations: Points | None = None,
        limit_s: float,
        access_cap_m: float,
        access_speed_kph: float,
        threads: int = 1,
    ) -> TravelWithin:
        """Return travel from all points to the destinations that they reach within ``limit_s``, access included.

        The figures are those of `travel_matrix`; memory grows with what is within reach only.
        """
        from planner.network.matrix import within

        starts = self._ends(points, access_cap_m)
        ends = starts if destinations is None else self._ends(destinations, access_cap_m)
        seconds, metres = within(
            self.hierarchy,
            starts,
            ends,
            limit_s=limit_s,
            access_cap_m=access_cap_m,
            access_speed_kph=access_speed_kph,
            threads=threads,
        )
        self._check_width(seconds.data)
        return TravelWithin(
            origin_ids=points.ids,
            destination_ids=(destinations or points).ids,
            limit_s=limit_s,
            durations_s=seconds,
            distances_m=metres,
            unreachable={**starts.snaps.reasons, **ends.snaps.reasons},
        )

    def ways(self, pairs: Sequence[tuple[str, str]], points: Points, *, access_cap_m: float) -> tuple[Way, ...]:
        """Return duration, distance and line of the fastest way by road for each (origin id, destination id).

        The ways from the points to the road are left out.

        Raises
        ------
        BadDataError
            If a pair has no way between its ends; all such pairs are listed.
        """
        from planner.network.ways import find_way

        ends = self._ends(points, access_cap_m)
        row = {id_: i for i, id_ in enumerate(points.ids)}
        found = [find_way(self.edges, self.hierarchy, ends, row[a], row[b]) for a, b in pairs]
        cut_off = [f"{a} → {b}" for (a, b), way in zip(pairs, found, strict=True) if way is None]
        if cut_off:
            raise BadDataError("there is no way between these points", cut_off)
        return tuple(way for way in found if way is not None)

    def paths(self, pairs: Sequence[tuple[str, str]], points: Points, *, access_cap_m: float) -> tuple[FloatArray, ...]:
        """Return the (lon, lat) line from point to point of the fastest way by road for each pair, shape (k, 2) each.

        Raises
        ------
        BadDataError
            If a pair has no way between its ends; all such pairs are listed.
        """
        place = {id_: (lon, lat) for id_, lon, lat in zip(points.ids, points.lons, points.lats, strict=True)}
        ways = self.ways(pairs, points, access_cap_m=access_cap_m)
        return tuple(
            np.concatenate([[place[a]], _without(way.line, place[a], place[b]), [place[b]]])
            for (a, b), way in zip(pairs, ways, strict=True)
        )

    def _times_from(self, points: Points, id_: str, access_cap_m: float, access_speed_kph: float) -> FloatArray:
        """Return seconds from a point to the tail and the head of each edge, shape (edges, 2)."""
        ends = self._ends(points, access_cap_m)
        if id_ in ends.snaps.reasons:
            raise BadDataError(f"{id_} meets no road within {access_cap_m:.0f} m: {ends.snaps.reasons[id_].value}")
        point = points.ids.index(id_)
        graph = self.roads.graph
        seconds, _ = unpack(self.hierarchy.from_point(ends.located.origins, point))
        walked_s = ends.snaps.access_m[point] / (access_speed_kph / 3.6)
        at_tail = np.minimum(seconds[graph.leaves[0::2]], seconds[graph.arrives[1::2]])
        at_head = np.minimum(seconds[graph.leaves[1::2]], seconds[graph.arrives[0::2]])
        times: FloatArray = np.column_stack([at_tail, at_head]) + walked_s
        return times

    def one_to_all(self, points: Points, id_: str, *, access_cap_m: float, access_speed_kph: float) -> FloatArray:
        """Return seconds from one of the points to every junction, ``inf`` if there is no way, shape (junctions,)."""
        times = self._times_from(points, id_, access_cap_m, access_speed_kph)
        seconds = np.full(len(self.edges.junctions), np.inf)
        for side, junction in enumerate((self.edges.tail, self.edges.head)):
            np.minimum.at(seconds, junction, times[:, side])
        return seconds

    def isochrones(
        self,
        points: Points,
        id_: str,
        *,
        minutes: Sequence[float],
        access_cap_m: float,
        access_speed_kph: float,
        beside_m: float = 200.0,
    ) -> tuple[shapely.Geometry, ...]:
        """Return a (multi)polygon (lon, lat) for each number of minutes: what lies within ``beside_m`` of a road reached.

        Raises
        ------
        BadDataError
            If the point meets no road.
        """
        from planner.network.isochrones import isochrones

        if not minutes or min(minutes) <= 0:
            raise ConfigError("minutes of isochrones must be given and be above 0", [str(value) for value in minutes])
        times = self._times_from(points, id_, access_cap_m, access_speed_kph)
        own_s = np.where(self.use.usable[:, None], np.column_stack([self.use.forward_s, self.use.backward_s]), np.inf)
        return isochrones(
            self.edges,
            self.roads.snapper,
            np.column_stack([times, own_s]),
            self.main,
            [value * 60 for value in minutes],
            beside_m,
        )

    def summary(self, points: Points, *, access_cap_m: float) -> Summary:
        """Return the size of the usable network, the imputed shares of its length, and the points' access."""
        use = self.use
        lengths = np.where(use.usable, self.edges.length_m, 0.0)
        whole = lengths.sum()
        access = self.snap(points, access_cap_m=access_cap_m).access_m
        access = access[np.isfinite(access)]
        arcs = np.isfinite(use.forward_s[use.usable]).sum() + np.isfinite(use.backward_s[use.usable]).sum()
        met = np.unique(np.concatenate([self.edges.tail[~use.refused], self.edges.head[~use.refused]]))
        return Summary(
            vehicle=self.vehicle,
            season=self.season,
            nodes=len(met),
            arcs=int(arcs),
            road_km=round(float(whole) / 1000, 3),
            imputed_surface_share=round(float(lengths[~use.surface_tagged].sum() / whole), 4) if whole else 0.0,
            imputed_speed_share=round(float(lengths[~use.speed_tagged].sum() / whole), 4) if whole else 0.0,
            access_m_median=round(float(np.median(access)), 1) if len(access) else 0.0,
            access_m_max=round(float(access.max()), 1) if len(access) else 0.0,
        )

    def lines(self) -> tuple[RoadLine, ...]:
        """Return the roads to draw, those the season closes included, bends of less than some five metres straightened."""
        rows = np.flatnonzero(~self.use.refused).tolist()
        shapes = [shapely.LineString(self.edges.line(i)) for i in rows]
        plain = shapely.simplify(np.array(shapes, dtype=object), DRAWN_DEGREES)
        tags = [self.edges.kinds[kind] for kind in self.edges.kind[rows]]
        return tuple(
            RoadLine(
                highway=tag.get("highway", "ferry"),
                surface=tag.get("surface", tag.get("tracktype", "")),
                closed=bool(self.use.closed[i]),
                coordinates=tuple(
                    (round(lon, 5), round(lat, 5)) for lon, lat in shapely.get_coordinates(shape).tolist()
                ),
            )
            for i, tag, shape in zip(rows, tags, plain, strict=True)
        )


def read_network(path: Path, *, vehicle: str, season: str, turn_costs: bool = False) -> RoadNetwork:
    """Return the road network of an OpenStreetMap file for one vehicle and season.

    Forbidden turns are heeded; with ``turn_costs`` turns at junctions take time, too.

    Raises
    ------
    BadDataError
        If the file cannot be read or has no road the vehicle may use.
    ConfigError
        If the vehicle or season is not known.
    """
    load_profile(vehicle, season)
    roads = Roads(edges=cut_ways(read_ways(path)), turn_costs=turn_costs)
    network = RoadNetwork(vehicle=vehicle, season=season, roads=roads)
    _ = network.use  # a file without roads for this vehicle is refused at the door
    return network


def _strongest(roads: Roads, packed: FloatArray) -> BoolArray:
    """Return the edges within the strongly connected component of most road length, forbidden turns heeded."""
    graph, edges = roads.graph, roads.edges
    possible = np.isfinite(packed)
    tail = np.concatenate([graph.leaves[possible], graph.turn_tail])
    head = np.concatenate([graph.arrives[possible], graph.turn_head])
    arcs = csr_array((np.ones(len(tail), dtype=np.int8), (tail, head)), shape=(graph.nodes, graph.nodes))
    components, label = connected_components(arcs, directed=True, connection="strong")
    within = possible & (label[graph.leaves] == label[graph.arrives])
    length = np.repeat(edges.length_m, 2)
    lengths = np.bincount(label[graph.leaves[within]], weights=length[within], minlength=components)
    inside = within & (label[graph.leaves] == int(np.argmax(lengths)))
    strongest: BoolArray = inside[0::2] | inside[1::2]
    return strongest


def _without(line: FloatArray, start: tuple[float, float], end: tuple[float, float]) -> FloatArray:
    """Return the line without an end that is the point itself."""
    first = int(np.abs(line[0] - start).max() < 2e-6)
    last = len(line) - int(np.abs(line[-1] - end).max() < 2e-6)
    return line[first:last]
