"""Demands that no choice of sites can meet: a plan is made without them, and says so."""

from __future__ import annotations

import numpy as np

from planner.coverage.problem import CoverageProblem
from planner.model import Fact


def out_of_reach(problem: CoverageProblem) -> tuple[Fact, ...]:
    """Return a fact for each mandatory point that allowed sites cannot cover, however many are opened, by id."""
    return tuple(
        _why(problem, int(i))
        for i in sorted(np.flatnonzero(problem.mandatory & ~problem.coverable), key=lambda i: problem.demand_ids[i])
    )


def _why(problem: CoverageProblem, i: int) -> Fact:
    point_id, standard_s = problem.demand_ids[i], problem.standard_s
    road, found = problem.unreachable.get(point_id), int(problem.options[i])
    if road is not None:
        return Fact(code="mandatory_without_road", params={"point_id": point_id, "why_code": road.value})
    if not found:
        return Fact(code="mandatory_without_site", params={"point_id": point_id, "standard_s": standard_s})
    return Fact(
        code="mandatory_with_few_sites",
        params={
            "point_id": point_id,
            "found": found,
            "needed": int(problem.needs[i]),
            "standard_s": standard_s,
        },
    )
