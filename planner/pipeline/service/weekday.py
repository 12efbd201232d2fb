"""One weekday of a service plan, confirmed: the week's routes with windows, breaks and skills, by the routing engine."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from planner.model import Demand
from planner.pipeline.area_run import AreaRun
from planner.pipeline.fleet import day_places, fleet_travel, room_of, routing_problem
from planner.pipeline.service.fleet_price import busiest_day, within_fleet
from planner.pipeline.service.point_savings import point_savings
from planner.pipeline.service.tier_problem import all_vehicles, station_settings, tier_problem
from planner.pipeline.service.visit_days import PlannedDays
from planner.plans.service_plan import ServiceDay
from planner.routing import RoutingProblem, VehicleType
from planner.routing.check.route import violations_of
from planner.routing.kept_vehicles import with_vehicles_kept
from planner.routing.schedule import schedule
from planner.routing.solve import solve_routing
from planner.routing.stops import Stop
from planner.service.tiers import Missed, MissedReason, TierCost, TierPlan, TierProblem, plan_tiers
from planner.service.week import WeekRoute

_ITERATIONS = 40
"""Of the routing engine for a weekday: it begins from the week's routes and only has to make good what they leave out."""


@dataclass(frozen=True, kw_only=True)
class Weekday:
    """A weekday's plan, the problem that it answers, and what it would cost less without a place (`point_savings`)."""

    day: ServiceDay
    problem: TierProblem
    savings: Mapping[str, float] = field(default_factory=dict)


def confirm_weekday(
    run: AreaRun, weekday: int, demand: Demand, planned: PlannedDays, former: Sequence[ServiceDay]
) -> Weekday:
    """Return the plan of a weekday that begins from the week's routes; vehicles keep what they drove on ``former`` days.

    Where a station serves points that day, trunk runs, sorting and its routes are planned as one chain. What none of its
    vehicles holds on the day, as a season may have it, goes directly from the hub.
    """
    sites = {point.site_id for point in demand.points}
    station_of = {id_: station for id_, station in planned.station_of.items() if id_ in sites}
    places = tuple(dict.fromkeys([*day_places(run.area, demand), *sorted(station_of.values())]))
    travel = fleet_travel(run, places, vehicles=all_vehicles(run.config))
    problem = with_none_skipped(routing_problem(run.area, demand, travel, run.config))
    beyond = set(_beyond_stations(run, problem, station_of))
    ways = {id_: (station,) for id_, station in station_of.items() if id_ not in beyond}
    stations = sorted({station for (station,) in ways.values()})
    three = tier_problem(problem, run.area, run.config, travel, ways=ways, stations=stations)
    plan = plan_tiers(three, seed=run.config.seed) if stations else _within_the_fleet(run, problem, planned, weekday)
    kept = with_vehicles_kept(problem, plan.hub_plan, [one.tiers.hub_plan for one in former])
    return Weekday(
        day=ServiceDay(weekday=weekday, demand=demand, tiers=replace(plan, hub_plan=kept)),
        problem=three,
        savings={} if stations else point_savings(problem, kept),
    )


def _within_the_fleet(run: AreaRun, problem: RoutingProblem, planned: PlannedDays, weekday: int) -> TierPlan:
    """Return the plan of a weekday without stations, by the vehicles that the week has on its busiest day.

    A vehicle more would be bought for that weekday alone; all there are may drive where these leave something behind, or
    nothing says what a vehicle costs to buy.
    """
    service, routes, seed = run.config.service, planned.routes_on(weekday), run.config.seed
    if service is not None and service.prices:
        plan = _directly(within_fleet(problem, busiest_day(planned.routes)), routes, seed)
        if not plan.missed:
            return plan
    return _directly(problem, routes, seed)


def _beyond_stations(run: AreaRun, problem: RoutingProblem, station_of: Mapping[str, str]) -> Iterator[str]:
    """Yield the places of stops that no vehicle of their station holds."""
    service, kept_free = run.config.service, 1 - run.config.routing.load_reserve
    assert service is not None
    for stop in problem.stops:
        if stop.place in station_of:
            rooms = [room_of(one, kept_free) for one in station_settings(service, station_of[stop.place]).vehicles]
            load = [max(down, up) for down, up in zip(stop.delivery, stop.pickup, strict=True)]
            if not any(all(amount <= most for amount, most in zip(load, room, strict=True)) for room in rooms):
                yield stop.place


def with_none_skipped(problem: RoutingProblem) -> RoutingProblem:
    """Return the problem without prices for skipping stops: a plan for every week is to visit them all."""
    return replace(problem, stops=tuple(replace(stop, skip_cost_yuan=math.inf) for stop in problem.stops))


def _directly(problem: RoutingProblem, routes: Sequence[WeekRoute], seed: int) -> TierPlan:
    """Return the plan of a weekday without stations, beginning from the week's routes."""
    found = solve_routing(problem, iterations=_ITERATIONS, seed=seed, threads=1, start=_start(problem, routes))
    return TierPlan(
        ways=tuple("" for _ in problem.stops),
        hub_plan=found,
        station_plans=(),
        consignments=(),
        missed=tuple(
            Missed(
                point_id=left.stop_id,
                station_id="",
                reason=MissedReason.ROUTE,
                routing_reason=left.reason.value,
                relaxations=left.relaxations,
            )
            for left in found.unassigned
        ),
        cost=TierCost(hub_yuan=math.fsum(route.cost_yuan for route in found.routes)),
    )


def _start(problem: RoutingProblem, routes: Sequence[WeekRoute]) -> list[tuple[VehicleType, list[Stop]]]:
    """Return the week's routes as far as the day allows them: what breaks a limit is left to the search."""
    of_place: dict[str, list[Stop]] = {}
    paired = {id_ for pair in problem.before for id_ in pair}
    for stop in problem.stops:
        if stop.id not in paired:  # whether a pair holds is no matter of one route
            of_place.setdefault(stop.place, []).append(stop)
    begun, parts = [], Counter(id_ for route in routes for id_ in route.place_ids)
    for kind in problem.vehicle_types:
        driven = [route for route in routes if route.vehicle_type == kind.id]
        for route, vehicle_id in zip(driven, kind.vehicle_ids(), strict=False):
            stops = [stop for id_ in route.place_ids for stop in _taken(of_place.get(id_, []), parts, id_)]
            if kept := _holding(problem, kind, vehicle_id, stops):
                begun.append((kind, kept))
    return begun


def _taken(stops: list[Stop], parts: Counter[str], place_id: str) -> list[Stop]:
    """Take the stops of a place that a part of it brings along: one each, and the last all that are left."""
    parts[place_id] -= 1
    taken = stops[: 1 if parts[place_id] else len(stops)]
    del stops[: len(taken)]
    return taken


def _holding(problem: RoutingProblem, kind: VehicleType, vehicle_id: str, stops: Sequence[Stop]) -> list[Stop]:
    """Return stops in their order without those that the route cannot take on."""
    kept: list[Stop] = []
    for stop in stops:
        route = schedule(problem, kind, vehicle_id, [*kept, stop])
        if route is not None and not violations_of(problem, route):
            kept.append(stop)
    return kept
