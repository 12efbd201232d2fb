"""One area's way from its files to its sites, each step made once, when it is first asked for."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from planner.config import PlanConfig
from planner.coverage.appraise import SubsidyTable
from planner.errors import Message
from planner.geodata import Finding
from planner.geodata.assemble import AreaReading, read_area_with_findings
from planner.geodata.rejects import RejectsFile
from planner.model import StudyArea
from planner.network import TravelNetwork, load_vehicle, season_of
from planner.pipeline.area_roads import Travel, read_roads, travel_times
from planner.pipeline.siting import Siting, site_area, subsidies_of
from planner.progress import Progress, silent


@dataclass(frozen=True, kw_only=True)
class AreaRun:
    """Area, roads, travel times and siting of a configuration; what nobody asks for is not made.

    ``date`` is the day whose closures the roads heed, the configuration's if none is given; a run ``for_siting`` heeds none,
    for what is closed for some days is no reason to build elsewhere. With ``rejects``, rows at fault
    are written to that file and left out. In the folder ``cache`` roads and travel times are kept for the next run.
    ``progress`` hears of the first four of ``steps``; those after them are the caller's own. What is at hand already is
    handed over: the area of a plan as ``given_area``, roads as ``given_roads``. ``given_season`` is what the roads are taken
    in: for a day what `planner.network.season_of` says of it; without one, the season that siting is done for. Where there
    are ``only_points``, no other service point opens.
    """

    config: PlanConfig
    date: datetime.date | None = None
    rejects: RejectsFile | None = None
    cache: Path | None = None
    progress: Progress = silent
    steps: int = 4
    given_season: str | None = None
    given_area: StudyArea | None = None
    given_roads: TravelNetwork | None = None
    with_closures: bool = True
    only_points: frozenset[str] | None = None

    @classmethod
    def for_siting(cls, config: PlanConfig, **rest: Any) -> AreaRun:
        """Return the run that a network plan is made in: roads of the season that siting is for, nothing closed for days."""
        return cls(config=config, with_closures=False, **rest)

    @classmethod
    def on_day(cls, config: PlanConfig, date: datetime.date, area: StudyArea, **rest: Any) -> AreaRun:
        """Return the run that a day is planned in: the area of its network, roads as they are on the date."""
        season = season_of(config.travel, date).season
        return cls(config=config, date=date, given_area=area, given_season=season, **rest)

    @property
    def day(self) -> datetime.date:
        """The service date."""
        return self.date or self.config.routing.date

    @property
    def season(self) -> str:
        """The season of the roads."""
        return self.given_season or self.config.siting_season

    @cached_property
    def _reading(self) -> AreaReading:
        if self.given_area is not None:
            return AreaReading(area=self.given_area, findings=())
        self.progress(Message("reading the area"), 0, self.steps)
        return read_area_with_findings(self.config, rejects=self.rejects)

    @property
    def area(self) -> StudyArea:
        """The study area.

        Raises
        ------
        BadDataError
            If a file cannot be used, or (without ``rejects``) a row is at fault; every row at fault has its line.
        """
        return self._reading.area

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What the files gave reason to doubt, and the rows left out; empty for an area that was handed over."""
        return self._reading.findings

    @cached_property
    def roads(self) -> TravelNetwork:
        """The roads for the configuration's vehicle in the run's season, without what is closed on the day.

        Raises
        ------
        BadDataError
            If the file cannot be used, or closures do not fit its roads; all faults are listed.
        """
        if self.given_roads is not None:
            return self.given_roads
        self.progress(Message("reading the roads"), 1, self.steps)
        date = self.day if self.with_closures else None
        return read_roads(self.config, season=self.season, date=date, cache=self.cache)

    @cached_property
    def travel(self) -> Travel:
        """Travel between all villages and sites, the walk to the nearest road included."""
        area, roads = self.area, self.roads  # the area's faults are said before the roads are read
        self.progress(Message("travel times"), 2, self.steps)
        return travel_times(area, roads, self.config, cache=self.cache)

    @cached_property
    def siting(self) -> Siting:
        """The open sites of both tiers, phases and remedies; see `site_area` for what it raises."""
        travel = self.travel
        self.progress(Message("siting stations"), 3, self.steps)
        return site_area(self.area, travel, self.config, only=self.only_points)

    @property
    def subsidies(self) -> SubsidyTable | None:
        """Who pays what for the siting; None if the configuration says nothing of it, or no plan holds."""
        return subsidies_of(self.area, self.config, self.siting.stations, self.siting.phases)

    def driven_by(self, vehicle: str) -> AreaRun:
        """Return the run of the same area and day for another vehicle, made once; this one for its own vehicle."""
        own = self.config.travel.vehicle
        if vehicle == own:
            return self
        if vehicle not in self._of_vehicles:
            run = replace(self, config=self.config.under(vehicle=vehicle), given_area=self.area, given_roads=None)
            same_roads = load_vehicle(vehicle).mode == load_vehicle(own).mode
            self._of_vehicles[vehicle] = self.under(vehicle=vehicle) if same_roads else run
        return self._of_vehicles[vehicle]

    @cached_property
    def _of_vehicles(self) -> dict[str, AreaRun]:
        return {}

    def under(self, *, vehicle: str | None = None, season: str | None = None) -> AreaRun:
        """Return the run of the same area for another vehicle or season of the same mode of travel, on the same roads."""
        config = self.config.under(vehicle=vehicle, season=season)
        there = season or self.season
        roads = self.roads.under(vehicle=config.travel.vehicle, season=there)
        return replace(self, config=config, given_season=there, given_area=self.area, given_roads=roads)
