"""The service plan: how often, on which days, by which way and with what each point is served, week after week."""

from __future__ import annotations

import datetime
import math
import operator
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import Annotated, Any

from pydantic import Field

from planner.model import Demand, Fact, SeasonChoice, StudyArea
from planner.plans.network_plan import NetworkPlan, Stage
from planner.plans.road_facts import LegPath, RoadSummary
from planner.plans.service_buses import LaterBusDay, LaterBusService
from planner.plans.service_closures import HolidayClosure
from planner.plans.service_phases import ServicePhase
from planner.plans.service_seasons import ServiceYear
from planner.routing import Route
from planner.service.tiers import TierPlan, TownshipChoice
from planner.service.week import NotVisited, days_of


class VisitsReason(StrEnum):
    """Why a point is visited so often: a standard, what piles up, a market, or a row of a table."""

    STANDARD = "least_visits_of_a_point"
    SEAT = "least_visits_of_a_seat"
    PARCELS = "more_would_pile_up"
    TABLE = "row_of_the_table"
    FLEET = "as_often_as_the_fleet_can"
    LOAD = "more_than_one_vehicle_holds"


LaterVisitsReason = Annotated[VisitsReason | None, Field(exclude_if=lambda reason: reason is None)]


LaterSaved = Annotated[float | None, Field(exclude_if=lambda yuan: yuan is None)]


@dataclass(frozen=True, slots=True, kw_only=True)
class ServedPoint:
    """A point and its week: goods by weekday are of the day they arrive on, Monday first.

    ``asked`` is how often it is to be visited and ``reason`` why; ``pattern`` has the weekdays as a bit mask, bit 0 Monday,
    0 where it cannot be visited. ``station_id`` is the express station that serves it, empty for directly from the hub.
    ``saved_yuan`` is by how much the routes of the week would cost less if they passed over it, their order as it is; None
    where that is not known (by a station, by bus, on routes with breaks or reloads).
    ``more_reason`` is why it is visited more often than asked, None if it is not.
    """

    site_id: str
    township_id: str
    village_ids: tuple[str, ...]
    down_parcels: tuple[float, ...]
    up_parcels: tuple[float, ...]
    down_kg: float
    up_kg: float
    asked: int
    reason: VisitsReason
    pattern: int
    station_id: str = ""
    saved_yuan: LaterSaved = None
    more_reason: LaterVisitsReason = None

    @property
    def weekdays(self) -> tuple[int, ...]:
        """The days it is visited on, 0 for Monday."""
        return days_of(self.pattern)

    @property
    def visits(self) -> int:
        """How often it is visited a week."""
        return self.pattern.bit_count()


@dataclass(frozen=True, kw_only=True)
class ServiceDay:
    """One weekday: what is brought and fetched, all since each point's visit before, and how: confirmed and checked.

    What ``buses`` carry is not among what ``tiers`` are asked.
    """

    weekday: int
    demand: Demand
    tiers: TierPlan
    buses: LaterBusDay = None

    @cached_property
    def routes(self) -> tuple[Route, ...]:
        """All routes of the day: the hub's, then those of each station."""
        return (*self.tiers.hub_plan.routes, *(r for _, plan in self.tiers.station_plans for r in plan.routes))

    @property
    def distance_m(self) -> float:
        """How far vehicles drive, runs between hub and bus terminal among it."""
        return math.fsum(route.distance_m for route in self.routes) + (self.buses.runs_m if self.buses else 0.0)

    @property
    def duty_s(self) -> float:
        """How long vehicles are out, all together."""
        return math.fsum(route.end_s - route.start_s for route in self.routes)

    @property
    def cost_yuan(self) -> float:
        """What the day costs."""
        return self.tiers.cost.total_yuan + (self.buses.total_yuan if self.buses else 0.0)

    @cached_property
    def vehicles(self) -> dict[str, int]:
        """How many vehicles of each type are out, by its id."""
        counts: dict[str, int] = {}
        for route in self.routes:
            counts[route.vehicle_type_id] = counts.get(route.vehicle_type_id, 0) + 1
        return counts


LaterYes = Annotated[bool, Field(exclude_if=operator.not_)]


@dataclass(frozen=True, slots=True, kw_only=True)
class FrequencyFigure:
    """What a week costs if each village's point is visited so often, all else as it is, before weekdays are confirmed.

    ``holds``: a week was found that the fleet can do; if not, ``proven`` says that there is none.
    """

    visits: int
    week_yuan: float
    distance_m: float
    vehicles: int
    holds: bool
    proven: LaterYes = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparedWays:
    """A week that was confirmed before one was ``kept``: by which stations, what it costs and how many visits it misses."""

    station_ids: tuple[str, ...]
    week_yuan: float
    missed: int
    kept: bool


LaterComparedWays = Annotated[tuple[ComparedWays, ...], Field(exclude_if=operator.not_)]
LaterConflicts = Annotated[tuple[Fact, ...], Field(exclude_if=operator.not_)]
LaterFrequencies = Annotated[tuple[FrequencyFigure, ...], Field(exclude_if=operator.not_)]
LaterClosures = Annotated[tuple[HolidayClosure, ...], Field(exclude_if=operator.not_)]
LaterPhases = Annotated[tuple[ServicePhase, ...], Field(exclude_if=operator.not_)]
LaterYear = Annotated[ServiceYear | None, Field(exclude_if=lambda year: year is None)]


@dataclass(frozen=True, kw_only=True)
class ProfilePaths:
    """The way of each leg that vehicles of one profile drive in the week, once, between sites; empty: the usual one."""

    profile: str
    paths: tuple[LegPath, ...]


@dataclass(frozen=True, kw_only=True)
class ServicePlan:
    """The week of a network as it is open in ``year``, of which the document keeps the id only.

    ``stage`` is the number of the network's stage, ``monday`` the first day of the week that it was worked out for and
    ``season`` that of its roads. ``config`` has the parts of the configuration that it rests on (JSON types). ``points`` are
    all that villages hand over at, by id; ``cut_off`` has the reason for each village that has no way to its own, and
    ``without_site`` those that hand over nowhere. ``townships`` say which way each township goes and what both ways cost
    on a usual day; where stations were chosen, ``ways_compared`` has the weeks that were confirmed, with them, with fewer
    and with none: what misses fewest visits is kept, then what costs least. ``days`` are the weekdays with routes, ``paths``
    their legs. ``planned_week_yuan`` is what the search for days took the week to cost, before each weekday was confirmed.
    ``conflicts`` say what the fleet cannot do of it, and the smallest changes that help. ``seasons`` is the year,
    ``phases`` what each stage of the network takes and costs;
    neither where only the week was asked for. ``buses`` are those that could carry something, None where the configuration
    names none. ``closures`` are the dates of the year on which nobody drives for a holiday, with the visits they move.
    """

    network: NetworkPlan
    year: int
    stage: int
    monday: datetime.date
    season: SeasonChoice
    config: dict[str, Any]
    roads: RoadSummary
    points: tuple[ServedPoint, ...]
    townships: tuple[TownshipChoice, ...]
    days: tuple[ServiceDay, ...]
    paths: tuple[ProfilePaths, ...]
    not_visited: tuple[NotVisited, ...] = ()
    cut_off: Mapping[str, str] = field(default_factory=dict)
    without_site: tuple[str, ...] = ()
    planned_week_yuan: float = 0.0
    frequencies: LaterFrequencies = ()
    conflicts: LaterConflicts = ()
    ways_compared: LaterComparedWays = ()
    seasons: LaterYear = None
    phases: LaterPhases = ()
    buses: LaterBusService = None
    closures: LaterClosures = ()

    @cached_property
    def id(self) -> str:
        """A name that is the same for the same content: area id, the word service, the year and twelve digits of a hash."""
        from planner.plans.document_text import text_hash
        from planner.plans.service_documents import service_to_json

        return f"{self.area.id}-service-{self.year}-{text_hash(service_to_json(self))}"

    @property
    def area(self) -> StudyArea:
        """The study area, that of the network."""
        return self.network.area

    @property
    def rests_on(self) -> dict[str, Any]:
        """The parts of the configuration that the plan's figures rest on: all that it keeps."""
        return self.config

    @property
    def open_stage(self) -> Stage:
        """What is open in the year."""
        return self.network.stages[self.stage]

    @cached_property
    def point_of(self) -> dict[str, ServedPoint]:
        """The points by their site's id."""
        return {point.site_id: point for point in self.points}

    @cached_property
    def day_of(self) -> dict[int, ServiceDay]:
        """The days with routes, by their weekday."""
        return {day.weekday: day for day in self.days}

    @property
    def week_yuan(self) -> float:
        """What a week costs."""
        return math.fsum(day.cost_yuan for day in self.days)

    @property
    def year_yuan(self) -> float:
        """What a year of such weeks costs."""
        weeks: float = self.config["service"]["weeks_a_year"]
        return self.week_yuan * weeks

    @property
    def week_distance_m(self) -> float:
        """How far vehicles drive in a week."""
        return math.fsum(day.distance_m for day in self.days)

    @cached_property
    def fleet(self) -> dict[str, int]:
        """How many vehicles of each type are needed: the most that are out on one day, by its id."""
        kinds = {kind for day in self.days for kind in day.vehicles}
        return {kind: max(day.vehicles.get(kind, 0) for day in self.days) for kind in sorted(kinds)}
