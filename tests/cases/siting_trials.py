"""Small made-up siting worlds by seed, and their best plan by trying every set of sites, in code of its own."""

from itertools import combinations

import numpy as np

from planner.config import Objective
from planner.coverage import AssignmentRule, CoverageProblem, SitingRules

STANDARD_S = 600.0


def times_of(rng, points, sites):
    """Return travel times in whole hundreds of seconds, some ways missing."""
    table = 100.0 * rng.integers(0, 13, size=(points, sites))
    table[rng.random(table.shape) < 0.2] = np.inf
    return table


def problem_of(rng, objective, **rules):
    """Return a problem with some zero weights, islands, existing and forbidden sites."""
    points, sites = int(rng.integers(1, 6)), int(rng.integers(1, 6))
    table = times_of(rng, points, sites)
    table[rng.random(points) < 0.15] = np.inf  # islands
    kinds = rng.choice(["free", "free", "existing", "forbidden"], size=sites)
    weights = rng.integers(0, 4, size=points) * (0.0 if rng.random() < 0.15 else 1.0)
    if "capacity" in rules:
        rules |= {"load": weights.copy(), "capacity": rng.integers(0, 7, size=sites).astype(float)}
    return CoverageProblem(
        objective=objective,
        demand_ids=tuple(f"v{i}" for i in range(points)),
        site_ids=tuple(f"s{j}" for j in range(sites)),
        durations_s=table,
        standard_s=STANDARD_S,
        weights=weights,
        population=weights.copy(),
        households=np.zeros(points),
        registered_poor=rng.random(points) < 0.4,
        mandatory=rng.random(points) < 0.3,
        opening_cost_yuan=rng.integers(0, 5, size=sites).astype(float),
        existing=kinds == "existing",
        forbidden=kinds == "forbidden",
        count=None if objective is Objective.LSCP else int(rng.integers(1, sites + 1)),
        rules=SitingRules(assignment=AssignmentRule.FREE, **rules),
    )


def coverable(problem, i):
    """Whether as many sites that may open lie within the standard of a point as it needs."""
    near = sum(
        problem.durations_s[i, j] <= STANDARD_S and not problem.forbidden[j] for j in range(len(problem.site_ids))
    )
    return near >= problem.rules.sites_needed


def covered_by(problem, opened, i):
    """Whether these open sites cover a point, loads left aside."""
    return sum(problem.durations_s[i, j] <= STANDARD_S for j in opened) >= problem.rules.sites_needed


def best_value(problem):
    """Return the best value of a plan without loads, None if no set of sites holds what is demanded."""
    points, sites = range(len(problem.demand_ids)), range(len(problem.site_ids))
    fixed = {j for j in sites if problem.existing[j]}
    must = {i for i in points if problem.mandatory[i] and coverable(problem, i)}
    if problem.objective is Objective.LSCP:
        must = {i for i in points if coverable(problem, i)}
    values = []
    for k in range(len(fixed), len(problem.site_ids) + 1):
        for opened in combinations([j for j in sites if not problem.forbidden[j]], k):
            over = problem.count is not None and k > problem.count
            if over or not fixed <= set(opened) or not all(covered_by(problem, opened, i) for i in must):
                continue
            if problem.objective is Objective.LSCP:
                values.append(-k)
            else:
                values.append(sum(problem.weights[i] for i in points if covered_by(problem, opened, i)))
    return abs(max(values)) if values else None


def farthest_needed(problem, opened, i):
    """Return the way to the last of the open sites that p-median and p-center owe a point, None if they are too few."""
    owed = min(
        problem.rules.sites_needed,
        sum(np.isfinite(problem.durations_s[i, j]) for j in np.flatnonzero(~problem.forbidden)),
    )
    times = sorted(problem.durations_s[i, j] for j in opened if np.isfinite(problem.durations_s[i, j]))
    return (times[owed - 1] if owed else 0.0) if len(times) >= owed else None


def best_ways(problem):
    """Return the least p-center or p-median value over every set of sites, None if none gives all points what they need."""
    points, sites = range(len(problem.demand_ids)), range(len(problem.site_ids))
    fixed = {j for j in sites if problem.existing[j]}
    must = [i for i in points if problem.mandatory[i] and coverable(problem, i)]
    center, values = problem.objective is Objective.P_CENTER, []
    for opened in (set(chosen) for k in range(problem.count + 1) for chosen in combinations(sites, k)):
        if not fixed <= opened or any(problem.forbidden[j] for j in opened):
            continue
        ways = [farthest_needed(problem, opened, i) for i in points]
        short = None in ways or not all(covered_by(problem, opened, i) for i in must)
        if short or not (center or len(opened) == problem.count):
            continue
        values.append(max(ways) if center else sum(w * t for w, t in zip(problem.weights, ways, strict=True)))
    return min(values) if values else None
