"""A weekday of a service plan as a plan of a day, so that all that is made of days can be made of it."""

from __future__ import annotations

import datetime
import math
from dataclasses import replace
from typing import Any

from planner.model import PointDemand, RoadLine
from planner.outputs.service.week_figures import kinds_of_vehicles, routes_with_station
from planner.outputs.service.week_names import week_fleet
from planner.plans import DayPlan, LegPath
from planner.plans.service_plan import ServiceDay, ServicePlan
from planner.routing import Route, RoutePlan
from planner.service.tiers import Consignment

_FIRST_CALL = 101
"""Calls that bring to a station or fetch there are visits to its site from this number on: no point has so many."""


def weekday_plan(plan: ServicePlan, day: ServiceDay) -> DayPlan:
    """Return a weekday of the plan's week as a day on its network, to be shown, not kept.

    Its routes are those of the hub and of all stations, by vehicle; types of stations' vehicles are in its configuration
    with the names that people call them, in the language that is spoken. Calls at stations are stops at their sites.
    """
    calls = {
        one.id: _call(one, _FIRST_CALL + number)
        for number, one in enumerate(sorted(day.tiers.consignments, key=lambda one: one.id))
    }
    routes = tuple(_with_calls(route, calls) for route, _ in routes_with_station(day))
    plans = [day.tiers.hub_plan, *(own for _, own in day.tiers.station_plans)]
    demand = replace(day.demand, points=(*day.demand.points, *calls.values()))
    fleet = week_fleet(plan)
    vehicles = [{**one, "id": id_, "name": fleet.called(id_)} for id_, one in kinds_of_vehicles(plan).items()]
    routing: dict[str, Any] = {**plan.config["routing"], "vehicles": vehicles}
    return DayPlan(
        network=plan.network,
        date=plan.monday + datetime.timedelta(days=day.weekday),
        stage=plan.stage,
        season=plan.season,
        config={**plan.config, "routing": routing},
        roads=plan.roads,
        demand=demand,
        routes=RoutePlan(
            dimensions=day.tiers.hub_plan.dimensions,
            routes=routes,
            unassigned=(),
            cost_yuan=math.fsum(route.cost_yuan for route in routes),
            lower_bound_yuan=math.fsum(one.lower_bound_yuan for one in plans),
            engine=day.tiers.hub_plan.engine,
            seed=day.tiers.hub_plan.seed,
        ),
        paths=_paths(plan, routes, demand.site_of_stop),
        cut_off=plan.cut_off,
        closed_lines=_closed(plan),
    )


def _call(one: Consignment, visit: int) -> PointDemand:
    """Return a call at a station as a stop there: what it brings, or what it fetches."""
    amounts = dict(zip(("parcels", "kg", "m3"), one.amount, strict=True))
    down, up = ({}, amounts) if one.up else (amounts, {})
    return PointDemand(
        site_id=one.station_id,
        village_ids=(),
        delivery_parcels=round(down.get("parcels", 0)),
        delivery_kg=down.get("kg", 0.0),
        delivery_m3=down.get("m3", 0.0),
        pickup_parcels=round(up.get("parcels", 0)),
        pickup_kg=up.get("kg", 0.0),
        pickup_m3=up.get("m3", 0.0),
        visit=visit,
    )


def _with_calls(route: Route, calls: dict[str, PointDemand]) -> Route:
    """Return a route whose calls at stations are stops of the day."""
    visits = (
        replace(visit, stop_id=calls[visit.stop_id].stop_id) if visit.stop_id in calls else visit
        for visit in route.visits
    )
    return replace(route, visits=tuple(visits))


def _paths(plan: ServicePlan, routes: tuple[Route, ...], site_of_stop: dict[str, str]) -> tuple[LegPath, ...]:
    """Return the way of each leg of each route: that of its vehicle's profile; at one place there is no way to go."""
    ways = {one.profile: {(way.origin_id, way.destination_id): way for way in one.paths} for one in plan.paths}
    kinds, usual = kinds_of_vehicles(plan), plan.config["travel"].get("vehicle", plan.roads.vehicle)
    found = []
    for route in routes:
        profile = kinds[route.vehicle_type_id].get("profile") or usual
        of_profile = ways.get("" if profile == usual else profile, {})
        for leg in route.legs():
            ends = (
                site_of_stop.get(leg.origin_id, leg.origin_id),
                site_of_stop.get(leg.destination_id, leg.destination_id),
            )
            found.append(of_profile.get(ends) or _straight(plan, *ends))
    return tuple(found)


def _straight(plan: ServicePlan, origin_id: str, destination_id: str) -> LegPath:
    sites = plan.area.site_by_id
    ends = tuple((sites[id_].lon, sites[id_].lat) for id_ in (origin_id, destination_id))
    return LegPath(origin_id=origin_id, destination_id=destination_id, coordinates=ends)


def _closed(plan: ServicePlan) -> tuple[RoadLine, ...]:
    """Return the roads that are closed in the plan's season, where the network was made for the same."""
    if plan.network.roads.season != plan.roads.season:
        return ()
    return tuple(line for line in plan.network.road_lines if line.closed)
