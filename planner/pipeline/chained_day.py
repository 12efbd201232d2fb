"""A day that serves points by stations: trunk runs, sorting and the stations' routes, planned as one chain."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from planner.config import PlanConfig
from planner.errors import BadDataError, Message, list_offenders
from planner.model import AMOUNTS, Demand
from planner.pipeline.area_run import AreaRun
from planner.pipeline.fleet import DIMENSIONS, FleetTravel, day_places, fleet_travel, routing_problem
from planner.pipeline.service.tier_problem import station_settings, tier_problem, vehicle_at
from planner.pipeline.service.weekday import with_none_skipped
from planner.plans.day_transfers import DayStation, DayTransfers
from planner.plans.service_plan import ServicePlan
from planner.routing import RoutePlan, RoutingProblem, Stop
from planner.routing.bound import lower_bound_yuan
from planner.routing.schedule import balance_yuan
from planner.routing.why.proof import Proofs
from planner.routing.why.reasons import why_left
from planner.routing.why.relax import with_relaxations
from planner.service.tiers import Missed, TierEffort, TierPlan, TierProblem, check_tiers, plan_tiers


@dataclass(frozen=True, kw_only=True)
class ChainedDay:
    """The routes of a day over stations as one plan, with the flat problem that they answer and what passes the stations.

    ``run`` has the configuration whose vehicles are those of the hub and of the day's stations.
    """

    run: AreaRun
    problem: RoutingProblem
    routes: RoutePlan
    transfers: DayTransfers
    travel: FleetTravel


def stations_today(service: ServicePlan | None, demand: Demand) -> dict[str, str]:
    """Return the station that serves each of today's points, by the point's site, where the plan of the week has one."""
    if service is None:
        return {}
    today = _with_goods(demand)
    return {one.site_id: one.station_id for one in service.points if one.station_id and one.site_id in today}


def _with_goods(demand: Demand) -> set[str]:
    """Return the sites that vehicles come to: what goes by bus wholly is no stop of theirs."""
    return {point.site_id for point in demand.points if any(getattr(point, name) for name in AMOUNTS)}


def plan_station_day(run: AreaRun, demand: Demand, station_of: Mapping[str, str]) -> ChainedDay | None:
    """Return the day's chain, None where no station can serve anything of it.

    A point that its station cannot serve on the day goes directly from the hub, and the plan says why: goods of such a day
    may be more than the usual week's.

    Raises
    ------
    BadDataError
        If the configuration has no stations any more, or orders between stops, which the chain does not keep.
    """
    _refuse_what_no_chain_keeps(run.config, demand, station_of)
    ways, directly = dict(station_of), dict[str, Missed]()
    while ways:
        three, plan = _tiers(run, demand, ways)
        late = {one.point_id: one for one in plan.missed if one.station_id}
        if not late:
            return _flat(run, demand, three, plan, tuple(directly[id_] for id_ in sorted(directly)))
        places = {point.stop.id: point.stop.place for point in three.points}
        directly |= late
        ways = {site_id: station for site_id, station in ways.items() if site_id not in {places[id_] for id_ in late}}
    return None


def _refuse_what_no_chain_keeps(config: PlanConfig, demand: Demand, station_of: Mapping[str, str]) -> None:
    asked = config.service
    if asked is None or asked.stations is None:
        raise BadDataError(
            Message(
                "the plan of the week serves points by stations ({stations}), of which the configuration says nothing: "
                "give [service.stations], or plan the day with --service none",
                stations=list_offenders(sorted(set(station_of.values()))),
            )
        )
    visited = _with_goods(demand)
    if pairs := [pair for pair in config.routing.before if visited.issuperset(pair)]:
        raise BadDataError(
            Message(
                "routing.before cannot be kept on a day over stations: {offenders}; take it out, or plan the day with "
                "--service none",
                offenders=list_offenders([" → ".join(pair) for pair in pairs]),
            )
        )


def _tiers(run: AreaRun, demand: Demand, ways: Mapping[str, str]) -> tuple[TierProblem, TierPlan]:
    stations = sorted(set(ways.values()))
    travel = fleet_travel(
        _with_vehicles(run, stations), (*day_places(run.area, demand), *_besides(run, demand, stations))
    )
    problem = with_none_skipped(routing_problem(run.area, demand, travel, run.config))
    chosen = {site_id: (station,) for site_id, station in ways.items()}
    three = tier_problem(problem, run.area, run.config, travel, ways=chosen, stations=stations)
    effort = TierEffort(last_iterations=run.config.routing.iterations)
    return three, plan_tiers(three, seed=run.config.seed, effort=effort)


def _besides(run: AreaRun, demand: Demand, stations: Sequence[str]) -> list[str]:
    places = set(day_places(run.area, demand))
    return [id_ for id_ in stations if id_ not in places]


def _with_vehicles(run: AreaRun, stations: Sequence[str]) -> AreaRun:
    """Return the run with the vehicles of these stations among those of its configuration."""
    asked = run.config.service
    assert asked is not None
    own = [vehicle_at(one, id_) for id_ in stations for one in station_settings(asked, id_).vehicles]
    routing = run.config.routing.model_copy(update={"vehicles": (*run.config.routing.vehicles, *own)})
    return replace(run, config=run.config.model_copy(update={"routing": routing}), given_roads=run.roads)


def _flat(
    run: AreaRun, demand: Demand, three: TierProblem, plan: TierPlan, directly: tuple[Missed, ...]
) -> ChainedDay | None:
    """Return the chain as one plan of all routes, checked by the chain's own check before."""
    used = sorted({one.station_id for one in plan.consignments})
    if not used:
        return None
    if broken := check_tiers(three, plan):
        raise BadDataError(Message("the day over stations does not hold"), [str(one) for one in broken])
    transfers = DayTransfers(
        cut_off_s=three.cut_off_s,
        stations=tuple(_station(three, id_) for id_ in used),
        consignments=plan.consignments,
        directly=directly,
    )
    whole = _with_vehicles(run, used)
    travel = fleet_travel(whole, (*day_places(run.area, demand), *_besides(run, demand, used)))
    base = routing_problem(run.area, demand, travel, whole.config, stations=used)
    problem = chained(base, transfers)
    parts = [plan.hub_plan, *(one for _, one in plan.station_plans)]
    routes = tuple(sorted((r for one in parts for r in one.routes), key=lambda route: route.vehicle_id))
    served = {visit.stop_id for route in routes for visit in route.visits}
    left = [stop for stop in problem.stops if stop.id not in served]
    kinds, proofs = {kind.id: kind for kind in problem.vehicle_types}, Proofs(problem)
    found = RoutePlan(
        dimensions=problem.dimensions,
        routes=routes,
        unassigned=tuple(why_left(problem, stop, proofs) for stop in sorted(left, key=lambda stop: stop.id)),
        cost_yuan=math.fsum(route.cost_yuan for route in routes),
        lower_bound_yuan=lower_bound_yuan(problem, served),
        engine=plan.hub_plan.engine,
        seed=run.config.seed,
        balance_yuan=math.fsum(balance_yuan(problem, kinds[route.vehicle_type_id], route) for route in routes),
    )
    told = with_relaxations(problem, found)
    return ChainedDay(run=whole, problem=problem, routes=told, transfers=transfers, travel=travel)


def _station(three: TierProblem, site_id: str) -> DayStation:
    found = three.station(site_id)
    return DayStation(
        site_id=site_id,
        vehicle_types=tuple(kind.id for kind in found.vehicle_types),
        room=tuple(None if math.isinf(one) else one for one in found.room),
        opens_s=found.opens_s,
        closes_s=found.closes_s,
        call_s=found.call_s,
        transfer_s_per_parcel=found.transfer_s_per_parcel,
        sort_s_per_parcel=found.sort_s_per_parcel,
        fixed_yuan=found.fixed_yuan,
        yuan_per_parcel=found.yuan_per_parcel,
    )


def chained(problem: RoutingProblem, transfers: DayTransfers) -> RoutingProblem:
    """Return a day's problem with what its chain asks: who comes to which stop, from when on, and calls at stations.

    Stops of a station are its own vehicles', once their goods are ready there; all others, and calls, are the hub's.
    """
    own = {station.site_id: station.vehicle_types for station in transfers.stations}
    of_stations = tuple(kind for kinds in own.values() for kind in kinds)
    hubs = tuple(kind.id for kind in problem.vehicle_types if kind.id not in of_stations)
    units = {kind.id: {kind.id, *kind.vehicle_ids()} for kind in problem.vehicle_types}
    stops = []
    for stop in problem.stops:
        station = transfers.station_of.get(stop.id)
        fleet = hubs if station is None else own[station]
        names = set().union(*(units[id_] for id_ in fleet))
        barred = of_stations if station is None else ()
        stops.append(
            replace(
                stop,
                only_vehicles=tuple(id_ for id_ in stop.only_vehicles if id_ in names) or (fleet if station else ()),
                not_vehicles=(*(id_ for id_ in stop.not_vehicles if id_ in names), *barred),
                release_s=stop.release_s if station is None else transfers.release_of.get(stop.id, 0.0),
            )
        )
    return replace(problem, stops=(*stops, *_calls(problem, transfers, hubs)))


def _calls(problem: RoutingProblem, transfers: DayTransfers, hubs: tuple[str, ...]) -> list[Stop]:
    """Return the calls of the hub's vehicles at stations; what is fetched there is so only once it is ready."""
    stations = {station.site_id: station for station in transfers.stations}
    ready_at_hub = {stop.id: stop.release_s for stop in problem.stops}
    names = {depot.id: depot.name for depot in problem.depots}
    nothing = tuple(0.0 for _ in DIMENSIONS)
    calls = []
    for one in transfers.consignments:
        there = stations[one.station_id]
        calls.append(
            Stop(
                id=one.id,
                name=names[one.station_id],
                location_id=one.station_id,
                delivery=nothing if one.up else one.amount,
                pickup=one.amount if one.up else nothing,
                opens_s=max(there.opens_s, one.ready_s) if one.up else there.opens_s,
                closes_s=there.closes_s,
                setup_duration_s=there.call_s,
                service_duration_s=one.amount[0] * there.transfer_s_per_parcel,
                only_vehicles=hubs,
                release_s=0.0 if one.up else max(ready_at_hub[id_] for id_ in one.point_ids),
            )
        )
    return calls
