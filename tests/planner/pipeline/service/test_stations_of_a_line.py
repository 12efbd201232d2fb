"""A weekday by way of a station: the truck brings, the bench sorts, the station's tricycle drives, the truck fetches.

The middle's point lies at the station itself, which the middle's vehicle leaves and reaches without a way: what is told of
times below is the truck's, 801.50 s from the hub, and the bench's.
"""

import datetime

import pytest

from planner.config import PlanConfig
from planner.pipeline.area_run import AreaRun
from planner.pipeline.service.tier_problem import station_settings, vehicle_at
from planner.pipeline.service.township_ways import ways_problem
from planner.pipeline.service.visit_days import plan_days
from planner.pipeline.service.week_demand import usual_week
from planner.pipeline.service.weekday import confirm_weekday
from planner.plans import NetworkPlan
from planner.service.tiers import check_tiers

MONDAY = datetime.date(2027, 11, 8)
PLACES = {"east": "sp-middle", "middle": "sp-middle", "west": "sp-west"}


def test_a_weekday_by_way_of_a_station(station_config: PlanConfig, line_network: NetworkPlan) -> None:
    run = AreaRun(config=station_config, date=MONDAY, given_area=line_network.area, with_closures=False)
    week = usual_week(run, PLACES, MONDAY)
    planned = plan_days(run, week, {"sp-middle": "es-t1"})
    assert planned.station_of == {"sp-middle": "es-t1"}
    assert {route.vehicle_type for route in planned.routes if "sp-middle" in route.place_ids} == {"tricycle-es-t1"}
    weekday = next(day for day in range(6) if planned.patterns["sp-middle"] >> day & 1)
    found = confirm_weekday(run, weekday, week.on_visit(run, weekday, planned.patterns), planned, ())
    plan = found.day.tiers
    assert not check_tiers(found.problem, plan)
    assert not plan.missed
    (point,) = (one for one in found.day.demand.points if one.site_id == "sp-middle")
    down, up = sorted(plan.consignments, key=lambda one: one.up)
    assert (down.amount[0], up.amount[0]) == (point.delivery_parcels, point.pickup_parcels)
    assert {one.station_id for one in plan.consignments} == {"es-t1"}
    # the van leaves at half past six at the earliest and is there after 801.50 s; the station opens at seven
    assert down.here_s >= 7 * 3600
    sorted_s = sum(until - begun for begun, until in down.bench)
    assert sorted_s == pytest.approx(3 * point.delivery_parcels)
    assert down.ready_s == pytest.approx(down.bench[-1][1])
    ((station_id, routes),) = plan.station_plans
    (route,) = routes.routes
    assert (station_id, route.depot_id) == ("es-t1", "es-t1")
    assert route.start_s >= down.ready_s - 1e-6
    assert plan.cost.stations_yuan == pytest.approx(10 + 0.1 * (point.delivery_parcels + point.pickup_parcels))


def test_a_stations_vehicles_drive_by_a_profile_that_no_vehicle_of_the_hub_has(
    station_config: PlanConfig, line_network: NetworkPlan
) -> None:
    service = station_config.service
    assert service is not None
    assert service.stations is not None
    own = tuple(one.model_copy(update={"profile": "tricycle"}) for one in service.stations.vehicles)
    stations = service.stations.model_copy(update={"vehicles": own})
    config = station_config.model_copy(update={"service": service.model_copy(update={"stations": stations})})
    run = AreaRun(config=config, date=MONDAY, given_area=line_network.area, with_closures=False)
    week = usual_week(run, PLACES, MONDAY)
    problem = ways_problem(run, week, ["es-t1"])
    assert problem.stations[0].vehicle_types[0].profile == "tricycle"
    planned = plan_days(run, week, {"sp-middle": "es-t1"})
    weekday = next(day for day in range(6) if planned.patterns["sp-middle"] >> day & 1)
    found = confirm_weekday(run, weekday, week.on_visit(run, weekday, planned.patterns), planned, ())
    assert not check_tiers(found.problem, found.day.tiers)


def test_a_station_may_differ(station_config: PlanConfig) -> None:
    assert station_config.service is not None
    there = station_settings(station_config.service, "es-t1")
    assert there.sort_s_per_parcel == 3
    assert vehicle_at(there.vehicles[0], "es-t1").id == "tricycle-es-t1"
