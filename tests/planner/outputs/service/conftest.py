"""The week worked out by hand, and its pages."""

import pytest

from planner.pipeline.whole_plan import PlannedArea
from planner.plans.service_plan import ServicePlan
from tests.planner.outputs.service.week_world import a_week


@pytest.fixture(scope="session")
def week(line: PlannedArea) -> ServicePlan:
    """The week worked out by hand; see `week_world`."""
    return a_week(line.day)
