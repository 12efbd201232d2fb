"""Demands that no choice of sites and stations can meet: a plan is made without them, and says so."""

from __future__ import annotations

import numpy as np

from planner.coverage.problem import CoverageProblem
from planner.model import Fact
from planner.units import BoolArray


def out_of_reach(problem: CoverageProblem) -> tuple[Fact, ...]:
    """Return a fact for each mandatory point that allowed sites cannot cover, however many are opened, by id."""
    return tuple(
        _why(problem, int(i))
        for i in sorted(np.flatnonzero(problem.mandatory & ~problem.coverable), key=lambda i: problem.demand_ids[i])
    )


def without_station(problem: CoverageProblem, opened: BoolArray) -> tuple[Fact, ...]:
    """Return a fact for each open site, one that exists, that no station can be linked to, by id; ``opened`` is (sites,)."""
    upper = problem.rules.upper
    if upper is None:
        return ()
    beyond = sorted(problem.site_ids[j] for j in np.flatnonzero(opened & ~problem.linkable))
    return tuple(
        Fact(code="site_without_station", params={"site_id": id_, "standard_s": upper.standard_s}) for id_ in beyond
    )


def _why(problem: CoverageProblem, i: int) -> Fact:
    point_id, standard_s = problem.demand_ids[i], problem.standard_s
    road, found = problem.unreachable.get(point_id), int(problem.options[i])
    if road is not None:
        return Fact(code="mandatory_without_road", params={"point_id": point_id, "why_code": road.value})
    sites, seconds = problem.travel.row(i)
    near = int(np.count_nonzero((seconds <= standard_s) & ~problem.forbidden[sites]))
    if near >= problem.needs[i] and found < problem.needs[i] and (upper := problem.rules.upper) is not None:
        return Fact(code="mandatory_without_station", params={"point_id": point_id, "standard_s": upper.standard_s})
    if not found and problem.lacks_services_near(i):
        return Fact(code="mandatory_without_services", params={"point_id": point_id, "standard_s": standard_s})
    if not found:
        return Fact(code="mandatory_without_site", params={"point_id": point_id, "standard_s": standard_s})
    if found >= problem.needs[i] and (load := problem.rules.load) is not None:
        return Fact(code="load_above_any_site", params={"point_id": point_id, "load": float(load[i])})
    return Fact(
        code="mandatory_with_few_sites",
        params={
            "point_id": point_id,
            "found": found,
            "needed": int(problem.needs[i]),
            "standard_s": standard_s,
        },
    )
