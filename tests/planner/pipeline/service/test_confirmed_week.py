"""Stations chosen on a usual day, and the week confirmed: what is dearer or too small is not kept, and the plan says so."""

import datetime
from dataclasses import replace
from functools import partial

import numpy as np
import pytest

from planner.config import PlanConfig
from planner.pipeline.area_run import AreaRun
from planner.pipeline.service.confirmed_week import confirmed_week
from planner.pipeline.service.station_week import StationCosts, TrunkRun, station_week
from planner.pipeline.service.township_ways import plan_ways, ways_problem
from planner.pipeline.service.visit_days import plan_days
from planner.pipeline.service.week_demand import WeekDemand, usual_week
from planner.pipeline.service.weekday import confirm_weekday
from planner.plans import NetworkPlan
from planner.service.tiers import TownshipReason, TownshipWay
from planner.service.week import WeekProblem, WeekVehicle, days_of, plan_week

MONDAY = datetime.date(2027, 11, 8)
PLACES = {"east": "sp-middle", "middle": "sp-middle", "west": "sp-west"}


def a_week(config: PlanConfig, network: NetworkPlan) -> tuple[AreaRun, WeekDemand]:
    run = AreaRun(config=config, date=MONDAY, given_area=network.area, with_closures=False)
    return run, usual_week(run, PLACES, MONDAY)


def with_small_vehicle(config: PlanConfig, kg: float) -> PlanConfig:
    assert config.service is not None
    assert config.service.stations is not None
    (vehicle,) = config.service.stations.vehicles
    stations = config.service.stations.model_copy(
        update={"vehicles": (vehicle.model_copy(update={"capacity_kg": kg}),)}
    )
    return config.model_copy(update={"service": config.service.model_copy(update={"stations": stations})})


def test_a_station_that_is_dearer_once_confirmed_is_not_kept(
    station_config: PlanConfig, line_network: NetworkPlan
) -> None:
    """The truck goes as far with a station as without: whatever the estimate said, the station's day comes on top."""
    run, week = a_week(station_config, line_network)
    stage = line_network.stages[line_network.stage_on(MONDAY)]
    ways = plan_ways(run, week, stage)
    assert ways is not None
    (township,) = ways.townships
    by_station = replace(
        township,
        way=TownshipWay.IN_PART,
        reason=TownshipReason.PARTS_CHEAPER,
        direct_ids=("sp-west",),
        by_station=(("sp-middle", "es-t1"),),
    )
    ways = replace(ways, station_of={"sp-middle": "es-t1"}, plan=replace(ways.plan, townships=(by_station,)))
    found = confirmed_week(run, week, ways)
    station, directly = found.compared
    assert (station.station_ids, directly.station_ids) == (("es-t1",), ())
    assert (station.missed, directly.missed) == (0, 0)
    assert station.week_yuan > directly.week_yuan
    assert (station.kept, directly.kept) == (False, True)
    assert found.yuan == pytest.approx(directly.week_yuan)
    assert found.planned.station_of == {}
    assert not any(one.day.tiers.station_plans for one in found.days)
    assert found.planned.frequencies  # those of the week that is kept
    (kept,) = found.townships
    assert (kept.way, kept.reason) == (TownshipWay.DIRECT, TownshipReason.WEEK_CONFIRMED)
    assert (kept.direct_ids, kept.by_station) == (("sp-middle", "sp-west"), ())
    assert kept.own_yuan == kept.direct_yuan


def test_nothing_is_compared_where_all_goes_directly(line_config: PlanConfig, line_network: NetworkPlan) -> None:
    run, week = a_week(line_config, line_network)
    assert confirmed_week(run, week, None).compared == ()


def test_what_no_vehicle_of_a_station_holds_is_not_tied_to_it(
    station_config: PlanConfig, line_network: NetworkPlan
) -> None:
    """The middle has 75 kg a day, after Sunday 150 kg on Monday or 225 kg: 100 kg of room, less a tenth, is for the west."""
    run, week = a_week(with_small_vehicle(station_config, 100.0), line_network)
    problem = ways_problem(run, week, ["es-t1"])
    assert {one.stop.place: one.ways for one in problem.points} == {"sp-middle": ("",), "sp-west": ("es-t1", "")}
    run, week = a_week(station_config, line_network)
    problem = ways_problem(run, week, ["es-t1"])
    assert {one.stop.place: one.ways for one in problem.points} == {
        "sp-middle": ("es-t1", ""),
        "sp-west": ("es-t1", ""),
    }


def test_what_a_station_cannot_hold_on_a_day_goes_directly(
    station_config: PlanConfig, line_network: NetworkPlan
) -> None:
    """As where a season has more produce than the week whose ways are kept."""
    run, week = a_week(with_small_vehicle(station_config, 100.0), line_network)
    planned = replace(plan_days(run, week), station_of={"sp-middle": "es-t1"})
    weekday = days_of(planned.patterns["sp-middle"])[0]
    found = confirm_weekday(run, weekday, week.on_visit(run, weekday, planned.patterns), planned, ())
    assert found.day.tiers.missed == ()
    assert not found.day.tiers.station_plans


def two_sides() -> WeekProblem:
    """Two places on either side of a station, each a load for one of its two vehicles, on days that balance best apart."""
    far = np.array([[[0.0, 1000.0, 1000.0], [1000.0, 0.0, 2000.0], [1000.0, 2000.0, 0.0]]])
    odd, even = 0b0010101, 0b0101010
    return WeekProblem(
        place_ids=("east", "west"),
        dimensions=("parcels", "kg"),
        down=np.full((2, 7, 2), 10.0),
        up=np.zeros((2, 7, 2)),
        down_a_visit=np.zeros((2, 2)),
        up_a_visit=np.zeros((2, 2)),
        service_s=np.zeros(2),
        service_s_a_parcel=np.zeros(2),
        patterns=((odd, even), (odd, even)),
        vehicles=(WeekVehicle(id="trike", number=(2,) * 7, capacity=(30.0, 30.0), yuan_per_km=1.0),),
        durations_s=far,
        distances_m=far,
        day_balance_yuan=50.0,
    )


def test_points_of_a_station_share_their_days() -> None:
    """Free they spread over six days; with a run of 40 yuan on each of them, three days are cheaper by 120."""
    planned = partial(plan_week, iterations=5, seed=1)
    problem = two_sides()
    free = planned(problem)
    assert len({route.day for route in free.routes}) == 6
    costs = StationCosts(day_yuan=4.0, parcel_yuan=0.1, runs=(TrunkRun(yuan=36.0, room=(60.0, 60.0)),))
    together = station_week(problem, costs, planned, [0.0] * 7)
    assert together.patterns[0] == together.patterns[1]
    # 140 parcels a week; 60 on a shared day are one run's load
    assert costs.week_yuan(free) == pytest.approx(6 * 40 + 14)
    assert costs.week_yuan(together) == pytest.approx(3 * 40 + 14)
    # of two sets of days that cost the same, the one on which the hub's vehicles carry less to other stations
    other = [100.0 * (day in days_of(together.patterns[0])) for day in range(7)]
    assert station_week(problem, costs, planned, other).patterns[0] != together.patterns[0]


def test_a_day_beyond_one_load_takes_two_runs() -> None:
    costs = StationCosts(day_yuan=0.0, parcel_yuan=0.0, runs=(TrunkRun(yuan=36.0, room=(30.0, 30.0)),))
    shared = plan_week(replace(two_sides(), patterns=((0b0010101,), (0b0010101,))), iterations=2, seed=1)
    # Mondays have three days' goods of both, 60; Wednesdays and Fridays two days', 40
    assert costs.week_yuan(shared) == pytest.approx(36 * (2 + 2 + 2))
