"""Travel without roads: straight lines times a detour factor, at one speed; what a county has before it has a road file.

It answers as `planner.network.RoadNetwork` does. Every place reaches every other, nothing is closed and nobody walks to the
road, so its figures are estimates and whatever is made from them must say so.
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pyproj
import shapely
from scipy.sparse import csr_array
from scipy.spatial import cKDTree

from planner.errors import ConfigError, Message
from planner.model import Access, Points, RoadLine, TravelMatrix
from planner.network.closures import Closure
from planner.network.describe import StraightSummary
from planner.network.profiles import load_profile, load_vehicle, walking_speed_kph
from planner.network.snap import Snaps
from planner.units import FloatArray, metres_per_second

if TYPE_CHECKING:
    from planner.network.matrix import TravelWithin

_GEOD = pyproj.Geod(ellps="WGS84")
_EARTH_M = 6_371_008.8
_SLACK = 1.01  # what a sphere may be off an ellipsoid, and more
_ROAD = {"highway": "unclassified"}
_REFERENCE = "summer"


@dataclass(frozen=True, kw_only=True)
class StraightNetwork:
    """Straight lines ``detour_factor`` times as long, for one vehicle and season.

    ``speed_kph`` holds in summer and for no more than the vehicle can do; other seasons slow it as they slow village roads.
    Without it the vehicle is as fast as its profile has it on village roads (unclassified).
    """

    vehicle: str
    season: str
    detour_factor: float
    speed_kph: float | None = None

    @cached_property
    def speed_here_kph(self) -> float:
        """Speed of this vehicle in this season.

        Raises
        ------
        ConfigError
            If there is no such vehicle or season.
        """
        profile = load_profile(self.vehicle, self.season)
        own_kph = profile.use(_ROAD).speed_kph
        if self.speed_kph is None:
            return own_kph
        slower = own_kph / load_profile(self.vehicle, _REFERENCE).use(_ROAD).speed_kph
        return min(self.speed_kph, profile.max_speed_kph) * slower

    def under(self, *, vehicle: str, season: str) -> StraightNetwork:
        """Return the same lines for another vehicle or season."""
        load_profile(vehicle, season)
        return replace(self, vehicle=vehicle, season=season)

    def without(self, closures: Sequence[Closure], *, on: datetime.date) -> StraightNetwork:
        """Return the lines as they are: there is no road to close, and a configuration with closures is refused.

        Raises
        ------
        ConfigError
            If there are closures.
        """
        if closures:
            raise ConfigError(Message("there are no roads to close: travel is on straight lines"))
        return self

    def closed_km(self) -> tuple[tuple[Closure, float], ...]:
        """Return nothing: no line is closed."""
        return ()

    def lines(self) -> tuple[RoadLine, ...]:
        """Return nothing: there is no road to draw."""
        return ()

    def summary(self, points: Points, *, access_cap_m: float) -> StraightSummary:
        """Return what the network rests on: no road, all speeds assumed."""
        return StraightSummary(
            vehicle=self.vehicle,
            season=self.season,
            nodes=0,
            arcs=0,
            road_km=0.0,
            imputed_surface_share=1.0,
            imputed_speed_share=1.0,
            access_m_median=0.0,
            access_m_max=0.0,
            turn_rules_followed=0,
            turn_rules_left={},
            odd_tags=(),
            detour_factor=self.detour_factor,
            straight_speed_kph=round(self.speed_here_kph, 3),
        )

    def snap(self, points: Points, *, access_cap_m: float) -> Snaps:
        """Return that each point is where its lines begin."""
        count = len(points.ids)
        return Snaps(
            edge=np.zeros(count, dtype=np.int64),
            fraction=np.zeros(count),
            access_m=np.zeros(count),
            reasons={},
            xy=np.column_stack([points.lons, points.lats]),
        )

    def _access(self, origins: int, destinations: int, speed_kph: float | None) -> Access:
        return Access(
            origins_m=np.zeros(origins),
            destinations_m=np.zeros(destinations),
            speed_kph=walking_speed_kph(self.season) if speed_kph is None else speed_kph,
            no_vehicle=load_vehicle(self.vehicle).walks,
        )

    def _metres(self, origins: Points, destinations: Points, rows: np.ndarray, columns: np.ndarray) -> FloatArray:
        """Return the metres of pairs, to the decimetre, as roads have them."""
        _, _, straight_m = _GEOD.inv(
            origins.lons[rows], origins.lats[rows], destinations.lons[columns], destinations.lats[columns]
        )
        metres: FloatArray = np.round(np.asarray(straight_m) * self.detour_factor, 1)
        return metres

    def _seconds(self, metres: FloatArray) -> FloatArray:
        """Return the seconds that metres take, to the millisecond."""
        seconds: FloatArray = np.round(metres / metres_per_second(self.speed_here_kph), 3)
        return seconds

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
        """Return travel from all points to all destinations (to the points themselves if none are given)."""
        ends = destinations or points
        shape = (len(points.ids), len(ends.ids))
        rows, columns = (index.ravel() for index in np.indices(shape))
        metres = self._metres(points, ends, rows, columns).reshape(shape)
        seconds = self._seconds(metres)
        for table in (seconds, metres):
            table.setflags(write=False)
        return TravelMatrix(
            origin_ids=points.ids,
            destination_ids=ends.ids,
            durations_s=seconds,
            distances_m=metres,
            unreachable={},
            access=self._access(*shape, access_speed_kph),
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
        """Return travel from all points to the destinations that they reach within ``limit_s``."""
        from planner.network.matrix import TravelWithin

        ends = destinations or points
        shape = (len(points.ids), len(ends.ids))
        near = cKDTree(_on_sphere(points)).query_ball_tree(cKDTree(_on_sphere(ends)), self._radius_m(limit_s) * _SLACK)
        rows = np.repeat(np.arange(shape[0]), [len(found) for found in near])
        columns = np.array([j for found in near for j in sorted(found)], dtype=np.int64)
        metres = self._metres(points, ends, rows, columns)
        seconds = self._seconds(metres)
        inside = seconds <= limit_s
        rows, columns = rows[inside], columns[inside]
        return TravelWithin(
            origin_ids=points.ids,
            destination_ids=ends.ids,
            limit_s=limit_s,
            durations_s=csr_array((seconds[inside], (rows, columns)), shape=shape),
            distances_m=csr_array((metres[inside], (rows, columns)), shape=shape),
            unreachable={},
            access=self._access(*shape, access_speed_kph),
        )

    def _radius_m(self, limit_s: float) -> float:
        """Return how far one comes in a straight line."""
        return limit_s * metres_per_second(self.speed_here_kph) / self.detour_factor

    def paths(self, pairs: Sequence[tuple[str, str]], points: Points, *, access_cap_m: float) -> tuple[FloatArray, ...]:
        """Return the straight (lon, lat) line for each pair, shape (2, 2)."""
        place = {id_: (lon, lat) for id_, lon, lat in zip(points.ids, points.lons, points.lats, strict=True)}
        return tuple(np.array([place[a], place[b]], dtype=np.float64) for a, b in pairs)

    def rings(self, points: Points, minutes: Sequence[float]) -> tuple[shapely.Geometry, ...]:
        """Return a (multi)polygon (lon, lat) for each number of minutes: circles around the points.

        Raises
        ------
        ConfigError
            If there are no minutes, or some are not above 0.
        """
        if not minutes or min(minutes) <= 0:
            raise ConfigError(
                Message("minutes of isochrones must be given and be above 0"), [str(value) for value in minutes]
            )
        return tuple(shapely.union_all(self._circles(points, value * 60)) for value in minutes)

    def _circles(self, points: Points, limit_s: float) -> list[shapely.Polygon]:
        bearing = np.linspace(0, 360, 48, endpoint=False)
        circles = []
        for lon, lat in zip(points.lons.tolist(), points.lats.tolist(), strict=True):
            around = np.full(len(bearing), lon), np.full(len(bearing), lat)
            lons, lats, _ = _GEOD.fwd(*around, bearing, np.full(len(bearing), self._radius_m(limit_s)))
            circles.append(shapely.Polygon(np.column_stack([lons, lats])))
        return circles


def _on_sphere(points: Points) -> FloatArray:
    """Return the points in metres from the middle of the earth, where no chord is longer than the way over ground."""
    lon, lat = np.radians(points.lons), np.radians(points.lats)
    return _EARTH_M * np.column_stack([np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)])
