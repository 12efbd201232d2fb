"""The day plan: what is brought and fetched on one date, by which routes, on the network as it is open that day."""

from __future__ import annotations

import datetime
import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Annotated, Any

from pydantic import Field

from planner.model import Demand, PointDemand, RoadLine, SeasonChoice, Site, StudyArea, Text, Walk
from planner.plans.day_rides import LaterRides, left_to_vans
from planner.plans.day_transfers import DayTransfers
from planner.plans.followed_week import FollowedWeek
from planner.plans.network_plan import NetworkPlan, Stage
from planner.plans.road_facts import LegPath, RoadSummary
from planner.plans.under_way import UnderWay
from planner.routing import Route, RoutePlan, Visit
from planner.service.tiers import Consignment

LaterState = Annotated[UnderWay | None, Field(exclude_if=lambda state: state is None)]
"""What documents did not have at first: none is not written, so that they stay as they were."""
LaterWeek = Annotated[FollowedWeek | None, Field(exclude_if=lambda week: week is None)]
LaterTransfers = Annotated[DayTransfers | None, Field(exclude_if=lambda transfers: transfers is None)]


@dataclass(frozen=True, kw_only=True)
class DayPlan:
    """The routes of one date on a network plan, of which the document keeps the id only.

    ``stage`` is the number of the network's stage on which it rests, ``season`` the season of its roads and who says so.
    ``config`` has the parts of the configuration that a day rests on (JSON types); ``paths`` has one entry for each leg of
    each route, and so has ``walks``: what of a leg is on foot, seconds in its driving time and metres that are not in its
    distance; it is empty in plans of before, whose distances have the walk. ``cut_off`` has the reason for each village that
    has no way to its hand-over place that day, ``closed_lines`` are the roads that the season or a closure takes away that
    day.

    ``under_way`` is there where the plan was made anew from a running one: its routes then are those of the whole day, with
    what lies behind as it happened. ``follows`` is there where the day goes by a plan of the week: points whose day it is
    not have no stop then, and what is at others has come since their visit before. ``transfers`` is there where stations
    serve some of the points: routes then have those of stations and, at stations, calls of the hub's vehicles. ``rides`` is
    there where that plan has goods on buses that weekday: ``demand`` is all that is brought and fetched, ``routes`` have
    what no bus carries.
    """

    network: NetworkPlan
    date: datetime.date
    stage: int
    season: SeasonChoice
    config: dict[str, Any]
    roads: RoadSummary
    demand: Demand
    routes: RoutePlan
    paths: tuple[LegPath, ...]
    cut_off: Mapping[str, str] = field(default_factory=dict)
    closed_lines: tuple[RoadLine, ...] = ()
    walks: tuple[Walk, ...] = ()
    under_way: LaterState = None
    follows: LaterWeek = None
    transfers: LaterTransfers = None
    rides: LaterRides = None

    @cached_property
    def id(self) -> str:
        """A name that is the same for the same content: area id, date and twelve digits of a hash."""
        from planner.plans.documents import content_hash

        return f"{self.area.id}-{self.date:%Y%m%d}-{content_hash(self)}"

    @property
    def rests_on(self) -> dict[str, Any]:
        """The parts of the configuration that the day's figures rest on: of its demand what orders leave to be assumed."""
        assumed = self.demand.assumed_figures
        if "delivery_parcels" in assumed or "pickup_parcels" in assumed:
            return self.config
        others = {key: part for key, part in self.config.items() if key != "demand"}
        return {**others, "demand_factors": self.config["demand"]} if assumed else others

    @property
    def area(self) -> StudyArea:
        """The study area, that of the network."""
        return self.network.area

    @cached_property
    def site_by_id(self) -> Mapping[str, Site]:
        """The place of each stop and depot by its id: that of the site, but for what came up during the day."""
        sites = self.area.site_by_id
        added = self.under_way.added if self.under_way else ()
        planned = {stop_id: sites[site_id] for stop_id, site_id in self.demand.site_of_stop.items()}
        planned |= {call.id: sites[call.station_id] for call in self.calls.values()}
        return {**sites, **planned, **{stop.id: replace(sites[stop.site_id], id=stop.id) for stop in added}}

    @property
    def road_lines(self) -> tuple[RoadLine, ...]:
        """The roads to draw behind it all: those of the network, closed are those of the day."""
        closed = {line.coordinates for line in self.closed_lines}
        others = (line for line in self.network.road_lines if line.coordinates not in closed)
        return (*(replace(line, closed=False, closure=Text("")) for line in others), *self.closed_lines)

    @property
    def without_site(self) -> tuple[str, ...]:
        """The villages that hand over nowhere that day: no open site is reached, with or without the day's closures."""
        return tuple(id_ for id_ in self.demand.without_point if id_ not in self.cut_off)

    @cached_property
    def site_of_stop(self) -> dict[str, str]:
        """The site of each stop and depot of the day, by its id."""
        added = self.under_way.added if self.under_way else ()
        own = {id_: id_ for id_ in self.area.site_by_id}
        own |= {call.id: call.station_id for call in self.calls.values()}
        return {**own, **self.demand.site_of_stop, **{stop.id: stop.site_id for stop in added}}

    @cached_property
    def calls(self) -> dict[str, Consignment]:
        """What the hub's vehicles bring to stations and fetch there, by the id of their call: transfers, no deliveries."""
        return {one.id: one for one in self.transfers.consignments} if self.transfers else {}

    def at_points(self, route: Route) -> list[Visit]:
        """Return the visits of a route to points, in their order: all but calls at stations."""
        return [visit for visit in route.visits if visit.stop_id not in self.calls]

    def handed_over(self, *, up: bool) -> tuple[float, float]:
        """Return the parcels and kg that reach points, or leave them (``up``), by vehicle or bus; each once."""
        visits = [visit for route in self.routes.routes for visit in self.at_points(route)]
        amounts = [visit.picked_up if up else visit.delivered for visit in visits]
        parcels, kg = (sum(one[at] for one in amounts) for at in (0, 1))
        return (parcels, kg) if self.rides is None else (parcels + self.rides.parcels(up=up), kg + self.rides.kg(up=up))

    @cached_property
    def van_demand(self) -> Demand:
        """What vehicles bring and fetch: the day's demand without what buses carry."""
        return left_to_vans(self.demand, self.rides)

    @cached_property
    def van_demand_of_stop(self) -> dict[str, PointDemand]:
        """What vehicles bring to each stop of the day and fetch there, by its id."""
        return {point.stop_id: point for point in self.van_demand.points}

    @property
    def cost_yuan(self) -> float:
        """What the day costs: routes, what stations are paid, and buses where some carry parcels."""
        return self.routes.cost_yuan + self.stations_yuan + (self.rides.cost_yuan if self.rides else 0.0)

    @property
    def stations_yuan(self) -> float:
        """What the day's stations are paid, beside the routes of their vehicles."""
        return math.fsum(self.transfers.yuan_by_station.values()) if self.transfers else 0.0

    @cached_property
    def demand_of_stop(self) -> dict[str, PointDemand]:
        """What each stop of the day brings and fetches, by its id."""
        return {point.stop_id: point for point in self.demand.points}

    @property
    def open_stage(self) -> Stage:
        """What is open that day."""
        return self.network.stages[self.stage]
