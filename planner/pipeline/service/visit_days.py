"""Which points are visited on which weekdays, and by which routes of a vehicle, planned together for the whole week."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from types import MappingProxyType

import numpy as np

from planner.config import ServiceConfig, VehicleConfig
from planner.model import Fact, Tier
from planner.pipeline.area_run import AreaRun
from planner.pipeline.fleet import fleet_travel, room_of
from planner.pipeline.service.fleet_conflicts import fleet_conflicts
from planner.pipeline.service.fleet_price import fleet_yuan, owned_vehicles
from planner.pipeline.service.point_parts import part_ids, parts_for, whole_id
from planner.pipeline.service.station_week import StationCosts, carried, station_costs, station_week
from planner.pipeline.service.tier_problem import station_settings, vehicle_at
from planner.pipeline.service.visit_patterns import own_visits, visit_patterns, visits_asked
from planner.pipeline.service.week_demand import DAYS_A_WEEK, WeekDemand, amounts_of
from planner.plans.service_plan import FrequencyFigure, VisitsReason
from planner.service.week import (
    FrequencyCost,
    NotVisited,
    NotVisitedReason,
    Week,
    WeekProblem,
    WeekRoute,
    WeekVehicle,
    frequency_costs,
    plan_week,
)

_ALL_DIRECTLY: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, kw_only=True)
class PlannedDays:
    """The weekdays of each point as a bit mask, how often it asked to be visited and why, and the week's routes.

    ``station_of`` has the express station of each point that is served from one, ``conflicts`` what the fleet cannot do,
    and what would help.
    """

    patterns: Mapping[str, int]
    asked: Mapping[str, tuple[int, VisitsReason]]
    routes: tuple[WeekRoute, ...]
    not_visited: tuple[NotVisited, ...]
    week_yuan: float
    frequencies: tuple[FrequencyFigure, ...] = ()
    station_of: Mapping[str, str] = field(default_factory=dict)
    conflicts: tuple[Fact, ...] = ()

    def routes_on(self, weekday: int) -> tuple[WeekRoute, ...]:
        """Return the routes of a weekday."""
        return tuple(route for route in self.routes if route.day == weekday)


@dataclass(frozen=True, kw_only=True)
class _Depot:
    """Where routes start: the hub or a station, its vehicles, and the points that are served from there.

    ``own`` are the vehicles of the configuration that ``vehicles`` are: those of a station have a name of their own.
    ``costs`` are what a station's week costs besides its routes, ``busy`` what trunk runs to others carry on each day.
    """

    site_id: str
    vehicles: tuple[VehicleConfig, ...]
    own: tuple[VehicleConfig, ...]
    point_ids: tuple[str, ...]
    costs: StationCosts | None = None
    busy: list[float] = field(default_factory=lambda: [0.0] * DAYS_A_WEEK)


def plan_days(
    run: AreaRun, week: WeekDemand, station_of: Mapping[str, str] = _ALL_DIRECTLY, *, briefly: bool = False
) -> PlannedDays:
    """Return days and routes of a week; points in ``station_of`` are served from that station, the others from the hub.

    Each depot's week is planned by itself, that of a station with what its trunk runs are likely to cost. A point where more
    piles up than any vehicle holds is planned in parts, each with its own days. ``briefly`` leaves out what other
    frequencies cost and what would help a fleet too small: days and routes are the same.
    """
    service = run.config.service
    assert service is not None
    own = own_visits(run)
    asked = {id_: visits_asked(run, service, week.of_site(id_), own) for id_ in week.site_ids}
    parts = [
        _plan_depot(run, week, service, depot, asked, briefly=briefly)
        for depot in _depots(run, week, service, station_of)
    ]
    return PlannedDays(
        patterns={id_: pattern for part in parts for id_, pattern in part.patterns.items()},
        asked=asked,
        routes=tuple(route for part in parts for route in part.routes),
        not_visited=tuple(left for part in parts for left in part.not_visited),
        week_yuan=math.fsum(part.week_yuan for part in parts),
        frequencies=_together([part.frequencies for part in parts]),
        conflicts=tuple(fact for part in parts for fact in part.conflicts),
        station_of={id_: station for id_, station in station_of.items() if id_ in asked},
    )


def _depots(run: AreaRun, week: WeekDemand, service: ServiceConfig, station_of: Mapping[str, str]) -> Iterator[_Depot]:
    hub = run.area.sites_of(Tier.COUNTY_HUB)[0].id
    members: dict[str, list[str]] = {}
    for id_ in week.site_ids:
        members.setdefault(station_of.get(id_, hub), []).append(id_)
    busy = [0.0] * DAYS_A_WEEK
    for site_id, ids in sorted(members.items()):
        if site_id == hub:
            own = vehicles = run.config.routing.vehicles
            yield _Depot(site_id=site_id, vehicles=vehicles, own=own, point_ids=tuple(ids))
        else:
            own = station_settings(service, site_id).vehicles
            vehicles = tuple(vehicle_at(one, site_id) for one in own)
            costs = station_costs(run, site_id)
            yield _Depot(site_id=site_id, vehicles=vehicles, own=own, point_ids=tuple(ids), costs=costs, busy=busy)


def _plan_depot(
    run: AreaRun,
    week: WeekDemand,
    service: ServiceConfig,
    depot: _Depot,
    asked: Mapping[str, tuple[int, VisitsReason]],
    *,
    briefly: bool,
) -> PlannedDays:
    ids = depot.point_ids
    patterns = {id_: visit_patterns(run, service, id_, asked[id_][0]) for id_ in ids}
    problem = _problem(run, week, service, depot, patterns)
    planned = partial(plan_week, iterations=service.iterations, seed=run.config.seed, progress=run.progress)
    if depot.costs is None:
        found, besides = planned(problem), 0.0
    else:
        found = station_week(problem, depot.costs, planned, depot.busy)
        besides = depot.costs.week_yuan(found)
        depot.busy[:] = [now + more for now, more in zip(depot.busy, carried(found), strict=True)]
    visited = dict.fromkeys(ids, 0)
    for part_id, pattern in zip(problem.place_ids, found.patterns, strict=True):
        visited[whole_id(part_id)] |= pattern
    left = {id_: replace(one, place_id=id_) for one in found.not_visited if not visited[id_ := whole_id(one.place_id)]}
    return PlannedDays(
        patterns=visited,
        asked=asked,
        routes=tuple(replace(one, place_ids=tuple(map(whole_id, one.place_ids))) for one in found.routes),
        not_visited=tuple(left.values()),
        week_yuan=found.cost.paid_yuan + besides,
        frequencies=() if briefly else tuple(_frequencies(run, service, depot, problem, found, asked)),
        conflicts=() if briefly else tuple(_conflicts(run, service, depot, problem, found)),
    )


def _conflicts(
    run: AreaRun, service: ServiceConfig, depot: _Depot, problem: WeekProblem, found: Week
) -> Iterator[Fact]:
    facts = fleet_conflicts(problem, found, iterations=service.iterations // 5, seed=run.config.seed)
    return _named(run, depot, facts)


def _together(parts: Sequence[Sequence[FrequencyFigure]]) -> tuple[FrequencyFigure, ...]:
    """Return what the weeks of all depots come to, for each number of visits that every one of them can be planned with."""
    of_visits: dict[int, list[FrequencyFigure]] = {}
    for part in parts:
        for one in part:
            of_visits.setdefault(one.visits, []).append(one)
    return tuple(
        FrequencyFigure(
            visits=visits,
            week_yuan=math.fsum(one.week_yuan for one in found),
            distance_m=math.fsum(one.distance_m for one in found),
            vehicles=sum(one.vehicles for one in found),
            holds=all(one.holds for one in found),
            proven=any(one.proven for one in found),
        )
        for visits, found in sorted(of_visits.items())
        if len(found) == len(parts)
    )


def _frequencies(
    run: AreaRun,
    service: ServiceConfig,
    depot: _Depot,
    problem: WeekProblem,
    found: Week,
    asked: Mapping[str, tuple[int, VisitsReason]],
) -> Iterator[FrequencyFigure]:
    """Yield what the week costs with other numbers of visits to villages' points; beyond the open days on all seven."""
    villages = [id_ for id_ in problem.place_ids if asked[whole_id(id_)][1] is not VisitsReason.SEAT]
    open_days = len(service.open_weekdays)
    every_day = tuple(replace(kind, number=(max(kind.number),) * DAYS_A_WEEK) for kind in problem.vehicles)
    evidence: tuple[Week, ...] = ()  # what every day can do may be done on fewer, without the visits that are too many
    for changed, visits in (
        (replace(problem, vehicles=every_day), [count for count in service.other_visits if count > open_days]),
        (problem, [count for count in service.other_visits if count <= open_days]),
    ):
        iterations, seed = service.iterations // 3 + 1, run.config.seed
        costs = frequency_costs(
            changed, found, villages, visits=visits, evidence=evidence, iterations=iterations, seed=seed
        )
        for one in costs:
            yield _figure(one, 0.0 if depot.costs is None else depot.costs.week_yuan(one.week))
        evidence = tuple(one.week for one in costs)


def _named(run: AreaRun, depot: _Depot, facts: Sequence[Fact]) -> Iterator[Fact]:
    """Yield what is said of a depot's fleet, with the station where it is one's."""
    at_hub = run.area.site_by_id[depot.site_id].tier is Tier.COUNTY_HUB
    for fact in facts:
        yield fact if at_hub else Fact(code="week_at_station", params={"site_id": depot.site_id, "what": fact})


def _figure(one: FrequencyCost, besides_yuan: float) -> FrequencyFigure:
    week = one.week
    by_day = [sum(1 for route in week.routes if route.day == day) for day in range(DAYS_A_WEEK)]
    return FrequencyFigure(
        visits=one.visits,
        week_yuan=week.cost.paid_yuan + besides_yuan,
        distance_m=math.fsum(route.distance_m for route in week.routes),
        vehicles=max(by_day),
        holds=week.holds and not week.not_visited,
        # points are in as many parts as the visits asked for need: more parts might do where one is too large
        proven=one.proven and not any(left.reason is NotVisitedReason.TOO_LARGE for left in week.not_visited),
    )


def _problem(
    run: AreaRun, week: WeekDemand, service: ServiceConfig, depot: _Depot, patterns: Mapping[str, tuple[int, ...]]
) -> WeekProblem:
    routing = run.config.routing
    room = 1 - routing.load_reserve
    goods = {id_: week.of_site(id_) for id_ in depot.point_ids}
    down, up = (np.array([amounts_of(days, up=up) for days in goods.values()]) for up in (False, True))
    rooms = np.array([room_of(one, room) for one in depot.vehicles])
    counts = [
        parts_for(np.maximum(down[row], up[row]), patterns[id_], rooms) for row, id_ in enumerate(depot.point_ids)
    ]
    ids = tuple(part for id_, count in zip(goods, counts, strict=True) for part in part_ids(id_, count))
    sites = [whole_id(id_) for id_ in ids]
    travel = fleet_travel(run, [depot.site_id, *goods], vehicles=depot.vehicles)
    by_profile = {
        name: matrix.select([depot.site_id, *sites], [depot.site_id, *sites])
        for name, matrix in map(travel.of, depot.vehicles)
    }
    names = sorted(by_profile)
    return WeekProblem(
        place_ids=ids,
        dimensions=("parcels", "kg", "m3"),
        down=np.repeat(down / np.array(counts)[:, None, None], counts, axis=0),
        up=np.repeat(up / np.array(counts)[:, None, None], counts, axis=0),
        down_a_visit=np.zeros((len(ids), 3)),
        up_a_visit=np.zeros((len(ids), 3)),
        service_s=np.full(len(ids), routing.service_base_s),
        service_s_a_parcel=np.full(len(ids), routing.service_per_parcel_s),
        patterns=tuple(patterns[id_] for id_ in sites),
        vehicles=tuple(
            replace(
                _vehicle(one, names.index(travel.of(one)[0]), service, room=room),
                fleet_yuan=fleet_yuan(service, own.id),
                owned=owned_vehicles(service, own.id) if own is one else 0,
            )
            for one, own in zip(depot.vehicles, depot.own, strict=True)
        ),
        durations_s=np.stack([by_profile[name].durations_s for name in names]),
        distances_m=np.stack([by_profile[name].distances_m for name in names]),
        consistency_yuan=service.same_vehicle_yuan,
        day_balance_yuan=service.balance_days_yuan,
        vehicle_balance_yuan=service.balance_vehicles_yuan,
    )


def _vehicle(one: VehicleConfig, profile: int, service: ServiceConfig, *, room: float) -> WeekVehicle:
    duty = one.shift_end - one.shift_start if one.max_duration_s is None else one.max_duration_s
    return WeekVehicle(
        id=one.id,
        number=tuple(one.count if day in service.open_weekdays else 0 for day in range(DAYS_A_WEEK)),
        capacity=room_of(one, room),
        duty_s=float(min(duty, one.shift_end - one.shift_start)) - one.loading_duration_s,
        fixed_yuan=one.fixed_cost_yuan + one.cost_per_hour_yuan * one.loading_duration_s / 3600,
        yuan_per_km=one.cost_per_km_yuan,
        yuan_per_hour=one.cost_per_hour_yuan,
        profile=profile,
    )
