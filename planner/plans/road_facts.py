"""What plans keep of the roads they were made on: ways, closures, lengths, seasons and reach."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field
from typing import Any

from planner.model import Boundary, OddTag, RoadLine, StudyArea, Text


@dataclass(frozen=True, slots=True, kw_only=True)
class LegPath:
    """The way one leg of a route takes, (lon, lat) pairs from the one end to the other, about a metre exact."""

    origin_id: str
    destination_id: str
    coordinates: tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ClosedRoads:
    """A closure in force on the plan's date, and the kilometres of road it takes away."""

    reason: Text
    first: datetime.date
    last: datetime.date
    road_km: float


@dataclass(frozen=True, slots=True, kw_only=True)
class RoadSummary:
    """What the road network rests on: lengths, the share of ways whose speed had to be imputed, snapping distances.

    ``odd_tags`` are values that are not understood, those on most road first.
    """

    vehicle: str
    season: str
    nodes: int
    arcs: int
    road_km: float
    imputed_surface_share: float
    imputed_speed_share: float
    access_m_median: float
    access_m_max: float
    turn_rules_followed: int = 0
    turn_rules_left: dict[str, int] = field(default_factory=dict)
    turn_costs: bool = False
    closures: tuple[ClosedRoads, ...] = ()
    odd_tags: tuple[OddTag, ...] = ()
    detour_factor: float | None = None
    straight_speed_kph: float | None = None

    @property
    def on_straight_lines(self) -> bool:
        """Whether there are no roads: times and distances are those of straight lines, ``detour_factor`` times as long."""
        return self.detour_factor is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class SeasonTravel:
    """What a season makes of the ways from the villages to the open service points.

    ``mean_s`` (by people) and ``longest_s`` are of the villages that reach a point in every season compared, so that they
    can be compared. ``beyond`` are villages that reach a point but not within the standard; ``cut_off`` has the reason for
    each village that reaches none.
    """

    season: str
    mean_s: float | None
    longest_s: float | None
    beyond: tuple[str, ...]
    cut_off: dict[str, str]


@dataclass(frozen=True, kw_only=True)
class RoadReach:
    """What is reached by road within ``minutes`` from any of ``origin_ids``.

    ``village_ids`` are the villages reached in time, the walk to the road included; ``geometry`` is what lies beside a
    road reached in time, lon/lat.
    """

    origin_ids: tuple[str, ...]
    minutes: float
    village_ids: tuple[str, ...]
    population: int
    geometry: Boundary


@dataclass(frozen=True, kw_only=True)
class ReachStudy:
    """What is reached by road from some places of an area on a date: one `RoadReach` for each number of minutes, rising.

    ``config`` has the parts of the configuration that it rests on (JSON types).
    """

    area: StudyArea
    date: datetime.date
    roads: RoadSummary
    rings: tuple[RoadReach, ...]
    road_lines: tuple[RoadLine, ...]
    config: dict[str, Any] = field(default_factory=dict)

    @property
    def rests_on(self) -> dict[str, Any]:
        """The parts of the configuration that the study rests on: all that it keeps."""
        return self.config

    @property
    def id(self) -> str:
        """What it is a study of, in a line."""
        return f"{self.area.id}-{self.date:%Y%m%d}-{self.roads.vehicle}-{self.roads.season}"
