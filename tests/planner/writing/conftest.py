"""A network plan to be kept and written where there is no room for it."""

import pytest

from planner.config import load_config
from planner.pipeline.area_run import AreaRun
from planner.pipeline.site import plan_network
from planner.plans import NetworkPlan
from tests.conftest import write_line_of_three_villages


@pytest.fixture(scope="session")
def network(tmp_path_factory: pytest.TempPathFactory) -> NetworkPlan:
    """The network of the line of three villages and an island."""
    return plan_network(AreaRun.for_siting(load_config(write_line_of_three_villages(tmp_path_factory.mktemp("line")))))
