"""The marginal curve of an area's service points, as its configuration asks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from planner.config import PlanConfig
from planner.coverage.appraise import Curve, Limit
from planner.coverage.appraise.marginal import marginal_curve
from planner.model import StudyArea
from planner.pipeline.area_roads import Travel
from planner.pipeline.siting.problems import covering_problem, service_point_problem
from planner.progress import Progress, silent


def area_curve(
    area: StudyArea,
    travel: Travel,
    config: PlanConfig,
    limits: Sequence[float],
    *,
    limit: Limit = Limit.COUNT,
    knee_people: float | None = None,
    progress: Progress = silent,
) -> Curve:
    """Return what the service points reach with so many sites in all, or with so many yuan for new ones.

    All rules of the configuration hold at every point but its own count and budget. Of LSCP and fixed charge, which cover
    everything, the curve is that of the covered weight.

    Raises
    ------
    BadDataError
        If a limit does not hold, or the objective has no curve over this one.
    """
    problem = covering_problem(service_point_problem(area, travel, config))
    freed = (
        replace(problem, count=0, budget_yuan=None)
        if limit is Limit.COUNT
        else replace(problem, count=None, budget_yuan=0.0)
    )
    return marginal_curve(
        freed,
        limits,
        limit=limit,
        knee_people=knee_people,
        time_limit_s=config.coverage.time_limit_s,
        seed=config.seed,
        progress=progress,
    )
