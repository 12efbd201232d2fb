"""The network plan of an area and the plan of one date on it, one after the other."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from pathlib import Path

from planner.config import PlanConfig, phase_on
from planner.geodata.rejects import RejectsFile
from planner.pipeline.area_run import AreaRun
from planner.pipeline.day import plan_day
from planner.pipeline.site import plan_network
from planner.plans import DayPlan, NetworkPlan
from planner.progress import Progress, silent
from planner.routing import RoutingProblem


@dataclass(frozen=True, kw_only=True)
class PlannedArea:
    """A network plan, a day plan on it and the routing problem that the day answers."""

    network: NetworkPlan
    day: DayPlan
    problem: RoutingProblem


def plan_area(
    config: PlanConfig,
    *,
    date: datetime.date | None = None,
    rejects: RejectsFile | None = None,
    cache: Path | None = None,
    progress: Progress = silent,
) -> PlannedArea:
    """Return the checked plans of one area: its network, and one date (the configuration's if none is given) on it.

    With ``rejects``, rows at fault are written to that file and left out; see `plan_network` and `plan_day`.
    """
    phase_on(config.coverage.phases, date or config.routing.date)  # a date too early is said before the long work
    run = AreaRun.for_siting(config, rejects=rejects, cache=cache, progress=progress, steps=6)
    network = plan_network(run)
    planned = plan_day(network, config, date=date, roads=run.roads, cache=cache, progress=progress)
    return PlannedArea(network=network, day=planned.plan, problem=planned.problem)
