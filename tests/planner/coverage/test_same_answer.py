"""The same problem and seed give the same answer on one core and on all, whichever engine answers."""

import json
import os
import subprocess
import sys

import numpy as np
import pytest

from planner.config import Objective
from planner.coverage.durations import SparseDurations
from planner.coverage.large_rules import engine_for, propose_with_rules
from planner.coverage.problem import CoverageProblem
from planner.coverage.siting_rules import AssignmentRule, SitingRules, UpperTier
from planner.coverage.solve import solve_coverage

SIZE = 400
"""More than the integer programme alone is given, so that the compiled engines answer."""


def world(seed, objective, minutes, count=None, budget_yuan=None, rules=None):
    random = np.random.default_rng(seed)
    points = random.random((SIZE, 2)) * 60
    seconds = np.hypot(*(points[:, None] - points[None]).transpose(2, 0, 1)) * 60
    weights = random.integers(50, 900, SIZE).astype(np.float64)
    none = np.zeros(SIZE, dtype=np.bool_)
    return CoverageProblem(
        objective=objective,
        demand_ids=tuple(f"d{i}" for i in range(SIZE)),
        site_ids=tuple(f"s{i}" for i in range(SIZE)),
        durations_s=SparseDurations.of_dense(seconds),
        standard_s=minutes * 60,
        weights=weights,
        population=weights,
        households=weights,
        registered_poor=none,
        mandatory=none,
        opening_cost_yuan=np.round(random.lognormal(9.5, 0.4, SIZE)),
        existing=none,
        forbidden=none,
        count=count,
        budget_yuan=budget_yuan,
        rules=rules or SitingRules(),
    )


def loaded(count):
    load = np.random.default_rng(3).integers(50, 900, SIZE).astype(np.float64)
    capacity = np.full(SIZE, load.sum() / count * 1.5)
    return SitingRules(load=load, capacity=capacity, assignment=AssignmentRule.FREE)


def tiers():
    stations = 25
    none = np.zeros(stations, dtype=np.bool_)
    return SitingRules(
        upper=UpperTier(
            station_ids=tuple(f"t{i}" for i in range(stations)),
            durations_s=np.round(np.random.default_rng(9).random((SIZE, stations)) * 2400),
            standard_s=900.0,
            opening_cost_yuan=np.full(stations, 1e4),
            existing=none,
            forbidden=none,
            room=np.full(stations, 8.0),
            count=8,
        )
    )


PROVEN = {
    "set covering": (1, Objective.LSCP, 9),
    "maximal covering": (2, Objective.MCLP, 8, 30),
    "p-median": (3, Objective.P_MEDIAN, 9, 20),
    "p-center": (4, Objective.P_CENTER, 9, 20),
    "budget": (5, Objective.MCLP, 8, None, 250_000.0),
    "backup": (6, Objective.LSCP, 9, None, None, SitingRules(sites_needed=2)),
    "decay": (8, Objective.MCLP, 6, 15, None, SitingRules(decay_s=720.0)),
    "partial": (9, Objective.LSCP, 9, None, None, SitingRules(covered_share=0.95)),
    "capacities": (11, Objective.MCLP, 10, 25, None, loaded(25)),
}
"""Solved to the end well before any time limit."""
ENGINES = {
    "maximal covering with backup": (7, Objective.MCLP, 9, 33, None, SitingRules(sites_needed=2)),
    "two tiers": (10, Objective.MCLP, 8, 20, None, tiers()),
    "p-median with capacities": (12, Objective.P_MEDIAN, 10, 25, None, loaded(25)),
}
"""Left with a gap by engines that come to an end of their own; the clock must not matter until then."""


def answers():
    """Return what each engine answers, as text that compares bit by bit."""
    found = {}
    for name, arguments in PROVEN.items():
        solution = solve_coverage(world(*arguments), time_limit_s=3600)
        assert solution.proven, name
        found[name] = [float(solution.value).hex(), *solution.opened]
    for name, arguments in ENGINES.items():
        problem = world(*arguments)
        proposal = propose_with_rules(problem, engine_for(problem), 3600, 1)
        found[name] = [float(proposal.bound).hex(), *np.flatnonzero(proposal.opened).tolist()]
    return found


@pytest.mark.skipif(not hasattr(os, "sched_setaffinity"), reason="this system cannot hold a process to one core")
def test_one_core_and_all_cores_give_the_same_answer():
    cores = sorted(os.sched_getaffinity(0))
    told = []
    for allowed in ({cores[0]}, set(cores)):
        held = f"import os, runpy; os.sched_setaffinity(0, {allowed})"
        command = f"{held}; runpy.run_path({__file__!r}, run_name='__main__')"
        told.append(subprocess.run([sys.executable, "-c", command], check=True, capture_output=True, text=True).stdout)
    one, all_of_them = map(json.loads, told)
    assert set(one) == {*PROVEN, *ENGINES}
    assert one == all_of_them


if __name__ == "__main__":
    print(json.dumps(answers()))
