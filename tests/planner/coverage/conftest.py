"""Named worlds of siting, small enough to work out by hand."""

from collections.abc import Callable

import numpy as np
import pytest

from planner.config import Objective
from planner.coverage import CoverageProblem


@pytest.fixture(scope="session")
def world() -> Callable[..., CoverageProblem]:
    """Make a problem from its travel times, LSCP with a standard of 600 s unless changed."""

    def make(durations, **changes) -> CoverageProblem:
        durations = np.array(durations, dtype=float)
        points, sites = durations.shape
        values = {
            "objective": Objective.LSCP,
            "demand_ids": tuple(f"v{i}" for i in range(points)),
            "site_ids": tuple(f"s{j}" for j in range(sites)),
            "durations_s": durations,
            "standard_s": 600.0,
            "weights": np.ones(points),
            "population": np.full(points, 100.0),
            "households": np.full(points, 30.0),
            "registered_poor": np.zeros(points, dtype=bool),
            "mandatory": np.zeros(points, dtype=bool),
            "opening_cost_yuan": np.full(sites, 1000.0),
            "existing": np.zeros(sites, dtype=bool),
            "forbidden": np.zeros(sites, dtype=bool),
        }
        return CoverageProblem(**(values | changes))

    return make
