"""The line of three villages in two phases, and the plan of its week."""

from pathlib import Path

import pytest

from planner.config import PlanConfig, load_config
from planner.pipeline.area_run import AreaRun
from planner.pipeline.service.plan import PlannedService, plan_service
from planner.pipeline.site import plan_network
from planner.plans import NetworkPlan
from tests.conftest import write_line_of_three_villages
from tests.planner.pipeline.test_days_on_networks import YEARS, write_phases

SERVICE = """
[service]
least_visits = 3
closed_weekdays = ["sunday"]
iterations = 5
provenance = "for the test"
"""


@pytest.fixture(scope="session")
def line_config(tmp_path_factory: pytest.TempPathFactory) -> PlanConfig:
    """The line, which opens its middle in 2026 and its west in 2027; nobody drives on Sundays."""
    folder: Path = write_phases(write_line_of_three_villages(tmp_path_factory.mktemp("week")), **YEARS)
    with (folder / "area.toml").open("a", encoding="utf-8") as config:
        config.write(SERVICE)
    return load_config(folder)


@pytest.fixture(scope="session")
def line_network(line_config: PlanConfig) -> NetworkPlan:
    return plan_network(AreaRun.for_siting(line_config))


@pytest.fixture(scope="session")
def line_week(line_config: PlanConfig, line_network: NetworkPlan) -> PlannedService:
    """The week of 2027, when two points are open."""
    return plan_service(line_network, line_config, year=2027)


STATIONS = """
[service.stations]
sort_s_per_parcel = 3
call_s = 300
day_yuan = 10
parcel_yuan = 0.1
opens = "07:00"
closes = "17:00"
provenance = "for the test"
[[service.stations.vehicles]]
id = "tricycle"
name = "三轮车"
count = 1
capacity_kg = 600
capacity_m3 = 4
fixed_cost_yuan = 20
cost_per_km_yuan = 0.3
cost_per_hour_yuan = 15
shift_start = "07:00"
shift_end = "17:00"
provenance = "for the test"
"""


@pytest.fixture(scope="session")
def station_config(tmp_path_factory: pytest.TempPathFactory) -> PlanConfig:
    """The line, whose township has a station with a tricycle of its own."""
    folder: Path = write_phases(write_line_of_three_villages(tmp_path_factory.mktemp("station")), **YEARS)
    with (folder / "area.toml").open("a", encoding="utf-8") as config:
        config.write(SERVICE + STATIONS)
    return load_config(folder)
