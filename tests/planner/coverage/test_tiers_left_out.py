"""Two tiers with points that no station reaches and villages too large for any point, against trying all plans."""

import random
from collections import Counter

import numpy as np
import pytest

from planner.config import Objective
from planner.coverage import AssignmentRule, CoverageProblem, SitingRules, SolveStatus, UpperTier
from planner.coverage.adapters.choice import engine_for, propose_with_rules
from planner.coverage.explain import solution_of
from planner.coverage.solve import solve_coverage
from tests.planner.coverage.all_plans import STANDARD_S, best_by_trying_all, can_be_served, stations_for

OBJECTIVES = (Objective.LSCP, Objective.MCLP, Objective.FIXED_CHARGE, Objective.P_MEDIAN)


def world(seed, objective, *, loads=True):
    """Return a tiny world whose stations reach about half of the sites, and whose villages are often too large."""
    draw = random.Random(f"{objective} {seed}")
    points, sites, stations = draw.randint(2, 4), draw.randint(2, 4), draw.randint(1, 2)

    def flags(size, share):
        return np.array([draw.random() < share for _ in range(size)])

    def table(rows, columns, most):
        return np.array([[100.0 * draw.randint(0, most) for _ in range(columns)] for _ in range(rows)])

    kinds = flags(sites, 0.3)
    there = flags(stations, 0.3)
    free = draw.random() < 0.5
    heavy = loads and draw.random() < 0.7
    rules = SitingRules(
        load=[float(draw.randint(0, 6)) for _ in range(points)] if heavy else None,
        capacity=[draw.choice((2.0, 4.0, 7.0)) for _ in range(sites)] if heavy else None,
        assignment=AssignmentRule.FREE if free else AssignmentRule.CLOSEST,
        sites_needed=1 if draw.random() < 0.8 else 2,
        upper=UpperTier(
            station_ids=tuple(f"t{s}" for s in range(stations)),
            durations_s=table(sites, stations, 10),
            standard_s=500.0,
            opening_cost_yuan=np.array([float(draw.randint(0, 3)) for _ in range(stations)]),
            existing=there,
            forbidden=~there & flags(stations, 0.3),
            room=np.array([draw.choice((0.0, 1.0, 2.0, np.inf)) for _ in range(stations)]),
        ),
    )
    return CoverageProblem(
        objective=objective,
        demand_ids=tuple(f"v{i}" for i in range(points)),
        site_ids=tuple(f"s{j}" for j in range(sites)),
        durations_s=table(points, sites, 10),
        standard_s=STANDARD_S,
        weights=np.array([float(draw.randint(1, 9)) for _ in range(points)]),
        population=np.ones(points),
        households=np.ones(points),
        registered_poor=flags(points, 0.4),
        mandatory=flags(points, 0.4),
        opening_cost_yuan=np.array([float(draw.randint(0, 5)) for _ in range(sites)]),
        existing=kinds,
        forbidden=np.zeros(sites, dtype=bool),
        count=draw.randint(1, sites) if objective in (Objective.MCLP, Objective.P_MEDIAN) else None,
        rules=rules,
    )


@pytest.mark.parametrize("objective", OBJECTIVES)
def test_in_two_hundred_worlds_such_points_and_villages_end_no_plan(objective):
    seen = Counter()
    for seed in range(55):
        problem = world(seed, objective)
        best, answer = best_by_trying_all(problem), solve_coverage(problem)
        if best is None:
            assert answer.status is SolveStatus.INFEASIBLE, (objective, seed)
            continue
        assert answer.status is SolveStatus.OPTIMAL, (objective, seed, answer.conflicts)
        assert answer.value == pytest.approx(best, abs=1e-6), (objective, seed)
        beyond = [j for j in range(len(problem.site_ids)) if not stations_for(problem, j)]
        opened = {problem.site_ids[j] for j in beyond} & set(answer.opened)
        assert opened <= {problem.site_ids[j] for j in np.flatnonzero(problem.existing)}
        named = {fact.params["site_id"] for fact in answer.relaxed if fact.code == "site_without_station"}
        assert (named, answer.upper is not None) == (opened, True)
        far = np.inf if objective is Objective.P_MEDIAN else STANDARD_S
        heavy = [i for i in range(len(problem.demand_ids)) if not can_be_served(problem, i, far)]
        assert {problem.demand_ids[i] for i in heavy} <= {left.demand_id for left in answer.uncovered}
        seen += Counter({"planned": 1, "beyond": bool(beyond), "named": bool(named), "heavy": bool(heavy)})
    assert min(seen[name] for name in ("planned", "beyond", "named", "heavy")) >= 8, seen


def test_the_engine_for_two_tiers_leaves_out_the_same():
    tried = 0
    for seed in range(40):
        problem = world(seed, Objective.MCLP, loads=False).attainable
        engine = engine_for(problem)
        assert engine is not None
        best, proposal = best_by_trying_all(problem), propose_with_rules(problem, engine, 5.0, 1)
        assert (best is None) == (proposal.status is not None), seed
        if best is not None:
            tried += bool((problem.existing & ~problem.linkable).any())
            assert solution_of(problem, proposal).value == pytest.approx(best, abs=1e-6), seed
    assert tried >= 5
