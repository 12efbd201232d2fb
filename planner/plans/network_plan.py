"""The network plan: where both tiers stand in which year, where each village hands over, who pays; made once for years."""

from __future__ import annotations

import datetime
import operator
from dataclasses import dataclass
from functools import cached_property
from typing import Annotated, Any

from pydantic import Field

from planner.coverage import Remedy, StationPlan
from planner.coverage.appraise import SubsidyTable
from planner.coverage.phases import PhasedSolution, opening_phases
from planner.errors import Message, UsageError
from planner.geodata import Finding
from planner.model import RoadLine, Site, SiteStatus, StudyArea, Tier
from planner.plans.road_facts import RoadReach, RoadSummary, SeasonTravel

LaterMetres = Annotated[float | None, Field(exclude_if=lambda metres: metres is None)]
"""Metres that documents did not have at first: where they are not known they are not written, so that ids stay."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HandOver:
    """Where a village hands over its parcels and how it gets there; None where there is no way, or it is not known.

    ``access_m`` is the walk from the village to its road, None if no road is within reach. ``covered``: the place is a
    service point that serves it as the plan's objective asks (within the standard). ``distance_m`` is along the roads, as in
    a day plan, ``walking_m`` what is on foot beside them; in documents that lack it ``distance_m`` has both.
    """

    village_id: str
    site_id: str | None
    covered: bool
    access_m: float | None = None
    duration_s: float | None = None
    driving_s: float | None = None
    walking_s: float | None = None
    distance_m: float | None = None
    walking_m: LaterMetres = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteRole:
    """What an open service point is for at a stage.

    ``parcels_day`` are those of the villages that hand over there on a usual day, down and up together; ``village_ids`` are
    villages that no other open point would cover, by id.
    """

    site_id: str
    parcels_day: float
    village_ids: tuple[str, ...]


LaterRoles = Annotated[tuple[SiteRole, ...], Field(exclude_if=operator.not_)]
"""Roles of sites, that documents did not have at first: where there are none a document stays as it was."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """What is open from the day ``first`` to the day ``last``: a phase, or the whole plan where there are no phases.

    ``opened`` are service points and express stations, by id; ``hand_over`` has one entry a village, by id. Without dates
    (None) it is not known when the stage begins and ends. ``roles`` say what each open service point is for by then, the
    plan's those of the finished network.
    """

    name: str
    first: datetime.date | None
    last: datetime.date | None
    opened: tuple[str, ...]
    hand_over: tuple[HandOver, ...]
    roles: LaterRoles = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SitesInReach:
    """The sites within the standard of a village that say what they offer: hubs, and all that a stage opens."""

    village_id: str
    site_ids: tuple[str, ...]


LaterSitesInReach = Annotated[tuple[SitesInReach, ...], Field(exclude_if=operator.not_)]
"""Documents did not have them at first: where there are none a document stays as it was."""


@dataclass(frozen=True, kw_only=True)
class NetworkPlan:
    """An area's sites of both tiers over the years, with all that is needed to draw, export and plan days on it.

    ``stages`` say from when to when what is open and where each village then hands over; the last is the finished network,
    that ``stations`` has with its proof. ``phases`` is None if the configuration asks for none, ``subsidies`` if it does not
    say who pays. ``remedies`` say what would cover the villages that are left out, ``remarks`` what was assumed, doubted or
    left out when the files were read. ``config`` has the parts of the configuration that siting rests on (JSON types).
    ``seasons`` has one entry a season, ``reach`` what the open express stations reach; ``road_lines`` are drawn behind it.
    ``roles`` say what each open service point is for on the finished network, ``in_reach`` which sites offer services within
    reach of each village, none where no site says what it offers.
    """

    area: StudyArea
    remarks: tuple[Finding, ...]
    config: dict[str, Any]
    roads: RoadSummary
    stations: StationPlan
    phases: PhasedSolution | None
    stages: tuple[Stage, ...]
    remedies: tuple[Remedy, ...]
    subsidies: SubsidyTable | None
    road_lines: tuple[RoadLine, ...]
    seasons: tuple[SeasonTravel, ...] = ()
    reach: tuple[RoadReach, ...] = ()
    roles: LaterRoles = ()
    in_reach: LaterSitesInReach = ()

    @cached_property
    def id(self) -> str:
        """A name that is the same for the same content: area id, the word network and twelve digits of a hash."""
        from planner.plans.documents import content_hash

        return f"{self.area.id}-network-{content_hash(self)}"

    @property
    def rests_on(self) -> dict[str, Any]:
        """The parts of the configuration that the plan's figures rest on: all that it keeps."""
        return self.config

    @property
    def language(self) -> str | None:
        """The language that the area's configuration asks for, None if it asks for none."""
        return self.config.get("language")

    @property
    def finished(self) -> Stage:
        """The last stage, in which all is open that the plan opens."""
        return self.stages[-1]

    @cached_property
    def hand_over(self) -> dict[str, HandOver]:
        """Where each village hands over on the finished network, by village id."""
        return {one.village_id: one for one in self.finished.hand_over}

    def roles_at(self, stage: int) -> tuple[SiteRole, ...]:
        """Return what each open service point is for at a stage; none in documents of before."""
        return self.roles if stage == len(self.stages) - 1 else self.stages[stage].roles

    def stage_on(self, date: datetime.date) -> int:
        """Return the number of the stage whose days contain the date, from 0; after the last one's end, the last.

        Without dates it is the last.

        Raises
        ------
        UsageError
            If the date is before the first stage begins.
        """
        begins = self.stages[0].first
        if begins is not None and date < begins:
            raise UsageError(
                Message(
                    "the network {id} begins on {begins}, {date} is before that: choose a later date",
                    id=self.id,
                    begins=begins,
                    date=date,
                )
            )
        for number, stage in enumerate(self.stages):
            if stage.last is not None and date <= stage.last:
                return number
        return len(self.stages) - 1

    def opened_sites(self, tier: Tier) -> tuple[Site, ...]:
        """Return the open sites of one tier, by id; every hub that is not forbidden counts as open."""
        if tier is Tier.COUNTY_HUB:
            return tuple(hub for hub in self.area.sites_of(tier) if hub.status is not SiteStatus.FORBIDDEN)
        solution = self.stations.service_points if tier is Tier.SERVICE_POINT else self.stations.express_stations
        return tuple(self.area.site_by_id[site_id] for site_id in solution.opened)

    @cached_property
    def phase_of_site(self) -> dict[str, int]:
        """The number of the phase in which each open site of both tiers is open first, from 0; empty without phases."""
        return {} if self.phases is None else opening_phases(self.phases, self.stations, self.area.existing_ids)

    def phase_name_of(self, site_id: str) -> str:
        """Return the name of the phase in which a site is open first, empty if it is not open or there are no phases."""
        number = self.phase_of_site.get(site_id)
        return "" if number is None or self.phases is None else self.phases.phases[number].name
