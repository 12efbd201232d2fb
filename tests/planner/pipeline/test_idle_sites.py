"""A p-median buys no site that nobody reaches, however many it is told to open."""

import itertools
import random
from dataclasses import replace

import numpy as np

from planner.config import Objective
from planner.coverage.solve import solve_coverage
from planner.pipeline.siting.problems import without_idle_sites
from tests.planner.coverage.test_engine import problem_of

SECONDS = (60.0, 120.0, 300.0, 700.0, float("inf"), float("inf"))


def world(seed):
    """Return a small p-median in which many ways do not exist."""
    draw = random.Random(seed)
    sites = draw.randint(2, 5)
    times = np.array([[draw.choice(SECONDS) for _ in range(sites)] for _ in range(draw.randint(2, 5))])
    idle = draw.sample(range(sites), draw.randint(0, sites - 1))
    times[:, idle] = np.inf
    problem = problem_of(times, Objective.P_MEDIAN, count=draw.randint(1, sites))
    return replace(problem, weights=np.array([float(draw.randint(0, 3)) for _ in times])), times


def least(problem, times):
    """Return the weighted seconds of the best sites by trying them all; who can be reached must be served."""
    reached = np.isfinite(times).any(axis=1)
    found = []
    for size in range(1, problem.count + 1):
        for chosen in itertools.combinations(range(times.shape[1]), size):
            ways = times[reached][:, list(chosen)].min(axis=1)
            if np.isfinite(ways).all():
                found.append(float((problem.weights[reached] * ways).sum()))
    return min(found, default=None)


def test_no_site_is_opened_that_nobody_reaches():
    let_go, tried = 0, 0
    for seed in range(200):
        problem, times = world(seed)
        counted = np.isfinite(times).any(axis=0)
        useful, facts = without_idle_sites(problem)
        if not counted.any():
            assert useful is problem, seed
            continue
        answer = solve_coverage(useful)
        assert [fact.params for fact in facts] == (
            [{"count": problem.count, "useful": int(counted.sum())}] if problem.count > counted.sum() else []
        ), seed
        let_go += len(facts)
        if answer.found:
            tried += 1
            assert all(counted[problem.site_ids.index(id_)] for id_ in answer.opened), seed
            assert len(answer.opened) == min(problem.count, int(counted.sum())), seed
            assert answer.value == least(problem, times), seed
    assert let_go > 40
    assert tried > 100
