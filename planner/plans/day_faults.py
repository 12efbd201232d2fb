"""What of a day plan refers to nothing, or is not the sum of its parts."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator

from planner.errors import Message
from planner.model import Demand, DemandBasis
from planner.plans.code_faults import unknown_codes
from planner.plans.day_plan import DayPlan
from planner.plans.degrees import lines_off_the_earth
from planner.plans.fact_faults import unsayable_facts
from planner.plans.ride_faults import ride_faults
from planner.plans.transfer_faults import transfer_faults
from planner.plans.under_way_faults import under_way_faults
from planner.routing import Route

_PLAIN_ID = re.compile(r"[A-Za-z0-9_-]+")


def day_faults(plan: DayPlan) -> Iterator[Message]:
    """Return what is inconsistent, a line each."""
    if not 0 <= plan.stage < len(plan.network.stages):
        yield Message("stage is {stage}, the network has {count}", stage=plan.stage, count=len(plan.network.stages))
        return
    if plan.demand.date != plan.date:
        yield Message("demand.date is {found}, the plan's is {date}", found=plan.demand.date, date=plan.date)
    yield from lines_off_the_earth("paths", (path.coordinates for path in plan.paths))
    yield from lines_off_the_earth("closed_lines", (line.coordinates for line in plan.closed_lines))
    yield from unsayable_facts("routes.unassigned", (left.details for left in plan.routes.unassigned))
    yield from _unknown_ids(plan)
    yield from _unclear_stops(plan)
    yield from _wrong_sums(plan)
    yield from under_way_faults(plan)
    yield from transfer_faults(plan)
    yield from ride_faults(plan)
    yield from unknown_codes(
        vehicle=plan.roads.vehicle,
        in_seasons=[plan.roads.season, plan.season.season, plan.season.of_date],
        reasons=plan.cut_off.values(),
    )


def _unknown_ids(plan: DayPlan) -> Iterator[Message]:
    kinds = {vehicle["id"] for vehicle in plan.config["routing"]["vehicles"]}
    for route in plan.routes.routes:
        if not _PLAIN_ID.fullmatch(route.vehicle_id):  # it names files
            yield Message("vehicle_id {id!r} may hold letters, digits, _ and - only", id=route.vehicle_id)
        if route.vehicle_type_id not in kinds:
            yield Message(
                "route {vehicle}: no vehicle type {type!r} in config.routing.vehicles",
                vehicle=route.vehicle_id,
                type=route.vehicle_type_id,
            )
        if not route.visits:
            yield Message("route {vehicle}: visits nothing", vehicle=route.vehicle_id)
    sites = plan.site_of_stop
    known = {
        *(sites.get(left.stop_id, left.stop_id) for left in plan.routes.unassigned),
        *(route.depot_id for route in plan.routes.routes),
        *(sites.get(visit.stop_id, visit.stop_id) for route in plan.routes.routes for visit in route.visits),
        *(sites.get(leg.destination_id, leg.destination_id) for route in plan.routes.routes for leg in route.legs()),
        *(point.site_id for point in plan.demand.points),
        *(one.site_id for one in plan.demand.waiting if one.site_id),
        *(stop.site_id for stop in (plan.under_way.added if plan.under_way else ())),
    }
    villages = {
        *(id_ for point in plan.demand.points for id_ in point.village_ids),
        *plan.demand.without_point,
        *plan.cut_off,
        *(one.village_id for one in plan.demand.villages),
        *(one.village_id for one in plan.demand.waiting if one.village_id),
    }
    yield from (Message("no site {id!r} in the area", id=id_) for id_ in sorted(known - set(plan.area.site_by_id)))
    yield from (
        Message("no village {id!r} in the area", id=id_) for id_ in sorted(villages - set(plan.area.village_by_id))
    )
    closed = {point.site_id for point in plan.demand.points} - set(plan.open_stage.opened)
    yield from (
        Message("demand: the site {id} is not open on {date}", id=id_, date=plan.date) for id_ in sorted(closed)
    )


def _unclear_stops(plan: DayPlan) -> Iterator[Message]:
    """Name stops whose ids mean two things, and visits to a point that are not counted from 1."""
    for site_id, stops in plan.demand.stops_of_site.items():
        visits = [one.visit for one in stops]
        if visits != list(range(1, len(visits) + 1)):
            yield Message("demand: the visits to {id} are numbered {visits}", id=site_id, visits=visits)
        for one in stops:
            if one.stop_id != site_id and one.stop_id in plan.area.site_by_id:
                yield Message("demand: {id} is a stop and another site", id=one.stop_id)


def _wrong_sums(plan: DayPlan) -> Iterator[Message]:
    """Name totals that are not the sum of their parts, and legs without a way."""
    for route in plan.routes.routes:
        yield from _wrong_route(route, plan.routes.dimensions)
    yield from _lost_orders(plan.demand)
    legs = [(leg.origin_id, leg.destination_id) for route in plan.routes.routes for leg in route.legs()]
    if [(path.origin_id, path.destination_id) for path in plan.paths] != legs:
        yield Message("paths: must have one way for each leg of each route, in driving order")
    yield from _wrong_walks(plan)
    cost = sum(route.cost_yuan for route in plan.routes.routes)
    if not abs(cost - plan.routes.cost_yuan) < 0.01:
        yield Message(
            "routes.cost_yuan is {found:.2f}, the routes make {made:.2f}", found=plan.routes.cost_yuan, made=cost
        )


def _lost_orders(demand: Demand) -> Iterator[Message]:
    """Name directions in which the table's parcels, as its rows count them, are not those ordered at places or waiting."""
    table = demand.orders
    if table is None:
        return
    villages = {one.village_id: one for one in demand.villages}
    for name, listed in (("delivery_parcels", table.delivery_parcels), ("pickup_parcels", table.pickup_parcels)):
        ordered = sum(
            float(getattr(one, name))
            for one in demand.waiting
            if one.basis.get(name, DemandBasis.ORDERED) is DemandBasis.ORDERED
        )
        for stops in demand.stops_of_site.values():
            if all(one.basis.get(name) is DemandBasis.ORDERED for one in stops):
                ordered += sum(getattr(one, name) for one in stops)
                continue
            members = (villages[id_] for id_ in {id_ for one in stops for id_ in one.village_ids} if id_ in villages)
            ordered += sum(getattr(one, name) for one in members if one.basis.get(name) is DemandBasis.ORDERED)
        if not abs(ordered - listed) < 0.5:
            yield Message(
                "demand.orders.{name} is {listed}, the places have {ordered:g} ordered",
                name=name,
                listed=listed,
                ordered=ordered,
            )


def _wrong_walks(plan: DayPlan) -> Iterator[Message]:
    """Name walks that are not one for each leg, or longer than their leg."""
    if not plan.walks:
        return
    legs = [leg for route in plan.routes.routes for leg in route.legs()]
    if len(plan.walks) != len(legs):
        yield Message("walks: must have one entry for each leg of each route, in driving order")
        return
    for number, (walk, leg) in enumerate(zip(plan.walks, legs, strict=True)):
        if not (0 <= walk.metres < math.inf and 0 <= walk.seconds < math.inf):
            yield Message("walks.{number}: {walk} must be finite and not negative", number=number, walk=str(walk))
        elif not plan.config["routing"].get("speed_of_day") and walk.seconds > leg.driving_s + 1:
            yield Message("walks.{number}: longer than its leg takes", number=number)


def _wrong_route(route: Route, dimensions: tuple[str, ...]) -> Iterator[Message]:
    """Name legs that do not make the route's metres, and loads that lack a dimension."""
    metres = sum(leg.distance_m for leg in route.legs())
    if not abs(metres - route.distance_m) < 1:
        yield Message(
            "route {vehicle}: distance_m is {found:.0f}, its legs make {made:.0f}",
            vehicle=route.vehicle_id,
            found=route.distance_m,
            made=metres,
        )
    amounts = [amounts for visit in route.visits for amounts in (visit.delivered, visit.picked_up)]
    amounts += [route.load_at_start, *(call.load_after for call in route.calls())]
    if any(len(each) != len(dimensions) for each in amounts):
        yield Message(
            "route {vehicle}: loads must have one amount for each of {dimensions}",
            vehicle=route.vehicle_id,
            dimensions=dimensions,
        )
