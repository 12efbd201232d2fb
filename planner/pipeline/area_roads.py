"""The roads of a configuration, and travel between the places of its area: whole as a matrix, or asked part by part."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from planner.config import PlanConfig, TravelConfig
from planner.coverage import SparseDurations
from planner.errors import BadDataError, of_file
from planner.geodata.closed_areas import closed_areas
from planner.geodata.road_lines import LINE_FILES, area_road_lines
from planner.model import Points, StudyArea, Text, TravelMatrix, Trip, Unreachable, Walk
from planner.model.cores import cores
from planner.network import (
    Closure,
    RoadNetwork,
    StraightNetwork,
    TravelNetwork,
    network_of_lines,
    read_network,
    refuse_unknown_profiles,
    refuse_unknown_seasons,
)
from planner.plans import ClosedRoads, RoadSummary
from planner.units import FloatArray

if TYPE_CHECKING:
    from planner.network.matrix import TravelWithin

MATRIX_POINTS = 4000
"""Up to so many places all times are worked out as one matrix (256 MB); above it each question is asked by itself."""
_THREADS = 2
_PAIRS_AT_ONCE = 512


@dataclass(frozen=True, kw_only=True)
class RoadTravel:
    """Travel between points of a large area, worked out when it is asked for: there is no matrix of all points.

    The figures are those that `planner.model.travel.TravelMatrix` would hold.
    """

    roads: TravelNetwork
    points: Points
    config: TravelConfig

    @cached_property
    def unreachable(self) -> Mapping[str, Unreachable]:
        """Why no road reaches a point, by id."""
        return self.roads.snap(self.points, access_cap_m=self.config.access_cap_m).reasons

    @cached_property
    def _row(self) -> dict[str, int]:
        return {id_: i for i, id_ in enumerate(self.points.ids)}

    def _part(self, ids: Sequence[str]) -> Points:
        rows = [self._row[id_] for id_ in ids]
        return Points(ids=tuple(ids), lons=self.points.lons[rows], lats=self.points.lats[rows])

    def select(self, origin_ids: Sequence[str], destination_ids: Sequence[str]) -> TravelMatrix:
        """Return the matrix between these origins and destinations, in the order given."""
        same = tuple(origin_ids) == tuple(destination_ids)
        destinations = None if same else self._part(destination_ids)
        return travel_between(self.roads, self._part(origin_ids), destinations, self.config)

    def within(self, origin_ids: Sequence[str], destination_ids: Sequence[str], limit_s: float) -> TravelWithin:
        """Return travel of the pairs not farther apart than the limit."""
        return self.roads.travel_within(
            self._part(origin_ids),
            destinations=self._part(destination_ids),
            limit_s=limit_s,
            access_cap_m=self.config.access_cap_m,
            access_speed_kph=self.config.access_speed_kph,
            threads=threads(),
        )

    def trips(self, pairs: Sequence[tuple[str, str]]) -> tuple[Trip, ...]:
        """Return driving and walking of each (origin id, destination id), in the order given."""
        return tuple(trip for trip, _ in trips_with_walks(self, pairs))


Travel = TravelMatrix | RoadTravel


def trips_with_walks(travel: Travel, pairs: Sequence[tuple[str, str]]) -> list[tuple[Trip, Walk]]:
    """Return each (origin id, destination id), in the order given, as a trip and what of it is on foot beside the roads.

    Who walks the roads, too, has no such metres: all are along roads.
    """
    if not isinstance(travel, TravelMatrix):
        found: list[tuple[Trip, Walk]] = []
        for begin in range(0, len(pairs), _PAIRS_AT_ONCE):
            part = pairs[begin : begin + _PAIRS_AT_ONCE]
            origins, ends = (tuple(dict.fromkeys(pair[side] for pair in part)) for side in (0, 1))
            found += trips_with_walks(travel.select(origins, ends), part)
        return found
    along_roads = travel.access is not None and travel.access.no_vehicle
    walks = (walk._replace(metres=0.0) if along_roads else walk for walk in travel.walks(pairs))
    return list(zip(travel.trips(pairs), walks, strict=True))


def threads() -> int:
    """Return how many threads work on travel times: two where there are two processors. One gives the same figures."""
    return min(_THREADS, cores())


def read_roads(
    config: PlanConfig, *, season: str | None = None, date: datetime.date | None = None, cache: Path | None = None
) -> TravelNetwork:
    """Return the road network of the configuration's area, for its vehicle, without what is closed on the date.

    Where the configuration says so, it is straight lines.

    ``season`` is that of siting if none is given; without a date nothing is closed. In the folder ``cache`` the roads are
    kept for the next run.

    Raises
    ------
    BadDataError
        If the file cannot be used, a season is not known, or closures do not fit the roads; all faults are listed.
    """
    refuse_unknown_seasons(config)
    refuse_unknown_profiles(config)
    if config.straight_lines is not None:
        return StraightNetwork(
            vehicle=config.travel.vehicle,
            season=season or config.siting_season,
            detour_factor=config.straight_lines.detour_factor,
            speed_kph=config.straight_lines.speed_kph,
        )
    assert config.road_file is not None
    closures = _closures(config)  # what is wrong with them is said even where nothing is closed
    roads = _roads_of(config, config.road_file, season or config.siting_season, cache)
    return roads.without(closures, on=date) if closures and date is not None else roads


def _roads_of(config: PlanConfig, path: Path, season: str, cache: Path | None) -> RoadNetwork:
    """Return the roads of an OpenStreetMap file, or of one of lines."""
    vehicle, turn_costs = config.travel.vehicle, config.travel.turn_costs
    if path.suffix.lower() not in LINE_FILES:
        return read_network(path, vehicle=vehicle, season=season, turn_costs=turn_costs, cache=cache)
    drawn = area_road_lines(config, path)
    try:
        return network_of_lines(drawn, vehicle=vehicle, season=season, turn_costs=turn_costs, cache=cache)
    except BadDataError as error:
        raise BadDataError(of_file(path.name, error.summary), error.problems) from error


def without_closed(config: PlanConfig, roads: TravelNetwork, date: datetime.date) -> TravelNetwork:
    """Return the roads without what the configuration says is closed on the date.

    Raises
    ------
    BadDataError
        If closures do not fit the roads; all faults are listed.
    """
    closures = _closures(config)
    return roads.without(closures, on=date) if closures else roads


def _closures(config: PlanConfig) -> list[Closure]:
    return [
        Closure(reason=said.reason, first=said.first, last=said.last, way_ids=said.way_ids, area=area)
        for said, area in zip(config.travel.closures, closed_areas(config), strict=True)
    ]


def travel_between(
    roads: TravelNetwork,
    origins: Points,
    destinations: Points | None,
    config: TravelConfig,
    *,
    cache: Path | None = None,
) -> TravelMatrix:
    """Return travel from each origin to each destination, walks included; among the origins if no destinations are given."""
    return roads.travel_matrix(
        origins,
        destinations=destinations,
        access_cap_m=config.access_cap_m,
        access_speed_kph=config.access_speed_kph,
        threads=threads(),
        cache=cache,
    )


def area_points(area: StudyArea) -> Points:
    """Return every village and every site of the area as points, villages first."""
    return Points.of([*area.villages, *area.sites])


def travel_times(area: StudyArea, roads: TravelNetwork, config: PlanConfig, *, cache: Path | None = None) -> Travel:
    """Return travel between all villages and sites of the area, walk to the nearest road included.

    In the folder ``cache`` a matrix is kept for the next run.
    """
    points = area_points(area)
    if len(points.ids) > MATRIX_POINTS:
        return RoadTravel(roads=roads, points=points, config=config.travel)
    return travel_between(roads, points, None, config.travel, cache=cache)


def siting_times(
    travel: Travel, demand_ids: Sequence[str], site_ids: Sequence[str], *, limit_s: float
) -> FloatArray | SparseDurations:
    """Return what siting needs to know of the roads: all times of a matrix, of a large area those up to ``limit_s``."""
    if isinstance(travel, TravelMatrix):
        return travel.select(demand_ids, site_ids).durations_s
    return sparse_durations(travel.within(demand_ids, site_ids, limit_s))


def sparse_durations(within: TravelWithin) -> SparseDurations:
    """Return the times within a limit as siting reads them; what is not listed takes at least the limit."""
    seconds = within.durations_s
    rows = np.repeat(np.arange(seconds.shape[0]), np.diff(seconds.indptr))
    order = np.lexsort((seconds.indices, seconds.data, rows))
    return SparseDurations.of_rows(
        starts=seconds.indptr.astype(np.int64),
        sites=seconds.indices[order].astype(np.int32),
        seconds=seconds.data[order],
        site_count=seconds.shape[1],
        cutoff_s=np.full(seconds.shape[0], within.limit_s),
    )


def road_summary(area: StudyArea, roads: TravelNetwork, config: PlanConfig) -> RoadSummary:
    """Return what the network rests on, with the snapping distances of the area's villages and sites."""
    return RoadSummary(
        **roads.summary(area_points(area), access_cap_m=config.travel.access_cap_m),
        turn_costs=config.travel.turn_costs,
        closures=tuple(
            ClosedRoads(reason=Text.of(closure.reason), first=closure.first, last=closure.last, road_km=round(km, 3))
            for closure, km in roads.closed_km()
        ),
    )
