"""Name the demands that cannot hold together, the smallest set of them that is found."""

from __future__ import annotations

import numpy as np

from planner.config import Objective
from planner.coverage.milp import coverable
from planner.coverage.problem import CoverageProblem
from planner.errors import list_offenders


def plain_conflicts(problem: CoverageProblem) -> tuple[str, ...]:
    """Return the demands that fail before any solving: they can be named one by one."""
    conflicts = []
    for i in np.flatnonzero(problem.mandatory & ~problem.travel.any_row(problem.allowed)):
        conflicts.append(f"mandatory point {problem.demand_ids[i]} has no allowed site within {problem.standard_s:g} s")
    existing = int(np.count_nonzero(problem.existing))
    available = int(np.count_nonzero(~problem.forbidden))
    if problem.count is not None and problem.count < existing:
        conflicts.append(f"count is {problem.count}, but {existing} sites exist already")
    if problem.objective in (Objective.P_MEDIAN, Objective.P_CENTER) and problem.count is not None:
        if problem.objective is Objective.P_MEDIAN and problem.count > available:
            conflicts.append(f"count is {problem.count}, but only {available} sites are allowed")
        if problem.count == 0:
            conflicts.append(f"count is 0: {problem.objective.value} needs at least one site")
    return tuple(conflicts)


def joint_conflict(problem: CoverageProblem) -> str:
    """Say which demands cannot hold together: each holds alone, so it is the limits against the points to be served."""
    limits = [f"count {problem.count}"] if problem.count is not None else []
    if problem.budget_yuan is not None:
        limits.append(f"budget {problem.budget_yuan:g} yuan")
    within = " and ".join(limits)
    points = np.flatnonzero(problem.mandatory)
    if problem.objective is Objective.LSCP:
        points = np.flatnonzero(problem.travel.any_row(problem.allowed))
    if not len(points) or coverable(problem, [int(i) for i in points]):
        return f"no choice of sites within {within} reaches every point that a site could reach"
    smallest = _smallest(problem, [int(i) for i in points])
    names = list_offenders(problem.demand_ids[i] for i in smallest)
    kind = "mandatory points" if problem.objective is not Objective.LSCP else "points"
    return f"{len(smallest)} {kind} cannot all be covered within {within}: {names}"


def _smallest(problem: CoverageProblem, points: list[int]) -> list[int]:
    """Return points that cannot be covered together, and can if any one of them is left out (a deletion filter).

    The filter starts from points no two of which share a site, if they are already too many; large chunks go first.
    """
    apart = _apart(problem, points)
    if not coverable(problem, apart):
        points = apart
    chunk = max(1, len(points) // 2)
    while chunk:
        start = 0
        while start < len(points) and len(points) > 1:
            rest = points[:start] + points[start + chunk :]
            if rest and not coverable(problem, rest):
                points = rest
            else:
                start += chunk
        chunk //= 2
    return points


def _apart(problem: CoverageProblem, points: list[int]) -> list[int]:
    """Return points no two of which one allowed site covers, those with fewest sites first."""
    taken = np.zeros(len(problem.site_ids), dtype=np.bool_)
    travel = problem.travel
    found = []
    for i in sorted(points, key=lambda i: (travel.starts[i + 1] - travel.starts[i], i)):
        part = slice(travel.starts[i], travel.starts[i + 1])
        sites = travel.sites[part][problem.allowed[part]]
        if not taken[sites].any():
            taken[sites] = True
            found.append(i)
    return sorted(found)
