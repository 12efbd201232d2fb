"""The routing problem of a running day: that of its plan, with the stops that came up, without those of lost vehicles."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from planner.config import PlanConfig
from planner.errors import Message
from planner.pipeline.fleet import FleetTravel, asked_of, routing_problem
from planner.plans import DayPlan
from planner.plans.under_way import AddedStop
from planner.routing import Pair, RoutingProblem, Stop
from planner.routing.check import check
from planner.routing.timing import Timer


def running_problem(plan: DayPlan, travel: FleetTravel, config: PlanConfig) -> RoutingProblem:
    """Return the problem that a running plan answers, with the stops that came up since the morning.

    The room that the plan left free may be used: it was kept for what comes up during the day.
    """
    routing = config.routing.model_copy(update={"load_reserve": 0.0})
    config = config.model_copy(update={"routing": routing})
    problem = routing_problem(plan.area, plan.van_demand, travel, config)
    before = plan.under_way
    if before is None:
        return problem
    behind = {one.stop_id for one in before.settled if one.vehicle_id in before.lost}
    stops = {stop.id: stop for stop in problem.stops}
    for added in before.added:
        known = stops.get(added.id)
        stops[added.id] = (
            replace(known, delivery=added.delivery, pickup=added.pickup)
            if known
            else stop_that_came_up(added, plan, config)
        )
    return replace(
        problem,
        stops=tuple(stop for stop in stops.values() if stop.id not in behind),
        pairs=tuple(
            Pair(pickup_id=added.id, delivery_id=added.brought_to)
            for added in before.added
            if added.brought_to and not {added.id, added.brought_to} & behind
        ),
    )


def stop_that_came_up(added: AddedStop, plan: DayPlan, config: PlanConfig) -> Stop:
    """Return the visit to be made of a stop that came up during the day; its hours are the usual ones if it has none."""
    routing, site = config.routing, plan.area.site_by_id.get(added.site_id)
    own = next((window for window in routing.windows if window.site_id == added.site_id), None)
    opens, closes = (routing.opens, routing.closes) if own is None else (own.opens, own.closes)
    handled = added.delivery[0] + added.pickup[0]
    if added.taken_from:
        return Stop(
            id=added.id,
            name=added.id,
            location_id=added.site_id,
            delivery=added.delivery,
            pickup=added.pickup,
            opens_s=float(added.opens_s or 0.0),
            closes_s=float(added.closes_s or 0.0),
            service_duration_s=0.0,
            setup_duration_s=added.transfer_s,
        )
    return Stop(
        id=added.id,
        name=site.name if site is not None else added.site_id,
        location_id=added.site_id,
        delivery=added.delivery,
        pickup=added.pickup,
        opens_s=float(opens if added.opens_s is None else added.opens_s),
        closes_s=float(closes if added.closes_s is None else added.closes_s),
        service_duration_s=routing.service_base_s + handled * routing.service_per_parcel_s,
        **asked_of(added.site_id, config),
    )


def no_longer_valid(plan: DayPlan, problem: RoutingProblem) -> Sequence[str]:
    """Return what of a plan does not hold on the roads of today.

    Of a plan that was made in the course of its day these are the legs between stops that nobody has come to yet.
    """
    if plan.under_way is None:
        return [str(violation) for violation in check(problem, plan.routes)]
    kinds = {kind.id: kind for kind in problem.vehicle_types}
    settled = {one.stop_id for one in plan.under_way.settled}
    places = {stop.id: stop.place for stop in problem.stops if stop.id not in settled}
    broken: list[str] = []
    for route in plan.routes.routes:
        timer = Timer(problem, kinds[route.vehicle_type_id])
        for before, leg in pairwise(route.legs()):
            if not {before.destination_id, leg.destination_id} <= places.keys():
                continue
            metres = timer.leg(places[leg.origin_id], places[leg.destination_id])[1]
            if not abs(metres - leg.distance_m) < 1:
                broken.append(
                    Message(
                        "{vehicle}: {origin} to {destination} is {found:.0f} m, in the plan {planned:.0f} m",
                        vehicle=route.vehicle_id,
                        origin=leg.origin_id,
                        destination=leg.destination_id,
                        found=metres,
                        planned=leg.distance_m,
                    )
                )
    return broken
