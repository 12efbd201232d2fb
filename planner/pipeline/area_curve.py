"""The marginal curve of an area's service points, as its configuration asks."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

from planner.coverage.appraise import Curve, Limit
from planner.coverage.appraise.marginal import marginal_curve
from planner.coverage.explain import out_of_reach
from planner.model import Fact
from planner.pipeline.area_run import AreaRun
from planner.pipeline.siting.problems import covering_problem, service_point_problem


def area_curve(
    run: AreaRun,
    limits: Sequence[float],
    *,
    limit: Limit = Limit.COUNT,
    knee_people: float | None = None,
    time_limit_s: float = math.inf,
) -> Curve:
    """Return what the service points reach with so many sites in all, or with so many yuan for new ones.

    All rules of the configuration hold at every point but its own count and budget, and what its phases demand, which the
    curve says. Of LSCP and fixed charge, which cover
    everything, the curve is that of the covered weight. ``time_limit_s`` is for all points together, each has an equal part.

    Raises
    ------
    BadDataError
        If a limit is invalid, or the objective has no curve over this one.
    """
    problem = covering_problem(service_point_problem(run.area, run.travel, run.config))
    freed = (
        replace(problem, count=0, budget_yuan=None)
        if limit is Limit.COUNT
        else replace(problem, count=None, budget_yuan=0.0)
    )
    curve = marginal_curve(
        freed,
        limits,
        limit=limit,
        knee_people=knee_people,
        time_limit_s=min(run.config.coverage.time_limit_s, time_limit_s / max(1, len(set(limits)))),
        seed=run.config.seed,
        progress=run.progress,
    )
    phases = run.config.coverage.phases
    without = (
        [Fact(code="curve_without_phases", params={"phases": tuple(phase.name for phase in phases)})] if phases else []
    )
    return replace(curve, without=(*without, *out_of_reach(freed)))
