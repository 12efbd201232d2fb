"""Fleets of several kinds of vehicle: the case that drove tricycles at the speed of vans."""

from pathlib import Path

import pytest

from planner.config import load_config
from planner.network import load_profile
from planner.pipeline.area_run import AreaRun
from planner.pipeline.day import plan_day
from planner.pipeline.examine import examine_files
from planner.pipeline.site import plan_network

CASE = Path(__file__).parents[3] / "shared" / "cases" / "areas" / "mixed_fleet_trike"
needs_case = pytest.mark.skipif(not CASE.exists(), reason="the shared cases are not beside this tree")


@needs_case
def test_tricycles_drive_no_faster_than_tricycles() -> None:
    config = load_config(CASE)
    day = plan_day(plan_network(AreaRun.for_siting(config)), config).plan
    fastest = {
        kind: load_profile(name, day.season.season).max_speed_kph
        for kind, name in (("trike", "tricycle"), ("van", "van"))
    }
    assert {route.vehicle_type_id for route in day.routes.routes} == {"trike", "van"}
    walks = iter(day.walks)
    for route in day.routes.routes:
        for leg in route.legs():
            walk = next(walks)
            driving_s = leg.driving_s - walk.seconds
            assert leg.distance_m <= (driving_s + 0.2) * fastest[route.vehicle_type_id] / 3.6 + 1


@needs_case
def test_the_check_says_that_the_tricycles_are_known_by_their_name_only() -> None:
    found = [one for one in examine_files([CASE], datum=None).findings if one.code == "profile_by_name"]
    assert [one.value for one in found] == ["trike"]
