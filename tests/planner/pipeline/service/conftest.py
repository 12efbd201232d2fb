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
