"""The road network of one area for one vehicle and season: travel times, ways, reach, and what they rest on."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from planner.errors import BadDataError, ConfigError, Message
from planner.model import Access, Points, RoadLine, TravelMatrix
from planner.network.closures import Closure, shut_edges
from planner.network.describe import Summary, drawn_lines, summarize
from planner.network.profiles import load_profile, load_vehicle, walking_speed_kph
from planner.network.roads_in_use import RoadsInUse
from planner.network.weights import check_width
from planner.units import FloatArray

if TYPE_CHECKING:  # what needs numba is imported where it runs
    from planner.network.hierarchy import Hierarchy
    from planner.network.matrix import Ends, TravelWithin
    from planner.network.ways import FastestWay


@dataclass(frozen=True, kw_only=True)
class RoadNetwork(RoadsInUse):
    """Roads of one area under one profile; make it with `planner.network.read_network`, another profile's with `under`.

    What closures take away besides the season is in ``shut``, see `without`.
    """

    def under(self, *, vehicle: str, season: str) -> RoadNetwork:
        """Return the same roads under another profile: weights are worked out anew, nothing is built or ordered again.

        Raises
        ------
        ConfigError
            If there is no such vehicle or season, or the vehicle needs roads of another mode than these.
        """
        load_profile(vehicle, season)
        wanted, mode = load_vehicle(vehicle).mode, self.edges.mode
        if wanted != mode:
            raise ConfigError(
                Message(
                    "travel.vehicle: {vehicle} needs roads of mode {wanted!r}, these are of mode {mode!r}: "
                    "read the file again",
                    vehicle=vehicle,
                    wanted=wanted,
                    mode=mode,
                )
            )
        return RoadNetwork(vehicle=vehicle, season=season, roads=self.roads, shut=self.shut)

    def without(self, closures: Sequence[Closure], *, on: datetime.date) -> RoadNetwork:
        """Return the network of that day: without the roads that the closures in force close.

        Raises
        ------
        BadDataError
            If closures do not fit the roads; all faults are listed.
        """
        return replace(self, shut=shut_edges(self.edges, closures, on))

    @cached_property
    def hierarchy(self) -> Hierarchy:
        """The weighed hierarchy that answers for this profile."""
        from planner.network.hierarchy import weigh

        packed = self.use.packed(self.edges)
        return weigh(self.roads.topology, self.roads.graph.weight(packed, self._bit))

    @cached_property
    def digest(self) -> str:
        """What the answers hang on, as a SHA-256: geometry, weights and turns."""
        from planner.network.kept import network_digest

        return network_digest(self.edges, self.roads.graph, self.use, self._bit)

    def ends(self, points: Points, access_cap_m: float) -> Ends:
        """Return where points meet the network and its arcs, as ends of searches."""
        from planner.network.entries import locate
        from planner.network.matrix import Ends

        snaps = self.snap(points, access_cap_m=access_cap_m)
        packed = self.use.packed(self.edges)
        return Ends(snaps=snaps, located=locate(snaps, self.roads.graph, packed, self.roads.topology.rank))

    def walking_kph(self, given: float | None) -> float:
        """Return the speed of access to the road in km/h: as given, else the season's."""
        return walking_speed_kph(self.season) if given is None else given

    def _access(self, origins: Ends, destinations: Ends, speed_kph: float) -> Access:
        return Access(
            origins_m=origins.snaps.access_m,
            destinations_m=destinations.snaps.access_m,
            speed_kph=speed_kph,
            no_vehicle=load_vehicle(self.vehicle).walks,
        )

    def travel_matrix(
        self,
        points: Points,
        *,
        destinations: Points | None = None,
        access_cap_m: float,
        access_speed_kph: float | None = None,
        threads: int = 1,
        cache: Path | None = None,
    ) -> TravelMatrix:
        """Return travel from all points to all destinations (to the points themselves if none are given).

        Access to the road and from it is walked in a straight line, as fast as the profile ``walking`` has it for the season
        if no speed is given; points that both meet a road and lie within the cap of each other are walked between directly
        where that is faster. Points within a metre are 0 s apart; a point is 0 s from itself in any case. One thread or
        several give the same figures. In the folder ``cache`` the matrix is kept under a digest of roads, weights, points
        and settings.

        Raises
        ------
        BadDataError
            If the area is so wide that ways longer than 3,355 km could occur.
        """
        from planner.network.kept import kept_or_made, matrix_name

        ends = destinations or points
        walk_kph = self.walking_kph(access_speed_kph)

        def make() -> TravelMatrix:
            return self._travel_matrix(points, ends, access_cap_m, walk_kph, threads)

        if cache is None:
            return make()
        settings = f"cap {access_cap_m!r} m, walking {walk_kph!r} km/h"
        return kept_or_made(cache, matrix_name(self.digest, (points, ends), settings), make)

    def _travel_matrix(
        self, points: Points, destinations: Points, access_cap_m: float, access_speed_kph: float, threads: int
    ) -> TravelMatrix:
        from planner.network.matrix import dense

        starts = self.ends(points, access_cap_m)
        ends = starts if destinations is points else self.ends(destinations, access_cap_m)
        seconds, metres = dense(
            self.hierarchy,
            starts,
            ends,
            access_cap_m=access_cap_m,
            access_speed_kph=access_speed_kph,
            threads=threads,
        )
        if destinations is points:
            np.fill_diagonal(seconds, 0.0)
            np.fill_diagonal(metres, 0.0)
        for table in (seconds, metres):
            table.setflags(write=False)
        check_width(self.edges, self.use, seconds)
        return TravelMatrix(
            origin_ids=points.ids,
            destination_ids=destinations.ids,
            durations_s=seconds,
            distances_m=metres,
            unreachable={**starts.snaps.reasons, **ends.snaps.reasons},
            access=self._access(starts, ends, access_speed_kph),
        )

    def travel_within(
        self,
        points: Points,
        *,
        destinations: Points | None = None,
        limit_s: float,
        access_cap_m: float,
        access_speed_kph: float | None = None,
        threads: int = 1,
    ) -> TravelWithin:
        """Return travel from all points to the destinations that they reach within ``limit_s``, access included.

        The figures are those of `travel_matrix`; memory grows with what is within reach only.

        Raises
        ------
        BadDataError
            If the area is so wide that ways longer than 3,355 km could occur.
        """
        from planner.network.matrix import TravelWithin, within

        starts = self.ends(points, access_cap_m)
        ends = starts if destinations is None else self.ends(destinations, access_cap_m)
        seconds, metres = within(
            self.hierarchy,
            starts,
            ends,
            limit_s=limit_s,
            access_cap_m=access_cap_m,
            access_speed_kph=self.walking_kph(access_speed_kph),
            threads=threads,
        )
        check_width(self.edges, self.use, seconds.data)
        return TravelWithin(
            origin_ids=points.ids,
            destination_ids=(destinations or points).ids,
            limit_s=limit_s,
            durations_s=seconds,
            distances_m=metres,
            unreachable={**starts.snaps.reasons, **ends.snaps.reasons},
            access=self._access(starts, ends, self.walking_kph(access_speed_kph)),
        )

    def ways(self, pairs: Sequence[tuple[str, str]], points: Points, *, access_cap_m: float) -> tuple[FastestWay, ...]:
        """Return duration, distance and line of the fastest way by road for each (origin id, destination id).

        The ways from the points to the road are left out.

        Raises
        ------
        BadDataError
            If a pair has no way between its ends; all such pairs are listed.
        """
        from planner.network.ways import find_way

        ends = self.ends(points, access_cap_m)
        row = {id_: i for i, id_ in enumerate(points.ids)}
        found = [find_way(self.edges, self.roads.graph, self.hierarchy, ends, row[a], row[b]) for a, b in pairs]
        cut_off = [f"{a} → {b}" for (a, b), way in zip(pairs, found, strict=True) if way is None]
        if cut_off:
            raise BadDataError(Message("there is no way between these points"), cut_off)
        return tuple(way for way in found if way is not None)

    def paths(self, pairs: Sequence[tuple[str, str]], points: Points, *, access_cap_m: float) -> tuple[FloatArray, ...]:
        """Return the (lon, lat) line from point to point of the fastest way by road for each pair, shape (k, 2) each.

        Raises
        ------
        BadDataError
            If a pair has no way between its ends; all such pairs are listed.
        """
        from planner.network.ways import without_ends

        place = {id_: (lon, lat) for id_, lon, lat in zip(points.ids, points.lons, points.lats, strict=True)}
        ways = self.ways(pairs, points, access_cap_m=access_cap_m)
        return tuple(
            np.concatenate([[place[a]], without_ends(way.line, place[a], place[b]), [place[b]]])
            for (a, b), way in zip(pairs, ways, strict=True)
        )

    def summary(self, points: Points, *, access_cap_m: float) -> Summary:
        """Return the size of the usable network, the imputed shares of its length, and the points' access."""
        access_m = self.snap(points, access_cap_m=access_cap_m).access_m
        return summarize(self.vehicle, self.season, self.edges, self.use, access_m)

    def lines(self) -> tuple[RoadLine, ...]:
        """Return the roads to draw, closed ones included, bends of less than some five metres straightened."""
        return drawn_lines(self.edges, self.use, self.shut)
