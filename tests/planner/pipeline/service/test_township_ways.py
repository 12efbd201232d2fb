"""The ways of a usual day on the line of three villages, worked out by hand.

West's point is beside the hub (10 parcels down, 1 up), middle's (50 down, 5 up and 30 kg of garlic) 11131.949 m and 801.50 s
off, and so is the township's station. A visit takes 240 s and 6 s a parcel: 306 s and 570 s.
"""

import datetime
import math
from dataclasses import replace
from pathlib import Path

import pytest

from planner.config import load_config
from planner.pipeline.area_run import AreaRun
from planner.pipeline.day import hand_over_sites
from planner.pipeline.service.township_ways import open_stations, plan_ways, ways_problem
from planner.pipeline.service.week_demand import usual_week
from planner.pipeline.site import plan_network
from planner.plans import NetworkPlan
from planner.service.tiers import MissedReason, TownshipReason, TownshipWay, check_tiers, plan_tiers
from tests.conftest import write_line_of_three_villages
from tests.planner.pipeline.test_days_on_networks import YEARS, write_phases

SERVICE = """
[service]
least_visits = 3
closed_weekdays = ["sunday"]
cut_off = "17:00"
provenance = "for the test"
[service.stations]
day_yuan = 5
parcel_yuan = 0.1
provenance = "for the test"
[[service.stations.vehicles]]
id = "trike"
name = "trike"
count = 2
capacity_kg = 300
capacity_m3 = 2
fixed_cost_yuan = 10
cost_per_km_yuan = 0.3
cost_per_hour_yuan = 0
shift_start = "06:30"
shift_end = "17:30"
provenance = "for the test"
"""
KM, DRIVE_S, WEST_S, MIDDLE_S = 11.131949, 801.50, 306.0, 570.0
CLOCK_7 = 7 * 3600.0


@pytest.fixture(scope="module")
def network(tmp_path_factory: pytest.TempPathFactory) -> NetworkPlan:
    folder = write_phases(write_line_of_three_villages(tmp_path_factory.mktemp("ways")), **YEARS)
    return plan_network(AreaRun.for_siting(load_config(folder)))


def a_day(network: NetworkPlan, folder: Path, service: str = SERVICE):
    """A run of 2027, when both points and the station are open, its usual week and its stage."""
    write_phases(write_line_of_three_villages(folder), **YEARS)
    with (folder / "area.toml").open("a", encoding="utf-8") as config:
        config.write(service)
    day = datetime.date(2027, 11, 8)
    run = AreaRun.on_day(load_config(folder), day, network.area)
    stage = network.stages[network.stage_on(day)]
    return run, usual_week(run, hand_over_sites(run, stage), day), stage


def test_both_ways_of_a_township_cost_what_they_cost_by_hand(network: NetworkPlan, tmp_path: Path) -> None:
    run, week, stage = a_day(network, tmp_path)
    assert open_stations(run, stage) == ("es-t1",)
    found = plan_ways(run, week, stage)
    assert found is not None
    assert check_tiers(found.problem, found.plan) == []
    assert [(one.stop.id, one.station_ids) for one in found.problem.points] == [
        ("sp-middle", ("es-t1",)),
        ("sp-west", ("es-t1",)),
    ]
    (township,) = found.townships
    round_km, round_s = 2 * KM, 2 * DRIVE_S + WEST_S + MIDDLE_S
    assert township.direct_yuan == pytest.approx(150 + 1.2 * round_km + 30 * round_s / 3600, abs=0.01)
    # the truck waits while the tricycle drives the same round from the other end; 60 parcels down, 6 up; the station's day;
    # the latest moment for the truck to come is sought to two seconds, which cost 0.02 yuan
    by_station = 150 + 1.2 * round_km + 30 * (2 * DRIVE_S + round_s) / 3600 + 10 + 0.3 * round_km + 66 * 0.1 + 5
    assert township.station_yuan == pytest.approx(by_station, abs=0.02)
    assert (township.way, township.reason) == (TownshipWay.DIRECT, TownshipReason.CHEAPER)
    assert found.station_of == {}


def test_where_nothing_goes_directly_the_station_serves_all(network: NetworkPlan, tmp_path: Path) -> None:
    run, week, stage = a_day(network, tmp_path)
    problem = ways_problem(run, week, open_stations(run, stage))
    barred = replace(problem, points=tuple(replace(one, direct=False) for one in problem.points))
    plan = plan_tiers(barred, seed=1)
    assert plan.holds
    assert check_tiers(barred, plan) == []
    (township,) = plan.townships
    assert (township.way, township.direct_yuan) == (TownshipWay.STATION, None)
    (station_id, routes), *_ = plan.station_plans
    assert station_id == "es-t1"
    assert {visit.stop_id for route in routes.routes for visit in route.visits} == {"sp-middle", "sp-west"}


def test_no_station_no_choice(network: NetworkPlan, tmp_path: Path) -> None:
    run, week, stage = a_day(network, tmp_path, SERVICE.partition("[service.stations]")[0])
    assert plan_ways(run, week, stage) is None


def test_conflicts_say_the_smallest_change(network: NetworkPlan, tmp_path: Path) -> None:
    run, week, stage = a_day(network, tmp_path, SERVICE.replace('"17:00"', '"07:10"'))
    found = plan_ways(run, week, stage)
    assert found is not None
    (late,) = found.plan.missed
    # the visit begins at seven; west, beside the hub, is back at 7:05:06
    until = math.ceil(CLOCK_7 + MIDDLE_S + DRIVE_S)
    assert (late.point_id, late.reason, late.until_s) == ("sp-middle", MissedReason.CUT_OFF_TOO_EARLY, until)

    def missed(**changes: float):
        problem = ways_problem(run, week, open_stations(run, stage))
        (station,) = problem.stations
        (trike,) = station.vehicle_types
        if (kg := changes.pop("kg", None)) is not None:
            trike = replace(trike, capacity=(math.inf, kg, 2.0))
        room = (changes.pop("room", math.inf), math.inf, math.inf)
        by_station = tuple(replace(one, direct=False) for one in problem.points)
        station = replace(station, vehicle_types=(trike,), room=room)
        return plan_tiers(
            replace(problem, stations=(station,), points=by_station, cut_off_s=17 * 3600.0), seed=1
        ).missed

    no_room = missed(room=59.0)
    assert {(one.point_id, one.reason, one.room[0]) for one in no_room} == {
        ("sp-middle", MissedReason.ROOM, 60.0),
        ("sp-west", MissedReason.ROOM, 60.0),
    }
    (small,) = missed(kg=74.0)  # middle's 50 parcels weigh 75 kg
    assert (small.point_id, small.reason, small.routing_reason) == (
        "sp-middle",
        MissedReason.ROUTE,
        "larger_than_any_vehicle",
    )
    assert small.relaxations
